"""Events: a client that comes again with any id it has seen gets exactly the rest, whatever is written meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time

import httpx
import pytest
import uvicorn

from pellucid.server.studio import events
from pellucid.server.studio.events import Told, run_news

ROOM = "spam_detector"


def parsed(text: str) -> list[tuple[str, object, str]]:
    """(kind, data, id) of each event in a stream, without comments."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"]), fields["id"]))
    return found


def all_news(training, run, told=None):
    """Everything until there is nothing more, with what was told then."""
    told, found = told or Told(), []
    while True:
        texts, told, over = run_news(training.shelf, ROOM, run.path.name, told)
        found += parsed("".join(texts))
        if over or not texts:
            return found, told


def steps(found) -> list[int]:
    return [data["step"] for kind, data, _ in found if kind == "metric"]


def lines(found) -> list[str]:
    return [line for kind, data, _ in found if kind == "log" for line in data["lines"]]


def test_it_tells_everything_once_and_then_the_end(training, make_run):
    run = make_run(state="done")
    for step in range(1, 5):
        run.log(step, kind="pulse", name="名")
    (run.path / "train.log").write_text("one\ntwo: 二\nthree without an end")
    found, _ = all_news(training, run)
    assert [kind for kind, _, _ in found] == ["metric"] * 4 + ["log", "state", "end"]
    assert steps(found) == [1, 2, 3, 4] and found[0][1] == {"step": 1, "kind": "pulse", "name": "名"}
    assert lines(found) == ["one", "two: 二", "three without an end"]
    assert found[-2][1] == training.shelf.summary(ROOM, run.path.name).model_dump()
    assert len({number for _, _, number in found[:-1]}) == 6


def test_a_reconnect_at_every_id_gets_exactly_the_rest(training, make_run, monkeypatch):
    monkeypatch.setattr(events, "CHUNK", 64)  # so that there are many places to break off
    run = make_run(state="training", pid=os.getpid())
    written, seen, told = [], [], Told()
    for step in range(1, 20):
        if step == 12:
            run.update(state="queued")
        if step == 13:
            run.update(state="training")
        run.log(step, kind="pulse", loss=1 / step)
        with (run.path / "train.log").open("a") as log:
            log.write(f"line {step}\n")
        written.append(f"line {step}")
        fresh, told = all_news(training, run, told)
        seen += fresh
    run.update(state="done", pid=0)
    seen += all_news(training, run, told)[0]
    assert steps(seen) == list(range(1, 20)) and lines(seen) == written
    assert [data["state"] for kind, data, _ in seen if kind == "state"] == ["training", "queued", "training", "done"]
    for i, (_, _, number) in enumerate(seen):
        rest, _ = all_news(training, run, Told.parse(number))
        after = seen[i + 1 :]
        assert steps(rest) == steps(after) and lines(rest) == lines(after), i
        assert [kind for kind, _, _ in rest][-1] == "end"
        last = {"training", "queued"} & {data["state"] for kind, data, _ in seen[: i + 1][-1:] if kind == "state"}
        assert not last or [data["state"] for kind, data, _ in rest if kind == "state"] == ["done"]


@pytest.mark.parametrize("name", ["metrics.jsonl", "train.log"])
def test_a_torn_line_waits_until_it_is_whole(training, make_run, name):
    run = make_run(state="training", pid=os.getpid())
    whole = '{"step": 1, "name": "名"}\n'.encode()
    found, told = all_news(training, run)
    assert [kind for kind, _, _ in found] == ["state"]
    for end in range(1, len(whole)):
        (run.path / name).write_bytes(whole[:end])
        assert all_news(training, run, told) == ([], told)
    (run.path / name).write_bytes(whole)
    ((_, data, number),), told = all_news(training, run, told)
    assert data in ({"step": 1, "name": "名"}, {"lines": ['{"step": 1, "name": "名"}']})
    assert Told.parse(number) == told and all_news(training, run, told) == ([], told)


def test_a_resumed_run_goes_on_in_the_same_files(training, make_run):
    """Killed in the middle of a line; the next attempt begins a new one."""
    run = make_run(state="training", pid=0)
    run.log(1, kind="pulse")
    with (run.path / "metrics.jsonl").open("a") as stream:
        stream.write('{"step": 2, "ki')
    found, told = all_news(training, run)
    assert steps(found) == [1] and found[-2][1]["state"] == "died" and found[-1][0] == "end"
    run.update(state="training", pid=os.getpid())
    run.log(2, kind="pulse")
    found, _ = all_news(training, run, told)
    assert steps(found) == [2] and found[-1][1]["state"] == "training"


def test_a_line_without_end_is_passed_on_in_pieces(training, make_run, monkeypatch):
    monkeypatch.setattr(events, "CHUNK", 10)
    run = make_run(state="training", pid=os.getpid())
    (run.path / "train.log").write_text("x" * 35 + "\nnext\n")
    (run.path / "metrics.jsonl").write_text("y" * 35 + '\n{"step": 1, "much": 2}\n')
    found, _ = all_news(training, run)
    assert "".join(lines(found)) == "x" * 35 + "next" and lines(found)[-1] == "next"
    assert steps(found) == []  # longer than a piece: no line of ours


