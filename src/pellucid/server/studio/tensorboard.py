"""TensorBoard on a room's runs: started when asked for, one a room, ended with the studio."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from pellucid.server.studio.messages import Board
from pellucid.server.studio.record import last_words
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio

PATIENCE = 20.0  # seconds until it must answer


class Boards:
    """The TensorBoards that run."""

    def __init__(self, studio: Studio):
        self._studio = studio
        self._lock = threading.Lock()
        self._running: dict[str, tuple[subprocess.Popen[bytes], int]] = {}

    def open(self, room: str) -> Board:
        """Where it answers; started if it is not there. Refused: 424 where it does not start."""
        folder = self._studio.runs / self._studio.room(room)
        with self._lock:
            child, port = self._running.get(room, (None, 0))
            if child is None or child.poll() is not None:
                self._running[room] = _, port = self._start(folder)
        return Board(url=f"http://127.0.0.1:{port}/")

    def close(self) -> None:
        with self._lock:
            for child, _ in self._running.values():
                _end(child)
            self._running.clear()

    def _start(self, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
        port, log = _free_port(), self._studio.own / f"tensorboard-{folder.name}.log"
        where = ["--logdir", str(folder), "--host", "127.0.0.1", "--port", str(port)]
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("wb") as stream:
                child = subprocess.Popen(
                    [sys.executable, "-m", "tensorboard.main", *where],
                    stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT,
                )  # fmt: skip
        except OSError as error:
            raise Refused(424, "tensorboard", f"TensorBoard cannot be started: {error}", "tensorboard") from None
        deadline = time.monotonic() + PATIENCE
        while child.poll() is None and time.monotonic() < deadline:
            if _answers(port):
                return child, port
            time.sleep(0.1)
        reason = f"does not answer within {PATIENCE:g} s" if child.poll() is None else f"ended: {last_words(log)}"
        _end(child)
        raise Refused(424, "tensorboard", f"TensorBoard {reason} (all of it: {log})", "tensorboard")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
