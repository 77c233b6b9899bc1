"""Vectors of the processor in Numba: `Lanes`, 64 bytes of float32 or float64 that are computed at once.

Compilers find such vectors by themselves where they can prove that arrays do not overlap and where loops are long;
with 15 hidden units neither holds. Here they are written down: `load` and `store` move a row's neighbouring numbers,
`spread` gives one number to all lanes, + - * / and `fma` work lane by lane. LLVM makes of them whatever the processor
has (one AVX-512 register, two of AVX2, four of NEON). Indices are not checked.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, lower_cast, models, register_model

BYTES = 64


def compiled(function: Callable[..., Any]) -> Any:
    """Compiled at the first call, kept on the disk if there is a place for it, run without Python's lock."""
    try:
        return numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # neither the package's folder nor the user's can be written to
        return numba.njit(nogil=True, error_model="numpy")(function)


def inline(function: Callable[..., Any]) -> Any:
    """A part of a compiled function, copied into it."""
    return numba.njit(nogil=True, error_model="numpy", forceinline=True)(function)


def intrinsic(function: Callable[..., Any]) -> Any:
    """A function of compiled code whose instructions are written down here."""
    return numba.extending.intrinsic(function)


class Lanes(types.Type):
    """The type of such a vector."""

    def __init__(self, dtype: types.Float):
        self.dtype, self.count = dtype, BYTES * 8 // dtype.bitwidth
        super().__init__(name=f"Lanes({dtype} x {self.count})")

    @property
    def number(self) -> ir.Type:
        return ir.FloatType() if self.dtype == types.float32 else ir.DoubleType()

    @property
    def vector(self) -> ir.VectorType:
        return ir.VectorType(self.number, self.count)

    def constant(self, value: float) -> ir.Constant:
        return ir.Constant(self.vector, [value] * self.count)


@register_model(Lanes)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Lanes):
        super().__init__(manager, kind, kind.vector)


# arithmetic: Lanes with Lanes or with a number


def _operator(function: Any, instruction: str) -> None:
    class Typing(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            for kind in args:
                if isinstance(kind, Lanes):
                    return signature(kind, kind, kind)
            return None

    infer_global(function)(Typing)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, instruction)(*args, flags=("contract",))

    lower_builtin(function, Lanes, Lanes)(lower)


for _function, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _operator(_function, _instruction)


def spread_number(builder: Any, kind: Lanes, number: Any) -> Any:
    one = builder.insert_element(ir.Constant(kind.vector, ir.Undefined), number, ir.IntType(32)(0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), None)
    return builder.shuffle_vector(one, ir.Constant(kind.vector, ir.Undefined), mask)


def _number_to_lanes(context: Any, builder: Any, of: Any, to: Lanes, value: Any) -> Any:
    return spread_number(builder, to, context.cast(builder, value, of, to.dtype))


lower_cast(types.Float, Lanes)(_number_to_lanes)
lower_cast(types.Integer, Lanes)(_number_to_lanes)


# memory


def _pointer(context: Any, builder: Any, kind: Any, array: Any, indices: Any) -> Any:
    """To array[i, j, …], a C-contiguous array."""
    made = context.make_array(kind)(context, builder, array)
    shape = cgutils.unpack_tuple(builder, made.shape, kind.ndim)
    place = indices[0]
    for index, size in zip(indices[1:], shape[1:], strict=True):
        place = builder.add(builder.mul(place, size), index)
    return builder.gep(made.data, [place])


def _indices(array: Any, indices: Any) -> Any:
    if not isinstance(array, types.Array) or array.layout != "C" or array.ndim != len(indices):
        raise numba.TypingError(f"{array} is no C-contiguous array of {len(indices)} axes")
    return types.UniTuple(types.intp, len(indices))


def _unpacked(builder: Any, indices: Any, count: int) -> list[Any]:
    return [builder.extract_value(indices, i) for i in range(count)]


@intrinsic
def load(context: Any, array: Any, place: Any) -> Any:
    """The lanes that begin at array[place]."""
    kind = Lanes(array.dtype)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, array, args[0], _unpacked(builder, args[1], array.ndim))
        return builder.load(builder.bitcast(pointer, kind.vector.as_pointer()), align=array.dtype.bitwidth // 8)

    return kind(array, _indices(array, place)), code


@intrinsic
def spread(context: Any, array: Any, place: Any) -> Any:
    """array[place] in every lane."""
    kind = Lanes(array.dtype)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, array, args[0], _unpacked(builder, args[1], array.ndim))
        return spread_number(builder, kind, builder.load(pointer))

    return kind(array, _indices(array, place)), code


@intrinsic
def store(context: Any, array: Any, place: Any, lanes: Any) -> Any:
    """array[place], and what follows it, becomes these lanes."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, array, args[0], _unpacked(builder, args[1], array.ndim))
        builder.store(args[2], builder.bitcast(pointer, lanes.vector.as_pointer()), align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, _indices(array, place), lanes), code


# LLVM's own functions


def of_llvm(builder: Any, kind: Lanes, name: str, *values: Any) -> Any:
    """One of LLVM's own functions on vectors."""
    short = f"v{kind.count}f{kind.dtype.bitwidth}"
    function = ir.FunctionType(kind.vector, [kind.vector] * len(values))
    return builder.call(cgutils.get_or_insert_function(builder.module, function, f"llvm.{name}.{short}"), values)


@intrinsic
def fma(context: Any, a: Any, b: Any, c: Any) -> Any:
    """a b + c, rounded once."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return of_llvm(builder, a, "fma", *args)

    return a(a, a, a), code