@pytest.mark.parametrize("text", ["", "x", "1", "-1.2.-", "1.2", "9" * 99 + ".0.-", "1.2.zzzzzzzz", "١.٢.-", "0.0.-\n"])
def test_an_id_that_is_not_ours_begins_at_the_beginning(text):
    assert Told.parse(text) == Told()


def test_an_id_of_a_longer_file_begins_at_the_beginning(training, make_run):
    run = make_run()
    run.log(1, kind="pulse")
    found, _ = all_news(training, run, Told.parse("99999.99999.-"))
    assert steps(found) == [1]


def test_a_process_that_is_done_but_still_speaks_is_heard_out(training, make_run):
    run = make_run(state="done", pid=os.getpid(), queued_by="studio")
    found, told = all_news(training, run)
    assert found[-1][0] == "state"
    (run.path / "train.log").write_text("trained in 3 s\n")
    found, told = all_news(training, run, told)
    assert lines(found) == ["trained in 3 s"] and found[-1][0] == "log"
    run.update(pid=0)
    found, _ = all_news(training, run, told)
    assert found[-1][0] == "end"


# over a real connection


@pytest.fixture
def address(training, bare):
    """Where the routes are served; the streams must end when the studio closes."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(bare(training), log_level="error", timeout_graceful_shutdown=20))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/rooms/{ROOM}"
    training.closing.set()
    server.should_exit = True
    thread.join(15)
    assert not thread.is_alive()


@contextlib.contextmanager
def listen(url: str, last: str | None = None):
    """An iterator over the events of a stream, as they come."""
    headers = {"Last-Event-ID": last} if last else {}
    with httpx.stream("GET", url, headers=headers, timeout=30) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")

        def come():
            text = ""
            for piece in answer.iter_text():
                *blocks, text = (text + piece).split("\n\n")
                for block in blocks:
                    yield from parsed(block + "\n\n")

        yield come()


def test_a_run_is_followed_live_and_again_after_a_break(address, make_run):
    run = make_run(state="training", pid=os.getpid())
    url = f"{address}/runs/{run.path.name}/events"
    run.log(1, kind="pulse")
    with listen(url) as come:
        assert next(come)[1]["step"] == 1
        assert next(come)[0] == "state"
        run.log(2, kind="pulse")
        kind, data, last = next(come)
        assert (kind, data["step"]) == ("metric", 2)
    run.log(3, kind="pulse")
    with listen(url, last) as come:
        assert next(come)[1]["step"] == 3
        run.update(state="done")
        state, end = list(come)  # and the stream ends
        assert state[0] == "state" and state[1]["state"] == "done" and end[0] == "end"
    assert httpx.get(url, headers={"Last-Event-ID": end[2]}).status_code == 204  # a browser does not come again


def test_the_list_is_told_when_it_changes(address, make_run, training):
    run = make_run(state="training", pid=os.getpid())
    with listen(f"{address}/events") as come:
        kind, data, last = next(come)
        assert kind == "runs" and data["runs"][0]["state"] == "training"
        run.log(7, kind="epoch", epoch=1, f1=0.25)
        assert next(come)[1]["runs"][0]["scores"] == {"f1": 0.25}
        run.update(state="done")
        assert next(come)[1]["runs"][0]["state"] == "done"
        training.queue.delete(ROOM, run.path.name)
        _, data, last = next(come)
        assert [each["id"] for each in data["runs"]] == ["bundled"] and data["deleted"] == [run.path.name]
    with listen(f"{address}/events", last) as come:
        training.shelf.restore(ROOM, run.path.name)
        assert next(come)[1]["runs"][0]["id"] == run.path.name


def test_a_quiet_stream_beats(address, make_run, monkeypatch):
    monkeypatch.setattr(events, "HEARTBEAT", 0.1)
    run = make_run(state="training", pid=os.getpid())
    with httpx.stream("GET", f"{address}/runs/{run.path.name}/events", timeout=30) as answer:
        text = ""
        for piece in answer.iter_text():
            text += piece
            if text.count(": still here\n\n") == 3:
                break


def test_who_left_is_not_polled_for_any_more(address, make_run, monkeypatch, training, until):
    polled = []
    monkeypatch.setattr(events, "run_news", lambda *arguments: polled.append(1) or run_news(*arguments))
    run = make_run(state="training", pid=os.getpid())
    with listen(f"{address}/runs/{run.path.name}/events") as come:
        next(come)

    def quiet():
        before = len(polled)
        time.sleep(3 * events.POLL)
        return len(polled) == before

    until(quiet)


def test_a_stream_of_a_run_that_is_deleted_ends(address, make_run, training):
    run = make_run(state="interrupted", pid=os.getpid(), queued_by="studio")
    with listen(f"{address}/runs/{run.path.name}/events") as come:
        next(come)
        training.queue.delete(ROOM, run.path.name)
        assert list(come) == []
