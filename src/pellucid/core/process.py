"""Who trains a run, as its `run.json` says it, so that a reader can tell one that goes on from one that died; and how
a path is written for the shell of this system."""

from __future__ import annotations

import os
import platform
import shlex
import socket
import subprocess
from pathlib import Path
from typing import Any


def quoted(path: Path) -> str:
    """A path as one word of a command line, for whoever copies it: Windows knows no single quotes."""
    return subprocess.list2cmdline([str(path)]) if os.name == "nt" else shlex.quote(str(path))


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
        return _alive_on_windows(pid)
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


def _alive_on_windows(pid: int) -> bool:
    """A process that ended can still be opened while somebody, its parent for one, holds on to it: ask for its code."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return bool(ctypes.get_last_error() == 5)  # type: ignore[attr-defined,unused-ignore]  # another user's
    code = ctypes.c_ulong()
    asked = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return bool(asked) and code.value == 259  # STILL_ACTIVE
