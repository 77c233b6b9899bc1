"""Pictures on the command line, in Python programs and over HTTP, with the run that comes with the package."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from pellucid import api
from pellucid.cli import main
from pellucid.core.data.pictures import decode
from pellucid.rooms.image_classifier import CARD
from pellucid.rooms.image_classifier.data import SAMPLE
from pellucid.server.body import RefusedError, understand
from pellucid.server.page import page
from pellucid.server.schema import request_body

EXAMPLES = SAMPLE.parent / "examples"
DIGITS = [file.stem for file in sorted(EXAMPLES.glob("*.png"))]


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run a command in a folder with the example pictures: exit code, standard output, standard error."""
    for file in EXAMPLES.glob("*.png"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PELLUCID_RUNS", raising=False)

    def call(*arguments) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return stop.value.code, out, err

    return call


def test_files_are_answered_in_their_order_one_a_line(run, tmp_path):
    Image.open("4.png").resize((280, 280), Image.Resampling.NEAREST).convert("RGB").save("large.webp", lossless=True)
    code, out, err = run("predict", "image_classifier", "7.png", tmp_path / "2.png", "large.webp")
    assert code == 0, err
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == ["7", "2", "4"]
    assert re.fullmatch(r"7  [01]\.\d{4}  \(\d [01]\.\d{4}, \d [01]\.\d{4}\)  7\.png", lines[0])
    assert lines[1].endswith(str(tmp_path / "2.png"))


def test_a_folder_and_a_table_give_what_the_files_give(run, tmp_path):
    code, folder, err = run("predict", "image_classifier", "--file", ".", "--json")
    assert code == 0, err
    rows = [json.loads(line) for line in folder.splitlines()]
    assert [row["picture"] for row in rows] == [f"{digit}.png" for digit in DIGITS]
    assert [row["label"] for row in rows] == DIGITS
    assert all(sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-5) for row in rows)
    (tmp_path / "lists").mkdir()
    Path("lists/all.csv").write_text("n,file\n" + "".join(f"{i},../{digit}.png\n" for i, digit in enumerate(DIGITS)))
    code, table, err = run("predict", "image_classifier", "--file", "lists/all.csv", "--column", "file", "--json")
    assert code == 0, err
    assert [{**json.loads(line), "picture": 0} for line in table.splitlines()] == [
        {**row, "picture": 0, "n": str(i)} for i, row in enumerate(rows)
    ]


def test_a_program_may_give_arrays_images_paths_and_bytes():
    trained, file = api.open("image_classifier", runs="none"), EXAMPLES / "7.png"
    pixels = np.asarray(Image.open(file))
    wanted = trained.predict(str(file))
    assert wanted["label"] == "7"
    for value in (file, file.read_bytes(), pixels, pixels / 255, Image.open(file), np.stack([pixels] * 3, -1)):
        assert trained.predict(value) == wanted
    for answer in trained.predict([file, pixels]):
        assert answer["probabilities"] == pytest.approx(wanted["probabilities"], abs=1e-6)
    assert str(trained.look(file).check()) == str(trained.look(CARD.input.examples[DIGITS.index("7")]).check())


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["predict", "image_classifier", "none.png"], ["picture: none.png: there is no such file"]),
        (["predict", "image_classifier", "7.pgn"], ["Did you mean '7.png'?"]),
        (["predict", "image_classifier", "7.png", "broken.jpg"], ["broken.jpg", "is not a PNG, JPEG or WebP"]),
        (["predict", "image_classifier", "--file", "empty"], ["empty", "has no PNG"]),
        (["predict", "image_classifier", "--file", "list.csv"], ["list.csv, line 3", "broken.jpg"]),
        (["predict", "image_classifier", "data:image/png;base64,AAAA"], ["picture: ", "is not a PNG"]),
        (["look", "image_classifier", "."], ["is not a file"]),
        (["look", "image_classifier", ""], ["picture: "]),
        (["data", "show", "image_classifier", "--data", "nowhere"], ["nowhere", "there is no such folder"]),
        (["data", "show", "image_classifier", "--html", "empty"], ["--html", "is a folder"]),
        (["data", "show", "image_classifier", "--colour", "blue"], ["colour", "'blue'"]),
        (["data", "show", "linear_equations"], ["no data set"]),
        (["data", "get", "minst"], ["Did you mean 'mnist'?"]),
    ],
)
def test_what_the_user_can_mend_is_one_line_and_exit_code_2(run, tmp_path, arguments, parts):
    Path("broken.jpg").write_bytes(b"no")
    Path("empty").mkdir()
    Path("list.csv").write_text("picture\n7.png\nbroken.jpg\n")
    code, _, err = run(*arguments)
    assert code == 2
    last = err.strip().splitlines()[-1]
    assert last.startswith("pellucid: ") and "Traceback" not in err
    for part in parts:
        assert part in last


def test_the_data_page(run):
    code, out, err = run("data", "show", "image_classifier", "--html", "page.html", "--each", 3)
    assert code == 0, err
    assert "all    9,002         998  2,000  12,000" in out and "0.1306" in out and "█" in out
    assert Path("page.html").read_text(encoding="utf-8").count("<img ") == 30
    code, out, _ = run("data", "show", "image_classifier", "--json", "--classes", "1,7")
    assert code == 0 and json.loads(out)["counts"]["test"] == {"1": 227, "7": 206}
    code, out, _ = run("data", "show", "spam_detector")
    assert code == 0 and re.search("all +3,598 +514 +1,028 +5,140", out)


def test_data_list_names_the_downloads_and_the_licence(run):
    code, out, _ = run("data", "list")
    assert code == 0
    assert re.search(r"image_classifier: built in: MNIST.*CC BY-SA 3\.0", out)
    assert "image_classifier: by name: mnist (11.6 MB)" in out
    assert "image_classifier: by name: fashion_mnist (30.9 MB)" in out


# HTTP


def body(value) -> bytes:
    return json.dumps({"input": value}).encode()


def test_what_is_sent_is_checked_to_be_a_picture(run):
    asked = understand(body(CARD.input.examples[0]), CARD)
    assert asked.values == [CARD.input.examples[0]] and asked.single
    for value, says in [
        ("7.png", "data URL"),
        (5, "5 is not text"),
        ("data:image/png;base64,AAAA", "is not a PNG"),
        ("", "data URL"),
    ]:
        with pytest.raises(RefusedError, match=says) as error:
            understand(body(value), CARD)
        assert error.value.status == 422 and error.value.field == "input"
        assert "\n" not in error.value.message and not error.value.message.startswith("picture: ")


def test_the_page_and_the_description_follow_the_inputs_type():
    bundle = SimpleNamespace(runtime="onnx", info={})
    text, policy = page(bundle, CARD)
    assert "<textarea" not in text and '<input id="file" type="file"' in text and 'data-side="96"' in text
    assert f'value="{CARD.input.examples[0]}"' in text and "img-src data:" in policy
    schema = request_body(CARD)["content"]["application/json"]["schema"]["oneOf"][0]["properties"]["input"]
    assert all(re.search(schema["pattern"], example) for example in CARD.input.examples)
    assert not re.search(schema["pattern"], "7.png")


def test_the_examples_are_the_folders_pictures():
    assert len(CARD.input.examples) == len(DIGITS) == 6
    for url, digit in zip(CARD.input.examples, DIGITS, strict=True):
        np.testing.assert_array_equal(decode(url), np.asarray(Image.open(EXAMPLES / f"{digit}.png")))
