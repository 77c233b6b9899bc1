"""Vectors of the processor in Numba: `Lanes`, 64 bytes of float32 or float64 that are computed at once.

Compilers find such vectors by themselves where they can prove that arrays do not overlap and where loops are long;
with 15 hidden units neither holds. Here they are written down: `load` and `store` move a row's neighbouring numbers,
`spread` gives one number to all lanes, + - * / and `fma` work lane by lane, `total` adds the lanes up. LLVM makes of
them whatever the processor has (one AVX-512 register, two of AVX2, four of NEON). Indices are not checked.

What is loaded from and stored to is an array and a place in it, or where rows are picked by chance, the address of a
row of float32, an integer, and one element of it: nothing then is passed about, counted or multiplied.
"""

from __future__ import annotations

import contextlib
import operator
from collections.abc import Callable
from functools import cache
from pathlib import Path
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
        made: Any = numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # neither the package's folder nor the user's can be written to
        return numba.njit(nogil=True, error_model="numpy")(function)
    with contextlib.suppress(AttributeError):  # Numba's own parts: without them, only the function's file is looked at
        made._cache._cache_file._source_stamp = _sources(Path(function.__code__.co_filename).parent)
    return made


@cache
def _sources(folder: Path) -> list[tuple[str, float, int]]:
    """What compiled code was made of: it takes in functions of other files, beside its own and beside this one."""
    files = sorted({*folder.glob("*.py"), *Path(__file__).parent.rglob("*.py")})
    return [(str(file), status.st_mtime, status.st_size) for file, status in ((f, f.stat()) for f in files)]


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
    """To array[i, j, …], a C-contiguous array, or to an element of a row that is given by its address."""
    if isinstance(kind, types.Integer):
        return row_pointer(builder, array, indices)
    indices = _unpacked(builder, indices, kind.ndim)
    made = context.make_array(kind)(context, builder, array)
    shape = cgutils.unpack_tuple(builder, made.shape, kind.ndim)
    place = indices[0]
    for index, size in zip(indices[1:], shape[1:], strict=True):
        place = builder.add(builder.mul(place, size), index)
    return builder.gep(made.data, [place])


def row_pointer(builder: Any, address: Any, k: Any) -> Any:
    """To element k of the row of float32 at that address."""
    return builder.gep(builder.inttoptr(address, ir.FloatType().as_pointer()), [k])


def _number(array: Any) -> types.Float:
    """What an array holds, or a row that is given by its address."""
    return types.float32 if isinstance(array, types.Integer) else array.dtype


def _indices(array: Any, indices: Any) -> Any:
    if isinstance(array, types.Integer):
        return types.intp
    if not isinstance(array, types.Array) or array.layout != "C" or array.ndim != len(indices):
        raise numba.TypingError(f"{array} is no C-contiguous array of {len(indices)} axes")
    return types.UniTuple(types.intp, len(indices))


def _unpacked(builder: Any, indices: Any, count: int) -> list[Any]:
    return [builder.extract_value(indices, i) for i in range(count)]


@intrinsic
def load(context: Any, array: Any, place: Any) -> Any:
    """The lanes that begin at array[place]."""
    kind = Lanes(_number(array))

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, array, args[0], args[1])
        return builder.load(builder.bitcast(pointer, kind.vector.as_pointer()), align=kind.dtype.bitwidth // 8)

    return kind(array, _indices(array, place)), code


@intrinsic
def spread(context: Any, array: Any, place: Any) -> Any:
    """array[place] in every lane."""
    kind = Lanes(_number(array))

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, array, args[0], args[1])
        return spread_number(builder, kind, builder.load(pointer))

    return kind(array, _indices(array, place)), code


@intrinsic
def store(context: Any, array: Any, place: Any, lanes: Any) -> Any:
    """array[place], and what follows it, becomes these lanes."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, array, args[0], args[1])
        builder.store(args[2], builder.bitcast(pointer, lanes.vector.as_pointer()), align=lanes.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, _indices(array, place), lanes), code


# a number to lanes, and lanes to a number


@intrinsic
def filled(context: Any, number: Any) -> Any:
    """A number in every lane."""
    kind = Lanes(number)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return spread_number(builder, kind, args[0])

    return kind(number), code


@intrinsic
def total(context: Any, lanes: Any) -> Any:
    """The sum of the lanes: the upper half is added to the lower, until one is left."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        value, count = args[0], lanes.count
        while count > 1:
            count //= 2
            mask = ir.VectorType(ir.IntType(32), count)
            halves = [
                builder.shuffle_vector(
                    value, ir.Constant(value.type, ir.Undefined), ir.Constant(mask, [*range(first, first + count)])
                )
                for first in (0, count)
            ]
            value = builder.fadd(*halves)
        return builder.extract_element(value, ir.IntType(32)(0))

    return lanes.dtype(lanes), code


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
