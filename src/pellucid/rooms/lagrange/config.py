"""Lagrange multipliers, the configuration: the problem, and how the walk along the constraint steps. No torch."""

from __future__ import annotations

from typing import ClassVar

from pellucid.core.card import Words
from pellucid.core.config import AutoOrRate, readable, setting
from pellucid.core.config import Config as Base
from pellucid.rooms.lagrange.problem import read


class Config(Base):
    """The defaults walk to the slides' maximum in a few dozen steps."""

    group: ClassVar[Words] = {"en": "Problem and walk", "zh-TW": "問題與行走"}
    device: ClassVar[str] = "cpu"  # a handful of numbers: neither a GPU nor a second thread would help
    threads: ClassVar[int] = 1

    problem: str = setting(
        "maximise x + y; subject to x^2 + y^2 = 32",
        "maximise or minimise a formula, subject to equations; separated by ; or new lines",
        "maximise（最大化）或 minimise（最小化）一個公式，subject to 之後是限制式；用 ; 或換行隔開",
        min_length=1,
        max_length=2_000,
    )
    learning_rate: AutoOrRate = setting(
        "auto",
        "step size along the tangent; auto: 0.8 / curvature at the best point",
        "沿切線的步長（學習率）；auto：0.8 / 最佳點的曲率",
    )
    steps: int = setting(100, "most steps of the walk", "最多走幾步", ge=1, le=2_000)
    tolerance: float = setting(
        1e-8,
        "stop where the tangent part of the gradient is so small, as a share of the whole",
        "梯度的切線分量小到整個梯度的這個比例就停止",
        ge=1e-14,
        lt=1,
    )

    _can_be_read = readable("problem", read)
