"""From a saved index to what is searched in memory: the module's numbers, whole where they fit, or of a few documents.

A collection fits where its table of weights has at most CELLS numbers and its texts at most TEXT bytes: then one
module holds all of it, answers, is looked at and ships. A larger one is asked through its index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.core.corpus.reading import Reading
from pellucid.core.errors import UserError
from pellucid.rooms.document_search.codec import Codec
from pellucid.rooms.document_search.index import Index
from pellucid.rooms.document_search.model import Parts
from pellucid.rooms.document_search.segment import Segment, table_of

Array = NDArray[Any]
CELLS = 32_000_000  # numbers of a module: 128 MB
TEXT = 16_000_000  # bytes of all texts in a codec
EXACT = 1_000  # documents up to which the SVD is exact: as many random columns as documents


def fits(index: Index) -> bool:
    """Whether one module can hold the whole collection."""
    words, documents = len(index.words) + 1, index.documents
    topics = index.lsa.basis.shape[1] if index.lsa else 0
    files = index.manifest["files"]
    text = sum(files[part["texts"]]["bytes"] for part in index.manifest["segments"])
    return words * documents + (words + documents) * topics <= CELLS and text <= TEXT


def entries(index: Index) -> tuple[Array, Array, Array]:
    """The weights of all documents, as rows: starts [D + 1], word ids and weights of each row's words."""
    starts, ids, weights = [np.zeros(1, np.int64)], [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
    for segment in index.segments:
        starts.append(starts[-1][-1] + np.asarray(segment.starts[1:]))
        ids.append(np.asarray(segment.ids))
        weights.append(_weights(index, segment, 0, segment.documents))
    return np.concatenate(starts), np.concatenate(ids), np.concatenate(weights)


def _weights(index: Index, segment: Segment, first: int, last: int) -> Array:
    """Of the entries of these rows: the count's part of TF, times IDF, times the document's own factor."""
    assert segment.scale is not None
    here = slice(int(segment.starts[first]), int(segment.starts[last]))
    table = table_of(segment.most, index.options.weighting)
    scale = np.repeat(segment.scale[first:last], np.diff(segment.starts[first : last + 1]))
    weights: Array = table[segment.counts[here]] * index.idf[segment.ids[here]].astype(np.float32) * scale
    return weights


# what the run folder holds of a collection that fits: model.safetensors


def saved(index: Index) -> dict[str, Array]:
    """The numbers of the module; the weights as rows of what is not 0."""
    found = {"idf": index.idf.astype(np.float32)}
    if fits(index):
        found |= dict(zip(("starts", "ids", "weights"), entries(index), strict=True))
    if index.lsa and follow(index):
        found |= {"places": places(index), "singular": index.lsa.singular}
    elif index.lsa:
        found |= {"topics": topics_of(index), "places": places(index)}
    return found


def follow(index: Index) -> bool:
    """Whether the topics follow from the documents' places exactly, so that a tenth of the numbers is enough."""
    return index.documents == index.trained <= EXACT and fits(index)


def topics_of(index: Index, words: Sequence[int] | None = None) -> Array:
    """Rows [V, k] of the topics, for all words or some, to be multiplied with the weights of the present IDF.

    After documents were added, a word's IDF has changed but not the one that its row was found with: the row takes up
    the difference, so that weight times row points where the index says. (A word whose IDF fell to 0 has no weight left
    to carry it: only idf "probabilistic" can do that.)
    """
    assert index.lsa is not None
    chosen = slice(None) if words is None else np.array(words, np.int64)
    then, now = index.lsa.idf[chosen], index.idf[chosen].astype(np.float32)
    rows: Array = np.asarray(index.lsa.basis[chosen])
    if np.array_equal(then, now):
        return rows
    return rows * np.divide(then, now, out=np.ones_like(now), where=now > 0)[:, None]


def places(index: Index) -> Array:
    """Every document's coordinates among the topics [D, k], float32."""
    return np.concatenate([np.asarray(s.coordinates, np.float32) for s in index.segments if s.coordinates is not None])


def directions(places: Array) -> Array:
    """The same as rows of length 1; a document of no weight stays a row of zeros."""
    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    return np.divide(places, lengths, out=np.zeros_like(places), where=lengths > 0)


def restored(arrays: Mapping[str, Array]) -> Parts:
    """The module's numbers from what `saved` gave, with a row of zeros for words that the index does not hold."""
    words, documents = len(arrays["idf"]), len(arrays["starts"]) - 1
    postings = np.zeros((words + 1, documents), np.float32)
    rows = np.repeat(np.arange(documents), np.diff(arrays["starts"]))
    postings[arrays["ids"], rows] = arrays["weights"]
    idf = np.append(arrays["idf"], np.float32(0))
    if "places" not in arrays:
        return Parts(idf, postings, None, None)
    if "topics" in arrays:
        topics = _with_unknown(arrays["topics"])
    else:  # B = Xᵀ C Σ⁻²: each topic is a sum of documents
        topics = (postings @ (arrays["places"] / arrays["singular"] ** 2)).astype(np.float32)
    return Parts(idf, postings, topics, directions(arrays["places"]))


def _with_unknown(table: Array) -> Array:
    return np.concatenate([table, np.zeros((1, table.shape[1]), table.dtype)])


class _Of(Sequence[str]):
    """Names or texts of an index, read when they are asked for."""

    def __init__(self, index: Index, one: Callable[[int], str]) -> None:
        self._index, self._one = index, one

    def __len__(self) -> int:
        return self._index.documents

    def __getitem__(self, i: Any) -> Any:
        return [self._one(d) for d in range(*i.indices(len(self)))] if isinstance(i, slice) else self._one(i)


def codec_of(index: Index, reading: Reading, top: int = 10) -> Codec:
    """The codec of all documents of an index."""
    spelt_out = replace(reading, stop_words=tuple(sorted(reading.left_out)))
    words = tuple(index.words.every())
    if not fits(index):
        return Codec(words, _Of(index, index.name), _Of(index, index.text), spelt_out, top)
    names, texts = ([one(d) for d in range(index.documents)] for one in (index.name, index.text))
    return Codec(words, tuple(names), tuple(texts), spelt_out, top)


# a few documents of a large collection


def some_of(index: Index, ids: Sequence[int], documents: Sequence[int]) -> Parts:
    """The module's numbers for these words and documents alone; an id beyond the index is an unknown word."""
    words = len(index.words)
    idf = np.array([index.idf[i] if i < words else 0 for i in ids], np.float32)
    postings = np.zeros((len(ids), len(documents)), np.float32)
    place = {word: k for k, word in enumerate(ids) if word < words}
    for column, document in enumerate(documents):
        own, _, _, weights = index.document(document)
        for word, weight in zip(own.tolist(), weights.tolist(), strict=True):
            if word in place:
                postings[place[word], column] = weight
    if not index.lsa:
        return Parts(idf, postings, None, None)
    topics = np.zeros((len(ids), index.lsa.basis.shape[1]), np.float32)
    known = [k for k, i in enumerate(ids) if i < words]
    topics[known] = topics_of(index, [ids[k] for k in known])
    rows = np.array([index.coordinates(d) for d in documents], np.float32)
    return Parts(idf, postings, topics, directions(rows))


def too_large(index: Index) -> UserError:
    """Why a collection is asked through its index alone."""
    return UserError(
        f"{index.documents:,} documents of {len(index.words):,} words are too many to ship as one model (at most "
        f"{CELLS:,} weights and {TEXT:,} bytes of text); lower vocabulary, or serve the run itself: pellucid studio"
    )
