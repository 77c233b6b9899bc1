"""Looking over HTTP: the trace is the one of `api`, parts of it can be read, and each input gets its own."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from pellucid import api
from pellucid.core.errors import UserError
from pellucid.look import Trace
from pellucid.server.studio import looking
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import MOST_LOADED, MOST_TRACES, Studio, refuse_user_error

TEXT = "WINNER!! Claim your free prize now"
LOOK = "/api/rooms/spam_detector/runs/bundled/look"


@pytest.fixture
def studio(tmp_path):
    studio = Studio(tmp_path / "runs")
    yield studio
    studio.close()


@pytest.fixture
def client(studio):
    from fastapi.responses import JSONResponse

    app = FastAPI()
    app.include_router(looking.router(studio))
    app.add_exception_handler(Refused, lambda request, error: JSONResponse(error.body(), error.status))
    app.add_exception_handler(
        UserError, lambda request, error: JSONResponse(refuse_user_error(error).body(), refuse_user_error(error).status)
    )
    return TestClient(app)


def looked(client, text=TEXT, **more):
    answer = client.post(LOOK, json={"input": text, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_trace_is_the_one_that_the_run_computes(client, tmp_path):
    said = looked(client)
    file = tmp_path / "got.safetensors"
    file.write_bytes(client.get(said["url"]).content)
    assert file.stat().st_size == said["bytes"]
    got, mine = Trace.open(file), api.find("spam_detector", "none").look(TEXT)
    assert [node.name for node in got.nodes] == [node.name for node in mine.nodes]
    assert np.array_equal(got.array("pooled"), mine.array("pooled"))
    assert said["answer"]["probability"] == pytest.approx(float(mine.array("probability")[0]), abs=1e-6)
    assert said["check"]["checked"] == said["check"]["total"] == len(mine.nodes)
    assert len(said["check"]["relative"]) == len(mine.nodes)
    assert 0 < said["check"]["largest"] < 1e-6


def test_one_tensor_can_be_read_by_its_range_of_bytes(client):
    url = looked(client)["url"]

    def part(start, end):
        answer = client.get(url, headers={"Range": f"bytes={start}-{end - 1}"})
        assert answer.status_code == 206
        assert len(answer.content) == end - start
        return answer.content

    length = struct.unpack("<Q", part(0, 8))[0]
    header = json.loads(part(8, 8 + length))
    graph = json.loads(header["__metadata__"]["pellucid_trace"])
    value = next(value for value in graph["values"] if value["name"] == "dense.weight")
    start, end = header[value["id"]]["data_offsets"]
    weights = np.frombuffer(part(8 + length + start, 8 + length + end), "<f4").reshape(value["shape"])
    assert np.array_equal(weights, api.find("spam_detector", "none").system.model.dense.weight.detach().numpy())


def test_other_inputs_and_gradients_are_other_traces(client):
    urls = {looked(client)["url"], looked(client, "see you")["url"], looked(client, backward=True)["url"]}
    assert len(urls) == 3
    assert looked(client)["url"] in urls  # the same again is the same file


@pytest.mark.parametrize("value", ["", " ", None, 7, ["a"], "\0", "x" * 10_001])
def test_what_is_no_text_is_refused_at_its_field(client, value):
    answer = client.post(LOOK, json={"input": value})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["field"] == "input"


def test_a_trace_that_is_gone_says_so(client, studio):
    url = looked(client)["url"]
    for file in studio.traces.glob("*.safetensors"):
        file.unlink()
    answer = client.get(url)
    assert answer.status_code == 404
    assert answer.json()["detail"][0]["code"] == "no_trace"


def test_only_so_many_traces_and_systems_are_kept(client, studio):
    for i in range(MOST_TRACES + 3):
        (studio.traces / f"old{i}.safetensors").write_bytes(b"")
    looked(client)
    assert len(list(studio.traces.glob("*.safetensors"))) <= MOST_TRACES
    assert len(studio._loaded) <= MOST_LOADED
    studio.close()
    assert not studio.traces.exists()


def test_the_picture_of_the_map_is_what_the_bundled_run_computed(client, studio):
    picture = client.get("/api/rooms/spam_detector/picture").json()
    trained = api.find("spam_detector", "none")
    trace = trained.look(trained.card.input.examples[0])
    assert np.allclose(picture["rows"], trace.series(picture["name"])[:, 0].T, atol=1e-4)
    assert picture["signed"] is True
    (kept,) = (studio.own / "pictures").iterdir()
    kept.write_text("damaged")
    assert client.get("/api/rooms/spam_detector/picture").json() == picture
