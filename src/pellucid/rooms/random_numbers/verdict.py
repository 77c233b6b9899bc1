"""What came of a call: the numbers' mean and spread against what was to be expected, and a sentence about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pellucid.core.card import Words
from pellucid.rooms.random_numbers.call import Call
from pellucid.rooms.random_numbers.distributions import Array, Distribution
from pellucid.rooms.random_numbers.fit import Fit, fit

FIRST = 6  # numbers that an answer shows
FAR = 3.0  # standard errors
UNLIKELY = 0.01


@dataclass(frozen=True)
class Sample:
    """Numbers that were drawn, flat and in order."""

    call: Call
    seed: int
    numbers: Array

    @property
    def distribution(self) -> Distribution:
        return self.call.distribution

    @property
    def mean(self) -> float:
        return float(self.numbers.mean())

    @property
    def std(self) -> float | None:
        """Divided by n - 1; None of a single number."""
        return float(self.numbers.std(ddof=1)) if len(self.numbers) > 1 else None

    @property
    def standard_error(self) -> float:
        """How far the mean of so many numbers typically is from the true one."""
        return float(self.distribution.std / len(self.numbers) ** 0.5)

    @property
    def mean_off(self) -> float:
        """In standard errors; 0 where there is no spread at all."""
        return (self.mean - self.distribution.mean) / self.standard_error if self.standard_error else 0.0

    @property
    def std_off(self) -> float | None:
        error = self.distribution.std_error(len(self.numbers))
        return (self.std - self.distribution.std) / error if self.std is not None and error else None

    @property
    def in_range(self) -> bool:
        low, high = self.distribution.a, self.distribution.b
        return self.distribution.kind == "normal" or bool((self.numbers >= low).all() and (self.numbers < high).all())

    @property
    def fit(self) -> Fit | None:
        return fit(self.distribution, self.numbers)


def drawn(call: Call, seed: int, most: int | None = None) -> Sample:
    """The numbers of a call, or the first `most` of them. Its own seed goes before the one given here."""
    seed = seed if call.seed is None else call.seed
    return Sample(call, seed, call.distribution.draw(seed, call.count if most is None else min(call.count, most)))


def first_numbers(sample: Sample) -> dict[str, float]:
    """By index, as one would ask an array: `[0, 1]`."""
    names = [
        "[" + ", ".join(map(str, np.unravel_index(i, sample.call.shape))) + "]" if sample.call.shape else "x"
        for i in range(min(FIRST, len(sample.numbers)))
    ]
    return dict(zip(names, map(float, sample.numbers), strict=False))


def shape_text(shape: tuple[int, ...]) -> str:
    """As NumPy writes it: (3, 4), (5,), ()."""
    return str(shape)


def verdict(sample: Sample) -> Words:
    """Both languages."""
    parts = [_drawn(sample), _moments(sample)]
    if sample.distribution.std:
        parts += [_range(sample), _fit(sample)]
    return {
        "en": " ".join(part["en"] for part in parts if part["en"]),
        "zh-TW": "".join(part["zh-TW"] for part in parts),
    }


def _drawn(sample: Sample) -> Words:
    count, told, seed = len(sample.numbers), sample.distribution.told, sample.seed
    many = "number" if count == 1 else "numbers"
    return {
        "en": f"{count:,} {many} of {told}, from seed {seed}.",
        "zh-TW": f"從 {told} 抽了 {count:,} 個數字，種子 {seed}。",
    }


def _moments(sample: Sample) -> Words:
    true = sample.distribution
    if not true.std:
        return {"en": "Only one value is possible.", "zh-TW": "只可能有一個值。"}
    if sample.std is None:
        return {"en": "One number alone says nothing about a mean.", "zh-TW": "單獨一個數字說不出平均如何。"}
    en = f"Their mean {sample.mean:.6g} is {abs(sample.mean_off):.1f} standard errors from {true.mean:.6g}"
    zh = f"平均 {sample.mean:.6g}，離 {true.mean:.6g} 有 {abs(sample.mean_off):.1f} 個標準誤"
    off = [abs(sample.mean_off)]
    if sample.std_off is not None:
        off.append(abs(sample.std_off))
        en += f", their standard deviation {sample.std:.6g} is {off[1]:.1f} from {true.std:.6g}"
        zh += f"；標準差 {sample.std:.6g}，離 {true.std:.6g} 有 {off[1]:.1f} 個"
    if max(off) <= FAR:
        return {"en": f"{en}: as it should be.", "zh-TW": f"{zh}：正常。"}
    return {
        "en": f"{en}: more than {FAR:g}, which chance alone does seldom; see whether another seed does it, too.",
        "zh-TW": f"{zh}：超過 {FAR:g} 個，只靠機運很少如此；換個種子看看是否依舊。",
    }


def _range(sample: Sample) -> Words:
    told = sample.distribution.told
    if sample.distribution.kind == "normal":
        return {"en": "", "zh-TW": ""}
    if sample.in_range:
        return {"en": f"All of them are in {told}, as promised.", "zh-TW": f"全部落在 {told} 之內，一如約定。"}
    return {"en": f"Some are outside of {told}: rounding did it.", "zh-TW": f"有些落在 {told} 之外：是捨入造成的。"}


def _fit(sample: Sample) -> Words:
    found = sample.fit
    if found is None:
        return {"en": "Too few to judge the distribution.", "zh-TW": "數量太少，無法判斷分布。"}
    name = {"D": ("Kolmogorov–Smirnov test", "Kolmogorov–Smirnov 檢定"), "χ²": ("Chi-square test", "卡方檢定")}[
        found.test
    ]
    told = f"{found.test} = {found.statistic:.3g}, p = {found.p:.2g}"
    told_zh = told.replace(", ", "，")
    share = f"{found.p:.0%}" if found.p >= 0.095 else f"{found.p:.1%}"
    if found.p >= UNLIKELY:
        return {
            "en": f"{name[0]}: {told}. Of true samples {share} fit no better: no reason for doubt.",
            "zh-TW": f"{name[1]}：{told_zh}。真正的樣本有 {share} 不會比這更吻合：沒有理由懷疑。",
        }
    return {
        "en": f"{name[0]}: {told}. Of true samples only {share} fit no better; see whether another seed does it, too.",
        "zh-TW": f"{name[1]}：{told_zh}。真正的樣本只有 {share} 不會比這更吻合；換個種子看看是否依舊。",
    }
