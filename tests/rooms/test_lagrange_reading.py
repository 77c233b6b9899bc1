"""Lagrange multipliers, the reader: what is typed, what is refused, and that no text does any harm or takes long."""

from __future__ import annotations

import cProfile
import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.core.errors import UserError
from pellucid.rooms.lagrange import exactly
from pellucid.rooms.lagrange.budget import within
from pellucid.rooms.lagrange.config import Config
from pellucid.rooms.lagrange.problem import MOST_CONSTRAINTS, MOST_VARIABLES, read
from pellucid.rooms.lagrange.solve import solve

X, Y = 0.3, 0.7


def values(problem, *at):
    return [float(each(*at)) for each in (problem.objective, *problem.constraints)]


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("maximise x + y\nsubject to x^2 + y^2 = 32", "max"),
        ("maximize x + y; x^2 + y^2 = 32", "max"),
        ("max x+y s.t. x^2+y^2=32", "max"),
        ("Max: x+y where x^2+y^2=32", "max"),
        ("MINIMISE x + y SUBJECT TO x² + y² = 32", "min"),
        ("min f = x + y such that x^2 + y^2 - 32 = 0", "min"),
        ("minimum of x + y under x^2 + y^2 = 32", "min"),
        ("min f(x, y) = x + y, x^2 + y^2 = 32", "min"),
        ("extremise x + y\nwith x^2 + y^2 = 32", "both"),
        ("x + y\nx^2 + y^2 = 32", "both"),
        ("f = x + y\ng = x^2 + y^2 = 32", "both"),
        ("f(x,y) = x + y subject to: g(x, y) = x^2 + y^2 = 32", "both"),
        ("x^2 + y^2 = 32\nmax x + y", "max"),
        ("最大化 x + y；限制 x^2 + y^2 = 32", "max"),
        ("ｍａｘ ｘ＋ｙ　ｓ．ｔ． ｘ^２＋ｙ^２＝３２", "max"),
        ("\n\n max x+y ;\r\n ; subject to\n x^2+y^2 = 32\n", "max"),
    ],
)
def test_one_problem_in_many_spellings(text, sense):
    problem = read(text)
    assert (problem.sense, problem.names, problem.start) == (sense, ("x", "y"), None)
    assert values(problem, X, Y) == pytest.approx([X + Y, X**2 + Y**2 - 32])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("max xy s.t. x + y = 3", "x y"),
        ("max xyz s.t. x + y + z = 3", "x y z"),
        ("max width*height s.t. 2width + 2 height = 20", "height width"),
        ("max x10 + x2 s.t. x1 = 1", "x1 x2 x10"),
        ("max x_1 + x_2 s.t. x_1 x_2 = 1", "x_1 x_2"),
        ("max lambda + Matrix s.t. lambda Matrix = 1", "Matrix lambda"),
        ("max x if y else x s.t. x = 1", "else if x y"),
        ("max sin(a) + e^b s.t. a + pi b = 1", "a b"),
    ],
)
def test_variables_are_the_words_that_are_no_function(text, names):
    assert read(text).names == tuple(names.split())


