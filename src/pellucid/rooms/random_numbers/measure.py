"""The figures of `expected.json`: `python -m pellucid.rooms.random_numbers.measure` computes them anew and writes them.

Everything follows from seeds: on another machine the same comes out, but for the last digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.core.expected import measured_now, write_studies
from pellucid.rooms.random_numbers.call import read
from pellucid.rooms.random_numbers.config import Config
from pellucid.rooms.random_numbers.depth import WIDTH, changed_bits, sizes_by_layer
from pellucid.rooms.random_numbers.law import law, slope

FILE = Path(__file__).with_name("expected.json")
SEEDS = range(5)
SPREADS = {"0.01": 0.01, "1": 1.0, "1/sqrt(n)": WIDTH**-0.5, "sqrt(2/n)": (2 / WIDTH) ** 0.5}
LAYERS = (1, 5, 10, 20)
CALLS = ("randint(1, 7)", "rand()", "randn()")
Scores = dict[str, dict[str, float]]


def scores(of_seeds: Iterable[Mapping[str, float]]) -> Scores:
    """Mean and spread (standard deviation over the seeds) of each score."""
    every = list(of_seeds)
    return {
        name: {"mean": _short(np.mean(values)), "spread": _short(np.std(values) if max(values) > min(values) else 0)}
        for name in every[0]
        if (values := [each[name] for each in every])
    }


def _short(value: Any) -> float:
    return float(f"{float(value):.6g}")


def batches() -> dict[str, Scores]:
    """How far the mean of n dice is from 3.5, typically, and what a formula says of it."""
    config = Config()
    every = [law(read(config.call).distribution, seed, config.n, range(config.repeats)) for seed in SEEDS]
    found = {}
    for place, size in enumerate(every[0].sizes):
        theory = every[0].distribution.std / float(size) ** 0.5
        found[f"n={size}"] = scores({**each.scores(place), "standard_error": theory} for each in every)
    return found


def laws() -> dict[str, Scores]:
    """What the error does with n, for three distributions."""
    config, found = Config(), {}
    for call in CALLS:
        every = [law(read(call).distribution, seed, config.n, range(config.repeats)) for seed in SEEDS]
        found[f"call={call}"] = scores({"slope": slope(each.sizes, each.errors), **each.scores()} for each in every)
    return found


def rounds() -> dict[str, Scores]:
    """How many of 128 bits change after so many rounds, if one bit of the counter does."""
    found = {}
    for count in range(11):
        bits = changed_bits(count)
        found[f"rounds={count}"] = {"changed": {"mean": _short(bits.mean()), "spread": _short(bits.std())}}
    return found


def layers(relu: bool) -> dict[str, Scores]:
    """The size of what comes out of some layers, by the standard deviation of the weights."""
    found = {}
    for name, spread in SPREADS.items():
        every = [sizes_by_layer(spread, seed, relu) for seed in SEEDS]
        found[f"weights={name}"] = scores({f"layer_{k}": each[k - 1] for k in LAYERS} for each in every)
    return found


STUDIES = (
    ("the law of large numbers: a die in batches of 2 to 4,096, the errors over 400 repeats", batches),
    ("the same for three distributions: the slope of log(error) over log(n), and what is within 1 and 2 errors", laws),
    ("bits of a block of 128 that change with one bit of its counter, by rounds of Philox; spread over blocks", rounds),
    (f"size of activations in a network {WIDTH} wide, ReLU, by the spread of its weights", lambda: layers(True)),
    (f"size of activations in a network {WIDTH} wide, tanh, by the spread of its weights", lambda: layers(False)),
)


def studies() -> list[dict[str, Any]]:
    by = {"command": "pellucid train random_numbers", "computed_by": "python -m pellucid.rooms.random_numbers.measure"}
    return [measured_now({"about": about, **by, "variants": measure()}, seeds=len(SEEDS)) for about, measure in STUDIES]


def main() -> None:
    write_studies(FILE, studies())


if __name__ == "__main__":
    main()
