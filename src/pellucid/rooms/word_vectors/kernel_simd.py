"""Sixteen floats at once in Numba: the few vector instructions that the kernels are made of.

Numba's own loops leave it to LLVM whether and how to vectorise; the register tiles of a product of small matrices are
not found that way. A `Lane` is LLVM's `<16 x float>`: one register with AVX-512, two with AVX2, four with SSE or NEON.
They take the address of a row of float32, as an integer, and an element of it: no array is passed about, counted or
checked, so nothing stands between a call and its one instruction. (Numba keeps compiled code until the function's own
file changes: after a change here, touch kernel.py.)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

WIDTH = 16  # floats in a lane
INT, FLOAT = ir.IntType(32), ir.FloatType()
LANE, INTS = ir.VectorType(FLOAT, WIDTH), ir.VectorType(INT, WIDTH)
FAST = ("reassoc", "contract", "nsz")  # sums in any order, a · b + c in one instruction
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile on the first call, keep it on disk, and run without Python's lock."""
    fast: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return fast


def instruction(function: Callable[..., Any]) -> Any:
    """A function of compiled code whose LLVM instructions are written out; its first parameter is Numba's."""
    return intrinsic(function)


class Lane(types.Type):
    """The type of sixteen floats."""

    def __init__(self) -> None:
        super().__init__("Lane")


lane = Lane()


@register_model(Lane)
class LaneModel(models.PrimitiveModel):
    """Held in registers as LLVM's own vector."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, LANE)


def pointer(builder: Any, place: Any, to: ir.Type) -> Any:
    """place: (address of a row, element k of it). Where that element is, as a pointer to `to`."""
    at, k = place
    floats = builder.inttoptr(at, FLOAT.as_pointer())
    return builder.bitcast(builder.gep(floats, [k]), to.as_pointer())


def constant(value: float) -> ir.Constant:
    return ir.Constant(LANE, [ir.Constant(FLOAT, value)] * WIDTH)


def call(builder: Any, name: str, value: Any) -> Any:
    """One of LLVM's functions of a lane."""
    function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(LANE, [LANE]), f"{name}.v16f32")
    return builder.call(function, [value])


@instruction
def address(typing: Any, array: Any) -> Any:
    """Where an array's memory begins. The array must outlive its uses: take it from a caller, who holds it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.ptrtoint(data, context.get_value_type(types.intp))

    return types.intp(array), generate


@instruction
def load(typing: Any, at: Any, k: Any) -> Any:
    """Elements k … k + 15."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(pointer(builder, arguments, LANE), align=4)

    return lane(types.intp, types.intp), generate


@instruction
def store(typing: Any, at: Any, k: Any, value: Any) -> Any:
    """Elements k … k + 15 = value."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], pointer(builder, arguments[:2], LANE), align=4)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, lane), generate


@instruction
def get(typing: Any, at: Any, k: Any) -> Any:
    """Element k."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(pointer(builder, arguments, FLOAT), align=4)

    return types.float32(types.intp, types.intp), generate


@instruction
def put(typing: Any, at: Any, k: Any, value: Any) -> Any:
    """Element k = value."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], pointer(builder, arguments[:2], FLOAT), align=4)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.float32), generate


@instruction
def prefetch(typing: Any, at: Any, k: Any) -> Any:
    """Ask for the cache line of element k, to be written soon."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte = ir.IntType(8)
        kind = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), INT, INT, INT])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(function, [pointer(builder, arguments, byte), INT(1), INT(3), INT(1)])
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), generate


@instruction
def spread(typing: Any, value: Any) -> Any:
    """One number sixteen times."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        first = builder.insert_element(ir.Constant(LANE, ir.Undefined), arguments[0], INT(0))
        return builder.shuffle_vector(first, ir.Constant(LANE, ir.Undefined), ir.Constant(INTS, [0] * WIDTH))

    return lane(types.float32), generate


@instruction
def add(typing: Any, a: Any, b: Any) -> Any:
    """a + b."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fadd(*arguments, flags=FAST)

    return lane(lane, lane), generate


@instruction
def times(typing: Any, a: Any, b: Any) -> Any:
    """a · b."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fmul(*arguments, flags=FAST)

    return lane(lane, lane), generate


@instruction
def times_add(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a · b + c, in one instruction where the machine has it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        a, b, c = arguments
        return builder.fadd(builder.fmul(a, b, flags=FAST), c, flags=FAST)

    return lane(lane, lane, lane), generate


@instruction
def total(typing: Any, value: Any) -> Any:
    """The sum of the sixteen."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        value, width = arguments[0], WIDTH
        while width > 1:  # fold the upper half onto the lower
            width //= 2
            picks = [ir.Constant(ir.VectorType(INT, width), list(range(s, s + width))) for s in (0, width)]
            low, high = (builder.shuffle_vector(value, ir.Constant(value.type, ir.Undefined), pick) for pick in picks)
            value = builder.fadd(low, high, flags=FAST)
        return builder.extract_element(value, INT(0))

    return types.float32(lane), generate


@instruction
def sigmoid(typing: Any, value: Any) -> Any:
    """1 / (1 + exp(-x)) to 3e-7: exp(-x) = 2^whole · 2^rest, with 2^rest as Taylor's polynomial for |rest| <= 1/2."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def times(a: Any, b: Any) -> Any:
            return builder.fmul(a, b, flags=FAST)

        def plus(a: Any, b: Any) -> Any:
            return builder.fadd(a, b, flags=FAST)

        x = arguments[0]
        for limit, outside in ((80.0, ">"), (-80.0, "<")):
            x = builder.select(builder.fcmp_ordered(outside, x, constant(limit)), constant(limit), x)
        power = times(x, constant(-1 / math.log(2)))
        whole = call(builder, "llvm.rint", power)
        rest = builder.fsub(power, whole)
        polynomial = constant(math.log(2) ** 7 / math.factorial(7))
        for k in range(6, -1, -1):
            polynomial = plus(times(polynomial, rest), constant(math.log(2) ** k / math.factorial(k)))
        exponent = builder.add(builder.fptosi(whole, INTS), ir.Constant(INTS, [127] * WIDTH))
        scale = builder.bitcast(builder.shl(exponent, ir.Constant(INTS, [23] * WIDTH)), LANE)
        return builder.fdiv(constant(1.0), plus(constant(1.0), times(polynomial, scale)))

    return lane(lane), generate
