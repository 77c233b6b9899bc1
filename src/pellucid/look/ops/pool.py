"""Pooling over windows, and over a fixed number of parts."""

import itertools
import math
from functools import partial

import numpy as np

from pellucid.look.ops.conv import Sizes, pad, windows
from pellucid.look.ops.registry import Array, Ints, on_last_axes, per_axis, reference

# --- windows ----------------------------------------------------------------------------------------------------------


def _padding_after(space: Sizes, kernel: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, ceil: bool) -> Sizes:
    """How much to add (or crop) behind each axis so that the windows are as many as ATen counts.

    With `ceil_mode` a last window may hang over the end, unless it would start in the padding behind it.
    """
    after = []
    for n, k, s, p, d in zip(space, kernel, stride, padding, dilation, strict=True):
        reach = d * (k - 1) + 1
        steps = n + 2 * p - reach
        count = -(-steps // s) + 1 if ceil else steps // s + 1
        if ceil and (count - 1) * s >= n + p:
            count -= 1
        after.append((count - 1) * s + reach - n - p)
    return tuple(after)


def _max_pool_with_indices(
    n: int, x: Array, kernel_size: Ints, stride: Ints = (), padding: Ints = 0, dilation: Ints = 1,
    ceil_mode: bool = False,
) -> tuple[Array, Array]:  # fmt: skip
    """(..., *space) → (..., *out): the largest of each window, and where it is in the flattened space."""
    kernel, padding, dilation = per_axis(kernel_size, n), per_axis(padding, n), per_axis(dilation, n)
    stride = kernel if stride in ((), []) else per_axis(stride, n)
    space = x.shape[-n:]
    after = _padding_after(space, kernel, stride, padding, dilation, ceil_mode)
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    seen = windows(pad(x, padding, after, lowest), kernel, stride, dilation)
    place = np.arange(math.prod(space)).reshape(space)
    places = windows(pad(place, padding, after, -1), kernel, stride, dilation)  # -1 in the padding
    seen = seen.reshape(*seen.shape[:-n], -1)
    places = places.reshape(*places.shape[:-n], -1)
    best = seen.max(axis=-1)
    first = np.argmax(((seen == best[..., None]) | np.isnan(seen)) & (places >= 0), axis=-1)
    return best, np.take_along_axis(np.broadcast_to(places, seen.shape), first[..., None], axis=-1)[..., 0]


def _max_pool(n: int, x: Array, kernel_size: Ints, *rest: Ints) -> Array:
    return _max_pool_with_indices(n, x, kernel_size, *rest)[0]  # type: ignore[arg-type]


def _avg_pool(
    n: int, x: Array, kernel_size: Ints, stride: Ints = (), padding: Ints = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: int | None = None,
) -> Array:  # fmt: skip
    """(..., *space) → (..., *out): the sum of each window over the number of places in it that count"""
    kernel, padding, one = per_axis(kernel_size, n), per_axis(padding, n), (1,) * n
    stride = kernel if stride in ((), []) else per_axis(stride, n)
    space = x.shape[-n:]
    after = _padding_after(space, kernel, stride, padding, one, ceil_mode)
    over = tuple(range(-n, 0))
    sums = windows(pad(x, padding, after), kernel, stride, one).sum(axis=over)
    if divisor_override is not None:
        return sums / divisor_override
    if count_include_pad:  # the padding asked for, but not what ceil_mode adds
        counted = np.ones([size + 2 * p for size, p in zip(space, padding, strict=True)])
        counted = pad(counted, (0,) * n, tuple(a - p for a, p in zip(after, padding, strict=True)))
    else:
        counted = pad(np.ones(space), padding, after)
    return sums / windows(counted, kernel, stride, one).sum(axis=over)


for _n in (1, 2, 3):
    reference(f"max_pool{_n}d_with_indices", exact=True)(partial(_max_pool_with_indices, _n))
    reference(f"max_pool{_n}d", exact=True)(partial(_max_pool, _n))
    reference(f"avg_pool{_n}d", multilinear=True)(partial(_avg_pool, _n))

# --- a fixed number of parts: part i of o covers ⌊i·n/o⌋ up to ⌈(i + 1)·n/o⌉, so parts may overlap --------------------


def _parts(n: int, count: int) -> list[slice]:
    return [slice(i * n // count, -(-(i + 1) * n // count)) for i in range(count)]


def _adaptive_avg_pool(n: int, x: Array, output_size: Ints) -> Array:
    """The mean of each part. A part is a box, so one axis after the other will do."""
    for axis, count in zip(range(-n, 0), per_axis(output_size, n), strict=True):
        moved = np.moveaxis(x, axis, -1)
        means = [moved[..., part].mean(axis=-1) for part in _parts(moved.shape[-1], count)]
        x = np.moveaxis(np.stack(means, axis=-1), -1, axis)
    return x


def _adaptive_max_pool(n: int, x: Array, output_size: Ints) -> tuple[Array, Array]:
    """The largest of each part, and where it is in the flattened space"""
    size, space = per_axis(output_size, n), x.shape[-n:]
    place = np.arange(math.prod(space)).reshape(space)
    best, at = [], []
    for box in itertools.product(*(_parts(m, count) for m, count in zip(space, size, strict=True))):
        seen = x[on_last_axes(box)].reshape(*x.shape[:-n], -1)
        best.append(seen.max(axis=-1))
        at.append(place[box].reshape(-1)[seen.argmax(axis=-1)])
    shape = (*x.shape[:-n], *size)
    return np.stack(best, axis=-1).reshape(shape), np.stack(at, axis=-1).reshape(shape)


for _n in (1, 2, 3):
    _kinds = [f"adaptive_avg_pool{_n}d"] + [f"_adaptive_avg_pool{_n}d"] * (_n > 1)
    reference(*_kinds, multilinear=True)(partial(_adaptive_avg_pool, _n))
    reference(f"adaptive_max_pool{_n}d", exact=True)(partial(_adaptive_max_pool, _n))
