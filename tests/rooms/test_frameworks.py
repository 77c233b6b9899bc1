"""Training by hand against torch's own, the trace against static graphs, and what a person may write."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from pellucid import api
from pellucid.cli import main
from pellucid.core.errors import Interrupted, UserError
from pellucid.look import capture
from pellucid.rooms.frameworks import graphs, in_torch, studies
from pellucid.rooms.frameworks.config import Config
from pellucid.rooms.frameworks.graphs import Branching, Conditional, of_export, of_forward, of_function, of_trace
from pellucid.rooms.frameworks.inside import look
from pellucid.rooms.frameworks.one_point import ENOUGH, MOST_STEPS
from pellucid.rooms.frameworks.points import COUNT, different, first_weights, order, points, read

SURE, WRONG, NEAR = "0.5, -1", "-0.1, 0.1", "0.01, 0.01"


@pytest.fixture(scope="module")
def bundled():
    return api.open(api.bundled("frameworks"))


@pytest.fixture(autouse=True)
def one_thread():
    """As a run of this room has it: for 33 numbers, a second one would only be waited for."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def model(bundled):
    return bundled.system.model


# the data


def test_the_points_are_a_balanced_exclusive_or_and_each_comes_once_an_epoch():
    data = points(0)
    assert data.x.shape == (COUNT, 2) and np.abs(data.x).max() <= 2
    assert 0.4 < data.y.mean() < 0.6
    np.testing.assert_array_equal(data.y, np.sign(data.x[:, 0]) != np.sign(data.x[:, 1]))
    assert sorted(order(0, 0)) == sorted(order(0, 1)) == list(range(COUNT))
    assert list(order(0, 0)) != list(order(0, 1)) != list(order(1, 1))
    assert not np.array_equal(points(0, "test").x, data.x) and not np.array_equal(points(1).x, data.x)
    with pytest.raises(UserError, match="train, validation, test"):
        points(0, "exam")


def test_zero_has_no_sign():
    assert different(np.array([[0.0, -3.0], [2.0, 0.0], [-1e-3, 1e-3]])).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    "text",
    ["0.5, -1", "0.5 -1", "(0.5; -1)", "[.5,-1.]", "x1 = 0.5, x2 = -1", "x_1: 0.5\nx_2: -1", "5e-1，−1", "+0.5,-1"],
)
def test_two_numbers_are_understood_however_they_are_written(text):
    np.testing.assert_array_equal(read(text), np.array([[0.5, -1.0]], dtype=np.float32))


@pytest.mark.parametrize(
    ("text", "said"),
    [("1", "1 number given"), ("1, 2, 3", "3 numbers given"), ("0,5 -1", "decimal point"), ("one, 2", "'one' is not a"),
     ("1/2, 3", "½ as 0.5"), ("nan, 1", "'nan' is not a"), ("1e9, 1", "1e9 is too large"), ("()", "0 numbers")],
)  # fmt: skip
def test_what_is_no_point_is_one_line_with_an_example(text, said):
    with pytest.raises(UserError, match=said) as error:
        read(text)
    assert str(error.value).startswith("point: ") and "\n" not in str(error.value)


# training


@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 0.5), ("adam", 0.02)])
def test_training_is_torchs_own_loop_to_the_bit(optimizer, rate):
    config = Config(optimizer=optimizer, learning_rate=rate, epochs=3)
    ours = in_torch.Training(config, first_weights(0, 8))
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0))
    net.load_state_dict(dict(zip(net.state_dict(), map(torch.from_numpy, first_weights(0, 8).values()), strict=True)))
    stepper = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer](net.parameters(), lr=rate)
    data = points(0)
    for epoch in range(3):
        losses = ours.epoch(data, order(0, epoch))
        for i, loss in zip(range(0, COUNT, 20), losses, strict=True):
            batch = order(0, epoch)[i : i + 20]
            stepper.zero_grad()
            found = F.binary_cross_entropy_with_logits(
                net(torch.from_numpy(data.x[batch])), torch.tensor(data.y[batch])
            )
            found.backward()
            stepper.step()
            assert loss == found.item()
    for mine, theirs in zip(ours.weights().values(), net.state_dict().values(), strict=True):
        np.testing.assert_array_equal(mine, theirs.numpy())


def test_the_defaults_learn_what_a_line_cannot(bundled):
    assert bundled.evaluate()["accuracy"] > 0.97
    info = bundled.run.info
    assert info["training"]["steps"] == 1_000 and info["parameters"] == 33
    assert info["training"]["best"] == min(line["validation_log_loss"] for line in bundled.run.metrics("epoch"))


def test_a_static_forward_pass_trains_to_the_same_numbers(tmp_path):
    losses = [
        in_torch.Training(Config(graph=graph, epochs=1), first_weights(0, 8)).epoch(points(0), order(0, 0))
        for graph in ("dynamic", "static")
    ]
    np.testing.assert_allclose(*losses, atol=1e-6)


