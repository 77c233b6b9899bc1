"""Downloads from a real server on this machine that breaks off, forgets ranges, or has another file."""

from __future__ import annotations

import errno
import hashlib
import http.server
import random
import re
import socket
import threading
from pathlib import Path

import pytest

from pellucid.core.data import download, resume
from pellucid.core.data.download import Remote, RemoteFile, fetch, local_copy
from pellucid.core.errors import Interrupted, UserError

BODY = random.Random(0).randbytes(300_000)
OTHER = random.Random(1).randbytes(300_000)
CLOSED = "http://127.0.0.1:9/data.bin"  # nobody listens there


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        site = self.server.sites[self.path]
        wanted, condition = self.headers.get("Range"), self.headers.get("If-Range")
        self.server.requests.append((self.path, wanted, condition))
        status = site["statuses"].pop(0) if site.get("statuses") else 200
        if status != 200:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body, start = site["body"], 0
        etag = f'"{hashlib.md5(body).hexdigest()}"'
        if wanted and site.get("ranges", True) and condition in (None, etag):
            start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body) - start))
        self.send_header("ETag", etag)
        self.end_headers()
        breaks = site["breaks"].pop(0) if site.get("breaks") else None
        self.wfile.write(body[start:breaks])
        self.close_connection = True
        if breaks and "then" in site:
            site["body"] = site["then"]

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.setattr(resume, "WAITS", (0.01, 0.01))
    monkeypatch.setattr(resume, "PIECE", 10_000)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.sites, server.requests = {}, []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def remote(server):
    """Makes a data set of one file from the sites that are to serve it."""

    def make(*sites: dict | str, body: bytes = BODY, checksum: str = "") -> Remote:
        urls = []
        for number, site in enumerate(sites):
            if isinstance(site, dict):
                server.sites[f"/{number}/data.bin"] = {"body": body, **site}
                site = f"http://127.0.0.1:{server.server_port}/{number}/data.bin"
            urls.append(site)
        checksum = checksum or "sha256:" + hashlib.sha256(body).hexdigest()
        file = RemoteFile(tuple(urls), checksum, len(body), "data.bin")
        return Remote("tiny", (file,), "CC0", "Tiny data", "for tests")

    return make


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def ranges(server) -> list[str | None]:
    return [wanted for _, wanted, _ in server.requests]


def test_plain_download_into_the_cache_and_only_once(server, remote, tmp_path):
    tiny = remote({})
    assert local_copy(tiny) is None
    folder = fetch(tiny)
    assert folder == tmp_path / "cache" / "tiny" == local_copy(tiny)
    assert (folder / "data.bin").read_bytes() == BODY
    assert names(folder) == ["data.bin"]  # no .part, no note, no temporary file
    assert fetch(tiny) == folder
    assert len(server.requests) == 1


def test_md5_and_several_files(server, remote, tmp_path):
    (first,) = remote({}, checksum="md5:" + hashlib.md5(BODY).hexdigest()).files
    (second,) = remote({}, body=OTHER[:1000]).files
    server.sites["/1"] = {"body": BODY}
    first = RemoteFile((f"http://127.0.0.1:{server.server_port}/1",), first.checksum, first.size, "in/first.bin")
    seen = []
    fetch(
        Remote("two", (first, second), "", "Two", ""),
        folder=tmp_path,
        progress=lambda here, total: seen.append((here, total)),
    )
    assert (tmp_path / "in" / "first.bin").read_bytes() == BODY
    assert (tmp_path / "data.bin").read_bytes() == OTHER[:1000]
    assert seen == sorted(seen) and seen[0] == (0, 301_000) and seen[-1] == (301_000, 301_000)


@pytest.mark.parametrize(
    "first",
    [
        CLOSED,
        {"statuses": [404]},
        {"body": OTHER},
        {"body": BODY[:-1]},
        {"body": BODY + b"x"},
        {"statuses": [503] * 9},
        {"breaks": [1, 1, 1, 1]},
    ],
    ids=["down", "404", "other content", "shorter", "longer", "503", "always breaks off"],
)
def test_the_second_mirror_serves_where_the_first_does_not(remote, first):
    folder = fetch(remote(first, {}))
    assert (folder / "data.bin").read_bytes() == BODY
    assert names(folder) == ["data.bin"]


