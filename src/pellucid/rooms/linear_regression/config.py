"""Linear regression, the configuration: flags, arguments, form and record. No torch: help and forms load at once."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import field_validator

from pellucid.core.card import Words
from pellucid.core.config import Config as Base
from pellucid.core.config import path_from_anywhere, setting

MOST_FEATURES = 100


class DataConfig(Base):
    """Which table to learn from, and how to read it."""

    group: ClassVar[Words] = {"en": "Data", "zh-TW": "資料"}

    data: str = setting(
        "built-in",
        "built-in (200 made-up flats), or a CSV, TSV or Parquet file of your own",
        "built-in（內建：200 間虛構的公寓），或你自己的 CSV、TSV 或 Parquet 檔",
    )
    target: str = setting("price", "the column to be predicted", "要預測的欄")
    features: str = setting(
        "size, rooms, age, door",
        "the columns to predict it from, separated by commas; all must hold numbers",
        "用來預測的欄，以逗號分隔；內容都必須是數值",
    )
    positive: str = setting(
        "",
        "classification: the class whose probability is predicted; empty: yes, 1, true or positive",
        "分類：要預測哪一類的機率；留空則為 yes、1、true 或 positive",
    )
    encoding: str = setting("utf-8", "the file's text encoding", "檔案的文字編碼")
    on_bad: Literal["refuse", "skip"] = setting(
        "refuse", "what to do with a row that holds no number where one is needed", "應為數值卻不是數值的資料列怎麼辦"
    )
    deduplicate: bool = setting(
        True,
        "keep rows that are equal in all these columns once: no test row is then seen in training",
        "這些欄完全相同的資料列只留一筆：測試資料才不會在訓練時出現過",
    )
    train_rows: int = setting(
        0,
        "learn from at most so many training rows; 0 from all",
        "最多用幾筆訓練資料來學；0 表示全部",
        ge=0,
        le=10_000_000,
    )
    seed: int = setting(
        0,
        "seed of the split into training, validation and test rows",
        "把資料切成訓練、驗證與測試的亂數種子",
        ge=0,
        lt=2**31,
    )

    _found_from_anywhere = path_from_anywhere("data", "built-in")

    @field_validator("features")
    @classmethod
    def _different_names(cls, features: str) -> str:
        names = split_names(features)
        if not names:
            raise ValueError("names no column; write some, separated by commas")
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"names {twice!r} twice")
        if len(names) > MOST_FEATURES:
            raise ValueError(f"names {len(names)} columns; at most {MOST_FEATURES} are taken")
        if odd := next((name for name in names if set(name) & set("=:;＝：；")), None):
            raise ValueError(f"{odd!r} holds one of = : ; which separate numbers in an input; rename the column")
        return features


class Config(DataConfig):
    """The defaults find the least-squares solution of the built-in flats in well under a second."""

    group: ClassVar[Words] = {"en": "Model", "zh-TW": "模型"}

    task: Literal["regression", "classification"] = setting(
        "regression",
        "regression: a number; classification: the probability of one of two classes (logistic regression)",
        "regression：預測一個數值；classification：預測兩類之一的機率（邏輯斯迴歸）",
    )
    penalty: Literal["none", "l1", "l2", "elastic_net"] = setting(
        "none",
        "what large coefficients cost: none, l1 (lasso), l2 (ridge), elastic_net (both)",
        "係數太大要付的代價：none（無）、l1（Lasso）、l2（脊迴歸）、elastic_net（兩者並用）",
    )
    alpha: float = setting(
        1.0,
        "weight of the penalty, beside the mean loss; without a penalty it does nothing",
        "懲罰項的權重（相對於平均損失）；沒有懲罰時不起作用",
        ge=0,
        le=1e9,
    )
    l1_ratio: float = setting(
        0.5, "elastic_net: share of l1; the rest is l2", "elastic_net：l1 所占的比例，其餘為 l2", ge=0, le=1
    )
    standardize: bool = setting(
        True,
        "divide each feature by its standard deviation over the training rows",
        "把每個特徵除以它在訓練資料上的標準差",
    )
    learning_rate: float = setting(0.5, "step size of gradient descent", "梯度下降的步長（學習率）", gt=0, le=1000)
    epochs: int = setting(
        400, "steps of gradient descent, each over all training rows", "梯度下降走幾步；每一步都用上全部訓練資料",
        ge=1, le=100_000,
    )  # fmt: skip
    device: Literal["cpu"] = setting(
        "cpu", "where to compute: so few numbers need no other", "在哪裡計算：數字這麼少，CPU 就夠了"
    )
    threads: int = setting(1, "CPU threads", "CPU 執行緒數", ge=0, le=1024)


def split_names(text: str) -> list[str]:
    """Names between commas, spaces around them left out."""
    return [name.strip() for name in text.replace("，", ",").split(",") if name.strip()]
