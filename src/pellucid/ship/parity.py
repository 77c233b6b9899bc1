"""The gate: what is shipped computes what was trained, on real inputs that training did not see.

Float models must give the same numbers to within 1e-5. Quantised ones cannot: their error is reported relative to the
spread of the output, and the score on the whole test split must stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.core.contract import Arrays, System, in_batches
from pellucid.core.errors import UserError

TOLERANCE = 1e-5
LEAST, MOST = 64, 256  # inputs compared
SCORE_TOLERANCE = 0.005

Compute = Callable[[Arrays], Arrays]
Scores = dict[str, Any]
Array = np.ndarray[Any, np.dtype[np.float64]]


class ParityError(UserError):
    """The exported model is not the trained one. Nothing was written."""


@dataclass(frozen=True)
class Difference:
    """One output of one input, both ways."""

    size: float
    output: str
    value: Any
    """The raw input."""
    trained: float
    shipped: float

    def __str__(self) -> str:
        given = repr(self.value)
        given = given if len(given) <= 80 else given[:79] + "…"
        return (
            f"output {self.output!r} of input {given} is {self.shipped:.9g}, "
            f"the trained model says {self.trained:.9g}: they differ by {self.size:.3g}"
        )


@dataclass(frozen=True)
class Parity:
    """How far the shipped model is from the trained one over `inputs` real inputs."""

    inputs: int
    largest: Difference
    spread: float
    """Of the trained model's outputs: largest minus smallest, over the output with the largest difference."""

    @property
    def relative(self) -> float:
        return self.largest.size / self.spread if self.spread else self.largest.size

    def to_json(self) -> dict[str, Any]:
        return {
            "inputs": self.inputs,
            "largest_difference": self.largest.size,
            "output": self.largest.output,
            "relative_to_spread": self.relative,
        }


def held_out(system: System[Any]) -> list[Any]:
    """Up to 256 raw inputs, evenly from the whole test split. Where it has fewer than 64, others are added."""
    values: list[Any] = []
    for split in ("test", "validation", "train"):
        inputs = system.examples(split)[0]
        most = MOST if split == "test" else LEAST
        places = np.linspace(0, len(inputs) - 1, min(len(inputs), most - len(values))).astype(int)
        values += [inputs[i] for i in places]
        if len(values) >= LEAST:
            break
    if not values:
        raise UserError("parity: the data of this run has no inputs left to compare with; nothing was exported")
    return values


def compare(system: System[Any], shipped: Compute, inputs: Sequence[Any] | None = None) -> Parity:
    """Both models on the same encoded inputs, one by one and in batches; the largest difference of any output."""
    inputs = held_out(system) if inputs is None else inputs
    worst: Difference | None = None
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    for batch in _batches(inputs):
        arrays = system.codec.encode(batch)
        trained, found = system.compute(arrays), shipped(arrays)
        for name, wanted in trained.items():
            if found[name].shape != wanted.shape:
                raise ParityError(f"output {name!r} has shape {found[name].shape}, the trained model's {wanted.shape}")
            difference = _differences(found[name].astype(np.float64), wanted.astype(np.float64))
            place = np.unravel_index(int(difference.argmax()), difference.shape)
            low[name] = min(low.get(name, np.inf), float(wanted.min()))
            high[name] = max(high.get(name, -np.inf), float(wanted.max()))
            if worst is None or difference[place] > worst.size:
                worst = Difference(
                    float(difference[place]), name, batch[place[0]], float(wanted[place]), float(found[name][place])
                )
    assert worst is not None  # there is at least one input and one output
    return Parity(len(inputs), worst, high[worst.output] - low[worst.output])


def require_same(parity: Parity, tolerance: float = TOLERANCE) -> None:
    """ParityError where any output differs by more than the tolerance."""
    if not parity.largest.size <= tolerance:
        raise ParityError(f"{parity.largest}, more than the {tolerance:g} allowed; nothing was written")


def require_score(trained: Scores, shipped: Scores, metric: str, tolerance: float = SCORE_TOLERANCE) -> None:
    """ParityError where quantising moved the score by more than the tolerance."""
    before, after = float(trained[metric]), float(shipped[metric])
    if not abs(after - before) <= tolerance:
        raise ParityError(
            f"{metric} on the test data is {after:.4f} when quantised and {before:.4f} as trained; "
            f"at most {tolerance:g} may be lost; nothing was written. Export without quantising"
        )


def metric_to_keep(system: System[Any], scores: Scores) -> str:
    """Accuracy where there is one, else the score that is best known."""
    return "accuracy" if "accuracy" in scores else system.headline[0]


def _differences(found: Array, wanted: Array) -> Array:
    """Absolute differences. The same infinity or NaN on both sides is none; on one side alone, it is infinite."""
    same = (found == wanted) | (np.isnan(found) & np.isnan(wanted))
    with np.errstate(invalid="ignore"):
        off = np.abs(found - wanted)
    return np.where(same, 0.0, np.where(np.isnan(off), np.inf, off))


def _batches(inputs: Sequence[Any]) -> Iterator[list[Any]]:
    """The first eight alone, the others 32 at a time: a fixed batch size or length would come out."""
    yield from in_batches(inputs[:8], 1)
    yield from in_batches(inputs[8:], 32)
