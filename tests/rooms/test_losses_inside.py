"""Losses: what the descent does, what the trace holds, what the verdict says, and the run that is left."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from pellucid import api
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run
from pellucid.rooms.losses import CARD, losses
from pellucid.rooms.losses.config import Config
from pellucid.rooms.losses.descent import descend
from pellucid.rooms.losses.reader import read
from pellucid.rooms.losses.system import System
from pellucid.rooms.losses.verdict import outcome, verdict

SYSTEM = System(Config())
OVERFLOW = "binary_crossentropy from logits; y = 1 0 0 0; p = -800 40 3 800"
MORE = (
    "bce; y = 1 0 1; p = 0.5 0.2 0; reduction = sum",
    "mae from logits; y = 0 1; p = 2 3; sample weights = 1 2",
    "cce from logits; y = 0 1 0 | 0 0 1; z = 1 2 3 | 3 4 1000; class weights = 1 2 3",
    "scce from logits; y = 1; p = 1 2 3; steps = 3",
    "cce; y = .2 .8 | .5 .5; p = .1 .9 | .6 .4; reduction = none",
    "kl from logits; y = .2 .8; z = 1 2",
    "poisson from log; y = 3; p = 0",
    "mse; y = 1 2 4; p = 0; reduction = weighted mean; weights = 1 2 3; rate = 0.2",
    "hinge; y = 1 0; p = 1 2; rate = 0.25; steps = 4",
)


def ask(text: str, **fields):
    return next(System(Config.build(fields)).predict([text]))


# descent


def test_a_descent_is_torchs_sgd_on_the_predictions():
    text = "bce from logits; y = 0 1 0 0; p = -18.6 0.51 2.94 -12.8; rate = 0.5; steps = 60"
    z = torch.tensor([-18.6, 0.51, 2.94, -12.8], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([0.0, 1, 0, 0], dtype=torch.float64)
    optimizer = torch.optim.SGD([z], lr=0.5)
    for _ in range(60):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(z, y).backward()
        optimizer.step()
    np.testing.assert_allclose(descend(read(text)).predictions[-1], z.detach(), rtol=1e-12)


def test_one_prediction_for_all_goes_to_mean_median_and_between():
    def end(loss: str) -> float:
        return ask(f"{loss}; y = 1 2 2.5 4 100; p = 0; rate = 0.05; steps = 2000")["after"]["p"]

    assert end("mse") == pytest.approx(np.mean([1, 2, 2.5, 4, 100]))
    assert end("mae") == pytest.approx(np.median([1, 2, 2.5, 4, 100]), abs=0.05)
    assert end("huber") == pytest.approx(2.75)
    shares = ask("bce from logits; y = 0 0 0 0 1; p = 3; rate = 5; steps = 500")["after"]["z"]
    assert losses.sigmoid(shares) == pytest.approx(0.2)


def test_probabilities_move_by_their_logits_and_stay_probabilities():
    found = ask("cce; y = 0 1 0; p = 0.2 0.2 0.6; rate = 20")
    assert sum(found["after"].values()) == pytest.approx(1) and found["after"]["p1[1]"] > 0.99
    assert found["gradient"]["p1[1]"] == pytest.approx(-1 / 0.2)
    moved = read("bce; y = 1 1; p = 0.5 0").moved()
    assert moved.predictions == pytest.approx([0, np.log(1e-7 / (1 - 1e-7))])


def test_a_mean_of_counts_stays_above_0_and_a_cosine_only_turns():
    assert ask("poisson; y = 0 2; p = 1 1; rate = 3; steps = 50")["after"]["p1"] == pytest.approx(1e-6)
    path = descend(read("cosine; y = 1 0; p = 1 1"))
    assert (np.diff(np.linalg.norm(path.predictions[:, 0], axis=-1)) > -1e-12).all()
    assert path.losses[-1] == pytest.approx(-1)


def test_a_rate_too_large_is_said_so():
    found = outcome(read("mse; y = 1; p = 2; rate = 1.1"))
    assert found.path.losses[-1] > found.path.losses[0] and "Take a smaller rate" in verdict(found)["en"]
    blown = outcome(read("mse; y = 1; p = 2; rate = 1e6"))
    assert blown.path.end == "diverged" and "does not help" in verdict(blown)["en"]


# the trace


@pytest.mark.parametrize("text", [*CARD.input.examples, OVERFLOW, *MORE])
def test_every_number_of_a_trace_is_checked_and_what_plots_name_is_there(text):
    trace = SYSTEM.look(text)
    report = trace.check()
    assert report.checked == report.total <= 1_000 and report.largest < 1e-14
    for plot in trace.meta["plots"]:
        for part in (plot, *plot.get("points", ()), *plot.get("lines", ())):
            for name in (part[key] for key in ("node", "x", "y") if key in part):
                numbers = trace.array(name) if name in trace else None
                if numbers is None:
                    numbers = trace.series(name) if name not in trace._values_by_name else trace.array(name)
                assert np.isfinite(numbers).all(), name
        assert all(part["label"]["zh-TW"] for part in (*plot.get("lines", ()), *plot.get("points", ())))


@pytest.mark.parametrize("text", [*CARD.input.examples, *MORE])
def test_the_trace_agrees_with_the_answer_and_walks_where_descent_walked(text):
    trace, found = SYSTEM.look(text), outcome(read(text))
    given = trace.meta["given"]
    names = [f"{given}{name}" for name in ("values", "loss", "gradient")]
    first = {name: trace.array(f"{name}{'' if given else '[0]'}") for name in names}
    assert first[f"{given}loss"] == pytest.approx(found.given.loss, rel=1e-12)
    np.testing.assert_allclose(first[f"{given}values"], found.given.values, rtol=1e-12)
    gradient = first[f"{given}gradient"]
    gradient = gradient.sum(keepdims=True) if found.problem.shared else gradient
    np.testing.assert_allclose(gradient, found.given.gradient, rtol=1e-9, atol=1e-12)
    steps = [int(label) for label in trace.meta["steps"][""]["labels"]]
    assert steps[-1] == found.path.steps
    np.testing.assert_allclose(trace.series("predictions"), found.path.predictions[steps], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(trace.array("loss_curve"), found.path.losses[steps], rtol=1e-9, atol=1e-12)


def test_the_points_lie_on_the_curve_of_the_loss():
    trace = SYSTEM.look("bce from logits; y = 0 1; p = -1 2; class weights = 1 5")
    for i, y in enumerate((0.0, 1.0), 1):
        x, height = trace.series(f"point_{i}")[0]
        assert height == pytest.approx(losses.binary_crossentropy_from_logits(y, x)[0])


def test_the_naive_way_is_shown_as_it_is():
    trace = SYSTEM.look(OVERFLOW)
    np.testing.assert_array_equal(trace.array("naive_probabilities")[:2], [0, 1])
    naive = trace.array("naive_values")
    assert np.isposinf(naive[:2]).all() and naive[2] == pytest.approx(3.0485873) and np.isnan(naive[3])
    np.testing.assert_allclose(trace.series("values")[0], [800, 40, 3.0485873, 800])
    rows = SYSTEM.look("scce from logits; y = 1 0; p = 1000 0 | 1 2")
    assert np.isnan(rows.array("naive_probabilities")[0, 0]) and np.isposinf(rows.array("naive_exps")[0, 0])
    assert rows.series("values")[0, 0] == 1000 and rows.array("shifted[0]")[0].tolist() == [0, -1000]


@pytest.mark.parametrize(("dtype", "rounds", "overflows"), [(torch.float32, 17, 89), (torch.float64, 37, 710)])
def test_from_which_logit_on_the_naive_way_fails(dtype, rounds, overflows):
    """The lesson's numbers: where sigmoid rounds to 1, and where exp overflows."""
    z = torch.arange(1, 1000, dtype=dtype)
    assert z[torch.sigmoid(z) == 1][0] == rounds
    assert z[torch.exp(z).isinf()][0] == overflows


