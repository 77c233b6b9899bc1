"""What a text says about its words: the windows, the pairs of centre and context, and the targets of each window.

The readable side of the kernel: the same chance in the same order, in plain Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pellucid.rooms.word_vectors import huffman
from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.sampling import Noise, Stream, keep_thresholds, noise_shares


def pairs(words: Sequence[str], window: int) -> Iterator[tuple[str, str]]:
    """(centre, context) of every word and each neighbour at most `window` away: "make" -> shalt, not, a, machine."""
    for place, centre in enumerate(words):
        for other in neighbours(place, len(words), window):
            yield centre, words[other]


def neighbours(place: int, length: int, window: int) -> list[int]:
    """The places around `place`, without itself, that are inside a text of that length."""
    return [i for i in range(max(0, place - window), min(length, place + window + 1)) if i != place]


@dataclass(frozen=True)
class Window:
    """One centre with its contexts, and what its contexts shall predict: targets with label 1 or 0, and how often."""

    centre: int
    contexts: list[int]
    targets: list[int]  # rows of the output table: words (negative sampling) or inner nodes (hierarchical softmax)
    labels: list[int]
    weights: list[int]
    share: float  # how far through the piece, 0 … 1


def kept(ids: NDArray[np.int32], threshold: NDArray[np.uint32], stream: Stream) -> list[int]:
    """The places in `ids` that are in the vocabulary and survive the thinning of frequent words."""
    known = (place for place in range(len(ids)) if ids[place] < len(threshold))
    return [place for place in known if stream.bits() >> 32 <= threshold[ids[place]]]


def windows(
    ids: NDArray[np.int32],
    offsets: NDArray[np.int64],
    counts: NDArray[np.int64],
    options: Options,
    stream: Stream,
) -> Iterator[Window]:
    """The windows of one piece: word ids [tokens], where its documents start [documents + 1], counts [V].

    Order of chance: first one draw for each token in the vocabulary, then for each word that is kept one draw for its
    window (with `shrink`) and `negative` draws of noise words.
    """
    places = kept(ids, keep_thresholds(counts, options.sample), stream)
    documents = np.searchsorted(offsets, places, side="right")
    targets = negatives(counts, options, stream) if options.loss == "negative" else turns(counts)
    for place, token in enumerate(places):
        reach = options.window - (stream.below(options.window) if options.shrink else 0)
        around = neighbours(place, len(places), reach)
        contexts = [int(ids[places[i]]) for i in around if documents[i] == documents[place]]
        centre = int(ids[token])
        yield Window(centre, contexts, *targets(centre), place / len(places))


Targets = Callable[[int], tuple[list[int], list[int], list[int]]]


def negatives(counts: NDArray[np.int64], options: Options, stream: Stream) -> Targets:
    """Targets by negative sampling: the centre with label 1, noise words with label 0.

    A draw of the centre itself is dropped, as in word2vec.c; a word drawn twice is one target that counts twice.
    """
    noise = Noise(noise_shares(counts, options.exponent))

    def targets(centre: int) -> tuple[list[int], list[int], list[int]]:
        often = {centre: 1}
        for word in [noise.draw(stream) for _ in range(options.negative)]:
            if word != centre:
                often[word] = often.get(word, 0) + 1
        return list(often), [int(word == centre) for word in often], list(often.values())

    return targets


def turns(counts: NDArray[np.int64]) -> Targets:
    """Targets by hierarchical softmax: the inner nodes on the way to the centre; label 1 where the turn is 0."""
    tree = huffman.build(counts)

    def targets(centre: int) -> tuple[list[int], list[int], list[int]]:
        nodes, codes = tree.path(centre)
        return nodes.tolist(), (1 - codes.astype(int)).tolist(), [1] * len(nodes)

    return targets
