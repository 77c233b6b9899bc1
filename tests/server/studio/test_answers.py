"""Try over HTTP: answers, influence, whole files and scores, and every wrong request with its field."""

from __future__ import annotations

import csv
import io
import json
import math

import polars
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import JSONResponse

from pellucid import catalog
from pellucid.core.errors import UserError
from pellucid.server.studio import answers, guard
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio

RUN = "/api/rooms/spam_detector/runs/bundled"
TEXTS = ["WINNER!! Claim your free prize now, call 09061701461", "Ok, see you at five", "恭喜中獎", "?"]


@pytest.fixture
def client(tmp_path):
    """The routes alone, with the studio's way to refuse and its limits on bodies."""
    app = FastAPI()
    app.include_router(answers.router(Studio(tmp_path / "runs")))

    async def refused(request: Request, error: Refused) -> JSONResponse:
        return JSONResponse(error.body(), error.status)

    app.add_exception_handler(Refused, refused)
    app.add_middleware(guard.Guard, token="t")
    return TestClient(app, base_url="http://127.0.0.1", headers={"Authorization": "Bearer t"})


@pytest.fixture(scope="module")
def bundled():
    from pellucid import api

    return api.find("spam_detector", runs="there/is/no/such/folder")


def problem(response) -> tuple[int, str, str, str]:
    (found,) = response.json()["detail"]
    return response.status_code, found["field"], found["message"], found["code"]


def test_answers_are_those_of_the_run(client, bundled):
    found = client.post(f"{RUN}/predict", json={"inputs": TEXTS}).json()
    assert found["answers"] == bundled.predict(TEXTS)
    assert found["threshold"] == bundled.system.codec.threshold
    assert {answer["label"] for answer in found["answers"]} == {"ham", "spam"}


@pytest.mark.parametrize("wrong", ["", "  ", 5, None, ["a"], "x" * 10_001, "a\0b"])
def test_a_wrong_input_is_named_by_its_place(client, wrong):
    response = client.post(f"{RUN}/predict", json={"inputs": ["a", "b", "c", wrong]})
    status, field, message, _ = problem(response)
    assert (status, field) == (422, "inputs[3]")
    assert message.startswith("text: ")
    assert problem(client.post(f"{RUN}/influence", json={"input": wrong}))[:2] == (422, "input")


@pytest.mark.parametrize(
    "path", ["/api/rooms/spam_detector/runs/none", "/api/rooms/none/runs/bundled", "/api/rooms/spam_detector/runs/.."]
)
@pytest.mark.parametrize(
    ("action", "body"), [("predict", {"inputs": ["a"]}), ("influence", {"input": "a"}), ("evaluate", {})]
)
def test_what_is_not_there_is_404(client, path, action, body):
    assert client.post(f"{path}/{action}", json=body).status_code == 404


def test_influence_is_that_of_the_system(client, bundled):
    found = client.post(f"{RUN}/influence", json={"input": TEXTS[0]}).json()
    own = bundled.system.influence(TEXTS[0])
    assert found["parts"] == ["winner", "!!", "claim", "your", "free", "prize", "now", ",", "call", "00000000000"]
    assert found["occlusion"] == list(own.occlusion)
    assert found["gradient"] == list(own.gradient)
    assert 1 / (1 + math.exp(-found["score"])) == pytest.approx(bundled.predict(TEXTS[0])["probability"], abs=1e-6)
    assert found["score_name"]["zh-TW"] == "垃圾簡訊的對數勝算"


def test_a_room_without_influence_says_so(client, monkeypatch):
    monkeypatch.setattr(catalog.load("spam_detector"), "influence", lambda self, value: None)
    answer = client.post(f"{RUN}/influence", json={"input": "a"})
    assert answer.status_code == 200 and answer.json() is None


# files


def send(client, name: str, content: bytes, **query):
    return client.post(f"{RUN}/predict-file", params={"filename": name, **query}, content=content)


def as_csv(texts, column="text") -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([[column], *([text] for text in texts)])
    return file.getvalue().encode()


def as_parquet(texts) -> bytes:
    file = io.BytesIO()
    polars.DataFrame({"text": texts}).write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("messages.csv", as_csv(TEXTS)),
        ("messages.TSV", b"text\tmore\n" + "".join(f"{text}\t1\n" for text in TEXTS).encode()),
        ("messages.jsonl", "".join(json.dumps({"text": text}) + "\n" for text in TEXTS).encode()),
        ("messages.ndjson", "".join(json.dumps({"text": text}) + "\n" for text in TEXTS).encode()),
        ("messages.txt", "\n".join(TEXTS).encode()),
        ("messages.parquet", as_parquet(TEXTS)),
    ],
)
def test_every_kind_of_file_is_answered_row_by_row(client, bundled, name, content):
    response = send(client, name, content)
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="predictions.csv"'
    assert response.headers["x-rows"] == "4"
    assert response.content.startswith(
        b"\xef\xbb\xbftext,more,label,probability\r\n" if "TSV" in name else b"\xef\xbb\xbftext,label,probability\r\n"
    )
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["text"] for row in rows] == TEXTS
    for row, own in zip(rows, bundled.predict(TEXTS), strict=True):
        assert (row["label"], float(row["probability"])) == (own["label"], pytest.approx(own["probability"], abs=1e-6))


