"""Tensors made from nothing but a shape and a few numbers."""

from typing import Any

import numpy as np

from pellucid.look.ops.registry import Array, Operand, Scalar, cast, reference


def _filled(size: tuple[int, ...] | list[int], value: Operand, dtype: str | None) -> Array:
    return np.broadcast_to(cast(value, dtype), tuple(size))


# Device, layout, memory format and pinning come as keywords too (`_`) and change no number.


@reference("zeros", exact=True)
def zeros(size: list[int], *, dtype: str | None = None, **_: Any) -> Array:
    return _filled(size, 0.0, dtype)


@reference("ones", exact=True)
def ones(size: list[int], *, dtype: str | None = None, **_: Any) -> Array:
    return _filled(size, 1.0, dtype)


@reference("full", exact=True)
def full(size: list[int], fill_value: Scalar, *, dtype: str | None = None, **_: Any) -> Array:
    return _filled(size, fill_value, dtype)


@reference("scalar_tensor", exact=True)
def scalar_tensor(value: Scalar, *, dtype: str | None = None, **_: Any) -> Array:
    return cast(float(value), dtype)


@reference("zeros_like", exact=True)
def zeros_like(x: Array, *, dtype: str | None = None, **_: Any) -> Array:
    return cast(np.zeros_like(x), dtype)


@reference("ones_like", exact=True)
def ones_like(x: Array, *, dtype: str | None = None, **_: Any) -> Array:
    return cast(np.ones_like(x), dtype)


@reference("full_like", exact=True)
def full_like(x: Array, fill_value: Scalar, *, dtype: str | None = None, **_: Any) -> Array:
    return cast(np.full_like(x, fill_value), None) if dtype is None else _filled(x.shape, fill_value, dtype)


@reference("new_zeros", exact=True)
def new_zeros(x: Array, size: list[int], *, dtype: str | None = None, **_: Any) -> Array:
    return zeros_like(np.empty(size, x.dtype), dtype=dtype)


@reference("new_ones", exact=True)
def new_ones(x: Array, size: list[int], *, dtype: str | None = None, **_: Any) -> Array:
    return ones_like(np.empty(size, x.dtype), dtype=dtype)


@reference("new_full", exact=True)
def new_full(x: Array, size: list[int], fill_value: Scalar, *, dtype: str | None = None, **_: Any) -> Array:
    return full_like(np.empty(size, x.dtype), fill_value, dtype=dtype)


@reference("empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided")
def empty(*_: Any, **__: Any) -> None:
    """Memory as it was found: whatever is in it is right."""
    return


@reference("zero", exact=True)
def zero(x: Array) -> Array:
    return np.zeros_like(x)


@reference("fill", exact=True)
def fill(x: Array, value: Operand) -> Array:
    return np.broadcast_to(np.asarray(value).astype(x.dtype), x.shape)


@reference("arange")
def arange(start: Scalar, end: Scalar | None = None, step: Scalar = 1, *, dtype: str | None = None, **_: Any) -> Array:
    """start, start + step, ... below end; `arange(n)` counts from 0. Integers unless one of them is a float."""
    start, end = (0, start) if end is None else (start, end)
    count = max(int(np.ceil((end - start) / step)), 0)
    numbers = start + step * np.arange(count)
    return cast(numbers.astype(np.result_type(start, end, step)), dtype)


@reference("linspace")
def linspace(start: Scalar, end: Scalar, steps: int, *, dtype: str | None = None, **_: Any) -> Array:
    return cast(np.linspace(start, end, steps), dtype)


@reference("eye", exact=True)
def eye(n: int, m: int | None = None, *, dtype: str | None = None, **_: Any) -> Array:
    return cast(np.eye(n, m), dtype)


@reference("tril_indices", exact=True)
def tril_indices(row: int, col: int, offset: int = 0, *, dtype: str | None = None, **_: Any) -> Array:
    return cast(np.stack(np.tril_indices(row, offset, col)), dtype)


@reference("triu_indices", exact=True)
def triu_indices(row: int, col: int, offset: int = 0, *, dtype: str | None = None, **_: Any) -> Array:
    return cast(np.stack(np.triu_indices(row, offset, col)), dtype)


@reference("_local_scalar_dense", exact=True)
def item(x: Array) -> Array:
    """The one number in a tensor, as `.item()` hands it to Python."""
    return x.reshape(())


@reference("native_dropout")
def native_dropout(x: Array, p: float, train: bool | None) -> tuple[Array, Array] | tuple[None, None]:
    """Without training the input and a mask that keeps all; in training chance decides, so nothing to check."""
    return (None, None) if train or train is None else (x, np.ones(x.shape, dtype=np.bool_))
