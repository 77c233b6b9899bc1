"""Read a lesson: Markdown with formulas and directives, to plain JSON that is rendered node by node.

Nothing in it is ever HTML: a tag in the source is text, and every string below is to be shown as text.

    Lesson  {"title": "…", "pages": [Page]}
    Page    {"id": "gates", "title": "…", "blocks": [Block]}       from `## Title {#gates}` on

Blocks. [Inline] is a list of inline nodes, [Block] one of blocks.

    {"type": "paragraph", "of": [Inline]}
    {"type": "heading", "level": 3 … 6, "of": [Inline]}
    {"type": "list", "ordered": false, "start": 1, "items": [[Block], …]}
    {"type": "code", "language": "python" or "", "text": "…"}
    {"type": "math", "tex": "…"}                                    a line of its own: $$ … $$
    {"type": "table", "align": ["left" | "center" | "right" | null, …], "head": [[Inline], …],
     "rows": [[[Inline], …], …]}
    {"type": "quote", "of": [Block]}
    {"type": "hint", "of": [Block]}                                 `> [!hint]`, closed until it is opened
    {"type": "answer", "of": [Block]}                               `> [!answer]`, the same
    {"type": "exercise", "id": "longest", "number": 1, "does": "look" | "predict" | "change", "title": [Inline],
     "of": [Block]}                                                 `### Title {exercise look #longest}`, to the next
                                                                    heading; `number` counts through the lesson
    {"type": "rule"}

Inline nodes. The end of a line is a space in their text, but nothing between two Chinese characters and beside Chinese
punctuation. No line breaks around ±, nor between a number and the Chinese that counts it.

    {"type": "text", "text": "…"}          {"type": "code", "text": "…"}          {"type": "math", "tex": "…"}
    {"type": "strong", "of": [Inline]}     {"type": "em", "of": [Inline]}         {"type": "break"}
    {"type": "link", "href": "https://…", "of": [Inline]}           always to another site
    {"type": "action", "does": …, "target": "…", "query": {"…": "…"}, "of": [Inline]}      a link that does something:

        look:NODE?cell=3,5&run=bundled&input=TEXT&show=gradient     does "look", target NODE: open it and mark it.
              NODE without [step] is the whole series over the steps, if it has steps. All of the query may be missing.
              cell: an index, see below. show=gradient: its gradients. step=3: scrub there. run and input: as in the URL
        input:TEXT       does "input", target TEXT: look at this input
        try:TEXT         does "try", target TEXT: open Try with it (the target may be empty)
        train:?cell=gru&epochs=5            does "train", target "", query: fields of the configuration, as text
        tab:ship         does "tab", target one of learn, train, look, try, ship
        page:ID, #ID     does "page", target ID: a page of this lesson

        In place of an input, `example:2` stands for the second of the card's examples: a picture is no text to write.

        Texts are decoded already: target and query hold what is meant. `[…](<input:two words>)` needs no encoding,
        but in a query `&`, `%` and `#` are written `%26`, `%25`, `%23`. A `+` is a plus.

    {"type": "figure", "source": …, "ask": "…", "format": ".3f", "key": "…"}               from `{{source:ask|format}}`:

        expected         ask: a path in the room's expected.json, `studies.0.variants.cell=lstm.f1.mean`
        summary          ask: `FIELDS:LAYER.COLUMN` of the layers that a configuration gives. FIELDS is a query
                         (`vocabulary=7297&length=162`, or nothing), LAYER a layer of the first table, or `#1` for table
                         number 1 (from 0) as a whole, `#1.input` for a layer of it; COLUMN: parameters, or total of a
                         table
        trace            ask: `NODE[3,5]`, a number that the bundled run computes (NODE may also name a weight)
                         for what the links before it on its page have put on screen, whatever the learner looks at:
                         "input" is the input that a `look:` or `input:` named last, "gradient" is true where the last
                         `look:` has show=gradient (then it is the gradient's number)
        run              ask: a path in the selected run's RunSummary, `training.seconds`

        The server's Figures hold the written-out text of expected, summary and trace under `key`: the text between the
        braces, of a trace with its input. run is found out in the browser. In a table `|` is written `\\|`.
        format: ",", ".Nf", ",.Nf", "+.Nf", ".N%", ".Ne" of Python, or "" (a whole number as it is, others by %g).

An index ("3,5", in `cell` and in `NODE[3,5]`) counts from 0. Of a series the first number is the step. The others
are of the last axes of the node itself; axes before those are not written and have length 1 (one message a batch):
`recurrent.forward_direction.h[3,5]` is step 3, unit 5; `embedding.vectors[3,5]` word 3, dimension 5; `pooled[5]`;
`logit[0]`. A figure's index leads to one number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypedDict

from markdown_it.tree import SyntaxTreeNode

from pellucid.core.errors import UserError, closest
from pellucid.learn.blocks import Blocks
from pellucid.learn.directives import PAGE_ID
from pellucid.learn.inline import Json, parser

LANGUAGES = ("en", "zh-TW")


class Page(TypedDict):
    id: str
    title: str
    blocks: list[Json]


class Lesson(TypedDict):
    title: str
    pages: list[Page]


def read(text: str, name: str = "lesson") -> Lesson:
    """The lesson of a Markdown text. What is wrong in it is a UserError with the name and the line."""
    make = Blocks()
    tops = SyntaxTreeNode(parser().parse(text)).children
    try:
        title, pages = _title(make, tops), _pages(make, tops[1:])
        _links_lead_somewhere(make, pages)
    except ValueError as error:
        raise UserError(f"{name}, line {make.line}: {error}") from None
    return {"title": title, "pages": pages}


def lesson_file(folder: Path, language: str) -> Path:
    """Where a room keeps its lesson, if it has one."""
    return folder / f"lesson.{language}.md"


def languages(folder: Path) -> list[str]:
    """The languages in which a room's lesson is written."""
    return [language for language in LANGUAGES if lesson_file(folder, language).is_file()]


