"""Inputs from a user's own file, one by one, each as the card wants it, and with the words that name it to a person.

A text is a cell of a table. A picture is a file that a cell names, from the table's own folder; or a file of a folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pellucid.core.card import Input
from pellucid.core.data.folders import pictures_below
from pellucid.core.data.tables import read_rows
from pellucid.core.errors import UserError


class Inputs(Iterator[tuple[str, Any]]):
    """(words, value) of each input. What is bad is refused, or, with on_bad "skip", left out and counted."""

    def __init__(
        self,
        field: Input,
        file: Path,
        column: str | None = None,
        *,
        encoding: str = "utf-8",
        quoting: bool = True,
        on_bad: Literal["refuse", "skip"] = "refuse",
    ):
        self._field, self._file, self._skip = field, file, on_bad == "skip"
        self._bad = 0
        self._first_bad = ""
        self._folder = field.kind == "picture" and file.is_dir()
        if self._folder:
            self._found = self._of_folder()
            return
        self._column = column or field.name
        self._rows = read_rows(file, {field.name: self._column}, encoding=encoding, quoting=quoting, on_bad=on_bad)
        self._found = self._of_table()

    def __next__(self) -> tuple[str, Any]:
        return next(self._found)

    def report(self) -> str:
        """What was skipped, in one line; empty where nothing was."""
        found = [] if self._folder or not self._rows.report() else [self._rows.report()]
        if self._bad:
            pictures = "1 picture was" if self._bad == 1 else f"{self._bad:,} pictures were"
            found.append(f"{pictures} skipped, the first: {self._first_bad}")
        return "; ".join(found)

    def _of_folder(self) -> Iterator[tuple[str, Any]]:
        files = pictures_below(self._file)
        if not files:
            raise UserError(f"{self._file}: has no PNG, JPEG or WebP picture")
        for path in files:
            try:
                yield path.relative_to(self._file).as_posix(), self._field.read(path)
            except UserError as error:
                self._refuse(str(error))

    def _of_table(self) -> Iterator[tuple[str, Any]]:
        for row in self._rows:
            text = row.values[self._field.name]
            try:
                if self._field.kind == "picture":
                    yield text, self._field.read(text if text.startswith("data:") else self._file.parent / text)
                else:
                    yield text, self._field.check(text)
            except UserError as error:
                self._refuse(f"{self._file}, line {row.line}: {error}")

    def _refuse(self, reason: str) -> None:
        if self._field.kind == "text" or not self._skip:
            raise UserError(reason) from None
        self._bad += 1
        self._first_bad = self._first_bad or reason
