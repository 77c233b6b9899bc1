"""Image classifier, the configuration: flags, arguments, form and record. No torch: help and forms load at once."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from pellucid.core.config import FitConfig, path_from_anywhere, setting
from pellucid.nn.kinds import Padding, Pooling
from pellucid.rooms.image_classifier.data import DataConfig

Model = Literal["mlp", "cnn", "lenet", "resnet", "inception"]


class Config(DataConfig, FitConfig):
    """The defaults train a small CNN on the built-in digits in under a minute (see expected.json)."""

    model: Model = setting(
        "cnn",
        "the network: mlp (no convolution), cnn (small, VGG-like), lenet (LeNet-5), resnet or inception",
        "網路：mlp（沒有卷積）、cnn（小型、類似 VGG）、lenet（LeNet-5）、resnet 或 inception",
    )
    padding: Padding = setting(
        "same",
        "zeros around a picture before a convolution (same: its sides stay) or none (valid); resnet and inception: of "
        "their first layer",
        "卷積前在圖片四周補零（same：邊長不變），或不補（valid）；resnet 與 inception 只影響第一層",
    )
    stride: int = setting(
        1, "pixels from one place of the first kernel to the next", "第一層的 kernel 每次移動幾個像素", ge=1, le=4
    )
    pooling: Pooling = setting(
        "max",
        "what stands for a square of pixels: the largest or the mean",
        "池化（pooling）：一塊像素取最大值或平均值",
    )
    filters: int = setting(
        16,
        "kernels of the first convolution (cnn, resnet, inception)",
        "第一個卷積層有幾個 kernel（cnn、resnet、inception）",
        ge=1,
        le=1024,
    )
    hidden: int = setting(128, "hidden units (mlp)", "隱藏單元數（mlp）", ge=1, le=65_536)
    dropout: float = setting(
        0.2, "share of the last layer's inputs dropped in training", "訓練時丟棄的比例：最後一層的輸入", ge=0, lt=1
    )
    smoothing: float = setting(
        0.0,
        "label smoothing: this share of each target is spread over all classes",
        "標籤平滑（label smoothing）：每個目標有這麼多比例平均分給所有類別",
        ge=0,
        lt=1,
    )
    classes: str = setting(
        "",
        "the classes to learn, with commas between them; empty: all",
        "要學的類別，以逗號分隔；留空則全部",
    )
    per_class: int = setting(
        0,
        "at most so many pictures of a class to train on, and as many to validate on, drawn by the seed; 0: all; the "
        "test stays whole",
        "每個類別最多用幾張圖片訓練，驗證也一樣，由種子抽出；0 表示全部；測試資料不變",
        ge=0,
    )
    start_from: str = setting(
        "",
        "transfer learning: the folder of a run to start from with all layers but the last, or bundled; empty: from "
        "scratch",
        "遷移學習（transfer learning）：從哪一次訓練的資料夾出發（或 bundled），除最後一層外沿用其權重；留空則從頭訓練",
        flag="from",
    )
    freeze: Literal["none", "backbone"] = setting(
        "none",
        "backbone: only the last layer learns, the layers taken from start_from stay as they are",
        "backbone：只訓練最後一層，由 start_from 沿用的各層保持不變",
    )
    shift: int = setting(
        2, "augmentation: move by up to so many pixels, any way", "資料擴增：隨機平移，最多幾個像素", ge=0, le=128
    )
    epochs: int = setting(12, "most passes over the training set", "訓練集最多跑幾遍（epoch）", ge=1, le=100_000)
    batch_size: int = setting(
        64, "examples per step, over all processes", "每一步的樣本數，所有行程合計", ge=1, le=1_000_000
    )
    learning_rate: float = setting(0.003, "Adam's step size", "Adam 的步長（學習率）", gt=0, le=10)
    schedule: Literal["constant", "cosine"] = setting(
        "cosine", "cosine: the step size falls to 0", "cosine：步長逐漸降到 0"
    )
    threads: int = setting(
        2, "CPU threads per process; 0 lets torch choose", "每個行程的 CPU 執行緒數；0 由 torch 決定", ge=0, le=1024
    )
    weight_decay: float = setting(0.01, "decoupled weight decay (AdamW)", "與梯度分開的權重衰減（AdamW）", ge=0, le=10)

    @property
    def chosen_classes(self) -> tuple[str, ...]:
        """The classes named, none where all are meant."""
        return tuple(dict.fromkeys(name.strip() for name in self.classes.split(",") if name.strip()))

    _run_found_from_anywhere = path_from_anywhere("start_from", "", "bundled")

    @model_validator(mode="after")
    def _frozen_layers_come_from_somewhere(self) -> Self:
        if self.freeze == "backbone" and not self.start_from:
            raise ValueError("freeze: backbone, but there is no run to take it from; set start_from")
        return self
