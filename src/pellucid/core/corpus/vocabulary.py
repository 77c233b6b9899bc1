"""The words of a corpus, the most frequent first: how often each occurs, and in how many documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pellucid.core.corpus.files import mapped, whole_file
from pellucid.core.errors import UserError


@dataclass(frozen=True)
class Vocabulary:
    words: list[str]
    """In falling order of their counts; those that occur equally often in the order of their characters."""
    counts: NDArray[np.int64]
    """[V] occurrences in the corpus."""
    documents_with: NDArray[np.int64]
    """[V] documents that hold the word: the df of TF-IDF."""

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def ids(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    def cut(self, min_count: int = 1, most: int = 0) -> int:
        """How many words stay, the first ones: those that occur `min_count` times, at most `most` (0: all).

        Errors: UserError where none stays.
        """
        kept = int(np.searchsorted(-self.counts, -min_count, side="right"))
        if not kept:
            raise UserError(
                f"min_count: no word occurs {min_count:,} times; the most frequent, {self.words[0]!r}, "
                f"occurs {int(self.counts[0]):,} times"
            )
        return min(kept, most) if most else kept

    def write(self, folder: Path) -> None:
        with whole_file(folder / "words.txt") as file:
            for first in range(0, len(self.words), 100_000):
                file.write("".join(f"{word}\n" for word in self.words[first : first + 100_000]).encode())
        for name in ("counts", "documents_with"):
            with whole_file(folder / f"{name}.npy") as file:
                np.save(file, getattr(self, name))

    @classmethod
    def read(cls, folder: Path) -> Vocabulary:
        try:
            words = (folder / "words.txt").read_bytes().decode().split("\n")[:-1]
        except (OSError, UnicodeError) as error:
            raise UserError(f"{folder / 'words.txt'}: damaged: {error}") from None
        return cls(words, mapped(folder / "counts.npy"), mapped(folder / "documents_with.npy"))
