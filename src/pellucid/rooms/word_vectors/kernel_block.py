"""Three products of small matrices: N hidden rows and T targets of D dimensions, in tiles of 2 × 3 rows.

A tile loads five lanes for six multiply-adds, so that arithmetic and not loading is the limit. h [N] and o [T] hold the
addresses of the hidden and the output rows (D, the rows' length, is a multiple of 16; T of 3); matrices [N, T] are
given by their address and have rows of `stride` floats.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.nn.lanes import compiled, filled, fma, load, spread, store, total
from pellucid.rooms.word_vectors.kernel_rows import put

Array = Any  # of int64, in compiled code


@compiled
def scores(h: Array, n: int, o: Array, t: int, d: int, into: int, stride: int) -> None:
    """into[i, j] = row h[i] · row o[j]."""
    zero = filled(np.float32(0))
    for i in range(0, n - 1, 2):
        h0, h1 = h[i], h[i + 1]
        for j in range(0, t, 3):
            o0, o1, o2 = o[j], o[j + 1], o[j + 2]
            s00 = s01 = s02 = s10 = s11 = s12 = zero
            for k in range(0, d, 16):
                x0, x1 = load(h0, k), load(h1, k)
                y0, y1, y2 = load(o0, k), load(o1, k), load(o2, k)
                s00, s01, s02 = fma(x0, y0, s00), fma(x0, y1, s01), fma(x0, y2, s02)
                s10, s11, s12 = fma(x1, y0, s10), fma(x1, y1, s11), fma(x1, y2, s12)
            at = i * stride + j
            put(into, at, total(s00))
            put(into, at + 1, total(s01))
            put(into, at + 2, total(s02))
            put(into, at + stride, total(s10))
            put(into, at + stride + 1, total(s11))
            put(into, at + stride + 2, total(s12))
    if n % 2:
        h0, at = h[n - 1], (n - 1) * stride
        for j in range(0, t, 3):
            o0, o1, o2 = o[j], o[j + 1], o[j + 2]
            s00 = s01 = s02 = zero
            for k in range(0, d, 16):
                x0 = load(h0, k)
                s00 = fma(x0, load(o0, k), s00)
                s01 = fma(x0, load(o1, k), s01)
                s02 = fma(x0, load(o2, k), s02)
            put(into, at + j, total(s00))
            put(into, at + j + 1, total(s01))
            put(into, at + j + 2, total(s02))


@compiled
def errors(g: int, stride: int, n: int, o: Array, t: int, d: int, into: int) -> None:
    """into[i] = Σ_j g[i, j] · row o[j]; into [N, D]."""
    zero = filled(np.float32(0))
    for i in range(0, n * d, 16):
        store(into, i, zero)
    for i in range(0, n - 1, 2):
        for j in range(0, t, 3):
            o0, o1, o2 = o[j], o[j + 1], o[j + 2]
            at = i * stride + j
            g00, g01, g02 = spread(g, at), spread(g, at + 1), spread(g, at + 2)
            at += stride
            g10, g11, g12 = spread(g, at), spread(g, at + 1), spread(g, at + 2)
            e0, e1 = into + 4 * i * d, into + 4 * (i + 1) * d
            for k in range(0, d, 16):
                y0, y1, y2 = load(o0, k), load(o1, k), load(o2, k)
                a = fma(g02, y2, fma(g01, y1, fma(g00, y0, load(e0, k))))
                b = fma(g12, y2, fma(g11, y1, fma(g10, y0, load(e1, k))))
                store(e0, k, a)
                store(e1, k, b)
    if n % 2:
        e0 = into + 4 * (n - 1) * d
        for j in range(0, t, 3):
            o0, o1, o2 = o[j], o[j + 1], o[j + 2]
            at = (n - 1) * stride + j
            g00, g01, g02 = spread(g, at), spread(g, at + 1), spread(g, at + 2)
            for k in range(0, d, 16):
                y0, y1, y2 = load(o0, k), load(o1, k), load(o2, k)
                store(e0, k, fma(g02, y2, fma(g01, y1, fma(g00, y0, load(e0, k)))))


@compiled
def update(g: int, stride: int, h: Array, n: int, o: Array, t: int, d: int) -> None:
    """Row o[j] += Σ_i g[i, j] · row h[i], in place; the three rows of a tile must differ."""
    for j in range(0, t, 3):
        o0, o1, o2 = o[j], o[j + 1], o[j + 2]
        for i in range(0, n - 1, 2):
            h0, h1 = h[i], h[i + 1]
            at = i * stride + j
            g00, g01, g02 = spread(g, at), spread(g, at + 1), spread(g, at + 2)
            at += stride
            g10, g11, g12 = spread(g, at), spread(g, at + 1), spread(g, at + 2)
            for k in range(0, d, 16):
                x0, x1 = load(h0, k), load(h1, k)
                y0, y1, y2 = load(o0, k), load(o1, k), load(o2, k)
                store(o0, k, fma(g10, x1, fma(g00, x0, y0)))
                store(o1, k, fma(g11, x1, fma(g01, x0, y1)))
                store(o2, k, fma(g12, x1, fma(g02, x0, y2)))
        if n % 2:
            h0, at = h[n - 1], (n - 1) * stride + j
            g00, g01, g02 = spread(g, at), spread(g, at + 1), spread(g, at + 2)
            for k in range(0, d, 16):
                x0 = load(h0, k)
                store(o0, k, fma(g00, x0, load(o0, k)))
                store(o1, k, fma(g01, x0, load(o1, k)))
                store(o2, k, fma(g02, x0, load(o2, k)))
