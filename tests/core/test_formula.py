"""Typed formulas: read right, derived right, and no text does anything but fail with its column."""

from __future__ import annotations

import contextlib
import json
import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.core.errors import UserError
from pellucid.core.formula import Formula, walk
from pellucid.core.formula_parser import FUNCTIONS, MOST_CHARACTERS

X, Y = 0.3, 0.7


def value(text, names=("x", "y"), at=(X, Y)):
    return float(Formula.parse(text, names)(*at))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^2 + 10 y^2", X**2 + 10 * Y**2),
        ("2x", 2 * X),
        ("3(x+1)", 3 * (X + 1)),
        ("(x+1)(x-1)", (X + 1) * (X - 1)),
        ("x(y+1)", X * (Y + 1)),
        ("3xy", 3 * X * Y),
        ("x²+y³", X**2 + Y**3),
        ("−x·y × 2 ÷ 4", -X * Y * 2 / 4),
        ("-x^2", -(X**2)),
        ("2^-x", 2**-X),
        ("x^y^2", X ** (Y**2)),
        ("x**2", X**2),
        ("1/2x", 0.5 * X),
        ("x-y-1", X - Y - 1),
        ("x/y/2", X / Y / 2),
        ("--x", X),
        ("2e3x + .5 + 1.", 2e3 * X + 1.5),
        ("2e x", 2 * math.e * X),
        ("pi + π", 2 * math.pi),
        ("sin(x)cos(y)", math.sin(X) * math.cos(Y)),
        ("ln(x) + log(x)", 2 * math.log(X)),
        ("sigmoid(x)", 1 / (1 + math.exp(-X))),
        ("abs(x-1)", 1 - X),
        ("２（ｘ＋１）", 2 * (X + 1)),
        ("exp(-(x-1)^2/0.01)", math.exp(-((X - 1) ** 2) / 0.01)),
    ],
)
def test_a_formula_means_what_a_person_means_by_it(text, expected):
    assert value(text) == pytest.approx(expected, rel=1e-12)
    expression = Formula.parse(text, ("x", "y"))
    assert float(expression.sympy.subs(dict(zip(expression.symbols, (X, Y), strict=True)))) == pytest.approx(expected)


def test_names_are_those_found_or_those_given():
    assert Formula.parse("b x_1 + a sin(b)").names == ("b", "x_1", "a")
    assert Formula.parse("y", ("x", "y")).names == ("x", "y")
    assert Formula.parse("lambda + class").names == ("lambda", "class")  # words like any other
    assert Formula.parse("lambda^2").compiled(Formula.parse("lambda^2").gradient())(3.0).tolist() == [6.0]
    assert value("e", ("e",), (5.0,)) == 5.0  # a variable goes before a constant of its name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_and_their_derivatives_are_torchs(name):
    formula = Formula.parse(f"{name}(0.4 + x y)", ("x", "y"))
    x, y = (torch.tensor(each, dtype=torch.float64, requires_grad=True) for each in (X, Y))
    out = {"ln": torch.log}.get(name, getattr(torch, name, None))(0.4 + x * y)
    first = torch.autograd.grad(out, (x, y), create_graph=True)
    second = [torch.autograd.grad(each, (x, y), retain_graph=True) for each in first]
    assert float(formula(X, Y)) == pytest.approx(out.item(), rel=1e-12)
    np.testing.assert_allclose(formula.compiled(formula.gradient())(X, Y), [g.item() for g in first], rtol=1e-10)
    hessian = formula.compiled(sum(formula.hessian(), ()))(X, Y).reshape(2, 2)
    np.testing.assert_allclose(hessian, [[h.item() for h in row] for row in second], rtol=1e-9, atol=1e-12)


def test_it_computes_on_arrays():
    x, y = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 4))
    formula = Formula.parse("x^2 - y", ("x", "y"))
    np.testing.assert_array_equal(formula(x, y), x**2 - y)
    assert Formula.parse("3", ("x", "y"))(x, y).shape == (4, 5)
    assert formula.compiled(formula.gradient())(x, y).shape == (2, 4, 5)
    assert np.isnan(Formula.parse("log(x)", ("x",))(np.array([-1.0])))
    assert np.isnan(Formula.parse("(-2)^x", ("x",)).compiled(Formula.parse("(-2)^x", ("x",)).gradient())(0.5)).all()


