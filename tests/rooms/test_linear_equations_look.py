"""Linear equations, what is seen inside: the descent's own numbers."""

from __future__ import annotations

import numpy as np
import pytest
from equations import SLIDES, hilbert, plain_descent

from pellucid.rooms.linear_equations.config import Config
from pellucid.rooms.linear_equations.equations import read
from pellucid.rooms.linear_equations.system import System, run_descent

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
