"""The training loop of every plain supervised room: one step, one epoch, one run, read top to bottom.

It is deterministic on the CPU: a run killed at any moment and resumed ends with the same weights, bit for bit. The
order of batches follows from (seed, epoch) alone, dropout and all other chance from (seed, step, process) alone; what
is left to keep (weights, optimizer, place) is in the checkpoint.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import nn

from pellucid.core import checkpoint
from pellucid.core.batches import Batches, Indices, Tensors
from pellucid.core.board import Board
from pellucid.core.config import FitConfig
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.progress import Progress
from pellucid.core.pulse import Pulse
from pellucid.core.run import Run
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World

M = TypeVar("M", bound=nn.Module)

_PULSE = 0.1  # seconds between two looks at the loss: each makes a GPU wait


def fit(
    model: M,
    batches: Batches,
    loss: Callable[[M, Tensors], torch.Tensor],
    validate: Callable[[M], dict[str, float]],
    config: FitConfig,
    run: Run,
    world: World,
    *,
    monitor: str,
    lowest: bool = False,
    illustrate: Callable[[M, Board, int], None] | None = None,
) -> None:
    """Train `model` and leave its best weights in it and in the run folder.

    loss: the mean over a batch's examples.
    validate: scores of the model in evaluation mode.
    monitor: the score whose highest (or lowest) value marks the best weights, which are kept.
    illustrate: whatever else the room shows on TensorBoard, after each epoch.

    Raises Interrupted after Ctrl-C or `Run.ask_to_stop`, once all is saved.
    """
    training = _Training(model, loss, config, run, world)
    place = training.place
    with contextlib.ExitStack() as stack:
        stop = stack.enter_context(asked_to_stop(run, world))
        bar = stack.enter_context(Progress(config.epochs, len(batches), quiet=not world.main))
        board = Board(run, purge=place.step + 1 if place.step else None) if world.main else None
        if board:
            stack.callback(board.close)
            if not place.step:
                model.eval()
                board.graph(model, batches.example(world.device))

        training.start_clock()
        while place.epoch < config.epochs and not training.out_of_patience:
            model.train()
            order = batches.epoch(place.epoch)
            for indices in order[place.batch :]:
                training.step(indices, batches, share_done=place.step / (config.epochs * len(order)))
                if training.pulse_due:
                    mean = training.mean_loss()
                    bar.step(place.epoch, place.batch, mean)
                    if board:
                        training.log_pulse(mean, len(order))
                if world.any(stop()) and place.batch < len(order):
                    training.save()
                    raise Interrupted(f"stopped after step {place.step}")
                if training.save_due:
                    training.save()

            model.eval()
            scores = world.agree({"train_loss": training.mean_loss(), **validate(model)} if world.main else {})
            best = training.judge(-scores[monitor] if lowest else scores[monitor])
            if board:
                training.log("epoch", **scores)
                board.scalars(place.step, scores)
                board.weights(place.step, model)
                if illustrate:
                    illustrate(model, board, place.step)
            bar.epoch(place.epoch, scores, best=best)
            training.next_epoch()
            training.save()
            if world.any(stop()) and place.epoch < config.epochs:
                raise Interrupted(f"stopped after epoch {place.epoch}")
        if training.out_of_patience:
            bar.say(f"no better {monitor} for {config.patience} epochs: stopped early")
    training.finish(monitor, lowest)


@dataclass
class Place:
    """Where training stands; with the tensors, all that a checkpoint holds."""

    epoch: int = 0
    batch: int = 0
    """Batches of this epoch already done."""
    step: int = 0
    loss: float = 0.0
    """Sum of the batches' losses in this epoch so far."""
    best_merit: float | None = None
    best_epoch: int = -1
    seconds: float = 0.0
    """Spent training, over all attempts."""
    examples: int = 0


