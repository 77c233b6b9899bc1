"""Reading and writing by index or mask."""

from typing import Any

import numpy as np

from pellucid.look.ops.registry import Array, Operand, Scalar, cast, reference

# --- read -------------------------------------------------------------------------------------------------------------


def _places(indices: list[Array | None]) -> tuple[Any, ...]:
    """None takes the whole axis; arrays of indices, or masks, broadcast together as in NumPy."""
    return tuple(slice(None) if index is None else index for index in indices)


def _along(dim: int, index: Array) -> tuple[Array, ...]:
    """The place that each element of an index array means: its own coordinates, but the index along `dim`."""
    places: list[Array] = list(np.indices(index.shape, sparse=True))
    places[dim] = index
    return tuple(places)


@reference("index", "_unsafe_index", exact=True)
def index(x: Array, indices: list[Array | None]) -> Array:
    return x[_places(indices)]


@reference("index_select", exact=True)
def index_select(x: Array, dim: int, index: Array) -> Array:
    return np.take(x, np.atleast_1d(index), axis=dim) if x.ndim else x


@reference("gather", exact=True)
def gather(x: Array, dim: int, index: Array, *, sparse_grad: bool = False) -> Array:
    """out[i, j] = x[index[i, j], j] for dim 0, x[i, index[i, j]] for dim 1, ..."""
    if x.ndim == 0 or index.ndim == 0:
        return x.reshape(-1)[np.atleast_1d(index)].reshape(index.shape)
    return x[_along(dim, index)]


@reference("take", exact=True)
def take(x: Array, index: Array) -> Array:
    return x.reshape(-1)[index]


@reference("masked_select", exact=True)
def masked_select(x: Array, mask: Array) -> Array:
    x, mask = np.broadcast_arrays(x, mask)
    return x[mask]


@reference("nonzero", exact=True)
def nonzero(x: Array) -> Array:
    """The coordinates of each element that is not 0: (count, axes)"""
    return np.argwhere(x)


# --- write ------------------------------------------------------------------------------------------------------------


@reference("masked_fill", exact=True)
def masked_fill(x: Array, mask: Array, value: Operand) -> Array:
    return np.where(mask, np.asarray(value).astype(x.dtype), x)


@reference("masked_scatter", exact=True)
def masked_scatter(x: Array, mask: Array, source: Array) -> Array:
    """The places of the mask, in order, take the numbers of the source, in order."""
    x, mask = np.broadcast_arrays(x, mask)
    out = x.copy()
    out[mask] = source.reshape(-1)[: mask.sum()]
    return out


@reference("index_put", "_index_put_impl", "_unsafe_index_put")
def index_put(
    x: Array, indices: list[Array | None], values: Array, accumulate: bool = False, unsafe: bool = False
) -> Array:
    """x[indices] = values, or += values with every repeated index counted"""
    out = x.copy()
    if accumulate:
        np.add.at(out, _places(indices), values)
    else:
        out[_places(indices)] = values
    return out


@reference("index_add")
def index_add(x: Array, dim: int, index: Array, source: Array, *, alpha: Scalar = 1) -> Array:
    """out[index[i]] += alpha·source[i] along an axis"""
    out = x.copy()
    np.add.at(np.moveaxis(out, dim, 0), index, alpha * np.moveaxis(source, dim, 0))
    return out


@reference("index_copy", exact=True)
def index_copy(x: Array, dim: int, index: Array, source: Array) -> Array:
    out = x.copy()
    np.moveaxis(out, dim, 0)[index] = np.moveaxis(source, dim, 0)
    return out


@reference("index_fill", exact=True)
def index_fill(x: Array, dim: int, index: Array, value: Operand) -> Array:
    out = x.copy()
    np.moveaxis(out, dim, 0)[index] = value
    return out


@reference("scatter")
def scatter(x: Array, dim: int, index: Array, source: Operand, *, reduce: str | None = None) -> Array:
    """out[index[i, j], j] = source[i, j] for dim 0, ...; or += ("add"), or *= ("multiply")"""
    out = x.copy()
    part = _like(index, source)
    if reduce is None:
        out[_along(dim, index)] = cast(part, str(x.dtype))
    else:
        {"add": np.add, "multiply": np.multiply}[reduce].at(out, _along(dim, index), part)
    return out


def _like(index: Array, source: Operand) -> Array:
    """The part of the source that the index array covers."""
    source = np.asarray(source)
    return source[tuple(slice(n) for n in index.shape)] if source.ndim else np.broadcast_to(source, index.shape)


@reference("scatter_add")
def scatter_add(x: Array, dim: int, index: Array, source: Array) -> Array:
    return scatter(x, dim, index, source, reduce="add")


@reference("scatter_reduce")
def scatter_reduce(x: Array, dim: int, index: Array, source: Array, reduce: str, *, include_self: bool = True) -> Array:
    """Like scatter, with "sum", "prod", "mean", "amax" or "amin" of what meets at a place, and of x there if asked."""
    ufunc, start = {
        "sum": (np.add, 0.0), "mean": (np.add, 0.0), "prod": (np.multiply, 1.0),
        "amax": (np.maximum, -np.inf), "amin": (np.minimum, np.inf),
    }[reduce]  # fmt: skip
    places, part = _along(dim, index), _like(index, source)
    count = np.zeros(x.shape, dtype=np.int64)
    np.add.at(count, places, 1)
    out = x.copy() if include_self else np.where(count > 0, start, x).astype(x.dtype)
    ufunc.at(out, places, part)
    if reduce == "mean":
        count = np.maximum(count + include_self, 1)
        out = out / count if x.dtype.kind == "f" else out // count
    return out
