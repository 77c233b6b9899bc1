"""Rows from a user's own file, one at a time: CSV, TSV, JSON Lines, Parquet or plain text.

`read_rows` finds out what the file is and streams it; what to do with a bad row (refuse or skip) is decided in `Rows`,
in one place for all formats.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pellucid.core.data.lines import Lines
from pellucid.core.data.parsers import BadRow, ParquetRows, Row, csv_rows, json_rows, txt_rows
from pellucid.core.data.unpack import bare
from pellucid.core.errors import UserError, closest, closest_file

FORMATS = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".txt": "txt", ".parquet": "parquet"}
DELIMITERS = {"csv": ",", "tsv": "\t"}
BAD_KEPT = 100  # bad rows remembered one by one; the rest are only counted


class Rows(Iterator[Row]):
    """The rows of one file.

    `bad` holds the first bad rows, `bad_count` counts them all; `done` is the share of the file read so far, 0 to 1.
    """

    def __init__(
        self, path: Path, unit: str, parsed: Generator[Row | BadRow, None, None], on_bad: str, done: Callable[[], float]
    ) -> None:
        self.path = path
        self.bad: list[BadRow] = []
        self.bad_count = 0
        self._unit, self._parsed, self._on_bad, self._done = unit, parsed, on_bad, done
        self._good = False

    def every(self) -> Iterator[Row | BadRow]:
        """Good rows and bad ones in their order, whatever `on_bad` says."""
        return self._parsed

    def place(self, row: Row | BadRow) -> str:
        """Where a row stands, for people: `mine.csv, line 3`."""
        return f"{self.path}, {self._unit} {row.line}"

    def __next__(self) -> Row:
        for row in self._parsed:
            if isinstance(row, Row):
                self._good = True
                return row
            if self._on_bad == "refuse":
                self.close()
                raise UserError(f"{self.place(row)}: {row.reason}")
            self.bad_count += 1
            if len(self.bad) < BAD_KEPT:
                self.bad.append(row)
        if not self._good:
            self._good = True  # asked once more, it simply stops
            raise UserError(f"{self.path}: holds no row that can be used" + (f": {self.report()}" if self.bad else ""))
        raise StopIteration

    @property
    def done(self) -> float:
        return self._done()

    def report(self) -> str:
        """What was skipped, in one line for the user; empty where nothing was."""
        if not self.bad:
            return ""
        rows = "1 row was" if self.bad_count == 1 else f"{self.bad_count:,} rows were"
        return f"{rows} skipped, the first at {self._unit} {self.bad[0].line}: {self.bad[0].reason}"

    def close(self) -> None:
        """Closes the file. Only needed where the rows are not read to their end."""
        self._parsed.close()


def read_rows(
    path: str | Path,
    columns: Mapping[str, str] | Sequence[str],
    *,
    encoding: str = "utf-8",
    quoting: bool = True,
    header: bool | None = None,
    delimiter: str | None = None,
    format: str | None = None,
    on_bad: Literal["refuse", "skip"] = "refuse",
    keep: bool = False,
    fractions: bool = False,
) -> Rows:
    """Streams the rows of a table.

    columns:   which to give, as names or as {your name: the file's name}. Where a CSV or TSV file has no header line
               they are numbers: "1" is the first. A .txt file has one column, whatever its name.
    encoding:  of the text formats, e.g. utf-8 (with or without byte order mark), cp950, big5, utf-16, latin-1.
    quoting:   False where a quote in a CSV or TSV file is an ordinary character.
    header:    whether the first line of a CSV or TSV file names the columns; None: yes, unless all columns are numbers.
    delimiter: between cells, where it is not the format's own.
    format:    csv, tsv, jsonl, txt or parquet, where the file's suffix does not say it. Text may be packed: .gz, .zst.
    on_bad:    "refuse" stops at the first bad row; "skip" leaves it out and counts it in `Rows.bad`.
    keep:      whether each row holds the other columns too, as they are (`Row.rest`).
    fractions: whether a value of JSON Lines or Parquet may be any finite number, given as its JSON spelling.

    Values are text. Whole numbers and true/false (labels often are) come as their JSON spelling; null, NaN, fractions,
    lists, empty and blank cells make a bad row. Blank lines are no rows. What spoils the rest of the file (wrong
    encoding, an unclosed quote, truncated packed or Parquet data) is refused under either policy.

    Errors: UserError, one line with file, line and column.
    """
    path = Path(path)
    wanted = dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns}
    if not wanted or isinstance(columns, str):
        raise ValueError("columns: give at least one name, in a list or a mapping")
    if on_bad not in ("refuse", "skip"):
        raise ValueError(f"on_bad: {on_bad!r} is neither 'refuse' nor 'skip'")
    _check_file(path)
    format = _format(path, format)
    if format == "parquet":
        parquet = ParquetRows(path, wanted, keep, fractions)
        return Rows(path, "row", parquet.rows(), on_bad, lambda: parquet.done)

    lines = Lines(path, encoding)
    if format == "txt":
        parsed = txt_rows(lines, wanted)
    elif format == "jsonl":
        parsed = json_rows(lines, wanted, keep, fractions)
    else:
        delimiter = delimiter or DELIMITERS[format]
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise UserError(f"delimiter: {delimiter!r} is not one character that can stand between cells")
        if header is None:
            header = not all(name.isdecimal() for name in wanted.values())
        parsed = csv_rows(lines, wanted, delimiter, quoting, header, keep)
    return Rows(path, "line", _reading(lines, parsed), on_bad, lambda: lines.done)


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise UserError(f"{path}: is a folder; give one file in it")
        if not path.parent.is_dir():
            raise UserError(f"{path}: there is no folder {path.parent}")
        if not path.exists():
            raise UserError(f"{path}: there is no such file{closest_file(path)}")
        if not path.is_file():
            raise UserError(f"{path}: is not a regular file; save the data to a file first")
        with path.open("rb") as f:
            if not f.read(1):
                raise UserError(f"{path}: is empty")
    except OSError as e:
        raise UserError(f"{path}: cannot be read ({e.strerror or e})") from None


def _format(path: Path, format: str | None) -> str:
    if format is not None:
        if format not in FORMATS.values():
            known = sorted(set(FORMATS.values()))
            raise UserError(f"format: {format!r} is not one of {', '.join(known)}{closest(format, known)}")
        return format
    suffix = bare(path).suffix.lower()
    if suffix in FORMATS:
        return FORMATS[suffix]
    if suffix in (".xlsx", ".xls", ".ods"):
        raise UserError(f"{path}: is a spreadsheet; save it as 'CSV UTF-8' and give that file")
    what = f"the suffix {suffix!r} is not one of" if suffix else "has no suffix of"
    raise UserError(f"{path}: {what} {' '.join(FORMATS)}; rename the file to end in the one that it is")


def _reading(lines: Lines, parsed: Iterator[Row | BadRow]) -> Generator[Row | BadRow, None, None]:
    with lines:
        yield from parsed
