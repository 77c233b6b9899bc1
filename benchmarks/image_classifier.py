"""Image classifier: ours beside Keras on TensorFlow and a plain PyTorch loop over a DataLoader, in one run.

    pip install -c constraints.txt -e ".[bench]"
    python benchmarks/image_classifier.py --rounds 3

The same network, optimizer (Adam, step size 0.001), batch size (64), epochs and pictures for all: the room's built-in
sample of MNIST, or `--data mnist`; no augmentation. "Own steps" is ours with the step sizes that the room trains with
by default (0.003, falling to 0; weight decay 0.01), the rest as for all. Each contender trains in a process of its own,
in turn, round after round, so that a machine that slows down slows all of them; ratios are taken within a round.

What is timed: ours, everything that `core.fit` does (validation, checkpoints, TensorBoard and all); the others, their
training epochs only. Not timed: imports, reading, and the scoring that finds the epoch that reached an accuracy. CPU
seconds are those of all threads of the process: on a busy machine they say more than the clock. Accuracy is that of the
test part. Pictures/s: answers from ready numbers, 500 at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

BATCH, RATE = 64, 0.001
CONTENDERS = ("ours", "own steps", "keras", "torch")
TARGETS = {"built-in": {"mlp": 0.92, "cnn": 0.96}, "mnist": {"mlp": 0.97, "cnn": 0.985}}

Arrays = dict[str, tuple[np.ndarray, np.ndarray]]
Moment = tuple[float, float]  # by the clock, of the CPU


def prepared(data: str) -> tuple[Arrays, Any, Any]:
    """Normalised pixels [N, 1, 28, 28] and targets of each part, the data set and its codec."""
    from pellucid.rooms.image_classifier.data import DataConfig, learn_codec, prepare

    found = prepare(DataConfig(data=data))
    codec = learn_codec(DataConfig(data=data), found)
    parts = {
        name: (codec.normalise(np.moveaxis(part.pixels, -1, 1)), part.targets) for name, part in found.parts.items()
    }
    return parts, found, codec


def now() -> Moment:
    return time.perf_counter(), time.process_time()


def since(start: Moment) -> Moment:
    end = now()
    return end[0] - start[0], end[1] - start[1]


# contenders: each gives (clock, CPU) seconds and test accuracy of every epoch, and a function from pixels to answers

Result = tuple[list[Moment], list[float], Callable[[np.ndarray], np.ndarray]]


def ours(kind: str, data: str, epochs: int, seed: int, threads: int, own: bool = False) -> Result:
    import torch
    import torch._dynamo  # not timed: imports (torch.optim loads it for whoever makes an optimizer)
    import torch.utils.tensorboard

    from pellucid.core.fit import fit
    from pellucid.core.metrics import class_scores
    from pellucid.core.run import Run
    from pellucid.core.world import join
    from pellucid.rooms.image_classifier import system as room

    torch.set_num_threads(threads)
    _, found, codec = prepared(data)
    same = {"learning_rate": RATE, "schedule": "constant", "weight_decay": 0.0}
    config = room.Config(model=kind, seed=seed, epochs=epochs, batch_size=BATCH, shift=0, **({} if own else same))
    torch.manual_seed(seed)
    model = room.build(config, codec.channels, codec.size, len(codec.labels))
    validation, test = found.parts["validation"], found.parts["test"]
    seconds, scores = [], []

    def validate(model: Any) -> dict[str, float]:
        nonlocal start
        judged = class_scores(validation.targets, room.probabilities(model, codec, validation), codec.labels)
        return {"accuracy": judged["accuracy"]}

    def score(model: Any, *_: Any) -> None:
        nonlocal start  # after all that belongs to the epoch but its checkpoint, which counts to the next one
        seconds.append(since(start))
        answers = room.probabilities(model, codec, test).argmax(axis=1)
        scores.append(float((answers == test.targets).mean()))
        start = now()

    with tempfile.TemporaryDirectory() as folder, join("cpu", threads) as world:
        run = Run.create(Path(folder), "benchmark", config.model_dump())
        batches = room.make_batches(found.parts["train"], codec, config, world.device)
        start = now()
        fit(
            model, batches, room.make_loss(config, codec), validate, config, run, world,
            monitor="accuracy", illustrate=score,
        )  # fmt: skip
        last = since(start)
    seconds[-1] = seconds[-1][0] + last[0], seconds[-1][1] + last[1]

    def answer(pixels: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return model(torch.from_numpy(pixels)).numpy()

    return seconds, scores, answer


def keras(kind: str, data: str, epochs: int, seed: int, threads: int) -> Result:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras as k
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    k.utils.set_random_seed(seed)
    parts, _, _ = prepared(data)
    pixels = {name: np.ascontiguousarray(np.moveaxis(part[0], 1, -1)) for name, part in parts.items()}
    layers = k.layers
    if kind == "mlp":
        inside = [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.2)]
    else:
        block = [layers.Conv2D(16, 3, padding="same", activation="relu") for _ in range(4)]
        inside = [*block[:2], layers.MaxPooling2D(), *block[2:], layers.MaxPooling2D(), layers.Flatten()]
        inside += [layers.Dropout(0.2)]
    model = k.Sequential([k.Input((28, 28, 1)), *inside, layers.Dense(10)])
    loss = k.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=k.optimizers.Adam(RATE), loss=loss, metrics=["accuracy"])
    seconds, scores = [], []
    for _ in range(epochs):
        start = now()
        model.fit(pixels["train"], parts["train"][1], batch_size=BATCH, verbose=0)
        seconds.append(since(start))
        answers = model.predict(pixels["test"], verbose=0, batch_size=500).argmax(axis=1)
        scores.append(float((answers == parts["test"][1]).mean()))
    return seconds, scores, lambda given: model.predict(np.moveaxis(given, 1, -1), verbose=0, batch_size=500)


def torch_loop(kind: str, data: str, epochs: int, seed: int, threads: int) -> Result:
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    parts, _, _ = prepared(data)
    tensors = {name: tuple(map(torch.from_numpy, part)) for name, part in parts.items()}
    if kind == "mlp":
        inside = [nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10)]
    else:
        inside = []
        for inputs in (1, 16):
            inside += [nn.Conv2d(inputs, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1), nn.ReLU()]
            inside.append(nn.MaxPool2d(2))
        inside += [nn.Flatten(), nn.Dropout(0.2), nn.Linear(784, 10)]
    model, loss = nn.Sequential(*inside), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    loader = DataLoader(TensorDataset(*tensors["train"]), batch_size=BATCH, shuffle=True)

    @torch.inference_mode()
    def answer(pixels: np.ndarray) -> np.ndarray:
        model.eval()
        return torch.cat([torch.softmax(model(part), 1) for part in torch.from_numpy(pixels).split(500)]).numpy()

    seconds, scores = [], []
    for _ in range(epochs):
        model.train()
        start = now()
        for pixels, targets in loader:
            optimizer.zero_grad()
            loss(model(pixels), targets).backward()
            optimizer.step()
        seconds.append(since(start))
        scores.append(float((answer(parts["test"][0]).argmax(axis=1) == parts["test"][1]).mean()))
    return seconds, scores, answer


def one(name: str, kind: str, data: str, epochs: int, seed: int, threads: int) -> dict[str, float | None]:
    """One contender, trained and timed in this process."""
    train = {"ours": ours, "own steps": partial(ours, own=True), "keras": keras, "torch": torch_loop}[name]
    seconds, scores, answer = train(kind, data, epochs, seed, threads)
    target = TARGETS[data][kind]
    reached = next((i for i, score in enumerate(scores, 1) if score >= target), None)
    clock, cpu = zip(*seconds, strict=True)
    pixels = prepared(data)[0]["test"][0]
    answer(pixels[:500])  # warm
    start = now()
    for first in range(0, len(pixels), 500):
        answer(pixels[first : first + 500])
    spent = since(start)
    rest = slice(1, None) if epochs > 1 else slice(None)  # the first epoch compiles and allocates
    return {
        "s an epoch": statistics.median(clock[rest]),
        "CPU s an epoch": statistics.median(cpu[rest]),
        f"s to {target:.1%}": sum(clock[:reached]) if reached else None,
        f"CPU s to {target:.1%}": sum(cpu[:reached]) if reached else None,
        "best accuracy": max(scores),
        "pictures/s": len(pixels) / spent[0],
        "pictures/CPU s": len(pixels) / spent[1],
    }


# the table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", choices=list(TARGETS), default="built-in")
    parser.add_argument("--one", nargs=3, metavar=("CONTENDER", "MODEL", "SEED"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        name, kind, seed = given.one
        print(json.dumps(one(name, kind, given.data, given.epochs, int(seed), given.threads)))
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", end=", ")
    print(f"{given.data}, {given.threads} threads each, {given.epochs} epochs, {given.rounds} rounds")
    for kind in TARGETS[given.data]:
        found: dict[str, list[dict[str, float | None]]] = {name: [] for name in CONTENDERS}
        for seed in range(given.rounds):
            for name in CONTENDERS:
                command = [sys.executable, __file__, "--one", name, kind, str(seed), "--data", given.data]
                command += ["--epochs", str(given.epochs), "--threads", str(given.threads)]
                environment = os.environ | {"OMP_NUM_THREADS": str(given.threads)}
                done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
                found[name].append(json.loads(done.stdout.splitlines()[-1]))
                print(kind, seed, name, found[name][-1], file=sys.stderr, flush=True)
        table(kind, found)


def table(kind: str, found: dict[str, list[dict[str, float | None]]]) -> None:
    ratios = [(mine, other) for mine in CONTENDERS[:2] for other in CONTENDERS[2:]]
    print(f"\n| {kind} | " + " | ".join(CONTENDERS) + " | " + " | ".join(map(" / ".join, ratios)) + " |")
    print("|---|" + "--:|" * (len(CONTENDERS) + len(ratios)))
    for figure in found["ours"][0]:
        cells = [spread([row[figure] for row in found[name]]) for name in CONTENDERS]
        for mine, other in ratios:
            pairs = [(a[figure], b[figure]) for a, b in zip(found[mine], found[other], strict=True)]
            cells.append(spread([a / b for a, b in pairs if a and b]))
        print(f"| {figure} | " + " | ".join(cells) + " |")


def spread(values: list[float | None]) -> str:
    """median (lowest to highest); how many did not get there."""
    there = [value for value in values if value is not None]
    missed = f", {len(values) - len(there)} of {len(values)} never" if len(there) < len(values) else ""
    if not there:
        return f"never (of {len(values)})" if values else "–"
    digits = 0 if statistics.median(there) >= 100 else 3 if statistics.median(there) < 2 else 2
    low, middle, high = (f"{v:,.{digits}f}" for v in (min(there), statistics.median(there), max(there)))
    return f"{middle} ({low} to {high}){missed}"


if __name__ == "__main__":
    main()
