"""Many numbers to few: sums, extremes, spreads, orders, running totals."""

from collections.abc import Callable

import numpy as np

from pellucid.look.ops.registry import Array, Ints, Operand, Scalar, axes, cast, reference

# --- sums and products ------------------------------------------------------------------------------------------------


def _widened(x: Array, dtype: str | None) -> Array:
    """Sums of bool and of small integers are int64."""
    return x.astype(np.int64) if dtype is None and x.dtype.kind in "bui" else cast(x, dtype)


@reference("sum", multilinear=True)
def total(x: Array, dim: Ints | None = None, keepdim: bool = False, *, dtype: str | None = None) -> Array:
    return _widened(x, dtype).sum(axis=axes(dim, x.ndim), keepdims=keepdim)


@reference("nansum", multilinear=True)
def nansum(x: Array, dim: Ints | None = None, keepdim: bool = False, *, dtype: str | None = None) -> Array:
    return np.nansum(_widened(x, dtype), axis=axes(dim, x.ndim), keepdims=keepdim)


@reference("mean", multilinear=True)
def mean(x: Array, dim: Ints | None = None, keepdim: bool = False, *, dtype: str | None = None) -> Array:
    """The sum over the count; of nothing NaN."""
    along = axes(dim, x.ndim)
    count = np.prod([x.shape[d] for d in along], dtype=np.float64)
    return cast(x, dtype).sum(axis=along, keepdims=keepdim) / count


@reference("prod", multilinear=True)
def prod(x: Array, dim: int | None = None, keepdim: bool = False, *, dtype: str | None = None) -> Array:
    return _widened(x, dtype).prod(axis=axes(dim, x.ndim), keepdims=keepdim)


@reference("cumsum", multilinear=True)
def cumsum(x: Array, dim: int, *, dtype: str | None = None) -> Array:
    return np.cumsum(np.atleast_1d(_widened(x, dtype)), axis=dim).reshape(x.shape)


@reference("cumprod", multilinear=True)
def cumprod(x: Array, dim: int, *, dtype: str | None = None) -> Array:
    return np.cumprod(np.atleast_1d(_widened(x, dtype)), axis=dim).reshape(x.shape)


@reference("logsumexp")
def logsumexp(x: Array, dim: Ints, keepdim: bool = False) -> Array:
    """log Σ exp(x), with the maximum subtracted first; -∞ and ∞ stay what they are."""
    along = axes(dim, x.ndim)
    x = np.asarray(x, dtype=np.float64)
    top = x.max(axis=along, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(top), top, 0)
    out = np.log(np.exp(x - shift).sum(axis=along, keepdims=True)) + shift
    return out if keepdim else out.squeeze(along)


@reference("count_nonzero", exact=True)
def count_nonzero(x: Array, dim: Ints | None = None) -> Array:
    return np.asarray(np.count_nonzero(x, axis=axes(dim, x.ndim)))


@reference("bincount")
def bincount(x: Array, weights: Array | None = None, minlength: int = 0) -> Array:
    return np.bincount(x, weights, minlength)


# --- the spread -------------------------------------------------------------------------------------------------------


@reference("var_mean")
def var_mean(
    x: Array, dim: Ints | bool | None = None, unbiased: bool = True, keepdim: bool = False, *,
    correction: Scalar | None = None,
) -> tuple[Array, Array]:  # fmt: skip
    """Σ (x - mean)² / max(n - correction, 0), and the mean. ATen's oldest form has `unbiased` in the place of `dim`."""
    old_form = isinstance(dim, bool)
    along = axes(None if old_form else dim, x.ndim)
    unbiased = bool(dim) if old_form else unbiased
    degrees = 1 if correction is None and unbiased else correction or 0
    count = np.prod([x.shape[d] for d in along], dtype=np.float64)
    center = x.mean(axis=along, keepdims=True)
    variance = ((x - center) ** 2).sum(axis=along, keepdims=keepdim) / max(count - degrees, 0)
    return variance, center if keepdim else center.squeeze(along)


@reference("std_mean")
def std_mean(
    x: Array, dim: Ints | bool | None = None, unbiased: bool = True, keepdim: bool = False, *,
    correction: Scalar | None = None,
) -> tuple[Array, Array]:  # fmt: skip
    variance, center = var_mean(x, dim, unbiased, keepdim, correction=correction)
    return np.sqrt(variance), center


@reference("var")
def var(
    x: Array, dim: Ints | bool | None = None, unbiased: bool = True, keepdim: bool = False, *,
    correction: Scalar | None = None,
) -> Array:  # fmt: skip
    return var_mean(x, dim, unbiased, keepdim, correction=correction)[0]


