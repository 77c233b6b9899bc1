"""Linear regression: a line, then a weighted sum of several columns, learned by gradient descent (day 2)."""

from pellucid.core.card import Card, Number, Sentence, Text

CARD = Card(
    name="linear_regression",
    day=2,
    title={"en": "Linear regression", "zh-TW": "線性迴歸"},
    summary={
        "en": "A line finds its place: least squares, ridge, lasso and logistic regression",
        "zh-TW": "一條直線如何找到位置：最小平方法、脊迴歸、Lasso 與邏輯斯迴歸",
    },
    input=Text(
        name="features",
        title={"en": "One example: name = number", "zh-TW": "一筆資料：名稱 = 數值"},
        lines=4,
        examples=(
            "size = 120, rooms = 3, age = 10, door = 7",
            "size = 45\nrooms = 1\nage = 30\ndoor = 112",
            "size = 200; rooms = 6; age = 0; door = 88",
        ),
    ),
    outputs=(
        Number(name="prediction", title={"en": "Prediction", "zh-TW": "預測"}),
        Sentence(name="formula", title={"en": "How it comes about", "zh-TW": "怎麼算出來的"}),
    ),
    data=(
        "200 made-up flats (houses.csv): synthetic, written by the seeded script make_houses.py beside it; "
        "no real sale is in it; Apache-2.0, as Pellucid itself",
    ),
    ships_nothing={
        "en": "its formula is the whole product: an intercept and one coefficient for each column, which every "
        "answer writes out and any spreadsheet can compute",
        "zh-TW": "它的公式就是成品：一個截距，加上每一欄一個係數；每個回答都會把公式寫出來，任何試算表都能計算",
    },
)