def test_odds_and_logits_are_in_the_trace_and_the_logit_of_one_half_is_0():
    trace = SYSTEM.look("binary_crossentropy; y = 1 1 0; p = 0.5 0.8 0.01")
    np.testing.assert_allclose(trace.array("odds"), [1, 4, 1 / 99])
    np.testing.assert_allclose(trace.array("logits"), [0, np.log(4), -np.log(99)])
    assert trace.array("logits")[0] == 0
    np.testing.assert_allclose(trace.series("probabilities")[0], [0.5, 0.8, 0.01])


@pytest.mark.parametrize("text", [*CARD.input.examples, *MORE])
def test_the_formula_stands_above_its_picture(text):
    (note,) = SYSTEM.look(text).meta["notes"]
    assert "ℓ = " in note["en"] and "ℓ′ = " in note["en"] and note["en"] == note["zh-TW"]
    assert ("z" in note["en"]) == read(text).from_logits


def test_labels_and_one_hot_rows_are_both_in_the_trace():
    rows = SYSTEM.look(CARD.input.examples[2])
    labels = SYSTEM.look(CARD.input.examples[1])
    assert rows.array("labels").tolist() == labels.array("targets").tolist() == [1, 2]
    np.testing.assert_array_equal(labels.array("given_one_hot"), rows.array("targets"))


