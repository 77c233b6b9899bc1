"""Linear equations: the reader, the exact answer, the descent and its trace, against others' arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import expected
from pellucid import api, terminal
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run
from pellucid.rooms.linear_equations.config import Config
from pellucid.rooms.linear_equations.descent import descend, kept
from pellucid.rooms.linear_equations.equations import read
from pellucid.rooms.linear_equations.solve import eliminate, solve, steps_needed
from pellucid.rooms.linear_equations.system import System, answer, run_descent

SLIDES = "5x + 2y = 10\nx + 4y = 11"


def hilbert(n: int) -> str:
    """Rows of the matrix 1/(i + j - 1), right sides 1."""
    return "\n".join(", ".join(f"1/{i + j + 1}" for j in range(n)) + " | 1" for i in range(n))


def as_rows(a: np.ndarray, b: np.ndarray) -> str:
    return "\n".join(", ".join(map(str, row)) + f" | {right}" for row, right in zip(a, b, strict=True))


def ask(text: str, **fields):
    return next(System(Config.build(fields)).predict([text]))


# the reader


@pytest.mark.parametrize(
    ("text", "names", "rows", "rights"),
    [
        (SLIDES, "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5x+2y=10;x+4y=11", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5x+2y=10, x+4y=11", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5x + 2y == 10 and x + 4y = 11;", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("x=1，y=2、z=3", "x y z", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, 2, 3]),
        ("2*x - y*3 = 1/2 ; .5 x = 2.25", "x y", [[2, -3], ["1/2", 0]], ["1/2", "9/4"]),
        ("1/2x = 3", "x", [["1/2"]], [3]),  # (1/2) x
        ("x/2 = 3", "x", [["1/2"]], [3]),
        ("3 - x = 2x + 9 - 3", "x", [[-3]], [3]),
        ("−x × 2 = –6", "x", [[-2]], [-6]),  # typographic minus signs and times
        ("５ｘ＋２ｙ＝１０；ｘ＋４ｙ＝１１", "x y", [[5, 2], [1, 4]], [10, 11]),  # full width
        ("x₁ + x_2 = 3; x1 - x_2 = 1", "x1 x_2", [[1, 1], [1, -1]], [3, 1]),
        ("x10 = 1\nx2 = 2\nx1 = 3", "x1 x2 x10", [[0, 0, 1], [0, 1, 0], [1, 0, 0]], [1, 2, 3]),
        ("3 蘋果 + 橘子 = 10\n蘋果 = 2", "橘子 蘋果", [[1, 3], [0, 1]], [10, 2]),
        ("x + x + 2*3x = - -4", "x", [[8]], [4]),
        ("0x = 1", "x", [[0]], [1]),
        ("2x = x + x", "x", [[0]], [0]),
        ("\n\n x = 1 \r\n ; \n", "x", [[1]], [1]),
        ("5, 2 | 10\n1, 4 | 11", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5,2,10\n1,4,11", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5 2 10; 1 -4 11/3", "x y", [[5, 2], [1, -4]], [10, "11/3"]),
        ("1 0 0 0|1;0 1 0 0|2;0 0 1 0|3;0 0 0 1|4", "x1 x2 x3 x4", np.eye(4, dtype=int).tolist(), [1, 2, 3, 4]),
    ],
)
def test_what_is_typed_is_read(text, names, rows, rights):
    problem = read(text)
    assert problem.names == tuple(names.split())
    assert problem.rows == tuple(tuple(Fraction(each) for each in row) for row in rows)
    assert problem.rights == tuple(map(Fraction, rights))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "line 1, column 6: no equal sign"),
        ("x + y = 2\n\nx = 3 = y", "line 3, column 7: two equal signs"),
        ("x = 1; y + $ = 2", r"line 1, column 12: '\$': not read"),
        ("x^2 = 4", r"column 2: '\^': a power is not linear"),
        ("x² = 4", "column 2: '²'"),
        ("½x = 4", "column 1: '½'"),
        ("2(x + y) = 4", r"column 2: '\(': brackets are not read; multiply them out"),
        ("x < 3", "column 3: '<': only equations"),
        ("x*y = 3; x = 1", "column 3: x times y: a product of unknowns"),
        ("x y = 3; x = 1", "column 3: x times y"),
        ("x*x = 4", "column 3: x times x"),
        ("1/x = 3", "column 3: divided by the unknown x"),
        ("x/0 = 3", "column 3: divided by 0"),
        ("x 2 = 3", "column 3: a number stands right behind"),
        ("x = 1, y + $ = 2", r"line 1, column 12: '\$': not read"),
        ("2 3 x = 3", "column 3: a number stands right behind"),
        ("1,000x = 3", "column 2: ',' stands between the numbers of a row"),
        ("x + = 3", "column 5: a number or an unknown is missing before '='"),
        ("x = ", "column 4: a number or an unknown is missing at the end"),
        ("= 4", "column 1: a number or an unknown is missing before '='"),
        ("3 = 3", "column 1: no unknown"),
        ("x = 1\n3 = 3", "line 2, column 1: no unknown"),
        ("x + y = 3", r"1 equation, but 2 unknowns \(x, y\)"),
        ("x = 1\nx = 2", r"2 equations, but 1 unknown \(x\)"),
        ("; \n ;", "there is none"),
        ("1234567890123456789012 x = 1", "22 digits are more than 20"),
        ("10000000000 x = 1", "line 1, column 1: a number above 1,000,000,000"),
        ("x = 0.0000000001", "nearer to 0"),
        ("+".join(f"x{i}" for i in range(13)) + "=1", "13 unknowns .* are more than 12"),
        ("1 2 | 3\nx + y = 2", "line 2, column 1: rows of numbers and equations are mixed"),
        ("1 2 | 3\n1 2 3 | 4", "line 2, column 1: 4 numbers, but the first row has 3"),
        ("1 | 2 | 3", "column 7: two bars|column 7: behind the bar"),
        ("1 | 2 3", "column 7: behind the bar stands one number"),
        ("1, , 2", "a number is missing before ','"),
        ("1, 2 |", "a number is missing at the end"),
        ("1/0 | 2", "divided by 0"),
        ("5", "a single number is no equation"),
        ("__import__('os')", "column 1: '_'"),
        ("y" * 9_000 + " = 1", "9000 characters is longer than 20"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_says_where(text, says):
    with pytest.raises(UserError, match=says) as error:
        read(text)
    assert "\n" not in str(error.value) and str(error.value).startswith("equations")


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789xyz_+-*/=;,|.\n ()^²½甲e", max_size=60) | st.text(max_size=40))
def test_any_text_is_a_system_or_one_clear_line(text):
    try:
        problem = read(text)
    except UserError as error:
        assert str(error).startswith("equations") and len(str(error).splitlines()) == 1
    else:
        assert len(problem.rows) == len(problem.rights) == len(problem.names) <= 12
        assert np.isfinite(problem.coefficients).all() and solve(problem).rank <= len(problem.names)


def test_a_system_written_out_reads_as_itself():
    problem = read("1/3 x - y + 0.5z = 1; -x = 2.5z; y - 1/7z = -3")
    assert problem.lines == ("1/3 x - y + 0.5z = 1", "-x - 2.5z = 0", "y - 1/7 z = -3")
    assert read("\n".join(problem.lines)) == problem


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("learning_rate", "fast", "learning_rate"),
        ("learning_rate", "0", "above 0"),
        ("learning_rate", "-1", "learning_rate"),
        ("learning_rate", "1e9", "at most 1,000,000"),
        ("learning_rate", "1e999", "at most"),
        ("equations", "x + y = 3", "1 equation, but 2 unknowns"),
        ("steps", 0, "steps"),
        ("momentum", 1, "momentum"),
    ],
)
def test_a_wrong_configuration_is_refused(field, value, says):
    with pytest.raises(UserError, match=says) as error:
        Config.build({field: value})
    assert "\n" not in str(error.value)


def test_a_learning_rate_may_be_a_number():
    assert Config.build({"learning_rate": 0.05}).learning_rate == "0.05"
    assert Config.build({"learning_rate": 1}).learning_rate == "1"


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
    rows, pivots = eliminate([[Fraction(1, 10), Fraction(2, 10)], [Fraction(3, 10), Fraction(6, 10)]])
    assert pivots == [0] and rows[0] == [1, 2] and rows[1] == [0, 0]
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


def plain_descent(a, b, rate, steps, momentum=0.0):
    """As a textbook has it."""
    x, v, seen, across = np.zeros(len(b)), np.zeros(len(b)), [], a.T.copy()
    for _ in range(steps):
        g = across @ (a @ x - b) * (2 / len(b))
        v = momentum * v + g
        x = x - rate * v
        seen.append(x)
    return np.array(seen)


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


def test_of_many_steps_the_first_thirty_are_shown_and_the_last():
    shown = kept(100_000)
    assert shown[:30] == list(range(30)) and shown[-1] == 99_999 and len(shown) <= 60
    assert kept(60) == list(range(60)) and kept(1) == [0]


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


# the trace

MANY = [SLIDES, "x + y = 2; x + 1.1y = 2", "x + y = 2; x + y = 3", "0x = 1", "x = 0", "0x+y=1; 0x+2y=3", hilbert(12)]


@pytest.mark.parametrize("fields", [{}, {"momentum": 0.7}, {"learning_rate": 3}, {"steps": 1}, {"steps": 20_000}])
@pytest.mark.parametrize("text", MANY)
def test_every_number_of_every_trace_is_recomputed(text, fields):
    trace = System(Config.build(fields)).look(text)
    report = trace.check()
    assert (report.checked, report.failed) == (report.total, []) and 10 < report.total < 1_000
    names = {node.name for node in trace.nodes} | {value.name for value in trace.values.values()}
    for plot in trace.meta["plots"]:
        inside = [plot["node"], plot["x"], *([plot["y"]] if "y" in plot else [])]
        inside += [each["node"] for part in ("points", "lines") for each in plot.get(part, ())]
        assert set(inside) <= names
        assert all(trace.series(each["node"]).shape[1] == 2 for each in plot.get("paths", ()))
    assert list(System(Config()).story(trace))


@pytest.mark.parametrize("momentum", [0.0, 0.7])
@pytest.mark.parametrize("text", [SLIDES, "x + y = 2; x + 1.1y = 2", hilbert(5)])
def test_the_steps_of_the_trace_are_those_of_a_plain_descent(text, momentum):
    config = Config.build({"momentum": momentum, "steps": 500})
    trace, problem = System(config).look(text), read(text)
    rate = trace.meta["learning_rate"]
    path = plain_descent(problem.coefficients, problem.right_sides, rate, 500, momentum)
    shown = [int(label) for label in trace.meta["steps"][""]["labels"]]
    assert shown[:30] == list(range(1, 31)) and shown[-1] == trace.meta["total_steps"]
    np.testing.assert_allclose(trace.series("unknowns"), path[np.array(shown) - 1], rtol=1e-11, atol=1e-13)


def test_the_gradient_is_that_of_finite_differences():
    text = "2x - 3y + z = 4; x + y + z = 1; 5x - z = 0"
    trace, problem = System(Config()).look(text), read(text)
    a, b = problem.coefficients, problem.right_sides

    def loss(x):
        return float(np.mean((a @ x - b) ** 2))

    for step in (0, 1, 7, 29):
        x = trace.array("start") if step == 0 else trace.array(f"unknowns[{step - 1}]")
        assert trace.array(f"loss[{step}]") == pytest.approx(loss(x), rel=1e-12)
        h = 1e-5
        slopes = [(loss(x + h * e) - loss(x - h * e)) / (2 * h) for e in np.eye(3)]
        np.testing.assert_allclose(trace.array(f"gradient[{step}]"), slopes, rtol=1e-6, atol=1e-7)


def test_the_plane_is_the_loss_and_the_lines_meet_in_the_solution():
    trace = System(Config()).look(SLIDES)
    x, y, plane = trace.array("plane_x"), trace.array("plane_y"), trace.array("plane")
    for i, j in ((0, 0), (5, 20), (32, 3)):
        assert plane[j, i] == pytest.approx(((5 * x[i] + 2 * y[j] - 10) ** 2 + (x[i] + 4 * y[j] - 11) ** 2) / 2)
    assert x[0] < 0 < 1 < x[-1] and y[0] < 0 < 2.5 < y[-1]
    for name, (p, q, r) in (("line_1", (5, 2, 10)), ("line_2", (1, 4, 11))):
        ends = trace.array(name)
        np.testing.assert_allclose(ends @ [p, q], r, atol=1e-9)
        assert np.linalg.norm(ends[0] - ends[1]) > np.hypot(x[-1] - x[0], y[-1] - y[0])  # it crosses the window
    np.testing.assert_allclose(trace.array("curvature"), [[26, 14], [14, 20]])
    losses, steps = run_descent(Config()).path.losses, trace.array("curve_steps").astype(int)
    assert steps[0] == 0 and steps[-1] == len(losses) - 1  # from the start to where it ended
    np.testing.assert_allclose(trace.array("loss_curve"), losses[steps], rtol=1e-9, atol=1e-18)


def test_names_and_equations_are_the_labels_of_the_axes():
    trace = System(Config()).look("apples + 2 pears = 10; apples - pears = 1")
    assert trace.axis_labels["unknown"] == ["apples", "pears"]
    assert trace.axis_labels["equation"] == ["apples + 2pears = 10", "apples - pears = 1"]
    assert trace.value("unknowns[3]").axes == ("unknown",) and trace.value("errors[3]").axes == ("equation",)
    assert set(trace.meta["symbols"]) <= set(trace.meta["titles"])


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


# what expected.json says


def fields_of(command: str, variant: str) -> dict[str, str]:
    """What a study's variant was run with."""
    import shlex

    words = shlex.split(command)[3:]
    given = {
        flag.removeprefix("--").replace("-", "_"): value for flag, value in zip(words[::2], words[1::2], strict=True)
    }
    name, _, value = variant.partition("=")
    return given | {name: value}


