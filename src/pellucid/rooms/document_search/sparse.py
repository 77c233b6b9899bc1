"""Kernels on the sparse term–document matrix: compiled by Numba, free of Python's lock, so that threads share them.

The matrix is held twice, because a row and a column are each wanted quickly: by documents (CSR: `starts` [D + 1],
`ids`, `counts`) and by words (CSC, the inverted index: `starts` [V + 1], `documents`, `counts`). Both hold counts only.
A weight is `table[count] · idf[word] · scale[document]`: see `weights.py`. Types: starts int64; ids, documents and
counts int32; table, idf, scale and all dense blocks float32, C order.

This file alone imports Numba: import it late.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]

fast = njit(nogil=True, cache=True, error_model="numpy")
faster = njit(nogil=True, cache=True, error_model="numpy", fastmath=True)  # sums may be taken in any order


@fast
def count_distinct(tokens: Array, offsets: Array, mapping: Array, seen: Array, base: int, distinct: Array) -> None:
    """`distinct[d]`: how many kept words document d holds. `mapping[token]`: a word or -1. `seen` [V] starts as -1."""
    for d in range(len(offsets) - 1):
        found = 0
        for i in range(offsets[d], offsets[d + 1]):
            token = tokens[i]
            if token < 0 or token >= len(mapping):
                continue
            word = mapping[token]
            if word >= 0 and seen[word] != base + d:
                seen[word] = base + d
                found += 1
        distinct[d] = found


@fast
def fill_rows(
    tokens: Array, offsets: Array, mapping: Array, place: Array, starts: Array, ids: Array, counts: Array
) -> None:
    """Each document's distinct words, in order of appearance, and their counts. `place` [V] starts as -1."""
    for d in range(len(offsets) - 1):
        start = starts[d]
        end = start
        for i in range(offsets[d], offsets[d + 1]):
            token = tokens[i]
            if token < 0 or token >= len(mapping):
                continue
            word = mapping[token]
            if word < 0:
                continue
            at = place[word]
            if at >= start:  # seen in this very document: places only grow
                counts[at] += 1
            else:
                place[word] = end
                ids[end] = word
                counts[end] = 1
                end += 1


@fast
def count_documents(ids: Array, documents_with: Array) -> None:
    """Adds to `documents_with` [V] how many rows hold each word."""
    for i in range(len(ids)):
        documents_with[ids[i]] += 1


@fast
def invert(
    starts: Array, ids: Array, counts: Array, first: int, last: int, ends: Array, documents: Array, times: Array
) -> None:
    """Rows first … last - 1 appended to the words' lists; `ends` [V] moves from each list's start to its end."""
    for d in range(first, last):
        for i in range(starts[d], starts[d + 1]):
            at = ends[ids[i]]
            documents[at] = d
            times[at] = counts[i]
            ends[ids[i]] = at + 1


@fast
def squared_lengths(
    starts: Array, ids: Array, counts: Array, table: Array, idf: Array, first: int, last: int, out: Array
) -> None:
    """Σ (table[count] · idf[word])² of each row."""
    for d in range(first, last):
        total = 0.0
        for i in range(starts[d], starts[d + 1]):
            weight = np.float64(table[counts[i]]) * np.float64(idf[ids[i]])
            total += weight * weight
        out[d] = total


@faster
def times_dense(
    starts: Array, ids: Array, counts: Array, table: Array, idf: Array, scale: Array, dense: Array,
    first: int, last: int, out: Array,
) -> None:  # fmt: skip
    """Rows first … last - 1 of out [D, k] = X · dense [V, k]."""
    width = dense.shape[1]
    for d in range(first, last):
        for j in range(width):
            out[d, j] = 0.0
        for i in range(starts[d], starts[d + 1]):
            word = ids[i]
            weight = table[counts[i]] * idf[word] * scale[d]
            for j in range(width):
                out[d, j] += weight * dense[word, j]


@faster
def transposed_times_dense(
    starts: Array, documents: Array, counts: Array, table: Array, idf: Array, scale: Array, dense: Array,
    first: int, last: int, out: Array,
) -> None:  # fmt: skip
    """Adds rows first … last - 1 of Xᵀ · dense [D, k] to out [V, k]."""
    width = dense.shape[1]
    for word in range(first, last):
        for i in range(starts[word], starts[word + 1]):
            d = documents[i]
            weight = table[counts[i]] * idf[word] * scale[d]
            for j in range(width):
                out[word, j] += weight * dense[d, j]


@faster
def accumulate(
    starts: Array, documents: Array, counts: Array, table: Array, words: Array, weights: Array, scores: Array
) -> None:
    """scores [D] += Σ over the query's words of weight · table[count]: one posting list after the other."""
    for q in range(len(words)):
        word = words[q]
        if word + 1 >= len(starts):  # came after this part of the index was written
            continue
        weight = weights[q]
        for i in range(starts[word], starts[word + 1]):
            scores[documents[i]] += weight * table[counts[i]]


@faster
def rows_times(table: Array, inverse: Array, unit: Array, first: int, last: int, out: Array) -> None:
    """out[d] = inverse[d] · Σ table[d, j] · unit[j] for rows first … last - 1; out starts at row 0."""
    for d in range(first, last):
        total = np.float32(0)
        for j in range(len(unit)):
            total += table[d, j] * unit[j]
        out[d] = total * inverse[d]


@fast
def best(scores: Array, base: int, filled: int, top_scores: Array, top_documents: Array) -> int:
    """The best so far [k], falling, ties by the earlier document, with `scores` of documents base … taken in.

    Only scores above 0 count. Returns how many are filled.
    """
    most = len(top_scores)
    for d in range(len(scores)):
        score = scores[d]
        if score <= 0 or (filled == most and score <= top_scores[most - 1]):
            continue
        at = filled if filled < most else most - 1
        while at > 0 and top_scores[at - 1] < score:
            if at < most:
                top_scores[at] = top_scores[at - 1]
                top_documents[at] = top_documents[at - 1]
            at -= 1
        top_scores[at] = score
        top_documents[at] = base + d
        if filled < most:
            filled += 1
    return filled
