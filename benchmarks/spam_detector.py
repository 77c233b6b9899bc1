"""Spam detector: ours beside the usual Keras tutorial and a plain padded PyTorch loop, in one run.

    pip install -c constraints.txt -e ".[bench]"
    python benchmarks/spam_detector.py --rounds 5

Each contender trains in a process of its own, in turn, round after round, so that a machine that slows down slows all
of them; ratios are taken within a round. Two splits of the built-in messages:

clean   the room's own: repeated messages removed, then 70 / 10 / 20 %
random  the tutorials': all 5,574 messages, shuffled with the round's seed, two thirds to train

What is timed: ours, everything that `core.fit` does (validation, checkpoints, TensorBoard and all); the others, their
training epochs only. Not timed: imports, reading, tokenising, and the scoring that finds the epoch that reached an F1.
F1 is that of the test part at threshold 0.5 after each epoch. Messages/s: ours from the text, the others from ready
word ids of fixed length.
"""

from __future__ import annotations

import argparse
import http.client
import json
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

EPOCHS, BATCH, D, M = 10, 32, 20, 15
CONTENDERS = ("ours", "keras", "torch")
F1_TARGETS = {"clean": 0.90, "random": 0.95}


# data


def split(kind: str, seed: int) -> dict[str, tuple[list[str], np.ndarray]]:
    from pellucid.rooms.spam_detector.data import DataConfig, prepare, read_all

    if kind == "clean":
        parts = prepare(DataConfig()).parts
        return {name: (parts[name].texts, parts[name].targets) for name in ("train", "test")}
    _, rows, _ = read_all(DataConfig())
    random.Random(seed).shuffle(rows)
    cut = len(rows) * 2 // 3
    both = {"train": rows[:cut], "test": rows[cut:]}
    return {
        name: ([row.values["text"] for row in part], np.array([row.values["label"] == "spam" for row in part]))
        for name, part in both.items()
    }


def tutorial_ids(parts: dict[str, tuple[list[str], np.ndarray]]) -> tuple[dict[str, np.ndarray], int]:
    """The Keras tokenizer's way: lower case, punctuation out, most frequent first, padded in front to the longest."""

    def words(text: str) -> list[str]:
        return re.sub(r"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~\t\n]", " ", text.lower()).split()

    counts = Counter(word for text in parts["train"][0] for word in words(text))
    index = {word: i for i, (word, _) in enumerate(counts.most_common(), start=1)}
    rows = {name: [[index[w] for w in words(t) if w in index] for t in texts] for name, (texts, _) in parts.items()}
    longest = max(map(len, rows["train"]))
    out = {}
    for name, part in rows.items():
        out[name] = np.zeros((len(part), longest), dtype=np.int64)
        for i, row in enumerate(part):
            row = row[-longest:]
            out[name][i, longest - len(row) :] = row
    return out, len(index)


def f1(targets: np.ndarray, probabilities: np.ndarray) -> float:
    from pellucid.core.metrics import binary_scores

    return binary_scores(targets, probabilities.reshape(-1))["f1"]


# contenders: each yields (seconds of the epoch, test F1 after it), then a function that predicts texts


