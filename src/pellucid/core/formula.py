"""Formulas that anybody may type, as `x^2 + 3sin(x y)`: read by a grammar of their own, never evaluated as a program.

    formula = Formula.parse("x² + 10 y²", names=("x", "y"))
    formula(x, y)         its values on arrays: NumPy only
    formula.sympy         the same as an expression over real symbols; gradient() and hessian() of it
    formula.tex()

The grammar stands in formula_parser.py. It gives a tree of `Part`s, and SymPy's expression is built from that: no text
ever reaches SymPy or Python.
Every part knows how large it can become, so that nothing a person writes keeps a machine busy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any, Self

import numpy as np

from pellucid.core.errors import UserError
from pellucid.core.formula_parser import OPERATIONS, Parser, Part

Array = np.ndarray[Any, Any]
MOST_DERIVED = 1_500  # numbers, names and operations in a gradient that is derived once more


class Formula:
    """One formula over real variables. `names`: its variables, in the order in which arguments are given."""

    def __init__(self, text: str, tree: Part, names: tuple[str, ...]):
        self.text, self.tree, self.names = text, tree, names

    @classmethod
    def parse(cls, text: str, names: Sequence[str] | None = None, *, where: str = "formula", column: int = 1) -> Self:
        """The formula, or UserError with where and in which column it cannot be read.

        names: the variables that there are; then `xy` is `x y`. None: every other word is a variable.
        column: of the text's first character, where it is part of a line.
        """
        parser = Parser(text, names, where, column)
        tree = parser.parse()
        return cls(text.strip(), tree, tuple(names) if names is not None else tuple(parser.found))

    def __call__(self, *values: Any) -> Any:
        """Its values on numbers or arrays of one shape; NaN and infinities where it has none, without a warning."""
        given = dict(zip(self.names, (np.asarray(value, dtype=np.float64) for value in values), strict=True))
        with np.errstate(all="ignore"):
            found = _evaluate(self.tree, given)
        shape = np.broadcast_shapes(*(value.shape for value in given.values()))
        return np.broadcast_to(found, shape) if np.shape(found) != shape else found

    @cached_property
    def symbols(self) -> tuple[Any, ...]:
        """SymPy's symbols of the variables: real ones."""
        import sympy

        return tuple(sympy.Symbol(name, real=True) for name in self.names)

    @cached_property
    def sympy(self) -> Any:
        """The formula as a SymPy expression, its decimals as exact fractions. UserError where it is nowhere real."""
        import sympy

        expression = _expression(self.tree, dict(zip(self.names, self.symbols, strict=True)))
        if expression.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I):
            raise UserError(f"{self.text}: is not a real number anywhere")
        return expression

    def gradient(self) -> tuple[Any, ...]:
        """The partial derivatives, as SymPy expressions."""
        return tuple(_smooth(self.sympy.diff(symbol)) for symbol in self.symbols)

    def hessian(self) -> tuple[tuple[Any, ...], ...]:
        """The second partial derivatives, as SymPy expressions. UserError where they would be too long."""
        import sympy

        first = self.gradient()
        nodes = (node for each in first for node in sympy.preorder_traversal(each))
        if sum(1 for _ in islice(nodes, MOST_DERIVED + 1)) > MOST_DERIVED:
            raise UserError(f"{self.text[:60]}: its derivatives become too long; a shorter formula would do")
        return tuple(tuple(_smooth(row.diff(symbol)) for symbol in self.symbols) for row in first)

    def compiled(self, expressions: Sequence[Any]) -> Callable[..., Array]:
        """Expressions over this formula's symbols (its gradient) as one function of arrays: [expression, …]."""
        import sympy

        function = sympy.lambdify(
            self.symbols, list(expressions), modules=["numpy"], cse=True, dummify=True, docstring_limit=0
        )

        def compute(*values: Any) -> Array:
            arrays = [np.asarray(value, dtype=np.float64) for value in values]
            with np.errstate(all="ignore"):
                found = function(*arrays)
            shape = np.broadcast_shapes(*(array.shape for array in arrays))
            return np.stack([np.broadcast_to(_real(each), shape) for each in found])

        return compute

    def tex(self) -> str:
        """As a person would set it."""
        import sympy

        written: str = sympy.latex(self.sympy, ln_notation=True)
        return written

    def __repr__(self) -> str:
        return f"Formula({self.text!r}, names={self.names})"


