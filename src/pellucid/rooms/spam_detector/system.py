"""Spam detector, the system: training, answers, what to look at and what to ship."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
import torch
from torch.nn import functional as F

from pellucid.core import contract
from pellucid.core.batches import Batches, Tensors
from pellucid.core.board import Board
from pellucid.core.contract import Answer, Influence, Program, Table, answers
from pellucid.core.data.fingerprint import check_unchanged
from pellucid.core.errors import UserError
from pellucid.core.fit import fit
from pellucid.core.metrics import best_threshold, binary_scores
from pellucid.core.run import Run
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.spam_detector import CARD
from pellucid.rooms.spam_detector.config import Config
from pellucid.rooms.spam_detector.data import UNKNOWN_ID, Codec, Dataset, Messages, padded, prepare, read_all
from pellucid.rooms.spam_detector.influence import influence
from pellucid.rooms.spam_detector.inside import layers, look, tell
from pellucid.rooms.spam_detector.model import PADDING, SpamDetector


class System(contract.System[Config]):
    """One trained spam detector."""

    codec: Codec
    headline: ClassVar[tuple[str, ...]] = ("accuracy", "recall", "f1", "auc")

    def __init__(self, config: Config, codec: Codec, weights: Tensors, fingerprint: dict[str, Any]):
        self.config, self.codec, self.fingerprint = config, codec, fingerprint
        self.model = build(config, len(codec.vocabulary) - 1)
        self.model.load_state_dict(weights)
        self.model.eval()

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        data = prepare(config)
        codec = learn_codec(config, data)
        torch.manual_seed(config.seed)
        model = build(config, len(codec.vocabulary) - 1)
        train, validation = data.parts["train"], data.parts["validation"]
        batches = make_batches(train, codec, config)
        if world.main:
            print(*data.remarks(), sep="\n", file=sys.stderr)
            run.set_data(data.about | {"words": len(codec.vocabulary) - 1, "padding": round(batches.padding(), 4)})
            run.update(parameters=sum(p.numel() for p in model.parameters()))
            run.write_json("codec.json", codec.to_json())

        def validate(model: SpamDetector) -> dict[str, float]:
            scores = binary_scores(validation.targets, probabilities(model, codec, validation.texts))
            return {f"validation_{name}": scores[name] for name in ("log_loss", "f1", "auc")}

        def illustrate(model: SpamDetector, board: Board, step: int) -> None:
            board.text(step, "validation/most_wrong", most_wrong(model, codec, validation))

        fit(
            model, batches, make_loss(config), validate, config, run, world,
            monitor="validation_log_loss", lowest=True, illustrate=illustrate,
        )  # fmt: skip
        if world.main:
            threshold = best_threshold(validation.targets, probabilities(model, codec, validation.texts))
            run.write_json("codec.json", replace(codec, threshold=threshold).to_json())

    @classmethod
    def load(cls, run: Run) -> Self:
        info = run.info
        with run.fitting():
            codec = Codec.from_json(run.read_json("codec.json"))
            return cls(Config.build(info["config"]), codec, run.load_weights(), info["data"]["fingerprint"])

    # answer

    def examples(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> tuple[Sequence[str], Sequence[bool]]:
        """Texts and targets (True: the class to be found)."""
        if file is None:
            data = prepare(self.config)
            check_unchanged(self.config.data, data.about["fingerprint"], self.fingerprint)
            return data.parts[split].texts, data.parts[split].targets.tolist()
        path, rows, skipped = read_all(self.config.changed(read, data=file))
        if skipped:
            print(skipped, file=sys.stderr)
        for row in rows:
            if row.values["label"] not in self.codec.labels:
                known = " and ".join(map(repr, self.codec.labels))
                raise UserError(f"{path}, line {row.line}: label {row.values['label']!r}; this run knows {known}")
        return [row.values["text"] for row in rows], [row.values["label"] == self.codec.labels[1] for row in rows]

    def score(self, answers: Sequence[Answer], targets: Sequence[bool]) -> dict[str, Any]:
        found = np.array([answer["probability"] for answer in answers])
        return binary_scores(np.array(targets), found, self.codec.threshold)

    def influence(self, value: str) -> Influence:
        return influence(self.model, self.codec, value)

    @property
    def threshold(self) -> float:
        return self.codec.threshold

    # look and ship

    def attribution(self) -> tuple[str, ...]:
        if self.config.data == "built-in":
            return CARD.data
        return (f"a file of the user's own ({self.fingerprint['name']}); its licence is theirs to state",)

    def program(self) -> Program:
        return Program(
            self.model,
            inputs={"ids": torch.from_numpy(padded([[1, 2, 3], [2, 1]]))},
            outputs=("probability",),
            dynamic={"ids": {0: "batch", 1: "time"}},
            fixed={"batch": 1, "time": self.config.length},
        )

    def look(self, value: str, *, backward: bool = False) -> Trace:
        return look(self.model, self.codec, value, backward=backward)

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        with torch.device("meta"):
            return layers(build(config, config.vocabulary), config.length)


# parts, each of use alone


def build(config: Config, vocabulary: int) -> SpamDetector:
    """The network for that many words."""
    return SpamDetector(
        vocabulary, config.embedding, config.hidden, config.cell,
        bidirectional=config.bidirectional, merge=config.merge, dropout=config.dropout,
    )  # fmt: skip


def learn_codec(config: Config, data: Dataset) -> Codec:
    """The words of the training messages; validation and test have no say."""
    return Codec.learn(
        data.parts["train"].texts,
        most=config.vocabulary, min_count=config.min_count, length=config.length, labels=data.labels,
    )  # fmt: skip


def make_batches(messages: Messages, codec: Codec, config: Config) -> Batches:
    """Training batches of messages of like length."""
    rows = [codec.ids(text) for text in messages.texts]
    targets = messages.targets.astype(np.float32)
    return Batches(
        lengths=np.array([len(row) for row in rows]),
        size=config.batch_size,
        seed=config.seed,
        collate=lambda chosen: {"ids": padded([rows[i] for i in chosen]), "targets": targets[chosen]},
    )


def make_loss(config: Config) -> Callable[[SpamDetector, Tensors], torch.Tensor]:
    """Log loss of a batch, some of whose words are hidden, so that no single word is relied on (Iyyer et al. 2015)."""

    def loss(model: SpamDetector, batch: Tensors) -> torch.Tensor:
        ids = batch["ids"]
        hidden = (torch.rand(ids.shape, device=ids.device) < config.word_dropout) & (ids != PADDING)
        logit = model.logit(ids.masked_fill(hidden, UNKNOWN_ID))
        return F.binary_cross_entropy_with_logits(logit.float(), batch["targets"])

    return loss


def probabilities(model: SpamDetector, codec: Codec, texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Probability of each text, on whatever device the model is."""
    device = model.dense.weight.device

    def compute(arrays: contract.Arrays) -> contract.Arrays:
        with torch.inference_mode():
            return {"probability": model(torch.from_numpy(arrays["ids"]).to(device)).float().cpu().numpy()}

    return np.array([answer["probability"] for answer in answers(codec, compute, texts)])


def most_wrong(model: SpamDetector, codec: Codec, messages: Messages, most: int = 10) -> str:
    """The messages that the model is most wrong about, as a Markdown table."""
    found = probabilities(model, codec, messages.texts)
    worst = np.argsort(-np.abs(found - messages.targets))[:most]
    rows = (f"| {found[i]:.3f} | {codec.labels[int(messages.targets[i])]} | {messages.texts[i]} |" for i in worst)
    return "\n".join(["| probability | truth | message |", "|---|---|---|", *rows])
