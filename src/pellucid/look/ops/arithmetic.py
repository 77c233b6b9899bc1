"""Elementwise arithmetic, comparison and logic, with broadcasting."""

import math
from collections.abc import Callable

import numpy as np

from pellucid.look.ops.registry import Array, Operand, Scalar, reference

# --- one number in, one number out ------------------------------------------------------------------------------------


def _in_float64(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """NumPy would compute sqrt of an int8 array in float16."""
    return lambda x: function(np.asarray(x, dtype=np.float64))


for _kind, _ufunc in {
    "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1,
    "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p,
    "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
}.items():  # fmt: skip
    reference(_kind)(_in_float64(_ufunc))

for _kind, _ufunc in {"neg": np.negative, "abs": np.abs, "isnan": np.isnan, "isinf": np.isinf}.items():
    reference(_kind, exact=True)(_ufunc)

for _kind, _ufunc in {"floor": np.floor, "ceil": np.ceil, "trunc": np.trunc}.items():
    reference(_kind, exact=True)(_ufunc)


@reference("sign", "sgn", exact=True)
def sign(x: Array) -> Array:
    """-1, 0 or 1; 0 for NaN, where NumPy says NaN."""
    return np.where(x > 0, 1, np.where(x < 0, -1, 0)).astype(x.dtype)


@reference("round")
def round_half_even(x: Array, *, decimals: int = 0) -> Array:
    return np.round(x, decimals)


@reference("reciprocal")
def reciprocal(x: Array) -> Array:
    return np.true_divide(1.0, x)


@reference("rsqrt")
def rsqrt(x: Array) -> Array:
    return 1 / np.sqrt(np.asarray(x, dtype=np.float64))


@reference("square")
def square(x: Array) -> Array:
    return x * x


_erf = np.vectorize(math.erf, otypes=[np.float64])
_erfc = np.vectorize(math.erfc, otypes=[np.float64])


@reference("erf")
def erf(x: Array) -> Array:
    """2/√π · ∫₀ˣ exp(-t²) dt"""
    return np.asarray(_erf(x))


@reference("erfc")
def erfc(x: Array) -> Array:
    return np.asarray(_erfc(x))


# --- two numbers in ---------------------------------------------------------------------------------------------------


@reference("add")
def add(a: Operand, b: Operand, alpha: Scalar = 1) -> Array:
    """a + alpha·b; for two bool arrays: or."""
    return np.add(a, b if alpha == 1 else np.multiply(alpha, b))


@reference("sub", "subtract")
def sub(a: Operand, b: Operand, alpha: Scalar = 1) -> Array:
    """a - alpha·b"""
    return np.subtract(a, b if alpha == 1 else np.multiply(alpha, b))


@reference("rsub")
def rsub(a: Operand, b: Operand, alpha: Scalar = 1) -> Array:
    """b - alpha·a"""
    return sub(b, a, alpha)


@reference("mul", "multiply")
def mul(a: Operand, b: Operand) -> Array:
    return np.multiply(a, b)


@reference("div", "divide")
def div(a: Operand, b: Operand, *, rounding_mode: str | None = None) -> Array:
    """a / b, also of two integers; rounded towards -∞ ("floor") or towards 0 ("trunc") if asked."""
    if rounding_mode == "floor":
        return floor_divide(a, b)
    if rounding_mode is None:
        return np.true_divide(a, b)
    if np.result_type(a, b).kind == "f":
        return np.trunc(np.true_divide(a, b))
    floor = np.floor_divide(a, b)
    return floor + ((floor < 0) & (np.multiply(floor, b) != a))


@reference("true_divide")
def true_divide(a: Operand, b: Operand) -> Array:
    return np.true_divide(a, b)


@reference("floor_divide")
def floor_divide(a: Operand, b: Operand) -> Array:
    return np.floor_divide(a, b)


@reference("pow")
def power(a: Operand, b: Operand) -> Array:
    """a to the power of b. An integer to a negative integer power is the truncated quotient: 0, or ±1 for ±1."""
    if np.result_type(a, b).kind == "f" or not np.any(np.less(b, 0)):
        return np.power(a, b)
    return np.trunc(np.power(np.asarray(a, dtype=np.float64), b)).astype(np.int64)


for _kind, _binary in {
    "remainder": np.remainder,  # the sign of the divisor
    "fmod": np.fmod,  # the sign of the dividend
    "atan2": np.arctan2,
    "logaddexp": np.logaddexp,
    "hypot": np.hypot,
}.items():
    reference(_kind)(_binary)

for _kind, _binary in {
    "maximum": np.maximum, "minimum": np.minimum, "fmax": np.fmax, "fmin": np.fmin,
    "eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
    "logical_and": np.logical_and, "logical_or": np.logical_or, "logical_xor": np.logical_xor,
    "bitwise_and": np.bitwise_and, "bitwise_or": np.bitwise_or, "bitwise_xor": np.bitwise_xor,
    "__and__": np.bitwise_and, "__or__": np.bitwise_or, "__xor__": np.bitwise_xor,
    "bitwise_left_shift": np.left_shift, "bitwise_right_shift": np.right_shift,
    "__lshift__": np.left_shift, "__rshift__": np.right_shift,
}.items():  # fmt: skip
    reference(_kind, exact=True)(_binary)

for _kind, _unary in {"logical_not": np.logical_not, "bitwise_not": np.invert}.items():
    reference(_kind, exact=True)(_unary)


@reference("xlogy")
def xlogy(x: Operand, y: Operand) -> Array:
    """x·log(y), and 0 where x is 0"""
    return np.where(np.equal(x, 0) & ~np.isnan(y), 0.0, np.multiply(x, np.log(y)))


# --- three and more ---------------------------------------------------------------------------------------------------


@reference("clamp", "clip", exact=True)
def clamp(x: Array, min: Operand | None = None, max: Operand | None = None) -> Array:
    """min(max(x, lowest), highest): the upper bound wins where the bounds cross."""
    x = x if min is None else np.maximum(x, min)
    return x if max is None else np.minimum(x, max)


@reference("clamp_min", exact=True)
def clamp_min(x: Array, min: Operand) -> Array:
    return np.maximum(x, min)


@reference("clamp_max", exact=True)
def clamp_max(x: Array, max: Operand) -> Array:
    return np.minimum(x, max)


@reference("where", exact=True)
def where(condition: Array, a: Operand | None = None, b: Operand | None = None) -> Array | tuple[Array, ...]:
    """a where the condition holds, b elsewhere; without a and b the places where it holds, one array per axis."""
    if a is None or b is None:
        return np.nonzero(np.atleast_1d(condition))
    return np.where(condition, a, b)


@reference("nan_to_num", exact=True)
def nan_to_num(x: Array, nan: float | None = None, posinf: float | None = None, neginf: float | None = None) -> Array:
    """NaN becomes 0 or a number given; ∞ needs one, for its default is the largest of a dtype not known here."""
    if (posinf is None and np.any(x == np.inf)) or (neginf is None and np.any(x == -np.inf)):
        raise NotImplementedError("nan_to_num of an infinity without a number to put in its place")
    return np.nan_to_num(x, nan=nan or 0.0, posinf=posinf, neginf=neginf)


@reference("lerp")
def lerp(start: Array, end: Array, weight: Operand) -> Array:
    """start + weight·(end - start), from the nearer end as ATen does."""
    near_start = start + weight * (end - start)
    near_end = end - (end - start) * np.subtract(1, weight)
    return np.where(np.abs(weight) < 0.5, near_start, near_end)


@reference("addcmul", multilinear=True)
def addcmul(x: Array, a: Array, b: Array, *, value: Scalar = 1) -> Array:
    """x + value·a·b"""
    return x + value * a * b


@reference("addcdiv")
def addcdiv(x: Array, a: Array, b: Array, *, value: Scalar = 1) -> Array:
    """x + value·a/b"""
    return x + value * np.true_divide(a, b)
