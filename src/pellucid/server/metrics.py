"""What the server counts, in Prometheus' text format: requests, their time, batch sizes, requests under way."""

from __future__ import annotations

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Metrics:
    """One server's figures, in a registry of their own: several servers may live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "pellucid_requests", "Requests answered.", ["path", "code"], registry=self.registry
        )  # the text says pellucid_requests_total
        self.seconds = Histogram(
            "pellucid_request_seconds", "Time from a request to its answer.", ["path"], registry=self.registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )  # fmt: skip
        self.batch = Histogram(
            "pellucid_batch_size", "Inputs computed together.", registry=self.registry,
            buckets=(1, 2, 4, 8, 16, 32, 64),
        )  # fmt: skip
        self.in_flight = Gauge("pellucid_requests_in_flight", "Requests under way.", registry=self.registry)

    def text(self) -> bytes:
        return generate_latest(self.registry)


class Counted:
    """ASGI middleware that counts and times every request; paths that there are not count as `other`."""

    def __init__(self, app: ASGIApp, metrics: Metrics, paths: Iterable[str]):
        self.app, self.metrics, self.paths = app, metrics, frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"] if scope["path"] in self.paths else "other"
        code = 500  # what an unhandled error becomes

        async def note(message: Message) -> None:
            nonlocal code
            if message["type"] == "http.response.start":
                code = message["status"]
            await send(message)

        start = time.perf_counter()
        self.metrics.in_flight.inc()
        try:
            await self.app(scope, receive, note)
        finally:
            self.metrics.in_flight.dec()
            self.metrics.requests.labels(path, str(code)).inc()
            self.metrics.seconds.labels(path).observe(time.perf_counter() - start)
