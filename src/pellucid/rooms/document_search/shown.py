"""A query as it is looked at: its words alone, and the documents that they are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from pellucid.rooms.document_search.codec import Codec
from pellucid.rooms.document_search.config import Config
from pellucid.rooms.document_search.explained import Document
from pellucid.rooms.document_search.model import DocumentSearch, Parts

MOST = 50  # documents of a collection that is too large for one module


@dataclass(frozen=True)
class Shown:
    """The query's K words in their order, and the search on these words alone."""

    query: str
    counts: Counter[str]
    known: list[bool]
    parts: Parts
    documents: Sequence[int]
    codec: Codec
    config: Config

    @property
    def words(self) -> list[str]:
        return list(self.counts)

    @property
    def inputs(self) -> tuple[torch.Tensor, torch.Tensor]:
        """ids [1, K] and counts [1, K]: each word is the row of its place."""
        times = torch.tensor(list(self.counts.values()), dtype=torch.float32)
        return torch.arange(len(times))[None], times[None]

    @cached_property
    def scores(self) -> NDArray[Any]:
        """[D]"""
        model = DocumentSearch(self.parts, self.config.tf, self.config.normalise, self.config.by)
        with torch.inference_mode():
            found: NDArray[Any] = model(*self.inputs)[0].numpy()
        return found

    @cached_property
    def best(self) -> int:
        """The place of the best document among those shown."""
        return int(np.argmax(self.scores))

    def name(self, place: int) -> str:
        return self.codec.names[self.documents[place]]

    @property
    def names(self) -> list[str]:
        return [self.codec.names[d] for d in self.documents]

    def opened(self, idf: NDArray[Any], topics: NDArray[Any] | None) -> Document:
        """The best document, word by word. idf [V] and topics [V, k] of all words of the index."""
        found = self.codec.words(self.codec.texts[self.documents[self.best]])
        counts = Counter(word for word in found if word in self.codec.index)
        ids = np.array([self.codec.index[word] for word in counts], np.int64)
        return Document(
            name=self.name(self.best),
            words=list(counts),
            counts=np.array(list(counts.values()), np.float32),
            length=len(found),
            idf=np.asarray(idf[ids], np.float32),
            topics=None if topics is None else np.asarray(topics[ids], np.float32),
        )
