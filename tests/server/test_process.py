"""The server as a process of its own: no torch in it, Ctrl-C stops it, a taken port is a line."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from pellucid.core.errors import UserError
from pellucid.server.app import listen

CODE = """
import sys
from pathlib import Path
from pellucid.server import serve_bundle
serve_bundle(Path(sys.argv[1]), port=0)
print("torch" in sys.modules, flush=True)
"""


@contextmanager
def served(folder):
    """A server process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline()
        assert "Ctrl-C stops" in line, line + process.stderr.read()
        assert process.stdout.readline() == "\n"
        assert process.stdout.readline().startswith("    curl http://127.0.0.1:")
        yield process, re.search(r"http://\S+", line)[0]
    finally:
        process.kill()
        process.communicate()


def test_a_real_server_answers_without_torch_and_stops_at_ctrl_c(bundle, codec):
    with served(bundle.folder) as (process, url):
        with httpx.Client(base_url=url, timeout=20) as client:
            answer = client.post("/predict", json={"input": "free prize 3"})
            (own,) = bundle.predict(["free prize 3"], codec)
            assert answer.json()["output"] == pytest.approx(own, abs=1e-6)

            def chunks():
                for _ in range(300):
                    yield b"x" * 10_000

            try:  # the server may close before all is sent
                status = client.post("/predict", content=chunks(), headers={"content-type": "application/json"})
                assert status.status_code == 413
            except (httpx.WriteError, httpx.RemoteProtocolError):
                pass
            assert client.get("/health").json()["status"] == "ok"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert out.split()[-1] == "False"  # no torch
    assert err == ""


def test_the_curl_line_is_one_that_a_shell_runs(bundle, codec, capsys):
    from pellucid import catalog
    from pellucid.server.page import curl

    line = curl(catalog.card("spam_detector"), "http://127.0.0.1:1")
    result = subprocess.run(
        ["sh", "-c", f"curl() {{ printf '%s\\n' \"$@\"; }}; {line}"], capture_output=True, text=True
    )
    *_, option, body = result.stdout.splitlines()
    assert option == "-d"
    assert json.loads(body) == {"input": catalog.card("spam_detector").input.examples[0]}


def test_a_taken_port_or_a_strange_host_is_one_line():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=rf"cannot listen on 127\.0\.0\.1:{port}: .*; choose another --port"):
            listen("127.0.0.1", port)
    with pytest.raises(UserError, match="--host"):
        listen("no such host", 0)
