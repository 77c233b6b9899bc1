"""Spam detector, the configuration: flags, arguments, form and record. No torch: help and forms load at once."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pellucid.core.config import FitConfig
from pellucid.nn.kinds import CellName, Merge
from pellucid.rooms.spam_detector.data import DataConfig


class Config(DataConfig, FitConfig):
    """The defaults train in a few seconds to a test F1 of about 0.94 (see expected.json)."""

    cell: CellName = Field("lstm", description="what remembers: rnn (one tanh), lstm (four gates) or gru (three)")
    bidirectional: bool = Field(False, description="read the message backward as well")
    merge: Merge = Field("concat", description="how both directions' states become one, if bidirectional")
    embedding: int = Field(20, ge=1, le=4096, description="numbers in a word's vector (D)")
    hidden: int = Field(15, ge=1, le=4096, description="hidden units of a direction (M)")
    vocabulary: int = Field(10_000, ge=2, le=10_000_000, description="most words known (V), <unknown> among them")
    min_count: int = Field(2, ge=1, description="rarer words of the training messages read as <unknown>")
    length: int = Field(200, ge=1, le=100_000, description="words of a message that are read (T)")
    dropout: float = Field(0.5, ge=0, lt=1, description="share of vectors' and states' numbers dropped in training")
    word_dropout: float = Field(0.2, ge=0, lt=1, description="share of words read as <unknown> in training")
    learning_rate: float = Field(0.01, gt=0, le=10, description="Adam's step size")
    schedule: Literal["constant", "cosine"] = Field("cosine", description="cosine: the step size falls to 0")
    threads: int = Field(1, ge=0, le=1024, description="CPU threads; more only wait for each other in a net so small")
    weight_decay: float = Field(0.1, ge=0, le=10, description="decoupled weight decay (AdamW)")
