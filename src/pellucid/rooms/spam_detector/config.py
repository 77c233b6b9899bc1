"""Spam detector, the configuration: flags, arguments, form and record. No torch: help and forms load at once."""

from __future__ import annotations

from typing import Literal

from pellucid.core.config import FitConfig, setting
from pellucid.nn.kinds import CellName, Merge
from pellucid.rooms.spam_detector.data import DataConfig


class Config(DataConfig, FitConfig):
    """The defaults train in a few seconds to a test F1 of about 0.94 (see expected.json)."""

    cell: CellName = setting(
        "lstm",
        "what remembers: rnn (one tanh), lstm (three gates) or gru (two)",
        "負責記憶的 cell：rnn（一個 tanh）、lstm（三個閘）或 gru（兩個）",
    )
    bidirectional: bool = setting(False, "read the message backward as well", "也由後往前讀一遍")
    merge: Merge = setting(
        "concat", "how both directions' states become one, if bidirectional", "雙向時，兩個方向的狀態如何合併"
    )
    embedding: int = setting(20, "numbers in a word's vector (D)", "一個詞向量有幾個數字（D）", ge=1, le=4096)
    hidden: int = setting(15, "hidden units of a direction (M)", "一個方向的隱藏單元數（M）", ge=1, le=4096)
    vocabulary: int = setting(
        10_000, "most words known (V), <unknown> among them", "最多認得幾個詞（V），包含 <unknown>", ge=2, le=10_000_000
    )
    min_count: int = setting(
        2,
        "rarer words of the training messages read as <unknown>",
        "訓練簡訊中出現次數更少的詞，一律讀作 <unknown>",
        ge=1,
    )
    length: int = setting(200, "words of a message that are read (T)", "一則簡訊最多讀幾個詞（T）", ge=1, le=100_000)
    dropout: float = setting(
        0.5,
        "share of vectors' and states' numbers dropped in training",
        "訓練時丟棄的比例：詞向量與狀態中的數字",
        ge=0,
        lt=1,
    )
    word_dropout: float = setting(
        0.2, "share of words read as <unknown> in training", "訓練時讀作 <unknown> 的詞的比例", ge=0, lt=1
    )
    learning_rate: float = setting(0.01, "Adam's step size", "Adam 的步長（學習率）", gt=0, le=10)
    schedule: Literal["constant", "cosine"] = setting(
        "cosine", "cosine: the step size falls to 0", "cosine：步長逐漸降到 0"
    )
    threads: int = setting(
        1,
        "CPU threads; more only wait for each other in a net so small",
        "CPU 執行緒數；網路這麼小，再多也只是互相等待",
        ge=0,
        le=1024,
    )
    weight_decay: float = setting(0.1, "decoupled weight decay (AdamW)", "與梯度分開的權重衰減（AdamW）", ge=0, le=10)
