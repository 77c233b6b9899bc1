"""Training from the studio, over HTTP: the runs of a room, started, watched, stopped, resumed, deleted, compared."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, StreamingResponse

from pellucid.server.studio import events
from pellucid.server.studio.messages import Board, NewRun, Runs, RunSummary
from pellucid.server.studio.queue import Queue
from pellucid.server.studio.shelf import Shelf
from pellucid.server.studio.state import Studio
from pellucid.server.studio.tensorboard import Boards

LOG_LINES = 200

LastEventId = Annotated[str, Header(alias="Last-Event-ID")]


class Training:
    """What the routes work with. `start` it with the server and `close` it with it: trainings themselves go on.

    workers: how many train at the same time.
    """

    def __init__(self, studio: Studio, *, workers: int = 1):
        self.studio, self.shelf, self.boards = studio, Shelf(studio), Boards(studio)
        self.queue = Queue(self.shelf, workers)
        self.closing = threading.Event()
        """Set it to end all event streams: a server waits for them before it closes."""

    def start(self) -> None:
        self.queue.start()

    def close(self) -> None:
        self.closing.set()
        self.queue.close()
        self.boards.close()


def router(training: Training) -> APIRouter:
    routes = APIRouter(prefix="/api/rooms/{room}")
    shelf, queue = training.shelf, training.queue

    @routes.get("/runs")
    def runs(room: str) -> Runs:
        return shelf.runs(room)

    @routes.post("/runs", status_code=201)
    def add(room: str, new: NewRun) -> RunSummary:
        run = queue.add(training.studio.room(room), new.config)
        return shelf.summary(room, run.path.name)

    @routes.get("/runs/{run}")
    def about(room: str, run: str) -> RunSummary:
        return shelf.summary(room, run)

    @routes.post("/runs/{run}/stop")
    def stop(room: str, run: str) -> RunSummary:
        queue.stop(room, run)
        return shelf.summary(room, run)

    @routes.post("/runs/{run}/resume")
    def resume(room: str, run: str) -> RunSummary:
        queue.resume(room, run)
        return shelf.summary(room, run)

    @routes.delete("/runs/{run}")
    def delete(room: str, run: str) -> Runs:
        queue.delete(room, run)
        return shelf.runs(room)

    @routes.post("/runs/{run}/restore")
    def restore(room: str, run: str) -> RunSummary:
        shelf.restore(room, run)
        return shelf.summary(room, run)

    @routes.get("/runs/{run}/metrics")
    def metrics(room: str, run: str) -> Response:
        """A list of `Line`: what counts of `metrics.jsonl`, in order of steps."""
        return Response(json.dumps(shelf.metrics(room, run)), media_type="application/json")

    @routes.get("/runs/{run}/log")
    def log(room: str, run: str, all: bool = False) -> PlainTextResponse:
        """The last lines of `train.log`, or all of it."""
        return PlainTextResponse(shelf.log(room, run, None if all else LOG_LINES))

    @routes.get("/runs/{run}/events")
    async def run_events(room: str, run: str, last: LastEventId = "") -> Response:
        def news(told: events.Told) -> tuple[list[str], events.Told, bool]:
            settled = queue.settled(room, run)
            texts, after, over = events.run_news(shelf, room, run, told)
            return (texts, after, over) if settled or not over else ([], told, False)

        told = events.Told.parse(last)
        *_, over = await run_in_threadpool(news, told)  # refuses here what is not there
        if over and last:
            return Response(status_code=204)  # a browser that lost the connection after the end need not come again
        return _events(events.stream(news, told, training.closing.is_set, events.POLL))

    @routes.get("/events")
    async def list_events(room: str, last: LastEventId = "") -> Response:
        def news(told: str) -> tuple[list[str], str, bool]:
            return events.list_news(shelf, room, told)

        training.studio.room(room)
        return _events(events.stream(news, last, training.closing.is_set, events.POLL_LIST))

    @routes.post("/tensorboard")
    def tensorboard(room: str) -> Board:
        return training.boards.open(room)

    return routes


def _events(stream: AsyncIterator[str]) -> StreamingResponse:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)
