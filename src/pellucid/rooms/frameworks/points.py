"""Frameworks, the data: points whose signs differ or not, the first weights, and what a person types. No torch.

Both frameworks are given these same arrays, so that only the frameworks differ.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.core.errors import UserError

Array = np.ndarray[Any, Any]
Weights = dict[str, Array]
"""`hidden.weight` [H, 2], `hidden.bias` [H], `output.weight` [1, H], `output.bias` [1]: as PyTorch lays them out."""

COUNT, BATCH = 400, 20
EDGE = 2.0
"""Points lie in the square from -2 to 2."""
PARTS = ("train", "validation", "test")
LARGEST = 1e6

_NUMBER = r"[-+−－]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NAME = r"x_?[12１２]\s*[=:＝：]\s*"
_WRAPPED = re.compile(r"\s*[(\[（]?(.*?)[)\]）]?\s*", re.DOTALL)


@dataclass(frozen=True)
class Points:
    """x [N, 2] and y [N], 1 where the signs of the two differ; float32."""

    x: Array
    y: Array


def different(x: Array) -> Array:
    """1 where the signs of the two numbers differ: exclusive or. Zero has no sign, and differs from none."""
    return (x[:, 0] * x[:, 1] < 0).astype(np.float32)


def points(seed: int, part: str = "train") -> Points:
    """The 400 points of a part, evenly from the square."""
    if part not in PARTS:
        raise UserError(f"split: {part!r} is none of {', '.join(PARTS)}")
    x = np.random.default_rng([seed, PARTS.index(part)]).uniform(-EDGE, EDGE, (COUNT, 2)).astype(np.float32)
    return Points(x, different(x))


def first_weights(seed: int, hidden: int) -> Weights:
    """Evenly within 1 / √inputs of each layer, as PyTorch's layers begin."""
    draw = np.random.default_rng([seed, len(PARTS)])
    inner, outer = 2**-0.5, hidden**-0.5
    return {
        "hidden.weight": draw.uniform(-inner, inner, (hidden, 2)).astype(np.float32),
        "hidden.bias": draw.uniform(-inner, inner, hidden).astype(np.float32),
        "output.weight": draw.uniform(-outer, outer, (1, hidden)).astype(np.float32),
        "output.bias": draw.uniform(-outer, outer, 1).astype(np.float32),
    }


def order(seed: int, epoch: int) -> Array:
    """In which order an epoch goes through the points: each exactly once."""
    return np.random.default_rng([seed, len(PARTS) + 1, epoch]).permutation(COUNT)


def read(text: str) -> Array:
    """The two numbers of `0.5, -1`, as x [1, 2]. Brackets, a space for the comma and `x1 =` are understood as well."""
    inside = _WRAPPED.fullmatch(text)
    parts = [part for part in re.split(r"[,;，；、\s]+", re.sub(_NAME, "", inside[1] if inside else text)) if part]
    for part in parts:
        if not re.fullmatch(_NUMBER, part):
            hint = "; write ½ as 0.5" if "/" in part else ""
            raise UserError(f"point: {part[:40]!r} is not a number; write two numbers like 0.5, -1{hint}")
    if len(parts) != 2:
        hint = " (with a decimal point, no comma: 0.5)" if re.search(r"\d,\d", text) else ""
        count = f"{len(parts)} number{'s' * (len(parts) != 1)}"
        raise UserError(f"point: {count} given, two are wanted, like 0.5, -1{hint}")
    found = [float(part.replace("−", "-").replace("－", "-")) for part in parts]
    for part, number in zip(parts, found, strict=True):
        if not (math.isfinite(number) and abs(number) <= LARGEST):
            raise UserError(f"point: {part[:40]} is too large; from -{LARGEST:,.0f} to {LARGEST:,.0f} will do")
    return np.array([found], dtype=np.float32)
