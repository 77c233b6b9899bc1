"""Equations as people write them, to exact fractions: the grammar; nothing is ever evaluated.

system   = line {("\n" | ";") line}          as many lines as unknowns, all equations or all rows;
                                            equations may also stand in one line with "," or "and" between them
equation = sum "=" sum
sum      = term {("+" | "-") term}
term     = factor {["*"] factor | "/" number}      at most one unknown in a term; 1/2x is (1/2)x
row      = number {[","] number} ["|"] number      of a matrix: the last number is the right side
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from pellucid.core.errors import UserError
from pellucid.rooms.linear_equations.line import Line

MOST_UNKNOWNS = 12
_BETWEEN = r",|\band\b"  # several equations in one line

# what is typed on other keyboards, character for character, so that columns stay where they are
_SAME = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x2080 + i: 0x30 + i for i in range(10)}
_SAME |= dict.fromkeys(map(ord, "\u2212\u2013\u2010\u2011"), "-") | dict.fromkeys(map(ord, "×·⋅∗"), "*")  # type: ignore[arg-type]
_SAME |= dict.fromkeys(map(ord, "÷⁄∕"), "/") | {ord("、"): ","}  # type: ignore[arg-type]


@dataclass(frozen=True)
class Problem:
    """A system of equations: `rows[i]` times the unknowns is `rights[i]`."""

    names: tuple[str, ...]
    rows: tuple[tuple[Fraction, ...], ...]
    rights: tuple[Fraction, ...]

    @property
    def coefficients(self) -> np.ndarray[Any, Any]:
        """A [equation, unknown], float64."""
        return np.array([[float(each) for each in row] for row in self.rows])

    @property
    def right_sides(self) -> np.ndarray[Any, Any]:
        """b [equation], float64."""
        return np.array([float(each) for each in self.rights])

    @property
    def lines(self) -> tuple[str, ...]:
        """Each equation, written out: `5x + 2y = 10`."""
        return tuple(_written(row, right, self.names) for row, right in zip(self.rows, self.rights, strict=True))


def read(text: str) -> Problem:
    """The system that a text states; UserError with line and column where it states none."""
    lines = [Line(part, number, column) for number, column, part in _parts(text)]
    if not lines:
        raise UserError("equations: there is none; write some like 5x + 2y = 10, one a line")
    for before, line in pairwise(lines):
        if before.is_row != line.is_row:
            line.wrong(0, "rows of numbers and equations are mixed; write all of one kind")
    return _from_rows(lines) if lines[0].is_row else _from_equations(lines)


def _parts(text: str) -> list[tuple[int, int, str]]:
    """(line, column of its first character, text) of whatever is not blank between newlines, semicolons and, where
    it holds several equations, commas."""
    found = []
    for number, line in enumerate(text.translate(_SAME).splitlines(), 1):
        for start, part in _split(";", line):
            several = len(re.findall("=+", part)) > 1
            for first, each in _split(_BETWEEN, part) if several else [(0, part)]:
                if each.strip():
                    found.append((number, start + first + 1, each))
    return found


def _split(pattern: str, text: str) -> Iterator[tuple[int, str]]:
    """The pieces between matches, each with the place where it starts."""
    start = 0
    for mark in re.finditer(pattern, text):
        yield start, text[start : mark.start()]
        start = mark.end()
    yield start, text[start:]


def _from_equations(lines: list[Line]) -> Problem:
    sums = [line.equation() for line in lines]
    names = tuple(sorted({name for each in sums for name in each if name}, key=_natural))
    _check_count(len(lines), names)
    rows = tuple(tuple(each.get(name, Fraction()) for name in names) for each in sums)
    rights = tuple(-each.get("", Fraction()) for each in sums)
    for line, row, right in zip(lines, rows, rights, strict=True):
        line.check_size((*row, right))
    return Problem(names, rows, rights)


def _from_rows(lines: list[Line]) -> Problem:
    cells = [line.row() for line in lines]
    for line, row in zip(lines, cells, strict=True):
        if len(row) != len(cells[0]):
            line.wrong(0, f"{len(row)} numbers, but the first row has {len(cells[0])}; write rows of one length")
        line.check_size(tuple(row))
    count = len(cells[0]) - 1
    names = tuple("xyz"[:count]) if count <= 3 else tuple(f"x{i + 1}" for i in range(count))
    _check_count(len(lines), names)
    return Problem(names, tuple(tuple(row[:-1]) for row in cells), tuple(row[-1] for row in cells))


def _check_count(equations: int, names: tuple[str, ...]) -> None:
    listed = ", ".join(names[:MOST_UNKNOWNS]) + (", …" if len(names) > MOST_UNKNOWNS else "")
    if len(names) > MOST_UNKNOWNS:
        raise UserError(f"equations: {len(names)} unknowns ({listed}) are more than {MOST_UNKNOWNS}; leave some out")
    if equations != len(names):
        many = "" if len(names) == 1 else "s"
        raise UserError(
            f"equations: {equations} equation{'' if equations == 1 else 's'}, but {len(names)} unknown{many} "
            f"({listed}); write as many equations as unknowns"
        )


def _natural(name: str) -> tuple[str, int]:
    """x2 before x10."""
    letters = name.rstrip("0123456789")
    return letters, int(name[len(letters) :] or -1)


def fraction_text(value: Fraction) -> str:
    """2.5 where few digits will do, else 1/3."""
    text = f"{float(value):.6g}"
    return text if Fraction(text) == value else str(value)


def _written(row: tuple[Fraction, ...], right: Fraction, names: tuple[str, ...]) -> str:
    text = ""
    for value, name in zip(row, names, strict=True):
        if value:
            size = "" if abs(value) == 1 else fraction_text(abs(value))
            sign = "-" if value < 0 else "+"
            text += (f" {sign} " if text else sign.strip("+")) + size + (" " if "/" in size else "") + name
    return f"{text or f'0{names[0]}'} = {fraction_text(right)}"
