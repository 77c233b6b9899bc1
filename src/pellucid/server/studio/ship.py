"""Ship: bundles of a run, made by `pellucid export` in a process of its own, then listed, downloaded and read.

One is made at a time. What was made is found on disk, so it does not matter who made it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, StreamingResponse

from pellucid import catalog
from pellucid.core.errors import UserError
from pellucid.server.page import curl
from pellucid.server.studio.messages import Export, Exports, NewExport, Runtime
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio
from pellucid.ship.bundle import Bundle
from pellucid.ship.litert import installed
from pellucid.ship.readme import BROWSER, browser_example, python_example
from pellucid.ship.runtimes import INSTALL_LITERT

TARGETS = {
    "onnx": ("ONNX", ["--to", "onnx"]),
    "litert": ("LiteRT", ["--to", "litert"]),
    "litert-dynamic": ("LiteRT, 8-bit", ["--to", "litert", "--quantize", "dynamic"]),
    "litert-static": ("LiteRT, all 8-bit", ["--to", "litert", "--quantize", "static"]),
}
MEDIA = {
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
MOST_LINES = 200  # of a log
CHUNK = 2**18
SERVED = "http://127.0.0.1:8600"  # where `pellucid serve` answers unless told otherwise


class Job:
    """`pellucid export` at work. Its words go into a file, so that it goes on should nobody be there to read them."""

    def __init__(self, command: list[str], log: Path):
        self._log = log
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT,
                env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
            )  # fmt: skip

    @property
    def working(self) -> bool:
        return self._process.poll() is None

    @property
    def failed(self) -> bool:
        return bool(self._process.poll())

    def log(self) -> list[str]:
        text = self._log.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines() if line.strip()][-MOST_LINES:]


class Jobs:
    """The last job of each bundle, by its folder; one works at a time."""

    def __init__(self) -> None:
        self._jobs: dict[Path, Job] = {}
        self._lock = threading.Lock()
        self._logs = tempfile.TemporaryDirectory(prefix="pellucid-", ignore_cleanup_errors=True)

    def of(self, folder: Path) -> Job | None:
        return self._jobs.get(folder)

    def start(self, folder: Path, command: list[str]) -> Job:
        with self._lock:
            busy = next((path for path, job in self._jobs.items() if job.working), None)
            if busy:
                what = f"{busy.name} of {busy.parent.parent.name}"
                raise Refused(409, "name", f"{what} is being exported; one is made at a time", "export_working", what)
            log = Path(self._logs.name, f"{time.monotonic_ns()}.log")
            self._jobs[folder] = Job(command, log)
            return self._jobs[folder]


def router(studio: Studio) -> APIRouter:
    routes = APIRouter()
    jobs = Jobs()

    def folder_of(room: str, run: str, name: str) -> Path:
        if name not in TARGETS:
            raise Refused(404, "name", f"{name[:80]!r}: no such run time", "no_runtime", list(TARGETS))
        return studio.find(room, run).export_folder(name, studio.runs)

    def opened(room: str, run: str, name: str) -> Bundle:
        try:
            return Bundle.open(folder_of(room, run, name))
        except UserError as error:
            raise Refused(404, "name", str(error), "no_bundle") from None

    @routes.get("/api/rooms/{room}/runs/{run}/exports")
    def exports(room: str, run: str) -> Exports:
        trained = studio.find(room, run)
        found = []
        for name in TARGETS:
            folder = trained.export_folder(name, studio.runs)
            export = describe(folder, jobs.of(folder), trained.fingerprint)
            found += [export] if export else []
        return Exports(runtimes=[runtime(name) for name in TARGETS], exports=found)

    @routes.post("/api/rooms/{room}/runs/{run}/exports", status_code=202)
    def start(room: str, run: str, request: NewExport) -> Export:
        trained = studio.find(room, run)
        target = runtime(request.name)
        if not target.available:
            raise Refused(409, "name", target.why_not, "not_installed")
        folder = trained.export_folder(request.name, studio.runs)
        options = [*TARGETS[request.name][1], "--out", str(folder), "--runs", str(studio.runs)]
        job = jobs.start(folder, [sys.executable, "-m", "pellucid", "export", str(trained.path), *options])
        export = describe(folder, job, trained.fingerprint)
        assert export is not None  # it has just been started
        return export

    @routes.get("/api/rooms/{room}/runs/{run}/exports/{name}/bundle.zip")
    def download(room: str, run: str, name: str) -> StreamingResponse:
        bundle = opened(room, run, name)
        title = re.sub(r"[^A-Za-z0-9._-]", "_", f"{room}-{run}-{name}")
        stream = zipped(bundle, title)
        size = stream.seek(0, os.SEEK_END)
        headers = {"Content-Disposition": f'attachment; filename="{title}.zip"', "Content-Length": str(size)}
        return StreamingResponse(chunks(stream), media_type="application/zip", headers=headers)

    @routes.get("/api/rooms/{room}/runs/{run}/exports/{name}/files/{file}")
    def one_file(room: str, run: str, name: str, file: str) -> FileResponse:
        """A file that belongs to the bundle, and no other."""
        bundle = opened(room, run, name)
        if file not in bundle.files:
            raise Refused(404, "file", f"{file[:80]!r}: not in this bundle", "no_file", bundle.files)
        media = MEDIA.get(Path(file).suffix, "application/octet-stream")
        return FileResponse(bundle.folder / file, media_type=media)

    return routes


def runtime(name: str) -> Runtime:
    available = name == "onnx" or installed()
    why_not = "" if available else INSTALL_LITERT
    return Runtime.model_validate({"name": name, "title": TARGETS[name][0], "available": available, "why_not": why_not})


def describe(folder: Path, job: Job | None, fingerprint: str) -> Export | None:
    """A bundle as it is on disk and as its last job says; None where there is neither. A damaged one has failed."""
    working, failed = (job.working, job.failed) if job else (False, False)  # before what it leaves is read
    log = job.log() if job else []
    bundle = None
    try:
        bundle = Bundle.open(folder)
    except UserError as error:
        if not job and not (folder / "bundle.json").exists():
            return None
        log = log if job else [str(error)]
    state = "done" if bundle and bundle.info.get("source") == fingerprint else "outdated"
    if working:
        state = "working"
    elif not bundle or failed:
        state = "failed"
    return Export.model_validate(
        {"name": folder.name, "state": state, "log": log, "folder": str(folder), **contents(bundle)}
    )


def contents(bundle: Bundle | None) -> dict[str, Any]:
    """What an export says of its bundle."""
    if bundle is None:
        return {"bytes": None, "files": [], "info": None, "parity": None, "snippets": {}}
    report = bundle.folder / "PARITY.txt"
    return {
        "bytes": sum((bundle.folder / name).stat().st_size for name in bundle.files),
        "files": bundle.files,
        "info": {name: value for name, value in bundle.info.items() if name != "codec"},
        "parity": report.read_text(encoding="utf-8") if report.is_file() else None,
        "snippets": snippets(bundle),
    }


def snippets(bundle: Bundle) -> dict[str, str]:
    """How to use a bundle from a shell (where it is served), from Python and from a page, by its room's own example."""
    card = catalog.card(bundle.room)
    codec = catalog.codec(bundle.room).from_json(bundle.codec)
    found = {"curl": curl(card, SERVED), "python": python_example(bundle.runtime, codec, card)}
    if bundle.runtime in BROWSER and "codec.js" in bundle.files:
        found["javascript"] = browser_example(card)
    return found


def zipped(bundle: Bundle, title: str) -> IO[bytes]:
    """The bundle as one file, everything in it in one folder."""
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - `chunks` closes it
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in bundle.files:
            archive.write(bundle.folder / name, f"{title}/{name}")
    return stream


def chunks(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        stream.seek(0)
        while part := stream.read(CHUNK):
            yield part