def test_a_stopped_run_says_so(tmp_path, monkeypatch):
    epoch = in_torch.Training.epoch

    def stopped(self, *args):
        from pellucid.core.run import Run

        (run,) = Run.all(tmp_path, "frameworks")
        run.ask_to_stop()
        return epoch(self, *args)

    monkeypatch.setattr(in_torch.Training, "epoch", stopped)
    with pytest.raises(Interrupted, match="stopped after epoch 1"):
        api.train("frameworks", runs=tmp_path, epochs=5)


def test_keras_that_is_not_there_is_one_line(tmp_path, monkeypatch):
    from pellucid.rooms.frameworks import in_keras

    monkeypatch.setattr(in_keras, "find_spec", lambda name: None)
    for framework in ("keras", "both"):
        with pytest.raises(UserError, match="pip install keras tensorflow") as error:
            api.train("frameworks", runs=tmp_path, framework=framework)
        assert "\n" not in str(error.value)


# the trace


@pytest.mark.parametrize("text", [SURE, WRONG, NEAR, "1000000, -3", "0, 0"])
def test_a_look_is_torchs_own_training_on_that_point(bundled, model, text):
    trace = bundled.look(text)
    net = in_torch.Net(8)
    net.load_state_dict(model.state_dict())
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    x = torch.from_numpy(read(text))
    y = torch.from_numpy(different(read(text)))
    stepper = torch.optim.SGD(net.parameters(), lr=0.5)
    for step in range(MOST_STEPS):
        logit = net(x)
        loss = F.binary_cross_entropy_with_logits(logit, y)
        assert trace.array(f"loss[{step}]") == pytest.approx(loss.item(), abs=1e-6)
        assert str(trace.check()).startswith(f"checked {len(trace)} of {len(trace)}")
        assert trace.array(f"probability[{step}]") == pytest.approx(torch.sigmoid(logit).item(), abs=1e-6)
        if step >= 2 and loss < ENOUGH:
            break
        stepper.zero_grad()
        loss.backward()
        stepper.step()
        for name, weight in net.named_parameters():
            called = name.replace(".", "_")
            gradient = trace.array(f"{called}_gradient[{step}]")
            np.testing.assert_allclose(gradient, weight.grad.numpy(), rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(trace.array(f"{called}[{step}]"), weight.detach().numpy(), rtol=1e-5, atol=1e-6)
    assert len(trace.array("loss_curve")) == step + 1
    assert f"loss[{step + 1}]" not in trace
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])


def test_the_names_of_what_autograd_computed_are_true(bundled):
    trace = bundled.look(WRONG)
    error = trace.array("probability[0]") - trace.array("y")
    hidden, output = trace.array("model.activated[0]"), trace.array("model.output.weight")
    np.testing.assert_allclose(trace.array("error[0]"), error, atol=1e-6)
    np.testing.assert_allclose(trace.array("against_gradient[0]"), np.abs(error), atol=1e-6)
    np.testing.assert_allclose(trace.array("activated_gradient[0]"), error * output, atol=1e-6)
    np.testing.assert_allclose(trace.array("sum_gradient[0]"), error * output * (1 - hidden**2), atol=1e-6)
    np.testing.assert_allclose(trace.array("output_weight_gradient[0]"), error * hidden, atol=1e-6)


def test_the_first_pass_is_the_answer_and_the_map_goes_through_it(bundled):
    trace = bundled.look("1, -1")
    assert trace.array("probability[0]")[0] == pytest.approx(bundled.predict("1, -1")["probability"], abs=1e-6)
    plane, x1 = trace.array("map.plane"), trace.array("x1")
    row, column = int(np.abs(x1 + 1.25).argmin()), int(np.abs(x1 - 1.25).argmin())
    asked = f"{x1[column]}, {x1[row]}"
    assert plane[row, column] == pytest.approx(bundled.predict(asked)["probability"], abs=1e-5)
    assert plane[row, column] > 0.9 > 0.1 > plane[row, row]


# graphs


def test_the_static_graph_is_the_trace(bundled, model):
    trace, x = bundled.look(SURE), torch.zeros(1, 2)
    assert of_trace(trace) == of_forward(model, x) == ["t", "addmm", "tanh", "t", "addmm", "squeeze"]
    assert of_export(model, x) == ["linear", "tanh", "linear", "squeeze"]
    assert bundled.run.info["graphs"] == {"torch.fx": of_trace(trace), "torch.export": of_export(model, x)}
    assert trace.meta["static"] == bundled.run.info["graphs"]


