"""Fixtures that several files of one room's tests share."""

from __future__ import annotations

import json

import pytest

from pellucid import api


@pytest.fixture(scope="session")
def regressions(tmp_path_factory):
    """A function: fields -> a run of linear_regression, each trained once."""
    made: dict[str, api.Trained] = {}

    def get(**fields) -> api.Trained:
        name = json.dumps(fields)
        if name not in made:
            made[name] = api.train("linear_regression", runs=tmp_path_factory.mktemp("runs"), **fields)
        return made[name]

    return get
