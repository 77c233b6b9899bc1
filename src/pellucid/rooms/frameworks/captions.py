"""Names of what is inside, for people: captions, titles, symbols and axes, in both languages."""

from __future__ import annotations

from pellucid.core.card import Words

# by the name of a node without its step, in the order of the story
STORY: dict[str, Words] = {
    "model.hidden.addmm": {
        "en": "an operation: the point times the weights, plus the biases",
        "zh-TW": "一個運算：點乘上權重，再加偏差值",
    },
    "model.activated": {"en": "each sum is bent by tanh", "zh-TW": "每個總和經 tanh 彎曲"},
    "model.logit": {
        "en": "one weighted sum: the log-odds of different signs",
        "zh-TW": "一個加權總和：正負號不同的對數勝算",
    },
    "probability": {"en": "the sigmoid makes a probability of it", "zh-TW": "經 sigmoid 變成機率"},
    "against": {"en": "the logit, positive where it is wrong", "zh-TW": "錯的時候為正的 logit"},
    "loss": {"en": "how wrong that is: the end of the forward pass", "zh-TW": "錯得多嚴重：前向計算到此為止"},
    "learned": {"en": "is it right by now? Python's if decides", "zh-TW": "學會了嗎？由 Python 的 if 決定"},
    "error": {
        "en": "back: the slope along the logit, probability minus truth",
        "zh-TW": "往回走：沿 logit 的斜率，即機率減去正確答案",
    },
    "output_weight_gradient": {"en": "its slope along each output weight", "zh-TW": "損失沿每個輸出權重的斜率"},
    "activated_gradient": {"en": "what each hidden unit did to the loss", "zh-TW": "每個隱藏單元對損失的影響"},
    "sum_gradient": {"en": "back through the tanh", "zh-TW": "往回通過 tanh"},
    "hidden_weight_gradient": {"en": "the slope along each hidden weight", "zh-TW": "損失沿每個隱藏層權重的斜率"},
    "hidden_weight_change": {"en": "optimizer: learning rate times slope", "zh-TW": "優化器：學習率乘以斜率"},
    "hidden_weight": {"en": "the Variable gets its new value", "zh-TW": "Variable 得到新的值"},
    "output_weight": {"en": "and so does every other one", "zh-TW": "其他的 Variable 也一樣"},
    "loss_curve": {"en": "the loss of each step", "zh-TW": "每一步的損失"},
    "map.plane": {
        "en": "the probability all over the plane, before these steps",
        "zh-TW": "這幾步之前，整個平面上的機率",
    },
}
AXES = {
    "x": ("point", "number"),
    "y": ("point",),
    "x1": ("place",),
    "x2": ("place",),
    "model.hidden.weight": ("unit", "number"),
    "model.hidden.t": ("number", "unit"),
    "model.hidden.addmm": ("point", "unit"),
    "model.activated": ("point", "unit"),
    "model.output.weight": ("result", "unit"),
    "model.output.t": ("unit", "result"),
    "model.output.addmm": ("point", "result"),
    "model.hidden.bias": ("unit",),
    "model.output.bias": ("result",),
    "model.logit": ("point",),
    "probability": ("point",),
    "error": ("point",),
    "sign": ("point",),
    "against": ("point",),
    "against_gradient": ("point",),
    "activated_gradient": ("point", "unit"),
    "sum_gradient": ("point", "unit"),
    "hidden_weight*": ("unit", "number"),
    "hidden_bias*": ("unit",),
    "output_weight*": ("result", "unit"),
    "output_bias*": ("result",),
    "loss_curve": ("step",),
    "passes": ("step",),
    "map.plane": ("x2", "x1"),
}

