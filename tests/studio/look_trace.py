"""Writes look.safetensors and look.json: a small trace, and its numbers as Python reads them from that file.

    python tests/studio/look_trace.py

Numbers of the same network may differ in the last digit from one machine to the next, so both are committed.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import nn

from pellucid.look import Trace, capture

HERE = Path(__file__).parent


class Small(nn.Module):
    """Three words through a memory with gates, then a norm, a convolution and a choice between two."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5, 3)
        self.W, self.U = nn.Parameter(torch.randn(3, 8)), nn.Parameter(torch.randn(2, 8))
        self.norm, self.conv, self.out = nn.LayerNorm(2), nn.Conv1d(2, 2, 2, padding=1), nn.Linear(8, 2)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.embedding(ids)
        h = c = torch.zeros(1, 2)
        states = []
        for t in range(x.shape[1]):
            gates = x[:, t] @ self.W + h @ self.U
            i, f, g, o = gates.chunk(4, 1)
            forget = torch.sigmoid(f)
            c = forget * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            states.append(h)
        normed = self.norm(torch.stack(states, 1))
        features = self.conv(normed.transpose(1, 2))
        above = features > 0
        return torch.softmax(self.out(torch.where(above, features, 0.1 * features).flatten(1)), 1)


def main() -> None:
    torch.manual_seed(1)
    trace = capture(Small(), torch.tensor([[3, 0, 4]]))
    trace.name_axes("*h", ("batch", "unit"))
    for name in "gates", "forget", "c", "h":
        trace.caption(name, {"en": name, "zh-TW": name})
    trace.save(HERE / "look.safetensors")
    read = Trace.open(HERE / "look.safetensors")
    numbers = {
        name: {"shape": list(read.arrays[name].shape), "numbers": read.arrays[name].ravel().tolist()}
        for name in read.values
    }
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(found)}" for name, found in numbers.items())
    (HERE / "look.json").write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main()
