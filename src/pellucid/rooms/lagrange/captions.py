"""Names of what is inside, for people: captions, titles, symbols and axes, in both languages."""

from __future__ import annotations

from pellucid.core.card import Words

# in the order of the story
STORY: dict[str, Words] = {
    "point": {"en": "where the walk is, on the constraint", "zh-TW": "目前的位置，在限制式上"},
    "value": {"en": "the value of f here", "zh-TW": "這裡的 f 值"},
    "constraint_value": {"en": "g here: 0 on the constraint", "zh-TW": "這裡的 g：在限制式上是 0"},
    "gradient_f": {"en": "where f rises fastest", "zh-TW": "f 上升最快的方向"},
    "gradients_g": {"en": "straight away from the constraint", "zh-TW": "垂直離開限制式的方向"},
    "normal_matrix": {"en": "normal equations: how the ∇g overlap", "zh-TW": "正規方程式：各個 ∇g 的重疊"},
    "normal_right": {"en": "normal equations: how much of ∇f each ∇g sees", "zh-TW": "正規方程式：每個 ∇g 看到多少 ∇f"},
    "multipliers": {"en": "the λ that come nearest to ∇f = λ∇g", "zh-TW": "最接近 ∇f = λ∇g 的 λ"},
    "pull": {"en": "the part of ∇f that the constraint holds back: λ∇g", "zh-TW": "被限制式擋住的部分：λ∇g"},
    "tangent": {"en": "the part of ∇f that is left: along the constraint", "zh-TW": "∇f 剩下的部分：沿著限制式"},
    "angle": {
        "en": "between ∇f and λ∇g, in degrees: 0 where they align",
        "zh-TW": "∇f 與 λ∇g 的夾角（度）：對齊時是 0",
    },
    "move": {"en": "a step along the tangent", "zh-TW": "沿切線走一步"},
    "off_the_constraint": {"en": "a straight step leaves a curve", "zh-TW": "直直走一步，就離開了曲線"},
    "miss_1": {"en": "by how much the constraint is missed now", "zh-TW": "現在離限制式差多少"},
    "way_back_1": {"en": "Newton's shortest way back", "zh-TW": "牛頓法：最短的回程"},
    "solutions": {"en": "all points that were found, the highest first", "zh-TW": "找到的所有點，最高的在前"},
    "solution_multipliers": {"en": "the multiplier of each", "zh-TW": "每個解的乘數"},
    "solution_gradient_f": {"en": "∇f at each solution", "zh-TW": "每個解的 ∇f"},
    "solution_gradients_g": {"en": "∇g at each solution", "zh-TW": "每個解的 ∇g"},
    "solution_pull": {"en": "λ∇g at each solution", "zh-TW": "每個解的 λ∇g"},
    "stationarity": {"en": "∇f - λ∇g: 0 at each solution with a multiplier", "zh-TW": "∇f - λ∇g：有乘數的解都是 0"},
    "lagrangian_hessian": {"en": "how the Lagrangian bends: H_f - λ H_g", "zh-TW": "拉格朗日函數的彎曲：H_f - λ H_g"},
    "bordered_hessian": {
        "en": "the same with the constraints' gradients as a border",
        "zh-TW": "加上限制式梯度作為邊框",
    },
    "bordered_determinant": {"en": "above 0: a maximum, below 0: a minimum", "zh-TW": "大於 0 是最大，小於 0 是最小"},
    "tangent_hessian": {"en": "how it bends along the constraint alone", "zh-TW": "只看沿著限制式的彎曲"},
    "curvatures": {"en": "all negative: a maximum; all positive: a minimum", "zh-TW": "全負是最大，全正是最小"},
    "plane": {"en": "f for all values of both variables", "zh-TW": "兩個變數取各種值時的 f"},
    "values": {"en": "f, step by step", "zh-TW": "每一步的 f"},
    "angles": {"en": "the angle, step by step", "zh-TW": "每一步的夾角"},
}

