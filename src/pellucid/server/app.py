"""The server: a bundle as an HTTP service. Knows no room by name: codec and card come with the bundle's.

POST /predict    one input or up to 256
GET  /health /metrics /openapi.json, and a page to try it at /
"""

from __future__ import annotations

import errno
import math
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from pellucid import catalog
from pellucid.core.card import Card
from pellucid.core.contract import Answer, Codec, answers
from pellucid.core.errors import UserError
from pellucid.server import schema
from pellucid.server.batching import Batcher, OverloadError
from pellucid.server.body import RefusedError, read_body, understand
from pellucid.server.limits import RateLimit
from pellucid.server.metrics import Counted, Metrics
from pellucid.server.page import curl, page
from pellucid.ship.bundle import Bundle

PATHS = ("/", "/predict", "/health", "/metrics", "/openapi.json")


def create(
    bundle: Bundle,
    codec: Codec,
    card: Card,
    *,
    rate: float = 100.0,
    burst: float | None = None,
    body_limit: int | None = None,
    body_seconds: float = 10.0,
    batch: int = 64,
    waiting: int = 4096,
    threads: int = 1,
    url: str = "",
) -> FastAPI:
    """The application. rate: requests/s a client, 0 for any; burst: at once (twice the rate); body_limit: bytes (1 MB,
    or four of the longest inputs); batch: inputs computed together; waiting: let in to wait; threads: of the run time.
    """
    session = bundle.session(threads=threads)
    most = body_limit or max(1_000_000, 4 * card.input.max_length)
    metrics, limit, started = Metrics(), RateLimit(rate, burst), time.monotonic()

    def predict(values: Sequence[Any]) -> list[Answer]:
        return list(answers(codec, session, values, batch))

    batcher = Batcher(predict, most=batch, waiting=waiting, seen=metrics.batch.observe)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        yield
        batcher.close()

    app = FastAPI(
        title=card.title["en"],
        description=card.summary["en"],
        version=str(bundle.info.get("versions", {}).get("pellucid", "")),
        docs_url=None,  # FastAPI's own pages load their scripts from another host
        redoc_url=None,
        lifespan=life,
    )
    app.add_middleware(Counted, metrics=metrics, paths=PATHS)

    @app.post(
        "/predict",
        summary="Answer one input, or up to 256",
        responses=schema.responses(bundle.info["output"]),
        openapi_extra={"requestBody": schema.request_body(card)},
    )
    async def predict_endpoint(request: Request) -> JSONResponse:
        wait = limit.wait(request.client.host if request.client else "")
        if wait:
            raise _too_many(wait, "too many requests from this address")
        body = await read_body(request, most, body_seconds)
        asked = await run_in_threadpool(understand, body, card)  # a picture is decoded to be checked
        try:
            found = await batcher.ask(asked.values)
        except OverloadError:
            raise _too_many(1, "more is asked than can be answered at the moment") from None
        except UserError as error:  # what only the codec can tell: a word that the model does not know
            field = "input" if asked.single else "inputs"
            raise RefusedError(422, field, str(error).removeprefix(f"{card.input.name}: ")) from None
        return JSONResponse(asked.answer(found))

    @app.get("/health", summary="Whether it answers, and with what")
    async def health() -> dict[str, Any]:
        return {
            "status": "ok",
            "room": bundle.room,
            "runtime": bundle.runtime,
            "quantized": bundle.info.get("quantized"),
            "model": bundle.info["sha256"][:12],
            "created": bundle.info.get("created"),
            "uptime_seconds": round(time.monotonic() - started, 3),
        }

    @app.get("/metrics", summary="Figures for Prometheus", response_class=Response)
    async def figures() -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    text, policy = page(bundle, card, url)

    @app.get("/", include_in_schema=False)
    async def front() -> HTMLResponse:
        headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
        return HTMLResponse(text, headers=headers | {"X-Content-Type-Options": "nosniff"})

    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> JSONResponse:
        # the rest of a body that was not read makes the connection useless
        headers = error.headers | ({"Connection": "close"} if error.status in (408, 413, 415, 429) else {})
        return JSONResponse(error.body(), error.status, headers)

    @app.exception_handler(HTTPException)
    async def elsewhere(request: Request, error: HTTPException) -> JSONResponse:
        body = {"detail": [{"field": "path" if error.status_code == 404 else "method", "message": error.detail}]}
        return JSONResponse(body, error.status_code, error.headers)

    return app


def serve(folder: Path, *, host: str = "127.0.0.1", port: int = 8600, rate: float = 100.0, threads: int = 1) -> None:
    """Serve the bundle in a folder until Ctrl-C. Port 0: any free one. UserError where host or port cannot be had."""
    import uvicorn

    bundle = Bundle.open(folder)
    card = catalog.card(bundle.room)
    codec = _codec(bundle)
    with listen(host, port) as listener:
        address, chosen = listener.getsockname()[:2]
        url = f"http://{f'[{address}]' if ':' in address else address}:{chosen}"
        app = create(bundle, codec, card, rate=rate, threads=threads, url=url)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_keep_alive=30, timeout_graceful_shutdown=5,
            limit_concurrency=1000, server_header=False,
            proxy_headers=False,  # a client could name itself anything, and escape the limit on its rate
        )  # fmt: skip
        print(f"{card.title['en']} at {url} (Ctrl-C stops)\n\n    {curl(card, url)}\n", flush=True)
        with suppress(KeyboardInterrupt):  # uvicorn stops in good order, then hands the signal on
            uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; UserError where the port is taken or the address is not ours."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise UserError(f"--host: {host!r}: {error.strerror}") from None
    listener = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR means to share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        other = "--host" if error.errno == errno.EADDRNOTAVAIL else "--port"
        raise UserError(f"{other}: cannot listen on {host}:{port}: {error.strerror}; choose another {other}") from None
    return listener


def _codec(bundle: Bundle) -> Codec:
    try:
        return catalog.codec(bundle.room).from_json(bundle.codec)
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{bundle.folder / 'bundle.json'}: damaged: codec: {error!r}; export it again") from None


def _too_many(seconds: float, message: str) -> RefusedError:
    wait = max(1, math.ceil(seconds))
    return RefusedError(429, "request", f"{message}; try again in {wait} s", {"Retry-After": str(wait)})
