"""What every room owes: trains, answers, is looked into with every number checked, ships, refuses bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from conftest import expected
from pellucid import api, catalog
from pellucid.core.errors import UserError


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
    config = catalog.load(room).config_type
    config()
    assert all(field.description for field in config.model_fields.values())


def test_training_leaves_a_whole_run_folder(trained):
    run, info = trained.run, trained.run.info
    assert run.state == "done"
    assert info["room"] == run.room
    assert catalog.load(run.room).config_type.build(info["config"]).model_dump() == info["config"]
    assert len(info["data"]["fingerprint"]["sha256"]) == 64
    assert info["parameters"] > 0 and info["training"]["seconds"] > 0
    epochs = list(run.metrics("epoch"))
    assert [line["epoch"] for line in epochs] == list(range(1, info["training"]["epochs"] + 1))
    names = {file.name for file in run.path.iterdir()}
    assert {"run.json", "metrics.jsonl", "model.safetensors", "last.safetensors", "codec.json", "checkpoint"} <= names
    assert not [name for name in names if "writing" in name]


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
    table = api.summary(room, **trained.run.info["config"])[0]
    module = trained.system.program().module
    at_most = catalog.load(room).summary(trained.system.config)[0].total
    assert table.total == at_most >= sum(p.numel() for p in module.parameters())
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
    assert {"__init__.py", "data.py", "model.py", "system.py", "expected.json", "bundled"} <= {
        file.name for file in folder.iterdir()
    }
