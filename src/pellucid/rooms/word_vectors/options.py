"""How word vectors are trained: the numbers that both engines, the reference and the benchmarks share. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Options:
    """Defaults are those of word2vec (Mikolov et al. 2013) and of gensim."""

    architecture: Literal["skipgram", "cbow"] = "skipgram"
    loss: Literal["negative", "hierarchical"] = "negative"
    dimensions: int = 100  # D
    window: int = 5  # the most words to each side
    shrink: bool = True  # draw each centre's window from 1 … window, so that near words count more
    negative: int = 5  # noise words for one centre; 5 to 20 in the paper
    exponent: float = 0.75  # noise words are drawn in proportion to count ** exponent
    sample: float = 1e-3  # words with a larger share of the corpus are thinned out; 0: none are
    rate: float = 0.025  # step size at the start, falling along a line …
    rate_end: float = 1e-4  # … to this one
    epochs: int = 5
    seed: int = 1
    batch: int = 256  # windows whose step the torch engine computes at once
    threads: int = 1  # of the compiled engine; with 1, the same seed gives the same bits
