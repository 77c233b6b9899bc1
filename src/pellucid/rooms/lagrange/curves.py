"""f, the angle and the multipliers along the whole walk: all of its points at once, each number an operation's."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.core.steps import evenly
from pellucid.look.trace import Value
from pellucid.rooms.lagrange.captions import ANGLE_TITLE, MULTIPLIER_TITLE, VALUE_TITLE
from pellucid.rooms.lagrange.pen import Pen
from pellucid.rooms.lagrange.solve import Solution
from pellucid.rooms.lagrange.walk import Walk

MOST = 200  # points of a curve


def add_curves(pen: Pen, solution: Solution, way: Walk) -> list[dict[str, Any]]:
    """Three plots over the steps."""
    steps = np.array(evenly(0, way.steps, MOST))
    pen.record.value(steps.astype(np.float64), "walk_steps", ("step",))
    points = pen.record.value(way.points[steps], "walk", ("step", "variable"))
    calculus, problem = solution.calculus, solution.problem
    at = {name: pen.do("select", points, 1, i) for i, name in enumerate(problem.names)}
    like = at[problem.names[0]]
    pen.do("clone", pen.walked([problem.objective.sympy], at, like)[0], name="values", axes=("step",))
    df = pen.do("unsqueeze", pen.do("stack", pen.walked(calculus.gradients[0], at, like), 1), 2)
    dg = pen.do("stack", [pen.do("stack", pen.walked(row, at, like), 1) for row in calculus.gradients[1:]], 1)
    across = pen.do("permute", dg, [0, 2, 1])
    multipliers = _solved(pen, pen.do("bmm", dg, across), pen.do("bmm", dg, df))
    pull = pen.do("bmm", across, pen.do("unsqueeze", multipliers, 2))
    lengths = [pen.do("linalg_vector_norm", each, 2, [1, 2]) for each in (pen.do("sub", df, pull), pull)]
    pen.do("mul", pen.do("atan2", *lengths), 180 / np.pi, name="angles", axes=("step",))
    lines = []
    for i, name in enumerate(problem.multipliers, 1):
        pen.do("select", multipliers, 1, i - 1, name=f"multiplier_{i}", axes=("step",))
        lines.append({"node": f"multiplier_{i}", "label": {"en": name, "zh-TW": name}})
    return [
        {"kind": "line", "node": "values", "x": "walk_steps", "title": VALUE_TITLE},
        {"kind": "line", "node": "angles", "x": "walk_steps", "title": ANGLE_TITLE},
        {"kind": "line", **lines[0], "x": "walk_steps", "lines": lines[1:], "title": MULTIPLIER_TITLE},
    ]


def _solved(pen: Pen, matrices: Value, rights: Value) -> Value:
    """Many small systems at once, by Gauss-Jordan: [step, m, m] and [step, m, 1] to [step, m]."""
    rows, size = pen.do("cat", [matrices, rights], 2), matrices.shape[1]
    for k in range(size):
        row = pen.do("select", rows, 1, k)
        row = pen.do("div", row, pen.do("unsqueeze", pen.do("select", row, 1, k), 1))
        unit = pen.record.value([float(i == k) for i in range(size)], "unit")
        column = pen.do("sub", pen.do("select", rows, 2, k), unit)
        rows = pen.do("sub", rows, pen.do("bmm", pen.do("unsqueeze", column, 2), pen.do("unsqueeze", row, 1)))
    return pen.do("select", rows, 2, size)
