"""Which steps are shown, and the log that is written afterwards."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pellucid.core.run import Run
from pellucid.core.steps import early_ones, evenly, log_steps


@pytest.mark.parametrize(("first", "last", "most"), [(0, 0, 5), (1, 1, 5), (0, 4, 5), (1, 7, 200), (0, 10_000, 200)])
def test_evenly_chosen_steps(first, last, most):
    chosen = evenly(first, last, most)
    assert chosen[0] == first and chosen[-1] == last and len(chosen) == min(most, last - first + 1)
    gaps = {b - a for a, b in pairwise(chosen)}
    assert not gaps or max(gaps) - min(gaps) <= 1


@pytest.mark.parametrize("count", [1, 60, 61, 500, 100_001])
def test_early_steps_are_all_there_and_the_last_one(count):
    chosen = early_ones(count, 60)
    assert chosen[-1] == count - 1 and len(chosen) <= 60 and chosen == sorted(set(chosen))
    assert chosen[: min(count, 30)] == list(range(min(count, 30)))
    gaps = [b - a for a, b in pairwise(chosen[30:])]
    assert sum(gaps[:15]) <= sum(gaps[-15:])


def test_the_log_says_of_each_step_its_share_of_the_time(tmp_path):
    run = Run.create(tmp_path, "any", {})
    log_steps(run, [(0, {"loss": 4.0}), (5, {"loss": 2.0}), (20, {"loss": 1.0})], seconds=2.0)
    assert list(run.metrics("epoch")) == [
        {"step": 0, "kind": "epoch", "epoch": 1, "epochs": 3, "seconds": 0.0, "loss": 4.0},
        {"step": 5, "kind": "epoch", "epoch": 2, "epochs": 3, "seconds": 0.5, "loss": 2.0},
        {"step": 20, "kind": "epoch", "epoch": 3, "epochs": 3, "seconds": 2.0, "loss": 1.0},
    ]
    assert list(run.path.glob("events.out.tfevents*"))


def test_a_descent_of_no_step_has_one_line(tmp_path):
    run = Run.create(tmp_path, "any", {})
    log_steps(run, [(0, {"loss": 4.0})], seconds=2.0)
    (line,) = run.metrics()
    assert line["seconds"] == 0.0 and line["epochs"] == 1
