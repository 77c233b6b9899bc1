"""Spam detector, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    (
        "{path}: {n} different labels ({some}), but two are needed; is label_column right?",
        "{path}：有 {n} 種標籤（{some}），需要恰好兩種；label_column 對嗎？",
    ),
    (
        "positive_label: {value} is not in {path}{hint~} It has {found}",
        "positive_label：{path} 裡沒有 {value}{hint~}有的是 {found}",
    ),
    (
        "{path}: labels {first} and {second}: which is to be found? Set positive_label",
        "{path}：標籤 {first} 與 {second}，要找出哪一個？請設定 positive_label",
    ),
    (
        "{path}, line {line}: label {label}; this run knows {known}",
        "{path} 第 {line} 行：標籤 {label}；這次訓練只認得 {known}",
    ),
)
