"""How an answer comes about, in words: the intercept plus coefficient × value, written out in both languages."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pellucid.core.card import Words

MOST_TERMS = 10  # a sentence must end somewhere: the largest products are written, the rest as one sum

Floats = NDArray[np.float64]


def formula(
    target: str,
    features: Sequence[str],
    labels: Sequence[str],
    coefficients: Floats,
    intercept: float,
    x: Floats,
    score: float,
    prediction: float,
) -> Words:
    """`price = 152.3 + 8.43 × 120 (size) - 9.1 × 10 (age) = 1,073`; for two classes the log-odds, then the sigmoid."""
    products = coefficients * x
    order = sorted(range(len(x)), key=lambda i: -abs(products[i]))
    named = sorted(order[:MOST_TERMS])
    terms = [f"{signed(coefficients[i])} × {written(x[i])} ({features[i]})" for i in named]
    rest = {"en": "", "zh-TW": ""}
    if left := order[MOST_TERMS:]:
        total = signed(float(sum(products[i] for i in left)))
        rest = {"en": f" {total} ({len(left)} smaller products)", "zh-TW": f" {total}（其餘 {len(left)} 個較小的乘積）"}
    text = " ".join([written(intercept), *terms])
    if labels:
        what = f"{target} = {labels[1]}"
        end = f"1 / (1 + exp({written(-score)})) = {written(prediction)}"
        return {
            "en": f"log-odds of {what}: {text}{rest['en']} = {written(score)}; probability = {end}",
            "zh-TW": f"{what} 的對數勝算：{text}{rest['zh-TW']} = {written(score)}；機率 = {end}",
        }
    return {
        "en": f"intercept + coefficient × value: {target} = {text}{rest['en']} = {written(prediction)}",
        "zh-TW": f"截距 + 係數 × 數值：{target} = {text}{rest['zh-TW']} = {written(prediction)}",
    }


def written(value: float) -> str:
    """About five digits that count, without an exponent where one can do without."""
    if value == 0 or 1e-4 <= abs(value) < 1e9:
        places = 2 if value == 0 else max(0, 4 - math.floor(math.log10(abs(value))))
        text = f"{value:,.{places}f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "\N{MINUS SIGN}")
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


def signed(value: float) -> str:
    """The number with its sign before it and a space between, as in a sum."""
    return f"{'+' if value >= 0 else chr(0x2212)} {written(abs(value))}"
