"""The studies of `expected.json`, measured anew: `python -m pellucid.rooms.lagrange.studies` writes them down.

A test compares what this gives with what stands there. Nothing is drawn by chance, hence one seed and no spread.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pellucid.core.expected import measured_now, write_studies
from pellucid.rooms.lagrange.config import Config
from pellucid.rooms.lagrange.problem import read
from pellucid.rooms.lagrange.solve import solve
from pellucid.rooms.lagrange.walk import walk

FILE = Path(__file__).with_name("expected.json")
Variants = dict[str, dict[str, dict[str, float]]]
SLIDES = "maximise x + y; subject to x^2 + y^2 = {c}"
START = f"{SLIDES.format(c=32)}; start = 5.6, -0.8"
RIGHT_SIDES = (30, 31, 32, 33, 34)
RATES = ("0.1", "0.5", "2", "auto", "4", "6")


def studies() -> list[dict[str, Any]]:
    return [
        {
            "about": "the largest x + y on x^2 + y^2 = c, its multiplier, and for c = 32 what one more of c brings",
            "command": f"pellucid train lagrange --problem '{SLIDES.format(c=33)}'",
            "variants": prices(),
        },
        {
            "about": "steps of the walk from 5.6, -0.8 to the slides' maximum until the angle is 1e-8 of a radian",
            "command": f"pellucid train lagrange --problem '{START}' --learning-rate 2 --steps 2000",
            "variants": rates(),
        },
    ]


def prices() -> Variants:
    """f* and λ for some right sides, and the slope of f* between the neighbours of 32."""
    best = {}
    for c in RIGHT_SIDES:
        point = solve(read(SLIDES.format(c=c))).best
        assert point is not None and point.multipliers is not None
        best[c] = point.value, float(point.multipliers[0])
    found = {f"c={c}": _variant(value=value, multiplier=weight) for c, (value, weight) in best.items()}
    found["between"] = _variant(slope=(best[33][0] - best[31][0]) / 2)
    return found


def rates() -> Variants:
    """Steps that the walk takes, and how often it halved its rate."""
    solution, found = solve(read(START)), {}
    for rate in RATES:
        way = walk(solution, Config.build({"learning_rate": rate, "steps": 2_000}))
        halved = int((way.rates < way.rate).sum())
        found[f"learning_rate={rate}"] = _variant(steps=way.steps, halved=halved, rate=way.rate)
    return found


def _variant(**scores: float) -> dict[str, dict[str, float]]:
    return {name: {"mean": float(f"{value:.10g}"), "spread": 0.0} for name, value in scores.items()}


def main() -> None:
    write_studies(FILE, [measured_now(each) for each in studies()])


if __name__ == "__main__":
    main()