TITLES: dict[str, Words] = {
    "start": {"en": "Start", "zh-TW": "起點"},
    "point": {"en": "Point", "zh-TW": "點"},
    "point_some_steps_later": {"en": "Point, some steps later", "zh-TW": "若干步之後的點"},
    "value": {"en": "Value of f", "zh-TW": "f 的值"},
    "constraint_value": {"en": "Value of g", "zh-TW": "g 的值"},
    "gradient_f": {"en": "Gradient of f", "zh-TW": "f 的梯度"},
    "gradients_g": {"en": "Gradient of g", "zh-TW": "g 的梯度"},
    "normal_matrix": {"en": "Normal matrix", "zh-TW": "正規方程式的矩陣"},
    "normal_right": {"en": "Normal right side", "zh-TW": "正規方程式的右邊"},
    "multipliers": {"en": "Multipliers", "zh-TW": "乘數"},
    "pull": {"en": "Held back", "zh-TW": "被擋住的部分"},
    "tangent": {"en": "Tangent part", "zh-TW": "切線分量"},
    "angle": {"en": "Angle", "zh-TW": "夾角"},
    "move": {"en": "Move", "zh-TW": "移動量"},
    "off_the_constraint": {"en": "Off the constraint", "zh-TW": "離開限制式"},
    "miss_1": {"en": "Miss", "zh-TW": "差多少"},
    "gradients_g_1": {"en": "Gradient of g there", "zh-TW": "該處 g 的梯度"},
    "way_back_1": {"en": "Way back", "zh-TW": "回程"},
    "returning": {"en": "Nearly back", "zh-TW": "快回到了"},
    "miss_2": {"en": "Miss, then", "zh-TW": "之後差多少"},
    "gradients_g_2": {"en": "Gradient of g then", "zh-TW": "之後 g 的梯度"},
    "way_back_2": {"en": "Rest of the way back", "zh-TW": "剩下的回程"},
    "solved": {"en": "Solved", "zh-TW": "解出的點"},
    "solved_multipliers": {"en": "Solved multipliers", "zh-TW": "解出的乘數"},
    "solutions": {"en": "Solutions", "zh-TW": "解"},
    "solution_multipliers": {"en": "Their multipliers", "zh-TW": "解的乘數"},
    "solution_value": {"en": "f at the solutions", "zh-TW": "解的 f 值"},
    "solution_gradient_f": {"en": "∇f at the solutions", "zh-TW": "解的 ∇f"},
    "solution_gradients_g": {"en": "∇g at the solutions", "zh-TW": "解的 ∇g"},
    "solution_pull": {"en": "λ∇g at the solutions", "zh-TW": "解的 λ∇g"},
    "stationarity": {"en": "∇f - λ∇g", "zh-TW": "∇f - λ∇g"},
    "lagrangian_hessian": {"en": "Hessian of the Lagrangian", "zh-TW": "拉格朗日函數的 Hessian"},
    "bordered_hessian": {"en": "Bordered Hessian", "zh-TW": "加邊 Hessian"},
    "bordered_determinant": {"en": "Its determinant", "zh-TW": "它的行列式"},
    "tangent_basis": {"en": "Tangent directions", "zh-TW": "切線方向"},
    "tangent_hessian": {"en": "Hessian along the constraint", "zh-TW": "沿限制式的 Hessian"},
    "curvatures": {"en": "Curvatures along the constraint", "zh-TW": "沿限制式的曲率"},
    "plane": {"en": "Value of f", "zh-TW": "f 的值"},
    "family": {"en": "Some of them", "zh-TW": "其中一些"},
    "path": {"en": "Path", "zh-TW": "路徑"},
    "walk_steps": {"en": "Step", "zh-TW": "步"},
    "values": {"en": "f by step", "zh-TW": "每一步的 f"},
    "angles": {"en": "Angle by step", "zh-TW": "每一步的夾角"},
    "walk": {"en": "All points of the walk", "zh-TW": "行走的所有點"},
    "multiplier_1": {"en": "First multiplier", "zh-TW": "第一個乘數"},
    "multiplier_2": {"en": "Second multiplier", "zh-TW": "第二個乘數"},
    "multiplier_3": {"en": "Third multiplier", "zh-TW": "第三個乘數"},
}

