"""What the tests of linear_equations share: problems, and an answer to one."""

from __future__ import annotations

import numpy as np

from pellucid.rooms.linear_equations.config import Config
from pellucid.rooms.linear_equations.system import System

SLIDES = "5x + 2y = 10\nx + 4y = 11"


def hilbert(n: int) -> str:
    """Rows of the matrix 1/(i + j - 1), right sides 1."""
    return "\n".join(", ".join(f"1/{i + j + 1}" for j in range(n)) + " | 1" for i in range(n))


def as_rows(a: np.ndarray, b: np.ndarray) -> str:
    return "\n".join(", ".join(map(str, row)) + f" | {right}" for row, right in zip(a, b, strict=True))


def ask(text: str, **fields):
    return next(System(Config.build(fields)).predict([text]))


def plain_descent(a, b, rate, steps, momentum=0.0):
    """As a textbook has it."""
    x, v, seen, across = np.zeros(len(b)), np.zeros(len(b)), [], a.T.copy()
    for _ in range(steps):
        g = across @ (a @ x - b) * (2 / len(b))
        v = momentum * v + g
        x = x - rate * v
        seen.append(x)
    return np.array(seen)
