"""Names of what is inside, for people: captions, titles, symbols and axes, in both languages."""

from __future__ import annotations

from pellucid.core.card import Words

# in the order of the story: what was typed, the steps of the descent, then the way by the probability
STORY: dict[str, Words] = {
    "labels": {"en": "the same targets as labels: the place of the 1", "zh-TW": "同樣的目標寫成整數標籤：1 所在的位置"},
    "given_values": {
        "en": "the loss of each example, from the probabilities as given",
        "zh-TW": "由輸入的機率算出每個樣本的損失",
    },
    "given_loss": {"en": "one number for all of them", "zh-TW": "合成一個數字"},
    "given_gradient": {"en": "its slope along each probability", "zh-TW": "損失對每個機率的斜率"},
    "odds": {"en": "the odds: how many times more likely than not", "zh-TW": "勝算：發生的機率是不發生的幾倍"},
    "logits": {"en": "the logit: the logarithm of the odds", "zh-TW": "logit：勝算取對數"},
    "predictions": {"en": "the predictions, before this step", "zh-TW": "這一步之前的預測"},
    "shifted": {
        "en": "the largest logit of each row taken off: it becomes 0",
        "zh-TW": "每列減去最大的 logit，最大的變成 0",
    },
    "sum_of_exps": {
        "en": "sum of exp: between 1 and the number of classes, no overflow",
        "zh-TW": "exp 的總和：介於 1 與類別數之間，不會溢位",
    },
    "log_probabilities": {"en": "logarithms of the probabilities", "zh-TW": "機率的對數"},
    "log_rest": {"en": "logarithms of what is left to 1", "zh-TW": "1 減去機率的對數"},
    "probabilities": {"en": "as probabilities", "zh-TW": "換算成機率"},
    "means": {"en": "as means of counts: exp", "zh-TW": "取 exp，換算成平均次數"},
    "log_means": {"en": "logarithms of the predicted means", "zh-TW": "預測平均的對數"},
    "errors": {"en": "how far each prediction is from its target", "zh-TW": "每個預測與目標差多少"},
    "factor": {
        "en": "the sigmoid's own slope, p (1 - p): at most 1/4, and 0 far out",
        "zh-TW": "sigmoid 本身的斜率 p (1 - p)：最大 1/4，越遠越接近 0",
    },
    "cut": {"en": "the error's size, cut off at delta", "zh-TW": "誤差的大小，超過 delta 就截斷"},
    "lengths": {"en": "length of each prediction", "zh-TW": "每個預測向量的長度"},
    "cosine": {"en": "cosine of the angle to the target", "zh-TW": "與目標夾角的餘弦"},
    "margins": {"en": "the margin: label times score; 1 or more is enough", "zh-TW": "間隔：標籤乘分數，1 以上就夠了"},
    "one_hot": {"en": "each label as a row: 1 in its place", "zh-TW": "把標籤寫成一列：該類別為 1"},
    "picked": {"en": "the logarithm that the label picks", "zh-TW": "依標籤取出的對數"},
    "terms": {"en": "what each class adds", "zh-TW": "每個類別貢獻多少"},
    "unweighted": {"en": "before weights", "zh-TW": "加權之前"},
    "values": {"en": "the loss of each example", "zh-TW": "每個樣本的損失"},
    "loss": {"en": "one number for all of them", "zh-TW": "合成一個數字"},
    "slope": {"en": "the slope of each example's loss", "zh-TW": "每個樣本損失的斜率"},
    "gradient": {
        "en": "the gradient: what the whole loss says to each prediction",
        "zh-TW": "梯度：整個損失對每個預測的斜率",
    },
    "whole_gradient": {
        "en": "the one prediction gets the sum of them all",
        "zh-TW": "共用的那一個預測，得到全部梯度的總和",
    },
    "move": {"en": "how far to go: learning rate times gradient", "zh-TW": "要走多遠：學習率乘梯度"},
    "naive_exps": {
        "en": "the naive way: exp of each logit; large ones overflow",
        "zh-TW": "直接的做法：每個 logit 取 exp，太大就溢位",
    },
    "naive_probabilities": {"en": "the naive way: the probability first", "zh-TW": "直接的做法：先算機率"},
    "naive_log_probabilities": {
        "en": "the naive way: then its logarithm; ln 0 is -inf",
        "zh-TW": "直接的做法：再取對數；ln 0 是 -inf",
    },
    "naive_log_rest": {
        "en": "the naive way: the logarithm of what is left to 1",
        "zh-TW": "直接的做法：1 減去機率，再取對數",
    },
    "naive_values": {"en": "the naive way: what comes out", "zh-TW": "直接的做法：算出來的結果"},
}

