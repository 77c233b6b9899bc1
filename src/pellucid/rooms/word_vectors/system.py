"""Word vectors, the system: training on a streamed corpus, answers, what to look at and what to ship."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch

from pellucid.core import contract
from pellucid.core.contract import Answer, Program, Table
from pellucid.core.data.fingerprint import check_unchanged
from pellucid.core.run import Run
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.word_vectors import CARD, evaluation, formats, own
from pellucid.rooms.word_vectors.codec import Codec
from pellucid.rooms.word_vectors.config import Config
from pellucid.rooms.word_vectors.data import Dataset, prepare
from pellucid.rooms.word_vectors.evaluation import HeldOut, Question
from pellucid.rooms.word_vectors.inside import Inner, layers, look, tell
from pellucid.rooms.word_vectors.model import WordVectors
from pellucid.rooms.word_vectors.query import MOST_TERMS
from pellucid.rooms.word_vectors.training import learn

ASKED = 2_000  # analogies that a shipped bundle is held against


class System(contract.System[Config]):
    """One trained vocabulary of word vectors."""

    codec: Codec
    headline: ClassVar[tuple[str, ...]] = ("analogies", "pair_loss")

    def __init__(self, config: Config, codec: Codec, weights: Mapping[str, torch.Tensor], fingerprint: dict[str, Any]):
        self.config, self.codec, self.fingerprint = config, codec, fingerprint
        self.model = WordVectors(weights["vectors"].float()).eval()
        self.outputs = weights["outputs"].float()
        self.counts = weights["counts"].numpy().astype(np.int64)
        if len(self.model.vectors) != len(codec.vocabulary):
            raise RuntimeError(f"{len(self.model.vectors)} vectors for {len(codec.vocabulary)} words")

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        if not world.main:  # threads share the work, processes do not
            return
        data = prepare(config)
        print(data.remark(), file=sys.stderr)
        run.set_data(data.about)
        run.update(parameters=len(data.words) * config.dimensions)
        run.write_json("codec.json", Codec(tuple(data.words), config.lowercase).to_json())
        learn(config, data, run, world)

    @classmethod
    def load(cls, run: Run) -> Self:
        info = run.info
        with run.fitting():
            codec = Codec.from_json(run.read_json("codec.json"))
            return cls(Config.build(info["config"]), codec, run.load_weights(), info["data"]["fingerprint"])

    # answer

    def examples(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Analogies and the words that are right; where no analogy is known, words by themselves and no target."""
        words = self.codec.vocabulary
        asked = self.questions if split == "test" else []
        if not asked:
            return list(words[:ASKED]), [""] * min(ASKED, len(words))
        chosen = [asked[i] for i in np.linspace(0, len(asked) - 1, min(ASKED, len(asked))).astype(int)]
        return [f"{words[q.b]} - {words[q.a]} + {words[q.c]}" for q in chosen], [words[q.d] for q in chosen]

    def score(self, answers: Sequence[Answer], targets: Sequence[str]) -> dict[str, Any]:
        right = [
            answer["words"][0]["name"] == target for answer, target in zip(answers, targets, strict=True) if target
        ]
        return {"analogies": float(np.mean(right)) if right else 0.0, "questions": len(right)}

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The loss on text that training did not see, and the analogies; or what a file of one's own asks."""
        if file is not None:
            return own.scores(self, file, read or {})
        data = self.data
        parts = data.train if split == "train" else data.test
        held = HeldOut(parts, data.counts, self.config.options())
        if not held.predictions:
            print("too little text was kept for evaluation: the loss is that of text that was learned", file=sys.stderr)
            held = HeldOut(data.train, data.counts, replace(self.config.options(), sample=0.0))
        return self.losses(held) | evaluation.analogy_scores(self.units, self.questions)

    def losses(self, held: HeldOut) -> dict[str, float]:
        return {
            "pair_loss": held.loss(self.vectors, self.outputs.numpy()),
            "predictions": held.predictions,
        }

    @property
    def vectors(self) -> np.ndarray[Any, Any]:
        """[V, D] as they were learned."""
        return self.model.vectors.detach().numpy()

    @cached_property
    def units(self) -> np.ndarray[Any, Any]:
        """[V, D], each of length 1."""
        return evaluation.unit(self.vectors)

    @cached_property
    def questions(self) -> list[Question]:
        """The analogies whose words are known."""
        return evaluation.questions(self.codec.index)

    @property
    def data(self) -> Dataset:
        """What this run was trained on; UserError where it is not the same any more."""
        data = prepare(self.config)
        check_unchanged(self.config.data, data.about["fingerprint"], self.fingerprint)
        return data

    # look and ship

    def attribution(self) -> tuple[str, ...]:
        if self.config.data == "built-in":
            return CARD.data
        return (f"text of the user's own ({self.fingerprint['name']}); its licence is theirs to state",)

    def program(self) -> Program:
        return Program(
            self.model,
            inputs={"ids": torch.tensor([[0, 1, 1], [1, 0, 0]]), "weights": torch.tensor([[1.0, -1, 1], [1, 0, 0]])},
            outputs=("scores",),
            dynamic={"ids": {0: "batch", 1: "terms"}, "weights": {0: "batch", 1: "terms"}},
            fixed={"batch": 1, "terms": MOST_TERMS},
        )

    def files(self) -> Mapping[str, Callable[[Path], None]]:
        return {
            "word2vec": lambda folder: formats.write_text(folder / "vectors.txt", *self.table),
            "word2vec-binary": lambda folder: formats.write_binary(folder / "vectors.bin", *self.table),
            "projector": lambda folder: formats.write_projector(folder, *self.table, self.counts.tolist()),
        }

    @property
    def table(self) -> tuple[Sequence[str], np.ndarray[Any, Any]]:
        """The words and their vectors."""
        return self.codec.vocabulary, self.vectors

    def look(self, value: str, *, backward: bool = False) -> Trace:
        return look(self.inner, value, backward=backward)

    @cached_property
    def inner(self) -> Inner:
        return Inner(self.config.options(), self.codec, self.model.vectors.detach(), self.outputs, self.counts)

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        return layers(config)
