"""Chance in training: one random stream, the noise words, and the thinning of frequent words. NumPy and plain Python.

Everything is drawn from one 64-bit stream a piece of the corpus (splitmix64: Steele, Lea & Flood 2014), which starts
from seed, epoch and piece alone. The compiled kernel draws the same numbers (kernel_draw.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
MIX1, MIX2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def scramble(x: int) -> int:
    """64 bits that look random and stand for x, one to one."""
    x = ((x ^ (x >> 30)) * MIX1) & MASK
    x = ((x ^ (x >> 27)) * MIX2) & MASK
    return x ^ (x >> 31)


def first_state(seed: int, epoch: int, piece: int) -> int:
    """Where the stream of one piece of the corpus begins."""
    state = scramble((seed + GOLDEN) & MASK)
    state = scramble((state + epoch + GOLDEN) & MASK)
    return scramble((state + piece + GOLDEN) & MASK)


class Stream:
    """Random numbers of 64 bits, one after the other."""

    def __init__(self, seed: int, epoch: int = 0, piece: int = 0):
        self.state = first_state(seed, epoch, piece)

    def bits(self) -> int:
        """The next 64 bits."""
        self.state = (self.state + GOLDEN) & MASK
        return scramble(self.state)

    def below(self, n: int) -> int:
        """0 … n - 1, from the upper 32 bits (Lemire 2019, without his correction: off by less than n / 2³²)."""
        return ((self.bits() >> 32) * n) >> 32


def noise_shares(counts: NDArray[np.int64], exponent: float = 0.75) -> NDArray[np.float64]:
    """The probability [V] of each word to be drawn as noise: count ** 0.75, normed (Mikolov et al. 2013b, 2.2)."""
    powers = counts.astype(np.float64) ** exponent
    return powers / powers.sum()


class Noise:
    """Draws words in proportion to given shares in constant time: the alias method (Walker 1977, Vose 1991).

    V slots of equal probability; slot s means word s where the lower 32 bits are at most `threshold[s]` (uint32), and
    `other[s]` (int32) where they are above.
    """

    def __init__(self, shares: NDArray[np.float64]):
        size = len(shares)
        scaled = shares * size
        self.threshold = np.full(size, 2**32 - 1, np.uint32)
        self.other = np.arange(size, dtype=np.int32)
        small = [s for s in range(size) if scaled[s] < 1]
        large = [s for s in range(size) if scaled[s] >= 1]
        while small and large:
            low, high = small.pop(), large[-1]
            self.threshold[low] = max(0, int(scaled[low] * 2**32) - 1)
            self.other[low] = high
            scaled[high] -= 1 - scaled[low]  # what fills the rest of the slot is no longer its own
            if scaled[high] < 1:
                small.append(large.pop())

    @property
    def packed(self) -> NDArray[np.uint64]:
        """Both in one number, for one look-up: the threshold in the upper 32 bits, the other word in the lower."""
        return (self.threshold.astype(np.uint64) << np.uint64(32)) | self.other.astype(np.uint64)

    def draw(self, stream: Stream) -> int:
        bits = stream.bits()
        slot = ((bits >> 32) * len(self.other)) >> 32
        return slot if bits & 0xFFFFFFFF <= self.threshold[slot] else int(self.other[slot])

    def shares(self) -> NDArray[np.float64]:
        """The probabilities [V] that the table really gives, to compare with those asked for."""
        own = (self.threshold.astype(np.float64) + 1) / 2**32
        shares = own.copy()
        np.add.at(shares, self.other, 1 - own)
        return shares / len(own)


def keep_shares(counts: NDArray[np.int64], sample: float) -> NDArray[np.float64]:
    """The probability [V] of a word to be kept: min(1, √(t / f) + t / f), f its share of the corpus.

    This is what word2vec.c and gensim compute; the paper (Mikolov et al. 2013b, equation 5) has √(t / f).
    """
    if sample <= 0:
        return np.ones(len(counts))
    ratio = sample / (counts / counts.sum())
    return np.minimum(1.0, np.sqrt(ratio) + ratio)


def keep_thresholds(counts: NDArray[np.int64], sample: float) -> NDArray[np.uint32]:
    """The same as uint32 [V]: a word is kept where 32 random bits are at most its threshold."""
    return np.maximum(np.round(keep_shares(counts, sample) * 2**32) - 1, 0).astype(np.uint32)
