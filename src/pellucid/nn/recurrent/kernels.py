"""The compiled kernels: LSTM, GRU with either reset, and RNN, forward and back through time, on the CPU.

The equations, with their sources, are derived in docs/recurrent.md; the numbers in brackets are theirs.

Only real steps are stored, step by step: first that of the first step of every sequence, then those of the second step
of all that have one … Sequences are sorted, the longest first, so that those which go on keep their place. Step t is
rows offsets[t] to offsets[t + 1] of every array. Widths are padded to whole vectors by units whose weights are zero:
they stay zero.

    z         [S, parts · M]  W x + b; after the forward pass the gates' values. What the parts are, each cell says
    panels    U, as `product.add_product` wants it; `back`: the same transposed
    h, c      [S, M]  states
    d_out     [S, M]  the gradient by h that comes from above;  dh, dc  [N, M]  those that come from the step after
    dz        [S, parts · M]  the gradient by z before the gates' functions

A call computes the steps from `begin` to `end`: as many as stay in the cache together with what is done to them before
and after. Of arrays that are needed no longer than that only these rows are there: of dz and d_out from `base` on;
where nothing is to be learned, of z from `base` on, and of h and c from `low` on, the step before among them.
"""

from __future__ import annotations

import numpy as np

from pellucid.nn.lanes import compiled, fma, load, store
from pellucid.nn.recurrent.functions import positive, sigmoid, tanh
from pellucid.nn.recurrent.parts import clear, spliced
from pellucid.nn.recurrent.product import add_product

# LSTM. z: input, forget, candidate, output


@compiled
def lstm_forward(z, base, panels, offsets, begin, end, h, c, low):  # type: ignore[no-untyped-def]
    m, width = h.shape[1], panels[0].shape[2]
    nothing = np.zeros((offsets[1] - offsets[0], m), z.dtype)
    for t in range(begin, end):
        first, count = offsets[t], offsets[t + 1] - offsets[t]
        c_past, past = (c, offsets[t - 1] - low) if t > 0 else (nothing, 0)
        if t > 0:
            add_product(z, first - base, 0, panels[0], h, past, 0, count)  # (1)
        for n in range(count):
            row = first + n
            for j in range(0, m, width):
                i, f = sigmoid(load(z, (row - base, j))), sigmoid(load(z, (row - base, m + j)))  # (10)
                g, o = tanh(load(z, (row - base, 2 * m + j))), sigmoid(load(z, (row - base, 3 * m + j)))  # (10) (11)
                cell = fma(f, load(c_past, (past + n, j)), i * g)  # (12)
                store(z, (row - base, j), i)
                store(z, (row - base, m + j), f)
                store(z, (row - base, 2 * m + j), g)
                store(z, (row - base, 3 * m + j), o)
                store(c, (row - low, j), cell)
                store(h, (row - low, j), o * tanh(cell))  # (13)


@compiled
def lstm_backward(z, back, offsets, begin, end, d_out, h, c, dz, base, dh, dc):  # type: ignore[no-untyped-def]
    m, width = h.shape[1], back[0].shape[2]
    nothing = np.zeros((offsets[1] - offsets[0], m), z.dtype)
    for t in range(end - 1, begin - 1, -1):
        first, count = offsets[t], offsets[t + 1] - offsets[t]
        c_past, past = (c, offsets[t - 1]) if t > 0 else (nothing, 0)
        for n in range(count):
            row = first + n
            for j in range(0, m, width):
                i, f = load(z, (row, j)), load(z, (row, m + j))
                g, o = load(z, (row, 2 * m + j)), load(z, (row, 3 * m + j))
                squashed = tanh(load(c, (row, j)))
                d_h = load(d_out, (row - base, j)) + load(dh, (n, j))  # (3)
                d_c = fma(d_h * o, 1.0 - squashed * squashed, load(dc, (n, j)))  # (14)
                store(dz, (row - base, j), d_c * g * i * (1.0 - i))  # (15)
                store(dz, (row - base, m + j), d_c * load(c_past, (past + n, j)) * f * (1.0 - f))  # (16)
                store(dz, (row - base, 2 * m + j), d_c * i * (1.0 - g * g))  # (17)
                store(dz, (row - base, 3 * m + j), d_h * squashed * o * (1.0 - o))  # (18)
                store(dc, (n, j), d_c * f)  # (19)
        if t > 0:
            clear(dh, 0, count, m)
            add_product(dh, 0, 0, back[0], dz, first - base, 0, count)  # (5)


