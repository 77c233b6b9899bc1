"""Linear equations, the configuration: the equations and how the descent steps. No torch."""

from __future__ import annotations

from typing import ClassVar

from pellucid.core.card import Words
from pellucid.core.config import AutoOrRate, readable, setting
from pellucid.core.config import Config as Base
from pellucid.rooms.linear_equations.equations import read


class Config(Base):
    """The defaults solve the slides' two equations in fewer than a hundred steps."""

    group: ClassVar[Words] = {"en": "Descent", "zh-TW": "梯度下降"}
    device: ClassVar[str] = "cpu"  # a dozen numbers: neither a GPU nor a second thread would help
    threads: ClassVar[int] = 1

    equations: str = setting(
        "5x + 2y = 10; x + 4y = 11",
        "the equations, one a line or separated by ;",
        "方程式，一行一個，或用 ; 隔開",
        min_length=1,
        max_length=10_000,
    )
    learning_rate: AutoOrRate = setting(
        "auto",
        "step size; auto: 1 / L, with L the largest curvature of the loss",
        "步長（學習率）；auto：1 / L，L 是損失的最大曲率",
    )
    steps: int = setting(2_000, "most steps of the descent", "最多走幾步", ge=1, le=100_000)
    tolerance: float = setting(
        1e-10,
        "stop where the gradient is so small, as a share of the first one",
        "梯度小到第一個梯度的這個比例就停止",
        ge=0,
        lt=1,
    )
    momentum: float = setting(
        0.0,
        "share of the last step's velocity that is kept; 0: plain descent",
        "保留多少上一步的速度；0：單純的梯度下降",
        ge=0,
        lt=1,
    )

    _can_be_read = readable("equations", read)
