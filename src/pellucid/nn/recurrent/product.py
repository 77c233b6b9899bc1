"""Matrix products of the compiled kernels: tiles of eight rows by one, two or three vectors.

Each number of a matrix that is fetched is used at least eight times, and that many sums are under way at once: one
takes four clock cycles, and two can start in each. (A single row, of a batch of one sequence, has tiles of its own.)
What the inner loop reads as vectors lies in panels, one vector's width of outputs with all inputs below each other, so
that it is read from front to back and stays in the cache while all rows use it (Goto & van de Geijn 2008, "Anatomy of
High-Performance Matrix Multiplication").
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from pellucid.nn.lanes import Lanes, inline, intrinsic, load, of_llvm, spread_number, store
from pellucid.nn.recurrent.parts import apart, room, shared

ROWS = 8
BLOCK = 128
"""Steps of a large product at a time: what they need stays in the second-level cache."""


def _tile(columns: int, height: int = ROWS) -> Any:
    """A function that computes a product of `height` rows × `columns` vectors.

    out[out_at[i] + c · lanes] = start[start_at[i] + c · lanes] + Σ_k a[a_at[i] + k · a_step] · b[b_at + k · b_step +
    c · b_next], places counted in numbers from the start of each array.
    """

    @intrinsic
    def tile(
        context: Any, out: Any, out_at: Any, start: Any, start_at: Any, a: Any, a_at: Any, a_step: Any, b: Any,
        b_at: Any, b_step: Any, b_next: Any, count: Any,
    ) -> Any:  # fmt: skip
        kind, align = Lanes(out.dtype), out.dtype.bitwidth // 8
        rows = types.UniTuple(types.intp, height)

        def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            out_data, start_data, a_data, b_data = (
                context.make_array(array)(context, builder, value).data
                for array, value in ((out, args[0]), (start, args[2]), (a, args[4]), (b, args[7]))
            )
            out_places, start_places, a_places = (cgutils.unpack_tuple(builder, args[i], height) for i in (1, 3, 5))
            a_stride, (b_place, b_stride, b_offset, steps) = args[6], args[8:]
            vector = kind.vector.as_pointer()

            def at(data: Any, place: Any) -> Any:
                return builder.bitcast(builder.gep(data, [place]), vector)

            cells = [(i, c) for i in range(height) for c in range(columns)]
            width = ir.Constant(steps.type, kind.count)

            def vectors(data: Any, begins: Any) -> Any:
                shift = [builder.mul(width, ir.Constant(steps.type, c)) for c in range(columns)]
                return {(i, c): at(data, builder.add(begins[i], shift[c])) for i, c in cells}

            places, begins = vectors(out_data, out_places), vectors(start_data, start_places)
            sums = {cell: cgutils.alloca_once(builder, kind.vector) for cell in cells}
            for cell in cells:
                builder.store(builder.load(begins[cell], align=align), sums[cell])
            with cgutils.for_range(builder, steps) as loop:
                b_now = builder.add(b_place, builder.mul(loop.index, b_stride))
                a_now = builder.mul(loop.index, a_stride)
                right = []
                for c in range(columns):
                    shift = builder.mul(b_offset, ir.Constant(steps.type, c))
                    right.append(builder.load(at(b_data, builder.add(b_now, shift)), align=align))
                for i in range(height):
                    number = builder.load(builder.gep(a_data, [builder.add(a_places[i], a_now)]))
                    left = spread_number(builder, kind, number)
                    for c in range(columns):
                        total = of_llvm(builder, kind, "fma", left, right[c], builder.load(sums[i, c]))
                        builder.store(total, sums[i, c])
            for cell in cells:
                builder.store(builder.load(sums[cell]), places[cell], align=align)
            return context.get_dummy_value()

        whole = types.intp
        return types.void(out, rows, start, rows, a, rows, whole, b, whole, whole, whole, whole), code

    return tile


_one, _two, _three = _tile(1), _tile(2), _tile(3)
_row, _row_of_four = _tile(1, 1), _tile(4, 1)


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


@inline
def _tiles(count, out, to, start, begin, x, of, panels, p):  # type: ignore[no-untyped-def]
    """Eight rows of `count` panels from p on."""
    inputs, width = panels.shape[1], panels.shape[2]
    size = inputs * width
    if count == 3:
        _three(out, to, start, begin, x, of, 1, panels, p * size, width, size, inputs)
    elif count == 2:
        _two(out, to, start, begin, x, of, 1, panels, p * size, width, size, inputs)
    else:
        _one(out, to, start, begin, x, of, 1, panels, p * size, width, size, inputs)


@inline
def _together(left):  # type: ignore[no-untyped-def]
    """How many of the panels that are left go into one tile: pairs, and three where they are odd."""
    return left if left == 3 else min(left, 2)


@shared
def _add_row(out, to, panels, x, of):  # type: ignore[no-untyped-def]
    """The product of a single row, the weights' numbers being used once."""
    apart()
    number, inputs, width = panels.shape
    size = inputs * width
    p = 0
    while p < number:
        if p + 4 <= number:
            _row_of_four(
                out, (to + p * width,), out, (to + p * width,), x, (of,), 1, panels, p * size, width, size, inputs
            )
            p += 4
        else:
            _row(out, (to + p * width,), out, (to + p * width,), x, (of,), 1, panels, p * size, width, size, inputs)
            p += 1


