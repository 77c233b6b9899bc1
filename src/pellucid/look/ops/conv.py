"""Convolution: windows of the padded input, and one matrix product for each group."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pellucid.look.ops.registry import Array, Ints, on_last_axes, per_axis, reference

Sizes = tuple[int, ...]


def windows(x: Array, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Array:
    """(..., *space) → (..., *out, *kernel): what the kernel sees at each place. A view, nothing is copied."""
    n = len(kernel)
    reach = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    views = sliding_window_view(x, reach, axis=tuple(range(-n, 0)))
    return views[on_last_axes(slice(None, None, s) for s in (*stride, *dilation))]


def pad(x: Array, before: Sizes, after: Sizes, value: float = 0) -> Array:
    """Padded along the last axes; a negative number crops."""
    n = len(before)
    crop = [slice(max(-a, 0), size - max(-b, 0)) for size, a, b in zip(x.shape[-n:], before, after, strict=True)]
    widths = [(0, 0)] * (x.ndim - n) + [(max(a, 0), max(b, 0)) for a, b in zip(before, after, strict=True)]
    return np.pad(x[on_last_axes(crop)], widths, constant_values=value)


def _correlate(x: Array, weight: Array, stride: Sizes, dilation: Sizes, groups: int) -> Array:
    """out[b, o, p] = Σ over c, k of x[b, c, p·stride + k·dilation] · weight[o, c, k], within each group of channels.

    (B, C, *space), (O, C/groups, *kernel) → (B, O, *out). A correlation: the kernel is not flipped.
    """
    n = weight.ndim - 2
    seen = windows(x, weight.shape[2:], stride, dilation)  # B, C, *out, *kernel
    batch, channels, *out = seen.shape[: 2 + n]
    seen = seen.reshape(batch, groups, channels // groups, *seen.shape[2:])
    seen = np.moveaxis(seen, (1, 2), (0, 2 + n))  # groups, B, *out, C/groups, *kernel
    columns = seen.reshape(groups, batch * math.prod(out), math.prod(weight.shape[1:]))
    rows = weight.reshape(groups, weight.shape[0] // groups, math.prod(weight.shape[1:]))
    product = columns @ rows.swapaxes(1, 2)  # groups, B·out, O/groups
    product = product.reshape(groups, batch, *out, weight.shape[0] // groups)
    return np.moveaxis(product, (0, -1), (1, 2)).reshape(batch, weight.shape[0], *out)


def _transposed(
    x: Array, weight: Array, stride: Sizes, padding: Sizes, dilation: Sizes, extra: Sizes, groups: int
) -> Array:
    """The transpose of a strided convolution: zeros between the inputs, then the flipped kernel at every place.

    (B, C, *space), (C, O/groups, *kernel) → (B, O, *out) (Dumoulin and Visin 2016, arXiv:1603.07285, chapter 4)
    """
    space, kernel = x.shape[2:], weight.shape[2:]
    spread = np.zeros((*x.shape[:2], *((m - 1) * s + 1 for m, s in zip(space, stride, strict=True))))
    spread[on_last_axes(slice(None, None, s) for s in stride)] = x
    before = tuple(d * (k - 1) - p for k, d, p in zip(kernel, dilation, padding, strict=True))
    after = tuple(b + e for b, e in zip(before, extra, strict=True))
    by_group = weight.reshape(groups, weight.shape[0] // groups, *weight.shape[1:]).swapaxes(1, 2)
    flipped = np.flip(by_group.reshape(-1, weight.shape[0] // groups, *kernel), tuple(range(2, weight.ndim)))
    return _correlate(pad(spread, before, after), flipped, (1,) * len(kernel), dilation, groups)


@reference("convolution", multilinear=True)
def convolution(
    x: Array, weight: Array, bias: Array | None, stride: Ints, padding: Ints, dilation: Ints,
    transposed: bool, output_padding: Ints, groups: int,
) -> Array:  # fmt: skip
    """One, two or three spatial axes: (B, C, *space), (O, C/groups, *kernel) → (B, O, *out)"""
    n = weight.ndim - 2
    stride, padding, dilation = per_axis(stride, n), per_axis(padding, n), per_axis(dilation, n)
    batched = x if x.ndim == n + 2 else x[None]
    if transposed:
        out = _transposed(batched, weight, stride, padding, dilation, per_axis(output_padding, n), groups)
    else:
        out = _correlate(pad(batched, padding, padding), weight, stride, dilation, groups)
    if bias is not None:
        out = out + bias.reshape(-1, *(1,) * n)
    return out if x.ndim == n + 2 else out[0]


@reference("_convolution", multilinear=True)
def convolution_with_switches(
    x: Array, weight: Array, bias: Array | None, stride: Ints, padding: Ints, dilation: Ints,
    transposed: bool, output_padding: Ints, groups: int, *switches: bool,
) -> Array:  # fmt: skip
    return convolution(x, weight, bias, stride, padding, dilation, transposed, output_padding, groups)


@reference("mkldnn_convolution", multilinear=True)
def mkldnn_convolution(
    x: Array, weight: Array, bias: Array | None, padding: Ints, stride: Ints, dilation: Ints, groups: int
) -> Array:
    return convolution(x, weight, bias, stride, padding, dilation, False, 0, groups)


@reference("_slow_conv2d_forward", "thnn_conv2d", "slow_conv3d_forward", "slow_conv3d", multilinear=True)
def slow_conv(
    x: Array, weight: Array, kernel_size: Ints, bias: Array | None = None, stride: Ints = 1, padding: Ints = 0
) -> Array:
    return convolution(x, weight, bias, stride, padding, 1, False, 0, 1)


@reference("slow_conv_dilated2d", "slow_conv_dilated3d", multilinear=True)
def slow_conv_dilated(
    x: Array, weight: Array, kernel_size: Ints, bias: Array | None = None,
    stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1,
) -> Array:  # fmt: skip
    return convolution(x, weight, bias, stride, padding, dilation, False, 0, 1)


@reference("slow_conv_transpose2d", "slow_conv_transpose3d", multilinear=True)
def slow_conv_transpose(
    x: Array, weight: Array, kernel_size: Ints, bias: Array | None = None,
    stride: Ints = 1, padding: Ints = 0, output_padding: Ints = 0, dilation: Ints = 1,
) -> Array:  # fmt: skip
    return convolution(x, weight, bias, stride, padding, dilation, True, output_padding, 1)


@reference("im2col", exact=True)
def im2col(x: Array, kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints) -> Array:
    """(B, C, H, W) → (B, C·kernel, places): each column is what the kernel sees at one place."""
    kernel, padding = per_axis(kernel_size, 2), per_axis(padding, 2)
    seen = windows(pad(x, padding, padding), kernel, per_axis(stride, 2), per_axis(dilation, 2))
    seen = np.moveaxis(seen, (-2, -1), (-4, -3))  # ..., C, *kernel, *out
    *batch, channels, kh, kw, h, w = seen.shape
    return seen.reshape(*batch, channels * kh * kw, h * w)


@reference("col2im", multilinear=True)
def col2im(columns: Array, output_size: Ints, kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints) -> Array:
    """(B, C·kernel, places) → (B, C, H, W): every column added back where it was seen, the transpose of im2col."""
    size, kernel, padding = per_axis(output_size, 2), per_axis(kernel_size, 2), per_axis(padding, 2)
    padded = tuple(n + 2 * p for n, p in zip(size, padding, strict=True))
    place = np.arange(math.prod(padded)).reshape(padded)
    seen = windows(place, kernel, per_axis(stride, 2), per_axis(dilation, 2))  # *out, *kernel
    seen = seen.transpose(2, 3, 0, 1).reshape(-1)
    flat = columns.reshape(-1, len(seen))
    out = np.stack([np.bincount(seen, weights=plane, minlength=place.size) for plane in flat])
    out = out.reshape(*columns.shape[:-2], columns.shape[-2] // math.prod(kernel), *padded)
    return pad(out, tuple(-p for p in padding), tuple(-p for p in padding))
