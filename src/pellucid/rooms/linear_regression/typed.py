"""Numbers as people write them: in a cell of a file, and in one example (`size = 120, rooms = 3`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pellucid.core.errors import UserError, closest
from pellucid.rooms.linear_regression import CARD

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def no_number(text: str) -> str:
    """Why a cell or a typed value is no number that can be computed with; empty where it is one."""
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity", "na", "n/a", "null", "none"):
        return f"{text!r} is no number to compute with; leave it out"
    if not NUMBER.fullmatch(text):
        short = text if len(text) <= 40 else text[:39] + "…"
        bare = text.replace(",", "")
        hint = f"; write {bare}" if "," in text and NUMBER.fullmatch(bare) else "; digits are needed, like 12.5"
        return f"{short!r} is not a number{hint}"
    if not abs(float(text)) < 1e100:
        return f"{text!r} is too large to compute with; use another unit"
    return ""


def parse(text: str, features: Sequence[str]) -> NDArray[np.float64]:
    """`size = 120, rooms = 3` as numbers in the order of the features; UserError names the line and what would do."""
    found: dict[str, float] = {}
    for number, line in enumerate(text.splitlines() or [text], start=1):
        for part in filter(str.strip, re.split("[,;，；、]", line)):
            name, value = named_number(part, f"{CARD.input.name}, line {number}: ", features)
            if name in found:
                raise UserError(f"{CARD.input.name}, line {number}: {name} stands there twice; write it once")
            found[name] = value
    if lost := [name for name in features if name not in found]:
        verb = "is" if len(lost) == 1 else "are"
        raise UserError(
            f"{CARD.input.name}: {', '.join(lost)} {verb} missing; write "
            + ", ".join(f"{name} = {f'{found[name]:g}' if name in found else '…'}" for name in features)
        )
    return np.array([found[name] for name in features])


def named_number(part: str, where: str, features: Sequence[str]) -> tuple[str, float]:
    """`size = 120` taken apart."""
    name, equals, value = (piece.strip() for piece in re.sub("[＝：:]", "=", part).partition("="))
    if not equals:
        hint = "; write numbers without a thousands separator" if value == "" and NUMBER.fullmatch(name) else ""
        raise UserError(f"{where}{part.strip()[:40]!r} is not name = number{hint}")
    if name not in features:
        raise UserError(
            f"{where}{name[:40]!r} is no feature of this run{closest(name, features) or '.'} "
            f"It has: {', '.join(features)}"
        )
    if trouble := no_number(value):
        raise UserError(f"{where}{name}: {trouble}")
    return name, float(value)
