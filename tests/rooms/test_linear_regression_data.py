"""Linear regression, its data: parts, files of one's own and their errors."""

from __future__ import annotations

import numpy as np
import pytest
from regression import SOLD

from pellucid import api, catalog
from pellucid.core.errors import UserError
from pellucid.rooms.linear_regression import make_houses
from pellucid.rooms.linear_regression.config import Config
from pellucid.rooms.linear_regression.data import BUILT_IN, Scale, prepare


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


def test_every_kind_of_table_gives_the_same(tmp_path):
    import polars as pl

    table = pl.read_csv(BUILT_IN)
    table.write_csv(tmp_path / "a.tsv", separator="\t")
    table.write_parquet(tmp_path / "a.parquet")
    table.write_ndjson(tmp_path / "a.jsonl")
    wanted = prepare(Config())
    for name in ("a.tsv", "a.parquet", "a.jsonl"):
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
        ({"data": "houses.txt"}, [".csv, .tsv, .jsonl or .parquet"]),
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


def test_a_file_of_ones_own_is_evaluated_and_unknown_classes_are_refused(regressions, tmp_path):
    lines = BUILT_IN.read_text().splitlines()
    file = tmp_path / "few.csv"
    file.write_text("\n".join(lines[:41]))
    assert regressions().evaluate(file=file)["examples"] == 40
    file.write_text("\n".join([*lines[:41], lines[41].rsplit(",", 1)[0] + ",maybe"]))
    with pytest.raises(UserError, match=r"line 42, column 'sold': 'maybe'; this run knows 'no' and 'yes'"):
        regressions(**SOLD).evaluate(file=file)
