"""Losses, the configuration: the problem and how its predictions are moved. No torch."""

from __future__ import annotations

from typing import ClassVar

from pellucid.core.card import Words
from pellucid.core.config import Config as Base
from pellucid.core.config import readable, setting
from pellucid.rooms.losses.reader import read


class Config(Base):
    """The defaults are the binary cross-entropy of the course's slides."""

    group: ClassVar[Words] = {"en": "Descent", "zh-TW": "梯度下降"}
    device: ClassVar[str] = "cpu"  # a few numbers: neither a GPU nor a second thread would help
    threads: ClassVar[int] = 1

    problem: str = setting(
        "binary_crossentropy from logits; y = 0 1 0 0; p = -18.6 0.51 2.94 -12.8",
        "the loss, its targets y and predictions p, a line each or separated by ;",
        "損失、目標 y 與預測 p，一行一個，或用 ; 隔開",
        min_length=1,
        max_length=10_000,
    )
    learning_rate: float = setting(
        0.5, "learning rate, where the problem says none", "學習率（題目沒有寫的時候）", gt=0, le=1e6
    )
    steps: int = setting(
        100, "steps of the descent, where the problem says none", "梯度下降走幾步（題目沒有寫的時候）", ge=1, le=2_000
    )

    _can_be_read = readable("problem", read)