@reference("std")
def std(
    x: Array, dim: Ints | bool | None = None, unbiased: bool = True, keepdim: bool = False, *,
    correction: Scalar | None = None,
) -> Array:  # fmt: skip
    return np.sqrt(var_mean(x, dim, unbiased, keepdim, correction=correction)[0])


@reference("linalg_vector_norm")
def vector_norm(
    x: Array, ord: Scalar = 2, dim: Ints | None = None, keepdim: bool = False, *, dtype: str | None = None
) -> Array:
    """(Σ |x|ᵖ)^(1/p); p = 0 counts what is not 0, ±∞ takes the largest or smallest |x|."""
    size, along = np.abs(cast(x, dtype)), axes(dim, x.ndim)
    if ord == np.inf:
        return size.max(axis=along, keepdims=keepdim, initial=0)
    if ord == -np.inf:
        return size.min(axis=along, keepdims=keepdim)
    if ord == 0:
        return (size != 0).sum(axis=along, keepdims=keepdim).astype(np.float64)
    return (size**ord).sum(axis=along, keepdims=keepdim) ** (1 / ord)


@reference("norm")
def norm(
    x: Array, p: Scalar | None = 2, dim: Ints | None = None, keepdim: bool = False, *, dtype: str | None = None
) -> Array:
    return vector_norm(x, 2 if p is None else p, dim, keepdim, dtype=dtype)


@reference("dist")
def dist(a: Array, b: Array, p: Scalar = 2) -> Array:
    return vector_norm(a - b, p)


# --- extremes ---------------------------------------------------------------------------------------------------------


def _extreme(
    best: np.ufunc, where: Callable[..., Array], x: Array, dim: int | Array | None, keepdim: bool
) -> Array | tuple[Array, Array]:
    """Of everything; of two tensors, elementwise; or along an axis with the index of the first such element."""
    if dim is None:
        return best.reduce(x, axis=None)
    if isinstance(dim, np.ndarray):
        return best(x, dim)
    if x.ndim == 0:
        return x, np.zeros((), dtype=np.int64)
    return best.reduce(x, axis=dim, keepdims=keepdim), where(x, axis=dim, keepdims=keepdim)


@reference("max", exact=True)
def maximum_of(x: Array, dim: int | Array | None = None, keepdim: bool = False) -> Array | tuple[Array, Array]:
    return _extreme(np.maximum, np.argmax, x, dim, keepdim)


@reference("min", exact=True)
def minimum_of(x: Array, dim: int | Array | None = None, keepdim: bool = False) -> Array | tuple[Array, Array]:
    return _extreme(np.minimum, np.argmin, x, dim, keepdim)


@reference("amax", exact=True)
def amax(x: Array, dim: Ints | None = None, keepdim: bool = False) -> Array:
    return x.max(axis=axes(dim, x.ndim), keepdims=keepdim)


@reference("amin", exact=True)
def amin(x: Array, dim: Ints | None = None, keepdim: bool = False) -> Array:
    return x.min(axis=axes(dim, x.ndim), keepdims=keepdim)


@reference("aminmax", exact=True)
def aminmax(x: Array, *, dim: int | None = None, keepdim: bool = False) -> tuple[Array, Array]:
    return amin(x, dim, keepdim), amax(x, dim, keepdim)


def _where_extreme(find: Callable[..., Array], x: Array, dim: int | None, keepdim: bool) -> Array:
    return find(x, axis=dim, keepdims=keepdim) if x.ndim else np.zeros((), dtype=np.int64)


@reference("argmax", exact=True)
def argmax(x: Array, dim: int | None = None, keepdim: bool = False) -> Array:
    """The index of the first largest element: along an axis, or in the flattened array"""
    return _where_extreme(np.argmax, x, dim, keepdim)


@reference("argmin", exact=True)
def argmin(x: Array, dim: int | None = None, keepdim: bool = False) -> Array:
    return _where_extreme(np.argmin, x, dim, keepdim)


@reference("any", exact=True)
def any_of(x: Array, dim: Ints | None = None, keepdim: bool = False) -> Array:
    return np.any(x, axis=axes(dim, x.ndim), keepdims=keepdim)


@reference("all", exact=True)
def all_of(x: Array, dim: Ints | None = None, keepdim: bool = False) -> Array:
    return np.all(x, axis=axes(dim, x.ndim), keepdims=keepdim)


@reference("cummax", exact=True)
def cummax(x: Array, dim: int) -> tuple[Array, Array]:
    """The largest so far, and where it last stood"""
    return _running(np.maximum, x, dim)


@reference("cummin", exact=True)
def cummin(x: Array, dim: int) -> tuple[Array, Array]:
    return _running(np.minimum, x, dim)


