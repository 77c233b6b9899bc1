"""The formulas of losses.py on numbers that write down what is done with them (`look.noted`): names, picks, one-hots.

On plain arrays the same lines just compute.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.look.noted import Noted, NotedTape


class Tape(NotedTape):
    """A tape whose names may get a prefix: the same formula is recorded several times over."""

    prefix: str | None = ""
    """Before the names that formulas give; None: they give none (curves, which compute the same once more)."""

    def caption(self, name: str) -> Any:
        return super().caption(name) or (super().caption(name.removeprefix(self.prefix)) if self.prefix else None)


def note(name: str, value: Any) -> Any:
    """Call a number of a trace by its name; an array stays what it is."""
    if not isinstance(value, Noted):
        return value
    tape = value.tape
    assert isinstance(tape, Tape)
    if tape.prefix is None:
        return value
    axes = ("example", "class") if len(value.shape) == 2 else ("example",)
    return tape.name(value, tape.prefix + name, axes[: len(value.shape)])


def pick(rows: Any, labels: Any) -> Any:
    """Of each row the entry that its label names."""
    if isinstance(rows, Noted):
        do = rows.tape.do
        return do("squeeze", do("gather", rows, 1, do("unsqueeze", labels, 1)), 1)
    return np.take_along_axis(rows, labels[:, None], 1)[:, 0]


def one_hot(labels: Any, classes: int) -> Any:
    """A row for each label: 1 in its place, 0 elsewhere."""
    if isinstance(labels, Noted):
        do = labels.tape.do
        return do("mul", do("eq", do("unsqueeze", labels, 1), np.arange(classes)), 1.0)
    return np.equal(labels[:, None], np.arange(classes)) * 1.0
