"""One direction's pass over some sequences, forward or back, in one call of compiled code for each cell.

A small net's step takes less time than a dozen calls from Python, so everything from the weights' panels to the
gradients is done in here. The steps are cut into chunks whose z stays in the cache.

    x, rows   the padded batch [N · T, D], and which of its rows each packed one is;  states: the same for h
    w, u, b   [G M, D], [G M, M], [G M];  of x, w, u, b and d_states the address is given, and d, m
    kept      room for x packed, z, h and c of all steps; none where nothing is to be learned: they live for one chunk

The rest as in `kernels`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pellucid.nn.lanes import compiled
from pellucid.nn.recurrent import kernels
from pellucid.nn.recurrent.parts import aligned, apart, gather, matrix, move, room, scatter, spliced, up, zeros
from pellucid.nn.recurrent.whole import (
    from_gates,
    input_gradient,
    kept_gradient,
    project,
    state_gradient,
    to_gates,
    weight_gradients,
)

CACHED = 2**19
"""Bytes of z that are computed before going on; about half of a processor's second-level cache."""


class Cell(NamedTuple):
    """What is particular to a cell, besides its kernels."""

    gates: tuple[int, ...]
    """Of W, in the order of z."""
    order: tuple[int, ...]
    """Of U, in that of its products."""
    kept: int = 0
    """How many at the end of `order` multiply r ⊙ h, which is the first part of z, and not the state before."""
    column: int = 0
    """Where W x + b begins in a row of z, in widths of M."""
    cells: int = 0
    """Whether there is a cell state."""


RNN = Cell((0,), (0,))
LSTM = Cell((0, 1, 2, 3), (0, 1, 2, 3), cells=1)
GRU = Cell((0, 1, 2), (2, 0, 1), column=1)
GRU_BEFORE = Cell((0, 1, 2), (0, 1, 2), kept=1, column=1)


@compiled
def cut(offsets, row):  # type: ignore[no-untyped-def]
    """The steps at which chunks begin, the last one's end, and the rows of the largest; rows have so many bytes."""
    bounds, number, most, end = np.zeros(offsets.size, np.intp), 0, 0, 0
    while end < offsets.size - 1:
        begin, end = end, end + 1
        while end < offsets.size - 1 and (offsets[end + 1] - offsets[begin]) * row <= CACHED:
            end += 1
        number += 1
        bounds[number] = end
        most = max(most, offsets[end] - offsets[begin])
    return bounds[: number + 1], most


@compiled
def arrays(kept, d, m, parts, cells):  # type: ignore[no-untyped-def]
    """The packed inputs, z, h and c that lie one behind the other in `kept`, in rows of whole vectors."""
    apart()
    lanes = 64 // kept.itemsize
    inputs, wide = up(d, lanes), up(m, lanes)
    width, cell = parts * wide, cells * wide
    rows = kept.size // (inputs + width + wide + cell)
    x = aligned(kept)
    z = x + rows * inputs
    h = z + rows * width
    c = h + rows * wide
    return (
        kept[x:z].reshape(rows, inputs),
        kept[z:h].reshape(rows, width),
        kept[h:c].reshape(rows, wide),
        kept[c : c + rows * cell].reshape(rows, cell),
    )


@compiled
def narrow(d_w, d_u, d_b, by_w, by_u, by_b, gates, order):  # type: ignore[no-untyped-def]
    """The gradients of the weights from those of the gates that are filled up to whole vectors."""
    apart()
    m, wide = d_u.shape[1], by_u.shape[1]
    unit = np.arange(m)
    for i in range(len(gates)):
        scatter(d_w, gates[i] * m + unit, by_w, -i * wide, 0, m)
        scatter(d_u, order[i] * m + unit, by_u, -i * wide, 0, m)
        for j in range(m):
            d_b[gates[i] * m + j] = by_b[i * wide + j]


@spliced
def ahead(kernel, cell, x, w, u, b, d, rows, offsets, states, kept):  # type: ignore[no-untyped-def]
    m, gates, split = states.shape[1], len(cell.gates), len(cell.gates) - cell.kept
    x, w = matrix(x, states.shape[0], d, kept), matrix(w, gates * m, d, kept)
    u, b = matrix(u, gates * m, m, kept), matrix(b, 1, gates * m, kept)[0]
    by_input = to_gates(w, cell.gates, 0, gates, m)
    by_state = to_gates(u, cell.order, 0, split, m), to_gates(u, cell.order, split, gates, m)
    inputs, z, h, c = arrays(kept, d, m, cell.column + gates, cell.cells)
    wide, width = h.shape[1], z.shape[1]
    bounds, most = cut(offsets, width * z.itemsize)
    learn, base, low = inputs.shape[0] > 0, 0, 0
    if not learn:
        base = low = offsets[0]
        count = most + offsets[1] - offsets[0]
        z, h, c = room(most, width, z), room(count, wide, z), room(count, c.shape[1], z)
    for i in range(bounds.size - 1):
        begin, end = bounds[i], bounds[i + 1]
        project(z, base, cell.column * wide, by_input, b, m, inputs, x, rows, offsets[begin], offsets[end])
        kernel(z, base, by_state, offsets, begin, end, h, c, low)
        scatter(states, rows, h, low, offsets[begin], offsets[end])
        if not learn:  # the last step begins the next chunk's arrays
            move(h, 0, offsets[end - 1] - low, offsets[end] - offsets[end - 1])
            move(c, 0, offsets[end - 1] - low, offsets[end] - offsets[end - 1])
            base, low = offsets[end], offsets[end - 1]


