"""Static graphs of the model: captured before anything is computed. Each is given as the list of its operations.

A trace is the dynamic graph: what has run. These are what will run, whatever the numbers are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from pellucid.look import Trace
from pellucid.rooms.frameworks.in_torch import Net

PLUMBING = ("Placeholder", "ReadVariableOp", "Identity", "NoOp", "Const")
"""Operations of TensorFlow's graphs that compute nothing."""


def of_trace(trace: Trace) -> list[str]:
    """The operations of the first forward pass of a look."""
    return [node.kind for node in trace.nodes if node.step == 0 and node.module.startswith("model")]


def of_forward(model: nn.Module, x: Tensor) -> list[str]:
    """ATen's operations of the forward pass, by torch.fx."""
    with torch.no_grad():
        return of_function(model, x)


def of_function(function: Callable[..., Any], *arguments: Any) -> list[str]:
    """The same for any function of tensors. Its loops are unrolled; an `if` on a tensor's number is refused."""
    from torch.fx.experimental.proxy_tensor import make_fx

    return _operations(make_fx(function)(*arguments).graph)


def of_export(model: nn.Module, x: Tensor) -> list[str]:
    """The operations that torch.export keeps: what the program is written with, not yet ATen's smallest."""
    return _operations(torch.export.export(model, (x,)).graph)


def of_keras(tf: Any, model: Any) -> list[str]:
    """TensorFlow's operations of one Keras model, by tf.function; without those that only hand on."""
    concrete = tf.function(model).get_concrete_function(tf.TensorSpec((1, 2), tf.float32))
    return [each.type for each in concrete.graph.get_operations() if each.type not in PLUMBING]


def _operations(graph: torch.fx.Graph) -> list[str]:
    """`addmm.default` → `addmm`; in place (`div_`) or not is the same operation, as it is in a trace."""
    called: list[Any] = [node.target for node in graph.nodes if node.op == "call_function"]
    return [target.__name__.split(".")[0].rstrip("_") for target in called]


class Branching(nn.Module):
    """A model with an `if` on its input's numbers: its trace depends on them, and no static graph holds it."""

    def __init__(self, model: Net):
        super().__init__()
        self.model = model

    def forward(self, x: Tensor) -> Tensor:
        if x.sum() > 0:
            return self.model(x)
        return -self.model(-x)


class Conditional(Branching):
    """The same as one operation: a graph with two smaller ones inside, of which one runs."""

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = torch.cond(
            x.sum() > 0,
            lambda x: self.model(x),
            lambda x: -self.model(-x),
            (x,),
        )
        return found
