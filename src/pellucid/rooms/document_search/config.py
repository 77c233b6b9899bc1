"""Document search, the configuration: flags, arguments, form and record. No torch: help and forms load at once."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from pellucid.core.card import Words
from pellucid.core.config import Config as Base
from pellucid.core.config import setting
from pellucid.rooms.document_search.data import DataConfig
from pellucid.rooms.document_search.weights import IDF, TF, Normalise


class Training(Base):
    """How the index is computed."""

    group: ClassVar[Words] = {"en": "Training", "zh-TW": "訓練"}

    device: ClassVar[str] = "cpu"  # sparse sums, bound by memory
    seed: int = setting(1, "seed of the randomised SVD", "隨機 SVD 的亂數種子", ge=0, lt=2**31)
    threads: int = setting(0, "CPU threads; 0: all", "CPU 執行緒數；0：全部", ge=0, le=1024)


class Config(DataConfig, Training):
    """The defaults index the built-in paragraphs in about a second (see expected.json)."""

    tf: TF = setting(
        "share",
        "how often a word occurs: share of the document's words, count, log (1 + ln count) or binary",
        "詞出現得多頻繁：share（占文件詞數的比例）、count、log（1 + ln 次數）或 binary",
    )
    idf: IDF = setting(
        "plain",
        "how rare it is: plain ln(N / df), smooth (scikit-learn's), plus_one, probabilistic or none",
        "詞有多少見：plain ln(N / df)、smooth（scikit-learn 的定義）、plus_one、probabilistic 或 none",
    )
    normalise: Normalise = setting(
        "l2", "l2: every document has length 1, so that products are cosines", "l2：每份文件長度為 1，內積就是餘弦"
    )
    min_documents: int = setting(
        1, "rarer words are left out: in fewer documents than these", "出現在更少文件裡的詞不計", ge=1, le=1_000_000
    )
    max_share: float = setting(
        1.0, "words in a larger share of the documents are left out", "出現在更大比例文件裡的詞不計", gt=0, le=1
    )
    vocabulary: int = setting(
        100_000, "most words known (V), the commonest", "最多認得幾個詞（V），取最常見的", ge=1, le=10_000_000
    )
    topics: int = setting(
        32,
        "latent topics (k) of the truncated SVD; 0: TF-IDF only",
        "截斷 SVD 的潛在主題數（k）；0：只用 TF-IDF",
        ge=0,
        le=2000,
    )
    by: Literal["tfidf", "lsa"] = setting(
        "tfidf",
        "what ranks: the cosine of words (tfidf), or among the topics (lsa)",
        "用什麼排名：詞的餘弦（tfidf），或主題上的餘弦（lsa）",
    )

    @model_validator(mode="after")
    def _topics_to_rank_by(self) -> Self:
        if self.by == "lsa" and not self.topics:
            raise ValueError("by lsa ranks among topics, but topics is 0; set topics, 100 for one")
        return self
