"""What every room owes that ships: it answers alike everywhere. And what those owe that train a network by `core.fit`
(`by_fit`): it resumes to the bit, and reads data of one's own that has classes."""

from __future__ import annotations

import contextlib
import itertools
import signal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from conftest import expected
from pellucid import api, catalog
from pellucid.core.config import FitConfig
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run

NETWORKS = [room for room in catalog.BUILT if catalog.card(room).ships_nothing is None]
FITTED = [room for room in NETWORKS if issubclass(catalog.config(room), FitConfig)]

by_fit = pytest.mark.parametrize("room", FITTED, indirect=True)


@pytest.fixture(params=NETWORKS)
def room(request) -> str:
    return request.param


def examples(room: str) -> tuple[str, ...]:
    return catalog.card(room).input.examples


def test_training_leaves_what_is_needed_to_ship(trained):
    assert {"model.safetensors", "codec.json"} <= {file.name for file in trained.path.iterdir()}


@by_fit
def test_training_leaves_what_is_needed_to_go_on(trained):
    names = {file.name for file in trained.path.iterdir()}
    assert {"last.safetensors", "checkpoint"} <= names


def test_a_damaged_codec_is_named(trained, tmp_path):
    import shutil

    shutil.copytree(trained.path, tmp_path / "run")
    (tmp_path / "run" / "codec.json").write_text("{")
    with pytest.raises(UserError, match=r"codec\.json"):
        api.open(tmp_path / "run").predict(["hello"])


@contextlib.contextmanager
def ctrl_c_at(step: int):
    """Ctrl-C in the middle of that optimizer step, counted over all optimizers; yields the count of steps."""
    from torch.optim.optimizer import register_optimizer_step_post_hook

    steps = []

    def stepped(*_) -> None:
        steps.append(1)
        if len(steps) == step:
            signal.raise_signal(signal.SIGINT)

    hook = register_optimizer_step_post_hook(stepped)
    try:
        yield steps
    finally:
        hook.remove()


def interrupted(room: str, root: Path, step: int, **fields) -> Run:
    """A run that got Ctrl-C at that step."""
    with ctrl_c_at(step) as steps, pytest.raises(Interrupted, match="nothing is lost"):
        api.train(room, runs=root, **fields)
    assert len(steps) == step
    (run,) = Run.all(root, room)
    assert run.state == "interrupted"
    return run


@by_fit
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_interrupted_and_resumed_ends_with_the_same_bits(room, trained, tmp_path, share):
    whole = trained.run.info["training"]["steps"]
    step = int(share * whole)
    run = interrupted(room, tmp_path, step, **expected(room)["tiny"]["fields"])
    with ctrl_c_at(0) as steps:
        resumed = api.resume(run.path)
    assert len(steps) == whole - step  # it went on, it did not start again
    assert resumed.run.state == "done"
    for name in ("last.safetensors", "model.safetensors", "codec.json"):
        assert (run.path / name).read_bytes() == (trained.path / name).read_bytes(), name


def data_of_ones_own(room: str, folder: Path) -> tuple[Path, Path]:
    """Data that the room can read, and the file of it that has the last example."""
    if catalog.card(room).input.kind == "picture":
        for i in range(80):
            file = folder / "mine" / ("light" if i % 2 else "dark") / f"{i:02}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((9, 9), i + 100 * (i % 2), dtype=np.uint8)).save(file)
        return folder / "mine", file
    rows = [f"win prize {'x' * i} now,spam\n" for i in range(1, 41)] + [
        f"see you {'y' * i},ham\n" for i in range(1, 41)
    ]
    file = folder / "mine.csv"
    file.write_text("text,label\n" + "".join(rows))
    return file, file


@by_fit
def test_a_run_is_not_resumed_on_other_data(room, tmp_path):
    data, last = data_of_ones_own(room, tmp_path)
    fields = expected(room)["tiny"]["fields"] | {"data": str(data), "epochs": 5}
    run = interrupted(room, tmp_path / "runs", 4, **fields)
    weights = {f.name: f.read_bytes() for f in run.path.glob("*.safetensors")}
    before = last.read_bytes()
    if data.is_dir():
        last.unlink()
    else:
        last.write_bytes(before[: before.rindex(b"\n", 0, -1) + 1])
    with ctrl_c_at(0) as steps, pytest.raises(UserError, match="changed") as error:
        api.resume(run.path)
    assert data.name in str(error.value) and "\n" not in str(error.value)
    assert not steps
    assert weights == {f.name: f.read_bytes() for f in run.path.glob("*.safetensors")}
    last.write_bytes(before)  # the data is back: nothing was lost by trying
    assert api.resume(run.path).run.state == "done"


