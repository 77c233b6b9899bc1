"""The mathematics: one objective, gradient descent on it, and the exact minimum beside it. NumPy only.

For n rows of the design A = [1, z] (z: the scaled features) and parameters θ = (b, w):

    regression      J(θ) = 1/(2n) Σ (A θ - y)²           + α (ρ Σ|w| + (1 - ρ)/2 Σ w²)
    classification  J(θ) = 1/n Σ (softplus(A θ) - y A θ) + the same

none: α = 0; l1 (lasso): ρ = 1; l2 (ridge): ρ = 0; elastic_net: ρ = l1_ratio. The intercept b is never penalised.
In scikit-learn the same minimum has: LinearRegression(), Lasso(alpha=α), ElasticNet(alpha=α, l1_ratio=ρ),
Ridge(alpha=n α), LogisticRegression(C=1/(n α), l1_ratio=ρ).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pellucid.core.errors import UserError
from pellucid.rooms.linear_regression.config import Config

Floats = NDArray[np.float64]

ALPHAS = 30
TINY = 1e-12


@dataclass(frozen=True)
class Penalty:
    """α and ρ of the objective."""

    alpha: float
    l1_ratio: float

    @property
    def l1(self) -> float:
        return self.alpha * self.l1_ratio

    @property
    def l2(self) -> float:
        return self.alpha * (1 - self.l1_ratio)

    def value(self, w: Floats) -> float:
        return float(self.l1 * np.abs(w).sum() + self.l2 / 2 * (w @ w))


def penalty_of(config: Config) -> Penalty:
    ratio = {"none": 0.0, "l1": 1.0, "l2": 0.0, "elastic_net": config.l1_ratio}[config.penalty]
    return Penalty(0.0 if config.penalty == "none" else config.alpha, ratio)


@dataclass(frozen=True)
class Problem:
    """The training rows as the descent sees them. logistic: two classes."""

    design: Floats
    y: Floats
    logistic: bool

    @cached_property
    def gram(self) -> Floats:
        """AᵀA / n: with it a step costs the same for a hundred rows and for a million."""
        return self.design.T @ self.design / len(self.y)

    @cached_property
    def moment(self) -> Floats:
        """Aᵀy / n"""
        return self.design.T @ self.y / len(self.y)

    def gradient(self, theta: Floats) -> Floats:
        """Of the mean loss, without the penalty: Aᵀ(prediction - y) / n."""
        if self.logistic:
            return self.design.T @ (sigmoid(self.design @ theta) - self.y) / len(self.y)
        return self.gram @ theta - self.moment

    def loss(self, theta: Floats) -> float:
        return mean_loss(self.design @ theta, self.y, self.logistic)

    def curvature(self, penalty: Penalty) -> float:
        """The largest curvature of what is smooth in J: descent needs a step size below 2 / curvature."""
        most = float(np.linalg.eigvalsh(self.gram)[-1]) * (0.25 if self.logistic else 1.0)
        return most + penalty.l2


def mean_loss(z: Floats, y: Floats, logistic: bool) -> float:
    """Half the mean squared error, or the mean log loss of the logits z."""
    return float(np.mean(np.logaddexp(0, z) - y * z) if logistic else np.mean((z - y) ** 2) / 2)


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + exp(-z)), without overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def soft(x: Floats, threshold: Floats | float) -> Floats:
    """Soft threshold: nearer to zero by that much, and zero for what would cross it."""
    return np.sign(x) * np.maximum(np.abs(x) - threshold, 0.0) + 0.0  # no -0


# gradient descent


def step(problem: Problem, theta: Floats, penalty: Penalty, rate: float) -> Floats:
    """One step of (proximal) gradient descent: downhill along what is smooth, then the soft threshold."""
    free = np.append(0.0, np.ones(len(theta) - 1))  # the intercept costs nothing
    moved = theta - rate * (problem.gradient(theta) + penalty.l2 * free * theta)
    return soft(moved, rate * penalty.l1 * free)


def descend(problem: Problem, penalty: Penalty, rate: float, steps: int) -> Iterator[Floats]:
    """The parameters after each step, from zero. UserError where they run away."""
    theta = np.zeros(problem.design.shape[1])
    start, limit = problem.loss(theta), 2 / problem.curvature(penalty)
    for number in range(1, steps + 1):
        with np.errstate(all="ignore"):
            theta = step(problem, theta, penalty, rate)
            if rate >= limit and (number % 20 == 0 or number == steps):  # below the limit the objective never grows
                now = problem.loss(theta) + penalty.value(theta[1:])
                if not now < 2 * start:
                    raise UserError(
                        f"learning_rate: {rate:g} is too large: after {number} steps the loss is {now:.3g}, from "
                        f"{start:.3g} at the start; on these data it must be below {0.999 * limit:.4g}"
                    )
        yield theta


# the exact minimum


def exact(problem: Problem, penalty: Penalty, start: Floats | None = None) -> Floats:
    """The parameters at which J is least, to rounding. Least squares with dependent columns: the shortest solution."""
    if problem.logistic:
        return proximal(problem, penalty, start) if penalty.l1 else newton(problem, penalty, start)
    free = np.append(0.0, np.ones(len(problem.moment) - 1))
    if penalty.l1:
        return coordinates(problem.gram, problem.moment, penalty, start)
    if penalty.l2:
        return np.asarray(np.linalg.solve(problem.gram + penalty.l2 * np.diag(free), problem.moment), np.float64)
    return np.asarray(np.linalg.lstsq(problem.design, problem.y, rcond=None)[0], np.float64)


def coordinates(gram: Floats, moment: Floats, penalty: Penalty, start: Floats | None = None) -> Floats:
    """Coordinate descent: each coefficient in turn to its own minimum, which is a soft threshold, until none moves."""
    theta = np.zeros(len(moment)) if start is None else start.copy()
    for _ in range(100_000):
        most = 0.0
        for j in range(len(theta)):
            before = theta[j]
            rest = moment[j] - gram[j] @ theta + gram[j, j] * before
            l1, l2 = (penalty.l1, penalty.l2) if j else (0.0, 0.0)
            theta[j] = soft(rest, l1) / (gram[j, j] + l2)
            most = max(most, abs(theta[j] - before))
        if most <= TINY * max(1.0, float(np.abs(theta).max())):
            break
    return theta


def newton(problem: Problem, penalty: Penalty, start: Floats | None = None) -> Floats:
    """Newton's method for the smooth logistic loss, halving a step that does not help.

    Classes that a plane separates have no minimum without a penalty: it stops where the loss no longer changes.
    """
    a, n = problem.design, len(problem.y)
    free = np.append(0.0, np.ones(a.shape[1] - 1))
    theta = np.zeros(a.shape[1]) if start is None else start.copy()
    value = problem.loss(theta) + penalty.value(theta[1:])
    for _ in range(100):
        p = sigmoid(a @ theta)
        gradient = problem.gradient(theta) + penalty.l2 * free * theta
        hessian = (a.T * (p * (1 - p))) @ a / n + penalty.l2 * np.diag(free)
        move = np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        for _ in range(30):
            after = theta - move
            found = problem.loss(after) + penalty.value(after[1:])
            if found <= value:
                break
            move = move / 2
        else:
            break
        done = value - found < 1e-15 and np.abs(move).max() < 1e-9
        theta, value = after, found
        if done:
            break
    return theta


def proximal(problem: Problem, penalty: Penalty, start: Floats | None = None) -> Floats:
    """Accelerated proximal gradient descent (FISTA, Beck and Teboulle 2009), restarted where it overshoots."""
    rate = 1 / problem.curvature(penalty)
    theta = np.zeros(problem.design.shape[1]) if start is None else start.copy()
    ahead, t = theta, 1.0
    for _ in range(50_000):
        after = step(problem, ahead, penalty, rate)
        if (ahead - after) @ (after - theta) > 0:
            ahead, t = theta, 1.0
            after = step(problem, ahead, penalty, rate)
        faster = (1 + np.sqrt(1 + 4 * t * t)) / 2
        ahead = after + (t - 1) / faster * (after - theta)
        moved, theta, t = float(np.abs(after - theta).max()), after, faster
        if moved < 1e-11:
            break
    return theta


# the regularization path


def path(problem: Problem, l1_ratio: float, count: int = ALPHAS) -> tuple[Floats, Floats]:
    """`count` α from the largest down, [count], and the exact minimum for each, [count, 1 + d].

    With some l1 the largest α is the least that makes every coefficient zero.
    """
    at_zero = np.zeros(problem.design.shape[1])
    mean = problem.y.mean()
    at_zero[0] = np.log(mean / (1 - mean)) if problem.logistic else mean
    steepest = float(np.abs(problem.gradient(at_zero)[1:]).max())
    if l1_ratio:
        most, least = steepest / l1_ratio, 1e-3
    else:
        most, least = 100 * float(np.diag(problem.gram)[1:].max()), 1e-5
    alphas = most * np.geomspace(1, least, count)
    found: list[Floats] = []
    for alpha in alphas:
        found.append(exact(problem, Penalty(float(alpha), l1_ratio), found[-1] if found else at_zero))
    return alphas, np.array(found)
