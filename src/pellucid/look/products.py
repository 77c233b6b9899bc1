"""Vector-Jacobian products by kind of operation: from the gradient of an output to that of one argument. NumPy only.

Each takes the arguments of the operation, its keywords, the place of one argument, and the gradient g of the (first)
output; it returns the gradient of that argument, before broadcasting is undone, or None where it has no product for it.
The rules are those of reverse-mode differentiation (Griewank and Walther, Evaluating Derivatives, 2nd ed., chapter 3)
and PyTorch's `derivatives.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.look.trace import Array

Product = Callable[[list[Any], dict[str, Any], int, Array], Array | None]


def _transposed(x: Array) -> Array:
    return np.swapaxes(x, -1, -2)


def _mm(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array:
    """A @ B, also of batches: g Bᵀ and Aᵀ g"""
    return g @ _transposed(args[1]) if which == 0 else _transposed(args[0]) @ g


def _addmm(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array:
    """β C + α A @ B"""
    if which == 0:
        return g * kwargs.get("beta", 1)
    return _mm(args[1:], {}, which - 1, g) * kwargs.get("alpha", 1)


def _mv(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array:
    """A @ v"""
    return np.outer(g, args[1]) if which == 0 else args[0].T @ g


def _addmv(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array:
    """β c + α A @ v"""
    return g * kwargs.get("beta", 1) if which == 0 else _mv(args[1:], {}, which - 1, g) * kwargs.get("alpha", 1)


def _linear(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array:
    """x Wᵀ + b"""
    if which == 0:
        return g @ args[1]
    rows = g.reshape(-1, g.shape[-1])
    return rows.T @ args[0].reshape(-1, args[0].shape[-1]) if which == 1 else rows.sum(0)


def _add(sign: float) -> Product:
    """a ± α b"""
    return lambda args, kwargs, which, g: g if which == 0 else sign * g * kwargs.get("alpha", 1)


def _mul(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array:
    return g * args[1 - which]


def _div(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array | None:
    if kwargs.get("rounding_mode") is not None:
        return None
    return g / args[1] if which == 0 else -g * args[0] / args[1] ** 2


def _sum(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array:
    dims = args[1] if len(args) > 1 and args[1] is not None else []
    keep = len(args) > 2 and args[2]
    shape = args[0].shape
    axes = {dim % len(shape) for dim in dims} if dims else set(range(len(shape)))
    g = g if keep else g.reshape([1 if axis in axes else size for axis, size in enumerate(shape)])
    return np.broadcast_to(g, shape)


def _layer_norm(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array | None:
    """(x - mean) / √(variance + ε) · weight + bias, over the last axes"""
    if which == 3:
        return g
    axes = tuple(range(-len(args[1]), 0))
    return g * _normal(args[0], axes, args[4]) if which == 2 else None


def _normal(x: Array, axes: tuple[int, ...], eps: float) -> Array:
    normal: Array = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)
    return normal


def _batch_norm(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array | None:
    """The same over the batch, or with the running statistics; one weight for each channel (axis 1)"""
    x, training, eps = args[0], args[5], args[7]
    axes = (0, *range(2, x.ndim))
    if which == 2:
        return g.sum(axes)
    if which != 1:
        return None
    if training:
        return (g * _normal(x, axes, eps)).sum(axes)
    per_channel = (1, -1, *(1,) * (x.ndim - 2))
    mean, variance = (each.reshape(per_channel) for each in args[3:5])
    return (g * (x - mean) / np.sqrt(variance + eps)).sum(axes)


def _convolution(args: list[Any], kwargs: dict[str, Any], which: int, g: Array) -> Array | None:
    """convolution(x, weight, bias, stride, padding, dilation, transposed, output_padding, groups)"""
    x, weight, _, stride, padding, dilation, transposed, _, groups = args
    if which == 2:
        return g.sum((0, *range(2, g.ndim)))
    if which != 1:
        return None
    spatial = weight.shape[2:]
    # a transposed convolution is the other one read backwards: the roles of x and g change places
    wide, narrow = (g, x) if transposed else (x, g)
    wide = np.pad(
        wide,
        [(0, 0), (0, 0), *((p + (d * k), p + (d * k)) for p, d, k in zip(padding, dilation, spatial, strict=True))],
    )
    batch = len(x)
    result = np.zeros(weight.shape)
    for at in np.ndindex(*spatial):
        # the padding above is d·k wider than the convolution's own, so that every window stays inside
        starts = [d * k + d * a for d, k, a in zip(dilation, spatial, at, strict=True)]
        window = tuple(
            slice(start, start + s * n, s) for start, s, n in zip(starts, stride, narrow.shape[2:], strict=True)
        )
        seen = wide[(slice(None), slice(None), *window)]
        a = narrow.reshape(batch, groups, narrow.shape[1] // groups, -1)
        b = seen.reshape(batch, groups, seen.shape[1] // groups, -1)
        # [groups, out of narrow, in of wide] → the weight's first two axes
        result[(slice(None), slice(None), *at)] = np.einsum("ngop,ngip->goi", a, b).reshape(weight.shape[:2])
    return result


PRODUCTS: dict[str, Product] = {
    "mm": _mm,
    "bmm": _mm,
    "addmm": _addmm,
    "baddbmm": _addmm,
    "mv": _mv,
    "addmv": _addmv,
    "dot": _mul,
    "linear": _linear,
    "add": _add(1.0),
    "sub": _add(-1.0),
    "rsub": lambda args, kwargs, which, g: -g * kwargs.get("alpha", 1) if which == 0 else g,
    "reciprocal": lambda args, kwargs, which, g: -g / args[0] ** 2,
    "neg": lambda args, kwargs, which, g: -g,
    "mul": _mul,
    "div": _div,
    "sum": _sum,
    "tanh": lambda args, kwargs, which, g: g * (1 - np.tanh(args[0]) ** 2),
    "sigmoid": lambda args, kwargs, which, g: g / (2 + np.exp(args[0]) + np.exp(-args[0])),
    "exp": lambda args, kwargs, which, g: g * np.exp(args[0]),
    "relu": lambda args, kwargs, which, g: g * (args[0] > 0),
    "native_layer_norm": _layer_norm,
    "native_batch_norm": _batch_norm,
    "convolution": _convolution,
}
