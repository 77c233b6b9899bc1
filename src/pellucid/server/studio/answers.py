"""Try: answers to inputs, what each part of an input contributes, a whole file answered, and the scores of a run."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from pellucid import catalog
from pellucid.core import contract
from pellucid.core.card import Card
from pellucid.core.contract import in_batches
from pellucid.core.data.tables import read_rows
from pellucid.core.errors import UserError
from pellucid.server.studio.looking import checked_input
from pellucid.server.studio.messages import Answers, Evaluation, Influence, Input, Inputs, Maps
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.samples import labels_of
from pellucid.server.studio.state import Studio

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
    ) -> StreamingResponse:
        """Every row of a file answered; all are checked before the first answer leaves."""
        await run_in_threadpool(studio.find, room, run)
        card = catalog.card(room)
        folder = tempfile.TemporaryDirectory(prefix="pellucid-", ignore_cleanup_errors=True)
        try:
            upload = Upload(await received(request, Path(folder.name), filename), filename, card, column, encoding)
            count = await run_in_threadpool(upload.check)
        except BaseException:
            folder.cleanup()
            raise

        def answer() -> Iterator[Row]:
            with folder:
                for values in in_batches(upload.values(), WINDOW):
                    with studio.system(room, run) as system:
                        answers = list(system.predict(values))
                    yield from ({card.input.name: v} | answer for v, answer in zip(values, answers, strict=True))

        kind = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}[form]
        headers = {"Content-Disposition": f'attachment; filename="predictions.{form}"', "X-Rows": str(count)}
        return StreamingResponse(written(answer(), card, form), media_type=kind, headers=headers)

    @routes.post("/api/rooms/{room}/runs/{run}/evaluate")
    def evaluate(room: str, run: str) -> Evaluation:
        """The scores on the test split of the data that the run was trained on."""
        with studio.system(room, run) as system:
            try:
                return Evaluation(split="test", scores=system.evaluate("test"), labels=labels_of(system))
            except UserError as error:  # the request is right, but the data has changed or is gone
                raise Refused(409, "data", str(error), "data") from None

    return routes


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
    """A file that a user sent: its values, one by one. It may be read more than once."""

    def __init__(self, file: Path, filename: str, card: Card, column: str, encoding: str):
        self.file, self.card, self.encoding = file, card, encoding
        self.shown = "".join(c for c in PurePath(filename).name if c.isprintable())[:100]
        self.columns = {card.input.name: column or card.input.name}

    def check(self) -> int:
        """The number of rows. Refused: 422, with the file's own name and the row."""
        try:
            return sum(1 for _ in self.values())
        except UserError as error:
            raise Refused(422, "file", str(error).replace(str(self.file), self.shown), "file") from None

    def values(self) -> Iterator[Any]:
        name = self.card.input.name
        for row in read_rows(self.file, self.columns, encoding=self.encoding):
            try:
                yield self.card.input.check(row.values[name])
            except UserError as error:
                raise UserError(f"{self.file}, line {row.line}: {error}") from None


def written(rows: Iterator[Row], card: Card, form: str) -> Iterator[str]:
    """Rows as lines of CSV or JSONL: the input, then the answer, in the card's order."""
    names = [card.input.name, *(output.name for output in card.outputs)]
    line: Callable[[Row], str] = csv_line if form == "csv" else json_line
    if form == "csv":
        yield "\ufeff" + csv_line({name: name for name in names})  # without this mark Excel takes UTF-8 for another
    for row in rows:
        yield line({name: row[name] for name in names})


def csv_line(row: Row) -> str:
    """One line; text that a spreadsheet would compute gets an apostrophe before it."""
    line = io.StringIO()
    cells = (f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in row.values())
    csv.writer(line).writerow(cells)
    return line.getvalue()


def json_line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
