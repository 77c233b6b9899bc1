"""The studies in a room's `expected.json`, where the room measures them itself: what came out, when and on what."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any


def machine() -> str:
    """This one, in words."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def measured_now(study: Mapping[str, Any], seeds: int = 1) -> dict[str, Any]:
    """A study (`about`, `command`, `variants`) with when and on what it was measured. seeds: 1 where nothing is left
    to chance."""
    measured = {"on": time.strftime("%Y-%m-%d"), "pellucid": version("pellucid")}
    return {**study, "machine": machine(), "seeds": seeds, "measured": measured}


def write_studies(file: Path, studies: Sequence[Mapping[str, Any]]) -> None:
    """Put these in the place of the studies of an `expected.json`; all else in it stays."""
    expected = json.loads(file.read_text(encoding="utf-8")) | {"studies": list(studies)}
    file.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
