"""Linear regression, what is seen inside: the training itself, the line, the plane of losses."""

from __future__ import annotations

import numpy as np
import pytest
from regression import CLASSIFICATIONS, REGRESSIONS, SIZE, SOLD, problem

from pellucid import api
from pellucid.rooms.linear_regression.solve import (
    descend,
    penalty_of,
)


@pytest.mark.parametrize("fields", [{}, *REGRESSIONS[1:6:2], SOLD, SOLD | CLASSIFICATIONS[1]], ids=str)
def test_a_look_is_the_training_itself(regressions, fields):
    run = regressions(**fields)
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


def test_the_line_is_that_of_numpy(regressions):
    trace = regressions().look(SIZE)
    x, y = trace.array("x_rows"), trace.array("y_rows")
    slope, intercept = np.polyfit(x, y, 1)
    np.testing.assert_allclose(trace.array("fitted[29]"), slope * trace.array("grid") + intercept, rtol=1e-6)
    losses = trace.series("line_loss")
    assert (np.diff(losses) <= 1e-9).all() and losses[0] > 30 * losses[-1]


def test_the_plane_is_the_loss_of_each_line(regressions):
    trace = regressions().look(SIZE)
    b, w = trace.array("plane_intercept"), trace.array("plane_slope")
    z, y = trace.array("z_rows"), trace.array("y_rows")
    for i, j in ((0, 0), (20, 3), (10, 10)):
        assert trace.array("loss_plane")[i, j] == pytest.approx(np.mean((b[j] + w[i] * z - y) ** 2) / 2, rel=1e-9)


def test_every_plot_leads_to_numbers_that_fit(regressions):
    for fields in ({}, SOLD):
        trace = regressions(**fields).look(SIZE)
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
