"""What a person writes, to one descent: lines `f = …`, `start = x, y`, `optimizer = …`, `rate = …`, `steps = …`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from pellucid.core.errors import UserError, closest
from pellucid.rooms.optimizers.config import LARGEST_RATE, LARGEST_START, Config, OptimizerName
from pellucid.rooms.optimizers.steps import OPTIMIZERS, Optimizer, Settings
from pellucid.rooms.optimizers.surfaces import SURFACES, Surface, surface

MOST_STEPS_TYPED = 1_000  # an answer comes at once
KEYS = ("f", "start", "optimizer", "rate", "steps")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
SAME = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x2212: "-", 0x3000: " "}


@dataclass(frozen=True)
class Problem:
    """One descent, ready to be run."""

    text: str
    surface: Surface
    start: tuple[float, float]
    name: str
    settings: Settings
    steps: int

    @property
    def optimizer(self) -> Optimizer:
        return OPTIMIZERS[self.name]

    @property
    def point(self) -> np.ndarray[Any, Any]:
        return np.array(self.start)


def settings(config: Config, rate: float | None = None) -> Settings:
    return Settings(
        config.learning_rate if rate is None else rate, config.momentum, config.decay, config.beta1, config.beta2,
        config.epsilon, config.weight_decay,
    )  # fmt: skip


def of_config(config: Config) -> Problem:
    """The run's own descent. (The surface of the name `network` is no formula: network.py.)"""
    start = point(config.start, "start", 1)
    found = surface(config.surface, "surface")
    _check_start(found, start, "start", 1)
    return Problem(config.surface, found, start, config.optimizer, settings(config), config.steps)


def read(text: str, config: Config) -> Problem:
    """The descent that a text describes; what it does not say is as configured. UserError names line and column."""
    lines = _lines(text)
    if "f" not in lines:
        raise UserError("descent: no surface; write a line like f = x^2 + 10 y^2, or f = ravine")
    line, column, formula = lines["f"]
    known = SURFACES.get(formula.lower())
    looks_like = difflib.get_close_matches(formula.lower(), SURFACES, n=1, cutoff=0.75)
    if not known and looks_like:
        raise UserError(f"descent, line {line}: {formula[:40]!r}: did you mean {looks_like[0]}?")
    found = surface(formula, f"descent, line {line}", 1 if known else column)
    start, place = known.start if known else point(config.start, "start", 1), (line, column)
    if "start" in lines:
        *place, written = lines["start"]  # type: ignore[assignment]
        start = point(written, f"descent, line {place[0]}", place[1])
    _check_start(found, start, f"descent, line {place[0]}", place[1])
    name: str = config.optimizer
    if "optimizer" in lines:
        line, column, name = lines["optimizer"]
        name = {"gradient descent": "gd", "sgd": "gd"}.get(name.lower(), name.lower())
        names = get_args(OptimizerName)
        if name not in names:
            hint = closest(name, names) or "."
            raise UserError(f"descent, line {line}, column {column}: {name[:40]!r}{hint} Known: {', '.join(names)}")
    rate = _bounded(lines, "rate", config.learning_rate, float, 0, LARGEST_RATE)
    steps = _bounded(lines, "steps", min(config.steps, MOST_STEPS_TYPED), int, 0, MOST_STEPS_TYPED)
    return Problem(text, found, start, name, settings(config, rate), steps)


def _lines(text: str) -> dict[str, tuple[int, int, str]]:
    """key → (line, column of the value, value)."""
    found: dict[str, tuple[int, int, str]] = {}
    for number, whole in enumerate(text.translate(SAME).splitlines(), 1):
        column = 1
        for part in whole.split(";"):
            if part.strip():
                _enter(found, part, number, column)
            column += len(part) + 1
    return found


def _enter(found: dict[str, tuple[int, int, str]], part: str, line: int, column: int) -> None:
    where = f"descent, line {line}, column {column + len(part) - len(part.lstrip())}"
    key, equals, value = part.partition("=")
    key = {"f(x,y)": "f", "learning_rate": "rate", "surface": "f"}.get(
        re.sub(r"\s", "", key.lower()), key.strip().lower()
    )
    if not equals:
        if not set(KEYS[:1]) & found.keys():  # a formula or a surface's name by itself
            key, value, equals = "f", part, ""
        else:
            raise UserError(f"{where}: no = in {part.strip()[:40]!r}; write one of {', '.join(KEYS)}, = and a value")
    if key not in KEYS:
        raise UserError(f"{where}: {key[:40]!r} is none of {', '.join(KEYS)}{closest(key, KEYS)}")
    if key in found:
        raise UserError(f"{where}: {key} stands there twice")
    if not value.strip():
        raise UserError(f"{where}: {key} has no value")
    begin = column + (part.index("=") + 1 if equals else 0) + len(value) - len(value.lstrip())
    found[key] = line, begin, value.strip()


def point(text: str, where: str, column: int) -> tuple[float, float]:
    """`4, 2`, with or without brackets."""
    parts = text.strip().removeprefix("(").removesuffix(")").split(",")
    if len(parts) != 2 or not all(NUMBER.fullmatch(part.strip()) for part in parts):
        raise UserError(f"{where}, column {column}: {text[:40]!r} is no point; write two numbers like 4, 2")
    x, y = (float(part) for part in parts)
    if not max(abs(x), abs(y)) <= LARGEST_START:
        raise UserError(
            f"{where}, column {column}: too far out; start between -{LARGEST_START:,.0f} and {LARGEST_START:,.0f}"
        )
    return x, y


def _bounded(lines: Any, key: str, default: Any, kind: Callable[[str], Any], above: float, most: float) -> Any:
    if key not in lines:
        return default
    line, column, text = lines[key]
    whole = kind is int
    fits = NUMBER.fullmatch(text) and not (whole and not re.fullmatch(r"\+?[0-9]{1,9}", text))
    if not fits or not above < float(text) <= most:
        what = f"a whole number from 1 to {most:,}" if whole else f"a number above {above:g} and at most {most:g}"
        raise UserError(f"descent, line {line}, column {column}: {key} = {text[:40]!r}; {what} would do")
    return kind(text)


def _check_start(found: Surface, start: tuple[float, float], where: str, column: int) -> None:
    here = np.array(start)
    _ = found.hessian_formulas  # says so where f is real nowhere, or too long
    if not np.isfinite(found.value(here)) or not np.isfinite(found.gradient(here)).all():
        x, y = start
        raise UserError(
            f"{where}, column {column}: f or its slope is no finite number at the start {x:g}, {y:g}; start elsewhere"
        )
