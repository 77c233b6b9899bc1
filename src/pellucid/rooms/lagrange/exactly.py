"""What algebra proves of a polynomial problem: all its candidates, or that there are none, or no feasible point."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any

from pellucid.rooms.lagrange import algebra
from pellucid.rooms.lagrange.algebra import NotPolynomial, Polynomial
from pellucid.rooms.lagrange.budget import within
from pellucid.rooms.lagrange.calculus import Array
from pellucid.rooms.lagrange.ideal import Ideal, TooMany
from pellucid.rooms.lagrange.problem import Problem

CALLS, SECONDS = 3_000_000, 8.0  # of the exact solution; then it is left to the search
Fractions = list[tuple[Polynomial, Polynomial]]
"""Of f and each g, numerator and denominator."""


@dataclass(frozen=True)
class Exact:
    """What algebra says. points: None where it says nothing of them."""

    points: Array | None = None
    forms: list[list[Any]] = field(default_factory=list)
    complex: int = 0
    inconsistent: bool = False
    everywhere: bool = False
    infinite: bool = False


def polynomials_of(problem: Problem) -> Fractions | None:
    """Of f and each g, numerator and denominator; None where one of them has none."""
    try:
        return [algebra.quotient(each.tree, problem.names) for each in (problem.objective, *problem.constraints)]
    except NotPolynomial:
        return None


def exactly(polynomials: Fractions, n: int) -> Exact | None:
    def work() -> Exact | None:
        try:
            return _by_algebra(polynomials, n)
        except NotPolynomial:
            return None

    return within(CALLS, SECONDS, work, None)


def _by_algebra(polynomials: Fractions, n: int) -> Exact | None:
    """f is stationary, or ∇g fails, just where all minors of (∇f, ∇g…) are 0: no multiplier is needed to say so."""
    constraints = [top for top, _ in polynomials[1:]]
    rows = [_gradient(polynomials[0], n), *([algebra.derivative(g, i) for i in range(n)] for g in constraints)]
    minors = [
        algebra.determinant([[row[i] for i in columns] for row in rows], n)
        for columns in combinations(range(n), len(rows))
    ]
    feasible = Ideal(constraints, n)
    if feasible.empty:
        return Exact(inconsistent=True)
    if minors and all(map(feasible.holds, minors)):
        return Exact(everywhere=True)
    try:
        found = Ideal([*constraints, *minors], n).solutions()
    except TooMany as error:
        return Exact(infinite=True) if error.infinite else None
    return Exact(found.real, found.exact, found.complex)


def _gradient(fraction: tuple[Polynomial, Polynomial], n: int) -> list[Polynomial]:
    """Of p/q, times q²: it vanishes where the gradient does."""
    top, below = fraction
    found = []
    for i in range(n):
        first = algebra.product(algebra.derivative(top, i), below)
        second = algebra.product(top, algebra.derivative(below, i))
        found.append(algebra.added(first, algebra.scaled(second, Fraction(-1))))
    return found


def nowhere_real(polynomials: Fractions, n: int) -> bool:
    """Proven: no real point fulfils the constraints. If one did, one of them would be nearest to any given point, and
    so stationary for the distance to it; algebra finds all those."""
    middle = [Fraction(3 + 2 * i, 7 + i) for i in range(n)]
    distance: Polynomial = {}
    for i in range(n):
        away = {tuple(int(k == i) for k in range(n)): Fraction(1), (0,) * n: -middle[i]}
        distance = algebra.added(distance, algebra.product(away, away))
    one = algebra.constant(Fraction(1), n)
    found = exactly([(distance, one), *((top, one) for top, _ in polynomials[1:])], n)
    return found is not None and (found.inconsistent or (found.points is not None and not len(found.points)))
