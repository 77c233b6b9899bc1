"""How good a search is: where the right document stands, and how well a document finds those of its own group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.core.contract import Answer

Floats = NDArray[Any]
MOST = 2_000  # documents of a large collection that are asked for their group


def known_item_scores(answers: Sequence[Answer], targets: Sequence[str]) -> dict[str, float]:
    """Each query has one right document. reciprocal_rank: mean of 1 / its place in the answer, 0 where it is not in it;
    found_first, found: how often it stands first, and anywhere in the answer."""
    places = [
        _place([each["name"] for each in answer["documents"]], t) for answer, t in zip(answers, targets, strict=True)
    ]
    return {
        "reciprocal_rank": float(np.mean([1 / place if place else 0.0 for place in places])),
        "found_first": float(np.mean([place == 1 for place in places])),
        "found": float(np.mean([place > 0 for place in places])),
        "queries": float(len(places)),
    }


def _place(names: Sequence[str], target: str) -> int:
    """From 1; 0 where it is not there."""
    return names.index(target) + 1 if target in names else 0


def group_scores(groups: Sequence[str], scores_of: Callable[[int], Floats], seed: int = 0) -> dict[str, float]:
    """Every document as a query for the others of its group (Manning et al. 2008, 8.4), all others ranked.

    mean_average_precision: of each query, the mean of the precision at every place of a right document.
    Of more than MOST documents, MOST are asked, drawn by the seed. Empty where no group has two documents.
    """
    names, codes, sizes = np.unique(np.array(groups), return_inverse=True, return_counts=True)
    asked = np.flatnonzero((sizes[codes] > 1) & (names[codes] != ""))
    if not len(asked):
        return {}
    if len(asked) > MOST:
        asked = np.sort(np.random.default_rng(seed).choice(asked, MOST, replace=False))
    found = np.array([average_precision(codes == codes[d], scores_of(int(d)), int(d)) for d in asked])
    means = found.mean(axis=0)
    return {"mean_average_precision": float(means[0]), "precision_at_10": float(means[1])}


def average_precision(right: NDArray[np.bool_], scores: Floats, query: int) -> tuple[float, float]:
    """Of one ranking of all documents but the query itself: average precision, and precision among the first ten."""
    order = np.argsort(-scores, kind="stable")
    ranking = right[order[order != query]]
    places = np.flatnonzero(ranking) + 1
    return float(np.mean(np.arange(1, len(places) + 1) / places)), float(ranking[:10].sum() / 10)
