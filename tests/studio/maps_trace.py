"""Writes maps.safetensors: the trace of a small network of convolutions and poolings of every sort.

    python tests/studio/maps_trace.py

Numbers of the same network may differ in the last digit from one machine to the next, so the file is committed.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from pellucid.look import capture

HERE = Path(__file__).parent


class Maps(nn.Module):
    """Two channels of 9 × 7 pixels: padding same, none and some, a stride, groups, 1 × 1, both poolings."""

    def __init__(self) -> None:
        super().__init__()
        self.same = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.valid = nn.Conv2d(4, 4, (3, 2), groups=2, bias=False)
        self.padded = nn.Conv2d(4, 3, 3, padding=2, stride=2, dilation=2)
        self.mix = nn.Conv2d(3, 5, 1)
        self.dense = nn.Linear(20, 3)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        same = self.same(pixels)
        norm = self.norm(same)
        relu = torch.relu(norm)
        valid = self.valid(relu)
        largest = nn.functional.max_pool2d(valid, 3, 2, 1)
        padded = self.padded(largest)
        mix = self.mix(padded)
        means = nn.functional.avg_pool2d(nn.functional.pad(mix, (1, 1, 1, 1)), 2)
        flat = means.flatten(1)
        logits = self.dense(flat)
        return torch.softmax(logits, 1)


def main() -> None:
    torch.manual_seed(2)
    network = Maps()
    network.norm.running_mean.uniform_(-0.3, 0.3)
    network.norm.running_var.uniform_(0.5, 2)
    capture(network, torch.randn(1, 2, 9, 7)).save(HERE / "maps.safetensors")


if __name__ == "__main__":
    main()
