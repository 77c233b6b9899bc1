"""Word vectors, the configuration: flags, arguments, form and record. No torch: help and forms load at once."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from pellucid.core.card import Words
from pellucid.core.config import setting
from pellucid.rooms.word_vectors.data import DataConfig
from pellucid.rooms.word_vectors.options import Options


class Config(DataConfig):
    """The defaults train on the built-in novels in some seconds (see expected.json)."""

    group: ClassVar[Words] = {"en": "Training", "zh-TW": "訓練"}
    architecture: Literal["skipgram", "cbow"] = setting(
        "skipgram",
        "skipgram: each word around predicts the one in the middle; cbow: the mean of those around does",
        "skipgram：周圍的每個詞各自預測中間的詞；cbow：用周圍各詞的平均來預測",
    )
    loss: Literal["negative", "hierarchical"] = setting(
        "negative",
        "negative: tell the true word from some drawn as noise; hierarchical: find it by the turns of a Huffman tree",
        "negative：從抽出的負樣本中認出真正的詞；hierarchical：沿 Huffman 樹的轉彎找到它",
    )
    dimensions: int = setting(64, "numbers in a word's vector (D)", "一個詞向量有幾個數字（D）", ge=1, le=4096)
    window: int = setting(5, "most words to each side that count as near", "左右各看幾個詞", ge=1, le=1000)
    shrink: bool = setting(
        True,
        "draw each word's window from 1 to the most, so that the nearest count more",
        "每個詞的視窗大小由 1 到上限隨機抽出，讓較近的詞更有份量",
    )
    negative: int = setting(5, "noise words for each word in the middle", "每個中心詞抽幾個負樣本", ge=1, le=100)
    exponent: float = setting(
        0.75,
        "noise words are drawn in proportion to their count to this power",
        "負樣本被抽中的機率，與其次數的幾次方成正比",
        ge=0,
        le=2,
    )
    sample: float = setting(
        1e-3,
        "words that are a larger share of the text than this are thinned out; 0: none are",
        "占全文比例超過此值的詞會被抽掉一些；0 表示都保留",
        ge=0,
        le=1,
    )
    epochs: int = setting(20, "passes over the text", "全文跑幾遍（epoch）", ge=1, le=10_000)
    learning_rate: float = setting(0.05, "step size at the start", "一開始的步長（學習率）", gt=0, le=1)
    rate_end: float = setting(1e-4, "step size at the end; it falls along a line", "最後的步長；沿直線下降", ge=0, le=1)
    seed: int = setting(
        0, "seed of first vectors, windows and noise", "初始向量、視窗與負樣本的亂數種子", ge=0, lt=2**31
    )
    threads: int = setting(
        1,
        "threads that change the same tables, without locks; with 1 the same seed gives the same bits",
        "同時更新同一組表格的執行緒數（不加鎖）；只用 1 條時，同樣的種子得到完全相同的結果",
        ge=1,
        le=1024,
    )
    engine: Literal["auto", "compiled", "torch"] = setting(
        "auto",
        "compiled: window by window on the CPU; torch: many windows at once, on any device; auto: by the device",
        "compiled：在 CPU 上一個視窗接一個視窗；torch：一次算許多視窗，任何裝置皆可；auto：依裝置而定",
    )
    device: str = setting(
        "cpu",
        "where the torch engine computes: auto, cpu, cuda, cuda:1, mps …",
        "torch 引擎在哪裡計算：auto、cpu、cuda、cuda:1、mps …",
        pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
    )
    batch: int = setting(
        256, "windows that the torch engine computes at once", "torch 引擎一次計算幾個視窗", ge=1, le=1_000_000
    )
    checkpoint_seconds: float = setting(30.0, "a checkpoint at least this often", "至少每隔幾秒存一次檢查點", ge=0)

    @model_validator(mode="after")
    def _compiled_code_is_the_processors(self) -> Self:
        if self.engine == "compiled" and self.device != "cpu":
            raise ValueError(f"engine: compiled computes on the CPU, and device is {self.device}; take engine=torch")
        return self

    def takes_compiled(self, device: str) -> bool:
        """Whether the compiled engine trains on a device of that kind."""
        return self.engine == "compiled" or (self.engine == "auto" and device == "cpu")

    def options(self) -> Options:
        """The same as the engines name it."""
        shared = {name: getattr(self, name) for name in Options.__dataclass_fields__ if name != "rate"}
        return Options(rate=self.learning_rate, **shared)
