"""Linear regression, the system: training, answers with their formula, scores, and what to look at."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch

from pellucid.core import contract
from pellucid.core.board import Board
from pellucid.core.card import Words
from pellucid.core.contract import Answer, Table
from pellucid.core.data.fingerprint import check_unchanged
from pellucid.core.errors import Interrupted
from pellucid.core.metrics import binary_scores
from pellucid.core.run import Run
from pellucid.core.steps import LINES, evenly
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.linear_regression import CARD
from pellucid.rooms.linear_regression.config import Config
from pellucid.rooms.linear_regression.data import Dataset, Floats, Part, Scale, held, prepare
from pellucid.rooms.linear_regression.inside import SHOWN, layers, look, tell
from pellucid.rooms.linear_regression.solve import Problem, descend, exact, mean_loss, path, penalty_of, sigmoid
from pellucid.rooms.linear_regression.typed import parse
from pellucid.rooms.linear_regression.words import formula


@dataclass(frozen=True)
class Model:
    """What training leaves: all numbers that answers and looks are made of."""

    theta: Floats
    """Intercept and coefficients of the scaled features, where descent ended."""
    exact: Floats
    """The same at the exact minimum."""
    mean: Floats
    deviation: Floats
    gram: Floats
    moment: Floats
    square: Floats
    """Half the mean of y², so that the loss follows from gram and moment."""
    rows: Floats
    """Some training rows [n, d], at most SHOWN, for the picture of the line."""
    y_rows: Floats
    all_rows: Floats
    """How many there were."""
    alphas: Floats
    path: Floats

    @property
    def coefficients(self) -> Floats:
        """In the features' own units."""
        return self.theta[1:] / self.deviation

    @property
    def intercept(self) -> float:
        return float(self.theta[0] - np.sum(self.coefficients * self.mean))


