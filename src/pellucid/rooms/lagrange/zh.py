"""Lagrange multipliers, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    ("{text}: problem, line {line}, column {column}: {message~}", "{text}：第 {line} 行第 {column} 個字：{message~}"),
    ("problem, line {line}, column {column}: {message~}", "第 {line} 行第 {column} 個字：{message~}"),
    ("problem: there is none; write one like: {example}", "沒有題目；請寫一個，例如：{example}"),
    (
        "{text} has no variable: the same everywhere. Write one like {example}",
        "{text} 沒有變數，到處都一樣；請寫成像 {example}",
    ),
    ("problem: {n} constraints on {count} variables; leave some out", "{count} 個變數卻有 {n} 個限制；請去掉幾個"),
    ("start stands there twice", "start 寫了兩次"),
    (
        "problem: no function to maximise or minimise; write one like: {example}",
        "沒有要最大化或最小化的函數；請寫一個，例如：{example}",
    ),
    ("no function here; write one like: {example}", "這裡沒有函數；請寫一個，例如：{example}"),
    ("{word}: did you mean {other}?, as in: {example}", "{word}：是不是 {other}？例如：{example}"),
    ("{hint~}, as in: {example}", "{hint~}，例如：{example}"),
    (
        "an equation is a constraint; write subject to before it, as in: {example}",
        "等式是限制；前面請寫 subject to，例如：{example}",
    ),
    (
        "problem: no constraint; write an equation behind subject to, as in: {example}",
        "沒有限制；請在 subject to 後面寫等式，例如：{example}",
    ),
    ("more than {n} constraints; leave some out", "超過 {n} 個限制；請去掉幾個"),
    ("{sign}: only equations are solved here; write {fixed}", "{sign}：這裡只解等式；請寫 {fixed}"),
    (
        "no equal sign in {text}{hint~}; write a constraint like {example} = 1",
        "{text} 沒有等號{hint~}；限制請寫成像 {example} = 1",
    ),
    ("nothing stands on one side of the equal sign; write one like x + y = 1", "等號有一邊是空的；請寫成像 x + y = 1"),
    ("'==' is one '=' too many", "'==' 多了一個 '='"),
    ("a second equal sign; write two equations, with ; between them", "第二個等號；請寫成兩個等式，中間用 ; 隔開"),
    (
        "a second goal; write one function and then equations behind subject to",
        "第二個目標；請只寫一個函數，再在 subject to 後面寫等式",
    ),
    (
        "problem: {n} variable ({names}); from {least} to {most} would do{hint~}",
        "有 {n} 個變數（{names}）；請用 {least} 到 {most} 個{hint~}",
    ),
    (
        "problem: {n} variables ({names}); from {least} to {most} would do{hint~}",
        "有 {n} 個變數（{names}）；請用 {least} 到 {most} 個{hint~}",
    ),
    ("problem: no variable; from {least} to {most} would do{hint~}", "沒有變數；請用 {least} 到 {most} 個{hint~}"),
    (
        "problem: {count}; from {least} to {most} would do; a product is written {product}",
        "{count}：變數請用 {least} 到 {most} 個；相乘請寫成 {product}",
    ),
    ("problem: {count}; from {least} to {most} would do", "{count}：變數請用 {least} 到 {most} 個"),
    ("; a product is written {product}", "；相乘請寫成 {product}"),
    ("{text} has no variable in it; write an equation like x + y = 1", "{text} 裡沒有變數；請寫等式，例如 x + y = 1"),
    (
        "{text} holds everywhere: it is no constraint; write an equation like x + y = 1",
        "{text} 到處都成立，不是限制；請寫等式，例如 x + y = 1",
    ),
    ("{text} never holds; write an equation like x + y = 1", "{text} 永遠不成立；請寫等式，例如 x + y = 1"),
    ("{text} {always}; write an equation like x + y = 1", "{text} {always}；請寫等式，例如 x + y = 1"),
    (
        "a start is {n} numbers, for {names}; write start = {example}",
        "起點是 {n} 個數字，對應 {names}；請寫 start = {example}",
    ),
    ("a start between -{most} and {again} would do", "起點請在 -{most} 與 {most} 之間"),
    ("it should be auto, or a number above 0 and at most {most}", "應該是 auto，或大於 0、不超過 {most} 的數字"),
    ("problem: {error~}", "{error~}"),
)
