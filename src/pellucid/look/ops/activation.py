"""Activation functions, elementwise, and the softmax along one axis."""

import math

import numpy as np

from pellucid.look.ops.arithmetic import erf
from pellucid.look.ops.registry import Array, Scalar, cast, reference

# --- the logistic family ----------------------------------------------------------------------------------------------


@reference("sigmoid")
def sigmoid(x: Array) -> Array:
    """σ(x) = 1 / (1 + exp(-x))"""
    return 1 / (1 + np.exp(-np.asarray(x, dtype=np.float64)))


@reference("log_sigmoid")
def log_sigmoid(x: Array) -> Array:
    """log σ(x) = min(x, 0) - log(1 + exp(-|x|)), which never overflows"""
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


@reference("log_sigmoid_forward")
def log_sigmoid_forward(x: Array) -> tuple[Array, Array]:
    """log σ(x), and the buffer the CPU keeps for the backward pass: exp(-|x|)"""
    return log_sigmoid(x), np.exp(-np.abs(x))


@reference("softplus")
def softplus(x: Array, beta: Scalar = 1, threshold: Scalar = 20) -> Array:
    """log(1 + exp(βx)) / β, and x itself where βx is above the threshold"""
    return np.where(x * beta > threshold, x, np.log1p(np.exp(x * beta)) / beta)


@reference("silu")
def silu(x: Array) -> Array:
    """x·σ(x) (Elfwing et al. 2017, arXiv:1702.03118; "Swish", Ramachandran et al. 2017, arXiv:1710.05941)"""
    return x * sigmoid(x)


@reference("mish")
def mish(x: Array) -> Array:
    """x·tanh(softplus(x)) (Misra 2019, arXiv:1908.08681)"""
    return x * np.tanh(np.log1p(np.exp(x)))


@reference("glu")
def glu(x: Array, dim: int = -1) -> Array:
    """first half · σ(second half) (Dauphin et al. 2016, arXiv:1612.08083)"""
    first, second = np.split(x, 2, axis=dim)
    return first * sigmoid(second)


# --- the rectified family ---------------------------------------------------------------------------------------------


@reference("relu", exact=True)
def relu(x: Array) -> Array:
    return np.maximum(x, 0)


@reference("hardtanh", exact=True)
def hardtanh(x: Array, min_val: Scalar = -1, max_val: Scalar = 1) -> Array:
    return np.minimum(np.maximum(x, min_val), max_val)


@reference("relu6", exact=True)
def relu6(x: Array) -> Array:
    return hardtanh(x, 0, 6)


@reference("hardsigmoid")
def hardsigmoid(x: Array) -> Array:
    """relu6(x + 3) / 6 (MobileNetV3, Howard et al. 2019, arXiv:1905.02244, section 5.2)"""
    return relu6(x + 3) / 6


@reference("hardswish")
def hardswish(x: Array) -> Array:
    """x·relu6(x + 3) / 6 (the same section)"""
    return x * relu6(x + 3) / 6


@reference("leaky_relu")
def leaky_relu(x: Array, negative_slope: Scalar = 0.01) -> Array:
    return np.where(x > 0, x, x * negative_slope)


@reference("rrelu_with_noise")
def rrelu_with_noise(
    x: Array, noise: Array, lower: Scalar = 1 / 8, upper: Scalar = 1 / 3, training: bool = False, generator: None = None
) -> Array | None:
    """In evaluation the slope is the middle of its range (Xu et al. 2015, arXiv:1505.00853); in training chance's."""
    return None if training else leaky_relu(x, (lower + upper) / 2)


@reference("_prelu_kernel")
def prelu_kernel(x: Array, weight: Array) -> Array:
    """x where positive, weight·x elsewhere; the weight comes shaped to broadcast (He et al. 2015, arXiv:1502.01852)"""
    return np.where(x > 0, x, weight * x)


