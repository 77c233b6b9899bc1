"""Augmentation: whole batches [N, C, H, W] changed at once, each picture in its own way, by torch's own chance.

Pixels are the network's numbers, so what is black is not 0: `black` says what it is (`Codec.black`). Where it is not
given, black is what is darkest in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

LUMA = (0.299, 0.587, 0.114)  # how bright red, green and blue are to the eye


class Wanted(Protocol):
    """The fields of a configuration that say what is done."""

    shift: int
    flip: bool
    crop: float
    jitter: float


def augment(pixels: Tensor, wanted: Wanted, black: Tensor | Sequence[float] | None = None) -> Tensor:
    """The batch as training sees it this time. black: of each channel [C]."""
    if not (wanted.crop or wanted.flip or wanted.shift or wanted.jitter):
        return pixels
    darkest = pixels.amin((0, 2, 3)) if black is None else torch.as_tensor(black)
    dark = darkest.to(pixels).reshape(-1, 1, 1)
    if wanted.crop:
        pixels = crop(pixels, 1 - wanted.crop)
    if wanted.flip:
        pixels = flip(pixels, torch.rand(len(pixels), device=pixels.device) < 0.5)
    if wanted.shift:
        down, right = (_whole(len(pixels), wanted.shift, pixels) for _ in range(2))
        pixels = shift(pixels, down, right, wanted.shift, dark)
    if wanted.jitter:
        pixels = jitter(pixels, wanted.jitter, dark)
    return pixels


def shift(pixels: Tensor, down: Tensor, right: Tensor, most: int, black: Tensor | float = 0.0) -> Tensor:
    """Each picture moved by whole pixels ([N] each, from -most to most; below 0: up and left); what comes in from
    outside is black."""
    count, channels, height, width = pixels.shape
    wide = pixels.new_empty(count, channels, height + 2 * most, width + 2 * most)
    wide[:] = black
    wide[..., most : most + height, most : most + width] = pixels
    windows = wide.unfold(2, height, 1).unfold(3, width, 1)  # a view: every place that the picture can be cut out at
    return windows[torch.arange(count, device=pixels.device), :, most - down, most - right]


def flip(pixels: Tensor, which: Tensor) -> Tensor:
    """Those pictures mirrored, left and right changed over; which: [N] of True and False."""
    return torch.where(which[:, None, None, None], pixels.flip(-1), pixels)


def crop(pixels: Tensor, least: float) -> Tensor:
    """A random square of each picture, from `least` of a side to all of it, enlarged to the whole."""
    count = len(pixels)
    share = least + (1 - least) * torch.rand(count, device=pixels.device)
    middle = (1 - share)[:, None] * (2 * torch.rand(count, 2, device=pixels.device) - 1)
    zero = torch.zeros_like(share)
    rows = torch.stack([share, zero, middle[:, 0], zero, share, middle[:, 1]], dim=1).reshape(count, 2, 3)
    grid = F.affine_grid(rows.to(pixels.dtype), list(pixels.shape), align_corners=False)
    return F.grid_sample(pixels, grid, mode="bilinear", padding_mode="border", align_corners=False)


def jitter(pixels: Tensor, most: float, black: Tensor | float = 0.0) -> Tensor:
    """Contrast and brightness of each picture changed by a factor of 1 ± `most`, and the colours' distance from gray.

    Contrast is the distance from the picture's own mean, brightness that from black.
    """
    contrast, brightness, colour = (1 + most * _even(len(pixels), pixels) for _ in range(3))
    if pixels.shape[1] == 3:
        luma = torch.tensor(LUMA, dtype=pixels.dtype, device=pixels.device).reshape(3, 1, 1)
        gray = (pixels * luma).sum(1, keepdim=True)
        pixels = gray + colour * (pixels - gray)
    mean = pixels.mean(dim=(1, 2, 3), keepdim=True)
    return black + brightness * (mean + contrast * (pixels - mean) - black)


def _whole(count: int, most: int, like: Tensor) -> Tensor:
    """Whole numbers from -most to most, all alike likely."""
    return torch.randint(-most, most + 1, (count,), device=like.device)


def _even(count: int, like: Tensor) -> Tensor:
    """[N, 1, 1, 1] of numbers from -1 to 1."""
    return 2 * torch.rand(count, 1, 1, 1, dtype=like.dtype, device=like.device) - 1