def test_a_whole_step_forward_and_back_is_one_static_graph(bundled, model):
    """torch.fx, given the step as a function, lists what the trace lists, in the same order."""

    def step(x, sign):
        loss = F.softplus(sign * model(x)).mean()
        return torch.autograd.grad(loss, list(model.parameters()))

    static = of_function(step, torch.tensor([[0.5, -1.0]]), torch.tensor([-1.0]))
    nodes = [node for node in bundled.look(SURE).nodes if node.step == 0]
    end = next(i for i, node in enumerate(nodes) if node.variable == "hidden_weight_change")
    beside = ("detach", "_local_scalar_dense", "lt", "sigmoid")  # the answer, and whether to go on
    ran = [node.kind for node in nodes[:end] if node.kind not in beside]
    assert [kind for kind in static if kind != "detach"] == ran
    assert len(ran) > 25 and "tanh_backward" in ran


def test_the_graph_of_an_if_depends_on_the_number(model):
    branching = Branching(model)
    up, down = torch.tensor([[1.0, 0.5]]), torch.tensor([[-1.0, -0.5]])
    kinds = [[node.kind for node in capture(branching, x).nodes] for x in (up, down)]
    assert [found.count("neg") for found in kinds] == [0, 2] and kinds[0] != kinds[1]
    with pytest.raises(Exception, match="Could not guard on data-dependent expression"):
        of_export(branching, up)
    conditional = Conditional(model)
    assert "cond" in of_export(conditional, up)
    program = torch.export.export(conditional, (up,)).module()
    for x in (up, down):
        torch.testing.assert_close(program(x), branching(x))


def test_compile_cuts_where_export_refuses(model):
    """Into what lies before the `if` and what lies after it; asked for the whole, it refuses as well."""
    branching = Branching(model)
    up, down = torch.tensor([[1.0, 0.5]]), torch.tensor([[-1.0, -0.5]])
    torch._dynamo.reset()
    explained = torch._dynamo.explain(branching)(up)
    assert (explained.graph_count, explained.graph_break_count) == (2, 1)
    compiled = torch.compile(branching, backend="eager")
    for x in (up, down):
        torch.testing.assert_close(compiled(x), branching(x))
    torch._dynamo.reset()
    with pytest.raises(torch._dynamo.exc.Unsupported, match=r"(?i)data-dependent"):
        torch.compile(branching, backend="eager", fullgraph=True)(up)
    torch._dynamo.reset()


class Harmless(nn.Module):
    """What a static graph can hold: a loop over layers, an if on a shape, a choice by torch.where."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        if x.shape[1] == 2:
            x = x + 1
        return torch.where(x > 0, x, 0)


class OnTheLargest(nn.Module):
    def forward(self, x):
        return x + 1 if x.max() > 1 else x


def test_the_answers_of_refused_or_not():
    found = of_export(Harmless(), torch.zeros(1, 2))
    assert found.count("linear") == 2 and "where" in found and "add" in found
    with pytest.raises(Exception, match="data-dependent"):
        of_export(OnTheLargest(), torch.zeros(1, 2))


# figures


def test_expected_json_can_be_made_again():
    """All but what needs Keras, which test_frameworks_keras.py makes again."""
    file = Path(studies.__file__).with_name("expected.json")
    stored = {study["command"]: study for study in json.loads(file.read_text(encoding="utf-8"))["studies"]}
    for measure, _, command, seeds in studies.STUDIES[:2]:
        assert stored[command]["seeds"] == seeds
        for variant, figures in measure().items():
            for name, figure in figures.items():
                told = stored[command]["variants"][variant][name]
                assert figure == {key: pytest.approx(told[key], abs=0.02) for key in figure}, (variant, name)


def test_the_operations_of_a_pass_are_those_of_the_exercise(bundled):
    sizes = [len(bundled.look(text)) for text in (SURE, WRONG, NEAR)]
    assert sizes == [116, 159, 202] and sizes[0] - 2 * 43 == 30


def test_adam_is_told_from_plain_steps(tmp_path, model):
    plain, adam = (look(model, Config(optimizer=name), read(SURE), {}).meta["notes"] for name in ("sgd", "adam"))
    assert plain == [] and "plain gradient descent" in adam[0]["en"]


def test_the_plumbing_of_tensorflow_computes_nothing():
    assert set(graphs.PLUMBING).isdisjoint({"MatMul", "BiasAdd", "Tanh", "AddV2"})


@pytest.mark.parametrize("command", [["predict"], ["predict", "--json"], ["look"]])
def test_an_input_that_begins_with_a_minus_is_no_option(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command[0], "frameworks", "--runs", "nowhere", *command[1:], "-0.5, 1"])
    said = capsys.readouterr()
    assert stop.value.code == 0, said.err
    assert "-0.5, 1" in said.out and ("different" in said.out or "signs differ" in said.out)


def test_an_option_that_is_none_is_still_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["predict", "frameworks", "--colum", "x", "1, 2"])
    assert stop.value.code == 2 and "--colum" in capsys.readouterr().err
