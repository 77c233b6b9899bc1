"""Who trains a run, as its `run.json` says it, so that a reader can tell one that goes on from one that died."""

from __future__ import annotations

import os
import platform
import socket
from pathlib import Path
from typing import Any


def process() -> dict[str, Any]:
    """This process."""
    host = {"name": socket.gethostname(), "system": platform.platform(), "cpus": os.cpu_count()}
    return {"host": host, "pid": os.getpid()}


def alive(host: str, pid: int) -> bool | None:
    """Does that process of that machine still live? None where it is another machine, of which nothing is known."""
    return _alive(pid) if host == socket.gethostname() else None


def _alive(pid: int) -> bool:
    if pid < 1:  # to the system it would mean a whole group
        return False
    if os.name == "nt":
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, pid)  # type: ignore[attr-defined,unused-ignore]
        return bool(handle and ctypes.windll.kernel32.CloseHandle(handle))  # type: ignore[attr-defined,unused-ignore]
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    try:  # Linux: one that ended and whose parent has not asked how (its name, in brackets, may hold anything)
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True
