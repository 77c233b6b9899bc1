"""The walk along the constraint: a step along the tangent, then Newton back onto it, until the gradients align."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pellucid.rooms.lagrange import search
from pellucid.rooms.lagrange.calculus import Array
from pellucid.rooms.lagrange.config import Config
from pellucid.rooms.lagrange.solve import Solution

RETURNS = 2  # Newton steps back onto the constraint that each step of the walk records
MOST_HALVED = 20  # times for one step
MOST_TRIED = 300  # steps and halvings of them; then no other start is tried
NEAR = 1e-5  # so near to the constraint, as a share of its size, a step must have come
FAR = 1e6
End = Literal["aligned", "out of steps", "stuck", "left", "nowhere", "stopped"]


@dataclass(frozen=True)
class Walk:
    """Entry k of each is where the walk was after k steps."""

    points: Array
    """[steps + 1, variable]"""
    values: Array
    multipliers: Array
    """[steps + 1, constraint]"""
    angles: Array
    """Between ∇f and what the ∇g can add up to, in degrees: 0 where they align."""
    misses: Array
    """The largest |g|."""
    rates: Array
    """[steps], of each step: the learning rate, halved as often as f would not have improved."""
    rate: float
    end: End
    """aligned: arrived. stuck: no step improves f. left: beyond all bounds. nowhere: no feasible point was found."""

    @property
    def steps(self) -> int:
        return len(self.points) - 1


@np.errstate(all="ignore")
def walk(solution: Solution, config: Config, asked_to_stop: Callable[[], bool] = lambda: False) -> Walk:
    """Uphill for a maximum, else downhill; from the first start that leads to the best value, or from the best one."""
    rate = learning_rate(config, solution)
    begin = _starts(solution)
    if begin is None:
        return _lost(solution, rate)
    best, tried, furthest = solution.best, 0, None
    for start in begin:
        found, tries = _walk(solution, start, rate, config, asked_to_stop)
        tried += tries
        if found.end == "stopped" or best is None or solution.problem.start:
            return found
        if furthest is None or solution.sign * (found.values[-1] - furthest.values[-1]) > 1e-9:
            furthest = found
        if tried > MOST_TRIED:
            break
        if found.steps > 2 and abs(found.values[-1] - best.value) <= 1e-5 * (1 + abs(best.value)):
            return found
    assert furthest is not None
    return furthest


def learning_rate(config: Config, solution: Solution) -> float:
    """The number that was asked for, or 0.8 / the largest curvature at the best point."""
    if config.learning_rate != "auto":
        return float(config.learning_rate)
    best = solution.best
    curvature = float(np.abs(best.curvatures).max()) if best is not None and len(best.curvatures) else 0.0
    return 0.8 / curvature if curvature > 1e-6 else 0.1


def _starts(solution: Solution) -> Array | None:
    """Feasible points to start from: the one nearest to what was asked, or a few at a modest distance from the best."""
    calculus, feasible = solution.calculus, solution.feasible
    if solution.problem.start:
        asked = np.array([solution.problem.start], float)
        found = search.feasible(calculus, asked)
        return found if len(found) and search.surely(calculus, found).all() else None
    if not len(feasible):
        return None
    best = solution.best
    if best is None:
        return feasible[np.argsort(np.linalg.norm(feasible, axis=1))[:1]]
    away = np.linalg.norm(feasible - best.at, axis=1)
    wanted = 1.2 * (float(np.linalg.norm(best.at)) or 1.0)
    return feasible[np.argsort(np.abs(away - wanted))[:6]]


def _walk(
    solution: Solution, start: Array, rate: float, config: Config, asked_to_stop: Callable[[], bool]
) -> tuple[Walk, int]:
    calculus, sign = solution.calculus, solution.sign
    x, tries = start, 0
    end: End = "out of steps"
    points, rates = [x], list[float]()
    f, g, df, dg = calculus.first(x)
    rows = [_row(f, g, df, dg)]
    for step in range(config.steps + 1):
        multipliers, tangent = _split(df, dg)
        slope = float(np.linalg.norm(tangent))
        if slope <= config.tolerance * max(float(np.linalg.norm(df)), 1e-12):
            end = "aligned"
        elif not np.abs(x).max() <= FAR:
            end = "left"
        elif asked_to_stop():
            end = "stopped"
        if end != "out of steps" or step == config.steps:
            break
        size = rate
        for _ in range(MOST_HALVED):
            there = back(solution, x + sign * size * tangent)
            now = calculus.first(there)
            tries += 1
            fine = all(np.isfinite(each).all() for each in now) and search.surely(calculus, there[None], NEAR)[0]
            if fine and sign * (now[0] - f) >= 1e-4 * size * slope**2 - 1e-14 * (1 + abs(f)):
                break
            size /= 2
        else:
            end = "stuck"
            break
        x, (f, g, df, dg) = there, now
        points.append(x)
        rates.append(size)
        rows.append(_row(f, g, df, dg))
    values, multipliers, angles, misses = (np.array(each) for each in zip(*rows, strict=True))
    way = Walk(np.array(points), values, multipliers, angles, misses, np.array(rates), rate, end)
    return way, tries


def back(solution: Solution, x: Array, count: int = RETURNS) -> Array:
    """Newton's steps back onto the constraints, each the shortest that a straight constraint would need."""
    for _ in range(count):
        _, g, _, dg = solution.calculus.first(x)
        x = x - dg.T @ _solved(dg @ dg.T, g)
    return x


def _split(df: Array, dg: Array) -> tuple[Array, Array]:
    """The multipliers by the normal equations (∇g ∇gᵀ) λ = ∇g ∇f, and what is left of ∇f: its tangent part."""
    multipliers = _solved(dg @ dg.T, dg @ df)
    return multipliers, df - dg.T @ multipliers


def _solved(matrix: Array, right: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        return np.full_like(right, np.nan)


def _row(f: Array, g: Array, df: Array, dg: Array) -> tuple[float, Array, float, float]:
    multipliers, tangent = _split(df, dg)
    angle = np.degrees(np.arctan2(np.linalg.norm(tangent), np.linalg.norm(df - tangent)))
    return float(f), multipliers, float(angle), float(np.abs(g).max())


def _lost(solution: Solution, rate: float) -> Walk:
    """Newton's steps towards a constraint that no point was found on."""
    calculus = solution.calculus
    start = np.array(solution.problem.start or (1.0, 2.0, 3.0, 4.0)[: calculus.n])
    points, rows = [start], [_row(*calculus.first(start))]
    for _ in range(8):
        there = back(solution, points[-1], 1)
        row = _row(*calculus.first(there))
        if not all(np.isfinite(each).all() for each in (there, *row)) or not np.abs(there).max() <= FAR:
            break
        points.append(there)
        rows.append(row)
    values, multipliers, angles, misses = (np.array(each) for each in zip(*rows, strict=True))
    none = np.zeros(len(points) - 1)
    return Walk(np.array(points), values, multipliers, angles, misses, none, rate, "nowhere")
