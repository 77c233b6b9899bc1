"""The ten losses by name: what they are called, what they take, and which formula of losses.py belongs to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pellucid.core.card import Words
from pellucid.rooms.losses import losses

Takes = Literal["probability", "distribution", "value", "count", "score", "vector"]


@dataclass(frozen=True)
class Kind:
    """One loss. takes: what its predictions are; logits: the form that takes logits instead, where there is one."""

    name: str
    title: Words
    formula: Callable[..., losses.Both]
    takes: Takes
    logits: Callable[..., losses.Both] | None = None
    written: tuple[str, str] = ("", "")
    """Loss and slope as one writes them; the second is of logits."""
    also: tuple[str, ...] = ()
    """Other names that are understood."""

    @property
    def rows(self) -> bool:
        """A prediction is a row of numbers, one for each class or component."""
        return self.takes in ("distribution", "vector")

    @property
    def labels(self) -> bool:
        """A target is a whole number that names a class."""
        return self.name == "sparse_categorical_crossentropy"


def _kinds(*kinds: Kind) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds}


KINDS = _kinds(
    Kind(
        "binary_crossentropy", {"en": "Binary cross-entropy", "zh-TW": "二元交叉熵"},
        losses.binary_crossentropy, "probability", losses.binary_crossentropy_from_logits,
        ("ℓ = −(y ln p + (1 − y) ln(1 − p)); ℓ′ = (p − y) / (p (1 − p))",
         "ℓ = max(z, 0) − y z + ln(1 + exp(−|z|)); ℓ′ = σ(z) − y"),
        ("bce", "binary_cross_entropy", "log_loss", "logloss", "bcewithlogits", "bce_with_logits", "二元交叉熵"),
    ),
    Kind(
        "categorical_crossentropy", {"en": "Categorical cross-entropy", "zh-TW": "多類別交叉熵"},
        losses.categorical_crossentropy, "distribution", losses.categorical_crossentropy_from_logits,
        ("ℓ = −Σ y ln p; ℓ′ = −y / p",
         "ℓ = −Σ y ln softmax(z); ℓ′ = softmax(z) − y"),
        ("cce", "categorical_cross_entropy", "softmax_cross_entropy", "多類別交叉熵", "類別交叉熵"),
    ),
    Kind(
        "sparse_categorical_crossentropy", {"en": "Sparse categorical cross-entropy", "zh-TW": "稀疏多類別交叉熵"},
        losses.sparse_categorical_crossentropy, "distribution", losses.sparse_categorical_crossentropy_from_logits,
        ("ℓ = −ln p[y]; ℓ′ = −1 / p[y]",
         "ℓ = −ln softmax(z)[y]; ℓ′ = softmax(z) − one-hot(y)"),
        ("scce", "sparse_categorical_cross_entropy", "sparse", "nll", "nll_loss", "稀疏多類別交叉熵", "稀疏交叉熵"),
    ),
    Kind(
        "poisson", {"en": "Poisson", "zh-TW": "Poisson 損失"},
        losses.poisson, "count", losses.poisson_from_logits,
        ("ℓ = p − y ln p; ℓ′ = 1 − y / p",
         "ℓ = exp(z) − y z; ℓ′ = exp(z) − y"),
        ("poisson_nll", "poisson_nll_loss", "poisson_loss"),
    ),
    Kind(
        "kl_divergence", {"en": "KL divergence", "zh-TW": "KL 散度"},
        losses.kl_divergence, "distribution", losses.kl_divergence_from_logits,
        ("ℓ = Σ y ln(y / p); ℓ′ = −y / p",
         "ℓ = Σ y ln(y / softmax(z)); ℓ′ = softmax(z) − y"),
        ("kl", "kld", "kldiv", "kl_div", "kullback_leibler", "kullback_leibler_divergence", "kl_散度"),
    ),
    Kind(
        "mse", {"en": "Mean squared error", "zh-TW": "均方誤差"},
        losses.mse, "value", losses.mse_from_logits,
        ("ℓ = (p − y)²; ℓ′ = 2 (p − y)",
         "ℓ = (σ(z) − y)²; ℓ′ = 2 (p − y) p (1 − p), p = σ(z)"),
        ("mean_squared_error", "squared_error", "l2", "l2_loss", "mse_loss", "brier", "均方誤差"),
    ),
    Kind(
        "mae", {"en": "Mean absolute error", "zh-TW": "平均絕對誤差"},
        losses.mae, "value", losses.mae_from_logits,
        ("ℓ = |p − y|; ℓ′ = sign(p − y)",
         "ℓ = |σ(z) − y|; ℓ′ = sign(p − y) p (1 − p), p = σ(z)"),
        ("mean_absolute_error", "absolute_error", "l1", "l1_loss", "mae_loss", "平均絕對誤差"),
    ),
    Kind(
        "cosine_similarity", {"en": "Cosine similarity", "zh-TW": "餘弦相似度"},
        losses.cosine_similarity, "vector", None,
        ("ℓ = −y·p / (|y| |p|); ℓ′ = cos p / |p|² − y / (|y| |p|)", ""),
        ("cosine", "cos", "cosine_loss", "cosine_similarity_loss", "餘弦相似度"),
    ),
    Kind(
        "huber", {"en": "Huber", "zh-TW": "Huber 損失"},
        losses.huber, "value", None,
        ("|e| ≤ δ: ℓ = e² / 2, ℓ′ = e; |e| > δ: ℓ = δ (|e| − δ / 2), ℓ′ = δ sign(e); e = p − y", ""),
        ("huber_loss",),
    ),
    Kind(
        "hinge", {"en": "Hinge", "zh-TW": "Hinge 損失"},
        losses.hinge, "score", None,
        ("y p < 1: ℓ = 1 − y p, ℓ′ = −y; y p ≥ 1: ℓ = 0, ℓ′ = 0", ""),
        ("hinge_loss", "svm"),
    ),
)  # fmt: skip


def squashed(name: str) -> str:
    """One spelling: keras.losses.BinaryCrossentropy(), Binary cross-entropy and binary_crossentropy are one."""
    letters = re.sub(r"[\W_]+", "", re.sub(r"^(\w+\.)+", "", name.strip().lower()))
    return letters.removesuffix("loss") or letters


NAMES = {squashed(name): kind for kind in KINDS.values() for name in (kind.name, *kind.also)}
