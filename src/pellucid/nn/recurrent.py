"""Recurrent layers: RNN, LSTM and GRU over batches of sequences of any length, one or both directions.

Each cell is written twice. `*_steps` is the definition, step by step, and what `pellucid.look` shows. The fused
kernel of torch (oneDNN, cuDNN) computes the same faster and is what training and prediction use.
`tests/nn/test_recurrent.py` holds the two equal, values and gradients.

Sources: Elman (1990); Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000); Cho et al. (2014),
in the variant of cuDNN where the reset gate acts after the recurrent product. One bias vector a gate, as in those
papers (torch's own modules keep two, whose sum is all that counts).

Shapes: N sequences, T steps, D inputs, M hidden units.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from pellucid.nn.kinds import CellName, Merge

Path = Literal["fused", "steps"]

GATES: dict[str, int] = {"rnn": 1, "lstm": 4, "gru": 3}


def rnn_steps(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Tensor:
    """h_t = tanh(W_x x_t + W_h h_{t-1} + b). x [N, T, D], w_x [M, D], w_h [M, M], b [M] -> [N, T, M]"""
    h0 = x.new_zeros(x.shape[0], w_h.shape[1])
    h, states = h0, []
    for t in range(x.shape[1]):
        from_input = x[:, t] @ w_x.T
        from_state = h @ w_h.T
        h = torch.tanh(from_input + from_state + b)
        states.append(h)
    return torch.stack(states, dim=1)


def lstm_steps(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Tensor:
    """Gates in the order input, forget, candidate, output. w_x [4M, D], w_h [4M, M], b [4M] -> [N, T, M]"""
    h0 = x.new_zeros(x.shape[0], w_h.shape[1])
    c0 = torch.zeros_like(h0)
    h, c, states = h0, c0, []
    for t in range(x.shape[1]):
        from_input = x[:, t] @ w_x.T
        from_state = h @ w_h.T
        z_i, z_f, z_g, z_o = (from_input + from_state + b).chunk(4, dim=-1)  # [N, M] each
        input_gate = torch.sigmoid(z_i)
        forget_gate = torch.sigmoid(z_f)
        candidate = torch.tanh(z_g)
        output_gate = torch.sigmoid(z_o)
        c = forget_gate * c + input_gate * candidate
        h = output_gate * torch.tanh(c)
        states.append(h)
    return torch.stack(states, dim=1)


def gru_steps(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Tensor:
    """Gates in the order reset, update, candidate. w_x [3M, D], w_h [3M, M], b [3M] -> [N, T, M]"""
    h0 = x.new_zeros(x.shape[0], w_h.shape[1])
    h, states = h0, []
    for t in range(x.shape[1]):
        from_input = x[:, t] @ w_x.T + b
        from_state = h @ w_h.T
        x_r, x_z, x_n = from_input.chunk(3, dim=-1)  # [N, M] each
        h_r, h_z, h_n = from_state.chunk(3, dim=-1)
        reset_gate = torch.sigmoid(x_r + h_r)
        update_gate = torch.sigmoid(x_z + h_z)
        candidate = torch.tanh(x_n + reset_gate * h_n)
        h = (1 - update_gate) * candidate + update_gate * h
        states.append(h)
    return torch.stack(states, dim=1)


STEPS = {"rnn": rnn_steps, "lstm": lstm_steps, "gru": gru_steps}


def fused(cell: CellName, x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Tensor:
    """The same by torch's kernels: oneDNN or cuDNN where they have one."""
    h = x.new_zeros(1, x.shape[0], w_h.shape[1])
    weights = [w_x, w_h, b, torch.zeros_like(b)]  # the kernels add a second bias
    # has_biases, num_layers, dropout, train, bidirectional, batch_first
    options = (True, 1, 0.0, torch.is_grad_enabled(), False, True)
    if cell == "lstm":
        return torch.lstm(x, (h, h), weights, *options)[0]
    return (torch.gru if cell == "gru" else torch.rnn_tanh)(x, h, weights, *options)[0]


class Direction(nn.Module):
    """One cell reading a sequence from its first step to its last."""

    def __init__(self, inputs: int, hidden: int, cell: CellName = "lstm", *, bias: bool = True):
        super().__init__()
        self.cell: CellName = cell
        self.path: Path = "fused"
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

    def forward(self, x: Tensor) -> Tensor:
        """x [N, T, D] -> hidden states [N, T, M]"""
        if self.path == "steps":
            return STEPS[self.cell](x, self.weight_input, self.weight_hidden, self.bias)
        return fused(self.cell, x, self.weight_input, self.weight_hidden, self.bias)


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
    ):
        super().__init__()
        self.merge: Merge = merge
        self.forward_direction = Direction(inputs, hidden, cell, bias=bias)
        self.backward_direction = Direction(inputs, hidden, cell, bias=bias) if bidirectional else None
        self.width = hidden * (2 if bidirectional and merge == "concat" else 1)

    def use(self, path: Path) -> None:
        """Compute by the fused kernels, or step by step."""
        for module in self.modules():
            if isinstance(module, Direction):
                module.path = path

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """x [N, T, D], lengths [N] -> [N, T, width]"""
        ahead = self.forward_direction(x)
        if self.backward_direction is None:
            return ahead
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


def reversal(lengths: Tensor, steps: int) -> Tensor:
    """The order that reads each sequence from its last real step to its first; padding stays where it is. [N, T]

    It is its own inverse."""
    t = torch.arange(steps, device=lengths.device)
    last = lengths.unsqueeze(1) - 1
    return torch.where(t <= last, last - t, t)


def take_steps(x: Tensor, order: Tensor) -> Tensor:
    """x [N, T, D] with its steps in that order [N, T]."""
    return x.gather(1, order.unsqueeze(-1).expand(-1, -1, x.shape[-1]))
