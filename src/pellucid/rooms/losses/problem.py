"""One loss asked of targets and predictions: what is computed, on arrays or on the numbers of a trace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from pellucid.rooms.losses import losses
from pellucid.rooms.losses.kinds import Kind
from pellucid.rooms.losses.noted import note

Array = np.ndarray[Any, Any]
Reduction = Literal["mean", "sum", "none", "weighted_mean"]
NEAREST = 1e-7  # a probability of 0 or 1 has no logit; descent starts from one this far away, as Keras clips


@dataclass(frozen=True)
class Problem:
    """Targets [example] or [example, class] (labels: whole numbers), predictions likewise; one alone is for all."""

    kind: Kind
    from_logits: bool
    targets: Array
    predictions: Array
    weights: Array | None = None
    """[example], whatever they were typed as."""
    weighted_by: Literal["", "sample", "class"] = ""
    reduction: Reduction = "mean"
    delta: float = 1.0
    rate: float = 0.5
    steps: int = 100

    @property
    def examples(self) -> int:
        return len(self.targets)

    @property
    def classes(self) -> int:
        return self.predictions.shape[1] if self.predictions.ndim == 2 else 1

    @property
    def shared(self) -> bool:
        """One prediction for all examples."""
        return self.predictions.ndim == 1 and len(self.predictions) == 1 < self.examples

    @property
    def formula(self) -> Any:
        if self.kind.name == "huber":
            return partial(losses.huber, delta=self.delta)
        return self.kind.logits if self.from_logits else self.kind.formula

    @property
    def divisor(self) -> float:
        """What the sum of all examples' losses is divided by."""
        if self.reduction == "weighted_mean" and self.weights is not None:
            return float(self.weights.sum())
        return float(self.examples) if self.reduction in ("mean", "weighted_mean") else 1.0

    @property
    def one_hot(self) -> Array:
        """The targets, as rows where they are labels."""
        if not self.kind.labels:
            return self.targets
        return np.equal(self.targets[:, None], np.arange(self.classes)) * 1.0

    @property
    def has_naive(self) -> bool:
        """Whether there is a way by the probability to compare with."""
        return self.from_logits and self.kind.name.endswith("crossentropy")

    def apart(self) -> Problem:
        """The same with a prediction of its own for each example."""
        return replace(self, predictions=np.repeat(self.predictions, self.examples)) if self.shared else self

    def moved(self) -> Problem:
        """What a descent moves. Probabilities would leave their range, and rows no longer add up to 1: their logits
        are moved instead. Everything else as it is."""
        if self.from_logits or self.kind.takes not in ("probability", "distribution"):
            return self
        inside = np.clip(self.predictions, NEAREST, 1 - NEAREST)
        return replace(self, from_logits=True, predictions=np.log(inside) if self.kind.rows else losses.logit(inside))


@dataclass(frozen=True)
class Result:
    """Loss, loss of each example (weighted), and gradient of the loss by each prediction."""

    loss: Any
    values: Any
    gradient: Any


def compute(problem: Problem, y: Any, predictions: Any, weights: Any = None) -> Result:
    """The loss and its gradient: the formula, then weights, then the reduction (none: the gradient of the sum)."""
    values, slope = problem.formula(y, predictions)
    slope = note("slope", slope)
    if weights is not None:
        values = weights * note("unweighted", values)
        across = weights if len(slope.shape) == 1 else column(weights)
        slope = note("weighted_slope", across * slope)
    values = note("values", values)
    total = values.sum()
    loss = note("loss", total if problem.divisor == 1 else total / problem.divisor)
    gradient = note("gradient", slope if problem.divisor == 1 else slope / problem.divisor)
    return Result(loss, values, gradient)


def column(weights: Any) -> Any:
    """[example] as [example, 1]."""
    return weights[:, None] if isinstance(weights, np.ndarray) else weights.tape.do("unsqueeze", weights, 1)


def evaluate(problem: Problem, predictions: Array | None = None) -> Result:
    """On arrays. The gradient of a shared prediction is the sum over its examples."""
    found = problem.predictions if predictions is None else predictions
    spread = np.repeat(found, problem.examples) if problem.shared else found
    with np.errstate(all="ignore"):
        result = compute(problem, problem.targets, spread, problem.weights)
    return replace(result, gradient=result.gradient.sum(keepdims=True)) if problem.shared else result
