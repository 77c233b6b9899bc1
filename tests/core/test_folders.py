"""A folder of pictures for each class: what counts as a class and a picture, and what a wrong folder is told."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from pellucid.core.data.fingerprint import fingerprint
from pellucid.core.data.folders import listed, read_folder
from pellucid.core.errors import UserError


@pytest.fixture
def folder(tmp_path):
    """A function: {path: brightness, or bytes} -> a folder with such files."""

    def make(files: dict[str, int | bytes]):
        for name, what in files.items():
            file = tmp_path / "mine" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(what, bytes):
                file.write_bytes(what)
            else:
                kind = {"jpg": "JPEG", "JPG": "JPEG", "webp": "WEBP"}.get(file.suffix[1:], "PNG")
                Image.fromarray(np.full((6, 4, 3), (what, what, 255 - what), np.uint8)).save(file, kind)
        return tmp_path / "mine"

    return make


def mean_red(pixels) -> int:
    return round(float(pixels[..., 0].mean() if pixels.ndim == 3 else pixels.mean()))


GOOD = {"cats/1.png": 10, "cats/2.jpg": 20, "dogs/1.webp": 30, "dogs/2.JPG": 40}


def test_each_folder_is_a_class(folder):
    found = read_folder(folder(GOOD), mean_red)
    assert found.labels == ("cats", "dogs")
    assert [(file.name, file.label, file.part) for file in found.files] == [(n, n[:4], "") for n in sorted(GOOD)]
    assert np.abs(np.array(found.values) - [10, 20, 30, 40]).max() <= 8  # JPEG and WebP are not exact
    assert found.report() == "" and found.bad_count == found.other == 0


def test_classes_that_are_numbers_stand_in_their_order(folder):
    found = read_folder(folder({f"{name}/a.png": name for name in (10, 9, 100, 1)}), mean_red)
    assert found.labels == ("1", "9", "10", "100")


def test_deep_files_count_and_hidden_ones_do_not(folder):
    more = {
        "cats/old/deep/3.png": 50, "cats/.hidden.png": b"not a picture", "cats/.thumbs/4.png": b"not a picture",
        ".git/objects/5.png": 60, "dogs/._2.jpg": b"not a picture", "loose.png": 70,
    }  # fmt: skip
    found = read_folder(folder(GOOD | more), mean_red)
    assert [file.name for file in found.files] == sorted([*GOOD, "cats/old/deep/3.png"])
    assert found.files[2].label == "cats" and found.values[2] == 50


def test_what_is_no_picture_is_counted_and_named(folder):
    found = read_folder(folder(GOOD | {"cats/readme.txt": b"x", "dogs/a.gif": b"x", "dogs/b.heic": b"x"}), mean_red)
    assert found.other == 3 and found.report() == "3 files are no PNG, JPEG or WebP (cats/readme.txt)"


BROKEN = {"cats/0.png": b"\x89PNG\r\n\x1a\n broken", "dogs/9.jpg": b"text"}


def test_a_broken_picture_is_refused_by_its_name(folder):
    with pytest.raises(UserError, match=r"cats/0\.png: is (broken|not a PNG)") as error:
        read_folder(folder(GOOD | BROKEN), mean_red)
    assert "\n" not in str(error.value) and "skip" in str(error.value)


def test_or_skipped_and_counted(folder):
    found = read_folder(folder(GOOD | BROKEN), mean_red, on_bad="skip")
    assert len(found.files) == len(found.values) == len(found.hashes) == 4
    assert found.bad_count == 2 and "0.png" in found.bad[0] and "9.jpg" in found.bad[1]
    assert found.report().startswith("2 pictures were skipped, the first: ")


def test_a_class_of_broken_pictures_is_no_class(folder):
    with pytest.raises(UserError, match=r"one class only \('dogs'\)"):
        read_folder(folder({"cats/1.png": b"x", "dogs/1.png": 10}), mean_red, on_bad="skip")


def test_a_class_without_pictures(folder):
    place = folder(GOOD)
    (place / "birds" / "deep").mkdir(parents=True)
    with pytest.raises(UserError, match="birds: this class has no"):
        read_folder(place, mean_red)
    assert read_folder(place, mean_red, on_bad="skip").labels == ("cats", "dogs")


def test_two_classes_that_differ_in_case_only(folder, tmp_path):
    place = folder({"Cats/1.png": 1, "cats/2.png": 2, "dogs/1.png": 3})
    if len(list(place.iterdir())) < 3:
        pytest.skip("this disk does not tell them apart")
    with pytest.raises(UserError, match="'Cats' and 'cats' differ in case only"):
        listed(place)


def test_files_whose_names_differ_in_case_are_two(folder):
    place = folder({"cats/a.png": 1, "cats/A.png": 2, "dogs/a.PNG": 3})
    assert len(listed(place)[1]) == len([file for file in place.rglob("*.*") if file.is_file()])


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "there is no such folder"),
        ({"cats/1.png": 1}, "one class only ('cats')"),
        ({"1.png": 1, "2.png": 2}, "no folders with pictures in them"),
        ({"a/readme.txt": b"", "b/c/notes.md": b""}, "no folders with pictures in them"),
    ],
)
def test_what_is_no_such_folder_is_told_what_is_needed(folder, files, says):
    with pytest.raises(UserError) as error:
        read_folder(folder(files), mean_red)
    assert says in str(error.value) and "\n" not in str(error.value)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "pictures.zip").write_bytes(b"")
    with pytest.raises(UserError, match="is a file"):
        read_folder(tmp_path / "pictures.zip", mean_red)


def test_folders_may_say_which_part_a_picture_belongs_to(folder):
    files = {f"{part}/{label}/1.png": i for part in ("Train", "valid", "test") for i, label in enumerate("ab")}
    found = read_folder(folder(files), mean_red)
    assert found.labels == ("a", "b")
    assert [file.part for file in found.files] == ["train", "train", "test", "test", "validation", "validation"]


def test_but_not_the_same_part_twice(folder):
    files = {f"{part}/{label}/1.png": 1 for part in ("train", "test", "val", "valid") for label in "ab"}
    with pytest.raises(UserError, match="the same part"):
        listed(folder(files))


def test_train_and_test_may_be_classes(folder):
    found = read_folder(folder({"train/1.png": 1, "test/2.png": 2}), mean_red)  # trains, and what is on a bench
    assert found.labels == ("test", "train") and {file.part for file in found.files} == {""}


def test_the_fingerprint_is_that_of_the_pictures_alone(folder):
    place = folder(GOOD)
    before = read_folder(place, mean_red).fingerprint()
    assert before == fingerprint(place)
    assert before["files"] == 4 and before["bytes"] == sum((place / name).stat().st_size for name in GOOD)
    folder({"cats/.DS_Store": b"x", "readme.txt": b"x"})
    assert read_folder(place, mean_red).fingerprint() == before
    (place / "cats" / "1.png").rename(place / "cats" / "3.png")
    moved = read_folder(place, mean_red).fingerprint()
    assert moved["sha256"] != before["sha256"] and moved["bytes"] == before["bytes"]


def test_a_bar_counts_the_pictures_and_says_nothing_without_a_terminal(folder, monkeypatch, capsys):
    from pellucid.core import progress
    from pellucid.core.data import folders

    told = []

    @contextmanager
    def counting(title, total):
        with progress.counting(title, total) as step:
            yield lambda: (told.append((title, total)), step())

    monkeypatch.setattr(folders, "counting", counting)
    read_folder(folder(GOOD | BROKEN), mean_red, on_bad="skip")
    assert told == [("reading mine", 6)] * 6
    assert capsys.readouterr() == ("", "")
