"""Gradient descent on one linear layer without bias: coefficients in, unknowns as weights, right sides as targets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pellucid.rooms.linear_equations.config import Config
from pellucid.rooms.linear_equations.solve import Exact

Array = np.ndarray[Any, Any]
BLOWN_UP = 1e12  # so many times the first loss: it will not come back


@dataclass(frozen=True)
class Path:
    """Where a descent went. Entry k of each is before step k; the last one is where it ended."""

    unknowns: Array
    """[steps + 1, unknown]"""
    velocities: Array
    """[steps + 1, unknown], what momentum had gathered"""
    losses: Array
    """[steps + 1], mean squared error"""
    slopes: Array
    """[steps + 1], the gradient's length"""
    end: Literal["level", "diverged", "out of steps", "stopped"]
    """level: the gradient fell below the tolerance."""

    @property
    def steps(self) -> int:
        return len(self.losses) - 1


def descend(
    a: Array, b: Array, rate: float, *, steps: int, tolerance: float, momentum: float = 0.0,
    asked_to_stop: Callable[[], bool] = lambda: False,
) -> Path:  # fmt: skip
    """Descend from zeros. The loss is mean((A x - b)²), its gradient 2/n Aᵀ(A x - b)."""
    n, across = len(b), np.ascontiguousarray(a.T)
    x, velocity = np.zeros(a.shape[1]), np.zeros(a.shape[1])
    unknowns, velocities, losses, slopes = [], [], [], []
    end: Literal["level", "diverged", "out of steps", "stopped"] = "out of steps"
    for step in range(steps + 1):
        error = a @ x - b
        gradient = (across @ error) * (2 / n)
        loss, slope = float(error @ error) / n, float(gradient @ gradient) ** 0.5
        unknowns.append(x)
        velocities.append(velocity)
        losses.append(loss)
        slopes.append(slope)
        if slope <= tolerance * slopes[0]:
            end = "level"
        elif not loss <= BLOWN_UP * losses[0]:
            end = "diverged"
        elif asked_to_stop():
            end = "stopped"
        if end != "out of steps" or step == steps:
            break
        velocity = momentum * velocity + gradient if momentum else gradient
        x = x - rate * velocity
    return Path(np.array(unknowns), np.array(velocities), np.array(losses), np.array(slopes), end)


def learning_rate(config: Config, exact: Exact) -> float:
    """The number that was asked for, or 1 / L: half of the bound, which is safe and never overshoots."""
    if config.learning_rate != "auto":
        return float(config.learning_rate)
    return exact.bound / 2 if len(exact.curvatures) else 1.0