def test_a_busy_server_is_asked_again(server, remote):
    fetch(remote({"statuses": [503, 429]}))
    assert len(server.requests) == 3


def test_resumes_where_the_connection_broke_off(server, remote):
    folder = fetch(remote({"breaks": [100_000, 200_000]}))
    assert (folder / "data.bin").read_bytes() == BODY
    assert ranges(server) == [None, "bytes=100000-", "bytes=200000-"]
    assert server.requests[1][2] == f'"{hashlib.md5(BODY).hexdigest()}"'


def test_a_connection_may_break_off_often_as_long_as_it_gets_on(server, remote):
    fetch(remote({"breaks": [50_000, 100_000, 150_000, 200_000, 250_000]}))  # more often than there are attempts
    assert len(server.requests) == 6


def test_progress_starts_from_what_is_there(remote):
    seen = []
    fetch(remote({"breaks": [100_000]}), progress=lambda here, total: seen.append(here))
    assert seen == sorted(seen) and seen.count(100_000) == 2 and seen[-1] == 300_000


def test_goes_on_at_another_mirror(server, remote):
    folder = fetch(remote({"breaks": [100_000], "statuses": [200, 404]}, {}))
    assert (folder / "data.bin").read_bytes() == BODY
    assert server.requests[-1] == ("/1/data.bin", "bytes=100000-", None)


def test_server_without_ranges_sends_all_again(server, remote):
    folder = fetch(remote({"ranges": False, "breaks": [100_000]}))
    assert (folder / "data.bin").read_bytes() == BODY
    assert ranges(server) == [None, "bytes=100000-"]


def test_file_changed_between(server, remote):
    """If-Range: half of the old file is not continued with half of the new one."""
    folder = fetch(remote({"body": OTHER, "breaks": [100_000], "then": BODY}))
    assert (folder / "data.bin").read_bytes() == BODY
    assert len(server.requests) == 2


def test_a_wrong_part_costs_one_more_download(server, remote, tmp_path):
    folder = tmp_path / "cache" / "tiny"
    folder.mkdir(parents=True)
    (folder / "data.bin.part").write_bytes(OTHER[:50_000])
    fetch(remote({}))
    assert (folder / "data.bin").read_bytes() == BODY
    assert ranges(server) == ["bytes=50000-", None]


@pytest.mark.parametrize("there", [b"x" * 300_001, b"", BODY], ids=["too long", "empty", "whole"])
def test_other_parts(remote, tmp_path, there):
    folder = tmp_path / "cache" / "tiny"
    folder.mkdir(parents=True)
    (folder / "data.bin.part").write_bytes(there)
    fetch(remote({}))
    assert (folder / "data.bin").read_bytes() == BODY
    assert names(folder) == ["data.bin"]


def test_a_damaged_file_in_the_cache_is_replaced_but_not_the_users_own(remote, tmp_path):
    tiny = remote({})
    folder = fetch(tiny)
    (folder / "data.bin").write_bytes(OTHER)
    assert (fetch(tiny) / "data.bin").read_bytes() == BODY
    own = tmp_path / "own"
    own.mkdir()
    (own / "data.bin").write_bytes(OTHER)
    with pytest.raises(UserError, match="move it away"):
        fetch(tiny, folder=own)
    assert (own / "data.bin").read_bytes() == OTHER


def test_a_local_copy_needs_no_network(server, remote, tmp_path):
    (tmp_path / "data.bin").write_bytes(BODY)
    assert fetch(remote(CLOSED), folder=tmp_path) == tmp_path
    assert server.requests == []