def test_answers_as_json_lines(client, bundled):
    response = send(client, "m.csv", as_csv(["=1+1", *TEXTS]), **{"as": "jsonl"})
    rows = [json.loads(line) for line in response.text.splitlines()]
    assert [row["text"] for row in rows] == ["=1+1", *TEXTS]
    assert rows[1].keys() == {"text", "label", "probability"}


def test_a_bad_row_is_kept_with_its_reason_and_its_other_columns(client):
    content = b"id,text,label\n1,hello,ham\n2,,spam\n3,see you,ham\n"
    status, field, message, _ = problem(send(client, "m.csv", content))
    assert (status, field) == (422, "file") and message.startswith("m.csv, line 3: 'text' is empty; mend it")
    response = send(client, "m.csv", content, on_bad="skip")
    assert (response.headers["x-rows"], response.headers["x-bad"]) == ("3", "1")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert list(rows[0]) == ["text", "id", "file_label", "label", "probability", "error"]
    assert [(row["id"], row["error"], bool(row["label"])) for row in rows] == [
        ("1", "", True), ("2", "'text' is empty", False), ("3", "", True),
    ]  # fmt: skip


def test_a_spreadsheet_computes_nothing_of_what_was_sent(client):
    evil = ["=HYPERLINK(1)", "+1", "-1 a", "@SUM(1)", "fine =1"]
    response = send(client, "m.csv", as_csv(evil))
    cells = [row[0] for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig")))][1:]
    assert cells == ["'=HYPERLINK(1)", "'+1", "'-1 a", "'@SUM(1)", "fine =1"]


def test_column_and_encoding_are_the_users(client):
    content = as_csv(["恭喜中獎", "晚安"], column="內容").decode().encode("cp950")
    response = send(client, "m.csv", content, column="內容", encoding="cp950")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["text"] for row in rows] == ["恭喜中獎", "晚安"]


def test_many_rows_keep_their_order(client):
    texts = [f"message number {'a' * (i % 40)} {i}" for i in range(3000)]
    response = send(client, "m.txt", "\n".join(texts).encode(), **{"as": "jsonl"})
    assert [json.loads(line)["text"] for line in response.text.splitlines()] == texts


@pytest.mark.parametrize(
    ("name", "content", "query", "field", "says"),
    [
        ("m.xlsx", b"a", {}, "filename", ".xlsx: send one of .csv"),
        ("m", b"a", {}, "filename", "no suffix"),
        ("m.csv.gz", b"a", {}, "filename", ".gz"),
        ("../../etc/passwd", b"a", {}, "filename", "no suffix"),
        ("m.csv", b"", {}, "file", "m.csv: is empty"),
        ("m.csv", b"body\nhello\n", {}, "file", "'text'"),
        ("m.csv", b"text\nhello\n\xff\xfe\n", {}, "file", "m.csv"),
        ("m.csv", b"text\nhello\n", {"encoding": "klingon"}, "file", "klingon"),
        ("m.csv", b"text\nhello\n", {"column": "words"}, "file", "'words'"),
        ("m.txt", b"hello\n" * 5000 + b"x" * 10_001, {}, "file", "m.txt, line 5001: text: 10,001 characters"),
        ("m.jsonl", b'{"text": "a"}\n{"text": ', {}, "file", "m.jsonl, line 2"),
        ("m.parquet", b"PAR1 no", {}, "file", "m.parquet"),
    ],
)
def test_a_wrong_file_is_refused_before_the_first_answer(client, name, content, query, field, says):
    response = send(client, name, content, **query)
    status, found, message, _ = problem(response)
    assert (status, found) == (422, field)
    assert says in message
    assert "\n" not in message and "upload" not in message and "/tmp" not in message


def test_an_unknown_form_of_answers_is_422(client):
    assert send(client, "m.csv", as_csv(TEXTS), **{"as": "xml"}).status_code == 422


def test_a_file_that_is_too_large_is_413_and_leaves_nothing(client, monkeypatch, tmp_path):
    monkeypatch.setattr(answers.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(guard, "UPLOAD_LIMIT", 1000)
    assert problem(send(client, "m.txt", b"hello\n" * 200))[::3] == (413, "too_large")
    assert send(client, "m.csv", b"text\n\xff\n").status_code == 422
    assert send(client, "m.txt", b"hello\n").status_code == 200
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("pellucid-")]


# scores


def test_evaluate_gives_the_scores_of_the_test_split(client, bundled):
    found = client.post(f"{RUN}/evaluate").json()
    assert found["split"] == "test"
    assert found["scores"] == bundled.evaluate("test")
    assert found["labels"] == ["ham", "spam"]


def test_data_that_changed_is_a_conflict(client, monkeypatch):
    def changed(self, *_):
        raise UserError("mine.csv: has changed since this run was trained on it")

    monkeypatch.setattr(catalog.load("spam_detector"), "examples", changed)
    status, field, message, _ = problem(client.post(f"{RUN}/evaluate"))
    assert (status, field) == (409, "data")
    assert "has changed" in message
