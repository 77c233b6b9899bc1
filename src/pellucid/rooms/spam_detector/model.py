"""The network: embedding, recurrent layer, maximum over the real words, one weighted sum, sigmoid.

Shapes: N messages, T words (the longest in the batch), V words known, D embedding, M hidden units.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from pellucid.nn.kinds import CellName, Merge
from pellucid.nn.recurrent import Recurrent

PADDING = 0  # the id that fills up shorter messages


class SpamDetector(nn.Module):
    """Word ids [N, T] -> probability of spam [N]."""

    def __init__(
        self,
        vocabulary: int,
        embedding: int = 20,
        hidden: int = 15,
        cell: CellName = "lstm",
        *,
        bidirectional: bool = False,
        merge: Merge = "concat",
        dropout: float = 0.0,
    ):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary + 1, embedding, padding_idx=PADDING)  # + 1: the padding
        self.dropout = nn.Dropout(dropout)
        self.recurrent = Recurrent(embedding, hidden, cell, bidirectional=bidirectional, merge=merge)
        self.dense = nn.Linear(self.recurrent.width, 1)
        # small vectors, a Glorot-uniform sum without bias: the slides' framework starts like this
        nn.init.uniform_(self.embedding.weight, -0.05, 0.05)
        nn.init.xavier_uniform_(self.dense.weight)
        nn.init.zeros_(self.dense.bias)

    def forward(self, ids: Tensor) -> Tensor:
        probability = torch.sigmoid(self.logit(ids))
        return probability

    def logit(self, ids: Tensor) -> Tensor:
        """Log-odds of spam [N]: what the loss takes, because it stays exact where a probability rounds to 0 or 1."""
        real = ids != PADDING  # [N, T]
        vectors = self.dropout(self.embedding(ids))  # [N, T, D]
        states = self.recurrent(vectors, real.sum(dim=1))  # [N, T, M]
        words_only = states.masked_fill(~real.unsqueeze(-1), float("-inf"))
        pooled = words_only.amax(dim=1)  # [N, M]
        logit = self.dense(self.dropout(pooled)).squeeze(-1)  # [N]
        return logit
