"""Lagrange multipliers, the walk, its trace and its run: each number recomputed, against others' arithmetic."""

from __future__ import annotations

import json

import numpy as np
import pytest

from conftest import expected
from pellucid import api
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run
from pellucid.rooms.lagrange import CARD, studies
from pellucid.rooms.lagrange.config import Config
from pellucid.rooms.lagrange.contour import level_lines
from pellucid.rooms.lagrange.problem import read
from pellucid.rooms.lagrange.solve import solve
from pellucid.rooms.lagrange.system import System
from pellucid.rooms.lagrange.walk import back, walk

SLIDES = "maximise x + y; subject to x^2 + y^2 = 32; start = 5.6, -0.8"
SPHERE = "maximise x + 2y + 2z; subject to x^2 + y^2 + z^2 = 9"
TWO = "maximise x y z; subject to x + y + z = 6; x^2 + y^2 + z^2 = 14"


def look(text, **fields):
    return System(Config.build(fields)).look(text)


# the walk


def plain_walk(steps):
    """Up x + y on the circle, as a textbook has it, coming back by Newton twice."""
    at, found = np.array([5.6, -0.8]), []
    for _ in range(steps):
        found.append(at)
        g = 2 * at
        tangent = np.ones(2) - (g @ np.ones(2)) / (g @ g) * g
        at = at + 0.5 * tangent
        for _ in range(2):
            g = 2 * at
            at = at - (at @ at - 32) / (g @ g) * g
    return np.array(found)


def test_the_walk_is_projected_gradient_ascent():
    way = walk(solve(read(SLIDES)), Config.build({"learning_rate": 0.5, "steps": 39}))
    assert (way.rates == 0.5).all() and way.steps == 39
    np.testing.assert_allclose(way.points, plain_walk(40), rtol=1e-12)


@pytest.mark.parametrize(
    "text", [SLIDES, SPHERE, TWO, "min x^2 + y^2 s.t. x y = 4", "min exp(x) + y^2 s.t. x^2 + y^2 = 4"]
)
def test_it_stays_on_the_constraint_improves_f_and_arrives_at_the_best_point(text):
    solution = solve(read(text))
    way = walk(solution, Config())
    assert way.end == "aligned" and way.misses.max() < 1e-3 and way.misses[-1] < 1e-9
    assert (np.diff(solution.sign * way.values) > -1e-9).all()
    assert way.values[-1] == pytest.approx(solution.best.value, rel=1e-9)
    assert way.angles[0] > 0.5 and way.angles[-1] < 1e-5
    best = [p for p in solution.points if p.value == pytest.approx(solution.best.value)]
    np.testing.assert_allclose(way.multipliers[-1], best[0].multipliers, rtol=1e-5)


def test_it_converges_by_the_factor_that_the_curvature_says():
    """1 - rate · curvature along the constraint: 1 - 2/4 for the slides."""
    way = walk(solve(read(SLIDES)), Config.build({"learning_rate": 2}))
    np.testing.assert_allclose(way.angles[8:14] / way.angles[7:13], 0.5, rtol=1e-3)


def test_it_says_how_it_ended():
    def end(text, **fields):
        return walk(solve(read(text)), Config.build(fields)).end

    assert end("max x + y s.t. x^2 + y^2 = 32", steps=2) == "out of steps"
    assert end("min x s.t. y^2 = x^3") == "stuck"
    assert end("max x + y s.t. x^2 + y^2 = -1") == "nowhere"
    assert end("max x^3 + y s.t. y = x", learning_rate=5) == "left"
    assert end("max x + y s.t. x^2 + y^2 = 32; start = 0, 0") == "nowhere"  # ∇g = 0: no way back from there


def test_newton_comes_back_to_the_nearest_point_of_a_line():
    solution = solve(read("max x + y s.t. 3x + 4y = 5"))
    np.testing.assert_allclose(back(solution, np.array([5.0, 5.0]), 1), [1.4, 0.2], rtol=1e-12)


# the trace

