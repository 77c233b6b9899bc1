"""The runs of a room over HTTP: listed, started, refused, thrown away and brought back, however damaged they are."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

import pytest

from pellucid import api, catalog
from pellucid.core.run import Run

ROOM = "spam_detector"
RUNS = f"/api/rooms/{ROOM}/runs"
posix = pytest.mark.skipif(os.name == "nt", reason="symbolic links")


def problem(answer, status):
    assert answer.status_code == status, answer.text
    (only,) = answer.json()["detail"]
    assert only["message"] and "\n" not in only["message"]
    return only


def test_without_runs_there_is_the_bundled_one(client):
    (bundled,) = client.get(RUNS).json()["runs"]
    assert bundled["id"] == "bundled" and bundled["bundled"] and bundled["answers"]
    assert bundled["state"] == "done" and bundled["training"]["epochs"] == 10 == bundled["epoch"]
    assert bundled["changed"] == {} and bundled["parameters"] == 63876
    assert bundled["scores"].keys() == {"train_loss", "validation_log_loss", "validation_f1", "validation_auc"}
    assert client.get(f"{RUNS}/bundled").json() == bundled
    assert len(client.get(f"{RUNS}/bundled/metrics").json()) == 10
    assert client.get(f"{RUNS}/bundled/log").text == ""


def test_a_new_run_waits_with_its_whole_configuration(client, studio):
    answer = client.post(RUNS, json={"config": {"epochs": "3", "cell": "gru", "bidirectional": "true"}})
    assert answer.status_code == 201
    run = answer.json()
    assert run["state"] == "queued" and run["place"] == 1 and not run["answers"] and run["epoch"] is None
    assert run["changed"] == {"epochs": 3, "cell": "gru", "bidirectional": True}
    config = catalog.config(ROOM).build(run["changed"])
    assert run["config"] == config.model_dump()
    assert run["command"] == api.command(ROOM, config)
    assert Run.open(studio.runs / ROOM / run["id"]).state == "queued"
    second = client.post(RUNS, json={"config": {}}).json()
    assert second["place"] == 2
    listed = client.get(RUNS).json()["runs"]
    assert [each["id"] for each in listed] == [second["id"], run["id"], "bundled"]
    assert client.get(f"{RUNS}/{run['id']}").json() == run


@pytest.mark.parametrize(
    ("room", "fields", "content", "says"),
    [
        ("spam_detector", {}, None, "no such file"),
        ("spam_detector", {}, "message,label\nhi,ham\n", "no column 'text' among 'message', 'label'"),
        ("spam_detector", {"encoding": "ascii"}, "text,label\n\u00e9,ham\n", "ascii"),
        ("linear_regression", {"target": "y"}, "x,y\n1,2\n", "no column 'size'"),
        ("linear_regression", {"target": "y", "features": "x"}, "x,z\n1,2\n", "no column 'y' among 'x', 'z'"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_its_field(client, studio, tmp_path, room, fields, content, says):
    file = tmp_path / "own.csv"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    answer = client.post(f"/api/rooms/{room}/runs", json={"config": {**fields, "data": str(file)}})
    found = problem(answer, 422)
    assert found["field"] == "config.data" and found["code"] == "data"
    assert says in found["message"] and str(file) in found["message"]
    assert not (studio.runs / room).exists() or not list((studio.runs / room).iterdir())


def test_a_run_on_other_data_has_examples_of_its_own(client, studio, tmp_path):
    assert client.get(f"{RUNS}/bundled").json()["examples"] is None
    table = tmp_path / "own.csv"
    table.write_text("x,y\n" + "".join(f"{i},{2 * i + 1}\n" for i in range(40)))
    run = api.train("linear_regression", runs=studio.runs, data=str(table), features="x", target="y", epochs=5)
    found = client.get(f"/api/rooms/linear_regression/runs/{run.path.name}").json()["examples"]
    assert len(found) == 3 and all(float(text.removeprefix("x = ")) in range(40) for text in found)
    assert len(run.predict(found)) == 3


def test_everything_wrong_with_a_configuration_is_said_at_once(client, studio):
    wrong = {"epochs": 0, "cell": "gruu", "dropout": "much", "device": "tpu", "sell": 1, "learning_rate": 11}
    answer = client.post(RUNS, json={"config": wrong})
    assert answer.status_code == 422
    found = {each["field"].removeprefix("config."): (each["code"], each["limit"]) for each in answer.json()["detail"]}
    assert found == {
        "epochs": ("greater_than_equal", 1),
        "cell": ("literal_error", ["rnn", "lstm", "gru"]),
        "dropout": ("float_parsing", None),
        "device": ("string_pattern_mismatch", r"^(auto|cpu|mps|cuda(:\d+)?)$"),
        "sell": ("extra_forbidden", None),
        "learning_rate": ("less_than_equal", 10),
    }
    messages = {each["field"]: each["message"] for each in answer.json()["detail"]}
    assert messages["config.cell"].endswith("Did you mean 'gru'?") and "Did you mean 'cell'" in messages["config.sell"]
    assert messages["config.epochs"] == "0: it should be greater than or equal to 1"
    assert not list(studio.runs.glob("*/*"))


MANY, LONG = ",".join(f'"x{i}": 1' for i in range(5000)), "x" * 100_000


@pytest.mark.parametrize(
    "config",
    [
        r'{"\ud800": 1}',
        r'{"data": "\udfff"}',
        r'{"data": "a\u0000b"}',
        '{"epochs": NaN}',
        '{"epochs": 1e999}',
        f'{{"epochs": {"9" * 4000}}}',
        f'{{"epochs": {"[" * 500}1{"]" * 500}}}',
        f'{{"epochs": {"[" * 50_000}}}',
        f'{{"{LONG}": 1}}',
        f'{{"data": "{LONG}", "epochs": null}}',
        f"{{{MANY}}}",
        "3",
    ],
    ids=range(12),
)
def test_no_configuration_brings_it_down(client, config):
    answer = client.post(RUNS, content=f'{{"config": {config}}}', headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert len(answer.content) < 200_000


@pytest.mark.parametrize(
    "run",
    ["%2e%2e", "%2e", ".studio", "x" * 101, "a b", "a%00", "a%0a", "..%5c..", "C%3a", "-x", "~", "no-such-run",
     "%E2%80%AE", "run.json", "a" * 5000],
)  # fmt: skip
@pytest.mark.parametrize(
    ("method", "rest"), [("get", ""), ("get", "/log"), ("get", "/events"), ("delete", ""), ("post", "/restore")]
)
def test_only_runs_have_ids(client, make_run, run, method, rest):
    make_run()
    url = f"http://testserver{RUNS}/"
    answer = getattr(client, method)(url + (quote(run) if "%" not in run else run) + rest)
    assert answer.status_code in (404, 405), answer.text
    assert "state" not in answer.text


def test_rooms_that_are_not_there(client):
    for room in ("translator", "nonsense", "..", ".studio"):
        for method, rest in (("get", "/runs"), ("post", "/runs"), ("get", "/events"), ("post", "/tensorboard")):
            answer = client.request(method, f"http://testserver/api/rooms/{quote(room)}{rest}", json={"config": {}})
            assert answer.status_code in (404, 405), (room, rest, answer.text)


@posix
def test_a_link_is_no_run_and_no_log(client, studio, tmp_path, make_run):
    run = make_run(state="failed")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "run.json").write_text((run.path / "run.json").read_text())
    (studio.runs / ROOM / "linked").symlink_to(elsewhere)
    secret = tmp_path / "secret"
    secret.write_text('{"step": 1, "secret": 1}\n')
    for name in ("train.log", "metrics.jsonl"):
        (run.path / name).symlink_to(secret)
    assert client.get(f"{RUNS}/linked").status_code == 404
    assert [each["id"] for each in client.get(RUNS).json()["runs"]] == [run.path.name, "bundled"]
    for url in (RUNS, f"{RUNS}/{run.path.name}/log", f"{RUNS}/{run.path.name}/metrics"):
        assert "secret" not in client.get(url).text
    (run.path / "run.json").rename(tmp_path / "real.json")
    (run.path / "run.json").symlink_to(tmp_path / "real.json")
    assert "link" in client.get(f"{RUNS}/{run.path.name}").json()["error"]


SOUND = {"format": 1, "room": ROOM, "state": "done", "config": {}, "host": {"name": "there"}, "pid": 5}
HOSTILE = {
    "empty": b"",
    "list": b"[]",
    "binary": bytes(range(256)),
    "deep": b"[" * 100_000,
    "large": b'{"a": "' + b"x" * 2_000_000 + b'"}',
    "format": json.dumps(SOUND | {"format": 2}).encode(),
    "room": json.dumps(SOUND | {"room": "../../etc"}).encode(),
    "state": json.dumps(SOUND | {"state": ["training"]}).encode(),
    "host": json.dumps(SOUND | {"state": "training", "host": None}).encode(),
    "pid": json.dumps(SOUND | {"state": "training", "pid": 2**70}).encode(),
    "minus": json.dumps(SOUND | {"state": "training", "pid": -1}).encode(),
    "config": json.dumps(SOUND | {"config": "all"}).encode(),
    "queued_at": json.dumps(SOUND | {"state": "queued", "queued_at": "soon"}).encode(),
    "surrogate": json.dumps(SOUND | {"command": "\ud800"}).encode(),
    "training": json.dumps(SOUND | {"training": 3}).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_damaged_run_is_listed_with_what_is_wrong_and_can_be_deleted(client, studio, make_run, name):
    good = make_run()
    bad = studio.runs / ROOM / "00-bad"
    bad.mkdir()
    (bad / "run.json").write_bytes(HOSTILE[name])
    listed = {each["id"]: each for each in client.get(RUNS).json()["runs"]}
    assert listed.keys() == {good.path.name, "00-bad", "bundled"} and listed[good.path.name]["state"] == "done"
    assert listed["00-bad"]["state"] == "failed" and listed["00-bad"]["error"].startswith("run.json: ")
    assert len(listed["00-bad"]["error"]) <= 300
    for method, rest, status in (("post", "/stop", 409), ("post", "/resume", 409)):
        assert problem(client.request(method, f"{RUNS}/00-bad{rest}"), status)["code"] == "damaged"
    assert client.get(f"{RUNS}/00-bad/metrics").json() == []
    assert client.delete(f"{RUNS}/00-bad").json()["deleted"] == ["00-bad"]


def test_odd_numbers_and_lines_are_passed_on_or_over(client, make_run):
    """1e999 reads as infinity, which JSON cannot say; half a surrogate pair can be said only escaped."""
    run = make_run(state="failed")
    text = (run.path / "run.json").read_text()
    (run.path / "run.json").write_text(text.replace('"seed": 1', '"seed": 1e999, "n": NaN', 1))
    epoch = '"step": 1, "kind": "epoch", "epoch": 1, "f1": 0.5, "name": "\\ud800", "yes": true'
    lines = [f'{{{epoch}, "big": {"9" * 400}}}', '{"step": 2, "loss": NaN}', '{"step": 3, "loss": 1e999}']
    lines += ['{"step": [], "a": 1}', '{"step": 4, "kind": {}}', "[" * 99_999, "\x00", "null", '{"step": 5}', '{"st']
    (run.path / "metrics.jsonl").write_text("\n".join(lines))
    (run.path / "train.log").write_bytes(b"first\n\x1b[31mred \xff\xfe\n\n  \n")
    found = client.get(f"{RUNS}/{run.path.name}").json()
    assert found["config"]["seed"] is None and found["scores"] == {"f1": 0.5} and found["epoch"] == 1
    assert found["error"].startswith("\\x1b[31mred")
    assert [line["step"] for line in client.get(f"{RUNS}/{run.path.name}/metrics").json()] == [1, 5]


def test_deleted_runs_come_back_whole(client, studio, make_run):
    first, second = make_run(), make_run()
    (first.path / "model.safetensors").write_bytes(b"weights")
    before = client.get(f"{RUNS}/{first.path.name}").json()
    client.delete(f"{RUNS}/{second.path.name}")
    left = client.delete(f"{RUNS}/{first.path.name}").json()
    assert [run["id"] for run in left["runs"]] == ["bundled"]
    assert left["deleted"] == [first.path.name, second.path.name]  # the newest first
    assert Run.all(studio.runs, ROOM) == [] and client.get(f"{RUNS}/{first.path.name}").status_code == 404
    assert client.post(f"{RUNS}/{first.path.name}/restore").json() == before
    assert (first.path / "model.safetensors").read_bytes() == b"weights"
    assert client.get(RUNS).json()["deleted"] == [second.path.name]
    assert problem(client.post(f"{RUNS}/{first.path.name}/restore"), 404)["code"] == "no_run"


def test_a_name_that_is_taken_is_refused_and_nothing_is_lost(client, studio, make_run):
    run = make_run()
    client.delete(f"{RUNS}/{run.path.name}")
    run.path.mkdir()
    (run.path / "run.json").write_text(json.dumps(SOUND | {"command": "another"}))
    assert problem(client.post(f"{RUNS}/{run.path.name}/restore"), 409)["code"] == "name_taken"
    assert problem(client.delete(f"{RUNS}/{run.path.name}"), 409)["code"] == "name_taken"
    assert client.get(f"{RUNS}/{run.path.name}").json()["command"] == "another"
    assert client.get(RUNS).json()["deleted"] == [run.path.name]


def test_what_trains_is_not_deleted_and_the_bundled_run_stays(client, make_run):
    run = make_run(state="training", pid=os.getpid())
    assert problem(client.delete(f"{RUNS}/{run.path.name}"), 409)["code"] == "training"
    assert problem(client.post(f"{RUNS}/{run.path.name}/resume"), 409)["code"] == "not_resumable"
    for method, rest in (("delete", ""), ("post", "/stop"), ("post", "/resume")):
        assert problem(client.request(method, f"{RUNS}/bundled{rest}"), 409)["code"] == "bundled"


def test_a_deleted_queued_run_does_not_wait_any_more(client, training):
    run = client.post(RUNS, json={"config": {}}).json()["id"]
    client.delete(f"{RUNS}/{run}")
    assert training.shelf.waiting() == []
    assert client.post(f"{RUNS}/{run}/restore").json()["state"] == "interrupted"


def test_the_log_is_its_end_or_all_of_it(client, make_run):
    run = make_run()
    lines = [f"line {i}\n" for i in range(1000)]
    (run.path / "train.log").write_text("".join(lines))
    assert client.get(f"{RUNS}/{run.path.name}/log").text == "".join(lines[-200:])
    assert client.get(f"{RUNS}/{run.path.name}/log?all=1").text == "".join(lines)
    assert client.get(f"{RUNS}/{run.path.name}/log").headers["content-type"] == "text/plain; charset=utf-8"


def test_two_hundred_runs_are_read_once_each(client, make_run, monkeypatch):
    for _ in range(60):  # as many as have names in one second
        make_run()
    from pellucid.server.studio import shelf

    read, record = [], shelf.read_record
    monkeypatch.setattr(shelf, "read_record", lambda file: read.append(file) or record(file))
    assert len(client.get(RUNS).json()["runs"]) == 61
    assert len(read) == len(set(read)) == 61
    client.get(RUNS)
    assert len(read) == 61
    changed = make_run()
    assert len(client.get(RUNS).json()["runs"]) == 62
    assert read[61:] == [changed.path / "run.json"]


@pytest.fixture
def fake_tensorboard(tmp_path, monkeypatch):
    """A function: Python source -> what runs in TensorBoard's place."""

    def make(source: str) -> None:
        package = tmp_path / "fake" / "tensorboard"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "main.py").write_text(source)
        monkeypatch.setenv("PYTHONPATH", str(package.parent))

    return make


