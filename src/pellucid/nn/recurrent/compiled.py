"""The compiled way, as a step of torch's autograd: packs the real steps, calls the kernels, gives the gradients.

Each thread computes its own sequences from beginning to end; what they add to the gradients of the shared weights is
summed at last. They are Python's threads, since compiled code runs without Python's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from pellucid.nn.lanes import BYTES
from pellucid.nn.recurrent import kernels
from pellucid.nn.recurrent.ragged import Ragged
from pellucid.nn.recurrent.whole import (
    from_gates,
    gather,
    input_gradient,
    kept_gradient,
    project,
    scatter,
    state_gradient,
    to_gates,
    weight_gradients,
)

Array = np.ndarray[Any, Any]
T = TypeVar("T")

WORTH_A_THREAD = 1e7
"""Multiplications (some 0.1 ms) below which a second thread costs more than it saves."""


CACHED = 2**19
"""Bytes of z that are computed before going on; about half of a processor's second-level cache."""


@dataclass(frozen=True)
class Product:
    """One of a cell's products with U."""

    gates: tuple[int, ...]
    """Whose weights it takes, in the order of z's parts."""
    column: int
    """Where those parts begin in a row of z, in widths of M."""
    kept: bool = False
    """It multiplies the first part of z, r ⊙ h, and not the state before the step."""


@dataclass(frozen=True)
class Kernel:
    """What is particular to a cell."""

    forward: Callable[..., None]
    backward: Callable[..., None]
    gates: tuple[int, ...]
    products: tuple[Product, ...]
    column: int = 0
    """Where W x + b begins in a row of z, in widths of M."""
    has_cell: bool = False


def _rnn(relu: bool) -> Kernel:
    return Kernel(
        partial(kernels.rnn_forward, relu), partial(kernels.rnn_backward, relu), (0,), (Product((0,), 0),)
    )  # fmt: skip


KERNELS = {
    "rnn": _rnn(False),
    "rnn_relu": _rnn(True),
    "lstm": Kernel(
        kernels.lstm_forward, kernels.lstm_backward, (0, 1, 2, 3), (Product((0, 1, 2, 3), 0),), has_cell=True
    ),
    "gru": Kernel(kernels.gru_forward, kernels.gru_backward, (0, 1, 2), (Product((2, 0, 1), 0),), column=1),
    "gru_before": Kernel(
        kernels.gru_before_forward, kernels.gru_before_backward, (0, 1, 2),
        (Product((0, 1), 1), Product((2,), 3, kept=True)), column=1,
    ),
}  # fmt: skip