def test_several_constraints_a_start_and_what_was_understood():
    problem = read("max x y z where x+y+z=6, x^2 + y^2 = z and x = 1; start = (1, 2, -3e0)")
    assert len(problem.constraints) == MOST_CONSTRAINTS == 3 and problem.start == (1, 2, -3)
    assert problem.lines == ("maximise x y z", "subject to x+y+z = 6", "x^2 + y^2 = z", "x = 1")
    assert read("\n".join(problem.lines)).lines == problem.lines
    assert values(problem, 1.0, 2.0, 4.0) == [8, 1, 1, 0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("max x + y", "no constraint; write an equation behind subject to, as in: maximise"),
        ("x^2 + y^2 = 4", "no function to maximise or minimise"),
        (";\n;", "there is none; write one like"),
        ("subject to x = 1", "no function"),
        ("max s.t. x + y = 1", "line 1, column 4: no function here"),
        ("max x + y = 3 s.t. x = 1", "line 1, column 11: an equation is a constraint; write subject to"),
        ("max x+y s.t. x^2+y^2 <= 32", "line 1, column 22: '<=': only equations are solved here; write 'x.2.y.2 = 32'"),
        ("max x+y\nsubject to x ≥ 1", "line 2, column 14: '≥': only equations .* write 'x = 1'"),
        ("max x+y s.t. x^2+y^2", "line 1, column 14: no equal sign in 'x.2.y.2'; write a constraint like"),
        ("max x+y s.t. x == 1", "column 16: '==' is one '=' too many"),
        ("max x+y s.t. x = y = 1", "column 20: a second equal sign; write two equations"),
        ("max x+y s.t. = 1", "nothing stands on one side"),
        ("max x+y s.t. x + y = ", "nothing stands on one side"),
        ("max x+y\nmin x-y\nx = 1", "line 2, column 1: a second goal"),
        ("maximixe x + y; x = 1", "line 1, column 1: 'maximixe': did you mean 'maximi[sz]e'.* as in: maximise"),
        ("max 3 s.t. x + y = 1", "column 5: '3' has no variable"),
        ("max x+y s.t. 1 = 2", "column 14: '1 = 2' has no variable in it"),
        ("max x+y s.t. x = x", "column 14: 'x = x' holds everywhere"),
        ("max x+y s.t. x = x + 1", "column 14: .* never holds"),
        ("max x^2 s.t. x = 3", "1 variable .x.; from 2 to 4 would do"),
        ("max xy s.t. xy = 3", "1 variable .xy.; from 2 to 4 would do; a product is written x.y"),
        ("max a+b+c+d+g1 s.t. a = 1", "5 variables .a, b, c, d, ….; from 2 to 4"),
        ("max x+y s.t. x=1; y=1; x+y=2", "3 constraints on 2 variables"),
        ("max x+y+z+w s.t. x=1; y=1; z=1; w=2", "column 33: more than 3 constraints"),
        ("max x+y s.t. x=1; start = 1", "start is 2 numbers, for x, y; write start = 1, 2"),
        ("max x+y s.t. x=1; start = 1, 1e99", "a start between"),
        ("max x+y s.t. x=1; start = 1,2; start = 1,2", "start stands there twice"),
        ("max x + $ s.t. x = 1", r"line 1, column 9: '\$' is no part of a formula"),
        ("max x + y\nsubject to\n  x + sn(y) = 1", "line 3, column 7: sn is no function here. Did you mean 'sin'"),
        ("max sqrt(-1 - x^2 - y^2 s.t. x = 1", "is not closed here"),
        ("max x/0 + y s.t. x = 1", "division by 0"),
        ("max 1/(x-x) + y s.t. x = 1", "not a real number anywhere"),
        ("max x+y s.t. x^1000 = 1", "column 15: the exponent 1000 is too large"),
        ("max x + y s.t. " + "x" * 600 + " = 1", "longer|characters|name"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_says_where_and_what_would_do(text, says):
    with pytest.raises(UserError, match=says) as error:
        solve(read(text))
    message = str(error.value)
    assert message.startswith("problem") and message.isprintable() and len(message) < 500


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("problem", "max x + y", "problem: 'max x . y': no constraint|no constraint"),
        ("learning_rate", "fast", "learning_rate"),
        ("learning_rate", 0, "above 0"),
        ("learning_rate", "1e9", "at most 1,000,000"),
        ("steps", 0, "steps"),
        ("tolerance", 0, "tolerance"),
    ],
)
def test_a_wrong_configuration_is_refused(field, value, says):
    with pytest.raises(UserError, match=says) as error:
        Config.build({field: value})
    assert "\n" not in str(error.value)


# attacks