@pytest.mark.parametrize("study", range(3))
def test_expected_json_has_the_figures_that_the_room_gives(study):
    found = expected("linear_equations")["studies"][study]
    assert len(found["variants"]) >= 4
    for variant, figures in found["variants"].items():
        outcome = run_descent(Config.build(fields_of(found["command"], variant)))
        scores = {
            "steps": outcome.path.steps,
            "loss": float(outcome.path.losses[-1]),
            "distance": outcome.distance,
            "condition": outcome.exact.condition,
            "keeps": outcome.keeps,
        }
        assert figures.keys() <= scores.keys() and figures
        for name, each in figures.items():
            assert each["mean"] == pytest.approx(scores[name], rel=1e-3), (variant, name)
            assert each["spread"] == 0


# the lesson's numbers, and the homework


def test_the_numbers_in_the_lessons_prose_are_those_that_come_out():
    """Those that no figure of the lesson looks up."""
    slides = run_descent(Config(), read(SLIDES))
    assert np.round(slides.exact.curvatures, 3).tolist() == [37.318, 8.682]
    assert round(slides.rate, 4) == 0.0268 and round(slides.bound, 4) == 0.0536 and round(slides.bound, 5) == 0.05359
    assert np.round(slides.path.losses[2:6] / slides.path.losses[1:5], 3).tolist() == [0.589] * 4
    a, b = slides.problem.coefficients, slides.problem.right_sides
    assert (a @ [0, 3.5] - b).tolist() == [-3, 3] and np.mean((a @ [0, 3.5] - b) ** 2) == 9
    assert slides.distance < 1e-9
    away = np.abs(slides.path.unknowns[:, 0] - 1)
    assert int(np.argmax(away < 0.01)) == 17
    assert [abs(1 - rate * slides.exact.curvatures[0]).round(4) for rate in (0.0535, 0.0536)] == [0.9965, 1.0002]
    verdicts = [ask(SLIDES, learning_rate=rate)["verdict"]["en"] for rate in (0.0535, 0.0536)]
    assert "diverges" not in verdicts[0] and "diverges" in verdicts[1]

    none = run_descent(Config(), read("x + y = 2; x + y = 3"))
    assert none.path.unknowns[-1].tolist() == pytest.approx([1.25, 1.25])
    assert none.path.losses[-1] == pytest.approx(0.25)
    many = run_descent(Config(), read("x + 2y = 4; 2x + 4y = 8"))
    assert many.path.unknowns[-1].tolist() == pytest.approx([0.8, 1.6])
    assert [list(map(int, each)) for each in many.exact.free] == [[-2, 1]]

    narrow = run_descent(Config(), read("x + y = 2; x + 1.1y = 2"))
    assert np.round(narrow.path.unknowns[1], 2).tolist() == [0.95, 1.0]
    assert np.round(narrow.path.losses[:2], 4).tolist() == [4, 0.0025]
    assert narrow.exact.values.tolist() == [2, 0] and round(narrow.exact.condition, 1) == 42.1
    assert round((1 - 1 / narrow.exact.condition) ** 2, 3) == 0.953
    assert ask("x + y = 2; x + 1.1y = 2.1")["exact"] == {"x": 1, "y": 1}
    three = ask("2a + b - c = 8; -3a - b + 2c = -11; -2a + b + 2c = -3")
    assert round(three["condition"], 1) == 44.7 and three["steps"] == 2_000 and "crawls" in three["verdict"]["en"]

    scaled = ask("5x + 2y = 10; 10x + 40y = 110")
    assert scaled["steps"] == 1_479 and round(scaled["condition"], 1) == 9.5
    assert ask("x + 4y = 11; 5x + 2y = 10")["steps"] == 80
    assert [ask(text)["steps"] for text in ("5x + 2y = 10; 2x - 5y = 1", "x + y = 2; x - y = 1")] == [1, 1]


