"""Do targets, predictions and weights fit their loss, and each other? If not: which number, and what would do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pellucid.rooms.losses.grammar import Part, numbers
from pellucid.rooms.losses.kinds import Kind
from pellucid.rooms.losses.problem import Array, Problem

MOST_CLASSES = 20
TYPED, EXACT = 1e-3, 1e-6  # predictions typed with few digits still add up to 1; the slope needs targets that do
MOST_LOG_MEAN = 50.0  # exp(50) is 5e21: no count is
Rows = list[list[float]]


def checked(
    kind: Kind, from_logits: bool, y_part: Part, y: Rows, y_rows: bool, p_part: Part, p: Rows, p_rows: bool
) -> tuple[Array, Array]:
    """Targets and predictions as arrays of one shape; labels as whole numbers."""
    if not kind.rows:
        return _flat(kind, from_logits, y_part, y, p_part, p)
    predictions = np.array(p)
    if predictions.shape[1] < 2:
        p_part.wrong(
            f"{kind.name} takes rows of at least two numbers, one a {_each(kind)}; write p = 0.1 0.9 | 0.7 0.3"
        )
    if predictions.shape[1] > MOST_CLASSES:
        p_part.wrong(f"{predictions.shape[1]} numbers in a row are more than {MOST_CLASSES}; take fewer")
    if kind.takes == "distribution" and not from_logits:
        _distributions(p_part, p, TYPED, "Write 'from logits' after the loss if these are logits")
    if kind.labels:
        return _labels(y_part, y, p), predictions
    if len(y) != len(p) or len(y[0]) != len(p[0]):
        y_part.wrong(
            f"the targets are {_size(y)}, the predictions {_size(p)}; write a row of targets for each{_labelled(y, p)}"
        )
    if kind.takes == "distribution":
        _distributions(y_part, y, EXACT, "Write a one-hot row like 0 1 0, or shares like 1/3 2/3 0")
    if kind.takes == "vector":
        for part, rows in ((y_part, y), (p_part, p)):
            for i, row in enumerate(rows, 1):
                if not any(row):
                    part.wrong(f"row {i} is all zeros, which points nowhere; write at least one other number")
    return np.array(y), predictions


def _flat(kind: Kind, from_logits: bool, y_part: Part, y: Rows, p_part: Part, p: Rows) -> tuple[Array, Array]:
    """Losses that take one number an example: a column is as good as a row."""
    for part, rows in ((y_part, y), (p_part, p)):
        if len(rows) > 1 and len(rows[0]) > 1:
            part.wrong(f"{kind.name} takes one number an example, not rows; write {part.name} = 0 1 0 0,"
                       " or take categorical_crossentropy for rows of classes")  # fmt: skip
    targets, predictions = np.array(y).ravel(), np.array(p).ravel()
    if len(predictions) not in (1, len(targets)):
        p_part.wrong(f"{len(targets)} targets, but {len(predictions)} predictions; write as many, or one for all")
    if kind.takes == "probability" or (from_logits and kind.takes == "value"):
        _within(y_part, targets, 0, 1, "a target is 0 or 1, or between")
    if kind.takes == "probability" and not from_logits:
        _within(p_part, predictions, 0, 1, "a probability is from 0 to 1. Write 'from logits' after the loss if these"
                " are logits")  # fmt: skip
    if kind.takes == "count":
        _within(y_part, targets, 0, np.inf, "a count is 0 or above")
        low, high = (-np.inf, MOST_LOG_MEAN) if from_logits else (0, np.inf)
        _within(p_part, predictions, low, high, f"a logarithm of a mean is at most {MOST_LOG_MEAN:g} here"
                if from_logits else "a mean of counts is above 0")  # fmt: skip
        if not from_logits and not predictions.all():
            p_part.wrong("a mean of 0 allows no count but 0; write one above 0, like 0.1")
    if kind.name == "hinge":
        for value in targets:
            if value not in (-1, 0, 1):
                y_part.wrong(f"{value:g}: a label of hinge is -1 or 1 (or 0 for -1)")
        if -1 in targets and 0 in targets:
            y_part.wrong("-1 and 0 are mixed; write labels as -1 and 1, or as 0 and 1")
        targets = np.where(targets == 0, -1.0, targets)
    return targets, predictions


def _labels(part: Part, y: Rows, p: Rows) -> Array:
    flat = [value for row in y for value in row]
    if len(y) == len(p) > 1 and len(y[0]) == len(p[0]) > 1:
        part.wrong(
            "these are one-hot rows; write the number of each class, like y = 1 2, or take categorical_crossentropy"
        )
    if len(flat) != len(p):
        part.wrong(
            f"{len(flat)} labels for {len(p)} rows of predictions; write one whole number for each row, like y = 1 2"
        )
    for value in flat:
        if value != int(value) or not 0 <= value < len(p[0]):
            part.wrong(f"{value:g} is no class: with {len(p[0])} predictions a row they are 0 to {len(p[0]) - 1}")
    return np.array(flat).astype(np.int64)


def _distributions(part: Part, rows: Rows, tolerance: float, advice: str) -> None:
    for i, row in enumerate(rows, 1):
        _within(part, np.array(row), 0, 1, f"probabilities are from 0 to 1. {advice}")
        if abs(sum(row) - 1) > tolerance:
            part.wrong(f"row {i} adds up to {sum(row):.6g}; probabilities add up to 1. {advice}")


def _within(part: Part, values: Array, low: float, high: float, why: str) -> None:
    for value in values:
        if not low <= value <= high:
            part.wrong(f"{value:g}: {why}")


def _each(kind: Kind) -> str:
    return "class" if kind.takes == "distribution" else "component"


def _size(rows: Rows) -> str:
    return f"{len(rows)} row{'s' if len(rows) > 1 else ''} of {len(rows[0])}"


def _labelled(y: Rows, p: Rows) -> str:
    count = sum(map(len, y))
    return ", or take sparse_categorical_crossentropy for labels" if count == len(p) else ""


# weights


def weighing(problem: Problem, found: dict[str, Part]) -> Problem:
    """The problem with a weight for each example, from sample weights or class weights."""
    given = [found[key] for key in ("sample_weights", "class_weights", "pos_weight", "weights") if key in found]
    if not given:
        return problem
    part = given[0]
    if len(given) > 1:
        given[1].wrong("weights stand there twice; write sample weights or class weights, not both")
    rows, _ = numbers(part)
    values = np.array([value for row in rows for value in row])
    _within(part, values, 0, np.inf, "a weight is 0 or above")
    if not values.any():
        part.wrong("all weights are 0; write at least one above")
    classes = _classes(problem)
    by = _meant(part, len(values), problem.examples, classes)
    if part.name == "pos_weight":
        by, values = "class", np.array([1.0, values[0]])
    if by == "sample":
        _count(part, len(values), problem.examples, "sample weight", "example")
        return replace(problem, weights=values, weighted_by="sample")
    if not classes:
        part.wrong(f"{problem.kind.name} has no classes; write sample weights, one for each example")
    _count(part, len(values), classes, "class weight", "class")
    weights = values[_class_of(problem, part)]
    if not weights.any():
        part.wrong("the classes of all examples have the weight 0; nothing would be left of the loss")
    return replace(problem, weights=weights, weighted_by="class")


def _classes(problem: Problem) -> int:
    if problem.kind.takes == "distribution":
        return problem.classes
    return 2 if problem.kind.takes in ("probability", "score") else 0


def _class_of(problem: Problem, part: Part) -> Any:
    """The class of each example."""
    if problem.kind.labels:
        return problem.targets
    rows = problem.targets if problem.targets.ndim == 2 else np.stack([1 - problem.targets, problem.targets], 1)
    if problem.kind.name == "hinge":
        return (problem.targets > 0).astype(int)
    if not np.isin(rows, (0, 1)).all():
        part.wrong("class weights need targets of 0 and 1; for others write sample weights, one for each example")
    return rows.argmax(1)


def _meant(part: Part, count: int, examples: int, classes: int) -> str:
    """`weights` alone: of what? Their number says it, unless it fits both."""
    if part.name != "weights":
        return "sample" if part.name == "sample_weights" else "class"
    if count == examples and count == classes:
        part.wrong(
            "weights of what? Write sample weights = … (one for each example) or class weights = … (one a class)"
        )
    return "class" if count == classes else "sample"


def _count(part: Part, count: int, wanted: int, what: str, each: str) -> None:
    if part.name != "pos_weight" and count != wanted:
        part.wrong(f"{count} {what}{'s' if count != 1 else ''}; write {wanted}, one for each {each}")
