"""Philox 4x32-10, a generator of random bits: the one of PyTorch on NVIDIA GPUs and of TensorFlow. Only NumPy.

J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC11 (2011). It has no state that
goes on from number to number: the seed is a key, and block i of the numbers is the number i, ten times shuffled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

ROUNDS = 10
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
BUMPS = (0x9E3779B9, 0xBB67AE85)  # added to both words of the key after each round: the golden ratio, and √3 - 1
MASK = 0xFFFFFFFF  # 32 bits
MOST_SEED = 2**53  # a seed that JSON and browsers hold exactly


def counters(blocks: int, stream: int = 0) -> Array:
    """The words that are shuffled: [4, blocks]. The number of the block, and in the upper half that of the stream."""
    block = np.arange(blocks, dtype=np.uint64)
    part = np.full(blocks, stream, dtype=np.uint64)
    return np.stack([block & MASK, block >> 32, part & MASK, part >> 32])


def key(seed: int) -> Array:
    """The seed in two words: [2]."""
    return np.array([seed & MASK, seed >> 32], dtype=np.uint64)


def philox(words: Array, key: Array, rounds: int = ROUNDS) -> Array:
    """Four words of 32 bits a block, [4, blocks] of uint64, shuffled."""
    multipliers, bumps = (np.array(each, dtype=np.uint64)[:, None] for each in (MULTIPLIERS, BUMPS))
    even, odd, key = words[0::2], words[1::2], key[:, None]
    for _ in range(rounds):
        product = multipliers * even  # 64 bits
        high, low = product >> 32, product & MASK
        even, odd = high[::-1] ^ odd ^ key, low[::-1]  # the halves change places
        key = (key + bumps) & MASK
    return np.stack([even, odd], axis=1).reshape(words.shape)


def uniforms(seed: int, count: int, streams: Sequence[int] = (0,)) -> Array:
    """[2, blocks] float64 in [0, 1), `count` of each stream, or one more: two words of a block make one number.

    27 bits of one word and 26 of the next are a whole number below 2⁵³; divided by 2⁵³ it is exact.
    """
    blocks = np.concatenate([counters((count + 1) // 2, stream) for stream in streams], axis=1)
    words = philox(blocks, key(seed))
    return ((words[0::2] >> 5) * 2.0**26 + (words[1::2] >> 6)) / 2.0**53


def in_order(values: Array) -> Array:
    """[2, blocks] → [2 · blocks], block by block."""
    return np.ascontiguousarray(values.T).reshape(-1)


def box_muller(uniform: Array) -> Array:
    """[2, blocks] of uniform numbers → as many of the standard normal distribution.

    A point in the plane: how far from the middle, and in which direction. 1 - u is never 0: it has a logarithm.
    """
    radius = np.sqrt(-2 * np.log(1 - uniform[0]))
    angle = 2 * np.pi * uniform[1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)])
