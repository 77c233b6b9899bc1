"""Names of what is inside, for people: captions, titles, symbols and axes, in both languages."""

from __future__ import annotations

from pellucid.core.card import Words

# in the order of the story; {feature}, {rows}, {all}, {steps} are filled in
STORY: dict[str, Words] = {
    "z_rows": {
        "en": "{feature} of {rows} training rows, less its mean, divided by its deviation",
        "zh-TW": "{rows} 筆訓練資料的 {feature}：減去平均，再除以標準差",
    },
    "line_design": {
        "en": "a column of ones, for the intercept, beside {feature}",
        "zh-TW": "一欄 1（給截距用），旁邊是 {feature}",
    },
    "predicted": {"en": "what the line says for each row", "zh-TW": "直線對每一筆資料的預測"},
    "error": {"en": "its error: prediction minus truth", "zh-TW": "誤差：預測減去實際值"},
    "line_loss": {
        "en": "one number for all errors: the loss of this line",
        "zh-TW": "把所有誤差變成一個數：這條直線的損失",
    },
    "line_gradient": {
        "en": "partial derivatives: how the loss changes with intercept and slope",
        "zh-TW": "偏導數：截距與斜率改變時，損失如何改變",
    },
    "line": {"en": "intercept and slope after one step downhill", "zh-TW": "往下坡走一步之後的截距與斜率"},
    "slope": {"en": "the slope", "zh-TW": "斜率"},
    "intercept": {"en": "the intercept", "zh-TW": "截距"},
    "fitted": {"en": "the line itself, over the range of {feature}", "zh-TW": "這條線本身，畫在 {feature} 的範圍上"},
    "loss_plane": {
        "en": "the loss of every line: its valley over intercept and slope",
        "zh-TW": "每一條直線的損失：截距與斜率上的山谷",
    },
    "gradient": {
        "en": "all features together: the loss's partial derivatives, over {all}",
        "zh-TW": "所有特徵一起：損失的偏導數，用的是{all}",
    },
    "penalised": {"en": "ridge adds its pull towards zero", "zh-TW": "脊迴歸加上往零拉的力"},
    "moved": {"en": "a step downhill, before the lasso's cut", "zh-TW": "往下坡走一步，還沒經過 Lasso 的削減"},
    "weights": {"en": "intercept and coefficients after this step", "zh-TW": "這一步之後的截距與係數"},
    "loss": {"en": "the loss at this step, before it moves", "zh-TW": "這一步移動之前的損失"},
    "losses": {"en": "the loss of the first {steps} steps", "zh-TW": "前 {steps} 步的損失"},
    "path_change": {
        "en": "one more step from each solution of the path changes (nearly) nothing: that is what a solution is",
        "zh-TW": "從路徑上的每個解再走一步，幾乎不動：這正是「解」的意思",
    },
    "distance": {
        "en": "how far the trained parameters are from the exact ones",
        "zh-TW": "訓練出來的參數離精確解最遠差多少",
    },
    "coefficients": {
        "en": "the trained coefficients, in the features' own units",
        "zh-TW": "訓練出來的係數，換回特徵原本的單位",
    },
    "own_intercept": {"en": "the intercept, for features that are not centred", "zh-TW": "特徵沒有減去平均時的截距"},
    "products": {"en": "coefficient × value, feature by feature", "zh-TW": "逐一計算：係數 × 數值"},
    "score": {"en": "their sum and the intercept: the log-odds", "zh-TW": "全部相加，再加截距：對數勝算"},
    "prediction": {"en": "the prediction for this input", "zh-TW": "對這筆輸入的預測"},
}