MANY = [
    *CARD.input.examples, SLIDES, SPHERE, TWO, "max x + y s.t. x - y = 0", "max x y z w s.t. w^2 + x^2 + y^2 + z^2 = 4",
    "max x s.t. x + y = 1; 2x + 2y = 2", "min abs(x) + y s.t. x^2 + y^2 = 1", "max x + y s.t. x^2 + y^2 = 32; x = y",
    "max -p log(p) - q log(q) s.t. p + q = 1",
    "max w s.t. w + x + y + z = 1; w x = 2; y = z^2", "max x/y s.t. x^2 + y^2 = 1",
]  # fmt: skip


@pytest.mark.parametrize("text", MANY)
def test_every_number_of_every_trace_is_recomputed(text):
    trace = look(text)
    report = trace.check()
    assert (report.checked, report.failed) == (report.total, []) and 10 < report.total < 1_100
    names = {node.name for node in trace.nodes} | {value.name for value in trace.values.values()}
    for plot in trace.meta["plots"]:
        inside = [plot["node"], plot["x"], *([plot["y"]] if "y" in plot else [])]
        inside += [each["node"] for part in ("paths", "lines") for each in plot.get(part, ())]
        assert set(inside) <= names
        for line in plot.get("lines", ()) if plot["kind"] == "plane" else ():
            assert trace.array(line["node"]).shape[1:] == (2,)
    assert list(System(Config()).story(trace))
    json.dumps(trace.meta, allow_nan=False)
    assert set(trace.meta["symbols"]) <= set(trace.meta["titles"])


def test_the_first_step_is_the_one_that_the_lesson_does_by_hand():
    trace = look(SLIDES)
    assert trace.array("gradients_g[0]").tolist() == [[11.2, -1.6]]
    np.testing.assert_allclose(trace.array("multipliers[0]"), [0.075])
    np.testing.assert_allclose(trace.array("pull[0]"), [0.84, -0.12])
    np.testing.assert_allclose(trace.array("tangent[0]"), [0.16, 1.12])
    np.testing.assert_allclose(trace.array("angle[0]"), np.degrees(np.arctan2(4, 3)))
    np.testing.assert_allclose(trace.array("move[0]"), [1.6 * 0.16, 1.6 * 1.12])
    way = walk(solve(read(SLIDES)), Config())
    assert way.rate == pytest.approx(3.2) and way.rates[0] == pytest.approx(1.6)
    labels = [int(label) for label in trace.meta["steps"][""]["labels"]]
    np.testing.assert_array_equal(trace.series("point")[: len(labels)], way.points[labels])
    np.testing.assert_allclose(trace.series("angle"), way.angles[labels], rtol=1e-9, atol=1e-12)
    assert trace.meta["multipliers"] == ["λ"] and trace.meta["reached"]


@pytest.mark.parametrize("text", [SLIDES, SPHERE, TWO, "max x y s.t. x^4 + y^4 = 1"])
def test_at_each_solution_gradients_align_and_curvatures_are_those_of_the_bordered_hessian(text):
    trace, solution = look(text), solve(read(text))
    np.testing.assert_allclose(trace.array("stationarity"), 0, atol=1e-9)
    bordered = trace.array("bordered_hessian")
    n, m = solution.calculus.n, solution.calculus.m
    for k, point in enumerate(solution.points):
        df, h = np.zeros(n), 1e-4
        gradient = solution.calculus.first
        for i in range(n):  # the Lagrangian's Hessian, by finite differences of gradients
            e = np.eye(n)[i] * h
            up, down = (gradient(point.at + s * e) for s in (1, -1))
            df = ((up[2] - point.multipliers @ up[3]) - (down[2] - point.multipliers @ down[3])) / (2 * h)
            np.testing.assert_allclose(bordered[k, m + i, m:], df, atol=1e-5)
        np.testing.assert_allclose(bordered[k, :m, m:], gradient(point.at)[3], rtol=1e-12)
        # the textbook's rule: the sign of the determinant is (-1)^m times that of the product of the curvatures
        product = trace.array("curvatures")[k].prod()
        assert np.sign(np.linalg.det(bordered[k])) == (-1) ** m * np.sign(product)
        if (n, m) == (2, 1):
            assert trace.array("bordered_determinant")[k] == pytest.approx(np.linalg.det(bordered[k]))
        off = trace.array("tangent_hessian")[k] - np.diag(trace.array("curvatures")[k])
        np.testing.assert_allclose(off, 0, atol=1e-9)