_TITLES: dict[str, Words] = {
    "targets": {"en": "Targets y", "zh-TW": "目標 y"},
    "as_typed": {"en": "As given", "zh-TW": "輸入值"},
    "weights": {"en": "Weights", "zh-TW": "權重"},
    "labels": {"en": "Labels", "zh-TW": "整數標籤"},
    "one_hot": {"en": "One-hot", "zh-TW": "One-hot 編碼"},
    "clipped": {"en": "Within 1e-7", "zh-TW": "限制在 1e-7 之內"},
    "odds": {"en": "Odds", "zh-TW": "勝算"},
    "logits": {"en": "Logits", "zh-TW": "Logit"},
    "exps": {"en": "exp", "zh-TW": "exp"},
    "predictions": {"en": "Predictions", "zh-TW": "預測"},
    "spread": {"en": "Prediction for each", "zh-TW": "每個樣本的預測"},
    "shifted": {"en": "Shifted logits", "zh-TW": "平移後的 logit"},
    "sum_of_exps": {"en": "Sum of exp", "zh-TW": "exp 的總和"},
    "log_probabilities": {"en": "ln p", "zh-TW": "ln p"},
    "log_rest": {"en": "ln(1 - p)", "zh-TW": "ln(1 - p)"},
    "probabilities": {"en": "Probabilities", "zh-TW": "機率"},
    "right_probabilities": {"en": "Probability of the right class", "zh-TW": "正確類別的機率"},
    "means": {"en": "Means", "zh-TW": "平均"},
    "log_means": {"en": "ln of the means", "zh-TW": "平均的對數"},
    "errors": {"en": "Errors", "zh-TW": "誤差"},
    "factor": {"en": "p (1 - p)", "zh-TW": "p (1 - p)"},
    "cut": {"en": "Cut errors", "zh-TW": "截斷的誤差"},
    "lengths": {"en": "Lengths", "zh-TW": "長度"},
    "cosine": {"en": "Cosine", "zh-TW": "餘弦"},
    "angles": {"en": "Angle in degrees", "zh-TW": "夾角（度）"},
    "margins": {"en": "Margins", "zh-TW": "間隔"},
    "picked": {"en": "Picked ln p", "zh-TW": "取出的 ln p"},
    "log_ratio": {"en": "ln(y / p)", "zh-TW": "ln(y / p)"},
    "terms": {"en": "Loss by class", "zh-TW": "各類別的損失"},
    "unweighted": {"en": "Unweighted losses", "zh-TW": "未加權的損失"},
    "values": {"en": "Losses", "zh-TW": "各樣本的損失"},
    "loss": {"en": "Loss", "zh-TW": "損失"},
    "slope": {"en": "Slopes", "zh-TW": "斜率"},
    "weighted_slope": {"en": "Weighted slopes", "zh-TW": "加權的斜率"},
    "gradient": {"en": "Gradient", "zh-TW": "梯度"},
    "whole_gradient": {"en": "Sum of gradients", "zh-TW": "梯度的總和"},
    "move": {"en": "Move", "zh-TW": "移動量"},
    "later": {"en": "Predictions, some steps later", "zh-TW": "若干步之後的預測"},
    "loss_curve": {"en": "Loss by step", "zh-TW": "每一步的損失"},
    "curve_steps": {"en": "Step", "zh-TW": "步"},
}
X_TITLES: dict[str, Words] = {
    "probability": {"en": "Probability", "zh-TW": "機率"},
    "right": {"en": "Probability of the right class", "zh-TW": "正確類別的機率"},
    "logit": {"en": "Logit", "zh-TW": "logit"},
    "error": {"en": "Error: prediction minus target", "zh-TW": "誤差：預測減目標"},
    "mean": {"en": "Predicted mean", "zh-TW": "預測的平均"},
    "log_mean": {"en": "Logarithm of the predicted mean", "zh-TW": "預測平均的對數"},
    "margin": {"en": "Margin: label times score", "zh-TW": "間隔：標籤乘分數"},
    "angle": {"en": "Angle in degrees", "zh-TW": "夾角（度）"},
}
TITLES: dict[str, Words] = {
    **_TITLES,
    **{f"over_{name}": each for name, each in X_TITLES.items()},
    "over_all_logits": X_TITLES["logit"],
    **{
        f"given_{name}": {"en": f"{each['en']}, given", "zh-TW": f"輸入時的{each['zh-TW']}"}
        for name, each in _TITLES.items()
    },
    **{
        f"naive_{name}": {"en": f"Naive: {each['en']}", "zh-TW": f"直接算：{each['zh-TW']}"}
        for name, each in _TITLES.items()
    },
}

