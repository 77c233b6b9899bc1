"""One typed equation, or one row of a matrix: its tokens, read from left to right into exact fractions."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NoReturn

from pellucid.core.errors import UserError

LARGEST, SMALLEST = Fraction(10**9), Fraction(1, 10**9)  # of a coefficient's absolute value, if it is not 0
LONGEST = 20  # characters of a number or a name

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)|(?P<name>[^\W\d_]+(?:_?[0-9]+|_[^\W\d_]+)?)|(?P<sign>[-+*/,|]|==?)"
)
_ADVICE = {
    "^": "a power is not linear; each unknown stands alone, with a number before it",
    "(": "brackets are not read; multiply them out",
    ")": "brackets are not read; multiply them out",
    "<": "only equations are solved; write =",
    ">": "only equations are solved; write =",
}


class Line:
    """Tokens of one line, and where it stands: every complaint names its line and column."""

    def __init__(self, text: str, number: int, column: int):
        self.number, self.place = number, 0
        self.end = column + len(text.rstrip())
        self.first = column + len(text) - len(text.lstrip())
        self.tokens: list[tuple[str, str, int]] = []  # kind, text, column
        while text:
            found = _TOKEN.match(text)
            if not found:
                self.unknown(text[0], column)
            kind, word = found.lastgroup or "", found[0]
            strange = next((c for c in word if kind == "name" and not (c.isalpha() or c in "_0123456789")), "")
            if strange:
                self.unknown(strange, column + word.index(strange))
            if kind != "space":
                self.tokens.append((word[0] if kind == "sign" else kind, word, column))
            text, column = text[len(word) :], column + len(word)

    @property
    def is_row(self) -> bool:
        """Numbers only, without an equal sign, or with a bar."""
        kinds = {kind for kind, _, _ in self.tokens}
        return "|" in kinds or not kinds & {"name", "="}

    def wrong(self, column: int, message: str) -> NoReturn:
        raise UserError(f"equations, line {self.number}, column {column or self.first}: {message}")

    def unknown(self, character: str, column: int) -> NoReturn:
        self.wrong(column, f"{character!r}: {_ADVICE.get(character, 'not read here; write like 5x + 2y = 10')}")

    def here(self) -> tuple[str, str, int]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "", self.end)

    def take(self, *kinds: str) -> str:
        """The next token's text if it is one of these kinds, else nothing."""
        kind, text, _ = self.here()
        if kind not in kinds:
            return ""
        self.place += 1
        return text

    # an equation

    def equation(self) -> dict[str, Fraction]:
        """Everything on the left side: name → coefficient, and the constant under the empty name."""
        left = self.sum()
        if not self.take("="):
            self.stuck("no equal sign; write an equation like 5x + 2y = 10, or a row of numbers like 5, 2 | 10")
        right = self.sum()
        if self.here()[0] == "=":
            self.wrong(self.here()[2], "two equal signs; write one equation a line")
        if self.here()[0] != "end":
            self.stuck("")
        if not any(name for name in {**left, **right}):
            self.wrong(0, "no unknown in it; write at least one letter, like x")
        return {name: left.get(name, Fraction()) - right.get(name, Fraction()) for name in {**left, **right}}

    def stuck(self, at_end: str) -> NoReturn:
        kind, text, column = self.here()
        if kind in (",", "|"):
            self.wrong(column, f"{text!r} stands between the numbers of a row; in an equation write a point: 0.5")
        self.wrong(column, at_end or f"{text!r} is one too many; write + or - before it")

    def sum(self) -> dict[str, Fraction]:
        total: dict[str, Fraction] = {}
        sign = self.signs()
        while True:
            name, value = self.term()
            total[name] = total.get(name, Fraction()) + sign * value
            if self.here()[0] not in ("+", "-"):
                return total
            sign = self.signs()

    def signs(self) -> int:
        sign = 1
        while found := self.take("+", "-"):
            sign = -sign if found == "-" else sign
        return sign

    def term(self) -> tuple[str, Fraction]:
        name, value = self.factor()
        while (kind := self.here()[0]) in ("*", "/", "name", "number"):
            column = self.here()[2]
            operator = self.take("*", "/")
            if kind == "number":
                self.wrong(column, "a number stands right behind another factor; write an operator between, as in 2*3")
            sign = self.signs() if operator else 1
            column = self.here()[2]
            other, factor = self.factor()
            if operator == "/" and other:
                self.wrong(column, f"divided by the unknown {other}: that is not linear; divide by numbers only")
            if operator == "/" and not factor:
                self.wrong(column, "divided by 0")
            if name and other:
                self.wrong(column, f"{name} times {other}: a product of unknowns is not linear; write + between them")
            name, value = name or other, value * sign * (1 / factor if operator == "/" else factor)
        return name, value

    def factor(self) -> tuple[str, Fraction]:
        column = self.here()[2]
        if name := self.take("name"):
            if len(name) > LONGEST:
                self.wrong(column, f"a name of {len(name)} characters is longer than {LONGEST}; write a shorter one")
            return name, Fraction(1)
        if self.here()[0] != "number":
            self.missing("a number or an unknown")
        return "", self.number_here()

    def missing(self, what: str) -> NoReturn:
        _, text, column = self.here()
        self.wrong(column, f"{what} is missing before {text!r}" if text else f"{what} is missing at the end")

    def number_here(self) -> Fraction:
        _, text, column = self.here()
        if len(text) > LONGEST:
            self.wrong(column, f"{len(text)} digits are more than {LONGEST}; write a shorter number")
        self.place += 1
        return Fraction(text)

    # a row of a matrix

    def row(self) -> list[Fraction]:
        cells, bars = [self.cell()], 0
        while self.here()[0] != "end":
            bars += self.here()[0] == "|"
            column = self.here()[2]
            if bars > 1:
                self.wrong(column, "two bars; the one | stands before the right side")
            self.take(",", "|")
            cells.append(self.cell())
            if bars and self.here()[0] != "end":
                self.wrong(self.here()[2], "behind the bar stands one number, the right side")
        if len(cells) < 2:
            self.wrong(0, "a single number is no equation; write 5x + 2y = 10, or a row like 5, 2 | 10")
        return cells

    def cell(self) -> Fraction:
        sign = self.signs()
        if self.here()[0] != "number":
            self.missing("a number")
        value = self.number_here()
        if self.take("/"):
            column = self.here()[2]
            if self.here()[0] != "number":
                self.missing("a number")
            if not (below := self.number_here()):
                self.wrong(column, "divided by 0")
            value /= below
        return sign * value

    def check_size(self, values: tuple[Fraction, ...]) -> None:
        for value in values:
            if abs(value) > LARGEST:
                self.wrong(0, "a number above 1,000,000,000; divide the equation by something")
            if value and abs(value) < SMALLEST:
                self.wrong(0, "a number nearer to 0 than 0.000000001; multiply the equation by something")
