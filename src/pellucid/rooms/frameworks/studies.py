"""The figures of `expected.json`, made anew: `python -m pellucid.rooms.frameworks.studies`.

Where Keras is not installed, its study stays as it is.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pellucid.core.expected import measured_now, write_studies
from pellucid.rooms.frameworks.config import Config
from pellucid.rooms.frameworks.graphs import of_trace
from pellucid.rooms.frameworks.in_torch import Net, put
from pellucid.rooms.frameworks.inside import look
from pellucid.rooms.frameworks.points import Weights, first_weights, order, points, read
from pellucid.rooms.frameworks.system import Training, begin

FILE = Path(__file__).with_name("expected.json")
Figures = dict[str, dict[str, float]]
SEEDS = 3
WIDTHS = (1, 2, 3, 8)
LOOKED_AT = ("0.5, -1", "-0.1, 0.1", "0.01, 0.01")
BESIDE: tuple[dict[str, Any], ...] = (
    {},
    {"graph": "static"},
    {"optimizer": "adam", "learning_rate": 0.02},
)


def widths() -> dict[str, Figures]:
    """What a hidden layer is for: accuracy on unseen points by its width."""
    found: dict[str, Figures] = {}
    for hidden in WIDTHS:
        scores = []
        for seed in range(SEEDS):
            config = Config(hidden=hidden, seed=seed)
            training = begin(config)["torch"]
            train(config, training)
            unseen = points(seed, "test")
            scores.append(float(np.mean((training.probability(unseen.x) >= 0.5) == (unseen.y > 0.5))))
        found[f"hidden={hidden}"] = {"accuracy": _figure(scores)}
    return found


def graph_sizes() -> dict[str, Figures]:
    """How large the dynamic graph of learning one point is."""
    config = Config()
    training = begin(config)["torch"]
    train(config, training)
    model = Net(config.hidden).eval()
    put(model, training.weights())
    found: dict[str, Figures] = {}
    for text in LOOKED_AT:
        trace = look(model, config, read(text), {})
        sizes = {"operations": len(trace), "steps": len(trace.array("loss_curve")), "forward": len(of_trace(trace))}
        found[f"point={text}"] = {name: _figure([size]) for name, size in sizes.items()}
    return found


def beside() -> dict[str, Figures]:
    """PyTorch and Keras, step by step: the farthest that losses and weights come apart."""
    found: dict[str, Figures] = {}
    for fields in BESIDE:
        rows: dict[str, list[float]] = {}
        for seed in range(SEEDS):
            config = Config(framework="both", seed=seed, **fields)
            losses, weights = {}, {}
            for name, training in begin(config).items():
                losses[name] = np.array(train(config, training))
                weights[name] = training.weights()
            row = {"loss": float(np.abs(losses["torch"] - losses["keras"]).max()), "weights": _apart(weights)}
            for name, value in row.items():
                rows.setdefault(name, []).append(value)
        what = " ".join(f"{name}={value}" for name, value in fields.items()) or "defaults"
        found[what] = {name: _figure(values) for name, values in rows.items()}
    return found


def train(config: Config, training: Training) -> list[float]:
    """The loss of each step."""
    torch.set_num_threads(config.threads)  # as a run does: more would wait for each other
    data = points(config.seed)
    return [loss for epoch in range(config.epochs) for loss in training.epoch(data, order(config.seed, epoch))]


def _apart(weights: dict[str, Weights]) -> float:
    names = first_weights(0, 1)
    return max(float(np.abs(weights["torch"][name] - weights["keras"][name]).max()) for name in names)


def _figure(values: list[float]) -> dict[str, float]:
    return {"mean": float(f"{np.mean(values):.6g}"), "spread": float(f"{np.std(values):.6g}")}


STUDIES = (
    (
        widths,
        "the accuracy on 400 unseen points by the width of the hidden layer, other settings as they are by default",
        "pellucid compare frameworks --vary hidden=1,2,3,8 --seeds 3",
        SEEDS,
    ),
    (
        graph_sizes,
        "operations in the trace of learning one point: the dynamic graph depends on the numbers. Seed 0, no chance",
        "pellucid look frameworks '0.5, -1'",
        1,
    ),
    (
        beside,
        "PyTorch and Keras on the same weights, points and order: the farthest that losses of the same step, and "
        "weights after the last one, come apart; 1,000 steps",
        "pellucid train frameworks --framework both",
        SEEDS,
    ),
)


def main() -> None:
    before = {study["command"]: study for study in json.loads(FILE.read_text(encoding="utf-8"))["studies"]}
    studies = []
    for measure, about, command, seeds in STUDIES:
        if measure is beside and find_spec("keras") is None:
            studies += [before[command]] if command in before else []
            continue
        studies.append(measured_now({"about": about, "command": command, "variants": measure()}, seeds))
    write_studies(FILE, studies)


if __name__ == "__main__":
    main()
