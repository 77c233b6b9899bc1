"""Matrix products and table lookups."""

import numpy as np

from pellucid.look.ops.activation import gelu, relu
from pellucid.look.ops.registry import Array, Scalar, reference


def _plus(beta: Scalar, bias: Array, alpha: Scalar, product: Array) -> Array:
    """beta·bias + alpha·product; with beta = 0 the bias is ignored, even NaN."""
    return alpha * product if beta == 0 else beta * bias + alpha * product


@reference("mm", "bmm", "mv", "dot", "matmul", multilinear=True)
def matmul(a: Array, b: Array) -> Array:
    """mm (n, k)(k, m) → (n, m); bmm with a batch in front; mv (n, k)(k) → (n); dot (k)(k) → ()"""
    return np.matmul(a, b)


@reference("addmm", multilinear=True)
def addmm(bias: Array, a: Array, b: Array, *, beta: Scalar = 1, alpha: Scalar = 1) -> Array:
    """beta·bias + alpha·a@b, (n, k)(k, m) → (n, m), the bias broadcast"""
    return _plus(beta, bias, alpha, a @ b)


@reference("addmv", multilinear=True)
def addmv(bias: Array, a: Array, v: Array, *, beta: Scalar = 1, alpha: Scalar = 1) -> Array:
    """beta·bias + alpha·a@v, (n, k)(k) → (n)"""
    return _plus(beta, bias, alpha, a @ v)


@reference("baddbmm", multilinear=True)
def baddbmm(bias: Array, a: Array, b: Array, *, beta: Scalar = 1, alpha: Scalar = 1) -> Array:
    """beta·bias + alpha·a@b, (batch, n, k)(batch, k, m) → (batch, n, m)"""
    return _plus(beta, bias, alpha, a @ b)


@reference("addbmm", multilinear=True)
def addbmm(bias: Array, a: Array, b: Array, *, beta: Scalar = 1, alpha: Scalar = 1) -> Array:
    """beta·bias + alpha·Σ over the batch of a@b → (n, m)"""
    return _plus(beta, bias, alpha, np.tensordot(a, b, axes=((0, 2), (0, 1))))


@reference("addr", multilinear=True)
def addr(bias: Array, a: Array, b: Array, *, beta: Scalar = 1, alpha: Scalar = 1) -> Array:
    """beta·bias + alpha·a bᵀ, (n)(m) → (n, m)"""
    return _plus(beta, bias, alpha, np.outer(a, b))


@reference("_addmm_activation")
def addmm_activation(
    bias: Array, a: Array, b: Array, *, beta: Scalar = 1, alpha: Scalar = 1, use_gelu: bool = False
) -> Array:
    """relu, or gelu, of addmm"""
    x = addmm(bias, a, b, beta=beta, alpha=alpha)
    return gelu(x) if use_gelu else relu(x)


@reference("linear", multilinear=True)
def linear(x: Array, weight: Array, bias: Array | None = None) -> Array:
    """x Wᵀ + b, (..., in)(out, in) → (..., out)"""
    y = x @ weight.T
    return y if bias is None else y + bias


@reference("outer", multilinear=True)
def outer(a: Array, b: Array) -> Array:
    return np.outer(a, b)


@reference("_trilinear", multilinear=True)
def trilinear(
    a: Array, b: Array, c: Array,
    expand1: list[int], expand2: list[int], expand3: list[int], sumdim: list[int], unroll_dim: int = 1,
) -> Array:  # fmt: skip
    """Σ a·b·c over `sumdim`, after each got axes of length 1 where told: what a bilinear layer computes."""
    a, b, c = (np.expand_dims(x, tuple(dims)) for x, dims in ((a, expand1), (b, expand2), (c, expand3)))
    return (a * b * c).sum(axis=tuple(sumdim))


@reference("_cdist_forward")
def cdist(a: Array, b: Array, p: float, compute_mode: int | None = None) -> Array:
    """The p-norm distance of each row of a from each row of b, (..., n, d)(..., m, d) → (..., n, m)"""
    difference = np.abs(a[..., :, None, :] - b[..., None, :, :])
    if p == 0:
        return (difference != 0).sum(axis=-1).astype(np.float64)
    if np.isinf(p):
        return difference.max(axis=-1, initial=0)
    return (difference**p).sum(axis=-1) ** (1 / p)


@reference("embedding", exact=True)
def embedding(
    weight: Array, indices: Array, padding_idx: int = -1, scale_grad_by_freq: bool = False, sparse: bool = False
) -> Array:
    """Row `index` of the table for each index: (n, d), (...) → (..., d)"""
    return weight[indices]


@reference("_embedding_bag", "_embedding_bag_forward_only", multilinear=True)
def embedding_bag(
    weight: Array, indices: Array, offsets: Array,
    scale_grad_by_freq: bool = False, mode: int = 0, sparse: bool = False,
    per_sample_weights: Array | None = None, include_last_offset: bool = False, padding_idx: int = -1,
) -> tuple[Array, None, None, None]:  # fmt: skip
    """The sum (mode 0), mean (1) or maximum (2) of the rows of each bag, 0 for an empty bag: → (bags, d).

    A bag starts at its offset and ends at the next. The three other outputs are bookkeeping for the backward pass.
    """
    starts = offsets[:-1] if include_last_offset else offsets
    ends = offsets[1:] if include_last_offset else np.append(offsets[1:], len(indices))
    bags = np.zeros((len(starts), weight.shape[1]))
    for bag, (start, end) in enumerate(zip(starts, ends, strict=True)):
        kept = np.flatnonzero(indices[start:end] != padding_idx) + start
        rows = weight[indices[kept]]
        if per_sample_weights is not None:
            rows = rows * per_sample_weights[kept, None]
        if len(rows):
            bags[bag] = (rows.sum, rows.mean, rows.max)[mode](axis=0)
    return bags, None, None, None
