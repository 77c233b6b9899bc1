"""Which of the three ways a recurrent layer takes: the one asked for, or the fastest that can be had.

The rules of "auto" follow `benchmarks/recurrent.py` (docs/benchmarks.md): on one thread of a CPU the compiled kernels
are faster than torch's at every size, on several at all but a wide LSTM's. Torch's own are taken there, on a GPU, where
a program is traced or exported, where Numba is missing, and for an answer so short that loading Numba would take longer
than all of it.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import torch
from torch import Tensor

from pellucid.nn.kinds import Way
from pellucid.nn.recurrent.fused import FUSED

SHORT = 128
"""Steps of all sequences together, below which an answer without gradients is not worth loading a compiler."""

WIDE, FEW = 128, 256
"""Units from which on, and steps below which, several threads compute an LSTM faster in oneDNN: there is no padding."""


def choose(way: Way, variant: str, x: Tensor, units: int, *, full: bool = True) -> Way:
    """How to compute a layer of that kind and width on x [N, T, D]; full: there is no padding."""
    torchs: Way = "fused" if variant in FUSED else "steps"
    if way == "fused" and torchs == "steps":
        raise ValueError("torch has no fused kernel for a GRU with reset='before': use 'auto', 'steps' or 'compiled'")
    if way != "auto":
        return way
    if not on_cpu(x) or traced():
        return torchs
    if not torch.is_grad_enabled() and x.shape[0] * x.shape[1] < SHORT:
        return torchs
    wide = variant == "lstm" and units >= WIDE and full and x.shape[1] < FEW and x.dtype == torch.float32
    if wide and torch.get_num_threads() > 1:
        return torchs
    return "compiled" if compiler() else torchs


def on_cpu(x: Tensor) -> bool:
    """A plain tensor of the kind that the compiled kernels take."""
    return x.is_cpu and x.dtype in (torch.float32, torch.float64) and type(x) is Tensor


def traced() -> bool:
    """Torch is writing down a program instead of computing numbers."""
    return torch._C._get_tracing_state() is not None or torch.compiler.is_compiling()


@cache
def compiler() -> Any | None:
    """The compiled kernels, or None, with one warning that says why there are none."""
    try:
        import numba

        if getattr(numba.config, "DISABLE_JIT", False):
            raise ImportError("NUMBA_DISABLE_JIT is set")
        from pellucid.nn.recurrent.compiled import compute
    except Exception as error:  # whatever a broken installation raises
        warnings.warn(
            f"recurrent layers compute by torch's own kernels, GRU and RNN several times slower: "
            f"Numba cannot be used ({type(error).__name__}: {error}). `pip install numba` mends it",
            stacklevel=2,
        )
        return None
    return compute
