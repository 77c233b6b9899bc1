"""`pellucid look FILE.py:FUNCTION`: a module of the user's own, on inputs from files; what is said when it fails."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from pellucid import anymodule
from pellucid.core.errors import UserError
from pellucid.look import Trace, capture
from pellucid.look.pictures import MAPS, receptive_field

FILE = """
import neighbour
import torch
from torch import nn


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 3), nn.Linear(2, 3)

    def forward(self, left, right):
        return torch.tanh(self.a(left) + self.b(right))


class Late(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.dense = nn.Conv2d(1, 4, 3), nn.Linear(99, 2)

    def forward(self, x):
        maps = self.conv(x)
        return self.dense(maps.flatten(1))


class Boom(nn.Module):
    def forward(self, x):
        return neighbour.explode(x)


def build():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3))


def colour():
    return nn.Sequential(nn.Conv2d(3, 2, 3))


def two():
    return Two(), (torch.ones(1, 4), torch.ones(1, 2))


def by_name():
    return Two(), {"right": torch.ones(1, 2), "left": torch.zeros(1, 4)}


def late():
    return Late()


def boom():
    return Boom(), torch.ones(2)


def words():
    return nn.Embedding(5, 2)


def number():
    return 3


def broken():
    return {}["nothing"]


needs = lambda size: nn.Linear(size, 1)
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "own.py").write_text(FILE)
    (tmp_path / "neighbour.py").write_text("def explode(x):\n    raise ValueError('no\\nluck')\n")
    pixels = np.zeros((6, 6), np.uint8)
    pixels[2] = 255
    Image.fromarray(pixels).save(tmp_path / "gray.png")
    Image.fromarray(np.stack([pixels, 0 * pixels, 0 * pixels], -1)).save(tmp_path / "red.png")
    np.save(tmp_path / "left.npy", np.full((1, 4), 0.5))
    np.save(tmp_path / "right.npy", np.full((1, 2), 0.25, np.float32))
    np.savez(tmp_path / "both.npz", left=np.full((1, 4), 0.5), right=np.full((1, 2), 0.25))
    np.savez(tmp_path / "one.npz", anything=np.zeros((1, 1, 6, 6)))
    np.save(tmp_path / "ids.npy", np.array([1, 4]))
    np.save(tmp_path / "beyond.npy", np.array([1, 5]))
    np.save(tmp_path / "words.npy", np.array(["a", "b"]))
    return tmp_path


def look(folder: Path, function: str, *inputs: str, **options) -> Trace:
    return anymodule.look(
        f"{folder / 'own.py'}:{function}", [name.replace("@", f"{folder}/") for name in inputs], **options
    )


def test_a_picture_goes_in_from_0_to_1_and_every_node_is_checked(folder):
    trace = look(folder, "build", "@gray.png")
    assert trace.check().checked == len(trace) > 4
    pixels = trace.array(trace.inputs["input"])
    assert pixels.shape == (1, 1, 6, 6) and pixels[0, 0, 2].tolist() == [1.0] * 6 and pixels.sum() == 6
    assert trace.value(trace.inputs["input"]).axes == MAPS
    assert trace.value("0.convolution").axes == MAPS
    assert trace.value("0.weight").axes == ("filter", "channel", "row", "column")
    assert trace.meta["text"].startswith("Sequential")


def test_channels_become_those_that_the_first_convolution_wants(folder):
    assert look(folder, "colour", "@gray.png").value("0.convolution").shape == (1, 2, 4, 4)
    gray = look(folder, "build", "@red.png")
    assert np.allclose(gray.array(gray.inputs["input"])[0, 0, 2], 0.299, atol=1e-6)


def test_several_inputs_by_place_by_name_and_from_one_file(folder):
    left, right = np.full((1, 4), 0.5, np.float32), np.full((1, 2), 0.25, np.float32)
    for given in (["@left.npy", "@right.npy"], ["right=@right.npy", "left=@left.npy"], ["@both.npz"]):
        trace = look(folder, "two", *given)
        assert np.array_equal(trace.array(trace.inputs["left"]), left)
        assert np.array_equal(trace.array(trace.inputs["right"]), right)
    assert look(folder, "build", "@one.npz").array("input").sum() == 0
    examples = look(folder, "two")
    assert examples.array("left").tolist() == [[1.0] * 4]
    assert look(folder, "by_name").array("left").tolist() == [[0.0] * 4]


def test_gradients(folder):
    trace = look(folder, "build", "@gray.png", backward=True)
    assert np.abs(trace.gradient("0.weight")).max() > 0


