"""Scaled dot-product attention (Vaswani et al. 2017, arXiv:1706.03762, section 3.2.1) in its fused forms.

With the math back end attention reaches the trace as its parts: mul, bmm, _safe_softmax, bmm.
"""

import math

import numpy as np

from pellucid.look.ops.activation import softmax
from pellucid.look.ops.reduce import logsumexp
from pellucid.look.ops.registry import Array, reference


@reference("_safe_softmax")
def safe_softmax(x: Array, dim: int, dtype: str | None = None) -> Array:
    """The softmax, and 0 throughout where every score is -∞: a query that may look at nothing."""
    nothing = np.all(x == -np.inf, axis=dim, keepdims=True) if x.ndim else x == -np.inf
    return np.where(nothing, 0.0, softmax(x, dim, dtype))


def _scores(q: Array, k: Array, mask: Array | None, is_causal: bool, scale: float | None) -> Array:
    """q kᵀ·scale + mask: (..., L, d)(..., S, d) → (..., L, S)"""
    scores = q @ k.swapaxes(-1, -2) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    if is_causal:
        mask = _minus_infinity_where_false(np.tri(*scores.shape[-2:], dtype=np.bool_))
    return scores if mask is None else scores + mask


def _minus_infinity_where_false(mask: Array) -> Array:
    return np.where(mask, 0.0, -np.inf)


def _heads_for(q: Array, x: Array) -> Array:
    """Grouped queries (Ainslie et al. 2023, arXiv:2305.13245): each key and value head serves several query heads."""
    return x if x.shape[-3] == q.shape[-3] else np.repeat(x, q.shape[-3] // x.shape[-3], axis=-3)


@reference("_scaled_dot_product_attention_math")
def attention_math(
    query: Array, key: Array, value: Array, attn_mask: Array | None = None,
    dropout_p: float = 0.0, is_causal: bool = False, dropout_mask: Array | None = None, *,
    scale: float | None = None, enable_gqa: bool = False,
) -> tuple[Array, Array]:  # fmt: skip
    """softmax(q kᵀ / √d + mask) v, and the softmax. Without dropout. Here even a bool mask is added, as 0 and 1."""
    if enable_gqa:
        key, value = _heads_for(query, key), _heads_for(query, value)
    weights = safe_softmax(_scores(query, key, attn_mask, is_causal, scale), -1)
    return weights @ value, weights


@reference("scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Array, key: Array, value: Array, attn_mask: Array | None = None,
    dropout_p: float = 0.0, is_causal: bool = False, *,
    scale: float | None = None, enable_gqa: bool = False,
) -> Array:  # fmt: skip
    """softmax(q kᵀ / √d + mask) v. A bool mask keeps what is true."""
    if attn_mask is not None and attn_mask.dtype == np.bool_:
        attn_mask = _minus_infinity_where_false(attn_mask)
    return attention_math(
        query, key, value, attn_mask, dropout_p, is_causal, scale=scale, enable_gqa=enable_gqa
    )[0]  # fmt: skip


@reference("_scaled_dot_product_flash_attention_for_cpu")
def flash_attention_for_cpu(
    query: Array, key: Array, value: Array, dropout_p: float = 0.0, is_causal: bool = False, *,
    attn_mask: Array | None = None, scale: float | None = None,
) -> tuple[Array, Array]:  # fmt: skip
    """The same, and log Σ exp of the scores of each query, (batch, heads, L) (Dao et al. 2022, arXiv:2205.14135)"""
    key, value = _heads_for(query, key), _heads_for(query, value)
    scores = _scores(query, key, attn_mask, is_causal, scale)
    return safe_softmax(scores, -1) @ value, logsumexp(scores, -1)
