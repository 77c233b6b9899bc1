"""A real small network to race on: 2-8-1, tanh, on two interlocking half-moons; its gradient written by hand.

Everything works on the last axis of `weights` [..., 33], so that a whole sweep of descents is trained at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
HIDDEN, POINTS = 8, 80
SIZE = 4 * HIDDEN + 1  # 2·8 weights and 8 biases to the hidden units, 8 weights and a bias from them


@dataclass(frozen=True)
class Network:
    """The loss of the weights on one fixed set of points: the mean log loss."""

    seed: int = 0

    @cached_property
    def data(self) -> tuple[Array, Array]:
        """Points [80, 2] and their classes, 0 or 1: two half-moons with some noise."""
        draw = np.random.default_rng(self.seed)
        angle = draw.uniform(0, np.pi, POINTS)
        kind = np.arange(POINTS) % 2
        x = np.where(kind == 0, np.cos(angle), 1 - np.cos(angle))
        y = np.where(kind == 0, np.sin(angle), 0.5 - np.sin(angle))
        return np.stack([x, y], axis=-1) + draw.normal(0, 0.15, (POINTS, 2)), kind.astype(np.float64)

    def start(self) -> Array:
        """First weights: uniform within 1/√inputs of each layer, as torch's layers begin."""
        draw = np.random.default_rng(self.seed + 1)
        inner, outer = 2**-0.5, HIDDEN**-0.5
        return np.concatenate([draw.uniform(-inner, inner, 3 * HIDDEN), draw.uniform(-outer, outer, HIDDEN + 1)])

    def logits(self, weights: Array, points: Array | None = None) -> Array:
        """[..., point]"""
        return self._forward(weights, self.data[0] if points is None else points)[1]

    def _forward(self, weights: Array, points: Array) -> tuple[Array, Array]:
        w = weights[..., : 2 * HIDDEN].reshape(*weights.shape[:-1], 2, HIDDEN)
        b, v = weights[..., None, 2 * HIDDEN : 3 * HIDDEN], weights[..., 3 * HIDDEN : 4 * HIDDEN, None]
        hidden = np.tanh(points @ w + b)
        return hidden, (hidden @ v)[..., 0] + weights[..., -1:]

    def value(self, weights: Array) -> Array:
        """The mean log loss, [...]."""
        logits, targets = self.logits(weights), self.data[1]
        found: Array = (np.logaddexp(0, logits) - targets * logits).mean(axis=-1)
        return found

    def gradient(self, weights: Array) -> Array:
        """Backpropagation by hand: the error goes back through the sigmoid, the output layer and the tanh."""
        points, targets = self.data
        hidden, logits = self._forward(weights, points)
        error = (np.exp(-np.logaddexp(0, -logits)) - targets) / POINTS  # [..., point]
        v = weights[..., None, 3 * HIDDEN : 4 * HIDDEN]
        inner = error[..., None] * v * (1 - hidden * hidden)  # [..., point, unit]
        to_hidden = points.T @ inner  # [..., 2, unit]
        return np.concatenate(
            [
                to_hidden.reshape(*weights.shape[:-1], 2 * HIDDEN),
                inner.sum(axis=-2),
                (error[..., None, :] @ hidden)[..., 0, :],
                error.sum(axis=-1, keepdims=True),
            ],
            axis=-1,
        )

    def accuracy(self, weights: Array) -> Array:
        found: Array = ((self.logits(weights) > 0) == (self.data[1] > 0.5)).mean(axis=-1)
        return found
