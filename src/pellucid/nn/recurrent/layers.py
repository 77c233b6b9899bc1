"""Recurrent layers: one direction, both, several above each other, over batches of sequences of any length.

Shapes: N sequences, T steps, D inputs, M hidden units.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn

from pellucid.nn.kinds import Activation, CellName, Merge, Reset, Way
from pellucid.nn.recurrent.choice import choose, compiler, traced
from pellucid.nn.recurrent.fused import fused
from pellucid.nn.recurrent.ragged import Ragged
from pellucid.nn.recurrent.steps import STEPS

GATES: dict[str, int] = {"rnn": 1, "lstm": 4, "gru": 3}


class Direction(nn.Module):
    """One cell reading a sequence from its first step to its last."""

    def __init__(
        self,
        inputs: int,
        hidden: int,
        cell: CellName = "lstm",
        *,
        bias: bool = True,
        activation: Activation = "tanh",
        reset: Reset = "after",
    ):
        super().__init__()
        self.cell: CellName = cell
        self.variant = {"rnn_relu": "rnn_relu", "gru_before": "gru_before"}.get(
            f"{cell}_{activation if cell == 'rnn' else reset}", cell
        )
        self.units = hidden
        self.way: Way = "auto"
        gates = GATES[cell]
        self.weight_input = nn.Parameter(torch.empty(gates * hidden, inputs))
        self.weight_hidden = nn.Parameter(torch.empty(gates * hidden, hidden))
        if bias:
            self.bias = nn.Parameter(torch.empty(gates * hidden))
        else:
            self.register_buffer("bias", torch.zeros(gates * hidden), persistent=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Glorot-uniform input weights (Glorot & Bengio 2010), orthogonal recurrent ones (Saxe et al. 2014),
        forget bias 1 (Gers et al. 2000; Jozefowicz et al. 2015): the slides' framework starts like this, torch's
        modules (uniform over ±1/√M) do not."""
        nn.init.xavier_uniform_(self.weight_input)
        for gate in self.weight_hidden.chunk(GATES[self.cell]):
            nn.init.orthogonal_(gate)
        nn.init.zeros_(self.bias)
        if self.cell == "lstm" and isinstance(self.bias, nn.Parameter):
            with torch.no_grad():
                self.bias.chunk(4)[1].fill_(1.0)

    def forward(self, x: Tensor, ragged: Ragged | None = None, *, reverse: bool = False) -> Tensor:
        """x [N, T, D] -> hidden states [N, T, M]

        ragged: compute by the compiled kernels, real steps only, each sequence from its last one if `reverse`.
        """
        weights = (self.weight_input, self.weight_hidden, self.bias)
        way = "compiled" if ragged else choose(self.way, self.variant, x, self.units)
        if way == "compiled":
            return compiled(x, *weights, self.variant, ragged or Ragged.whole(x), reverse)
        if way == "steps":
            return STEPS[self.variant](x, *weights)
        return fused(self.variant, x, *weights)


def compiled(x: Tensor, *rest: Any) -> Tensor:
    """The compiled kernels; under autocast, too, in the precision of x."""
    kernels = compiler()
    if kernels is None:
        raise RuntimeError("there are no compiled kernels: Numba cannot be used")
    states: Tensor = kernels(x, *rest)
    return states


class Recurrent(nn.Module):
    """A cell over sequences of different lengths, forward or in both directions.

    Output [N, T, M], or [N, T, 2M] for merge "concat". Steps past a sequence's length hold no meaning: mask them.
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        cell: CellName = "lstm",
        *,
        bidirectional: bool = False,
        merge: Merge = "concat",
        bias: bool = True,
        activation: Activation = "tanh",
        reset: Reset = "after",
    ):
        super().__init__()
        self.merge: Merge = merge

        def direction() -> Direction:
            return Direction(inputs, hidden, cell, bias=bias, activation=activation, reset=reset)

        self.forward_direction = direction()
        self.backward_direction = direction() if bidirectional else None
        self.width = hidden * (2 if bidirectional and merge == "concat" else 1)

    def use(self, way: Way) -> None:
        """How to compute from now on; see `kinds.Way`."""
        for module in self.modules():
            if isinstance(module, Direction):
                module.way = way

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """x [N, T, D], lengths [N] -> [N, T, width]. ValueError for a sequence without a step."""
        first, ragged = self.forward_direction, None
        if not traced():
            ragged = Ragged.of(lengths, x.shape[1])
            if choose(first.way, first.variant, x, first.units, full=ragged.full) != "compiled":
                ragged = None
        ahead = first(x, ragged)
        if self.backward_direction is None:
            return ahead
        if ragged:
            back = self.backward_direction(x, ragged, reverse=True)
        else:
            backward_order = reversal(lengths, x.shape[1])  # [N, T]
            back = take_steps(self.backward_direction(take_steps(x, backward_order)), backward_order)
        match self.merge:
            case "concat":
                return torch.cat([ahead, back], dim=-1)
            case "sum":
                return ahead + back
            case "mul":
                return ahead * back
            case "ave":
                return (ahead + back) / 2


class Stack(nn.Module):
    """Several recurrent layers: each reads the states of the one below (Graves et al. 2013).

    Options are those of `Recurrent`; `dropout` hides numbers between two layers (Zaremba et al. 2014).
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        cell: CellName = "lstm",
        *,
        layers: int = 2,
        dropout: float = 0.0,
        **options: Any,
    ):
        super().__init__()
        self.layers = nn.ModuleList()
        for _ in range(layers):
            layer = Recurrent(inputs, hidden, cell, **options)
            self.layers.append(layer)
            inputs = layer.width
        self.dropout = nn.Dropout(dropout)
        self.width = inputs

    def use(self, way: Way) -> None:
        """How to compute from now on; see `kinds.Way`."""
        for layer in self.layers:
            cast(Recurrent, layer).use(way)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """x [N, T, D], lengths [N] -> the last layer's states [N, T, width]"""
        for i, layer in enumerate(self.layers):
            x = layer(self.dropout(x) if i else x, lengths)
        return x


def reversal(lengths: Tensor, steps: int) -> Tensor:
    """The order that reads each sequence from its last real step to its first; padding stays where it is. [N, T]

    It is its own inverse."""
    t = torch.arange(steps, device=lengths.device)
    last = lengths.unsqueeze(1) - 1
    return torch.where(t <= last, last - t, t)


def take_steps(x: Tensor, order: Tensor) -> Tensor:
    """x [N, T, D] with its steps in that order [N, T]."""
    return x.gather(1, order.unsqueeze(-1).expand(-1, -1, x.shape[-1]))
