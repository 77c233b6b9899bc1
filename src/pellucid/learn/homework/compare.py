"""Is what came back what the worked solution gives? If not: in what, where, and by how much."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid.learn.homework.wire import Unknown


@dataclass(frozen=True)
class Difference:
    """key: which sentence of texts.py says it. expected, got: as a person reads them."""

    key: str
    expected: str
    got: str
    index: tuple[int | str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)


def difference(expected: Any, got: Any, rtol: float, atol: float) -> Difference | None:
    """The first difference; None where the two are equal (numbers: within the tolerances)."""
    return _differ(expected, got, rtol, atol, ())


def _differ(expected: Any, got: Any, rtol: float, atol: float, at: tuple[int | str, ...]) -> Difference | None:
    expected, got = _plain(expected), _plain(got)
    wanted, found = kind(expected), kind(got)
    if wanted == "number" and found == "number":
        return None if _close(expected, got, rtol, atol) else _apart(expected, got, at)
    if wanted == "array" and found == "array":
        return _arrays(np.asarray(expected), np.asarray(got), rtol, atol, at)
    if wanted != found:
        return Difference("type", about(expected), about(got), at)
    if wanted == "sequence":
        if len(expected) != len(got):
            return Difference("length", str(len(expected)), str(len(got)), at)
        pairs = ((i, a, b) for i, (a, b) in enumerate(zip(expected, got, strict=True)))
        return next((d for i, a, b in pairs if (d := _differ(a, b, rtol, atol, (*at, i)))), None)
    if wanted == "dictionary":
        if set(map(repr, expected)) != set(map(repr, got)):
            return Difference("keys", show(sorted(map(str, expected))), show(sorted(map(str, got))), at)
        return next((d for k in expected if (d := _differ(expected[k], got[k], rtol, atol, (*at, str(k))))), None)
    same = expected == got and wanted != "unknown"
    return None if same else Difference("value", show(expected), show(got), at)


def _plain(value: Any) -> Any:
    """An array of no dimension is a number."""
    return value.item() if isinstance(value, np.ndarray) and not value.ndim else value


def _arrays(expected: Any, got: Any, rtol: float, atol: float, at: tuple[int | str, ...]) -> Difference | None:
    if expected.shape != got.shape:
        return Difference("shape", about(expected), about(got), at)
    if (expected.dtype.kind == "b") != (got.dtype.kind == "b") or (got.dtype.kind == "c" != expected.dtype.kind):
        return Difference("dtype", about(expected), about(got), at)
    exact = expected.dtype.kind in "biu"
    with np.errstate(all="ignore"):
        near = expected == got if exact else np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
    if near.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~near)[0])
    first = _apart(expected[index].item(), got[index].item(), (*at, *index))
    count = {"wrong": int((~near).sum()), "total": int(near.size)}
    return Difference(first.key, first.expected, first.got, first.index, count)


def _apart(expected: Any, got: Any, at: tuple[int | str, ...]) -> Difference:
    nothing = isinstance(got, float) and got != got
    return Difference("nan" if nothing else "value", show(expected), show(got), at)


def _close(expected: Any, got: Any, rtol: float, atol: float) -> bool:
    if isinstance(got, complex) and not isinstance(expected, complex):
        return False
    if isinstance(expected, int):
        return bool(expected == got)
    try:
        with np.errstate(all="ignore"):
            return bool(np.isclose(complex(got), complex(expected), rtol=rtol, atol=atol, equal_nan=True))
    except OverflowError:  # an integer beyond all floats
        return False


def kind(value: Any) -> str:
    """What sort of value it is, numbers of all types alike."""
    if isinstance(value, np.ndarray):
        return "array"
    if value is None:
        return "nothing"
    for name, types in _KINDS.items():
        if isinstance(value, types):
            return name
    return "unknown"


_KINDS: dict[str, Any] = {
    "truth": bool,
    "number": (int, float, complex),
    "text": str,
    "sequence": (list, tuple),
    "dictionary": dict,
}


def about(value: Any) -> str:
    """Its type and shape, in the words of Python."""
    if isinstance(value, np.ndarray) and value.ndim:
        return f"array of shape {value.shape}, {value.dtype}"
    if isinstance(value, Unknown):
        return value.type
    if isinstance(value, list | tuple):
        return f"{type(value).__name__} of length {len(value)}"
    return f"{type(value).__name__} {show(value)}" if value is not None else "None"


def show(value: Any, width: int = 160) -> str:
    """A value on one line, cut where it is long, without what could steer a terminal."""
    if isinstance(value, np.ndarray):
        brief = value.size > 60
        text = (
            np.array2string(value, threshold=60, precision=6, separator=", ") if brief else show(value.tolist(), width)
        )
    elif isinstance(value, Unknown):
        text = value.text
    elif isinstance(value, float):
        short = f"{value:.10g}"
        text = f"{short}.0" if short.lstrip("-").isdigit() else short
    elif isinstance(value, list | tuple):
        inner = ", ".join(show(each, width) for each in value[:50]) + (", …" if len(value) > 50 else "")
        text = f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{k!r}: {show(v, width)}" for k, v in list(value.items())[:50]) + "}"
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**100:
        text = f"an integer of {value.bit_length()} bits"
    else:
        text = repr(value)
    text = " ".join(text.split())
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return text if len(text) <= width else f"{text[: width - 1]}…"
