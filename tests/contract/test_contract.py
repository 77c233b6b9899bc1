"""What every room owes: trains, answers, is looked into with every number checked, ships, refuses bad input."""

from __future__ import annotations

import contextlib
import itertools
import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from conftest import expected
from pellucid import api, catalog
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run


def examples(room: str) -> tuple[str, ...]:
    return catalog.card(room).input.examples


def test_the_card_speaks_both_languages(room):
    card = catalog.card(room)
    assert card.name == room
    assert len(card.input.examples) >= 2
    for words in (card.title, card.summary, card.input.title, *(output.title for output in card.outputs)):
        assert words["en"].isascii() and words["en"].strip()
        assert any("\u4e00" <= c <= "\u9fff" for c in words["zh-TW"]), words


def test_every_config_field_has_a_meaning_and_a_valid_default(room):
    config = catalog.config(room)
    config()
    assert all(field.description for field in config.model_fields.values())


def test_the_schema_of_the_config_is_enough_for_a_form(room):
    schema = catalog.config(room).model_json_schema()
    json.dumps(schema, allow_nan=False)
    assert schema["additionalProperties"] is False
    for name, field in schema["properties"].items():
        assert field["description"] and "default" in field, name
        assert "type" in field or "enum" in field, name


def test_training_leaves_a_whole_run_folder(trained):
    run, info = trained.run, trained.run.info
    assert run.state == "done"
    assert info["room"] == run.room
    assert catalog.config(run.room).build(info["config"]).model_dump() == info["config"]
    assert len(info["data"]["fingerprint"]["sha256"]) == 64
    assert info["parameters"] > 0 and info["training"]["seconds"] > 0
    epochs = list(run.metrics("epoch"))
    assert [line["epoch"] for line in epochs] == list(range(1, info["training"]["epochs"] + 1))
    names = {file.name for file in run.path.iterdir()}
    assert {"run.json", "metrics.jsonl", "model.safetensors", "last.safetensors", "codec.json", "checkpoint"} <= names
    assert not [name for name in names if "writing" in name]


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


def test_a_run_is_not_resumed_on_other_data(room, tmp_path):
    rows = [f"win prize {'x' * i} now,spam\n" for i in range(1, 41)] + [
        f"see you {'y' * i},ham\n" for i in range(1, 41)
    ]
    file = tmp_path / "mine.csv"
    file.write_text("text,label\n" + "".join(rows))
    fields = expected(room)["tiny"]["fields"] | {"data": str(file), "epochs": 5}
    run = interrupted(room, tmp_path / "runs", 4, **fields)
    weights = {f.name: f.read_bytes() for f in run.path.glob("*.safetensors")}
    file.write_text("text,label\n" + "".join(rows[:-1]))
    with ctrl_c_at(0) as steps, pytest.raises(UserError, match="changed") as error:
        api.resume(run.path)
    assert "mine.csv" in str(error.value) and "\n" not in str(error.value)
    assert not steps
    assert weights == {f.name: f.read_bytes() for f in run.path.glob("*.safetensors")}
    file.write_text("text,label\n" + "".join(rows))  # the data is back: nothing was lost by trying
    assert api.resume(run.path).run.state == "done"


NO_NETWORK = """
import json, sys
tried = []
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"):
        tried.append((event, str(arguments)))
        raise OSError("there is no network")
sys.addaudithook(refuse)
from pellucid import api
room, runs, fields, value = json.loads(sys.argv[1])
trained = api.train(room, runs=runs, **fields)
trained.evaluate(), trained.predict(value), trained.look(value).check()
print(json.dumps([trained.run.state, tried]))
"""


def test_nothing_needs_the_network(room, tmp_path):
    """In a process of its own, so that what modules do when they are imported counts as well."""
    what = json.dumps([room, str(tmp_path), expected(room)["tiny"]["fields"], examples(room)[0]])
    done = subprocess.run([sys.executable, "-c", NO_NETWORK, what], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == ["done", []]


def test_tensorboard_has_scalars_histograms_and_the_graph(trained):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(trained.path), {"histograms": 0, "scalars": 0})
    events.Reload()
    tags = events.Tags()
    assert "train_loss" in tags["scalars"]
    assert any(name.startswith("weights/") for name in tags["histograms"])
    assert any(name.startswith("gradients/") for name in tags["histograms"])
    assert tags["graph"]


def test_answers_are_what_the_card_says(room, trained):
    card = catalog.card(room)
    answers = trained.predict(list(examples(room)))
    assert len(answers) == len(examples(room))
    for answer in answers:
        assert answer.keys() == {output.name for output in card.outputs}
        json.dumps(answer, allow_nan=False)


