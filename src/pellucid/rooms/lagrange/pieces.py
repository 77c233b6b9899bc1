"""A typed problem cut into pieces: what stands between new lines, semicolons, commas and `subject to`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from pellucid.core.errors import UserError

_SAME = {0xFF01 + i: 0x21 + i for i in range(94)} | {ord("；"): ";", ord("。"): ";", ord("、"): ",", 0x3000: " "}
_UNDER = re.compile(
    r"(?<![A-Za-z0-9_])(?:subject\s+to|such\s+that|s\.\s*t\.?|st\b|where|with|under|given|and|constraints?)(?![A-Za-z0-9_(^])\s*:?"
    r"|(?:限制式|限制|條件|使得|滿足)\s*:?",
    re.I,
)
START = re.compile(r"\s*(?:start|起點)\s*=", re.I)


@dataclass(frozen=True)
class Piece:
    """A part of the text between separators."""

    text: str
    line: int
    column: int
    after_under: bool
    """Behind `subject to`: a constraint."""

    @property
    def where(self) -> str:
        return f"problem, line {self.line}"

    def wrong(self, at: int, reason: str) -> NoReturn:
        raise UserError(f"{self.where}, column {self.column + at}: {reason}")

    def cut(self, start: int, end: int | None = None) -> Piece:
        return Piece(self.text[start:end], self.line, self.column + start, self.after_under)


def pieces(text: str) -> list[Piece]:
    """Whatever is not blank between separators. A comma between brackets, or in a start, separates nothing."""
    found = []
    under = False
    for number, line in enumerate(text.translate(_SAME).splitlines(), 1):
        cuts = [(match.start(), match.end(), match.group() not in (";", ",")) for match in _separators(line)]
        begin = 0
        for start, end, word in [*cuts, (len(line), len(line), False)]:
            part = line[begin:start]
            if part.strip():
                skip = len(part) - len(part.lstrip())
                found.append(Piece(part.strip(), number, begin + skip + 1, under))
            under, begin = under or word, end
    return found


def _separators(line: str) -> list[re.Match[str]]:
    lists = [range(match.end(), (line + ";").index(";", match.end())) for match in START.finditer(line)]
    depths, depth = [], 0
    for one in line:
        depth += (one in "([") - (one in ")]")
        depths.append(depth)

    def separates(match: re.Match[str]) -> bool:
        at = match.start()
        return match.group() != "," or (depths[at] == 0 and not any(at in each for each in lists))

    found = [*_UNDER.finditer(line), *re.finditer(r"[;,]", line)]
    return sorted(filter(separates, found), key=lambda match: match.start())
