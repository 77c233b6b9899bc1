"""A call as it is written in NumPy or PyTorch, to a distribution and a shape: the grammar; nothing is ever evaluated.

text      = line {("\\n" | ";") line}                       one call, and a seed before or after it
line      = [name "="] (seed | call)
seed      = "seed" "=" number | [prefix "."] ("seed" | "manual_seed" | …) "(" number ")"
call      = [prefix "." | generator "."] function "(" [argument {"," argument}] ")"
argument  = [name "="] value
value     = ["-" | "+"] number | name | "(" [value {","  value}] ")" | "[" … "]"
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any

from pellucid.core.errors import UserError, closest
from pellucid.rooms.random_numbers.bind import Argument, bind
from pellucid.rooms.random_numbers.distributions import Distribution
from pellucid.rooms.random_numbers.functions import FUNCTIONS, LIBRARIES, SEEDS
from pellucid.rooms.random_numbers.philox import MOST_SEED
from pellucid.rooms.random_numbers.tokens import Line, Token

_MODULES = {"np", "numpy", "tf", "tensorflow", "keras", "tf.keras"}  # their functions are in .random
_NAMES = {"None": None, "True": True, "False": False}


@dataclass(frozen=True)
class Call:
    """What is to be drawn. seed: None where none is written."""

    function: str
    distribution: Distribution
    shape: tuple[int, ...]
    seed: int | None = None

    @property
    def count(self) -> int:
        return prod(self.shape)


def read(text: str) -> Call:
    """The call that a text states; UserError with its place where it states none."""
    parts = [(number, part) for number, line in enumerate(_lines(text), 1) for part in line if part.strip()]
    several = len(parts) > 1
    made: Call | None = None
    seed: int | None = None
    generators: dict[str, str] = {}
    for number, part in parts:
        line = Line(part, number, several)
        if not line.tokens or line.tokens[0].text in ("import", "from"):  # pasted along with the call
            continue
        found = _Reader(line, generators).statement()
        if isinstance(found, Call):
            if made is not None:
                line.wrong(line.tokens[0].column, "a second call; write one call, and a seed if you like")
            made = found
        if (given := found.seed if isinstance(found, Call) else found) is not None:
            if seed is not None and seed != given:
                line.wrong(line.tokens[0].column, f"a second seed, {given}, besides {seed}; write one")
            seed = given
    if made is None:
        raise UserError("call: there is none; write one like randn(3, 4) or normal(5, 2, size=1000)")
    return replace(made, seed=seed)


def _lines(text: str) -> list[list[str]]:
    return [line.replace("；", ";").split(";") for line in text.splitlines()]


class _Reader:
    """One line; generators: names that earlier lines gave to generators, and whose functions these have."""

    def __init__(self, line: Line, generators: dict[str, str]):
        self.line, self.generators = line, generators

    def statement(self) -> Call | int | None:
        """A call, or a seed, up to the end of the line."""
        found = self.call_or_seed()
        here = self.line.here()
        if here.kind != "end":
            self.line.wrong(here.column, f"{here.text!r} behind the call; write one call a line, as in randn(3, 4)")
        return found

    def call_or_seed(self) -> Call | int | None:
        line = self.line
        variable = ""
        if line.here().kind == "name" and line.here(1).kind == "=":
            variable = line.here().text
            line.place += 2
            if variable in SEEDS:
                return self.seed(self.value())
        start, path = line.here(), self.path()
        if path[-1] in SEEDS:
            seed = self.seeding(path)
            self.generators[variable] = "np.random" if path[-1] == "RandomState" else "rng"
            if line.take("."):  # np.random.default_rng(7).normal(…)
                self.generators["rng"] = self.generators[variable]
                return replace(self.call(["rng", *self.path()], start), seed=seed)
            return seed
        return self.call(path, start)

    def path(self) -> list[str]:
        """Names with points between."""
        names = [self.line.need("name", "a function's name is missing; write like randn(3, 4)").text]
        while self.line.take("."):
            names.append(self.line.need("name", "a name is missing after the point").text)
        return names

    def seeding(self, path: list[str]) -> int | None:
        here = self.line.need("(", f"write {'.'.join(path)}(7)")
        found = self.arguments(here)
        if not found and path[-1] in ("default_rng", "RandomState"):
            return None
        if len(found) != 1:
            self.line.wrong(here.column, f"one seed, please: {'.'.join(path)}(7)")
        return self.seed(found[0])

    def seed(self, found: Argument) -> int:
        if not isinstance(found.value, int) or isinstance(found.value, bool) or not 0 <= found.value < MOST_SEED:
            message = f"a seed is a whole number from 0 to {MOST_SEED - 1:,}; write seed=7"
            self.line.wrong(found.column, message)
        return int(found.value)

    def call(self, path: list[str], start: Token) -> Call:
        prefix, name = ".".join(path[:-1]), path[-1]
        library = self.generators.get(prefix or "-", LIBRARIES.get(prefix))
        if library is None:
            self.line.wrong(start.column, _strange(prefix, name))
        known = FUNCTIONS[library]
        if name not in known:
            self.line.wrong(start.column, _unknown(prefix, name, library))
        here = self.line.here()
        if not self.line.take("("):
            written = f"{prefix + '.' if prefix else ''}{known[name].example}"
            self.line.wrong(here.column, f"'(' is missing after {name}; write {written}")
        arguments = self.arguments(here)
        seeds = [each for each in arguments if each.name == "seed"]
        rest = [each for each in arguments if each.name != "seed"]
        distribution, shape = bind(self.line, prefix, library, name, rest, here.column)
        return Call(".".join(path), distribution, shape, self.seed(seeds[0]) if seeds else None)

    def arguments(self, opened: Token) -> list[Argument]:
        """Up to the closing bracket."""
        found: list[Argument] = []
        while not self.line.take(")"):
            if found and not self.line.take(","):
                self.expected(opened)
            if self.line.take(")"):
                break
            name = ""
            if self.line.here().kind == "name" and self.line.here(1).kind == "=":
                name = self.line.here().text
                self.line.place += 2
            found.append(replace(self.value(), name=name))
        return found

    def expected(self, opened: Token) -> None:
        here = self.line.here()
        if here.kind == "end":
            self.line.wrong(here.column, f"the bracket of column {opened.column} is not closed; write ) at the end")
        self.line.wrong(here.column, f"{here.text!r}: a comma is missing before it")

    def value(self) -> Argument:
        line, here = self.line, self.line.here()
        if opened := line.take("(", "["):
            return Argument(self.tuple(opened), here.column)
        if here.kind == "name":
            if here.text not in _NAMES:
                line.wrong(here.column, f"{here.text}: numbers only; write it out, as in normal(5, 2, size=1000)")
            line.place += 1
            return Argument(_NAMES[here.text], here.column)
        sign = line.take("-", "+")
        token = line.need("number", "a number is missing here; write like randn(3, 4)")
        return Argument((-1 if sign and sign.text == "-" else 1) * self.number(token), here.column)

    def tuple(self, opened: Token) -> tuple[Any, ...]:
        close, found = {"(": ")", "[": "]"}[opened.kind], list[Any]()
        while not self.line.take(close):
            if found and not self.line.take(","):
                self.expected(opened)
            if self.line.take(close):
                break
            here = self.line.here()
            if here.kind in "([":
                self.line.wrong(here.column, "a bracket within a bracket; a shape is written (2, 3)")
            found.append(self.value().value)
        return tuple(found)

    def number(self, token: Token) -> int | float:
        try:
            return int(token.text)
        except ValueError:
            pass
        try:
            found = float(token.text)
        except ValueError:
            self.line.wrong(token.column, f"{token.text} is no number; write like 1000 or 0.5")
        if found in (float("inf"), float("-inf")):
            self.line.wrong(token.column, f"{token.text} is too large; numbers up to 1,000,000,000 are read")
        return found


def _strange(prefix: str, name: str) -> str:
    if prefix == "random":
        return f"random.{name} is Python's own and gives one number a call; write np.random.{name}(…), end excluded"
    if prefix in _MODULES:
        return f"{prefix}.{name}: it is in {prefix}.random; write {prefix}.random.{name}"
    if prefix == "torch.random":
        return f"torch.random is a module about seeds; write torch.{name}"
    known = ", ".join(each for each in LIBRARIES if each)
    return f"{prefix}: not known{closest(prefix, LIBRARIES) or '.'} Known before a function: {known}"


def _unknown(prefix: str, name: str, library: str) -> str:
    written = f"{prefix}.{name}" if prefix else name
    elsewhere = next((lib for lib in ("np.random", "rng", "torch", "keras.random") if name in FUNCTIONS[lib]), None)
    if elsewhere:
        kind = FUNCTIONS[elsewhere][name].kind
        other = next((each.example for each in FUNCTIONS[library].values() if each.kind == kind), "uniform((3,), 0, 9)")
        return f"{written}: there is none; {prefix or 'here'} has {prefix + '.' if prefix else ''}{other} for it"
    return (
        f"{written}: no such function{closest(name, FUNCTIONS[library]) or '.'} Known: {', '.join(FUNCTIONS[library])}"
    )
