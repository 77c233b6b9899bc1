"""The recurrent cells, step by step: the definition, and what `pellucid.look` shows.

Sources: Elman (1990); Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000); Cho et al. (2014),
and its variant in cuDNN where the reset gate acts after the recurrent product. One bias vector a gate, as in those
papers (torch's own modules keep two, whose sum is all that counts).

Shapes: N sequences, T steps, D inputs, M hidden units.
"""

from __future__ import annotations

import torch
from torch import Tensor


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


def rnn_relu_steps(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Tensor:
    """h_t = max(0, W_x x_t + W_h h_{t-1} + b) (Le et al. 2015). Shapes as in `rnn_steps`"""
    h0 = x.new_zeros(x.shape[0], w_h.shape[1])
    h, states = h0, []
    for t in range(x.shape[1]):
        from_input = x[:, t] @ w_x.T
        from_state = h @ w_h.T
        h = torch.relu(from_input + from_state + b)
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
    """Gates in the order reset, update, candidate; the reset gate acts after the product, r ⊙ (U h).

    w_x [3M, D], w_h [3M, M], b [3M] -> [N, T, M]
    """
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


def gru_before_steps(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Tensor:
    """The same with the reset gate before the product, U (r ⊙ h), as in the paper."""
    h0 = x.new_zeros(x.shape[0], w_h.shape[1])
    u_r, u_z, u_n = w_h.chunk(3)  # [M, M] each
    h, states = h0, []
    for t in range(x.shape[1]):
        from_input = x[:, t] @ w_x.T + b
        x_r, x_z, x_n = from_input.chunk(3, dim=-1)  # [N, M] each
        reset_gate = torch.sigmoid(x_r + h @ u_r.T)
        update_gate = torch.sigmoid(x_z + h @ u_z.T)
        candidate = torch.tanh(x_n + (reset_gate * h) @ u_n.T)
        h = (1 - update_gate) * candidate + update_gate * h
        states.append(h)
    return torch.stack(states, dim=1)


STEPS = {
    "rnn": rnn_steps,
    "rnn_relu": rnn_relu_steps,
    "lstm": lstm_steps,
    "gru": gru_steps,
    "gru_before": gru_before_steps,
}
