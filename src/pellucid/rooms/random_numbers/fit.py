"""Does a sample look like its distribution? Kolmogorov–Smirnov for real numbers, Pearson's χ² for whole ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pellucid.rooms.random_numbers.distributions import Array, Distribution

LEAST = 5  # numbers for a test; and numbers to be expected in each group of a χ² test
MOST_GROUPS = 100


@dataclass(frozen=True)
class Fit:
    """p: how often numbers that are truly drawn so fit no better."""

    test: str
    statistic: float
    p: float


def fit(distribution: Distribution, numbers: Array) -> Fit | None:
    """None where there are too few numbers to judge."""
    if distribution.kind == "integers":
        bounds = groups(distribution, len(numbers))
        return None if bounds is None else _chi_square(numbers, bounds)
    return None if len(numbers) < LEAST else _kolmogorov_smirnov(distribution, numbers)


def _kolmogorov_smirnov(distribution: Distribution, numbers: Array) -> Fit:
    """The largest gap between the share of numbers below x and the share to be expected, over all x."""
    n, below = len(numbers), distribution.below(np.sort(numbers))
    rank = np.arange(1, n + 1)
    gap = float(max((rank / n - below).max(), (below - (rank - 1) / n).max()))
    return Fit("D", gap, kolmogorov((n**0.5 + 0.12 + 0.11 / n**0.5) * gap))


def kolmogorov(x: float) -> float:
    """The limit's tail 2 Σ (-1)^(k-1) exp(-2 k² x²); with Stephens' correction in x it is near for few numbers, too."""
    if x < 0.2:  # it converges slowly there, to 1
        return 1.0
    return float(min(1.0, max(0.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * x) ** 2) for k in range(1, 60)))))


def groups(distribution: Distribution, count: int) -> Array | None:
    """The bounds of groups of whole numbers with at least five to be expected in each; None where these are not two."""
    width = round(distribution.b - distribution.a)
    number = min(width, MOST_GROUPS)
    while number > 1 and count * (width // number) / width < LEAST:
        number -= 1
    if number < 2:
        return None
    return distribution.a - 0.5 + np.floor(np.arange(number + 1) * (width / number) + 1e-9)


def _chi_square(numbers: Array, bounds: Array) -> Fit:
    """Σ (found - expected)² / expected over the groups."""
    found = np.histogram(numbers, bounds)[0]
    expected = len(numbers) * np.diff(bounds) / (bounds[-1] - bounds[0])
    statistic = float(((found - expected) ** 2 / expected).sum())
    return Fit("χ²", statistic, chi_square_tail(statistic, len(found) - 1))


def chi_square_tail(statistic: float, freedom: int) -> float:
    """How often χ² with that many degrees of freedom is larger."""
    import torch

    halves = (torch.tensor(each / 2, dtype=torch.float64) for each in (freedom, statistic))
    return float(torch.special.gammaincc(*halves))
