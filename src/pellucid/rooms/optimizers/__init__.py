"""Optimizers: seven ways down one surface, each step of each a formula (day 1)."""

from pellucid.core.card import Card, Number, Numbers, Sentence, Text

CARD = Card(
    name="optimizers",
    day=1,
    title={"en": "Optimizers", "zh-TW": "優化器"},
    summary={"en": "Downhill: seven ways to take a step", "zh-TW": "下坡：走一步的七種方法"},
    input=Text(
        name="descent",
        title={"en": "Surface, start and optimizer", "zh-TW": "曲面、起點與優化器"},
        max_length=2_000,
        lines=5,
        examples=(
            "f = x^2 + 10 y^2\nstart = 4, 2\nrate = 0.05",
            "f = ravine\nstart = 4, 1\noptimizer = momentum\nrate = 0.015",
            "f = rosenbrock\nstart = -1.5, 1\noptimizer = adam\nrate = 0.1",
            "f = himmelblau\nstart = 0, 0\noptimizer = rmsprop\nrate = 0.05",
            "f = saddle\nstart = 2, 0\nrate = 0.1",
            "f = x^2 + 10 y^2\nstart = 4, 2\nrate = 0.105",
        ),
    ),
    outputs=(
        Numbers(name="end", title={"en": "Where it ended", "zh-TW": "終點"}),
        Number(name="value", title={"en": "Value of f there", "zh-TW": "終點的函數值"}),
        Sentence(name="verdict", title={"en": "Verdict", "zh-TW": "結論"}),
        Sentence(name="convexity", title={"en": "Is f convex?", "zh-TW": "f 是凸函數嗎？"}),
    ),
    data=("surfaces of the course and of the literature, written out as formulas; no data",),
    ships_nothing={
        "en": "an optimizer is the way to a model, not a model; what it found is a point on your own surface",
        "zh-TW": "優化器是通往模型的方法，本身不是模型；它找到的只是你自己那個曲面上的一個點",
    },
)
