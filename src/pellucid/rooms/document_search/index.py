"""A search index over documents: built from a corpus, saved, opened by memory mapping, asked, and added to.

    index = Index.build(corpus, Options(topics=100), folder)
    index.search(["gas", "turbine"], top=5)               # by the cosine of TF-IDF weights
    index.search(["gas", "turbine"], top=5, by="lsa")     # by the cosine among the topics
    index = index.add([("new.txt", ["some", "words"])])

An `Index` is one generation of the folder and never changes; `build` and `add` give the next one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pellucid.core.errors import UserError
from pellucid.rooms.document_search import store
from pellucid.rooms.document_search.lsa import Topics
from pellucid.rooms.document_search.options import Measured, Options, Report
from pellucid.rooms.document_search.segment import Segment, opened
from pellucid.rooms.document_search.store import Strings
from pellucid.rooms.document_search.weights import Weighting, inverse_document_frequency, normalised, term_frequency

Array = NDArray[Any]
By = Literal["tfidf", "lsa"]
Hit = tuple[int, float]  # number of the document, cosine


class Index:
    """One saved generation, mapped. Safe to be asked by several threads."""

    def __init__(self, folder: Path, manifest: dict[str, Any], arrays: dict[str, Array]) -> None:
        self.folder, self.manifest = folder, manifest
        told = dict(manifest["options"])
        self.options = Options(**{**told, "weighting": Weighting(**told["weighting"])})
        whole = manifest["whole"]
        self.words = Strings(arrays[whole["vocabulary"]], arrays[whole["vocabulary_starts"]])
        self.documents_with: Array = arrays[whole["documents_with"]]
        self.segments: list[Segment] = []
        for files in manifest["segments"]:
            self.segments.append(opened(files, arrays, self.documents))
        self.lsa: Topics | None = None
        if "basis" in whole:
            self.lsa = Topics(*(arrays[whole[role]] for role in ("basis", "singular", "topic_idf")))

    @classmethod
    def build(
        cls, corpus: Any, options: Options, folder: Path, *, keep_text: bool = False,
        progress: Report | None = None, stop: Callable[[], bool] | None = None, measured: Measured | None = None,
    ) -> Index:  # fmt: skip
        """Index a `core.corpus.Corpus` into `folder` (replacing an index that is there) and open it."""
        from pellucid.rooms.document_search.build import build

        build(corpus, options, folder, keep_text, progress, stop, measured)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path, *, check: bool = False) -> Index:
        """Map the index in a folder. `check`: read every file and hold its sha256 against the manifest."""
        return cls(folder, *store.read(folder, check))

    def add(
        self, documents: Iterable[tuple[str, Sequence[str]] | tuple[str, Sequence[str], str]], *,
        topics: Literal["update", "fold"] = "update",
        progress: Report | None = None, stop: Callable[[], bool] | None = None,
    ) -> Index:  # fmt: skip
        """The folder's index with more documents: (name, words) or (name, words, text) each.

        What ranks by words follows at once: IDF and lengths are those of an index built of all documents (but for
        words that the limits of `Options` left out: those are new words, seen in the new documents only). So do
        Lucene's; scikit-learn and gensim keep the IDF of the fit.

        Topics are updated ("update": the SVD of old topics and new documents, as gensim's `add_documents`), or stay as
        they are and the new documents get coordinates among them ("fold", as scikit-learn's `transform`). Either way
        the old words keep the IDF that the topics were found with: another IDF would need the SVD of everything.
        """
        from pellucid.rooms.document_search.build import add

        add(self.folder, documents, topics, progress, stop)
        return type(self).open(self.folder)

    @property
    def documents(self) -> int:
        return sum(segment.documents for segment in self.segments)

    @property
    def trained(self) -> int:
        """How many of the documents the index was built of; the others were added."""
        return int(self.manifest.get("trained", self.segments[0].documents if self.segments else 0))

    def name(self, i: int) -> str:
        segment = self._segment(i)
        return segment.names[i - segment.first]

    def text(self, i: int) -> str:
        """The document's text; empty where texts were not kept."""
        segment = self._segment(i)
        return segment.texts[i - segment.first]

    @cached_property
    def ids(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words.every())}

    @cached_property
    def idf(self) -> Array:
        """IDF [V] of all words, float64."""
        return inverse_document_frequency(self.documents_with, self.documents, self.options.weighting.idf)

    def weigh(self, words: Sequence[str]) -> tuple[Array, Array, Array, Array]:
        """A query's distinct known words, in order of appearance: ids, TF, IDF and the product, brought to length 1.

        Unknown words count as words of the query, but weigh nothing.
        """
        counts = Counter(self.ids[word] for word in words if word in self.ids)
        return self._weighed(np.array(list(counts), np.int64), np.array(list(counts.values()), np.int64), len(words))

    def document(self, i: int) -> tuple[Array, Array, Array, Array]:
        """The same of an indexed document."""
        segment = self._segment(i)
        ids, counts = segment.row(i - segment.first)
        return self._weighed(ids.astype(np.int64), counts, int(segment.words[i - segment.first]))

    def _weighed(self, ids: Array, counts: Array, length: int) -> tuple[Array, Array, Array, Array]:
        weighting = self.options.weighting
        tf = term_frequency(counts[None], np.array([length]), weighting.tf)[0]
        idf = self.idf[ids]
        return ids, tf, idf, normalised((tf * idf)[None], weighting.normalise)[0]

    def search(self, words: Sequence[str], top: int = 10, by: By = "tfidf") -> list[Hit]:
        """The best documents with their cosine (a plain product where weights are not normalised), best first.

        Only documents with a score above 0: fewer than `top` where few hold any word of the query.
        """
        from pellucid.rooms.document_search import search

        ids, _, _, weights = self.weigh(words)
        if by == "tfidf":
            return search.by_words(self, ids, weights, top)
        return search.by_topics(self, self.place(words), top)

    def place(self, words: Sequence[str]) -> Array:
        """A query's coordinates [k] among the topics, weighted by the IDF that the topics were found with."""
        lsa = self._topics()
        counts = Counter(self.ids[word] for word in words if word in self.ids)
        ids = np.array([i for i in counts if i < len(lsa.idf)], np.int64)
        times = np.array([counts[i] for i in ids.tolist()], np.int64)
        weighting = self.options.weighting
        tf = term_frequency(times[None], np.array([len(words)]), weighting.tf)[0]
        weights = normalised((tf * lsa.idf[ids])[None], weighting.normalise)[0]
        return np.einsum("i,ij->j", weights, lsa.basis[ids])  # no BLAS: see search.cosines

    def coordinates(self, i: int) -> Array:
        """A document's coordinates [k] among the topics, float32."""
        self._topics()
        segment = self._segment(i)
        assert segment.coordinates is not None
        return segment.coordinates[i - segment.first]

    def topics(self, k: int, words: int = 10) -> list[tuple[float, list[tuple[str, float]]]]:
        """The first k topics: singular value, and the words with the largest weights in size, signed."""
        lsa = self._topics()
        found = []
        for topic in range(min(k, lsa.basis.shape[1])):
            column = lsa.basis[:, topic]
            order = np.argsort(-np.abs(column), kind="stable")[:words]
            found.append((float(lsa.singular[topic]), [(self.words[i], float(column[i])) for i in order.tolist()]))
        return found

    def _topics(self) -> Topics:
        if self.lsa is None:
            raise UserError("this index has no topics: it was built with 0 of them; build it with --topics 100")
        return self.lsa

    def _segment(self, i: int) -> Segment:
        for segment in self.segments:
            if 0 <= i - segment.first < segment.documents:
                return segment
        raise IndexError(i)


def saved(options: Options) -> dict[str, Any]:
    """The options as plain JSON."""
    return asdict(options)
