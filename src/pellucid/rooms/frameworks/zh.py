"""Frameworks, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    (
        "framework: {names} not installed; pip install keras tensorflow, or choose framework torch",
        "framework：沒有安裝 {names}；請執行 pip install keras tensorflow，或把 framework 設成 torch",
    ),
    (
        "framework: Keras runs on {backend} here; set the environment variable KERAS_BACKEND=tensorflow and start"
        " again",
        "framework：這裡的 Keras 用的是 {backend}；請設定環境變數 KERAS_BACKEND=tensorflow 再重新啟動",
    ),
    ("split: {name} is none of {names}", "split：{name} 不是 {names} 其中之一"),
    (
        "point: {n} number given, two are wanted, like 0.5, -1{hint~}",
        "只給了 {n} 個數字，需要兩個，例如 0.5, -1{hint~}",
    ),
    ("point: {n} numbers given, two are wanted, like 0.5, -1{hint~}", "給了 {n} 個數字，需要兩個，例如 0.5, -1{hint~}"),
    (
        "point: {count} given, two are wanted, like 0.5, -1 (with a decimal point, no comma: 0.5)",
        "給了 {count}，需要兩個數字，例如 0.5, -1（小數請用點，不要用逗號：0.5）",
    ),
    ("point: {count} given, two are wanted, like 0.5, -1{hint~}", "給了 {count}，需要兩個數字，例如 0.5, -1{hint~}"),
    (
        "point: {text} is not a number; write two numbers like 0.5, -1{hint~}",
        "{text} 不是數字；請寫兩個數字，例如 0.5, -1{hint~}",
    ),
    ("; write ½ as 0.5", "；½ 請寫成 0.5"),
    ("point: {text} is too large; from -{most} to {again} will do", "{text} 太大；請在 -{most} 到 {most} 之間"),
    (
        "{file}: this model is evaluated on points drawn from its seed, not on a file",
        "{file}：這個模型用由種子抽出的點來評估，不用檔案",
    ),
)
