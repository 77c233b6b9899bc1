"""The law of large numbers and the central limit theorem: the same numbers in ever larger batches, many times over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pellucid.rooms.random_numbers.distributions import Array, Distribution

AT_ONCE = 2**18  # numbers that are in memory together


@dataclass(frozen=True)
class Law:
    """What was seen in the first 2, 4, 8 … numbers of each stream: [stream, size]."""

    distribution: Distribution
    sizes: Array
    means: Array
    stds: Array
    distances: Array
    """Half the sum over the bins of |share of the numbers - share to be expected|: 0 is equal, 1 is all elsewhere."""

    @property
    def errors(self) -> Array:
        """[size], how far the mean typically is from the true one: the root of the mean square over the streams."""
        found: Array = np.sqrt(((self.means - self.distribution.mean) ** 2).mean(axis=0))
        return found

    @property
    def std_errors(self) -> Array:
        found: Array = np.sqrt(((self.stds - self.distribution.std) ** 2).mean(axis=0))
        return found

    def within(self, many: float) -> Array:
        """[size], the share of means at most so many standard errors from the true mean."""
        limit = many * self.distribution.std / np.sqrt(self.sizes) * (1 + 1e-12)
        found: Array = (np.abs(self.means - self.distribution.mean) <= limit).mean(axis=0)
        return found

    def scores(self, place: int = -1) -> dict[str, float]:
        """Of one size: its errors over all streams."""
        return {
            "mean_error": float(self.errors[place]),
            "std_error": float(self.std_errors[place]),
            "distance": float(self.distances[:, place].mean()),
            "within_1": float(self.within(1)[place]),
            "within_2": float(self.within(2)[place]),
        }


def sizes(count: int) -> Array:
    """2, 4, 8 … count."""
    doubled = [2**k for k in range(1, count.bit_length()) if 2**k < count]
    return np.array([*doubled, count])


def slope(sizes: Array, errors: Array) -> float:
    """Of log(error) over log(size), by least squares: -0.5 where the error falls like 1/√n."""
    return float(np.polyfit(np.log(sizes), np.log(errors), 1)[0])


def law(
    distribution: Distribution, seed: int, count: int, streams: range, stop: Callable[[], bool] = lambda: False
) -> Law:
    """Draw. Where somebody asks to stop, with the streams that are done, one at least."""
    at, edges = sizes(count), distribution.edges(count)
    shares = np.diff(distribution.below(edges))
    outside = 1 - shares.sum()
    means: list[Array] = []
    stds: list[Array] = []
    distances: list[Array] = []
    chunk = max(1, AT_ONCE // count)
    for first in range(0, len(streams), chunk):
        if means and stop():
            break
        numbers = distribution.draws(seed, count, streams[first : first + chunk])
        bins = np.searchsorted(edges, numbers, side="right")
        means.append(np.stack([numbers[:, :m].mean(axis=1) for m in at], axis=1))
        stds.append(np.stack([numbers[:, :m].std(axis=1, ddof=1) for m in at], axis=1))
        expected = np.array([outside / 2, *shares, outside / 2])
        found = [[np.bincount(row[:m], minlength=len(expected)) / m for m in at] for row in bins]
        distances.append(np.abs(np.array(found) - expected).sum(axis=2) / 2)
    return Law(distribution, at, *(np.concatenate(each) for each in (means, stds, distances)))
