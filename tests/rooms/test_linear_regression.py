"""Linear regression: equal to scikit-learn, its runs, an example that is typed."""

from __future__ import annotations

import numpy as np
import pytest
from regression import CLASSIFICATIONS, REGRESSIONS, SIZE, SOLD, problem
from sklearn import linear_model
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from pellucid import api
from pellucid.core.errors import UserError
from pellucid.rooms.linear_regression.data import Scale, prepare
from pellucid.rooms.linear_regression.solve import (
    Penalty,
    Problem,
    descend,
    exact,
    path,
    penalty_of,
    sigmoid,
    soft,
)
from pellucid.rooms.linear_regression.typed import parse
from pellucid.rooms.linear_regression.words import written


def reference(found: Problem, penalty: Penalty) -> np.ndarray:
    """Intercept and coefficients of scikit-learn, in its own conventions."""
    n, x, y = len(found.y), found.design[:, 1:], found.y
    precise = {"tol": 1e-10, "max_iter": 200_000}
    if found.logistic:
        ratio = penalty.l1_ratio if penalty.alpha else 0.0
        c = 1 / (n * penalty.alpha) if penalty.alpha else np.inf
        solver = "saga" if ratio else "lbfgs"
        model = linear_model.LogisticRegression(C=c, l1_ratio=ratio, solver=solver, **precise).fit(x, y)
    elif not penalty.alpha:
        model = linear_model.LinearRegression().fit(x, y)
    elif penalty.l1_ratio == 1:
        model = linear_model.Lasso(alpha=penalty.alpha, **precise).fit(x, y)
    elif penalty.l1_ratio == 0:
        model = linear_model.Ridge(alpha=n * penalty.alpha).fit(x, y)
    else:
        model = linear_model.ElasticNet(alpha=penalty.alpha, l1_ratio=penalty.l1_ratio, **precise).fit(x, y)
    return np.append(model.intercept_, model.coef_)


# the mathematics, against scikit-learn

ALL = REGRESSIONS + [SOLD | each for each in CLASSIFICATIONS]


@pytest.mark.parametrize("fields", ALL, ids=str)
def test_the_exact_minimum_is_that_of_scikit_learn(fields):
    found, config = problem(**fields)
    theta, wanted = exact(found, penalty_of(config)), reference(found, penalty_of(config))
    np.testing.assert_allclose(theta, wanted, atol=1e-4, rtol=1e-4)
    assert np.array_equal(theta == 0, wanted == 0)


@pytest.mark.parametrize("fields", ALL, ids=str)
def test_descent_ends_at_the_exact_minimum(fields):
    found, config = problem(**fields)
    rate = 1 / found.curvature(penalty_of(config))
    *_, theta = descend(found, penalty_of(config), rate, 4000)
    np.testing.assert_allclose(theta, exact(found, penalty_of(config)), atol=1e-4)