def test_in_the_plane_the_level_line_of_the_best_value_touches_the_constraint():
    trace = look("max x y; s.t. x^2 + y^2 = 8")
    lines = {line["node"]: trace.array(line["node"]) for line in trace.meta["plots"][0]["lines"]}
    circle = lines["constraint_1"]
    np.testing.assert_allclose((circle**2).sum(axis=1), 8, atol=1e-3)
    np.testing.assert_allclose(circle[0], circle[-1])  # all the way round
    level = np.concatenate([points for name, points in lines.items() if name.startswith("level")])
    products = level.prod(axis=1)
    np.testing.assert_allclose(products, 4, atol=0.05)
    assert ((level**2).sum(axis=1) > 8 - 0.05).all()  # it stays outside of the circle, and touches it
    assert np.abs(level - [2, 2]).sum(axis=1).min() < 0.2
    x, y, plane = (trace.array(name) for name in ("plane_x", "plane_y", "plane"))
    assert plane[7, 11] == pytest.approx(x[11] * y[7])


def test_level_lines_are_chains_through_the_crossings():
    x, y = np.linspace(-2, 2, 41), np.linspace(-1.5, 1.5, 31)
    for values in (x[None] + 0 * y[:, None], x[None] ** 2 + y[:, None] ** 2):
        (chain,) = level_lines(x, y, values, 1.0)
        at = chain[:, 0] if values[0, 0] < 0 else np.hypot(*chain.T)
        np.testing.assert_allclose(at, 1.0, atol=2e-3)
        assert np.linalg.norm(np.diff(chain, axis=0), axis=1).max() < 0.2
    assert level_lines(x, y, np.full((31, 41), np.nan), 0.0) == []
    assert len(level_lines(x, y, x[None] * y[:, None], 0.1)) == 2


def test_what_is_to_be_solved_is_written_out():
    trace = look(SLIDES)
    lines = [note["en"] for note in trace.meta["notes"]]
    assert lines[0] == "Gradients: ∇f = (1, 1), ∇g = (2x, 2y)"
    assert lines[1] == "Lagrangian: L = x + y - λ (x² + y² - 32)"
    assert lines[2] == "Stationary where: 1 = λ·2x; 1 = λ·2y; x^2 + y^2 = 32"
    assert trace.meta["tex"]["lagrangian"] == r"\mathcal{L} = x + y - \lambda \left(x^{2} + y^{2} - 32\right)"
    assert trace.meta["tex"]["stationarity"][0] == r"1 = \lambda \left(2 x\right)"


# lessons and studies


def test_the_figures_of_expected_json_are_what_comes_out_now():
    for said, made in zip(expected("lagrange")["studies"], studies.studies(), strict=True):
        assert said["variants"].keys() == made["variants"].keys()
        for name, variant in made["variants"].items():
            for score, value in variant.items():
                assert said["variants"][name][score]["mean"] == pytest.approx(value["mean"], rel=1e-6), (name, score)


def test_the_multiplier_of_a_norm_is_the_strength_of_ridge_regression():
    x, y = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([4.0, 1.0])
    np.testing.assert_allclose(np.linalg.solve(x, y), [7 / 3, -2 / 3])
    for c in (2.25, 1.0, 4.0):
        best = solve(read(f"minimise (2a + b - 4)^2 + (a + 2b - 1)^2 s.t. a^2 + b^2 = {c}")).best
        strength = -best.multipliers[0]
        np.testing.assert_allclose(
            best.at, np.linalg.solve(x.T @ x + strength * np.eye(2), x.T @ y), rtol=1e-9, atol=1e-12
        )
        assert strength > 0
        if c == 2.25:
            assert strength == pytest.approx(1) and [float(each) for each in best.forms] == [1.5, 0]