TITLES: dict[str, Words] = {
    "x_rows": {"en": "Rows: the first feature", "zh-TW": "資料：第一個特徵"},
    "y_rows": {"en": "Rows: the target", "zh-TW": "資料：目標"},
    "z_rows": {"en": "Standardised", "zh-TW": "標準化"},
    "line_design": {"en": "Ones and the feature", "zh-TW": "1 與特徵"},
    "predicted": {"en": "Predicted", "zh-TW": "預測值"},
    "error": {"en": "Error", "zh-TW": "誤差"},
    "line_loss": {"en": "Loss of the line", "zh-TW": "直線的損失"},
    "line_gradient": {"en": "Gradient of the line", "zh-TW": "直線的梯度"},
    "line": {"en": "Intercept and slope", "zh-TW": "截距與斜率"},
    "slope": {"en": "Slope", "zh-TW": "斜率"},
    "intercept": {"en": "Intercept", "zh-TW": "截距"},
    "fitted": {"en": "The line", "zh-TW": "直線"},
    "grid": {"en": "Grid of the feature", "zh-TW": "特徵的格點"},
    "plane_intercept": {"en": "Intercept", "zh-TW": "截距"},
    "plane_slope": {"en": "Slope", "zh-TW": "斜率"},
    "steps": {"en": "Step", "zh-TW": "步"},
    "alphas": {"en": "α", "zh-TW": "α"},
    "log_alphas": {"en": "log10 of α", "zh-TW": "log10(α)"},
    "line_start": {"en": "Where the line begins", "zh-TW": "直線的起點"},
    "weights_start": {"en": "Where it begins", "zh-TW": "起點"},
    "sum": {"en": "Sum of the products", "zh-TW": "乘積的總和"},
    "loss_plane": {"en": "Loss of every line", "zh-TW": "每條直線的損失"},
    "gram": {"en": "Gram matrix", "zh-TW": "Gram 矩陣"},
    "moment": {"en": "Features times target", "zh-TW": "特徵與目標的乘積"},
    "gradient": {"en": "Gradient", "zh-TW": "梯度"},
    "penalised": {"en": "Gradient with ridge", "zh-TW": "加上脊迴歸的梯度"},
    "moved": {"en": "Before the cut", "zh-TW": "削減之前"},
    "weights": {"en": "Intercept and coefficients", "zh-TW": "截距與係數"},
    "loss": {"en": "Loss", "zh-TW": "損失"},
    "losses": {"en": "Loss by step", "zh-TW": "每一步的損失"},
    "path": {"en": "Regularization path", "zh-TW": "正則化路徑"},
    "path_change": {"en": "Change by one more step", "zh-TW": "再走一步的變化"},
    "trained": {"en": "Trained parameters", "zh-TW": "訓練出的參數"},
    "exact": {"en": "Exact solution", "zh-TW": "精確解"},
    "distance": {"en": "Distance to the exact solution", "zh-TW": "與精確解的距離"},
    "x": {"en": "Input", "zh-TW": "輸入"},
    "coefficients": {"en": "Coefficients", "zh-TW": "係數"},
    "own_intercept": {"en": "Intercept, own units", "zh-TW": "截距（原單位）"},
    "products": {"en": "Products", "zh-TW": "乘積"},
    "score": {"en": "Log-odds", "zh-TW": "對數勝算"},
    "prediction": {"en": "Prediction", "zh-TW": "預測"},
}

SHORT: dict[str, Words] = {
    "line": {"en": "b, w", "zh-TW": "b, w"},
    "line_gradient": {"en": "Gradient", "zh-TW": "梯度"},
    "line_loss": {"en": "Loss", "zh-TW": "損失"},
    "weights": {"en": "Parameters", "zh-TW": "參數"},
    "coefficients": {"en": "Coef.", "zh-TW": "係數"},
}

# TeX of a name in a formula
SYMBOLS = {
    "z_rows": "z",
    "line_design": "A",
    "predicted": r"\hat{y}",
    "y_rows": "y",
    "error": r"\hat{y} - y",
    "line_loss": "J",
    "line_gradient": r"\nabla J",
    "line": r"\theta",
    "slope": "w",
    "intercept": "b",
    "gram": r"A^\top A / n",
    "moment": r"A^\top y / n",
    "gradient": r"\nabla J",
    "weights": r"\theta",
    "loss": "J",
    "coefficients": "w",
    "own_intercept": "b",
    "products": "w_j x_j",
    "x": "x",
    "score": "z",
    "prediction": r"\hat{y}",
}

AXIS_TITLES: dict[str, Words] = {
    "row": {"en": "training row", "zh-TW": "訓練資料"},
    "parameter": {"en": "parameter", "zh-TW": "參數"},
    "line parameter": {"en": "intercept, slope", "zh-TW": "截距、斜率"},
    "feature": {"en": "feature", "zh-TW": "特徵"},
    "grid": {"en": "grid", "zh-TW": "格點"},
    "step": {"en": "step", "zh-TW": "步"},
    "penalty": {"en": "α", "zh-TW": "α"},
    "slope": {"en": "slope", "zh-TW": "斜率"},
    "intercept": {"en": "intercept", "zh-TW": "截距"},
}
