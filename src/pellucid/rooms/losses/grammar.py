"""What a person types, cut into parts: nothing is ever evaluated.

text = part {("\n" | ";") part}                  a bracket holds its lines together; what follows # is a remark
part = name "=" rows | [name "="] loss {option}  a part of numbers alone is a further row of the one before
rows = row {("|" | ";" | newline) row}           or in brackets: [[0, 1, 0], [0, 0, 1]]
row  = number {("," | " ") number}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from unicodedata import normalize

from pellucid.core.errors import UserError

LARGEST = 1e9
MOST_NUMBERS = 200

_SAME: dict[int, str | int] = {0xFF01 + i: 0x21 + i for i in range(94)}
_SAME |= dict.fromkeys(map(ord, "\u2212\u2013\u2010\u2011"), "-") | {ord("、"): ",", 0x3000: " "}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:/[0-9]+)?(?![\w.])")
_WRAPPED = re.compile(r"(?:\b(?:np|numpy|torch|tf|jnp)\.)?\b(?:array|tensor|constant|Tensor)\s*(?=\()")
_ONLY_NUMBERS = re.compile(r"[\s\d.,|\[\]()+\-/eE]*[\d\])][\s\d.,|\[\]()+\-/eE]*")


@dataclass
class Part:
    """`name = text`, and where the text begins. A part without a name is the line of the loss."""

    name: str
    text: str
    line: int
    column: int
    rows: list[tuple[str, int, int]] = field(default_factory=list)
    """Further rows that came as parts of their own."""
    typed: str = ""
    """The name as it was written."""

    def wrong(self, message: str, at: int = 0) -> NoReturn:
        wrong(message, *self.place(at))

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a character of the text, which may go over several lines."""
        before = self.text[:at].rpartition("\n")
        breaks = self.text[:at].count("\n")
        return self.line + breaks, (at - len(before[0]) if breaks else self.column + at)


def wrong(message: str, line: int, column: int) -> NoReturn:
    raise UserError(f"problem, line {line}, column {column}: {message}")


def parts(text: str, keys: Mapping[str, str]) -> list[Part]:
    """All parts in order, by the one name that a key has; numbers alone go with the part before."""
    found: list[Part] = []
    text = normalize("NFC", text).translate(_SAME)
    for line, column, piece in _pieces(_without_remarks(text)):
        name, value = _name(piece)
        key = keys.get(plain(name), "")
        if not key and found and found[-1].name and _ONLY_NUMBERS.fullmatch(piece):
            found[-1].rows.append((piece, line, column))
        elif not key:
            found.append(Part("", piece, line, column))
        else:
            begin = len(piece) - len(value)
            shift = len(value) - len(value.lstrip())
            found.append(Part(key, value.strip(), line, column + begin + shift, typed=name))
    return found


def plain(name: str) -> str:
    """One spelling of a name: Cross-Entropy, cross entropy and cross_entropy are cross_entropy."""
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _without_remarks(text: str) -> str:
    """Blanks for what follows #, so that columns stay where they are."""
    return re.sub(r"#[^\n]*", lambda found: " " * len(found[0]), text)


def _name(piece: str) -> tuple[str, str]:
    """(name, rest) of `name = rest`."""
    found = re.match(r"([^\W\d][\w -]*?)\s*[=:](?!=)(.*)", piece, re.DOTALL)
    return (found[1], found[2]) if found else ("", piece)


def _pieces(text: str) -> list[tuple[int, int, str]]:
    """(line, column of its first character, text) of what stands between newlines or ; outside of brackets."""
    found: list[tuple[int, int, str]] = []
    depth, start = 0, 0
    openings: list[int] = []
    for i, c in enumerate(text + "\n"):
        if c in "[(":
            openings.append(i)
            depth += 1
        elif c in "])":
            if not depth:
                wrong(f"{c!r} closes a bracket that was not opened", *_at(text, i))
            openings.pop()
            depth -= 1
        elif c in "\n;" and not depth:
            piece = text[start:i]
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                found.append((*_at(text, start + lead), piece.strip()))
            start = i + 1
    if depth:
        wrong(f"{text[openings[-1]]!r} is not closed; write as many ] as [", *_at(text, openings[-1]))
    return found


def _at(text: str, i: int) -> tuple[int, int]:
    return text.count("\n", 0, i) + 1, i - text.rfind("\n", 0, i)


def numbers(part: Part) -> tuple[list[list[float]], bool]:
    """The rows of a part, and whether they were written as rows (one flat row may mean either)."""
    texts = [(part.text, part.line, part.column), *part.rows]
    found: list[list[float]] = []
    nested = len(texts) > 1
    for text, line, column in texts:
        own = Part(part.name, text, line, column)
        rows, bracketed = _rows(own)
        found += rows
        nested = nested or bracketed
    if not found:
        part.wrong(f"{part.name} has no numbers; write some like {part.name} = 0 1 0 0")
    if sum(map(len, found)) > MOST_NUMBERS:
        part.wrong(f"{sum(map(len, found)):,} numbers are more than {MOST_NUMBERS}; take fewer examples")
    for i, row in enumerate(found, 1):
        if len(row) != len(found[0]):
            part.wrong(f"row {i} has {len(row)} numbers, but row 1 has {len(found[0])}; write rows of one length")
    return found, nested


def _rows(part: Part) -> tuple[list[list[float]], bool]:
    text = _WRAPPED.sub(lambda found: " " * len(found[0]), part.text)
    rows: list[list[float]] = [[]]
    nested, depth, at = "|" in text, 0, 0
    while at < len(text):
        c = text[at]
        if c in "[(":
            depth += 1
            nested = nested or (depth > 1 and c == "[")
        elif c in "])":
            depth -= 1
        if c in "[(|;])" and rows[-1]:
            rows.append([])
        if c == "," and re.match(r"[\s,|;]*[,|;]|\s*$", text[at + 1 :]):
            part.wrong("a number is missing behind this comma", at)
        nested = nested or c == ";"
        if found := _NUMBER.match(text, at):
            rows[-1].append(_number(part, found[0], at))
            at = found.end()
        elif c in "[](),;|" or c.isspace():
            at += 1
        else:
            _no_number(part, text, at)
    return [row for row in rows if row], nested


def _number(part: Part, text: str, at: int) -> float:
    top, _, bottom = text.partition("/")
    if bottom and not int(bottom):
        part.wrong("divided by 0", at)
    value = float(top) / (int(bottom) if bottom else 1)
    if not abs(value) <= LARGEST:
        part.wrong(f"{text} is beyond {LARGEST:,.0f}; numbers of that size are not computed here", at)
    return value


def _no_number(part: Part, text: str, at: int) -> NoReturn:
    word = re.match(r"[^\s,;|\[\]()]+", text[at:])
    shown = (word[0] if word else text[at])[:30]
    if re.fullmatch(r"[+-]?(nan|inf\w*|∞)", shown, re.IGNORECASE):
        part.wrong(f"{shown!r} is no number that can be descended on; write a finite one, like 800", at)
    advice = "0.8, not 80 %" if "%" in text[at : at + len(shown) + 2] else f"numbers, like {part.name} = 0.2 -1.5 3"
    part.wrong(f"{shown!r} is no number; write {advice}", at)
