"""Frameworks, the system: training in one framework or in both beside each other, answers, what to look at."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import torch

from pellucid.core import contract
from pellucid.core.board import Board
from pellucid.core.contract import Answer, Table
from pellucid.core.data.fingerprint import fingerprint_of
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.metrics import binary_scores
from pellucid.core.run import Run
from pellucid.core.steps import LINES, evenly
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.frameworks import CARD, LABELS, in_torch
from pellucid.rooms.frameworks.config import Config
from pellucid.rooms.frameworks.graphs import of_export, of_forward, of_keras
from pellucid.rooms.frameworks.inside import layers, look, tell
from pellucid.rooms.frameworks.points import COUNT, Array, Points, Weights, first_weights, order, points, read


class Training(Protocol):
    """What in_torch.py and in_keras.py both offer."""

    def epoch(self, points: Points, order: Array) -> list[float]: ...

    def probability(self, x: Array) -> Array: ...

    def weights(self) -> Weights: ...


class System(contract.System[Config]):
    """The trained model. It answers in PyTorch, whichever framework found its weights."""

    headline: ClassVar[tuple[str, ...]] = ("accuracy", "log_loss")

    def __init__(self, config: Config, weights: dict[str, Weights], graphs: dict[str, list[str]]):
        self.config, self.graphs = config, graphs
        self.models = {}
        for framework, found in weights.items():
            self.models[framework] = in_torch.Net(config.hidden).eval()
            in_torch.put(self.models[framework], found)
        self.model = next(iter(self.models.values()))

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        torch.manual_seed(config.seed)
        trainings = begin(config)
        train, validation = points(config.seed), points(config.seed, "validation")
        fingerprint = fingerprint_of(f"points of seed {config.seed}", train.x.tobytes() + train.y.tobytes())
        run.set_data({"fingerprint": fingerprint, "source": "drawn from the seed"})
        run.update(parameters=sum(each.size for each in first_weights(config.seed, config.hidden).values()))
        log = _Log(config, run)
        try:
            with asked_to_stop(run, world) as stop:
                for epoch in range(config.epochs):
                    log.epoch(epoch, trainings, train, validation)
                    if stop() and epoch + 1 < config.epochs:
                        raise Interrupted(f"stopped after epoch {epoch + 1}")
        finally:
            log.board.close()
        log.finish(trainings, world)

    @classmethod
    def load(cls, run: Run) -> Self:
        with run.fitting():
            config = Config.build(run.info["config"])
            weights: dict[str, Weights] = {name: {} for name in frameworks(config)}
            for name, tensor in run.load_weights().items():
                framework, _, of = name.partition(":")
                weights[framework][of] = tensor.numpy()
            return cls(config, weights, run.info["graphs"])

    # answer

    def predict(self, inputs: Iterable[Any], *, batch_size: int = 256) -> Iterator[Answer]:
        for text in inputs:
            probability = float(in_torch.probability(self.model, read(CARD.input.check(text)))[0])
            yield {"label": LABELS[int(probability >= 0.5)], "probability": probability}

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The scores on 400 points that training did not see; where both frameworks trained, how far they are apart."""
        if file is not None:
            raise UserError(f"{file}: this model is evaluated on points drawn from its seed, not on a file")
        unseen = points(self.config.seed, split)
        found = [in_torch.probability(model, unseen.x) for model in self.models.values()]
        scores = binary_scores(unseen.y > 0.5, found[0])
        if len(found) > 1:
            scores["apart"] = float(np.abs(found[0] - found[1]).max())
        return scores

    # look

    def look(self, value: str, *, backward: bool = False) -> Trace:
        """The gradients are part of what is looked at: they are in the trace, asked for or not."""
        return look(self.model, self.config, read(CARD.input.check(value)), self.graphs)

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    def attribution(self) -> tuple[str, ...]:
        return CARD.data

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        return layers(config.hidden)


# parts


def frameworks(config: Config) -> tuple[str, ...]:
    return ("torch", "keras") if config.framework == "both" else (config.framework,)


def begin(config: Config) -> dict[str, Training]:
    """The model in each framework that is asked for, with the same first weights."""
    first = first_weights(config.seed, config.hidden)
    trainings: dict[str, Training] = {}
    for name in frameworks(config):
        if name == "keras":
            from pellucid.rooms.frameworks import in_keras

            trainings[name] = in_keras.Training(config, first)
        else:
            trainings[name] = in_torch.Training(config, first)
    return trainings


