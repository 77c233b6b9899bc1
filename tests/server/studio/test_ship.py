"""Ship over HTTP: a bundle made in a process of its own, what is said of it, and that nothing else can be read."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import time
import zipfile

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import JSONResponse

from pellucid import api
from pellucid.server.studio import ship
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio

RUN = "/api/rooms/spam_detector/runs/bundled"


def client_of(runs) -> TestClient:
    app = FastAPI()
    app.include_router(ship.router(Studio(runs)))

    async def refused(request: Request, error: Refused) -> JSONResponse:
        return JSONResponse(error.body(), error.status)

    app.add_exception_handler(Refused, refused)
    return TestClient(app)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A client, the folder of runs, and what the page saw while the bundled run was exported to ONNX there."""
    runs = tmp_path_factory.mktemp("runs")
    client = client_of(runs)
    before = client.get(f"{RUN}/exports").json()
    started = client.post(f"{RUN}/exports", json={"name": "onnx"})
    second = client.post(f"{RUN}/exports", json={"name": "onnx"})
    return client, runs, {"before": before, "started": started, "second": second, "done": finished(client, "onnx")}


def finished(client, name: str, path: str = RUN) -> dict:
    """The export, as soon as its process has ended."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        found = {export["name"]: export for export in client.get(f"{path}/exports").json()["exports"]}
        if found[name]["state"] != "working":
            return found[name]
        time.sleep(0.1)
    raise AssertionError("still working")


def test_all_run_times_are_named_and_nothing_is_there_at_first(made):
    before = made[2]["before"]
    assert [runtime["name"] for runtime in before["runtimes"]] == ["onnx", "litert", "litert-dynamic", "litert-static"]
    assert before["runtimes"][0]["available"] is True
    assert before["exports"] == []


def test_an_export_is_started_and_seen_at_work(made):
    started = made[2]["started"]
    assert started.status_code == 202
    assert started.json()["state"] == "working"
    assert started.json()["info"] is None


def test_one_is_made_at_a_time(made):
    second = made[2]["second"]
    assert second.status_code == 409
    (problem,) = second.json()["detail"]
    assert (problem["field"], problem["code"]) == ("name", "export_working")
    assert "onnx of bundled" in problem["message"]


def test_the_finished_bundle_is_described(made):
    _, runs, seen = made
    done = seen["done"]
    folder = runs / "spam_detector" / "bundled" / "exports" / "onnx"
    assert done["state"] == "done", done["log"]
    assert any("largest difference" in line for line in done["log"])
    assert done["files"] == ["README.md", "PARITY.txt", "bundle.json", "codec.js", "model.onnx"]
    assert done["bytes"] == sum(file.stat().st_size for file in folder.iterdir())
    assert done["folder"] == str(folder)
    assert done["parity"] == (folder / "PARITY.txt").read_text(encoding="utf-8")
    assert "codec" not in done["info"] and "vocabulary" not in json.dumps(done["info"])
    assert done["info"]["parity"]["largest_difference"] <= 1e-5
    assert done["info"]["scores"]["trained"]["accuracy"] == pytest.approx(done["info"]["scores"]["shipped"]["accuracy"])


def test_the_snippets_are_those_of_the_bundles_readme(made):
    _, runs, seen = made
    snippets = seen["done"]["snippets"]
    text = (runs / "spam_detector" / "bundled" / "exports" / "onnx" / "README.md").read_text(encoding="utf-8")
    assert snippets.keys() == {"curl", "python", "javascript"}
    assert f"```python\n{snippets['python']}\n```" in text
    assert f"```js\n{snippets['javascript']}\n```" in text
    assert snippets["curl"].startswith("curl http://127.0.0.1:8600/predict ")


def test_the_zip_holds_the_bundle_whole(made):
    client, runs, seen = made
    response = client.get(f"{RUN}/exports/onnx/bundle.zip")
    assert response.headers["content-disposition"] == 'attachment; filename="spam_detector-bundled-onnx.zip"'
    assert int(response.headers["content-length"]) == len(response.content)
    folder = runs / "spam_detector" / "bundled" / "exports" / "onnx"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        names = {name.removeprefix("spam_detector-bundled-onnx/"): name for name in archive.namelist()}
        assert sorted(names) == sorted(seen["done"]["files"])
        for name, path in names.items():
            assert archive.read(path) == (folder / name).read_bytes()


def test_a_bundle_from_the_zip_answers(made, tmp_path):
    client, _, _ = made
    with zipfile.ZipFile(io.BytesIO(client.get(f"{RUN}/exports/onnx/bundle.zip").content)) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    code = (folder / "README.md").read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert "'label': 'spam'" in done.stdout


def test_the_files_of_a_bundle_can_be_read_one_by_one(made):
    client, runs, seen = made
    folder = runs / "spam_detector" / "bundled" / "exports" / "onnx"
    kinds = {}
    for name in seen["done"]["files"]:
        response = client.get(f"{RUN}/exports/onnx/files/{name}")
        assert response.content == (folder / name).read_bytes()
        kinds[name] = response.headers["content-type"].partition(";")[0]
    assert kinds == {
        "README.md": "text/plain",
        "PARITY.txt": "text/plain",
        "bundle.json": "application/json",
        "codec.js": "text/javascript",
        "model.onnx": "application/octet-stream",
    }
    model = client.get(f"{RUN}/exports/onnx/files/model.onnx").content
    assert hashlib.sha256(model).hexdigest() == seen["done"]["info"]["sha256"]


@pytest.mark.parametrize(
    "path",
    [
        "onnx/files/secret.txt", "onnx/files/..%2f..%2fsecret.txt", "onnx/files/%2e%2e", "onnx/files/%2fetc%2fpasswd",
        "onnx/files/model.tflite", "litert/files/bundle.json", "litert/bundle.zip", "..%2f..", "secret/bundle.zip",
        "..%2fonnx/bundle.zip", "..%2f..%2fexports%2fonnx/files/bundle.json",
    ],
)  # fmt: skip
def test_nothing_else_can_be_read(made, path):
    client, runs, _ = made
    exports = runs / "spam_detector" / "bundled" / "exports"
    for secret in (exports / "onnx" / "secret.txt", exports / "secret.txt", exports / "secret" / "bundle.json"):
        secret.parent.mkdir(exist_ok=True)
        secret.write_text("secret")
    response = client.get(f"{RUN}/exports/{path}")
    assert response.status_code == 404
    assert b"secret\n" not in response.content


def test_a_bundle_of_other_weights_is_outdated_and_made_anew(made, tmp_path):
    """A run of one's own that has a bundle made from what it was before."""
    _, runs, _ = made
    own = tmp_path / "spam_detector" / "20261123-101500-amber"
    shutil.copytree(api.bundled("spam_detector"), own)
    shutil.copytree(runs / "spam_detector" / "bundled" / "exports" / "onnx", own / "exports" / "onnx")
    client, path = client_of(tmp_path), RUN.replace("bundled", own.name)
    (found,) = client.get(f"{path}/exports").json()["exports"]
    assert found["state"] == "done"
    codec = json.loads((own / "codec.json").read_text(encoding="utf-8"))
    (own / "codec.json").write_text(json.dumps(codec | {"threshold": 0.9}), encoding="utf-8")
    (found,) = client.get(f"{path}/exports").json()["exports"]
    assert found["state"] == "outdated" and found["info"]
    assert client.post(f"{path}/exports", json={"name": "onnx"}).status_code == 202
    assert finished(client, "onnx", path)["state"] == "done"
    assert json.loads((own / "exports" / "onnx" / "bundle.json").read_text())["codec"]["threshold"] == 0.9


