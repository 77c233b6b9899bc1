"""Numbers for words: a hash table over bytes, compiled, without a Python object for each word.

A thousand words take it some tens of microseconds, and it runs beside other threads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
WORDS, TAKEN, WRITTEN = 0, 1, 2  # in `state`: words in the table, bytes of them, numbers written


class Table:
    """Each different word gets the next number, from 0. `words` holds them in that order, a newline behind each."""

    def __init__(self, words: int = 1 << 14) -> None:
        """words: how many are expected; it grows where there are more."""
        from pellucid.core.corpus import kernel  # Numba takes a while to import

        self._kernel = kernel
        words = 1 << max(1, words - 1).bit_length()  # the slots are found by a mask
        self._state = np.zeros(3, np.int64)
        self._slots: NDArray[np.uint64] = np.zeros(
            2 * words, np.uint64
        )  # upper half: of the word's hash; lower: its number + 1; 0: free
        self._hashes = np.zeros(words, np.uint64)
        self._starts = np.zeros(words, np.int64)
        self._bytes = np.zeros(8 * words, np.uint8)

    def __len__(self) -> int:
        return int(self._state[WORDS])

    @property
    def words(self) -> bytes:
        return self._bytes[: self._state[TAKEN]].tobytes()

    def numbers(self, text: bytes, *, add: bool = True) -> NDArray[np.int32]:
        """[words] the numbers of a text's words, which spaces or newlines part; without `add`, -1 for unknown ones."""
        data = np.frombuffer(text, np.uint8)
        out = np.empty(len(data) // 2 + 1, np.int32)
        self._state[WRITTEN] = 0
        at = 0
        while at < len(data):
            at = self._kernel.number_words(
                data, at, self._slots, self._hashes, self._starts, self._bytes, self._state, out, add
            )
            if at < len(data):
                self._grow(len(data) - at)
        return out[: self._state[WRITTEN]].copy()

    def _grow(self, longest: int) -> None:
        if len(self) == len(self._hashes):
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)])
            self._starts = np.concatenate([self._starts, np.zeros_like(self._starts)])
            self._slots = np.zeros(2 * len(self._hashes), np.uint64)
            self._kernel.fill(self._slots, self._hashes, len(self))
        else:
            self._bytes = np.pad(self._bytes, (0, max(len(self._bytes), longest + 1)))


def compile_now() -> None:
    """Has the table compiled, or loaded from Numba's cache, before anybody waits for it."""
    Table(1).numbers(b"a b c")
