"""Lagrange multipliers: extrema of a typed function under typed equations, all of them found and classified (day 2)."""

from pellucid.core.card import Card, Number, Numbers, Sentence, Text

CARD = Card(
    name="lagrange",
    day=2,
    title={"en": "Lagrange multipliers", "zh-TW": "拉格朗日乘數"},
    summary={"en": "Best on a curve: where two gradients align", "zh-TW": "曲線上的最佳點：兩個梯度對齊的地方"},
    input=Text(
        name="problem",
        title={"en": "Function and constraints", "zh-TW": "函數與限制式"},
        max_length=2_000,
        lines=5,
        examples=(
            "maximise x + y\nsubject to x^2 + y^2 = 32",
            "minimise x^2 + y^2\nsubject to x y = 4",
            "maximise x y z\nsubject to x + y + z = 6\nx^2 + y^2 + z^2 = 14",
            "maximise -p log(p) - q log(q) - r log(r)\nsubject to p + q + r = 1",
            "minimise x\nsubject to y^2 = x^3",
            "x^2 + y^2\nsubject to x^2 + y^2 = 1",
            "maximise x + y\nsubject to x^2 + y^2 = -1",
        ),
    ),
    outputs=(
        Numbers(name="best", title={"en": "Best point", "zh-TW": "最佳點"}),
        Number(name="value", title={"en": "Value of f there", "zh-TW": "該點的函數值"}),
        Numbers(name="multipliers", title={"en": "Multipliers there", "zh-TW": "該點的乘數"}),
        Number(name="points", title={"en": "Points found", "zh-TW": "找到幾個點"}),
        Sentence(name="verdict", title={"en": "Verdict", "zh-TW": "結論"}),
    ),
    data=("x + y on the circle x^2 + y^2 = 32, of the course's slides",),
    ships_nothing={
        "en": "it answers one problem with a few numbers; there is no model that others would run",
        "zh-TW": "它對一個問題給出幾個數字，沒有可以給別人執行的模型",
    },
)
