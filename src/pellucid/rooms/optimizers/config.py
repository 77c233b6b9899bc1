"""Optimizers, the configuration: the surface, the start and what the optimizer is told. No torch."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import field_validator, model_validator

from pellucid.core.card import Words
from pellucid.core.config import Config as Base
from pellucid.core.config import setting
from pellucid.core.errors import UserError

OptimizerName = Literal["gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
MOST_STEPS = 5_000
LARGEST_RATE = 100.0
LARGEST_START = 1e6


class Config(Base):
    """The defaults are a few steps of gradient descent down an elliptic bowl."""

    group: ClassVar[Words] = {"en": "Descent", "zh-TW": "下降"}
    device: ClassVar[str] = "cpu"  # two numbers: neither a GPU nor a second thread would help
    threads: ClassVar[int] = 1

    surface: str = setting(
        "x^2 + 10 y^2",
        "bowl, ravine, saddle, himmelblau, rosenbrock, network, or a formula in x and y",
        "bowl、ravine、saddle、himmelblau、rosenbrock、network，或含 x、y 的公式",
        min_length=1,
        max_length=400,
    )
    start: str = setting("4, 2", "where it starts: x, y", "起點：x, y", min_length=1, max_length=60)
    optimizer: OptimizerName = setting("gd", "how a step is taken; gd: gradient descent", "怎麼走一步；gd：梯度下降")
    learning_rate: float = setting(0.05, "learning rate: the step's size", "學習率：步伐大小", gt=0, le=LARGEST_RATE)
    steps: int = setting(60, "steps of the descent", "下降幾步", ge=1, le=MOST_STEPS)
    momentum: float = setting(
        0.9, "share of the velocity that momentum and Nesterov keep", "動量法與 Nesterov 保留多少速度", ge=0, lt=1
    )
    decay: float = setting(0.99, "share of the mean square that RMSProp keeps", "RMSProp 保留多少平方平均", ge=0, lt=1)
    beta1: float = setting(0.9, "share of the first moment that Adam keeps", "Adam 保留多少一階動差", ge=0, lt=1)
    beta2: float = setting(0.999, "share of the second moment that Adam keeps", "Adam 保留多少二階動差", ge=0, lt=1)
    epsilon: float = setting(1e-8, "added to a root before it divides", "開根號後、當除數前加上的小數", gt=0, le=1)
    weight_decay: float = setting(
        0.01, "AdamW: share of the point that each step takes off, times the rate",
        "AdamW：每一步把點縮小的比例（再乘學習率）", ge=0, le=10
    )  # fmt: skip
    seed: int = setting(
        0, "seed of the small network's data and first weights", "小型網路的資料與初始權重的亂數種子", ge=0, lt=2**31
    )

    @field_validator("start", mode="after")
    @classmethod
    def _is_a_point(cls, value: str) -> str:
        from pellucid.rooms.optimizers.problem import point

        try:
            point(value, "start", 1)
        except UserError as error:
            raise ValueError(str(error)) from None
        return value

    @model_validator(mode="after")
    def _can_be_read(self) -> Config:
        from pellucid.rooms.optimizers.surfaces import surface

        if self.surface != "network":
            try:
                surface(self.surface, "surface")
            except UserError as error:
                raise ValueError(str(error)) from None
        return self
