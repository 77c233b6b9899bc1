"""What holds at each solution: ∇f = λ∇g in numbers, the bordered Hessian, and the curvatures along the constraint."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.look.trace import Value
from pellucid.rooms.lagrange.pen import Pen
from pellucid.rooms.lagrange.solve import Solution

MOST = 12
SOLUTION = ("solution", "variable")


def add_solutions(pen: Pen, solution: Solution) -> None:
    """All solutions at once: [solution, …]. Nothing where there are none."""
    points, calculus = solution.points[:MOST], solution.calculus
    if not points:
        return
    n, m, count = calculus.n, calculus.m, len(points)
    known = pen.record.value(np.array([each.at for each in points]), "solved", SOLUTION)
    found = pen.do("clone", known, name="solutions", axes=SOLUTION)
    zero = np.zeros(m)
    weights = np.array([zero if each.multipliers is None else each.multipliers for each in points])
    solved = pen.record.value(weights, "solved_multipliers", ("solution", "constraint"))
    multipliers = pen.do("clone", solved, name="solution_multipliers", axes=("solution", "constraint"))
    at = {name: pen.do("select", found, 1, i) for i, name in enumerate(solution.problem.names)}
    like = at[solution.problem.names[0]]
    pen.do(
        "clone", pen.walked([solution.problem.objective.sympy], at, like)[0], name="solution_value", axes=("solution",)
    )
    df = pen.do("stack", pen.walked(calculus.gradients[0], at, like), 1, name="solution_gradient_f", axes=SOLUTION)
    rows = [pen.do("stack", pen.walked(each, at, like), 1) for each in calculus.gradients[1:]]
    dg = pen.do("stack", rows, 1, name="solution_gradients_g", axes=("solution", "constraint", "variable"))
    pull = pen.do(
        "squeeze", pen.do("bmm", pen.do("unsqueeze", multipliers, 1), dg), 1, name="solution_pull", axes=SOLUTION
    )
    pen.do("sub", df, pull, name="stationarity", axes=SOLUTION)
    hessian = _hessian(pen, solution, at, multipliers, like)
    _bordered(pen, hessian, dg, count, n, m)
    if n > m:
        bases = np.array([each.tangents if len(each.tangents) == n - m else np.zeros((n - m, n)) for each in points])
        along = pen.record.value(bases, "tangent_basis", ("solution", "direction", "variable"))
        bent = pen.do("bmm", pen.do("bmm", along, hessian), pen.do("permute", along, [0, 2, 1]), name="tangent_hessian",
                      axes=("solution", "direction", "direction"))  # fmt: skip
        pen.do("diagonal", bent, 0, 1, 2, name="curvatures", axes=("solution", "direction"))


def _hessian(pen: Pen, solution: Solution, at: dict[str, Value], multipliers: Value, like: Value) -> Value:
    """H_f - Σ λ_i H_gi: [solution, variable, variable]"""
    import sympy

    calculus, names = solution.calculus, solution.problem.multipliers
    symbols = [sympy.Symbol(name, real=True) for name in names]
    values = at | {name: pen.do("select", multipliers, 1, i) for i, name in enumerate(names)}
    of_f, of_g = calculus.hessians[0], calculus.hessians[1:]
    entries: list[Any] = []
    for i in range(calculus.n):
        for j in range(calculus.n):
            taken = sum((s * each[i][j] for s, each in zip(symbols, of_g, strict=True)), sympy.Integer(0))
            entries.append(of_f[i][j] - taken)
    flat = pen.do("stack", pen.walked(entries, values, like), 1)
    axes = ("solution", "variable", "other variable")
    shape = [like.shape[0], calculus.n, calculus.n]
    return pen.do("view", flat, shape, name="lagrangian_hessian", axes=axes)


def _bordered(pen: Pen, hessian: Value, dg: Value, count: int, n: int, m: int) -> None:
    """[[0, ∇g], [∇gᵀ, H]], and for two variables and one constraint its determinant."""
    corner = pen.record.value(np.zeros((count, m, m)), "corner")
    above = pen.do("cat", [corner, dg], 2)
    below = pen.do("cat", [pen.do("permute", dg, [0, 2, 1]), hessian], 2)
    pen.do("cat", [above, below], 1, name="bordered_hessian", axes=("solution", "row", "column"))
    if (n, m) != (2, 1):
        return
    slope = pen.do("select", dg, 1, 0)
    p, q = (pen.do("select", slope, 1, i) for i in range(2))
    row = [pen.do("select", hessian, 1, i) for i in range(2)]
    a, b, d = (pen.do("select", row[i], 1, j) for i, j in ((0, 0), (0, 1), (1, 1)))
    one = pen.do("mul", pen.do("mul", p, p), d)
    two = pen.do("mul", pen.do("mul", pen.do("mul", p, q), b), 2.0)
    three = pen.do("mul", pen.do("mul", q, q), a)
    total = pen.do("sub", two, pen.do("add", one, three))
    pen.do("clone", total, name="bordered_determinant", axes=("solution",))
