"""The studio's routes for training on a folder of its own, and trainings that do as a test tells them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.testclient import TestClient

from pellucid.core.run import Run
from pellucid.server.studio import runs
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio

ROOM = "spam_detector"

OBEDIENT = """
import json, os, sys, time
from pathlib import Path
run = Path(sys.argv[-1])
def tell(**changes):
    (run / "new").write_text(json.dumps(json.loads((run / "run.json").read_text()) | changes))
    (run / "new").replace(run / "run.json")
print("begun", flush=True)
time.sleep(0.1)
tell(state="training", pid=os.getpid(), data={})
(run / "began").write_text(str(time.time_ns()))
while not (run / "do").exists() and not (run / "stop").exists():
    time.sleep(0.01)
what = (run / "do").read_text() if (run / "do").exists() else "interrupted"
if what == "break":
    print("pellucid: it broke", flush=True)
    sys.exit(2)
print(what, flush=True)
tell(state=what)
"""


@pytest.fixture
def studio(tmp_path):
    studio = Studio(tmp_path / "runs")
    yield studio
    studio.close()


@pytest.fixture
def start_training(studio):
    """A function that makes one more server's `Training` on the folder. What it started is ended with the test."""
    made = []

    def make(**options) -> runs.Training:
        made.append(runs.Training(studio, **options))
        return made[-1]

    yield make
    for training in made:
        training.close()
    for child in [child for training in made for child in training.queue._children.values()]:
        child.kill()
        child.wait()
    for file in studio.runs.glob("*/*/run.json"):  # adopted ones
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            info = json.loads(file.read_text())
            if info["pid"] not in (0, os.getpid()) and info.get("queued_by"):
                os.kill(info["pid"], signal.SIGTERM)


@pytest.fixture
def training(start_training):
    return start_training()


@pytest.fixture
def bare():
    """A function: a `Training` -> an application of its routes alone."""

    def make(training) -> FastAPI:
        app = FastAPI()
        app.include_router(runs.router(training))
        app.exception_handler(Refused)(lambda request, error: JSONResponse(error.body(), error.status))
        return app

    return make


@pytest.fixture
def client(training, bare):
    return TestClient(bare(training))  # raises whatever the server does not handle


@pytest.fixture
def obedient(tmp_path, monkeypatch):
    """Trainings begin at once and end as the function is told: (path of the run, done | failed | break)."""
    package = tmp_path / "fake" / "pellucid"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(OBEDIENT)
    monkeypatch.setenv("PYTHONPATH", str(package.parent))

    def tell(path, what: str = "done") -> None:
        (path / "do.new").write_text(what)
        (path / "do.new").replace(path / "do")

    return tell


@pytest.fixture
def until():
    """A function that waits for a condition and returns its value; fails where it never comes."""

    def wait(condition, seconds: float = 60):
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < deadline, "it never came"
            time.sleep(0.02)
        return value

    return wait


@pytest.fixture
def make_run(studio):
    """A function: a run with fields of `run.json` as given, as if trained here."""

    def make(**fields) -> Run:
        run = Run.create(studio.runs, ROOM, {"seed": 1}, "pellucid train", fields.pop("state", "done"))
        run.update(**{"pid": 0, **fields})
        return run

    return make
