"""A block: some megabytes of neighbouring text from one file, or of rows, cut into documents where it is tokenised.

The one reader of a corpus only reads, unpacks and decodes; what costs time happens in many processes, a block each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

BLOCK = 4_000_000  # characters: the usual size of a block, and the longest document
BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")  # what stands between two paragraphs


class Document(NamedTuple):
    name: str
    text: str
    where: str
    """Its place in the file, for people: `line 17`; empty where it is the whole file."""


@dataclass(frozen=True)
class Text:
    """Whole lines of a plain text file, ended by "\\n". Or, where `split` is "file", its whole content."""

    file: str
    text: str
    split: str
    first: int = 1
    """The number of its first line."""
    part: int = 1
    """Above 1 where it goes on within a document that was too long for one block."""

    @property
    def size(self) -> int:
        return len(self.text)

    def documents(self) -> Iterator[Document]:
        for line, text in self._pieces():
            yield Document(self._name(line), text, self._where(line))

    def named(self) -> tuple[list[str], list[str]]:
        """The names and the texts of the documents: all that tokenising needs."""
        pieces = list(self._pieces())
        return [self._name(line) for line, _ in pieces], [text for _, text in pieces]

    def _name(self, line: int) -> str:
        if self.part > 1 and line == self.first:
            return self.file + (f":{line}" if self.split != "file" else "") + f" ({self.part})"
        return self.file if self.split == "file" else f"{self.file}:{line}"

    def _where(self, line: int) -> str:
        part = f"part {self.part}" if self.part > 1 and line == self.first else ""
        return part if self.split == "file" else f"line {line}, {part}" if part else f"line {line}"

    def _pieces(self) -> Iterator[tuple[int, str]]:
        """Each document's first line and its text, blank ones left out."""
        pieces: Iterator[tuple[int, str]]
        if self.split == "line":
            pieces = enumerate(self.text.split("\n"), start=self.first)
        elif self.split == "paragraph":
            pieces = self._paragraphs()
        else:
            pieces = iter([(self.first, self.text)])
        return ((line, text) for line, text in pieces if text and not text.isspace())

    def _paragraphs(self) -> Iterator[tuple[int, str]]:
        line, start = self.first, 0
        for gap in BLANK.finditer(self.text + "\n\n"):
            text = self.text[start : gap.start()]
            body = text.lstrip("\n")
            yield line + len(text) - len(body), body
            line += self.text.count("\n", start, gap.end())
            start = gap.end()


@dataclass(frozen=True)
class Rows:
    """Documents that are ready: rows of a table, small files of a folder, what is left of a block with bad lines."""

    ready: list[Document] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(document.text) for document in self.ready)

    def documents(self) -> Iterator[Document]:
        return iter(self.ready)

    def named(self) -> tuple[list[str], list[str]]:
        return [document.name for document in self.ready], [document.text for document in self.ready]


Block = Text | Rows
