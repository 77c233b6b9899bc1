"""Losses: what a loss says of targets and predictions, its slope, and what that slope does to them (day 1)."""

from pellucid.core.card import Card, Number, Numbers, Sentence, Text

CARD = Card(
    name="losses",
    day=1,
    title={"en": "Losses", "zh-TW": "損失函數"},
    summary={"en": "Ten ways to be wrong, and which way is better", "zh-TW": "十種衡量錯誤的方法，以及往哪裡改進"},
    input=Text(
        name="problem",
        title={"en": "Loss, targets and predictions", "zh-TW": "損失、目標與預測"},
        max_length=10_000,
        lines=5,
        examples=(
            "binary_crossentropy from logits\ny = 0 1 0 0\np = -18.6 0.51 2.94 -12.8",
            "sparse_categorical_crossentropy\ny = 1 2\np = 0.05 0.95 0 | 0.1 0.8 0.1",
            "categorical_crossentropy\ny = 0 1 0 | 0 0 1\np = 0.05 0.95 0 | 0.1 0.8 0.1",
            "binary_crossentropy from logits\ny = 1 0 0\np = -800 40 3",
            "mse from logits\ny = 1 1\np = -8 -1",
            "huber delta=1\ny = 1 2 2.5 4 100\np = 0",
            "kl_divergence\ny = 0.5 0.3 0.2\np = 0.2 0.2 0.6",
            "binary_crossentropy from logits\ny = 0 0 0 0 1\np = 0\nclass weights = 1 16",
            "poisson\ny = 2 0 5\np = 1 1.5 4",
            "cosine_similarity\ny = 1 0 | 3 4\np = 1 1 | 6 8",
            "hinge\ny = 1 -1 1\np = 2 0.5 -0.3",
        ),
    ),
    outputs=(
        Number(name="loss", title={"en": "Loss", "zh-TW": "損失"}),
        Numbers(name="values", title={"en": "Loss of each example", "zh-TW": "每個樣本的損失"}),
        Numbers(name="gradient", title={"en": "Gradient by each prediction", "zh-TW": "對每個預測的梯度"}),
        Numbers(name="after", title={"en": "Predictions after descent", "zh-TW": "梯度下降之後的預測"}),
        Sentence(name="verdict", title={"en": "Verdict", "zh-TW": "結論"}),
    ),
    data=("examples of the course's slides and of our own, a few numbers each",),
    ships_nothing={
        "en": "a loss judges predictions, it makes none; there is no model that others would run",
        "zh-TW": "損失函數只評斷預測，本身不做預測；沒有可以給別人執行的模型",
    },
)
