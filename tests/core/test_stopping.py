"""Asked to stop by a file in its folder, a training saves all; what it tells meanwhile costs next to nothing."""

from __future__ import annotations

import itertools
import time

import pytest
import small
import torch

from pellucid.core import checkpoint, fit
from pellucid.core.errors import Interrupted


def at_step(monkeypatch, what):
    """Call `what` with the number of each optimizer step, after it."""
    step, count = torch.optim.AdamW.step, itertools.count(1)

    def stepped(self, *args, **kwargs):
        result = step(self, *args, **kwargs)
        what(next(count))
        return result

    monkeypatch.setattr(torch.optim.AdamW, "step", stepped)


@pytest.fixture
def clock(monkeypatch):
    """A clock for training that goes on only when told, `clock[0] += 1`, but for a nanosecond a look."""
    now = [100.0]

    def look() -> float:
        now[0] += 1e-9
        return now[0]

    monkeypatch.setattr(time, "perf_counter", look)
    return now


def test_a_request_is_honoured_after_the_batch_and_removed(tmp_path, monkeypatch, clock):
    whole, run = small.create(tmp_path), small.create(tmp_path)
    small.train_in_this_process(whole)

    def ask(step: int) -> None:
        clock[0] += 1  # second a step
        if step == 11:
            run.ask_to_stop()

    with monkeypatch.context() as patched:
        at_step(patched, ask)
        with pytest.raises(Interrupted, match="after step 11"):
            small.train_in_this_process(run)
    assert checkpoint.load(run)[1]["step"] == 11 and not run.asked_to_stop
    small.train_in_this_process(run)
    for name in ("last", "model"):
        for key, value in whole.load_weights(name).items():
            assert torch.equal(run.load_weights(name)[key], value), key
    told = [{k: v for k, v in line.items() if k != "seconds"} for line in run.metrics("epoch")]
    assert told == [{k: v for k, v in line.items() if k != "seconds"} for line in whole.metrics("epoch")]


def test_a_request_that_comes_too_late_is_removed_as_well(tmp_path, monkeypatch):
    run = small.create(tmp_path)
    at_step(monkeypatch, lambda step: run.ask_to_stop() if step == 4 * 8 else None)
    small.train_in_this_process(run)
    assert run.info["training"]["epochs"] == 4 and not run.asked_to_stop


def test_the_folder_is_looked_at_ten_times_a_second_at_most(tmp_path, monkeypatch, clock):
    run, looked = small.create(tmp_path), []
    asked = type(run).asked_to_stop.fget
    monkeypatch.setattr(type(run), "asked_to_stop", property(lambda self: looked.append(clock[0]) or asked(self)))
    at_step(monkeypatch, lambda step: clock.__setitem__(0, clock[0] + 0.03))
    small.train_in_this_process(run)
    assert len(looked) == 8  # of 32 steps in 0.96 s
    assert min(b - a for a, b in itertools.pairwise(looked)) > 0.1


def test_a_pulse_says_where_training_stands(tmp_path, monkeypatch, clock):
    run = small.create(tmp_path)
    at_step(monkeypatch, lambda step: clock.__setitem__(0, clock[0] + 0.15))
    small.train_in_this_process(run)
    pulses = list(run.metrics("pulse"))
    assert [line["step"] for line in pulses][:3] == [2, 4, 6]  # 0.2 s apart at least
    assert pulses[1] == {
        "step": 4, "kind": "pulse", "epoch": 1, "epochs": 4, "seconds": 0.6, "batch": 4, "batches": 8,
        "loss": pulses[1]["loss"], "learning_rate": 0.05, "examples_per_second": pulses[1]["examples_per_second"],
    }  # fmt: skip
    assert pulses[1]["examples_per_second"] in (round(28 / 0.6, 1), round(32 / 0.6, 1))  # one batch is half a one
    assert {line["step"] - line["batch"] for line in pulses if line["epoch"] == 2} == {8}
    assert [line["epochs"] for line in run.metrics("epoch")] == [4] * 4


def test_the_longer_it_trains_the_rarer_are_the_pulses(tmp_path, clock):
    """A day of steps of a millisecond each, told in a thousand lines and a half."""
    run = small.create(tmp_path)

    class Rarely(fit._Training):
        def __init__(self):  # only the clock and what it tells
            self.place, self.run, self.config = fit.Place(examples=1), run, fit.FitConfig()
            self.optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.5)
            self.start_clock()

    training = Rarely()
    while training.seconds < 86_400:
        clock[0] = max(clock[0] + 0.001, training._pulse._next + training._start)
        training.place.step += 1
        training.log_pulse(0.5, 10)
    seconds = [line["seconds"] for line in run.metrics("pulse")]
    assert 1_000 < len(seconds) < 2_000
    assert (run.path / "metrics.jsonl").stat().st_size < 500_000
    gaps = [b - a for a, b in itertools.pairwise(seconds)]
    assert min(gaps) >= 0.199 and max(gaps) < 0.006 * 86_400


def test_what_a_killed_attempt_told_after_its_checkpoint_is_told_anew(tmp_path):
    run = small.create(tmp_path)
    for step, seconds in ((10, 1.0), (20, 2.0), (30, 3.0), (15, 1.6), (25, 2.5)):
        run.log(step, kind="pulse", seconds=seconds)
        run.log(step, kind="epoch" if step % 20 == 0 else "other", seconds=seconds)
    assert [line["seconds"] for line in run.metrics("pulse")] == [1.0, 1.6, 2.5]
    assert [line["step"] for line in run.metrics()] == [10, 10, 15, 15, 20, 25, 25]