class System(contract.System[Config]):
    """One trained regression."""

    def __init__(self, config: Config, model: Model, about: dict[str, Any]):
        self.config, self.model, self.about = config, model, about
        self.features: list[str] = about["features"]
        self.labels: list[str] = about["labels"]
        if model.theta.shape != (len(self.features) + 1,):
            raise RuntimeError(f"{len(model.theta)} parameters for {len(self.features)} features")

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.features)

    @property
    def headline(self) -> tuple[str, ...]:
        return ("accuracy", "log_loss", "auc") if self.labels else ("r2", "rmse", "mae")

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        if not world.main:  # there is nothing to share out
            return
        data = prepare(config)
        print(data.remark(), file=sys.stderr)
        run.set_data(data.about)
        run.update(parameters=len(data.features) + 1)
        train, scale = data.parts["train"], Scale.learn(data.parts["train"].x, config.standardize)
        problem = Problem(scale.design(train.x), train.y, config.task == "classification")
        least = exact(problem, penalty_of(config))
        begun = time.perf_counter()
        with asked_to_stop(run, world) as stop:
            board = Board(run)
            try:
                theta, losses = cls._descend(config, run, board, data, scale, problem, least, stop)
            finally:
                board.close()
        seconds = max(time.perf_counter() - begun, 1e-6)
        alphas, weights = path(problem, penalty_of(config).l1_ratio if config.penalty != "none" else 1.0)
        for number, (alpha, found) in enumerate(zip(alphas, weights, strict=True), start=1):
            coefficients = {f"coefficient/{name}": float(w) for name, w in zip(data.features, found[1:], strict=True)}
            run.log(number, kind="path", alpha=float(alpha), **coefficients)
        save(run, theta, least, scale, problem, train, alphas, weights)
        best = int(np.flatnonzero(np.array(losses) <= min(losses) * (1 + 1e-9))[-1])  # rounding jitters at the end
        run.trained(
            world,
            epochs=len(losses),
            steps=config.epochs,
            seconds=seconds,
            examples=config.epochs * len(train),
            monitor="train_loss",
            best=losses[best],
            best_epoch=best + 1,
        )
        apart = float(np.abs(theta - least).max())
        print(
            f"after {config.epochs} steps: train_loss {losses[-1]:.6g}; the parameters are at most {apart:.2g} "
            "from the exact ones",
            file=sys.stderr,
        )

    @staticmethod
    def _descend(
        config: Config, run: Run, board: Board, data: Dataset, scale: Scale, problem: Problem, least: Floats, stop: Any
    ) -> tuple[Floats, list[float]]:
        """Gradient descent with its log: the last parameters, and the training loss of each line of the log."""
        validation = data.parts["validation"]
        design = scale.design(validation.x)
        told = evenly(1, config.epochs, LINES)
        begun = time.perf_counter()
        losses: list[float] = []
        theta = np.zeros(problem.design.shape[1])
        steps = descend(problem, penalty_of(config), config.learning_rate, config.epochs)
        for number, theta in enumerate(steps, start=1):
            if number == told[len(losses)]:
                losses.append(problem.loss(theta))
                scores = {
                    "train_loss": losses[-1],
                    "validation_loss": mean_loss(design @ theta, validation.y, problem.logistic),
                    "distance_to_exact": float(np.abs(theta - least).max()),
                }
                seconds = round(time.perf_counter() - begun, 3)
                where = {"epoch": len(losses), "epochs": len(told), "seconds": seconds}
                run.log(number, kind="epoch", **where, **scores)
                named = zip(["intercept", *data.features], theta, strict=True)
                board.scalars(number, scores | {f"parameters/{name}": float(value) for name, value in named})
            if stop() and number < config.epochs:
                raise Interrupted(f"stopped after step {number}; it begins again, which takes a moment")
        return theta, losses

    @classmethod
    def load(cls, run: Run) -> Self:
        info, weights = run.info, run.load_weights()
        with run.fitting():
            model = Model(**{name: value.numpy() for name, value in weights.items()})
            return cls(Config.build(info["config"]), model, info["data"])

    # answer

    def predict(self, inputs: Iterable[str], *, batch_size: int = 256) -> Iterator[Answer]:
        for text in inputs:
            yield self.answer(parse(text, self.features))

    def answer(self, x: Floats) -> Answer:
        """The prediction, and the sum that it is."""
        score = float(self.model.intercept + np.sum(self.model.coefficients * x))
        return {"prediction": self.output(score), "formula": self.formula(x, score)}

    def output(self, score: float) -> float:
        """The number itself, or the probability of these log-odds."""
        return float(sigmoid(np.array(score))) if self.labels else score

    def formula(self, x: Floats, score: float) -> Words:
        return formula(
            self.about["target"], self.features, self.labels, self.model.coefficients, self.model.intercept, x, score,
            self.output(score),
        )  # fmt: skip

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """R², RMSE, MAE. For two classes these are of the probability against 0 and 1 (RMSE² is the Brier score),
        beside accuracy, log loss and AUC."""
        part = self.part(split, file, read)
        z = self.model.intercept + part.x @ self.model.coefficients
        found = sigmoid(z) if self.labels else z
        error, spread = found - part.y, part.y - part.y.mean()
        squares = float(spread @ spread)
        scores = {
            "r2": 1 - float(error @ error) / squares if squares else 0.0,
            "rmse": float(np.sqrt(np.mean(error**2))),
            "mae": float(np.mean(np.abs(error))),
            "examples": len(part),
        }
        return scores | (binary_scores(part.y == 1, found) if self.labels else {})

    def part(self, split: str, file: str | None, read: Mapping[str, Any] | None) -> Part:
        """A part of the data that this run was trained on, or all rows of a file."""
        if file is not None:
            config = self.config.changed(read)
            return held(config, file, self.features, self.labels)
        data = prepare(self.config)
        check_unchanged(self.config.data, data.about["fingerprint"], self.about["fingerprint"])
        return data.parts[split]

    # look

    def attribution(self) -> tuple[str, ...]:
        if self.config.data == "built-in":
            return CARD.data
        return (f"a file of the user's own ({self.about['fingerprint']['name']}); its licence is theirs to state",)

    def look(self, value: str, *, backward: bool = False) -> Trace:
        """The gradients are steps of the descent, recorded as such: `backward` adds nothing."""
        x = parse(value, self.features)
        trace = look(self.config, self.model, self.features, self.labels, x)
        score = float(self.model.intercept + np.sum(self.model.coefficients * x))
        trace.meta.update(text=value, target=self.about["target"], formula=self.formula(x, score))
        return trace

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        return layers(config)


def save(
    run: Run, theta: Floats, least: Floats, scale: Scale, problem: Problem, train: Part, alphas: Floats, weights: Floats
) -> None:
    """`model.safetensors`: the fields of `Model`."""
    shown = np.unique(np.linspace(0, len(train) - 1, min(len(train), SHOWN)).astype(int))
    kept = {
        "theta": theta,
        "exact": least,
        "mean": scale.mean,
        "deviation": scale.deviation,
        "gram": problem.gram,
        "moment": problem.moment,
        "square": np.array(np.mean(train.y**2) / 2),
        "rows": train.x[shown],
        "y_rows": train.y[shown],
        "all_rows": np.array(float(len(train))),
        "alphas": alphas,
        "path": weights,
    }
    run.save_weights("model", {name: torch.from_numpy(np.array(value, order="C")) for name, value in kept.items()})
