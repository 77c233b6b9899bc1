"""The scores of one document of the collection as a query: with every document, as its group is looked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.rooms.document_search import collection
from pellucid.rooms.document_search.index import Index
from pellucid.rooms.document_search.model import Parts
from pellucid.rooms.document_search.segment import table_of

Floats = NDArray[Any]


def of_document(parts: Parts | None, index: Index | None, by: str) -> Callable[[int], Floats]:
    """A function from a document's number to its scores [D] with all."""
    if by == "lsa":
        places = parts.coordinates if parts is not None else index and collection.directions(collection.places(index))
        assert isinstance(places, np.ndarray)
        return lambda d: np.asarray(places @ places[d])
    if parts is not None:
        postings = parts.postings
        assert postings is not None
        return lambda d: np.asarray(postings[:, d] @ postings)
    assert index is not None
    return lambda d: _by_words(index, d)


def _by_words(index: Index, d: int) -> Floats:
    """Over the posting lists of the document's words."""
    from pellucid.rooms.document_search import sparse

    ids, _, _, weights = index.document(d)
    query = (weights * index.idf[ids]).astype(np.float32)
    parts = []
    for segment in index.segments:
        scores = np.zeros(segment.documents, np.float32)
        lists = segment.list_starts, segment.list_documents, segment.list_counts
        sparse.accumulate(*lists, table_of(segment.most, index.options.weighting), ids, query, scores)
        assert segment.scale is not None
        parts.append(scores * segment.scale)
    return np.concatenate(parts)
