"""Server-sent events: one run as it trains, and the list of runs as it changes.

Each event of a run carries as its id how far both files were read and which state was told, so that a client that
comes again with it (`Last-Event-ID`, as browsers do by themselves) gets exactly the rest.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

from starlette.concurrency import run_in_threadpool

from pellucid.core import journal
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.shelf import Shelf

T = TypeVar("T")

POLL, POLL_LIST = 0.2, 0.5  # seconds between two looks
HEARTBEAT = 15.0  # seconds after which a comment shows that the connection lives
CHUNK = 1 << 20  # bytes of a file that are read at a time


class Told(NamedTuple):
    """What a client was told: bytes of `metrics.jsonl` and of `train.log`, and a checksum of the run's summary."""

    metrics: int = 0
    log: int = 0
    summary: str = "-"

    def __str__(self) -> str:
        return f"{self.metrics}.{self.log}.{self.summary}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Nothing was told to one who comes with no id, or with one that is not ours."""
        match = re.fullmatch(r"(\d{1,15})\.(\d{1,15})\.([0-9a-f]{8}|-)", text, re.ASCII)
        return cls(int(match[1]), int(match[2]), match[3]) if match else cls()


def run_news(shelf: Shelf, room: str, run: str, told: Told) -> tuple[list[str], Told, bool]:
    """The events of a run since `told`, what is told with them, and whether that was the last of it.

    metric: a line of `metrics.jsonl`. log: lines of `train.log`. state: the summary has changed. end: it is over.
    """
    path = shelf.studio.path(room, run)
    record = shelf.record(room, path)
    over = isinstance(record, str) or record.over  # looked at before the files: after it they are whole
    events: list[str] = []
    for text, end in _lines(path / "metrics.jsonl", told.metrics):
        told = told._replace(metrics=end)
        if line := journal.parse(text):
            events.append(_event("metric", json.dumps(line), told))
    if lines := list(_lines(path / "train.log", told.log, torn=over)):
        told = told._replace(log=lines[-1][1])
        said = [text.decode(errors="replace").rstrip("\r") for text, _ in lines]
        events.append(_event("log", json.dumps({"lines": said}), told))
    summary = shelf.summary(room, run).model_dump_json()
    if (checksum := _checksum(summary)) != told.summary:
        told = told._replace(summary=checksum)
        events.append(_event("state", summary, told))
    if over and not events:
        events.append(_event("end", "{}", told))
        return events, told, True
    return events, told, False


def list_news(shelf: Shelf, room: str, told: str) -> tuple[list[str], str, bool]:
    """The same for the list of runs: `runs`, whenever it has changed. `told`: its checksum."""
    runs = shelf.runs(room).model_dump_json()
    checksum = _checksum(runs)
    return ([_event("runs", runs, checksum)] if checksum != told else []), checksum, False


async def stream(
    news: Callable[[T], tuple[list[str], T, bool]], told: T, closing: Callable[[], bool], every: float
) -> AsyncIterator[str]:
    """All events from `told` on, as they come, until the last, or until the studio closes."""
    yield "retry: 1000\n\n"
    spoke, over = time.monotonic(), False
    while not over and not closing():
        try:
            events, told, over = await run_in_threadpool(news, told)
        except Refused:  # deleted meanwhile
            return
        if events or time.monotonic() - spoke > HEARTBEAT:
            spoke = time.monotonic()
            yield "".join(events) or ": still here\n\n"
        if not events:
            await asyncio.sleep(every)


def _event(kind: str, data: str, told: object) -> str:
    return f"id: {told}\nevent: {kind}\ndata: {data}\n\n"


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def _lines(file: Path, offset: int, *, torn: bool = False) -> Iterator[tuple[bytes, int]]:
    """Whole lines from that byte on, each with the byte after it; at most a chunk of them.

    torn: also a last one without its end. A file that became shorter is another one: it is read from its start.
    """
    try:
        if file.is_symlink():
            return
        with file.open("rb") as stream:
            if offset > stream.seek(0, 2):
                offset = 0
            stream.seek(offset)
            chunk = stream.read(CHUNK)
    except OSError:
        return
    *whole, rest = chunk.split(b"\n")
    for text in whole:
        offset += len(text) + 1
        yield text, offset
    full = len(chunk) == CHUNK  # so it was cut, unless it is one endless line
    if rest and (not whole if full else torn):
        yield rest, offset + len(rest)
