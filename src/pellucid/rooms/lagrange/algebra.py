"""Polynomials and their quotients, exactly, from a formula's tree. Own arithmetic: it stops before it becomes large."""

from __future__ import annotations

from fractions import Fraction

from pellucid.core.exact import eliminate
from pellucid.core.formula_parser import Part

Monomial = tuple[int, ...]
Polynomial = dict[Monomial, Fraction]
"""Exponents of the variables → coefficient, none of them 0."""

MOST_TERMS, MOST_DEGREE, MOST_BITS = 120, 12, 400


class NotPolynomial(Exception):
    """No quotient of polynomials, or none that is small."""


def quotient(part: Part, names: tuple[str, ...]) -> tuple[Polynomial, Polynomial]:
    """Numerator and denominator of a formula; NotPolynomial where it has none."""
    one = {(0,) * len(names): Fraction(1)}
    match part.kind:
        case "name":
            return {tuple(int(name == part.text) for name in names): Fraction(1)}, one
        case "number":
            return constant(Fraction(part.text), len(names)), one
        case "neg":
            top, below = quotient(part.args[0], names)
            return scaled(top, Fraction(-1)), below
        case "+" | "-":
            (a, b), (c, d) = (quotient(each, names) for each in part.args)
            c = scaled(c, Fraction(-1)) if part.kind == "-" else c
            return (added(a, c), b) if b == d else (added(product(a, d), product(c, b)), product(b, d))
        case "*":
            (a, b), (c, d) = (quotient(each, names) for each in part.args)
            return product(a, c), product(b, d)
        case "/":
            (a, b), (c, d) = (quotient(each, names) for each in part.args)
            if not c:
                raise NotPolynomial
            return product(a, d), product(b, c)
        case "^" if _whole(part.args[1]) is not None:
            a, b = quotient(part.args[0], names)
            power = _whole(part.args[1])
            assert power is not None
            if power < 0:
                a, b, power = b, a, -power
                if not b:
                    raise NotPolynomial
            return raised(a, power, one), raised(b, power, one)
    raise NotPolynomial


def _whole(part: Part) -> int | None:
    sign = 1
    while part.kind == "neg":
        part, sign = part.args[0], -sign
    if part.kind != "number" or Fraction(part.text).denominator != 1:
        return None
    return sign * int(Fraction(part.text)) if abs(Fraction(part.text)) <= MOST_DEGREE else None


def constant(value: Fraction, n: int) -> Polynomial:
    return {(0,) * n: value} if value else {}


def scaled(a: Polynomial, factor: Fraction) -> Polynomial:
    return {key: value * factor for key, value in a.items()} if factor else {}


def added(a: Polynomial, b: Polynomial) -> Polynomial:
    found = dict(a)
    for key, value in b.items():
        found[key] = found.get(key, Fraction()) + value
    return _small(found)


def product(a: Polynomial, b: Polynomial) -> Polynomial:
    found: Polynomial = {}
    for left, x in a.items():
        for right, y in b.items():
            key = tuple(i + j for i, j in zip(left, right, strict=True))
            found[key] = found.get(key, Fraction()) + x * y
    return _small(found)


def raised(a: Polynomial, power: int, one: Polynomial) -> Polynomial:
    found = one
    for _ in range(power):
        found = product(found, a)
    return found


def _small(a: Polynomial) -> Polynomial:
    found = {key: value for key, value in a.items() if value}
    too_large = len(found) > MOST_TERMS or any(sum(key) > MOST_DEGREE for key in found)
    if too_large or any((v.numerator * v.denominator).bit_length() > MOST_BITS for v in found.values()):
        raise NotPolynomial
    return found


def derivative(a: Polynomial, variable: int) -> Polynomial:
    found: Polynomial = {}
    for key, value in a.items():
        if key[variable]:
            lower = tuple(power - (i == variable) for i, power in enumerate(key))
            found[lower] = value * key[variable]
    return found


