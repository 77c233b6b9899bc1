"""Linear equations, the reader: what people write, and what is wrong with it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from equations import SLIDES
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.core.errors import UserError
from pellucid.rooms.linear_equations.config import Config
from pellucid.rooms.linear_equations.equations import read
from pellucid.rooms.linear_equations.solve import solve


@pytest.mark.parametrize(
    ("text", "names", "rows", "rights"),
    [
        (SLIDES, "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5x+2y=10;x+4y=11", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5x+2y=10, x+4y=11", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5x + 2y == 10 and x + 4y = 11;", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("x=1，y=2、z=3", "x y z", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, 2, 3]),
        ("2*x - y*3 = 1/2 ; .5 x = 2.25", "x y", [[2, -3], ["1/2", 0]], ["1/2", "9/4"]),
        ("1/2x = 3", "x", [["1/2"]], [3]),  # (1/2) x
        ("x/2 = 3", "x", [["1/2"]], [3]),
        ("3 - x = 2x + 9 - 3", "x", [[-3]], [3]),
        ("−x × 2 = –6", "x", [[-2]], [-6]),  # typographic minus signs and times
        ("５ｘ＋２ｙ＝１０；ｘ＋４ｙ＝１１", "x y", [[5, 2], [1, 4]], [10, 11]),  # full width
        ("x₁ + x_2 = 3; x1 - x_2 = 1", "x1 x_2", [[1, 1], [1, -1]], [3, 1]),
        ("x10 = 1\nx2 = 2\nx1 = 3", "x1 x2 x10", [[0, 0, 1], [0, 1, 0], [1, 0, 0]], [1, 2, 3]),
        ("3 蘋果 + 橘子 = 10\n蘋果 = 2", "橘子 蘋果", [[1, 3], [0, 1]], [10, 2]),
        ("x + x + 2*3x = - -4", "x", [[8]], [4]),
        ("0x = 1", "x", [[0]], [1]),
        ("2x = x + x", "x", [[0]], [0]),
        ("\n\n x = 1 \r\n ; \n", "x", [[1]], [1]),
        ("5, 2 | 10\n1, 4 | 11", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5,2,10\n1,4,11", "x y", [[5, 2], [1, 4]], [10, 11]),
        ("5 2 10; 1 -4 11/3", "x y", [[5, 2], [1, -4]], [10, "11/3"]),
        ("1 0 0 0|1;0 1 0 0|2;0 0 1 0|3;0 0 0 1|4", "x1 x2 x3 x4", np.eye(4, dtype=int).tolist(), [1, 2, 3, 4]),
    ],
)
def test_what_is_typed_is_read(text, names, rows, rights):
    problem = read(text)
    assert problem.names == tuple(names.split())
    assert problem.rows == tuple(tuple(Fraction(each) for each in row) for row in rows)
    assert problem.rights == tuple(map(Fraction, rights))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "line 1, column 6: no equal sign"),
        ("x + y = 2\n\nx = 3 = y", "line 3, column 7: two equal signs"),
        ("x = 1; y + $ = 2", r"line 1, column 12: '\$': not read"),
        ("x^2 = 4", r"column 2: '\^': a power is not linear"),
        ("x² = 4", "column 2: '²'"),
        ("½x = 4", "column 1: '½'"),
        ("2(x + y) = 4", r"column 2: '\(': brackets are not read; multiply them out"),
        ("x < 3", "column 3: '<': only equations"),
        ("x*y = 3; x = 1", "column 3: x times y: a product of unknowns"),
        ("x y = 3; x = 1", "column 3: x times y"),
        ("x*x = 4", "column 3: x times x"),
        ("1/x = 3", "column 3: divided by the unknown x"),
        ("x/0 = 3", "column 3: divided by 0"),
        ("x 2 = 3", "column 3: a number stands right behind"),
        ("x = 1, y + $ = 2", r"line 1, column 12: '\$': not read"),
        ("2 3 x = 3", "column 3: a number stands right behind"),
        ("1,000x = 3", "column 2: ',' stands between the numbers of a row"),
        ("x + = 3", "column 5: a number or an unknown is missing before '='"),
        ("x = ", "column 4: a number or an unknown is missing at the end"),
        ("= 4", "column 1: a number or an unknown is missing before '='"),
        ("3 = 3", "column 1: no unknown"),
        ("x = 1\n3 = 3", "line 2, column 1: no unknown"),
        ("x + y = 3", r"1 equation, but 2 unknowns \(x, y\)"),
        ("x = 1\nx = 2", r"2 equations, but 1 unknown \(x\)"),
        ("; \n ;", "there is none"),
        ("1234567890123456789012 x = 1", "22 digits are more than 20"),
        ("10000000000 x = 1", "line 1, column 1: a number above 1,000,000,000"),
        ("x = 0.0000000001", "nearer to 0"),
        ("+".join(f"x{i}" for i in range(13)) + "=1", "13 unknowns .* are more than 12"),
        ("1 2 | 3\nx + y = 2", "line 2, column 1: rows of numbers and equations are mixed"),
        ("1 2 | 3\n1 2 3 | 4", "line 2, column 1: 4 numbers, but the first row has 3"),
        ("1 | 2 | 3", "column 7: two bars|column 7: behind the bar"),
        ("1 | 2 3", "column 7: behind the bar stands one number"),
        ("1, , 2", "a number is missing before ','"),
        ("1, 2 |", "a number is missing at the end"),
        ("1/0 | 2", "divided by 0"),
        ("5", "a single number is no equation"),
        ("__import__('os')", "column 1: '_'"),
        ("y" * 9_000 + " = 1", "9000 characters is longer than 20"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_says_where(text, says):
    with pytest.raises(UserError, match=says) as error:
        read(text)
    assert "\n" not in str(error.value) and str(error.value).startswith("equations")


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789xyz_+-*/=;,|.\n ()^²½甲e", max_size=60) | st.text(max_size=40))
def test_any_text_is_a_system_or_one_clear_line(text):
    try:
        problem = read(text)
    except UserError as error:
        assert str(error).startswith("equations") and len(str(error).splitlines()) == 1
    else:
        assert len(problem.rows) == len(problem.rights) == len(problem.names) <= 12
        assert np.isfinite(problem.coefficients).all() and solve(problem).rank <= len(problem.names)


def test_a_system_written_out_reads_as_itself():
    problem = read("1/3 x - y + 0.5z = 1; -x = 2.5z; y - 1/7z = -3")
    assert problem.lines == ("1/3 x - y + 0.5z = 1", "-x - 2.5z = 0", "y - 1/7 z = -3")
    assert read("\n".join(problem.lines)) == problem


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("learning_rate", "fast", "learning_rate"),
        ("learning_rate", "0", "above 0"),
        ("learning_rate", "-1", "learning_rate"),
        ("learning_rate", "1e9", "at most 1,000,000"),
        ("learning_rate", "1e999", "at most"),
        ("equations", "x + y = 3", "1 equation, but 2 unknowns"),
        ("steps", 0, "steps"),
        ("momentum", 1, "momentum"),
    ],
)
def test_a_wrong_configuration_is_refused(field, value, says):
    with pytest.raises(UserError, match=says) as error:
        Config.build({field: value})
    assert "\n" not in str(error.value)


def test_a_learning_rate_may_be_a_number():
    assert Config.build({"learning_rate": 0.05}).learning_rate == "0.05"
    assert Config.build({"learning_rate": 1}).learning_rate == "1"
