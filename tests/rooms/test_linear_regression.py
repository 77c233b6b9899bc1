"""Linear regression: equal to scikit-learn, its data and their errors, its words, what is seen inside, its homework."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

from pellucid import api, catalog
from pellucid.core.errors import UserError
from pellucid.learn.homework import Function
from pellucid.rooms.linear_regression import make_houses
from pellucid.rooms.linear_regression.config import Config
from pellucid.rooms.linear_regression.data import BUILT_IN, Scale, prepare
from pellucid.rooms.linear_regression.homework import EXERCISES
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

SIZE = "size = 120, rooms = 3, age = 10, door = 7"
SOLD = {"task": "classification", "target": "sold"}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A function: fields -> a run, each trained once."""
    made: dict[str, api.Trained] = {}

    def get(**fields) -> api.Trained:
        name = json.dumps(fields)
        if name not in made:
            made[name] = api.train("linear_regression", runs=tmp_path_factory.mktemp("runs"), **fields)
        return made[name]

    return get


def problem(**fields) -> tuple[Problem, Config]:
    config = Config(**fields)
    train = prepare(config).parts["train"]
    design = Scale.learn(train.x, config.standardize).design(train.x)
    return Problem(design, train.y, config.task == "classification"), config


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

REGRESSIONS = [
    {"penalty": "none"},
    {"penalty": "l1", "alpha": 5.0},
    {"penalty": "l1", "alpha": 80.0},
    {"penalty": "l2", "alpha": 0.1},
    {"penalty": "l2", "alpha": 0.05, "features": "size, rooms, age, door, station"},
    {"penalty": "elastic_net", "alpha": 0.3, "l1_ratio": 0.5},
    {"penalty": "elastic_net", "alpha": 2.0, "l1_ratio": 0.9, "features": "size, rooms, station"},
]
CLASSIFICATIONS = [
    {"penalty": "none"},
    {"penalty": "l1", "alpha": 0.02},
    {"penalty": "l2", "alpha": 0.05},
    {"penalty": "elastic_net", "alpha": 0.05, "l1_ratio": 0.3},
]
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
def test_scores_and_answers_are_those_of_scikit_learn(trained, fields):
    run = trained(**fields)
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


def test_the_sentence_adds_up(trained):
    answer = trained().predict(SIZE)
    formula = answer["formula"]["en"].replace("\N{MINUS SIGN}", "-").replace(",", "")
    sum_, result = formula.split(": ")[1].removeprefix("price = ").rsplit(" = ", 1)
    terms = sum_
    for name in ("size", "rooms", "age", "door"):
        terms = terms.replace(f" ({name})", "")
    total = eval(terms.replace("×", "*"), {"__builtins__": {}})  # our own sentence, of digits and signs
    assert total == pytest.approx(answer["prediction"], rel=1e-3)
    assert float(result) == pytest.approx(answer["prediction"], rel=1e-4)
    assert "截距" in answer["formula"]["zh-TW"]
    logistic = trained(**SOLD).predict(SIZE)
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


def test_the_log_has_the_curves_and_the_path(trained):
    run = trained().run
    epochs, steps = list(run.metrics("epoch")), list(run.metrics("path"))
    assert len(epochs) == 200 and epochs[-1]["step"] == 400  # thinned
    losses = [line["train_loss"] for line in epochs]
    assert (np.diff(losses) <= 1e-12 * losses[0]).all() and losses[0] > 10 * losses[-1]
    info = trained().run.info["training"]
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


# data


def test_the_built_in_table_is_what_its_script_writes():
    assert BUILT_IN.read_text() == make_houses.table()
    assert BUILT_IN.stat().st_size < 20_000
    assert "synthetic" in catalog.card("linear_regression").data[0]


def test_the_parts():
    data = prepare(Config())
    assert {name: len(part) for name, part in data.parts.items()} == {"train": 120, "validation": 40, "test": 40}
    means = [part.y.mean() for part in data.parts.values()]
    assert np.ptp(means) < 0.2 * np.mean(means)  # lower and upper half in each
    rows = np.vstack([np.column_stack([part.x, part.y]) for part in data.parts.values()])
    assert len(np.unique(rows, axis=0)) == 200 and rows[:, -1].min() >= 200


