"""The model in PyTorch. Read it beside in_keras.py: the same five parts in the same order.

Shapes: N points, H hidden units.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from pellucid.rooms.frameworks.config import Config
from pellucid.rooms.frameworks.points import BATCH, Array, Points, Weights

OPTIMIZERS: dict[str, Any] = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


# the model


class Net(nn.Module):
    """Points [N, 2] -> log-odds [N] that the two signs differ."""

    def __init__(self, hidden: int = 8):
        super().__init__()
        self.hidden = nn.Linear(2, hidden)
        self.output = nn.Linear(hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        activated = torch.tanh(self.hidden(x))  # [N, H]
        logit = self.output(activated).squeeze(-1)  # [N]
        return logit


class Training:
    """The model with its loss and optimizer."""

    def __init__(self, config: Config, weights: Weights):
        self.model = Net(config.hidden)
        put(self.model, weights)
        # aot_eager: the graph is captured, and its operations run as they are; no C++ compiler is needed
        static = config.graph == "static"
        self.forward = torch.compile(self.model, backend="aot_eager") if static else self.model
        self.loss = nn.BCEWithLogitsLoss()
        self.optimizer = OPTIMIZERS[config.optimizer](self.model.parameters(), lr=config.learning_rate)

    # the data

    def epoch(self, points: Points, order: Array) -> list[float]:
        """One pass over the points in this order; the loss of each batch."""
        dataset = TensorDataset(torch.from_numpy(points.x), torch.from_numpy(points.y))
        batches = DataLoader(dataset, batch_size=BATCH, sampler=order.tolist())
        return [self.step(x, y) for x, y in batches]

    # one step

    def step(self, x: Tensor, y: Tensor) -> float:
        loss = self.loss(self.forward(x), y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.detach())

    # answers

    def probability(self, x: Array) -> Array:
        return probability(self.model, x)

    # the weights, out and in

    def weights(self) -> Weights:
        return {name: weight.numpy().copy() for name, weight in self.model.state_dict().items()}


def put(model: Net, weights: Weights) -> None:
    model.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})


def probability(model: Net, x: Array) -> Array:
    """[N], in double precision: rounded once, from the model's own logit."""
    with torch.inference_mode():
        found: Array = torch.sigmoid(model(torch.from_numpy(x))).numpy()
    return found
