"""The compiled part of `numbering.py`: words of a text to numbers, through a hash table with open addressing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from pellucid.core.corpus.numbering import TAKEN, WORDS, WRITTEN

SPACE, NEWLINE = 32, 10  # what stands between two words


@njit(nogil=True, cache=True, error_model="numpy")
def number_words(
    text: Any, at: Any, slots: Any, hashes: Any, starts: Any, taken: Any, state: Any, out: Any, add: Any
) -> Any:  # pragma: no cover (compiled)
    """Goes on at byte `at`. Gives the byte where it stopped: the end, or a word for which the table has no room."""
    mask = np.uint64(len(slots) - 1)
    end = len(text)
    while at < end:
        if text[at] == SPACE or text[at] == NEWLINE:
            at += 1
            continue
        stop = at
        h = np.uint64(14695981039346656037)  # FNV-1a, then mixed (the constants of its authors, and of splitmix64)
        while stop < end and text[stop] != SPACE and text[stop] != NEWLINE:
            h = (h ^ np.uint64(text[stop])) * np.uint64(1099511628211)
            stop += 1
        h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        h ^= h >> np.uint64(27)
        tag = h >> np.uint64(32)
        size = stop - at
        place = h & mask
        number = np.int64(-1)
        while slots[place] != 0:
            if slots[place] >> np.uint64(32) == tag:
                candidate = np.int64(slots[place] & np.uint64(0xFFFFFFFF)) - 1
                start = starts[candidate]
                i = 0
                while i < size and taken[start + i] == text[at + i]:
                    i += 1
                if i == size and taken[start + size] == NEWLINE:
                    number = candidate
                    break
            place = (place + np.uint64(1)) & mask
        if number < 0 and add:
            number = state[WORDS]
            if number == len(hashes) or state[TAKEN] + size + 1 > len(taken):
                return at
            hashes[number], starts[number] = h, state[TAKEN]
            for i in range(size):
                taken[state[TAKEN] + i] = text[at + i]
            taken[state[TAKEN] + size] = NEWLINE
            slots[place] = (tag << np.uint64(32)) | np.uint64(number + 1)
            state[WORDS] += 1
            state[TAKEN] += size + 1
        out[state[WRITTEN]] = number
        state[WRITTEN] += 1
        at = stop
    return at


@njit(nogil=True, cache=True, error_model="numpy")
def fill(slots: Any, hashes: Any, words: Any) -> None:  # pragma: no cover (compiled)
    """Enters all words into an empty table."""
    mask = np.uint64(len(slots) - 1)
    for number in range(words):
        place = hashes[number] & mask
        while slots[place] != 0:
            place = (place + np.uint64(1)) & mask
        slots[place] = ((hashes[number] >> np.uint64(32)) << np.uint64(32)) | np.uint64(number + 1)
