"""What an exercise is. A room's `homework.py` has `EXERCISES`, a tuple of these; a teacher's own file has the same.

Nothing here runs anything: the checker hands a case's arguments to the learner's function in another process and
compares what comes back with what the worked solution gives in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pellucid.core.card import Words


@dataclass(frozen=True)
class Case:
    """One call of the learner's function: plain Python values, or nested lists that become float64 arrays.

    arrays: whether lists among the arguments are handed over as NumPy arrays.
    rtol, atol: as of numpy.allclose; integers, text and booleans must be equal.
    """

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    arrays: bool = True
    rtol: float = 1e-6
    atol: float = 1e-9


@dataclass(frozen=True)
class Exercise:
    """What all kinds share. task: Markdown, with `$…$`. hints: from a nudge to almost all, never the answer itself."""

    name: str
    """An identifier, unique within its room."""
    title: Words
    task: Words
    points: int
    hints: tuple[Words, ...]


@dataclass(frozen=True)
class Function(Exercise):
    """A function to write. stub: its source; its docstring states shapes and units, it raises NotImplementedError."""

    stub: str
    solution: str
    """The whole source of a worked solution, with comments that explain."""
    public: tuple[Case, ...]
    """Shown in the stub's file, with what they give."""
    hidden: tuple[Case, ...]
    """Other data; the learner sees only whether they pass, and the first difference."""
    wrong: tuple[str, ...] = ()
    """Sources of typical wrong answers: a test holds that each one fails."""
    fresh: Callable[[Any], Case] | None = None
    """numpy Generator -> a case made anew at each check. None: fractions among the listed cases are moved a little."""
    elsewhere: int = 0
    """Hidden cases that are not in this file, because a teacher keeps them."""


@dataclass(frozen=True)
class Quantity(Exercise):
    """A number to work out, with the reasoning in words. answer: an expression, computed when it is checked."""

    answer: float
    reasoning: Words
    rtol: float = 1e-3
    unit: str = ""
    wrong: tuple[float, ...] = ()


@dataclass(frozen=True)
class Choice(Exercise):
    """One of a few answers, with the reasoning in words. why: what is said of each option once it was chosen."""

    options: tuple[Words, ...]
    answer: int
    why: tuple[Words, ...]


@dataclass(frozen=True)
class Beat(Exercise):
    """A metric of a run of the learner's to reach; the checker computes it itself, on data held back from training."""

    room: str
    metric: str
    at_least: float
    free: tuple[str, ...] = ()
    """Fields of the data's configuration that the learner may change: which columns to learn from."""
