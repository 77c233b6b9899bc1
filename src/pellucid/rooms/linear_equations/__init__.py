"""Linear equations: a system of equations solved by gradient descent on the weights of one linear layer (day 1)."""

from pellucid.core.card import Card, Number, Numbers, Sentence, Text

CARD = Card(
    name="linear_equations",
    day=1,
    title={"en": "Linear equations", "zh-TW": "聯立方程式"},
    summary={"en": "One linear layer, one slope: what learning is", "zh-TW": "一個線性層、一道斜坡：學習是什麼"},
    input=Text(
        name="equations",
        title={"en": "Equations", "zh-TW": "方程式"},
        max_length=10_000,
        lines=6,
        examples=(
            "5x + 2y = 10\nx + 4y = 11",
            "2a + b - c = 8\n-3a - b + 2c = -11\n-2a + b + 2c = -3",
            "x + y = 2\nx + y = 3",
            "x + 2y = 4\n2x + 4y = 8",
            "x + y = 2\nx + 1.1y = 2",
            "5, 2 | 10\n1, 4 | 11",
        ),
    ),
    outputs=(
        Numbers(name="solution", title={"en": "Found by descent", "zh-TW": "梯度下降求得"}),
        Numbers(name="exact", title={"en": "Exact solution, or the best there is", "zh-TW": "精確解，或最好的近似"}),
        Number(name="condition", title={"en": "Condition number", "zh-TW": "條件數"}),
        Number(name="steps", title={"en": "Steps taken", "zh-TW": "走了幾步"}),
        Sentence(name="verdict", title={"en": "Verdict", "zh-TW": "結論"}),
    ),
    data=("two equations of the course's slides, 5x + 2y = 10 and x + 4y = 11",),
    ships_nothing={
        "en": "its weights are the answer to one system of equations; there is no model that others would run",
        "zh-TW": "它的權重就是一組方程式的答案，沒有可以給別人執行的模型",
    },
)