def test_an_export_that_fails_shows_its_last_words(tmp_path):
    own = tmp_path / "spam_detector" / "20261123-101500-amber"
    shutil.copytree(api.bundled("spam_detector"), own)
    (own / "model.safetensors").write_bytes(b"broken")
    client, path = client_of(tmp_path), RUN.replace("bundled", own.name)
    assert client.post(f"{path}/exports", json={"name": "onnx"}).status_code == 202
    found = finished(client, "onnx", path)
    assert found["state"] == "failed"
    assert "model.safetensors: damaged" in found["log"][-1]
    assert found["files"] == [] and found["snippets"] == {}


def test_a_damaged_bundle_has_failed(tmp_path, made):
    folder = tmp_path / "spam_detector" / "bundled" / "exports" / "onnx"
    shutil.copytree(made[1] / "spam_detector" / "bundled" / "exports" / "onnx", folder)
    (folder / "model.onnx").write_bytes(b"\0")
    client = client_of(tmp_path)
    (found,) = client.get(f"{RUN}/exports").json()["exports"]
    assert found["state"] == "failed"
    assert "checksum" in found["log"][0]
    assert client.get(f"{RUN}/exports/onnx/bundle.zip").status_code == 404


def test_what_is_not_installed_is_not_started(tmp_path, monkeypatch):
    monkeypatch.setattr(ship, "installed", lambda: False)
    client = client_of(tmp_path)
    runtimes = client.get(f"{RUN}/exports").json()["runtimes"]
    assert [runtime["available"] for runtime in runtimes] == [True, False, False, False]
    assert 'pip install "pellucid[litert]"' in runtimes[1]["why_not"]
    response = client.post(f"{RUN}/exports", json={"name": "litert"})
    assert (response.status_code, response.json()["detail"][0]["code"]) == (409, "not_installed")
    assert not (tmp_path / "spam_detector").exists()


@pytest.mark.parametrize("name", ["coreml", "", None, "../onnx", ["onnx"]])
def test_other_run_times_are_refused(tmp_path, name):
    assert client_of(tmp_path).post(f"{RUN}/exports", json={"name": name}).status_code == 422


def test_a_run_that_is_not_there_has_no_exports(tmp_path):
    client, path = client_of(tmp_path), RUN.replace("bundled", "none")
    assert client.get(f"{path}/exports").status_code == 404
    assert client.post(f"{path}/exports", json={"name": "onnx"}).status_code == 404