def _running(best: np.ufunc, x: Array, dim: int) -> tuple[Array, Array]:
    x = np.moveaxis(x, dim, -1)
    values = best.accumulate(x, axis=-1)
    here = np.where((x == values) | np.isnan(x), np.arange(x.shape[-1]), 0)
    return np.moveaxis(values, -1, dim), np.moveaxis(np.maximum.accumulate(here, axis=-1), -1, dim)


# --- order ------------------------------------------------------------------------------------------------------------


def _order(x: Array, dim: int, descending: bool) -> Array:
    """Indices that sort, equal elements in their old order; NaN counts as largest."""
    if not descending:
        return np.argsort(x, axis=dim, kind="stable")
    return x.shape[dim] - 1 - np.flip(np.argsort(np.flip(x, dim), axis=dim, kind="stable"), dim)


@reference("sort", exact=True)
def sort(
    x: Array, dim: int = -1, descending: bool = False, *, stable: bool | None = None
) -> tuple[Array, Array | None]:
    """Sorted values and their old indices. Unless stable, the order of equal elements is left open: then no indices."""
    values, order = _sorted(x, dim, descending)
    return values, order if stable or not _tied(values, dim) else None


def _sorted(x: Array, dim: int, descending: bool) -> tuple[Array, Array]:
    if x.ndim == 0:
        return x, np.zeros((), dtype=np.int64)
    order = _order(x, dim, descending)
    return np.take_along_axis(x, order, dim), order


def _tied(values: Array, dim: int) -> bool:
    """Whether neighbours among sorted values are equal; two NaN count as equal."""
    if values.ndim == 0:
        return False
    left, right = (np.moveaxis(values, dim, 0)[part] for part in (slice(None, -1), slice(1, None)))
    return bool(np.any((left == right) | ((left != left) & (right != right))))


@reference("argsort", exact=True)
def argsort(x: Array, dim: int = -1, descending: bool = False, *, stable: bool | None = None) -> Array | None:
    return sort(x, dim, descending, stable=stable)[1]


@reference("topk", exact=True)
def topk(
    x: Array, k: int, dim: int = -1, largest: bool = True, sorted: bool = True
) -> tuple[Array | None, Array | None]:
    """The k largest (smallest), in order. Which of equal elements comes first is left open: then no indices.

    Unsorted they come in any order, with which nothing can be compared.
    """
    if not sorted:
        return None, None
    values, order = _sorted(x, dim, largest)
    if x.ndim == 0:
        return values, order
    before = (slice(None),) * (dim % x.ndim)
    tied = _tied(values[(*before, slice(0, k + 1))], dim)  # the one after the last might have been taken instead
    return values[(*before, slice(0, k))], None if tied else order[(*before, slice(0, k))]


@reference("kthvalue", exact=True)
def kthvalue(x: Array, k: int, dim: int = -1, keepdim: bool = False) -> tuple[Array, Array | None]:
    """The k-th smallest, counted from 1. Which of equal elements it is is left open: then no index."""
    if x.ndim == 0:
        return x, np.zeros((), dtype=np.int64)
    values, order = _sorted(x, dim, False)
    value, index = (np.take(a, [k - 1], axis=dim) for a in (values, order))
    tied = bool(np.any((x == value).sum(axis=dim) > 1))
    value, index = (a if keepdim else a.squeeze(dim) for a in (value, index))
    return value, None if tied else index


@reference("median", exact=True)
def median(x: Array, dim: int | None = None, keepdim: bool = False) -> Array | tuple[Array, Array | None]:
    """The lower of the two in the middle; NaN if there is one."""
    if dim is None:
        value: Array = np.sort(x, axis=None)[(x.size - 1) // 2]
        return np.asarray(np.nan) if np.isnan(x).any() else value
    return kthvalue(x, (x.shape[dim] + 1) // 2 if x.ndim else 1, dim, keepdim)


@reference("searchsorted", exact=True)
def searchsorted(
    boundaries: Array, x: Operand, *,
    out_int32: bool = False, right: bool = False, side: str | None = None, sorter: Array | None = None,
) -> Array:  # fmt: skip
    """How many boundaries are below x, or not above it; boundaries (..., n) go with the rows of x (..., m)."""
    if sorter is not None:
        boundaries = np.take_along_axis(boundaries, sorter, -1)
    if boundaries.ndim == 1:
        return np.asarray(np.searchsorted(boundaries, x, "right" if right or side == "right" else "left"))
    compare = np.less_equal if right or side == "right" else np.less
    return compare(boundaries[..., None, :], np.asarray(x)[..., :, None]).sum(axis=-1)


@reference("bucketize", exact=True)
def bucketize(x: Operand, boundaries: Array, *, out_int32: bool = False, right: bool = False) -> Array:
    return searchsorted(boundaries, x, right=right)
