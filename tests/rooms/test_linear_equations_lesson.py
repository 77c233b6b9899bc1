"""Linear equations: the figures of expected.json, the lesson and the homework."""

from __future__ import annotations

import numpy as np
import pytest
from equations import SLIDES, ask

from conftest import expected
from pellucid.rooms.linear_equations.config import Config
from pellucid.rooms.linear_equations.descent import descend
from pellucid.rooms.linear_equations.equations import read
from pellucid.rooms.linear_equations.solve import solve
from pellucid.rooms.linear_equations.system import run_descent

# what expected.json says


def fields_of(command: str, variant: str) -> dict[str, str]:
    """What a study's variant was run with."""
    import shlex

    words = shlex.split(command)[3:]
    given = {
        flag.removeprefix("--").replace("-", "_"): value for flag, value in zip(words[::2], words[1::2], strict=True)
    }
    name, _, value = variant.partition("=")
    return given | {name: value}


@pytest.mark.parametrize("study", range(3))
def test_expected_json_has_the_figures_that_the_room_gives(study):
    found = expected("linear_equations")["studies"][study]
    assert len(found["variants"]) >= 4
    for variant, figures in found["variants"].items():
        outcome = run_descent(Config.build(fields_of(found["command"], variant)))
        scores = {
            "steps": outcome.path.steps,
            "loss": float(outcome.path.losses[-1]),
            "distance": outcome.distance,
            "condition": outcome.exact.condition,
            "keeps": outcome.keeps,
        }
        assert figures.keys() <= scores.keys() and figures
        for name, each in figures.items():
            assert each["mean"] == pytest.approx(scores[name], rel=1e-3), (variant, name)
            assert each["spread"] == 0


# the lesson's numbers, and the homework


def test_the_numbers_in_the_lessons_prose_are_those_that_come_out():
    """Those that no figure of the lesson looks up."""
    slides = run_descent(Config(), read(SLIDES))
    assert np.round(slides.exact.curvatures, 3).tolist() == [37.318, 8.682]
    assert round(slides.rate, 4) == 0.0268 and round(slides.bound, 4) == 0.0536 and round(slides.bound, 5) == 0.05359
    assert np.round(slides.path.losses[2:6] / slides.path.losses[1:5], 3).tolist() == [0.589] * 4
    best = 2 / slides.exact.curvatures.sum()
    assert round(best, 4) == 0.0435 and np.ptp(abs(1 - best * slides.exact.curvatures)) < 1e-12
    a, b = slides.problem.coefficients, slides.problem.right_sides
    assert (a @ [0, 3.5] - b).tolist() == [-3, 3] and np.mean((a @ [0, 3.5] - b) ** 2) == 9
    assert slides.distance < 1e-9
    away = np.abs(slides.path.unknowns[:, 0] - 1)
    assert int(np.argmax(away < 0.01)) == 17
    assert [abs(1 - rate * slides.exact.curvatures[0]).round(4) for rate in (0.0535, 0.0536)] == [0.9965, 1.0002]
    verdicts = [ask(SLIDES, learning_rate=rate)["verdict"]["en"] for rate in (0.0535, 0.0536)]
    assert "diverges" not in verdicts[0] and "diverges" in verdicts[1]

    none = run_descent(Config(), read("x + y = 2; x + y = 3"))
    assert none.path.unknowns[-1].tolist() == pytest.approx([1.25, 1.25])
    assert none.path.losses[-1] == pytest.approx(0.25)
    many = run_descent(Config(), read("x + 2y = 4; 2x + 4y = 8"))
    assert many.path.unknowns[-1].tolist() == pytest.approx([0.8, 1.6])
    assert [list(map(int, each)) for each in many.exact.free] == [[-2, 1]]

    narrow = run_descent(Config(), read("x + y = 2; x + 1.1y = 2"))
    assert np.round(narrow.path.unknowns[1], 2).tolist() == [0.95, 1.0]
    assert np.round(narrow.path.losses[:2], 4).tolist() == [4, 0.0025]
    assert narrow.exact.values.tolist() == [2, 0] and round(narrow.exact.condition, 1) == 42.1
    assert round((1 - 1 / narrow.exact.condition) ** 2, 3) == 0.953
    assert ask("x + y = 2; x + 1.1y = 2.1")["exact"] == {"x": 1, "y": 1}
    three = ask("2a + b - c = 8; -3a - b + 2c = -11; -2a + b + 2c = -3")
    assert round(three["condition"], 1) == 44.7 and three["steps"] == 2_000 and "crawls" in three["verdict"]["en"]

    scaled = ask("5x + 2y = 10; 10x + 40y = 110")
    assert scaled["steps"] == 1_479 and round(scaled["condition"], 1) == 9.5
    assert ask("x + 4y = 11; 5x + 2y = 10")["steps"] == 80
    assert [ask(text)["steps"] for text in ("5x + 2y = 10; 2x - 5y = 1", "x + y = 2; x - y = 1")] == [1, 1]


def result_of(source: str, name: str, case):
    """What a source's function gives; None where it fails."""
    space: dict = {}
    exec(source, space)
    args = [np.array(each, dtype=float) if isinstance(each, list) else each for each in case.args]
    try:
        found = np.asarray(space[name](*args), dtype=float)
    except (ValueError, TypeError):
        return None
    return found


def test_the_homeworks_solutions_are_what_numpy_and_the_room_give():
    from pellucid.rooms.linear_equations.homework import DESCENT, GRADIENT, LARGEST, LEFT

    a, b = np.array([[1.5, -2.5], [0.5, 3.5]]), np.array([1.5, 0.5])
    path = descend(a, b, 0.02, steps=12, tolerance=0)
    case = type(DESCENT.public[0])((a.tolist(), b.tolist(), 0.02, 12))
    np.testing.assert_allclose(result_of(DESCENT.solution, "descend", case), path.unknowns[-1], rtol=1e-12)
    case = type(DESCENT.public[0])((a.tolist(), [0.0, 0.0], b.tolist()))
    assert np.linalg.norm(result_of(GRADIENT.solution, "gradient", case)) == pytest.approx(path.slopes[0])
    bound = solve(read("1.5x - 2.5y = 1; 0.5x + 3.5y = 1")).bound
    assert result_of(LARGEST.solution, "largest_rate", type(DESCENT.public[0])((a.tolist(),))) == pytest.approx(bound)
    assert LEFT.answer == pytest.approx(0.0563, rel=1e-3)