@by_fit
def test_tensorboard_has_scalars_histograms_and_the_graph(trained):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(trained.path), {"histograms": 0, "scalars": 0})
    events.Reload()
    tags = events.Tags()
    assert "train_loss" in tags["scalars"]
    assert any(name.startswith("weights/") for name in tags["histograms"])
    assert any(name.startswith("gradients/") for name in tags["histograms"])
    assert tags["graph"]


def test_a_stream_is_read_as_it_is_answered(room, trained):
    window, length = 16 * 256, 20_000
    pulled = []

    def inputs():
        for _, value in zip(range(length), itertools.cycle(examples(room)), strict=False):
            pulled.append(1)
            yield value

    stream = trained.stream(inputs())
    assert not pulled
    first = next(stream)
    assert 0 < len(pulled) <= window
    assert first.keys() == {output.name for output in catalog.card(room).outputs}
    for done in range(2, 2 * window):
        next(stream)
        assert len(pulled) < done + window
    assert sum(1 for _ in stream) == length - 2 * window + 1 and len(pulled) == length


def test_every_number_of_a_look_is_checked_and_its_end_is_the_answer(room, trained):
    program = trained.system.program()
    for value in examples(room):
        trace = trained.look(value)
        report = trace.check()
        assert report.checked == report.total > 10
        assert report.failed == [] and report.unchecked == []
        answered = trained.system.compute(trained.system.codec.encode([value]))
        for name in program.outputs:
            np.testing.assert_allclose(trace.array(name), answered[name], atol=1e-6)


def test_the_summary_counts_the_weights_of_the_real_model(room, trained):
    """The tiny preset's limits (words known, for one) are all reached, so that the configuration gives the count."""
    table = api.summary(room, **trained.run.info["config"])[0]
    real = sum(p.numel() for p in trained.system.program().module.parameters())
    assert table.total == real == trained.run.info["parameters"]
    for layer in table.layers:
        assert bool(layer.parameters) == ("=" in layer.formula or "+" in layer.formula), layer


def test_ships_as_onnx_with_the_same_answers(room, trained, tmp_path):
    from pellucid.ship.bundle import Bundle

    folder = trained.export("onnx", tmp_path / "bundle")
    bundle = Bundle.open(folder)
    codec = catalog.codec(room).from_json(bundle.codec)
    inputs = list(trained.system.examples("test")[0][:64])
    for shipped, own in zip(bundle.predict(inputs, codec), trained.predict(inputs), strict=True):
        for name, value in own.items():
            if isinstance(value, float):
                assert shipped[name] == pytest.approx(value, abs=1e-5)


@by_fit
@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"", ["empty"]),
        (b"text,label\n", ["no row"]),
        (b"body,label\nhello,ham\n", ["text"]),
        (b"text,label\nhello,ham\nbye,ham\n", ["1 different label"]),
        (b"text,label\nhello\nbye,ham\n", ["line 2"]),
        (b"text,label\n\xff\xfe\xfa,ham\n", ["encoding"]),
        (b"text,label\na,spam\nb,ham\n", ["at least 3 are needed"]),
    ],
)
def test_bad_data_leaves_no_run_behind(trained, content, parts, tmp_path):
    if trained.input.kind != "text":
        pytest.skip(f"{trained.run.room} reads no tables")
    file = tmp_path / "mine.csv"
    file.write_bytes(content)
    with pytest.raises(UserError) as error:
        api.train(trained.run.room, runs=tmp_path / "runs", data=str(file))
    assert "\n" not in str(error.value)
    for part in parts:
        assert part in str(error.value)
    assert not list((tmp_path / "runs").glob("*/*"))


@by_fit
@pytest.mark.parametrize(
    ("counts", "parts"),
    [
        ({}, ["mine"]),
        ({"a": 0, "b": 0}, ["mine"]),
        ({"a": 5}, ["mine"]),
        ({"a": 5, "b": 2}, ["'b'", "at least 3 are needed"]),
    ],
)
def test_bad_folders_of_pictures_leave_no_run_behind(trained, counts, parts, tmp_path):
    if trained.input.kind != "picture":
        pytest.skip(f"{trained.run.room} reads no pictures")
    (tmp_path / "mine").mkdir()
    for name, count in counts.items():
        (tmp_path / "mine" / name).mkdir()
        for i in range(count):
            Image.fromarray(np.full((9, 9), 40 * i + ord(name) % 8, dtype=np.uint8)).save(
                tmp_path / "mine" / name / f"{name}{i}.png"
            )
    with pytest.raises(UserError) as error:
        api.train(trained.run.room, runs=tmp_path / "runs", data=str(tmp_path / "mine"))
    assert "\n" not in str(error.value)
    for part in parts:
        assert part in str(error.value)
    assert not list((tmp_path / "runs").glob("*/*"))
