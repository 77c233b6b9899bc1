"""TF-IDF: how much a word weighs in a document, in the variants that people use, by name.

A weight is TF(word in document) · IDF(word), and the document's weights are then brought to length 1 ("l2") or left.
The plain default is the course's: TF = count / words of the document, IDF = ln(documents / documents with the word).
Every TF here is a function of the count times a number of the document, so that an index stores counts only.

Sources: Manning, Raghavan & Schütze, Introduction to Information Retrieval (2008), 6.2 and 6.4 (the SMART letters);
scikit-learn's TfidfTransformer; gensim's TfidfModel. scikit-learn's and gensim's defaults are named below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from pellucid.core.errors import UserError, closest

TF = Literal["share", "count", "log", "binary"]
IDF = Literal["plain", "smooth", "plus_one", "probabilistic", "none"]
Normalise = Literal["l2", "none"]
Numbers = NDArray[Any]


@dataclass(frozen=True)
class Weighting:
    """Which TF, which IDF, and whether documents are brought to length 1."""

    tf: TF = "share"
    idf: IDF = "plain"
    normalise: Normalise = "l2"

    def __post_init__(self) -> None:
        for name, kinds in (("tf", TF), ("idf", IDF), ("normalise", Normalise)):
            value = getattr(self, name)
            if value not in get_args(kinds):
                known = ", ".join(get_args(kinds))
                raise UserError(f"{name} {value!r} is none of {known}{closest(str(value), get_args(kinds))}")


SCIKIT_LEARN = Weighting("count", "smooth", "l2")  # TfidfVectorizer(); sublinear_tf=True is tf "log"
GENSIM = Weighting("count", "plain", "l2")  # TfidfModel(); its log2 instead of ln goes away with the length


def of_count(counts: Numbers, tf: TF) -> Numbers:
    """The part of TF that depends on the count: 0 where a word does not occur. Float64, any shape."""
    counts = np.asarray(counts, np.float64)
    if tf == "binary":
        return np.where(counts > 0, 1.0, 0.0)
    if tf == "log":
        return np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0.0)
    return counts


def of_document(words: Numbers, tf: TF) -> Numbers:
    """The part of TF that depends on the document, from its number of words [D]: 1 / words for "share", else 1."""
    words = np.asarray(words, np.float64)
    return 1 / np.maximum(words, 1) if tf == "share" else np.ones_like(words)


def term_frequency(counts: Numbers, words: Numbers, tf: TF = "share") -> Numbers:
    """TF [..., V] of counts [..., V] in documents of so many words [...].

    "share": count / words (the course). "count": the count. "log": 1 + ln(count) (scikit-learn's sublinear_tf).
    "binary": 1 where the word occurs.
    """
    return of_count(counts, tf) * of_document(words, tf)[..., None]


def inverse_document_frequency(documents_with: Numbers, documents: int, idf: IDF = "plain") -> Numbers:
    """IDF [V] of words that so many of N documents hold; 0 for a word that no document holds.

    "plain": ln(N / df) (the course; gensim's, up to its base 2). "smooth": ln((1 + N) / (1 + df)) + 1 (scikit-learn's
    default). "plus_one": ln(N / df) + 1 (scikit-learn's smooth_idf=False). "probabilistic": ln((N - df) / df), at
    least 0. "none": 1.
    """
    df = np.asarray(documents_with, np.float64)
    known = np.maximum(df, 1)
    if idf == "smooth":
        weights = np.log((1 + documents) / (1 + df)) + 1
    elif idf == "plus_one":
        weights = np.log(documents / known) + 1
    elif idf == "probabilistic":
        weights = np.maximum(np.log(np.maximum(documents - known, 1e-300) / known), 0)
    elif idf == "plain":
        weights = np.log(documents / known)
    else:
        weights = np.ones_like(df)
    return np.where(df > 0, weights, 0.0)


def normalised(weights: Numbers, normalise: Normalise = "l2") -> Numbers:
    """Rows [..., V] brought to length 1; a row of zeros stays one."""
    if normalise == "none":
        return weights
    lengths = np.linalg.norm(weights, axis=-1, keepdims=True)
    return np.divide(weights, lengths, out=np.zeros_like(weights), where=lengths > 0)


def weigh(counts: Numbers, words: Numbers, idf: Numbers, weighting: Weighting) -> Numbers:
    """The whole definition, dense: counts [D, V], words of each document [D], IDF [V] → weights [D, V]."""
    return normalised(term_frequency(counts, words, weighting.tf) * idf, weighting.normalise)
