"""Rows of numbers: room for them in whole vectors, and copies, by a part of a vector where a row ends within it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import carray, types  # type: ignore[attr-defined]
from numba.core import cgutils

from pellucid.nn.lanes import Lanes, compiled, inline, intrinsic, load, store

INT = ir.IntType(32)


def shared(function: Callable[..., Any]) -> Any:
    """Compiled once for all calls; Numba would do it again for each whole number that stands in one."""
    made = compiled(function)
    ask = made.get_call_template
    made.get_call_template = lambda kinds, named: ask([types.unliteral(kind) for kind in kinds], named)
    return made


def _mask(builder: Any, kind: Lanes, count: Any) -> Any:
    """Which lanes come before `count`."""
    places = ir.VectorType(INT, kind.count)
    one = builder.insert_element(ir.Constant(places, ir.Undefined), builder.trunc(count, INT), INT(0))
    many = builder.shuffle_vector(one, ir.Constant(places, ir.Undefined), ir.Constant(places, None))
    return builder.icmp_signed("<", ir.Constant(places, list(range(kind.count))), many)


def _masked(builder: Any, kind: Lanes, name: str, result: ir.Type, values: list[Any]) -> Any:
    short = f"llvm.masked.{name}.v{kind.count}f{kind.dtype.bitwidth}.p0"
    function = ir.FunctionType(result, [value.type for value in values])
    return builder.call(cgutils.get_or_insert_function(builder.module, function, short), values)


def _place(context: Any, builder: Any, array: Any, value: Any, row: Any, column: Any, kind: Lanes) -> Any:
    """To array[row, column], as vectors."""
    made = context.make_array(array)(context, builder, value)
    width = builder.extract_value(made.shape, 1)
    pointer = builder.gep(made.data, [builder.add(builder.mul(row, width), column)])
    return builder.bitcast(pointer, kind.vector.as_pointer())


spliced = numba.njit(inline="always")
"""A body that functions share: it is compiled within them, and not also by itself, which takes as long again."""


@intrinsic
def apart(context: Any) -> Any:
    """Said first in a compiled function: it stays one, and is not copied to where it is called. Compiling takes half
    as long."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.function.attributes.discard("alwaysinline")  # what an inlined caller hands down
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.void(), code


@intrinsic
def _pointer(context: Any, address: Any, like: Any) -> Any:
    kind = types.CPointer(like.dtype)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(kind))

    return kind(types.intp, like), code


@inline
def matrix(address, rows, width, like):  # type: ignore[no-untyped-def]
    """The numbers [rows, width] that lie there: to wrap a tensor in an array takes Python longer than a short row's
    product, its address does not."""
    return carray(_pointer(address, like), (rows, width))


@intrinsic
def load_part(context: Any, array: Any, row: Any, column: Any, count: Any) -> Any:
    """The first `count` lanes that begin at array[row, column], and zeros."""
    kind = Lanes(array.dtype)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = _place(context, builder, array, args[0], args[1], args[2], kind)
        values = [pointer, INT(array.dtype.bitwidth // 8), _mask(builder, kind, args[3]), kind.constant(0.0)]
        return _masked(builder, kind, "load", kind.vector, values)

    return kind(array, types.intp, types.intp, types.intp), code


@intrinsic
def copy_part(context: Any, to: Any, row: Any, column: Any, of: Any, at: Any, count: Any) -> Any:
    """to[row, column + k] = of[at, column + k] for k < count, fewer than a vector: by two halves, quarters … of one
    that overlap, which is faster than a masked store."""
    kind = Lanes(to.dtype)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        size = args[5].type
        places = [
            builder.bitcast(_place(context, builder, array, value, row, args[2], kind), kind.number.as_pointer())
            for array, value, row in ((of, args[3], args[4]), (to, args[0], args[1]))
        ]

        def copy(lanes: int) -> None:
            vector = ir.VectorType(kind.number, lanes).as_pointer()
            for begin in (ir.Constant(size, 0), builder.sub(args[5], ir.Constant(size, lanes))):
                source, target = (builder.bitcast(builder.gep(place, [begin]), vector) for place in places)
                builder.store(builder.load(source, align=to.dtype.bitwidth // 8), target, align=to.dtype.bitwidth // 8)

        def smaller(lanes: int) -> None:
            with builder.if_else(builder.icmp_signed(">=", args[5], ir.Constant(size, lanes))) as (enough, otherwise):
                with enough:
                    copy(lanes)
                with otherwise:
                    if lanes > 1:
                        smaller(lanes // 2)

        smaller(kind.count // 2)
        return context.get_dummy_value()

    return types.void(to, types.intp, types.intp, of, types.intp, types.intp), code


@inline
def up(size, lanes):  # type: ignore[no-untyped-def]
    """The next multiple of a vector's lanes."""
    return (size + lanes - 1) // lanes * lanes


@inline
def aligned(block):  # type: ignore[no-untyped-def]
    """The first place in it at which vectors lie on one line of the cache each, and not on two."""
    return (-np.intp(block.ctypes.data) // block.itemsize) % (64 // block.itemsize)


@shared
def room(rows, width, like):  # type: ignore[no-untyped-def]
    """An array [rows, width] that begins there, of whatever numbers."""
    apart()
    block = np.empty(rows * width + 64 // like.itemsize, like.dtype)
    begin = aligned(block)
    return block[begin : begin + rows * width].reshape(rows, width)


@shared
def clear(array, first, count, width):  # type: ignore[no-untyped-def]
    """Zeros in the first columns of some rows."""
    for row in range(first, first + count):
        for j in range(width):
            array[row, j] = 0


@shared
def zeros(rows, width, like):  # type: ignore[no-untyped-def]
    apart()
    found = room(rows, width, like)
    clear(found, 0, rows, width)
    return found


@compiled
def move(array, to, of, count):  # type: ignore[no-untyped-def]
    """Some rows further up."""
    apart()
    for row in range(count):
        for j in range(array.shape[1]):
            array[to + row, j] = array[of + row, j]


@shared
def scatter(batch, rows, packed, low, begin, end):  # type: ignore[no-untyped-def]
    """batch[rows[r]] = packed[r - low] without what fills it up to whole vectors, for r from begin to end."""
    apart()
    size, lanes = batch.shape[1], 64 // batch.itemsize
    whole = size // lanes * lanes
    if whole:
        for r in range(begin, end):
            for j in range(0, whole, lanes):
                store(batch, (rows[r], j), load(packed, (r - low, j)))
    if whole < size:
        for r in range(begin, end):
            copy_part(batch, rows[r], whole, packed, r - low, size - whole)


@shared
def gather(packed, low, batch, rows, begin, end):  # type: ignore[no-untyped-def]
    """packed[r - low] = batch[rows[r]] with zeros that fill it up to whole vectors, for r from begin to end."""
    apart()
    size, lanes = batch.shape[1], 64 // batch.itemsize
    whole = size // lanes * lanes
    if whole:
        for r in range(begin, end):
            for j in range(0, whole, lanes):
                store(packed, (r - low, j), load(batch, (rows[r], j)))
    if whole < size:
        for r in range(begin, end):
            store(packed, (r - low, whole), load_part(batch, rows[r], whole, size - whole))
