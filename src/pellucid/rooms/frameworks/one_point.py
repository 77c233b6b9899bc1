"""What is looked at: the model, trained on one point until it has learned it. Its trace is the dynamic graph.

How often the loop runs depends on the numbers, so two points may have two graphs. The rule of the optimizer is written
out, because each number of it shall have a name; a test holds the weights equal to torch.optim.SGD's.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from pellucid.rooms.frameworks.in_torch import Net

LEAST_STEPS, MOST_STEPS = 2, 8
ENOUGH = 0.05
"""A point is learned where its loss is below this: a probability of the right class above 0.951."""
SIDE = 33
"""Points along each side of the map."""


class OnePoint(nn.Module):
    """A point x [1, 2], its class y [1] and the axes of a map, x1 and x2 [SIDE] -> the loss of each pass."""

    def __init__(self, model: Net, rate: float):
        super().__init__()
        self.model, self.map, self.rate = model, Map(model), rate

    @torch.enable_grad()
    def forward(self, x: Tensor, y: Tensor, x1: Tensor, x2: Tensor) -> Tensor:
        self.map(x1, x2)
        sign = 1 - 2 * y  # 1 where the logit should be negative, -1 where it should be positive
        losses = []
        hidden_weight: Tensor = self.model.hidden.weight
        hidden_bias: Tensor = self.model.hidden.bias
        output_weight: Tensor = self.model.output.weight
        output_bias: Tensor = self.model.output.bias
        for step in range(MOST_STEPS):
            weights = {
                "hidden.weight": hidden_weight,
                "hidden.bias": hidden_bias,
                "output.weight": output_weight,
                "output.bias": output_bias,
            }
            logit = functional_call(self.model, weights, (x,))
            probability = torch.sigmoid(logit)  # noqa: F841 (looked at)
            # the same loss as in training, without its difference of two large numbers, of which little is left
            against = sign * logit
            loss = F.softplus(against).mean()
            losses.append(loss.detach())
            learned = loss < ENOUGH
            if learned and step >= LEAST_STEPS:
                break
            gradients = torch.autograd.grad(loss, list(weights.values()))
            hidden_weight_change = self.rate * gradients[0]
            hidden_bias_change = self.rate * gradients[1]
            output_weight_change = self.rate * gradients[2]
            output_bias_change = self.rate * gradients[3]
            hidden_weight = hidden_weight - hidden_weight_change
            hidden_bias = hidden_bias - hidden_bias_change
            output_weight = output_weight - output_weight_change
            output_bias = output_bias - output_bias_change
        passes = torch.arange(len(losses))  # noqa: F841
        loss_curve = torch.stack(losses)
        return loss_curve


class Map(nn.Module):
    """What the model says all over the plane, before any of these steps. Its net has the model's own weights."""

    def __init__(self, model: Net):
        super().__init__()
        self.net = Net(model.hidden.out_features)
        self.net.hidden.weight, self.net.hidden.bias = model.hidden.weight, model.hidden.bias
        self.net.output.weight, self.net.output.bias = model.output.weight, model.output.bias

    @torch.no_grad()
    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        across, up = x1.expand(SIDE, SIDE), x2.unsqueeze(1).expand(SIDE, SIDE)
        places = torch.stack([across, up], dim=-1).reshape(-1, 2)
        plane = torch.sigmoid(self.net(places)).reshape(SIDE, SIDE)  # [x2, x1]
        return plane
