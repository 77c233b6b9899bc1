"""Optimizers, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    (
        "descent: no surface; write a line like f = x^2 + 10 y^2, or f = ravine",
        "沒有曲面；請寫一行像 f = x^2 + 10 y^2，或 f = ravine",
    ),
    ("descent, line {line}: {formula}: did you mean {name}?", "第 {line} 行：{formula}：是不是 {name}？"),
    ("descent, line {line}, column {column}: {rest~}", "第 {line} 行第 {column} 個字：{rest~}"),
    ("start, column {column}: {rest~}", "起點第 {column} 個字：{rest~}"),
    ("surface, column {column}: {rest~}", "曲面第 {column} 個字：{rest~}"),
    ("{key} is none of {keys}{hint~}", "{key} 不是 {keys} 其中之一{hint~}"),
    ("{key} stands there twice", "{key} 寫了兩次"),
    ("{key} has no value", "{key} 沒有值"),
    ("{text} is no point; write two numbers like 4, 2", "{text} 不是一個點；請寫兩個數字，例如 4, 2"),
    ("too far out; start between -{most} and {most_again}", "太遠了；起點請在 -{most} 與 {most} 之間"),
    ("{key} = {text}; {what~} would do", "{key} = {text} 不行；{what~}"),
    ("a whole number from 1 to {most}", "應為 1 到 {most} 的整數"),
    ("a number above {least} and at most {most}", "應為大於 {least}、不超過 {most} 的數字"),
    (
        "f or its slope is no finite number at the start {x}, {y}; start elsewhere",
        "在起點 {x}, {y}，f 或它的斜率不是有限的數字；請換個起點",
    ),
    ("{name}{hint~} Known: {names}", "{name}{hint~}可用的有：{names}"),
    ("no = in {text}; write one of {keys}, = and a value", "{text} 裡沒有 =；請寫 {keys} 其中之一、= 與它的值"),
    (
        "{file}: a descent has no file to be evaluated on; give it a surface with f = …",
        "{file}：梯度下降不能用檔案評估；請用 f = … 給它一個曲面",
    ),
)