def ours(parts, seed):
    import torch

    from pellucid.core.fit import fit
    from pellucid.core.run import Run
    from pellucid.core.world import join
    from pellucid.rooms.spam_detector import system as room
    from pellucid.rooms.spam_detector.data import Dataset, Messages

    config = room.Config(seed=seed, epochs=EPOCHS)
    data = Dataset({name: Messages(*part) for name, part in parts.items()}, ("ham", "spam"), {})
    codec = room.learn_codec(config, data)
    torch.manual_seed(seed)
    model = room.build(config, len(codec.vocabulary) - 1)
    texts, targets = parts["test"]
    epochs, spent = [], [0.0]

    def validate(model):
        # the room validates on a tenth of the messages: charge for as many, and leave the rest of the scoring out
        room.probabilities(model, codec, texts[: len(parts["train"][0]) // 7])
        start = time.perf_counter()
        epochs.append(f1(targets, room.probabilities(model, codec, texts)))
        spent[0] += time.perf_counter() - start
        moments.append(start)
        return {"f1": epochs[-1]}

    moments: list[float] = []
    with tempfile.TemporaryDirectory() as folder, join("cpu", config.threads) as world:
        run = Run.create(Path(folder), "benchmark", config.model_dump())
        batches = room.make_batches(data.parts["train"], codec, config)
        fit(model, batches, room.make_loss(config), validate, config, run, world, monitor="f1")
        seconds = [line["seconds"] for line in run.metrics("epoch")]
    scoring = spent[0] / len(epochs)
    seconds = [moment - scoring * (i + 1) for i, moment in enumerate(seconds)]
    return np.diff([0.0, *seconds]).tolist(), epochs, lambda some: room.probabilities(model, codec, some)


def keras(parts, seed):
    import os

    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras as k

    k.utils.set_random_seed(seed)
    ids, vocabulary = tutorial_ids(parts)
    inputs = k.Input((ids["train"].shape[1],))
    x = k.layers.Embedding(vocabulary + 1, D)(inputs)
    x = k.layers.LSTM(M, return_sequences=True)(x)
    x = k.layers.GlobalMaxPooling1D()(x)
    model = k.Model(inputs, k.layers.Dense(1, activation="sigmoid")(x))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    seconds, scores = [], []
    for _ in range(EPOCHS):
        start = time.perf_counter()
        model.fit(ids["train"], parts["train"][1].astype(np.float32), batch_size=BATCH, verbose=0)
        seconds.append(time.perf_counter() - start)
        scores.append(f1(parts["test"][1], model.predict(ids["test"], verbose=0)))
    return seconds, scores, lambda some: model.predict(ids["test"][: len(some)], verbose=0, batch_size=256)


def plain_model(vocabulary: int):
    """Embedding, LSTM, maximum, one weighted sum: what a tutorial in plain PyTorch has."""
    import torch
    from torch import nn

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(vocabulary + 1, D)
            self.lstm = nn.LSTM(D, M, batch_first=True)
            self.dense = nn.Linear(M, 1)

        def forward(self, x):
            states, _ = self.lstm(self.embedding(x))
            return self.dense(states.amax(dim=1)).squeeze(-1)

        @torch.inference_mode()
        def predict(self, ids):
            return torch.cat([torch.sigmoid(self(part)) for part in torch.from_numpy(ids).split(256)]).numpy()

    return Model()


def train_plain(model, ids, parts):
    """The usual loop; seconds and test F1 of each epoch."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    optimizer, loss = torch.optim.Adam(model.parameters()), nn.BCEWithLogitsLoss()
    train = TensorDataset(torch.from_numpy(ids["train"]), torch.from_numpy(parts["train"][1]).float())
    loader = DataLoader(train, batch_size=BATCH, shuffle=True)
    seconds, scores = [], []
    for _ in range(EPOCHS):
        start = time.perf_counter()
        for x, y in loader:
            optimizer.zero_grad()
            loss(model(x), y).backward()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
        scores.append(f1(parts["test"][1], model.predict(ids["test"])))
    return seconds, scores


def torch_loop(parts, seed):
    import torch

    torch.manual_seed(seed)
    ids, vocabulary = tutorial_ids(parts)
    model = plain_model(vocabulary)
    return *train_plain(model, ids, parts), lambda some: model.predict(ids["test"][: len(some)])


def one(name: str, kind: str, seed: int) -> dict:
    """One contender, trained and timed in this process."""
    parts = split(kind, seed)
    seconds, scores, predict = {"ours": ours, "keras": keras, "torch": torch_loop}[name](parts, seed)
    total = np.cumsum(seconds)
    reached = next((i for i, score in enumerate(scores) if score >= F1_TARGETS[kind]), None)
    texts = parts["test"][0]
    predict(texts)  # warm
    start = time.perf_counter()
    predict(texts)
    return {
        "sequences/s": len(parts["train"][0]) / statistics.median(seconds[1:]),
        f"s to F1 {F1_TARGETS[kind]:.2f}": None if reached is None else float(total[reached]),
        "s for 10 epochs": float(total[-1]),
        "best F1": max(scores),
        "last F1": scores[-1],
        "messages/s": len(texts) / (time.perf_counter() - start),
    }


# the server


def server_latency(requests: int = 600, clients: int = 16) -> dict:
    """Milliseconds of `pellucid serve` on loopback: one client, then many at once."""
    from pellucid import api

    texts = api.open("spam_detector").system.examples("test")[0]
    port = 8617
    command = [sys.executable, "-m", "pellucid", "serve", "spam_detector", "--port", str(port), "--rate", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(300):
                try:
                    ask(port, texts[:1])
                    break
                except OSError:
                    time.sleep(0.1)
            alone = ask(port, texts[:requests])
            start = time.perf_counter()
            with ThreadPoolExecutor(clients) as pool:
                crowd = [ms for part in pool.map(lambda i: ask(port, texts[i::clients]), range(clients)) for ms in part]
            rate = len(crowd) / (time.perf_counter() - start)
        finally:
            server.terminate()
    return {
        "p50 ms": statistics.median(alone),
        "p99 ms": statistics.quantiles(alone, n=100)[98],
        f"p50 ms, {clients} clients": statistics.median(crowd),
        f"p99 ms, {clients} clients": statistics.quantiles(crowd, n=100)[98],
        f"requests/s, {clients} clients": rate,
    }


def ask(port: int, texts: list[str]) -> list[float]:
    connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
    for text in texts:
        start = time.perf_counter()
        connection.request("POST", "/predict", json.dumps({"input": text}), {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        assert response.status == 200, response.status
        times.append(1000 * (time.perf_counter() - start))
    return times


# the table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=3, metavar=("CONTENDER", "SPLIT", "SEED"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        name, kind, seed = arguments.one
        print(json.dumps(one(name, kind, int(seed))))
        return
    print(f"{platform.machine()}, Python {platform.python_version()}, {arguments.rounds} rounds")
    for kind in F1_TARGETS:
        found: dict[str, list[dict]] = {name: [] for name in CONTENDERS}
        for seed in range(arguments.rounds):
            for name in CONTENDERS:
                command = [sys.executable, __file__, "--one", name, kind, str(seed)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                found[name].append(json.loads(done.stdout.splitlines()[-1]))
                print(kind, seed, name, found[name][-1], file=sys.stderr, flush=True)
        table(kind, found)
    print("\n| `pellucid serve`, one message a request | |\n|---|--:|")
    for name, value in server_latency().items():
        print(f"| {name} | {value:,.2f} |")


def table(kind: str, found: dict[str, list[dict]]) -> None:
    others = [name for name in CONTENDERS if name != "ours"]
    print(f"\n| {kind} split | " + " | ".join(CONTENDERS) + " | " + " | ".join(f"ours / {o}" for o in others) + " |")
    print("|---|" + "--:|" * (len(CONTENDERS) + len(others)))
    for figure in found["ours"][0]:
        cells = [spread([row[figure] for row in found[name]]) for name in CONTENDERS]
        ratios = [
            spread(
                [a[figure] / b[figure] for a, b in zip(found["ours"], found[o], strict=True) if a[figure] and b[figure]]
            )
            for o in others
        ]
        print(f"| {figure} | " + " | ".join(cells + ratios) + " |")


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