@pytest.mark.parametrize(
    ("source", "says"),
    [("import sys; sys.exit('no board today')", "ended: no board today"), ("while True: pass", "within 1 s")],
)
def test_a_tensorboard_that_does_not_start_says_why(client, monkeypatch, fake_tensorboard, source, says):
    fake_tensorboard(source)
    monkeypatch.setattr("pellucid.server.studio.tensorboard.PATIENCE", 1.0 if "within" in says else 20.0)
    assert says in problem(client.post(f"/api/rooms/{ROOM}/tensorboard"), 424)["message"]


def test_one_tensorboard_a_room_until_the_studio_closes(client, training, studio, fake_tensorboard):
    fake_tensorboard(
        "import sys, http.server as h\n"
        "assert sys.argv[1::2] == ['--logdir', '--host', '--port']\n"
        "print(sys.argv[2], flush=True)\n"
        "h.HTTPServer((sys.argv[4], int(sys.argv[6])), h.SimpleHTTPRequestHandler).serve_forever()\n"
    )
    url = client.post(f"/api/rooms/{ROOM}/tensorboard").json()["url"]
    assert url.startswith("http://127.0.0.1:")
    assert (studio.own / f"tensorboard-{ROOM}.log").read_text().startswith(f"{studio.runs / ROOM}\n")
    assert client.post(f"/api/rooms/{ROOM}/tensorboard").json()["url"] == url
    (child, _), *others = training.boards._running.values()
    assert others == [] and child.poll() is None
    training.close()
    assert child.poll() is not None