def _real(values: Any) -> Array:
    """NaN where a derivative, as that of (-2)^x, is no real number."""
    values = np.asarray(values)
    return np.where(values.imag == 0, values.real, np.nan) if values.dtype.kind == "c" else values.astype(np.float64)


def walk(
    expression: Any, values: Mapping[str, Any], do: Callable[..., Any], known: dict[Any, Any] | None = None
) -> Any:
    """Evaluate a SymPy expression operation by operation, each once: `do(kind, *args)` gives what an operation gives.

    kinds are those of `pellucid.look`: add, sub, mul, div, neg, pow, sqrt, reciprocal, sign, abs, exp, log, sin …
    An argument is what `values` holds for a name, what `do` gave, or a float. known: a dictionary to be shared by
    several expressions over the same values, so that what they have in common is done once.
    """
    import sympy

    known = {} if known is None else known

    def fold(kind: str, parts: list[Any]) -> Any:
        total = parts[0]
        for part in parts[1:]:
            total = do(kind, total, part)
        return total

    def visit(node: Any) -> Any:
        if node.is_Symbol:
            return values[node.name]
        if node.is_number:
            return float(node)
        if node not in known:
            known[node] = compute(node)
        return known[node]

    def compute(node: Any) -> Any:
        if node.is_Add:
            parts = sorted(node.args, key=lambda each: (bool(each.could_extract_minus_sign()), each.sort_key()))
            plus = [part for part in parts if not part.could_extract_minus_sign()] or parts[:1]
            total = fold("add", [visit(part) for part in plus])
            for part in parts[len(plus) :]:
                total = do("sub", total, visit(-part))
            return total
        if node.is_Mul:
            if node.args[0] == -1:
                return do("neg", visit(-node))
            above, below = [], []
            for part in node.args:
                if part.is_Pow and part.exp.is_number and part.exp.is_negative:
                    below.append(1 / part)
                else:
                    above.append(part)
            number = [part for part in above if part.is_number]
            above = [sympy.Mul(*number)] * bool(number) + [part for part in above if not part.is_number]
            product = fold("mul", [visit(part) for part in above]) if above else 1.0
            return do("div", product, fold("mul", [visit(part) for part in below])) if below else product
        if node.is_Pow and node.base != sympy.E:
            if node.exp == sympy.Rational(1, 2):
                return do("sqrt", visit(node.base))
            if node.exp == -1:
                return do("reciprocal", visit(node.base))
            return do("pow", visit(node.base), visit(node.exp))
        if node.func == sympy.exp:
            return do("exp", visit(node.exp))
        kind = {"Abs": "abs"}.get(node.func.__name__, node.func.__name__)
        return do(kind, *(visit(part) for part in node.args))

    return visit(expression)


def _evaluate(part: Part, values: Mapping[str, Any]) -> Any:
    if part.kind == "name":
        return values[part.text]
    if part.constant is not None:
        return part.constant
    args = [_evaluate(each, values) for each in part.args]
    return OPERATIONS[part.kind](*args)


def _expression(part: Part, symbols: Mapping[str, Any]) -> Any:
    """SymPy's expression of a part, made by its own constructors."""
    import sympy

    if part.kind == "name":
        return symbols[part.text]
    if part.kind == "constant":
        return {"pi": sympy.pi, "e": sympy.E}[part.text]
    if part.kind == "number":
        number = Fraction(part.text)
        return sympy.Rational(number.numerator, number.denominator)
    args = [_expression(each, symbols) for each in part.args]
    match part.kind:
        case "+":
            return sympy.Add(*args)
        case "-":
            return sympy.Add(args[0], sympy.Mul(-1, args[1]))
        case "*":
            return sympy.Mul(*args)
        case "/":
            return sympy.Mul(args[0], sympy.Pow(args[1], -1))
        case "^":
            return sympy.Pow(*args)
        case "neg":
            return sympy.Mul(-1, args[0])
        case "sigmoid":
            return 1 / (1 + sympy.exp(-args[0]))
        case "abs":  # of what may be no real number SymPy knows no derivative
            return sympy.Abs(args[0]) if args[0].is_extended_real else sympy.sqrt(args[0] ** 2)
    return {"ln": sympy.log}.get(part.kind, getattr(sympy, part.kind))(*args)  # one of FUNCTIONS, by the parser


def _smooth(expression: Any) -> Any:
    """Without what a kink adds to a second derivative in its one point."""
    import sympy

    return expression.replace(sympy.DiracDelta, lambda *_: sympy.Integer(0))
