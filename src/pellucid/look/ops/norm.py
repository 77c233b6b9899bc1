"""Normalisation layers: subtract a mean, divide by a spread, scale and shift."""

import math
from typing import Any

import numpy as np

from pellucid.look.ops.reduce import vector_norm
from pellucid.look.ops.registry import Array, reference

_NOTHING = np.zeros(0)


def _per_channel(v: Array | None, ndim: int, default: float) -> Array:
    """(channels) → (1, channels, 1, ...)"""
    return np.asarray(default) if v is None else v.reshape(1, -1, *(1,) * (ndim - 2))


@reference("native_batch_norm", "_native_batch_norm_legit")
def native_batch_norm(x: Array, weight: Array | None, bias: Array | None, *rest: Any) -> tuple[Array, Array, Array]:
    """γ·(x - μ)/√(σ² + ε) + β for each channel (axis 1) (Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1).

    `rest` is running mean, running variance, training, momentum, ε; the form without running statistics starts at
    `training`. In training μ and σ² are the batch's own, and the outputs end with μ and 1/√(σ² + ε). Instance norm
    comes here too, its samples laid out as channels.
    """
    *running, training, _momentum, eps = rest
    if not training:
        return _batch_norm(x, weight, bias, running[0], running[1], eps), _NOTHING, _NOTHING
    others = (0, *range(2, x.ndim))
    mean, var = x.mean(axis=others), x.var(axis=others)
    return _batch_norm(x, weight, bias, mean, var, eps), mean, 1 / np.sqrt(var + eps)


def _batch_norm(x: Array, weight: Array | None, bias: Array | None, mean: Array, var: Array, eps: float) -> Array:
    centered = x - _per_channel(mean, x.ndim, 0)
    normed = centered / np.sqrt(_per_channel(var, x.ndim, 1) + eps)
    return normed * _per_channel(weight, x.ndim, 1) + _per_channel(bias, x.ndim, 0)


@reference("_native_batch_norm_legit_no_training")
def batch_norm_no_training(
    x: Array, weight: Array | None, bias: Array | None, mean: Array, var: Array, momentum: float, eps: float
) -> tuple[Array, Array, Array]:
    return native_batch_norm(x, weight, bias, mean, var, False, momentum, eps)


@reference("_batch_norm_no_update")
def batch_norm_no_update(
    x: Array, weight: Array | None, bias: Array | None, mean: Array, var: Array, momentum: float, eps: float
) -> tuple[Array, Array, Array, None]:
    return *native_batch_norm(x, weight, bias, mean, var, False, momentum, eps), None


@reference("_batch_norm_with_update")
def batch_norm_with_update(
    x: Array, weight: Array | None, bias: Array | None, mean: Array, var: Array, momentum: float, eps: float
) -> tuple[Array, Array, Array, None]:
    return *native_batch_norm(x, weight, bias, mean, var, True, momentum, eps), None


@reference("batch_norm")
def batch_norm(x: Array, weight: Array | None, bias: Array | None, *rest: Any) -> Array:
    """The same, output only; `rest` ends with a switch for cuDNN."""
    return native_batch_norm(x, weight, bias, *rest[:-1])[0]


@reference("native_layer_norm")
def native_layer_norm(
    x: Array, normalized_shape: list[int], weight: Array | None, bias: Array | None, eps: float
) -> tuple[Array, Array, Array]:
    """γ·(x - μ)/√(σ² + ε) + β over the last axes, then μ and 1/√(σ² + ε) (Ba et al. 2016, arXiv:1607.06450)"""
    last = tuple(range(-len(normalized_shape), 0))
    mean = x.mean(axis=last, keepdims=True)
    rstd = 1 / np.sqrt(x.var(axis=last, keepdims=True) + eps)
    out = (x - mean) * rstd
    return out * (1 if weight is None else weight) + (0 if bias is None else bias), mean, rstd


@reference("layer_norm")
def layer_norm(
    x: Array, normalized_shape: list[int], weight: Array | None = None, bias: Array | None = None,
    eps: float = 1e-5, cudnn_enable: bool = True,
) -> Array:  # fmt: skip
    return native_layer_norm(x, normalized_shape, weight, bias, eps)[0]


@reference("native_group_norm")
def native_group_norm(
    x: Array, weight: Array | None, bias: Array | None, n: int, c: int, hw: int, group: int, eps: float
) -> tuple[Array, Array, Array]:
    """The channels in `group` groups, each normalised within a sample (Wu and He 2018, arXiv:1803.08494)"""
    groups = x.reshape(n, group, c // group * hw)
    mean = groups.mean(axis=2)
    rstd = 1 / np.sqrt(groups.var(axis=2) + eps)
    normed = ((groups - mean[..., None]) * rstd[..., None]).reshape(x.shape)
    return normed * _per_channel(weight, x.ndim, 1) + _per_channel(bias, x.ndim, 0), mean, rstd


@reference("group_norm")
def group_norm(
    x: Array, num_groups: int, weight: Array | None = None, bias: Array | None = None,
    eps: float = 1e-5, cudnn_enabled: bool = True,
) -> Array:  # fmt: skip
    n, c, *space = x.shape
    return native_group_norm(x, weight, bias, n, c, math.prod(space), num_groups, eps)[0]


@reference("_fused_rms_norm")
def fused_rms_norm(
    x: Array, normalized_shape: list[int], weight: Array | None, eps: float | None
) -> tuple[Array, Array]:
    """γ·x/√(mean x² + ε), then 1/√(mean x² + ε) (Zhang and Sennrich 2019, arXiv:1910.07467, equation 4)"""
    last = tuple(range(-len(normalized_shape), 0))
    eps = float(np.finfo(np.float32).eps) if eps is None else eps
    rstd = 1 / np.sqrt((x**2).mean(axis=last, keepdims=True) + eps)
    return x * rstd * (1 if weight is None else weight), rstd


@reference("rms_norm")
def rms_norm(x: Array, normalized_shape: list[int], weight: Array | None = None, eps: float | None = None) -> Array:
    return fused_rms_norm(x, normalized_shape, weight, eps)[0]


@reference("_weight_norm_interface")
def weight_norm(v: Array, g: Array, dim: int = 0) -> tuple[Array, Array]:
    """g·v/‖v‖, the norm over all axes but one, then the norms (Salimans and Kingma 2016, arXiv:1602.07868)"""
    others = [d for d in range(v.ndim) if d != dim % v.ndim]
    size = vector_norm(v, 2, others, True)
    return g * v / size, size