def test_an_answer_does_not_depend_on_its_company(room, trained):
    inputs = list(examples(room))
    together = trained.predict(inputs)
    for value, answer in zip(inputs, together, strict=True):
        alone = trained.predict(value)
        for name, expected_value in answer.items():
            if isinstance(expected_value, float):
                assert alone[name] == pytest.approx(expected_value, abs=1e-6)
            else:
                assert alone[name] == expected_value


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


def test_evaluate_gives_the_headline_scores(trained):
    scores = trained.evaluate()
    for name in trained.system.headline:
        assert 0 <= scores[name] <= 1


def test_a_reloaded_run_answers_the_same(room, trained):
    again = api.open(trained.path)
    assert again.predict(list(examples(room))) == trained.predict(list(examples(room)))


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


def test_a_look_has_captions_in_both_languages_and_named_axes(room, trained):
    trace = trained.look(examples(room)[0])
    captions = [node.caption for node in trace.nodes if node.caption]
    assert captions
    assert all(caption.keys() == {"en", "zh-TW"} and all(caption.values()) for caption in captions)
    assert any(value.axes for value in trace.values.values())


def test_a_look_survives_its_file(room, trained, tmp_path):
    from pellucid.look import Trace

    trace = trained.look(examples(room)[0])
    trace.save(tmp_path / "trace.safetensors")
    back = Trace.open(tmp_path / "trace.safetensors")
    assert str(back.check()) == str(trace.check())
    assert list(trained.system.story(back)) == list(trained.system.story(trace))


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


@pytest.mark.parametrize("value", ["", "   \n", None, 5, ["text"], "x" * 10_001])
def test_bad_input_is_one_clear_line(trained, value):
    with pytest.raises(UserError) as error:
        trained.predict([value])
    assert "\n" not in str(error.value) and trained.input.name in str(error.value)


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
    file = tmp_path / "mine.csv"
    file.write_bytes(content)
    with pytest.raises(UserError) as error:
        api.train(trained.run.room, runs=tmp_path / "runs", data=str(file))
    assert "\n" not in str(error.value)
    for part in parts:
        assert part in str(error.value)
    assert not list((tmp_path / "runs").glob("*/*"))


def test_a_damaged_run_is_named(trained, tmp_path):
    import shutil

    for name in ("model.safetensors", "codec.json", "run.json"):
        copy = tmp_path / name
        shutil.copytree(trained.path, copy)
        (copy / name).write_bytes((copy / name).read_bytes()[:20])
        with pytest.raises(UserError, match=name.replace(".", r"\.")):
            api.open(copy).predict(["hello"])


def test_the_bundled_run_answers_at_once_and_is_small(room):
    folder = api.bundled(room)
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) <= 500_000
    bundled = api.find(room, runs="there/is/no/such/folder")
    assert bundled.bundled
    assert len(bundled.predict(list(examples(room)))) == len(examples(room))
    assert "pellucid train" in json.loads((folder / "run.json").read_text())["command"]


def test_expected_json_says_how_its_scores_came_about(room):
    found = expected(room)
    assert found["tiny"]["fields"]
    for study in found["studies"]:
        assert study["command"].startswith("pellucid ")
        assert study["seeds"] and study["machine"]
        for variant in study["variants"].values():
            for name, score in variant.items():
                assert score.keys() == {"mean", "spread"}, name
    assert isinstance(found["deviations"], list)


def test_a_rooms_files_have_the_names_that_all_rooms_share(room):
    folder = Path(api.__file__).parent / "rooms" / room
    assert {
        "__init__.py",
        "config.py",
        "data.py",
        "model.py",
        "system.py",
        "inside.py",
        "expected.json",
        "bundled",
    } <= {file.name for file in folder.iterdir()}


def test_influence_says_as_much_of_each_part(room, trained):
    for text in examples(room):
        found = trained.system.influence(text)
        if found is None:
            pytest.skip(f"{room} does not say how much a part contributes")
        assert len(found.parts) == len(found.known) == len(found.occlusion) == len(found.gradient) > 0
        assert np.isfinite([found.score, *found.occlusion, *found.gradient]).all()
        for words in (found.score_name, found.gradient_of):
            assert words["en"] and any("\u4e00" <= c <= "\u9fff" for c in words["zh-TW"])


def test_a_trace_names_its_picture(room, trained):
    trace = trained.look(examples(room)[0])
    assert trace.series(trace.meta["picture"]).size > 1


def test_a_trace_is_a_page_of_its_own(room, trained):
    trace = trained.look(examples(room)[0])
    page = trace.to_html(title="a <title>")
    assert "<title>a &lt;title&gt;</title>" in page
    assert "src=" not in page.replace("<img src", "") and '<link rel="stylesheet"' not in page
    assert set(trace._repr_mimebundle_()) == {"text/html", "text/plain"}
