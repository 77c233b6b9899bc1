"""Which examples form which batch: decided by (seed, epoch) alone, so that a resumed run meets the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.core.contract import Arrays

Indices = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Batches:
    """Batches of examples of nearly equal length, so that almost no work goes into padding.

    Each epoch shuffles the examples, sorts them by length within pools of `pool` batches, cuts the batches, and
    shuffles those. Where all lengths are equal this is a plain shuffle.
    """

    lengths: Indices
    size: int
    seed: int
    collate: Callable[[Indices], Arrays]
    """Arrays of the chosen examples, padded to the longest of them: the module's inputs by name, and `targets`."""
    pool: int = 50

    def __len__(self) -> int:
        return -(-len(self.lengths) // self.size)

    def epoch(self, number: int) -> list[Indices]:
        """The batches of one epoch, as indices of examples."""
        random = np.random.default_rng([self.seed, number])
        order = random.permutation(len(self.lengths))
        step = self.size * self.pool
        pools = [order[start : start + step] for start in range(0, len(order), step)]
        order = np.concatenate([pool[np.argsort(self.lengths[pool], kind="stable")] for pool in pools])
        batches = [order[start : start + self.size] for start in range(0, len(order), self.size)]
        return [batches[i] for i in random.permutation(len(batches))]

    def padding(self, number: int = 0) -> float:
        """The share of an epoch's cells that is padding."""
        cells = sum(int(self.lengths[batch].max()) * len(batch) for batch in self.epoch(number))
        return 1 - int(self.lengths.sum()) / cells
