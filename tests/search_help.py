"""Small corpora for the tests of document search, made of chance with the shape of language (Zipf's law)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pellucid.core.corpus.build import build
from pellucid.core.corpus.corpus import Corpus
from pellucid.core.corpus.reading import Reading


def texts(documents: int, seed: int = 0, words: int = 2000) -> list[list[str]]:
    """So many documents of 5 to 80 words, each leaning to one of five vocabularies, so that there are topics."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(documents):
        group, length = chance.integers(5), int(chance.integers(5, 80))
        ranks = chance.zipf(1.3, 4 * length)
        ranks = ranks[ranks < words][:length]
        own = chance.random(len(ranks)) < 0.5
        found.append([f"{'abcde'[group] if mine else 'w'}{rank}" for rank, mine in zip(ranks, own, strict=True)])
    return found


def corpus_of(documents: list[list[str]], folder: Path) -> Corpus:
    """The corpus of these documents, a line each, built as a user's would be."""
    source = folder / "documents.txt"
    source.write_text("".join(" ".join(words) + "\n" for words in documents), encoding="utf-8")
    return build(source, Reading(), folder / "corpus", keep_text=True, workers=1)


def counted(documents: list[list[str]], ids: dict[str, int]) -> np.ndarray:
    """Counts [D, V], dense: the plain definition."""
    counts = np.zeros((len(documents), len(ids)))
    for d, words in enumerate(documents):
        for word in words:
            if word in ids:
                counts[d, ids[word]] += 1
    return counts
