"""Reading a bundle: the same answers without torch, and a clear word where it is damaged."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from pellucid.core.errors import UserError
from pellucid.ship.bundle import Bundle


def test_a_bundle_answers_as_its_system_does(exported):
    system, bundle = exported
    texts = ["Free prize! Call now", "ok", "?", "字 and words " * 300, *system.examples()[0]]
    again = Bundle.open(bundle.folder)
    for own, shipped in zip(system.predict(texts), again.predict(texts, system.codec), strict=True):
        assert shipped["label"] == own["label"]
        assert shipped["probability"] == pytest.approx(own["probability"], abs=1e-5)


def test_more_threads_give_the_same_numbers(exported):
    system, bundle = exported
    arrays = system.codec.encode(system.examples()[0][:20])
    one, two = (bundle.session(threads=threads)(arrays)["probability"] for threads in (1, 2))
    assert one.tolist() == pytest.approx(two.tolist(), abs=1e-6)


def test_reading_and_running_a_bundle_never_loads_torch(exported):
    _, bundle = exported
    code = (
        "import sys; from pathlib import Path; from pellucid import catalog; from pellucid.ship.bundle import Bundle\n"
        f"bundle = Bundle.open(Path({str(bundle.folder)!r}))\n"
        "codec = catalog.codec(bundle.room).from_json(bundle.codec)\n"
        "print(len(list(bundle.predict(['free prize', 'ok'], codec))), 'torch' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["2", "False"]


def set_field(**fields):
    def change(folder):
        info = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
        (folder / "bundle.json").write_text(json.dumps(info | fields), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("damage", "text"),
    [
        (lambda folder: (folder / "bundle.json").unlink(), "not a bundle"),
        (lambda folder: (folder / "bundle.json").write_bytes(b'{"format": '), "bundle.json: damaged"),
        (lambda folder: (folder / "bundle.json").write_bytes(b"\xff\xfe"), "bundle.json: damaged"),
        (lambda folder: (folder / "bundle.json").write_text("[" * 100_000), "bundle.json: damaged"),
        (lambda folder: (folder / "bundle.json").write_text("[]"), "not written by this version"),
        (set_field(format="pellucid-bundle/99"), "not written by this version"),
        (set_field(codec=None), "'codec' is missing or no dict"),
        (set_field(inputs=[{"name": "ids"}]), "inputs without name, dtype and shape"),
        (set_field(runtime="coreml"), "'coreml' is not one of onnx, litert"),
        (lambda folder: (folder / "model.onnx").unlink(), "model.onnx: missing"),
        (lambda folder: (folder / "model.onnx").write_bytes(b"\0" * 100), "model.onnx: damaged"),
    ],
)
def test_a_damaged_bundle_is_refused_in_one_line(exported, tmp_path, damage, text):
    folder = tmp_path / "bundle"
    shutil.copytree(exported[1].folder, folder)
    damage(folder)
    with pytest.raises(UserError, match=text) as error:
        Bundle.open(folder)
    assert "\n" not in str(error.value)