class Compiled(torch.autograd.Function):
    """x [N, T, D], W [G M, D], U [G M, M], b [G M] -> states [N, T, M], zero in the padding."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, w_x: Tensor, w_h: Tensor, b: Tensor, variant: str, ragged: Ragged, reverse: bool
    ) -> Tensor:
        kernel, (d, m), steps, keep = KERNELS[variant], (x.shape[2], w_h.shape[1]), ragged.total, ctx.needs_input_grad
        batch, weights, recurrent, bias = flat(x), numbers(w_x), numbers(w_h), numbers(b)
        wide, dtype = up(m, batch), batch.dtype
        layout = ragged.layout(threads(steps * len(weights) * (d + m)), reverse)

        column, width = kernel.column * wide, (kernel.column + len(kernel.gates)) * wide
        inputs = np.empty((steps, up(d, batch)), dtype)
        z = np.empty((steps if any(keep) else 0, width), dtype)
        h = np.empty((steps, wide), dtype)
        c = np.empty((steps if kernel.has_cell else 0, wide), dtype)
        out = (torch.empty if ragged.full else torch.zeros)((*x.shape[:2], m), dtype=x.dtype)
        states = flat(out)
        by_input = to_gates(weights, kernel.gates, m, wide)
        by_state = tuple(to_gates(recurrent, product.gates, m, wide) for product in kernel.products)

        def share(offsets: Array) -> None:
            chunks, most = cut(offsets, width * dtype.itemsize)
            gates = z if any(keep) else np.empty((most, width), dtype)
            for begin, end in chunks:
                part = int(offsets[begin]), int(offsets[end])
                base = 0 if any(keep) else part[0]
                project(gates, base, column, by_input, bias, m, wide, inputs, batch, layout.rows, *part)
                kernel.forward(gates, base, by_state, offsets, begin, end, h, c)
                scatter(states, h, layout.rows, *part)

        in_threads(share, layout.offsets)
        if any(keep):
            ctx.save_for_backward(w_x, w_h)
            ctx.kernel, ctx.layout, ctx.arrays = kernel, layout, (inputs, z, h, c)
            ctx.new_input = partial(torch.empty if ragged.full else torch.zeros, x.shape, dtype=x.dtype)
        return out

    @staticmethod
    def backward(ctx: Any, d_out: Tensor) -> tuple[Tensor | None, ...]:
        if torch.is_grad_enabled():  # create_graph=True
            raise RuntimeError("compiled recurrent layers have no second derivative: call use('steps') first")
        kernel, layout, (inputs, z, h, c) = ctx.kernel, ctx.layout, ctx.arrays
        weights, recurrent = (numbers(saved) for saved in ctx.saved_tensors)
        (m, d), wide, dtype = (recurrent.shape[1], weights.shape[1]), h.shape[1], h.dtype
        column, d_states = kernel.column * wide, flat(d_out)
        d_x = ctx.new_input() if ctx.needs_input_grad[0] else None
        by_gate = from_gates(weights, kernel.gates, m, wide)
        back = tuple(from_gates(recurrent, product.gates, m, wide) for product in kernel.products)

        def share(offsets: Array) -> list[Array]:
            chunks, most = cut(offsets, z.shape[1] * dtype.itemsize)
            d_h, d_z = np.empty((most, wide), dtype), np.empty((most, z.shape[1]), dtype)
            from_after = np.zeros((2, int(offsets[1] - offsets[0]), wide), dtype)  # by h and by c
            d_weights = np.zeros((z.shape[1] - column, inputs.shape[1]), dtype)
            d_bias = np.zeros(len(d_weights), dtype)
            d_products = [np.zeros((len(product.gates) * wide, wide), dtype) for product in kernel.products]
            for begin, end in reversed(chunks):
                part = int(offsets[begin]), int(offsets[end])
                gather(d_h, d_states, layout.rows, *part)
                kernel.backward(z, back, offsets, begin, end, d_h, h, c, d_z, part[0], *from_after)
                if d_x is not None:
                    input_gradient(flat(d_x), by_gate, d_z, column, layout.rows, *part)
                weight_gradients(d_weights, d_bias, d_z, column, inputs, *part)
                for product, found in zip(kernel.products, d_products, strict=True):
                    if product.kept:
                        kept_gradient(found, d_z, product.column * wide, z, *part)
                    else:
                        state_gradient(found, d_z, product.column * wide, h, offsets, begin, end)
            return [d_weights, d_bias, *d_products]

        d_weights, d_bias, *d_products = map(sum_up, zip(*in_threads(share, layout.offsets), strict=True))
        d_recurrent = np.empty((len(kernel.gates), m, m), dtype)
        for product, found in zip(kernel.products, d_products, strict=True):
            d_recurrent[list(product.gates)] = found.reshape(-1, wide, wide)[:, :m, :m]
        d_weights = np.ascontiguousarray(d_weights.reshape(-1, wide, inputs.shape[1])[:, :m, :d]).reshape(-1, d)
        d_bias = np.ascontiguousarray(d_bias.reshape(-1, wide)[:, :m]).reshape(-1)
        gradients = (d_weights, d_recurrent.reshape(-1, m), d_bias)
        return d_x, *map(torch.from_numpy, gradients), None, None, None


def cut(offsets: Array, row: int) -> tuple[list[tuple[int, int]], int]:
    """The steps in chunks that stay in the cache, with rows of so many bytes; and the rows of the largest."""
    chunks, begin, most = [], 0, 0
    while begin < len(offsets) - 1:
        end = max(begin + 1, int(np.searchsorted(offsets, offsets[begin] + CACHED // row, "right")) - 1)
        chunks.append((begin, end))
        most, begin = max(most, int(offsets[end] - offsets[begin])), end
    return chunks, most


def sum_up(parts: tuple[Array, ...]) -> Array:
    total, *others = parts
    for other in others:
        total += other
    return total


def numbers(tensor: Tensor) -> Array:
    """The tensor's own memory."""
    return tensor.detach().contiguous().numpy()


def flat(x: Tensor) -> Array:
    """[N, T, D] -> [N · T, D]"""
    found = numbers(x)
    return found.reshape(-1, found.shape[2])


def up(size: int, like: Array) -> int:
    """The next multiple of a vector's lanes."""
    lanes = BYTES // like.itemsize
    return -(-size // lanes) * lanes


def threads(multiplications: float) -> int:
    return torch.get_num_threads() if multiplications >= WORTH_A_THREAD else 1


@cache
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="recurrent")


def in_threads(work: Callable[[Array], T], parts: Sequence[Array]) -> list[T]:
    """Each part's result; the first is computed in this thread."""
    waiting = [pool().submit(work, part) for part in parts[1:]]
    return [work(parts[0]), *(part.result() for part in waiting)]
