"""Pictures of a walk: the plane of f with the constraint and the level line that touches it, and curves by step."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.core.card import Words
from pellucid.look.trace import Value
from pellucid.rooms.lagrange.calculus import Array
from pellucid.rooms.lagrange.captions import (
    FAMILY_LABELS,
    PATH_LABEL,
    PLANE_TITLE,
    POINT_LABELS,
    START_LABEL,
)
from pellucid.rooms.lagrange.contour import level_lines
from pellucid.rooms.lagrange.curves import add_curves
from pellucid.rooms.lagrange.figures import figure
from pellucid.rooms.lagrange.pen import Pen
from pellucid.rooms.lagrange.solve import Solution
from pellucid.rooms.lagrange.walk import Walk

GRID = 61
FAR = 4.0  # times the size of what is known: what lies further out is cut off
POINTS_SHOWN = 24


def add_plots(pen: Pen, solution: Solution, way: Walk, shown: list[int]) -> list[dict[str, Any]]:
    """For two variables the plane first; then curves over the steps."""
    plane = [_plane(pen, solution, way, shown)] if solution.calculus.n == 2 else []
    return [*plane, *add_curves(pen, solution, way)]


def _plane(pen: Pen, solution: Solution, way: Walk, shown: list[int]) -> dict[str, Any]:
    """f on a grid [y, x], and as lines in it: each constraint, and f's level at the best point."""
    problem, calculus = solution.problem, solution.calculus
    low, high = window(solution, way)
    x, y = (np.linspace(low[i], high[i], GRID) for i in range(2))
    across = pen.record.value(x, "plane_x", (problem.names[0],))
    up = pen.record.value(y, "plane_y", (problem.names[1],))
    wide, tall = pen("view", across, [1, GRID]), pen("view", up, [GRID, 1])
    like = pen("mul", pen("add", wide, tall), 0.0)
    at = {problem.names[0]: wide, problem.names[1]: tall}
    axes = (problem.names[1], problem.names[0])
    pen("clone", pen.walked([problem.objective.sympy], at, like)[0], name="plane", axes=axes)
    heights = [pen.array(value) for value in pen.walked([each.sympy for each in problem.constraints], at, like)]
    lines: list[dict[str, Any]] = []
    for i, (formula, values) in enumerate(zip(problem.constraints, heights, strict=True)):
        for chain in level_lines(x, y, values, 0.0):
            lines.append(
                _line(pen, f"constraint_{len(lines) + 1}", _onto(calculus, chain, i, x[1] - x[0]), formula.text)
            )
    if (best := solution.best) is not None:
        values, text = pen.array(pen.made("plane")[0]), f"f = {figure(best.value)}"
        chains = level_lines(x, y, values, best.value)
        lines += [_line(pen, f"level_{k}", chain, text) for k, chain in enumerate(chains, 1)]
    _path(pen, way, shown)
    return {
        "kind": "plane", "node": "plane", "x": "plane_x", "y": "plane_y",
        "paths": [{"node": "path", "label": PATH_LABEL}],
        "points": _points(pen, solution, way), "lines": lines, "title": PLANE_TITLE,
    }  # fmt: skip


def window(solution: Solution, way: Walk) -> tuple[Array, Array]:
    """Corners of a square around the solutions, the start, and as much of the walk as is near."""
    known = [each.at for each in solution.points[:POINTS_SHOWN]]
    center = np.mean(known, axis=0) if known else way.points[0]
    size = max([float(np.abs(each - center).max()) for each in known] or [0.0])
    size = max(size, 0.5 * float(np.abs(way.points[0] - center).max()), 0.5 * float(np.abs(center).max()), 0.5)
    near = way.points[np.abs(way.points - center).max(axis=1) <= FAR * size]
    points = np.concatenate([known, near] if known else [near])
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, max(0.72 * float((high - low).max()), size)
    return middle - half, middle + half


def _onto(calculus: Any, chain: Array, constraint: int, cell: float) -> Array:
    """The points of a chain between grid points moved onto the curve itself, where that is a short way."""
    with np.errstate(all="ignore"):
        _, g, _, dg = calculus.first(chain)
        slope = dg[:, constraint]
        move = slope * (g[:, constraint] / (slope**2).sum(axis=1))[:, None]
        good = np.isfinite(move).all(axis=1) & (np.abs(move).max(axis=1) < cell)
    return chain - np.where(good[:, None], move, 0.0)


def _line(pen: Pen, name: str, chain: Array, text: str) -> dict[str, Any]:
    pen.record.value(chain, name, ("vertex", "variable"))
    return {"node": name, "label": {"en": text, "zh-TW": text}}


def _path(pen: Pen, way: Walk, shown: list[int]) -> Value:
    """All recorded points of the walk in one tensor."""
    return pen("stack", pen.made("point")[: len(shown)], 0, name="path", axes=("step", "variable"))


def _points(pen: Pen, solution: Solution, way: Walk) -> list[dict[str, Any]]:
    x, y = map(float, way.points[0])
    found: list[dict[str, Any]] = [{"x": x, "y": y, "label": START_LABEL}]
    if solution.family and solution.points:
        pen.record.value(np.array([each.at for each in solution.points]), "family", ("solution", "variable"))
        return [*found, {"node": "family", "label": FAMILY_LABELS[solution.family]}]
    for each in solution.points[:POINTS_SHOWN]:
        label: Words = POINT_LABELS[each.kind]
        found.append({"x": float(each.at[0]), "y": float(each.at[1]), "label": label})
    return found
