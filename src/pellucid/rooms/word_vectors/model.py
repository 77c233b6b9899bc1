"""Word vectors in torch: the program that answers questions, and the readable form of the training step.

Shapes: V words, D dimensions, B windows, N contexts, T targets, K words of a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pellucid.rooms.word_vectors.pairs import Window

MOST = 1.0
"""In a batch of windows, the largest sum of step sizes by which one row moves."""


class WordVectors(nn.Module):
    """Which words are near: the cosine of a question with every word of the vocabulary."""

    def __init__(self, vectors: Tensor):
        """vectors [V, D]."""
        super().__init__()
        self.vectors = nn.Parameter(vectors)

    def forward(self, ids: Tensor, weights: Tensor) -> Tensor:
        """ids [N, K] int64 and weights [N, K], 0 where there is no word -> cosines [N, V].

        A question is the weighted sum of unit vectors: king - man + woman has the weights 1, -1, 1.
        """
        lengths = self.vectors.norm(dim=1, keepdim=True).clamp_min(1e-12)  # [V, 1]
        units = self.vectors / lengths  # [V, D]
        rows = F.embedding(ids, units)  # [N, K, D]
        weighted = rows * weights.unsqueeze(2)
        sums = weighted.sum(dim=1)  # [N, D]
        norms = sums.norm(dim=1, keepdim=True).clamp_min(1e-12)  # [N, 1]
        question = sums / norms
        scores = question @ units.T  # [N, V]
        return scores


class Prediction(nn.Module):
    """Contexts predict targets: skip-gram and CBOW, by negative sampling and by hierarchical softmax.

    The four differ in what is hidden (each context's row, or their mean) and in what the targets are (the centre and
    noise words, or the inner nodes on the way to the centre). The definition stands in reference.py.
    """

    def __init__(self, inputs: Tensor, outputs: Tensor, architecture: Literal["skipgram", "cbow"] = "skipgram"):
        """The two tables: inputs [V, D], outputs [V (negative) or V - 1 (hierarchical), D]."""
        super().__init__()
        self.inputs = nn.Embedding.from_pretrained(inputs, freeze=False)
        self.outputs = nn.Embedding.from_pretrained(outputs, freeze=False)
        self.architecture = architecture

    def forward(self, contexts: Tensor, present: Tensor, targets: Tensor) -> Tensor:
        """contexts [B, N] and present [B, N] (1, or 0 for padding), targets [B, T] -> scores [B, N or 1, T]."""
        rows = self.inputs(contexts)  # [B, N, D]
        hidden = mean(rows, present) if self.architecture == "cbow" else rows  # [B, N or 1, D]
        targets_rows = self.outputs(targets)  # [B, T, D]
        scores = hidden @ targets_rows.transpose(1, 2)  # [B, N or 1, T]
        return scores

    def loss(self, batch: Batch) -> Tensor:
        """- Σ weight · log σ(± score), over everything in the batch."""
        scores = self(batch.contexts, batch.present, batch.targets)
        each = F.binary_cross_entropy_with_logits(scores, batch.labels.unsqueeze(1).expand_as(scores), reduction="none")
        asks = batch.present.unsqueeze(2) if self.architecture == "skipgram" else 1.0
        return (each * batch.weights.unsqueeze(1) * asks).sum()

    @torch.no_grad()
    def step(self, batch: Batch, rate: float | Tensor) -> Tensor:
        """One plain gradient step of all windows together, in place; rate: of all, or of each [B].

        Returns the loss before it. Written out, because only the rows that take part are touched.
        """
        rows, targets_rows = self.inputs(batch.contexts), self.outputs(batch.targets)  # [B, N, D], [B, T, D]
        hidden, asks = rows, batch.present.unsqueeze(2)
        if self.architecture == "cbow":
            hidden, asks = mean(rows, batch.present), batch.present.amax(dim=1)[:, None, None]
        scores = hidden @ targets_rows.transpose(1, 2)  # [B, N or 1, T]
        labels, weights = batch.labels.unsqueeze(1), batch.weights.unsqueeze(1) * asks
        rates = torch.as_tensor(rate, dtype=scores.dtype, device=scores.device).reshape(-1, 1, 1)
        errors = rates * weights * (labels - torch.sigmoid(scores))  # minus the loss's slope by each score
        to_hidden = (errors @ targets_rows).expand_as(rows) * batch.present.unsqueeze(2)
        to_targets = errors.transpose(1, 2) @ hidden
        rates = rates[:, 0]
        add(self.inputs.weight, batch.contexts, to_hidden, rates * batch.present)
        add(self.outputs.weight, batch.targets, to_targets, rates * batch.weights * asks.sum(dim=1))
        return (F.softplus((1 - 2 * labels) * scores) * weights).sum()


def add(table: Tensor, rows: Tensor, changes: Tensor, rates: Tensor) -> None:
    """table[rows] += changes; rows [B, K], changes [B, K, D], rates [B, K]: the step sizes that are in each change.

    In a batch of several windows, a row whose step sizes add up to more than MOST moves that much along their mean.
    """
    if len(rows) > 1:
        total = rates.new_zeros(len(table)).index_add_(0, rows.flatten(), rates.flatten())
        changes = changes * (MOST / total.clamp(min=MOST))[rows].unsqueeze(2)
    table.index_add_(0, rows.flatten(), changes.flatten(0, 1))


def mean(rows: Tensor, present: Tensor) -> Tensor:
    """The mean [B, 1, D] of the rows [B, N, D] that are present.

    Backwards it is the sum, so that each row gets the whole step of the mean, as in word2vec.c.
    """
    total = (rows * present.unsqueeze(2)).sum(dim=1, keepdim=True)
    average = total / present.sum(dim=1).clamp_min(1)[:, None, None]
    return average.detach() + (total - total.detach())


@dataclass(frozen=True)
class Batch:
    """Windows side by side, padded: contexts, present [B, N]; targets, labels, weights [B, T] (weight 0: padding)."""

    contexts: Tensor
    present: Tensor
    targets: Tensor
    labels: Tensor
    weights: Tensor

    @classmethod
    def of(cls, windows: Sequence[Window], dtype: torch.dtype = torch.float32) -> Batch:
        return cls(
            contexts=padded([w.contexts for w in windows], torch.int64),
            present=padded([[1] * len(w.contexts) for w in windows], dtype),
            targets=padded([w.targets for w in windows], torch.int64),
            labels=padded([w.labels for w in windows], dtype),
            weights=padded([w.weights for w in windows], dtype),
        )


def padded(rows: list[list[int]], dtype: torch.dtype) -> Tensor:
    """Rows of different length as one tensor, zeros behind."""
    longest = max(map(len, rows), default=0)
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows], dtype=dtype)
