"""Metrics of classifiers, in NumPy: the course teaches these formulas, so they stand here to be read.

`tests/core/test_metrics.py` holds them equal to scikit-learn's, whose import would cost each command two seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


def binary_scores(targets: Bools, probabilities: Floats, threshold: float = 0.5) -> dict[str, Any]:
    """Accuracy, precision, recall, F1, AUC, log loss and the confusion matrix [[TN, FP], [FN, TP]].

    A ratio whose denominator is zero (no positives predicted, say) is 0; AUC with one class only is 0.5.
    """
    predicted = probabilities >= threshold
    tp, fp = int(np.sum(predicted & targets)), int(np.sum(predicted & ~targets))
    fn, tn = int(np.sum(~predicted & targets)), int(np.sum(~predicted & ~targets))
    return {
        "accuracy": (tp + tn) / len(targets),
        "precision": _ratio(tp, tp + fp),
        "recall": _ratio(tp, tp + fn),
        "f1": _ratio(2 * tp, 2 * tp + fp + fn),
        "auc": auc(targets, probabilities),
        "log_loss": log_loss(targets, probabilities),
        "threshold": float(threshold),
        "examples": len(targets),
        "confusion": [[tn, fp], [fn, tp]],
    }


def class_scores(targets: Ints, probabilities: Floats, labels: Sequence[str]) -> dict[str, Any]:
    """Accuracy, macro F1 (the mean of the F1 of each class), log loss and the confusion matrix: `confusion[i][j]`
    examples of class i were called class j.

    targets: [N] places in `labels`; probabilities: [N, K]. Of equal probabilities the first class is the answer. The
    F1 of a class that neither was there nor was answered is 0, as in scikit-learn.
    """
    classes = len(labels)
    answers = probabilities.argmax(axis=1)
    confusion = np.bincount(targets * classes + answers, minlength=classes * classes).reshape(classes, classes)
    right = np.diag(confusion)
    f1 = [_ratio(2 * int(tp), int(all_)) for tp, all_ in zip(right, confusion.sum(0) + confusion.sum(1), strict=True)]
    edge = float(np.finfo(np.float32).eps)
    p = np.clip(probabilities[np.arange(len(targets)), targets].astype(np.float64), edge, 1)
    return {
        "accuracy": float(right.sum() / len(targets)),
        "macro_f1": float(np.mean(f1)),
        "log_loss": float(-np.mean(np.log(p))),
        "examples": len(targets),
        "confusion": confusion.tolist(),
        "labels": list(labels),
    }


def auc(targets: Bools, scores: Floats) -> float:
    """Area under the ROC curve: the chance that a positive scores above a negative, ties counting half.

    By ranks (Mann and Whitney, 1947): U = sum of the positives' ranks - P(P + 1) / 2, AUC = U / (P N).
    """
    positives = int(targets.sum())
    negatives = len(targets) - positives
    if not positives or not negatives:
        return 0.5
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]  # ties share their mean rank
    u = ranks[targets].sum() - positives * (positives + 1) / 2
    return float(u / (positives * negatives))


def log_loss(targets: Bools, probabilities: Floats) -> float:
    """Mean of -(y log p + (1 - y) log(1 - p)), natural logarithm; p is kept off 0 and 1 by float32's epsilon."""
    edge = float(np.finfo(np.float32).eps)
    p = np.clip(probabilities.astype(np.float64), edge, 1 - edge)
    return float(-np.mean(np.where(targets, np.log(p), np.log1p(-p))))


def best_threshold(targets: Bools, probabilities: Floats) -> float:
    """The threshold nearest to 0.5 among those whose F1 is within one mistake of the highest.

    The highest itself would be a matter of luck on a small validation set: one odd message can put it at 0.02.
    Without a positive example every threshold is as good: 0.5.
    """
    positives = int(targets.sum())
    if not positives:
        return 0.5
    order = np.argsort(-probabilities, kind="stable")
    p, hit = probabilities[order].astype(np.float64), targets[order]
    f1 = 2 * np.cumsum(hit) / (np.arange(1, len(p) + 1) + positives)  # with the first k called positive
    upper, lower = p, np.append(p[1:], -1.0)  # any threshold above lower, up to upper, calls just those positive
    f1[upper == lower] = -1.0  # no threshold parts equal probabilities
    good = f1 >= f1.max() - 1 / (2 * positives)
    nearest = np.where((lower < 0.5) & (upper >= 0.5), 0.5, (upper + np.maximum(lower, 0)) / 2)[good]
    return float(nearest[np.argmin(np.abs(nearest - 0.5))])


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
