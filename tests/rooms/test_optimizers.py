"""The seven optimizers against torch's, the surfaces against autograd, the verdicts, and what a person may write."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from pellucid import api, catalog
from pellucid.core.errors import UserError
from pellucid.core.formula import Formula
from pellucid.rooms.optimizers.config import Config
from pellucid.rooms.optimizers.convexity import Box, convexity
from pellucid.rooms.optimizers.descent import descend, judge, path, race, sweep
from pellucid.rooms.optimizers.inside import look
from pellucid.rooms.optimizers.network import SIZE, Network
from pellucid.rooms.optimizers.problem import read
from pellucid.rooms.optimizers.steps import OPTIMIZERS, Settings
from pellucid.rooms.optimizers.surfaces import SURFACES, surface
from pellucid.rooms.optimizers.system import best, task

SGD, OPTIM = torch.optim.SGD, torch.optim
SAME = [
    ("gd", {}, SGD, {}),
    ("momentum", {"momentum": 0.9}, SGD, {"momentum": 0.9}),
    ("momentum", {"momentum": 0.5}, SGD, {"momentum": 0.5}),
    ("nesterov", {"momentum": 0.9}, SGD, {"momentum": 0.9, "nesterov": True}),
    ("nesterov", {"momentum": 0.5}, SGD, {"momentum": 0.5, "nesterov": True}),
    ("adagrad", {"epsilon": 1e-10}, OPTIM.Adagrad, {}),
    ("adagrad", {"epsilon": 1e-3}, OPTIM.Adagrad, {"eps": 1e-3}),
    ("rmsprop", {}, OPTIM.RMSprop, {}),
    ("rmsprop", {"decay": 0.9, "epsilon": 1e-4}, OPTIM.RMSprop, {"alpha": 0.9, "eps": 1e-4}),
    ("adam", {}, OPTIM.Adam, {}),
    ("adam", {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-4}, OPTIM.Adam, {"betas": (0.5, 0.9), "eps": 1e-4}),
    ("adamw", {}, OPTIM.AdamW, {}),
    ("adamw", {"weight_decay": 0.3, "beta1": 0.8}, OPTIM.AdamW, {"weight_decay": 0.3, "betas": (0.8, 0.999)}),
]


def valley(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


def ravine(p):
    return 0.5 * p[0] ** 2 + 50 * p[1] ** 2


@pytest.mark.parametrize(("name", "ours", "optimizer", "theirs"), SAME)
@pytest.mark.parametrize("where", ["ravine", "rosenbrock"])
def test_a_thousand_steps_are_torchs(where, name, ours, optimizer, theirs):
    """Down the ravine each goes by itself. Across Rosenbrock's valley it gets the slopes that torch meets: a descent
    that jumps to and fro there doubles its own rounding every few steps, whoever computes it."""
    plain = name in ("gd", "momentum", "nesterov")
    rate = {True: 0.01, False: 0.1 if name == "adagrad" else 5e-4} if where == "ravine" else {True: 1e-4, False: 0.01}
    told, ours_on = Settings(rate[plain], **ours), surface(where)
    state = OPTIMIZERS[name].start(np.array([-1.5, 1.0]))
    point = torch.tensor([-1.5, 1.0], dtype=torch.float64, requires_grad=True)
    stepper, f = optimizer([point], lr=rate[plain], **theirs), {"ravine": ravine, "rosenbrock": valley}[where]
    worst = 0.0
    for _ in range(1_000):
        gradient = ours_on.gradient(state["x"] if where == "ravine" else point.detach().numpy())
        stepper.zero_grad()
        f(point).backward()
        stepper.step()
        state = OPTIMIZERS[name](state, gradient, told)
        worst = max(worst, float(np.abs(state["x"] - point.detach().numpy()).max()))
    assert worst < 1e-6
    assert np.abs(state["x"] - [-1.5, 1.0]).max() > 0.2


def test_adams_defaults_are_those_of_the_paper():
    told = Settings()
    assert (told.rate, told.beta1, told.beta2, told.epsilon) == (0.001, 0.9, 0.999, 1e-8)
    config = Config()
    assert (config.beta1, config.beta2, config.epsilon) == (0.9, 0.999, 1e-8)


def test_adams_first_step_has_the_size_of_the_rate_whatever_the_slope():
    for slope in (1e-3, 1.0, 1e6):
        state = OPTIMIZERS["adam"](OPTIMIZERS["adam"].start(np.zeros(1)), np.array([slope]), Settings(0.1))
        assert state["x"][0] == pytest.approx(-0.1, rel=1e-4)


@pytest.mark.parametrize("name", SURFACES)
def test_minima_are_minima_and_gradients_are_autograds(name):
    known, found = SURFACES[name], surface(name)
    for minimum in np.array(known.minima, dtype=float):
        assert np.linalg.norm(found.gradient(minimum)) < 1e-3
        assert np.linalg.eigvalsh(found.hessian(minimum)).min() > 0
    points = np.random.default_rng(1).normal(size=(5, 2))
    x, y = (torch.tensor(points[:, i], requires_grad=True) for i in (0, 1))
    written = {
        "bowl": lambda: x**2 + y**2,
        "ravine": lambda: 0.5 * x**2 + 50 * y**2,
        "saddle": lambda: x**2 - y**2 + y**4 / 4,
        "himmelblau": lambda: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
        "rosenbrock": lambda: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    }[name]()
    gradients = torch.stack(torch.autograd.grad(written.sum(), (x, y)), dim=-1)
    np.testing.assert_allclose(found.value(points), written.detach(), rtol=1e-12)
    np.testing.assert_allclose(found.gradient(points), gradients, rtol=1e-10, atol=1e-12)


def test_the_ravine_is_a_hundred_times_steeper_one_way():
    assert np.linalg.cond(surface("ravine").hessian(np.zeros(2))) == pytest.approx(100)


def test_the_networks_gradient_is_autograds():
    network = Network(seed=3)
    weights = np.stack([network.start(), network.start() * 2])
    given = torch.tensor(weights, requires_grad=True)
    points, targets = map(torch.from_numpy, network.data)
    hidden = torch.tanh(points @ given[:, :16].reshape(2, 2, 8) + given[:, None, 16:24])
    logits = (hidden @ given[:, 24:32, None])[..., 0] + given[:, 32:]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets.expand(2, -1), reduction="none").mean(1)
    loss.sum().backward()
    assert given.shape == (2, SIZE)
    np.testing.assert_allclose(network.value(weights), loss.detach(), rtol=1e-12)
    np.testing.assert_allclose(network.gradient(weights), given.grad, rtol=1e-9, atol=1e-14)


def test_every_optimizer_trains_the_network():
    network = Network()
    rates = {"gd": 1.0, "momentum": 0.3, "nesterov": 0.3, "adagrad": 0.3, "rmsprop": 0.03, "adam": 0.1, "adamw": 0.1}
    for name, optimizer in OPTIMIZERS.items():
        end = descend(optimizer, Settings(rates[name]), network.gradient, network.start(), 300)[-1]
        assert network.value(end) < 0.3 < network.value(network.start())
        assert network.accuracy(end) >= 0.85


@pytest.mark.parametrize("where", ["ravine", "network"])
def test_a_sweep_is_the_same_as_one_descent_after_another(where):
    on = Network() if where == "network" else surface(where)
    start, rates = (on.start() if where == "network" else np.array([4.0, 1.0])), np.geomspace(1e-3, 1, 7)
    found = sweep(on.value, on.gradient, start, Settings(), rates, 40)
    assert found.keys() == OPTIMIZERS.keys()
    for name, optimizer in OPTIMIZERS.items():
        alone = [on.value(descend(optimizer, Settings(rate), on.gradient, start, 40)[-1]) for rate in rates]
        np.testing.assert_allclose(found[name], alone, rtol=1e-9)


@pytest.mark.parametrize(
    ("text", "how", "kind"),
    [
        ("f = x^2 + 10y^2; start = 4, 2; rate = 0.05; steps = 300", "converged", "minimum"),
        ("f = x^2 + 10y^2; start = 4, 2; rate = 0.05; steps = 5", "still going", None),
        ("f = x^2 + 10y^2; start = 4, 2; rate = 0.105", "diverged", None),
        ("f = x^2 + 10y^2; start = 4, 2; rate = 50", "diverged", None),
        ("f = x^2 + y^2; start = 4, 2; rate = 1", "oscillates", None),
        ("f = ravine; start = 4, 1; rate = 0.02; steps = 900", "oscillates", None),
        ("f = saddle; start = 2, 0; rate = 0.1; steps = 200", "converged", "saddle"),
        ("f = saddle; start = 2, 0.01; rate = 0.1; steps = 200", "converged", "minimum"),
        ("f = x^2 - y^2; start = 1, 0.1; rate = 0.4; steps = 200", "falls forever", None),
        ("f = -x^2 - y^2; start = 0, 0; rate = 0.1", "converged", "maximum"),
        ("f = himmelblau; start = 0, 0; rate = 0.01; steps = 300", "converged", "minimum"),
        ("f = 3; start = 0, 0", "converged", "flat"),
        ("f = 2 log(x) + y^2; start = 1, 1; rate = 0.4", "left", None),
    ],
)
def test_the_verdict(text, how, kind):
    problem = read(text, Config())
    found = judge(problem, path(problem))
    assert (found.how, found.kind) == (how, kind)


BOX = Box((-2.0, -2.0), (2.0, 2.0))


@pytest.mark.parametrize(
    ("formula", "answer"),
    [
        ("x^2 + y^2", "convex"),
        ("x^2 + x y + y^2", "convex"),
        ("3x - y", "convex"),
        ("x^4 + y^4", "convex"),
        ("exp(x) + y^2", "convex"),
        ("x y", "not convex"),
        ("x^2 - y^2", "not convex"),
        ("-abs(x)", "not convex"),
        ("sin(x)", "not convex"),
        ("(1 - x)^2 + 100(y - x^2)^2", "not convex"),
        ("sqrt(abs(x))", "not convex"),
        ("sqrt(x^2 + y^2 + 1)", "cannot tell"),
        ("abs(x) + abs(y)", "cannot tell"),
        ("log(x)", "not convex"),
        ("-log(x)", "cannot tell"),
    ],
)
def test_convexity(formula, answer):
    found = convexity(surface(formula), BOX)
    assert found.answer == answer
    assert (found.chord is not None) == (answer == "not convex")
    if found.chord:
        f, (a, b) = Formula.parse(formula, ("x", "y")), found.chord
        assert f(*((a + b) / 2)) > (f(*a) + f(*b)) / 2


def test_the_race_has_seven_that_go_their_own_ways():
    found = race(read("f = ravine\nrate = 0.015", Config()))
    assert list(found) == list(OPTIMIZERS)
    ends = {tuple(np.round(points[-1], 6)) for points in found.values()}
    assert len(ends) == 7


HARD = [
    "f = " + "*".join(f"(x+{i}y)" for i in range(1, 12)) + "; start = 0.1, 0.1; rate = 0.001",
    "f = x + y; start = 1, 1",
    "f = y; start = 1, 1; optimizer = adamw",
    "f = 7; start = 0, 0; optimizer = adam",
    "f = abs(x) + abs(x - y)^3; start = 1, -1",
    "f = tan(x) asin(y) + acos(y) atan(x y) + sinh(x) cosh(y); start = 0.1, 0.2; rate = 0.01",
    "f = sigmoid(x y) + ln(2 + x^2) + sqrt(1 + y^2) + e^(-x) + 2^y + x^-2; start = 1, 1; rate = 0.01; optimizer = adam",
    "f = sqrt(x) + y; start = 1, 1; rate = 1",
    "f = x^3; start = -1, 1; rate = 1",
    "f = exp(x y); start = 1, 1; rate = 100",
]


@pytest.mark.parametrize("text", HARD)
def test_whatever_can_be_typed_can_be_looked_into(text):
    trained = api.open(api.bundled("optimizers"))
    answer = trained.predict(text)
    json.dumps(answer, allow_nan=False)
    trace = trained.look(text)
    report = trace.check()
    assert report.checked == report.total == len(trace.nodes) < 5_000
    assert trace.series("point").shape == trace.array("path").shape
    assert list(trained.system.story(trace))[-2].startswith("verdict")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_is_recorded_is_the_descent(name):
    """The trace is made by the optimizer's own formula on torch's numbers; the path by compiled derivatives."""
    problem = read(f"f = sin(x) exp(-y^2) + 0.1(x^2 + y^2)\nstart = 1, 0.5\nrate = 0.1\noptimizer = {name}", Config())
    trace, points = look(problem), path(problem)
    chosen = [int(each) for each in trace.meta["steps"][""]["labels"][1:]]
    np.testing.assert_allclose(trace.array("path"), points[[0, *chosen]], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(trace.array("losses"), problem.surface.value(points[[0, *chosen]]), rtol=1e-9)
    np.testing.assert_array_equal(trace.series("point"), trace.array("path"))
    for remembered in OPTIMIZERS[name].remembers:
        assert trace.series(remembered).shape == (len(chosen), 2)
    report = trace.check()
    assert report.checked == report.total == len(trace.nodes) < 1_000


def test_a_long_descent_is_thinned_and_each_step_is_still_true():
    problem = read("f = rosenbrock\noptimizer = adam\nrate = 0.02\nsteps = 900", Config())
    trace, points = look(problem), path(problem)
    chosen = [int(each) for each in trace.meta["steps"][""]["labels"][1:]]
    assert chosen[:10] == list(range(1, 11)) and chosen[-1] == 900 and len(chosen) <= 60
    np.testing.assert_allclose(trace.array("path"), points[[0, *chosen]], rtol=1e-9, atol=1e-9)
    assert len(trace.nodes) < 1_000 and trace.check().failed == []


def test_the_plots_name_what_is_in_the_trace():
    trace = look(read("f = himmelblau", Config()))
    plane, line = trace.meta["plots"]
    assert trace.array(plane["node"]).shape == (len(trace.array(plane["y"])), len(trace.array(plane["x"])))
    x, y = np.meshgrid(trace.array(plane["x"]), trace.array(plane["y"]))
    np.testing.assert_allclose(
        trace.array(plane["node"]), surface("himmelblau").value(np.stack([x, y], -1)), rtol=1e-9, atol=1e-9
    )
    assert len(plane["paths"]) == 7 and len(plane["points"]) == 4
    for each in plane["paths"]:
        assert trace.array(each["node"]).shape == trace.array("path").shape
    assert trace.array(line["node"]).shape == trace.array(line["x"]).shape


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("start = 4, 2", "no surface"),
        ("f = x^2 +", "line 1, column 10"),
        ("\nf = x^2 + z", "line 2, column 11"),
        ("f = __import__('os')", "line 1, column 5"),
        ("f = rosenbrok", "did you mean rosenbrock"),
        ("f = x; start = 4", "line 1, column 16"),
        ("f = x\nstart = 4, y", "line 2, column 9"),
        ("f = x\nstart = 1e9, 0", "too far out"),
        ("f = x\nstart = nan, 0", "line 2"),
        ("f = log(x)\nstart = -1, 0", "no finite number at the start"),
        ("f = 1/(x-x)", "not a real number"),
        ("f = " + "*".join(f"(x+{i}y)" for i in range(1, 24)), "too long"),
        ("f = x\noptimizer = adm", "Did you mean 'adam'"),
        ("f = x\nrate = -1", "above 0"),
        ("f = x\nrate = 1e99", "at most 100"),
        ("f = x\nsteps = 1001", "from 1 to 1,000"),
        ("f = x\nsteps = 2.5", "whole number"),
        ("f = x\nf = y", "twice"),
        ("f = x\nspeed = 2", "none of f, start"),
        ("f = x\nhello", "no ="),
        ("f =", "has no value"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_says_where(text, says):
    with pytest.raises(UserError) as error:
        read(text, Config())
    assert says in str(error.value) and "\n" not in str(error.value) and len(str(error.value)) < 400


def test_a_text_may_be_short_and_says_what_the_configuration_does_not():
    plain = read("x^2 + y^2", Config(start="1, 1", optimizer="adam", learning_rate=0.2, steps=7))
    assert (plain.start, plain.name, plain.settings.rate, plain.steps) == ((1.0, 1.0), "adam", 0.2, 7)
    full = read("ｆ＝ｘ²＋ｙ²； start = (2, −3); optimizer = Adam; rate = .5; steps = 9", Config())
    assert (full.start, full.name, full.settings.rate, full.steps) == ((2.0, -3.0), "adam", 0.5, 9)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"surface": "x +"}, "column 4"),
        ({"start": "4"}, "no point"),
        ({"optimizer": "adagard"}, "Did you mean 'adagrad'"),
        ({"learning_rate": 0}, "greater than 0"),
    ],
)
def test_a_configuration_is_refused_before_anything_runs(fields, says):
    with pytest.raises(UserError, match=says):
        Config.build(fields)


def test_the_network_is_trained_as_a_run(tmp_path):
    trained = api.train("optimizers", runs=tmp_path, surface="network", optimizer="adam", learning_rate=0.1, steps=200)
    scores = trained.evaluate()
    assert trained.run.info["parameters"] == SIZE == api.summary("optimizers", surface="network")[0].total
    assert scores["value"] < 0.2 and scores["accuracy"] > 0.9
    assert scores["best_value"] <= scores["best_gd"]
    assert len(list(trained.run.metrics("epoch"))) == trained.run.info["training"]["epochs"] <= 200


def test_a_run_that_diverges_keeps_what_is_finite(tmp_path):
    trained = api.train("optimizers", runs=tmp_path, surface="x^4 + y^2", learning_rate=1.0, start="3, 1", steps=50)
    assert np.isfinite(trained.system.trajectory).all()
    assert np.isfinite(trained.evaluate()["value"])


# homework


def homework():
    from pellucid.rooms.optimizers.homework import EXERCISES

    return EXERCISES


def results(source, exercise):
    name = exercise.stub.split("def ", 1)[1].split("(")[0]
    space = {"np": np}
    exec(compile(source, exercise.name, "exec"), space)
    out = []
    for case in (*exercise.public, *exercise.hidden):
        args = [np.array(a, dtype=float) if case.arrays and isinstance(a, list) else a for a in case.args]
        try:
            out.append(space[name](*args, **case.kwargs))
        except Exception as error:
            out.append(error)
    return out


def same(a, b, case):
    if isinstance(a, Exception) or isinstance(b, Exception):
        return False
    parts = zip(a, b, strict=True) if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b) else [(a, b)]
    return all(np.shape(x) == np.shape(y) and np.allclose(x, y, case.rtol, case.atol) for x, y in parts)


def test_worked_solutions_pass_and_typical_wrong_answers_fail():
    functions = [each for each in homework() if hasattr(each, "stub")]
    assert len(functions) >= 3 and len({each.name for each in homework()}) == len(homework())
    for each in functions:
        cases, right = (*each.public, *each.hidden), results(each.solution, each)
        assert all(same(a, b, c) for a, b, c in zip(right, results(each.solution, each), cases, strict=True))
        assert "NotImplementedError" in each.stub and len(each.wrong) >= 3
        for source in each.wrong:
            wrong = results(source, each)
            agree = [same(a, b, c) for a, b, c in zip(right, wrong, cases, strict=True)]
            assert not all(agree), f"{each.name}: passes though it is wrong:\n{source}"
            assert not all(agree[len(each.public) :]), f"{each.name}: hidden cases let it pass:\n{source}"


def test_homework_solutions_are_the_rooms_own_steps():
    by_name = {each.name: each for each in homework()}
    for name, optimizer in (("momentum_step", "momentum"), ("adam_step", "adam")):
        exercise = by_name[name]
        for case, found in zip((*exercise.public, *exercise.hidden), results(exercise.solution, exercise), strict=True):
            x, *memory, g = (np.array(each, dtype=float) for each in case.args[: 3 if optimizer == "momentum" else 4])
            if optimizer == "momentum":
                told = Settings(case.args[3], momentum=case.args[4])
                state = OPTIMIZERS["momentum"]({"x": x, "t": 0, "velocity": memory[0]}, g, told)
                expected = (state["x"], state["velocity"])
            else:
                told = Settings(case.args[5])
                before = {"x": x, "t": case.args[4] - 1, "first_moment": memory[0], "second_moment": memory[1]}
                state = OPTIMIZERS["adam"](before, g, told)
                expected = (state["x"], state["first_moment"], state["second_moment"])
            for a, b in zip(found, expected, strict=True):
                np.testing.assert_allclose(a, b, rtol=1e-9)


# the lesson


def points(text):
    return path(read(text, Config()))


def how(text):
    problem = read(text, Config())
    return judge(problem, path(problem)).how


def test_the_lessons_words_about_the_learning_rate():
    bowl = "f = x^2 + 10 y^2; start = 4, 2; rate = "
    for rate, factor in ((0.01, 0.8), (0.05, 0), (0.09, -0.8), (0.1, -1), (0.105, -1.1)):
        assert points(bowl + str(rate))[:4, 1] == pytest.approx([2 * factor**k for k in range(4)])
    assert [how(bowl + rate) for rate in ("0.09", "0.1", "0.105")] == ["converged", "oscillates", "diverged"]
    assert how(bowl + "0.0999; steps = 1000") != "diverged" == how(bowl + "0.1001; steps = 1000")
    assert points(bowl + "0.05")[2] == pytest.approx([3.24, 0])
    assert how("f = 3x^2 + y^2; start = 1, 1; rate = 0.33; steps = 1000") == "converged"
    assert how("f = 3x^2 + y^2; start = 1, 1; rate = 0.34") == "diverged"


def test_the_lessons_words_about_momentum_and_nesterov():
    ravine = "f = ravine; start = 4, 1; rate = {}; optimizer = {}"
    velocity = look(read(ravine.format(0.015, "momentum"), Config())).series("velocity")
    assert velocity[:2].tolist() == [[4, 100], [pytest.approx(7.54), pytest.approx(40)]]
    assert np.abs(points(ravine.format(0.01, "nesterov"))[2:, 1]).max() < 1e-9
    assert points(ravine.format(0.01, "momentum"))[5, 1] == pytest.approx(0.80, abs=0.005)
    assert how(ravine.format(0.015, "nesterov")) == "diverged" != how(ravine.format(0.015, "momentum"))
    ends = {name: found[-1] for name, found in race(read(ravine.format(0.1, "adam"), Config())).items()}
    assert {name for name, end in ends.items() if np.isnan(end).any()} == {"gd", "momentum", "nesterov"}


def test_the_lessons_words_about_saddles_and_minima():
    assert points("f = saddle; start = 2, 0.01; rate = 0.1")[-1] == pytest.approx([0, 2**0.5], abs=1e-4)
    for name in OPTIMIZERS:
        assert points(f"f = saddle; start = 2, 0; rate = 0.1; optimizer = {name}")[-1, 1] == 0
    beside = "f = saddle; start = 2, 0.01; rate = 0.05; optimizer = "
    assert [round(float(points(beside + name)[10, 1]), 2) for name in ("gd", "adam")] == [0.03, 0.48]
    starts = ("0, 0", "-1, 1", "-1, -1", "1, -2")
    ends = [points(f"f = himmelblau; rate = 0.01; start = {start}")[-1] for start in starts]
    np.testing.assert_allclose(ends, SURFACES["himmelblau"].minima, atol=1e-4)


def test_expected_figures_are_what_the_algorithms_give_today():
    folder = Path(catalog.folder("optimizers"))
    study = json.loads((folder / "expected.json").read_text())["studies"][0]
    for name, variant in study["variants"].items():
        config = Config(surface=name.removeprefix("surface="), start=STARTS[name], steps=200)
        found = best(*task(config), config)
        for optimizer in ("gd", "momentum", "nesterov", "adagrad", "adam", "adamw"):  # rmsprop's best is chaos
            value, rate = found[optimizer]
            assert value == pytest.approx(variant[f"best_{optimizer}"]["mean"], rel=0.02, abs=1e-7), (name, optimizer)
            assert rate == pytest.approx(variant[f"best_rate_{optimizer}"]["mean"], rel=1e-3)


STARTS = {"surface=ravine": "4, 1", "surface=rosenbrock": "-1.5, 1", "surface=network": "0, 0"}
