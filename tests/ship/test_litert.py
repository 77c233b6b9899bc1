"""LiteRT at eight steps, where unrolling takes seconds; the process that converts, and how it ends."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pellucid.core.errors import UserError
from pellucid.ship import litert
from pellucid.ship.bundle import Bundle
from pellucid.ship.parity import ParityError
from pellucid.ship.runtimes import fitted

needs_litert = pytest.mark.skipif(not litert.installed(), reason="needs the extra pellucid[litert]")


@pytest.fixture(scope="module")
def quantised(make_system, card, tmp_path_factory):
    system = make_system(length=8, bidirectional=True)
    folder = tmp_path_factory.mktemp("litert") / "bundle"
    return system, litert.export(system, folder, card=card, quantize="dynamic", quiet=True)


@needs_litert
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_cell_converts_and_answers_as_trained(make_system, card, tmp_path, cell):
    system = make_system(length=8, cell=cell)
    bundle = litert.export(system, tmp_path / "bundle", card=card, quiet=True)
    assert bundle.info["inputs"] == [{"name": "ids", "dtype": "int32", "shape": [1, 8]}]
    assert bundle.info["outputs"] == [{"name": "probability", "dtype": "float32", "shape": [1]}]
    assert bundle.info["parity"]["largest_difference"] <= 1e-5
    assert sorted(path.name for path in bundle.folder.iterdir()) == [
        "PARITY.txt", "README.md", "bundle.json", "model.tflite",
    ]  # fmt: skip
    texts = ["ok", "one two three four five six seven eight nine ten", "free prize"]
    for own, shipped in zip(system.predict(texts), bundle.predict(texts, system.codec), strict=True):
        assert shipped["probability"] == pytest.approx(own["probability"], abs=1e-5)


@needs_litert
def test_quantised_weights_keep_the_score_and_the_file_is_smaller(quantised):
    _, bundle = quantised
    info = bundle.info
    assert info["quantized"] == "dynamic"
    assert 0 < info["parity"]["relative_to_spread"] < 0.1
    assert abs(info["scores"]["shipped"]["accuracy"] - info["scores"]["trained"]["accuracy"]) <= 0.005


@needs_litert
def test_the_example_in_the_readme_gives_our_answer_without_torch_and_pellucid(quantised, card):
    # this file and test_onnx.py are no package: the helper is loaded by its place
    spec = importlib.util.spec_from_file_location("readme_helper", Path(__file__).with_name("test_onnx.py"))
    helper = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(helper)
    system, bundle = quantised
    (own,) = Bundle.open(bundle.folder).predict([card.input.examples[0]], system.codec)
    assert helper.readme_answer(bundle) == pytest.approx(own)


@needs_litert
def test_a_worse_score_does_not_pass_the_gate_and_leaves_nothing(make_system, card, tmp_path, monkeypatch):
    monkeypatch.setattr("pellucid.ship.parity.SCORE_TOLERANCE", 0.0)
    system = make_system(length=2, cell="rnn")
    scores = iter([{"accuracy": 0.9}, {"accuracy": 0.8}])
    system.score = lambda answers, targets: next(scores)
    with pytest.raises(ParityError, match=r"0\.8000 when quantised and 0\.9000 as trained"):
        litert.export(system, tmp_path / "bundle", card=card, quantize="dynamic", quiet=True)
    assert list(tmp_path.iterdir()) == []


def test_without_litert_the_command_that_installs_it_is_named(make_system, card, tmp_path, monkeypatch):
    monkeypatch.setattr(litert, "installed", lambda: False)
    with pytest.raises(UserError, match=r'pip install "pellucid\[litert\]"'):
        litert.export(make_system(length=8), tmp_path / "bundle", card=card)
    assert list(tmp_path.iterdir()) == []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_ends_the_conversion(tmp_path, monkeypatch):
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[0])

    def interrupt(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(litert.time, "sleep", interrupt)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        litert._run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log", quiet=True)
    assert time.monotonic() - start < 20  # ended, not waited for
    assert started[0].poll() is not None
    assert not alive(started[0].pid)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_the_converter_ends_when_its_parent_is_killed(tmp_path):
    child = (
        "import sys, threading, time, os; sys.path.insert(0, sys.argv[1]); import litert_convert as c\n"
        "print(os.getpid(), flush=True)\n"
        "threading.Thread(target=c.end_with_parent, daemon=True).start(); time.sleep(60)"
    )
    parent = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen([sys.executable, '-c', sys.argv[1], sys.argv[2]], stdin=subprocess.PIPE)\ntime.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent, child, str(litert.CONVERTER.parent)], stdout=subprocess.PIPE, text=True
    )
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(pid)


def running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_cannot_be_converted_is_a_line_and_not_a_traceback(tmp_path):
    code = "print('lowering'); raise SystemExit('failed to legalize operation')"
    with pytest.raises(UserError, match="LiteRT cannot convert this model: failed to legalize operation"):
        litert._run([sys.executable, "-c", code], tmp_path / "log", quiet=True)


@pytest.mark.parametrize(("words", "row"), [(2, [1, 2, 0, 0]), (4, [1, 2, 3, 4]), (6, [1, 2, 3, 4])])
def test_inputs_are_filled_up_or_cut_to_the_fixed_length(words, row):
    ids = np.arange(1, words + 1, dtype=np.int64)[None]
    found = fitted(ids, {"name": "ids", "dtype": "int32", "shape": [1, 4]})
    assert found.dtype == np.int32
    assert found.tolist() == [row]
