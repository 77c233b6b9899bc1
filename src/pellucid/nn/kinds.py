"""The names of variants, apart from the layers: a configuration that lists them need not load torch."""

from __future__ import annotations

from typing import Literal

CellName = Literal["rnn", "lstm", "gru"]
Merge = Literal["sum", "concat", "mul", "ave"]

Padding = Literal["same", "valid"]
"""Zeros around a picture so that a convolution keeps its sides, or none."""

Pooling = Literal["max", "average"]
