"""Losses, the system: a loss of targets and predictions, and descent on the predictions as training."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self

import numpy as np
import torch

from pellucid.core import contract
from pellucid.core.contract import Answer, Table
from pellucid.core.data.fingerprint import fingerprint_of
from pellucid.core.errors import Interrupted
from pellucid.core.run import Run
from pellucid.core.steps import LINES, early_ones, log_steps
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.losses import CARD, losses
from pellucid.rooms.losses.config import Config
from pellucid.rooms.losses.descent import Path, descend
from pellucid.rooms.losses.inside import layers, look, tell
from pellucid.rooms.losses.problem import Problem
from pellucid.rooms.losses.reader import read
from pellucid.rooms.losses.verdict import Outcome, outcome, verdict


class System(contract.System[Config]):
    """Predictions, descended under one loss; it computes anew each loss that it is asked."""

    headline: ClassVar[tuple[str, ...]] = ("loss", "loss_after", "gradient")

    def __init__(self, config: Config):
        self.config = config

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        problem = _problem(config)
        fingerprint = fingerprint_of("problem", config.problem.encode())
        run.set_data({"fingerprint": fingerprint, "source": "problem", "loss": problem.kind.name})
        run.update(parameters=problem.predictions.size)
        start = time.perf_counter()
        with asked_to_stop(run, world) as stop:
            path = descend(problem, stop)
        if path.end == "stopped":
            raise Interrupted(f"stopped after step {path.steps}")
        _record(run, world, path, max(time.perf_counter() - start, 1e-6))

    @classmethod
    def load(cls, run: Run) -> Self:
        with run.fitting():
            config = Config.build(run.info["config"])
            found, wanted = tuple(run.load_weights()["predictions"].shape), _problem(config).predictions.shape
            if found != wanted:
                raise TypeError(f"predictions {list(found)} for {list(wanted)}")
        return cls(config)

    # answer

    def predict(self, inputs: Iterable[str], *, batch_size: int = 256) -> Iterator[Answer]:
        return (answer(self._outcome(text)) for text in inputs)

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The loss of the run's own problem, or of one in a file of text, before and after the descent."""
        config = self.config.changed(read)
        if file is not None:
            config = config.changed(problem=CARD.input.of_file(file))
        path = descend(_problem(config))
        return {
            "loss": float(path.losses[0]),
            "loss_after": float(path.losses[-1]),
            "gradient": float(path.slopes[0]),
            "gradient_after": float(path.slopes[-1]),
            "steps": path.steps,
        }

    # look

    def look(self, value: str, *, backward: bool = False) -> Trace:
        """The gradient is written out going forward: it is in the trace, asked for or not."""
        return look(self._outcome(value))

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    def attribution(self) -> tuple[str, ...]:
        if self.config.problem == Config.model_fields["problem"].default:
            return CARD.data
        return ("numbers of the user's own",)

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        return layers(_problem(config))

    def _outcome(self, text: str) -> Outcome:
        return outcome(read(CARD.input.check(text), self.config.learning_rate, self.config.steps))


def _problem(config: Config) -> Problem:
    return read(config.problem, config.learning_rate, config.steps)


def answer(found: Outcome) -> Answer:
    """The card's outputs."""
    problem = found.problem
    return {
        "loss": found.loss,
        "values": {str(i): float(each) for i, each in enumerate(np.asarray(found.given.values), 1)},
        "gradient": _by_name(problem, found.given.gradient + 0.0, "z" if problem.from_logits else "p"),
        "after": _by_name(problem, _after(found), "z" if problem.from_logits else "p"),
        "verdict": verdict(found),
    }


def _after(found: Outcome) -> Any:
    """Where descent ended, in the terms of what was typed."""
    end = found.path.predictions[-1]
    if found.path.problem is found.problem:
        return end
    return np.exp(losses.log_softmax(end)) if found.problem.kind.rows else losses.sigmoid(end)


def _by_name(problem: Problem, array: Any, letter: str) -> dict[str, float]:
    """p1, p2 … of examples; p1[0], p1[1] … of their classes, which count from 0 as labels do."""
    if problem.shared:
        return {letter: float(array[0])}
    if array.ndim == 1:
        return {f"{letter}{i}": float(each) for i, each in enumerate(array, 1)}
    return {f"{letter}{i}[{j}]": float(each) for i, row in enumerate(array, 1) for j, each in enumerate(row)}


def _record(run: Run, world: World, path: Path, seconds: float) -> None:
    """Log lines, TensorBoard, weights, and what there is to say about the training."""
    lines = early_ones(path.steps + 1, LINES)
    log_steps(
        run,
        [(step, {"loss": float(path.losses[step]), "gradient": float(path.slopes[step])}) for step in lines],
        seconds,
    )
    arrays = {"predictions": path.predictions[-1], "path": path.predictions[lines], "targets": path.problem.targets}
    run.save_weights("model", {name: torch.from_numpy(np.array(array)) for name, array in arrays.items()})
    shown = path.losses[lines]
    run.trained(
        world,
        epochs=len(lines),
        steps=path.steps,
        seconds=seconds,
        examples=path.steps * path.problem.examples,
        monitor="loss",
        best=float(shown.min()),
        best_epoch=int(shown.argmin()) + 1,
    )
