"""Is f convex? Proven from the Hessian's formulas where they are simple, refuted by a witness, or left open.

A convex function lies on or below each of its chords. A witness against it is a chord whose midpoint lies below f.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pellucid.core.card import Words
from pellucid.rooms.optimizers.surfaces import Surface

Array = np.ndarray[Any, Any]
GRID = 41
CHORDS = 4_000
MOST_NODES = 300  # of a Hessian that SymPy is asked about


@dataclass(frozen=True)
class Box:
    """The square of the plane that is looked at."""

    low: tuple[float, float]
    high: tuple[float, float]

    def grid(self, n: int = GRID) -> tuple[Array, Array]:
        """The n values of x, and of y."""
        return (np.linspace(self.low[0], self.high[0], n), np.linspace(self.low[1], self.high[1], n))

    def points(self, n: int = GRID) -> Array:
        """[n · n, 2]"""
        x, y = np.meshgrid(*self.grid(n))
        return np.stack([x.ravel(), y.ravel()], axis=-1)


@dataclass(frozen=True)
class Convexity:
    answer: Literal["convex", "not convex", "cannot tell"]
    chord: tuple[Array, Array] | None = None
    """Two points whose midpoint lies above their chord."""
    lowest: float | None = None
    """The Hessian's lowest eigenvalue on the grid."""
    undefined: bool = False


def convexity(surface: Surface, box: Box) -> Convexity:
    """`convex` holds everywhere and is proven; `not convex` comes with a chord inside the box."""
    if _proven(surface):
        return Convexity("convex")
    points = box.points()
    with np.errstate(all="ignore"):
        values, hessians = surface.value(points), surface.hessian(points)
    defined = bool(np.isfinite(values).all())
    finite = np.isfinite(hessians).all(axis=(1, 2))
    lowest = None
    if finite.any():
        eigenvalues, vectors = np.linalg.eigh(hessians[finite])
        worst = int(eigenvalues[:, 0].argmin())
        lowest = float(eigenvalues[worst, 0])
        chord = _along(surface, points[finite][worst], vectors[worst, :, 0], box) if lowest < 0 else None
        if chord:
            return Convexity("not convex", chord, lowest)
    chord = _among(surface, points)
    if chord:
        return Convexity("not convex", chord, lowest)
    return Convexity("cannot tell", None, lowest, undefined=not defined)


def _proven(surface: Surface) -> bool:
    """Whether SymPy knows the signs that make the Hessian positive semidefinite at every point."""
    import sympy

    (a, b), (_, d) = surface.hessian_formulas
    expression = surface.formula.sympy
    kinks = (sympy.Abs, sympy.sign, sympy.Heaviside, sympy.tan, sympy.log, sympy.asin, sympy.acos)
    roots = [power for power in expression.atoms(sympy.Pow) if not power.exp.is_nonnegative or not power.exp.is_integer]
    if expression.has(*kinks) or any(power.base != sympy.E for power in roots):
        return False  # with kinks, poles or edges the second derivative is not all there is to say
    if sum(1 for each in (a, b, d) for _ in sympy.preorder_traversal(each)) > MOST_NODES:
        return False
    determinant = sympy.expand(a * d - b * b)
    return all(each.is_nonnegative is True for each in (a, d, determinant))


def _holds(surface: Surface, a: Array, b: Array) -> Array:
    """How far f at the middle lies above the chord, beyond rounding; ≤ 0 where a chord says nothing."""
    with np.errstate(all="ignore"):
        left, middle, right = surface.value(a), surface.value((a + b) / 2), surface.value(b)
        above = middle - (left + right) / 2 - 1e-9 * (np.abs(left) + np.abs(middle) + np.abs(right)) - 1e-12
    return np.where(np.isfinite(above), above, -1.0)


def _along(surface: Surface, point: Array, direction: Array, box: Box) -> tuple[Array, Array] | None:
    """A chord through a point where f curves downward, as long as it can be seen well."""
    width = min(h - low for low, h in zip(box.low, box.high, strict=True))
    for share in (0.25, 0.1, 0.03, 0.01, 0.003):
        a, b = point - share * width * direction, point + share * width * direction
        if float(_holds(surface, a, b)) > 0:
            return a, b
    return None


def _among(surface: Surface, points: Array) -> tuple[Array, Array] | None:
    """A chord between two points of the grid, of some thousand drawn at random: finds kinks that bend downward."""
    draw = np.random.default_rng(0).integers(len(points), size=(2, CHORDS))
    above = _holds(surface, points[draw[0]], points[draw[1]])
    worst = int(above.argmax())
    return (points[draw[0, worst]], points[draw[1, worst]]) if above[worst] > 0 else None


def words(found: Convexity, box: Box) -> Words:
    """The answer in both languages."""
    if found.answer == "convex":
        return {
            "en": "Convex: its Hessian has no negative eigenvalue anywhere, so every local minimum is global.",
            "zh-TW": "是凸函數：Hessian 矩陣處處沒有負的特徵值，所以局部最小值就是全域最小值。",
        }
    if found.chord:
        a, b = (f"({p[0]:.3g}, {p[1]:.3g})" for p in found.chord)
        return {
            "en": f"Not convex: halfway between {a} and {b} it lies above the straight line that joins them.",
            "zh-TW": f"不是凸函數：在 {a} 與 {b} 的中點，函數值高於連接兩點的線段。",
        }
    if found.undefined:
        return {
            "en": "Cannot tell: f has no value at some points of the square shown.",
            "zh-TW": "無法判定：所示範圍內有些點沒有函數值。",
        }
    (x0, y0), (x1, y1) = box.low, box.high
    return {
        "en": f"Cannot tell: nothing speaks against it for x from {x0:.3g} to {x1:.3g}, y from {y0:.3g} to {y1:.3g}, "
        "but points of a grid are no proof.",
        "zh-TW": f"無法判定：x 從 {x0:.3g} 到 {x1:.3g}、y 從 {y0:.3g} 到 {y1:.3g} 之間沒有反例，但檢查格點不算證明。",
    }
