"""Requests and answers: equal to the bundle's own, and every wrong body refused with its field in one line."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

pytestmark = pytest.mark.anyio


async def post(client, body, kind="application/json"):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post("/predict", content=content, headers={"content-type": kind} if kind else {})


async def test_answers_are_those_of_the_bundle(make_app, talk, bundle, codec):
    texts = ["free prize 3", "see your library", "none of these words", "ok " * 300]
    own = list(bundle.predict(texts, codec))
    async with talk(make_app()) as client:
        many = (await post(client, {"inputs": texts})).json()
        single = [(await post(client, {"input": text})).json() for text in texts]
    assert many.keys() == {"outputs"}
    for answers in (many["outputs"], [one["output"] for one in single]):
        assert [answer["label"] for answer in answers] == [answer["label"] for answer in own]
        assert [a["probability"] for a in answers] == pytest.approx([a["probability"] for a in own], abs=1e-6)
    assert len({round(answer["probability"], 4) for answer in own}) > 1


async def test_64_clients_at_once_get_the_answers_they_get_alone(make_app, talk):
    app = make_app()
    texts = [f"{('free', 'ok', 'see')[i % 3]} prize {i % 12}" for i in range(640)]
    async with talk(app) as client:
        alone = {text: (await post(client, {"input": text})).json()["output"] for text in set(texts)}
        gate = asyncio.Semaphore(64)

        async def ask(text):
            async with gate:
                return (await post(client, {"input": text})).json()["output"]

        together = await asyncio.gather(*map(ask, texts))
        figures = (await client.get("/metrics")).text
    for text, answer in zip(texts, together, strict=True):
        assert answer["label"] == alone[text]["label"]
        assert answer["probability"] == pytest.approx(alone[text]["probability"], abs=1e-6)
    count = float(re.search(r"^pellucid_batch_size_count (\S+)", figures, re.M)[1])
    size = float(re.search(r"^pellucid_batch_size_sum (\S+)", figures, re.M)[1])
    assert size == len(alone) + 640
    assert count < len(alone) + 640 / 2  # batches of more than two on the average
    requests = re.search(r'^pellucid_requests_total\{code="200",path="/predict"\} (\S+)', figures, re.M)[1]
    assert float(requests) == len(alone) + 640


LONG = "x" * 10_001
WRONG = [
    (b"", 400, "body", "empty"),
    (b"  \n", 400, "body", "empty"),
    (b'{"input": ', 400, "body", "not JSON"),
    (b'{"input": "a"} trailing', 400, "body", "not JSON"),
    (b'{"input": "a\x00b"}', 400, "body", "not JSON"),
    (b'{"input": "\xff\xfe"}', 400, "body", "not UTF-8 at byte 11"),
    (b'{"input": NaN}', 400, "body", "NaN is not a JSON number"),
    (b'{"inputs": [-Infinity]}', 400, "body", "-Infinity is not a JSON number"),
    (b'{"input": ' + b"9" * 5000 + b"}", 400, "body", "not JSON"),
    (b'{"input": ' + b"[" * 100_000, 400, "body", "nested too deeply"),
    (b'{"input": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "body", "nested too deeply"),
    (b'{"input": ' + b"[" * 900 + b"]" * 900 + b"}", 422, "input", "is not text"),
    (b'{"input": 1e999}', 422, "input", "is not text"),
    (b'{"input": "\\ud800"}', 422, "input", "surrogate"),
    (b'{"inputs": ["a", ["\\udfff"]]}', 422, "inputs[1]", "surrogate"),
    (b'{"input": "a\\u0000b"}', 422, "input", "NUL"),
    ([], 422, "body", "just one field"),
    ("text", 422, "body", "just one field"),
    (None, 422, "body", "just one field"),
    ({}, 422, "body", "just one field"),
    ({"input": "a", "inputs": ["a"]}, 422, "body", "just one field"),
    ({"input": "a", "more": 1}, 422, "body", "just one field"),
    ({"text": "a"}, 422, "body", "just one field"),
    ({"input": None}, 422, "input", "None is not text"),
    ({"input": 5}, 422, "input", "5 is not text"),
    ({"input": True}, 422, "input", "True is not text"),
    ({"input": {"a": 1}}, 422, "input", "is not text"),
    ({"input": ""}, 422, "input", "empty"),
    ({"input": " \t\n"}, 422, "input", "empty"),
    ({"input": LONG}, 422, "input", "10,001 characters"),
    ({"input": [LONG]}, 422, "input", "['xxx"),
    ({"inputs": "a"}, 422, "inputs", "must be a list"),
    ({"inputs": []}, 422, "inputs", "0 values"),
    ({"inputs": ["a"] * 257}, 422, "inputs", "257 values"),
    ({"inputs": ["a", "b", "c", ""]}, 422, "inputs[3]", "empty"),
    ({"inputs": ["a", 7]}, 422, "inputs[1]", "7 is not text"),
]


@pytest.mark.parametrize(("body", "status", "field", "text"), WRONG, ids=range(len(WRONG)))
async def test_a_wrong_body_is_refused_with_its_field(make_app, talk, body, status, field, text):
    async with talk(make_app()) as client:
        response = await post(client, body)
    assert response.status_code == status
    (error,) = response.json()["detail"]
    assert error["field"] == field
    assert text in error["message"]
    assert "\n" not in error["message"]
    assert len(error["message"]) <= 200


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
async def test_another_content_type_is_415(make_app, talk, kind):
    async with talk(make_app()) as client:
        response = await post(client, {"input": "a"}, kind)
    assert response.status_code == 415
    assert response.json()["detail"][0]["field"] == "body"


async def test_text_in_any_script_and_literal_escapes_are_answered(make_app, talk):
    async with talk(make_app()) as client:
        for text in ["免費大獎", "👩‍👩‍👧 🎉", "\\u0000", "a\x01b", "x" * 10_000, "\ufeffz"]:
            response = await post(client, {"input": text}, "application/json; charset=utf-8")
            assert response.status_code == 200, text
            assert 0 <= response.json()["output"]["probability"] <= 1


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/predict", 405), ("GET", "/docs", 404)])
async def test_other_paths_and_methods_have_the_same_shape_of_error(make_app, talk, method, path, status):
    async with talk(make_app()) as client:
        response = await client.request(method, path)
    assert response.status_code == status
    assert response.json()["detail"][0].keys() == {"field", "message"}


async def test_health_says_what_is_served(make_app, talk, bundle):
    async with talk(make_app()) as client:
        found = (await client.get("/health")).json()
    assert found["status"] == "ok"
    assert (found["room"], found["runtime"]) == ("spam_detector", "onnx")
    assert found["model"] == bundle.info["sha256"][:12]
    assert found["uptime_seconds"] >= 0
