"""The search on a few words, and beside it where the best document's weights come from: what a look goes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from pellucid.rooms.document_search.model import DocumentSearch, Floats, Parts, fixed
from pellucid.rooms.document_search.weights import TF, Normalise


@dataclass(frozen=True)
class Document:
    """One document, word by word: L different known words."""

    name: str
    words: list[str]
    counts: Floats
    """[L]"""
    length: int
    """Words in all, those that the index does not hold among them."""
    idf: Floats
    """[L]"""
    topics: Floats | None
    """[L, k]"""


class Explained(DocumentSearch):
    """The same scores; the best document's weights and its place among the topics are computed from its own words."""

    def __init__(
        self, parts: Parts, tf: TF, normalise: Normalise, by: Literal["tfidf", "lsa"], document: Document
    ) -> None:
        super().__init__(parts, tf, normalise, by)
        self.document_counts = nn.Parameter(torch.from_numpy(document.counts), requires_grad=False)
        self.document_idf = nn.Parameter(torch.from_numpy(document.idf), requires_grad=False)
        self.document_topics = fixed(document.topics)
        self.document_length = float(max(document.length, 1))

    def forward(self, ids: Tensor, counts: Tensor) -> Tensor:
        found = super().forward(ids, counts)
        self.explain()
        return found

    def explain(self) -> None:
        """The best document's own TF, IDF, product, weights [L] and place among the topics [k]."""
        counts = self.document_counts
        if self.tf == "share":
            document_tf = counts / self.document_length
        elif self.tf == "log":
            document_tf = 1 + counts.log()
        elif self.tf == "binary":
            document_tf = counts.clamp(max=1)
        else:
            document_tf = counts * 1
        document_tf_idf = document_tf * self.document_idf
        document_weights = document_tf_idf
        if self.normalise == "l2":
            document_size = document_tf_idf.square().sum().sqrt()
            document_weights = document_tf_idf / document_size
        if self.document_topics is not None:
            document_place = document_weights @ self.document_topics  # [k]
            document_direction = document_place / document_place.square().sum().sqrt()
            del document_direction
