"""The page about a data set, in a terminal and as HTML."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid.core.data.page import DataPage, blocks
from pellucid.core.data.pictures import data_url

COUNTS = {"train": {"cat": 1200, "dog": 7}, "test": {"cat": 30, "dog": 5}}
BRIGHT = data_url(np.vstack([np.zeros((4, 8)), np.ones((4, 8))]))


def page(**changed) -> DataPage:
    given = {"title": "Pets", "facts": {"source": "mine", "mean": "0.5"}, "counts": COUNTS, "kind": "picture"}
    return DataPage(**given | {"samples": {"cat": [BRIGHT, BRIGHT], "dog": [BRIGHT]}} | changed)


def test_each_class_has_a_row_and_the_sums_are_right():
    lines = list(page().lines())
    table = [line.split() for line in lines[lines.index("class  train  test    all") :][:4]]
    assert table == [
        ["class", "train", "test", "all"],
        ["cat", "1,200", "30", "1,230"],
        ["dog", "7", "5", "12"],
        ["all", "1,207", "35", "1,242"],
    ]
    assert lines[2:4] == ["source  mine", "mean    0.5"]


def test_pictures_stand_side_by_side_under_their_class():
    lines = list(page().lines())
    start = lines.index("cat       dog")
    assert lines[start + 1 :] == ["", "", "████████  ████████", "████████  ████████"]


def test_the_fuller_the_brighter():
    url = data_url(np.linspace(0, 1, 10).reshape(1, 10).repeat(2, axis=0))
    assert blocks(url) == ["  ░░▒▒▓▓██"]
    wide = blocks(data_url(np.zeros((40, 200))))
    assert [len(line) for line in wide] == [28] * 3
    assert blocks(data_url(np.ones((30, 1)))) == ["█"] * 15


def test_texts_are_one_line_each_and_cannot_steer_the_terminal():
    lines = list(page(kind="text", samples={"cat": ["two\nlines \x1b[31m red", "x" * 500]}).lines())
    assert lines[-2:] == ["  two lines \\x1b[31m red", "  " + "x" * 100]


@pytest.mark.parametrize("kind", ["picture", "text"])
def test_the_html_is_whole_and_nothing_in_it_is_code(kind):
    nasty = '<script>alert("1")</script>'
    made = page(kind=kind, title=nasty, samples={nasty: [BRIGHT if kind == "picture" else nasty]}, remarks=[nasty])
    text = made.to_html()
    assert "<script" not in text and text.count("&lt;script&gt;") >= 3
    assert "http" not in text and "1,230" in text
    assert (BRIGHT in text) == (kind == "picture")
    assert made.to_json()["counts"] == COUNTS
