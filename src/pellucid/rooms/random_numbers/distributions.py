"""Three distributions: what to expect of them, and how uniform numbers become theirs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.rooms.random_numbers.functions import Kind
from pellucid.rooms.random_numbers.philox import box_muller, in_order, uniforms

Array = np.ndarray[Any, Any]
MOST_BINS = 24
WIDE = 3.5  # standard deviations that a picture of a normal distribution shows on each side

_erf = np.vectorize(math.erf, otypes=[np.float64])


@dataclass(frozen=True)
class Distribution:
    """uniform: a ≤ x < b. integers: a, a + 1 … b - 1. normal: mean a, standard deviation b."""

    kind: Kind
    a: float
    b: float

    @property
    def mean(self) -> float:
        return {"uniform": (self.a + self.b) / 2, "integers": (self.a + self.b - 1) / 2, "normal": self.a}[self.kind]

    @property
    def std(self) -> float:
        width = self.b - self.a
        if self.kind == "normal":
            return self.b
        return width / 12**0.5 if self.kind == "uniform" else ((width**2 - 1) / 12) ** 0.5

    @property
    def fourth(self) -> float:
        """The mean of (x - mean)⁴ / std⁴: how far single numbers stray. 3 for a normal distribution."""
        if self.kind == "normal":
            return 3.0
        if self.kind == "uniform":
            return 1.8
        square = (self.b - self.a) ** 2
        return 1.8 - 2.4 / (square - 1) if square > 1 else 1.0

    def std_error(self, count: int) -> float:
        """How far the standard deviation of so many numbers typically is from the true one."""
        return self.std * float(max(self.fourth - 1, 0.0) / (4 * count)) ** 0.5

    @property
    def told(self) -> str:
        """[0, 1), 0 … 9 or N(0, 1)"""
        if self.kind == "integers":
            return f"{self.a:.0f} … {self.b - 1:.0f}" if self.b - self.a > 1 else f"{self.a:.0f}"
        a, b = f"{self.a:g}", f"{self.b:g}"
        if self.kind == "uniform":
            return f"[{a}, {b})"
        return f"N({a}, {b}²)" if self.b != 1 else f"N({a}, 1)"

    # draw

    def draw(self, seed: int, count: int) -> Array:
        """[count] float64."""
        return self.draws(seed, count, (0,))[0]

    def draws(self, seed: int, count: int, streams: Sequence[int]) -> Array:
        """[stream, count]: each stream of a seed is a sequence of its own."""
        uniform = uniforms(seed, count, streams)
        if self.kind == "normal":
            numbers = self.a + self.b * in_order(box_muller(uniform))
        else:
            scaled = (self.b - self.a) * in_order(uniform)
            numbers = self.a + (np.floor(scaled) if self.kind == "integers" else scaled)
        return numbers.reshape(len(streams), -1)[:, :count]

    # what to expect

    def below(self, x: Array) -> Array:
        """The share of numbers to be expected below each x."""
        if self.kind == "normal":
            return np.asarray(0.5 + 0.5 * _erf((x - self.a) / (self.b * 2**0.5)))
        where = np.ceil(x) if self.kind == "integers" else x
        return np.asarray(np.clip((where - self.a) / (self.b - self.a), 0, 1))

    def density(self, x: Array) -> Array:
        if self.kind == "normal":
            return np.asarray(np.exp(-0.5 * ((x - self.a) / self.b) ** 2) / (self.b * (2 * np.pi) ** 0.5))
        low = self.a - 0.5 if self.kind == "integers" else self.a
        inside = (x >= low) & (x <= low + self.b - self.a)
        return np.asarray(np.where(inside, 1 / (self.b - self.a), 0.0))

    def edges(self, count: int) -> Array:
        """The bins of a histogram of so many numbers: of equal width, few where there are few numbers."""
        if self.kind == "integers":
            width = int(self.b - self.a)
            per = -(-width // MOST_BINS)  # values a bin
            return self.a - 0.5 + per * np.arange(-(-width // per) + 1, dtype=np.float64)
        bins = 2 * round(min(MOST_BINS, max(6.0, 2 * count ** (1 / 3))) / 2)
        if self.kind == "uniform":
            return np.linspace(self.a, self.b, bins + 1)
        return self.a + self.b * np.linspace(-WIDE, WIDE, bins + 1)
