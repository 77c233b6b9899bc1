"""Curves and planes of a descent, recorded as operations like everything else: what the views of plots read."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.look.tape import Tape
from pellucid.look.trace import Value
from pellucid.rooms.linear_equations.captions import (
    BEST_LABEL,
    CURVE_TITLE,
    EXACT_LABEL,
    PATH_LABEL,
    PLANE_TITLE,
    START_LABEL,
)
from pellucid.rooms.linear_equations.descent import Array
from pellucid.rooms.linear_equations.verdict import Outcome

GRID = 33  # points along each side of the plane
FAR = 3.0  # times the way from start to solution: a path that flies farther is cut off by the window


def add_plots(pen: Tape, outcome: Outcome, a: Value, b: Value, shown: list[int]) -> list[dict[str, Any]]:
    """The loss after so many steps; for two unknowns its plane with both equations' lines and the path."""
    pen("stack", [*pen.made("loss"), *pen.made("loss_at_end")], name="loss_curve", axes=("step",))
    pen.record.value(np.array([*shown, shown[-1] + 1], dtype=np.float64), "curve_steps", ("step",))
    curve = {"kind": "line", "node": "loss_curve", "x": "curve_steps", "title": CURVE_TITLE}
    return [_plane(pen, outcome, a, b), curve] if len(outcome.problem.names) == 2 else [curve]


def _plane(pen: Tape, outcome: Outcome, a: Value, b: Value) -> dict[str, Any]:
    """Squared errors of both equations on a grid, and their mean: [y, x]."""
    low, high = window(outcome)
    names = outcome.problem.names
    x = pen.record.value(np.linspace(low[0], high[0], GRID), "plane_x", (names[0],))
    y = pen.record.value(np.linspace(low[1], high[1], GRID), "plane_y", (names[1],))
    along_x = pen("unsqueeze", pen("outer", pen("select", a, 1, 0), x), 1)
    along_y = pen("unsqueeze", pen("outer", pen("select", a, 1, 1), y), 2)
    errors = pen("sub", pen("add", along_x, along_y), pen("view", b, [2, 1, 1]))
    pen("mean", pen("mul", errors, errors), 0, name="plane", axes=(names[1], names[0]))
    return {
        "kind": "plane",
        "node": "plane",
        "x": "plane_x",
        "y": "plane_y",
        "paths": [{"node": "unknowns", "start": "start", "label": PATH_LABEL}],
        "points": [
            {"node": "start", "label": START_LABEL},
            {"node": "exact", "label": EXACT_LABEL if outcome.exact.kind == "unique" else BEST_LABEL},
        ],
        "lines": _lines(pen, outcome, a, low, high),
        "title": PLANE_TITLE,
    }


def window(outcome: Outcome) -> tuple[Array, Array]:
    """Corners of a square around start, solution and path."""
    start, exact = outcome.path.unknowns[0], outcome.exact.values
    way = float(np.abs(exact - start).max()) or 1.0
    near = outcome.path.unknowns[np.abs(outcome.path.unknowns - exact).max(axis=1) <= FAR * way]
    points = np.concatenate([near, [start, exact]])
    low, high = points.min(axis=0), points.max(axis=0)
    center, half = (low + high) / 2, 0.75 * max(float((high - low).max()), way)
    return center - half, center + half


def _lines(pen: Tape, outcome: Outcome, a: Value, low: Array, high: Array) -> list[dict[str, Any]]:
    """Each equation's line by its two ends, beyond the window: from the point nearest to 0, both ways along it."""
    reach = float(np.abs([low, high]).max()) * 3
    turn = pen.record.value(np.array([[0.0, -1.0], [1.0, 0.0]]), "quarter_turn")
    found = []
    for i, (row, text) in enumerate(zip(outcome.problem.coefficients, outcome.problem.lines, strict=True)):
        if not (size := float(row @ row)):  # 0 = b is no line
            continue
        normal = pen("select", a, 0, i)
        nearest = pen("mul", normal, float(outcome.problem.right_sides[i]) / size)
        along = pen("outer", np.array([-reach, reach]) / size**0.5, pen("mv", turn, normal))
        pen("add", along, nearest, name=f"line_{i + 1}", axes=("end", "unknown"))
        found.append({"node": f"line_{i + 1}", "label": {"en": text, "zh-TW": text}})
    return found
