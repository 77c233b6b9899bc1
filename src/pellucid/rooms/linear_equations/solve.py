"""The system solved without descent: exact elimination in fractions, and what decides how well descent can do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from pellucid.core.exact import eliminate
from pellucid.rooms.linear_equations.equations import Problem

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Exact:
    """What there is to find. `values`: the solution; of many the shortest; of none the least squares answer."""

    kind: Literal["unique", "many", "none"]
    rank: int
    values: Array
    free: tuple[tuple[Fraction, ...], ...]
    """Directions along which the unknowns may move and no left side changes; empty where there is none."""
    condition: float | None
    """Largest by smallest singular value; None where the smallest is 0."""
    curvatures: Array
    """Eigenvalues of the loss's second derivatives, largest first; those that are not 0."""

    @property
    def bound(self) -> float:
        """The learning rate from which on plain descent diverges: 2 / L. Infinite on a loss that is flat."""
        return 2 / float(self.curvatures[0]) if len(self.curvatures) else math.inf


def solve(problem: Problem) -> Exact:
    """Rank and consistency by exact fractions, so that no threshold decides what is singular."""
    a, b = problem.coefficients, problem.right_sides
    n = len(b)
    reduced, pivots = eliminate([[*row, right] for row, right in zip(problem.rows, problem.rights, strict=True)], n + 1)
    consistent = n not in pivots
    rank = len(pivots) - (not consistent)
    u, s, vt = np.linalg.svd(a)
    values = vt[:rank].T @ ((u[:, :rank].T @ b) / s[:rank])  # the pseudo-inverse's: least squares, the shortest
    if rank == n:
        values = np.array([float(row[n]) for row in reduced])
    return Exact(
        kind="unique" if rank == n else "many" if consistent else "none",
        rank=rank,
        values=values,
        free=_null_space(eliminate(problem.rows, n), n),
        condition=float(s[0] / s[-1]) if rank == n and s[-1] > 0 else None,
        curvatures=2 / n * s[:rank] ** 2,
    )


def _null_space(reduced: tuple[list[list[Fraction]], list[int]], n: int) -> tuple[tuple[Fraction, ...], ...]:
    """One direction for each column without a leading one."""
    rows, pivots = reduced
    found = []
    for column in (c for c in range(n) if c not in pivots):
        direction = [Fraction(int(i == column)) for i in range(n)]
        for row, pivot in zip(rows, pivots, strict=False):
            direction[pivot] = -row[column]
        found.append(tuple(direction))
    return tuple(found)


def decay(curvature: float, rate: float, momentum: float) -> float:
    """-log of the factor by which one step shrinks the error along a direction of that curvature; negative: it grows.

    Along such a direction plain descent multiplies the error by 1 - rate · curvature. With momentum the factor is the
    larger root of z² - (1 + momentum - rate · curvature) z + momentum.
    """
    move = rate * curvature
    if move < 1e-6 * (1 - momentum) ** 2:  # the roots would be lost in rounding
        return move / (1 - momentum)
    if not momentum:
        return -math.log(abs(1 - move)) if move != 1 else math.inf
    largest = float(np.abs(np.roots([1, -(1 + momentum - move), momentum])).max())
    return -math.log(largest)


def steps_needed(exact: Exact, rate: float, momentum: float, share: float) -> float:
    """Steps until the slowest direction's error has shrunk to that share; infinite where it does not shrink."""
    slowest = min((decay(float(each), rate, momentum) for each in exact.curvatures), default=math.inf)
    return -math.log(share) / slowest if slowest > 0 else math.inf
