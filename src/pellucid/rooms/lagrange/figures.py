"""Numbers as a sentence has them: exact where that is short, with the decimals beside it."""

from __future__ import annotations

import re
from typing import Any

MOST_LETTERS = 40


def figure(value: float) -> str:
    """Six digits at most; what is but rounding is 0."""
    return f"{value:.6g}" if abs(value) > 1e-12 else "0"


def told(value: float, exact: Any) -> str:
    """8, 1/8 (0.125), 2√3/9 + 6 (6.3849), or the number alone."""
    written = exact_text(exact)
    if not written:
        return figure(value)
    return written if written == figure(value) else f"{written} ({figure(value)})"


def exact_text(exact: Any) -> str:
    """As one writes it in a line; empty where it would be long."""
    if exact is None:
        return ""
    text = re.sub(r"\*?sqrt\((\w+)\)", r"√\1", str(exact)).replace("sqrt(", "√(").replace("**", "^").replace("*", "·")
    return text if len(text) <= MOST_LETTERS else ""
