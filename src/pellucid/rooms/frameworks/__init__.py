"""Frameworks: one small model written in PyTorch and in Keras, and the graph that its operations make (day 1)."""

from pellucid.core.card import Card, Label, Probability, Text, Words

LABELS = ("same", "different")
CALLED: tuple[Words, ...] = ({"en": "same", "zh-TW": "相同"}, {"en": "different", "zh-TW": "不同"})

CARD = Card(
    name="frameworks",
    day=1,
    title={"en": "Frameworks", "zh-TW": "深度學習框架"},
    summary={"en": "One model, two frameworks, the graph inside", "zh-TW": "一個模型、兩種框架，以及裡面的計算圖"},
    input=Text(
        name="point",
        title={"en": "Two numbers", "zh-TW": "兩個數"},
        max_length=200,
        examples=("0.5, -1", "-0.1, 0.1", "0.01, 0.01", "1, 1.5", "x1 = -1, x2 = -0.5"),
    ),
    outputs=(
        Label(name="label", title={"en": "Their signs", "zh-TW": "兩數的正負號"}, labels=LABELS, called=CALLED),
        Probability(name="probability", title={"en": "Probability that they differ", "zh-TW": "正負號不同的機率"}),
    ),
    data=("points drawn from a seed; no data",),
    ships_nothing={
        "en": "whether two signs differ is said exactly by the sign of their product; the model is here to be read",
        "zh-TW": "兩數正負號是否不同，看乘積的正負號就知道，而且完全準確；這個模型是用來讀懂的",
    },
)
