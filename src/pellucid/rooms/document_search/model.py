"""The search as one module: query words to weights, weights to cosines with every document, by words or by topics.

Shapes: N queries, K different words in a query (the longest in the batch; shorter ones are filled up with count 0),
V words known, D documents, k topics. Nothing here is learned by gradients: idf, postings, topics and coordinates are
computed from the documents (index.py) and only multiplied here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pellucid.rooms.document_search.weights import TF, Normalise

Floats = NDArray[np.float32]
By = Literal["tfidf", "lsa"]


@dataclass(frozen=True)
class Parts:
    """The numbers of one search."""

    idf: Floats
    """[V]"""
    postings: Floats | None
    """[V, D]: each word's weight in each document; a document's column has length 1 under "l2"."""
    topics: Floats | None
    """[V, k], orthonormal columns; None where there are none."""
    coordinates: Floats | None
    """[D, k]: each document among the topics, as a row of length 1."""

    def of_words(self, ids: NDArray[np.int64]) -> Parts:
        """The same search, for these words alone."""
        return Parts(self.idf[ids], rows(self.postings, ids), rows(self.topics, ids), self.coordinates)

    def of_document(self, d: int) -> Parts:
        """The same search, for one document alone."""
        column = None if self.postings is None else np.ascontiguousarray(self.postings[:, d : d + 1])
        return Parts(self.idf, column, self.topics, rows(self.coordinates, np.array([d])))


def rows(table: Floats | None, ids: NDArray[np.int64]) -> Floats | None:
    return None if table is None else np.ascontiguousarray(table[ids])


class DocumentSearch(nn.Module):
    """Word ids [N, K] and counts [N, K] -> scores [N, D], from -1 to 1 where weights are brought to length 1."""

    def __init__(self, parts: Parts, tf: TF = "share", normalise: Normalise = "l2", by: By = "tfidf"):
        super().__init__()
        self.tf, self.normalise, self.by = tf, normalise, by
        self.idf = fixed(parts.idf)
        self.postings = fixed(parts.postings)
        self.topics = fixed(parts.topics)
        self.coordinates = fixed(parts.coordinates)

    def forward(self, ids: Tensor, counts: Tensor) -> Tensor:
        weights = self.weigh(ids, counts)  # [N, K]
        by_words = None if self.postings is None else self.by_words(ids, weights)
        by_topics = None if self.topics is None else self.by_topics(ids, weights)
        found = by_topics if self.by == "lsa" else by_words
        assert found is not None
        return found

    def weigh(self, ids: Tensor, counts: Tensor) -> Tensor:
        """TF · IDF of the query's words [N, K], as of any document; brought to length 1 under "l2"."""
        assert self.idf is not None
        tf = self.term_frequency(counts)  # [N, K]
        word_idf = self.idf[ids]  # [N, K]
        tf_idf = tf * word_idf  # [N, K]
        if self.normalise == "none":
            return tf_idf
        length = tf_idf.square().sum(dim=1, keepdim=True).sqrt()  # [N, 1]
        weights = tf_idf / length.clamp(min=1e-12)  # [N, K]
        return weights

    def term_frequency(self, counts: Tensor) -> Tensor:
        """TF [N, K] of counts [N, K]; weights.py says what each kind is."""
        if self.tf == "share":
            tf = counts / counts.sum(dim=1, keepdim=True).clamp(min=1)
        elif self.tf == "log":
            tf = torch.where(counts > 0, 1 + counts.clamp(min=1).log(), counts)
        elif self.tf == "binary":
            tf = counts.clamp(max=1)
        else:
            tf = counts
        return tf

    def by_words(self, ids: Tensor, weights: Tensor) -> Tensor:
        """The cosine with every document [N, D]: a sum of one share a word."""
        assert self.postings is not None
        in_documents = self.postings[ids]  # [N, K, D]
        shares = weights.unsqueeze(-1) * in_documents  # [N, K, D]
        word_scores = shares.sum(dim=1)  # [N, D]
        return word_scores

    def by_topics(self, ids: Tensor, weights: Tensor) -> Tensor:
        """The cosine among the topics [N, D]: query and documents as sums of their words' rows."""
        assert self.topics is not None and self.coordinates is not None
        word_topics = self.topics[ids]  # [N, K, k]
        place = (weights.unsqueeze(-1) * word_topics).sum(dim=1)  # [N, k]
        distance = place.square().sum(dim=1, keepdim=True).sqrt()  # [N, 1]
        direction = place / distance.clamp(min=1e-12)  # [N, k]
        topic_scores = direction @ self.coordinates.T  # [N, D]
        return topic_scores

    def shares(self, ids: Tensor, counts: Tensor) -> Tensor:
        """What each word adds to each score [N, K, D]."""
        weights = self.weigh(ids, counts)
        if self.by == "tfidf":
            assert self.postings is not None
            return weights.unsqueeze(-1) * self.postings[ids]
        assert self.topics is not None and self.coordinates is not None
        parts = weights.unsqueeze(-1) * self.topics[ids]  # [N, K, k]
        distance = parts.sum(dim=1, keepdim=True).square().sum(dim=2, keepdim=True).sqrt()  # [N, 1, 1]
        return parts @ self.coordinates.T / distance.clamp(min=1e-12)

    @property
    def documents(self) -> int:
        """How many (D)."""
        table = self.coordinates if self.postings is None else self.postings.T
        assert table is not None
        return len(table)

    @property
    def output(self) -> str:
        """What a trace calls the scores that count."""
        return "topic_scores" if self.by == "lsa" else "word_scores"


def fixed(table: Floats | None) -> nn.Parameter | None:
    """Part of the model, and nothing that a gradient changes."""
    return None if table is None else nn.Parameter(torch.from_numpy(np.ascontiguousarray(table)), requires_grad=False)