def test_the_error_names_each_mirror_and_a_way_out(remote, tmp_path):
    tiny = remote(CLOSED, {"statuses": [404]}, {"body": OTHER})
    with pytest.raises(UserError) as error:
        fetch(tiny)
    text = str(error.value)
    first, second, third = tiny.files[0].mirrors
    assert "\n" not in text
    assert f"{first} (connection refused), {second} (HTTP 404), {third} (wrong checksum)" in text
    assert f"place it at {tmp_path / 'cache' / 'tiny' / 'data.bin'}" in text
    assert not (tmp_path / "cache" / "tiny" / "data.bin").exists()


def test_no_such_host(remote, monkeypatch):
    def unknown(*args, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UserError, match="no network, or no such host"):
        fetch(remote("http://host.invalid/data.bin"))


def test_ctrl_c_keeps_the_part_and_the_next_call_goes_on(server, remote, tmp_path):
    def stop(here: int, total: int) -> None:
        if here >= 150_000:
            raise KeyboardInterrupt

    tiny = remote({})
    folder = tmp_path / "cache" / "tiny"
    with pytest.raises(Interrupted, match="run the same command again"):
        fetch(tiny, progress=stop)
    assert (folder / "data.bin.part").read_bytes() == BODY[:150_000]
    assert names(folder) == ["data.bin.part", "data.bin.part.json"]
    fetch(tiny)
    assert (folder / "data.bin").read_bytes() == BODY
    assert ranges(server) == [None, "bytes=150000-"]


def test_disk_full_while_writing(remote, tmp_path, monkeypatch):
    class Full:
        """A file on a disk that has room for 100 000 bytes."""

        def __init__(self, file):
            self.file, self.room = file, 100_000

        def __getattr__(self, name):
            return getattr(self.file, name)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.file.close()

        def write(self, piece):
            self.room -= len(piece)
            if self.room < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return self.file.write(piece)

    real = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda self, mode="r", *a, **k: Full(real(self, mode)) if mode == "ab" else real(self, mode, *a, **k),
    )
    with pytest.raises(UserError, match=r"the disk is full, 0\.2 MB are still needed"):
        fetch(remote({}, {}))
    monkeypatch.undo()
    assert (tmp_path / "cache" / "tiny" / "data.bin.part").read_bytes() == BODY[:100_000]


def test_disk_too_small_is_said_before_the_first_byte(server, remote, monkeypatch):
    monkeypatch.setattr(download.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 299_999}))
    with pytest.raises(UserError, match=r"the disk is full, 0\.3 MB"):
        fetch(remote({}))
    assert server.requests == []


def test_a_silent_server_times_out(remote, monkeypatch):
    monkeypatch.setattr(resume, "TIMEOUT", (0.2, 0.2))
    monkeypatch.setattr(Handler, "do_GET", lambda self: threading.Event().wait(0.5))
    with pytest.raises(UserError, match="timed out"):
        fetch(remote({}))


@pytest.mark.skipif(not hasattr(resume, "fcntl"), reason="no file locks on this system")
def test_two_downloads_of_one_file_do_not_mix(remote, tmp_path):
    part = tmp_path / "cache" / "tiny" / "data.bin.part"
    part.parent.mkdir(parents=True)
    with part.open("ab") as held:
        resume.fcntl.flock(held, resume.fcntl.LOCK_EX)
        with pytest.raises(UserError, match="another process is downloading"):
            fetch(remote({}))
    fetch(remote({}))


def test_no_bar_where_no_terminal_is(remote, capfd):
    fetch(remote({"breaks": [100_000]}), progress=True)
    assert capfd.readouterr() == ("", "")


SUM = "sha256:" + "0" * 64


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "..", "", "a\\b", "C:x", "a\0b"])
def test_names_that_climb_out_are_refused(name):
    with pytest.raises(UserError, match="inside the data folder"):
        RemoteFile(("http://a.org/x",), SUM, 1, name)
    with pytest.raises(UserError, match="inside the data folder"):
        Remote(name, (), "", "", "")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.org/x", "/etc/passwd", "http:///x"])
def test_only_http_and_https(url):
    with pytest.raises(UserError, match="not an http or https address"):
        RemoteFile((url,), SUM, 1, "x")
    with pytest.raises(UserError, match="checksum"):
        RemoteFile(("https://a.org/x",), "sha256:123", 1, "x")
