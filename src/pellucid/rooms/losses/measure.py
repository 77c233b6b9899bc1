"""The figures of expected.json, computed again: `python -m pellucid.rooms.losses.measure` writes them.

There is no chance in a descent: one seed, no spread.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from pellucid.core.expected import measured_now, write_studies
from pellucid.rooms.losses import losses
from pellucid.rooms.losses.reader import read
from pellucid.rooms.losses.verdict import outcome, right_probability

FILE = Path(__file__).with_name("expected.json")
WRONG = (-1, -4, -8)
OUTLIERS = (5, 100)
WEIGHTS = (1, 4, 16)


def studies() -> list[dict[str, Any]]:
    """What is studied, and what came out, without the machine."""
    wrong = [f"{loss} from logits; y = 1; p = {z}" for loss in ("binary_crossentropy", "mse") for z in WRONG]
    shared = [f"{loss}; y = 1 2 2.5 4 {last}; p = 0" for loss in ("mse", "mae", "huber") for last in OUTLIERS]
    weighted = [f"bce from logits; y = 0 0 0 0 1; p = 0; class weights = 1 {weight}" for weight in WEIGHTS]
    return [
        {
            "about": "one example of class 1 that starts at a wrong logit: cross-entropy against squared error",
            "command": "pellucid train losses --steps 100",
            "variants": {f"problem={text}": _descent(text, 100) for text in wrong},
        },
        {
            "about": "one prediction for five targets, the last of them ordinary or an outlier",
            "command": "pellucid train losses --steps 2000 --learning-rate 0.05",
            "variants": {f"problem={text}": _descent(text, 2_000, 0.05) for text in shared},
        },
        {
            "about": "one prediction for four negative examples and a positive one, by the positive weight",
            "command": "pellucid train losses --steps 500",
            "variants": {f"problem={text}": _descent(text, 500) for text in weighted},
        },
    ]


def _descent(text: str, steps: int, rate: float = 0.5) -> dict[str, dict[str, float]]:
    problem = read(text, rate, steps)
    found = outcome(problem)
    end = found.path.predictions[-1]
    figures = {
        "loss": float(found.path.losses[0]),
        "loss_after": float(found.path.losses[-1]),
        "gradient": float(np.asarray(found.given.gradient).ravel()[0]),
        "after": float(end[0]),
    }
    if right_probability(problem) is not None:
        figures["probability"] = float(losses.sigmoid(end)[0])
    return {name: {"mean": float(f"{value:.6g}"), "spread": 0.0} for name, value in figures.items()}


def main() -> None:
    write_studies(FILE, [measured_now(study) for study in studies()])


if __name__ == "__main__":
    main()
