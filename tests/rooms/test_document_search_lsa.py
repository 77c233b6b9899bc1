"""LSA: the randomised SVD beside SciPy's, folding in, and the update beside an SVD of everything."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid.rooms.document_search.index import Index
from pellucid.rooms.document_search.lsa import Matrix, Topics, truncated_svd, update
from pellucid.rooms.document_search.options import Doing, Options
from search_help import corpus_of, texts

DOCUMENTS = texts(400, seed=3)
QUIET = Doing(threads=2)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lsa")
    return Index.build(
        corpus_of(DOCUMENTS, folder), Options(topics=20, oversample=40, passes=20, threads=2), folder / "index"
    )


def matrix_of(index: Index, some: slice = slice(None)) -> Matrix:
    segments = index.segments[some]
    return Matrix(segments, index.idf, [s.scale for s in segments], index.options.weighting)


def dense(matrix: Matrix) -> np.ndarray:
    return matrix.times(np.eye(matrix.shape[1], dtype=np.float32), QUIET).astype(np.float64)


def test_both_products_are_those_of_one_matrix(index):
    matrix = matrix_of(index)
    x = dense(matrix)
    assert x.shape == (400, len(index.words)) and np.allclose(np.linalg.norm(x, axis=1), 1, atol=1e-6)
    expected = np.stack([np.zeros(x.shape[1])] * 400)
    for d in range(400):
        ids, _, _, weights = index.document(d)
        expected[d, ids] = weights
    np.testing.assert_allclose(x, expected, atol=2e-7)
    other = np.random.default_rng(0).standard_normal((400, 7), dtype=np.float32)
    np.testing.assert_allclose(matrix.transposed_times(other, QUIET), x.T @ other, atol=2e-5)


def test_singular_values_and_topics_are_scipy_s(index):
    svds = pytest.importorskip("scipy.sparse.linalg").svds
    _, expected, right = svds(dense(matrix_of(index)), k=20, rng=np.random.default_rng(0))
    np.testing.assert_allclose(index.lsa.singular, expected[::-1], rtol=1e-4)
    overlap = np.abs(np.sum(index.lsa.basis[:, :5] * right[::-1][:5].T, axis=0))
    assert (overlap > 0.999).all()


def test_the_basis_is_orthonormal_and_the_coordinates_are_its_projections(index):
    basis = np.asarray(index.lsa.basis, np.float64)
    np.testing.assert_allclose(basis.T @ basis, np.eye(20), atol=1e-5)
    coordinates = np.stack([index.coordinates(d) for d in range(400)])
    np.testing.assert_allclose(coordinates, dense(matrix_of(index)) @ basis, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(coordinates, axis=0), index.lsa.singular, rtol=1e-3)
    np.testing.assert_allclose(index.place(DOCUMENTS[7]), coordinates[7], atol=1e-5)


def test_more_passes_come_closer_to_the_largest_values(index):
    best = np.linalg.svd(dense(matrix_of(index)), compute_uv=False)[:20]
    sums = [truncated_svd(matrix_of(index), 20, 5, n, 1, QUIET)[1].sum() for n in (0, 1, 4)]
    assert sums[0] < sums[1] < sums[2] <= best.sum() * (1 + 1e-6)


def test_the_same_seed_gives_the_same_bits_whatever_the_threads(index):
    one, two = (truncated_svd(matrix_of(index), 10, 5, 2, 7, Doing(threads=n))[0] for n in (1, 2))
    assert one.tobytes() == two.tobytes()


def test_no_more_topics_than_the_documents_have(tmp_path):
    repeated = [["a", "b"], ["c", "d"], ["a", "b"], ["c", "d"], ["e"]]
    index = Index.build(corpus_of(repeated, tmp_path), Options(topics=50), tmp_path / "index")
    np.testing.assert_allclose(index.lsa.singular, [2**0.5, 2**0.5, 1], rtol=1e-5)
    assert index.coordinates(0).shape == (3,)


def halves(tmp_path, topics: int, how: str) -> tuple[Index, Index]:
    """300 documents indexed and 100 added, and all 400 at once; weights without IDF, which would differ by design."""
    options = Options(weighting=plain(), topics=topics, passes=8)
    first, whole = tmp_path / "first", tmp_path / "whole"
    first.mkdir(), whole.mkdir()
    grown = Index.build(corpus_of(DOCUMENTS[:300], first), options, first / "index")
    grown = grown.add([(f"new {d}", words) for d, words in enumerate(DOCUMENTS[300:])], topics=how)
    return grown, Index.build(corpus_of(DOCUMENTS, whole), options, whole / "index")


def plain():
    from pellucid.rooms.document_search.weights import Weighting

    return Weighting("count", "none", "l2")


def test_updated_topics_are_those_of_an_svd_of_everything(tmp_path):
    grown, whole = halves(tmp_path, 40, "update")
    assert grown.documents == 400 and len(grown.words) == len(whole.words)
    np.testing.assert_allclose(grown.lsa.singular[:10], whole.lsa.singular[:10], rtol=5e-3)
    np.testing.assert_allclose(grown.lsa.singular, whole.lsa.singular, rtol=0.06)
    order = [whole.ids[word] for word in grown.words.every()]
    overlap = np.linalg.svd(grown.lsa.basis[:, :10].T @ whole.lsa.basis[order, :10], compute_uv=False)
    assert overlap.min() > 0.97


def test_an_update_loses_nothing_where_all_topics_are_kept():
    """With as many topics as the old documents have dimensions, old and new together give the exact SVD."""
    chance = np.random.default_rng(5)
    old, new = chance.standard_normal((30, 200)), chance.standard_normal((12, 200))
    u, values, right = np.linalg.svd(old, full_matrices=False)
    found, coordinates, added = update(
        Topics(right.T.astype(np.float32), values, np.ones(200, np.float32)),
        (u * values).astype(np.float32), Plain(new), 42, 10, 2, 1, QUIET,
    )  # fmt: skip
    _, expected, _ = np.linalg.svd(np.vstack([old, new]), full_matrices=False)
    np.testing.assert_allclose(found.singular, expected, rtol=1e-5)
    np.testing.assert_allclose(np.vstack([coordinates, added]) @ found.basis.T, np.vstack([old, new]), atol=1e-4)


class Plain:
    """A dense matrix in the place of the sparse one."""

    def __init__(self, x: np.ndarray) -> None:
        self.x, self.shape = x.astype(np.float32), x.shape

    def times(self, dense: np.ndarray, doing: Doing) -> np.ndarray:
        return self.x @ dense

    def transposed_times(self, dense: np.ndarray, doing: Doing) -> np.ndarray:
        return self.x.T @ dense


def test_folding_in_leaves_topics_and_old_coordinates_and_places_the_new(tmp_path):
    grown, _ = halves(tmp_path, 20, "fold")
    before = Index.build(corpus_of(DOCUMENTS[:300], tmp_path), grown.options, tmp_path / "again")
    known = len(before.words)
    assert np.array_equal(grown.lsa.basis[:known], before.lsa.basis) and not grown.lsa.basis[known:].any()
    assert np.array_equal(grown.lsa.singular, before.lsa.singular)
    assert np.array_equal(grown.coordinates(5), before.coordinates(5))
    np.testing.assert_allclose(grown.coordinates(333), grown.place(DOCUMENTS[333]), atol=1e-6)