def result_of(source: str, name: str, case):
    """What a source's function gives; None where it fails."""
    space: dict = {}
    exec(source, space)
    args = [np.array(each, dtype=float) if isinstance(each, list) else each for each in case.args]
    try:
        found = np.asarray(space[name](*args), dtype=float)
    except (ValueError, TypeError):
        return None
    return found


def test_worked_solutions_pass_and_typical_wrong_answers_fail():
    from pellucid.learn.homework import Choice, Function, Quantity
    from pellucid.rooms.linear_equations.homework import EXERCISES

    assert len(EXERCISES) >= 3 and len({each.name for each in EXERCISES}) == len(EXERCISES)
    random = np.random.default_rng(0)
    for each in EXERCISES:
        if isinstance(each, Function):
            cases = [*each.public, *each.hidden, *(each.fresh(random) for _ in range(3))]
            right = [result_of(each.solution, each.name, case) for case in cases]
            assert all(found is not None and np.isfinite(found).all() for found in right)
            assert len(each.wrong) >= 3
            for source in each.wrong:
                got = [result_of(source, each.name, case) for case in [*each.public, *each.hidden]]
                same = [
                    one is not None and one.shape == other.shape and np.allclose(one, other, rtol=1e-6, atol=1e-9)
                    for one, other in zip(got, right, strict=False)
                ]
                assert not all(same), source
            with pytest.raises(NotImplementedError):
                result_of(each.stub, each.name, cases[0])
        elif isinstance(each, Quantity):
            assert len(each.wrong) >= 3
            assert not any(math.isclose(value, each.answer, rel_tol=each.rtol) for value in each.wrong)
        else:
            assert isinstance(each, Choice) and len(each.why) == len(each.options) > each.answer >= 0


