"""Inputs from a user's own file: texts of a table, pictures that a table names, pictures of a folder."""

from __future__ import annotations

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


def test_texts_of_a_table(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("body,n\nhello there,1\n,2\ngoodbye,3\n")
    asked = Inputs(TEXT, file, "body", on_bad="skip")
    assert list(asked) == [("hello there", "hello there"), ("goodbye", "goodbye")]
    assert asked.report().startswith("1 row was skipped, the first at line 3")


def test_a_text_that_is_too_long_is_refused_with_its_line(tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("short\n" + "long " * 20)
    with pytest.raises(UserError, match=r"mine\.txt, line 2: text: "):
        list(Inputs(TEXT, file))


def test_a_table_names_pictures_from_its_own_folder(pictures, monkeypatch, tmp_path):
    file = pictures / "list.csv"
    url = data_url(np.full((2, 2), 99, np.uint8))
    file.write_text(f'picture\na.png\ndeep/c.png\n{pictures / "b.PNG"}\n"{url}"\n')
    monkeypatch.chdir(tmp_path)
    found = list(Inputs(PICTURE, file))
    assert [shown for shown, _ in found] == ["a.png", "deep/c.png", str(pictures / "b.PNG"), url]
    assert [int(decode(value)[0, 0]) for _, value in found] == [0, 20, 10, 99]


@pytest.mark.parametrize("name", ["broken.jpg", "none.png", "notes.txt", "deep"])
def test_a_bad_picture_of_a_table_is_refused_with_its_line_or_skipped(pictures, name):
    file = pictures / "list.jsonl"
    file.write_text(f'{{"file": "a.png"}}\n{{"file": "{name}"}}\n')
    with pytest.raises(UserError, match=r"list\.jsonl, line 2: picture: ") as error:
        list(Inputs(PICTURE, file, "file"))
    assert "\n" not in str(error.value)
    asked = Inputs(PICTURE, file, "file", on_bad="skip")
    assert [shown for shown, _ in asked] == ["a.png"]
    assert asked.report().startswith("1 picture was skipped, the first: ") and name in asked.report()


def test_a_folder_of_pictures(pictures):
    asked = Inputs(PICTURE, pictures, on_bad="skip")
    assert [(shown, int(decode(value)[0, 0])) for shown, value in asked] == [
        ("a.png", 0),
        ("b.PNG", 10),
        ("deep/c.png", 20),
    ]
    assert asked.report().startswith("1 picture was skipped, the first: ") and "broken.jpg" in asked.report()
    with pytest.raises(UserError, match=r"broken\.jpg: is not a PNG"):
        list(Inputs(PICTURE, pictures))


def test_a_folder_without_pictures_and_a_folder_for_texts(tmp_path):
    with pytest.raises(UserError, match="has no PNG, JPEG or WebP picture"):
        list(Inputs(PICTURE, tmp_path))
    with pytest.raises(UserError, match="is a folder; give one file"):
        list(Inputs(TEXT, tmp_path))


def test_pictures_are_read_as_they_are_asked_for(pictures):
    first = next(Inputs(PICTURE, pictures))  # the broken one behind it has not been read
    assert first[0] == "a.png"
