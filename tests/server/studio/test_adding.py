"""Adding over HTTP: what is added is found, what is wrong is refused with its field, and nothing is left behind."""

from __future__ import annotations

import shutil

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import JSONResponse

from pellucid import api
from pellucid.server.studio import adding, answers
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> api.Trained:
    folder = tmp_path_factory.mktemp("adding")
    (folder / "first.txt").write_text("a ship in the port\na baker bakes bread\n")
    return api.train("document_search", runs=folder / "runs", data=str(folder / "first.txt"))


@pytest.fixture
def run(trained, tmp_path) -> str:
    """A run of its own for each test: the path of its routes."""
    shutil.copytree(trained.path.parent, tmp_path / "runs" / "document_search")
    return f"/api/rooms/document_search/runs/{trained.path.name}"


@pytest.fixture
def client(tmp_path):
    app, studio = FastAPI(), Studio(tmp_path / "runs")
    for part in (adding, answers):
        app.include_router(part.router(studio))

    async def refused(request: Request, error: Refused) -> JSONResponse:
        return JSONResponse(error.body(), error.status)

    app.add_exception_handler(Refused, refused)
    return TestClient(app)


def names(client, run: str, query: str) -> list[str]:
    (answer,) = client.post(f"{run}/predict", json={"inputs": [query]}).json()["answers"]
    return [place["name"] for place in answer["documents"]]


def test_what_is_added_is_found_by_the_next_question(client, run):
    assert len(names(client, run, "bread port")) == 2
    more = "title,body\nu1,a submarine in the port\nu2,rye bread\n".encode("utf-16")
    fields = {"filename": "more.csv", "text_column": "body", "name_column": "title", "encoding": "utf-16"}
    answer = client.post(f"{run}/add", params=fields, content=more)
    assert answer.status_code == 200, answer.text
    assert answer.json()["count"] == 2 and answer.json()["total"] == 4
    assert names(client, run, "submarine")[0] == "u1" and "u2" in names(client, run, "bread")


def test_names_in_use_are_left_out_only_if_asked(client, run):
    taken = names(client, run, "ship")[0]
    body = f"name,text\n{taken},one more ship\nu3,a ship of the line\n"
    fields = {"filename": "more.csv", "name_column": "name"}
    answer = client.post(f"{run}/add", params=fields, content=body.encode())
    (problem,) = answer.json()["detail"]
    assert answer.status_code == 422 and taken in problem["message"] and "more.csv, line 2" in problem["message"]
    assert names(client, run, "ship") == [taken]
    answer = client.post(f"{run}/add", params=fields | {"on_bad": "skip"}, content=body.encode())
    assert answer.json()["count"] == 1 and taken in answer.json()["skipped"] and answer.json()["skipped_zh"]


@pytest.mark.parametrize(
    ("path", "fields", "body", "status", "field"),
    [
        ("{run}", {"filename": "more.xlsx"}, b"x", 422, "filename"),
        ("{run}", {"filename": "../../etc/passwd"}, b"x", 422, "filename"),
        ("{run}", {"filename": "more.txt", "topics": "3"}, b"x", 422, "topics"),
        ("{run}", {"filename": "more.txt", "on_bad": "maybe"}, b"x", 422, "file"),
        ("{run}", {"filename": "more.txt"}, b"", 422, "file"),
        ("{run}", {"filename": "more.txt.gz"}, b"\x1f\x8b broken", 422, "file"),
        ("{run}", {"filename": "more.csv", "encoding": "utf-8"}, b"text\n\xa4\xa4\xa4\xe5\n", 422, "file"),
        ("/api/rooms/document_search/runs/bundled", {"filename": "more.txt"}, b"a word\n", 409, "file"),
        ("/api/rooms/spam_detector/runs/bundled", {"filename": "more.txt"}, b"a word\n", 404, "room"),
    ],
)
def test_what_is_wrong_is_refused_and_the_run_stays(client, run, tmp_path, path, fields, body, status, field):
    before = names(client, run, "bread port")
    answer = client.post(f"{path.format(run=run)}/add", params=fields, content=body)
    (problem,) = answer.json()["detail"]
    assert (answer.status_code, problem["field"]) == (status, field)
    assert str(tmp_path) not in problem["message"] and "/tmp" not in problem["message"]
    assert names(client, run, "bread port") == before