def read_file(folder: Path, language: str, examples: Sequence[Any] = ()) -> Lesson:
    """The lesson of a room in one language, with the inputs of its card; UserError where there is none."""
    file = lesson_file(folder, language)
    try:
        lesson = read(file.read_text(encoding="utf-8"), file.name)
    except FileNotFoundError:
        written = ", ".join(languages(folder)) or "no language"
        raise UserError(f"lesson in {language!r}: not written; this room has it in {written}") from None
    for node in nodes(lesson["pages"]):
        _fill_in(node, "input", examples, file.name)
        if node["type"] == "action":
            _fill_in(node["query"], "input", examples, file.name)
            if node["does"] in ("input", "try"):
                _fill_in(node, "target", examples, file.name)
    return lesson


def _fill_in(where: Json, key: str, examples: Sequence[Any], name: str) -> None:
    """`example:2` becomes the card's second example."""
    found = re.fullmatch(r"example:(\d+)", str(where.get(key, "")))
    if not found:
        return
    if not 1 <= int(found[1]) <= len(examples):
        raise UserError(f"{name}: {found[0]}: the card has {len(examples)} examples, counted from 1")
    where[key] = examples[int(found[1]) - 1]


def nodes(part: Any) -> Iterator[Json]:
    """Every block and inline node in a lesson, or in a part of it, in reading order."""
    if isinstance(part, dict):
        if "type" in part:
            yield part
        for value in part.values():
            yield from nodes(value)
    elif isinstance(part, list):
        for each in part:
            yield from nodes(each)


def _title(make: Blocks, tops: list[SyntaxTreeNode]) -> str:
    make.line = 1
    if not tops or tops[0].tag != "h1":
        raise ValueError("a lesson begins with # Title")
    return _plain(make, tops[0])


def _pages(make: Blocks, tops: list[SyntaxTreeNode]) -> list[Page]:
    """Cut at each ## heading."""
    starts = [i for i, top in enumerate(tops) if top.tag == "h2"]
    if not starts or starts[0] > 0:
        make.line = (tops[0].map or (0,))[0] + 1 if tops else make.line
        raise ValueError("after the title comes the first page: ## Title {#id}")
    pages: list[Page] = []
    for start, end in zip(starts, [*starts[1:], len(tops)], strict=True):
        found = re.fullmatch(rf"(.*\S)\s*\{{#({PAGE_ID})\}}", written := _plain(make, tops[start]))
        if not found:
            raise ValueError(f"page {written!r}: needs an id of small letters, digits and hyphens: ## Title {{#id}}")
        if found[2] in [page["id"] for page in pages]:
            raise ValueError(f"page #{found[2]}: another has this id")
        inside = tops[start + 1 : end]
        for top in inside:
            if top.tag == "h1":
                make.line = (top.map or (0,))[0] + 1
                raise ValueError("a lesson has one # Title, at its beginning")
        pages.append({"id": found[2], "title": found[1], "blocks": make.blocks(inside)})
    return pages


def _plain(make: Blocks, heading: SyntaxTreeNode) -> str:
    """The text of a title, which stands in menus and in the window's bar, too."""
    make.line = (heading.map or (0,))[0] + 1
    inline = make.nodes(heading.children)
    if [node["type"] for node in inline] != ["text"]:
        raise ValueError("a title is plain text")
    return str(inline[0]["text"])


def _links_lead_somewhere(make: Blocks, pages: list[Page]) -> None:
    known = [page["id"] for page in pages]
    for line, target in make.pages:
        if target not in known:
            make.line = line
            raise ValueError(f"link to page #{target}: there is none{closest(target, known)}")