@pytest.mark.parametrize("fields", [{}, SOLD, {"standardize": False}], ids=str)
def test_the_gradient_is_that_of_finite_differences(fields):
    found, _ = problem(**fields)
    theta = np.linspace(-0.02, 0.03, found.design.shape[1])
    steps = 1e-5 * np.eye(len(theta))
    slopes = [(found.loss(theta + e) - found.loss(theta - e)) / 2e-5 for e in steps]
    np.testing.assert_allclose(found.gradient(theta), slopes, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("ratio", [1.0, 0.5, 0.0])
def test_the_path_is_that_of_scikit_learn_and_begins_at_zero(ratio):
    found, _ = problem()
    alphas, weights = path(found, ratio)
    assert len(alphas) == 30 and (np.diff(alphas) < 0).all()
    for alpha, theta in list(zip(alphas, weights, strict=True))[::7]:
        np.testing.assert_allclose(theta, reference(found, Penalty(alpha, ratio)), atol=1e-3, rtol=1e-5)
    if ratio:
        assert not weights[0, 1:].any() and weights[1, 1:].any()
    else:
        assert weights[0, 1:].all()  # ridge never gives a zero


def test_the_path_of_two_classes_begins_at_the_share_of_the_class():
    found, _ = problem(**SOLD)
    _, weights = path(found, 1.0)
    assert not weights[0, 1:].any()
    assert sigmoid(weights[0, 0]) == pytest.approx(found.y.mean(), abs=1e-9)


def test_a_step_size_is_too_large_just_above_its_limit(tmp_path):
    found, config = problem()
    limit = 2 / found.curvature(penalty_of(config))
    *_, theta = descend(found, penalty_of(config), 0.99 * limit, 3000)
    np.testing.assert_allclose(theta, exact(found, penalty_of(config)), atol=1e-4)
    with pytest.raises(UserError, match=rf"learning_rate.*below {0.999 * limit:.4g}"):
        list(descend(found, penalty_of(config), 1.02 * limit, 3000))
    with pytest.raises(UserError, match="learning_rate: 50"):
        api.train("linear_regression", runs=tmp_path, learning_rate=50)


def test_soft_threshold():
    assert soft(np.array([3.0, -3.0, 0.5, -0.5]), 1.0).tolist() == [2, -2, 0, 0]
    assert not np.signbit(soft(np.array([-0.5]), 1.0)).any()


def test_columns_that_depend_on_each_other_still_have_a_least_squares_solution(tmp_path):
    x = np.linspace(0, 1, 40)
    file = tmp_path / "twins.csv"
    file.write_text("a,b,y\n" + "".join(f"{v},{2 * v},{5 * v + 1}\n" for v in x))
    run = api.train("linear_regression", runs=tmp_path, data=str(file), features="a, b", target="y", epochs=4000)
    assert run.predict("a = 0.5, b = 1")["prediction"] == pytest.approx(3.5, abs=1e-6)
    assert run.system.model.exact == pytest.approx(run.system.model.theta, abs=1e-6)


# trained runs


@pytest.mark.parametrize("fields", [{}, {"penalty": "l1", "alpha": 20.0}, SOLD | {"epochs": 4000}], ids=str)
def test_scores_and_answers_are_those_of_scikit_learn(regressions, fields):
    run = regressions(**fields)
    parts, model = prepare(run.system.config).parts, run.system.model
    scale = Scale.learn(parts["train"].x, True)
    wanted = reference(Problem(scale.design(parts["train"].x), parts["train"].y, "task" in fields),
                       penalty_of(run.system.config))  # fmt: skip
    z = scale.design(parts["test"].x) @ wanted
    y, found = parts["test"].y, sigmoid(z) if "task" in fields else z
    scores = run.evaluate()
    assert scores["r2"] == pytest.approx(r2_score(y, found), abs=1e-4)
    assert scores["rmse"] == pytest.approx(root_mean_squared_error(y, found), rel=1e-4)
    assert scores["mae"] == pytest.approx(mean_absolute_error(y, found), rel=1e-4)
    row = parts["test"].x[0]
    text = "; ".join(f"{name} = {value}" for name, value in zip(run.system.features, row, strict=True))
    assert run.predict(text)["prediction"] == pytest.approx(float(found[0]), rel=1e-4)
    assert len(model.coefficients) == 4
    if "task" in fields:
        assert scores["accuracy"] == ((found >= 0.5) == y).mean()
        assert {"auc", "log_loss", "confusion"} <= scores.keys()


def test_the_sentence_adds_up(regressions):
    answer = regressions().predict(SIZE)
    formula = answer["formula"]["en"].replace("\N{MINUS SIGN}", "-").replace(",", "")
    sum_, result = formula.split(": ")[1].removeprefix("price = ").rsplit(" = ", 1)
    terms = sum_
    for name in ("size", "rooms", "age", "door"):
        terms = terms.replace(f" ({name})", "")
    total = eval(terms.replace("×", "*"), {"__builtins__": {}})  # our own sentence, of digits and signs
    assert total == pytest.approx(answer["prediction"], rel=1e-3)
    assert float(result) == pytest.approx(answer["prediction"], rel=1e-4)
    assert "截距" in answer["formula"]["zh-TW"]
    logistic = regressions(**SOLD).predict(SIZE)
    assert logistic["formula"]["en"].startswith("log-odds of sold = yes: ")
    assert written(logistic["prediction"]) in logistic["formula"]["en"] and 0 < logistic["prediction"] < 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1113.59187, "1,113.6"), (-0.0630794, "−0.063079"), (8.7113, "8.7113"), (2.5e12, "2.5e+12")],
)
def test_how_numbers_are_written(value, text):
    assert written(value) == text