# the verdict


@pytest.mark.parametrize(("text", "says"), [
    (CARD.input.examples[0], "mean: 0.8655. Example 3 makes 86 % of it: it is confidently wrong, with 5 % for what is"),
    (OVERFLOW, "example 1 would give inf instead of 800"),
    ("bce from logits; y = 0 0; p = 30 40", "example 2 would give inf instead of 40"),
    ("bce from logits; y = 0; p = 30", "example 1 would give 29.99983 instead of 30"),
    ("bce from logits; y = 0; p = 800", "example 1 would give NaN instead of 800"),
    ("mse from logits; y = 1; p = -8", "Example 1 is wrong, and yet its slope is only 0.0006703: the sigmoid is sat"),
    ("mse; y = 1 2 100; p = 1 3 2", "Example 3 makes 100 % of it: its error is -98"),
    ("mse; y = 1; p = 1", "The gradient is 0 here"),
    ("bce; y = 0 1; p = .4 .6; class weights = 1 3", "Divided by the 2 examples it is 1.022, by the weights' sum 4 it"),
    ("mse; y = 1 2; p = 2 3; reduction = none", "without reduction: a value for each example"),
    ("mse; y = 1 2; p = 2 3; reduction = sum", "Mean squared error, sum: 2."),
])  # fmt: skip
def test_the_verdict_says_what_is_going_on(text, says):
    found = verdict(outcome(read(text)))
    assert says in found["en"] and "。" in found["zh-TW"]


def test_no_verdict_warns_of_an_overflow_that_is_not_there():
    assert "By way of" not in ask(CARD.input.examples[0])["verdict"]["en"]
    assert "saturated" not in ask("mse from logits; y = 1; p = 8")["verdict"]["en"]
    assert ask("mse; y = 1 2; p = 2 3; reduction = none")["loss"] is None


# the run


def test_a_training_logs_its_first_and_its_last_loss(tmp_path):
    trained = api.train("losses", runs=tmp_path, steps=1_000)
    lines = list(trained.run.metrics("epoch"))
    path = descend(read(Config().problem, 0.5, 1_000))
    assert lines[0]["loss"] == pytest.approx(0.86546, abs=1e-5) and lines[-1]["loss"] == path.losses[-1]
    assert lines[-1]["step"] == 1_000 and len(lines) <= 200
    scores = trained.evaluate()
    assert scores["loss"] == lines[0]["loss"] and scores["loss_after"] == lines[-1]["loss"]
    (tmp_path / "own.txt").write_text("mse\ny = 1\np = 3\n")
    assert trained.evaluate(file=str(tmp_path / "own.txt"))["loss"] == 4
    with pytest.raises(UserError, match="cannot be read"):
        trained.evaluate(file=str(tmp_path / "none.txt"))


def test_a_training_that_is_asked_to_stop_stops(tmp_path):
    from pellucid.core.world import World

    run = Run.create(tmp_path, "losses", Config().model_dump())
    run.ask_to_stop()
    with pytest.raises(Interrupted, match="stopped after step"):
        System.train(Config(steps=2_000), run, World(device=torch.device("cpu")))
