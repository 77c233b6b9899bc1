"""What there is to say of a loss, in a sentence of each language: who dominates, what overflows, where descent went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pellucid.core.card import Words
from pellucid.rooms.losses import losses
from pellucid.rooms.losses.descent import Path, descend
from pellucid.rooms.losses.problem import Array, Problem, Result, evaluate

DOMINATES = 0.6  # of the loss: then one example is named
LEVEL = 1e-9  # a gradient of this length is none
STUCK, STEEP = 0.02, 0.5  # slope of an example that is wrong and hardly moves; the least error that counts as wrong


@dataclass(frozen=True)
class Outcome:
    """A loss, computed and descended on."""

    problem: Problem
    given: Result
    path: Path

    @cached_property
    def naive(self) -> Array | None:
        """The loss of each example by way of the probability; None where there is no such way."""
        y, z = self.problem.one_hot, self.problem.apart().predictions
        if not self.problem.has_naive:
            return None
        with np.errstate(all="ignore"):
            found: Array = (losses.naive_rows if self.problem.kind.rows else losses.naive_binary)(y, z)
        return found

    @property
    def loss(self) -> float | None:
        return None if self.problem.reduction == "none" else float(self.given.loss)


def outcome(problem: Problem, path: Path | None = None) -> Outcome:
    return Outcome(problem, evaluate(problem), path or descend(problem))


def verdict(found: Outcome) -> Words:
    """All there is to say, in order."""
    said = [_value(found), _who(found), _overflow(found), _weights(found), _descent(found)]
    return {
        "en": " ".join(each["en"] for each in said if each),
        "zh-TW": "".join(each["zh-TW"] for each in said if each),
    }


def figure(value: float) -> str:
    """Four digits; what is but rounding is 0."""
    return f"{value:.4g}" if abs(value) > 1e-10 else "0"


def _value(found: Outcome) -> Words:
    title, loss = found.problem.kind.title, found.loss
    if loss is None:
        return {"en": f"{title['en']}, without reduction: a value for each example.",
                "zh-TW": f"{title['zh-TW']}，不做彙總：每個樣本各有一個值。"}  # fmt: skip
    how_en = {"mean": "mean", "sum": "sum", "weighted_mean": "weighted mean"}[found.problem.reduction]
    how_zh = {"mean": "平均", "sum": "總和", "weighted_mean": "加權平均"}[found.problem.reduction]
    return {
        "en": f"{title['en']}, {how_en}: {figure(loss)}.",
        "zh-TW": f"{title['zh-TW']}（{how_zh}）：{figure(loss)}。",
    }


def _who(found: Outcome) -> Words | None:
    """The example that makes most of the loss, and why."""
    values, problem = np.abs(np.asarray(found.given.values)), found.problem
    if len(values) < 2 or problem.kind.takes == "vector" or not values.sum() or values.max() < DOMINATES * values.sum():
        return None
    at = int(values.argmax())
    part = 100 * values[at] / values.sum()
    share = f"{part:.3g}" if part > 99 else f"{part:.0f}"
    why = _wrong(problem, at) or (_outlier(problem, at) if problem.kind.takes == "value" else None)
    return {
        "en": f"Example {at + 1} makes {share} % of it{': ' + why['en'] if why else ''}.",
        "zh-TW": f"其中第 {at + 1} 個樣本占 {share}%{'：' + why['zh-TW'] if why else ''}。",
    }


def _wrong(problem: Problem, at: int) -> Words | None:
    """Confident and wrong: what it says of the right class."""
    right = right_probability(problem)
    if right is None or right[at] >= 0.5:
        return None
    sure = f"{100 * right[at]:.2g}"
    how, how_zh = ("confidently wrong", "很有把握地答錯了") if right[at] < 0.1 else ("wrong", "答錯了")
    return {"en": f"it is {how}, with {sure} % for what is right", "zh-TW": f"它{how_zh}，對正確答案只給 {sure}%"}


def right_probability(problem: Problem) -> Array | None:
    """How probable each example finds its own target; None where nothing is a probability."""
    problem = problem.apart()
    y, p = problem.one_hot, problem.predictions
    takes = problem.kind.takes
    if takes not in ("probability", "distribution") and not (takes == "value" and problem.from_logits):
        return None
    with np.errstate(all="ignore"):
        if problem.kind.rows:
            p = np.exp(losses.log_softmax(p)) if problem.from_logits else p
            found: Array = np.where(y == y.max(1, keepdims=True), p, 0).sum(1)
        else:
            p = losses.sigmoid(p) if problem.from_logits else p
            found = np.where(y > 0.5, p, 1 - p)
    return found


def _outlier(problem: Problem, at: int) -> Words:
    problem = problem.apart()
    error = figure(float(problem.predictions[at] - problem.targets[at]))
    return {"en": f"its error is {error}", "zh-TW": f"它的誤差是 {error}"}


def _overflow(found: Outcome) -> Words | None:
    """Where the way by the probability does not lead to the number."""
    naive = found.naive
    if naive is None:
        return None
    truth = np.asarray(evaluate(_unweighted(found.problem)).values)
    with np.errstate(all="ignore"):
        bad = ~(np.abs(naive - truth) <= 1e-6 * (1 + np.abs(truth)))
    if not bad.any():
        return None
    broken = ~np.isfinite(naive)
    at = int((broken if broken.any() else bad).argmax())
    got = "NaN" if np.isnan(naive[at]) else "inf" if np.isinf(naive[at]) else f"{naive[at]:.7g}"
    right = figure(float(truth[at]))
    return {
        "en": f"By way of the probability, example {at + 1} would give {got} instead of {right}: "
        "hence the form that takes logits.",
        "zh-TW": f"如果先算機率再取對數，第 {at + 1} 個樣本會得到 {got}，而不是 {right}："
        "這就是要直接輸入 logit 的原因。",
    }


def _unweighted(problem: Problem) -> Problem:
    return replace(problem, weights=None)


def _weights(found: Outcome) -> Words | None:
    """Of weights: by what the sum was divided, and what the other way would give."""
    problem, weights = found.problem, found.problem.weights
    if weights is None or problem.reduction not in ("mean", "weighted_mean"):
        return None
    total = float(np.asarray(found.given.values).sum())
    by_count, by_weight = figure(total / problem.examples), figure(total / float(weights.sum()))
    return {
        "en": f"Divided by the {problem.examples} examples it is {by_count}, by the weights' sum "
        f"{figure(float(weights.sum()))} it is {by_weight}.",
        "zh-TW": f"除以 {problem.examples} 個樣本得 {by_count}，"
        f"除以權重總和 {figure(float(weights.sum()))} 得 {by_weight}。",
    }


def _descent(found: Outcome) -> Words:
    path, rate = found.path, figure(found.problem.rate)
    first, last = figure(float(path.losses[0])), figure(float(path.losses[-1]))
    steps_en = f"{path.steps:,} step{'' if path.steps == 1 else 's'}"
    if path.end == "diverged" or path.losses[-1] > path.losses[0] + 1e-9 * abs(path.losses[0]):
        return {
            "en": f"Descent with rate {rate} does not help: after {steps_en} the loss is {last}, from {first}. "
            "Take a smaller rate.",
            "zh-TW": f"學習率 {rate} 的梯度下降沒有幫助：走了 {path.steps:,} 步，損失從 {first} 變成 {last}。"
            "請改用較小的學習率。",
        }
    if path.slopes[0] < LEVEL:
        return {
            "en": "The gradient is 0 here: descent has nothing to do.",
            "zh-TW": "這裡的梯度是 0，梯度下降無事可做。",
        }
    stuck = _stuck(found)
    if stuck:
        return stuck
    return {
        "en": f"{steps_en[0].upper()}{steps_en[1:]} of descent with rate {rate} take the loss from {first} to {last}.",
        "zh-TW": f"以學習率 {rate} 做 {path.steps:,} 步梯度下降，損失從 {first} 降到 {last}。",
    }


def _stuck(found: Outcome) -> Words | None:
    """A sigmoid under a loss that is none of its own: wrong, and yet level."""
    problem = found.problem
    right = right_probability(problem)
    if problem.kind.takes != "value" or right is None or problem.shared:
        return None
    slope = np.abs(np.asarray(problem.formula(problem.targets, problem.predictions)[1]))
    level = (right < 1 - STEEP) & (slope < STUCK)
    if not level.any():
        return None
    at = int(level.argmax())
    first, last = figure(float(found.path.losses[0])), figure(float(found.path.losses[-1]))
    return {
        "en": f"Example {at + 1} is wrong, and yet its slope is only {figure(float(slope[at]))}: the sigmoid is "
        f"saturated. After {found.path.steps:,} steps the loss is {last}, from {first}.",
        "zh-TW": f"第 {at + 1} 個樣本答錯了，斜率卻只有 {figure(float(slope[at]))}：sigmoid 飽和了。"
        f"走了 {found.path.steps:,} 步，損失從 {first} 變成 {last}。",
    }
