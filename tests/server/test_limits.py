"""Bounds: bytes of a body, time for it, requests of a client, inputs that wait, and the memory for all this."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from pellucid.server.limits import RateLimit, network

JSON = {"content-type": "application/json"}


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_a_client_may_burst_and_then_gets_its_rate():
    clock = Clock()
    limit = RateLimit(10, 20, clock=clock)
    assert [limit.wait("1.2.3.4") for _ in range(20)] == [0.0] * 20
    assert limit.wait("1.2.3.4") == pytest.approx(0.1)
    assert limit.wait("5.6.7.8") == 0  # another client is not held up
    clock.now += 0.5
    assert [limit.wait("1.2.3.4") == 0 for _ in range(6)] == [True] * 5 + [False]
    clock.now += 3600
    assert sum(limit.wait("1.2.3.4") == 0 for _ in range(100)) == 20  # the bucket does not overflow


def test_rate_0_is_no_limit():
    limit = RateLimit(0)
    assert not any(limit.wait("a") for _ in range(10_000))
    assert len(limit) == 0


def test_the_table_is_bounded_and_forgets_who_was_away_longest():
    limit = RateLimit(1, 1, places=100, clock=Clock())
    for i in range(1000):
        limit.wait(f"10.0.{i // 256}.{i % 256}")
        limit.wait("busy")
    assert len(limit) == 100
    assert limit.wait("busy") > 0


def test_an_ipv6_client_is_its_network():
    assert network("2001:db8:1:2:aaaa::1") == network("2001:db8:1:2::ffff") != network("2001:db8:1:3::1")
    assert network("192.0.2.1") != network("192.0.2.2")
    assert network("fe80::1%eth0") == "fe80::/64"
    assert network("testclient") == "testclient"


@pytest.mark.anyio
async def test_too_many_requests_are_429_and_told_when_to_return(make_app, talk):
    async with talk(make_app(rate=0.5, burst=3)) as client:
        found = [await client.post("/predict", json={"input": "a"}) for _ in range(5)]
        assert [response.status_code for response in found] == [200, 200, 200, 429, 429]
        assert found[-1].headers["retry-after"] == "2"
        assert found[-1].json()["detail"][0]["field"] == "request"
        assert (await client.get("/health")).status_code == 200  # a monitor is not shut out


async def send(app, chunks, headers=(), pause: float = 0.0):
    """A request over bare ASGI, its body in chunks; how many chunks were taken, the status and the answer."""
    taken, sent = 0, []

    async def receive():
        nonlocal taken
        await asyncio.sleep(pause)
        if taken == len(chunks):
            return {"type": "http.request", "body": b"", "more_body": False}
        taken += 1
        return {"type": "http.request", "body": chunks[taken - 1], "more_body": True}

    async def keep(message):
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/predict",
        "raw_path": b"/predict", "root_path": "", "scheme": "http", "query_string": b"", "client": ("1.2.3.4", 1),
        "server": ("test", 80), "headers": [(b"content-type", b"application/json"), *headers],
    }  # fmt: skip
    await app(scope, receive, keep)
    return taken, sent[0]["status"], json.loads(sent[1]["body"])


@pytest.mark.anyio
async def test_a_large_body_without_a_length_is_refused_while_it_arrives(make_app):
    chunks = [b'{"input": "'] + [b"x" * 10_000] * 1000
    taken, status, answer = await send(make_app(), chunks)
    assert status == 413
    assert "1,000,000 bytes" in answer["detail"][0]["message"]
    assert taken == 101  # of 1001


@pytest.mark.anyio
@pytest.mark.parametrize("length", [b"1000001", b"9" * 30])
async def test_a_body_that_is_declared_too_large_is_not_read(make_app, length):
    taken, status, _ = await send(make_app(), [b"x"] * 10, [(b"content-length", length)])
    assert (taken, status) == (0, 413)


@pytest.mark.anyio
@pytest.mark.parametrize("length", [b"-5", b"many", b"10"])
async def test_a_false_length_does_not_get_round_the_limit(make_app, length):
    chunks = [b"x" * 10_000] * 200
    _, status, _ = await send(make_app(), chunks, [(b"content-length", length)])
    assert status == 413


@pytest.mark.anyio
async def test_a_slow_body_is_408(make_app):
    _, status, answer = await send(make_app(body_seconds=0.1), [b" "] * 1000, pause=0.02)
    assert status == 408
    assert "did not arrive within 0.1 s" in answer["detail"][0]["message"]


@pytest.mark.anyio
async def test_more_than_may_wait_is_429_and_the_others_are_answered(make_app, talk, codec, monkeypatch):
    release = threading.Event()
    encode = type(codec).encode

    def slow(self, inputs):
        assert release.wait(20)
        return encode(self, inputs)

    monkeypatch.setattr(type(codec), "encode", slow)
    async with talk(make_app(batch=4, waiting=8)) as client:
        asked = [asyncio.create_task(client.post("/predict", json={"inputs": ["a"] * 4})) for _ in range(5)]
        await asyncio.sleep(0.2)
        release.set()
        found = [response.status_code for response in await asyncio.gather(*asked)]
        after = await client.post("/predict", json={"input": "a"})
    assert sorted(found) == [200, 200, 429, 429, 429] or sorted(found) == [200, 200, 200, 429, 429]
    assert after.status_code == 200
