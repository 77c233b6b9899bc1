"""Where the real steps of a batch of sequences lie, so that nothing is computed for padding.

N sequences of at most T steps, S real steps in all. Packed, a step of all sequences that have it lies together, the
longest sequence first: those that go on keep their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
from torch import Tensor

Whole = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True)
class Layout:
    """The packed order: which row of the padded batch [N · T] each packed row is, and where each step begins."""

    rows: Whole
    offsets: tuple[Whole, ...]
    """For each thread, the rows at which its sequences' steps begin, and where the last one ends."""

    @property
    def parts(self) -> list[tuple[int, int]]:
        """Each thread's rows, from and to."""
        return [(int(steps[0]), int(steps[-1])) for steps in self.offsets]


class Ragged(NamedTuple):
    """The lengths [N] of a padded batch [N, T, …]."""

    lengths: tuple[int, ...]
    steps: int

    @classmethod
    def of(cls, lengths: Tensor, steps: int) -> Self:
        """ValueError where a length is none."""
        found = tuple(lengths.tolist())
        if not found or min(found) < 1 or max(found) > steps:
            raise ValueError(f"lengths must be from 1 to {steps}, the steps of the batch; they are {list(found)}")
        return cls(found, steps)

    @classmethod
    def whole(cls, x: Tensor) -> Self:
        """A batch x [N, T, …] without padding."""
        if not x.shape[0] or not x.shape[1]:
            raise ValueError(f"there is no step in a batch of shape {list(x.shape)}")
        return cls((x.shape[1],) * x.shape[0], x.shape[1])

    @property
    def full(self) -> bool:
        """There is no padding."""
        return min(self.lengths) == self.steps

    @property
    def total(self) -> int:
        return sum(self.lengths)

    @lru_cache(maxsize=32)  # noqa: B019  (a tuple: a key by its value)
    def layout(self, threads: int, reverse: bool) -> Layout:
        """The sequences dealt out to threads by falling length, read forward or backward."""
        from pellucid.nn.recurrent.whole import lay_out

        lengths = np.array(self.lengths)
        order = np.argsort(-lengths, kind="stable")
        dealt = [order[i::threads] for i in range(min(threads, order.size))]
        rows, offsets, begin = np.empty(self.total, np.intp), [], 0
        for hand in dealt:
            offsets.append(lay_out(rows, begin, lengths, hand, self.steps, reverse))
            begin = int(offsets[-1][-1])
        return Layout(rows, tuple(offsets))
