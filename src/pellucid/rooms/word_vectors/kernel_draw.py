"""Chance and targets in compiled code: the same draws in the same order as sampling.py and pairs.py.

The random stream is its state, one uint64: draw number j from here is mixed(state + j · GOLDEN), so that several draws
do not wait for one another.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.nn.lanes import compiled
from pellucid.rooms.word_vectors.kernel_rows import get, prefetch, put
from pellucid.rooms.word_vectors.sampling import GOLDEN, MIX1, MIX2

Array = Any  # of compiled code: flat, contiguous
STEP, MIX1_64, MIX2_64 = np.uint64(GOLDEN), np.uint64(MIX1), np.uint64(MIX2)
LOWER_32, S27, S30, S31, S32 = np.uint64(0xFFFFFFFF), np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)


@compiled
def mixed(x: Any) -> Any:
    """The 64 random bits of a state: splitmix64."""
    x = (x ^ (x >> S30)) * MIX1_64
    x = (x ^ (x >> S27)) * MIX2_64
    return x ^ (x >> S31)


@compiled
def below(bits: Any, n: int) -> Any:
    """0 … n - 1, from the upper half of 64 random bits."""
    return np.int64(((bits >> S32) * np.uint64(n)) >> S32)


@compiled
def keep(ids: Array, offsets: Array, threshold: Array, state: Any, kept: Array, ends: Array) -> Any:
    """Put the words that are known and survive the thinning into `kept`; `ends`: where each one's document ends there.

    Returns (how many, the state after it).
    """
    n = first = 0
    known = len(threshold)
    for document in range(len(offsets) - 1):
        for place in range(offsets[document], offsets[document + 1]):
            word = ids[place]
            if word < known:
                state += STEP
                kept[n] = word
                n += int(mixed(state) >> S32 <= np.uint64(threshold[word]))  # no branch: it would be guessed wrong
        for i in range(first, n):
            ends[i] = n
        first = n
    return n, state


@compiled
def ask(row: Any, d: int) -> None:
    """Prefetch a row of d floats."""
    for k in range(0, d, 16):
        prefetch(row, k)


@compiled
def noise(
    centre: int, k: int, table: Array, state: Any, outputs: int, d: int, rows: Array, weights: int, at: int
) -> int:
    """Targets of a centre, the addresses of their rows from rows[at]: itself, then those of k noise words, each once.

    table: Noise.packed. `weights`, an address, gets how often each was drawn. Returns how many there are.
    """
    own = outputs + 4 * d * centre
    rows[at] = own
    put(weights, 0, np.float32(1))
    ask(own, d)
    count = 1
    for j in range(k):
        bits = mixed(state + np.uint64(j + 1) * STEP)
        slot = below(bits, len(table))
        entry = table[slot]
        word = slot if bits & LOWER_32 <= entry >> S32 else np.int64(entry & LOWER_32)
        row = outputs + 4 * d * word
        if row == own:
            continue
        ask(row, d)
        twin = count
        for i in range(1, count):
            if rows[at + i] == row:
                twin = i
        rows[at + twin] = row
        put(weights, twin, np.float32(1) if twin == count else get(weights, twin) + np.float32(1))
        count += int(twin == count)
    return count
