"""Chance, windows and targets of one piece as whole arrays, on any device: for the torch engine.

The numbers are those of pairs.py and of the kernel: draw number j of a piece is scramble(state + j · GOLDEN), so that
each can be had without those before it. Torch has no unsigned numbers of 64 bits; products and sums of signed ones
have the same bits, and only a shift to the right must be told to bring in zeros.

Shapes: P tokens of the piece, M words of it that are kept, B of them that have a context, N = 2 · window, T targets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pellucid.rooms.word_vectors import huffman
from pellucid.rooms.word_vectors.model import Batch
from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.sampling import GOLDEN, MASK, MIX1, MIX2, Noise, keep_thresholds, noise_shares

LOWER_32 = (1 << 32) - 1


def signed(x: int) -> int:
    """The signed number with the same 64 bits."""
    return x - (1 << 64) if x >> 63 else x


def shifted(x: Tensor, n: int) -> Tensor:
    """To the right by n bits, zeros coming in."""
    return (x >> n) & ((1 << (64 - n)) - 1)


def drawn(state: int, numbers: Tensor) -> Tensor:
    """64 random bits for each number of a draw: sampling.scramble."""
    x = numbers * signed(GOLDEN) + signed(state & MASK)
    x = (x ^ shifted(x, 30)) * signed(MIX1)
    x = (x ^ shifted(x, 27)) * signed(MIX2)
    return x ^ shifted(x, 31)


def below(bits: Tensor, n: int) -> Tensor:
    """0 … n - 1"""
    return shifted(shifted(bits, 32) * n, 32)


@dataclass(frozen=True)
class Around:
    """All windows of a piece that have a context."""

    centres: Tensor  # [B]
    numbers: Tensor  # [B], how many draws come before those of this window's noise words
    shares: Tensor  # [B], how far through the piece, 0 … 1
    contexts: Tensor  # [B, N]
    present: Tensor  # [B, N], 1, or 0 where there is no word


class Draws:
    """What is the same for all pieces, on the device."""

    def __init__(self, counts: NDArray[np.int64], options: Options, device: torch.device, dtype: torch.dtype):
        self.options, self.device, self.dtype = options, device, dtype
        self.keeps = self.put(keep_thresholds(counts, options.sample))
        self.negative = options.negative if options.loss == "negative" else 0
        if self.negative:
            noise = Noise(noise_shares(counts, options.exponent))
            self.thresholds, self.others = self.put(noise.threshold), self.put(noise.other)
        else:
            tree = huffman.build(counts)
            self.longest = tree.longest
            self.nodes, self.codes, self.starts = self.put(tree.nodes), self.put(tree.codes), self.put(tree.starts)

    def put(self, array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(array.astype(np.int64)).to(self.device)

    def around(self, ids: NDArray[np.int32], bounds: NDArray[np.int64], state: int) -> Around:
        """The windows of a piece: word ids [P], where its documents start and end."""
        words, places = self.put(ids), torch.arange(len(ids), device=self.device)
        known = words < len(self.keeps)
        chance = shifted(drawn(state, known.cumsum(0)), 32)
        kept = known & (chance <= self.keeps[words.clamp(max=len(self.keeps) - 1)])
        documents = torch.searchsorted(self.put(bounds), places, right=True)[kept]
        words = words[kept]  # [M]
        places = places[: len(words)]
        first = int(known.sum()) + places * (self.negative + int(self.options.shrink))
        reaches = torch.full_like(places, self.options.window)
        if self.options.shrink:
            first = first + 1
            reaches = reaches - below(drawn(state, first), self.options.window)
        steps = torch.arange(-self.options.window, self.options.window + 1, device=self.device)
        steps = steps[steps != 0]  # [N]
        others = places[:, None] + steps
        inside = (others >= 0) & (others < len(words)) & (steps.abs() <= reaches[:, None])
        others = others.clamp(0, max(len(words) - 1, 0))
        present = inside & (documents[others] == documents[:, None])
        some = present.any(dim=1)
        shares = places.to(self.dtype) / max(len(words), 1)
        return Around(words[some], first[some], shares[some], words[others][some], present[some].to(self.dtype))

    def batch(self, around: Around, low: int, high: int, state: int) -> Batch:
        """Windows low … high - 1 with their targets."""
        centres = around.centres[low:high, None]
        if self.negative:
            numbers = around.numbers[low:high, None] + torch.arange(1, self.negative + 1, device=self.device)
            targets = torch.cat([centres, self.noise(drawn(state, numbers))], dim=1)  # [B, T]
            labels = torch.zeros_like(targets, dtype=self.dtype)
            labels[:, 0] = 1
            weights = (targets != centres).to(self.dtype)  # a draw of the centre itself is dropped
            weights[:, 0] = 1
        else:
            turns = torch.arange(self.longest, device=self.device)
            places = (self.starts[centres] + turns).clamp(max=len(self.nodes) - 1)
            weights = (turns < self.starts[centres + 1] - self.starts[centres]).to(self.dtype)
            targets, labels = self.nodes[places], 1 - self.codes[places].to(self.dtype)
        return Batch(around.contexts[low:high], around.present[low:high], targets, labels, weights)

    def noise(self, bits: Tensor) -> Tensor:
        """Words by the alias table: sampling.Noise.draw."""
        slots = below(bits, len(self.others))
        return torch.where(bits & LOWER_32 <= self.thresholds[slots], slots, self.others[slots])