# GRU with the reset after the product. z: U_n h (begins as zero), reset, update, candidate


@compiled
def gru_forward(z, base, panels, offsets, begin, end, h, c, low):  # type: ignore[no-untyped-def]
    m, width = h.shape[1], panels[0].shape[2]
    nothing = np.zeros((offsets[1] - offsets[0], m), z.dtype)
    for t in range(begin, end):
        first, count = offsets[t], offsets[t + 1] - offsets[t]
        h_past, past = (h, offsets[t - 1] - low) if t > 0 else (nothing, 0)
        if t > 0:
            add_product(z, first - base, 0, panels[0], h, past, 0, count)  # (1)
        for n in range(count):
            row = first + n
            for j in range(0, m, width):
                r, u = sigmoid(load(z, (row - base, m + j))), sigmoid(load(z, (row - base, 2 * m + j)))  # (20)
                g = tanh(fma(r, load(z, (row - base, j)), load(z, (row - base, 3 * m + j))))  # (21)
                store(z, (row - base, m + j), r)
                store(z, (row - base, 2 * m + j), u)
                store(z, (row - base, 3 * m + j), g)
                store(h, (row - low, j), fma(u, load(h_past, (past + n, j)) - g, g))  # (22)


@compiled
def gru_backward(z, back, offsets, begin, end, d_out, h, c, dz, base, dh, dc):  # type: ignore[no-untyped-def]
    """dz: by U_n h, by reset, by update, by candidate"""
    m, width = h.shape[1], back[0].shape[2]
    nothing = np.zeros((offsets[1] - offsets[0], m), z.dtype)
    for t in range(end - 1, begin - 1, -1):
        first, count = offsets[t], offsets[t + 1] - offsets[t]
        h_past, past = (h, offsets[t - 1]) if t > 0 else (nothing, 0)
        for n in range(count):
            row = first + n
            for j in range(0, m, width):
                r, u, g = load(z, (row, m + j)), load(z, (row, 2 * m + j)), load(z, (row, 3 * m + j))
                d_h = load(d_out, (row - base, j)) + load(dh, (n, j))  # (3)
                d_g = d_h * (1.0 - u) * (1.0 - g * g)  # (23)
                store(dz, (row - base, j), d_g * r)  # (24)
                store(dz, (row - base, m + j), d_g * load(z, (row, j)) * r * (1.0 - r))  # (25)
                store(dz, (row - base, 2 * m + j), d_h * (load(h_past, (past + n, j)) - g) * u * (1.0 - u))  # (26)
                store(dz, (row - base, 3 * m + j), d_g)
                store(dh, (n, j), d_h * u)  # (27)
        if t > 0:
            add_product(dh, 0, 0, back[0], dz, first - base, 0, count)  # (27)


# GRU with the reset before the product. z: r ⊙ h (begins as zero), reset, update, candidate


@compiled
def gru_before_forward(z, base, panels, offsets, begin, end, h, c, low):  # type: ignore[no-untyped-def]
    m, width = h.shape[1], panels[0].shape[2]
    nothing = np.zeros((offsets[1] - offsets[0], m), z.dtype)
    for t in range(begin, end):
        first, count = offsets[t], offsets[t + 1] - offsets[t]
        h_past, past = (h, offsets[t - 1] - low) if t > 0 else (nothing, 0)
        if t > 0:
            add_product(z, first - base, m, panels[0], h, past, 0, count)  # (1)
        for n in range(count):
            row = first + n
            for j in range(0, m, width):
                r = sigmoid(load(z, (row - base, m + j)))  # (20)
                store(z, (row - base, m + j), r)
                store(z, (row - base, j), r * load(h_past, (past + n, j)))
        if t > 0:
            add_product(z, first - base, 3 * m, panels[1], z, first - base, 0, count)  # (28)
        for n in range(count):
            row = first + n
            for j in range(0, m, width):
                u, g = sigmoid(load(z, (row - base, 2 * m + j))), tanh(load(z, (row - base, 3 * m + j)))  # (20) (28)
                store(z, (row - base, 2 * m + j), u)
                store(z, (row - base, 3 * m + j), g)
                store(h, (row - low, j), fma(u, load(h_past, (past + n, j)) - g, g))  # (22)