ATTACKS = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "eval('1')",
    "exec(x)",
    "open('/etc/passwd')",
    "lambda: x",
    "x.__class__",
    "[x for x in y]",
    "f'{x}'",
    "sympify('x')",
    "Symbol('x')",
    "x := 2",
    "sin.__globals__",
    "9^9^9^9^9",
    "((((10^99)^99)^99)^99)",
    "x^(y^(10^99))",
    "(" * 5_000,
    "1" * 1_000,
    "x!" * 50,
    "\ud800",
    "х + 1",  # Cyrillic
    "x\u202e + y",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", ["max {} s.t. x + y = 1", "max x + y s.t. {} = 1", "max x+y s.t. x = {}", "{}"])
def test_no_text_is_run_or_computed(attack, place):
    with pytest.raises(UserError) as error:
        solve(read(place.format(attack)))
    assert "\n" not in str(error.value) and str(error.value).startswith("problem")


PIECES = [*"xyz0123456789.+-*/^()=;,\n ²·−eE'[]{}:<", "sin(", "log(", " s.t. ", "max ", "min ", "start = ", "and", "__"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=40))
def test_any_text_is_a_problem_or_one_clear_line(text):
    try:
        problem = read(text)
    except UserError as error:
        assert str(error).startswith("problem") and len(str(error).splitlines()) == 1
    else:
        assert 2 <= len(problem.names) <= MOST_VARIABLES and 1 <= len(problem.constraints) <= MOST_CONSTRAINTS


HARD = [
    "max (x+1)^100 (y+2)^100 s.t. (x+y)^100 = 1",
    "max exp(exp(exp(x))) s.t. x^2 + y^2 = 1",
    "max " + "*".join(f"(x+{i}y)" for i in range(1, 8)) + " s.t. x^12 + y^12 = 1",
    "max x^12 + y^12 + z^12 s.t. x^11 + y^10 + z^12 = 1; x^9 y = z^3",
    "max (x+y+z+w)^12 s.t. (x-y+z-w)^12 = 1; (x+2y)^6 = z^5; w^7 + x^3 = 2",
    "max x^y + y^x s.t. x + y = 4",
    "max x + y s.t. cos(12345x) sin(23456y) = 0.1",
    "max x^2 y^3 + x^5 s.t. x^6 + y^6 = 2x y + 3",
]


def test_nothing_allowed_keeps_a_machine_busy():
    """In a process of its own, killed after two minutes: all of them are solved, or given up, in a few seconds."""
    code = (
        "import json, sys\nfrom pellucid.rooms.lagrange.problem import read\n"
        "from pellucid.rooms.lagrange.solve import solve\nfrom pellucid.rooms.lagrange.verdict import verdict\n"
        "for text in json.loads(sys.argv[1]):\n verdict(solve(read(text)))\nprint('done')"
    )
    arguments = [sys.executable, "-c", code, json.dumps(HARD)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "done\n", done.stderr[-2000:]


# the budget


def test_work_is_stopped_after_its_calls_and_otherwise_untouched():
    def one(x):
        return x + 1

    def work(times):
        total = 0
        for _ in range(times):
            total = one(total)
        return total

    before = sys.getprofile()
    assert within(1_000, 60, lambda: work(500), -1) == 500
    with cProfile.Profile() as profile:  # as it is for someone who measures
        assert within(1_000, 60, lambda: work(10**9), -1) == -1
        assert sys.getprofile() is profile
    assert within(1_000, 60, lambda: work(10**9), -1) == -1
    assert within(10**12, 0.05, lambda: work(10**9), -1) == -1
    assert sys.getprofile() is before
    with pytest.raises(ZeroDivisionError):
        within(1_000, 60, lambda: 1 // 0, -1)
    assert sys.getprofile() is before


@pytest.mark.parametrize(("calls", "complete"), [(20_000, False), (exactly.CALLS, True)])
def test_the_same_budget_gives_the_same_answer(calls, complete, monkeypatch):
    """Out of it the search takes over: it finds the same four points here, but cannot know that there are no more."""
    monkeypatch.setattr(exactly, "CALLS", calls)
    one, other = (solve.__wrapped__(read("max xy s.t. x^4 + y^4 = 1")) for _ in range(2))
    assert one.complete == other.complete == complete and len(one.points) == len(other.points) == 4
    np.testing.assert_array_equal([p.at for p in one.points], [p.at for p in other.points])
