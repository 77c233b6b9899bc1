"""Random numbers, the configuration: what is drawn, from which seed, and how often. No torch."""

from __future__ import annotations

from typing import ClassVar

from pydantic import field_validator

from pellucid.core.card import Words
from pellucid.core.config import Config as Base
from pellucid.core.config import readable, setting
from pellucid.rooms.random_numbers.call import read
from pellucid.rooms.random_numbers.philox import MOST_SEED


class Config(Base):
    """The defaults throw a die 4,096 times, and all of that 400 times over."""

    group: ClassVar[Words] = {"en": "Drawing", "zh-TW": "抽數"}
    device: ClassVar[str] = "cpu"  # bits and sums: done in a moment
    threads: ClassVar[int] = 1

    call: str = setting(
        "randint(1, 7)",
        "what to draw from, as a call; its shape does not matter here",
        "從什麼分布抽數，寫成一個呼叫；形狀在這裡沒有作用",
        min_length=1,
        max_length=2_000,
    )
    n: int = setting(4_096, "numbers in the largest batch", "最大的一批有幾個數字", ge=8, le=65_536)
    seed: int = setting(
        7, "seed of all numbers, where a call names none", "亂數種子，呼叫裡沒寫時使用", ge=0, lt=MOST_SEED
    )
    repeats: int = setting(
        400,
        "how often all of it is repeated, each time from its own stream",
        "整個過程重複幾次，每次用各自的亂數流",
        ge=2,
        le=2_000,
    )

    _can_be_read = readable("call", read)

    @field_validator("call", mode="after")
    @classmethod
    def _can_be_repeated(cls, value: str) -> str:
        call = read(value)
        if call.seed is not None:
            raise ValueError("a seed belongs into the field seed here; leave it out of the call")
        if not call.distribution.std:
            raise ValueError("only one value is possible, so that there is no error to see fall; write randint(1, 7)")
        return value
