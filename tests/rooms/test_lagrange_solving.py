"""Lagrange multipliers, the solutions: all of them, exact, classified; what is claimed is true, and no more is."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.optimize
import sympy

from pellucid.rooms.lagrange import algebra, search
from pellucid.rooms.lagrange.config import Config
from pellucid.rooms.lagrange.ideal import Ideal, TooMany, combination, real_roots
from pellucid.rooms.lagrange.problem import read
from pellucid.rooms.lagrange.solve import solve
from pellucid.rooms.lagrange.system import System
from pellucid.rooms.lagrange.verdict import verdict


def ask(text):
    return next(System(Config()).predict([text]))


def quadratic(matrix, names="xyzw"):
    """xᵀ A x as text."""
    n = len(matrix)
    terms = [f"({matrix[i][j]}) {names[i]} {names[j]}" for i in range(n) for j in range(n)]
    return " + ".join(terms)


# known answers


def test_the_slides_problem_is_solved_exactly():
    solution = solve(read("maximise x + y subject to x^2 + y^2 = 32"))
    assert solution.complete and solution.bounded and (solution.highest, solution.lowest) == ("yes", "yes")
    assert [each.kind for each in solution.points] == ["maximum", "minimum"]
    assert [each.forms for each in solution.points] == [(4, 4), (-4, -4)]
    assert [each.exact_value for each in solution.points] == [8, -8]
    assert [each.exact_multipliers for each in solution.points] == [(sympy.Rational(1, 8),), (-sympy.Rational(1, 8),)]
    found = ask("maximise x + y subject to x^2 + y^2 = 32")
    assert found["best"] == {"x": 4, "y": 4} and found["multipliers"] == {"λ": 0.125}
    assert (found["value"], found["points"]) == (8, 2)
    assert ask("minimise x + y subject to x^2 + y^2 = 32")["best"] == {"x": -4, "y": -4}


@pytest.mark.parametrize(
    ("text", "value", "count"),
    [
        ("min x^2 + y^2 s.t. x y = 4", 8, 2),
        ("max x y s.t. x + y = 10", 25, 1),
        ("max x^2 y s.t. x^2 + y^2 = 3", 2, 6),
        ("max x y z s.t. x + y + z = 6; x^2 + y^2 + z^2 = 14", 6 + 2 * math.sqrt(3) / 9, 6),
        ("min x^2 + y^2 + z^2 s.t. x + 2y + 3z = 14", 14, 1),
        ("max x + 2y + 2z s.t. x^2 + y^2 + z^2 = 9", 9, 2),
        ("max x y s.t. x^4 + y^4 = 1", math.sqrt(0.5), 4),
        ("max w + x + y + z s.t. w^2 + 2x^2 + 3y^2 + 4z^2 = 1", math.sqrt(25 / 12), 2),
        ("max x/(1 + y^2) s.t. x^2 + y^2 = 4", 2, 2),
        ("max (x + y)/(x^2 + 1) s.t. x - y = 0", 1, 2),
        ("max x + y + z s.t. x^2 + y^2 = 1; z = x y", 0.5 + math.sqrt(2), 4),
        ("min x^2 + y^2 s.t. (x - 1)^3 = y^2", 1, 1),
    ],
)
def test_textbook_problems(text, value, count):
    solution = solve(read(text))
    assert solution.complete and len(solution.points) == count
    assert solution.best.value == pytest.approx(value, rel=1e-12)
    if solution.best.exact_value is not None:
        assert float(solution.best.exact_value) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_a_quadratic_form_on_the_sphere_is_stationary_at_its_eigenvectors(n, seed):
    """2n points, all found, with the eigenvalues as values and as multipliers."""
    random = np.random.default_rng(seed)
    root = random.integers(-4, 5, (n, n))
    matrix = root + root.T + np.diag(random.integers(1, 9, n) * 3)
    eigenvalues = np.linalg.eigvalsh(matrix)
    sphere = " + ".join(f"{name}^2" for name in "xyzw"[:n])
    solution = solve(read(f"max {quadratic(matrix)} s.t. {sphere} = 1"))
    assert solution.complete and len(solution.points) == 2 * n and solution.highest == "yes"
    np.testing.assert_allclose(
        sorted(p.value for p in solution.points), np.repeat(eigenvalues, 2), rtol=1e-9, atol=1e-9
    )
    for point in solution.points:
        assert point.multipliers[0] == pytest.approx(point.value, rel=1e-9, abs=1e-9)
        order = np.searchsorted(eigenvalues, point.value - 1e-6)
        assert point.kind == ("minimum" if order == 0 else "maximum" if order == n - 1 else "saddle")


@pytest.mark.parametrize("seed", range(6))
def test_least_squares_under_linear_equations_is_the_linear_system_of_the_textbook(seed):
    random = np.random.default_rng(seed)
    n, m = 4, 1 + seed % 3
    a, b, centre = random.integers(-5, 6, (m, n)), random.integers(-5, 6, m), random.integers(-3, 4, n)
    f = " + ".join(f"({name} - ({c}))^2" for name, c in zip("wxyz", centre, strict=True))
    rows = [" + ".join(f"({k}) {name}" for name, k in zip("wxyz", row, strict=True)) for row in a]
    lines = "; ".join(f"{row} = {right}" for row, right in zip(rows, b, strict=True))
    (point,) = solve(read(f"min {f} s.t. {lines}")).points
    system = np.block([[2 * np.eye(n), -a.T], [a, np.zeros((m, m))]])
    exact = np.linalg.solve(system, np.concatenate([2 * centre, b]))
    np.testing.assert_allclose(np.concatenate([point.at, point.multipliers]), exact, rtol=1e-9, atol=1e-9)
    assert point.kind == "minimum"


@pytest.mark.parametrize(
    "text",
    [
        "min x^2 + 3y^2 + x y s.t. x^2 + y^2 + x = 5",
        "min x^3 + y^2 s.t. x^2 + 2y^2 = 4",
        "min x y + z s.t. x^2 + y^2 + z^2 = 3; x + y = 1",
        "min exp(x) + y^2 s.t. x^2 + y^2 = 4",
        "min p log(p) + q log(q) + r log(r) + p s.t. p + q + r = 1",
        "min sin(x) + cos(y) s.t. x^2 + y^2 = 2",
    ],
)
def test_no_start_of_scipy_finds_a_lower_point(text):
    problem = read(text)
    solution, n = solve(problem), len(problem.names)
    lowest = solution.best.value
    constraints = [{"type": "eq", "fun": lambda x, g=g: float(g(*x))} for g in problem.constraints]
    reached = []
    for seed in range(12):
        low = 0.1 if "log" in text else -1.5
        start = np.random.default_rng(seed).uniform(low, 1.5, n)
        found = scipy.optimize.minimize(
            lambda x: float(problem.objective(*x)), start, method="SLSQP", constraints=constraints,
            bounds=[(1e-9, None)] * n if "log" in text else None, options={"maxiter": 300, "ftol": 1e-13},
        )  # fmt: skip
        if found.success and max(abs(float(g(*found.x))) for g in problem.constraints) < 1e-8:
            reached.append(found.fun)
    assert len(reached) > 3 and min(reached) == pytest.approx(lowest, abs=1e-6)


def test_gradients_align_at_every_point_and_the_shadow_price_is_the_multiplier():
    for text in (
        "max x y + z s.t. x^2 + y^2 + z^2 = {}",
        "min x^2 + 2y^2 s.t. x y + x = {}",
        "max exp(x) y s.t. x^2 + y^2 = {}",
    ):
        below, solution, above = (solve(read(text.format(c))) for c in (2.99, 3, 3.01))
        assert (above.best.value - below.best.value) / 0.02 == pytest.approx(solution.best.multipliers[0], rel=1e-4)
        for point in solution.points:
            _, g, df, dg = solution.calculus.first(point.at)
            np.testing.assert_allclose(df, point.multipliers @ dg, atol=1e-8)
            np.testing.assert_allclose(g, 0, atol=1e-9)


# what fails, and how it says so


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("max x + y s.t. x^2 + y^2 = 32", ["largest value is 8, at x = 4, y = 4, with λ = 1/8 (0.125)"], "已證明"),
        ("max x + y s.t. x^2 + y^2 = -1", ["No point fulfils the constraint", "no real solution"], "沒有任何點"),
        ("max x + y s.t. x + y = 1; x + y = 2", ["No point fulfils", "contradict each other"], "互相矛盾"),
        ("max x + y s.t. x^2 + y^2 = 1; x = 2", ["No point fulfils", "contradict"], "互相矛盾"),
        ("max x + y s.t. x - y = 0", ["No stationary point", "no solution, proven", "neither a largest"], "沒有駐點"),
        ("max x y s.t. x^2 - y^2 = 1", ["only complex solutions (4)", "neither"], "複數解"),
        ("x^2 + y^2 s.t. x^2 + y^2 = 1", ["Infinitely many", "proven", "f is 1 at all"], "無限多"),
        ("max x y^2 s.t. x + y = 3", ["no largest value", "best local maximum is 4, at x = 1, y = 2"], "沒有最大值"),
        ("min x s.t. y^2 = x^3", ["At x = 0, y = 0: ∇g = 0", "not proven"], "∇g = 0"),
        ("max x + y s.t. (x + y - 1)^2 = 0", ["multiplier method says nothing here"], "乘數法在這裡沒有用"),
        ("max x s.t. x + y = 1; 2x + 2y = 2", ["multiplier method says nothing", "says the same"], "意思相同"),
        ("max x + y s.t. sin(x) + y = 0", ["found by search from 96 starts", "may be others"], "可能還有別的"),
        ("min abs(x) + y s.t. x^2 + y^2 = 1", ["None of the points found is the smallest", "kink"], "轉折"),
        ("max sqrt(x - 2) + y s.t. sqrt(1 - x) + y = 1", ["found no point on the constraint"], "沒有找到"),
        ("max x^3 s.t. x^2 + y^2 = 1", ["2 undecided", "largest value is 1"], "無法判斷"),
        ("max x + y s.t. x^2 + y^2 = 0", ["largest value is 0, at x = 0, y = 0", "without multiplier"], "沒有乘數"),
        ("max p q s.t. sin(p) + q = 0; cos(p) = 2", ["found no point on the constraint"], "沒有找到"),
    ],
)  # fmt: skip
def test_the_verdict_says_what_it_is_and_no_more(text, en, zh):
    found = verdict(solve(read(text)))
    assert all(part in found["en"] for part in en), found["en"]
    assert zh in found["zh-TW"], found["zh-TW"]


def test_where_there_is_none_there_are_no_numbers():
    found = ask("maximise x + y subject to x^2 + y^2 = -1")
    assert found["best"] == {"x": None, "y": None} and found["multipliers"] == {"λ": None} and found["value"] is None
    assert ask("x^2 + y^2 s.t. x^2 + y^2 = 1")["points"] is None  # infinitely many
    assert ask("min x s.t. y^2 = x^3")["multipliers"] == {"λ": None}


def test_a_witness_against_a_largest_value_lies_on_the_constraint_and_higher():
    for text in ("max x y^2 s.t. x + y = 3", "max x/y s.t. x^2 + y^2 = 1", "max x y z s.t. x + y + z = 6"):
        solution = solve(read(text))
        f, g, _, _ = solution.calculus.first(solution.above)
        assert solution.highest == "no" and np.abs(g).max() < 1e-6
        assert all(f > point.value for point in solution.points)
    # near a tip g is small far away from the curve: nothing there may count as feasible
    assert solve(read("min x s.t. y^2 = x^3")).below is None


@pytest.mark.parametrize(
    ("constraints", "proven"),
    [
        ("x^2 + y^2 = 1", True),
        ("x^4 + 2y^2 + y^4 = 1", True),
        ("x^2 + x y + y^2 = 1", True),
        ("x^2 + 3x y + y^2 = 1", False),  # a hyperbola
        ("x^2 = 1", False),
        ("x^2 = 4; y = x^3", True),
        ("x^2 + y = 1", False),
        ("x y = 1", False),
        ("x^2 - y^2 = 1", False),
        ("-x^2 - y^2 = -5", True),
    ],
)
def test_only_what_is_bounded_is_called_bounded(constraints, proven):
    problem = read(f"max x + y s.t. {constraints}")
    assert solve(problem).bounded == proven


@pytest.mark.parametrize(
    "text",
    [
        "max y^2 - 1 + x^3 - 3x^2 y s.t. 3y z - 2y = -3",
        "max x^3 + x z - 4y z + 4x^2 y s.t. 2x - x^2 + 2x y = 2; 2x y - 2y z - 1 = -1",
        "max 4x^2 + 4x + 2 + 4x y s.t. -x y = -3",
        "max x y^2 s.t. x + y = 3",
        "max x^3 + y^3 + z^3 s.t. x^2 + y^2 + z^2 = 1",
    ],
)
def test_the_search_finds_what_algebra_finds_and_takes_no_limit_far_out_for_a_point(text):
    solution = solve(read(text))
    begin = search.starts(solution.calculus.n)
    found = search.stationary(solution.calculus, np.concatenate([search.feasible(solution.calculus, begin), begin]))
    assert solution.complete
    points = [p.at for p in solution.points if p.kind != "singular"]
    for each in found:
        assert min(np.abs(each - at).max() for at in points) < 1e-4, each
    assert len(found) == len(points)


def test_isolated_points_and_saddles_are_told_apart():
    kinds = [p.kind for p in solve(read("max x + y s.t. x^2 + y^2 = 32; x = y")).points]
    assert kinds == ["alone", "alone"]
    kinds = [p.kind for p in solve(read("max x y z s.t. x + y + z = 6")).points]
    assert kinds == ["maximum", "saddle", "saddle", "saddle"]


# the algebra


def test_formulas_become_polynomials_that_have_their_values():
    names = ("x", "y")
    for text in ("(x + 2y)^3 - x/4", "1.5x y - 2/3", "-(x - y)^2 (x + 1)", "x^2/(1 + y^2) - 1/x", "(x/y)^-2"):
        formula = read(f"max {text} s.t. x + y = 1").objective
        top, below = algebra.quotient(formula.tree, names)

        def value(a, at=(0.3, 0.7)):
            return sum(float(c) * math.prod(v**k for v, k in zip(at, key, strict=True)) for key, c in a.items())

        assert value(top) / value(below) == pytest.approx(float(formula(0.3, 0.7)), rel=1e-12)
    for text in ("sin(x)", "x^0.5", "x^y", "abs(x)", "(x + y)^13", "2^x"):
        with pytest.raises(algebra.NotPolynomial):
            algebra.quotient(read(f"max {text} s.t. x + y = 1").objective.tree, names)


def test_an_ideal_counts_complex_solutions_and_finds_the_real_ones():
    def polynomial(text):
        return algebra.quotient(read(f"max {text} s.t. x + y = 1").objective.tree, ("x", "y"))[0]

    found = Ideal([polynomial("x^2 + y^2 - 5"), polynomial("x y - 2")], 2).solutions()
    assert found.complex == 4 and sorted(map(tuple, found.real.round(12))) == [(-2, -1), (-1, -2), (1, 2), (2, 1)]
    found = Ideal([polynomial("x^3 - 2"), polynomial("y^2 - x")], 2).solutions()
    assert found.complex == 6 and len(found.real) == 2
    np.testing.assert_allclose(np.abs(found.real), [[2 ** (1 / 3), 2 ** (1 / 6)]] * 2, rtol=1e-15)
    double = Ideal([polynomial("(x - y)^2"), polynomial("(x + y - 2)^3")], 2).solutions()
    assert double.complex == 1 and double.exact == [[1, 1]]
    assert Ideal([polynomial("x"), polynomial("x + 1 + 0y")], 2).empty
    with pytest.raises(TooMany):
        Ideal([polynomial("x y")], 2).solutions()


@pytest.mark.parametrize("seed", range(5))
def test_real_roots_are_those_that_were_put_in(seed):
    random = np.random.default_rng(seed)
    roots = sorted(
        {Fraction(int(a), int(b)) for a, b in zip(random.integers(-40, 40, 5), random.integers(1, 9, 5), strict=True)}
    )
    a = [Fraction(1), Fraction(0), Fraction(1)]  # t² + 1 has none
    for root in roots:
        a = [x - root * y for x, y in zip([Fraction(0), *a], [*a, Fraction(0)], strict=True)]
    np.testing.assert_allclose(
        [float(each) for each in real_roots(a)], [float(each) for each in roots], rtol=1e-15, atol=1e-30
    )


def test_a_combination_is_found_or_denied():
    one, two = [Fraction(1), Fraction(2), Fraction(0)], [Fraction(0), Fraction(1), Fraction(1)]
    assert combination([one, two], [Fraction(2), Fraction(1), Fraction(-3)]) == [2, -3]
    assert combination([one, two], [Fraction(0), Fraction(0), Fraction(1)]) is None
