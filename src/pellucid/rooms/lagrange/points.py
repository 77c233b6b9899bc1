"""One candidate and what it is: multiplier, curvatures along the constraint, kind, and exact values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from pellucid.rooms.lagrange.budget import within
from pellucid.rooms.lagrange.calculus import Array, Calculus

Kind = Literal["maximum", "minimum", "saddle", "flat", "alone", "singular"]
FLAT = 1e-7  # a curvature smaller than this share of the Hessian's size decides nothing
CALLS, SECONDS = 400_000, 1.0  # of putting exact values into the formulas


@dataclass(frozen=True, eq=False)
class Point:
    """A candidate. kind: flat: second derivatives do not decide; alone: the constraints leave no direction;
    singular: ∇g are dependent here, so that no multiplier need exist."""

    at: Array
    value: float
    multipliers: Array | None
    kind: Kind
    tangents: Array
    """[direction, variable], orthonormal; the bordered Hessian's curvatures along them are `curvatures`."""
    curvatures: Array
    forms: tuple[Any, ...]
    """SymPy's exact coordinates, None where they are not short."""
    calculus: Calculus

    @cached_property
    def exact_value(self) -> Any:
        """f as a SymPy expression, or None."""
        return self._exactly(_value)

    @cached_property
    def exact_multipliers(self) -> tuple[Any, ...]:
        """Empty where they are not known; those that are have been put into the equations and fulfil them exactly."""
        return () if self.multipliers is None else self._exactly(_multipliers) or ()

    def _exactly(self, what: Callable[[Calculus, tuple[Any, ...]], Any]) -> Any:
        if any(form is None for form in self.forms):
            return None
        return within(CALLS, SECONDS, lambda: what(self.calculus, self.forms), None)

    @property
    def isolated(self) -> bool:
        """Surely no member of a family."""
        return self.kind not in ("flat", "singular")


def furthest(points: Sequence[Point], sign: int) -> Point:
    """The first with the largest value, or for -1 with the smallest."""
    return max(points, key=lambda each: sign * round(each.value, 9))


def describe(calculus: Calculus, found: Array, forms: list[list[Any]], guessed: bool) -> tuple[Point, ...]:
    """The points, highest value first. guessed: a form counts only if it fulfils the equations exactly."""
    points = [_point(calculus, at, exact) for at, exact in zip(found, forms, strict=True)]
    if guessed:
        none = (None,) * calculus.n
        points = [each if each.exact_multipliers else replace(each, forms=none) for each in points]
    return tuple(sorted(points, key=lambda each: (-round(each.value, 9), *(-np.round(each.at, 6)))))


def _point(calculus: Calculus, at: Array, forms: list[Any]) -> Point:
    f, _, df, dg = calculus.first(at)
    value = float(f)
    sizes = np.linalg.svd(dg, compute_uv=False)
    if sizes[-1] <= 1e-6 * (1e-3 + sizes[0]):
        return Point(at, value, None, "singular", np.zeros((0, calculus.n)), np.zeros(0), tuple(forms), calculus)
    multipliers = np.linalg.lstsq(dg.T, df, rcond=None)[0]
    _, _, turned = np.linalg.svd(dg)
    across = turned[calculus.m :]
    hessian = calculus.lagrangian_hessian(at, multipliers)
    curvatures, mixed = np.linalg.eigh(across @ hessian @ across.T)
    of_f, of_g = calculus.second(at)
    size = np.abs(of_f).max() + (np.abs(multipliers) * np.abs(of_g).max(axis=(-1, -2))).sum()
    kind = _kind(curvatures, FLAT * float(size))
    return Point(at, value, multipliers, kind, mixed.T @ across, curvatures, tuple(forms), calculus)


def _kind(curvatures: Array, flat: float) -> Kind:
    if not len(curvatures):
        return "alone"
    up, down = bool((curvatures > flat).any()), bool((curvatures < -flat).any())
    if up and down:
        return "saddle"
    if (np.abs(curvatures) <= flat).any():
        return "flat"
    return "minimum" if up else "maximum"


def _value(calculus: Calculus, forms: tuple[Any, ...]) -> Any:
    at = dict(zip(calculus.problem.objective.symbols, forms, strict=True))
    value = _short(calculus.problem.objective.sympy.subs(at))
    return value if value.is_finite else None


def _multipliers(calculus: Calculus, forms: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """By the normal equations; None where they or the constraints are not fulfilled exactly."""
    import sympy

    at = dict(zip(calculus.problem.objective.symbols, forms, strict=True))
    if any(_short(each.sympy.subs(at)) != 0 for each in calculus.problem.constraints):
        return None
    slopes = [[_short(each.subs(at)) for each in row] for row in calculus.gradients]
    across = sympy.Matrix(slopes[1:])
    found = [_short(each) for each in (across * across.T).LUsolve(across * sympy.Matrix(slopes[0]))]
    rest = sympy.Matrix(slopes[0]) - across.T * sympy.Matrix(found)
    return None if any(_short(each) != 0 for each in rest) else tuple(found)


def _short(expression: Any) -> Any:
    import sympy

    if expression.is_Rational:
        return expression
    found = sympy.radsimp(sympy.expand(sympy.expand_log(expression)))
    return found if found.is_Rational else sympy.sqrtdenest(found)
