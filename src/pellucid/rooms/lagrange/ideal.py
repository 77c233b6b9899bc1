"""All real solutions of a system of polynomials, proven complete: a Gröbner basis, and linear algebra in fractions.

Modulo the system, polynomials are a space with finitely many dimensions if the system has finitely many solutions.
Made radical (each variable's own polynomial without its repeated factors, Seidenberg), the dimension is their number,
complex ones counted. One mixture t of the variables then tells them all apart: its minimal polynomial q has that
degree, the real solutions are the real roots of q, and each variable is a polynomial in t.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from pellucid.rooms.lagrange.algebra import Polynomial

MOST_SOLUTIONS, MOST_MONOMIALS = 32, 48
DIGITS = 50
Vector = list[Fraction]


class TooMany(Exception):
    """Infinitely many complex solutions, or more than can be told apart at once."""

    def __init__(self, infinite: bool):
        self.infinite = infinite


@dataclass(frozen=True)
class Solutions:
    """real: [point, variable]; exact: by point and variable a SymPy expression where it has a short one."""

    real: np.ndarray[Any, Any]
    exact: list[list[Any]]
    complex: int
    """How many there are in all."""


class Ideal:
    """The Gröbner basis of some polynomials in n variables."""

    def __init__(self, polynomials: list[Polynomial], n: int):
        from sympy import QQ
        from sympy.polys.groebnertools import groebner
        from sympy.polys.orderings import grevlex
        from sympy.polys.rings import PolyRing

        self.n = n
        self.ring = PolyRing([f"x{i}" for i in range(n)], QQ, grevlex)
        self.basis = groebner([self._element(each) for each in polynomials if each], self.ring)

    def _element(self, a: Polynomial) -> Any:
        return self.ring.from_dict({key: self.ring.domain(v.numerator, v.denominator) for key, v in a.items()})

    @property
    def empty(self) -> bool:
        """No solution, not even a complex one."""
        return len(self.basis) == 1 and self.basis[0].is_ground

    def holds(self, a: Polynomial) -> bool:
        """Whether a is 0 wherever the system holds, as far as it is a combination of the system's own."""
        return not self._element(a).rem(self.basis)

    def solutions(self) -> Solutions:
        if self.empty:
            return Solutions(np.zeros((0, self.n)), [], 0)
        quotient = _Quotient(self)
        mine = [quotient.minimal([int(i == k) for k in range(self.n)]) for i in range(self.n)]
        free = [_square_free(each) for each in mine]
        if any(len(a) != len(b) for a, b in zip(mine, free, strict=True)):
            x = self.ring.gens
            more = [sum((x[i] ** k * c for k, c in enumerate(each)), self.ring.zero) for i, each in enumerate(free)]
            radical = Ideal([], self.n)
            radical.basis = _groebner([*self.basis, *more], self.ring)
            quotient = _Quotient(radical)
        return quotient.solutions(free)


class _Quotient:
    """Polynomials modulo the ideal: monomials that no leading term divides are its basis."""

    def __init__(self, ideal: Ideal):
        self.ideal, self.n = ideal, ideal.n
        leading = [each.LM for each in ideal.basis]
        if any(all(sum(key) != key[i] for key in leading) for i in range(self.n)):
            raise TooMany(infinite=True)
        self.monomials = [(0,) * self.n]
        known = set(self.monomials)
        for monomial in self.monomials:
            for i in range(self.n):
                more = tuple(power + (k == i) for k, power in enumerate(monomial))
                if more not in known and not any(_divides(key, more) for key in leading):
                    known.add(more)
                    self.monomials.append(more)
            if len(self.monomials) > MOST_MONOMIALS:
                raise TooMany(infinite=False)
        place = {monomial: i for i, monomial in enumerate(self.monomials)}
        self.tables = [[self._coordinates(i, each, place) for each in self.monomials] for i in range(self.n)]

    def _coordinates(self, variable: int, monomial: tuple[int, ...], place: dict[tuple[int, ...], int]) -> Vector:
        """Of variable · monomial."""
        ring = self.ideal.ring
        key = tuple(power + (k == variable) for k, power in enumerate(monomial))
        found = [Fraction()] * len(place)
        for term, value in ring.from_dict({key: ring.domain(1)}).rem(self.ideal.basis).items():
            found[place[term]] = Fraction(int(value.numerator), int(value.denominator))
        return found

    def _times(self, mixture: list[int], a: Vector) -> Vector:
        """a times the mixture of the variables."""
        found = [Fraction()] * len(a)
        for weight, table in zip(mixture, self.tables, strict=True):
            for value, column in zip(a, table, strict=True):
                if weight and value:
                    for i, entry in enumerate(column):
                        if entry:
                            found[i] += weight * value * entry
        return found

    def powers(self, mixture: list[int]) -> tuple[list[Vector], Vector]:
        """1, t, t² … as long as they are independent, and the next one in terms of them."""
        one = [Fraction(int(i == 0)) for i in range(len(self.monomials))]
        found, a = list[Vector](), one
        while True:
            weights = combination(found, a)
            if weights is not None:
                return found, weights
            found.append(a)
            a = self._times(mixture, a)

    def minimal(self, mixture: list[int]) -> Vector:
        """The minimal polynomial of the mixture, constant term first, leading coefficient 1."""
        _, weights = self.powers(mixture)
        return [-each for each in weights] + [Fraction(1)]

    def solutions(self, own: list[Vector]) -> Solutions:
        """own: each variable's polynomial, without repeated factors."""
        size = len(self.monomials)
        if size > MOST_SOLUTIONS:
            raise TooMany(infinite=False)
        for attempt in range(1, 40):
            mixture = [attempt**i for i in range(self.n)]
            powers, weights = self.powers(mixture)
            if len(powers) == size:
                break
        else:
            raise TooMany(infinite=False)
        one = powers[0]
        each = [self._times([int(i == k) for k in range(self.n)], one) for i in range(self.n)]
        by_t = [combination(powers, a) or [] for a in each]
        roots = real_roots([-w for w in weights] + [Fraction(1)])
        points = [[_at(a, root) for a in by_t] for root in roots]
        known = [_closed_forms(each) for each in own]
        exact = [[_nearest(value, forms) for value, forms in zip(point, known, strict=True)] for point in points]
        real = np.array(
            [
                [float(value) if form is None else float(form.evalf(30)) for value, form in zip(*each, strict=True)]
                for each in zip(points, exact, strict=True)
            ]
        ).reshape(len(points), self.n)
        return Solutions(real, exact, size)


