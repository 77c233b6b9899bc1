"""Recurrent layers: ours beside torch's and Keras's, and beside what the arithmetic alone would take, in one run.

    pip install -c constraints.txt -e ".[bench]"
    python benchmarks/recurrent.py --rounds 5
    python benchmarks/recurrent.py --rounds 3 --threads 1,2 --units 15,64 --steps 20,162 --contenders ours,torch

A batch of 32 sequences through one layer: forward, and forward with the gradients by all weights and the input ("train
step"; no optimizer). 15 units read 20 numbers a step, 64 read 64, 256 read 256. Lengths: "full", all sequences of T
steps; "real", those of 32 text messages of the spam detector, stretched so that the longest has T steps.

ours     `pellucid.nn.recurrent.Recurrent`, choosing by itself: real steps only
torch    nn.RNN, nn.LSTM, nn.GRU on the padded batch (the LSTM: oneDNN's fused kernel)
packed   the same on a PackedSequence, which leaves out the padding; where there is some
keras    SimpleRNN, LSTM, GRU on TensorFlow in a tf.function, on the padded batch, where TensorFlow is installed
floor    multiplications and additions of the matrix products for the real steps, at the highest rate that a large
         product reaches here in torch's or in our kernels

In turn, round after round; medians. CPU seconds of the process are taken with one thread: on a machine that others use,
too, they say more than the clock. With several threads, the clock. Each number of threads, the same for all contenders,
has a process and a table of its own (TensorFlow's cannot be changed later). What is timed can be picked: `--cells`,
`--units`, `--steps`, `--lengths`, `--contenders`.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np
import torch
from torch import nn

BATCH = 32
INPUTS = {15: 20}
GATES = {"rnn": 1, "lstm": 4, "gru": 3}
Step = Callable[[], object]


def lengths(kind: str, steps: int) -> np.ndarray:
    if kind == "full":
        return np.full(BATCH, steps)
    found = message_lengths()[:BATCH]
    return np.maximum(1, np.round(found * steps / found.max())).astype(int)


@cache
def message_lengths() -> np.ndarray:
    from pellucid.rooms.spam_detector.data import DataConfig, prepare, words

    texts = prepare(DataConfig()).parts["train"].texts
    return np.random.default_rng(0).permutation([max(1, len(words(text))) for text in texts])


# contenders: what trains and what only answers, each a function without arguments


def ours(cell: str, x: np.ndarray, real: np.ndarray, units: int) -> tuple[Step, Step]:
    from pellucid.nn.recurrent import Recurrent

    layer, many = Recurrent(x.shape[2], units, cell), torch.from_numpy(real)
    return of_torch(layer, x, units, lambda inputs: layer(inputs, many))


def torchs(cell: str, x: np.ndarray, real: np.ndarray, units: int) -> tuple[Step, Step]:
    layer = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](x.shape[2], units, batch_first=True)
    return of_torch(layer, x, units, lambda inputs: layer(inputs)[0])


def packed(cell: str, x: np.ndarray, real: np.ndarray, units: int) -> tuple[Step, Step] | None:
    if real.min() == real.max():
        return None
    layer = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](x.shape[2], units, batch_first=True)
    many = torch.from_numpy(real)

    def run(inputs: torch.Tensor) -> torch.Tensor:
        rows = nn.utils.rnn.pack_padded_sequence(inputs, many, batch_first=True, enforce_sorted=False)
        return nn.utils.rnn.pad_packed_sequence(layer(rows)[0], batch_first=True)[0]

    return of_torch(layer, x, units, run)


def of_torch(layer: nn.Module, x: np.ndarray, units: int, run: Callable) -> tuple[Step, Step]:
    inputs = torch.from_numpy(x).requires_grad_()
    weights = torch.randn(*x.shape[:2], units)

    def train() -> None:
        layer.zero_grad()
        inputs.grad = None
        run(inputs).backward(weights)

    @torch.no_grad()
    def answer() -> torch.Tensor:
        return run(inputs)

    return train, answer


def keras(cell: str, x: np.ndarray, real: np.ndarray, units: int) -> tuple[Step, Step]:
    import tensorflow as tf

    kinds = {"rnn": tf.keras.layers.SimpleRNN, "lstm": tf.keras.layers.LSTM, "gru": tf.keras.layers.GRU}
    layer = kinds[cell](units, return_sequences=True)
    inputs, weights = tf.constant(x), tf.random.normal((*x.shape[:2], units))

    @tf.function
    def train() -> object:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum(layer(inputs, training=True) * weights)
        return tape.gradient(loss, [inputs, *layer.trainable_variables])

    @tf.function
    def answer() -> object:
        return layer(inputs, training=False)

    return train, answer


CONTENDERS = {"ours": ours, "torch": torchs, "packed": packed, "keras": keras}


# time


def rate() -> float:
    """Multiplications and additions a second of the fastest large matrix product here."""
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    ways: list[Step] = [lambda: a @ b]
    if hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        ways.append(lambda: torch.ops.mkldnn._linear_pointwise(a, b, None, "none", [], ""))
    from pellucid.nn.recurrent.choice import compiler

    if compiler() and torch.get_num_threads() == 1:
        from pellucid.nn.recurrent.product import product_of_rows
        from pellucid.nn.recurrent.whole import to_gates

        x, out, rows = a.numpy(), np.zeros((1024, 1024), np.float32), np.arange(1024)
        by, zero = to_gates(x, (0,), 0, 1, 1024), np.zeros(1024, np.float32)
        ways.append(lambda: product_of_rows(out, 0, 0, by, zero, x, rows, 0, 1024))
    return max(2 * 1024**3 / min(measure(way)[torch.get_num_threads() == 1] for _ in range(7)) for way in ways)


def measure(step: Step) -> tuple[float, float]:
    """Seconds by the clock, and of CPU; short steps are repeated."""
    clock, cpu, times = time.perf_counter(), time.process_time(), 0
    while times < 1 or time.perf_counter() - clock < 0.01:
        step()
        times += 1
    return (time.perf_counter() - clock) / times, (time.process_time() - cpu) / times


def rows(arguments: argparse.Namespace) -> Iterator[tuple[str, dict[str, list[float]], float]]:
    best = rate()
    yield f"{best / 1e9:.0f} GFLOP/s", {}, 0.0
    for units in arguments.units:
        for steps in arguments.steps:
            for kind in arguments.lengths:
                for cell in arguments.cells:
                    real, inputs = lengths(kind, steps), INPUTS.get(units, units)
                    x = np.random.default_rng(1).standard_normal((BATCH, steps, inputs), dtype=np.float32)
                    made = {name: CONTENDERS[name](cell, x, real, units) for name in arguments.contenders}
                    work = 2 * int(real.sum()) * GATES[cell] * units * (inputs + units)
                    for i, mode in enumerate(("train step", "inference")):
                        todo = {name: pair[i] for name, pair in made.items() if pair}
                        found: dict[str, list[float]] = {name: [] for name in todo}
                        for step in todo.values():
                            step()  # compiled, traced, warm
                        for _ in range(arguments.rounds):
                            for name, step in todo.items():
                                clock, cpu = measure(step)
                                found[name].append(cpu if arguments.threads == 1 else clock)
                        name = f"{cell.upper()} | {units} | {steps} | {kind} | {mode}"
                        yield name, found, work * (1 if i else 3) / best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    whole = lambda text: [int(part) for part in text.split(",")]  # noqa: E731
    words = lambda text: text.split(",")  # noqa: E731
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=whole, default=[1], help="one table for each: 1,2")
    parser.add_argument("--cells", type=words, default=["rnn", "lstm", "gru"])
    parser.add_argument("--units", type=whole, default=[15, 64, 256])
    parser.add_argument("--steps", type=whole, default=[20, 162, 500])
    parser.add_argument("--lengths", type=words, default=["full", "real"])
    parser.add_argument("--contenders", type=words, default=list(CONTENDERS))
    arguments = parser.parse_args()
    if len(arguments.threads) > 1:
        for i, number in enumerate(arguments.threads):
            print(end="\n" if i else "", flush=True)
            subprocess.run([sys.executable, *sys.argv, "--threads", str(number)], check=True)
        return
    (arguments.threads,) = arguments.threads
    torch.set_num_threads(arguments.threads)
    if "keras" in arguments.contenders:
        try:
            import tensorflow as tf
        except ImportError:
            arguments.contenders.remove("keras")
        else:
            tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
            tf.config.threading.set_inter_op_parallelism_threads(1)
    others = [name for name in arguments.contenders if name != "ours"]
    title = f"{platform.machine()}, Python {platform.python_version()}, torch {torch.__version__}, "
    title += f"{arguments.threads} threads, {arguments.rounds} rounds"
    for name, found, floor in rows(arguments):
        if not found:
            what = "CPU" if arguments.threads == 1 else "by the clock"
            print(f"{title}; the floor is taken at {name}; ms {what}\n")
            columns = ["floor", *arguments.contenders, *(f"{other} / ours" for other in others)]
            print("| cell | units | steps | lengths | | " + " | ".join(columns) + " |")
            print("|---|--:|--:|---|---|" + "--:|" * len(columns), flush=True)
            continue
        ms = [f"{1000 * statistics.median(found[each]):.2f}" if each in found else "–" for each in arguments.contenders]
        ratios = [
            f"{statistics.median(a / b for a, b in zip(found[other], found['ours'], strict=True)):.2f}"
            if other in found and "ours" in found
            else "–"
            for other in others
        ]
        print(f"| {name} | {1000 * floor:.2f} | " + " | ".join([*ms, *ratios]) + " |", flush=True)


if __name__ == "__main__":
    main()
