"""The exact step in NumPy float64: what the kernel and the torch module are compared with.

Definition. A window has a centre, N contexts and T targets with labels (1 or 0) and weights. Every context's row h of
the input table (CBOW: one h, the mean of the rows) shall predict the targets:

    score[i, t] = h[i] · output[t]
    loss        = - Σ weight[t] · log σ(± score[i, t])          (+ for label 1, - for label 0)
    g[i, t]     = weight[t] · (label[t] - σ(score[i, t]))       (minus the loss's derivative by the score)
    output[t]  += rate · Σ_i g[i, t] · h[i]
    input[i]   += rate · Σ_t g[i, t] · output[t]                (all values from before the step)

Where this deviates from Mikolov et al. 2013b and word2vec.c:
- The noise words are drawn once a centre and shared by its contexts (Ji et al. 2016), not once a pair; and the
  contexts of a centre take their step together, from the same values, not one after the other.
- The sigmoid is computed, not looked up, and not cut at ±6.
As in word2vec.c and gensim the context is the input and the centre the target, and CBOW gives each context the whole
step of the mean: N times what the loss's derivative says.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.pairs import Window

Array = NDArray[np.float64]


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def hidden(inputs: Array, contexts: list[int], architecture: str) -> Array:
    """What predicts: the contexts' rows [N, D], or for CBOW their mean [1, D]."""
    rows = inputs[contexts]
    return rows if architecture == "skipgram" else rows.mean(axis=0, keepdims=True)


def loss(inputs: Array, outputs: Array, window: Window, architecture: str) -> float:
    """The loss of one window: the sum over contexts (CBOW: one mean) and targets."""
    scores = hidden(inputs, window.contexts, architecture) @ outputs[window.targets].T
    signs = 2 * np.array(window.labels) - 1
    return float((np.log1p(np.exp(-signs * scores)) * np.array(window.weights)).sum())


def step(inputs: Array, outputs: Array, window: Window, architecture: str, rate: float) -> None:
    """One step on one window, in place."""
    h = hidden(inputs, window.contexts, architecture)  # [N or 1, D]
    rows = outputs[window.targets]  # [T, D]
    g = rate * np.array(window.weights) * (np.array(window.labels) - sigmoid(h @ rows.T))  # [N or 1, T]
    np.add.at(outputs, window.targets, g.T @ h)
    np.add.at(inputs, window.contexts, np.broadcast_to(g @ rows, (len(window.contexts), h.shape[1])))


def train(
    inputs: Array, outputs: Array, windows: Iterable[Window], options: Options, rates: tuple[float, float]
) -> None:
    """All windows of a piece, in place; the rate falls from the first to the second along a line."""
    for window in windows:
        if window.contexts:
            rate = rates[0] + (rates[1] - rates[0]) * window.share
            step(inputs, outputs, window, options.architecture, rate)