TITLES: dict[str, Words] = {
    "x": {"en": "Point x", "zh-TW": "點 x"},
    "y": {"en": "Truth y", "zh-TW": "正確答案 y"},
    "x1": {"en": "x1", "zh-TW": "x1"},
    "x2": {"en": "x2", "zh-TW": "x2"},
    "model": {"en": "Model", "zh-TW": "模型"},
    "net": {"en": "Model, all over", "zh-TW": "模型，整個平面"},
    "map": {"en": "Map of the plane", "zh-TW": "平面地圖"},
    "hidden": {"en": "Hidden layer", "zh-TW": "隱藏層"},
    "output": {"en": "Output layer", "zh-TW": "輸出層"},
    "weight": {"en": "Weights", "zh-TW": "權重"},
    "bias": {"en": "Biases", "zh-TW": "偏差值"},
    "activated": {"en": "Hidden units", "zh-TW": "隱藏單元"},
    "logit": {"en": "Logit", "zh-TW": "Logit"},
    "probability": {"en": "Probability", "zh-TW": "機率"},
    "sign": {"en": "Sign that would be wrong", "zh-TW": "錯誤的符號"},
    "against": {"en": "Logit against the truth", "zh-TW": "與答案相反的 logit"},
    "against_gradient": {"en": "Gradient: against", "zh-TW": "梯度：相反的 logit"},
    "loss": {"en": "Loss", "zh-TW": "損失"},
    "learned": {"en": "Learned?", "zh-TW": "學會了嗎？"},
    "error": {"en": "Error p − y", "zh-TW": "誤差 p − y"},
    "activated_gradient": {"en": "Gradient: hidden units", "zh-TW": "梯度：隱藏單元"},
    "sum_gradient": {"en": "Gradient: before tanh", "zh-TW": "梯度：tanh 之前"},
    "hidden_weight_gradient": {"en": "Gradient: hidden weights", "zh-TW": "梯度：隱藏層權重"},
    "hidden_bias_gradient": {"en": "Gradient: hidden biases", "zh-TW": "梯度：隱藏層偏差值"},
    "output_weight_gradient": {"en": "Gradient: output weights", "zh-TW": "梯度：輸出層權重"},
    "output_bias_gradient": {"en": "Gradient: output bias", "zh-TW": "梯度：輸出層偏差值"},
    "hidden_weight_change": {"en": "Change: hidden weights", "zh-TW": "改變量：隱藏層權重"},
    "hidden_bias_change": {"en": "Change: hidden biases", "zh-TW": "改變量：隱藏層偏差值"},
    "output_weight_change": {"en": "Change: output weights", "zh-TW": "改變量：輸出層權重"},
    "output_bias_change": {"en": "Change: output bias", "zh-TW": "改變量：輸出層偏差值"},
    "hidden_weight": {"en": "New hidden weights", "zh-TW": "新的隱藏層權重"},
    "hidden_bias": {"en": "New hidden biases", "zh-TW": "新的隱藏層偏差值"},
    "output_weight": {"en": "New output weights", "zh-TW": "新的輸出層權重"},
    "output_bias": {"en": "New output bias", "zh-TW": "新的輸出層偏差值"},
    "loss_curve": {"en": "Loss", "zh-TW": "損失"},
    "passes": {"en": "Step", "zh-TW": "步"},
    "plane": {"en": "Probability on the plane", "zh-TW": "平面上的機率"},
}
SHORT: dict[str, Words] = {
    name: {"en": f"{symbol} {part}", "zh-TW": f"{symbol} {chinese}"}
    for layer, symbol in (("hidden_weight", "W"), ("hidden_bias", "b"), ("output_weight", "v"), ("output_bias", "c"))
    for name, part, chinese in (
        (f"{layer}_gradient", "gradient", "梯度"),
        (f"{layer}_change", "change", "改變量"),
        (layer, "new", "新值"),
    )
}

# TeX of a name in a formula
SYMBOLS = {
    "x": "x",
    "y": "y",
    "activated": "h",
    "logit": "z",
    "probability": "p",
    "loss": r"\mathcal{L}",
    "error": r"\partial \mathcal{L} / \partial z",
    "sign": "s",
    "against": "s z",
    "against_gradient": r"\partial \mathcal{L} / \partial (s z)",
    "hidden_weight": "W",
    "hidden_bias": "b",
    "output_weight": "v",
    "output_bias": "c",
    "hidden_weight_gradient": r"\nabla_W \mathcal{L}",
    "hidden_bias_gradient": r"\nabla_b \mathcal{L}",
    "output_weight_gradient": r"\nabla_v \mathcal{L}",
    "output_bias_gradient": r"\nabla_c \mathcal{L}",
    "hidden_weight_change": r"\Delta W",
    "hidden_bias_change": r"\Delta b",
    "output_weight_change": r"\Delta v",
    "output_bias_change": r"\Delta c",
}
AXIS_TITLES: dict[str, Words] = {
    "point": {"en": "point", "zh-TW": "點"},
    "number": {"en": "number", "zh-TW": "數"},
    "unit": {"en": "hidden unit", "zh-TW": "隱藏單元"},
    "result": {"en": "output", "zh-TW": "輸出"},
    "place": {"en": "place", "zh-TW": "位置"},
    "step": {"en": "step", "zh-TW": "步"},
    "x1": {"en": "x1", "zh-TW": "x1"},
    "x2": {"en": "x2", "zh-TW": "x2"},
}
PLANE_TITLE: Words = {"en": "Probability that the signs differ", "zh-TW": "正負號不同的機率"}
CURVE_TITLE: Words = {"en": "The loss of this point by step", "zh-TW": "這個點每一步的損失"}
POINT_LABEL: Words = {"en": "your point", "zh-TW": "你的點"}
PLAIN_STEPS: Words = {
    "en": "The steps below are plain gradient descent, whatever optimizer trained the run.",
    "zh-TW": "以下的步驟都是單純的梯度下降，與這次訓練用的優化器無關。",
}