WRONG = [
    ("buidl", ["@gray.png"], "has no function 'buidl'. Did you mean 'build'?"),
    ("number", [], "number() gave an int; it must return an nn.Module, or (module, inputs)"),
    ("FILE", [], "has no function 'FILE'"),
    ("broken", [], "own.py:65: KeyError: 'nothing'"),
    ("needs", [], "own.py: TypeError: "),
    ("build", [], "what should go in? Name a file with --input, or return (module, example inputs)"),
    ("build", ["@nothing.png"], "there is no such file"),
    ("build", ["@own.py"], "give a picture (.png, .jpg, .jpeg, .webp), an .npy or an .npz file"),
    ("build", ["@words.npy"], "and no numbers"),
    ("build", ["@left.npy"], "layer 0 (Conv2d) wants [N, 1, H, W], and [1, 4] float32 came"),
    ("late", ["@gray.png"], "layer dense (Linear) wants […, 99], and [1, 64] float32 came (own.py:23)"),
    ("words", ["@left.npy"], "Embedding wants whole numbers from 0 to 4, and [1, 4] float32 came"),
    ("words", ["@beyond.npy"], "Embedding wants whole numbers from 0 to 4, and [2] int64 came"),
    ("boom", [], "neighbour.py:2: ValueError: no luck"),
    ("two", ["left=@left.npy"], "TypeError: Two.forward() missing 1 required positional argument: 'right'"),
    ("two", ["lefd=@left.npy"], "Two.forward takes no such input. Did you mean 'left'?"),
    ("two", ["x=@both.npz"], "has names of its own"),
]


@pytest.mark.parametrize(("function", "inputs", "said"), WRONG, ids=lambda each: str(each)[:30])
def test_what_is_wrong_is_said_in_one_line(folder, function, inputs, said):
    with pytest.raises(UserError) as error:
        look(folder, function, *inputs)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_a_file_that_cannot_even_be_read(folder):
    (folder / "own.py").write_text("x = 1\ndef build(:\n")
    with pytest.raises(UserError, match=r"own.py:2: SyntaxError: "):
        look(folder, "build")
    (folder / "own.py").write_text("import sys\nsys.exit(3)\n")
    with pytest.raises(UserError, match=r"ended the program \(exit 3\)"):
        look(folder, "build")
    with pytest.raises(UserError, match=r"none.py: there is no such file"):
        anymodule.look(f"{folder / 'none.py'}", [])


def test_whole_numbers_stay_whole(folder):
    assert look(folder, "words", "@ids.npy").array("embedding").shape == (2, 2)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pellucid", "look", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120)


def test_the_command_says_what_it_runs_and_saves_what_was_asked_for(folder):
    done = run(folder, "own.py:build", "--input", "gray.png", "--html", "page.html", "--out", "trace.safetensors")
    assert done.returncode == 0
    assert done.stderr.splitlines() == ["running own.py: it is code, and may do whatever you may"]
    lines = done.stdout.splitlines()
    assert lines[0] == "Sequential · own.py:build: 6 operations, 151 parameters"
    assert lines[1] == "in   input [1, 1, 6, 6] float32, 0 to 1"
    assert [line.split()[1] for line in lines[2:7]] == ["Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"]
    assert lines[7].startswith("out  output [1, 3] float32, ") and lines[-1].startswith("checked 6 of 6 nodes")
    assert Trace.open(folder / "trace.safetensors").check().checked == 6
    assert "own.py:build" in (folder / "page.html").read_text(encoding="utf-8")


def test_the_command_answers_in_json_and_fails_with_one_line(folder):
    done = run(folder, "own.py:two", "--json")
    assert json.loads(done.stdout)["check"]["checked"] == json.loads(done.stdout)["check"]["total"]
    done = run(folder, "own.py:late", "--input", "gray.png")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.splitlines()[1:] == [
        "pellucid: own.py:late: layer dense (Linear) wants […, 99], and [1, 64] float32 came (own.py:23)"
    ]
    done = run(folder, "own.py:build", "gray.png")
    assert done.returncode == 2 and "write --input gray.png" in done.stderr


def test_help_says_that_the_file_is_run():
    done = run(Path.cwd(), "--help")
    assert "RUNS THAT FILE" in " ".join(done.stdout.split())


# the axes of feature maps, of anybody's module


def test_axes_are_named_where_a_convolution_or_pooling_says_so():
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.norm = torch.nn.Conv2d(3, 4, 3, bias=False), torch.nn.BatchNorm2d(4)

        def forward(self, picture, mask):
            scaled = picture / 2 + 1
            maps = torch.relu(self.norm(self.conv(scaled)))
            both = torch.cat([maps, maps * mask], 1)
            turned = both.transpose(2, 3)
            return both, turned, both.mean((2, 3))

    trace = capture(Net(), torch.randn(2, 3, 8, 8), torch.ones(1, 1, 6, 6))
    axes = {value.name: value.axes for value in trace.values.values()}
    assert axes["picture"] == axes["both"] == MAPS
    assert axes["conv.weight"] == ("filter", "channel", "row", "column") and axes["norm.weight"] == ("channel",)
    assert axes["turned"] is None
    assert {value.axes for value in trace.values.values() if len(value.shape) == 2} == {None}
    field = receptive_field(trace, "both", 2, 3)
    assert (field.row, field.column, field.height, field.width) == (2, 3, 3, 3)


def test_a_network_without_pictures_keeps_its_axes_unnamed():
    trace = capture(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU()), torch.ones(1, 3))
    assert {value.axes for value in trace.values.values()} == {None}
