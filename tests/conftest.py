"""Fixtures of all tests: one tiny trained run of each built room, made once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "2")  # tests of small nets gain nothing from more
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # transformers is here for its modules, not for its downloads

from pellucid import api, catalog

settings.register_profile("untimed", settings.default, deadline=None)  # a busy machine is no fault of the code
settings.load_profile("untimed")

SHARED = Path(__file__).parents[2] / "shared" / "data"
"""Further real data, where it lies beside the checkout; tests that need it skip where it does not."""


def expected(room: str) -> dict:
    """A room's `expected.json`: its presets and the scores that were measured with them."""
    return json.loads((Path(api.__file__).parent / "rooms" / room / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(params=catalog.BUILT)
def room(request) -> str:
    """Each built room in turn."""
    return request.param


@pytest.fixture(scope="session")
def tiny_runs(tmp_path_factory):
    """A function: room -> a run of its tiny preset, trained once in this session."""
    root = tmp_path_factory.mktemp("runs")
    made: dict[str, api.Trained] = {}

    def get(room: str) -> api.Trained:
        if room not in made:
            made[room] = api.train(room, runs=root, **expected(room)["tiny"]["fields"])
        return made[room]

    return get


@pytest.fixture
def trained(room, tiny_runs) -> api.Trained:
    """The tiny run of the room at hand."""
    return tiny_runs(room)
