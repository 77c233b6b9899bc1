"""Losses, the homework: two exercises on logits, then a robust loss, class weights, a number, a choice."""

from __future__ import annotations

import math
from typing import Any

from pellucid.learn.homework import Case, Choice, Exercise, Function, Quantity
from pellucid.rooms.losses.homework_logits import GRADIENT, STABLE


def _values_case(rng: Any) -> Case:
    n = int(rng.integers(3, 8))
    return Case((rng.normal(size=n).tolist(), (rng.normal(size=n) * 4).tolist(), float(rng.uniform(0.5, 2.5))))


def _weights_case(rng: Any) -> Case:
    n, classes = int(rng.integers(4, 9)), int(rng.integers(2, 5))
    labels = rng.integers(0, classes, n).tolist()
    return Case((rng.uniform(0.1, 3, n).tolist(), labels, rng.uniform(0.5, 4, classes).tolist()))


HUBER = Function(
    name="huber",
    title={"en": "Square near, straight far", "zh-TW": "近處平方，遠處直線"},
    task={
        "en": "Give the mean Huber loss: $e^2 / 2$ for errors up to $\\delta$, beyond that the straight line that goes"
        " on from there with the same slope.",
        "zh-TW": "求平均 Huber 損失：誤差不超過 $\\delta$ 時是 $e^2 / 2$；超過之後，是從那裡以同樣斜率延伸的直線。",
    },
    points=2,
    hints=(
        {
            "en": "What is the slope of the square where the error is delta? Take a line with it, through that point.",
            "zh-TW": "誤差等於 delta 時，平方那一段的斜率是多少？直線就用那個斜率，通過那一點。",
        },
        {"en": "Errors have a sign; far away to the left is far away.", "zh-TW": "誤差有正負；左邊很遠也是很遠。"},
    ),
    stub='''def huber(y, p, delta):
    """Mean Huber loss.

    y: array [n], targets; p: array [n], predictions; delta: a float above 0
    -> a float
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def huber(y, p, delta):
    e = np.abs(p - y)
    near = e**2 / 2
    far = delta * (e - delta / 2)  # equal to delta² / 2 where e is delta, and of slope delta
    return np.where(e <= delta, near, far).mean()
""",
    public=(
        Case(([1.0, 2.0, 2.5, 4.0, 100.0], [2.0, 2.0, 2.0, 2.0, 2.0], 1.0)),
        Case(([0.0, 0.0], [0.5, 3.0], 2.0)),
    ),
    hidden=(
        Case(([1.5, -2.5, 0.5], [4.75, -2.25, -6.5], 1.5)),
        Case(([0.25, 0.5, 0.75, -3.5], [0.5, 0.25, 2.5, 3.5], 0.5)),
    ),
    wrong=(
        # no half
        "import numpy as np\ndef huber(y, p, delta):\n    e = np.abs(p - y)\n"
        "    return np.where(e <= delta, e**2, delta * (e - delta / 2)).mean()\n",
        # a jump: the line does not go on from where the square ends
        "import numpy as np\ndef huber(y, p, delta):\n    e = np.abs(p - y)\n"
        "    return np.where(e <= delta, e**2 / 2, delta * e).mean()\n",
        # delta for 1
        "import numpy as np\ndef huber(y, p, delta):\n    e = np.abs(p - y)\n"
        "    return np.where(e <= 1, e**2 / 2, e - 0.5).mean()\n",
        # negative errors are always near
        "import numpy as np\ndef huber(y, p, delta):\n    e = p - y\n"
        "    return np.where(e <= delta, e**2 / 2, delta * (e - delta / 2)).mean()\n",
        # smooth L1: divided by delta
        "import numpy as np\ndef huber(y, p, delta):\n    e = np.abs(p - y)\n"
        "    return np.where(e <= delta, e**2 / (2 * delta), e - delta / 2).mean()\n",
    ),
    fresh=_values_case,
)

WEIGHTED = Function(
    name="weighted_mean",
    title={"en": "Class weights, as torch has them", "zh-TW": "類別權重，照 torch 的算法"},
    task={
        "en": "Each example has a loss, and its class a weight. Give the mean as `torch.nn.functional.cross_entropy`"
        " takes it: divided by what the weights of all examples add up to.",
        "zh-TW": "每個樣本有一個損失，它的類別有一個權重。請照 `torch.nn.functional.cross_entropy` 的方式取平均："
        "除以所有樣本的權重總和。",
    },
    points=2,
    hints=(
        {
            "en": "Give each example the weight of its class first: an array can be indexed by whole numbers.",
            "zh-TW": "先讓每個樣本取得自己類別的權重：陣列可以用整數陣列當索引。",
        },
        {
            "en": "The classes' weights are not the examples' weights: a class may come often, or never.",
            "zh-TW": "類別的權重不等於樣本的權重：有的類別常出現，有的一次也沒有。",
        },
    ),
    stub='''def weighted_mean(values, labels, class_weights):
    """Mean of losses, weighted by class.

    values: array [n], the loss of each example; labels: array [n], its class (floats that are whole numbers);
    class_weights: array [classes]
    -> a float
    """
    raise NotImplementedError
''',
    solution="""def weighted_mean(values, labels, class_weights):
    w = class_weights[labels.astype(int)]  # [n]: of each example, by its class
    return (w * values).sum() / w.sum()
""",
    public=(
        Case(([0.5, 1.0, 2.0], [0.0, 1.0, 1.0], [1.0, 3.0])),
        Case(([1.0, 1.0], [0.0, 2.0], [1.0, 5.0, 0.5])),
    ),
    hidden=(
        Case(([0.25, 1.5, 0.75, 2.5], [0.0, 0.0, 1.0, 0.0], [0.5, 4.5])),
        Case(([1.25, 0.5, 0.75], [2.0, 1.0, 2.0], [7.5, 0.25, 1.5])),
    ),
    wrong=(
        # Keras' way: by the number of examples
        "def weighted_mean(values, labels, class_weights):\n"
        "    return (class_weights[labels.astype(int)] * values).mean()\n",
        # by the classes' weights
        "def weighted_mean(values, labels, class_weights):\n    w = class_weights[labels.astype(int)]\n"
        "    return (w * values).sum() / class_weights.sum()\n",
        # no weights
        "def weighted_mean(values, labels, class_weights):\n    return values.mean()\n",
        # divides by the weights instead
        "def weighted_mean(values, labels, class_weights):\n    w = 1 / class_weights[labels.astype(int)]\n"
        "    return (w * values).sum() / w.sum()\n",
    ),
    fresh=_weights_case,
)

SURE = Quantity(
    name="sure_and_wrong",
    title={"en": "The price of being sure", "zh-TW": "太有把握的代價"},
    task={
        "en": "A network gives an example of class 0 the odds 19 to 1 for class 1. What is its binary cross-entropy?",
        "zh-TW": "某個樣本屬於類別 0，網路卻給類別 1 勝算 19 比 1。它的二元交叉熵是多少？",
    },
    points=1,
    hints=(
        {
            "en": "From odds to probability: of 20 such cases, how many does it expect to be of class 0?",
            "zh-TW": "從勝算換算成機率：20 個這樣的樣本裡，它認為有幾個屬於類別 0？",
        },
    ),
    answer=math.log(20),
    reasoning={
        "en": "Odds of 19 to 1 are a probability of 0.95 for class 1, so 0.05 for class 0, which is right."
        " $-\\ln 0.05 = \\ln 20$ = 2.996.",
        "zh-TW": "勝算 19 比 1，就是類別 1 的機率 0.95，正確的類別 0 只有 0.05。$-\\ln 0.05 = \\ln 20$ = 2.996。",
    },
    rtol=0.005,
    wrong=(math.log(19), -math.log(0.95), 0.95, 19.0, math.log10(20)),
)

CHOOSING = Choice(
    name="typing_errors",
    title={"en": "Some prices have three zeros too many", "zh-TW": "有些價格多打了三個零"},
    task={
        "en": "You predict house prices. One price in a hundred was typed with three zeros too many, and you do not"
        " know which. With which loss do the others suffer least, while small errors still count little?",
        "zh-TW": "你要預測房價。每一百筆價格中，有一筆多打了三個零，而且不知道是哪一筆。"
        "用哪一種損失，其他樣本受害最少，同時小誤差仍然算得很輕？",
    },
    points=1,
    hints=(
        {
            "en": "How hard does an example with a huge error pull, in each of these losses? Look at the slope.",
            "zh-TW": "在這幾種損失裡，誤差極大的樣本拉力有多大？看看斜率。",
        },
    ),
    options=(
        {"en": "Mean squared error", "zh-TW": "均方誤差"},
        {"en": "Huber", "zh-TW": "Huber 損失"},
        {"en": "Cross-entropy", "zh-TW": "交叉熵"},
        {"en": "Cosine similarity", "zh-TW": "餘弦相似度"},
    ),
    answer=1,
    why=(
        {
            "en": "Its slope grows with the error: the wrong prices pull a thousand times harder than the others.",
            "zh-TW": "它的斜率隨誤差增加：打錯的價格拉力是其他樣本的上千倍。",
        },
        {
            "en": "Right. Far away its slope is delta and no more; near the target it is a square.",
            "zh-TW": "對。離得很遠時，斜率最多就是 delta；靠近目標時，它是平方。",
        },
        {
            "en": "A price is no class, and no probability.",
            "zh-TW": "價格不是類別，也不是機率。",
        },
        {
            "en": "It compares directions: twice every price would cost nothing.",
            "zh-TW": "它只比較方向：把所有價格都乘以二，損失完全不變。",
        },
    ),
)

EXERCISES: tuple[Exercise, ...] = (STABLE, GRADIENT, HUBER, WEIGHTED, SURE, CHOOSING)
