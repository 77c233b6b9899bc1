"""Paragraphs, lists, tables, exercises: markdown-it's tree to the blocks that `lesson.py` describes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from pellucid.learn.directives import PAGE_ID
from pellucid.learn.inline import Inline, Json

BRACES = re.compile(r"\s*\{([^{}]*)\}$")
EXERCISE = re.compile(rf"exercise (look|predict|change) #({PAGE_ID})")
MARK = re.compile(r"\[!(\w+)\]\s*")


class Blocks(Inline):
    """Makes blocks; counts the lesson's exercises."""

    def __init__(self) -> None:
        super().__init__()
        self.exercises: list[str] = []

    def blocks(self, found: Sequence[SyntaxTreeNode]) -> list[Json]:
        """Those of one page: what follows an exercise's heading belongs to it, up to the next heading."""
        self.input, self.gradient = "", False
        out: list[Json] = []
        into = out
        for each in found:
            block = self.block(each)
            if block["type"] in ("heading", "exercise"):
                into = out
            into.append(block)
            if block["type"] == "exercise":
                into = block["of"]
        return out

    def block(self, found: SyntaxTreeNode) -> Json:
        if found.map:
            self.line = found.map[0] + 1
        match found.type:
            case "paragraph":
                return {"type": "paragraph", "of": self.nodes(found.children)}
            case "heading":
                return self.heading(found)
            case "bullet_list" | "ordered_list":
                ordered = found.type == "ordered_list"
                items = [[self.block(each) for each in item.children] for item in found.children]
                return {"type": "list", "ordered": ordered, "start": int(found.attrs.get("start", 1)), "items": items}
            case "fence" | "code_block":
                language = found.info.split()[0] if found.type == "fence" and found.info.strip() else ""
                return {"type": "code", "language": language, "text": found.content.rstrip("\n")}
            case "math_block":
                return {"type": "math", "tex": found.content.strip()}
            case "table":
                return self.table(found)
            case "blockquote":
                return self.quote(found)
            case "hr":
                return {"type": "rule"}
            case kind:
                raise ValueError(f"a lesson has no {kind}")

    def heading(self, found: SyntaxTreeNode) -> Json:
        level = int(found.tag[1:])
        inline = self.nodes(found.children)
        last = inline[-1]["text"] if inline and inline[-1]["type"] == "text" else ""
        if not (braces := BRACES.search(last)):
            return {"type": "heading", "level": level, "of": inline}
        if level != 3 or not (exercise := EXERCISE.fullmatch(braces[1])):
            raise ValueError(f"{braces[0].strip()}: write ### Title {{exercise look #id}} (or predict, or change)")
        if exercise[2] in self.exercises:
            raise ValueError(f"exercise #{exercise[2]}: another has this id")
        self.exercises.append(exercise[2])
        kept = last[: braces.start()]
        inline = [*inline[:-1], {"type": "text", "text": kept}] if kept else inline[:-1]
        return {
            "type": "exercise",
            "id": exercise[2],
            "number": len(self.exercises),
            "does": exercise[1],
            "title": inline,
            "of": [],
        }

    def table(self, found: SyntaxTreeNode) -> Json:
        rows: list[list[list[Json]]] = []
        aligned: list[str | None] = []
        for row in (row for part in found.children for row in part.children):
            if row.map:
                self.line = row.map[0] + 1
            rows.append([self.nodes(cell.children) for cell in row.children])
            aligned = aligned or [_align(cell) for cell in row.children]
        return {"type": "table", "align": aligned, "head": rows[0], "rows": rows[1:]}

    def quote(self, found: SyntaxTreeNode) -> Json:
        """A quotation, or a hint or an answer where it begins with [!hint] or [!answer]."""
        begin = self.line
        of = [self.block(each) for each in found.children]
        first = of[0].get("of", []) if of and of[0]["type"] == "paragraph" else []
        mark = MARK.match(first[0]["text"]) if first and first[0]["type"] == "text" else None
        if not mark:
            return {"type": "quote", "of": of}
        if mark[1] not in ("hint", "answer"):
            self.line = begin
            raise ValueError(f"[!{mark[1]}]: a quote is marked [!hint] or [!answer]")
        first[0]["text"] = first[0]["text"][mark.end() :]
        of[0]["of"] = [node for node in first if node.get("text") != ""]
        return {"type": mark[1], "of": of if of[0]["of"] else of[1:]}


def _align(cell: SyntaxTreeNode) -> Any:
    style = str(cell.attrs.get("style", ""))
    return style.removeprefix("text-align:") or None