def test_softmax_is_the_most_undecided_answer_to_its_scores():
    text = "maximise 2p + q - p log(p) - q log(q) - r log(r) s.t. p + q + r = 1"
    best, weights = solve(read(text)).best, np.exp([2.0, 1.0, 0.0])
    np.testing.assert_allclose(best.at, weights / weights.sum(), rtol=1e-9)
    assert best.value == pytest.approx(np.log(weights.sum())) and best.multipliers[0] == pytest.approx(best.value - 1)


def test_what_the_exercises_answer():
    twice = solve(read("maximise x + y; subject to 2x^2 + 2y^2 = 64")).best
    assert twice.forms == (4, 4) and float(twice.exact_multipliers[0]) == 0.0625
    slide = solve(read("maximise x + y; subject to -x^2 - y^2 = -32")).best  # the slide's f + λg
    assert slide.forms == (4, 4) and float(slide.exact_multipliers[0]) == -0.125
    fence = solve(read("maximise width*height; subject to 2 width + 2 height = 20"))
    assert (fence.best.forms, fence.highest, fence.best.multipliers[0]) == ((5, 5), "yes", pytest.approx(2.5))
    assert solve(read(SPHERE)).best.forms == (1, 2, 2) and float(solve(read(SPHERE)).best.exact_multipliers[0]) == 0.5
    both = solve(read("maximise x + y; subject to x^2 + y^2 = 32; x - y = 0"))
    assert [p.exact_multipliers[1] for p in both.points] == [0, 0] and both.best.forms == (4, 4)
    start = look("maximise x + y; subject to x^2 + y^2 = 32; start = 4, -4")
    assert start.array("multipliers[0]").tolist() == [0] and start.array("angle[0]") == 90
    cusp = look("minimise x; subject to y^2 = x^3")
    assert (np.diff(cusp.series("angle")) > 0).all() and cusp.series("angle")[-1] > 89.9
    price = solve(read("max 3x + 4y s.t. x^2 + y^2 = 25")).best
    assert price.forms == (3, 4) and float(price.exact_multipliers[0]) == 0.5


# runs


def test_a_run_keeps_what_was_found_and_logs_every_step_and_the_last(tmp_path):
    trained = api.train("lagrange", runs=tmp_path, problem=SLIDES)
    weights = {name: value.numpy() for name, value in trained.run.load_weights().items()}
    np.testing.assert_allclose(weights["point"], [4, 4], atol=1e-6)
    np.testing.assert_allclose(weights["solutions"], [[4, 4], [-4, -4]], rtol=1e-12)
    lines, info = list(trained.run.metrics("epoch")), trained.run.info
    assert lines[0]["value"] == pytest.approx(4.8) and lines[-1]["value"] == pytest.approx(8)
    assert lines[-1]["step"] == info["training"]["steps"] == len(lines) - 1 == 13
    assert lines[-1]["angle"] < 1e-5 and lines[-1]["multiplier_1"] == pytest.approx(0.125)
    assert (info["parameters"], info["training"]["monitor"], info["training"]["best"]) == (3, "value", pytest.approx(8))
    scores = trained.evaluate()
    assert scores["distance"] < 1e-9 and scores["points"] == 2 and scores["complete"] == 1


@pytest.mark.parametrize(
    "problem", ["max x + y s.t. x^2 + y^2 = -1", "max x s.t. x + y = 1; 2x + 2y = 2", "x^2 + y^2; x^2 + y^2 = 1"]
)
def test_a_run_without_an_answer_is_a_run_all_the_same(problem, tmp_path):
    trained = api.train("lagrange", runs=tmp_path, problem=problem)
    assert trained.run.state == "done" and all(np.isfinite(list(trained.evaluate().values())))
    assert api.open(trained.path).predict(problem)["verdict"]["en"]


def test_another_problem_can_be_evaluated_from_a_file(tiny_runs, tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("max x y\ns.t. x + y = 10\n", encoding="utf-8")
    assert tiny_runs("lagrange").evaluate(file=str(file))["distance"] < 1e-9
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="not UTF-8"):
        tiny_runs("lagrange").evaluate(file=str(file))


def test_a_stopped_walk_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "asked_to_stop", property(lambda self: True))
    with pytest.raises(Interrupted, match="stopped after step"):
        api.train("lagrange", runs=tmp_path)
