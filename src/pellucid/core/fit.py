"""The training loop of every plain supervised room: one step, one epoch, one run, read top to bottom.

It is deterministic on the CPU: a run killed at any moment and resumed ends with the same weights, bit for bit. All
it takes for that is in the checkpoint (weights, optimizer, random state, place in the epoch); the order of batches
follows from (seed, epoch) alone.
"""

from __future__ import annotations

import contextlib
import math
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

import numpy as np
import torch
from torch import nn

from pellucid.core import checkpoint
from pellucid.core.batches import Batches
from pellucid.core.board import Board
from pellucid.core.config import FitConfig
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.progress import Progress
from pellucid.core.run import Run
from pellucid.core.world import World

Tensors = dict[str, torch.Tensor]
M = TypeVar("M", bound=nn.Module)


@dataclass
class Place:
    """Where training stands; with the tensors, all that a checkpoint holds."""

    epoch: int = 0
    batch: int = 0
    """Batches of this epoch already done."""
    step: int = 0
    loss: float = 0.0
    """Sum of the batches' losses in this epoch so far."""
    best_merit: float = float("-inf")
    best_epoch: int = -1
    seconds: float = 0.0
    """Spent training, over all attempts."""
    examples: int = 0
    scores: dict[str, float] = field(default_factory=dict)


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

    Raises Interrupted after Ctrl-C, once all is saved.
    """
    device = world.device
    model.to(device)
    world.share_weights(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    torch.manual_seed(config.seed + 1_000_003 * world.rank)  # dropout differs between processes
    place, best = _restore(run, model, optimizer) or (Place(), _weights(model))
    autocast = torch.autocast(device.type, torch.bfloat16, enabled=config.precision == "bfloat16")
    stopwatch = _Stopwatch(place.seconds)

    def save() -> None:
        place.seconds = stopwatch.seconds
        if world.main:
            tensors = {f"model.{k}": v for k, v in model.state_dict().items()}
            tensors |= {f"best.{k}": v for k, v in best.items()} | checkpoint.pack_optimizer(optimizer)
            checkpoint.save(run, place.step, tensors | _random_state(device), asdict(place))

    with contextlib.ExitStack() as stack:
        stop = stack.enter_context(_asked_to_stop())
        bar = stack.enter_context(Progress(config.epochs, len(batches), quiet=not world.main))
        board = Board(run, purge=place.step + 1 if place.step else None) if world.main else None
        if board:
            stack.callback(board.close)
            if not place.step:
                model.eval()
                board.graph(model, _example(batches, device))

        asked = False
        while place.epoch < config.epochs:
            model.train()
            order = batches.epoch(place.epoch)
            running = torch.tensor(place.loss, dtype=torch.float64)
            for indices in order[place.batch :]:
                share = indices[world.rank :: world.size]
                optimizer.zero_grad(set_to_none=True)
                value = torch.zeros((), device=device)
                if len(share):
                    tensors = {k: torch.from_numpy(v).to(device) for k, v in batches.collate(share).items()}
                    with autocast:
                        value = loss(model, tensors) * (len(share) / len(indices))
                    value.backward()
                world.sum_gradients(model)
                if config.clip_norm:
                    nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
                _set_learning_rate(optimizer, config, place.step / (config.epochs * len(order)))
                optimizer.step()

                running += world.mean(value.detach()).to("cpu", torch.float64)
                place.batch, place.step, place.examples = place.batch + 1, place.step + 1, place.examples + len(indices)
                place.loss = running.item()
                bar.step(place.epoch, place.batch, place.loss / place.batch)
                if not np.isfinite(place.loss):
                    raise UserError(
                        f"the loss became {place.loss} at step {place.step} (epoch {place.epoch + 1}): "
                        f"lower learning_rate ({config.learning_rate}) or set clip_norm"
                    )
                asked = world.any(stop()) if world.size > 1 else stop()
                if asked and place.batch < len(order):
                    save()
                    raise Interrupted(f"stopped after step {place.step}")
                if stopwatch.since_save() > config.checkpoint_seconds and world.main:
                    save()
                    stopwatch.saved()

            model.eval()
            scores = world.agree(validate(model) if world.main else {})
            scores = {"train_loss": place.loss / len(order), **scores}
            merit = -scores[monitor] if lowest else scores[monitor]
            if merit > place.best_merit:
                place.best_merit, place.best_epoch, best = merit, place.epoch, _weights(model)
                if world.main:
                    run.save_weights("model", best)
            place.scores = scores
            if board:
                run.log(place.step, kind="epoch", epoch=place.epoch + 1, seconds=round(stopwatch.seconds, 3), **scores)
                board.scalars(place.step, scores)
                board.weights(place.step, model)
                if illustrate:
                    illustrate(model, board, place.step)
            bar.epoch(place.epoch, scores, best=place.best_epoch == place.epoch)
            place.epoch, place.batch, place.loss = place.epoch + 1, 0, 0.0
            save()
            stopwatch.saved()
            if asked and place.epoch < config.epochs:
                raise Interrupted(f"stopped after epoch {place.epoch}")
            if config.patience and place.epoch - 1 - place.best_epoch >= config.patience:
                bar.say(f"no better {monitor} for {config.patience} epochs: stopping early")
                break

    place.seconds = stopwatch.seconds
    if world.main:
        run.save_weights("last", model.state_dict())
        run.update(
            training={
                "epochs": place.epoch,
                "steps": place.step,
                "seconds": round(place.seconds, 3),
                "examples_per_second": round(place.examples / place.seconds, 1),
                "best_epoch": place.best_epoch + 1,
                "monitor": monitor,
                "best": -place.best_merit if lowest else place.best_merit,
                "device": str(device),
                "processes": world.size,
                "threads": torch.get_num_threads(),
            }
        )
    model.load_state_dict(best)
    model.eval()


# parts


def _set_learning_rate(optimizer: torch.optim.Optimizer, config: FitConfig, done: float) -> None:
    """done: the share of all steps that lies behind. Cosine: late steps are small (Loshchilov & Hutter 2017)."""
    share = (1 + math.cos(math.pi * done)) / 2 if config.schedule == "cosine" else 1.0
    for group in optimizer.param_groups:
        group["lr"] = config.learning_rate * share


def _weights(model: nn.Module) -> Tensors:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def _restore(run: Run, model: nn.Module, optimizer: torch.optim.Optimizer) -> tuple[Place, Tensors] | None:
    """Put model, optimizer and random state back; None where there is nothing to go on from."""
    found = checkpoint.load(run)
    if found is None:
        return None
    tensors, state = found
    device = next(model.parameters()).device

    def part(prefix: str) -> Tensors:
        return {k.removeprefix(prefix): v.to(device) for k, v in tensors.items() if k.startswith(prefix)}

    model.load_state_dict(part("model."))
    checkpoint.unpack_optimizer(optimizer, tensors)
    torch.set_rng_state(tensors["random.cpu"])
    if "random.cuda" in tensors and device.type == "cuda":
        torch.cuda.set_rng_state(tensors["random.cuda"], device)
    names = Place.__dataclass_fields__
    return Place(**{k: v for k, v in state.items() if k in names}), part("best.")


def _random_state(device: torch.device) -> Tensors:
    cuda = {"random.cuda": torch.cuda.get_rng_state(device)} if device.type == "cuda" else {}
    return {"random.cpu": torch.get_rng_state(), **cuda}


def _example(batches: Batches, device: torch.device) -> tuple[torch.Tensor, ...]:
    """The module's inputs from the first example, for the graph."""
    arrays = batches.collate(np.zeros(1, dtype=np.int64))
    return tuple(torch.from_numpy(value).to(device) for name, value in arrays.items() if name != "targets")


class _Stopwatch:
    def __init__(self, before: float):
        self._start = time.perf_counter() - before
        self._saved = time.perf_counter()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._start

    def since_save(self) -> float:
        return time.perf_counter() - self._saved

    def saved(self) -> None:
        self._saved = time.perf_counter()


@contextlib.contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """A function that tells whether Ctrl-C (or a polite kill) came. A second one interrupts at once."""
    asked: list[Any] = []

    def remember(number: int, _frame: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    try:
        before = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # not the main thread: somebody else handles signals there
        before = {}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
