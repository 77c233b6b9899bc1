"""What a training tells of its pace where there is no terminal to draw a bar in."""

from __future__ import annotations

from pellucid.core import progress


def test_the_time_left_is_estimated_once_from_the_batches_after_the_first(capsys, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(progress.time, "perf_counter", lambda: now[0])
    with progress.Progress(epochs=3, batches=50) as told:
        told.step(0, 10, 0.7)  # 30 seconds to get there: compiling, filling caches
        now[0] += 20
        told.step(0, 14, 0.6)  # too few to tell
        now[0] += 30
        told.step(0, 20, 0.6)  # 10 batches in 50 seconds: 130 more take 650
        now[0] += 500
        told.step(1, 20, 0.5)
    assert capsys.readouterr().err.splitlines() == ["about 10 min 50 s for 3 epochs of 50 batches"]