@reference("prelu")
def prelu(x: Array, weight: Array) -> Array:
    """One weight for each channel (axis 1), or one for all."""
    return prelu_kernel(x, weight.reshape(-1, *(1,) * (x.ndim - 2)) if weight.size > 1 else weight.reshape(()))


@reference("threshold", exact=True)
def threshold(x: Array, threshold: Scalar, value: Scalar) -> Array:
    return np.where(x <= threshold, np.asarray(value, dtype=x.dtype), x)


@reference("hardshrink", exact=True)
def hardshrink(x: Array, lambd: Scalar = 0.5) -> Array:
    return np.where(np.abs(x) <= lambd, 0, x)


@reference("softshrink")
def softshrink(x: Array, lambd: Scalar = 0.5) -> Array:
    return np.where(x > lambd, x - lambd, np.where(x < -lambd, x + lambd, 0))


# --- the exponential family -------------------------------------------------------------------------------------------


@reference("elu")
def elu(x: Array, alpha: Scalar = 1, scale: Scalar = 1, input_scale: Scalar = 1) -> Array:
    """scale · (x where positive, α·(exp(input_scale·x) - 1) elsewhere) (Clevert et al. 2015, arXiv:1511.07289)"""
    return scale * np.where(x > 0, x, alpha * np.expm1(x * input_scale))


@reference("selu")
def selu(x: Array) -> Array:
    """ELU with α and λ that keep mean 0 and variance 1 (Klambauer et al. 2017, arXiv:1706.02515, equation 2)"""
    return elu(x, alpha=1.6732632423543772, scale=1.0507009873554805)


@reference("celu")
def celu(x: Array, alpha: Scalar = 1) -> Array:
    """max(0, x) + min(0, α·(exp(x/α) - 1)) (Barron 2017, arXiv:1704.07483)"""
    return np.maximum(x, 0) + np.minimum(0, alpha * np.expm1(x / alpha))


@reference("gelu")
def gelu(x: Array, *, approximate: str = "none") -> Array:
    """x·Φ(x) = x/2·(1 + erf(x/√2)), or its approximation by tanh (Hendrycks and Gimpel 2016, arXiv:1606.08415)"""
    if approximate == "tanh":
        return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x / 2 * (1 + erf(x / math.sqrt(2)))


# --- back through one, as autograd does it ----------------------------------------------------------------------------


@reference("tanh_backward")
def tanh_backward(gradient: Array, result: Array) -> Array:
    """g·(1 - tanh²(x)), from the result that the forward pass kept"""
    return gradient * (1 - result * result)


@reference("softplus_backward")
def softplus_backward(gradient: Array, x: Array, beta: Scalar = 1, threshold: Scalar = 20) -> Array:
    """g·σ(βx), and g itself where βx is above the threshold"""
    return np.where(x * beta > threshold, gradient, gradient * sigmoid(x * beta))


# --- along one axis ---------------------------------------------------------------------------------------------------


def _softmax(x: Array, dim: int) -> Array:
    """exp(xᵢ) / Σⱼ exp(xⱼ), with the maximum subtracted first so that nothing overflows"""
    if x.ndim == 0:
        return x - x + 1
    e = np.exp(x - x.max(axis=dim, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=dim, keepdims=True)


def _log_softmax(x: Array, dim: int) -> Array:
    """xᵢ - log Σⱼ exp(xⱼ)"""
    if x.ndim == 0:
        return x - x
    shifted = x - x.max(axis=dim, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=dim, keepdims=True))


@reference("_softmax")
def softmax_kernel(x: Array, dim: int, half_to_float: bool = False) -> Array:
    return _softmax(x, dim)


@reference("_log_softmax")
def log_softmax_kernel(x: Array, dim: int, half_to_float: bool = False) -> Array:
    return _log_softmax(x, dim)


@reference("softmax")
def softmax(x: Array, dim: int, dtype: str | None = None) -> Array:
    return _softmax(cast(x, dtype), dim)


@reference("log_softmax")
def log_softmax(x: Array, dim: int, dtype: str | None = None) -> Array:
    return _log_softmax(cast(x, dtype), dim)
