"""Pictures over HTTP: maps of influence, what a channel responds to, the card of the map of the course."""

from __future__ import annotations

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import JSONResponse

from pellucid import api, catalog
from pellucid.core.data.pictures import decode
from pellucid.core.errors import UserError
from pellucid.server.studio import answers, looking
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio

RUN = "/api/rooms/image_classifier/runs/bundled"
PICTURE = catalog.card("image_classifier").input.examples[0]


@pytest.fixture(scope="module")
def bundled():
    return api.find("image_classifier", runs="there/is/no/such/folder")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    studio = Studio(tmp_path_factory.mktemp("studio") / "runs")
    app = FastAPI()
    app.include_router(answers.router(studio))
    app.include_router(looking.router(studio))

    async def refused(request: Request, error: Refused) -> JSONResponse:
        return JSONResponse(error.body(), error.status)

    app.add_exception_handler(Refused, refused)
    yield TestClient(app)
    studio.close()


def test_influence_of_a_picture_is_maps_of_its_size(client, bundled):
    found = client.post(f"{RUN}/influence", json={"input": PICTURE}).json()
    own = bundled.system.influence(PICTURE)
    assert found["kind"] == "maps" and (found["height"], found["width"]) == (28, 28)
    assert found["score"] == own.score
    assert [each["name"] for each in found["maps"]] == [each.name for each in own.maps]
    for said, each in zip(found["maps"], own.maps, strict=True):
        assert said["values"] == [list(row) for row in each.values]
        assert said["signed"] == each.signed and said["about"]["zh-TW"] == each.about["zh-TW"]


def test_influence_of_a_text_is_of_its_parts(client):
    found = client.post("/api/rooms/spam_detector/runs/bundled/influence", json={"input": "win a prize"}).json()
    assert found["kind"] == "parts" and len(found["parts"]) == len(found["occlusion"])


def test_patches_are_those_of_the_system(client, bundled):
    found = client.get(f"{RUN}/patches", params={"node": "relu1", "channel": 2}).json()["patches"]
    own = bundled.system.patches("relu1", 2)
    assert len(found) == 9
    for said, each in zip(found, own, strict=True):
        assert (said["row"], said["column"], said["height"], said["width"]) == (each.row, each.column, 3, 3)
        assert said["value"] == pytest.approx(each.value, rel=1e-6)
        assert said["target"] in bundled.system.codec.labels
        assert decode(said["picture"]).shape == (28, 28)


def test_what_has_no_patches_says_so_and_what_is_wrong_is_refused(client, monkeypatch):
    for node, channel in (("relu1", 1000), ("no such node", 0)):
        assert client.get(f"{RUN}/patches", params={"node": node, "channel": channel}).json() == {"patches": None}
    spam = "/api/rooms/spam_detector/runs/bundled/patches?node=pooled&channel=0"
    assert client.get(spam).json() == {"patches": None}
    assert client.get(f"{RUN}/patches?node=relu1&channel=-1").status_code == 422
    assert client.get(f"{RUN}/patches?channel=0").status_code == 422
    assert client.get(f"{RUN.replace('bundled', 'nothing')}/patches?node=relu1&channel=0").status_code == 404

    def gone(self, node, channel):
        raise UserError("the data has changed")

    monkeypatch.setattr(catalog.load("image_classifier"), "patches", gone)
    refused = client.get(f"{RUN}/patches?node=relu1&channel=0")
    assert (refused.status_code, refused.json()["detail"][0]["code"]) == (409, "data")


def test_the_card_on_the_map_shows_feature_maps_beside_each_other(client, bundled):
    found = client.get("/api/rooms/image_classifier/picture").json()
    rows = np.array(found["rows"])
    maps = bundled.look(PICTURE).series(found["name"])[0, 0]
    assert rows.shape[0] <= looking.MOST_ROWS and rows.shape[1] <= looking.MOST_COLUMNS
    wide = 14 if maps.shape[-1] == 28 else maps.shape[-1]
    first, second = rows[:, :wide], rows[:, wide + 1 : 2 * wide + 1]
    assert not rows[:, wide].any()  # the gap
    small = np.round(maps[:, :: 28 // wide, :: 28 // wide], 4)
    places = [next(n for n, each in enumerate(small) if np.allclose(each, tile)) for tile in (first, second)]
    assert places == sorted(places) and first.any() and second.any()
