"""All candidates of a problem, exactly where it is polynomial, else by search; what is proven, and what is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from pellucid.rooms.lagrange import algebra, search
from pellucid.rooms.lagrange.algebra import Polynomial
from pellucid.rooms.lagrange.calculus import Array, Calculus
from pellucid.rooms.lagrange.exactly import Exact, exactly, nowhere_real, polynomials_of
from pellucid.rooms.lagrange.points import Point, describe, furthest
from pellucid.rooms.lagrange.problem import Problem

FAMILY = 12  # so many points of a search that are not isolated are a family
Answered = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Solution:
    """points: stationary ones and those where ∇g fails, highest value first."""

    problem: Problem
    calculus: Calculus
    points: tuple[Point, ...]
    complete: bool
    """Proven: there are no others."""
    starts: int
    """Of the search; 0 where there was none."""
    empty: Answered
    """Whether no point at all fulfils the constraints; yes: proven."""
    family: Literal["", "all", "some", "singular"] = ""
    """all: proven, f is stationary on all of the constraint. some: infinitely many. singular: ∇g fails on all of it."""
    bounded: bool = False
    """Proven that the feasible points lie in a ball, and form a closed set."""
    complex: int = 0
    """Solutions of the system, complex ones counted, where that is known."""
    highest: Answered = "unknown"
    """Whether f takes a largest value on the constraint."""
    lowest: Answered = "unknown"
    above: Array | None = None
    """A feasible point, surely, with a higher value than all of `points`."""
    below: Array | None = None
    feasible: Array = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def best(self) -> Point | None:
        """Of what is asked for, the best of all, or where there is none the best local one. None of a family."""
        if self.family:
            return None
        for sign in (self.sign,) if self.problem.sense != "both" else (self.sign, -self.sign):
            if (best := self._best(sign)) is not None:
                return best
        return None

    @property
    def sign(self) -> int:
        """1 where the best point is up, -1 where it is down."""
        if self.problem.sense == "both":
            return -1 if self.above is not None and self.below is None else 1
        return 1 if self.problem.sense == "max" else -1

    def _best(self, sign: int) -> Point | None:
        """Of all, or where f goes beyond all of them, of the local extrema."""
        beyond = self.above if sign > 0 else self.below
        kind = "maximum" if sign > 0 else "minimum"
        points = [each for each in self.points if beyond is None or each.kind == kind]
        return furthest(points, sign) if points else None


@lru_cache(maxsize=32)
def solve(problem: Problem) -> Solution:
    """Everything there is to say of a problem."""
    calculus = Calculus(problem)
    polynomials = polynomials_of(problem)
    exact = exactly(polynomials, calculus.n) if polynomials else None
    if exact and exact.inconsistent:
        return Solution(problem, calculus, (), True, 0, "yes", feasible=np.zeros((0, calculus.n)))
    begin = search.starts(calculus.n)
    if problem.start:
        begin = np.concatenate([[problem.start], begin])
    feasible = search.feasible(calculus, begin)
    if exact and exact.points is not None:
        found, forms = _that_exist(exact, [below for _, below in polynomials or []])
        complete = True
        count = 0
    else:
        count, complete = len(begin), False
        from_where = np.concatenate([feasible, begin]) if len(feasible) else begin
        if exact and exact.everywhere:  # any feasible point will do
            found = feasible
        else:
            found = np.concatenate([search.stationary(calculus, from_where), search.singular(calculus, begin)])
        found = search.distinct(found, 1e-4)
        forms = [_recognized(calculus, point) for point in found]
    sure = feasible[search.surely(calculus, feasible)]
    empty: Answered = "no" if len(sure) or len(found) else "unknown"
    if empty == "unknown" and polynomials and nowhere_real(polynomials, calculus.n):
        empty, complete = "yes", True
    points = describe(calculus, found, forms, guessed=not complete)
    family = _family(exact, points, calculus, feasible)
    if family:
        points, complete = _spread(points), False
    closed = bool(polynomials) and all(len(below) == 1 and not any(map(any, below)) for _, below in polynomials or ())
    bounded = closed and algebra.bounded([top for top, _ in (polynomials or [])[1:]], calculus.n)
    tops = [top for top, _ in polynomials or []]
    grows = algebra.coercive(tops[0], tops[1:], calculus.n) if closed else 0
    solution = Solution(
        problem, calculus, points, complete, count, empty, family, bounded, exact.complex if exact else 0,
        feasible=sure,
    )  # fmt: skip
    return _extremes(solution, closed, grows)


def _that_exist(exact: Exact, denominators: list[Polynomial]) -> tuple[Array, list[list[Any]]]:
    """Without those at which a denominator is 0."""
    points = exact.points
    assert points is not None
    kept = [i for i, at in enumerate(points) if not any(_vanishes(each, at) for each in denominators)]
    return points[kept], [exact.forms[i] for i in kept]


def _vanishes(polynomial: Polynomial, at: Array) -> bool:
    terms = [float(value) * float(np.prod(at ** np.array(key))) for key, value in polynomial.items()]
    return abs(sum(terms)) <= 1e-12 * sum(map(abs, terms))


def _recognized(calculus: Calculus, point: Array) -> list[Any]:
    """Small fractions that a search came near to. A guess, until `describe` has put them into the equations."""
    import sympy

    found = [Fraction(float(value)).limit_denominator(60) for value in point]
    if all(abs(float(guess) - value) < 1e-8 for guess, value in zip(found, point, strict=True)):
        return [sympy.Rational(guess.numerator, guess.denominator) for guess in found]
    return [None] * calculus.n


def _family(exact: Exact | None, points: tuple[Point, ...], calculus: Calculus, feasible: Array) -> Any:
    if exact and exact.points is not None:
        return ""
    if len(feasible) >= 3:
        _, _, _, dg = calculus.first(feasible)
        sizes = np.linalg.svd(dg, compute_uv=False)
        if (sizes[:, -1] <= 1e-6 * (1e-3 + sizes[:, 0])).all():
            return "singular"
    if exact and exact.everywhere:
        return "all"
    flat = [each for each in points if not each.isolated]
    if len(flat) >= FAMILY:
        return "some"
    return ""


def _spread(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """A few of a family: each time the one that is furthest from those chosen."""
    at = np.array([each.at for each in points]).reshape(len(points), -1)
    chosen = [0] if len(points) else []
    while chosen and len(chosen) < min(FAMILY, len(points)):
        away = np.abs(at[:, None] - at[chosen]).max(axis=-1).min(axis=1)
        chosen.append(int(away.argmax()))
    return tuple(points[i] for i in sorted(chosen))


def _extremes(solution: Solution, closed: bool, grows: int) -> Solution:
    """Whether f has a largest and a smallest value: by a theorem, refuted by a witness, or not known."""
    from dataclasses import replace

    if solution.empty != "no" or solution.family:
        return solution
    feasible, values = solution.feasible, np.array([each.value for each in solution.points])
    heights = solution.calculus.first(feasible)[0] if len(feasible) else np.zeros(0)
    found: dict[str, Any] = {}
    for name, witness, sign in (("highest", "above", 1), ("lowest", "below", -1)):
        record = (sign * values).max() if len(values) else -np.inf
        beyond = sign * heights > record + 1e-6 * (1 + abs(record)) if len(values) else np.ones(len(heights), bool)
        exists = closed and solution.complete and (solution.bounded or grows == -sign) and len(values)
        if exists:
            found[name] = "yes"
        elif beyond.any():
            far = int(np.argmax(np.where(beyond, sign * heights, -np.inf)))
            found[name], found[witness] = ("no" if solution.complete else "unknown"), feasible[far]
        elif solution.complete and not len(values):
            found[name] = "no"
    return replace(solution, **found)