def test_the_homeworks_solutions_are_what_numpy_and_the_room_give():
    from pellucid.rooms.linear_equations.homework import DESCENT, GRADIENT, LARGEST, LEFT

    a, b = np.array([[1.5, -2.5], [0.5, 3.5]]), np.array([1.5, 0.5])
    path = descend(a, b, 0.02, steps=12, tolerance=0)
    case = type(DESCENT.public[0])((a.tolist(), b.tolist(), 0.02, 12))
    np.testing.assert_allclose(result_of(DESCENT.solution, "descend", case), path.unknowns[-1], rtol=1e-12)
    case = type(DESCENT.public[0])((a.tolist(), [0.0, 0.0], b.tolist()))
    assert np.linalg.norm(result_of(GRADIENT.solution, "gradient", case)) == pytest.approx(path.slopes[0])
    bound = solve(read("1.5x - 2.5y = 1; 0.5x + 3.5y = 1")).bound
    assert result_of(LARGEST.solution, "largest_rate", type(DESCENT.public[0])((a.tolist(),))) == pytest.approx(bound)
    assert LEFT.answer == pytest.approx(0.0563, rel=1e-3)


def test_without_chance_each_variant_is_trained_once(tmp_path, capsys):
    variants = list(api.compare("linear_equations", {"momentum": [0, 0.5]}, seeds=3, runs=tmp_path))
    assert [variant.figures["steps"] for variant in variants] == [[80], [66]]
    terminal.comparison(variants, as_json=False)
    told = {line.split("  ")[0].strip(): line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert told["steps"] == ["80", "66"] and float(told["residual"][0]) == pytest.approx(2.44e-9, rel=0.01)
