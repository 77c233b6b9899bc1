"""Matrix products of the compiled kernels: tiles of eight rows by one or two vectors.

Each number of a matrix that is fetched is used eight or sixteen times, and that many sums are under way at once: one
takes four clock cycles, and two can start in each. What the inner loop reads as vectors lies in panels, one vector's
width of outputs with all inputs below each other, so that it is read from front to back and stays in the cache while
all rows use it (Goto & van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication").
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from pellucid.nn.lanes import Lanes, compiled, inline, intrinsic, of_llvm, spread_number

ROWS = 8
BLOCK = 128
"""Steps of a large product at a time: what they need stays in the second-level cache."""


def _tile(columns: int) -> Any:
    """A function that adds a product to 8 rows × `columns` vectors of `out`.

    out[out_at[i] + c · lanes] += Σ_k a[a_at[i] + k · a_step] · b[b_at + k · b_step + c · b_next], places counted in
    numbers from the start of each array.
    """

    @intrinsic
    def tile(
        context: Any, out: Any, out_at: Any, a: Any, a_at: Any, a_step: Any, b: Any, b_at: Any, b_step: Any,
        b_next: Any, count: Any,
    ) -> Any:  # fmt: skip
        kind, align = Lanes(out.dtype), out.dtype.bitwidth // 8
        rows = types.UniTuple(types.intp, ROWS)

        def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            out_data, a_data, b_data = (
                context.make_array(array)(context, builder, value).data
                for array, value in ((out, args[0]), (a, args[2]), (b, args[5]))
            )
            out_places, a_places = (cgutils.unpack_tuple(builder, args[i], ROWS) for i in (1, 3))
            _, _, _, _, a_stride, _, b_place, b_stride, b_offset, steps = args
            vector = kind.vector.as_pointer()

            def at(data: Any, place: Any) -> Any:
                return builder.bitcast(builder.gep(data, [place]), vector)

            cells = [(i, c) for i in range(ROWS) for c in range(columns)]
            width = ir.Constant(steps.type, kind.count)
            places = {
                (i, c): at(out_data, builder.add(out_places[i], builder.mul(width, ir.Constant(steps.type, c))))
                for i, c in cells
            }
            sums = {cell: cgutils.alloca_once(builder, kind.vector) for cell in cells}
            for cell in cells:
                builder.store(builder.load(places[cell], align=align), sums[cell])
            with cgutils.for_range(builder, steps) as loop:
                b_now = builder.add(b_place, builder.mul(loop.index, b_stride))
                a_now = builder.mul(loop.index, a_stride)
                right = []
                for c in range(columns):
                    shift = builder.mul(b_offset, ir.Constant(steps.type, c))
                    right.append(builder.load(at(b_data, builder.add(b_now, shift)), align=align))
                for i in range(ROWS):
                    number = builder.load(builder.gep(a_data, [builder.add(a_places[i], a_now)]))
                    left = spread_number(builder, kind, number)
                    for c in range(columns):
                        total = of_llvm(builder, kind, "fma", left, right[c], builder.load(sums[i, c]))
                        builder.store(total, sums[i, c])
            for cell in cells:
                builder.store(builder.load(sums[cell]), places[cell], align=align)
            return context.get_dummy_value()

        whole = types.intp
        return types.void(out, rows, a, rows, whole, b, whole, whole, whole, whole), code

    return tile


_one, _two = _tile(1), _tile(2)


@inline
def _places(first, rows, stride, place):  # type: ignore[no-untyped-def]
    """Where eight rows begin; where fewer are left, the last one again: the same numbers to the same place."""
    last = rows - 1
    return (
        place + first * stride,
        place + min(first + 1, last) * stride,
        place + min(first + 2, last) * stride,
        place + min(first + 3, last) * stride,
        place + min(first + 4, last) * stride,
        place + min(first + 5, last) * stride,
        place + min(first + 6, last) * stride,
        place + min(first + 7, last) * stride,
    )


@compiled
def add_product(out, out_row, out_column, panels, x, x_row, x_column, rows):  # type: ignore[no-untyped-def]
    """out[out_row + n, out_column:] += x[x_row + n, x_column:] @ weights, for n < rows; panels: see `lay_out`."""
    number, inputs, width = panels.shape
    size = inputs * width
    p = 0
    while p < number:
        for n in range(0, rows, 8):
            to = _places(n, rows, out.shape[1], out_row * out.shape[1] + out_column + p * width)
            of = _places(n, rows, x.shape[1], x_row * x.shape[1] + x_column)
            if p + 1 < number:
                _two(out, to, x, of, 1, panels, p * size, width, size, inputs)
            else:
                _one(out, to, x, of, 1, panels, p * size, width, size, inputs)
        p += 2


@compiled
def add_outer(out, dz, dz_row, dz_column, x, x_row, x_column, rows):  # type: ignore[no-untyped-def]
    """out [G, D] += Σ over rows: dz[dz_row + n, dz_column: + G]ᵀ x[x_row + n, x_column: + D]"""
    height, wide = out.shape
    width = 64 // out.itemsize
    for first in range(0, rows, BLOCK):
        count = min(BLOCK, rows - first)
        left = (dz_row + first) * dz.shape[1] + dz_column
        right = (x_row + first) * x.shape[1] + x_column
        for j in range(0, wide, 2 * width):
            for g in range(0, height, 8):
                to, of = _places(g, height, wide, j), _places(g, height, 1, left)
                if j + width < wide:
                    _two(out, to, dz, of, dz.shape[1], x, right + j, x.shape[1], width, count)
                else:
                    _one(out, to, dz, of, dz.shape[1], x, right + j, x.shape[1], width, count)
