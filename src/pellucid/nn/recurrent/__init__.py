"""Recurrent layers: RNN, LSTM and GRU, one or both directions, one or several layers, sequences of any length.

Each cell can be computed in three ways that give the same numbers (`tests/nn/` holds them equal, values and gradients):

    steps      step by step, as the papers define it, and as `pellucid.look` shows it        steps.py
    fused      by torch's kernels                                                            fused.py
    compiled   by ours for the CPU: real steps only, derivatives by hand (docs/recurrent.md) compiled.py and below

`choice.py` takes the fastest that can be had; `Recurrent.use` any other.
"""

from pellucid.nn.recurrent.layers import GATES, Direction, Recurrent, Stack, reversal, take_steps

__all__ = ["GATES", "Direction", "Recurrent", "Stack", "reversal", "take_steps"]
