"""Inside: the walk step by step as operations, what holds at each solution, and both in a trace; the story of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pellucid.core.contract import Layer, Table
from pellucid.look import Trace
from pellucid.look.trace import Value
from pellucid.rooms.lagrange.captions import AXIS_TITLES, SHORT, STORY, SYMBOLS, TITLES
from pellucid.rooms.lagrange.figures import figure
from pellucid.rooms.lagrange.pen import Pen
from pellucid.rooms.lagrange.plots import add_plots
from pellucid.rooms.lagrange.problem import Problem
from pellucid.rooms.lagrange.solutions import add_solutions
from pellucid.rooms.lagrange.solve import Solution
from pellucid.rooms.lagrange.verdict import verdict
from pellucid.rooms.lagrange.walk import RETURNS, Walk
from pellucid.rooms.lagrange.written import notes, tex

MOST_NODES, MOST_SHOWN = 860, 40
VARIABLE, CONSTRAINT = ("variable",), ("constraint",)


def layers(problem: Problem) -> list[Table]:
    """What is looked for: a point and a multiplier for each constraint."""
    n, m = len(problem.names), len(problem.constraints)
    rows = (
        Layer("point", "where f is best", f"[{n}]", n, f"n = {n}"),
        Layer("multipliers", "one for each constraint", f"[{m}]", m, f"m = {m}"),
    )
    return [Table("lagrange", rows)]


def look(solution: Solution, way: Walk) -> Trace:
    """The walk and the solutions. Of a long walk the first points, and ever fewer after them."""
    pen = Pen(STORY)
    shown = _walked(pen, solution, way)
    pen.step = None
    add_solutions(pen, solution)
    plots = add_plots(pen, solution, way, shown)
    labels = [str(step) for step in shown]
    problem, best = solution.problem, solution.best
    trace = pen.trace(
        room="lagrange",
        picture="point",
        titles=TITLES,
        short=SHORT,
        symbols=SYMBOLS,
        axis_titles=AXIS_TITLES,
        steps={"": {"axis": "step", "labels": labels}},
        plots=plots,
        notes=notes(solution),
        tex=tex(solution),
        problem=list(problem.lines),
        names=list(problem.names),
        multipliers=list(problem.multipliers),
        complete=solution.complete,
        kinds=[each.kind for each in solution.points],
        learning_rate=way.rate,
        total_steps=way.steps,
        end=way.end,
        reached=best is None or abs(float(way.values[-1]) - best.value) <= 1e-5 * (1 + abs(best.value)),
        best=None if best is None else best.value,
        verdict=verdict(solution),
    )
    names, lines = list(problem.names), [each.text for each in problem.constraints]
    trace.axis_labels = {"variable": names, "other variable": names, "constraint": lines, "step": labels}
    if solution.calculus.n - solution.calculus.m > 0:
        trace.axis_labels["direction"] = [str(i + 1) for i in range(solution.calculus.n - solution.calculus.m)]
    trace.tell(STORY)
    return trace


def _walked(pen: Pen, solution: Solution, way: Walk) -> list[int]:
    """Record points of the walk with all that is computed there; which steps they are."""
    start = pen.record.value(way.points[0], "start", VARIABLE, "input")
    pen.step = 0
    point = pen.do("clone", start, name="point", axes=VARIABLE)
    shown, wanted, index = list[int](), [0], 0
    while index < len(wanted):
        step, before = wanted[index], len(pen.record.nodes)
        pen.step = index
        if index and wanted[index - 1] != step - 1:  # some steps were left out
            carried = pen.record.value(way.points[step], "point_some_steps_later", VARIABLE)
            point = pen.do("clone", carried, name="point", axes=VARIABLE)
        tangent = _seen(pen, solution, point)
        shown.append(step)
        goes_on = index == 0 or (index + 1 < len(wanted) and wanted[index + 1] == step + 1)
        if step < way.steps and goes_on:
            point = _moved(pen, solution, point, tangent, way, step, index)
        if index == 0:  # what a point costs is known now
            room = max(2, min(MOST_SHOWN, MOST_NODES // (len(pen.record.nodes) - before)))
            wanted = _thinned(way.steps, room)
        index += 1
    return shown


def _thinned(steps: int, room: int) -> list[int]:
    """All, or two thirds of what there is room for at the start, then ever fewer, and the last."""
    if steps < room:
        return list(range(steps + 1))
    early = 2 * room // 3
    late = np.geomspace(early, steps, room - early).round().astype(int)
    return sorted({*range(early), *late.tolist()})


def _at(pen: Pen, solution: Solution, point: Value) -> dict[str, Value]:
    return {name: pen.do("select", point, 0, i) for i, name in enumerate(solution.problem.names)}


def _constraints(pen: Pen, solution: Solution, at: dict[str, Value], names: tuple[str, str]) -> tuple[Value, Value]:
    """g and ∇g [constraint, variable] at a point."""
    like, calculus = next(iter(at.values())), solution.calculus
    values = pen.walked([each.sympy for each in calculus.formulas[1:]], at, like)
    g = pen.do("stack", values, 0, name=names[0], axes=CONSTRAINT)
    rows = []
    for each in calculus.gradients[1:]:
        rows.append(pen.do("stack", pen.walked(each, at, like), 0))
    return g, pen.do("stack", rows, 0, name=names[1], axes=("constraint", "variable"))


def _seen(pen: Pen, solution: Solution, point: Value) -> Value:
    """Both gradients where the walk is, the multipliers, and what of ∇f lies along the constraint."""
    at = _at(pen, solution, point)
    like, calculus = next(iter(at.values())), solution.calculus
    pen.do("clone", pen.walked([calculus.formulas[0].sympy], at, like)[0], name="value")
    df = pen.do("stack", pen.walked(calculus.gradients[0], at, like), 0, name="gradient_f", axes=VARIABLE)
    _, dg = _constraints(pen, solution, at, ("constraint_value", "gradients_g"))
    across = pen.do("t", dg)
    matrix = pen.do("mm", dg, across, name="normal_matrix", axes=("constraint", "constraint"))
    right = pen.do("mv", dg, df, name="normal_right", axes=CONSTRAINT)
    multipliers = pen.solved(matrix, right, "multipliers", CONSTRAINT)
    pull = pen.do("mv", across, multipliers, name="pull", axes=VARIABLE)
    tangent = pen.do("sub", df, pull, name="tangent", axes=VARIABLE)
    lengths = [pen.do("linalg_vector_norm", each) for each in (tangent, pull)]
    pen.do("mul", pen.do("atan2", *lengths), 180 / np.pi, name="angle")
    return tangent


def _moved(
    pen: Pen, solution: Solution, point: Value, tangent: Value, way: Walk, step: int, index: int
) -> Value:  # fmt: skip
    """Along the tangent, and back onto the constraint. Where no point fulfils it there is only the way back."""
    off, returns = point, 1
    if way.end != "nowhere":
        move = pen.do("mul", tangent, solution.sign * float(way.rates[step]), name="move", axes=VARIABLE)
        off, returns = pen.do("add", point, move, name="off_the_constraint", axes=VARIABLE), RETURNS
    for turn in range(1, returns + 1):
        g, dg = _constraints(pen, solution, _at(pen, solution, off), (f"miss_{turn}", f"gradients_g_{turn}"))
        across = pen.do("t", dg)
        weights = pen.solved(pen.do("mm", dg, across), g)
        correction = pen.do("mv", across, weights, name=f"way_back_{turn}", axes=VARIABLE)
        last = turn == returns
        pen.step = index + 1 if last else index
        off = pen.do("sub", off, correction, name="point" if last else "returning", axes=VARIABLE)
    pen.step = index
    return off


# the story

TOLD = 12  # points in a row before some are left out


def tell(trace: Trace) -> Iterator[str]:
    """The problem, its equations, the walk and the verdict in the terminal."""
    meta = trace.meta
    for i, line in enumerate(meta["problem"]):
        yield f"{'' if i else 'problem':12}{line}"
    for i, note in enumerate(meta["notes"]):
        yield f"{'' if i else 'to solve':12}{note['en']}"
    yield ""
    names = [*meta["names"], "f", *meta["multipliers"]]
    yield "  ".join([f"{'step':>6}", *(f"{name:>11}" for name in names), f"{'angle':>11}", f"{'|g|':>9}"])
    labels = meta["steps"][""]["labels"]
    told = sorted({*range(min(TOLD, len(labels))), *range(TOLD, len(labels), 4), len(labels) - 1})
    rows: dict[str, Any] = {
        name: trace.series(name) for name in ("point", "value", "multipliers", "angle", "constraint_value")
    }
    for i in told:
        numbers = [*rows["point"][i], rows["value"][i], *rows["multipliers"][i]]
        cells = [f"{labels[i]:>6}", *(f"{each:11.6g}" for each in numbers), f"{rows['angle'][i]:10.4f}°"]
        yield "  ".join([*cells, f"{np.abs(rows['constraint_value'][i]).max():9.1e}"])
    yield ""
    yield f"{'walk':12}{_ended(meta)}"
    yield f"{'verdict':12}{meta['verdict']['en']}"


def _ended(meta: dict[str, Any]) -> str:
    steps, rate = meta["total_steps"], figure(meta["learning_rate"])
    lower = (
        "" if meta["reached"] else f", but f is not the best value {figure(meta['best'])}: another start may lead to it"
    )
    return {
        "aligned": f"arrived in {steps} steps (learning rate {rate}): ∇f is a combination of the ∇g there{lower}",
        "out of steps": f"not there after {steps} steps (learning rate {rate}); --steps may allow more",
        "stuck": f"stuck after {steps} steps: no step along the tangent improves f any more",
        "left": f"left beyond all bounds after {steps} steps",
        "nowhere": "none: no point on the constraint to start from; above are Newton's attempts to get there",
        "stopped": f"stopped after {steps} steps",
    }[meta["end"]]
