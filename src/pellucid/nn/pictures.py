"""Blocks of networks that see pictures: residual and Inception.

Shapes: N pictures, C channels, H rows, W columns.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from pellucid.nn.kinds import Pooling


class Residual(nn.Module):
    """Two 3 × 3 convolutions with batch norm, added to what came in (He et al. 2016, figure 5 left).

    [N, inputs, H, W] -> [N, outputs, H / stride, W / stride], rounded up.
    """

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)  # norm1 has a bias
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.match: nn.Module | None = None  # 1 × 1: as many channels as are to be added to, at as many places
        if stride > 1 or inputs != outputs:
            self.match = nn.Conv2d(inputs, outputs, 1, stride=stride)

    def forward(self, x: Tensor) -> Tensor:
        conv1 = self.conv1(x)
        norm1 = self.norm1(conv1)
        relu1 = torch.relu(norm1)
        conv2 = self.conv2(relu1)
        norm2 = self.norm2(conv2)
        shortcut = x if self.match is None else self.match(x)
        added = norm2 + shortcut
        relu2 = torch.relu(added)
        return relu2


class Inception(nn.Module):
    """1 × 1, 3 × 3 and 5 × 5 kernels and a pooling side by side (Szegedy et al. 2015, figure 2b).

    1 × 1 convolutions reduce the channels first: 5 × 5 on all of them would cost most of the work. [N, C, H, W] ->
    [N, 4 width, H, W].
    """

    def __init__(self, inputs: int, width: int, pool: Pooling = "max"):
        super().__init__()
        few = max(1, width // 2)
        self.one = nn.Conv2d(inputs, width, 1)
        self.reduce3 = nn.Conv2d(inputs, width, 1)
        self.three = nn.Conv2d(width, width, 3, padding=1)
        self.reduce5 = nn.Conv2d(inputs, few, 1)
        self.five = nn.Conv2d(few, width, 5, padding=2)
        self.pool = nn.MaxPool2d(3, 1, 1) if pool == "max" else nn.AvgPool2d(3, 1, 1)
        self.project = nn.Conv2d(inputs, width, 1)
        self.width = 4 * width

    def forward(self, x: Tensor) -> Tensor:
        sums1 = self.one(x)
        branch1 = torch.relu(sums1)
        reduced3 = self.reduce3(x)
        few3 = torch.relu(reduced3)
        sums3 = self.three(few3)
        branch3 = torch.relu(sums3)
        reduced5 = self.reduce5(x)
        few5 = torch.relu(reduced5)
        sums5 = self.five(few5)
        branch5 = torch.relu(sums5)
        pooled = self.pool(x)
        sums_pooled = self.project(pooled)
        projected = torch.relu(sums_pooled)
        side_by_side = torch.cat([branch1, branch3, branch5, projected], dim=1)
        return side_by_side