@compiled
def gru_before_backward(z, back, offsets, begin, end, d_out, h, c, dz, base, dh, dc):  # type: ignore[no-untyped-def]
    """dz: by r ⊙ h, by reset, by update, by candidate"""
    m, width = h.shape[1], back[0].shape[2]
    nothing = np.zeros((offsets[1] - offsets[0], m), z.dtype)
    for t in range(end - 1, begin - 1, -1):
        first, count = offsets[t], offsets[t + 1] - offsets[t]
        h_past, past = (h, offsets[t - 1]) if t > 0 else (nothing, 0)
        for n in range(count):
            row = first + n
            for j in range(0, m, width):
                u, g = load(z, (row, 2 * m + j)), load(z, (row, 3 * m + j))
                d_h = load(d_out, (row - base, j)) + load(dh, (n, j))  # (3)
                store(dz, (row - base, 2 * m + j), d_h * (load(h_past, (past + n, j)) - g) * u * (1.0 - u))  # (26)
                store(dz, (row - base, 3 * m + j), d_h * (1.0 - u) * (1.0 - g * g))  # (23)
                store(dh, (n, j), d_h * u)  # (31)
        clear(dz, first - base, count, m)
        if t > 0:
            add_product(dz, first - base, 0, back[1], dz, first - base, 3 * m, count)  # (29)
        for n in range(count):
            row = first + n
            for j in range(0, m, width):
                r, d_kept = load(z, (row, m + j)), load(dz, (row - base, j))
                store(dz, (row - base, m + j), d_kept * load(h_past, (past + n, j)) * r * (1.0 - r))  # (30)
                store(dh, (n, j), fma(d_kept, r, load(dh, (n, j))))  # (31)
        if t > 0:
            add_product(dh, 0, 0, back[0], dz, first - base, m, count)  # (31)


# RNN


@spliced
def rnn_ahead(relu, z, base, panels, offsets, begin, end, h, low):  # type: ignore[no-untyped-def]
    m, width = h.shape[1], panels[0].shape[2]
    for t in range(begin, end):
        first, count = offsets[t], offsets[t + 1] - offsets[t]
        if t > 0:
            add_product(z, first - base, 0, panels[0], h, offsets[t - 1] - low, 0, count)  # (1)
        for row in range(first, first + count):
            for j in range(0, m, width):
                a = load(z, (row - base, j))
                store(h, (row - low, j), positive(a, a) if relu else tanh(a))  # (2)


@spliced
def rnn_back(relu, back, offsets, begin, end, d_out, h, dz, base, dh):  # type: ignore[no-untyped-def]
    m, width = h.shape[1], back[0].shape[2]
    for t in range(end - 1, begin - 1, -1):
        first, count = offsets[t], offsets[t + 1] - offsets[t]
        for n in range(count):
            row = first + n
            for j in range(0, m, width):
                state, d_h = load(h, (row, j)), load(d_out, (row - base, j)) + load(dh, (n, j))  # (3)
                store(dz, (row - base, j), positive(state, d_h) if relu else d_h * (1.0 - state * state))  # (4)
        if t > 0:
            clear(dh, 0, count, m)
            add_product(dh, 0, 0, back[0], dz, first - base, 0, count)  # (5)


@compiled
def rnn_forward(z, base, panels, offsets, begin, end, h, c, low):  # type: ignore[no-untyped-def]
    rnn_ahead(False, z, base, panels, offsets, begin, end, h, low)


@compiled
def rnn_backward(z, back, offsets, begin, end, d_out, h, c, dz, base, dh, dc):  # type: ignore[no-untyped-def]
    rnn_back(False, back, offsets, begin, end, d_out, h, dz, base, dh)


@compiled
def rnn_relu_forward(z, base, panels, offsets, begin, end, h, c, low):  # type: ignore[no-untyped-def]
    rnn_ahead(True, z, base, panels, offsets, begin, end, h, low)


@compiled
def rnn_relu_backward(z, back, offsets, begin, end, d_out, h, c, dz, base, dh, dc):  # type: ignore[no-untyped-def]
    rnn_back(True, back, offsets, begin, end, d_out, h, dz, base, dh)
