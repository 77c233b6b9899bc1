"""A picture of any size as the few numbers that the network reads: gray, resized, centred. NumPy only.

codec.js does the same in the browser, to 1e-4; a bundle's README shows this file's functions as they stand here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def raster(pixels: Array, size: int, channels: int, centre: bool) -> Array:
    """Bytes [H, W] or [H, W, 3] as float64 [channels, size, size], still from 0 to 255."""
    if channels == 1 or centre or pixels.ndim == 2:
        planes = gray(pixels)[None]
    else:
        planes = np.moveaxis(pixels.astype(np.float64), -1, 0)
    if planes.shape[1:] != (size, size):
        planes = centred(planes[0], size)[None] if centre else resized(middle(planes), size, size)
    return np.repeat(planes, channels // len(planes), axis=0)


def gray(pixels: Array) -> Array:
    """How bright each pixel is to the eye: the luma of ITU-R BT.601."""
    full = pixels.astype(np.float64)
    return full if full.ndim == 2 else full[..., 0] * 0.299 + full[..., 1] * 0.587 + full[..., 2] * 0.114


def middle(planes: Array) -> Array:
    """The largest square in the middle of [C, H, W]."""
    height, width = planes.shape[1:]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return planes[:, top : top + side, left : left + side]


def resized(planes: Array, height: int, width: int) -> Array:
    """Another size: first along the columns, then along the rows."""
    return along(along(planes, width).swapaxes(-1, -2), height).swapaxes(-1, -2)


def along(values: Array, new: int) -> Array:
    """Rows of another length. Shorter: the mean over each new pixel's piece of the old row, whose ends are shared.
    Longer: a straight line between the middles of the two nearest."""
    old = values.shape[-1]
    scale = old / new
    if scale <= 1:
        place = np.clip((np.arange(new) + 0.5) * scale - 0.5, 0, old - 1)
        first = np.minimum(place.astype(int), max(old - 2, 0))
        second = np.minimum(first + 1, old - 1)
        return values[..., first] + (place - first) * (values[..., second] - values[..., first])
    edges = np.arange(new + 1) * scale
    whole = np.minimum(edges.astype(int), old - 1)
    before = np.cumsum(values, axis=-1) - values  # the sum of all that stand before
    return np.diff(before[..., whole] + (edges - whole) * values[..., whole]) / scale


def centred(pixels: Array, size: int) -> Array:
    """As the digits of MNIST were made: the ink bright on black, its longer side 20/28 of the picture's, moved so that
    its centre of mass is in the middle. A picture without ink stays black."""
    ink = bright_on_dark(pixels)
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0) for axis in (1, 0))
    out = np.zeros((size, size))
    if not len(rows):
        return out
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = size * 20 / 28 / max(box.shape)
    height, width = (max(1, int(np.floor(side * scale + 0.5))) for side in box.shape)
    small = resized(box, height, width)
    across = [small.sum(axis=1) @ np.arange(height), small.sum(axis=0) @ np.arange(width)]
    # a hair above one half, so that a symmetric drawing falls to the same side everywhere
    start = [int(np.floor(size / 2 - at / small.sum() + 0.5 + 1e-6)) for at in across]
    top, left = (min(max(at, 0), size - side) for at, side in zip(start, small.shape, strict=True))
    out[top : top + height, left : left + width] = small
    return out


def bright_on_dark(pixels: Array) -> Array:
    """The ink from 0 to 255: how far each pixel is from the paper, which is the middle one of the border. Paper is also
    what is not much farther from it than the border is: a tenth of the farthest, or more where there are shadows."""
    edge = np.concatenate([pixels[0], pixels[-1], pixels[1:-1, 0], pixels[1:-1, -1]])
    paper = np.sort(edge)[len(edge) // 2]
    sign = 1.0 if paper < 128 else -1.0
    away = (pixels - paper) * sign
    most = away.max()
    if most < 16:  # of 255: a blank sheet has no ink, only noise
        return np.zeros(pixels.shape)
    shadow = np.sort((edge - paper) * sign)[len(edge) * 9 // 10]  # ink may touch a tenth of the border
    limit = min(max(most * 0.1, shadow * 1.25), most * 0.5)
    return np.where(away > limit, away * 255 / most, 0.0)
