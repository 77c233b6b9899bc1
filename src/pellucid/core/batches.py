"""Which examples form which batch: decided by (seed, epoch) alone, so that a resumed run meets the same ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from pellucid.core.contract import Arrays

Tensors = dict[str, torch.Tensor]
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
    collate: Callable[[Indices], Mapping[str, np.ndarray[Any, Any] | torch.Tensor]]
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

    def tensors(self, chosen: Indices, device: torch.device) -> Tensors:
        """The chosen examples, where they are computed with."""
        return {name: torch.as_tensor(value, device=device) for name, value in self.collate(chosen).items()}

    def example(self, device: torch.device) -> tuple[torch.Tensor, ...]:
        """The module's inputs from the first example."""
        first = self.tensors(np.zeros(1, dtype=np.int64), device)
        return tuple(value for name, value in first.items() if name != "targets")

    def padding(self, number: int = 0) -> float:
        """The share of an epoch's cells that is padding."""
        cells = sum(int(self.lengths[batch].max()) * len(batch) for batch in self.epoch(number))
        return 1 - int(self.lengths.sum()) / cells


class Resident:
    """A `collate` for examples that are all of one shape: they lie on the device as they are stored, and a batch is
    picked there, and made ready there. On a GPU that saves a copy in every step."""

    def __init__(self, arrays: Arrays, device: torch.device, ready: Callable[[Tensors], Tensors]):
        size = sum(array.nbytes for array in arrays.values())
        if device.type == "cuda" and size > torch.cuda.mem_get_info(device)[0] // 2:
            device = torch.device("cpu")  # training needs the rest
        self._arrays = {name: torch.from_numpy(array).to(device) for name, array in arrays.items()}
        self._device, self._ready = device, ready

    def __call__(self, chosen: Indices) -> Tensors:
        rows = torch.from_numpy(chosen).to(self._device)
        return self._ready({name: array.index_select(0, rows) for name, array in self._arrays.items()})
