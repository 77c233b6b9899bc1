"""The part of a document that answers a query best: the window that holds most of the query's weight."""

from __future__ import annotations

import re
from collections.abc import Mapping

LENGTH = 160  # letters of a window
BEFORE = 40  # of them at most before the first word that was found


def excerpt(text: str, rarity: Mapping[str, float], cut: str = "unicode") -> str:
    """At most about LENGTH letters of a document, on one line, with … where more comes before or after.

    rarity: the query's words and how much each counts. cut: how the text is cut into words (core/corpus).
    Where none of the words occurs, its beginning.
    """
    line = " ".join(text.split())
    if len(line) <= LENGTH:
        return line
    hit = _hit(line, {word.lower(): weight for word, weight in rarity.items()}, cut)
    start = 0 if hit is None else _start(line, hit)
    end = _back_to_space(line, start + LENGTH) if start + LENGTH < len(line) else len(line)
    return ("… " if start else "") + line[start:end].strip() + (" …" if end < len(line) else "")


def _hit(line: str, rarity: Mapping[str, float], cut: str) -> int | None:
    """Where the first word of the best window begins; None where no word occurs."""
    if not rarity:
        return None
    either = "|".join(sorted(rarity, key=lambda word: (-len(word), word)))  # letters only: nothing to escape
    whole = f"(?<![^\\W_])(?:{either})(?![^\\W_])" if cut == "unicode" else either
    found = [(match.start(), match.group().lower()) for match in re.finditer(whole, line, re.IGNORECASE)]
    best, best_weight = None, 0.0
    for i, (start, _) in enumerate(found):
        inside = {word for place, word in found[i:] if place < start + LENGTH - BEFORE}
        weight = sum(rarity.get(word, 0.0) for word in inside)
        if weight > best_weight + 1e-9:
            best, best_weight = start, weight
    return best


def _start(line: str, hit: int) -> int:
    """The window's first letter: a word's, a little before the hit, and no further than leaves the window full."""
    start = max(0, min(hit - BEFORE, len(line) - LENGTH))
    if start == 0:
        return 0
    space = line.find(" ", start, hit)
    return space + 1 if space >= 0 else start


def _back_to_space(line: str, end: int) -> int:
    space = line.rfind(" ", end - 30, end)
    return space if space >= 0 else end
