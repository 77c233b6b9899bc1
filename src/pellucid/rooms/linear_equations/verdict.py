"""What came of it, in a sentence of each language: one solution, many or none; reached, crawling or diverging."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pellucid.core.card import Words
from pellucid.rooms.linear_equations.descent import Array, Path
from pellucid.rooms.linear_equations.equations import Problem, fraction_text
from pellucid.rooms.linear_equations.solve import Exact, decay, steps_needed

NEAR = 1e-4  # of the largest unknown: four digits are right
DIRECTIONS_TOLD = 3


@dataclass(frozen=True)
class Outcome:
    """A descent held against the exact solution."""

    problem: Problem
    exact: Exact
    path: Path
    rate: float
    momentum: float

    @property
    def distance(self) -> float:
        return float(np.linalg.norm(self.path.unknowns[-1] - self.exact.values))

    @property
    def residual(self) -> float:
        """How far the left sides are from the right ones."""
        return float(np.linalg.norm(self.problem.coefficients @ self.path.unknowns[-1] - self.problem.right_sides))

    @property
    def bound(self) -> float:
        """The learning rate from which on this descent diverges."""
        return self.exact.bound * (1 + self.momentum)

    @property
    def diverged(self) -> bool:
        grew = self.rate >= self.bound and self.path.losses[-1] > self.path.losses[0]
        return self.path.end == "diverged" or bool(grew)

    @property
    def reached(self) -> bool:
        largest = float(np.abs(self.exact.values).max()) or 1.0
        return not self.diverged and float(np.abs(self.path.unknowns[-1] - self.exact.values).max()) <= NEAR * largest

    @property
    def keeps(self) -> float:
        """The share of the error that the slowest direction keeps at each step."""
        slowest = (decay(float(each), self.rate, self.momentum) for each in self.exact.curvatures)
        return math.exp(-min(slowest, default=math.inf))


def verdict(outcome: Outcome) -> Words:
    """Both languages."""
    what, how = _what(outcome), _how(outcome)
    return {"en": f"{what['en']} {how['en']}", "zh-TW": what["zh-TW"] + how["zh-TW"]}


def _what(outcome: Outcome) -> Words:
    """How many solutions there are."""
    exact, problem = outcome.exact, outcome.problem
    values = listed(problem.names, exact.values)
    n, rank = len(problem.names), exact.rank
    if exact.kind == "unique":
        return {"en": f"One solution: {values}.", "zh-TW": f"恰有一組解：{values}。"}
    free = _free(outcome)
    if exact.kind == "many":
        return {
            "en": f"Infinitely many solutions (rank {rank} of {n}); the shortest is {values}. {free['en']}",
            "zh-TW": f"有無限多組解（秩 {rank}，未知數 {n} 個），其中長度最短的是 {values}。{free['zh-TW']}",
        }
    miss = figure(float(np.linalg.norm(problem.coefficients @ exact.values - problem.right_sides)))
    return {
        "en": f"No solution: the equations contradict each other (rank {rank} of {n}). "
        f"The least squares answer {values} misses the right sides by {miss}. {free['en']}",
        "zh-TW": f"無解：方程式互相矛盾（秩 {rank}，未知數 {n} 個）。"
        f"最小平方的答案 {values} 與右邊仍差 {miss}。{free['zh-TW']}",
    }


def _free(outcome: Outcome) -> Words:
    names = ", ".join(outcome.problem.names)
    directions = [f"({', '.join(map(fraction_text, each))})" for each in outcome.exact.free]
    told, rest = directions[:DIRECTIONS_TOLD], len(directions) - DIRECTIONS_TOLD
    more_en, more_zh = (f" and {rest} more", f"等共 {len(directions)} 個方向") if rest > 0 else ("", "")
    return {
        "en": f"Free: any multiple of {' and '.join(told)}{more_en} may be added to ({names}).",
        "zh-TW": f"自由的方向：({names}) 可以加上 {'、'.join(told)}{more_zh} 的任何倍數。",
    }


def _how(outcome: Outcome) -> Words:
    """How descent did."""
    if outcome.diverged:
        return _diverged(outcome)
    if not outcome.reached:
        return _crawled(outcome)
    steps, keeps = _steps(outcome), _share(outcome.keeps)
    if outcome.path.steps <= 1:
        return {"en": f"Descent got there in {steps['en']}.", "zh-TW": f"梯度下降走 {steps['zh-TW']}就到達。"}
    return {
        "en": f"Descent got there in {steps['en']}; in its slowest direction each step keeps {keeps} of the error.",
        "zh-TW": f"梯度下降走 {steps['zh-TW']}到達；在最慢的方向上，每一步保留 {keeps} 的誤差。",
    }


def _diverged(outcome: Outcome) -> Words:
    rate, bound = figure(outcome.rate), figure(outcome.bound)
    return {
        "en": f"Descent diverges: the learning rate {rate} is above the bound of {bound}, so that each step "
        "overshoots further than the one before. Take a smaller one, or auto.",
        "zh-TW": f"梯度下降發散了：學習率 {rate} 超過上限 {bound}，每一步都比前一步衝得更遠。"
        "請改用較小的學習率，或 auto。",
    }


def _crawled(outcome: Outcome) -> Words:
    steps, away, condition = _steps(outcome), figure(outcome.distance), outcome.exact.condition
    needed, keeps = steps_needed(outcome.exact, outcome.rate, outcome.momentum, NEAR), _share(outcome.keeps)
    if math.isinf(needed):
        rate = figure(outcome.rate)
        return {
            "en": f"Descent does not get there: the learning rate {rate} is at its bound, and after {steps['en']} "
            f"it is still {away} away. Take a smaller one, or auto.",
            "zh-TW": f"梯度下降到不了：學習率 {rate} 正好在上限，走了 {steps['zh-TW']}仍差 {away}。"
            "請改用較小的學習率，或 auto。",
        }
    why = f" (condition number {figure(condition)})" if condition else ""
    why_zh = f"（條件數 {figure(condition)}）" if condition else ""
    return {
        "en": f"Descent crawls{why}: after {steps['en']} it is still {away} away. In its slowest direction each step "
        f"keeps {keeps} of the error; four digits take about {_count(needed)} steps.",
        "zh-TW": f"梯度下降走得很慢{why_zh}：走了 {steps['zh-TW']}仍差 {away}。"
        f"在最慢的方向上，每一步保留 {keeps} 的誤差；要四位數正確，大約需要 {_count(needed)} 步。",
    }


def _steps(outcome: Outcome) -> Words:
    steps = outcome.path.steps
    return {"en": f"{steps:,} step{'' if steps == 1 else 's'}", "zh-TW": f"{steps:,} 步"}


def listed(names: tuple[str, ...], values: Array) -> str:
    """x = 1, y = 2.5"""
    return ", ".join(f"{name} = {figure(float(value))}" for name, value in zip(names, values, strict=True))


def figure(value: float) -> str:
    """Six digits at most; what is but rounding is 0."""
    return f"{value:.6g}" if abs(value) > 1e-12 else "0"


def _share(keeps: float) -> str:
    """77 %, 99.98 %: two digits of what is lost."""
    lost = 100 * (1 - keeps)
    if lost < 1e-7:
        return "more than 99.9999999 %"
    digits = max(0, 1 - math.floor(math.log10(lost))) if lost < 10 else 0
    return f"{100 - lost:.{digits}f} %"


def _count(steps: float) -> str:
    return f"{math.ceil(steps):,}" if steps < 1e7 else f"{steps:.1e}"
