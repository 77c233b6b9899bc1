"""Sigmoid, tanh and ReLU of whole vectors, for the compiled kernels: at most 3 units in the last place off.

The C library's functions take one number at a time, and most of a small recurrent net's time.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir
from numba import types

from pellucid.nn.lanes import inline, intrinsic, of_llvm


@intrinsic
def positive(context: Any, x: Any, y: Any) -> Any:
    """y where x > 0, otherwise 0."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", args[0], x.constant(0.0)), args[1], x.constant(0.0))

    return y(x, y), code


@intrinsic
def expm1(context: Any, x: Any) -> Any:
    """exp(x) - 1, for |x| up to 87.

    x = n ln 2 + r with a whole n, so exp(x) - 1 = 2ⁿ (exp(r) - 1) + (2ⁿ - 1), and |r| ≤ 0.35 is small enough for
    Taylor's series. ln 2 is taken in two parts, so that n ln 2 is exact. What is no number stays none.
    """
    double = x.dtype == types.float64
    terms, mantissa, bias = (14, 52, 1023) if double else (8, 23, 127)
    high = 0.6931471803691238 if double else 0.693359375  # few enough bits
    integers = ir.VectorType(ir.IntType(x.dtype.bitwidth), x.count)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        (value,) = args
        for sign, most in ((">", 87.0), ("<", -87.0)):
            outside = builder.fcmp_ordered(sign, value, x.constant(most))
            value = builder.select(outside, x.constant(most), value)
        n = of_llvm(builder, x, "rint", builder.fmul(value, x.constant(1 / math.log(2))))
        r = of_llvm(builder, x, "fma", n, x.constant(-high), value)
        r = of_llvm(
            builder, x, "fma", n, x.constant(-(math.log(2) - high) if not double else -1.9082149292705877e-10), r
        )
        series = x.constant(1 / math.factorial(terms))
        for k in range(terms - 1, 0, -1):
            series = of_llvm(builder, x, "fma", series, r, x.constant(1 / math.factorial(k)))
        small = builder.fmul(series, r)
        exponent = builder.add(builder.fptosi(n, integers), ir.Constant(integers, [bias] * x.count))
        power = builder.bitcast(builder.shl(exponent, ir.Constant(integers, [mantissa] * x.count)), x.vector)
        return of_llvm(builder, x, "fma", power, small, builder.fsub(power, x.constant(1.0)))  # (32)

    return x(x), code


@inline
def sigmoid(x):  # type: ignore[no-untyped-def]
    """1 / (1 + exp(-x))"""
    return 1.0 / (2.0 + expm1(0.0 - x))  # (33)


@inline
def tanh(x):  # type: ignore[no-untyped-def]
    """(exp(2x) - 1) / (exp(2x) + 1)"""
    e = expm1(x + x)
    return e / (e + 2.0)  # (34)
