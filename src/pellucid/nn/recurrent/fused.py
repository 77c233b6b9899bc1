"""The recurrent cells by torch's own kernels: cuDNN on a GPU, oneDNN for the LSTM on a CPU, one operator in ONNX.

(On a CPU, torch computes RNN and GRU step by step, too, in small operations of its own.)
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

FUSED: dict[str, Any] = {"rnn": torch.rnn_tanh, "rnn_relu": torch.rnn_relu, "lstm": torch.lstm, "gru": torch.gru}
"""There is none for a GRU whose reset gate acts before the product."""


def fused(variant: str, x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor) -> Tensor:
    """x [N, T, D] -> states [N, T, M]"""
    h = x.new_zeros(1, x.shape[0], w_h.shape[1])
    weights = [w_x, w_h, b, torch.zeros_like(b)]  # the kernels add a second bias
    state = (h, h) if variant == "lstm" else h
    # has_biases, num_layers, dropout, train, bidirectional, batch_first
    options = (True, 1, 0.0, torch.is_grad_enabled(), False, True)
    states: Tensor = FUSED[variant](x, state, weights, *options)[0]
    return states
