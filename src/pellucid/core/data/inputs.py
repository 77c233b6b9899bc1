"""Questions from a user's own file, one by one: each input as the card wants it, with the words that name it to a
person and whatever else its row holds. What is wrong with one is said with it; what becomes of it, others decide.

A text is a cell of a table, or several cells by name (`size = 120, rooms = 3`). A picture is a file that a cell names,
from the table's own folder; or a file of a folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pellucid.core.card import Input
from pellucid.core.data.folders import pictures_below
from pellucid.core.data.parsers import BadRow
from pellucid.core.data.tables import read_rows
from pellucid.core.errors import UserError


@dataclass(frozen=True)
class Question:
    """One input of a file. `wrong`: why it can be none; its value is then None."""

    shown: str
    value: Any
    place: str = ""
    """Where it stands, for people: `mine.csv, line 3`; empty where the message says it."""
    wrong: str = ""
    rest: Mapping[str, Any] = field(default_factory=dict)
    """The other columns of its row."""


class Inputs(Iterator[Question]):
    """All questions of a file, good and bad, in their order. `done` is the share that is read."""

    def __init__(
        self, kind: Input, file: Path, column: str | None = None, *, encoding: str = "utf-8", quoting: bool = True,
        files: bool = True, parts: Sequence[str] = (),
    ):  # fmt: skip
        """files: whether a table may name pictures on this disk, or only hold them. parts: the columns that are one
        input together (`System.columns`), where no one column holds it whole."""
        self._input, self._file, self._files, self.done = kind, file, files, 0.0
        if kind.kind == "picture" and file.is_dir():
            self._found = self._of_folder()
            return
        self._parts = () if column else tuple(parts)
        columns = {name: name for name in self._parts} or {kind.name: column or kind.name}
        self._rows = read_rows(
            file, columns, encoding=encoding, quoting=quoting, keep=True, fractions=bool(self._parts)
        )
        self._found = self._of_table()

    def __next__(self) -> Question:
        return next(self._found)

    def _of_folder(self) -> Iterator[Question]:
        files = pictures_below(self._file)
        if not files:
            raise UserError(f"{self._file}: has no PNG, JPEG or WebP picture")
        for n, path in enumerate(files, start=1):
            shown = path.relative_to(self._file).as_posix()
            try:
                yield Question(shown, self._input.read(path))
            except UserError as error:
                yield Question(shown, None, wrong=str(error))
            self.done = n / len(files)

    def _of_table(self) -> Iterator[Question]:
        row = None
        for row in self._rows.every():
            self.done, place = self._rows.done, self._rows.place(row)
            if isinstance(row, BadRow):
                yield Question("", None, place, row.reason, row.rest)
                continue
            text, rest = self._text(row.values), {**(row.values if self._parts else {}), **row.rest}
            try:
                yield Question(text, self._read(text), place, rest=rest)
            except UserError as error:
                yield Question(text, None, place, str(error), rest)
        if row is None:
            raise UserError(f"{self._file}: holds no row that can be used")

    def _text(self, values: Mapping[str, str]) -> str:
        if self._parts:
            return ", ".join(f"{name} = {value.strip()}" for name, value in values.items())
        return values[self._input.name]

    def _read(self, text: str) -> Any:
        if self._input.kind == "picture" and self._files:
            return self._input.read(text if text.startswith("data:") else self._file.parent / text)
        return self._input.check(text)
