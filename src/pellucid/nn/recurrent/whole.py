"""What the compiled way computes for all steps at once, before and after the kernels go through them one by one.

Packed arrays as in `kernels`: row r of them is row rows[r] of a padded batch [N · T, …].
"""

from __future__ import annotations

import numpy as np

from pellucid.nn.lanes import compiled, load, store
from pellucid.nn.recurrent.parts import apart, clear, gather, load_part, room, scatter, shared, up
from pellucid.nn.recurrent.product import BLOCK, add_outer, add_product, product_of_rows


@compiled
def lay_out(rows, begin, lengths, hand, steps, reverse):  # type: ignore[no-untyped-def]
    """Fills in rows from `begin` on for the sequences in `hand`, the longest first; gives where their steps begin."""
    offsets, count, row = np.empty(lengths[hand[0]] + 1, np.intp), hand.size, begin
    for step in range(offsets.size - 1):
        offsets[step] = row
        while lengths[hand[count - 1]] <= step:
            count -= 1
        for n in hand[:count]:
            rows[row] = n * steps + (lengths[n] - 1 - step if reverse else step)
            row += 1
    offsets[offsets.size - 1] = row
    return offsets


@shared
def to_gates(weights, gates, first, last, m):  # type: ignore[no-untyped-def]
    """Weights [· M, K] of some of those gates as panels [P, K, lanes] that lead to them, each filled up with units."""
    apart()
    lanes, inputs = 64 // weights.itemsize, weights.shape[1]
    each = up(m, lanes) // lanes
    panels = room((last - first) * each * inputs, lanes, weights).reshape((last - first) * each, inputs, lanes)
    for i in range(last - first):
        for unit in range(each * lanes):
            p, lane, row = i * each + unit // lanes, unit % lanes, gates[first + i] * m + unit
            if unit < m:
                for k in range(inputs):
                    panels[p, k, lane] = weights[row, k]
            else:
                for k in range(inputs):
                    panels[p, k, lane] = 0
    return panels


@shared
def from_gates(weights, gates, first, last, m):  # type: ignore[no-untyped-def]
    """The same weights as panels [P, gates · units, lanes] that lead back from the gates to what they read."""
    apart()
    lanes, inputs = 64 // weights.itemsize, weights.shape[1]
    units, number = up(m, lanes), up(inputs, lanes) // lanes
    height = (last - first) * units
    panels = room(number * height, lanes, weights)
    for p in range(number):
        real = min(lanes, inputs - p * lanes)
        for i in range(last - first):
            for unit in range(units):
                if unit < m:
                    weight = load_part(weights, gates[first + i] * m + unit, p * lanes, real)
                else:
                    weight = load_part(weights, 0, 0, 0)
                store(panels, (p * height + i * units + unit, 0), weight)
    return panels.reshape(number, height, lanes)


@compiled
def project(z, base, column, panels, bias, m, x, batch, rows, begin, end):  # type: ignore[no-untyped-def]
    """z[r - base, column:] = batch[rows[r]] @ weights + bias [gates · M], zeros before it. Where there is room in x,
    x[r] = batch[rows[r]]."""
    lanes = panels.shape[2]
    wide, start = up(m, lanes), np.zeros(z.shape[1] - column, z.dtype)
    for gate in range(bias.size // m):
        for unit in range(m):
            start[gate * wide + unit] = bias[gate * m + unit]
    if x.shape[0]:
        gather(x, 0, batch, rows, begin, end)
    if column:
        for r in range(begin - base, end - base):
            for j in range(0, column, lanes):
                store(z, (r, j), load_part(batch, 0, 0, 0))
    product_of_rows(z, base, column, panels, start, batch, rows, begin, end)  # (1)


@compiled
def input_gradient(d_batch, panels, dz, column, rows, begin, end):  # type: ignore[no-untyped-def]
    """d_batch[rows[r]] = dz[r - begin, column:] @ weights"""
    wide = panels.shape[0] * panels.shape[2]
    found = room(BLOCK, wide, dz)
    for first in range(begin, end, BLOCK):
        count = min(BLOCK, end - first)
        clear(found, 0, count, wide)
        add_product(found, 0, 0, panels, dz, first - begin, column, count)  # (9)
        scatter(d_batch, rows, found, first, first, first + count)


@compiled
def weight_gradients(d_weights, d_bias, dz, column, x, begin, end):  # type: ignore[no-untyped-def]
    """d_weights [G, D] += dzᵀ x[begin:end], d_bias [G] += the sum of dz, whose first row belongs to x[begin]."""
    add_outer(d_weights, dz, 0, column, x, begin, 0, end - begin)  # (6)
    for j in range(0, d_bias.size, 64 // dz.itemsize):
        total = load(d_bias, (j,))
        for r in range(end - begin):
            total = total + load(dz, (r, column + j))  # (8)
        store(d_bias, (j,), total)


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
