"""Real trainings out of the queue: stopped, resumed, killed, failed; the weights are those of a run left alone."""

from __future__ import annotations

import os
import signal

import pytest

from conftest import expected
from pellucid import api
from pellucid.core.run import Run

ROOM = "spam_detector"
FIELDS = expected(ROOM)["tiny"]["fields"] | {"epochs": 12, "checkpoint_seconds": 0.05}
posix = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory) -> Run:
    return api.train(ROOM, runs=tmp_path_factory.mktemp("whole"), **FIELDS).run


def same_weights(run: Run, other: Run) -> None:
    for name in ("model.safetensors", "last.safetensors", "codec.json"):
        assert (run.path / name).read_bytes() == (other.path / name).read_bytes(), name


def without_time(run: Run) -> list[dict]:
    return [{k: v for k, v in line.items() if k != "seconds"} for line in run.metrics("epoch")]


@posix
def test_stopped_killed_and_resumed_it_ends_as_if_left_alone(training, client, uninterrupted, until):
    answer = client.post(f"/api/rooms/{ROOM}/runs", json={"config": FIELDS}).json()
    run = Run(training.studio.runs / ROOM / answer["id"])
    url = f"/api/rooms/{ROOM}/runs/{answer['id']}"
    training.start()
    until(lambda: list(run.metrics("epoch")))
    client.post(f"{url}/stop")
    until(lambda: not training.queue._children)
    found = client.get(url).json()
    assert found["state"] == "interrupted" and not found["stopping"] and 1 <= found["epoch"] < 12
    assert "nothing is lost" in client.get(f"{url}/log").text.splitlines()[-1]

    stopped_at = found["epoch"]
    client.post(f"{url}/resume")
    until(lambda: f"epoch {stopped_at + 1:>2}/12" in client.get(f"{url}/log").text)
    os.kill(run.info["pid"], signal.SIGKILL)
    until(lambda: not training.queue._children)
    found = client.get(url).json()
    last = client.get(f"{url}/log").text.splitlines()[-1]
    assert found["state"] == "died" and found["error"] == " ".join(last.split())

    client.post(f"{url}/resume")
    until(lambda: run.state == "done" and not training.queue._children)
    found = client.get(url).json()
    assert found["epoch"] == 12 and found["answers"] and found["error"] is None
    assert found["parameters"] == uninterrupted.info["parameters"]
    assert without_time(run) == without_time(uninterrupted)
    same_weights(run, uninterrupted)
    for line in client.get(f"{url}/metrics").json():
        if line["kind"] == "pulse":
            assert line.keys() >= {"epoch", "epochs", "batch", "batches", "loss", "learning_rate", "seconds"}
            assert line["step"] == (line["epoch"] - 1) * line["batches"] + line["batch"]


def test_a_training_that_cannot_work_shows_its_one_line(training, client, until, tmp_path):
    """Found only by reading all of the data; the run stays, and says why."""
    (tmp_path / "nope.csv").write_text("text,label\nhi,ham\nwin,spam\nhm,other\n")
    wrong = FIELDS | {"data": str(tmp_path / "nope.csv")}
    first = client.post(f"/api/rooms/{ROOM}/runs", json={"config": wrong}).json()["id"]
    second = client.post(f"/api/rooms/{ROOM}/runs", json={"config": FIELDS | {"epochs": 1}}).json()["id"]
    training.start()
    until(lambda: client.get(f"/api/rooms/{ROOM}/runs/{second}").json()["state"] == "done")
    found = client.get(f"/api/rooms/{ROOM}/runs/{first}").json()
    assert found["state"] == "failed" and "nope.csv" in found["error"] and not found["answers"]
    log = client.get(f"/api/rooms/{ROOM}/runs/{first}/log").text
    assert log.splitlines()[-1] == f"pellucid: {found['error']}" and "Traceback" not in log
    client.post(f"/api/rooms/{ROOM}/runs/{first}/resume")
    assert client.get(f"/api/rooms/{ROOM}/runs/{first}").json()["state"] in ("queued", "training")


def test_the_command_line_trains_a_queued_run_too(training, uninterrupted):
    run = training.queue.add(ROOM, FIELDS)
    assert api.resume(run.path).run.state == "done"
    same_weights(run, uninterrupted)
    training.queue.tick()
    assert training.queue._children == {}
