"""The compiled way, as a step of torch's autograd: makes room for the packed steps and calls `passes`.

Each thread computes its own sequences from beginning to end; what they add to the gradients of the shared weights is
summed at last. They are Python's threads, since compiled code runs without Python's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from pellucid.nn.lanes import BYTES
from pellucid.nn.recurrent import passes
from pellucid.nn.recurrent.ragged import Layout, Ragged

Array = np.ndarray[Any, Any]
T = TypeVar("T")
NUMBERS: dict[torch.dtype, np.dtype[Any]] = {torch.float32: np.dtype(np.float32), torch.float64: np.dtype(np.float64)}

WORTH_A_THREAD = 1e7
"""Multiplications (some 0.1 ms) below which a second thread costs more than it saves."""


@dataclass(frozen=True)
class Kernel:
    """What is particular to a cell."""

    forward: Callable[..., None]
    backward: Callable[..., None]
    parts: int
    """How many times the width of h is kept of each step, besides the input: z, h and c."""


KERNELS = {
    "rnn": Kernel(passes.rnn_forward, passes.rnn_backward, 2),
    "rnn_relu": Kernel(passes.rnn_relu_forward, passes.rnn_relu_backward, 2),
    "lstm": Kernel(passes.lstm_forward, passes.lstm_backward, 6),
    "gru": Kernel(passes.gru_forward, passes.gru_backward, 5),
    "gru_before": Kernel(passes.gru_before_forward, passes.gru_before_backward, 5),
}


class Compiled(torch.autograd.Function):
    """x [N, T, D], W [G M, D], U [G M, M], b [G M] -> states [N, T, M], zero in the padding."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor, variant: str, ragged: Ragged, reverse: bool
    ) -> Tensor:
        if not any(ctx.needs_input_grad):
            return answer(x, w_x, w_h, b, variant, ragged, reverse)
        ctx.save_for_backward(w_x, w_h)
        out, *ctx.kept = ahead(x, w_x, w_h, b, variant, ragged, reverse, learn=True)
        ctx.variant, ctx.full = variant, ragged.full
        return out

    @staticmethod
    def backward(ctx: Any, d_out: Tensor) -> tuple[Tensor | None, ...]:
        if torch.is_grad_enabled():  # create_graph=True
            raise RuntimeError("compiled recurrent layers have no second derivative: call use('steps') first")
        (layout, kept), (n, t, m), (weights, recurrent) = ctx.kept, d_out.shape, ctx.saved_tensors
        (gates, d), dtype = weights.shape, kept.dtype
        given = [tensor.contiguous() for tensor in (d_out, weights, recurrent)]
        at = [tensor.data_ptr() for tensor in given]
        d_x = blank(n * t if ctx.needs_input_grad[0] else 0, d, dtype, ctx.full)

        def share(offsets: Array) -> tuple[Array, Array, Array]:
            found = np.empty((gates, d), dtype), np.empty((gates, m), dtype), np.empty(gates, dtype)
            KERNELS[ctx.variant].backward(*at, n * t, layout.rows, offsets, kept, d_x, *found)
            return found

        shares = in_threads(share, layout.offsets)
        d_weights = (torch.from_numpy(sum_up(parts)) for parts in zip(*shares, strict=True))
        return torch.from_numpy(d_x.reshape(n, t, d)) if len(d_x) else None, *d_weights, None, None, None


def compute(x: Tensor, *rest: Any) -> Tensor:
    """The states, by autograd or, where nothing is to be learned, without its cost."""
    found: Tensor = Compiled.apply(x, *rest) if torch.is_grad_enabled() else answer(x, *rest)
    return found


def answer(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor, variant: str, ragged: Ragged, reverse: bool) -> Tensor:
    return ahead(x, w_x, w_h, b, variant, ragged, reverse, learn=False)[0]


def ahead(
    x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor, variant: str, ragged: Ragged, reverse: bool, *, learn: bool
) -> tuple[Tensor, Layout, Array]:
    """States, and what the way back needs besides the weights."""
    kernel, (n, t, d), (gates, m) = KERNELS[variant], x.shape, w_h.shape
    given = [tensor.contiguous() for tensor in (x, w_x, w_h, b)]
    check(x, w_x, w_h, b, ragged)
    at = [tensor.data_ptr() for tensor in given]
    layout, dtype = ragged.layout(threads(ragged.total * gates * (d + m)), reverse), NUMBERS[x.dtype]
    lanes = BYTES // dtype.itemsize
    row = -(-d // lanes) * lanes + kernel.parts * -(-m // lanes) * lanes
    kept = np.empty(ragged.total * row + lanes if learn else 0, dtype)
    states = blank(n * t, m, dtype, ragged.full)

    def share(offsets: Array) -> None:
        kernel.forward(*at, d, layout.rows, offsets, states, kept)

    in_threads(share, layout.offsets)
    return torch.from_numpy(states.reshape(n, t, m)), layout, kept


def check(x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor, ragged: Ragged) -> None:
    """Only addresses are handed on: what does not fit here, nobody would notice later."""
    for tensor in (x, w_x, w_h, b):
        if tensor.dtype != x.dtype or x.dtype not in NUMBERS or not tensor.is_cpu:
            raise ValueError(
                "the compiled kernels take float32 or float64 on the CPU, inputs and weights alike; "
                f"there is {x.dtype} on {x.device} and {tensor.dtype} on {tensor.device}"
            )
    if w_x.shape != (len(w_h), x.shape[2]) or len(b) != len(w_h):
        raise ValueError(f"the layer reads {w_x.shape[1]} numbers a step; there are {x.shape[2]}")
    if len(ragged.lengths) != len(x):
        raise ValueError(f"there are {len(ragged.lengths)} lengths for {len(x)} sequences")


def blank(rows: int, width: int, dtype: np.dtype[Any], full: bool) -> Array:
    """Zeros where there is padding, in which nothing will be written."""
    return np.empty((rows, width), dtype) if full else np.zeros((rows, width), dtype)


def sum_up(parts: tuple[Array, ...]) -> Array:
    total, *others = parts
    for other in others:
        total += other
    return total


def threads(multiplications: float) -> int:
    return torch.get_num_threads() if multiplications >= WORTH_A_THREAD else 1


@cache
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="recurrent")


def in_threads(work: Callable[[Array], T], parts: Sequence[Array]) -> list[T]:
    """Each part's result; the first is computed in this thread."""
    waiting = [pool().submit(work, part) for part in parts[1:]]
    return [work(parts[0]), *(part.result() for part in waiting)]
