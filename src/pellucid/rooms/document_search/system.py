"""Document search, the system: the index as training, answers, scores, what to look at and what to ship."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import torch

from pellucid.core import contract
from pellucid.core.contract import Answer, Arrays, Influence, Program, Table
from pellucid.core.run import Run
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.document_search import CARD, collection
from pellucid.rooms.document_search.adding import add
from pellucid.rooms.document_search.codec import TERMS, Codec
from pellucid.rooms.document_search.config import Config
from pellucid.rooms.document_search.data import group_of, questions_in, questions_of
from pellucid.rooms.document_search.index import Index
from pellucid.rooms.document_search.influence import influence
from pellucid.rooms.document_search.inside import layers, look, tell, themes
from pellucid.rooms.document_search.measure import group_scores, known_item_scores
from pellucid.rooms.document_search.model import DocumentSearch
from pellucid.rooms.document_search.options import Doing
from pellucid.rooms.document_search.scores import of_document
from pellucid.rooms.document_search.shown import MOST, Shown
from pellucid.rooms.document_search.training import sizes, train

AT_ONCE = 16_000_000  # numbers of one forward pass


class System(contract.System[Config]):
    """One searchable collection. `model` holds it whole; None where it is too large, and `index` is asked."""

    codec: Codec
    headline: ClassVar[tuple[str, ...]] = ("reciprocal_rank", "found_first", "found")

    def __init__(
        self, config: Config, codec: Codec, arrays: Mapping[str, Any], about: dict[str, Any], index: Index | None
    ):
        self.config, self.codec, self.about, self.index = config, codec, about, index
        self.parts = collection.restored(arrays) if "weights" in arrays else None
        if self.parts is None and index is None:
            raise RuntimeError("neither weights nor an index")
        self.model: DocumentSearch | None = None
        if self.parts is not None:
            self.model = DocumentSearch(self.parts, config.tf, config.normalise, config.by).eval()
            if (len(self.parts.idf), self.model.documents) != (len(codec.vocabulary) + 1, len(codec.names)):
                raise RuntimeError(f"{len(codec.vocabulary)} words for {len(self.parts.idf) - 1} weights")

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        if world.main:  # there is nothing to share out
            train(config, run, world, cls)

    @classmethod
    def load(cls, run: Run) -> Self:
        info = run.info
        with run.fitting():
            codec = Codec.from_json(run.read_json("codec.json"))
            arrays: dict[str, Any] = {name: value.numpy() for name, value in run.load_weights().items()}
            index = None
            if (run.path / "index").is_dir():
                index = Index.open(run.path / "index")
                if index.documents != len(codec.names):  # too many to be kept twice, or some were added
                    arrays = collection.saved(index) if collection.fits(index) else {}
                    codec = collection.codec_of(index, codec.reading, codec.top)
            return cls(Config.build(info["config"]), codec, arrays, info["data"], index)

    @classmethod
    def add(
        cls, run: Run, file: str, read: Mapping[str, Any], *,
        progress: Callable[[str, float], None] | None = None, stop: Callable[[], bool] | None = None,
    ) -> contract.Added:  # fmt: skip
        return add(run, file, read, Doing(progress, stop))

    # answer

    def predict(self, inputs: Iterable[str], *, batch_size: int = 256) -> Iterator[Answer]:
        """By the model; a collection that is too large for one is asked through its index, with the same scores."""
        if self.model is not None:
            return super().predict(inputs, batch_size=batch_size)
        return (self._asked(query) for query in inputs)

    def _asked(self, query: str) -> Answer:
        assert self.index is not None
        self.codec.counts(query)  # a query without a known word is refused
        hits = self.index.search(self.codec.words(query), self.codec.top, self.config.by)
        return self.codec.answer(hits, query)

    def compute(self, arrays: Arrays) -> Arrays:
        """As many queries at once as their table of words and documents allows."""
        queries, terms = arrays["ids"].shape
        step = max(1, AT_ONCE // (terms * self.whole.documents))
        parts = [
            super(System, self).compute({name: array[i : i + step] for name, array in arrays.items()})
            for i in range(0, queries, step)
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    # score

    def examples(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Queries and the name of the document that each should find; nothing was learned from them."""
        if file is not None:
            config = self.config.changed(read)
            questions = questions_in(file, config, self.codec.names)
        else:
            questions = questions_of(self.config, self.codec.names, self.codec.texts)
        known = [any(word in self.codec.index for word in self.codec.words(query)) for query in questions.queries]
        pairs = [
            pair for pair, ok in zip(zip(questions.queries, questions.targets, strict=True), known, strict=True) if ok
        ]
        return [query for query, _ in pairs], [target for _, target in pairs]

    def score(self, answers: Sequence[Answer], targets: Sequence[str]) -> dict[str, Any]:
        return known_item_scores(answers, targets)

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Where the right document of each query stands; of the run's own documents also how well each finds the
        others of its group (its article, its folder)."""
        scores = super().evaluate(split, file, read)
        if file is None:
            groups = [group_of(name, self.config.data == "built-in") for name in self.codec.names]
            scores |= group_scores(groups, self._scores_of, self.config.seed)
        return scores

    @cached_property
    def _scores_of(self) -> Any:
        return of_document(self.parts, self.index, self.config.by)

    def influence(self, value: str) -> Influence:
        """Each word's part in the score of the best document."""
        return influence(self.shown(value))

    def shown(self, value: str) -> Shown:
        """The query's words alone, and all documents; of a collection that is too large, the best ones."""
        counts = self.codec.counts(value)
        unknown = len(self.codec.vocabulary)
        ids = [self.codec.index.get(word, unknown) for word in counts]
        documents: Sequence[int] = range(len(self.codec.names))
        if self.parts is not None:
            parts = self.parts.of_words(np.array(ids))
        else:
            assert self.index is not None
            hits = self.index.search(self.codec.words(value), MOST, self.config.by)
            documents = [d for d, _ in hits] or [0]
            parts = collection.some_of(self.index, ids, documents)
        return Shown(value, counts, [i < unknown for i in ids], parts, documents, self.codec, self.config)

    @cached_property
    def _tables(self) -> tuple[Any, Any]:
        """idf [V] and topics [V, k], or None, of all words of the index."""
        if self.parts is not None:
            topics = self.parts.topics
            return self.parts.idf[:-1], None if topics is None else topics[:-1]
        assert self.index is not None
        return self.index.idf, None if self.index.lsa is None else collection.topics_of(self.index)

    @cached_property
    def _themes(self) -> list[list[str]]:
        topics = self._tables[1]
        return [] if topics is None else themes(topics, self.codec.vocabulary)

    # look and ship

    def attribution(self) -> tuple[str, ...]:
        if self.config.data == "built-in":
            return CARD.data
        return (f"documents of the user's own ({self.about['fingerprint']['name']}); their licence is theirs to state",)

    @property
    def whole(self) -> DocumentSearch:
        """The model of all documents; UserError where there are too many."""
        if self.model is None:
            assert self.index is not None
            raise collection.too_large(self.index)
        return self.model

    def program(self) -> Program:
        unknown = len(self.codec.vocabulary)
        return Program(
            self.whole,
            inputs={
                "ids": torch.tensor([[0, 1 % unknown, unknown], [0, unknown, unknown]]),
                "counts": torch.ones(2, 3),
            },
            outputs=(self.whole.output,),
            dynamic={name: {0: "batch", 1: "terms"} for name in ("ids", "counts")},
            fixed={"batch": 1, "terms": TERMS},
        )

    def look(self, value: str, *, backward: bool = False) -> Trace:
        shown = self.shown(value)
        return look(shown, shown.opened(*self._tables), self._themes, backward=backward)

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        return layers(*sizes(config))

    @property
    def parameters(self) -> int:
        """Numbers of the whole search, in one module or not."""
        topics = self._tables[1]
        return layers(len(self.codec.vocabulary), len(self.codec.names), 0 if topics is None else topics.shape[1])[
            0
        ].total
