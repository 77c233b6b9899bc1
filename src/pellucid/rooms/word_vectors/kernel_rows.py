"""Rows of float32 by their address, an integer, in compiled code: what pellucid.nn.lanes leaves to single numbers."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from pellucid.nn.lanes import intrinsic, row_pointer


@intrinsic
def address(typing: Any, array: Any) -> Any:
    """Where an array's memory begins. The array must outlive its uses: take it from a caller, who holds it."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.ptrtoint(data, context.get_value_type(types.intp))

    return types.intp(array), code


@intrinsic
def get(typing: Any, row: Any, k: Any) -> Any:
    """Element k."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(row_pointer(builder, *arguments), align=4)

    return types.float32(types.intp, types.intp), code


@intrinsic
def put(typing: Any, row: Any, k: Any, value: Any) -> Any:
    """Element k = value."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], row_pointer(builder, *arguments[:2]), align=4)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.float32), code


@intrinsic
def prefetch(typing: Any, row: Any, k: Any) -> Any:
    """Ask for the cache line of element k, to be written soon."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte, whole = ir.IntType(8), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), whole, whole, whole])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        place = builder.bitcast(row_pointer(builder, *arguments), byte.as_pointer())
        builder.call(function, [place, whole(1), whole(3), whole(1)])
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), code
