"""The Lagrangian and its stationarity, written out: as a person types formulas, and as TeX."""

from __future__ import annotations

import re
from typing import Any

from pellucid.core.card import Words
from pellucid.rooms.lagrange.solve import Solution

LONG = 120  # characters of a formula that is shown in a line


def notes(solution: Solution) -> list[Words]:
    """What is to be solved, in lines."""
    problem, calculus = solution.problem, solution.calculus
    lagrangian = plain(problem.objective.sympy) + "".join(
        f" - {name} ({plain(each.sympy)})" for name, each in zip(problem.multipliers, problem.constraints, strict=True)
    )
    equations = [f"{left} = {right}" for left, right in _system(solution)]
    equations += [each.text for each in problem.constraints]
    gradients = [f"∇f = ({', '.join(map(_short, calculus.gradients[0]))})"]
    for i, row in enumerate(calculus.gradients[1:], 1):
        number = "" if calculus.m == 1 else str(i)
        gradients.append(f"∇g{number} = ({', '.join(map(_short, row))})")
    lines = [
        ("Gradients: ", "梯度：", ", ".join(gradients)),
        ("Lagrangian: ", "拉格朗日函數：", f"L = {lagrangian}"),
        ("Stationary where: ", "駐點的條件：", "; ".join(equations)),
    ]
    return [{"en": en + text, "zh-TW": zh + text} for en, zh, text in lines if len(text) <= 4 * LONG]


def tex(solution: Solution) -> dict[str, Any]:
    """The same as TeX."""
    import sympy

    problem, calculus = solution.problem, solution.calculus
    names = [_lambda(each) for each in problem.multipliers]
    one = len(names) == 1

    def written(expression: Any) -> str:
        return str(sympy.latex(expression, ln_notation=True))

    taken = "".join(
        rf" - {name} \left({written(g.sympy)}\right)" for name, g in zip(names, problem.constraints, strict=True)
    )
    system = []
    for i, left in enumerate(calculus.gradients[0]):
        right = " + ".join(
            rf"{name} \left({written(row[i])}\right)" for name, row in zip(names, calculus.gradients[1:], strict=True)
        )
        system.append(f"{written(left)} = {right}")
    system += [f"{written(g.sympy)} = 0" for g in problem.constraints]
    return {
        "lagrangian": rf"\mathcal{{L}} = {written(problem.objective.sympy)}{taken}",
        "gradient_f": [written(each) for each in calculus.gradients[0]],
        "gradients_g": [[written(each) for each in row] for row in calculus.gradients[1:]],
        "stationarity": system,
        "multipliers": [r"\lambda"] if one else names,
    }


def _lambda(name: str) -> str:
    return r"\lambda" + (f"_{{{name[1:]}}}" if name[1:] else "")


def _system(solution: Solution) -> list[tuple[str, str]]:
    """Each variable's derivative of f, and what the multipliers make of the constraints' derivatives."""
    found = []
    for i, left in enumerate(solution.calculus.gradients[0]):
        terms = []
        for name, row in zip(solution.problem.multipliers, solution.calculus.gradients[1:], strict=True):
            if row[i] != 0:
                text = _short(row[i])
                terms.append(name if text == "1" else f"{name}·{text}" if text.isalnum() else f"{name} ({text})")
        found.append((_short(left), " + ".join(terms) or "0"))
    return found


def _short(expression: Any) -> str:
    text = plain(expression)
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"


def plain(expression: Any) -> str:
    """SymPy's expression in a line: 2x + y², not 2*x + y**2."""
    text = str(expression).replace("**", "^")
    text = re.sub(r"\^2(?![\d.])", "²", text)
    text = re.sub(r"\^3(?![\d.])", "³", text)
    text = re.sub(r"(?<![\w.])(\d+)\*(?=[A-Za-z(])", r"\1", text)
    return text.replace("*", "·")
