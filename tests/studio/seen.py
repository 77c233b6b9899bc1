"""What the Look view of a page shows, read back and held against the trace that it was made from."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

BOLD = r"""() => {
  const box = document.querySelector('.explained');
  const formulas = [...box?.querySelectorAll('annotation') ?? []].map((each) => each.textContent);
  const found = formulas.map((tex) => /\\mathbf\{(.*)\}$/s.exec(tex)?.[1]).find(Boolean);
  return found ?? box?.querySelector('b.num')?.textContent ?? null;
}"""


def recorded(trace, name: str, cell: str, *, gradient: bool = False) -> tuple[str, float]:
    """The place in the trace that `cell` of the picture of `name` is, as the page writes it, and the number there."""
    index = [int(at) for at in cell.split(",") if at]
    node = trace.steps(name)[index.pop(0)] if name not in trace and name in map(plain, trace._by_name) else None
    value = trace.value(node.name if node else name)
    inside = [0] * (len(value.shape) - len(index)) + index
    numbers = trace.gradient(value) if gradient else trace.array(value)
    where = f"[{', '.join(map(str, inside))}]" if inside else ""
    return (node.name if node else name) + where, float(numbers[tuple(inside)])


def plain(name: str) -> str:
    return re.sub(r"\[\d+\]", "", name)


def number(text: str) -> tuple[float, float]:
    """A number as pages and formulas write it, and half a unit of its last digit."""
    text = text.replace("−", "-").replace(r"\infty", "inf").replace(r"\text{NaN}", "nan")
    text = re.sub(r"\\cdot 10\^\{(-?\d+)\}", r"e\1", text)
    digits, _, power = text.partition("e")
    return float(text), 0.5 * 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))


def agrees(text: str, value: float) -> bool:
    """Is this the number, as exactly as it is written?"""
    shown, half = number(text)
    return bool(np.isclose(shown, value, rtol=2e-6, atol=half * 1.02, equal_nan=True))


def visit(page, url: str) -> None:
    """As Back and Forward do: another address, without loading the page anew."""
    page.evaluate("url => { history.pushState(null, '', url); dispatchEvent(new PopStateEvent('popstate')); }", url)


def at_node(page, name: str) -> None:
    """Until the picture is that node's."""
    page.wait_for_function("name => document.querySelector('.stage .code-name code')?.textContent === name", arg=name)


def at_place(page, place: str) -> str:
    """Until the arithmetic is of that place; the number in bold."""
    page.wait_for_function(
        "place => document.querySelector('.explained header code')?.textContent === place", arg=place
    )
    page.wait_for_function(f"({BOLD})() !== null")
    return page.evaluate(BOLD)


def shows(page, trace, name: str, cell: str, *, gradient: bool = False) -> None:
    """The page shows the arithmetic of that cell, and in bold the number that was recorded there."""
    place, value = recorded(trace, name, cell, gradient=gradient)
    at_node(page, name)
    bold = at_place(page, place)
    assert agrees(bold, value), f"{place}: {bold}, recorded {value}"


def serious(page, rules: tuple[str, ...] = ("wcag2a", "wcag2aa", "wcag21aa", "best-practice")) -> list[str]:
    """What axe-core finds that is serious; rules by their tags or names."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({ runOnly: rules })", list(rules))["violations"]
    return [
        f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found if rule["impact"] in ("serious", "critical")
    ]
