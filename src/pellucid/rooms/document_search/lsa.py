"""LSA: topics by a randomised truncated SVD of the sparse matrix, and what new documents do to them.

X [D, V] ≈ C · Bᵀ: the basis B [V, k] has orthonormal columns (the topics), C = X B = W Σ [D, k] are the documents'
coordinates. Deerwester et al. (1990) on the idea; Halko, Martinsson & Tropp (2011), algorithms 4.4 and 5.1, on the SVD;
Zha & Simon (1999) on the update. X is never held dense; it is read in blocks of rows, by threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.rooms.document_search.options import Doing
from pellucid.rooms.document_search.segment import Segment, shared_out, spans, table_of
from pellucid.rooms.document_search.weights import Weighting

Array = NDArray[Any]
PIECE = 200_000  # entries a call: × 110 columns about 10 ms
ROWS = 8192  # of a tall block a call


@dataclass
class Topics:
    """`basis` [V, k] float32, `singular` [k] float64 (falling), `idf` [V] float32: as it was when they were found."""

    basis: Array
    singular: Array
    idf: Array


class Matrix:
    """The weighted documents of some segments as one X [D, V], known by its products with dense blocks only."""

    def __init__(self, segments: Sequence[Segment], idf: Array, scale: Sequence[Array], weighting: Weighting) -> None:
        self.segments, self.idf, self.scale = segments, np.ascontiguousarray(idf, np.float32), scale
        self.table = table_of(max((s.most for s in segments), default=0), weighting)
        self.shape = (sum(s.documents for s in segments), len(idf))

    def energy(self) -> float:
        """The sum of all squared weights: what all topics together would keep."""
        total = 0.0
        for segment, scale in zip(self.segments, self.scale, strict=True):
            for first, last in spans(segment.starts, PIECE):
                here = slice(int(segment.starts[first]), int(segment.starts[last]))
                rows = np.repeat(scale[first:last], np.diff(segment.starts[first : last + 1]))
                weights = self.table[segment.counts[here]] * self.idf[segment.ids[here]] * rows
                total += float(np.dot(weights, weights.astype(np.float64)))
        return total

    def times(self, dense: Array, doing: Doing) -> Array:
        """X · dense [V, l] → float32 [D, l]."""
        from pellucid.rooms.document_search import sparse

        out = np.empty((self.shape[0], dense.shape[1]), np.float32)
        row = 0
        for segment, scale in zip(self.segments, self.scale, strict=True):
            args = segment.starts, segment.ids, segment.counts, self.table, self.idf, scale, dense
            here = out[row : row + segment.documents]
            shared_out(sparse.times_dense, args, here, spans(segment.starts, PIECE), doing.threads)
            row += segment.documents
        return out

    def transposed_times(self, dense: Array, doing: Doing) -> Array:
        """Xᵀ · dense [D, l] → float32 [V, l]."""
        from pellucid.rooms.document_search import sparse

        out = np.zeros((self.shape[1], dense.shape[1]), np.float32)
        row = 0
        for segment, scale in zip(self.segments, self.scale, strict=True):
            lists = segment.list_starts, segment.list_documents, segment.list_counts
            args = *lists, self.table, self.idf, scale, dense[row : row + segment.documents]
            shared_out(sparse.transposed_times_dense, args, out, spans(segment.list_starts, PIECE), doing.threads)
            row += segment.documents
        return out


def calm() -> AbstractContextManager[Any]:
    """BLAS with one thread.

    The dense products here are small. BLAS's own threads wait for each other by spinning: on a busy machine of two
    processors that takes three times the processor time of the whole SVD.
    """
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(1, "blas")
    return limits


def truncated_svd(matrix: Matrix, k: int, oversample: int, passes: int, seed: int, doing: Doing) -> tuple[Array, Array]:
    """Basis [V, k'] float32 and singular values [k'] float64 of X; k' is smaller than k where X's rank is (0: X is 0).

    Q [D, l] spans what X does to chance, sharpened by X Xᵀ in every pass. Within Q the problem is the small Qᵀ X Xᵀ Q:
    its eigenvectors W turn Q into X's left singular vectors, and Xᵀ Q W / σ are the right ones.
    """
    width = min(k + oversample, *matrix.shape)
    chance = np.random.default_rng(seed).standard_normal((matrix.shape[1], width), dtype=np.float32)
    block = matrix.times(chance, doing)
    energy = matrix.energy() if doing.measured else 0.0
    for n in range(passes + 1):
        doing.at("finding topics", n / (passes + 2))
        q = _orthonormal(block)
        block = matrix.times(matrix.transposed_times(q, doing), doing)
        if doing.measured:
            doing.measured(_kept(q, block, k) / max(energy, 1e-300))
    doing.at("finding topics", (passes + 1) / (passes + 2))
    values, turn = _eigen(_products(q, block), k)
    singular = np.sqrt(values)
    basis = matrix.transposed_times(_times_small(q, turn / singular), doing)
    basis *= _signs(basis)
    return basis, singular


def _kept(q: Array, block: Array, k: int) -> float:
    """The squared lengths along Q's first k columns, Σ qᵀ X Xᵀ q: what the topics keep so far, and at most will.

    No more than a pass over the two blocks; the columns come sorted from `_orthonormal`.
    """
    total = np.zeros(min(k, q.shape[1]))
    for first in range(0, len(q), ROWS):
        here = slice(first, first + ROWS)
        total += np.einsum("ij,ij->j", q[here, :k], block[here, :k], dtype=np.float64)
    return float(total.sum())


def _orthonormal(block: Array) -> Array:
    """Orthonormal columns with the span of a tall block [D, l], through its l × l products in float64.

    Faster than Householder's QR, and good to float32 where the columns are not worse conditioned than 10⁶; directions
    below that are noise and left out.
    """
    values, turn = _eigen(_products(block, block), block.shape[1], least=1e-12)
    return _times_small(block, turn / np.sqrt(values))


def _eigen(symmetric: Array, most: int, least: float = 1e-10) -> tuple[Array, Array]:
    """Eigenvalues, falling, at most so many and above `least` of the largest; their vectors as columns."""
    values, vectors = np.linalg.eigh((symmetric + symmetric.T) / 2)
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = min(most, int((values > values.max(initial=0) * least).sum()))  # 0 of a matrix of zeros
    return values[:kept], vectors[:, :kept]


def _products(a: Array, b: Array) -> Array:
    """aᵀ b of tall blocks, summed in float64."""
    total = np.zeros((a.shape[1], b.shape[1]))
    for first in range(0, len(a), ROWS):
        here = slice(first, first + ROWS)
        total += a[here].T.astype(np.float64) @ b[here].astype(np.float64)
    return total


def _times_small(tall: Array, small: Array) -> Array:
    """tall [D, l] · small [l, k], multiplied in float64, kept in float32."""
    out = np.empty((len(tall), small.shape[1]), np.float32)
    for first in range(0, len(tall), ROWS):
        out[first : first + ROWS] = tall[first : first + ROWS].astype(np.float64) @ small
    return out


def _signs(basis: Array) -> Array:
    """What makes each topic's largest entry positive: a sign is arbitrary, the same matrix shall give the same."""
    return np.where(basis.max(axis=0, initial=0) < -basis.min(axis=0, initial=0), -1, 1).astype(np.float32)


