"""A typed line as tokens, read from left to right. Every complaint says where it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from pellucid.core.errors import UserError

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<name>[^\W\d]\w*)|(?P<sign>[()\[\],=.+-])"
)
_ADVICE = {
    "*": "write the number out, as in 100000",
    "/": "write the number out, as in 0.25",
    "'": "no text is read here",
    '"': "no text is read here",
    ":": "write one call, as in randn(3, 4)",
}
# what is typed on other keyboards, character for character, so that columns stay where they are
_SAME = {0xFF01 + i: 0x21 + i for i in range(94)} | dict.fromkeys(map(ord, "\u2212\u2013\u2010\u2011"), ord("-"))
_SAME |= {ord("、"): ord(","), ord("。"): ord(".")}
LONGEST = 40  # characters of a number or a name


@dataclass(frozen=True)
class Token:
    kind: str
    """number, name, end, or the sign itself"""
    text: str
    column: int


class Line:
    """Tokens of one line."""

    def __init__(self, text: str, number: int, several: bool):
        self.number, self.several, self.place = number, several, 0
        self.tokens: list[Token] = []
        text, column = text.translate(_SAME).split("#")[0].rstrip(), 1
        while text:
            found = _TOKEN.match(text)
            if not found:
                self.wrong(column, f"{text[0]!r}: {_ADVICE.get(text[0], 'not read here; write like randn(3, 4)')}")
            kind, word = found.lastgroup or "", found[0]
            if kind != "space" and len(word) > LONGEST:
                self.wrong(column, f"{len(word)} characters are more than the {LONGEST} of any name or number")
            if kind != "space":
                self.tokens.append(Token(word if kind == "sign" else kind, word, column))
            text, column = text[len(word) :], column + len(word)
        self.end = Token("end", "", column)

    def wrong(self, column: int, message: str) -> NoReturn:
        where = f"line {self.number}, column {column}" if self.several else f"column {column}"
        raise UserError(f"call, {where}: {message}")

    def here(self, ahead: int = 0) -> Token:
        place = self.place + ahead
        return self.tokens[place] if place < len(self.tokens) else self.end

    def take(self, *kinds: str) -> Token | None:
        """The next token if it is one of these kinds."""
        token = self.here()
        if token.kind not in kinds:
            return None
        self.place += 1
        return token

    def need(self, kind: str, message: str) -> Token:
        token = self.take(kind)
        if token is None:
            here = self.here()
            self.wrong(here.column, f"{repr(here.text) + ': ' if here.text else ''}{message}")
        return token
