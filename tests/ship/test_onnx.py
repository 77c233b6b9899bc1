"""ONNX: native recurrent operators at any batch size and length, the gate, and what a failure leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import onnx
import pytest
import torch

from pellucid import ship
from pellucid.core.errors import UserError
from pellucid.ship import onnx as ship_onnx
from pellucid.ship.parity import ParityError
from pellucid.ship.runtimes import onnx_session

KINDS = [
    ("rnn", None), ("lstm", None), ("gru", None),
    ("rnn", "mul"), ("lstm", "concat"), ("lstm", "ave"), ("gru", "sum"),
]  # fmt: skip


def messages(batch: int, time: int) -> np.ndarray:
    """Word ids of messages of 1 to `time` words, filled up with 0; at least one is full."""
    rng = np.random.default_rng(batch * 1000 + time)
    ids = rng.integers(1, 300, (batch, time))
    for row in ids[1:]:
        row[rng.integers(1, time + 1) :] = 0
    return ids


@pytest.mark.parametrize(("cell", "merge"), KINDS)
def test_cells_are_native_operators_of_any_batch_and_length(make_system, tmp_path, cell, merge):
    both = {"bidirectional": True, "merge": merge} if merge else {}
    system = make_system(cell=cell, **both)
    file = tmp_path / "model.onnx"
    file.write_bytes(ship_onnx.convert(system.program()))
    kinds = [node.op_type for node in onnx.load(file).graph.node]
    assert kinds.count(cell.upper()) == (2 if merge else 1)
    assert not {"Loop", "Scan", "If"} & set(kinds)
    assert len(kinds) < 60  # nothing is unrolled
    run = onnx_session(file, ("probability",))
    for batch, time in [(1, 1), (1, 7), (3, 2), (64, 1), (17, 200)]:
        ids = messages(batch, time)
        found, wanted = run({"ids": ids})["probability"], system.compute({"ids": ids})["probability"]
        assert found.shape == (batch,)
        assert np.abs(found - wanted).max() < 1e-5


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_process_exports_as_often_as_it_likes(make_system, cell):
    program = make_system(cell=cell).program()
    assert ship_onnx.convert(program) == ship_onnx.convert(program)


def test_the_kernels_that_exporting_replaces_are_put_back(make_system):
    operator = torch.ops.aten.rnn_tanh.input
    before = dict(operator.py_kernels)
    ship_onnx.convert(make_system(cell="rnn").program())
    assert operator.py_kernels == before


def test_exporting_says_nothing(make_system, card, tmp_path, capfd):
    ship_onnx.export(make_system(), tmp_path / "bundle", card=card)
    assert capfd.readouterr() == ("", "")


def test_the_bundle_says_what_is_in_it(exported):
    system, bundle = exported
    assert sorted(path.name for path in bundle.folder.iterdir()) == [
        "PARITY.txt", "README.md", "bundle.json", "codec.js", "model.onnx",
    ]  # fmt: skip
    info = bundle.info
    assert info["inputs"] == [{"name": "ids", "dtype": "int64", "shape": ["batch", "time"]}]
    assert info["outputs"] == [{"name": "probability", "dtype": "float32", "shape": ["batch"]}]
    assert info["parity"]["inputs"] == 128
    assert 0 <= info["parity"]["largest_difference"] <= 1e-5
    assert info["scores"]["shipped"]["accuracy"] == info["scores"]["trained"]["accuracy"]
    assert info["bytes"] == bundle.model.stat().st_size < 60_000
    assert info["data"][0].endswith("CC BY 4.0")
    assert info["codec"] == json.loads(json.dumps(system.codec.to_json()))
    assert b"/src/pellucid" not in bundle.model.read_bytes()  # no paths of the machine that made it


BLOCKED = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "pellucid"):
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Block())
"""


def readme_answer(bundle) -> dict:
    """What the README's example prints, where neither torch nor Pellucid can be imported."""
    code = (bundle.folder / "README.md").read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    result = subprocess.run(
        [sys.executable, "-I", "-c", BLOCKED + code], cwd=bundle.folder, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.replace("'", '"'))


def test_the_example_in_the_readme_gives_our_answer_without_torch_and_pellucid(exported, card):
    system, bundle = exported
    (own,) = bundle.predict([card.input.examples[0]], system.codec)
    shown = readme_answer(bundle)
    assert shown["label"] == own["label"]
    assert shown["probability"] == pytest.approx(own["probability"], abs=1e-7)


def perturbed(monkeypatch):
    """The exporter now ships a model whose weights are not those that were trained."""
    convert = ship_onnx.convert

    def wrong(program):
        with torch.no_grad():
            program.module.dense.bias.add_(0.01)
            made = convert(program)
            program.module.dense.bias.sub_(0.01)
        return made

    monkeypatch.setattr(ship_onnx, "convert", wrong)


def test_another_model_does_not_pass_the_gate_and_leaves_nothing(make_system, card, tmp_path, monkeypatch):
    perturbed(monkeypatch)
    with pytest.raises(ParityError) as error:
        ship_onnx.export(make_system(), tmp_path / "exports" / "onnx", card=card)
    text = str(error.value)
    assert "output 'probability' of input" in text
    assert "1e-05 allowed" in text
    assert "\n" not in text
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_is_replaced_only_by_a_whole_one(make_system, card, tmp_path, monkeypatch):
    system, folder = make_system(), tmp_path / "bundle"
    ship_onnx.export(system, folder, card=card)
    first = (folder / "bundle.json").read_bytes()
    (folder / "old.txt").write_text("of the old bundle")
    with monkeypatch.context() as patch:
        perturbed(patch)
        with pytest.raises(ParityError):
            ship_onnx.export(system, folder, card=card)
    assert (folder / "bundle.json").read_bytes() == first
    assert (folder / "old.txt").exists()
    ship_onnx.export(system, folder, card=card)
    assert not (folder / "old.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_folder_with_other_things_in_it_is_left_alone(make_system, card, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UserError, match="holds other files and no bundle"):
        ship.export(make_system(), tmp_path, card=card)
    with pytest.raises(UserError, match="is a file"):
        ship.export(make_system(), tmp_path / "thesis.txt", card=card)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("to", "quantize", "text"), [("onnx", "dynamic", "for LiteRT only"), ("coreml", None, "'coreml' is not one of")]
)
def test_an_impossible_wish_is_one_line(make_system, card, tmp_path, to, quantize, text):
    with pytest.raises(UserError, match=text):
        ship.export(make_system(), tmp_path / "bundle", card=card, to=to, quantize=quantize)
    assert list(tmp_path.iterdir()) == []
