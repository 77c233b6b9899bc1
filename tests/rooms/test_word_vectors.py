"""Word vectors: queries, the codec, text of one's own, training that stops and goes on, scores, files."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys

import numpy as np
import pytest

from conftest import SHARED, expected
from pellucid import api
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run
from pellucid.rooms.word_vectors import evaluation, own, training
from pellucid.rooms.word_vectors.codec import Codec, best
from pellucid.rooms.word_vectors.config import Config
from pellucid.rooms.word_vectors.data import Part, cut, prepare
from pellucid.rooms.word_vectors.evaluation import HeldOut, Question
from pellucid.rooms.word_vectors.query import MOST_TERMS
from pellucid.rooms.word_vectors.reference import loss
from pellucid.rooms.word_vectors.train import start

TINY = expected("word_vectors")["tiny"]["fields"]
WORDS = ("the", "king", "queen", "man", "woman", "don't", "horse")


@pytest.fixture(scope="module")
def trained(tiny_runs):
    return tiny_runs("word_vectors")


# queries


@pytest.mark.parametrize(
    ("text", "kind", "words", "weights"),
    [
        ("queen", "near", ["queen"], [1]),
        (" QUEEN ", "near", ["queen"], [1]),
        ("king - man + woman", "sum", ["king", "man", "woman"], [1, -1, 1]),
        ("king-man+woman", "sum", ["king", "man", "woman"], [1, -1, 1]),
        ("king − man ＋ woman", "sum", ["king", "man", "woman"], [1, -1, 1]),
        ("king queen", "sum", ["king", "queen"], [1, 1]),
        ("king + king - queen", "sum", ["king", "queen"], [2, -1]),
        ("- king", "sum", ["king"], [-1]),
        ("king, queen", "pair", ["king", "queen"], [0.5, 0.5]),
        ("king、queen，man;woman", "odd", ["king", "queen", "man", "woman"], [0.25] * 4),
        ("king, king,", "near", ["king"], [1]),
        ("don’t", "near", ["don't"], [1]),
    ],
)
def test_what_is_asked(text, kind, words, weights):
    found = Codec(WORDS).query(text)
    assert (found.kind, [WORDS[i] for i in found.ids], list(found.weights)) == (kind, words, weights)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (",", "has no word"),
        ("+", "takes away all"),
        ("king - king", "takes away all"),
        ("quen", r"'quen' is not one of the 7 words that this run knows. Did you mean 'queen'\?"),
        ("zzzz", "that this run knows$"),
        ("king - man, queen", "'king - man' is not one"),
    ],
)
def test_what_cannot_be_asked(text, says):
    with pytest.raises(UserError, match=f"^query: .*{says}"):
        Codec(WORDS).query(text)


def test_too_many_words_at_once():
    codec = Codec(tuple(f"w{i}" for i in range(20)))
    assert len(codec.query(", ".join(codec.vocabulary[:MOST_TERMS])).ids) == MOST_TERMS
    for sign in (", ", " + "):
        with pytest.raises(UserError, match=f"has {MOST_TERMS + 1} words; ask of at most {MOST_TERMS}"):
            codec.query(sign.join(codec.vocabulary[: MOST_TERMS + 1]))


def test_a_feed_is_filled_up_with_weight_0():
    feed = Codec(WORDS).encode(["queen", "king - man + woman"])
    assert feed["ids"].tolist() == [[2, 0, 0], [1, 3, 4]]
    assert feed["weights"].tolist() == [[1, 0, 0], [1, -1, 1]]
    assert feed["ids"].dtype == np.int64 and feed["weights"].dtype == np.float32


def test_the_similarity_of_two_is_the_cosine_of_their_vectors(trained):
    units = trained.system.units
    for a, b in (("brother", "sister"), ("the", "horse"), ("king", "queen")):
        index = trained.system.codec.index
        assert trained.predict(f"{a}, {b}")["similarity"] == pytest.approx(
            float(units[index[a]] @ units[index[b]]), abs=2e-6
        )


def test_an_answer_ranks_all_words_but_those_asked(trained):
    units, codec = trained.system.units, trained.system.codec
    answer = trained.predict("king - man + woman")
    ids = [codec.index[word] for word in ("king", "man", "woman")]
    question = units[ids].T @ np.array([1, -1, 1])
    cosines = units @ question / np.linalg.norm(question)
    order = [i for i in np.argsort(-cosines) if i not in ids][:10]
    assert [word["name"] for word in answer["words"]] == [codec.vocabulary[i] for i in order]
    np.testing.assert_allclose([word["score"] for word in answer["words"]], cosines[order], atol=2e-6)


def test_the_odd_one_out_is_farthest_from_the_mean(trained):
    answer = trained.predict("father, mother, sister, horse")
    assert len(answer["words"]) == 4 and answer["verdict"]["en"].startswith(f"{answer['words'][-1]['name']} is the odd")
    units, index = trained.system.units, trained.system.codec.index
    rows = units[[index[word["name"]] for word in answer["words"]]]
    cosines = rows @ rows.mean(axis=0) / np.linalg.norm(rows.mean(axis=0))
    assert cosines.tolist() == sorted(cosines, reverse=True)


def test_the_best_with_ties_and_fewer_than_asked():
    scores = np.array([0.5, 0.9, 0.5, 0.1, 0.5], dtype=np.float32)
    assert best(scores, 3) == [1, 0, 2]
    assert best(scores, 3, leave_out=[1, 0]) == [2, 4, 3]
    assert best(scores, 9, leave_out=[4]) == [1, 0, 2, 3]


def test_the_codec_survives_json_and_its_example_does_the_same():
    codec = Codec(WORDS, top=3)
    assert Codec.from_json(json.loads(json.dumps(codec.to_json()))) == codec
    names = {"np": np, "codec": codec.to_json()}
    exec(codec.example(), names)
    for text in ("queen", "king - man + woman", "King-man"):
        feed, own = names["encode"](text), codec.encode([text])
        assert all(np.array_equal(feed[name], own[name]) for name in own)
    scores = np.array([[0.1, 0.9, 0.3, 0.9, 0.2, 0, 0]], dtype=np.float32)
    assert [name for name, _ in names["decode"]({"scores": scores})] == ["king", "man", "queen"]
    assert [word["name"] for word in codec.decode({"scores": scores})[0]["words"]] == ["king", "man", "queen"]


# data


def test_the_built_in_novels():
    data = prepare(Config())
    assert data.about["tokens"] == 544_577 and data.about["documents"] == 6_460
    assert len(data.words) == 6_582 and data.words[:3] == ["the", "and", "of"]
    assert (np.diff(data.counts) <= 0).all() and data.counts[-1] == 5
    held = sum(len(part.ids) for part in data.test)
    assert held == 10_891 and held + sum(len(part.ids) for part in data.train) == 544_577


@pytest.mark.parametrize("share", [0.0, 0.2, 0.25, 0.5])
def test_a_shard_is_cut_without_losing_a_word(share):
    ids, offsets = np.arange(20, dtype=np.int32), np.array([0, 3, 3, 10, 16, 20])
    first, last = cut(ids, offsets, share)
    assert np.concatenate([first.ids, last.ids]).tolist() == list(range(20))
    assert len(last.ids) == int(share * 20)
    for part in (first, last):
        assert part.offsets[0] == 0 and part.offsets[-1] == len(part.ids) and (np.diff(part.offsets) >= 0).all()
    at = len(first.ids)
    starts = {*first.offsets.tolist(), *(last.offsets + at).tolist()}
    assert starts == {*offsets.tolist(), at}


TEXT = "the cat sat on the mat\nthe dog sat on the cat\n" * 40


def write(path, text):
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif path.suffix == ".csv":
        path.write_text("id,body\n" + "".join(f"{i},{line}\n" for i, line in enumerate(text.splitlines())))
    elif not path.suffix:
        path.mkdir()
        for i, line in enumerate(text.splitlines()):
            (path / f"{i:03}.txt").write_text(line)
    else:
        path.write_text(text)
    return path


@pytest.mark.parametrize("name", ["mine.txt", "mine.txt.gz", "mine.csv", "mine"])
def test_text_of_ones_own(name, tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    file = write(tmp_path / name, TEXT)
    fields = {"data": str(file), "text_column": "body", "dimensions": 8, "epochs": 2, "window": 2}
    run = api.train("word_vectors", runs=tmp_path / "runs", **fields)
    assert run.system.codec.vocabulary == ("the", "cat", "on", "sat", "dog", "mat")
    assert run.run.info["data"]["documents"] == 80
    assert run.run.info["data"]["examples"] == ["cat", "dog", "cat, dog"]  # what the studio asks first: no card's queen
    assert run.predict("dog")["words"][0]["name"] in run.system.codec.vocabulary
    assert run.evaluate()["predictions"] > 0 and run.evaluate()["questions"] == 0
    assert "own (mine" in run.system.attribution()[0]
    assert run.look("cat, dog").check().unchecked == []


def test_chinese_by_characters(tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    file = tmp_path / "zh.txt"
    file.write_text("貓坐在墊子上。\n狗坐在貓上。\n" * 30, encoding="utf-8")
    fields = {"data": str(file), "words": "characters", "dimensions": 8, "epochs": 1}
    run = api.train("word_vectors", runs=tmp_path / "runs", **fields)
    answer = run.predict("貓、狗")
    assert -1 <= answer["similarity"] <= 1 and answer["verdict"]["zh-TW"].startswith("貓 與 狗：")


@pytest.mark.parametrize(
    ("content", "fields", "says"),
    [
        ("", {}, "empty|no words|holds no"),
        (" \n,,\n", {}, "holds no words"),
        ("word " * 50, {}, "has 1 word to learn from, and two are needed"),
        ("one two three four\n", {}, "min_count: no word occurs 5 times"),
        ("left\nright\n" * 20, {}, "no two words beside each other"),
        ("a,b\n1,2\n", {"data": "mine.csv"}, "text"),
    ],
)
def test_text_that_teaches_nothing_leaves_no_run_behind(content, fields, says, tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    file = tmp_path / fields.get("data", "mine.txt")
    file.write_text(content)
    with pytest.raises(UserError, match=says) as error:
        api.train("word_vectors", runs=tmp_path / "runs", data=str(file))
    assert "\n" not in str(error.value)
    assert not list((tmp_path / "runs").glob("*/*"))


def test_a_broken_gzip_says_where_and_keeps_what_is_whole_only_if_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    packed = gzip.compress("".join(f"the cat {i} sat on the mat {i * 7919 % 1000}\n" for i in range(5000)).encode())
    file = tmp_path / "mine.txt.gz"
    file.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(UserError, match=r"mine\.txt\.gz.*on_bad=skip"):
        api.train("word_vectors", runs=tmp_path / "runs", data=str(file))
    run = api.train("word_vectors", runs=tmp_path / "runs", data=str(file), on_bad="skip", epochs=1, dimensions=4)
    assert "mat" in run.system.codec.vocabulary and run.run.info["data"]["skipped"]


# training that stops


class _Counted:
    """Reports of the engine, with Ctrl-C after some of them."""

    def __init__(self, monkeypatch, after: int = 0):
        self.seen = 0
        engine = training.engine.train

        def reports(*args):
            for report in engine(*args):
                self.seen += 1
                if self.seen == after:
                    signal.raise_signal(signal.SIGINT)
                yield report

        monkeypatch.setattr(training.engine, "train", reports)
        monkeypatch.setattr(training.engine, "next_batch", lambda pieces, seconds, threads: 4)


@pytest.mark.parametrize("after", [2, 11])
def test_interrupted_and_resumed_ends_with_the_same_bits(trained, tmp_path, monkeypatch, after):
    with monkeypatch.context() as patch, pytest.raises(Interrupted, match="nothing is lost"):
        counted = _Counted(patch, after)
        api.train("word_vectors", runs=tmp_path, **TINY)
    assert counted.seen == after
    (run,) = Run.all(tmp_path, "word_vectors")
    assert run.state == "interrupted"
    resumed = api.resume(run.path)
    assert resumed.run.state == "done"
    for name in ("last.safetensors", "model.safetensors", "codec.json"):
        assert (run.path / name).read_bytes() == (trained.path / name).read_bytes(), name
    assert [line["epoch"] for line in run.metrics("epoch")] == [1, 2]


def test_a_run_is_not_resumed_on_other_text(tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    file = write(tmp_path / "mine.txt", TEXT)
    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        _Counted(patch, 2)
        api.train("word_vectors", runs=tmp_path / "runs", data=str(file), epochs=9, dimensions=4)
    (run,) = Run.all(tmp_path / "runs", "word_vectors")
    file.write_text(TEXT + "one more line\n")
    with pytest.raises(UserError, match=r"mine\.txt: has changed"):
        api.resume(run.path)
    file.write_text(TEXT)
    assert api.resume(run.path).run.state == "done"


def test_tensorboard_has_scalars_histograms_the_graph_and_the_projector(trained):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(trained.path), {"histograms": 0, "scalars": 0})
    events.Reload()
    tags = events.Tags()
    assert {"train_loss", "validation_pair_loss", "analogies"} <= {*tags["scalars"]}
    assert "weights/vectors" in tags["histograms"] and tags["graph"]
    words = (trained.path / "words.tsv").read_text().splitlines()
    rows = (trained.path / "vectors.tsv").read_text().splitlines()
    assert words[0] == "word\tcount" and len(words) == 1001 and len(rows) == 1000
    assert np.array(rows[7].split("\t"), dtype=np.float32).tolist() == trained.system.vectors[7].tolist()
    assert 'tensor_path: "vectors.tsv"' in (trained.path / "projector_config.pbtxt").read_text()


@pytest.mark.parametrize(
    ("architecture", "loss"), [("skipgram", "hierarchical"), ("cbow", "negative"), ("cbow", "hierarchical")]
)
def test_all_four_networks_train_answer_and_are_looked_into(architecture, loss, tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    file = write(tmp_path / "mine.txt", TEXT)
    run = api.train(
        "word_vectors", runs=tmp_path / "runs", data=str(file), architecture=architecture, loss=loss,
        dimensions=8, epochs=3, held_out=0.1,
    )  # fmt: skip
    again = api.open(run.path)
    assert again.predict("cat") == run.predict("cat")
    assert np.isfinite(run.evaluate()["pair_loss"])
    report = run.look("cat").check()
    assert report.checked == report.total > 60
    summary = api.summary("word_vectors", **run.run.info["config"] | {"vocabulary": 6})[1]
    assert [layer.parameters for layer in summary.layers] == [48, 48 if loss == "negative" else 40]


# scores


@pytest.mark.parametrize("architecture", ["skipgram", "cbow"])
@pytest.mark.parametrize("kind", ["negative", "hierarchical"])
def test_the_held_out_loss_is_that_of_the_reference(architecture, kind):
    rng = np.random.default_rng(1)
    ids, offsets = rng.integers(0, 30, 300).astype(np.int32), np.array([0, 120, 300])
    counts = np.sort(rng.integers(1, 90, 30))[::-1].astype(np.int64)
    options = Config(architecture=architecture, loss=kind, dimensions=6, sample=0).options()
    inputs = rng.normal(size=(30, 6)).astype(np.float32)
    outputs = rng.normal(size=(30 - (kind == "hierarchical"), 6)).astype(np.float32)
    held = HeldOut([Part(ids, offsets)], counts, options)
    total = sum(loss(inputs.astype(float), outputs.astype(float), window, architecture) for window in held.windows)
    contexts = sum(len(window.contexts) if architecture == "skipgram" else 1 for window in held.windows)
    assert held.predictions == contexts > 200
    assert held.loss(inputs, outputs) == pytest.approx(total / contexts, rel=1e-5)


def test_before_training_the_loss_is_that_of_a_coin_for_each_of_the_six():
    data, options = prepare(Config()), Config().options()
    vectors = start(len(data.words), options)
    held = HeldOut(data.test, data.counts, options, 1000)
    times = np.mean([sum(window.weights) for window in held.windows for _ in window.contexts])
    assert held.loss(vectors.input, vectors.output) == pytest.approx(times * np.log(2), rel=1e-5)


def test_analogies_by_hand():
    units = np.eye(6)[[0, 1, 2, 3, 4, 5]]
    units[3] = evaluation.unit((units[1] - units[0] + units[2])[None])[0]
    asked = [Question("x", 0, 1, 2, 3), Question("x", 0, 1, 2, 4), Question("y", 2, 1, 0, 5)]
    assert evaluation.answered(units, asked) == [True, False, False]
    scores = evaluation.analogy_scores(units, asked)
    assert scores == {"analogies": pytest.approx(1 / 3), "questions": 3, "analogies_x": 0.5, "analogies_y": 0.0}


def test_the_questions_of_the_paper():
    words = {word: i for i, word in enumerate("athens greece baghdad iraq boy girl brother sister".split())}
    found = evaluation.questions(words)
    assert {(q.family, q.a, q.b, q.c, q.d) for q in found} >= {
        ("capital-common-countries", 0, 1, 2, 3), ("family", 4, 5, 6, 7)
    }  # fmt: skip
    with gzip.open(evaluation.QUESTIONS, "rt") as lines:
        assert sum(len(line.split()) == 4 for line in lines) == 19_544


def test_spearman_is_that_of_scipy():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(3)
    for _ in range(20):
        x, y = rng.integers(0, 9, 30), rng.normal(size=30)
        assert evaluation.spearman(x, y) == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)


def test_files_of_ones_own_are_told_apart(trained, tmp_path):
    files = {
        "analogies": ": family\nbrother sister father mother\nking queen xylophone mother\n",
        "similarity": "word 1,word 2,mark\nbrother,sister,9\nking,horse,1.5\nking,queen,8\nxylophone,king,3\n",
        "text": "The king is dead, long live the queen of England.\nHis brother and his sister were not there.\n",
    }
    for kind, text in files.items():
        (tmp_path / f"{kind}.txt").write_text(text)
        assert own.kind_of(tmp_path / f"{kind}.txt") == kind
    assert trained.evaluate(file=tmp_path / "analogies.txt")["questions"] == 1
    assert trained.evaluate(file=tmp_path / "similarity.txt")["pairs"] == 3
    assert 0 < trained.evaluate(file=tmp_path / "text.txt")["pair_loss"] < 10
    (tmp_path / "bad.txt").write_text("a,b,1\nc,d,2\ne,f,x\n")
    with pytest.raises(UserError, match=r"bad\.txt, line 3: is not two words and a number"):
        trained.evaluate(file=tmp_path / "bad.txt")
    (tmp_path / "strange.txt").write_text("qqq www eee\nrrr ttt yyy uuu iii\n")
    with pytest.raises(UserError, match="no two words beside each other"):
        trained.evaluate(file=tmp_path / "strange.txt")


@pytest.mark.skipif(not (SHARED / "word_eval").is_dir(), reason="needs the shared word lists")
def test_the_bundled_vectors_know_what_is_alike():
    bundled = api.open(api.bundled("word_vectors"))
    found = bundled.evaluate(file=SHARED / "word_eval" / "EN-WS-353-ALL.txt")
    assert found["pairs"] > 20 and found["spearman"] > 0.2
    men = bundled.evaluate(file=SHARED / "word_eval" / "EN-WS-353-SIM.txt")
    assert men["spearman"] > 0.2


def test_the_bundled_vectors_are_worth_looking_at():
    bundled = api.open(api.bundled("word_vectors"))
    assert bundled.predict("king - man + woman")["words"][0]["name"] == "queen"
    assert bundled.predict("father, mother, sister, horse")["words"][-1]["name"] == "horse"
    assert bundled.evaluate()["analogies_family"] > 0.2


def test_similar_from_the_command_line(tmp_path):
    command = [
        sys.executable,
        "-m",
        "pellucid",
        "similar",
        "word_vectors",
        "queen",
        "--top",
        "3",
        "--runs",
        str(tmp_path),
    ]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert answer["query"] == "queen" and len(answer["words"]) == 3
    wrong = subprocess.run([*command[:5], "quen"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2 and "Did you mean 'queen'" in wrong.stderr


def test_served_and_asked_for_an_unknown_word(tmp_path):
    from fastapi.testclient import TestClient

    from pellucid import catalog
    from pellucid.server.app import create
    from pellucid.ship.bundle import Bundle

    trained = api.open(api.bundled("word_vectors"))
    bundle = Bundle.open(trained.export("onnx", tmp_path / "bundle"))
    codec, card = catalog.codec("word_vectors").from_json(bundle.codec), catalog.card("word_vectors")
    with TestClient(create(bundle, codec, card, rate=0)) as client:
        right = client.post("/predict", json={"input": "king - man + woman"})
        assert right.status_code == 200 and right.json()["output"]["words"][0]["name"] == "queen"
        for sent, field in (({"input": "quen"}, "input"), ({"inputs": ["queen", "quen"]}, "inputs")):
            wrong = client.post("/predict", json=sent)
            assert wrong.status_code == 422
            assert wrong.json()["detail"][0]["field"] == field
            assert "Did you mean 'queen'" in wrong.json()["detail"][0]["message"]
