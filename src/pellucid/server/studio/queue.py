"""The queue of trainings: a few at a time, the oldest first, each in a process that outlives this one.

The run folders are the queue: a waiting run has the state `queued` in its `run.json`, and one that trains names its
process there. So a studio that starts again finds all as it is. Of two studios on one folder, one dispatches: the one
that holds the lock.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pellucid import api, catalog
from pellucid.core.config import Complaint
from pellucid.core.errors import UserError
from pellucid.core.journal import torn
from pellucid.core.process import process
from pellucid.core.run import Run
from pellucid.server.studio.messages import Problem
from pellucid.server.studio.record import QUEUED_BY, Record
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.shelf import Shelf
from pellucid.server.studio.state import BUNDLED

TICK = 0.2  # seconds
FROM_A_TERMINAL = {"FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}  # would put colours and bars into the log
MOST_PROBLEMS = 100

logger = logging.getLogger(__name__)


class Queue:
    """Starts queued runs until it is closed; those that train then go on."""

    def __init__(self, shelf: Shelf, workers: int = 1):
        self.shelf, self.workers = shelf, workers
        self._children: dict[Path, subprocess.Popen[bytes]] = {}
        self._lock = threading.RLock()  # between the dispatcher and the routes, which change the same files
        self._turn = FileLock(shelf.studio.own / "queue.lock", thread_local=False)
        self._wake, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._dispatch, name="queue", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """End dispatching. What trains goes on."""
        self._closed.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._turn.release()

    # what the routes ask for

    def add(self, room: str, values: Mapping[str, Any]) -> Run:
        """A new run at the end of the queue. Refused: 422 with all that is wrong with the values or the file."""
        config = catalog.config(room)
        if complaints := config.complaints(values):
            raise Refused.of(422, [_problem(each) for each in complaints[:MOST_PROBLEMS]])
        made = config.build(values)
        try:
            catalog.peek(room, made)
        except UserError as error:
            raise Refused(422, "config.data", str(error), "data") from None
        with self._lock:
            run = Run.create(
                self.shelf.studio.runs, room, made.model_dump(), api.command(room, made), "queued",
                pid=0, queued_by=QUEUED_BY, queued_at=time.time(),
            )  # fmt: skip
        self._wake.set()
        return run

    def stop(self, room: str, run: str) -> None:
        """Out of the queue, or after the next batch."""
        with self._lock:
            path, record = self._found(room, run)
            if record.now == "queued":
                Run(path).update(state="interrupted")
            elif record.now == "training":
                Run(path).ask_to_stop()
                if record.data is None and (child := self._children.get(path)):
                    child.terminate()  # it has no data yet: nothing that could be lost, and nobody who would look
            else:
                raise Refused(409, "run", f"{run}: is {record.now}; there is nothing to stop", "not_training")

    def resume(self, room: str, run: str) -> None:
        """To the end of the queue, to go on."""
        with self._lock:
            path, record = self._found(room, run)
            if record.now not in ("interrupted", "failed", "died"):
                raise Refused(409, "run", f"{run}: is {record.now}; there is nothing to resume", "not_resumable")
            Run(path).forget_stop()
            Run(path).update(state="queued", pid=0, queued_by=QUEUED_BY, queued_at=time.time())
        self._wake.set()

    def delete(self, room: str, run: str) -> None:
        """Out of the queue and into the trash."""
        with self._lock:
            path = self._own(room, run)
            record = self.shelf.record(room, path)
            if isinstance(record, Record) and record.now == "training":
                raise Refused(409, "run", f"{run}: is training; stop it first", "training")
            if isinstance(record, Record) and record.now == "queued":
                Run(path).update(state="interrupted")
            self.shelf.delete(room, run)

    def settled(self, room: str, run: str) -> bool:
        """Is it written down what came of this run's process? Until then nobody should take it for dead."""
        with self._lock:
            self._reap()
            return self.shelf.studio.path(room, run) not in self._children

    def _own(self, room: str, run: str) -> Path:
        path = self.shelf.studio.path(room, run)
        if run == BUNDLED:
            raise Refused(409, "run", "the bundled run comes with Pellucid and stays as it is", "bundled")
        return path

    def _found(self, room: str, run: str) -> tuple[Path, Record]:
        path = self._own(room, run)
        record = self.shelf.record(room, path)
        if isinstance(record, str):
            raise Refused(409, "run", f"{run}: {record}", "damaged")
        return path, record

    # the dispatcher

    def _dispatch(self) -> None:
        while not self._closed.is_set():
            try:
                self.tick()
            except Exception:  # the queue outlives a full disk, or a fault of ours
                logger.exception("the queue of trainings")
                self._closed.wait(5)
            self._wake.wait(TICK)
            self._wake.clear()

    def tick(self) -> None:
        """See who ended, and start whose turn it is."""
        with self._lock:
            self._reap()
            if not self._has_turn():
                return
            runs = list(self.shelf.records())
            training = {path for path, record in runs if record.from_queue and record.now == "training"}
            free = self.workers - len(training | self._children.keys())
            waiting = [path for path in self.shelf.waiting(runs) if path not in self._children]
            for path in waiting[: max(free, 0)]:
                self._begin(Run(path))

    def _has_turn(self) -> bool:
        if self._turn.is_locked:
            return True
        try:
            self.shelf.studio.own.mkdir(parents=True, exist_ok=True)
            self._turn.acquire(blocking=False)
        except (Timeout, OSError):
            return False
        return True

    def _begin(self, run: Run) -> None:
        run.forget_stop()
        command = [sys.executable, "-m", "pellucid", "train", "--resume", str(run.path)]
        environment = {name: value for name, value in os.environ.items() if name not in FROM_A_TERMINAL}
        log = run.path / "train.log"
        with contextlib.suppress(UserError):  # a run.json that cannot be written, or was moved away: seen at the end
            try:
                if log.is_symlink():
                    log.unlink()  # it would be somebody else's file that grows
                with log.open("ab") as stream:
                    stream.write(b"\n" * torn(log))
                    stream.flush()
                    child = subprocess.Popen(
                        command, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT,
                        env=environment | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
                        start_new_session=True, creationflags=_flags(),
                    )  # fmt: skip
            except OSError as error:
                logger.error("%s: cannot be started: %s", run.path, error)
                run.update(state="failed")
                return
            self._children[run.path] = child
            run.update(state="training", **process() | {"pid": child.pid})  # so that nobody else takes it meanwhile

    def _reap(self) -> None:
        """Ask who ended, and write down what they could not."""
        for path, child in list(self._children.items()):
            if (code := child.poll()) is None:
                continue
            del self._children[path]
            run = Run(path)
            with contextlib.suppress(UserError):
                if run.state in ("queued", "died"):
                    if run.asked_to_stop:
                        run.update(state="interrupted")
                    elif code in (1, 2):  # it failed before it could say so in run.json; its log says why
                        run.update(state="failed")
                run.forget_stop()


def _flags() -> int:
    """Windows: a console of its own that nobody sees, so that closing ours does not end it."""
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0


def _problem(wrong: Complaint) -> Problem:
    field, message = _clean(f"config.{wrong.field}", 100), _clean(wrong.message, 1000)
    return Problem(field=field, message=message, code=wrong.code, limit=wrong.limit)


def _clean(text: str, most: int) -> str:
    """Somebody's text without half surrogate pairs, which JSON cannot carry."""
    return text[:most].encode(errors="replace").decode()
