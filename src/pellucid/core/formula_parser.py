"""The grammar of typed formulas: text to a tree of `Part`s, or UserError with the column. No text is ever run as code.

    sum      product (("+" | "-") product)*
    product  signed (("*" | "/" | nothing) signed)*     nothing: `2x`, `3(x + 1)`; `1/2x` is `(1/2) x`
    signed   ("-" | "+") signed | power
    power    atom ("²" | "³")? (("^" | "**") signed)?   from the right: x^y^z is x^(y^z); -x^2 is -(x^2)
    atom     number | name | function "(" sum ")" | "(" sum ")"

Every part knows how large it can become, so that nothing a person writes keeps a machine busy.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from pellucid.core.errors import UserError, closest

MOST_CHARACTERS, MOST_TOKENS, MOST_DEPTH = 400, 160, 30
MOST_DIGITS = 25  # characters of a number
MOST_POWER = 100  # a constant exponent
MOST_SIZE = 1e300  # of a value, with all variables between -1 and 1
MOST_EXPONENT = 500.0  # of an exponent with variables in it
MOST_BITS, MOST_BITS_INSIDE = 20_000, 1_000  # of the exact numbers that SymPy may make; inside a function, a power


def _sigmoid(x: Any) -> Any:
    return np.exp(-np.logaddexp(0.0, -x))


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "exp": np.exp, "log": np.log, "ln": np.log, "sqrt": np.sqrt,
    "abs": np.abs, "sigmoid": _sigmoid,
}  # fmt: skip
CONSTANTS = {"pi": math.pi, "e": math.e}
_ALSO = {"×": "*", "·": "*", "⋅": "*", "∙": "*", "÷": "/", "−": "-", "–": "-", "π": "pi"}
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[A-Za-z]+[0-9]*(?:_[A-Za-z0-9]+)*)"
    r"|(?P<sign>\*\*|[-+*/^()²³])"
)


@dataclass(frozen=True)
class Part:
    """A node of the tree: kind `number`, `name`, `constant`, one of + - * / ^, `neg`, or a function's name."""

    kind: str
    args: tuple[Part, ...] = ()
    text: str = ""
    """Of a number, a name or a constant."""
    constant: float | None = None
    """Its value, where no variable is in it."""
    size: float = 1.0
    """How large it is at most, with all variables between -1 and 1 (roughly: a pole counts as 1)."""
    bits: int = 0
    """Of the exact numbers in it, once SymPy has multiplied them out."""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


OPERATIONS: dict[str, Callable[..., Any]] = FUNCTIONS | {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power, "neg": np.negative,
}  # fmt: skip


class Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, names: Sequence[str] | None, where: str, column: int):
        self.where, self.column, self.names = where, column, names
        self.found: dict[str, None] = {}
        self.depth = self.place = 0
        if len(text) > MOST_CHARACTERS:
            self.fail(MOST_CHARACTERS, f"{len(text):,} characters are more than the {MOST_CHARACTERS} allowed")
        self.tokens = self.tokenize(text)

    def fail(self, at: int, reason: str) -> NoReturn:
        raise UserError(f"{self.where}, column {self.column + at}: {reason}")

    def tokenize(self, text: str) -> list[_Token]:
        tokens, place = [], 0
        while place < len(text):
            one = text[place]
            plain = chr(ord(one) - 0xFEE0) if 0xFF01 <= ord(one) <= 0xFF5E else one  # full width, as typed in Taiwan
            if plain.isspace():
                place += 1
                continue
            if plain in _ALSO:
                kind = "name" if plain == "π" else "sign"
                tokens.append(_Token(kind, _ALSO[plain], place))
                place += 1
                continue
            widths = text[place:].translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
            match = _TOKEN.match(widths)
            if match is None:
                self.fail(place, self.refusal(plain))
            kind, found = str(match.lastgroup), match.group()
            tokens.append(_Token(kind, "^" if found == "**" else found, place))
            place += len(found)
            if kind == "name" and text[place : place + 1] == "_":
                self.fail(place, "'_' stands within a name, once at a time, as in x_1")
            if len(tokens) > MOST_TOKENS:
                self.fail(place, f"longer than {MOST_TOKENS} numbers, names and signs")
        tokens.append(_Token("end", "", len(text)))
        return tokens

    def refusal(self, one: str) -> str:
        if one == "=":
            return "'=' has no place inside a formula"
        if one.isascii():
            hint = ": a decimal point is written ." if one == "," else ""
            return (
                f"{one!r} is no part of a formula{hint}; numbers, names, + - * / ^ ( ) are, and {', '.join(FUNCTIONS)}"
            )
        called = unicodedata.name(one, f"U+{ord(one):04X}").lower()
        return f"{one!r} ({called}) is no part of a formula; names are written in a to z"

    # tokens

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self, *signs: str) -> _Token | None:
        token = self.next
        if token.kind == "sign" and token.text in signs:
            self.place += 1
            return token
        return None

    # grammar

    def parse(self) -> Part:
        if self.next.kind == "end":
            self.fail(0, "the formula is empty")
        tree = self.sum()
        if self.next.kind != "end":
            self.fail(self.next.column, f"{self.next.text!r} was not expected here; an operator is missing before it")
        return tree

    def sum(self) -> Part:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            self.fail(self.next.column, f"nested more than {MOST_DEPTH} deep")
        total = self.product()
        while sign := self.take("+", "-"):
            total = self.make(sign.text, sign.column, total, self.product())
        self.depth -= 1
        return total

    def product(self) -> Part:
        total = self.signed()
        while True:
            token = self.next
            if sign := self.take("*", "/"):
                total = self.make(sign.text, token.column, total, self.signed())
            elif token.kind == "name" or (token.kind == "sign" and token.text == "("):
                total = self.make("*", token.column, total, self.power())
            else:
                return total

    def signed(self) -> Part:
        if sign := self.take("-", "+"):
            self.depth += 1
            if self.depth > MOST_DEPTH:
                self.fail(sign.column, f"nested more than {MOST_DEPTH} deep")
            inner = self.signed()
            self.depth -= 1
            return self.make("neg", sign.column, inner) if sign.text == "-" else inner
        return self.power()

    def power(self) -> Part:
        base = self.atom()
        if sign := self.take("²", "³"):
            base = self.make("^", sign.column, base, _number("2" if sign.text == "²" else "3"))
        if sign := self.take("^"):
            self.depth += 1
            if self.depth > MOST_DEPTH:
                self.fail(sign.column, f"nested more than {MOST_DEPTH} deep")
            base = self.make("^", sign.column, base, self.signed())
            self.depth -= 1
        return base

    def atom(self) -> Part:
        token = self.next
        self.place += 1
        if token.kind == "number":
            return self.number(token)
        if token.kind == "name":
            return self.word(token)
        if token.text != "(":
            what = "ends" if token.kind == "end" else f"{token.text!r}"
            self.fail(token.column, f"{what} where a number, a name or ( was expected")
        return self.bracketed(token)

    def bracketed(self, opening: _Token) -> Part:
        inner = self.sum()
        if not self.take(")"):
            self.fail(self.next.column, f"the ( in column {self.column + opening.column} is not closed here")
        return inner

    def number(self, token: _Token) -> Part:
        value = float(token.text)
        if len(token.text) > MOST_DIGITS or value > 1e100 or 0 < value < 1e-100 or (value == 0 and "e" in token.text):
            self.fail(token.column, f"a number of at most {MOST_DIGITS} characters, between 1e-100 and 1e100, would do")
        return _number(token.text)

    def word(self, token: _Token) -> Part:
        name = token.text
        if self.names is not None and name in self.names:
            return Part("name", text=name)
        if name in FUNCTIONS:
            opening = self.take("(")
            if opening is None:
                self.fail(self.next.column, f"{name} needs its argument in brackets: {name}(…)")
            return self.make(name, token.column, self.bracketed(opening))
        if name in CONSTANTS:
            return Part("constant", text=name, constant=CONSTANTS[name], size=CONSTANTS[name])
        if self.names is not None:
            return self.glued(token)
        if len(name) > 20:
            self.fail(token.column, "a name of at most 20 characters would do")
        if len(name) > 1 and name.isalpha() and self.next.text == "(":
            self.fail(token.column, f"{name} is no function here{closest(name, FUNCTIONS) or '.'} {_known()}")
        self.found.setdefault(name)
        return Part("name", text=name)

    def glued(self, token: _Token) -> Part:
        """`xy` where x and y are the variables."""
        rest, product = token.text, None
        names = sorted(self.names or (), key=len, reverse=True)
        while rest:
            name = next((each for each in names if rest.startswith(each)), None)
            if name is None:
                known = [*names, *FUNCTIONS, *CONSTANTS]
                variables = ", ".join(self.names or ()) or "none"
                hint = closest(token.text, known) or "."
                self.fail(token.column, f"{token.text} is unknown{hint} Variables: {variables}. {_known()}")
            part = Part("name", text=name)
            product = part if product is None else self.make("*", token.column, product, part)
            rest = rest[len(name) :]
        assert product is not None
        return product

    # sizes

    def make(self, kind: str, at: int, *args: Part) -> Part:
        """The part of one operation, if its numbers stay within bounds."""
        constant = self.constant(kind, at, args)
        first, last = args[0], args[-1]
        if kind == "^" or kind in FUNCTIONS:
            inside = sum(each.bits for each in args) if kind != "^" or last.constant is None else 0
            if inside > MOST_BITS_INSIDE:
                self.fail(at, "the numbers inside have too many digits")
        bits = sum(each.bits for each in args)
        try:
            match kind:
                case "+" | "-":
                    size = first.size + last.size
                case "/" if last.constant is not None:
                    size = first.size / abs(last.constant)
                case "*" | "/":
                    size = first.size * last.size
                case "neg" | "abs":
                    size = first.size
                case "^" | "exp":
                    if last.constant is None and last.size > MOST_EXPONENT:
                        self.fail(at, f"an exponent that can reach {last.size:g}; at most {MOST_EXPONENT:g} would do")
                    power = last.size if last.constant is None else abs(last.constant)
                    size = max(2.0, first.size) ** power if kind == "^" else math.exp(power)
                    bits = math.ceil(first.bits * max(1.0, power)) if kind == "^" else bits
                case "log" | "ln":
                    size = max(1.0, math.log(max(1.0, first.size)))
                case "sinh" | "cosh":
                    size = math.exp(min(first.size, 700.0))
                case _:
                    size = max(1.0, first.size) if kind in ("sqrt", "asin", "tan") else 1.0
        except OverflowError:
            size = math.inf
        if not size <= MOST_SIZE or bits > MOST_BITS:
            self.fail(at, "this becomes too large a number")
        return Part(kind, args, constant=constant, size=max(size, abs(constant or 0.0)), bits=bits)

    def constant(self, kind: str, at: int, args: tuple[Part, ...]) -> float | None:
        values = [each.constant for each in args]
        if kind == "^" and values[1] is not None and abs(values[1]) > MOST_POWER:
            self.fail(at, f"the exponent {values[1]:g} is too large; at most {MOST_POWER} would do")
        if None in values:
            if kind == "/" and values[1] == 0:
                self.fail(at, "division by 0")
            return None
        with np.errstate(all="ignore"):
            found = float(OPERATIONS[kind](*(np.float64(value) for value in values)))
        if math.isnan(found) or (math.isinf(found) and 0 in values):
            self.fail(at, "this is no real number")
        if abs(found) > MOST_SIZE or (found == 0 and kind in ("^", "exp") and values[0] != 0):
            self.fail(at, "this becomes too large or too small a number")
        return found


def _number(text: str) -> Part:
    exact = Fraction(text)
    bits = exact.numerator.bit_length() + exact.denominator.bit_length() - 1
    return Part("number", text=text, constant=float(exact), size=abs(float(exact)), bits=bits)


def _known() -> str:
    return f"Functions: {', '.join(FUNCTIONS)}"