class _Training(Generic[M]):
    """The state of one run: model, optimizer, place, best weights, clock; new or restored from the checkpoint."""

    def __init__(self, model: M, loss: Callable[[M, Tensors], torch.Tensor], config: FitConfig, run: Run, world: World):
        self.model, self.loss, self.config, self.run, self.world = model, loss, config, run, world
        device = world.device
        model.to(device)
        world.share_weights(model)
        if device.type == "cpu" or (device.type == "cuda" and config.precision == "bfloat16"):
            # convolutions then read and write their tensors as they are, instead of rearranging them each time; what
            # has no convolution stays as it is
            model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = torch.optim.AdamW(
            model.parameters(),
            lr=config.learning_rate,
            weight_decay=config.weight_decay,
            fused=device.type in ("cpu", "cuda"),  # one kernel instead of a dozen small ones a step
        )
        self.place, self.best = Place(), _weights(model)
        if found := checkpoint.load(run):
            self._restore(*found)
        exact = torch.float32 if device.type == "mps" else torch.float64
        self.running = torch.tensor(self.place.loss, dtype=exact, device=device)
        self.autocast = torch.autocast(device.type, torch.bfloat16, enabled=config.precision == "bfloat16")
        self.start_clock()

    def step(self, indices: Indices, batches: Batches, share_done: float) -> None:
        """One optimizer step on a batch, of which this process computes its share."""
        config, world, place = self.config, self.world, self.place
        _reseed(world.device, config.seed, place.step, world.rank)
        share = indices[world.rank :: world.size]
        self.optimizer.zero_grad(set_to_none=True)
        value = torch.zeros((), device=world.device)
        if len(share):
            tensors = batches.tensors(share, world.device)
            with self.autocast:
                value = self.loss(self.model, tensors) * (len(share) / len(indices))
            value.backward()
        world.sum_gradients(self.model)
        if config.clip_norm:
            nn.utils.clip_grad_norm_(self.model.parameters(), config.clip_norm)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(config, share_done)
        self.optimizer.step()
        self.running += world.total(value.detach())
        place.batch, place.step, place.examples = place.batch + 1, place.step + 1, place.examples + len(indices)

    def mean_loss(self) -> float:
        """Of this epoch so far. UserError where it is no number any more."""
        self._looked = time.perf_counter()
        place, config = self.place, self.config
        place.loss = self.running.item()
        if not math.isfinite(place.loss):
            raise UserError(
                f"the loss became {place.loss} by step {place.step} (epoch {place.epoch + 1}): "
                f"lower learning_rate ({config.learning_rate}) or set clip_norm"
            )
        return place.loss / max(place.batch, 1)

    def judge(self, merit: float) -> bool:
        """Keep these weights if they are the best so far."""
        if not math.isfinite(merit):
            raise UserError(f"the monitored score became {merit} in epoch {self.place.epoch + 1}: lower learning_rate")
        if self.place.best_merit is not None and merit <= self.place.best_merit:
            return False
        self.place.best_merit, self.place.best_epoch, self.best = merit, self.place.epoch, _weights(self.model)
        if self.world.main:
            self.run.save_weights("model", self.best)
        return True

    def next_epoch(self) -> None:
        self.place.epoch, self.place.batch, self.place.loss = self.place.epoch + 1, 0, 0.0
        self.running.zero_()

    @property
    def out_of_patience(self) -> bool:
        patience, place = self.config.patience, self.place
        return bool(patience and place.batch == 0 and place.epoch - 1 - place.best_epoch >= patience)

    def finish(self, monitor: str, lowest: bool) -> None:
        """Write the last weights and what there is to say about the training; the model gets the best weights."""
        place = self.place
        merit = place.best_merit or 0.0
        if self.world.main:
            self.run.save_weights("last", self.model.state_dict())
            self.run.trained(
                self.world, epochs=place.epoch, steps=place.step, seconds=self.seconds, examples=place.examples,
                monitor=monitor, best=-merit if lowest else merit, best_epoch=place.best_epoch + 1,
            )  # fmt: skip
        self.model.load_state_dict(self.best)
        self.model.eval()

    # the checkpoint

    def save(self) -> None:
        self._saved = time.perf_counter()
        self.place.seconds, self.place.loss = self.seconds, self.running.item()
        if self.world.main:
            tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
            tensors |= {f"best.{k}": v for k, v in self.best.items()}
            tensors |= checkpoint.pack_optimizer(self.optimizer)
            checkpoint.save(self.run, self.place.step, tensors, asdict(self.place))

    def _restore(self, tensors: Tensors, state: dict[str, Any]) -> None:
        def part(prefix: str) -> Tensors:
            return {k.removeprefix(prefix): v.to(self.world.device) for k, v in tensors.items() if k.startswith(prefix)}

        self.model.load_state_dict(part("model."))
        self.best = part("best.")
        checkpoint.unpack_optimizer(self.optimizer, tensors)
        self.place = Place(**{name: state[name] for name in Place.__dataclass_fields__})

    # the clock

    def start_clock(self) -> None:
        self._start = time.perf_counter() - self.place.seconds
        self._saved = self._looked = time.perf_counter()
        self._pulse = Pulse(self.place.seconds)

    @property
    def seconds(self) -> float:
        """Spent training, over all attempts."""
        return time.perf_counter() - self._start

    @property
    def save_due(self) -> bool:
        return time.perf_counter() - self._saved > self.config.checkpoint_seconds

    @property
    def pulse_due(self) -> bool:
        return time.perf_counter() - self._looked > _PULSE

    # what is told

    def log(self, kind: str, **values: Any) -> None:
        """A line of `metrics.jsonl` that says where training stands."""
        place, seconds = self.place, round(self.seconds, 3)
        where = {"epoch": place.epoch + 1, "epochs": self.config.epochs, "seconds": seconds}
        self.run.log(place.step, kind=kind, **where, **values)

    def log_pulse(self, loss: float, batches: int) -> None:
        """A line inside an epoch, now and then."""
        place, seconds = self.place, self.seconds
        if not self._pulse.due(seconds):
            return
        self.log(
            "pulse",
            batch=place.batch,
            batches=batches,
            loss=loss,
            learning_rate=self.optimizer.param_groups[0]["lr"],
            examples_per_second=round(place.examples / seconds, 1),
        )


def learning_rate(config: FitConfig, done: float) -> float:
    """The step size when that share of all steps is done. Cosine: late steps are small (Loshchilov & Hutter 2017)."""
    return config.learning_rate * ((1 + math.cos(math.pi * done)) / 2 if config.schedule == "cosine" else 1.0)


def _reseed(device: torch.device, *parts: int) -> None:
    """All chance of the next step follows from these numbers. (torch.manual_seed would queue a stack trace for a GPU
    that is not there, at every step.)"""
    seed = int(np.random.SeedSequence(parts).generate_state(1, np.uint32)[0])
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)
    elif device.type == "mps":
        torch.mps.manual_seed(seed)


def _weights(model: nn.Module) -> Tensors:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}
