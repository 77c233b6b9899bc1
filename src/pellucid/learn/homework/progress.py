"""What a learner has passed and how often they tried, in a file of their home folder."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pellucid.core.card import Words
from pellucid.core.errors import UserError
from pellucid.core.run import write_beside
from pellucid.learn.homework.check import Result
from pellucid.learn.homework.exercise import Exercise


def home() -> Path:
    """$PELLUCID_HOME, else ~/.pellucid."""
    return Path(os.environ.get("PELLUCID_HOME") or "~/.pellucid").expanduser()


class Progress:
    """`homework.json`: homework → exercise → {"passed", "points", "failures", "solution_seen"}."""

    def __init__(self, folder: Path | None = None):
        self.file = (folder or home()) / "homework.json"

    def of(self, homework: str, exercise: str) -> dict[str, Any]:
        kept = self._read().get(homework, {})
        found = kept.get(exercise, {}) if isinstance(kept, dict) else {}
        return found if isinstance(found, dict) else {}

    def done(self, homework: str, exercises: Iterable[Exercise]) -> int:
        """How many of these are passed."""
        return sum(self.of(homework, exercise.name).get("passed") is True for exercise in exercises)

    def hint(self, homework: str, exercise: Exercise) -> Words | None:
        """The hint that is due: the next one after each failure, the last one from then on."""
        failures = self.of(homework, exercise.name).get("failures", 0)
        if not exercise.hints or not isinstance(failures, int) or failures < 1:
            return None
        return exercise.hints[min(failures, len(exercise.hints)) - 1]

    def record(self, results: Iterable[Result]) -> None:
        """What passed stays passed; a failure brings the next hint nearer."""
        changes = []
        for result in results:
            before = self.of(result.homework, result.exercise)
            if result.status == "passed":
                now = {"passed": True, "points": result.of, "when": time.strftime("%Y-%m-%dT%H:%M:%S%z")}
                changes.append((result.homework, result.exercise, {} if before.get("passed") is True else now))
            elif result.status == "failed":
                failures = before.get("failures", 0)
                changes.append((result.homework, result.exercise, {"failures": failures + 1}))
        self._change(changes)

    def saw_solution(self, homework: str, exercise: str) -> None:
        """Asked for before it was passed: that is allowed, and recorded."""
        self._change([(homework, exercise, {"solution_seen": True})])

    def _change(self, changes: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.file.with_suffix(".lock"), timeout=10):
                kept = self._read()
                for homework, exercise, more in changes:
                    room = kept.get(homework)
                    kept[homework] = room = room if isinstance(room, dict) else {}
                    before = room.get(exercise)
                    room[exercise] = (before if isinstance(before, dict) else {}) | more
                write_beside(self.file, json.dumps(kept, ensure_ascii=False, indent=1).encode())
        except (OSError, Timeout) as error:
            reason = getattr(error, "strerror", None) or "another check holds it"
            raise UserError(
                f"{self.file}: progress cannot be kept: {reason}; set PELLUCID_HOME to a folder of yours"
            ) from None

    def _read(self) -> dict[str, Any]:
        """A damaged file counts as none: no progress is worth a checker that does not start."""
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}
