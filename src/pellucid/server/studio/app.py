"""The studio's application: the guard before everything, the routes, the page; and serving it."""

from __future__ import annotations

import secrets
import threading
import webbrowser
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import FrameType

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from pellucid import catalog
from pellucid.core.errors import UserError
from pellucid.server.studio import adding, answers, course, looking, runs, samples, ship
from pellucid.server.studio.guard import Guard
from pellucid.server.studio.messages import Problem
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import BUNDLED, Studio, refuse_user_error
from pellucid.studio import Assets, index
from pellucid.studio.assets import TYPES

LONGEST_HEAD = 2**18  # bytes: a drawing is in the URL, as a text is
FOR_EVER = "public, max-age=31536000, immutable"


def create(studio: Studio, *, token: str, hosts: Collection[str] = (), workers: int = 1) -> FastAPI:
    """The application. token: what clients must show; hosts: further names of this machine; workers: of the queue."""
    assets = Assets({room: catalog.folder(room) for room in catalog.BUILT})
    page, policy = index(assets)
    training = runs.Training(studio, workers=workers)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        training.start()
        yield
        training.close()
        studio.close()

    app = FastAPI(title="Pellucid studio", docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.state.closing = training.closing
    app.add_middleware(Guard, token=token, hosts=hosts)
    modules = {name: assets.url(name) for name in assets.files if name.startswith("rooms/")}
    for routes in (
        course.router(studio, modules), runs.router(training), looking.router(studio), answers.router(studio),
        adding.router(studio),        samples.router(studio), ship.router(studio),
    ):  # fmt: skip
        app.include_router(routes)

    @app.get("/assets/{version}/{name:path}")
    def asset(version: str, name: str) -> FileResponse:
        file = assets.files.get(name)  # a table, not a path: nothing else can be asked for
        if file is None or version != assets.version:
            raise Refused(404, "path", "no such file; load the page again", "no_asset")
        return FileResponse(file, media_type=TYPES[file.suffix], headers={"Cache-Control": FOR_EVER})

    @app.get("/{path:path}")
    def front(path: str) -> Response:
        if path.startswith(("api/", "assets/")):
            raise Refused(404, "path", "there is nothing at this address", "no_path")
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> JSONResponse:
        return JSONResponse(error.body(), error.status)

    @app.exception_handler(UserError)
    async def user_error(request: Request, error: UserError) -> JSONResponse:
        return await refused(request, refuse_user_error(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        problems = [
            Problem(field=".".join(map(str, each["loc"][1:])) or "body", message=each["msg"], code=each["type"])
            for each in error.errors()
        ]
        return await refused(request, Refused.of(422, problems))

    @app.exception_handler(HTTPException)
    async def elsewhere(request: Request, error: HTTPException) -> JSONResponse:
        return await refused(request, Refused(error.status_code, "path", str(error.detail)))

    return app


def serve(folder: Path, *, host: str, port: int, token: str, workers: int, browser: bool) -> None:
    """Serve until Ctrl-C. UserError where host or port cannot be had."""
    import uvicorn

    from pellucid.server.app import listen

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            app.state.closing.set()  # open pages listen to events: these end first
            super().handle_exit(sig, frame)

    token = token or secrets.token_urlsafe(16)
    studio = Studio(folder)
    with listen(host, port) as listener:
        address, chosen = listener.getsockname()[:2]
        everywhere = address in ("0.0.0.0", "::")
        shown = "127.0.0.1" if everywhere else f"[{address}]" if ":" in address else address
        url = f"http://{shown}:{chosen}/?token={token}"
        app = create(studio, token=token, hosts=() if everywhere else (host,), workers=workers)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_keep_alive=30, timeout_graceful_shutdown=2,
            server_header=False, proxy_headers=False, h11_max_incomplete_event_size=LONGEST_HEAD,
        )  # fmt: skip
        print(f"The studio is at {url}\nRuns lie in {studio.runs}. Ctrl-C stops it; trainings go on.", flush=True)
        if everywhere:
            print("Everyone in this network who knows the token can use it, and train on this machine.", flush=True)
        threading.Thread(target=_warm_up, args=(studio,), daemon=True).start()
        if browser:
            threading.Timer(0.3, webbrowser.open, (url,)).start()
        with suppress(KeyboardInterrupt):
            Server(config).run(sockets=[listener])


def _warm_up(studio: Studio) -> None:
    """What the first look would wait for, while the user still reads the map."""
    for room in catalog.BUILT:
        with suppress(Refused, UserError), studio.system(room, BUNDLED):
            pass
