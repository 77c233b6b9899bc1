"""What each file format calls a row. One generator a format; each yields a `Row` or a `BadRow` and has no policy.

CSV goes through the standard library because it streams and knows the line of a bad row; Parquet through polars, a
slice at a time. What spoils the rest of the file (an unclosed quote, damaged Parquet data) raises.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pellucid.core.data.lines import LONGEST, Lines
from pellucid.core.errors import UserError, closest

SLICE = 65_536  # Parquet rows in memory at a time


class Row(NamedTuple):
    line: int  # 1-based line in the file where the row starts; in Parquet the row's number
    values: dict[str, str]
    rest: Mapping[str, Any] = {}  # the other columns as they are, where they were asked for


class BadRow(NamedTuple):
    line: int
    reason: str
    rest: Mapping[str, Any] = {}  # as far as they can be told apart


def txt_rows(lines: Lines, wanted: dict[str, str]) -> Iterator[Row | BadRow]:
    if len(wanted) > 1:
        raise UserError(f"{lines.path}: a text file has one column, not {len(wanted)} ({', '.join(wanted)})")
    (name,) = wanted
    for line in lines:
        if lines.nul == lines.number:
            yield BadRow(lines.number, _NUL)
        elif not line.isspace():
            yield Row(lines.number, {name: line.rstrip("\r\n")})


def json_rows(
    lines: Lines, wanted: dict[str, str], keep: bool = False, fractions: bool = False
) -> Iterator[Row | BadRow]:
    for line in lines:
        if line.isspace():
            continue
        try:
            record = json.loads(line.rstrip("\r\n"))
        except json.JSONDecodeError as e:
            yield BadRow(
                lines.number, f"not valid JSON: {e.msg} at column {e.colno}; one whole object a line is needed"
            )
        except RecursionError:
            yield BadRow(lines.number, "JSON with lists or objects nested too deeply")
        except ValueError:
            yield BadRow(lines.number, "JSON with a number of too many digits")
        else:
            if isinstance(record, dict):
                escapes = "\\ud" in line or "\\uD" in line
                rest = _others(record, wanted) if keep else {}
                yield _row(lines.number, wanted, record, escapes, rest, fractions)
            else:
                yield BadRow(lines.number, f"{_kind(record)}, not an object as {{{json.dumps(next(iter(wanted)))}: …}}")


def csv_rows(
    lines: Lines, wanted: dict[str, str], delimiter: str, quoting: bool, header: bool, keep: bool = False
) -> Iterator[Row | BadRow]:
    record: list[str] = []  # the lines of the row that is being read

    def recorded() -> Iterator[str]:
        for line in lines:
            record.append(line)
            yield line

    csv.field_size_limit(max(LONGEST, csv.field_size_limit()))  # one setting for the whole process: never lowered
    quotes: Literal[0, 3] = csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE
    reader = csv.reader(recorded(), delimiter=delimiter, quoting=quotes, strict=True)
    places: dict[str, int] | None = None  # wanted name -> position, known from the first row on
    names: list[str] = []  # of the columns that are kept beside the wanted ones; empty of the others
    width, counted = 0, ""
    while True:
        record.clear()
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as e:
            reason = _quote_error(e, lines, start, record, delimiter)
            if places is None:
                raise UserError(f"{lines.path}, line {start}: {reason}") from None
            yield BadRow(start, reason)
            continue
        if lines.nul >= start:
            if places is None:
                raise UserError(f"{lines.path}, line {start}: {_NUL}")
            yield BadRow(start, _NUL)
            continue
        if cells != [""] and not any(map(str.strip, cells)):
            continue  # a blank line, or only delimiters, as spreadsheets leave at the end
        if places is None:
            width, counted = len(cells), "the header" if header else f"line {start}"
            places = _places(lines.path, wanted, [c.strip() for c in cells], header, delimiter)
            names = _kept_names(cells, set(places.values()), header) if keep else []
            if header:
                continue
        if len(cells) != width:
            many = "an unquoted delimiter in a cell?" if len(cells) > width else "a line broken in two?"
            yield BadRow(start, f"{len(cells)} {_cells(len(cells))} where {counted} has {width} ({many})")
        else:
            rest = {name: cell for name, cell in zip(names, cells, strict=False) if name}
            yield _row(start, wanted, {wanted[name]: cells[place] for name, place in places.items()}, rest=rest)


def _kept_names(cells: Sequence[str], wanted: set[int], header: bool) -> list[str]:
    """What the other columns are called: by the header, else by number. Two of one name are told apart."""
    names: list[str] = []
    for place, cell in enumerate(cells):
        name = (cell.strip() if header else "") or str(place + 1)
        while name in names:
            name = f"{name} ({place + 1})"
        names.append("" if place in wanted else name)
    return names


def _others(record: Mapping[str, Any], wanted: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in wanted.values()}


def _places(path: Path, wanted: dict[str, str], cells: list[str], header: bool, delimiter: str) -> dict[str, int]:
    """Where in a row each wanted column stands, by its name in the header or by its number."""
    places = {}
    for name, column in wanted.items():
        if header and cells.count(column) > 1:
            raise UserError(f"{path}: the header names {column!r} {cells.count(column)} times; rename one")
        if header and column in cells:
            places[name] = cells.index(column)
        elif column.isdecimal() and 1 <= int(column) <= len(cells):
            places[name] = int(column) - 1
        elif not header:
            raise UserError(
                f"{path}: without a header line the column {name!r} is a number from 1 to {len(cells)}, not {column!r}"
            )
        else:
            other = next((d for d in ",;\t|" if len(cells) == 1 and d != delimiter and d in cells[0]), "")
            hint = f"; are the cells separated by {other!r}?" if other else closest(column, cells)
            hint = hint or "; without a header line give columns by number, 1 for the first"
            raise UserError(f"{path}: no column {column!r} among {_listed(cells)}{hint}")
    return places


def _quote_error(error: csv.Error, lines: Lines, start: int, record: list[str], delimiter: str) -> str:
    """The reason why a row cannot be cut into cells. Raises where the quote swallows all that follows."""
    opened = start + _quote_line(record, delimiter)
    what = f"{lines.path}, line {opened}: the quote that opens here"
    if "unexpected end" in str(error):
        raise UserError(f"{what} is never closed; where quotes are ordinary characters, use --no-quoting") from None
    if "field limit" in str(error):
        raise UserError(f"{what} is not closed within {LONGEST:,} characters; is one missing?") from None
    if "expected after" in str(error):
        where = f"at line {lines.number}" if lines.number > opened else "in the same line"
        return f"a quote that opens at line {opened} closes {where} before the cell ends; inside a cell, double it"
    return str(error)


def _quote_line(record: list[str], delimiter: str) -> int:
    """Which of a row's lines (0 for the first) holds the last quote that opens a cell."""
    text = "".join(record)
    opened = 0
    for cell in re.finditer(rf'(?:\A|(?<=[{re.escape(delimiter)}\r\n]))"(?:[^"]+|"")*+"?', text):
        opened = cell.start()
    return len(re.findall("\r\n|\r|\n", text[:opened]))


