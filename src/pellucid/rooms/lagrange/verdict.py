"""What came of it, in sentences of each language: what is proven, what was only found, and why there may be nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from pellucid.core.card import Words
from pellucid.rooms.lagrange.calculus import Array
from pellucid.rooms.lagrange.figures import exact_text, figure, told
from pellucid.rooms.lagrange.points import Point, furthest
from pellucid.rooms.lagrange.solve import Solution

MOST_TOLD, SHORT = 5, 5

KINDS: dict[str, Words] = {
    "maximum": {"en": "local maximum", "zh-TW": "局部最大"},
    "minimum": {"en": "local minimum", "zh-TW": "局部最小"},
    "saddle": {"en": "saddle", "zh-TW": "鞍點"},
    "flat": {"en": "undecided by second derivatives", "zh-TW": "二階導數無法判斷"},
    "alone": {"en": "no way along the constraints", "zh-TW": "沿著限制式無路可走"},
    "singular": {"en": "no multiplier", "zh-TW": "沒有乘數"},
}
COUNTED: dict[str, tuple[str, str, str]] = {
    "maximum": ("local maximum", "local maxima", "局部最大"),
    "minimum": ("local minimum", "local minima", "局部最小"),
    "saddle": ("saddle", "saddles", "鞍點"),
    "flat": ("undecided", "undecided", "無法判斷"),
    "alone": ("isolated point", "isolated points", "孤立點"),
    "singular": ("point without multiplier", "points without multiplier", "沒有乘數的點"),
}


def verdict(solution: Solution) -> Words:
    """Both languages."""
    parts = list(_nothing(solution)) or [*_asked(solution), _count(solution), *_others(solution), *_singular(solution)]
    return {"en": " ".join(each["en"] for each in parts), "zh-TW": "".join(each["zh-TW"] for each in parts)}


# where there is no list of points to give


def _nothing(solution: Solution) -> Any:
    n = solution.starts
    if solution.empty == "yes":
        many = len(solution.problem.constraints) > 1
        which = "the equations contradict each other" if many else "the equation has no real solution"
        zh = "這些式子互相矛盾" if many else "這個式子沒有實數解"
        yield {"en": f"No point fulfils the constraint: {which}. So there is nothing to compare.",
               "zh-TW": f"沒有任何點滿足限制式：{zh}，所以沒有東西可以比較。"}  # fmt: skip
    elif solution.empty == "unknown":
        yield {"en": "The search found no point on the constraint where f has a value; there may be none.",
               "zh-TW": "搜尋沒有找到既滿足限制式、f 又有值的點，可能根本沒有。"}  # fmt: skip
    elif solution.family == "singular":
        yield {"en": "The multiplier method says nothing here: at every point of the constraint that was tried the "
               "gradients ∇g are 0 or depend on each other. Write the constraint without its square, or leave out the "
               "one that says the same as another.",
               "zh-TW": "乘數法在這裡沒有用：試過的每個滿足限制式的點上，∇g 都是 0 或彼此相依。"
               "請把限制式寫成沒有平方的形式，或刪掉與其他式子意思相同的那一條。"}  # fmt: skip
    elif solution.family == "all":
        yield from _everywhere(solution)
    elif solution.family == "some":
        first = solution.points[0]
        at = _at(solution, first)
        yield {"en": f"Infinitely many stationary points, it seems: the search from {n} starts ended at ever other "
               f"ones, where second derivatives decide nothing. One of them is {at}, f = {figure(first.value)}.",
               "zh-TW": f"看來有無限多個駐點：從 {n} 個起點搜尋，每次停在不同的點，而二階導數無法判斷。"
               f"其中一個是 {at}，f = {figure(first.value)}。"}  # fmt: skip
    elif not solution.points:
        yield _no_point(solution)
        yield from _beyond(solution)


def _everywhere(solution: Solution) -> Any:
    values = solution.calculus.first(solution.feasible)[0] if len(solution.feasible) else np.zeros(0)
    level = float(values.max()) if len(values) else 0.0
    even = len(values) > 0 and float(np.ptp(values)) <= 1e-7 * (1 + abs(level))
    yield {"en": "Infinitely many stationary points, proven: on all of the constraint ∇f is a combination of the ∇g. "
           + (f"f is {figure(level)} at all {len(values)} points tried: nothing to choose." if even else
              "f is constant on each connected piece of it."),
           "zh-TW": "有無限多個駐點（已證明）：在整個限制式上，∇f 都是 ∇g 的組合。"
           + (f"試過的 {len(values)} 個點上 f 都是 {figure(level)}，沒有什麼可以選。" if even else
              "f 在限制式的每個連通部分上是常數。")}  # fmt: skip


def _no_point(solution: Solution) -> Words:
    if not solution.complete:
        return {"en": f"No stationary point was found by search from {solution.starts} starts; there may be one.",
                "zh-TW": f"從 {solution.starts} 個起點搜尋，沒有找到駐點；不保證沒有。"}  # fmt: skip
    if solution.complex:
        return {"en": f"No stationary point: ∇f = λ∇g with the constraint has only complex solutions "
                f"({solution.complex}), none of them usable.",
                "zh-TW": f"沒有駐點：∇f = λ∇g 與限制式只有複數解或無法代入的解（{solution.complex} 個）。"}  # fmt: skip
    return {"en": "No stationary point: ∇f = λ∇g and the constraint together have no solution, proven.",
            "zh-TW": "沒有駐點：∇f = λ∇g 與限制式合起來無解（已證明）。"}  # fmt: skip


# what was asked for


def _asked(solution: Solution) -> Any:
    for sign, record in _records(solution):
        yield _record(solution, sign, record)


def _records(solution: Solution) -> list[tuple[int, Point]]:
    """For each that is asked for, 1 the largest and -1 the smallest, the point that comes furthest."""
    ways = {"max": (1,), "min": (-1,), "both": (1, -1)}[solution.problem.sense]
    return [(way, furthest(solution.points, way)) for way in ways]


def _record(solution: Solution, sign: int, best: Point) -> Words:
    state = solution.highest if sign > 0 else solution.lowest
    witness = solution.above if sign > 0 else solution.below
    word, zh = ("largest", "最大") if sign > 0 else ("smallest", "最小")
    at, value = _at(solution, best), told(best.value, best.exact_value)
    multiplier = _multipliers(solution, best)
    with_en = f", with {multiplier}" if multiplier else ""
    with_zh = f"，{multiplier}" if multiplier else ""
    if state == "yes":
        return {"en": f"The {word} value is {value}, at {at}{with_en}.",
                "zh-TW": f"{zh}值是 {value}，在 {at}{with_zh}。"}  # fmt: skip
    if witness is not None:
        return _no_record(solution, sign, witness)
    more, more_zh = ("larger", "更大") if sign > 0 else ("smaller", "更小")
    doubt = "not proven" if len(solution.feasible) else "unknown"
    doubt_zh = "沒有證明" if len(solution.feasible) else "不知道"
    return {"en": f"The {word} value found is {value}, at {at}{with_en}; that f is nowhere {more} is {doubt} "
            f"({_why(solution)['en']}).",
            "zh-TW": f"找到的{zh}值是 {value}，在 {at}{with_zh}；f 在別處不會{more_zh}，"
            f"這一點{doubt_zh}（{_why(solution)['zh-TW']}）。"}  # fmt: skip


def _why(solution: Solution) -> Words:
    if solution.complete:
        return {"en": "whether the constraint is bounded is not known", "zh-TW": "限制式是否有界並不知道"}
    return {"en": "there may be points that the search missed", "zh-TW": "可能有搜尋漏掉的點"}


def _no_record(solution: Solution, sign: int, witness: Array) -> Words:
    """f goes beyond all the points at a point that surely is feasible."""
    word, zh = ("largest", "最大") if sign > 0 else ("smallest", "最小")
    there, value = _coordinates(solution, witness), figure(float(solution.calculus.first(witness)[0]))
    more, more_zh = ("higher", "更大") if sign > 0 else ("lower", "更小")
    local = [each for each in solution.points if each.kind == ("maximum" if sign > 0 else "minimum")]
    tail = zh_tail = ""
    if local:
        best = furthest(local, sign)
        kind = KINDS[best.kind]
        tail = f" The best {kind['en']} is {told(best.value, best.exact_value)}, at {_at(solution, best)}."
        zh_tail = f"最好的{kind['zh-TW']}是 {told(best.value, best.exact_value)}，在 {_at(solution, best)}。"
    if solution.complete:
        return {"en": f"f has no {word} value on the constraint: at {there} it is {value}, {more} than at every "
                f"stationary point.{tail}",
                "zh-TW": f"f 在限制式上沒有{zh}值：在 {there} 它是 {value}，"
                f"比所有駐點都{more_zh}。{zh_tail}"}  # fmt: skip
    return {"en": f"None of the points found is the {word}: at {there} f is {value}, {more} than at all of them; f "
            f"may have a kink, points that the search missed, or no {word} value.{tail}",
            "zh-TW": f"找到的點都不是{zh}：在 {there} f 是 {value}，比它們都{more_zh}。"
            f"可能 f 有轉折、搜尋漏掉了點，或根本沒有{zh}值。{zh_tail}"}  # fmt: skip


def _beyond(solution: Solution) -> Any:
    """Without stationary points."""
    if not (solution.complete and solution.above is not None):
        return
    there, value = _coordinates(solution, solution.above), figure(float(solution.calculus.first(solution.above)[0]))
    yield {"en": f"So f has neither a largest nor a smallest value on the constraint; at {there} it is {value}.",
           "zh-TW": f"所以 f 在限制式上既沒有最大值也沒有最小值；在 {there} 它是 {value}。"}  # fmt: skip


# the list


def _count(solution: Solution) -> Words:
    kinds = Counter(each.kind for each in solution.points)
    counted = [(COUNTED[kind], number) for kind, number in kinds.items()]
    en = ", ".join(f"{number} {one if number == 1 else more}" for (one, more, _), number in counted)
    zh = "、".join(f"{number} 個{name}" for (_, _, name), number in counted)
    n = len(solution.points)
    if solution.complete:
        real = ", all that there are" if n > 1 else ", the only one"
        return {"en": f"{n} point{'' if n == 1 else 's'}{real} (proven): {en}.",
                "zh-TW": f"共 {n} 個點，沒有別的了（已證明）：{zh}。"}  # fmt: skip
    return {"en": f"{n} point{'' if n == 1 else 's'}, found by search from {solution.starts} starts, so that there may "
            f"be others: {en}.",
            "zh-TW": f"從 {solution.starts} 個起點搜尋找到 {n} 個點，可能還有別的：{zh}。"}  # fmt: skip


def _others(solution: Solution) -> Any:
    told_already = [record for _, record in _records(solution)]
    every = [each for each in solution.points if each not in told_already and each.kind != "singular"]
    others, rest = every[:MOST_TOLD], len(every[MOST_TOLD:])
    if not others:
        return
    more, more_zh = (f" and {rest} more", f"，以及另外 {rest} 個") if rest > 0 else ("", "")
    en, zh = [], []
    for each in others:
        at, value = _briefly(each), figure(each.value)
        en.append(f"{at}, {KINDS[each.kind]['en']}, f = {value}")
        zh.append(f"{at} {KINDS[each.kind]['zh-TW']}，f = {value}")
    yield {"en": f"Besides: {'; '.join(en)}{more}.", "zh-TW": f"其他的點：{'；'.join(zh)}{more_zh}。"}


def _briefly(point: Point) -> str:
    """(-4, √3)"""
    parts = []
    for value, form in zip(point.at, point.forms, strict=True):
        text = exact_text(form)
        parts.append(text if text and len(text) <= SHORT else figure(float(value)))
    return f"({', '.join(parts)})"


def _singular(solution: Solution) -> Any:
    points = [each for each in solution.points if each.kind == "singular"][:MOST_TOLD]
    if points:
        at = "; ".join(_at(solution, each) for each in points)
        what = "∇g = 0" if solution.calculus.m == 1 else "the ∇g depend on each other"
        zh = "∇g = 0" if solution.calculus.m == 1 else "各個 ∇g 彼此相依"
        yield {"en": f"At {at}: {what}, so that ∇f = λ∇g need not hold at an extremum there; compare f itself.",
               "zh-TW": f"在 {at}，{zh}：那裡的極值不必滿足 ∇f = λ∇g，要直接比較 f 的值。"}  # fmt: skip


# numbers


def _at(solution: Solution, point: Point) -> str:
    """x = 4, y = √3"""
    parts = zip(solution.problem.names, point.at, point.forms, strict=True)
    return ", ".join(f"{name} = {exact_text(form) or figure(float(value))}" for name, value, form in parts)


def _coordinates(solution: Solution, at: Array) -> str:
    return ", ".join(f"{name} = {figure(float(value))}" for name, value in zip(solution.problem.names, at, strict=True))


def _multipliers(solution: Solution, point: Point) -> str:
    if point.multipliers is None:
        return ""
    exact = point.exact_multipliers or (None,) * len(point.multipliers)
    parts = zip(solution.problem.multipliers, point.multipliers, exact, strict=True)
    return ", ".join(f"{name} = {told(float(value), form)}" for name, value, form in parts)
