"""Adding to a trained run what a user sends: a file, or text that was pasted. Runs of some rooms take more in."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from pellucid import catalog
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.progress import one_line
from pellucid.server.studio.messages import Added
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio
from pellucid.server.studio.waiting import while_there
from pellucid.server.studio.zh import in_chinese

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".txt", ".gz", ".zst")
LONGEST = 100  # characters of a file's name that are kept


def router(studio: Studio) -> APIRouter:
    routes = APIRouter()

    @routes.post("/api/rooms/{room}/runs/{run}/add")
    async def add(room: str, run: str, filename: str, request: Request) -> Added:
        """The body is a file of that name; further parameters are settings that say how to read it. A client that
        goes away leaves the run as it was."""
        trained = await run_in_threadpool(studio.find, room, run)
        adds = catalog.card(room).adds
        if adds is None:
            raise Refused(404, "room", f"{room}: nothing can be added to its runs", "adds_nothing")
        read = {name: value for name, value in request.query_params.items() if name != "filename"}
        if wrong := [name for name in read if name not in adds.read]:
            raise Refused(422, wrong[0][:80], "does not say how a file is read", "no_field", list(adds.read))
        with tempfile.TemporaryDirectory(prefix="pellucid-", ignore_cleanup_errors=True) as folder:
            file = Path(folder, name_of(filename))
            with file.open("wb") as stream:
                async for chunk in request.stream():
                    stream.write(chunk)
            try:
                found = await while_there(
                    request,
                    lambda gone: trained.add(file, stop=gone.is_set, **read),  # type: ignore[arg-type]
                )
            except UserError as error:
                status = 409 if trained.bundled else 422
                raise Refused(status, "file", str(error).replace(f"{folder}/", ""), "file") from None
            except Interrupted as stopped:
                raise Refused(409, "file", str(stopped), "stopped") from None
        skipped = found.skipped.replace(f"{folder}/", "")
        return Added(
            count=found.count, total=found.total, skipped=skipped, skipped_zh=in_chinese(skipped), advice=found.advice
        )

    return routes


def name_of(filename: str) -> str:
    """What the client's file is called here, as its documents are named after it: no path, no signs of a path."""
    name = "".join("_" if c in '<>:"/\\|?*' else c for c in one_line(PurePath(filename).name)).lstrip(". ")
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise Refused(422, "filename", f"{suffix or 'no suffix'}: send one of {' '.join(SUFFIXES)}", "suffix", SUFFIXES)
    stem = name.removesuffix(PurePath(name).suffix)
    inner = PurePath(stem).suffix if suffix in (".gz", ".zst") else ""
    return stem.removesuffix(inner)[:LONGEST] + inner + suffix
