"""Arguments to a distribution and a shape, by the rules of the library whose function it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from pellucid.core.errors import closest
from pellucid.rooms.random_numbers.distributions import Distribution
from pellucid.rooms.random_numbers.functions import FUNCTIONS, ROLES, Function
from pellucid.rooms.random_numbers.tokens import Line

MOST = 100_000  # numbers of one call
MOST_AXES = 8
LARGEST = 1e9  # of a parameter
Given = dict[str, "Argument"]


@dataclass(frozen=True)
class Argument:
    """A value, where it stands, and the name that it was given by."""

    value: Any
    column: int
    name: str = ""

    @property
    def is_whole(self) -> bool:
        return isinstance(self.value, int) and not isinstance(self.value, bool)

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, float) or self.is_whole


def bind(
    line: Line, prefix: str, library: str, name: str, arguments: list[Argument], column: int
) -> tuple[Distribution, tuple[int, ...]]:
    """The distribution and the shape. prefix: as it was typed; column: where the arguments begin."""
    binder = _Binder(line, prefix, library, name, column)
    given = binder.lengths(arguments) if binder.function.parameters == ("*",) else binder.by_name(arguments)
    return binder.distribution(given), binder.shape(given)


class _Binder:
    def __init__(self, line: Line, prefix: str, library: str, name: str, column: int):
        self.line, self.package, self.name, self.column = line, library, name, column
        self.function: Function = FUNCTIONS[library][name]
        self.called = f"{prefix}.{name}" if prefix else name
        self.example = f"{prefix}.{self.function.example}" if prefix else self.function.example

    def wrong(self, at: Argument | None, message: str) -> None:
        self.line.wrong(at.column if at else self.column, message)

    # which argument is what

    def lengths(self, arguments: list[Argument]) -> Given:
        """rand(3, 4): lengths one by one; PyTorch takes a shape as well."""
        named = [each for each in arguments if each.name]
        if named and (self.package == "np.random" or named[0].name not in ("size", "shape")):
            self.wrong(named[0], f"{self.called} has no {named[0].name}=; write the lengths one by one: {self.example}")
        whole = [each for each in arguments if isinstance(each.value, tuple)]
        if whole and self.package == "np.random":
            inner = ", ".join(map(str, whole[0].value)) or "3, 4"
            other = f"np.random.random(({inner}))" if self.name == "rand" else f"np.random.standard_normal(({inner}))"
            self.wrong(whole[0], f"{self.called} takes lengths one by one: np.random.{self.name}({inner}), or {other}")
        if (whole or named) and len(arguments) > 1:
            self.wrong(arguments[1], f"a shape and more; write {self.example}")
        if whole or named:
            return {"shape": arguments[0]}
        lengths = tuple(each.value for each in arguments)
        return {"shape": Argument(lengths, arguments[0].column if arguments else self.column)}

    def by_name(self, arguments: list[Argument]) -> Given:
        parameters, given = self.function.parameters, Given()
        for place, each in enumerate(arguments):
            if not each.name and place >= len(parameters):
                self.too_many(arguments, each)
            if not each.name and any(before.name for before in arguments[:place]):
                self.wrong(each, f"a value without a name behind one with a name; write {self.example}")
            name = each.name or parameters[place]
            role = ROLES.get(name)
            if each.name and name not in parameters and (self.package or role is None or not self.has(role)):
                known = ", ".join(parameters)
                self.wrong(
                    each, f"{self.called} has no {name}={closest(name, parameters) or '.'} It takes {known}, seed"
                )
            if role in given:
                self.wrong(each, f"{name} is given twice; write {self.example}")
            if each.value is not None:
                given[role or name] = each
        return given

    def has(self, role: str) -> bool:
        return any(ROLES[each] == role for each in self.function.parameters)

    def too_many(self, arguments: list[Argument], each: Argument) -> None:
        if self.function.parameters == ("size",) and all(one.is_whole for one in arguments):
            inner = ", ".join(str(one.value) for one in arguments)
            instead = {"uniform": "rand", "normal": "randn"}[self.function.kind]
            self.wrong(
                each,
                f"{self.called} takes one shape: write {self.called}(({inner})). "
                f"It is {instead} that takes the lengths one by one: {instead}({inner})",
            )
        self.wrong(each, f"one value too many: {self.called} takes {', '.join(self.function.parameters)}")

    # what they mean

    def distribution(self, given: Given) -> Distribution:
        if self.function.kind == "integers":
            return self.integers(given)
        a, b = self.number(given, "a", 0.0), self.number(given, "b", 1.0)
        if self.function.kind == "normal":
            if b <= 0:
                what = "gives the same number every time" if b == 0 else "is negative, which no spread can be"
                self.wrong(given["b"], f"a standard deviation of {b:g} {what}; write one above 0, as in {self.example}")
            return Distribution("normal", a, b)
        if a >= b:
            why = "is empty" if a == b else "runs backwards"
            better = f"{min(a, b):g}, {max(a, b) if a != b else a + 1:g}"
            self.wrong(
                given.get("b") or given.get("a"), f"from {a:g} to {b:g} {why}; write the lower end first: {better}"
            )
        if b - a < 1e-9 * max(abs(a), abs(b)):
            self.wrong(given.get("b"), f"from {a:.12g} to {b:.12g} is too narrow for floating point; write it wider")
        return Distribution("uniform", a, b)

    def integers(self, given: Given) -> Distribution:
        low, high, shape = given.get("a"), given.get("b"), given.get("shape")
        if high is not None and isinstance(high.value, tuple) and shape is None and self.package != "np.random":
            given["shape"] = shape = high  # torch.randint(10, (2, 3))
            given.pop("b")
            high = None
        if low is None:
            self.wrong(high, f"from where to where? Write {self.example}")
        for each in (low, high):
            if each is not None and not each.is_whole:
                self.wrong(each, f"{_written(each.value)} is no whole number; write {self.example}")
        first, end = (0, low) if high is None else (low.value if low else 0, high)
        past = int(end.value if end else 0)
        if (endpoint := given.get("endpoint")) is not None and endpoint.value is True:
            past += 1
        if max(abs(first), abs(past)) > LARGEST:
            self.wrong(end, f"{max(first, past, key=abs):,} is beyond ±{LARGEST:,.0f}")
        if past <= first:
            better = f"{self.called}({first}, {first + 1})"
            self.wrong(end, f"{self.called}({first}, {past}) is empty: the end is not included; "
                            f"{better} gives {first} only")  # fmt: skip
        return Distribution("integers", first, past)

    def number(self, given: Given, role: str, otherwise: float) -> float:
        each = given.get(role)
        if each is None:
            return otherwise
        if not each.is_number:
            self.wrong(each, f"{_written(each.value)} is no number; write {self.example}")
        if abs(each.value) > LARGEST or 0 < abs(each.value) < 1 / LARGEST:
            self.wrong(
                each, f"{each.value:g} is beyond what is drawn here; from {1 / LARGEST:g} to {LARGEST:g} will do"
            )
        return float(each.value)

    def shape(self, given: Given) -> tuple[int, ...]:
        each = given.get("shape")
        if each is None:
            if self.function.shaped:
                self.wrong(None, f"{self.called} needs a shape; write {self.example}")
            return ()
        if not isinstance(each.value, tuple) and self.function.shaped:
            self.wrong(
                each, f"{self.called} wants the shape in brackets, ({_written(each.value)},); write {self.example}"
            )
        lengths = each.value if isinstance(each.value, tuple) else (each.value,)
        for length in lengths:
            if isinstance(length, bool) or not isinstance(length, int):
                near = f", as in {self.example}" if not isinstance(length, float) else f": {max(1, round(length))}"
                self.wrong(each, f"{_written(length)} is no length; lengths are whole numbers{near}")
            if length < 1:
                what = "is no length" if length < 0 else "gives no numbers"
                self.wrong(each, f"a length of {length} {what}; write at least 1")
        if len(lengths) > MOST_AXES:
            self.wrong(each, f"{len(lengths)} axes are more than the {MOST_AXES} that are read")
        if (count := prod(lengths)) > MOST:
            self.wrong(each, f"{count:,} numbers are more than the {MOST:,} that are drawn at once; write fewer")
        return lengths


def _written(value: Any) -> str:
    return "(" + ", ".join(map(str, value)) + ")" if isinstance(value, tuple) else str(value)