def test_a_sentence_of_many_features_ends(tmp_path):
    names = [f"f{i}" for i in range(15)]
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 15))
    file = tmp_path / "wide.csv"
    lines = [",".join([*map(str, row), str(row.sum())]) for row in rows]
    file.write_text(",".join([*names, "y"]) + "\n" + "\n".join(lines))
    run = api.train("linear_regression", runs=tmp_path, data=str(file), features=",".join(names), target="y",
                    learning_rate=0.3)  # fmt: skip
    answer = run.predict(", ".join(f"{name} = 1" for name in names))
    assert answer["prediction"] == pytest.approx(15, abs=1e-3)
    assert "5 smaller products" in answer["formula"]["en"] and "其餘 5 個" in answer["formula"]["zh-TW"]
    report = run.look(", ".join(f"{name} = 1" for name in names)).check()
    assert report.checked == report.total < 1000


def test_the_log_has_the_curves_and_the_path(regressions):
    run = regressions().run
    epochs, steps = list(run.metrics("epoch")), list(run.metrics("path"))
    assert len(epochs) == 200 and epochs[-1]["step"] == 400  # thinned
    losses = [line["train_loss"] for line in epochs]
    assert (np.diff(losses) <= 1e-12 * losses[0]).all() and losses[0] > 10 * losses[-1]
    info = regressions().run.info["training"]
    assert info["best_epoch"] == 200 and info["best"] == losses[-1] and info["steps"] == 400
    assert epochs[-1]["distance_to_exact"] < 1e-6 < epochs[0]["distance_to_exact"]
    assert len(steps) == 30 and {"alpha", "coefficient/size", "coefficient/door"} <= steps[0].keys()


def test_a_stopped_training_goes_on(tmp_path, monkeypatch):
    from pellucid.core.errors import Interrupted
    from pellucid.core.run import Run

    monkeypatch.setattr(Run, "asked_to_stop", property(lambda self: True))
    with pytest.raises(Interrupted, match="nothing is lost"):
        api.train("linear_regression", runs=tmp_path)
    monkeypatch.undo()
    (run,) = Run.all(tmp_path, "linear_regression")
    assert run.state == "interrupted"
    again = api.resume(run.path)
    assert again.run.state == "done"
    assert again.predict(SIZE) == api.train("linear_regression", runs=tmp_path / "other").predict(SIZE)


# one example, typed

NAMES = ["size", "rooms"]


@pytest.mark.parametrize(
    "text",
    [
        "size = 120, rooms = 3",
        "rooms=3\nsize=120",
        "size: 1.2e2; rooms: +3.0",
        " size ＝ 120，rooms ： 3 ",
        "size=120,,rooms=3,\n",
    ],
)
def test_an_example_is_read(text):
    assert parse(text, NAMES).tolist() == [120, 3]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("size = 120", ["rooms is missing", "size = 120, rooms = …"]),
        ("hello", ["line 1", "'hello' is not name = number"]),
        ("size = 120\nroms = 3", ["line 2", "'roms'", "Did you mean 'rooms'", "It has: size, rooms"]),
        ("size = 1, size = 2, rooms = 3", ["size stands there twice"]),
        ("size = big, rooms = 3", ["line 1", "size: 'big' is not a number"]),
        ("size = , rooms = 3", ["size: '' is not a number"]),
        ("size = 1,200, rooms = 3", ["thousands separator"]),
        ("size = nan, rooms = 3", ["'nan'"]),
        ("size = 1e300, rooms = 3", ["too large"]),
        (",;,", ["size, rooms are missing"]),
        ("size = 1 = 2, rooms = 3", ["'1 = 2' is not a number"]),
    ],
)
def test_a_bad_example_is_one_clear_line(text, parts):
    with pytest.raises(UserError) as error:
        parse(text, NAMES)
    assert "\n" not in str(error.value) and str(error.value).startswith("features")
    for part in parts:
        assert part in str(error.value)
