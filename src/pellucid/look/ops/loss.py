"""Losses. `reduction` is ATen's number: 0 none, 1 mean, 2 sum."""

import numpy as np

from pellucid.look.ops.activation import log_sigmoid
from pellucid.look.ops.arithmetic import xlogy
from pellucid.look.ops.registry import Array, Scalar, reference


def _reduced(loss: Array, reduction: int) -> Array:
    return (loss, loss.mean(), loss.sum())[reduction] if reduction else loss


@reference("mse_loss")
def mse_loss(x: Array, target: Array, reduction: int = 1) -> Array:
    """(x - t)²"""
    return _reduced((x - target) ** 2, reduction)


@reference("smooth_l1_loss")
def smooth_l1_loss(x: Array, target: Array, reduction: int = 1, beta: float = 1.0) -> Array:
    """(x - t)² / 2β where |x - t| < β, |x - t| - β/2 elsewhere (Girshick 2015, arXiv:1504.08083, equation 3)"""
    d = np.abs(x - target)
    return _reduced(np.where(d < beta, d**2 / (2 * beta), d - beta / 2) if beta else d, reduction)


@reference("huber_loss")
def huber_loss(x: Array, target: Array, reduction: int = 1, delta: float = 1.0) -> Array:
    """(x - t)² / 2 where |x - t| ≤ δ, δ·(|x - t| - δ/2) elsewhere (Huber 1964)"""
    d = np.abs(x - target)
    return _reduced(np.where(d <= delta, d**2 / 2, delta * (d - delta / 2)), reduction)


@reference("binary_cross_entropy")
def binary_cross_entropy(x: Array, target: Array, weight: Array | None = None, reduction: int = 1) -> Array:
    """-(t·log x + (1 - t)·log(1 - x)), each logarithm at least -100"""
    loss = -(target * np.maximum(np.log(x), -100) + (1 - target) * np.maximum(np.log1p(-x), -100))
    return _reduced(loss if weight is None else loss * weight, reduction)


@reference("binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(
    x: Array, target: Array, weight: Array | None = None, pos_weight: Array | None = None, reduction: int = 1
) -> Array:
    """-(p·t·log σ(x) + (1 - t)·log σ(-x))"""
    positive = target if pos_weight is None else target * pos_weight
    loss = -(positive * log_sigmoid(x) + (1 - target) * log_sigmoid(-x))
    return _reduced(loss if weight is None else loss * weight, reduction)


@reference("kl_div")
def kl_div(x: Array, target: Array, reduction: int = 1, *, log_target: bool = False) -> Array:
    """t·(log t - x), x being a logarithm already"""
    loss = np.exp(target) * (target - x) if log_target else xlogy(target, target) - target * x
    return _reduced(loss, reduction)


@reference("nll_loss_forward", "nll_loss2d_forward")
def nll_loss(
    x: Array, target: Array, weight: Array | None, reduction: int, ignore_index: Scalar
) -> tuple[Array, Array | None]:
    """-w[t]·x[t], x (batch, classes, ...) or (classes); the mean is over the sum of the weights, the second output.

    Without reduction that sum is not defined.
    """
    x, labels = (x, target) if x.ndim > 1 else (x[None], target.reshape(1))
    kept = labels != ignore_index
    labels = np.where(kept, labels, 0)
    w = kept * (np.ones(x.shape[1]) if weight is None else weight)[labels]
    loss = -w * np.take_along_axis(x, labels[:, None], axis=1)[:, 0]
    loss = np.where(kept, loss, 0.0)
    if reduction == 0:
        return loss.reshape(target.shape), None
    return loss.sum() / (w.sum() if reduction == 1 else 1), w.sum()
