"""What a look shows beside the answer, as torch modules whose every operation is recorded: a training step, and a map.

Shapes: V words, D dimensions, C words that go in (CBOW: several, skip-gram: one), T targets, M words on the map.
"""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pellucid.rooms.word_vectors.model import WordVectors


class TrainingStep(nn.Module):
    """One pair of words (CBOW: one window) through the network and back, written out; defined in reference.py."""

    def __init__(self, outputs: Tensor, architecture: Literal["skipgram", "cbow"]):
        """outputs [V or V - 1, D]: the second table."""
        super().__init__()
        self.outputs = nn.Parameter(outputs, requires_grad=False)
        self.architecture = architecture

    def forward(
        self, vectors: Tensor, context: Tensor, targets: Tensor, labels: Tensor, times: Tensor, rate: float
    ) -> Tensor:
        """vectors [V, D], context [C], targets [T] with labels (1: true, 0: noise) and how often each was drawn."""
        is_word = context.unsqueeze(1) == torch.arange(len(vectors))  # [C, V]
        one_hot = is_word.to(vectors.dtype)
        rows = one_hot @ vectors  # [C, D]: the rows of these words, and nothing of the others
        hidden = rows.mean(dim=0, keepdim=True)  # [1, D]
        target_rows = F.embedding(targets, self.outputs)  # [T, D]
        scores = hidden @ target_rows.T  # [1, T]
        probabilities = torch.sigmoid(scores)
        sides = 2 * labels - 1  # 1 for the true word, -1 for noise
        surprises = -F.logsigmoid(sides * scores)  # [1, T]
        loss = (times * surprises).sum()

        errors = times * (labels - probabilities)  # [1, T]: minus the loss's slope by each score
        input_gradient = -(errors @ target_rows)  # [1, D]: all words that went in get the same, CBOW's whole
        output_gradient = -(errors.T @ hidden)  # [T, D]
        new_rows = rows - rate * input_gradient
        new_target_rows = target_rows - rate * output_gradient

        new_hidden = new_rows.mean(dim=0, keepdim=True)
        new_scores = new_hidden @ new_target_rows.T
        new_surprises = -F.logsigmoid(sides * new_scores)
        new_loss = (times * new_surprises).sum()
        return torch.stack([loss, new_loss])


class WordMap(nn.Module):
    """The two directions in which these words differ the most: principal component analysis (Pearson 1901)."""

    def forward(self, vectors: Tensor, places: Tensor, directions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """places [M], directions [D, 2] of length 1, the covariance's first eigenvectors -> coordinates [M, 2]."""
        points = F.normalize(F.embedding(places, vectors), dim=1)  # [M, D], each of length 1
        center = points.mean(dim=0)
        centered = points - center
        covariance = centered.T @ centered / len(places)  # [D, D]
        stretched = covariance @ directions  # only longer, not turned: that makes them eigenvectors
        spread = stretched.norm(dim=0)  # [2]: the variance along each
        total = centered.square().sum() / len(places)
        share = spread / total
        coordinates = centered @ directions  # [M, 2]
        across = coordinates[:, 0]
        up = coordinates[:, 1]
        wide = 1.1 * torch.stack([across.amin(), across.amax()])  # what is drawn: a little more than the words need
        tall = 1.1 * torch.stack([up.amin(), up.amax()])
        return wide, tall, share


class Looked(WordVectors):
    """The program with the two other chapters after it: its own operations come first and keep their names."""

    def __init__(self, vectors: Tensor, outputs: Tensor, architecture: Literal["skipgram", "cbow"]):
        super().__init__(vectors)
        self.pair = TrainingStep(outputs, architecture)
        self.map = WordMap()

    def forward(  # type: ignore[override]
        self,
        ids: Tensor,
        weights: Tensor,
        context: Tensor,
        targets: Tensor,
        labels: Tensor,
        times: Tensor,
        places: Tensor,
        directions: Tensor,
        rate: float,
    ) -> tuple[Tensor, ...]:
        scores = super().forward(ids, weights)
        losses = self.pair(self.vectors, context, targets, labels, times, rate)
        shown = self.map(self.vectors, places, directions)
        return scores, losses, *shown
