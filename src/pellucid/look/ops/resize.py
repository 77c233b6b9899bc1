"""Images made larger or smaller: the nearest pixel, or a mixture of the pixels around a place."""

from functools import partial

import numpy as np

from pellucid.look.ops.registry import Array, reference


def _nearest(n: int, offset: float, x: Array, output_size: list[int], *scales: float | None) -> Array:
    """Pixel i shows pixel ⌊(i + offset) / scale⌋; the product in float32, as ATen computes it.

    Without an offset the same size, and twice the size, are taken as such, whatever the scale.
    """
    for axis, size, scale in zip(range(-n, 0), output_size, scales or (None,) * n, strict=True):
        length = x.shape[axis]
        if offset == 0 and size in (length, 2 * length):
            scale = size / length
        ratio = np.float32(1 / scale if scale else length / size)
        source = np.floor((np.arange(size, dtype=np.float32) + np.float32(offset)) * ratio).astype(np.int64)
        x = np.take(x, np.minimum(source, length - 1), axis=axis)
    return x


def _centers(length: int, size: int, align_corners: bool, scale: float | None) -> Array:
    """Where the center of each new pixel lies among the old ones: corner on corner, or edge on edge."""
    if align_corners:
        return np.arange(size) * ((length - 1) / (size - 1) if size > 1 else 0.0)
    return (np.arange(size) + 0.5) * (1 / scale if scale else length / size) - 0.5


def _mix(x: Array, axis: int, sources: list[Array], weights: list[Array]) -> Array:
    """Σ weight · pixel along one axis, pixels beyond the edge taken from the edge"""
    shape = (-1, *(1,) * (-axis - 1))
    edge = x.shape[axis] - 1
    return sum(
        (np.take(x, np.clip(s, 0, edge), axis=axis) * w.reshape(shape) for s, w in zip(sources, weights, strict=True)),
        start=np.zeros(()),
    )


def _linear(n: int, x: Array, output_size: list[int], align_corners: bool, *scales: float | None) -> Array:
    """The two old pixels around the place, by nearness, one axis after the other"""
    for axis, size, scale in zip(range(-n, 0), output_size, scales or (None,) * n, strict=True):
        if size == x.shape[axis]:
            continue  # whatever the scale
        center = np.maximum(_centers(x.shape[axis], size, align_corners, scale), 0)
        left = np.floor(center).astype(np.int64)
        t = center - left
        x = _mix(x, axis, [left, left + 1], [1 - t, t])
    return x


@reference("upsample_bicubic2d")
def bicubic(
    x: Array, output_size: list[int], align_corners: bool, scales_h: float | None = None, scales_w: float | None = None
) -> Array:
    """The four old pixels around the place by Keys' cubic, a = -0.75 (Keys 1981, equation 15)"""
    for axis, size, scale in ((-2, output_size[0], scales_h), (-1, output_size[1], scales_w)):
        center = _centers(x.shape[axis], size, align_corners, scale)
        left = np.floor(center).astype(np.int64)
        t = center - left
        weights = [_keys(1 + t), _keys(t), _keys(1 - t), _keys(2 - t)]
        x = _mix(x, axis, [left - 1, left, left + 1, left + 2], weights)
    return x


def _keys(d: Array, a: float = -0.75) -> Array:
    """The weight of a pixel at distance 0 ≤ d ≤ 2"""
    near = (a + 2) * d**3 - (a + 3) * d**2 + 1
    far = a * d**3 - 5 * a * d**2 + 8 * a * d - 4 * a
    return np.where(d <= 1, near, far)


for _n, _name in ((1, "linear"), (2, "bilinear"), (3, "trilinear")):
    reference(f"upsample_nearest{_n}d", exact=True)(partial(_nearest, _n, 0.0))
    reference(f"_upsample_nearest_exact{_n}d", exact=True)(partial(_nearest, _n, 0.5))
    reference(f"upsample_{_name}{_n}d", multilinear=True)(partial(_linear, _n))