@spliced
def back(kernel, cell, d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b):  # type: ignore[no-untyped-def]
    (m, d), gates, split = (d_u.shape[1], d_w.shape[1]), len(cell.gates), len(cell.gates) - cell.kept
    d_states = matrix(d_states, size, m, kept)
    w, u = matrix(w, gates * m, d, kept), matrix(u, gates * m, m, kept)
    inputs, z, h, c = arrays(kept, d, m, cell.column + gates, cell.cells)
    wide, width = h.shape[1], z.shape[1]
    bounds, most = cut(offsets, width * z.itemsize)
    by_gate = from_gates(w, cell.gates, 0, gates, m)
    by_state = from_gates(u, cell.order, 0, split, m), from_gates(u, cell.order, split, gates, m)
    d_h, d_z = room(most, wide, z), room(most, width, z)
    after, after_c = zeros(offsets[1] - offsets[0], wide, z), zeros(offsets[1] - offsets[0], c.shape[1], z)
    by_w, by_u = zeros(gates * wide, inputs.shape[1], z), zeros(gates * wide, wide, z)
    by_b = np.zeros(gates * wide, z.dtype)
    for i in range(bounds.size - 2, -1, -1):
        begin, end = bounds[i], bounds[i + 1]
        first, last = offsets[begin], offsets[end]
        gather(d_h, first, d_states, rows, first, last)
        kernel(z, by_state, offsets, begin, end, d_h, h, c, d_z, first, after, after_c)
        if d_x.shape[0]:
            input_gradient(d_x, by_gate, d_z, cell.column * wide, rows, first, last)
        weight_gradients(by_w, by_b, d_z, cell.column * wide, inputs, first, last)
        state_gradient(by_u[: split * wide], d_z, cell.kept * wide, h, offsets, begin, end)
        if cell.kept:
            kept_gradient(by_u[split * wide :], d_z, (cell.column + split) * wide, z, first, last)
    narrow(d_w, d_u, d_b, by_w, by_u, by_b, cell.gates, cell.order)


@compiled
def rnn_forward(x, w, u, b, d, rows, offsets, states, kept):  # type: ignore[no-untyped-def]
    ahead(kernels.rnn_forward, RNN, x, w, u, b, d, rows, offsets, states, kept)


@compiled
def rnn_backward(d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b):  # type: ignore[no-untyped-def]
    back(kernels.rnn_backward, RNN, d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b)


@compiled
def rnn_relu_forward(x, w, u, b, d, rows, offsets, states, kept):  # type: ignore[no-untyped-def]
    ahead(kernels.rnn_relu_forward, RNN, x, w, u, b, d, rows, offsets, states, kept)


@compiled
def rnn_relu_backward(d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b):  # type: ignore[no-untyped-def]
    back(kernels.rnn_relu_backward, RNN, d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b)


@compiled
def lstm_forward(x, w, u, b, d, rows, offsets, states, kept):  # type: ignore[no-untyped-def]
    ahead(kernels.lstm_forward, LSTM, x, w, u, b, d, rows, offsets, states, kept)


@compiled
def lstm_backward(d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b):  # type: ignore[no-untyped-def]
    back(kernels.lstm_backward, LSTM, d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b)


@compiled
def gru_forward(x, w, u, b, d, rows, offsets, states, kept):  # type: ignore[no-untyped-def]
    ahead(kernels.gru_forward, GRU, x, w, u, b, d, rows, offsets, states, kept)


@compiled
def gru_backward(d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b):  # type: ignore[no-untyped-def]
    back(kernels.gru_backward, GRU, d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b)


@compiled
def gru_before_forward(x, w, u, b, d, rows, offsets, states, kept):  # type: ignore[no-untyped-def]
    ahead(kernels.gru_before_forward, GRU_BEFORE, x, w, u, b, d, rows, offsets, states, kept)


@compiled
def gru_before_backward(d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b):  # type: ignore[no-untyped-def]
    back(kernels.gru_before_backward, GRU_BEFORE, d_states, w, u, size, rows, offsets, kept, d_x, d_w, d_u, d_b)
