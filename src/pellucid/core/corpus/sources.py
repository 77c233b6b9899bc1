"""The documents of a source, whatever it is: plain text, a table, either of them packed, or a folder of such files.

Memory does not grow with the source: at most a block of text (`blocks.BLOCK` characters) is held at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pellucid.core.corpus.blocks import BLOCK, Block, Document, Rows
from pellucid.core.corpus.plain import plain_blocks
from pellucid.core.corpus.reading import Reading
from pellucid.core.data.lines import Damaged
from pellucid.core.data.tables import FORMATS, read_rows
from pellucid.core.data.unpack import bare
from pellucid.core.errors import UserError, closest_file

TABLES = {suffix for suffix, format in FORMATS.items() if format != "txt"}
KEPT = 100  # bad documents remembered one by one; the rest are only counted


def documents(source: str | Path, reading: Reading) -> Iterator[Document]:
    """Every document of a file or folder, in order; of a folder, in the order of the files' names.

    Errors: UserError, one line that names the file and the place; with `on_bad="skip"` only where nothing is left.
    """
    for blocks in Source(Path(source), reading).batches():
        for block in blocks:
            yield from block.documents()


class Source:
    """A source that is read once, from front to end. `done` is the share read so far, 0 to 1; `report()` tells what
    was left out."""

    def __init__(self, path: Path, reading: Reading) -> None:
        self.path, self.reading = path, reading
        self.folder = path.is_dir()
        self.files = files_below(path)
        self.bad: list[str] = []
        self.bad_count = 0
        self._sizes = [file.stat().st_size for file in self.files]
        self._before, self._share, self._size = 0, 0.0, 0

    @property
    def bytes(self) -> int:
        return sum(self._sizes)

    @property
    def done(self) -> float:
        return (self._before + self._share * self._size) / max(1, self.bytes)

    def batches(self) -> Iterator[list[Block]]:
        """Neighbouring blocks, together about a block's size: what is tokenised in one go."""
        batch: list[Block] = []
        held = 0
        for block in self._blocks():
            if batch and held + block.size > BLOCK:
                yield batch
                batch, held = [], 0
            batch.append(block)
            held += block.size
        if batch:
            yield batch

    def _blocks(self) -> Iterator[Block]:
        """The blocks of one file after the other."""
        for file, size in zip(self.files, self._sizes, strict=True):
            self._size, self._share = size, 0.0
            try:
                yield from self._table(file) if bare(file).suffix.lower() in TABLES else self._plain(file)
            except Damaged as error:
                if self.reading.on_bad == "refuse":
                    raise UserError(f"{error}, or keep what is whole: on_bad=skip") from None
                self.skip(str(error))
            except UserError as error:
                if self.reading.on_bad == "refuse" or not self.folder:
                    raise
                self.skip(str(error))
            except OSError as error:
                raise UserError(f"{file}: cannot be read ({error.strerror or error})") from None
            self._before += size
        self._size = 0

    def _plain(self, file: Path) -> Iterator[Block]:
        split = self.reading.split
        if split == "auto":
            split = "file" if self.folder else "line"
        for block, share in plain_blocks(file, self._name(file), split, self.reading, self.skip):
            self._share = share
            yield block

    def _table(self, file: Path) -> Iterator[Block]:
        columns = {"text": self.reading.column} | (
            {"name": self.reading.name_column} if self.reading.name_column else {}
        )
        rows = read_rows(file, columns, encoding=self.reading.encoding, on_bad=self.reading.on_bad)
        unit = "row" if bare(file).suffix.lower() == ".parquet" else "line"
        name, ready, held = self._name(file), list[Document](), 0
        try:
            for line, values, _ in rows:
                text = values["text"].replace("\0", " ")
                own = values.get("name", "").replace("\0", " ")
                ready.append(Document(own or f"{name}:{line}", text, f"{unit} {line}"))
                held += len(text)
                if held >= BLOCK // 8:
                    self._share = rows.done
                    yield Rows(ready)
                    ready, held = [], 0
        except Damaged:
            yield Rows(ready)
            raise
        finally:
            self.bad += [f"{file}, {unit} {bad.line}: {bad.reason}" for bad in rows.bad[: KEPT - len(self.bad)]]
            self.bad_count += rows.bad_count
        yield Rows(ready)

    def _name(self, file: Path) -> str:
        name = file.relative_to(self.path).as_posix() if self.folder else file.name
        return name.encode("utf-8", "replace").decode()  # a name on disk may be no text

    def skip(self, reason: str) -> None:
        self.bad_count += 1
        if len(self.bad) < KEPT:
            self.bad.append(reason)

    def report(self) -> str:
        """What was left out, in one line; empty where nothing was."""
        if not self.bad_count:
            return ""
        parts = "1 part was" if self.bad_count == 1 else f"{self.bad_count:,} parts were"
        return f"{parts} left out, the first: {self.bad[0]}"


def files_below(path: Path) -> list[Path]:
    """The file itself, or all files in a folder and its folders, without hidden ones, in the order of their names."""
    try:
        if path.is_file():
            return [path]
        if not path.is_dir():
            raise UserError(f"{path}: there is no such file or folder{closest_file(path)}")
        found = []
        for root, folders, names in os.walk(path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found += [Path(root, name) for name in names if not name.startswith(".")]
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from None
    found = [file for file in found if file.is_file()]
    if not found:
        raise UserError(f"{path}: is a folder without files")
    return sorted(found, key=lambda file: file.relative_to(path).as_posix())
