"""What the routes share: the folder of runs, the systems that are loaded, the traces that were made, what was read."""

from __future__ import annotations

import json
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid import api, catalog
from pellucid.core.errors import UserError
from pellucid.core.run import Run, write_beside
from pellucid.server.studio.refused import Refused

if TYPE_CHECKING:
    from pellucid.core.contract import System

BUNDLED = "bundled"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MOST_LOADED = 8  # systems kept in memory
MOST_TRACES = 64  # files kept in the temporary folder


class Studio:
    """One studio on one folder of runs. Everything lasting is a file there; what is in memory can be made anew."""

    def __init__(self, runs: Path):
        self.runs = runs.absolute()
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()
        self._lock = threading.Lock()
        self._temporary = tempfile.TemporaryDirectory(prefix="pellucid-", ignore_cleanup_errors=True)
        self.traces = Path(self._temporary.name)

    @property
    def own(self) -> Path:
        """The studio's own files, beside the runs: the queue's lock, the trash, what was read."""
        return self.runs / ".studio"

    def close(self) -> None:
        self._temporary.cleanup()

    # runs

    def room(self, room: str) -> str:
        if room not in catalog.BUILT:
            raise Refused(404, "room", f"{room[:80]!r}: no such system, or not built yet", "no_room")
        return room

    def path(self, room: str, run: str) -> Path:
        """The folder of a run; nothing outside the runs of its room has an id. Refused: 404."""
        if self.room(room) and run == BUNDLED:
            return api.bundled(room)
        path = self.runs / room / run
        if not ID.fullmatch(run) or not (path / "run.json").is_file() or path.resolve().parent != path.parent.resolve():
            raise Refused(404, "run", f"{run[:80]!r}: no such run of {room}", "no_run")
        return path

    def find(self, room: str, run: str) -> api.Trained:
        found = Run.open(self.path(room, run))
        if found.room != room:
            raise Refused(404, "run", f"{run}: is a run of {found.room!r}", "no_run")
        return api.Trained(found, bundled=run == BUNDLED)

    @contextmanager
    def system(self, room: str, run: str) -> Iterator[System[Any]]:
        """The run's system, for one thread at a time: looking switches how a module computes."""
        trained = self.find(room, run)
        key = f"{room}/{run}/{trained.fingerprint}"  # a run that trains on has other weights soon
        with self._lock:
            loaded = self._loaded.setdefault(key, _Loaded())
            self._loaded.move_to_end(key)
            while len(self._loaded) > MOST_LOADED:
                self._loaded.popitem(last=False)
        with loaded.lock:
            if loaded.system is None:
                loaded.system = trained.system
            yield loaded.system

    # what was read

    def read_pages(self, room: str) -> list[str]:
        pages = self._progress().get(room, [])
        return [page for page in pages if isinstance(page, str)] if isinstance(pages, list) else []

    def mark_read(self, room: str, page: str) -> None:
        with self._lock:
            progress = self._progress()
            progress[room] = list(dict.fromkeys([*self.read_pages(room), page]))
            self.own.mkdir(parents=True, exist_ok=True)
            write_beside(self.own / "progress.json", json.dumps(progress, indent=1).encode())

    def _progress(self) -> dict[str, Any]:
        try:
            found = json.loads((self.own / "progress.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    # traces

    def forget_old_traces(self) -> None:
        files = sorted(self.traces.glob("*.safetensors"), key=lambda file: file.stat().st_mtime)
        for file in files[:-MOST_TRACES]:
            file.unlink(missing_ok=True)


class _Loaded:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.system: System[Any] | None = None


def refuse_user_error(error: UserError) -> Refused:
    """What the user can mend, as a refusal."""
    return Refused(422, "", str(error), "user")
