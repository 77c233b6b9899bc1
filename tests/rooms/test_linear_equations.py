"""Linear equations: the exact answer, the descent and its verdict, against others' arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from equations import SLIDES, as_rows, ask, hilbert

from pellucid import api, terminal
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run
from pellucid.rooms.linear_equations.config import Config
from pellucid.rooms.linear_equations.descent import descend
from pellucid.rooms.linear_equations.equations import read
from pellucid.rooms.linear_equations.solve import solve, steps_needed
from pellucid.rooms.linear_equations.system import System, answer, run_descent

# the exact answer


def test_the_slides_equations_give_1_and_2_5():
    found = ask(SLIDES)
    assert found["exact"] == {"x": 1.0, "y": 2.5}
    assert found["solution"] == pytest.approx({"x": 1, "y": 2.5}, abs=1e-8)
    assert found["condition"] == pytest.approx(np.linalg.cond([[5, 2], [1, 4]]))


def test_200_random_systems_are_solved_as_numpy_solves_them():
    random = np.random.default_rng(1)
    for _ in range(200):
        n = int(random.integers(1, 13))
        a, b = random.integers(-9, 10, (n, n)), random.integers(-99, 100, n)
        exact = solve(read(as_rows(a, b)))
        assert (exact.rank, exact.kind == "unique") == (np.linalg.matrix_rank(a), exact.rank == n)
        assert len(exact.free) == n - exact.rank
        if exact.kind == "unique":
            np.testing.assert_allclose(exact.values, np.linalg.solve(a, b), rtol=1e-7, atol=1e-9)
            assert exact.condition == pytest.approx(np.linalg.cond(a), rel=1e-6)
        else:
            np.testing.assert_allclose(exact.values, np.linalg.lstsq(a, b)[0], atol=1e-8)


@pytest.mark.parametrize("rank", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("consistent", [True, False])
def test_singular_systems_are_told_apart_and_get_the_shortest_least_squares_answer(rank, consistent):
    random = np.random.default_rng(rank)
    a = random.integers(-3, 4, (5, rank)) @ random.integers(-3, 4, (rank, 5))
    b = a @ random.integers(-5, 6, 5)
    if not consistent:
        b = b + np.array([1, 0, 0, 0, 0]) if rank == 0 else b + _outside(a)
    exact = solve(read(as_rows(a, b)))
    assert (exact.kind, exact.rank, exact.condition) == ("many" if consistent else "none", rank, None)
    np.testing.assert_allclose(exact.values, np.linalg.pinv(a) @ b, atol=1e-9)
    directions = np.array([[float(each) for each in direction] for direction in exact.free])
    assert np.linalg.matrix_rank(directions) == 5 - rank
    np.testing.assert_allclose(a @ directions.T, 0, atol=1e-12)


def _outside(a: np.ndarray) -> np.ndarray:
    """A right side that no unknowns give: the first unit vector that raises the rank."""
    return next(e for e in np.eye(5, dtype=int) if np.linalg.matrix_rank(np.c_[a, e]) > np.linalg.matrix_rank(a))


def test_elimination_is_exact_where_floats_are_not():
    assert solve(read("0.1x + 0.2y = 0.3; 0.3x + 0.6y = 0.9")).kind == "many"
    assert solve(read("0.1x + 0.2y = 0.3; 0.3x + 0.6y = 0.9000001")).kind == "none"


@pytest.mark.parametrize("n", range(2, 13))
def test_hilbert_systems_are_solved_exactly_whatever_their_condition(n):
    """The inverse of a Hilbert matrix is known: the sums of its rows are whole numbers."""
    exact = solve(read(hilbert(n)))
    f = math.factorial
    known = [(-1) ** (n + i) * f(n + i - 1) // (f(i - 1) ** 2 * f(n - i)) for i in range(1, n + 1)]
    assert exact.kind == "unique" and exact.values.tolist() == known
    if n <= 8:
        matrix = np.array([[1 / (i + j + 1) for j in range(n)] for i in range(n)])
        assert exact.condition == pytest.approx(np.linalg.cond(matrix), rel=1e-3)


# the descent


@pytest.mark.parametrize("momentum", [0.0, 0.6])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 12])
def test_descent_is_torchs_sgd_on_a_linear_layer(n, momentum):
    random = np.random.default_rng(n)
    a, b = random.normal(size=(n, n)), random.normal(size=n)
    rate = 0.5 / np.linalg.eigvalsh(2 / n * a.T @ a).max()
    layer = torch.nn.Linear(n, 1, bias=False, dtype=torch.float64)
    torch.nn.init.zeros_(layer.weight)
    optimizer = torch.optim.SGD(layer.parameters(), lr=rate, momentum=momentum)
    path = descend(a, b, rate, steps=100, tolerance=0, momentum=momentum)
    for step in range(path.steps):
        np.testing.assert_allclose(path.unknowns[step], layer.weight.detach().numpy()[0], rtol=1e-12, atol=1e-13)
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(layer(torch.from_numpy(a))[:, 0], torch.from_numpy(b))
        loss.backward()
        assert path.losses[step] == pytest.approx(loss.item(), rel=1e-12)
        assert path.slopes[step] == pytest.approx(layer.weight.grad.norm().item(), rel=1e-12)
        optimizer.step()


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_the_bound_of_the_learning_rate_is_where_descent_turns(seed, momentum):
    random = np.random.default_rng(seed)
    problem = read(as_rows(random.integers(-9, 10, (3, 3)), random.integers(1, 10, 3)))
    bound = solve(problem).bound * (1 + momentum)
    below, above = (
        run_descent(Config.build({"learning_rate": share * bound, "steps": 20_000, "momentum": momentum}), problem)
        for share in (0.999, 1.001)
    )
    assert not below.diverged and below.path.losses[-1] < below.path.losses[0]
    assert above.diverged and above.path.end == "diverged"
    assert above.bound == pytest.approx(bound)
    assert answer(above)["solution"] == dict.fromkeys(problem.names)


def test_momentum_may_overshoot_without_diverging():
    """0.06 is above 2 / L = 0.0536, but below 1.5 times as much."""
    once, long = (ask(SLIDES, learning_rate=0.06, momentum=0.5, steps=steps) for steps in (2, 2_000))
    assert "diverges" not in once["verdict"]["en"] and "diverges" not in long["verdict"]["en"]
    assert long["solution"] == pytest.approx({"x": 1, "y": 2.5}, abs=1e-6)


@pytest.mark.parametrize("fields", [{}, {"momentum": 0.8}, {"learning_rate": 0.01}, {"learning_rate": 0.05}])
def test_the_steps_that_are_foretold_are_those_that_it_takes(fields):
    problem = read(SLIDES)
    outcome = run_descent(Config.build({"tolerance": 0, "steps": 600, **fields}), problem)
    distance = np.linalg.norm(outcome.path.unknowns - [1, 2.5], axis=1)
    one = int(np.argmax(distance < 1e-4 * distance[0]))
    two = int(np.argmax(distance < 1e-8 * distance[0]))
    assert two - one == pytest.approx(steps_needed(outcome.exact, outcome.rate, outcome.momentum, 1e-4), rel=0.12)


def test_descent_stops_where_it_is_level_and_starts_at_zeros():
    path = run_descent(Config(), read(SLIDES)).path
    assert path.end == "level" and path.steps == 80
    assert path.unknowns[0].tolist() == [0, 0] and path.losses[0] == (10**2 + 11**2) / 2
    assert run_descent(Config(), read("x = 0")).path.steps == 0


# the verdict


@pytest.mark.parametrize(
    ("text", "fields", "en", "zh"),
    [
        (SLIDES, {}, ["One solution: x = 1, y = 2.5.", "got there in 80 steps", "keeps 77 %"], ["恰有一組解", "80 步"]),
        (SLIDES, {"learning_rate": 0.06}, ["diverges", "0.06", "0.0535937"], ["發散", "0.0535937"]),
        (SLIDES, {"steps": 5}, ["crawls", "after 5 steps", "keeps 77 %"], ["很慢", "5 步"]),
        ("x = 2", {"learning_rate": 1}, ["at its bound"], ["到不了"]),
        ("x + y = 2; x + 1.1y = 2", {}, ["x = 2, y = 0", "condition number 42.07", "16,3"], ["條件數 42.07"]),
        ("x + y = 2; x + y = 3", {}, ["No solution", "rank 1 of 2", "x = 1.25", "0.707107", "(-1, 1)"], ["無解"]),
        ("x + 2y = 4; 2x + 4y = 8", {}, ["Infinitely many", "x = 0.8, y = 1.6", "(-2, 1)"], ["無限多組解"]),
        ("0x = 1", {}, ["No solution", "rank 0 of 1"], ["無解"]),
        (hilbert(6), {}, ["x2 = 210", "crawls", "1.49511e+07", "more than 99.9999999 %"], ["很慢"]),
        (hilbert(12), {"steps": 50}, ["One solution", "crawls"], ["很慢"]),
    ],
)
def test_the_verdict_says_what_it_is(text, fields, en, zh):
    found = ask(text, **fields)["verdict"]
    assert all(part in found["en"] for part in en), found["en"]
    assert all(part in found["zh-TW"] for part in zh), found["zh-TW"]


# runs


def test_a_run_keeps_what_was_found(tiny_runs):
    run = tiny_runs("linear_equations").run
    weights = {name: value.numpy() for name, value in run.load_weights().items()}
    np.testing.assert_allclose(weights["weight"], [[1, 2.5]], atol=1e-8)
    assert weights["coefficients"].tolist() == [[5, 2], [1, 4]] and weights["right_sides"].tolist() == [10, 11]
    lines = list(run.metrics("epoch"))
    assert lines[0]["loss"] == 110.5 and lines[-1]["loss"] < 1e-16
    assert (run.info["parameters"], run.info["training"]["steps"], run.info["training"]["monitor"]) == (2, 80, "loss")


def test_a_long_descent_is_logged_thinly_and_with_its_scalars(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    trained = api.train("linear_equations", runs=tmp_path, equations="x+y=2;x+1.1y=2", steps=30_000, tolerance=0)
    lines = list(trained.run.metrics("epoch"))
    assert 100 < len(lines) <= 200 and lines[-1]["step"] == 30_000
    events = EventAccumulator(str(trained.path))
    events.Reload()
    assert {"loss", "gradient"} <= set(events.Tags()["scalars"])


def test_evaluate_scores_the_run_or_a_file(tmp_path):
    system = System(Config())
    assert system.evaluate() == pytest.approx(
        {"residual": 0, "distance": 0, "steps": 80, "loss": 0, "reached": 1}, abs=1e-8
    )
    file = tmp_path / "mine.csv"
    file.write_text("1, 1, 2\n1, 1, 3\n")
    scores = system.evaluate(file=str(file))
    assert scores["residual"] == pytest.approx(0.5**0.5) and scores["steps"] == 1
    assert system.evaluate(file=str(file), read={"steps": 7, "learning_rate": 0.01})["steps"] == 7
    for content in (b"\xff\xfe", None):
        bad = tmp_path / "bad.txt"
        bad.unlink(missing_ok=True)
        if content:
            bad.write_bytes(content)
        with pytest.raises(UserError, match=r"bad\.txt: cannot be read"):
            system.evaluate(file=str(bad))


def test_a_run_stops_when_asked_and_goes_on(tmp_path, monkeypatch):
    from pellucid.rooms.linear_equations import system

    original = system.descend
    monkeypatch.setattr(
        system, "descend", lambda *args, **more: original(*args, **more | {"asked_to_stop": lambda: True})
    )
    with pytest.raises(Interrupted, match="nothing is lost"):
        api.train("linear_equations", runs=tmp_path)
    (run,) = Run.all(tmp_path, "linear_equations")
    assert run.state == "interrupted"
    monkeypatch.setattr(system, "descend", original)
    assert api.resume(run.path).run.state == "done"


def test_weights_of_another_system_are_a_damaged_run(tiny_runs, tmp_path):
    import shutil

    copy = tmp_path / "run"
    shutil.copytree(tiny_runs("linear_equations").path, copy)
    run = Run(copy)
    run.update(config={**run.info["config"], "equations": "x = 1"})
    with pytest.raises(UserError, match="do not fit together"):
        System.load(run)


def test_without_chance_each_variant_is_trained_once(tmp_path, capsys):
    variants = list(api.compare("linear_equations", {"momentum": [0, 0.5]}, seeds=3, runs=tmp_path))
    assert [variant.figures["steps"] for variant in variants] == [[80], [66]]
    terminal.comparison(variants, as_json=False)
    told = {line.split("  ")[0].strip(): line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert told["steps"] == ["80", "66"] and float(told["residual"][0]) == pytest.approx(2.44e-9, rel=0.01)