def fold_in(matrix: Matrix, topics: Topics, doing: Doing) -> Array:
    """Coordinates [n, k] of new documents among the topics as they are: cheap, and blind to what is new in them."""
    return matrix.times(topics.basis, doing)


def update(
    topics: Topics, coordinates: Array, matrix: Matrix, k: int, oversample: int, passes: int, seed: int, doing: Doing
) -> tuple[Topics, Array, Array]:
    """The k topics of the old documents (as far as `topics` know them) and the new ones; old and new coordinates.

    Zha & Simon (1999), section 3.1: the SVD of [C Bᵀ; X₂]. With X₂ ≈ C₂ B₂ᵀ by the randomised SVD, everything lies in
    the span of B and of what B₂ adds to it, R: there the problem has no more than k + r rows.
    """
    old = topics.basis.shape[1]
    added, _ = truncated_svd(matrix, k, oversample, passes, seed, doing)
    new = matrix.times(added, doing)
    shared = _products(topics.basis, added)
    rest = added - _times_small(topics.basis, shared)
    values, turn = _eigen(_products(rest, rest), rest.shape[1], least=1e-12)
    rest = _times_small(rest, turn / np.sqrt(values))  # R
    both = np.vstack([shared, (turn * np.sqrt(values)).T])  # B₂ = [B R] · both
    middle = both @ _products(new, new) @ both.T
    middle[np.arange(old), np.arange(old)] += topics.singular**2
    values, turn = _eigen(middle, k)
    basis = _times_small(topics.basis, turn[:old]) + _times_small(rest, turn[old:])
    signs = _signs(basis)
    basis *= signs
    found = Topics(basis, np.sqrt(values), topics.idf)
    return found, _times_small(coordinates, turn[:old] * signs), matrix.times(basis, doing)
