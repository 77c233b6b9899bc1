"""The process in which somebody's code runs. It gets arguments and gives results back; it knows no answer.

Started as `python -I worker.py` with one JSON request on standard input. Replies go to what was standard output, a JSON
object a line; what the code prints goes to standard error. Standard library and NumPy only.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import stat
import subprocess
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE = "<homework>"
Reply = Callable[[dict[str, Any]], None]


def main() -> None:
    request = json.loads(sys.stdin.buffer.read())
    channel = os.dup(1)
    os.dup2(2, 1)  # what is printed is no reply
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)

    def reply(message: dict[str, Any]) -> None:
        rest = json.dumps(message).encode() + b"\n"
        while rest:
            rest = rest[os.write(channel, rest) :]

    wire = _load_wire()
    if request["guarded"]:
        _limit(request["memory"], request["seconds"])
        guard(_identities(request["forbidden"]))
    reply({"ready": True})
    try:
        for job in request["jobs"]:
            _do(job, wire, reply)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BaseException):
                stream.flush()
    finally:
        os._exit(0)  # no thread, and nothing that was put off until the end, goes on


def _load_wire() -> Any:
    spec = importlib.util.spec_from_file_location("_homework_wire", Path(__file__).with_name("wire.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _do(job: dict[str, Any], wire: Any, reply: Reply) -> None:
    """Run one source, then its calls; each gets its own reply, so that the last one tells where it got to."""
    module = types.ModuleType("homework_answer")
    sys.modules[module.__name__] = module
    try:
        exec(compile(job["source"], FILE, "exec"), module.__dict__)
    except BaseException as error:
        reply({"job": job["id"], "failed": _error(error)})
        return
    found = module.__dict__.get(job["name"], module)  # the module itself: there is none of this name
    if found is module or (job["calls"] and not callable(found)):
        reply({"job": job["id"], "failed": {"type": "Missing" if found is module else "NotCallable", "message": ""}})
        return
    if not job["calls"]:
        reply({"job": job["id"], "value": _coded(wire, found)})
        return
    reply({"job": job["id"], "loaded": True})
    for call in job["calls"]:
        args, kwargs = wire.decode(call["args"]), wire.decode(call["kwargs"])
        try:
            value = _coded(wire, found(*args, **kwargs))
            answer = {"value": value, "changed": [wire.encode(args), wire.encode(kwargs)] != _given(call)}
        except BaseException as error:
            answer = {"failed": _error(error)}
        reply({"call": call["id"], **answer})


def _given(call: dict[str, Any]) -> list[Any]:
    return [call["args"], call["kwargs"]]


def _coded(wire: Any, value: Any) -> Any:
    return wire.encode(value)


def _error(error: BaseException) -> dict[str, Any]:
    """Its type, its text and the last line of the learner's own code that it went through."""
    try:
        text = str(error)[:500]
    except BaseException:
        text = ""
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return {"type": type(error).__name__, "message": error.msg, "line": error.lineno, "source": error.text or ""}
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)[-200:] if frame.filename == FILE]
    return {"type": type(error).__name__[:80], "message": text, "line": lines[-1] if lines else None}


def _limit(memory: int, seconds: float) -> None:
    """Memory, processor time, files and processes, where the system has such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        "RLIMIT_AS": memory,
        "RLIMIT_CPU": int(seconds) + 5,
        "RLIMIT_FSIZE": 0,  # pipes are no files
        "RLIMIT_NPROC": 0,
        "RLIMIT_CORE": 0,
    }
    for name, value in limits.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


# what the learner's code may not do

MODULES = frozenset({"numpy", "sympy", "mpmath", "homework_answer", "_homework_wire"})
REFUSED = (
    "ctypes.", "gc.", "socket.", "subprocess.", "sqlite3.", "os.exec", "os.fork", "os.kill", "os.posix_spawn",
    "os.spawn", "os.system", "os.startfile", "os.putenv", "os.link", "os.symlink", "os.rename", "os.remove",
    "os.rmdir", "os.mkdir", "os.truncate", "os.chmod", "os.chown", "os.utime", "os.setxattr", "os.removexattr",
    "shutil.", "tempfile.", "pty.", "winreg.", "_winapi.", "mmap.", "sys.addaudithook", "code.__new__",
)  # fmt: skip
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _identities(files: list[str]) -> frozenset[tuple[int, int]]:
    """Files as the system knows them: a link to one, or another way of writing its path, is the same file."""
    found = set()
    for file in files:
        with contextlib.suppress(OSError):
            status = os.stat(file)  # noqa: PTH116
            found.add((status.st_dev, status.st_ino))
    return frozenset(found)


def _disarm() -> None:
    """SymPy imports subprocess, which is refused when it is used; but what starts a process below it tells no hook."""
    if hasattr(subprocess, "_fork_exec"):
        subprocess._fork_exec = None
    sys.modules.pop("_posixsubprocess", None)


def guard(forbidden: frozenset[tuple[int, int]]) -> None:
    """Refuse what no exercise needs. An audit hook cannot be taken away again from within Python.

    All that the hook uses is bound as defaults: names that the learner's code replaces change nothing in it.
    """
    _disarm()
    proc = None
    with contextlib.suppress(OSError):
        proc = os.stat("/proc").st_dev  # noqa: PTH116  # other processes' memory
    modules = frozenset(sys.stdlib_module_names) | MODULES

    def hook(
        event: str,
        args: tuple[Any, ...],
        *,
        text: Any = str,
        isinstance: Any = isinstance,
        status: Any = os.stat,
        is_folder: Any = stat.S_ISDIR,
        forbidden: frozenset[tuple[int, int]] = forbidden,
        modules: frozenset[str] = modules,
        refused: tuple[str, ...] = REFUSED,
        proc: int | None = proc,
        writes: int = WRITES,
        bytes: Any = bytes,
        int: Any = int,
        any: Any = any,
        os_error: Any = OSError,
        denied: Any = PermissionError,
        missing: Any = FileNotFoundError,
        import_error: Any = ImportError,
        value_error: Any = ValueError,
        fsdecode: Any = os.fsdecode,
    ) -> None:
        if event == "import":
            name = text(args[0])
            if name.partition(".")[0] not in modules or name in ("_posixsubprocess", "ctypes", "_ctypes"):
                raise import_error(f"{name} is not there in homework: Python's own modules, numpy and sympy are")
        elif event == "open":
            path, mode, flags = args
            if isinstance(path, int):
                return  # of a file that was opened already
            if (mode and any(c in mode for c in "wax+")) or (isinstance(flags, int) and flags & writes):
                raise denied("homework writes no files")
            name = fsdecode(path)
            last = name.replace("\\", "/").rpartition("/")[2]
            if last.startswith("homework.") and last.endswith((".py", ".pyc")):
                raise denied("homework does not read solutions")
            try:
                found = status(path)
            except os_error:
                raise missing(2, "there is no such file", name) from None
            except value_error:
                return
            if (found.st_dev, found.st_ino) in forbidden or found.st_dev == proc or is_folder(found.st_mode):
                raise denied("homework does not read this file")
        elif event.startswith(refused):
            raise denied(f"homework may not do this: {event}")

    sys.addaudithook(hook)


if __name__ == "__main__":
    main()
