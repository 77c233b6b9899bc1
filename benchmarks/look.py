"""What looking costs: a forward pass of 2,000 small operations, captured, checked, and by itself.

    python benchmarks/look.py

Medians of the rounds, lowest and highest in brackets; ratios to the bare pass of the same round.
"""

from __future__ import annotations

import statistics
import time

import torch
from torch import nn

from pellucid.look import capture

ROUNDS = 15


class Many(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = x
        for _ in range(500):
            h = (torch.tanh(h) * 2 + x) / 3
        return h


def main() -> None:
    module, x = Many(), torch.randn(4, 4)
    seconds: dict[str, list[float]] = {"bare forward pass": [], "captured": [], "checked": []}
    for _ in range(ROUNDS):
        moments = [time.perf_counter()]
        with torch.no_grad():
            module(x)
        moments.append(time.perf_counter())
        trace = capture(module, x)
        moments.append(time.perf_counter())
        report = trace.check()
        moments.append(time.perf_counter())
        for name, start, end in zip(seconds, moments, moments[1:], strict=False):
            seconds[name].append(end - start)
    assert report.checked == report.total == 2000
    print("| 2,000 small operations | ms | times the bare pass |\n|---|--:|--:|")
    for name, found in seconds.items():
        ratios = [a / b for a, b in zip(found, seconds["bare forward pass"], strict=True)]
        ms = [1000 * value for value in found]
        cells = (f"{statistics.median(v):.1f} ({min(v):.1f} to {max(v):.1f})" for v in (ms, ratios))
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
