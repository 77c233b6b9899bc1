"""Names of what is inside a descent, for people: captions, titles, symbols and axes, in both languages."""

from __future__ import annotations

from pellucid.core.card import Words

# what a caption says of a named node
STORY: dict[str, Words] = {
    "gradient": {"en": "the slope here: the direction of steepest ascent", "zh-TW": "此處的斜率：上升最快的方向"},
    "velocity": {"en": "the velocity: old velocity, a little slower, plus the gradient",
                 "zh-TW": "速度：舊速度打個折扣，再加上梯度"},
    "sum_of_squares": {"en": "all squared gradients so far, added up", "zh-TW": "到目前為止所有梯度平方的總和"},
    "mean_square": {"en": "a running mean of the squared gradients", "zh-TW": "梯度平方的移動平均"},
    "first_moment": {"en": "first moment: a running mean of the gradients", "zh-TW": "一階動差：梯度的移動平均"},
    "second_moment": {"en": "second moment: a running mean of their squares", "zh-TW": "二階動差：梯度平方的移動平均"},
    "first_corrected": {"en": "corrected for its start from zero", "zh-TW": "修正從零開始的偏差"},
    "second_corrected": {"en": "corrected for its start from zero", "zh-TW": "修正從零開始的偏差"},
    "shrunk": {"en": "weight decay: the point moves a little toward 0", "zh-TW": "權重衰減：點先往 0 縮一點"},
    "update": {"en": "the update: how far to go, in each coordinate", "zh-TW": "更新量：每個座標要走多遠"},
    "point": {"en": "the point; the next one is this one minus the update", "zh-TW": "目前的點；減去更新量就是下一點"},
    "path": {"en": "all points of the descent in order", "zh-TW": "下降過程的所有點，依序排列"},
    "losses": {"en": "the value of f at each of them", "zh-TW": "每一點的函數值"},
    "heights": {"en": "f on a grid: the surface that is drawn", "zh-TW": "格點上的 f：畫出來的曲面"},
}  # fmt: skip

TITLES: dict[str, Words] = {
    "start": {"en": "Start", "zh-TW": "起點"},
    "gradient": {"en": "Gradient", "zh-TW": "梯度"},
    "velocity": {"en": "Velocity", "zh-TW": "速度"},
    "sum_of_squares": {"en": "Sum of squares", "zh-TW": "平方和"},
    "mean_square": {"en": "Mean square", "zh-TW": "平方平均"},
    "first_moment": {"en": "First moment", "zh-TW": "一階動差"},
    "second_moment": {"en": "Second moment", "zh-TW": "二階動差"},
    "first_corrected": {"en": "First, corrected", "zh-TW": "修正後一階動差"},
    "second_corrected": {"en": "Second, corrected", "zh-TW": "修正後二階動差"},
    "shrunk": {"en": "After decay", "zh-TW": "衰減後"},
    "update": {"en": "Update", "zh-TW": "更新量"},
    "point": {"en": "Point", "zh-TW": "點"},
    "path": {"en": "Path", "zh-TW": "路徑"},
    "losses": {"en": "Value of f", "zh-TW": "函數值"},
    "heights": {"en": "Surface", "zh-TW": "曲面"},
    "grid_x": {"en": "x", "zh-TW": "x"},
    "grid_y": {"en": "y", "zh-TW": "y"},
    "steps": {"en": "Step", "zh-TW": "步"},
}

SHORT: dict[str, Words] = {
    "first_corrected": {"en": "m, corr.", "zh-TW": "m 修正"},
    "second_corrected": {"en": "v, corr.", "zh-TW": "v 修正"},
}

SYMBOLS = {
    "start": "x_0",
    "gradient": r"\nabla f",
    "velocity": "v",
    "sum_of_squares": "s",
    "mean_square": "s",
    "first_moment": "m",
    "second_moment": "v",
    "first_corrected": r"\hat m",
    "second_corrected": r"\hat v",
    "update": r"\Delta x",
    "point": "x",
    "heights": "f",
    "losses": "f",
}

AXIS_TITLES: dict[str, Words] = {
    "step": {"en": "step", "zh-TW": "步"},
    "coordinate": {"en": "coordinate", "zh-TW": "座標"},
    "x": {"en": "x", "zh-TW": "x"},
    "y": {"en": "y", "zh-TW": "y"},
}

OPTIMIZER_TITLES: dict[str, Words] = {
    "gd": {"en": "Gradient descent", "zh-TW": "梯度下降"},
    "momentum": {"en": "Momentum", "zh-TW": "動量法"},
    "nesterov": {"en": "Nesterov", "zh-TW": "Nesterov 動量"},
    "adagrad": {"en": "AdaGrad", "zh-TW": "AdaGrad"},
    "rmsprop": {"en": "RMSProp", "zh-TW": "RMSProp"},
    "adam": {"en": "Adam", "zh-TW": "Adam"},
    "adamw": {"en": "AdamW", "zh-TW": "AdamW"},
}
