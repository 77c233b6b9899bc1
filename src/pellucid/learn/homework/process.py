"""Start a worker, hand it its jobs, and gather what it says, whatever it does: hang, die, flood or lie."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

WORKER = Path(__file__).with_name("worker.py")
ROOMS = Path(__file__).parents[2] / "rooms"


@dataclass(frozen=True)
class Limits:
    """What somebody's code may use up. seconds: from when Python and NumPy are loaded."""

    seconds: float = 10.0
    memory: int = 4 << 30
    replies: int = 64 << 20
    printed: int = 4 << 20
    start: float = 60.0


@dataclass
class Said:
    """What a worker said before it ended. The ids are nonces: what bears none was not asked for."""

    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    printed: str = ""
    ended: Literal["done", "never started", "time", "too much"] = "done"
    code: int = 0


def run(
    jobs: Sequence[dict[str, Any]], limits: Limits, *, guarded: bool = True, forbidden: Sequence[Path] = ()
) -> Said:
    """Run jobs `{"id", "source", "name", "calls": [{"id", "args", "kwargs"}]}` in one process of their own.

    guarded: refuse to the code what no exercise needs, and to read `forbidden` or a room's solutions.
    """
    files = [*forbidden, *ROOMS.glob("*/homework.py"), *ROOMS.glob("*/__pycache__/homework.*")]
    request = {
        "jobs": list(jobs),
        "guarded": guarded,
        "forbidden": [str(file.absolute()) for file in files],
        "memory": limits.memory,
        "seconds": limits.seconds,
    }
    with tempfile.TemporaryDirectory(prefix="pellucid-homework-", ignore_cleanup_errors=True) as empty:
        return _Worker(limits, empty).ask(json.dumps(request).encode())


class _Worker:
    def __init__(self, limits: Limits, folder: str):
        self.limits = limits
        one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "VECLIB", "NUMEXPR")}
        kept = ("SYSTEMROOT", "PATH", "LANG", "LC_ALL", "HOME", "USERPROFILE", "TEMP", "TMP")
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={name: os.environ[name] for name in kept if name in os.environ} | one_thread,
            start_new_session=os.name == "posix",
        )
        self.lines: list[bytes] = []
        self.printed = b""
        self.ready = threading.Event()
        self.flood = False

    def ask(self, request: bytes) -> Said:
        process, said = self.process, Said()
        assert process.stdin and process.stdout and process.stderr
        readers = [
            threading.Thread(target=self._replies, args=(process.stdout,), daemon=True),
            threading.Thread(target=self._printed, args=(process.stderr,), daemon=True),
        ]
        for reader in readers:
            reader.start()
        try:
            with contextlib.suppress(OSError):  # it died before it had read all
                process.stdin.write(request)
                process.stdin.close()
            self.ready.wait(self.limits.start)
            process.wait(self.limits.seconds if self.ready.is_set() else 1)
        except subprocess.TimeoutExpired:
            said.ended = "time"
        finally:
            self._kill()
        for reader in readers:
            reader.join(2)
        said.code = process.wait()
        if self.flood:
            said.ended = "too much"
        elif not self.lines:
            said.ended = "never started"
        said.printed = self.printed.decode("utf-8", "replace")
        for message in self._messages():
            _sort(message, said)
        return said

    def _replies(self, stream: IO[bytes]) -> None:
        total = 0
        with contextlib.suppress(OSError, ValueError):
            for line in iter(lambda: stream.readline(1 << 20), b""):
                total += len(line)
                if total > self.limits.replies:
                    self._stop()
                    break
                self.lines.append(line)
                self.ready.set()  # the first line is the worker's own, written before any other code runs
        self.ready.set()  # or it died before that

    def _printed(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while piece := os.read(stream.fileno(), 1 << 16):
                self.printed += piece[: self.limits.printed - len(self.printed)]
                if len(self.printed) >= self.limits.printed:
                    self._stop()
                    break

    def _stop(self) -> None:
        self.flood = True
        self._kill()

    def _messages(self) -> Iterator[dict[str, Any]]:
        for line in b"".join(self.lines).splitlines():
            with contextlib.suppress(ValueError, RecursionError):
                message = json.loads(line)
                if isinstance(message, dict):
                    yield message

    def _kill(self) -> None:
        """It, and whatever it may have started."""
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()


def _sort(message: dict[str, Any], said: Said) -> None:
    """The first reply to each question counts. Whoever wrote it, what failed has a type and a text."""
    if "failed" in message and not isinstance(message["failed"], dict):
        message["failed"] = {"type": "", "message": ""}
    for kind, kept in (("job", said.jobs), ("call", said.calls)):
        if isinstance(message.get(kind), str):
            kept.setdefault(message[kind], message)
