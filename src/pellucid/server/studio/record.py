"""Reading the files of a run folder, which anybody may have written: what does not fit is damaged, and no more.

Only what really lies in the folder is read: a link could lead anywhere.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from pellucid.core import journal
from pellucid.core.process import alive
from pellucid.core.progress import one_line
from pellucid.server.studio.messages import State

QUEUED_BY = "studio"
LARGEST = 1_000_000  # bytes of a run.json
LONGEST = 1000  # bytes of a line of a log, for reading its end


class Host(BaseModel):
    name: str


class Record(BaseModel):
    """What the studio reads of a `run.json`; a file that does not fit is damaged."""

    format: Literal[1]
    room: str
    state: Literal["queued", "training", "done", "interrupted", "failed"]
    config: dict[str, Any]
    host: Host
    pid: int = Field(ge=0, lt=2**31)
    command: str = ""
    started: str | None = None
    parameters: int | None = None
    training: dict[str, Any] | None = None
    data: dict[str, Any] | None = None
    queued_by: str | None = None
    queued_at: float = Field(0.0, allow_inf_nan=False)

    @property
    def now(self) -> State:
        return "died" if self.state == "training" and alive(self.host.name, self.pid) is False else self.state

    @property
    def examples(self) -> list[Any] | None:
        found = (self.data or {}).get("examples")
        return found if isinstance(found, list) and found else None

    @property
    def from_queue(self) -> bool:
        return self.queued_by == QUEUED_BY

    @property
    def over(self) -> bool:
        """Will nothing more be written? A process that is done still says what came of it."""
        return self.now not in ("queued", "training") and not (self.from_queue and alive(self.host.name, self.pid))


def read_record(file: Path) -> Record | str:
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        return "run.json: damaged: too large"
    try:
        return Record.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return one_line(f"run.json: damaged: {'.'.join(map(str, first['loc']))} {first['msg']}")[:300]


def epoch_line(file: Path, number: int | None) -> dict[str, Any]:
    """The line of that epoch; of the newest one where no number is given, or there is no such line."""
    if number is not None:
        for one in journal.read(file):
            if one.get("kind") == "epoch" and one.get("epoch") == number:
                return one
    with file.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        for reach in (min(size, 1 << 16), size):  # most often it stands near the end
            stream.seek(size - reach)
            for text in reversed(stream.read(reach).split(b"\n")):
                if (line := journal.parse(text)) and line.get("kind") == "epoch":
                    return line
    return {}


def read_end(file: Path, most: int | None = None) -> str:
    """The text of a log, or its last bytes; nothing where it is not there, or a link."""
    try:
        if file.is_symlink():
            return ""
        with file.open("rb") as stream:
            if most is not None:
                stream.seek(max(0, stream.seek(0, os.SEEK_END) - most))
            return stream.read().decode(errors="replace")
    except OSError:
        return ""


def last_words(file: Path) -> str | None:
    """The last line of a log that is not empty, without what could steer a terminal."""
    said = [line for line in map(one_line, read_end(file, 10 * LONGEST).split("\n")) if line]
    return said[-1].removeprefix("pellucid: ")[:500] if said else None