# TeX of a name in a formula
SYMBOLS = {
    "targets": "y", "as_typed": "p", "weights": "w", "clipped": "p", "odds": "o", "logits": "z", "predictions": "z",
    "probabilities": "p", "errors": "e", "values": r"\ell", "loss": r"\mathcal{L}", "slope": r"\ell'", "gradient": "g",
    "move": r"\Delta", "margins": "m", "log_probabilities": r"\ln p", "log_rest": r"\ln(1-p)", "shifted": "z - z_{max}",
    "factor": "p(1-p)",
    "cut": "c",
    "spread": "p",
    "naive_probabilities": "p", "naive_log_probabilities": r"\ln p", "naive_log_rest": r"\ln(1-p)",
    "given_values": r"\ell", "given_loss": r"\mathcal{L}", "given_gradient": "g", "means": r"\mu", "cosine": r"\cos",
}  # fmt: skip
AXIS_TITLES: dict[str, Words] = {
    "example": {"en": "example", "zh-TW": "樣本"},
    "class": {"en": "class", "zh-TW": "類別"},
    "for all": {"en": "for all examples", "zh-TW": "全部樣本"},
    "component": {"en": "component", "zh-TW": "分量"},
    "step": {"en": "step", "zh-TW": "步"},
}
SHORT: dict[str, Words] = {
    "naive_probabilities": {"en": "Naive: p", "zh-TW": "直接算：機率"},
    "naive_exps": {"en": "Naive: exp", "zh-TW": "直接算：exp"},
    "right_probabilities": {"en": "Right class", "zh-TW": "正確類別"},
}
CURVE_TITLE: Words = {"en": "The loss over the prediction", "zh-TW": "損失隨預測的變化"}
SLOPE: Words = {"en": "Slope", "zh-TW": "斜率"}
SLOPE_TITLE: Words = {"en": "Its slope: how hard it pulls", "zh-TW": "斜率：拉力有多大"}
LINK_TITLE: Words = {"en": "From logit to probability", "zh-TW": "從 logit 到機率"}
STEPS_TITLE: Words = {"en": "The loss by step", "zh-TW": "每一步的損失"}
YOURS: Words = {"en": "your examples", "zh-TW": "你的樣本"}
YOUR_ONE: Words = {"en": "your example", "zh-TW": "你的樣本"}
EACH: Words = {"en": "ex.", "zh-TW": "樣本"}
MOVED: Words = {"en": "Logits that move", "zh-TW": "移動的 logit"}
EACH_CLASS: Words = {"en": "class", "zh-TW": "類別"}
OTHER: dict[str, Words] = {
    "binary_crossentropy": {"en": "cross-entropy instead, y = 1", "zh-TW": "若改用交叉熵，y = 1"},
    "mse": {"en": "squared error of the sigmoid instead, y = 1", "zh-TW": "若改用 sigmoid 加均方誤差，y = 1"},
}
