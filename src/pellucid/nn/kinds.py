"""The names of variants, apart from the layers: a configuration that lists them need not load torch."""

from __future__ import annotations

from typing import Literal

CellName = Literal["rnn", "lstm", "gru"]
Merge = Literal["sum", "concat", "mul", "ave"]

Activation = Literal["tanh", "relu"]
"""Of a plain RNN."""

Reset = Literal["after", "before"]
"""Where a GRU's reset gate acts: after the product with the state, U (r ⊙ h) becoming r ⊙ (U h), as in cuDNN and torch;
or before it, as in Cho et al. (2014)."""

Way = Literal["auto", "steps", "fused", "compiled"]
"""How a recurrent layer computes: step by step as defined; by torch's own kernels; by ours, compiled for this
processor; or by whichever is fastest."""

Padding = Literal["same", "valid"]
"""Zeros around a picture so that a convolution keeps its sides, or none."""

Pooling = Literal["max", "average"]
