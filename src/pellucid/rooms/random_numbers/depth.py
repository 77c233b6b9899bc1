"""Why first weights are drawn narrow: the size of numbers on their way through many layers. And how bits spread."""

from __future__ import annotations

import numpy as np

from pellucid.rooms.random_numbers.distributions import Array, Distribution
from pellucid.rooms.random_numbers.philox import counters, key, philox

WIDTH, DEPTH, EXAMPLES = 128, 20, 32


def sizes_by_layer(spread: float, seed: int = 0, relu: bool = True) -> Array:
    """[layer], the root mean square of what comes out of each layer; weights of that standard deviation, no biases.

    Weights and inputs come from streams of their own, as they should.
    """
    unit = Distribution("normal", 0, 1)
    x = unit.draws(seed, WIDTH * EXAMPLES, (0,)).reshape(WIDTH, EXAMPLES)
    found = []
    for weights in unit.draws(seed, WIDTH * WIDTH, range(1, DEPTH + 1)).reshape(DEPTH, WIDTH, WIDTH):
        x = spread * weights @ x
        x = np.maximum(x, 0) if relu else np.tanh(x)
        found.append(float(np.sqrt((x**2).mean())))
    return np.array(found)


def changed_bits(rounds: int, seed: int = 0, blocks: int = 256) -> Array:
    """[bit, block], how many of a block's 128 bits are others once one of its counter's first 32 bits is turned."""
    words = counters(blocks)
    plain = philox(words, key(seed), rounds)
    found = []
    for bit in range(32):
        turned = words.copy()
        turned[0] ^= np.uint64(1 << bit)
        found.append(_ones(plain ^ philox(turned, key(seed), rounds)))
    return np.array(found)


def _ones(words: Array) -> Array:
    """[4, blocks] → [blocks], how many bits are 1."""
    bits = (words[..., None] >> np.arange(32, dtype=np.uint64)) & np.uint64(1)
    return np.asarray(bits.sum(axis=(0, 2)))
