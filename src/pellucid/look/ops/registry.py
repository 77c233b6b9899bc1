"""The table of references: one plain NumPy function for each kind of ATen operation.

A kind is the ATen name without namespace, overload and the trailing underscore of an in-place operation:
`aten.add_.Tensor` is `add`. The ATen names and their arguments are those of PyTorch's `native_functions.yaml`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Scalar: TypeAlias = bool | int | float
Operand: TypeAlias = Array | Scalar
Ints: TypeAlias = int | list[int] | tuple[int, ...]
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Reference:
    """How one kind of operation is recomputed, and how its result may be compared.

    `compute` takes the arguments of the ATen operation. Tensors are arrays: float64 for any floating dtype, integer and
    bool arrays as they are. Scalars, lists, None and str come as such; dtypes as "float32", "int64", ...
    It returns an array, or a tuple with one array for each output. None in the place of an output says that the
    operation leaves it undefined (`empty`, bookkeeping buffers, the indices of tied values): nothing to compare.
    NotImplementedError says that these arguments are beyond the reference: not checked.
    """

    compute: Callable[..., Any]
    multilinear: bool = False
    """Sums of products: the same function on absolute values (of the arrays, and of `alpha`, `beta` and `value`) bounds
    the rounding, so that cancellation is no false alarm."""
    exact: bool = False
    """Moves or selects numbers and rounds none: equal bit for bit, once the result has the recorded dtype."""


REFERENCES: dict[str, Reference] = {}


def reference(*kinds: str, multilinear: bool = False, exact: bool = False) -> Callable[[Function], Function]:
    """Enter a function as the reference of these kinds; the function itself stays as it is."""

    def enter(function: Function) -> Function:
        for kind in kinds:
            if kind in REFERENCES:
                raise ValueError(f"{kind} already has a reference")
            REFERENCES[kind] = Reference(_returning_arrays(function), multilinear, exact)
        return function

    return enter


def _returning_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy turns 0-d results into scalars and warns at log(0); a tensor does neither."""

    @wraps(function)
    def compute(*args: Any, **kwargs: Any) -> Any:
        with np.errstate(all="ignore"):
            result = function(*args, **kwargs)
        if isinstance(result, tuple | list):
            return tuple(None if output is None else np.asarray(output) for output in result)
        return None if result is None else np.asarray(result)

    return compute


# --- what several files need ------------------------------------------------------------------------------------------


def axes(dim: Ints | None, ndim: int) -> tuple[int, ...]:
    """The axes an ATen `dim` means: none given, or an empty list, means all of them. Sorted, none negative."""
    if ndim == 0 or dim is None or dim == [] or dim == ():
        return tuple(range(ndim))
    return tuple(sorted(d % ndim for d in ((dim,) if isinstance(dim, int) else dim)))


def per_axis(value: Ints, n: int) -> tuple[int, ...]:
    """A kernel size, stride, padding ... for each of n spatial axes; one number stands for all."""
    values = (value,) if isinstance(value, int) else tuple(value)
    return values * n if len(values) == 1 else values


def on_last_axes(slices: Iterable[slice]) -> tuple[Any, ...]:
    """The index that takes these slices of the last axes, and all of those before."""
    return (..., *slices)


def cast(x: Operand, dtype: str | None) -> Array:
    """x as a tensor of this dtype would hold it. Floating results are float64 arrays of values rounded to the dtype."""
    x = np.asarray(x)
    if dtype is None:
        return x
    if dtype == "float64":
        return x.astype(np.float64)
    if dtype in ("float32", "float16"):  # double → half goes by way of float, and may round twice
        return x.astype(np.float32).astype(dtype).astype(np.float64)
    if dtype == "bfloat16":
        return _round_to_bfloat16(x.astype(np.float32)).astype(np.float64)
    if dtype == "bool":
        return x.astype(np.bool_)
    # out of range, C++ leaves float → small integer open; by way of int64 it wraps, as PyTorch's kernels do
    return (x.astype(np.int64) if x.dtype.kind == "f" else x).astype(np.dtype(dtype))


def _round_to_bfloat16(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round to the upper 16 of the 32 bits, ties to even."""
    bits = x.view(np.uint32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)
    return np.where(np.isnan(x), x, rounded.view(np.float32))
