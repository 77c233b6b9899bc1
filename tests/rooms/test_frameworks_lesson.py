"""What the lesson prints is run: its blocks of code, the code in its table, and the figures that it writes out."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from pellucid import api, catalog
from pellucid.learn.lesson import nodes, read_file
from pellucid.look import capture
from pellucid.rooms.frameworks.in_torch import Net
from pellucid.rooms.frameworks.points import different, read

needs_keras = pytest.mark.skipif(find_spec("keras") is None or find_spec("tensorflow") is None, reason="no Keras here")
PAGES = {page["id"]: page for page in read_file(catalog.folder("frameworks"), "en")["pages"]}
BUNDLED = api.open(api.bundled("frameworks"))


def blocks(page: str) -> list[str]:
    return [node["text"] for node in nodes(PAGES[page]["blocks"]) if node["type"] == "code" and "language" in node]


def classes(language: str = "en") -> list[str]:
    """The names in the table of ten."""
    (page,) = (page for page in read_file(catalog.folder("frameworks"), language)["pages"] if page["id"] == "ten")
    (table,) = (node for node in nodes(page["blocks"]) if node["type"] == "table")
    return [row[0][0]["text"] for row in table["rows"]]


def names() -> dict[str, Any]:
    """What the lesson takes for granted."""
    given = {"torch": torch, "nn": nn, "DataLoader": DataLoader, "TensorDataset": TensorDataset, "Net": Net}
    return given | {"loss_of": nn.BCEWithLogitsLoss(), "save_file": save_file, "load_file": load_file}


def test_the_network_on_the_first_page_is_the_rooms_own():
    (source,) = blocks("graph")
    space: dict[str, Any] = {}
    exec(source, space)
    net = space["Net"]()
    net.load_state_dict(BUNDLED.system.model.state_dict())
    x = torch.rand(5, 2)
    assert torch.equal(net(x), BUNDLED.system.model(x))
    assert sum(weight.numel() for weight in net.parameters()) == 33


def test_each_of_the_ten_has_its_place_in_both_frameworks():
    ten = "Tensor Operation Graph Session Variable Optimizer Dataset Iterator Estimator Saver".split()
    assert classes() == classes("zh-TW") == ten
    for source in blocks("ten"):
        assert [each.partition(":")[0] for each in re.findall(r"^# (.*)$", source, re.MULTILINE)] == ten


def test_the_ten_in_torch_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    space = names() | {"model": BUNDLED.system.model, "points": torch.rand(40, 2), "targets": torch.rand(40)}
    exec(blocks("ten")[0], space)
    assert [n.target.__name__ for n in space["graph"].nodes if n.op == "call_function"][1] == "tanh.default"
    assert space["z"].shape == (1,) and len(space["batch"][0]) == 20
    assert (tmp_path / "model.pt").is_file()


def test_the_loop_of_the_lesson_goes_as_often_as_the_trace():
    learn, branching = blocks("dynamic")
    space = names()
    exec(learn, space)
    for text, wanted in {"0.5, -1": 3, "-0.1, 0.1": 4, "0.01, 0.01": 5}.items():
        net = Net()
        net.load_state_dict(BUNDLED.system.model.state_dict())
        point = read(text)
        taken = space["learn"](net, torch.from_numpy(point), torch.from_numpy(different(point)))
        assert taken == len(BUNDLED.look(text).array("loss_curve")) == wanted
    exec(branching, space)
    module = space["Branching"](BUNDLED.system.model)
    kinds = [[node.kind for node in capture(module, torch.tensor([[x, x]])).nodes] for x in (1.0, -1.0)]
    assert [found.count("neg") for found in kinds] == [0, 2]


def test_three_calls_each_do_what_the_lesson_says():
    (source,) = blocks("variable")
    model = Net()
    space = names() | {"model": model, "optimizer": torch.optim.SGD(model.parameters(), lr=0.5)}
    before, step, _ = source.partition("optimizer.step()")
    weights = [weight.clone() for weight in model.parameters()]
    exec(before, space)
    assert all(torch.equal(a, b) for a, b in zip(weights, model.parameters(), strict=True))
    once = [weight.grad.clone() for weight in model.parameters()]
    exec(before.replace("optimizer.zero_grad()", ""), space)
    for gradient, weight in zip(once, model.parameters(), strict=True):  # forgotten: they add up
        torch.testing.assert_close(weight.grad, 2 * gradient)
    exec(step, space)
    for start, gradient, weight in zip(weights, once, model.parameters(), strict=True):
        torch.testing.assert_close(weight.detach(), start - 0.5 * 2 * gradient)


def test_the_page_around_the_model_runs_from_top_to_bottom(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    space = names()
    loader, loop, keras, saver = blocks("data")
    for source in (loader, loop):
        exec(source, space)
    with torch.no_grad():
        right = ((space["model"](space["points"]) > 0) == (space["targets"] > 0.5)).float().mean()
    assert right > 0.9
    before = {name: weight.clone() for name, weight in space["model"].state_dict().items()}
    exec(saver, space)
    assert capsys.readouterr().out.splitlines() == re.findall(r"^# (.*)$", saver, re.MULTILINE)
    assert all(torch.equal(weight, before[name]) for name, weight in space["model"].state_dict().items())
    assert "keras" in keras


def test_the_defaults_that_the_lesson_names():
    assert inspect.signature(torch.optim.Adam).parameters["eps"].default == 1e-8
    assert inspect.signature(torch.optim.SGD).parameters["lr"].default == 1e-3
    layer = nn.Linear(4, 1000)
    for weight in layer.parameters():
        assert 0.49 < weight.abs().max() <= 0.5  # 1 / sqrt(4), biases too


def test_what_the_lesson_says_of_the_ops_it_lists():
    (table,) = (node for node in nodes(PAGES["session"]["blocks"]) if node["type"] == "table")
    listed = [row[2][0]["text"].split(", ") for row in table["rows"]]
    graphs = BUNDLED.run.info["graphs"]
    assert listed[:3] == [graphs["torch.fx"], graphs["torch.fx"], graphs["torch.export"]]


def test_which_unit_is_to_blame():
    trace = BUNDLED.look("-0.1, 0.1")
    assert abs(trace.array("output_weight_gradient[0]")).argmax() == 3
    assert abs(trace.array("model.activated[0]")).argmax() == 3
    h = trace.array("model.activated[0]")[0, 3]
    assert f"{h:.4f}" == "0.9704" and f"{1 - h * h:.3f}" == "0.058"


# where Keras is installed


@needs_keras
def test_the_ten_in_keras_run(tmp_path, monkeypatch):
    import keras
    import tensorflow as tf

    from pellucid.rooms.frameworks.in_keras import net

    monkeypatch.chdir(tmp_path)
    points = torch.rand(40, 2).numpy()
    data = {"points": points, "targets": different(points - 0.5)[:, None]}
    space = {"tf": tf, "keras": keras, "model": net(keras)} | data
    exec(blocks("ten")[1], space)
    assert "MatMul" in [each.type for each in space["graph"].get_operations()]
    assert space["batch"][0].shape == (20, 2) and (tmp_path / "model.keras").is_file()


@needs_keras
def test_keras_learns_by_fit_as_the_lesson_writes_it():
    loader, _, source, _ = blocks("data")
    torch.manual_seed(0)
    space = names() | {"keras": pytest.importorskip("keras")}
    exec(loader, space)
    exec(source, space)
    right = (space["keras_model"].predict(space["points"].numpy(), verbose=0)[:, 0] > 0) == (
        space["targets"].numpy() > 0.5
    )
    assert right.mean() > 0.9


@needs_keras
def test_a_session_of_tensorflow_1_still_runs_in_its_corner():
    (source,) = blocks("session")
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    symbol, values = done.stdout.strip().splitlines()
    assert symbol.startswith("Tensor(") and "shape=" in symbol and "dtype=float32" in symbol
    assert [float(each) for each in re.findall(r"-?\d\.\d+", values)] == pytest.approx([0.46212, -0.76159], abs=1e-5)


@needs_keras
def test_what_the_lesson_says_is_gone_is_gone():
    import keras
    import tensorflow as tf

    assert not hasattr(tf, "Session") and not hasattr(tf, "placeholder") and not hasattr(tf, "estimator")
    assert hasattr(tf.compat.v1, "Session")
    assert inspect.signature(keras.optimizers.Adam).parameters["epsilon"].default == 1e-7
    assert inspect.signature(keras.optimizers.SGD).parameters["learning_rate"].default == 0.01
    assert inspect.signature(keras.losses.BinaryCrossentropy).parameters["from_logits"].default is False
    dense = inspect.signature(keras.layers.Dense).parameters
    assert dense["kernel_initializer"].default == "glorot_uniform" and dense["bias_initializer"].default == "zeros"


def test_the_bundled_run_is_small_and_its_lesson_has_both_languages():
    assert Path(api.bundled("frameworks"), "run.json").is_file()