def static_graphs(config: Config, trainings: Mapping[str, Training]) -> dict[str, list[str]]:
    """The forward pass as each tool captures it, by the tool's name."""
    model, x = in_torch.Net(config.hidden).eval(), torch.zeros(1, 2)
    graphs = {"torch.fx": of_forward(model, x), "torch.export": of_export(model, x)}
    if "keras" in trainings:
        keras: Any = trainings["keras"]
        graphs["tf.function"] = of_keras(keras.tf, keras.model)
    return graphs


class _Log:
    """Runs the epochs of each framework beside the others and writes down how they fare."""

    def __init__(self, config: Config, run: Run):
        self.config, self.run, self.board = config, run, Board(run)
        self.seconds = dict.fromkeys(frameworks(config), 0.0)
        self.losses: dict[str, list[float]] = {name: [] for name in frameworks(config)}
        shown = evenly(1, config.epochs, LINES)
        self.lines = {epoch: line for line, epoch in enumerate(shown, 1)}
        self.best = (float("inf"), 0)
        self.kept: dict[str, Weights] = {}

    def epoch(self, epoch: int, trainings: Mapping[str, Training], train: Points, validation: Points) -> None:
        config = self.config
        sequence = order(config.seed, epoch)
        scores: dict[str, float] = {}
        for name, training in trainings.items():
            start = time.perf_counter()
            batches = training.epoch(train, sequence)
            self.seconds[name] += time.perf_counter() - start
            self.losses[name] += batches
            scores["train_loss" if not scores else f"{name}_train_loss"] = float(np.mean(batches))
        if len(trainings) > 1:
            recent = np.array([each[-len(batches) :] for each in self.losses.values()])
            scores["loss_difference"] = float(np.abs(recent[0] - recent[1]).max())
            for i, (ours, theirs) in enumerate(recent.T):
                step = len(self.losses["torch"]) - len(batches) + i + 1
                self.run.log(step, kind="step", torch=float(ours), keras=float(theirs))
        if epoch + 1 not in self.lines:
            return
        found = binary_scores(validation.y > 0.5, next(iter(trainings.values())).probability(validation.x))
        scores |= {f"validation_{name}": found[name] for name in ("log_loss", "accuracy")}
        line, step = self.lines[epoch + 1], len(next(iter(self.losses.values())))
        seconds = round(sum(self.seconds.values()), 6)
        self.run.log(step, kind="epoch", epoch=line, epochs=len(self.lines), seconds=seconds, **scores)
        self.board.scalars(step, scores)
        if not self.kept or scores["validation_log_loss"] < self.best[0]:
            self.best = (scores["validation_log_loss"], line)
            self.kept = {name: training.weights() for name, training in trainings.items()}

    def finish(self, trainings: Mapping[str, Training], world: World) -> None:
        """The weights of the best epoch, the graphs, and what there is to say about the training."""
        state = {f"{name}:{of}": array for name, weights in self.kept.items() for of, array in weights.items()}
        self.run.save_weights("model", {name: torch.from_numpy(array) for name, array in state.items()})
        seconds = max(sum(self.seconds.values()), 1e-6)
        if len(trainings) > 1:
            self._compare({name: training.weights() for name, training in trainings.items()})
        self.run.update(graphs=static_graphs(self.config, trainings))
        self.run.trained(
            world,
            epochs=len(self.lines),
            steps=len(next(iter(self.losses.values()))),
            seconds=seconds,
            examples=COUNT * self.config.epochs * len(trainings),
            monitor="validation_log_loss",
            best=self.best[0],
            best_epoch=self.best[1],
        )

    def _compare(self, weights: Mapping[str, Weights]) -> None:
        losses = np.array(list(self.losses.values()))
        apart = float(np.abs(losses[0] - losses[1]).max())
        ours, theirs = weights["torch"], weights["keras"]
        farthest = max(float(np.abs(ours[name] - theirs[name]).max()) for name in ours)
        self.run.update(comparison={"loss": apart, "weights": farthest, "seconds": self.seconds})
        print(
            f"PyTorch and Keras: {losses.shape[1]:,} steps each, losses at most {apart:.1e} apart, "
            f"weights {farthest:.1e}; {self.seconds['torch']:.1f} s and {self.seconds['keras']:.1f} s",
            file=sys.stderr,
        )