def test_other_features_are_tested_on_the_same_rows_and_another_seed_is_not():
    one, other = prepare(Config(features="size")), prepare(Config(features="age, station"))
    assert all(np.array_equal(one.parts[name].y, other.parts[name].y) for name in one.parts)
    assert not np.array_equal(prepare(Config(seed=1)).parts["test"].y, one.parts["test"].y)


def test_scaling_knows_only_training_rows():
    train = prepare(Config()).parts["train"]
    scale = Scale.learn(train.x, True)
    z = scale.design(train.x)
    np.testing.assert_allclose(z[:, 1:].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(z[:, 1:].std(axis=0), 1)
    assert (z[:, 0] == 1).all()
    assert abs(scale.design(prepare(Config()).parts["test"].x)[:, 1:].mean(axis=0)).max() > 0.01


def test_equal_rows_are_kept_once(tmp_path):
    file = tmp_path / "twice.csv"
    file.write_text("a,y\n" + "".join(f"{i},{2 * i}\n" for i in range(20)) * 2)
    fields = {"data": str(file), "features": "a", "target": "y"}
    data = prepare(Config(**fields))
    assert data.about["repeated"] == 20 and sum(map(len, data.parts.values())) == 20
    assert sum(map(len, prepare(Config(**fields, deduplicate=False)).parts.values())) == 40


def test_csv_tsv_and_parquet_give_the_same(tmp_path):
    import polars as pl

    table = pl.read_csv(BUILT_IN)
    table.write_csv(tmp_path / "a.tsv", separator="\t")
    table.write_parquet(tmp_path / "a.parquet")
    wanted = prepare(Config())
    for name in ("a.tsv", "a.parquet"):
        found = prepare(Config(data=str(tmp_path / name), features="size, rooms, age, door"))
        got = np.sort(np.concatenate([part.x for part in found.parts.values()]), axis=0)
        np.testing.assert_array_equal(got, np.sort(np.concatenate([p.x for p in wanted.parts.values()]), axis=0))


ROWS = "".join(f"{i},{(i * 7) % 11},{3 * i + 1}\n" for i in range(30))


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ["is empty"]),
        ("a,b,y\n", ["no row"]),
        ("a,c,y\n" + ROWS, ["no column 'b'"]),
        ("a,b,y\n1,2,3\n4,five,6\n" + ROWS, ["line 3", "column 'b'", "'five' is not a number"]),
        ('a,b,y\n1,"1,200",3\n' + ROWS, ["line 2", "column 'b'", "write 1200"]),
        ("a,b,y\n1,nan,3\n" + ROWS, ["line 2", "column 'b'", "'nan'"]),
        ("a,b,y\n1,2,inf\n" + ROWS, ["line 2", "column 'y'"]),
        ("a,b,y\n1,2,1e200\n" + ROWS, ["line 2", "too large"]),
        ("a,b,y\n1,,3\n" + ROWS, ["line 2", "'b' is empty"]),
        ("a,b,y\n1,2\n" + ROWS, ["line 2"]),
        ("a,b,y\n" + "".join(f"{i},7,{i}\n" for i in range(30)), ["column 'b'", "is 7 in all", "leave it out"]),
        ("a,b,y\n" + "".join(f"{i},{-i * i},7\n" for i in range(30)), ["column 'y'", "is the same in all"]),
        ("a,b,y\n" + "".join(ROWS.splitlines(True)[:5]), ["too few", "at least 10"]),
        ("a,b,y\n" + "1,2,3\n4,5,6\n" * 20, ["different rows are too few"]),
    ],
)
def test_bad_files_are_one_clear_line_and_leave_no_run(tmp_path, content, parts):
    file = tmp_path / "mine.csv"
    file.write_text(content)
    with pytest.raises(UserError) as error:
        api.train("linear_regression", runs=tmp_path / "runs", data=str(file), features="a, b", target="y")
    assert "\n" not in str(error.value) and "mine.csv" in str(error.value)
    for part in parts:
        assert part in str(error.value)
    assert not list((tmp_path / "runs").glob("*/*"))


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ({"target": "size"}, ["features", "'size' is the target itself"]),
        ({"features": "size, size"}, ["features", "'size' twice"]),
        ({"features": " , "}, ["features", "names no column"]),
        ({"features": "size, sold"}, ["line 2", "column 'sold'", "'yes' is not a number"]),
        ({"task": "classification"}, ["column 'price'", "two are needed"]),
        ({"task": "classification", "target": "sold", "positive": "yse"}, ["positive", "Did you mean 'yes'"]),
        ({"train_rows": 5}, ["5 training rows are too few for 4 features"]),
        ({"data": "houses.txt"}, [".csv, .tsv or .parquet"]),
        ({"data": "houses.parquet"}, ["no such file"]),
    ],
)
def test_bad_settings_are_one_clear_line(tmp_path, fields, parts):
    with pytest.raises(UserError) as error:
        api.train("linear_regression", runs=tmp_path, **fields)
    assert "\n" not in str(error.value)
    for part in parts:
        assert part in str(error.value)


