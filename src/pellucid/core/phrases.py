"""A phrase book: what an error says, in Traditional Chinese.

Errors are written once, in English, where they are raised; the command line shows them so. The studio in Chinese
shows the translation, which is found by the sentence's shape: `{name}` stands for what differs from time to time and
is copied, `{name~}` for a part that is a phrase itself and is looked up in turn, `{hint~}` for one that may follow.
What is common to all rooms is in `core/zh.py`, a room's own sentences are in its `zh.py`. A test takes every sentence
out of the source and looks it up.
"""

from __future__ import annotations

import re

Pairs = tuple[tuple[str, str], ...]
"""(English, Chinese), both with the same places."""

LONGEST = 2_000  # characters of a message that are looked up
DEEPEST = 4  # phrases within phrases
_PLACE = re.compile(r"\{(\w+)(~?)\}")
_HINT = r"(?:\. Did you mean .*?\?|[;:] .*?|\.)?"


class Phrases:
    """Several books, one after the other: of two phrases that fit, the first counts."""

    def __init__(self, *books: Pairs):
        self._known = [(_pattern(english), chinese) for book in books for english, chinese in book]

    def translate(self, text: str, depth: int = 0) -> str | None:
        """The sentence in Chinese; None where no phrase has its shape, or a part of it is no phrase."""
        if depth > DEEPEST or len(text) > LONGEST:
            return None
        for pattern, chinese in self._known:
            if (found := pattern.fullmatch(text)) and (whole := self._filled(chinese, found, depth)) is not None:
                return whole
        return None

    def _filled(self, chinese: str, found: re.Match[str], depth: int) -> str | None:
        whole, end = "", 0
        for place in _PLACE.finditer(chinese):
            part: str | None = found[place[1]]
            if place[2] and part:
                part = self.translate(part, depth + 1)
            if part is None:
                return None
            whole += chinese[end : place.start()] + part
            end = place.end()
        return whole + chinese[end:]


def _pattern(english: str) -> re.Pattern[str]:
    text, end = "", 0
    for place in _PLACE.finditer(english):
        inside = _HINT if place[1] == "hint" else ".*?"
        text += re.escape(english[end : place.start()]) + f"(?P<{place[1]}>{inside})"
        end = place.end()
    return re.compile(text + re.escape(english[end:]), re.DOTALL)
