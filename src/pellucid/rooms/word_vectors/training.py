"""The training loop: the engine's reports become a log, a progress bar, curves on TensorBoard, checkpoints, answers to
whoever asks to stop. A run that was stopped goes on from its checkpoint, with one thread to the same bits."""

from __future__ import annotations

import contextlib
import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pellucid.core import checkpoint
from pellucid.core.board import Board
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.progress import Progress
from pellucid.core.pulse import Pulse
from pellucid.core.run import Run
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World
from pellucid.rooms.word_vectors import train as engine
from pellucid.rooms.word_vectors.codec import best
from pellucid.rooms.word_vectors.config import Config
from pellucid.rooms.word_vectors.data import Dataset
from pellucid.rooms.word_vectors.evaluation import HeldOut, analogy_scores, questions, unit
from pellucid.rooms.word_vectors.formats import write_projector
from pellucid.rooms.word_vectors.model import WordVectors

PROJECTED = 1_000  # words in TensorBoard's projector
VALIDATED = 3_000  # tokens whose pairs are predicted after each epoch
NEIGHBOURS = 12  # frequent words whose nearest ones are written to TensorBoard


def learn(config: Config, data: Dataset, run: Run, world: World) -> None:
    """Train, and leave weights and everything told in the run folder. Raises Interrupted once all is saved."""
    training = Training(config, data, run)
    with contextlib.ExitStack() as stack:
        stop = stack.enter_context(asked_to_stop(run, world))
        bar = stack.enter_context(Progress(config.epochs, training.tokens, what="words"))
        board = Board(run, purge=training.words + 1 if training.words else None)
        stack.callback(board.close)
        if not training.words:
            board.graph(training.program(), (torch.tensor([[0, 1]]), torch.tensor([[1.0, 1.0]])))
        device = None if config.takes_compiled(world.device.type) else world.device
        if device is None and not compiled():
            bar.say("compiling the kernels, once on this machine: some seconds")
        reports = engine.train(data.train, data.counts, training.options, training.vectors, training.place, device)
        for report in reports:
            training.heard(report)
            if report.place[1]:
                bar.step(report.epoch, report.words - report.epoch * training.tokens, report.loss)
                training.log_pulse(report)
            else:
                scores = training.finish_epoch(report)
                board.scalars(report.words, scores)
                board.weights(report.words, training.program())
                board.text(report.words, "nearest", training.nearest())
                bar.epoch(report.epoch, scores, best=False)
            done = report.words >= report.words_total
            if training.save_due or done or stop() or not report.place[1]:
                training.save()
            if stop() and not done:
                raise Interrupted(f"stopped in epoch {report.epoch + 1} of {config.epochs}")
    training.finish(world)


def compiled() -> bool:
    """Whether Numba's cache holds the kernel of an earlier training."""
    from pellucid.rooms.word_vectors import kernel

    run: Any = kernel.run
    return any(Path(run.stats.cache_path).glob("kernel.run-*.nbi"))


