"""Inputs from a user's own file: texts of a table, pictures that a table names, pictures of a folder."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from pellucid.core.card import Picture, Text
from pellucid.core.data.inputs import Inputs
from pellucid.core.data.pictures import data_url, decode
from pellucid.core.errors import UserError

WORDS = {"en": "Input", "zh-TW": "輸入"}
TEXT, PICTURE = Text("text", WORDS, max_length=20), Picture("picture", WORDS)


@pytest.fixture
def pictures(tmp_path):
    """Four pictures, one of them broken, in a folder with more beside them."""
    folder = tmp_path / "some"
    (folder / "deep").mkdir(parents=True)
    for i, name in enumerate(("a.png", "b.PNG", "deep/c.png")):
        Image.fromarray(np.full((3, 4), 10 * i, np.uint8)).save(folder / name)
    (folder / "broken.jpg").write_bytes(b"no")
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden.png").write_text("no picture")
    return folder


def test_texts_of_a_table_with_its_other_columns(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("n,body,,n\n1,hello there,a,x\n2,,b,y\n3,goodbye\n4,fine,c,z\n")
    asked = Inputs(TEXT, file, "body")
    first, empty, short, last = asked
    assert (first.shown, first.value, first.rest) == ("hello there", "hello there", {"n": "1", "3": "a", "n (4)": "x"})
    assert (empty.value, empty.wrong, empty.place) == (None, "'body' is empty", f"{file}, line 3")
    assert empty.rest == {"n": "2", "3": "b", "n (4)": "y"}
    assert "2 cells where the header has 4" in short.wrong and short.rest == {}
    assert last.rest["n"] == "4" and asked.done == 1


def test_other_columns_are_as_they_are(tmp_path):
    import polars

    rows = [{"text": "a", "n": 1.5, "list": [1, 2], "none": None}, {"text": "b", "n": 2.5, "list": [], "none": "x"}]
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"n": 3}]))
    *good, bad = Inputs(TEXT, file)
    wanted = [{name: value for name, value in row.items() if name != "text"} for row in rows]
    assert [question.rest for question in good] == wanted
    assert bad.wrong.startswith("no 'text' among 'n'") and bad.rest == {"n": 3}
    polars.DataFrame(rows).write_parquet(tmp_path / "mine.parquet")
    assert [question.rest for question in Inputs(TEXT, tmp_path / "mine.parquet")] == wanted
    (tmp_path / "mine.txt").write_text("a\n")
    assert [question.rest for question in Inputs(TEXT, tmp_path / "mine.txt")] == [{}]


def test_a_text_that_is_too_long_is_said_with_its_line(tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("short\n" + "long " * 20)
    _, long = Inputs(TEXT, file)
    assert long.place == f"{file}, line 2" and long.wrong.startswith("text: 100 characters")


def test_a_file_without_rows_is_refused(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("text\n")
    with pytest.raises(UserError, match="holds no row that can be used"):
        list(Inputs(TEXT, file))


def test_a_table_names_pictures_from_its_own_folder(pictures, monkeypatch, tmp_path):
    file = pictures / "list.csv"
    url = data_url(np.full((2, 2), 99, np.uint8))
    file.write_text(f'picture\na.png\ndeep/c.png\n{pictures / "b.PNG"}\n"{url}"\n')
    monkeypatch.chdir(tmp_path)
    found = list(Inputs(PICTURE, file))
    assert [question.shown for question in found] == ["a.png", "deep/c.png", str(pictures / "b.PNG"), url]
    assert [int(decode(question.value)[0, 0]) for question in found] == [0, 20, 10, 99]


def test_a_table_that_was_sent_names_no_picture_of_this_disk(pictures):
    file = pictures / "list.csv"
    file.write_text(f'picture\na.png\n"{data_url(np.full((2, 2), 99, np.uint8))}"\n')
    named, held = Inputs(PICTURE, file, files=False)
    assert named.wrong and not held.wrong


@pytest.mark.parametrize("name", ["broken.jpg", "none.png", "notes.txt", "deep"])
def test_a_bad_picture_of_a_table_is_said_with_its_line(pictures, name):
    file = pictures / "list.jsonl"
    file.write_text(f'{{"file": "a.png"}}\n{{"file": "{name}"}}\n')
    good, bad = Inputs(PICTURE, file, "file")
    assert not good.wrong and (bad.shown, bad.value, bad.place) == (name, None, f"{file}, line 2")
    assert bad.wrong.startswith("picture: ") and name in bad.wrong and "\n" not in bad.wrong


def test_a_folder_of_pictures(pictures):
    asked = Inputs(PICTURE, pictures)
    found = {question.shown: question for question in asked}
    assert list(found) == ["a.png", "b.PNG", "broken.jpg", "deep/c.png"]
    assert "broken.jpg: is not a PNG" in found.pop("broken.jpg").wrong
    assert [int(decode(question.value)[0, 0]) for question in found.values()] == [0, 10, 20]


def test_a_folder_without_pictures_and_a_folder_for_texts(tmp_path):
    with pytest.raises(UserError, match="has no PNG, JPEG or WebP picture"):
        list(Inputs(PICTURE, tmp_path))
    with pytest.raises(UserError, match="is a folder; give one file"):
        list(Inputs(TEXT, tmp_path))


def test_pictures_are_read_as_they_are_asked_for(pictures):
    asked = Inputs(PICTURE, pictures)
    assert next(asked).shown == "a.png" and asked.done == 0  # what is behind it has not been read


def test_columns_together_are_one_input(tmp_path):
    file = tmp_path / "flats.jsonl"
    file.write_text(
        '{"size": 120.5, "rooms": 3, "city": "T"}\n{"size": null, "rooms": 1}\n{"size": 4, "rooms": 1e-3}\n'
    )
    flat = Text("flat", WORDS)
    first, bad, last = Inputs(flat, file, parts=("size", "rooms"))
    assert (first.value, first.rest) == ("size = 120.5, rooms = 3", {"size": "120.5", "rooms": "3", "city": "T"})
    assert bad.wrong == "'size' is null, not text" and bad.place.endswith("line 2")
    assert last.value == "size = 4, rooms = 0.001"
    with pytest.raises(UserError, match="no column 'door' among"):
        (tmp_path / "a.csv").write_text("size,rooms\n1,2\n")
        list(Inputs(flat, tmp_path / "a.csv", parts=("size", "door")))
    (whole,) = Inputs(flat, tmp_path / "a.csv", "rooms", parts=("size", "door"))
    assert whole.value == "2"
