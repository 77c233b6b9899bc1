"""The losses, each as its formula: targets and predictions in, the loss of each example and its slope out.

The slope is the derivative of an example's loss by each of its predictions, written out. All is plain NumPy arithmetic,
so the same lines also compute on the numbers of a trace (noted.py). `note` gives an intermediate its name there.

p is a prediction as it is: a probability, a rate, a value. z is a logit (or any raw score): the same loss, stable.
Predictions are [example], or [example, class] where there are classes; a loss is one number for each example.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.rooms.losses.noted import note, one_hot, pick

LEAST_LOG = -100.0  # torch's binary_cross_entropy: no logarithm is below; Keras keeps p within 1e-7 and 1 - 1e-7
TINY = 1e-12
POISSON_EPSILON = 1e-8  # torch's poisson_nll_loss; Keras adds 1e-7

Both = tuple[Any, Any]
"""The loss of each example, and its slope by each prediction."""

# odds, logit, probability


def odds(p: Any) -> Any:
    """How many times more likely than not: 0.8 is 4 to 1."""
    return p / (1 - p)


def logit(p: Any) -> Any:
    """ln of the odds: any real number; 0 for p = 0.5."""
    return np.log(note("odds", odds(p)))


def sigmoid(z: Any) -> Any:
    """The way back: probability of a logit."""
    return 1 / (1 + np.exp(-z))


def log_softmax(z: Any) -> Any:
    """ln of softmax, row by row. The largest logit is taken off first: then no exp overflows, and one of them is 1."""
    shifted = note("shifted", z - z.max(-1, keepdims=True))
    sums = note("sum_of_exps", np.exp(shifted).sum(-1, keepdims=True))
    return note("log_probabilities", shifted - np.log(sums))


def floored_log(p: Any) -> Any:
    """ln, but never below -100: one prediction of 0 must not make the loss of all infinite."""
    return np.maximum(np.log(p), LEAST_LOG)


# of probabilities


def binary_crossentropy(y: Any, p: Any) -> Both:
    """-(y ln p + (1 - y) ln(1 - p)). torch: binary_cross_entropy. Keras differs for p beyond 1e-7 and 1 - 1e-7."""
    log_p, log_not_p = note("log_probabilities", floored_log(p)), note("log_rest", floored_log(1 - p))
    values = -(y * log_p + (1 - y) * log_not_p)
    return values, (p - y) / np.maximum(p * (1 - p), TINY)


def binary_crossentropy_from_logits(y: Any, z: Any) -> Both:
    """max(z, 0) - y z + ln(1 + exp(-|z|)): no exp overflows. torch: binary_cross_entropy_with_logits. Keras: equal."""
    p = note("probabilities", sigmoid(z))
    values = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    return values, p - y


def categorical_crossentropy(y: Any, p: Any) -> Both:
    """-sum(y ln p) over the classes, y one-hot or any distribution. torch: of no function of its own, nll_loss of ln p.
    Keras divides each row by its sum first, and clips."""
    log_p = note("log_probabilities", floored_log(p))
    return note("terms", -(y * log_p)).sum(-1), -y / np.maximum(p, TINY)


def categorical_crossentropy_from_logits(y: Any, z: Any) -> Both:
    """The same of softmax(z). torch: cross_entropy with probabilities as target. Keras: the same."""
    log_p = log_softmax(z)
    p = note("probabilities", np.exp(log_p))
    return note("terms", -(y * log_p)).sum(-1), p - y


def sparse_categorical_crossentropy(y: Any, p: Any) -> Both:
    """-ln p[y]: y says which class, as a whole number from 0. torch: nll_loss of ln p. Keras clips, then divides each
    row by its sum (by way of a softmax of the logarithms)."""
    log_p = note("log_probabilities", floored_log(p))
    return -note("picked", pick(log_p, y)), -note("one_hot", one_hot(y, p.shape[1])) / np.maximum(p, TINY)


def sparse_categorical_crossentropy_from_logits(y: Any, z: Any) -> Both:
    """The same of softmax(z). torch: cross_entropy, the one loss of that name there. Keras: the same."""
    log_p = log_softmax(z)
    p = note("probabilities", np.exp(log_p))
    return -note("picked", pick(log_p, y)), p - note("one_hot", one_hot(y, z.shape[1]))


def kl_divergence(y: Any, p: Any) -> Both:
    """sum(y ln(y / p)): what cross-entropy has above its least possible value. torch: kl_div of ln p, with reduction
    "batchmean" (its "mean" also divides by the number of classes). Keras clips both at 1e-7."""
    gap = note("log_ratio", floored_log(y) - note("log_probabilities", floored_log(p)))
    return note("terms", y * gap).sum(-1), -y / np.maximum(p, TINY)


def kl_divergence_from_logits(y: Any, z: Any) -> Both:
    """The same of softmax(z). torch: kl_div of log_softmax(z), "batchmean". Keras has no such form."""
    log_p = log_softmax(z)
    p = note("probabilities", np.exp(log_p))
    return note("terms", y * (floored_log(y) - log_p)).sum(-1), p - y


# of counts


def poisson(y: Any, p: Any) -> Both:
    """p - y ln p, of counts y and their predicted mean p > 0. torch: poisson_nll_loss with log_input=False (its default
    is True). Both add a little to p before the logarithm: torch 1e-8, as here, Keras 1e-7."""
    seen = p + POISSON_EPSILON
    return p - y * note("log_means", np.log(seen)), 1 - y / seen


def poisson_from_logits(y: Any, z: Any) -> Both:
    """exp(z) - y z, z the logarithm of the mean. torch: poisson_nll_loss as it is called by default. Keras has none."""
    mean = note("means", np.exp(z))
    return mean - y * z, mean - y


# of values


def mse(y: Any, p: Any) -> Both:
    """(p - y)². torch: mse_loss. Keras: the same."""
    error = note("errors", p - y)
    return error * error, 2 * error


def mse_from_logits(y: Any, z: Any) -> Both:
    """(sigmoid(z) - y)²: what not to do with a sigmoid. Its slope has a factor p (1 - p), which vanishes far out."""
    p = note("probabilities", sigmoid(z))
    error = note("errors", p - y)
    return error * error, 2 * error * note("factor", p * (1 - p))


def mae(y: Any, p: Any) -> Both:
    """|p - y|. torch: l1_loss. Keras: the same. At 0 there is no slope; 0 is taken."""
    error = note("errors", p - y)
    return np.abs(error), np.sign(error)


def mae_from_logits(y: Any, z: Any) -> Both:
    """|sigmoid(z) - y|, with the same vanishing factor."""
    p = note("probabilities", sigmoid(z))
    error = note("errors", p - y)
    return np.abs(error), np.sign(error) * note("factor", p * (1 - p))


def huber(y: Any, p: Any, delta: float = 1.0) -> Both:
    """(p - y)² / 2 up to delta, a straight line beyond. torch: huber_loss. Keras: the same."""
    error = note("errors", p - y)
    cut = note("cut", np.minimum(np.abs(error), delta))
    return cut * (np.abs(error) - cut / 2), cut * np.sign(error)


def cosine_similarity(y: Any, p: Any) -> Both:
    """-cos of the angle between two rows. Keras: the same. torch's cosine_similarity is the cosine without the minus
    (no loss: it grows as the rows agree), its cosine_embedding_loss is 1 - cos."""
    sizes = np.sqrt((y * y).sum(-1, keepdims=True)) * note("lengths", np.sqrt((p * p).sum(-1, keepdims=True)))
    cosine = note("cosine", (y * p).sum(-1, keepdims=True) / sizes)
    return -cosine.sum(-1), cosine * p / (p * p).sum(-1, keepdims=True) - y / sizes


def hinge(y: Any, p: Any) -> Both:
    """max(0, 1 - y p), y -1 or 1. Keras takes 0 and 1 as well, and makes -1 and 1 of them, as the reader here does.
    torch has it only as hinge_embedding_loss(y p, -1)."""
    margin = note("margins", y * p)
    return np.maximum(1 - margin, 0), -y * np.less(margin, 1)


# what not to do: first the probability, then its logarithm


def naive_binary(y: Any, z: Any) -> Any:
    """Right on paper. But sigmoid(z) rounds to 1, and ln(1 - 1) is -inf; or exp(z) overflows, and inf / inf is NaN."""
    p = note("probabilities", np.exp(z) / (1 + np.exp(z)))
    return note("values", -(y * note("log_probabilities", np.log(p)) + (1 - y) * note("log_rest", np.log(1 - p))))


def naive_rows(y: Any, z: Any) -> Any:
    """Softmax without taking off the largest logit: inf / inf is NaN. And 0 times ln 0 is NaN."""
    e = note("exps", np.exp(z))
    p = note("probabilities", e / e.sum(-1, keepdims=True))
    return note("values", -(y * note("log_probabilities", np.log(p))).sum(-1))