class Training:
    """The state of one run: the tables, the place, the clock; new or restored from the checkpoint."""

    def __init__(self, config: Config, data: Dataset, run: Run):
        self.config, self.data, self.run = config, data, run
        self.options = config.options()
        self.tokens = sum(len(part.ids) for part in data.train)
        self.held = HeldOut(data.test, data.counts, self.options, VALIDATED)
        self.asked = questions({word: i for i, word in enumerate(data.words)}, lowercase=config.lowercase)
        self.vectors = engine.start(len(data.words), self.options)
        self.place, self.words, self.before = (0, 0), 0, 0.0
        self.losses: list[tuple[float, int]] = []  # of this epoch, each with how many words it is the mean of
        self.last = 0.0  # mean loss of the last epoch
        if found := checkpoint.load(run):
            self.restore(*found)
        self.began = self.saved = time.perf_counter()
        self.pulse = Pulse(self.before)

    @property
    def seconds(self) -> float:
        """Spent training, over all attempts."""
        return self.before + time.perf_counter() - self.began

    def heard(self, report: engine.Report) -> None:
        read, self.place, self.words = report.words - self.words, report.place, report.words
        if math.isfinite(report.loss):
            self.losses.append((report.loss, read))
        elif np.isinf(report.loss) or not np.isfinite(self.vectors.input[:100]).all():
            raise UserError(
                f"the vectors became infinite in epoch {report.epoch + 1}: "
                f"lower learning_rate ({self.config.learning_rate})"
            )

    def program(self) -> WordVectors:
        return WordVectors(torch.from_numpy(np.ascontiguousarray(self.vectors.input))).eval()

    # what is told

    def log(self, kind: str, report: engine.Report, **values: Any) -> None:
        where = {"epoch": report.epoch + 1, "epochs": self.config.epochs, "seconds": round(self.seconds, 3)}
        self.run.log(self.words, kind=kind, **where, **values)

    def log_pulse(self, report: engine.Report) -> None:
        """A line now and then."""
        if not self.pulse.due(self.seconds):
            return
        self.log(
            "pulse",
            report,
            batch=self.words - report.epoch * self.tokens,
            batches=self.tokens,
            loss=self.losses[-1][0] if self.losses else None,
            learning_rate=report.rate,
            examples_per_second=round(self.words / self.seconds, 1),
        )

    def finish_epoch(self, report: engine.Report) -> dict[str, float]:
        """The scores after an epoch."""
        total = sum(read for _, read in self.losses)
        mean = sum(loss * read for loss, read in self.losses) / total if total else self.sampled_loss()
        scores = {"train_loss": mean}
        if self.held.predictions:
            scores["validation_pair_loss"] = self.held.loss(self.vectors.input, self.vectors.output)
        if self.asked:
            scores["analogies"] = analogy_scores(unit(self.vectors.input), self.asked)["analogies"]
        self.last, self.losses = scores["train_loss"], []
        self.log("epoch", report, **scores)
        return scores

    def sampled_loss(self) -> float:
        """On the first words of the text: the engine measures none where the text is short."""
        some = HeldOut(self.data.train, self.data.counts, replace(self.options, sample=0.0), VALIDATED)
        return some.loss(self.vectors.input, self.vectors.output)

    def nearest(self) -> str:
        """Frequent words with their nearest ones, as a Markdown table."""
        units, words = unit(self.vectors.input), self.data.words
        step = max(1, min(len(words), PROJECTED) // NEIGHBOURS)
        rows = ["| word | nearest |", "|---|---|"]
        for i in range(0, min(len(words), step * NEIGHBOURS), step):
            near = best(units @ units[i], 5, leave_out=[i])
            rows.append(f"| {words[i]} | {', '.join(words[j] for j in near)} |")
        return "\n".join(rows)

    # what is kept

    @property
    def save_due(self) -> bool:
        return time.perf_counter() - self.saved > self.config.checkpoint_seconds

    def save(self) -> None:
        """A checkpoint, and the vectors as they are now: a run can be asked while it trains."""
        self.saved = time.perf_counter()
        tensors = self.tensors()
        state = {
            "place": list(self.place), "words": self.words, "seconds": self.seconds,
            "losses": self.losses, "last": self.last,
        }  # fmt: skip
        checkpoint.save(self.run, self.words, tensors, state)
        if not self.place[1]:
            self.run.save_weights("model", tensors)

    def tensors(self) -> dict[str, torch.Tensor]:
        return {
            "vectors": torch.from_numpy(np.ascontiguousarray(self.vectors.input)),
            "outputs": torch.from_numpy(np.ascontiguousarray(self.vectors.output)),
            "counts": torch.from_numpy(self.data.counts),
        }

    def restore(self, tensors: dict[str, torch.Tensor], state: dict[str, Any]) -> None:
        self.vectors = engine.Vectors(tensors["vectors"].numpy(), tensors["outputs"].numpy())
        self.place, self.words = (state["place"][0], state["place"][1]), state["words"]
        self.before, self.losses, self.last = (
            state["seconds"],
            [(loss, read) for loss, read in state["losses"]],
            state["last"],
        )

    def finish(self, world: World) -> None:
        """The last weights, TensorBoard's projector, and what there is to say about the training."""
        self.run.save_weights("model", self.tensors())
        self.run.save_weights("last", self.tensors())
        most = min(PROJECTED, len(self.data.words))
        write_projector(
            self.run.path, self.data.words[:most], self.vectors.input[:most], self.data.counts[:most].tolist()
        )
        self.run.trained(
            world, epochs=self.config.epochs, steps=self.words, seconds=self.seconds, examples=self.words,
            monitor="train_loss", best=self.last, best_epoch=self.config.epochs,
        )  # fmt: skip
