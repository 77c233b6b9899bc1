"""`metrics.jsonl`: one JSON object a line, only ever appended to, whole again after a kill."""

from __future__ import annotations

import contextlib
import heapq
import json
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pellucid.core.errors import UserError


def append(file: Path, values: Mapping[str, Any]) -> None:
    """Add a line, on a line of its own whatever a kill left there."""
    line = json.dumps(values, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        with file.open("ab") as stream:
            stream.write(b"\n" * torn(file) + line.encode())
    except OSError as error:
        raise UserError(f"{file}: cannot be written: {error.strerror}; make room or choose another place") from None


def read(file: Path, kind: str | None = None) -> Iterator[dict[str, Any]]:
    """What counts, in order of steps, of one kind or of all. A line replaces those of its kind with its step or a
    later one: a killed run goes on from before what it had logged. Torn lines are passed over."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for text in file.read_bytes().split(b"\n") if file.exists() else ():
        if line := parse(text):
            earlier = lines.setdefault(line.get("kind", ""), [])
            while earlier and earlier[-1]["step"] >= line["step"]:
                earlier.pop()
            earlier.append(line)
    chosen = lines.values() if kind is None else [lines.get(kind, [])]
    return heapq.merge(*chosen, key=lambda line: line["step"])


def parse(text: bytes) -> dict[str, Any] | None:
    """One line; None where it is torn, or not ours."""
    try:
        line = json.loads(text.decode(), parse_constant=_finite, parse_float=_finite)
        fits = isinstance(line["step"], int) and isinstance(line.get("kind", ""), str)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return line if fits else None


def torn(file: Path) -> bool:
    """Does this file of lines end in the middle of one?"""
    with contextlib.suppress(FileNotFoundError), file.open("rb") as stream:
        if stream.seek(0, os.SEEK_END):
            stream.seek(-1, os.SEEK_END)
            return stream.read(1) != b"\n"
    return False


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError(f"{text} is not a JSON number")
    return value
