"""The queue of trainings: whose turn it is, who survives whom, and what is left of those that do not."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sys

import pytest

from pellucid.core.run import Run
from pellucid.server.studio import queue as queues

ROOM = "spam_detector"
posix = pytest.mark.skipif(os.name == "nt", reason="signals")


def states(*runs: Run) -> list[str]:
    return [run.state for run in runs]


def began(run: Run) -> bool:
    return (run.path / "began").exists()


@pytest.fixture
def add(training):
    """A function: so many runs at the end of the queue."""
    return lambda count: [training.queue.add(ROOM, {"seed": i}) for i in range(count)]


def test_the_oldest_first_and_one_at_a_time(training, add, obedient, until):
    runs = add(3)
    assert [path.name for path in training.shelf.waiting()] == [run.path.name for run in runs]
    training.start()
    for done, run in enumerate(runs):
        until(lambda run=run: began(run))
        waiting = runs[done + 1 :]
        assert states(*runs) == ["done"] * done + ["training"] + ["queued"] * len(waiting)
        places = [training.shelf.summary(ROOM, each.path.name).place for each in runs]
        assert places == [None] * (done + 1) + list(range(1, len(waiting) + 1))
        obedient(run.path)
        until(lambda run=run: run.state == "done")
    times = [int((run.path / "began").read_text()) for run in runs]
    assert times == sorted(times)
    assert all((run.path / "train.log").read_text() == "begun\ndone\n" for run in runs)


def test_two_workers_train_two(start_training, obedient, until):
    training = start_training(workers=2)
    runs = [training.queue.add(ROOM, {}) for _ in range(3)]
    training.start()
    until(lambda: began(runs[0]) and began(runs[1]))
    assert states(*runs) == ["training", "training", "queued"]
    obedient(runs[1].path)
    until(lambda: began(runs[2]))
    assert states(*runs) == ["training", "done", "training"]


def test_what_was_started_elsewhere_takes_no_place_in_the_queue(training, add, make_run, obedient, until):
    make_run(state="training", pid=os.getpid())
    (run,) = add(1)
    training.start()
    until(lambda: began(run))


def test_the_command_line_does_not_take_what_the_queue_has_just_started(training, add, obedient, until):
    from pellucid import api
    from pellucid.core.errors import UserError

    (run,) = add(1)
    training.queue.tick()
    assert run.state == "training" and not began(run)  # its process is still on its way
    with pytest.raises(UserError, match="is being trained by process"):
        api.resume(run.path)


def test_a_server_that_starts_again_finds_both_the_queue_and_who_trains(start_training, obedient, until):
    first = start_training()
    runs = [first.queue.add(ROOM, {}) for _ in range(2)]
    first.start()
    until(lambda: began(runs[0]))
    (child,) = first.queue._children.values()
    first.close()
    assert child.poll() is None and states(*runs) == ["training", "queued"]  # closing ends nobody
    first.queue._children.clear()  # its process is gone, and with it what it knew

    second = start_training()
    second.start()
    second.queue.tick()
    assert states(*runs) == ["training", "queued"]
    obedient(runs[0].path)
    until(lambda: began(runs[1]))
    assert states(*runs) == ["done", "training"]
    assert child.wait(10) == 0


def test_closing_in_the_moment_of_starting_starts_nobody_twice(start_training, obedient, until):
    first = start_training()
    run = first.queue.add(ROOM, {})
    first.queue.tick()
    first.close()
    second = start_training()
    second.queue.tick()
    until(lambda: began(run))
    assert (run.path / "train.log").read_text() == "begun\n" and not second.queue._children


def test_of_two_studios_on_one_folder_one_dispatches(start_training, obedient, until):
    one, other = start_training(), start_training()
    one.queue.tick()  # has the lock now
    runs = [other.queue.add(ROOM, {}) for _ in range(2)]
    other.start()
    other.queue.tick()
    assert states(*runs) == ["queued", "queued"] and not other.queue._children
    one.queue.tick()
    until(lambda: began(runs[0]))
    other.queue.tick()
    assert states(*runs) == ["training", "queued"]
    one.close()
    obedient(runs[0].path)
    until(lambda: began(runs[1]))  # now it is the other's turn
    assert len(other.queue._children) == 1


def test_stop_out_of_the_queue_and_back_to_its_end(training, add, client, obedient, until):
    runs = add(3)
    url = f"/api/rooms/{ROOM}/runs/{runs[0].path.name}"
    assert client.post(f"{url}/stop").json()["state"] == "interrupted"
    assert client.post(f"{url}/stop").status_code == 409
    again = client.post(f"{url}/resume").json()
    assert again["state"] == "queued" and again["place"] == 3
    training.start()
    until(lambda: began(runs[1]))
    assert states(*runs) == ["queued", "training", "queued"]


def test_stop_asks_and_the_training_stops_by_itself(training, add, client, obedient, until):
    (run,) = add(1)
    training.start()
    until(lambda: began(run))
    answer = client.post(f"/api/rooms/{ROOM}/runs/{run.path.name}/stop").json()
    assert answer["stopping"] or answer["state"] == "interrupted"
    until(lambda: not training.queue._children)
    assert run.state == "interrupted" and not run.asked_to_stop
    assert training.shelf.summary(ROOM, run.path.name).stopping is False


def test_stop_before_the_training_has_begun_ends_the_process(training, add, client, obedient, until):
    (run,) = add(1)
    training.queue.tick()
    (child,) = training.queue._children.values()
    client.post(f"/api/rooms/{ROOM}/runs/{run.path.name}/stop")
    child.wait(10)
    training.queue.tick()
    assert run.state == "interrupted" and not began(run) and not run.asked_to_stop


@posix
def test_a_page_is_never_told_died_of_what_was_stopped(training, add, client, obedient, until):
    """Between the end of a process and the moment in which it is written down what came of it."""
    (run,) = add(1)
    training.queue.tick()
    address = f"/api/rooms/{ROOM}/runs/{run.path.name}"
    client.post(f"{address}/stop")
    until(lambda: run.state == "died")  # nobody dispatches here: it stays so until somebody asks
    told = re.findall(r"^event: state\ndata: (.*)$", client.get(f"{address}/events").text, re.MULTILINE)
    assert [json.loads(summary)["state"] for summary in told] == ["interrupted"]


@pytest.mark.parametrize("when", ["before it trains", "while it trains"])
def test_a_training_that_fails_shows_its_last_words_and_makes_room(training, add, obedient, until, when):
    first, second = add(2)
    if when == "before it trains":
        file = first.path / "run.json"
        file.write_text(file.read_text().replace('"seed"', '"sead"'))
    obedient(first.path, "break")
    training.start()
    until(lambda: began(second))
    found = training.shelf.summary(ROOM, first.path.name)
    assert (found.state, found.error) == ("failed", "it broke")


@posix
def test_a_training_that_is_killed_died_and_makes_room(training, add, obedient, until):
    first, second = add(2)
    training.start()
    until(lambda: began(first))
    with (first.path / "train.log").open("a") as log:
        log.write("epoch 1\nepoch 2 of")  # torn
    os.kill(first.info["pid"], signal.SIGKILL)
    until(lambda: began(second))
    found = training.shelf.summary(ROOM, first.path.name)
    assert (found.state, found.error) == ("died", "epoch 2 of")
    training.queue.resume(ROOM, first.path.name)
    obedient(second.path)
    until(lambda: (first.path / "train.log").read_text().count("begun") == 2)
    assert (first.path / "train.log").read_text() == "begun\nepoch 1\nepoch 2 of\nbegun\n"


@posix
def test_one_that_nobody_reaps_is_dead_all_the_same(training, add, obedient, until):
    """A zombie still has a number that can be asked for."""
    (run,) = add(1)
    training.queue.tick()
    until(lambda: began(run))
    (child,) = training.queue._children.values()
    os.kill(child.pid, signal.SIGKILL)
    until(lambda: run.state == "died")
    assert child.returncode is None


def test_one_that_cannot_be_started_fails(training, add, monkeypatch):
    (run,) = add(1)
    monkeypatch.setattr(sys, "executable", str(run.path / "nowhere"))
    training.queue.tick()
    assert run.state == "failed" and not training.queue._children


def test_the_dispatcher_outlives_what_goes_wrong(training, add, obedient, monkeypatch, until):
    begin, failed = queues.Queue._begin, []

    def once(self, run):
        if not failed:
            failed.append(run)
            raise RuntimeError("a fault of ours")
        begin(self, run)

    monkeypatch.setattr(queues.Queue, "_begin", once)
    monkeypatch.setattr(training.queue._closed, "wait", lambda seconds: False)
    (run,) = add(1)
    training.start()
    until(lambda: began(run))


def test_a_run_folder_that_vanishes_while_it_trains_stops_nobody(training, add, obedient, until, tmp_path):
    first, second = add(2)
    training.start()
    until(lambda: began(first))
    (child,) = training.queue._children.values()
    first.path.rename(tmp_path / "away")
    with contextlib.suppress(OSError):
        child.kill()
    until(lambda: began(second))
    assert json.loads((tmp_path / "away" / "run.json").read_text())["state"] == "training"
