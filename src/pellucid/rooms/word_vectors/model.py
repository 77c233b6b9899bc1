"""Word vectors in torch: the program that answers questions, and the readable form of the training step.

Shapes: V words, D dimensions, B windows, N contexts, T targets, K words of a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pellucid.rooms.word_vectors.pairs import Window


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

    def step(self, batch: Batch, rate: float) -> float:
        """One plain gradient step; returns the loss before it."""
        self.zero_grad()
        loss = self.loss(batch)
        loss.backward()
        with torch.no_grad():
            for table in (self.inputs.weight, self.outputs.weight):
                assert table.grad is not None
                table -= rate * table.grad
        return loss.item()


def mean(rows: Tensor, present: Tensor) -> Tensor:
    """The mean [B, 1, D] of the rows [B, N, D] that are present.

    Backwards it is the sum, so that each row gets the whole step of the mean, as in word2vec.c.
    """
    total = (rows * present.unsqueeze(2)).sum(dim=1, keepdim=True)
    average = total / present.sum(dim=1).clamp_min(1)[:, None, None]
    return average.detach() + (total - total.detach())


class Batch:
    """Windows side by side, padded: contexts, present [B, N]; targets, labels, weights [B, T] (weight 0: padding)."""

    def __init__(self, windows: Sequence[Window], dtype: torch.dtype = torch.float32):
        self.contexts = padded([w.contexts for w in windows], torch.int64)
        self.present = padded([[1] * len(w.contexts) for w in windows], dtype)
        self.targets = padded([w.targets for w in windows], torch.int64)
        self.labels = padded([w.labels for w in windows], dtype)
        self.weights = padded([w.weights for w in windows], dtype)


def padded(rows: list[list[int]], dtype: torch.dtype) -> Tensor:
    """Rows of different length as one tensor, zeros behind."""
    longest = max(map(len, rows), default=0)
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows], dtype=dtype)
