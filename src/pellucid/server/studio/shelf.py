"""The runs as they lie in their folders: listed, summed up, put into the trash and back.

A damaged run folder is shown as a failed run that says why.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from pellucid import api, catalog
from pellucid.core import journal
from pellucid.core.progress import one_line
from pellucid.server.studio.messages import Runs, RunSummary
from pellucid.server.studio.record import LONGEST, Record, epoch_line, last_words, read_end, read_record
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import BUNDLED, ID, Studio
from pellucid.server.studio.zh import in_chinese

T = TypeVar("T")

PLACE = {"step", "kind", "epoch", "epochs", "seconds"}  # of an epoch's line; the rest are scores
MOST_REMEMBERED = 4096  # files


class Shelf:
    """The runs of a studio. Reads each file once, and again when it has changed."""

    def __init__(self, studio: Studio):
        self.studio = studio
        self._remembered: dict[tuple[Path, str], tuple[tuple[int, int, int], Any]] = {}

    # many

    def runs(self, room: str) -> Runs:
        folder, waiting = self.studio.runs / self.studio.room(room), self.waiting()
        own = sorted(_folders(folder), key=self._age, reverse=True)
        runs = [self._sum_up(room, path.name, path, waiting) for path in own]
        bundled = self._sum_up(room, BUNDLED, api.bundled(room), [])
        return Runs(runs=[*runs, bundled], deleted=self.deleted(room))

    def records(self) -> Iterator[tuple[Path, Record]]:
        """Every run of every room that is not damaged."""
        for room in catalog.BUILT:
            for path in _folders(self.studio.runs / room):
                if isinstance(record := self.record(room, path), Record):
                    yield path, record

    def waiting(self, runs: Iterable[tuple[Path, Record]] | None = None) -> list[Path]:
        """The queued runs, in the order in which they came. runs: all, where they are at hand."""
        found = self.records() if runs is None else runs
        return [path for _, path in sorted((each.queued_at, path) for path, each in found if each.state == "queued")]

    # one

    def summary(self, room: str, run: str) -> RunSummary:
        return self._sum_up(room, run, self.studio.path(room, run), None)

    def metrics(self, room: str, run: str) -> list[dict[str, Any]]:
        """What counts of `metrics.jsonl`, in order of steps."""
        file = self.studio.path(room, run) / "metrics.jsonl"
        return list(journal.read(file)) if file.is_file() and not file.is_symlink() else []

    def log(self, room: str, run: str, most: int | None = None) -> str:
        """What the training said: all, or its last lines."""
        file = self.studio.path(room, run) / "train.log"
        lines = read_end(file, LONGEST * most if most else None).splitlines(keepends=True)
        return "".join(lines[-most:] if most else lines)

    def record(self, room: str, path: Path) -> Record | str:
        """What its `run.json` says, or what is wrong with it."""
        missing: Record | str = "run.json: missing, or a link"
        record = self._remember(path / "run.json", read_record, missing)
        if isinstance(record, Record) and record.room != room:
            return f"run.json: is a run of {one_line(record.room)[:80]!r}"
        return record

    def _sum_up(self, room: str, run: str, path: Path, waiting: list[Path] | None) -> RunSummary:
        """waiting: the queue, where it is known already."""
        record = self.record(room, path)
        if isinstance(record, str):
            return RunSummary(
                room=room, id=run, bundled=run == BUNDLED, state="failed", started=None, config={}, changed={},
                parameters=None, training=None, scores={}, epoch=None, place=None, stopping=False, answers=False,
                examples=None, error=record, error_zh="", command="",
            )  # fmt: skip
        state, default = record.now, _defaults(room)
        none: dict[str, Any] = {}
        result = (record.training or {}) if state == "done" else {}
        best, last = result.get("best_epoch"), result.get("epochs")
        epoch = self._remember(path / "metrics.jsonl", partial(epoch_line, number=best), none)
        error = self._remember(path / "train.log", last_words, None) if state in ("failed", "died") else None
        queue = (self.waiting() if waiting is None else waiting) if state == "queued" else []
        return RunSummary(
            room=room,
            id=run,
            bundled=run == BUNDLED,
            state=state,
            started=record.started,
            config=record.config,
            changed={name: value for name, value in record.config.items() if default.get(name) != value},
            parameters=record.parameters,
            training=record.training,
            scores={name: value for name, value in epoch.items() if name not in PLACE and _is_number(value)},
            epoch=next((number for number in (last, epoch.get("epoch")) if isinstance(number, int)), None),
            place=queue.index(path) + 1 if path in queue else None,
            stopping=state == "training" and (path / "stop").exists(),
            answers=(path / "model.safetensors").exists(),
            examples=record.examples,
            error=error,
            error_zh=in_chinese(error or ""),
            command=record.command,
        )

    def _age(self, path: Path) -> tuple[str, float, str]:
        """For the order of time: names begin with it, but many start in one second."""
        record = self.record(path.parent.name, path)
        return path.name[:15], record.queued_at if isinstance(record, Record) else 0, path.name

    # the trash

    def deleted(self, room: str) -> list[str]:
        """Ids, the newest first."""
        found = [(path.lstat().st_mtime_ns, path.name) for path in _folders(self._trash(room))]
        return [name for _, name in sorted(found, reverse=True)]

    def delete(self, room: str, run: str) -> None:
        path = self.studio.path(room, run)
        _move(path, self._trash(room) / run, "the trash has a run of this name already: rename or remove that one")

    def restore(self, room: str, run: str) -> None:
        path = self._trash(self.studio.room(room)) / run
        if not ID.fullmatch(run) or path not in _folders(path.parent):
            raise Refused(404, "run", f"{run[:80]!r}: is not in the trash", "no_run")
        _move(path, self.studio.runs / room / run, "there is a run of this name again: rename that one first")

    def _trash(self, room: str) -> Path:
        return self.studio.own / "trash" / room

    def _remember(self, file: Path, read: Callable[[Path], T], missing: T) -> T:
        """What `read` made of this file when it last changed."""
        try:
            found = file.lstat()
            signature = found.st_mtime_ns, found.st_size, found.st_ino
            what = (file, str(getattr(read, "keywords", "")))
            known = self._remembered.get(what)
            if known is None or known[0] != signature:
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                known = self._remembered[what] = signature, missing if file.is_symlink() else read(file)
        except OSError:
            return missing
        value: T = known[1]
        return value


def _folders(folder: Path) -> list[Path]:
    """The run folders in there; links do not count, nor what has no valid id."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if ID.fullmatch(entry.name) and not entry.is_symlink()]
    except OSError:
        return []
    return [folder / name for name in names if name != BUNDLED and (folder / name / "run.json").is_file()]


def _move(path: Path, to: Path, taken: str) -> None:
    if os.path.lexists(to):
        raise Refused(409, "run", f"{path.name}: {taken}", "name_taken")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)
        os.utime(to)  # when it was deleted: for the order of the trash
    except OSError as error:
        raise Refused(
            409, "run", f"{path.name}: cannot be moved to {to.parent}: {error.strerror}", "not_moved"
        ) from None


@cache
def _defaults(room: str) -> dict[str, Any]:
    return catalog.config(room)().model_dump()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