class ParquetRows:
    def __init__(self, path: Path, wanted: dict[str, str], keep: bool = False, fractions: bool = False) -> None:
        self.path, self.wanted, self.keep, self.fractions, self.done = path, wanted, keep, fractions, 0.0

    def rows(self) -> Generator[Row | BadRow, None, None]:
        import polars as pl

        broken = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
        with self.path.open("rb") as f:
            start = f.read(4)
            f.seek(max(0, f.seek(0, 2) - 4))
            if start == b"PAR1" and f.read() != b"PAR1":
                raise UserError(
                    f"{self.path}: the Parquet data end too early, at byte {f.tell():,}: copy the file again"
                )
            if start != b"PAR1":
                raise UserError(f"{self.path}: is not Parquet data (it begins with {start!r})")
        first = 0
        try:
            table = pl.scan_parquet(self.path, glob=False)
            names = table.collect_schema().names()
            for column in self.wanted.values():
                if column not in names:
                    raise UserError(f"{self.path}: no column {column!r} among {_listed(names)}{closest(column, names)}")
            total = int(table.select(pl.len()).collect().item())
            chosen = names if self.keep else list(dict.fromkeys(self.wanted.values()))
            for first in range(0, total, SLICE):
                part = table.select(chosen).slice(first, SLICE).collect()
                for at, record in enumerate(part.iter_rows(named=True), start=first + 1):
                    rest = _others(record, self.wanted) if self.keep else {}
                    yield _row(at, self.wanted, record, rest=rest, fractions=self.fractions)
                self.done = (first + part.height) / total
        except broken as e:
            reason = (str(e).strip().splitlines() or [type(e).__name__])[0]
            raise UserError(f"{self.path}: the Parquet data are damaged after row {first} ({reason})") from None
        self.done = 1.0


_NUL = "a NUL character; a binary file, or UTF-16 text (then use --encoding utf-16-le)"


def _row(
    line: int, wanted: dict[str, str], record: Mapping[str, Any], escapes: bool = False, rest: Mapping[str, Any] = {},
    fractions: bool = False,
) -> Row | BadRow:  # fmt: skip
    """The wanted values of a record as text, or why they are none. fractions: whether one may be any number."""
    values = {}
    for name, column in wanted.items():
        value = record.get(column, _MISSING)
        if type(value) is not str:
            if value is _MISSING:
                return BadRow(line, f"no {column!r} among {_listed(list(record))}{closest(column, record)}", rest)
            if not isinstance(value, int) and not (fractions and isinstance(value, float) and math.isfinite(value)):
                return BadRow(line, f"{column!r} is {_kind(value)}, not text", rest)
            value = json.dumps(value)
        elif not value or value.isspace():
            return BadRow(line, f"{column!r} is empty", rest)
        elif escapes and re.search("[\ud800-\udfff]", value):
            reason = f"{column!r} holds half a surrogate pair (\\ud800 to \\udfff), which is no character"
            return BadRow(line, reason, rest)
        values[name] = value
    return Row(line, values, rest)


_MISSING = object()


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else f"the number {value!r}"
    if isinstance(value, int):
        return f"the number {value}"
    kinds: dict[type, str] = {list: "a list", dict: "an object", str: "a string", bytes: "bytes"}
    return kinds.get(type(value), type(value).__name__)


def _listed(names: Sequence[str]) -> str:
    short = [name if len(name) <= 30 else name[:29] + "…" for name in map(str, names[:12])]
    return ", ".join(map(repr, short)) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _cells(n: int) -> str:
    return "cell" if n == 1 else "cells"
