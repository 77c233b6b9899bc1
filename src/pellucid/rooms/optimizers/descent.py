"""Descents: one, or many at once; how one went, in words; the race of all seven and the sweep of learning rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from pellucid.core.card import Words
from pellucid.rooms.optimizers.problem import Problem
from pellucid.rooms.optimizers.steps import OPTIMIZERS, Optimizer, Settings

Array = np.ndarray[Any, Any]
BLOWN_UP = 1e12
"""Further out than this a point is lost."""

End = Literal["converged", "still going", "oscillates", "diverged", "falls forever", "left"]


def descend(
    optimizer: Optimizer, settings: Settings, gradient: Callable[[Array], Array], start: Array, steps: int
) -> Array:
    """The points of a descent, [steps + 1, …, n] for a start [..., n]. Lost points become NaN; ends when all are."""
    state, path = optimizer.start(start), [start]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            state = optimizer(state, gradient(state["x"]), settings)
            lost = ~(np.abs(state["x"]) < BLOWN_UP).all(axis=-1, keepdims=True)
            if lost.any():
                state["x"] = np.where(lost, np.nan, state["x"])
            path.append(state["x"])
            if lost.all():
                break
    return np.stack(path)


def path(problem: Problem, name: str | None = None) -> Array:
    """The descent of a problem, by another optimizer if named."""
    optimizer = OPTIMIZERS[name or problem.name]
    return descend(optimizer, problem.settings, problem.surface.gradient, problem.point, problem.steps)


def race(problem: Problem) -> dict[str, Array]:
    """All seven from the same start with the same settings."""
    return {name: path(problem, name) for name in OPTIMIZERS}


def sweep(
    value: Callable[[Array], Array], gradient: Callable[[Array], Array], start: Array, settings: Settings,
    rates: Array, steps: int,
) -> dict[str, Array]:  # fmt: skip
    """For each optimizer the value where it ended, [rate]: all learning rates are stepped at once. NaN: diverged."""
    starts = np.broadcast_to(start, (len(rates), len(start)))
    many = replace(settings, rate=rates[:, None])
    return {name: value(descend(each, many, gradient, starts, steps)[-1]) for name, each in OPTIMIZERS.items()}


@dataclass(frozen=True)
class Outcome:
    """How a descent went."""

    how: End
    end: Array
    value: float
    slope: float
    """Length of the gradient at the end."""
    kind: Literal["minimum", "saddle", "maximum", "flat"] | None
    """What the Hessian's eigenvalues say of the end, where it converged."""
    steps: int


def judge(problem: Problem, points: Array) -> Outcome:
    """What became of a descent. Its last point is the last finite one."""
    surface = problem.surface
    values = surface.value(points)
    good = np.isfinite(points).all(axis=-1) & np.isfinite(values)
    last = len(points) - 1 if good.all() else int(np.argmin(good)) - 1
    end, value = points[last], float(values[last])
    slopes = np.linalg.norm(surface.gradient(points[: last + 1]), axis=-1)
    slope, first = float(slopes[-1]), float(slopes[0])
    how = _how(points[: last + 1], values[: last + 1], slope, first, lost=last < len(points) - 1)
    if last < len(points) - 1 and np.isfinite(points[last + 1]).all() and np.isnan(values[last + 1]):
        how = "left"
    return Outcome(how, end, value, slope, _kind(surface.hessian(end)) if how == "converged" else None, last)


def _how(points: Array, values: Array, slope: float, first: float, *, lost: bool) -> End:
    fell = values[0] - values[-1]
    if lost:
        return "falls forever" if fell > 0 else "diverged"
    if slope <= 1e-4 * max(1.0, min(first, 100.0)):
        return "converged"
    half, low = len(values) // 2, values.min()
    if fell < 0 and values[half:].max() - low > 1.1 * (values[half // 2 : half + 1].max() - low):
        return "diverged"
    if fell > 1e6 * (1 + abs(values[0])) and np.abs(points[-1]).max() > 1e3:
        return "falls forever"
    moves = np.diff(points, axis=0)
    turns = (moves[-20:][1:] * moves[-20:][:-1]).sum(axis=-1) < 0
    lengths = np.linalg.norm(moves, axis=-1)
    shrinks = lengths[-10:].mean() < 0.9 * lengths[max(half - 10, 0) : half].mean() if half else True
    if len(turns) >= 5 and turns.mean() > 0.8 and not shrinks:
        return "oscillates"
    return "still going"


def _kind(hessian: Array) -> Literal["minimum", "saddle", "maximum", "flat"]:
    if not np.isfinite(hessian).all():
        return "flat"
    low, high = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    small = 1e-6 * max(1.0, abs(low), abs(high))
    if low < -small:
        return "maximum" if high < -small else "saddle"
    return "minimum" if low > small else "flat"


_PLACES: dict[str | None, Words] = {
    "minimum": {"en": "a local minimum: it curves upward in every direction", "zh-TW": "局部最小值：每個方向都向上彎"},
    "saddle": {
        "en": "a saddle point, no minimum: it curves downward in one direction",
        "zh-TW": "鞍點，不是最小值：有一個方向向下彎",
    },
    "maximum": {"en": "a maximum: it curves downward in every direction", "zh-TW": "最大值：每個方向都向下彎"},
    "flat": {"en": "a level place whose curvature decides nothing", "zh-TW": "平坦處，曲率無法判定是哪一種"},
}


def words(outcome: Outcome) -> Words:
    """The verdict in both languages."""
    n, slope = outcome.steps, f"{outcome.slope:.2g}"
    match outcome.how:
        case "converged":
            place = _PLACES[outcome.kind]
            return {
                "en": f"Converged in {n} steps, to {place['en']}.",
                "zh-TW": f"走 {n} 步後收斂，到達{place['zh-TW']}。",
            }
        case "diverged":
            return {
                "en": "Diverged: the value grows instead of falling. A smaller learning rate would help.",
                "zh-TW": "發散：函數值不降反升。把學習率調小會有幫助。",
            }
        case "falls forever":
            return {
                "en": "f falls without end in this direction: there is no minimum to converge to.",
                "zh-TW": "f 朝這個方向一直下降，沒有最小值可以收斂。",
            }
        case "left":
            return {
                "en": f"After step {n} it jumped to where f has no value. A smaller learning rate would help.",
                "zh-TW": f"走完第 {n} 步後，跳到了 f 沒有函數值的地方。把學習率調小會有幫助。",
            }
        case "oscillates":
            return {
                "en": f"Oscillates: it jumps to and fro without getting lower (slope {slope}). "
                "A smaller learning rate would help.",
                "zh-TW": f"震盪：來回跳動，沒有再降低（斜率 {slope}）。把學習率調小會有幫助。",
            }
    return {
        "en": f"Still going after {n} steps: the slope is {slope}. More steps would help.",
        "zh-TW": f"走了 {n} 步仍在下降，斜率 {slope}。再多走幾步會有幫助。",
    }
