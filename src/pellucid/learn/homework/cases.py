"""The calls that a check makes: the listed cases and some made anew, in an order of chance, each with a nonce."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid.learn.homework.compare import about, show
from pellucid.learn.homework.exercise import Case, Function
from pellucid.learn.homework.texts import say
from pellucid.learn.homework.wire import as_arrays, encode

FRESH = 3


@dataclass(frozen=True)
class Call:
    """One call of one check. origin: public, hidden, or fresh."""

    id: str
    origin: str
    number: int
    case: Case

    @property
    def arguments(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if not self.case.arrays:
            return self.case.args, dict(self.case.kwargs)
        return as_arrays(tuple(self.case.args)), as_arrays(dict(self.case.kwargs))

    def request(self) -> dict[str, Any]:
        args, kwargs = self.arguments
        return {"id": self.id, "args": encode(args), "kwargs": encode(kwargs)}

    def text(self, name: str) -> Mapping[str, str]:
        """As a person would write it; of a hidden one only what kind of arguments it has."""
        args, kwargs = self.arguments
        if self.origin == "public":
            written = f"{name}({written_arguments(args, kwargs)})"
            return {"en": written, "zh-TW": written}
        kinds = ", ".join([*map(_kind, args), *(f"{key}={_kind(value)}" for key, value in kwargs.items())])
        return say("hidden", n=self.number, about=f"{name}({kinds})"[:200])  # type: ignore[return-value]


def written_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    return ", ".join([*map(_written, args), *(f"{key}={_written(value)}" for key, value in kwargs.items())])


def _written(value: Any) -> str:
    return f"np.array({show(value, 400)})" if isinstance(value, np.ndarray) else show(value, 400)


def _kind(value: Any) -> str:
    return about(value) if isinstance(value, np.ndarray | list | tuple) else type(value).__name__


def calls(exercise: Function) -> list[Call]:
    """All calls of one check, shuffled; the public ones are told first all the same (`report_order`)."""
    made = [Call(secrets.token_hex(16), "public", i, case) for i, case in enumerate(exercise.public, 1)]
    rest = [("hidden", case) for case in exercise.hidden] + [("fresh", case) for case in fresh(exercise)]
    made += [Call(secrets.token_hex(16), origin, i, case) for i, (origin, case) in enumerate(rest, 1)]
    random.SystemRandom().shuffle(made)
    return made


def report_order(call: Call) -> tuple[bool, int]:
    return call.origin != "public", call.number


def fresh(exercise: Function, seed: int | None = None) -> list[Case]:
    """Cases that no file lists: nobody can have looked their results up."""
    rng = np.random.default_rng(secrets.randbits(64) if seed is None else seed)
    if exercise.fresh is not None:
        return [exercise.fresh(rng) for _ in range(FRESH)]
    listed = [*exercise.hidden, *exercise.public]
    moved = [replace(case, args=_move(case.args, rng), kwargs=_move(case.kwargs, rng)) for case in listed]
    return [new for new, old in zip(moved, listed, strict=True) if _coded(new) != _coded(old)][:FRESH]


def _coded(case: Case) -> list[Any]:
    return [encode(case.args), encode(case.kwargs)]


def _move(value: Any, rng: np.random.Generator) -> Any:
    """Fractions up to 3 % nearer to zero. Whole numbers stay: they may be labels, counts, or a one-hot vector."""
    if isinstance(value, float) and not value.is_integer() and np.isfinite(value):
        return value * float(1 - 0.03 * rng.random())
    if isinstance(value, np.ndarray):
        return np.array(_move(value.tolist(), rng), value.dtype) if value.dtype.kind == "f" else value
    if isinstance(value, list | tuple):
        return type(value)(_move(each, rng) for each in value)
    if isinstance(value, dict):
        return {key: _move(each, rng) for key, each in value.items()}
    return value