def _groebner(elements: list[Any], ring: Any) -> Any:
    from sympy.polys.groebnertools import groebner

    return groebner(elements, ring)


def _divides(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return all(i <= j for i, j in zip(a, b, strict=True))


def combination(vectors: list[Vector], target: Vector) -> Vector | None:
    """The weights with which independent vectors add up to the target; None where none do. Gauss-Jordan."""
    rows = [[vector[i] for vector in vectors] + [target[i]] for i in range(len(target))]
    for column in range(len(vectors)):
        found = next(i for i in range(column, len(rows)) if rows[i][column])
        rows[column], rows[found] = rows[found], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for i, row in enumerate(rows):
            if i != column and (factor := row[column]):
                rows[i] = [value - factor * above for value, above in zip(row, rows[column], strict=True)]
    if any(row[-1] for row in rows[len(vectors) :]):
        return None
    return [row[-1] for row in rows[: len(vectors)]]


def _poly(a: Vector) -> Any:
    import sympy

    t = sympy.Symbol("t")
    return sympy.Poly([sympy.Rational(v.numerator, v.denominator) for v in reversed(a)], t, domain="QQ")


def _square_free(a: Vector) -> Vector:
    found = _poly(a).sqf_part().monic()
    return [Fraction(int(v.p), int(v.q)) for v in reversed(found.all_coeffs())]


def real_roots(a: Vector) -> list[Any]:
    """All real roots of a polynomial without repeated ones, each isolated exactly and then refined to many digits."""
    import mpmath

    found = []
    with mpmath.workdps(DIGITS + 30):
        values = [mpmath.mpf(v.numerator) / v.denominator for v in reversed(a)]
        for (low, high), _ in _poly(a).intervals(eps=Fraction(1, 10**8)):
            low, high = (mpmath.mpf(int(end.p)) / int(end.q) for end in (low, high))
            root = (low + high) / 2
            for _ in range(40):
                value, slope = mpmath.polyval(values, root, derivative=True)
                if not value or not slope:
                    break
                step = value / slope
                inside = low <= root - step <= high
                if mpmath.polyval(values, low) * value < 0:
                    high = min(high, root)
                else:
                    low = max(low, root)
                root = root - step if inside else (low + high) / 2
                if abs(step) < mpmath.mpf(10) ** -(DIGITS + 20):
                    break
            found.append(root)
    return found


def _at(a: Vector, root: Any) -> Any:
    import mpmath

    with mpmath.workdps(DIGITS + 30):
        return mpmath.polyval([mpmath.mpf(v.numerator) / v.denominator for v in reversed(a)], root)


def _closed_forms(a: Vector) -> list[Any]:
    """The real roots that can be written shortly: of factors of degree 2, or of such in t²."""
    import sympy

    t, found = sympy.Symbol("t"), list[Any]()
    for factor, _ in _poly(a).factor_list()[1]:
        powers = [monomial[0] for monomial, _ in factor.terms()]
        if factor.degree() <= 2 or (factor.degree() <= 4 and all(power % 2 == 0 for power in powers)):
            roots = sympy.roots(factor.as_expr(), t)
            found += [root for root in map(sympy.sqrtdenest, roots) if root.is_real]
    return found


def _nearest(value: Any, forms: list[Any]) -> Any:
    """The form that has this value, or None: roots of one polynomial lie far further apart than 30 digits."""
    import mpmath

    with mpmath.workdps(DIGITS):
        for form in forms:
            if abs(mpmath.mpf(str(form.evalf(DIGITS))) - value) < mpmath.mpf(10) ** -30:
                return form
    return None
