"""Values on their way between two processes: plain data as tagged JSON. Nothing is unpickled, nothing is executed.

Standard library and NumPy only: the worker loads this file by its path, without the rest of Pellucid.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

DEEPEST = 50
KINDS = "biufc"  # of arrays: booleans, integers, real and complex numbers


@dataclass(frozen=True)
class Unknown:
    """Something that is no plain data: a function, a generator, an array of objects."""

    type: str
    text: str


def encode(value: Any, depth: int = 0) -> list[Any]:
    """Tagged lists that JSON can hold. What is no plain data becomes its type and a short text."""
    if depth > DEEPEST:
        return ["unknown", type(value).__name__, "nested too deeply"]
    if isinstance(value, np.ndarray) and value.dtype.kind in KINDS and value.dtype.itemsize <= 16:
        plain = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"))
        return ["array", plain.dtype.str, list(value.shape), base64.b64encode(plain.tobytes()).decode()]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool):
        return ["is", value]
    if isinstance(value, int):
        return ["int", hex(value)]  # of any size: decimal digits have a limit
    if isinstance(value, float):
        return ["float", float(value)]
    if isinstance(value, complex):
        return ["complex", value.real, value.imag]
    if isinstance(value, str):
        return ["text", str(value)]
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return [kind, [encode(each, depth + 1) for each in value]]
    if isinstance(value, dict):
        return ["dict", [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in value.items()]]
    return ["unknown", type(value).__name__, repr(value)[:200]]


def decode(coded: Any) -> Any:
    """The value again. ValueError for anything that `encode` does not write."""
    try:
        return _decode(coded, 0)
    except Exception as error:  # it was written by somebody's code: NumPy alone has five ways to refuse a dtype
        raise ValueError(f"not a coded value: {error}") from None


def _decode(coded: Any, depth: int) -> Any:
    kind = coded[0]
    if depth > DEEPEST + 1 or not isinstance(coded, list):
        raise ValueError("not a coded value")
    if kind == "array":
        _, code, shape, data = coded
        dtype = np.dtype(str(code))
        if dtype.kind not in KINDS or not all(isinstance(n, int) and n >= 0 for n in shape):
            raise ValueError("not an array of numbers")
        content = base64.b64decode(data, validate=True)
        if len(content) != math.prod(shape) * dtype.itemsize:
            raise ValueError("not as long as its shape says")
        return np.frombuffer(content, dtype).reshape(shape).astype(dtype.newbyteorder("="))  # a writable copy
    if kind == "is" and (coded[1] is None or isinstance(coded[1], bool)):
        return coded[1]
    if kind == "int":
        return int(coded[1], 16)
    if kind == "float":
        return float(coded[1])
    if kind == "complex":
        return complex(coded[1], coded[2])
    if kind == "text" and isinstance(coded[1], str):
        return coded[1]
    if kind in ("tuple", "list"):
        values = [_decode(each, depth + 1) for each in coded[1]]
        return tuple(values) if kind == "tuple" else values
    if kind == "dict":
        return {_decode(k, depth + 1): _decode(v, depth + 1) for k, v in coded[1]}
    if kind == "unknown":
        return Unknown(str(coded[1])[:100], str(coded[2])[:200])
    raise ValueError(f"not a coded value: {str(kind)[:20]!r}")


def as_arrays(value: Any) -> Any:
    """Nested lists of numbers as float64 arrays; lists that hold text, or rows of different lengths, stay lists."""
    if isinstance(value, list):
        try:
            made = np.array(value)
        except ValueError:
            made = np.array(None)
        if made.ndim and (made.dtype.kind in "biuf" or not made.size):
            return made.astype(np.float64)
        return [as_arrays(each) for each in value]
    if isinstance(value, tuple):
        return tuple(as_arrays(each) for each in value)
    if isinstance(value, dict):
        return {key: as_arrays(each) for key, each in value.items()}
    return value
