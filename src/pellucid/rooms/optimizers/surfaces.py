"""The surfaces: name, formula, a start from which they teach something, and the square that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from pellucid.core.card import Words
from pellucid.core.formula import Formula

Array = np.ndarray[Any, Any]
VARIABLES = ("x", "y")


class Surface:
    """f(x, y) with its derivatives, compiled once."""

    def __init__(self, formula: Formula):
        self.formula = formula

    def value(self, points: Array) -> Array:
        """points [..., 2] → [...]"""
        found: Array = np.asarray(self.formula(points[..., 0], points[..., 1]))
        return found

    def gradient(self, points: Array) -> Array:
        """[..., 2] → [..., 2]"""
        return np.moveaxis(self._gradient(points[..., 0], points[..., 1]), 0, -1)

    def hessian(self, points: Array) -> Array:
        """[..., 2] → [..., 2, 2]"""
        found = np.moveaxis(self._hessian(points[..., 0], points[..., 1]), 0, -1)
        return found.reshape(*points.shape[:-1], 2, 2)

    @cached_property
    def gradient_formulas(self) -> tuple[Any, ...]:
        return self.formula.gradient()

    @cached_property
    def hessian_formulas(self) -> tuple[tuple[Any, ...], ...]:
        return self.formula.hessian()

    @cached_property
    def _gradient(self) -> Any:
        return self.formula.compiled(self.gradient_formulas)

    @cached_property
    def _hessian(self) -> Any:
        return self.formula.compiled([each for row in self.hessian_formulas for each in row])


@dataclass(frozen=True)
class Known:
    """A surface by name."""

    formula: str
    start: tuple[float, float]
    minima: tuple[tuple[float, float], ...]
    about: Words


SURFACES: dict[str, Known] = {
    "bowl": Known("x^2 + y^2", (3, 2), ((0, 0),), {"en": "a round bowl", "zh-TW": "圓碗"}),
    "ravine": Known(
        "0.5x^2 + 50y^2", (4, 1), ((0, 0),), {"en": "a ravine: curvatures 1 to 100", "zh-TW": "峽谷：曲率 1 比 100"}
    ),
    "saddle": Known("x^2 - y^2 + y^4/4", (2, 0.01), ((0, 2**0.5), (0, -(2**0.5))), {"en": "a saddle", "zh-TW": "鞍點"}),
    "himmelblau": Known(
        "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        (0, 0),
        ((3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)),
        {"en": "four minima (Himmelblau)", "zh-TW": "四個最小值（Himmelblau）"},
    ),
    "rosenbrock": Known(
        "(1 - x)^2 + 100(y - x^2)^2",
        (-1.5, 1),
        ((1, 1),),
        {"en": "a bent valley (Rosenbrock)", "zh-TW": "彎曲的山谷（Rosenbrock）"},
    ),
}


@lru_cache(maxsize=64)
def surface(formula: str, where: str = "formula", column: int = 1) -> Surface:
    """The surface of a name or a formula in x and y. UserError as of `Formula.parse`."""
    known = SURFACES.get(formula.strip().lower())
    return Surface(Formula.parse(known.formula if known else formula, VARIABLES, where=where, column=column))
