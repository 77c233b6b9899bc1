"""Linear equations, the configuration: the equations and how the descent steps. No torch."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from pydantic import field_validator

from pellucid.core.card import Words
from pellucid.core.config import Config as Base
from pellucid.core.config import setting
from pellucid.core.errors import UserError
from pellucid.rooms.linear_equations.equations import read

MOST = 1e6  # the largest learning rate that can be asked for


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
    learning_rate: str = setting(
        "auto",
        "step size; auto: 1 / L, with L the largest curvature of the loss",
        "步長（學習率）；auto：1 / L，L 是損失的最大曲率",
        pattern=r"^(auto|\+?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)$",
        max_length=40,
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

    @field_validator("equations", mode="after")
    @classmethod
    def _can_be_read(cls, value: str) -> str:
        try:
            read(value)
        except UserError as error:
            raise ValueError(str(error).removeprefix("equations, ").removeprefix("equations: ")) from None
        return value

    @field_validator("learning_rate", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    @field_validator("learning_rate", mode="after")
    @classmethod
    def _within_bounds(cls, value: str) -> str:
        if value != "auto" and not (math.isfinite(float(value)) and 0 < float(value) <= MOST):
            raise ValueError(f"it should be auto, or a number above 0 and at most {MOST:,.0f}")
        return value
