"""A tiny world with a known answer, to train in a blink: y = [x0 + x1 > 0], two layers, some dropout. The first is a
convolution over one pixel and its border, because training lays its weights out in another order.

Run as a script it trains in the folder given, and kills itself (SIGKILL, no clean-up) at the chosen moment:

    python small.py RUN step 17         after the 17th optimizer step
    python small.py RUN write 5         in the middle of the 5th file that is written
    python small.py RUN rename 3        just before the 3rd rename
    torchrun small.py FOLDER together   no killing: a new run there, without dropout, by all processes; their weights
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from pellucid.core.batches import Batches
from pellucid.core.config import FitConfig
from pellucid.core.fit import fit
from pellucid.core.run import Run
from pellucid.core.world import World, join

FIELDS = {"epochs": 4, "batch_size": 8, "learning_rate": 0.05, "threads": 1, "checkpoint_seconds": 0.0, "seed": 5}


def data() -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(0).normal(size=(60, 2)).astype(np.float32)
    return x, (x.sum(axis=1) > 0).astype(np.float32)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Conv2d(2, 4, 3, padding=1)
        self.dropout = nn.Dropout(0.3)  # so that the random state matters
        self.out = nn.Linear(4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = torch.tanh(self.hidden(x[:, :, None, None])).flatten(1)
        return self.out(self.dropout(hidden)).squeeze(-1)


def train(run: Run, world: World, **fields) -> nn.Module:
    config = FitConfig.build(FIELDS | fields)
    x, y = data()
    torch.manual_seed(config.seed)
    model = Small()
    batches = Batches(
        np.ones(len(x), dtype=int), config.batch_size, config.seed, lambda i: {"x": x[i], "targets": y[i]}
    )

    def loss(model: nn.Module, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        return F.binary_cross_entropy_with_logits(model(batch["x"]), batch["targets"])

    def validate(model: nn.Module) -> dict[str, float]:
        with torch.no_grad():
            guess = model(torch.from_numpy(x).to(world.device)).cpu().numpy()
        return {"accuracy": float(((guess > 0) == y).mean())}

    fit(model, batches, loss, validate, config, run, world, monitor="accuracy")
    return model


def create(folder: Path, **fields) -> Run:
    return Run.create(folder, "small", FIELDS | fields)


def train_in_this_process(run: Run, **fields) -> nn.Module:
    with join("cpu", 1) as world:
        return train(run, world, **fields)


def kill_at(moment: str, count: int) -> None:
    """Die at the count-th optimizer step, file write or rename, as if the machine had lost power."""
    left = [count]

    def due() -> bool:
        left[0] -= 1
        return left[0] == 0

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if moment == "step":
        step = torch.optim.AdamW.step

        def stepped(self, *args, **kwargs):
            result = step(self, *args, **kwargs)
            return die() if due() else result

        torch.optim.AdamW.step = stepped
    elif moment == "write":
        fsync = os.fsync

        def half(descriptor):
            if due():
                os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
                die()
            fsync(descriptor)

        os.fsync = half
    else:
        rename, replace = Path.rename, Path.replace
        Path.rename = lambda self, to: die() if due() else rename(self, to)
        Path.replace = lambda self, to: die() if due() else replace(self, to)


def train_together(folder: Path) -> None:
    nn.Dropout.forward = lambda self, x: x  # each process draws its own: only without it are one and two alike
    with join("cpu", 1) as world:
        run = Run(world.agree(create(folder).path if world.main else folder))
        model = train(run, world)
        torch.save(model.state_dict(), folder / f"rank{world.rank}.pt")


if __name__ == "__main__":
    where, what = Path(sys.argv[1]), sys.argv[2]
    if what == "together":
        train_together(where)
    else:
        kill_at(what, int(sys.argv[3]))
        train_in_this_process(Run.open(where))
