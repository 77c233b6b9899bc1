"""What every room owes: trains, answers, is looked into with every number checked, refuses bad input."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from conftest import expected
from pellucid import api, catalog
from pellucid.core.contract import Maps
from pellucid.core.errors import Interrupted, UserError


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
    assert {"run.json", "metrics.jsonl", "model.safetensors"} <= names
    assert not [name for name in names if "writing" in name]


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
            if isinstance(expected_value, float) or kind_of(room, name) == "distribution":
                assert alone[name] == pytest.approx(expected_value, abs=1e-6)
            elif kind_of(room, name) == "ranking":
                assert [place["name"] for place in alone[name]] == [place["name"] for place in expected_value]
                scores = [place["score"] for place in expected_value]
                assert [place["score"] for place in alone[name]] == pytest.approx(scores, abs=1e-6)
                assert scores == sorted(scores, reverse=True)
            else:
                assert alone[name] == expected_value


def kind_of(room: str, output: str) -> str:
    """The kind of that output on the room's card."""
    return next(each.kind for each in catalog.card(room).outputs if each.name == output)


def test_evaluate_gives_the_headline_scores(trained):
    scores = trained.evaluate()
    for name in trained.system.headline:
        assert np.isfinite(scores[name])


def test_the_stream_of_answers_is_lazy(room, trained):
    pulled = []

    def inputs():
        for value in itertools.cycle(examples(room)):
            pulled.append(1)
            yield value
            assert len(pulled) <= 16 * 256

    stream = trained.stream(inputs())
    assert not pulled
    if catalog.card(room).ships_nothing:  # each answer is an algorithm's run: those of networks come in batches
        assert next(stream).keys() == {output.name for output in catalog.card(room).outputs}
        assert len(pulled) == 1


def test_every_number_of_a_look_is_checked(room, trained):
    for value in examples(room):
        report = trained.look(value).check()
        assert report.checked == report.total > 10
        assert report.failed == [] and report.unchecked == []


def test_what_ships_nothing_says_why(room, trained, tmp_path):
    why = catalog.card(room).ships_nothing
    if why is None:
        pytest.skip(f"{room} ships")
    with pytest.raises(UserError, match="ships nothing"):
        trained.export("onnx", tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
    assert any("\u4e00" <= c <= "\u9fff" for c in why["zh-TW"])


def test_an_answer_comes_at_once(room, trained):
    """What an answer takes is bounded by its configuration: not a timed test, but a hundred must be no burden."""
    assert len(trained.predict(list(examples(room)) * 30)) == 30 * len(examples(room))


def test_a_reloaded_run_answers_the_same(room, trained):
    again = api.open(trained.path)
    assert again.predict(list(examples(room))) == trained.predict(list(examples(room)))


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


@pytest.mark.parametrize("value", ["", "   \n", None, 5, ["text"], "x" * 10_001])
def test_bad_input_is_one_clear_line(trained, value):
    with pytest.raises(UserError) as error:
        trained.predict([value])
    assert "\n" not in str(error.value) and trained.input.name in str(error.value)


def test_a_damaged_run_is_named(trained, tmp_path):
    import shutil

    for name in ("model.safetensors", "run.json"):
        copy = tmp_path / name
        shutil.copytree(trained.path, copy)
        (copy / name).write_bytes((copy / name).read_bytes()[:20])
        with pytest.raises(UserError, match=name.replace(".", r"\.")):
            api.open(copy).predict(list(examples(trained.run.room)))


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
    always = {"__init__.py", "config.py", "system.py", "inside.py", "expected.json", "bundled"}
    model = set() if catalog.card(room).ships_nothing else {"data.py", "model.py"}
    assert always | model <= {file.name for file in folder.iterdir()}


def test_influence_says_as_much_of_each_part(room, trained):
    for text in examples(room):
        found = trained.system.influence(text)
        if found is None:
            pytest.skip(f"{room} does not say how much a part contributes")
        if isinstance(found, Maps):
            for each in found.maps:
                assert np.isfinite(each.values).all()
                assert np.shape(each.values) == (found.height, found.width)
                assert each.signed or np.min(each.values) >= 0
                for words in (each.about, found.score_name):  # a title may be a method's name
                    assert words["en"] and any("\u4e00" <= c <= "\u9fff" for c in words["zh-TW"])
            assert np.isfinite(found.score) and found.maps
            continue
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


def test_what_can_be_added_is_found_and_the_rest_says_so(room, trained, tmp_path):
    import shutil

    adds, file = catalog.card(room).adds, tmp_path / "more.txt"
    file.write_text("".join(f"{' '.join(str(value).split())}\n" for value in examples(room)), encoding="utf-8")
    if adds is None:
        with pytest.raises(UserError, match="nothing can be added to its runs"):
            trained.add(file)
        return
    assert adds.what["en"] and any("\u4e00" <= c <= "\u9fff" for c in adds.what["zh-TW"])
    assert set(adds.read) <= catalog.config(room).model_fields.keys()
    with pytest.raises(UserError, match="the bundled run is part of the package"):
        api.find(room, runs="there/is/no/such/folder").add(file)
    run = api.open(shutil.copytree(trained.path, tmp_path / "run"))
    before, told = run.fingerprint, []
    with pytest.raises(Interrupted):
        run.add(file, stop=lambda: True)
    assert run.fingerprint == before
    added = run.add(file, progress=lambda what, share: told.append((what, share)))
    assert (added.count, added.skipped) == (len(examples(room)), "") and added.total > added.count
    assert told and all(what and 0 <= share <= 1 for what, share in told)
    assert run.fingerprint != before  # what was made from the run before, is told to be old
    assert len(run.predict(list(examples(room)))) == len(examples(room))
    with pytest.raises(UserError, match="there is no such file"):
        run.add(tmp_path / "none.txt")