SHORT: dict[str, Words] = {
    "gradient_f": {"en": "∇f", "zh-TW": "∇f"},
    "gradients_g": {"en": "∇g", "zh-TW": "∇g"},
    "constraint_value": {"en": "g", "zh-TW": "g"},
    "value": {"en": "f", "zh-TW": "f"},
    "pull": {"en": "λ∇g", "zh-TW": "λ∇g"},
    "solution_gradient_f": {"en": "∇f there", "zh-TW": "解的 ∇f"},
    "solution_gradients_g": {"en": "∇g there", "zh-TW": "解的 ∇g"},
    "solution_pull": {"en": "λ∇g there", "zh-TW": "解的 λ∇g"},
    "off_the_constraint": {"en": "Off it", "zh-TW": "離開"},
    "bordered_hessian": {"en": "Bordered H", "zh-TW": "加邊 H"},
    "bordered_determinant": {"en": "det", "zh-TW": "行列式"},
    "lagrangian_hessian": {"en": "H of L", "zh-TW": "L 的 H"},
    "tangent_hessian": {"en": "H along g", "zh-TW": "沿 g 的 H"},
}

# TeX of a name in a formula
SYMBOLS = {
    "start": "x_0",
    "point": "x",
    "point_some_steps_later": "x",
    "value": "f",
    "constraint_value": "g",
    "gradient_f": r"\nabla f",
    "gradients_g": r"\nabla g",
    "normal_matrix": r"\nabla g \, \nabla g^\top",
    "normal_right": r"\nabla g \, \nabla f",
    "multipliers": r"\lambda",
    "pull": r"\lambda \nabla g",
    "tangent": "d",
    "angle": r"\theta",
    "move": r"\eta d",
    "off_the_constraint": r"x + \eta d",
    "miss_1": "g",
    "miss_2": "g",
    "solved": "x^*",
    "solutions": "x^*",
    "solved_multipliers": r"\lambda",
    "solution_multipliers": r"\lambda",
    "solution_gradient_f": r"\nabla f",
    "solution_gradients_g": r"\nabla g",
    "solution_pull": r"\lambda \nabla g",
    "stationarity": r"\nabla f - \lambda \nabla g",
    "lagrangian_hessian": r"H_{\mathcal{L}}",
    "bordered_hessian": r"\bar H",
    "bordered_determinant": r"\det \bar H",
    "tangent_basis": "T",
    "tangent_hessian": r"T H_{\mathcal{L}} T^\top",
}

AXIS_TITLES: dict[str, Words] = {
    "step": {"en": "step", "zh-TW": "步"},
    "variable": {"en": "variable", "zh-TW": "變數"},
    "other variable": {"en": "variable", "zh-TW": "變數"},
    "constraint": {"en": "constraint", "zh-TW": "限制式"},
    "solution": {"en": "solution", "zh-TW": "解"},
    "direction": {"en": "direction", "zh-TW": "方向"},
    "row": {"en": "row", "zh-TW": "列"},
    "column": {"en": "column", "zh-TW": "行"},
}

PLANE_TITLE: Words = {"en": "Level curves of f, and the constraint", "zh-TW": "f 的等高線與限制式"}
VALUE_TITLE: Words = {"en": "f along the walk", "zh-TW": "沿途的 f"}
ANGLE_TITLE: Words = {"en": "The angle between ∇f and λ∇g, in degrees", "zh-TW": "∇f 與 λ∇g 的夾角（度）"}
MULTIPLIER_TITLE: Words = {"en": "The multipliers along the walk", "zh-TW": "沿途的乘數"}
PATH_LABEL: Words = {"en": "walk", "zh-TW": "行走"}
START_LABEL: Words = {"en": "start", "zh-TW": "起點"}
FAMILY_LABELS: dict[str, Words] = {
    "all": {"en": "stationary", "zh-TW": "駐點"},
    "some": {"en": "stationary", "zh-TW": "駐點"},
    "singular": {"en": "∇g fails", "zh-TW": "∇g 失效"},
}
POINT_LABELS: dict[str, Words] = {
    "maximum": {"en": "maximum", "zh-TW": "最大"},
    "minimum": {"en": "minimum", "zh-TW": "最小"},
    "saddle": {"en": "saddle", "zh-TW": "鞍點"},
    "flat": {"en": "undecided", "zh-TW": "無法判斷"},
    "alone": {"en": "isolated", "zh-TW": "孤立點"},
    "singular": {"en": "∇g fails", "zh-TW": "∇g 失效"},
}