def test_a_walk_does_every_operation_once():
    formula = Formula.parse("(1 - x)^2 + 100(y - x^2)^2", ("x", "y"))
    done = []

    def do(kind, *args):
        done.append(kind)
        work = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "pow": np.power, "neg": np.negative}
        return work[kind](*args)

    assert walk(formula.sympy, {"x": 2.0, "y": 3.0}, do) == 101.0
    assert sorted(done) == ["add", "mul", "pow", "pow", "pow", "sub", "sub"]
    known = {}
    assert walk(formula.sympy, {"x": 2.0, "y": 3.0}, do, known) == walk(formula.sympy + 1, {}, do, known) - 1


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("__import__('os').system('true')", 1),
        ("x.__class__", 2),
        ("x__class__", 2),
        ("_x", 1),
        ("x_", 2),
        ("().__class__.__bases__", 3),
        ("lambda x: x", 9),
        ("[x for x in y]", 1),
        ("{x}", 1),
        ("'x'", 1),
        ('"x"', 1),
        ("x if y else x", 3),
        ("eval(x)", 1),
        ("exec", 1),
        ("x; y", 2),
        ("x\\y", 2),
        ("x = 2", 3),
        ("x == y", 3),
        ("x := 2", 3),
        ("x @ y", 3),
        ("x!", 2),
        ("x, y", 2),
        ("f'x'", 2),
        ("х^2", 1),  # Cyrillic
        ("x + ｘ\u200b", 6),
        ("𝑥", 1),
        ("ℯ", 1),
        ("x\u0301", 2),
        ("²x", 1),
        ("١", 1),  # a digit elsewhere
        ("x\x00", 2),
        ("\ud800", 1),
        ("", 1),
        ("   ", 1),
        ("(x", 3),
        ("x)", 2),
        ("()", 2),
        ("x +", 4),
        ("* x", 1),
        ("x 2", 3),
        ("2 3", 3),
        ("sin x", 5),
        ("sin", 4),
        ("sin()", 5),
        ("1/0", 2),
        ("x/0", 2),
        ("log(0)", 1),
        ("sqrt(-1)", 1),
        ("asin(2)", 1),
        ("9^9^9^9", 4),
        ("x^(10^9)", 2),
        ("x^-101", 2),
        ("((9^99)^99)^99", 8),
        ("((1.0000001^99)^99)^99", 16),
        ("exp(10^9 log(2) + x)", 1),
        ("2^(10^9 + x) 2^(-x)", 2),
        ("exp(100(100(100log(2) + x) + x))", 1),
        ("(x^100)^100", 8),
        ("1e400", 1),
        ("0.1e-400", 1),
        ("1" * 26, 1),
        ("(" * 31 + "x" + ")" * 31, 31),
        ("-" * 40 + "x", 30),
        ("x^" * 40 + "x", 60),
        ("(" * 10_000 + ")" * 10_000, MOST_CHARACTERS + 1),
        ("x+" * 150 + "x", 162),
    ],
)
def test_what_is_no_formula_fails_in_its_column(text, column):
    with pytest.raises(UserError) as error:
        Formula.parse(text, ("x", "y"), where="line 2")
    message = str(error.value)
    assert message.startswith(f"line 2, column {column}: "), message
    assert message.isprintable() and len(message) < 400


@pytest.mark.parametrize("text", ["1/(x-x)", "tan(pi/2)", "(x-x)^(-1)", "log(x-x)"])
def test_what_is_nowhere_real_says_so(text):
    with pytest.raises(UserError, match="not a real number"):
        Formula.parse(text, ("x",)).tex()


HARD = [
    "*".join(f"(x+{i})" for i in range(1, 13)),
    "sin(" * 29 + "x" + ")" * 29,
    "x^x^x^x",
    "exp(exp(exp(x)))",
    "+".join(f"sqrt(abs(x-{i}))" for i in range(15)),
    "(x+1)^100 (x+2)^100",
    "2^0.1234567890123456789",
    "123456789123456789123457^(1/3)",
    "cos(12345pi/67891) x",
    "abs(" * 25 + "x-1" + ")" * 25,
    "exp(log(" * 12 + "x" + "))" * 12,
]


def test_derivatives_that_become_too_long_are_refused():
    formula = Formula.parse("*".join(f"(x+{i}y)" for i in range(1, 24)), ("x", "y"))
    assert len(formula.gradient()) == 2
    with pytest.raises(UserError, match="too long"):
        formula.hessian()


def test_nothing_allowed_takes_long():
    """In a process of its own that is killed after a minute: all of them, with both derivatives, take a few seconds."""
    code = (
        "import sys, json\nfrom pellucid.core.formula import Formula\n"
        "for text in json.loads(sys.argv[1]):\n f = Formula.parse(text, ('x',)); f.compiled([*f.gradient(), "
        "*sum(f.hessian(), ())])(0.5)\nprint('done')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(HARD)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "done\n", done.stderr[-2000:]


PIECES = [*"xy0123456789.+-*/^() ²³·−_eE,='[]{}:;!\\", "sin(", "log(", "**", "pi", "lambda", "__", "x^2", "(x+y)"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_a_formula_or_a_user_error(text):
    try:
        formula = Formula.parse(text, ("x", "y"))
        formula.gradient()
    except UserError as error:
        assert "\n" not in str(error)
    else:
        assert formula(np.array([0.5, 2.0]), np.array([1.0, 3.0])).shape == (2,)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_at_all_is_refused_in_one_line(text):
    with contextlib.suppress(UserError):
        Formula.parse(text, ("x", "y"))


def test_a_misspelt_function_gets_a_hint():
    with pytest.raises(UserError, match="Did you mean 'sqrt'"):
        Formula.parse("sqr(x)", ("x",))
    with pytest.raises(UserError, match="Did you mean 'tan'"):
        Formula.parse("tahn(x)")


def test_parsing_and_values_load_no_sympy():
    use = "from pellucid.core.formula import Formula\nFormula.parse('x^2')(3.0)"
    code = f"{use}\nimport sys\nprint('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "False\n"


def test_tex():
    assert Formula.parse("x^2/2 + ln(y)").tex() == r"\frac{x^{2}}{2} + \ln{\left(y \right)}"
