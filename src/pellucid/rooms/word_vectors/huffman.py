"""Huffman's tree of the vocabulary, for hierarchical softmax: frequent words get short paths.

Huffman 1952; Morin & Bengio 2005; Mikolov et al. 2013b, 2.1. Two queues instead of a heap, because the counts come
sorted: linear time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Tree:
    """The paths of all words, end to end. Word w: nodes[starts[w] : starts[w + 1]] from the root down.

    nodes int32: the inner nodes passed, 0 … V - 2, the root is V - 2; codes uint8: the turn taken there, 0 or 1;
    starts int64 [V + 1].
    """

    nodes: NDArray[np.int32]
    codes: NDArray[np.uint8]
    starts: NDArray[np.int64]

    def path(self, word: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """(nodes, codes) of one word, the root first."""
        part = slice(self.starts[word], self.starts[word + 1])
        return self.nodes[part], self.codes[part]

    def code(self, word: int) -> str:
        """A word's code as zeros and ones."""
        return "".join(map(str, self.path(word)[1]))

    @property
    def longest(self) -> int:
        """The most turns to any word."""
        return int(np.diff(self.starts).max(initial=0))


def build(counts: NDArray[np.int64]) -> Tree:
    """The tree of words with these counts [V], which must not rise. One word has an empty path."""
    size = len(counts)
    parent, turn = map(np.array, merge(counts.tolist()))
    at, levels = np.arange(size), []
    while (below := np.flatnonzero(at < 2 * size - 2)).size:  # all words climb to the root together
        levels.append((below, parent[at[below]] - size, turn[at[below]]))
        at[below] = parent[at[below]]
    lengths = np.bincount(np.concatenate([words for words, _, _ in levels] or [at[:0]]), minlength=size)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    nodes, codes = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint8)
    for level, (words, passed, turned) in enumerate(levels):
        place = starts[words] + lengths[words] - 1 - level
        nodes[place], codes[place] = passed, turned
    return Tree(nodes, codes, starts)


def merge(counts: list[int]) -> tuple[list[int], list[int]]:
    """Join the two lightest until one is left: each one's parent, and the turn (0 or 1) that leads to it.

    Leaves are 0 … V - 1, inner nodes V … 2V - 2 in the order of their making, which is that of their weights: the
    lightest is at the end of the leaves or at the head of the inner nodes.
    """
    size = len(counts)
    weight = counts + [0] * (size - 1)
    parent, turn = [0] * (2 * size - 1), [0] * (2 * size - 1)
    leaf, inner = size - 1, size
    for made in range(size, 2 * size - 1):
        for code in (0, 1):
            if leaf >= 0 and (inner == made or weight[leaf] < weight[inner]):
                lightest, leaf = leaf, leaf - 1
            else:
                lightest, inner = inner, inner + 1
            weight[made] += weight[lightest]
            parent[lightest], turn[lightest] = made, code
    return parent, turn
