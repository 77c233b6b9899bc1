"""TF-IDF: the course's definition by hand, and the named variants beside scikit-learn's and gensim's."""

from __future__ import annotations

import itertools
import math
from typing import get_args

import numpy as np
import pytest

from pellucid.core.errors import UserError
from pellucid.rooms.document_search.weights import (
    GENSIM,
    IDF,
    SCIKIT_LEARN,
    TF,
    Weighting,
    inverse_document_frequency,
    term_frequency,
    weigh,
)
from search_help import counted, texts

DOCUMENTS = texts(60)
IDS = {word: i for i, word in enumerate(sorted({word for words in DOCUMENTS for word in words}))}
COUNTS = counted(DOCUMENTS, IDS)
LENGTHS = COUNTS.sum(axis=1)
HELD = (COUNTS > 0).sum(axis=0)


def ours(weighting: Weighting) -> np.ndarray:
    idf = inverse_document_frequency(HELD, len(DOCUMENTS), weighting.idf)
    return weigh(COUNTS, LENGTHS, idf, weighting)


def test_the_course_s_definition_by_hand():
    """ "gas" twice in a document of 8 words, in 2 of 10 documents: 2/8 · ln(10/2)."""
    tf = term_frequency(np.array([[2]]), np.array([8]))
    idf = inverse_document_frequency(np.array([2]), 10)
    assert float(tf[0, 0]) == 0.25 and float(idf[0]) == pytest.approx(math.log(5), rel=1e-15)
    assert float((tf * idf)[0, 0]) == pytest.approx(0.40236, abs=5e-6)


@pytest.mark.parametrize(
    ("weighting", "options"),
    [
        (SCIKIT_LEARN, {}),
        (Weighting("log", "smooth"), {"sublinear_tf": True}),
        (Weighting("count", "plus_one"), {"smooth_idf": False}),
        (Weighting("count", "smooth", "none"), {"norm": None}),
        (Weighting("count", "none"), {"use_idf": False}),
        (Weighting("binary", "smooth"), {"binary": True}),
    ],
)
def test_equal_to_scikit_learn(weighting, options):
    text = pytest.importorskip("sklearn.feature_extraction.text")
    vectorizer = text.TfidfVectorizer(analyzer=list, vocabulary=IDS, **options)
    expected = vectorizer.fit_transform(DOCUMENTS).toarray()
    np.testing.assert_allclose(ours(weighting), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("normalise", "factor"), [("l2", 1.0), ("none", 1 / math.log(2))])
def test_equal_to_gensim(normalise, factor):
    """gensim's logarithm has base 2: a factor, which goes away where documents are brought to length 1."""
    models = pytest.importorskip("gensim.models")
    bows = [[(int(i), int(row[i])) for i in np.flatnonzero(row)] for row in COUNTS]
    model = models.TfidfModel(bows, normalize=normalise == "l2")
    weights = ours(Weighting(GENSIM.tf, GENSIM.idf, normalise)) * factor
    for d, bow in enumerate(bows):
        expected = np.zeros(len(IDS))
        for i, weight in model[bow]:
            expected[i] = weight
        np.testing.assert_allclose(weights[d], expected, rtol=1e-12, atol=1e-12)


def test_share_and_count_are_the_same_after_length_1():
    np.testing.assert_allclose(ours(Weighting("share")), ours(Weighting("count")), rtol=1e-12)


@pytest.mark.parametrize(("tf", "idf"), list(itertools.product(get_args(TF), get_args(IDF))))
def test_every_variant_is_0_where_the_word_is_not_and_finite_everywhere(tf, idf):
    weights = ours(Weighting(tf, idf))
    assert np.isfinite(weights).all() and (weights >= 0).all() and (weights[COUNTS == 0] == 0).all()
    lengths = np.linalg.norm(weights, axis=1)
    assert ((abs(lengths - 1) < 1e-12) | (lengths == 0)).all()


def test_probabilistic_falls_to_0_at_half_of_the_documents():
    idf = inverse_document_frequency(np.array([1, 5, 9, 10, 0]), 10, "probabilistic")
    assert idf[0] == pytest.approx(math.log(9)) and list(idf[1:]) == [0, 0, 0, 0]


def test_a_misspelt_variant_is_named():
    with pytest.raises(UserError, match=r"idf 'smoth' is none of .* Did you mean 'smooth'"):
        Weighting(idf="smoth")
