"""The torch engine: many windows at once, on a GPU or on the CPU, in operations that can be read and looked into.

It takes the same pieces, the same chance and the same falling rate as the compiled kernel, and with batch = 1 the same
steps (reference.py). With more, the windows of a batch take their step together, from the same values, and where
several change one row their changes are added. Two things follow:
- A row does not see what the other windows of its batch did to it.
- A row that stands in very many of them (a frequent word; the root of a Huffman tree stands in all) would go much too
  far by the sum of so many steps in one direction: beyond a sum of step sizes (model.MOST) it goes by their mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from pellucid.rooms.word_vectors.batched_draws import Draws
from pellucid.rooms.word_vectors.model import Prediction
from pellucid.rooms.word_vectors.options import Options

if TYPE_CHECKING:
    from pellucid.rooms.word_vectors.train import Vectors


class Batched:
    """Trains piece by piece; the tables lie on the device, and come back when somebody reads them."""

    def __init__(
        self,
        counts: NDArray[np.int64],
        options: Options,
        vectors: Vectors,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
    ):
        self.options, self.vectors = options, vectors
        self.draws = Draws(counts, options, device, dtype)
        inputs, outputs = (torch.tensor(t, dtype=dtype, device=device) for t in (vectors.input, vectors.output))
        self.model = Prediction(inputs, outputs, options.architecture)
        self.behind = False
        vectors.fetch = self.fetch

    def fetch(self) -> None:
        """The tables to where they came from."""
        if self.behind:
            self.behind = False
            self.vectors.input[:] = self.model.inputs.weight.detach().cpu().numpy()
            self.vectors.output[:] = self.model.outputs.weight.detach().cpu().numpy()

    def train(
        self, ids: NDArray[np.int32], bounds: NDArray[np.int64], rates: tuple[float, float], state: int
    ) -> tuple[float, int]:
        """One piece; (loss, contexts)."""
        around = self.draws.around(ids, bounds, state)
        slopes = rates[0] + (rates[1] - rates[0]) * around.shares
        loss = torch.zeros((), dtype=slopes.dtype, device=slopes.device)
        size = self.options.batch
        for low in range(0, len(slopes), size):
            batch = self.draws.batch(around, low, low + size, state)
            loss += self.model.step(batch, slopes[low : low + size])
        self.behind = True
        asks = len(slopes) if self.options.architecture == "cbow" else int(around.present.sum())
        return float(loss), asks
