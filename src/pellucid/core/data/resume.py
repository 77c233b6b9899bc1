"""A downloader for pooch that goes on with a partial file.

The bytes gather in `<file>.part`, which outlives errors, Ctrl-C and the process. The next request asks for the rest
(Range), on the condition that the file is still the same one (If-Range); a server that ignores either sends all of it,
and the part starts again. The transport is requests, which pooch needs anyway: it knows proxies and certificates, and a
body that breaks off is an error there, where urllib's read(n) returns what came and says nothing.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pellucid.core.errors import UserError

if sys.platform != "win32":
    import fcntl

TIMEOUT = (10, 30)  # seconds to connect, and between two pieces of the body
WAITS = (0.5, 1.0, 2.0)  # seconds before each new attempt at a mirror; after progress they start again
PIECE = 1 << 18  # bytes
TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)


class MirrorError(Exception):
    """Why this mirror will not do; the next one may."""


class Resuming:
    """A downloader for pooch: continues `part`, and moves it to where pooch checks it when all bytes are there.

    `resumed` says whether some of the bytes were there before, perhaps from another mirror or another version.
    """

    def __init__(self, part: Path, size: int, report: Callable[[int], None]) -> None:
        self.part, self.size, self.report = part, size, report
        self.note = part.with_name(part.name + ".json")  # which url the bytes are from, and which version of it
        self.resumed = False

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        import requests
        import urllib3

        self.resumed = held(self.part) > 0
        with self.part.open("ab") as out, _locked(out, self.part), requests.Session() as session:
            best, attempt = held(self.part), 0
            while held(self.part) != self.size:
                try:
                    self._continue(session, url, out)
                    reason = "the connection broke off"
                except (requests.RequestException, urllib3.exceptions.HTTPError) as e:
                    reason = _network_reason(e)
                except _TemporaryError as e:
                    reason = str(e)
                finally:
                    out.flush()
                here = held(self.part)
                if here == self.size:
                    break
                attempt = 0 if here > best else attempt
                best = max(best, here)
                if attempt == len(WAITS):
                    raise MirrorError(reason)
                time.sleep(WAITS[attempt])
                attempt += 1
        self.note.unlink(missing_ok=True)
        self.part.replace(output_file)

    def _continue(self, session: Any, url: str, out: IO[bytes]) -> None:
        """One request: the rest of the file where the server knows ranges, all of it where it does not."""
        have = held(self.part)
        if have > self.size:
            have = _restart(out)
        headers = {"Accept-Encoding": "identity"}  # the bytes as they are stored: ranges and checksums count those
        if have:
            headers["Range"] = f"bytes={have}-"
            if version := self._version(url):  # where it has changed meanwhile, the server then sends all of it
                headers["If-Range"] = version
        with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
            self._check(answer, have, out)
            if answer.status_code == 200:
                have, self.resumed = _restart(out), False
            start = have
            version = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
            self.note.write_text(json.dumps({"url": url, "version": version}))
            self.report(have)
            for piece in answer.raw.stream(PIECE, decode_content=False):
                have += len(piece)
                if have > self.size:
                    _restart(out)
                    raise MirrorError(f"longer than {self.size:,} bytes: another file")
                out.write(piece)
                self.report(have)
            if have < self.size and answer.headers.get("Content-Length") == str(have - start):
                _restart(out)
                raise MirrorError(f"{have:,} bytes instead of {self.size:,}: another file")

    def _check(self, answer: Any, have: int, out: IO[bytes]) -> None:
        """Whether the body is what was asked for: the whole file, or the rest of it."""
        status = answer.status_code
        if status == 416 or (
            status == 206 and answer.headers.get("Content-Range") != f"bytes {have}-{self.size - 1}/{self.size}"
        ):
            _restart(out)
            raise _TemporaryError(f"HTTP {status}, but not the rest of the file")
        if status in TRY_AGAIN:
            raise _TemporaryError(f"HTTP {status}")
        if status not in (200, 206):
            raise MirrorError(f"HTTP {status}")

    def _version(self, url: str) -> str:
        """The version of the partial file, if it is from this very url. A weak tag (W/) cannot be compared: none."""
        try:
            note = json.loads(self.note.read_text())
        except (OSError, ValueError):
            return ""
        version = note["version"] or "" if note["url"] == url else ""
        return "" if version.startswith("W/") else version


class _TemporaryError(Exception):
    """Another attempt at the same mirror may do."""


def _restart(out: IO[bytes]) -> int:
    out.truncate(0)
    return 0


def held(path: Path) -> int:
    """The bytes in a file, 0 where there is none."""
    return path.stat().st_size if path.exists() else 0


def _network_reason(error: Exception) -> str:
    """A short reason out of the nested messages of requests and urllib3."""
    text = f"{type(error).__name__} {error}"
    for sign, reason in (
        ("NameResolution", "no network, or no such host"),
        ("refused", "connection refused"),
        ("unreachable", "no network"),
        ("imed out", "timed out"),
        ("SSL", "the certificate is not accepted"),
        ("IncompleteRead", "the connection broke off"),
        ("onnection", "the connection broke off"),
    ):
        if sign in text:
            return reason
    return type(error).__name__


@contextmanager
def _locked(out: IO[bytes], part: Path) -> Iterator[None]:
    """Two processes must not append to one partial file. Windows has no such lock: there the checksum finds it out."""
    if sys.platform != "win32":
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(f"{part}: another process is downloading this file; wait for it") from None
    yield