def test_bad_rows_can_be_skipped(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("a,b,y\n1,x,3\n1,,3\n1,2\n" + ROWS)
    data = prepare(Config(data=str(file), features="a, b", target="y", on_bad="skip"))
    assert sum(map(len, data.parts.values())) == 30
    assert "2 rows were skipped, the first at line 3" in data.remark() and "line 2, column 'b'" in data.remark()


def test_a_parquet_file_that_is_none_is_named(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 not at all")
    with pytest.raises(UserError, match=r"a\.parquet.*Parquet"):
        prepare(Config(data=str(tmp_path / "a.parquet")))


def test_a_file_of_ones_own_is_evaluated_and_unknown_classes_are_refused(trained, tmp_path):
    lines = BUILT_IN.read_text().splitlines()
    file = tmp_path / "few.csv"
    file.write_text("\n".join(lines[:41]))
    assert trained().evaluate(file=file)["examples"] == 40
    file.write_text("\n".join([*lines[:41], lines[41].rsplit(",", 1)[0] + ",maybe"]))
    with pytest.raises(UserError, match=r"line 42, column 'sold': 'maybe'; this run knows 'no' and 'yes'"):
        trained(**SOLD).evaluate(file=file)


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


# what is seen inside


@pytest.mark.parametrize("fields", [{}, *REGRESSIONS[1:6:2], SOLD, SOLD | CLASSIFICATIONS[1]], ids=str)
def test_a_look_is_the_training_itself(trained, fields):
    run = trained(**fields)
    text = ", ".join(f"{name} = 2" for name in run.system.features)
    trace = run.look(text)
    report = trace.check()
    assert report.checked == report.total < 1000
    found, config = problem(**fields)
    steps = list(descend(found, penalty_of(config), config.learning_rate, 30))
    np.testing.assert_allclose(trace.series("weights"), steps, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(trace.array("losses")[1:], [found.loss(theta) for theta in steps[:-1]], rtol=1e-9)
    assert float(trace.array("prediction")) == pytest.approx(run.predict(text)["prediction"], rel=1e-12)
    alphas = trace.array("alphas")
    scale = max(1.0, float(np.abs(trace.array("path")).max()))
    assert len(alphas) == 30 and float(trace.array("path_change")) < 1e-8 * scale


def test_the_line_is_that_of_numpy(trained):
    trace = trained().look(SIZE)
    x, y = trace.array("x_rows"), trace.array("y_rows")
    slope, intercept = np.polyfit(x, y, 1)
    np.testing.assert_allclose(trace.array("fitted[29]"), slope * trace.array("grid") + intercept, rtol=1e-6)
    losses = trace.series("line_loss")
    assert (np.diff(losses) <= 1e-9).all() and losses[0] > 30 * losses[-1]


def test_the_plane_is_the_loss_of_each_line(trained):
    trace = trained().look(SIZE)
    b, w = trace.array("plane_intercept"), trace.array("plane_slope")
    z, y = trace.array("z_rows"), trace.array("y_rows")
    for i, j in ((0, 0), (20, 3), (10, 10)):
        assert trace.array("loss_plane")[i, j] == pytest.approx(np.mean((b[j] + w[i] * z - y) ** 2) / 2, rel=1e-9)


def test_every_plot_leads_to_numbers_that_fit(trained):
    for fields in ({}, SOLD):
        trace = trained(**fields).look(SIZE)
        for plot in trace.meta["plots"]:
            x = trace.array(plot["x"])
            for line in (plot, *plot["lines"]):
                shape = (trace.series if line["node"] == "fitted" else trace.array)(line["node"]).shape
                assert shape[-1] == len(x)
            for each in plot["paths"]:
                assert trace.series(each["node"]).shape == (30, 2)
            for each in plot["points"]:
                assert trace.array(each["x"]).shape == trace.array(each["y"]).shape
            assert plot["title"]["zh-TW"]


def test_a_large_file_is_looked_into_by_some_of_its_rows_and_says_so(tmp_path):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2000, 2))
    file = tmp_path / "large.csv"
    file.write_text("a,b,y\n" + "".join(f"{u},{v},{u - 2 * v + 5}\n" for u, v in x))
    run = api.train("linear_regression", runs=tmp_path, data=str(file), features="a, b", target="y")
    trace = run.look("a = 1, b = 1")
    assert trace.array("x_rows").shape == (200,) and trace.meta["rows"] == [200, 1200]
    assert "200 / 1,200" in trace["z_rows"].caption["en"]
    assert float(trace.array("prediction")) == pytest.approx(4.0, abs=1e-6)
    assert trace.check().failed == []


# homework


def ran(source: str, name: str, case) -> np.ndarray | None:
    """What a source gives for a case; None where it fails."""
    space: dict = {}
    arguments = [np.array(each) if isinstance(each, list) else each for each in case.args]
    try:
        exec(source, space)
        return np.asarray(space[name](*arguments), dtype=float)
    except Exception:
        return None


@pytest.mark.parametrize("exercise", [each for each in EXERCISES if isinstance(each, Function)], ids=lambda e: e.name)
def test_a_worked_solution_holds_and_each_wrong_answer_fails(exercise):
    cases = [*exercise.public, *exercise.hidden, exercise.fresh(np.random.default_rng(0))]
    wanted = [ran(exercise.solution, exercise.name, case) for case in cases]
    assert all(each is not None and np.isfinite(each).all() for each in wanted)
    assert len(exercise.wrong) >= 3
    for source in exercise.wrong:
        found = [ran(source, exercise.name, case) for case in cases]
        same = [
            got is not None and got.shape == want.shape and np.allclose(got, want, rtol=case.rtol, atol=case.atol)
            for got, want, case in zip(found, wanted, cases, strict=True)
        ]
        assert not all(same), source
        assert not all(same[len(exercise.public) : -1]), f"the hidden cases let it pass:\n{source}"


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


def test_the_run_to_beat_can_be_beaten(trained):
    task = EXERCISES[-1]
    assert trained().evaluate()[task.metric] < task.at_least
    better = trained(features="size, rooms, age, door, station")
    assert better.evaluate()[task.metric] >= task.at_least


# the lesson


@pytest.fixture(scope="module")
def told(trained):
    """Every number that stands in the lesson's prose, computed: as it is written -> its value."""
    run = api.open(api.bundled("linear_regression"))
    model = run.system.model
    problem_, _ = problem()
    plain, _ = problem(standardize=False)
    scores = {name: run.evaluate(name) for name in ("train", "validation", "test")}
    more = trained(features="size, rooms, age, door, station")
    logistic = trained(**SOLD, epochs=2000)
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


def test_the_claims_of_the_lesson(trained):
    run = api.open(api.bundled("linear_regression"))
    model, trace = run.system.model, run.look(SIZE)
    assert 0 < np.abs(model.theta - model.exact).max() < 1e-8
    slopes, end = trace.series("slope"), trace.array("slope[29]")
    np.testing.assert_allclose(np.diff(end - slopes)[:9] / (end - slopes)[:9], -0.5, atol=1e-3)  # halves what is left
    assert 0.95**41 < 0.125 < 0.95**40
    path_, alphas = trace.array("path")[1:], trace.array("alphas")
    entered = [int(np.flatnonzero(row)[0]) for row in path_]
    assert entered == [1, 8, 6, 20] and alphas[20] < 4 < alphas[19]  # size, then age, then rooms, then the house number
    assert trained(penalty="l1", alpha=5.0).system.model.theta[4] == 0
    assert trained(learning_rate=1.0).evaluate()["r2"] == pytest.approx(run.evaluate()["r2"], abs=1e-6)
    crawling = trained(standardize=False, learning_rate=0.0005).system.model
    assert np.abs(crawling.theta - crawling.exact).max() > 30
    gap = np.abs(trace.array("weights[29]") - model.theta)
    assert sorted(np.argsort(gap)[-2:]) == [1, 2] and gap[1] == pytest.approx(gap[2], rel=0.02)
    better = trained(features="size, rooms, age, door, station").system.model
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
