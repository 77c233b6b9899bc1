"""Looking: a trace of one input, left as a file that the browser reads by ranges of bytes; and the map's pictures."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from numpy.typing import NDArray

from pellucid import catalog
from pellucid.core.errors import UserError
from pellucid.core.run import write_beside
from pellucid.server.studio.messages import Check, Looked, LookRequest, Patch, Patches, Picture
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import BUNDLED, ID, Studio

if TYPE_CHECKING:
    from pellucid.look import Trace

MOST_ROWS, MOST_COLUMNS = 24, 48  # of a picture on the map


def router(studio: Studio) -> APIRouter:
    routes = APIRouter()

    @routes.post("/api/rooms/{room}/runs/{run}/look")
    def look(room: str, run: str, request: LookRequest) -> Looked:
        value = checked_input(room, request.input)
        start = time.perf_counter()
        with studio.system(room, run) as system:
            trace = system.look(value, backward=request.backward)
            answer = next(system.predict([value]))
        report = trace.check()
        asked = json.dumps([studio.find(room, run).fingerprint, value, request.backward], ensure_ascii=False)
        file = studio.traces / f"{hashlib.sha256(asked.encode()).hexdigest()[:32]}.safetensors"
        size = trace.save(file)
        studio.forget_old_traces()
        return Looked(
            url=f"/api/traces/{file.stem}",
            bytes=size,
            check=Check.model_validate(report.summary()),
            answer=answer,
            milliseconds=round(1000 * (time.perf_counter() - start), 1),
        )

    @routes.get("/api/rooms/{room}/runs/{run}/patches")
    def patches(
        room: str, run: str, node: Annotated[str, Query(max_length=1000)], channel: Annotated[int, Query(ge=0)]
    ) -> Patches:
        """Where in the data a channel of a node responds most."""
        with studio.system(room, run) as system:
            try:
                found = system.patches(node, channel)
            except UserError as error:  # the data has changed or is gone
                raise Refused(409, "data", str(error), "data") from None
        return Patches(patches=None if found is None else [Patch(**asdict(each)) for each in found])

    @routes.get("/api/traces/{name}")
    def trace(name: str) -> FileResponse:
        """The file; `Range: bytes=…` gives a part of it."""
        file = studio.traces / f"{name}.safetensors"
        if not ID.fullmatch(name) or not file.is_file():
            raise Refused(404, "trace", "this trace is gone; look again", "no_trace")
        return FileResponse(
            file, media_type="application/octet-stream", filename="trace.safetensors",
            headers={"Cache-Control": "private, max-age=3600"},
        )  # fmt: skip

    @routes.get("/api/rooms/{room}/picture")
    def picture(room: str) -> Picture:
        bundled = studio.find(room, BUNDLED)
        kept = studio.own / "pictures" / f"{room}-{bundled.fingerprint[:16]}.json"
        try:
            return Picture.model_validate_json(kept.read_bytes())
        except (OSError, ValueError):
            pass
        examples = catalog.card(room).input.examples
        with studio.system(room, BUNDLED) as system:
            found = small_picture(system.look(examples[0] if examples else ""))
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_beside(kept, found.model_dump_json().encode())
        return found

    return routes


def checked_input(room: str, value: Any, field: str = "input") -> Any:
    """The value as the room's card wants it. Refused: 422."""
    try:
        return catalog.card(room).input.check(value)
    except UserError as error:
        raise Refused(422, field, str(error), "input") from None


def small_picture(trace: Trace) -> Picture:
    """The numbers of the node that the trace names in `meta["picture"]` (all its steps), few enough for a card."""
    name = trace.meta["picture"]
    numbers = np.squeeze(trace.series(name)).astype(float)
    if numbers.ndim == 3 and (trace.value(trace.steps(name)[0]).axes or ())[-2:] == ("row", "column"):
        return Picture(name=name, rows=np.round(side_by_side(numbers), 4).tolist(), signed=bool((numbers < 0).any()))
    rows = np.atleast_2d(numbers.reshape(numbers.shape[0], -1) if numbers.ndim > 2 else numbers).T
    rows = rows[:MOST_ROWS, :MOST_COLUMNS]
    return Picture(name=name, rows=np.round(rows, 4).tolist(), signed=bool((rows < 0).any()))


def side_by_side(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Feature maps [C, H, W] beside each other with a gap, as many as have room, made small enough for a card."""
    step = -(-maps.shape[1] // MOST_ROWS)  # of so many rows and columns one is shown
    small = maps[:, ::step, ::step]
    wide = small.shape[2] + 1
    count = max(1, min(len(small), (MOST_COLUMNS + 1) // wide))
    strongest = np.sort(np.argsort(-np.abs(small).sum(axis=(1, 2)), kind="stable")[:count])
    tiles = np.pad(small[strongest], ((0, 0), (0, 0), (0, 1)))
    return np.concatenate(list(tiles), axis=1)[:, : min(count * wide - 1, MOST_COLUMNS)]
