"""The text of a paragraph, a heading or a cell: markdown-it's tokens to the inline nodes that `lesson.py` describes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from pellucid.learn import directives

Json = dict[str, Any]

MARKS = r"\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"  # Chinese punctuation: 「，（
CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uff65"
NOTHING = re.compile(rf"(?<=[{CJK}])\n(?=[{CJK}])|(?<=[{MARKS}])\n|\n(?=[{MARKS}])")
NO_BREAK = "\u00a0"
BOUND = re.compile(rf" (?=±)|(?<=±) |(?<=\d) (?=[{CJK}])")  # 0.94 ± 0.01, 20 個


def parser() -> MarkdownIt:
    """CommonMark with tables, formulas and figures. HTML is off: a tag is text like any other."""
    md = MarkdownIt("commonmark", {"html": False}).enable("table")
    md.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False)
    md.inline.ruler.before("escape", "figure", _find_figure)
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # directives.py judges, and says what is wrong
    md.normalizeLink = lambda url: url  # type: ignore[method-assign]  # … and decodes
    return md


def _find_figure(state: StateInline, silent: bool) -> bool:
    """`{{…}}`, before emphasis and brackets are looked for inside."""
    if not state.src.startswith("{{", state.pos):
        return False
    end = state.src.find("}}", state.pos)
    if end < 0:
        return False
    if not silent:
        state.push("figure", "", 0).content = state.src[state.pos + 2 : end]
    state.pos = end + 2
    return True


class Inline:
    """Makes inline nodes. `line` is where it reads just now, for those who say what was wrong; `pages`: linked ones.

    `input` and `gradient`: what the links read so far on this page have put on screen.
    """

    def __init__(self) -> None:
        self.line = 0
        self.pages: list[tuple[int, str]] = []
        self.input = ""
        self.gradient = False

    def nodes(self, found: Iterable[SyntaxTreeNode]) -> list[Json]:
        return merged(node for each in found for node in self.node(each))

    def node(self, found: SyntaxTreeNode) -> list[Json]:
        simple: dict[str, Callable[[str], Json]] = {
            "text": _text,
            "code_inline": lambda text: {"type": "code", "text": text},
            "math_inline": lambda text: {"type": "math", "tex": text.strip()},
            "figure": self.figure,
        }
        match found.type:
            case "inline":
                return self.nodes(found.children)
            case "text" if "{{" in found.content or "}}" in found.content:
                raise ValueError("braces {{ … }} do not close in this line (in a table, | is written \\|)")
            case "softbreak":
                self.line += 1
                return [_text("\n")]
            case "hardbreak":
                self.line += 1
                return [{"type": "break"}]
            case "strong" | "em":
                return [{"type": found.type, "of": self.nodes(found.children)}]
            case "link":
                return [self.link(str(found.attrs["href"])) | {"of": self.nodes(found.children)}]
            case kind if kind in simple:
                return [simple[kind](found.content)]
            case kind:
                raise ValueError(f"a lesson has no {kind}; draw with the picture beside it")

    def link(self, href: str) -> Json:
        if href.startswith("https://"):
            return {"type": "link", "href": href}
        made = directives.action(href)
        if made["does"] == "page":
            self.pages.append((self.line, made["target"]))
        if made["does"] == "look":
            self.input = made["query"].get("input", self.input)
            self.gradient = "show" in made["query"]
        if made["does"] == "input":
            self.input = made["target"]
        return made

    def figure(self, text: str) -> Json:
        made = directives.figure(text)
        if made["source"] != "trace":
            return made
        if not self.input:
            raise ValueError(f"figure {made['key']!r}: first a link of this page must name an input: look:…&input=TEXT")
        key = " · ".join([made["key"], self.input, *(["gradient"] if self.gradient else [])])
        return made | {"key": key, "input": self.input, "gradient": self.gradient}


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def merged(nodes: Iterable[Json]) -> list[Json]:
    """Neighbouring texts as one, with the ends of lines as spaces: none in Chinese, and none that parts what belongs
    together."""
    out: list[Json] = []
    for node in nodes:
        if node["type"] == "text" and out and out[-1]["type"] == "text":
            out[-1] = _text(out[-1]["text"] + node["text"])
        else:
            out.append(node)
    shown = [_shown(node) for node in out]
    for i, node in enumerate(out):
        if node["type"] == "text":
            before, after = "".join(shown[:i])[-1:], "".join(shown[i + 1 :])[:1]
            text = _spaced(before + node["text"] + after)
            node["text"] = text[len(before) : len(text) - len(after)]
    return [node for node in out if node.get("text") != ""]


def _shown(node: Json) -> str:
    """What a reader sees of it, as far as the spaces around it depend on that."""
    if node["type"] in ("text", "code"):
        return str(node["text"])
    if node["type"] in ("figure", "math"):
        return "0"
    return "".join(_shown(each) for each in node.get("of", []))


def _spaced(text: str) -> str:
    return BOUND.sub(NO_BREAK, NOTHING.sub("", text).replace("\n", " "))