def determinant(rows: list[list[Polynomial]], n: int) -> Polynomial:
    """By the first row; of polynomials in n variables."""
    if not rows:
        return constant(Fraction(1), n)
    total: Polynomial = {}
    for column, entry in enumerate(rows[0]):
        if entry:
            rest = [row[:column] + row[column + 1 :] for row in rows[1:]]
            sign = Fraction(-1 if column % 2 else 1)
            total = added(total, scaled(product(entry, determinant(rest, n)), sign))
    return total


def bounded(constraints: list[Polynomial], n: int) -> bool:
    """Whether the points that fulfil all constraints are proven to lie in a ball. False: not proven.

    A constraint bounds its variables if, with those known to be bounded taken as numbers, its terms of the highest
    degree are definite: sums of even powers with one sign, or a single power of a single variable.
    """
    known: set[int] = set()
    grew = True
    while grew:
        grew = False
        for each in constraints:
            free = {i for key in each for i in range(n) if key[i]} - known
            if free and _definite(each, free):
                known |= free
                grew = True
    return len(known) == n


def coercive(a: Polynomial, constraints: list[Polynomial], n: int) -> int:
    """1: along the constraints the function grows beyond all bounds in every direction; -1: it falls; 0: not proven."""
    if all(sum(key) <= 1 for each in constraints for key in each):
        try:
            a, n = _along(a, constraints, n)
        except NotPolynomial:
            return 0
    if not n or not a or not _definite(a, set(range(n))):
        return 0
    top = max(map(sum, a))
    if top % 2:
        return 0
    return 1 if next(value for key, value in a.items() if sum(key) == top and max(key) == top) > 0 else -1


def _along(a: Polynomial, linear: list[Polynomial], n: int) -> tuple[Polynomial, int]:
    """A polynomial on the points that fulfil linear equations, in the variables that these leave free; their number."""
    units = [tuple(int(k == i) for k in range(n)) for i in range(n)]
    given = [[each.get(unit, Fraction()) for unit in units] + [-each.get((0,) * n, Fraction())] for each in linear]
    rows, leading = eliminate(given, n)
    free = [i for i in range(n) if i not in leading]
    size = len(free)
    one = constant(Fraction(1), size)
    forms = [{tuple(int(k == free.index(i)) for k in range(size)): Fraction(1)} if i in free else {} for i in range(n)]
    for row, column in zip(rows, leading, strict=False):
        forms[column] = constant(row[n], size)
        for place, i in enumerate(free):
            unit = tuple(int(k == place) for k in range(size))
            forms[column] = added(forms[column], {unit: -row[i]} if row[i] else {})
    total: Polynomial = {}
    for key, value in a.items():
        term = constant(value, size)
        for form, power in zip(forms, key, strict=True):
            term = product(term, raised(form, power, one))
        total = added(total, term)
    return total, size


def _definite(a: Polynomial, free: set[int]) -> bool:
    top = max(sum(key[i] for i in free) for key in a)
    leading = {key: value for key, value in a.items() if sum(key[i] for i in free) == top}
    if any(power and i not in free for key in leading for i, power in enumerate(key)):
        return False  # coefficients that are no numbers
    if len(free) == 1:
        return top > 0
    signs = {value > 0 for key, value in leading.items()}
    even = all(power % 2 == 0 for key in leading for power in key)
    pure = {i for key in leading for i in free if key[i] == top}
    return (even and len(signs) == 1 and pure == free) or (top == 2 and _definite_form(leading, sorted(free)))


def _definite_form(leading: Polynomial, free: list[int]) -> bool:
    """A quadratic form, by the signs of its leading minors."""
    n = len(next(iter(leading)))

    def entry(i: int, j: int) -> Fraction:
        key = tuple((k == i) + (k == j) for k in range(n))
        return leading.get(key, Fraction()) / (1 if i == j else 2)

    def minor(size: int) -> Fraction:
        rows = [[constant(entry(i, j), 1) for j in free[:size]] for i in free[:size]]
        return determinant(rows, 1).get((0,), Fraction())

    minors = [minor(size) for size in range(1, len(free) + 1)]
    return all(m > 0 for m in minors) or all((m > 0) == (k % 2 == 1) and m != 0 for k, m in enumerate(minors))
