"""Linear regression, homework and lesson: its numbers are computed, its run to beat can be beaten."""

from __future__ import annotations

import numpy as np
import pytest
from regression import SIZE, SOLD, problem

from pellucid import api, catalog
from pellucid.core.errors import UserError
from pellucid.learn.homework import Function
from pellucid.rooms.linear_regression.config import Config
from pellucid.rooms.linear_regression.data import prepare
from pellucid.rooms.linear_regression.homework import EXERCISES
from pellucid.rooms.linear_regression.solve import (
    Penalty,
    descend,
    exact,
)

# homework


def test_solutions_are_those_of_the_room():
    solutions = {each.name: each for each in EXERCISES if isinstance(each, Function)}
    found, _ = problem()
    x, y, theta = found.design[:, 1:], found.y, np.array([1.0, 2.0, -3.0, 0.5, 4.0])
    space: dict = {}
    for each in solutions.values():
        exec(each.solution, space)
    gradient = space["mse_gradient"](x, y, theta[1:], theta[0])
    np.testing.assert_allclose(np.roll(gradient, 1), found.gradient(theta))
    np.testing.assert_allclose(np.roll(space["ridge"](x, y, 0.1), 1), exact(found, Penalty(0.1, 0.0)), atol=1e-8)


def test_the_run_to_beat_can_be_beaten(regressions):
    task = EXERCISES[-1]
    assert regressions().evaluate()[task.metric] < task.at_least
    better = regressions(features="size, rooms, age, door, station")
    assert better.evaluate()[task.metric] >= task.at_least


# the lesson


@pytest.fixture(scope="module")
def told(regressions):
    """Every number that stands in the lesson's prose, computed: as it is written -> its value."""
    run = api.open(api.bundled("linear_regression"))
    model = run.system.model
    problem_, _ = problem()
    plain, _ = problem(standardize=False)
    scores = {name: run.evaluate(name) for name in ("train", "validation", "test")}
    more = regressions(features="size, rooms, age, door, station")
    logistic = regressions(**SOLD, epochs=2000)
    parts = prepare(Config()).parts
    larger, here = (run.predict(f"size = {size}, rooms = 3, age = 10, door = 7")["prediction"] for size in (121, 120))
    age = logistic.system.model.coefficients[2]
    return {
        "200": sum(map(len, parts.values())),
        "120": len(parts["train"]),
        "99.3": model.mean[0],
        "43.7": model.deviation[0],
        "1.08": 2 / problem_.curvature(Penalty(0, 0)),
        "0.00062": 2 / plain.curvature(Penalty(0, 0)),
        "8.71": larger - here,
        "0.85": np.corrcoef(plain.design[:, 1], plain.design[:, 2])[0, 1],
        "55.0": model.theta[2],
        "381.0": model.theta[1],
        "−114.2": model.theta[3],
        "−3.6": model.theta[4],
        "0.955": scores["train"]["r2"],
        "0.959": scores["validation"]["r2"],
        "0.920": scores["test"]["r2"],
        "105.2": scores["test"]["rmse"],
        "90.9": scores["test"]["mae"],
        "0.937": more.evaluate()["r2"],
        "94.0": more.evaluate()["rmse"],
        "−57.6": more.system.model.coefficients[4],
        "−0.047": age,
        "0.95": np.exp(age),
        "400": run.run.info["training"]["steps"],
    }


def test_the_numbers_of_the_lesson_are_computed(told):
    room = catalog.folder("linear_regression")
    texts = [(room / f"lesson.{language}.md").read_text() for language in ("en", "zh-TW")]
    for number, value in told.items():
        places = len(number.partition(".")[2])
        assert f"{value:,.{places}f}".replace("-", "\N{MINUS SIGN}") == number
        assert all(number in text for text in texts), number


def test_the_claims_of_the_lesson(regressions):
    run = api.open(api.bundled("linear_regression"))
    model, trace = run.system.model, run.look(SIZE)
    assert 0 < np.abs(model.theta - model.exact).max() < 1e-8
    slopes, end = trace.series("slope"), trace.array("slope[29]")
    np.testing.assert_allclose(np.diff(end - slopes)[:9] / (end - slopes)[:9], -0.5, atol=1e-3)  # halves what is left
    assert 0.95**41 < 0.125 < 0.95**40
    path_, alphas = trace.array("path")[1:], trace.array("alphas")
    entered = [int(np.flatnonzero(row)[0]) for row in path_]
    assert entered == [1, 8, 6, 20] and alphas[20] < 4 < alphas[19]  # size, then age, then rooms, then the house number
    assert regressions(penalty="l1", alpha=5.0).system.model.theta[4] == 0
    assert regressions(learning_rate=1.0).evaluate()["r2"] == pytest.approx(run.evaluate()["r2"], abs=1e-6)
    crawling = regressions(standardize=False, learning_rate=0.0005).system.model
    assert np.abs(crawling.theta - crawling.exact).max() > 30
    gap = np.abs(trace.array("weights[29]") - model.theta)
    assert sorted(np.argsort(gap)[-2:]) == [1, 2] and gap[1] == pytest.approx(gap[2], rel=0.02)
    better = regressions(features="size, rooms, age, door, station").system.model
    assert better.intercept > model.intercept
    assert run.evaluate("validation")["r2"] > run.evaluate("train")["r2"]
    with pytest.raises(UserError, match=r"below 1\.07"):
        list(descend(problem()[0], Penalty(0, 0), 1.2, 400))
    assert 17_000 < run.predict("size = 2000, rooms = 3, age = 10, door = 7")["prediction"] < 19_000


def test_the_run_to_beat_can_be_made_as_its_hint_says(tmp_path):
    """The checker lets the columns be chosen, and nothing else of the data."""
    from pellucid import api
    from pellucid.homeworkcommand import measure
    from pellucid.rooms.linear_regression.homework import EXERCISES

    beat = next(each for each in EXERCISES if each.name == "better_prices")
    made = api.train("linear_regression", runs=tmp_path, features="size, rooms, age, door, station")
    assert measure(beat, made.path.name, made.path.parent) >= beat.at_least
    plain = api.train("linear_regression", runs=tmp_path)
    assert measure(beat, plain.path.name, plain.path.parent) < beat.at_least
