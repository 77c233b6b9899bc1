"""What the compiled way computes for all steps at once, before and after the kernels go through them one by one.

Packed arrays as in `kernels`: row r of them is row rows[r] of a padded batch [N · T, …].
"""

from __future__ import annotations

import numpy as np

from pellucid.nn.lanes import compiled, load, store
from pellucid.nn.recurrent.product import BLOCK, add_outer, add_product


@compiled
def to_gates(weights, gates, m, wide):  # type: ignore[no-untyped-def]
    """Weights [· M, K] of those gates as panels [P, K, lanes] that lead to them, each gate padded to `wide` units."""
    lanes, inputs = 64 // weights.itemsize, weights.shape[1]
    panels = np.zeros((len(gates) * wide // lanes, inputs, lanes), weights.dtype)
    for i in range(len(gates)):
        for unit in range(0, m, lanes):
            p, row = (i * wide + unit) // lanes, gates[i] * m + unit
            for k in range(inputs):
                for lane in range(min(lanes, m - unit)):
                    panels[p, k, lane] = weights[row + lane, k]
    return panels


@compiled
def from_gates(weights, gates, m, wide):  # type: ignore[no-untyped-def]
    """The same weights as panels [P, gates · wide, lanes] that lead back from the gates to what they read."""
    lanes, inputs = 64 // weights.itemsize, weights.shape[1]
    panels = np.zeros(((inputs + lanes - 1) // lanes, len(gates) * wide, lanes), weights.dtype)
    for i in range(len(gates)):
        for unit in range(m):
            for p in range(panels.shape[0]):
                for lane in range(min(lanes, inputs - p * lanes)):
                    panels[p, i * wide + unit, lane] = weights[gates[i] * m + unit, p * lanes + lane]
    return panels


@compiled
def project(z, base, column, panels, bias, m, wide, x, batch, rows, begin, end):  # type: ignore[no-untyped-def]
    """x[r] = batch[rows[r]], zeros beside it. z[r - base, column:] = x[r] @ weights + bias [gates · M], zeros
    before it."""
    lanes = panels.shape[2]
    start = np.zeros(z.shape[1], z.dtype)
    for i in range(bias.size):
        start[column + i // m * wide + i % m] = bias[i]
    for first in range(begin, end, BLOCK):
        last = min(first + BLOCK, end)
        for r in range(first, last):
            row = rows[r]
            for k in range(batch.shape[1]):
                x[r, k] = batch[row, k]
            for k in range(batch.shape[1], x.shape[1]):
                x[r, k] = 0
            for j in range(0, start.size, lanes):
                store(z, (r - base, j), load(start, (j,)))
        add_product(z, first - base, column, panels, x, first, 0, last - first)  # (1)


@compiled
def scatter(batch, packed, rows, begin, end):  # type: ignore[no-untyped-def]
    """batch[rows[r]] = packed[r]"""
    for r in range(begin, end):
        row = rows[r]
        for k in range(batch.shape[1]):
            batch[row, k] = packed[r, k]


@compiled
def gather(packed, batch, rows, begin, end):  # type: ignore[no-untyped-def]
    """packed[r - begin] = batch[rows[r]], zeros beside it."""
    for r in range(begin, end):
        row = rows[r]
        for k in range(batch.shape[1]):
            packed[r - begin, k] = batch[row, k]
        for k in range(batch.shape[1], packed.shape[1]):
            packed[r - begin, k] = 0


@compiled
def input_gradient(d_batch, panels, dz, column, rows, begin, end):  # type: ignore[no-untyped-def]
    """d_batch[rows[r]] = dz[r - begin, column:] @ weights"""
    wide = panels.shape[0] * panels.shape[2]
    found = np.empty((BLOCK, wide), dz.dtype)
    for first in range(begin, end, BLOCK):
        count = min(BLOCK, end - first)
        for n in range(count):
            for k in range(wide):
                found[n, k] = 0
        add_product(found, 0, 0, panels, dz, first - begin, column, count)  # (9)
        for n in range(count):
            row = rows[first + n]
            for k in range(d_batch.shape[1]):
                d_batch[row, k] = found[n, k]


@compiled
def weight_gradients(d_weights, d_bias, dz, column, x, begin, end):  # type: ignore[no-untyped-def]
    """d_weights [G, D] += dzᵀ x[begin:end], d_bias [G] += the sum of dz, whose first row belongs to x[begin]."""
    add_outer(d_weights, dz, 0, column, x, begin, 0, end - begin)  # (6)
    for r in range(end - begin):
        for j in range(0, d_bias.size, 64 // dz.itemsize):
            store(d_bias, (j,), load(d_bias, (j,)) + load(dz, (r, column + j)))  # (8)


@compiled
def state_gradient(d_weights, dz, column, h, offsets, begin, end):  # type: ignore[no-untyped-def]
    """d_weights [G, M] += Σ over steps t: dz[step t]ᵀ h[step t - 1]; steps with as many sequences are one product.

    dz begins with step `begin`.
    """
    t = max(begin, 1)
    while t < end:
        first, count, last = offsets[t], offsets[t + 1] - offsets[t], t + 1
        while last < end and first - offsets[t - 1] == count == offsets[last + 1] - offsets[last]:
            last += 1
        add_outer(d_weights, dz, first - offsets[begin], column, h, offsets[t - 1], 0, offsets[last] - first)  # (7)
        t = last


@compiled
def kept_gradient(d_weights, dz, column, z, begin, end):  # type: ignore[no-untyped-def]
    """d_weights [M, M] += dzᵀ z[begin:end], the first part of z having been what the weights multiplied."""
    add_outer(d_weights, dz, 0, column, z, begin, 0, end - begin)  # (7)
