"""Gradient descent on the predictions themselves: what each loss asks of them, without a network in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pellucid.rooms.losses.problem import Array, Problem, evaluate

BLOWN_UP = 1e12  # a prediction beyond this will not come back
LEAST_COUNT = 1e-6  # the mean of counts is above 0


@dataclass(frozen=True)
class Path:
    """Where a descent went. Entry k of each is before step k; the last one is where it ended."""

    problem: Problem
    """With what is moved as its predictions."""
    predictions: Array
    """[steps + 1, …]"""
    losses: Array
    """[steps + 1]"""
    slopes: Array
    """[steps + 1], the gradient's length"""
    end: Literal["done", "diverged", "stopped"]

    @property
    def steps(self) -> int:
        return len(self.losses) - 1


def floor(problem: Problem) -> float | None:
    """Below this no prediction of this loss may fall."""
    return LEAST_COUNT if problem.kind.takes == "count" and not problem.from_logits else None


def descend(problem: Problem, asked_to_stop: Callable[[], bool] = lambda: False) -> Path:
    """predictions ← predictions - rate · gradient, as often as the problem says."""
    problem = problem.moved()
    at, least = problem.predictions, floor(problem)
    places: list[Array] = []
    losses: list[float] = []
    slopes: list[float] = []
    end: Literal["done", "diverged", "stopped"] = "done"
    for step in range(problem.steps + 1):
        found = evaluate(problem, at)
        if (places and not (np.abs(at) < BLOWN_UP).all()) or not np.isfinite(found.loss):
            end = "diverged"
            break
        places.append(at)
        losses.append(float(found.loss))
        slopes.append(float(np.sqrt((found.gradient**2).sum())))
        if asked_to_stop():
            end = "stopped"
            break
        if step < problem.steps:
            at = at - problem.rate * found.gradient
            at = at if least is None else np.maximum(at, least)
    return Path(problem, np.array(places), np.array(losses), np.array(slopes), end)