@shared
def add_product(out, out_row, out_column, panels, x, x_row, x_column, rows):  # type: ignore[no-untyped-def]
    """out[out_row + n, out_column:] += x[x_row + n, x_column:] @ weights, for n < rows; panels: see `to_gates`."""
    apart()
    number, width = panels.shape[0], panels.shape[2]
    if rows == 1:
        _add_row(out, out_row * out.shape[1] + out_column, panels, x, x_row * x.shape[1] + x_column)
        return
    p = 0
    while p < number:
        count = _together(number - p)
        for n in range(0, rows, 8):
            to = _places(n, rows, out.shape[1], out_row * out.shape[1] + out_column + p * width)
            of = _places(n, rows, x.shape[1], x_row * x.shape[1] + x_column)
            _tiles(count, out, to, out, to, x, of, panels, p)
        p += count


@inline
def _indirect(rows, first, last, stride):  # type: ignore[no-untyped-def]
    """Where eight rows begin that need not be neighbours."""
    return (
        rows[first] * stride,
        rows[min(first + 1, last)] * stride,
        rows[min(first + 2, last)] * stride,
        rows[min(first + 3, last)] * stride,
        rows[min(first + 4, last)] * stride,
        rows[min(first + 5, last)] * stride,
        rows[min(first + 6, last)] * stride,
        rows[min(first + 7, last)] * stride,
    )


@shared
def product_of_rows(out, base, column, panels, start, x, rows, begin, end):  # type: ignore[no-untyped-def]
    """out[r - base, column:] = start + x[rows[r]] @ weights, for r from begin to end; panels: see `to_gates`."""
    apart()
    number, width = panels.shape[0], panels.shape[2]
    for first in range(begin, end, BLOCK):
        last, p = min(first + BLOCK, end), 0
        while p < number:
            count, same = _together(number - p), _places(0, 1, 0, p * width)
            for n in range(first, last, 8):
                to = _places(n - first, last - first, out.shape[1], (first - base) * out.shape[1] + column + p * width)
                of = _indirect(rows, n, last - 1, x.shape[1])
                _tiles(count, out, to, start, same, x, of, panels, p)
            p += count


@shared
def add_outer(out, dz, dz_row, dz_column, x, x_row, x_column, rows):  # type: ignore[no-untyped-def]
    """out [G, D] += Σ over rows: dz[dz_row + n, dz_column: + G]ᵀ x[x_row + n, x_column: + D]"""
    apart()
    height, wide = out.shape
    width = 64 // out.itemsize
    pair = room(BLOCK, 2 * width, x)  # of x, read for every gate: rows far from each other share few lines
    for first in range(0, rows, BLOCK):
        count = min(BLOCK, rows - first)
        left = (dz_row + first) * dz.shape[1] + dz_column
        for j in range(0, wide, 2 * width):
            two = j + width < wide
            for n in range(count):
                store(pair, (n, 0), load(x, (x_row + first + n, x_column + j)))
                if two:
                    store(pair, (n, width), load(x, (x_row + first + n, x_column + j + width)))
            for g in range(0, height, 8):
                to, of = _places(g, height, wide, j), _places(g, height, 1, left)
                if two:
                    _two(out, to, out, to, dz, of, dz.shape[1], pair, 0, 2 * width, width, count)
                else:
                    _one(out, to, out, to, dz, of, dz.shape[1], pair, 0, 2 * width, width, count)
