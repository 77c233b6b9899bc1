"""Exact elimination, beside SymPy's."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy

from pellucid.core.exact import eliminate


@pytest.mark.parametrize("seed", range(12))
def test_it_is_sympys_reduced_form(seed):
    draw = np.random.default_rng(seed)
    rows, columns = draw.integers(1, 6, size=2)
    numbers = draw.integers(-2, 3, size=(rows, columns))  # many of them singular
    reduced, leading = eliminate([[Fraction(int(x), 7) for x in row] for row in numbers], int(columns))
    expected, places = sympy.Matrix((numbers / 1).astype(int).tolist()).rref()
    assert leading == list(places)
    assert reduced == [[Fraction(int(x.p), int(x.q)) for x in expected.row(i)] for i in range(rows)]


def test_it_is_exact_where_floats_are_not():
    given = [[Fraction(1, 10), Fraction(2, 10)], [Fraction(3, 10), Fraction(6, 10)]]
    rows, leading = eliminate(given, 2)
    assert leading == [0] and rows == [[1, 2], [0, 0]]
    assert given[1] == [Fraction(3, 10), Fraction(6, 10)]


def test_right_sides_go_along_and_lead_nothing():
    rows, leading = eliminate([[Fraction(2), Fraction(0), Fraction(4)], [Fraction(2), Fraction(0), Fraction(5)]], 2)
    assert leading == [0] and rows == [[1, 0, 2], [0, 0, 1]]
