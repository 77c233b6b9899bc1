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

CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]"  # written without spaces: the end of a line is none either


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
    """Makes inline nodes. `line` is where it reads just now, for those who say what was wrong; `pages`: linked ones."""

    def __init__(self) -> None:
        self.line = 0
        self.pages: list[tuple[int, str]] = []

    def nodes(self, found: Iterable[SyntaxTreeNode]) -> list[Json]:
        return merged(node for each in found for node in self.node(each))

    def node(self, found: SyntaxTreeNode) -> list[Json]:
        simple: dict[str, Callable[[str], Json]] = {
            "text": _text,
            "code_inline": lambda text: {"type": "code", "text": text},
            "math_inline": lambda text: {"type": "math", "tex": text.strip()},
            "figure": directives.figure,
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
        return made


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def merged(nodes: Iterable[Json]) -> list[Json]:
    """Neighbouring texts as one; the end of a line in them is a space, or nothing beside Chinese."""
    out: list[Json] = []
    for node in nodes:
        if node["type"] == "text" and out and out[-1]["type"] == "text":
            out[-1] = _text(out[-1]["text"] + node["text"])
        else:
            out.append(node)
    for node in out:
        if node["type"] == "text":
            node["text"] = re.sub(rf"(?<={CJK})\n|\n(?={CJK})", "", node["text"]).replace("\n", " ")
    return [node for node in out if node.get("text") != ""]
