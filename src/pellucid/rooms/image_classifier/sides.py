"""Convolution and pooling layers that know what they leave of a picture's sides.

Shapes: N pictures, C channels, H rows, W columns.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from pellucid.core.errors import UserError
from pellucid.nn.kinds import Padding, Pooling


@dataclass
class Sides:
    """The side of the square maps while a network is put together; UserError where a kernel does not fit any more."""

    now: int
    padding: Padding
    stride: int = 1
    """The largest so far: who is to blame where the maps have become too small."""

    def border(self, kernel: int) -> int:
        """Rows of zeros on each side. `same` keeps the sides where the stride is 1, and halves them (up) where it is
        2; `valid` lets the kernel touch real pixels only."""
        return kernel // 2 if self.padding == "same" else 0

    def take(self, layer: str, kernel: int, stride: int, border: int) -> None:
        """What a kernel leaves: floor((side + 2 border - kernel) / stride) + 1."""
        if kernel > self.now + 2 * border:
            field = "stride" if self.stride > 1 else "padding" if self.padding == "valid" else "size"
            cure = {"stride": "stride 1 or ", "padding": "padding same or ", "size": ""}[field]
            raise UserError(
                f"{field}: layer {layer} has a {kernel} × {kernel} kernel, but the picture has become "
                f"{self.now} × {self.now} there; choose {cure}a larger size"
            )
        self.now = (self.now + 2 * border - kernel) // stride + 1
        self.stride = max(self.stride, stride if kernel > 2 else 1)


def convolution(
    inputs: int,
    outputs: int,
    kernel: int,
    sides: Sides,
    name: str,
    *,
    stride: int = 1,
    bias: bool = True,
    border: int | None = None,
) -> nn.Conv2d:
    """[N, inputs, H, W] -> [N, outputs, H', W']; `sides` learns H'. border: where it is not the one of the padding."""
    border = sides.border(kernel) if border is None else border
    sides.take(name, kernel, stride, border)
    return nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=border, bias=bias)


def pooling(kind: Pooling, sides: Sides, name: str) -> nn.MaxPool2d | nn.AvgPool2d:
    """The largest or the mean of each 2 × 2 pixels: [N, C, H, W] -> [N, C, H / 2, W / 2]; an odd last row is lost."""
    sides.take(name, 2, 2, 0)
    return nn.MaxPool2d(2) if kind == "max" else nn.AvgPool2d(2)
