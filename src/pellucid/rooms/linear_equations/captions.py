"""Names of what is inside, for people: captions, titles, symbols and axes, in both languages."""

from __future__ import annotations

from pellucid.core.card import Words

# of the descent's steps, in the order of the story
STORY: dict[str, Words] = {
    "left_sides": {"en": "put the unknowns into the equations: A x", "zh-TW": "把未知數代入方程式：A x"},
    "errors": {"en": "how far each left side is from its right side", "zh-TW": "每條方程式左邊與右邊差多少"},
    "squared_errors": {
        "en": "squared: no sign, and large errors count more",
        "zh-TW": "平方：沒有正負號，大的誤差更受重視",
    },
    "loss": {"en": "their mean: one number for how wrong it is", "zh-TW": "取平均：用一個數字表示錯得多嚴重"},
    "blame": {
        "en": "each unknown's part: errors, weighted by its coefficients",
        "zh-TW": "每個未知數的責任：以係數加權的誤差",
    },
    "gradient": {"en": "the slope of the loss along each unknown", "zh-TW": "損失沿每個未知數的斜率"},
    "velocity": {"en": "the gradient, and what is left of earlier ones", "zh-TW": "梯度，加上先前梯度的餘勢"},
    "move": {"en": "how far to go: learning rate times slope", "zh-TW": "要走多遠：學習率乘以斜率"},
    "unknowns": {"en": "one step downhill", "zh-TW": "往下走一步"},
}

# before the first step and after the last
AROUND: dict[str, Words] = {
    "across": {"en": "the coefficients, a row for each unknown", "zh-TW": "係數轉置：每個未知數一列"},
    "curvature": {"en": "how fast the slope changes: 2/n AᵀA", "zh-TW": "斜率變化的快慢：2/n AᵀA"},
    "errors_at_end": {"en": "what is still wrong after the last step", "zh-TW": "最後一步之後還差多少"},
    "loss_at_end": {"en": "the loss that is left", "zh-TW": "最後還剩多少損失"},
    "residual": {"en": "the length of the last errors", "zh-TW": "最後誤差的長度"},
    "distance": {"en": "from where descent ended to the exact solution", "zh-TW": "終點與精確解的差"},
    "loss_curve": {"en": "the loss, step by step", "zh-TW": "每一步的損失"},
    "plane": {"en": "the loss for all values of both unknowns", "zh-TW": "兩個未知數取各種值時的損失"},
}

TITLES: dict[str, Words] = {
    "coefficients": {"en": "Coefficients A", "zh-TW": "係數 A"},
    "right_sides": {"en": "Right sides b", "zh-TW": "右邊 b"},
    "start": {"en": "Start", "zh-TW": "起點"},
    "exact": {"en": "Exact solution", "zh-TW": "精確解"},
    "across": {"en": "A transposed", "zh-TW": "A 的轉置"},
    "curvature": {"en": "Curvature", "zh-TW": "曲率"},
    "left_sides": {"en": "Left sides", "zh-TW": "左邊"},
    "errors": {"en": "Errors", "zh-TW": "誤差"},
    "squared_errors": {"en": "Squared errors", "zh-TW": "誤差平方"},
    "loss": {"en": "Loss", "zh-TW": "損失"},
    "blame": {"en": "Errors by unknown", "zh-TW": "各未知數的誤差"},
    "gradient": {"en": "Gradient", "zh-TW": "梯度"},
    "kept_velocity": {"en": "Kept velocity", "zh-TW": "保留的速度"},
    "velocity": {"en": "Velocity", "zh-TW": "速度"},
    "move": {"en": "Move", "zh-TW": "移動量"},
    "unknowns": {"en": "Unknowns", "zh-TW": "未知數"},
    "unknowns_before": {"en": "Unknowns, some steps later", "zh-TW": "若干步之後的未知數"},
    "velocity_before": {"en": "Velocity, some steps later", "zh-TW": "若干步之後的速度"},
    "left_sides_at_end": {"en": "Left sides at the end", "zh-TW": "終點的左邊"},
    "errors_at_end": {"en": "Errors at the end", "zh-TW": "終點的誤差"},
    "loss_at_end": {"en": "Loss at the end", "zh-TW": "終點的損失"},
    "residual": {"en": "Residual", "zh-TW": "殘差"},
    "distance": {"en": "Distance to the solution", "zh-TW": "與解的距離"},
    "loss_curve": {"en": "Loss by step", "zh-TW": "每一步的損失"},
    "curve_steps": {"en": "Steps taken", "zh-TW": "走了幾步"},
    "plane": {"en": "Loss", "zh-TW": "損失"},
}
SHORT: dict[str, Words] = {
    "blame": {"en": "Aᵀe", "zh-TW": "Aᵀe"},
    "squared_errors": {"en": "Squares", "zh-TW": "平方"},
    "left_sides": {"en": "A x", "zh-TW": "A x"},
}

# TeX of a name in a formula
SYMBOLS = {
    "coefficients": "A",
    "right_sides": "b",
    "across": r"A^\top",
    "curvature": "H",
    "left_sides": "A x",
    "errors": "e",
    "squared_errors": "e^2",
    "loss": r"\mathcal{L}",
    "blame": r"A^\top e",
    "gradient": "g",
    "kept_velocity": r"\beta v",
    "velocity": "v",
    "move": r"\Delta x",
    "unknowns": "x",
    "unknowns_before": "x",
    "velocity_before": "v",
    "start": "x_0",
    "exact": "x^*",
}
AXIS_TITLES: dict[str, Words] = {
    "equation": {"en": "equation", "zh-TW": "方程式"},
    "unknown": {"en": "unknown", "zh-TW": "未知數"},
    "other unknown": {"en": "unknown", "zh-TW": "未知數"},
    "step": {"en": "step", "zh-TW": "步"},
}
PLANE_TITLE: Words = {"en": "The loss over both unknowns", "zh-TW": "損失隨兩個未知數的變化"}
CURVE_TITLE: Words = {"en": "The loss by steps taken", "zh-TW": "走了幾步，損失剩多少"}
PATH_LABEL: Words = {"en": "descent", "zh-TW": "梯度下降"}
START_LABEL: Words = {"en": "start", "zh-TW": "起點"}
EXACT_LABEL: Words = {"en": "exact solution", "zh-TW": "精確解"}
BEST_LABEL: Words = {"en": "best answer", "zh-TW": "最好的答案"}
