"""Frameworks, the configuration: which framework trains the model, and how. No torch."""

from __future__ import annotations

from typing import ClassVar, Literal

from pellucid.core.card import Words
from pellucid.core.config import Config as Base
from pellucid.core.config import setting


class Config(Base):
    """The defaults train 2-8-1 in PyTorch, a thousand steps in less than a second."""

    group: ClassVar[Words] = {"en": "Framework and model", "zh-TW": "框架與模型"}
    device: ClassVar[str] = "cpu"  # 33 numbers: neither a GPU nor a second thread would help
    threads: ClassVar[int] = 1

    framework: Literal["torch", "keras", "both"] = setting(
        "torch",
        "what trains the model; keras and both need Keras and TensorFlow",
        "用哪個框架訓練；keras 與 both 需要安裝 Keras 與 TensorFlow",
    )
    graph: Literal["dynamic", "static"] = setting(
        "dynamic",
        "static: the forward pass is captured as a graph first (torch.compile, tf.function)",
        "static：先把前向計算擷取成一張圖（torch.compile、tf.function）",
    )
    hidden: int = setting(8, "hidden units", "隱藏單元數", ge=1, le=64)
    optimizer: Literal["sgd", "adam"] = setting(
        "sgd", "who changes the weights; sgd: gradient descent on batches", "由誰更新權重；sgd：分批次的梯度下降"
    )
    learning_rate: float = setting(0.5, "learning rate: the step's size", "學習率：步伐大小", gt=0, le=100)
    epochs: int = setting(50, "passes over the 400 points", "400 個點跑幾遍（epoch）", ge=1, le=1_000)
    seed: int = setting(0, "seed of points, first weights and order", "點、初始權重與順序的亂數種子", ge=0, lt=2**31)
