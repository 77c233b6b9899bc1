"""Samples over HTTP: pages of a run's data with truth and answer, those that were answered wrongly, wrong requests."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import JSONResponse

from pellucid import api, catalog
from pellucid.core.errors import UserError
from pellucid.server.studio import samples
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio

RUN = "/api/rooms/spam_detector/runs/bundled/samples"


@pytest.fixture
def client(tmp_path):
    app = FastAPI()
    app.include_router(samples.router(Studio(tmp_path / "runs")))

    async def refused(request: Request, error: Refused) -> JSONResponse:
        return JSONResponse(error.body(), error.status)

    app.add_exception_handler(Refused, refused)
    return TestClient(app)


@pytest.fixture(scope="module")
def known():
    """Every test example of the bundled run: text, truth, answer."""
    bundled = api.find("spam_detector", runs="there/is/no/such/folder")
    texts, targets = bundled.system.examples("test")
    return [
        (text, ("ham", "spam")[target], answer["label"])
        for text, target, answer in zip(texts, targets, bundled.predict(list(texts)), strict=True)
    ]


def rows(found: dict) -> list[tuple[str, str, str]]:
    return [(each["input"], each["target"], each["answer"]) for each in found["samples"]]


def problem(response) -> tuple[int, str]:
    found = response.json()["detail"][0]
    return response.status_code, found.get("field") or found["loc"][-1]


def test_pages_are_the_data_in_its_order(client, known):
    first = client.get(RUN).json()
    assert first["total"] == len(known)
    assert first["targets"] == ["ham", "spam"]
    assert rows(first) == known[:48]
    assert rows(client.get(RUN, params={"start": 48, "count": 5}).json()) == known[48:53]
    last = client.get(RUN, params={"start": len(known) - 3}).json()
    assert rows(last) == known[-3:]
    assert [each["place"] for each in last["samples"]] == [len(known) - 3, len(known) - 2, len(known) - 1]
    assert rows(client.get(RUN, params={"start": len(known)}).json()) == []


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"target": "spam"}, lambda truth, answer: truth == "spam"),
        ({"wrong": True}, lambda truth, answer: truth != answer),
        ({"target": "spam", "wrong": True}, lambda truth, answer: truth == "spam" != answer),
        ({"target": "ham", "answer": "spam"}, lambda truth, answer: (truth, answer) == ("ham", "spam")),
    ],
)
def test_only_those_that_were_asked_for(client, known, asked, fits):
    wanted = [row for row in known if fits(*row[1:])]
    found = client.get(RUN, params=asked | {"count": 96}).json()
    assert 0 < found["total"] == len(wanted) < len(known)
    assert rows(found) == wanted[:96]
    if len(wanted) > 2:
        assert rows(client.get(RUN, params=asked | {"start": 1, "count": 2}).json()) == wanted[1:3]


def test_pictures_are_samples_as_texts_are(client):
    found = client.get(RUN.replace("spam_detector", "image_classifier"), params={"target": "7", "count": 3}).json()
    assert found["targets"] == list("0123456789")
    assert 100 < found["total"] < 400
    check = catalog.card("image_classifier").input.check
    assert all(check(each["input"]) and each["target"] == "7" for each in found["samples"])
    assert {each["answer"] for each in found["samples"]} <= set(found["targets"])


def test_other_splits_are_other_data(client, known):
    train = client.get(RUN, params={"split": "train", "count": 96}).json()
    assert train["total"] > 3 * len(known)
    assert not {row[0] for row in rows(train)} & {row[0] for row in known}


def test_a_page_is_not_read_again(client, monkeypatch):
    read = []
    system = catalog.load("spam_detector")
    examples = system.examples
    monkeypatch.setattr(system, "examples", lambda self, split="test": (read.append(split), examples(self, split))[1])
    for start in (0, 48, 96):
        client.get(RUN, params={"start": start})
    assert read == ["test"]
    client.get(RUN, params={"split": "validation"})
    assert read == ["test", "validation"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"start": -1}, "start"),
        ({"start": "many"}, "start"),
        ({"count": 0}, "count"),
        ({"count": 97}, "count"),
        ({"split": "all"}, "split"),
        ({"wrong": "perhaps"}, "wrong"),
        ({"target": "eggs"}, "target"),
        ({"answer": ""}, "answer"),
        ({"target": "x" * 201}, "target"),
    ],
)
def test_a_wrong_value_is_named(client, asked, field):
    assert problem(client.get(RUN, params=asked)) == (422, field)


@pytest.mark.parametrize("path", [RUN.replace("bundled", "none"), RUN.replace("spam_detector", "none")])
def test_what_is_not_there_is_404(client, path):
    assert client.get(path).status_code == 404


def test_a_room_without_examples_says_so(client):
    response = client.get("/api/rooms/linear_equations/runs/bundled/samples")
    assert problem(response) == (404, "room")
    assert response.json()["detail"][0]["code"] == "no_samples"


def test_data_that_changed_is_a_conflict(client, monkeypatch):
    def changed(self, *_):
        raise UserError("mine.csv: has changed since this run was trained on it")

    monkeypatch.setattr(catalog.load("spam_detector"), "examples", changed)
    response = client.get(RUN)
    assert problem(response) == (409, "data")
    assert "has changed" in response.json()["detail"][0]["message"]


@pytest.mark.parametrize(
    ("target", "name"), [(True, "spam"), (0, "ham"), ("eggs", "eggs"), (7, "7"), (1.0, "1.0"), (None, "None")]
)
def test_a_target_is_a_name_or_the_place_of_one(target, name):
    assert samples.name_of(target, ["ham", "spam"]) == name
