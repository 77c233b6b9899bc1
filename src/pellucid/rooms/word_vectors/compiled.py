"""The compiled engine: the kernel (kernel.py) with everything that is the same for all pieces of the corpus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pellucid.rooms.word_vectors import huffman, kernel
from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.sampling import Noise, keep_thresholds, noise_shares
from pellucid.rooms.word_vectors.train import Vectors

OWN = 32  # inner nodes at the top of a Huffman tree that each of several threads changes in a copy


class Compiled:
    """Window by window on the CPU; several threads may call `train` at once."""

    def __init__(self, counts: NDArray[np.int64], options: Options, vectors: Vectors):
        self.options, self.vectors = options, vectors
        self.keeps = keep_thresholds(counts, options.sample)
        negative = options.loss == "negative"
        noise = Noise(noise_shares(counts, options.exponent)) if negative else Noise(np.ones(1))
        tree = huffman.build(counts if not negative else np.ones(1, np.int64))
        self.chance = noise.packed
        self.tree = (tree.nodes, tree.codes, tree.starts)
        self.negative = options.negative if negative else 0
        self.most = options.negative + 1 if negative else tree.longest
        self.own = 0 if negative or options.threads == 1 else min(OWN, len(vectors.output))

    def train(
        self, ids: NDArray[np.int32], bounds: NDArray[np.int64], rates: tuple[float, float], state: int
    ) -> tuple[float, int]:
        """One piece; (loss, contexts) of the sample that is measured."""
        options, inputs, outputs = self.options, self.vectors.inputs, self.vectors.outputs
        result: tuple[float, int] = kernel.run(
            ids,
            bounds,
            inputs.flat,
            outputs.flat,
            inputs.width,
            options.architecture == "cbow",
            options.window,
            options.shrink,
            self.negative,
            self.keeps,
            self.chance,
            self.tree,
            self.most,
            len(outputs.rows) - self.own,
            rates,
            np.uint64(state),
            np.zeros(kernel.room_for(self.most, options.window, inputs.width, self.own), np.float32),
        )
        return result
