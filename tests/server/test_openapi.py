"""The description matches the behaviour (fuzzed), and the page is self-contained."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    negative_data_rejection,
]  # fmt: skip


def test_no_input_breaks_it_and_every_answer_is_as_described(make_app):
    app = make_app()
    description = schemathesis.openapi.from_asgi("/openapi.json", app)
    seen: set[int] = set()
    for operation in description.get_all_operations():
        fuzz(operation.ok(), seen)
    assert {200, 422} <= seen


def fuzz(operation, seen: set[int]) -> None:
    """Requests that fit an operation's schema, and for /predict others that do not; notes the statuses seen."""
    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
        if mode is schemathesis.GenerationMode.NEGATIVE and operation.method != "post":
            continue

        @settings(
            max_examples=150, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case):
            response = case.call()
            seen.add(response.status_code)
            case.validate_response(response, checks=CHECKS)

        check()


@pytest.mark.anyio
async def test_the_description_has_the_cards_schema_and_examples(make_app, talk):
    async with talk(make_app()) as client:
        found = (await client.get("/openapi.json")).json()
        body = found["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]
        one, many = body["schema"]["oneOf"]
        assert one["properties"]["input"]["maxLength"] == 10_000
        assert many["properties"]["inputs"]["maxItems"] == 256
        for example in body["examples"].values():
            assert (await client.post("/predict", json=example["value"])).status_code == 200
    assert {"200", "400", "408", "413", "415", "422", "429"} == set(found["paths"]["/predict"]["post"]["responses"])


@pytest.mark.anyio
async def test_the_page_needs_no_other_host_and_its_policy_allows_just_its_own_code(make_app, talk):
    async with talk(make_app()) as client:
        response = await client.get("/")
    text, policy = response.text, response.headers["content-security-policy"]
    assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", text)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (source,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.S)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.findall(r"\son\w+=|\sstyle=", text)  # neither would pass the policy
    assert "curl http://127.0.0.1:8600/predict" in text
