"""The reader of lessons: every kind of block and directive, and what it says of a wrong one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.errors import UserError
from pellucid.learn.lesson import languages, lesson_file, nodes, read, read_file

HEAD = "# Lesson\n\n## Page {#page}\n\n"


def blocks(text: str) -> list:
    return read(HEAD + text)["pages"][0]["blocks"]


def inline(text: str) -> list:
    (block,) = blocks(text)
    assert block["type"] == "paragraph"
    return block["of"]


def text(of: str) -> dict:
    return {"type": "text", "text": of}


def paragraph(of: str) -> dict:
    return {"type": "paragraph", "of": [text(of)]}


def action(link: str) -> dict:
    (node,) = inline(f"[go](<{link}>)")
    assert node["type"] == "action" and node["of"] == [text("go")]
    return {key: node[key] for key in ("does", "target", "query")}


# pages


def test_pages_begin_at_their_headings():
    lesson = read("# The title\n\n## One {#one}\n\na\n\n## 第二頁 {#two-2}\n\nb\n\n### Inside\n")
    assert lesson["title"] == "The title"
    assert [(page["id"], page["title"]) for page in lesson["pages"]] == [("one", "One"), ("two-2", "第二頁")]
    assert lesson["pages"][0]["blocks"] == [paragraph("a")]
    assert lesson["pages"][1]["blocks"] == [paragraph("b"), {"type": "heading", "level": 3, "of": [text("Inside")]}]


# blocks


def test_lists_hold_blocks():
    assert blocks("3. a\n4. b\n\n   c\n") == [
        {"type": "list", "ordered": True, "start": 3, "items": [[paragraph("a")], [paragraph("b"), paragraph("c")]]}
    ]
    (bullets,) = blocks("- a\n  - b\n")
    assert bullets["ordered"] is False
    assert bullets["items"][0][1]["items"] == [[paragraph("b")]]


def test_code_formulas_quotes_and_rules():
    assert blocks("```python\nx = {{1}} < 2\n```\n\n$$\na_1 = b\n$$\n\n> q\n\n---\n\n    indented\n") == [
        {"type": "code", "language": "python", "text": "x = {{1}} < 2"},
        {"type": "math", "tex": "a_1 = b"},
        {"type": "quote", "of": [paragraph("q")]},
        {"type": "rule"},
        {"type": "code", "language": "", "text": "indented"},
    ]


def test_tables_keep_their_alignment_and_a_bar_inside_a_figure():
    (table,) = blocks("| a | b |\n|---|--:|\n| x | {{expected:seeds\\|,}} |\n")
    assert table["align"] == [None, "right"]
    assert table["head"] == [[text("a")], [text("b")]]
    assert table["rows"][0][0] == [text("x")]
    assert table["rows"][0][1][0]["key"] == "expected:seeds|,"


def test_an_exercise_holds_what_follows_up_to_the_next_heading():
    found = blocks(
        "### A *b* {exercise look #first}\n\nDo.\n\n> [!hint]\n> Look.\n\n> [!answer] Yes\n\n### After\n\nx\n"
    )
    assert [block["type"] for block in found] == ["exercise", "heading", "paragraph"]
    exercise = found[0]
    assert (exercise["id"], exercise["number"], exercise["does"]) == ("first", 1, "look")
    assert exercise["title"] == [text("A "), {"type": "em", "of": [text("b")]}]
    assert exercise["of"] == [
        paragraph("Do."),
        {"type": "hint", "of": [paragraph("Look.")]},
        {"type": "answer", "of": [paragraph("Yes")]},
    ]


def test_exercises_are_counted_through_the_lesson():
    lesson = read(HEAD + "### A {exercise look #a}\n\n## B {#b}\n\n### C {exercise change #c}\n")
    assert [(node["id"], node["number"]) for node in nodes(lesson) if node["type"] == "exercise"] == [
        ("a", 1),
        ("c", 2),
    ]


def test_a_title_keeps_the_text_before_its_braces():
    (exercise,) = blocks("### Who wins? {exercise predict #who}\n")
    assert exercise["title"] == [text("Who wins?")]


# inline


def test_inline_nodes():
    assert inline("a *b* **c** `d` $x_1$ [e](https://example.org/f)") == [
        text("a "),
        {"type": "em", "of": [text("b")]},
        text(" "),
        {"type": "strong", "of": [text("c")]},
        text(" "),
        {"type": "code", "text": "d"},
        text(" "),
        {"type": "math", "tex": "x_1"},
        text(" "),
        {"type": "link", "href": "https://example.org/f", "of": [text("e")]},
    ]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("one\ntwo", "one two"),
        ("一\n二", "一二"),
        ("一，\n二", "一，二"),
        ("一\n「二」", "一「二」"),
        ("由\nsigmoid\n函數", "由 sigmoid 函數"),
        ("不到 100\n次呼叫", "不到 100\N{NO-BREAK SPACE}次呼叫"),
        ("一，\nsigmoid\n（二）", "一，sigmoid（二）"),
        ("one\n{{run:a}}\ntwo", "one # two"),
        ("是\n{{run:a}}\n二", "是 #\N{NO-BREAK SPACE}二"),
        ("是：\n{{run:a}}\n。", "是：#。"),
        ("一\n$x$\n二", "一 #\N{NO-BREAK SPACE}二"),
        ("一\n[二](input:a)\n[3 三](input:a)\n`four`\n五", "一# # # 五"),
        ("{{run:a}} ± {{run:b}}", "#\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}#"),
        ("0.9 ±\n0.1 of 20 units", "0.9\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}0.1 of 20 units"),
        ("共 20 個數", "共 20\N{NO-BREAK SPACE}個數"),
    ],
)
def test_the_end_of_a_line_is_a_space_but_none_in_chinese(source, shown):
    assert "".join(node["text"] if node["type"] == "text" else "#" for node in inline(source)) == shown


def test_a_backslash_breaks_a_line():
    assert inline("一\\\n二") == [text("一"), {"type": "break"}, text("二")]


def test_money_is_no_formula():
    assert inline("from $5 to $6") == [text("from $5 to $6")]
    assert inline("US$5-$6") == [text("US$5-$6")]


@pytest.mark.parametrize(
    "html", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a <b>c</b> &lt;", "<!-- x -->"]
)
def test_html_is_text(html):
    found = [node for node in nodes(blocks(html)) if node["type"] != "paragraph"]
    assert {node["type"] for node in found} == {"text"}
    assert "".join(node["text"] for node in found) == html.replace("&lt;", "<")


# actions


def test_actions():
    h = "recurrent.forward_direction.h"
    assert action(f"look:{h}?cell=3,5&run=bundled&input=a%26b c+d&show=gradient&step=2") == {
        "does": "look",
        "target": h,
        "query": {"cell": "3,5", "run": "bundled", "input": "a&b c+d", "show": "gradient", "step": "2"},
    }
    assert action(f"look:{h}[3]") == {"does": "look", "target": f"{h}[3]", "query": {}}
    assert action("input:100% free & more? #1") == {"does": "input", "target": "100% free & more? #1", "query": {}}
    assert action("input:a%20b") == {"does": "input", "target": "a b", "query": {}}
    assert action("try:") == {"does": "try", "target": "", "query": {}}
    assert action("train:?cell=gru&epochs=5") == {
        "does": "train",
        "target": "",
        "query": {"cell": "gru", "epochs": "5"},
    }
    assert action("tab:ship") == {"does": "tab", "target": "ship", "query": {}}
    assert action("page:page") == action("#page") == {"does": "page", "target": "page", "query": {}}


def test_figures_are_found_before_emphasis_and_brackets():
    assert inline("[a](input:hi){{ trace:a.b_c_d[3,5]|+.3f }} of *{{run:training.seconds}}*")[1:] == [
        {
            "type": "figure",
            "source": "trace",
            "ask": "a.b_c_d[3,5]",
            "format": "+.3f",
            "key": "trace:a.b_c_d[3,5]|+.3f · hi",
            "input": "hi",
            "gradient": False,
        },
        text(" of "),
        {
            "type": "em",
            "of": [
                {
                    "type": "figure",
                    "source": "run",
                    "ask": "training.seconds",
                    "format": "",
                    "key": "run:training.seconds",
                }
            ],
        },
    ]


# what is wrong, and where

WRONG = {
    "[a](javascript:alert(1))": "none of https",
    "[a](http://example.org)": "none of https",
    "[a](lok:h)": "Did you mean 'look'",
    "[a](#nowhere)": "there is none",
    "[a](page:pag)": "Did you mean 'page'",
    "[a](look:?cell=1)": "a node of the trace",
    "[a](look:h?cell=x)": "an index like 3,5",
    "[a](look:h?cel=1)": "Did you mean 'cell'",
    "[a](look:h?cell)": "not name=value",
    "[a](look:h?cell=1&cell=2)": "twice",
    "[a](look:h?show=all)": "gradient",
    "[a](look:h?input=%20)": "input must be an input",
    "[a](input:)": "a text",
    "[a](train:)": "names no field",
    "[a](train:gru)": "train:?field=value",
    "[a](tab:home)": "one of learn, train, look, try, ship",
    "{{expect:a}}": "Did you mean 'expected'",
    "{{expected:}}": "a path in expected.json",
    "{{summary:recurrent}}": "FIELDS:LAYER.parameters",
    "{{trace:h}}": "an index",
    "{{trace:h[1]}} [a](input:b)": "must name an input",
    "{{trace:h[1]|.3g}}": "format",
    "{{trace:h[1]": "do not close",
    "![a](b.png)": "a lesson has no image",
    "> [!warning]\n> x": "[!hint] or [!answer]",
    "### A {exercise guess #a}": "exercise look #id",
    "#### A {#a}": "exercise look #id",
    "### A {exercise look #a}\n\n### B {exercise look #a}": "another has this id",
    "# Second": "one # Title",
    "## No id": "needs an id",
    "## Bad {#A b}": "needs an id",
    "## Again {#page}": "another has this id",
    "## *Two* {#two}": "plain text",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_error_names_the_file_the_line_and_what_would_do(wrong):
    lines = HEAD.count("\n") + 3 + (2 if "\n\n" in wrong else 0)
    with pytest.raises(UserError) as error:
        read(f"{HEAD}some text\n\n{wrong}\n", "lesson.en.md")
    assert str(error.value).startswith(f"lesson.en.md, line {lines}: ")
    assert WRONG[wrong] in str(error.value)
    assert "\n" not in str(error.value)


def test_the_line_is_counted_inside_a_paragraph_and_a_table():
    with pytest.raises(UserError, match="line 7"):
        read(HEAD + "one\n*two*\n[three](lok:h) four\n")
    with pytest.raises(UserError, match="line 8"):
        read(HEAD + "| a |\n|---|\n| b |\n| {{x:y}} |\n")


@pytest.mark.parametrize(
    ("start", "said"), [("", "begins with # Title"), ("# A", "first page"), ("# A\n\ntext", "first page")]
)
def test_a_lesson_without_pages(start, said):
    with pytest.raises(UserError, match=said):
        read(start)


@given(st.text(alphabet="ab一 \n#*_`$[](){}<>|!-:?=&%.,\\1", max_size=200))
def test_any_text_is_json_or_one_line_that_says_why(written):
    try:
        lesson = read(HEAD + written)
    except UserError as error:
        assert "line " in str(error)
        return
    assert json.loads(json.dumps(lesson)) == lesson


# files


def test_the_files_of_a_room(tmp_path):
    assert languages(tmp_path) == []
    lesson_file(tmp_path, "zh-TW").write_text(HEAD, encoding="utf-8")
    assert languages(tmp_path) == ["zh-TW"]
    assert read_file(tmp_path, "zh-TW")["title"] == "Lesson"
    with pytest.raises(UserError, match="zh-TW"):
        read_file(tmp_path, "en")


def test_an_example_of_the_card_stands_for_itself(tmp_path):
    text = (
        "[a](look:h?input=example:2) {{trace:h[0]}} [b](input:example:1) {{trace:h[0]}} [c](try:example:2) [d](input:x)"
    )
    (tmp_path / "lesson.en.md").write_text(HEAD + text)
    found = list(nodes(read_file(tmp_path, "en", ("one", "two"))["pages"]))
    assert [node["input"] for node in found if node["type"] == "figure"] == ["two", "one"]
    told = [node["query"].get("input", node["target"]) for node in found if node["type"] == "action"]
    assert told == ["two", "one", "two", "x"]
    with pytest.raises(UserError, match=r"example:2: the card has 1 examples"):
        read_file(tmp_path, "en", ("one",))
