"""Try: answers to inputs, what each part of an input contributes, a whole file answered, and the scores of a run."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from pellucid import catalog
from pellucid.core import contract
from pellucid.core.answering import ERROR, Answering, Predict, line_of
from pellucid.core.card import Card
from pellucid.core.data.inputs import Inputs as Questions
from pellucid.core.errors import UserError
from pellucid.server.studio.looking import checked_input
from pellucid.server.studio.messages import Answers, Evaluation, Influence, Input, Inputs, Maps
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.samples import labels_of
from pellucid.server.studio.state import Studio
from pellucid.server.studio.waiting import while_there

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".txt")
WINDOW = 1024  # rows answered while nobody else may use the system
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet computes a cell that starts with one of these

Row = dict[str, Any]


def router(studio: Studio) -> APIRouter:
    routes = APIRouter()

    @routes.post("/api/rooms/{room}/runs/{run}/predict")
    def predict(room: str, run: str, request: Inputs) -> Answers:
        studio.room(room)
        values = [checked_input(room, value, f"inputs[{i}]") for i, value in enumerate(request.inputs)]
        with studio.system(room, run) as system:
            return Answers(answers=list(system.predict(values)), threshold=system.threshold)

    @routes.post("/api/rooms/{room}/runs/{run}/influence")
    def influence(room: str, run: str, request: Input) -> Influence | Maps | None:
        """None where a room's inputs have no parts whose influence is known."""
        studio.room(room)
        value = checked_input(room, request.input)
        with studio.system(room, run) as system:
            found = system.influence(value)
        if found is None:
            return None
        message = Maps if isinstance(found, contract.Maps) else Influence
        return message.model_validate(asdict(found), strict=False)

    @routes.post("/api/rooms/{room}/runs/{run}/predict-file")
    async def predict_file(
        room: str,
        run: str,
        request: Request,
        filename: Annotated[str, Query(max_length=1000)],
        column: Annotated[str, Query(max_length=1000)] = "",
        encoding: Annotated[str, Query(max_length=100)] = "utf-8",
        form: Annotated[Literal["csv", "jsonl"], Query(alias="as")] = "csv",
        on_bad: Literal["refuse", "skip"] = "refuse",
    ) -> StreamingResponse:
        """Every row of a file answered, its other columns beside; nothing is sent before all are."""
        parts = await run_in_threadpool(columns_of, studio, room, run)
        card = catalog.card(room)

        def ask(values: Sequence[Any]) -> list[Any]:
            with studio.system(room, run) as system:
                return list(system.predict(values))

        folder = tempfile.TemporaryDirectory(prefix="pellucid-", ignore_cleanup_errors=True)
        try:
            file = await received(request, Path(folder.name), filename)
            upload = Upload(file, filename, card, column, parts, encoding)
            await while_there(request, lambda gone: upload.answer(ask, on_bad, gone))
        except BaseException:
            folder.cleanup()
            raise

        def lines() -> Iterator[str]:
            with folder:
                yield from written(upload.rows(), upload.names, form)

        kind = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}[form]
        headers = {"Content-Disposition": f'attachment; filename="predictions.{form}"'}
        headers |= {"X-Rows": str(upload.count), "X-Bad": str(upload.bad)}
        return StreamingResponse(lines(), media_type=kind, headers=headers)

    @routes.post("/api/rooms/{room}/runs/{run}/evaluate")
    def evaluate(room: str, run: str) -> Evaluation:
        """The scores on the test split of the data that the run was trained on."""
        with studio.system(room, run) as system:
            try:
                return Evaluation(split="test", scores=system.evaluate("test"), labels=labels_of(system))
            except UserError as error:  # the request is right, but the data has changed or is gone
                raise Refused(409, "data", str(error), "data") from None

    return routes


def columns_of(studio: Studio, room: str, run: str) -> tuple[str, ...]:
    with studio.system(room, run) as system:
        return system.columns


async def received(request: Request, folder: Path, filename: str) -> Path:
    """The body as a file under a name of ours: of the client's only the suffix is kept, and only one of a list."""
    suffix = PurePath(filename).suffix.lower()
    if suffix not in SUFFIXES:
        raise Refused(422, "filename", f"{suffix or 'no suffix'}: send one of {' '.join(SUFFIXES)}", "suffix", SUFFIXES)
    file = folder / f"upload{suffix}"
    with file.open("wb") as stream:
        async for chunk in request.stream():
            stream.write(chunk)
    return file


class Upload:
    """A file that a user sent, and its answers: kept in a file beside it until all are there."""

    def __init__(self, file: Path, filename: str, card: Card, column: str, parts: Sequence[str], encoding: str):
        self.file, self.card, self.column, self.parts, self.encoding = file, card, column, parts, encoding
        self.shown = "".join(c for c in PurePath(filename).name if c.isprintable())[:100]
        self.names: dict[str, None] = {}
        """The columns of the answers, in their order: those of the input, of the file, of the answer."""
        self.count = self.bad = 0

    def answer(self, ask: Predict, on_bad: Literal["refuse", "skip"], gone: threading.Event) -> None:
        """Refused: 422, with the file's own name and the row."""
        own = dict.fromkeys([*(output.name for output in self.card.outputs), *([ERROR] if on_bad == "skip" else [])])
        try:
            questions = Questions(
                self.card.input, self.file, self.column or None, encoding=self.encoding, files=False, parts=self.parts
            )
            answering = Answering(ask, questions, on_bad, WINDOW)
            with self._kept.open("w", encoding="utf-8", errors="replace") as stream:
                for found in answering:
                    line = line_of(found, self.card, reasons=on_bad == "skip")
                    self.names |= dict.fromkeys(name for name in line if name not in own)
                    stream.write(json_line(line))
                    if gone.is_set():
                        raise UserError("stopped")
        except UserError as error:
            raise Refused(422, "file", str(error).replace(str(self.file), self.shown), "file") from None
        self.names |= own
        self.count, self.bad = answering.count, answering.bad

    def rows(self) -> Iterator[Row]:
        with self._kept.open(encoding="utf-8") as stream:
            yield from map(json.loads, stream)

    @property
    def _kept(self) -> Path:
        return self.file.with_name("answers.jsonl")


def written(rows: Iterator[Row], names: Iterable[str], form: str) -> Iterator[str]:
    """Rows as lines of CSV or JSONL."""
    line: Callable[[Row], str] = csv_line if form == "csv" else json_line
    if form == "csv":
        yield "\ufeff" + csv_line({name: name for name in names})  # without this mark Excel takes UTF-8 for another
    for row in rows:
        yield line({name: row.get(name) for name in names} if form == "csv" else row)


def csv_line(row: Row) -> str:
    """One line; text that a spreadsheet would compute gets an apostrophe before it."""
    line = io.StringIO()
    cells = (f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in row.values())
    csv.writer(line).writerow(cells)
    return line.getvalue()


def json_line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, default=str) + "\n"
