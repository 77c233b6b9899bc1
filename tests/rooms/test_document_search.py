"""Document search: its documents, its codec, its module beside the index, its scores, and collections of one's own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from conftest import expected
from pellucid import api
from pellucid.core.corpus.reading import Reading
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run
from pellucid.rooms.document_search import collection, training
from pellucid.rooms.document_search.codec import EXAMPLE, TERMS, Codec, ranked
from pellucid.rooms.document_search.config import Config
from pellucid.rooms.document_search.data import BUILT_IN, DataConfig, built_in, group_of, questions_of, reading_of
from pellucid.rooms.document_search.excerpt import LENGTH, excerpt
from pellucid.rooms.document_search.index import Index
from pellucid.rooms.document_search.measure import average_precision, group_scores, known_item_scores
from pellucid.rooms.document_search.system import System

TINY = expected("document_search")["tiny"]["fields"]


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory):
    """Corpora are not left in the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PELLUCID_DATA", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> api.Trained:
    """The tiny preset."""
    return api.train("document_search", runs=tmp_path_factory.mktemp("runs"), **TINY)


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """A function: fields -> the system of the built-in documents, without the rest of a training."""

    def get(**fields) -> System:
        config = Config(**fields)
        corpus = training.corpus_of(config)
        options = training.options_of(config, corpus.documents)
        index = Index.build(corpus, options, tmp_path_factory.mktemp("index"), keep_text=True)
        return System(config, collection.codec_of(index, corpus.reading), collection.saved(index), {}, index)

    return get


# the documents


def test_the_built_in_documents():
    lines = built_in()
    assert len(lines) == 240 and sum(len(line["questions"]) for line in lines) == 1190
    groups = [group_of(line["name"], built_in=True) for line in lines]
    assert len(set(groups)) == 48 and all(groups.count(group) == 5 for group in set(groups))
    assert lines[0]["name"] == "Super Bowl 50 1" and groups[0] == "Super Bowl 50"
    assert {"LICENCE.txt", "SOURCE.txt"} <= {file.name for file in BUILT_IN.parent.iterdir()}


def test_what_belongs_together():
    assert group_of("sci.space/60240") == "sci.space"
    assert group_of("a/b/c.txt") == "a/b"
    assert group_of("line 5") == ""


def test_questions_of_ones_own_documents_are_their_openings():
    names = [f"d{i}" for i in range(600)]
    found = questions_of(DataConfig(data="x"), names, ["one two " * 40] * 599 + [" "])
    assert len(found.queries) == 200 and found.targets[:3] == ["d0", "d3", "d6"]
    assert found.queries[0].split() == ["one", "two"] * 6


# the codec


PLAIN = Reading(stop_words=("the",))
CODEC = Codec(("sea", "ship", "port"), ("a", "b"), ("The ship sails the sea", "A ship in port"), PLAIN, 10)


def test_words_become_ids_and_what_is_unknown_has_an_id_of_its_own():
    arrays = CODEC.encode(["The SHIP, the zzz ship", "port"])
    assert arrays["ids"].tolist() == [[1, 3], [2, 3]]
    assert arrays["counts"].tolist() == [[2.0, 1.0], [1.0, 0.0]]
    assert arrays["ids"].dtype == np.int64 and arrays["counts"].dtype == np.float32


def test_a_query_is_read_up_to_a_bound():
    query = " ".join(f"w{i}" for i in range(400)) + " sea"
    with_a_known_word = "sea " + query
    assert CODEC.encode([with_a_known_word])["ids"].shape == (1, TERMS)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("shipp", "query: no document has shipp. Did you mean 'ship'?"),
        ("xqz wvk", "query: no document has xqz, wvk; try other words"),
        ("the ... !", "query: holds no word to look for (stop words and marks do not count)"),
    ],
)
def test_a_query_without_a_known_word_is_refused(query, says):
    with pytest.raises(UserError) as refused:
        CODEC.encode([query])
    assert str(refused.value) == says


def test_an_answer_names_documents_excerpts_and_unknown_words():
    (answer,) = CODEC.decode({"any": np.array([[0.2, 0.7]])}, ["ship zzz"])
    assert [place["name"] for place in answer["documents"]] == ["b", "a"]
    assert answer["documents"][0] == {"name": "b", "score": 0.7, "text": "A ship in port"}
    assert answer["verdict"]["en"] == "Looked for: ship. Not in the index, so without weight: zzz."
    assert answer["verdict"]["zh-TW"] == "找的詞：ship。索引裡沒有、因此沒有份量：zzz。"
    (silent,) = CODEC.decode({"any": np.array([[0.2, 0.7]])})
    assert silent["verdict"]["en"] == "The 2 nearest documents."
    assert replace(CODEC, top=1).decode({"any": np.array([[0.2, 0.7]])})[0]["documents"][0]["name"] == "b"


def test_ranking_leaves_out_what_is_not_near_and_keeps_the_order_of_equals():
    scores = np.array([0.5, -0.1, 0.0, 0.5000000001, 0.9], np.float32)
    assert [d for d, _ in ranked(scores, 10)] == [4, 0, 3]


def test_the_codec_survives_json():
    assert Codec.from_json(json.loads(json.dumps(CODEC.to_json()))) == replace(
        CODEC, vocabulary=tuple(CODEC.vocabulary)
    )


@pytest.mark.parametrize("query", ["who discovered oxygen", "Don’t stop: STEAM engines' steam", "café zzz 1,000 a_b"])
def test_the_readme_of_a_bundle_reads_queries_alike(query, trained):
    codec = trained.system.codec
    names = {"np": np, "codec": json.loads(json.dumps(codec.to_json()))}
    exec(EXAMPLE, names)
    if any(word in codec.index for word in codec.words(query)):
        own, shown = codec.encode([query]), names["encode"](query)
        for name, array in own.items():
            np.testing.assert_array_equal(shown[name], array)
    scores = np.linspace(-0.3, 0.9, 240, dtype=np.float32)[None]
    (answer,) = codec.decode({"s": scores})
    assert [name for name, _ in names["decode"]({"s": scores})] == [place["name"] for place in answer["documents"]]


# excerpts


TEXT = "zero " * 60 + "the gas turbine drives a ship " + "nil " * 60 + "gas " + "nothing " * 40


def test_an_excerpt_is_the_part_with_most_of_the_query():
    found = excerpt(TEXT, {"gas": 1.0, "turbine": 2.0})
    assert "gas turbine drives" in found and found.startswith("… ") and found.endswith(" …")
    assert len(found) <= LENGTH + 4


def test_an_excerpt_takes_whole_words_and_the_beginning_where_none_is_there():
    assert excerpt("gasoline " * 50 + "gas here", {"gas": 1.0}).endswith("gas here")
    assert excerpt(TEXT, {"other": 1.0}).startswith("zero zero")
    assert excerpt("short\n text", {"other": 1.0}) == "short text"
    assert "渦輪" in excerpt("零" * 300 + "渦輪" + "零" * 300, {"渦輪": 1.0}, "jieba")


# the module beside the index


VARIANTS = [
    {"tf": tf, "idf": idf, "normalise": normalise}
    for tf, idf, normalise in [
        ("share", "plain", "l2"), ("count", "smooth", "l2"), ("binary", "probabilistic", "none"),
        ("share", "none", "none"), ("log", "plus_one", "none"),
    ]
]  # fmt: skip
QUERIES = ["steam engine steam", "who discovered oxygen zzz", "the treaty of war", "chloroplast membranes"]


@pytest.mark.parametrize("by", ["tfidf", "lsa"])
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: "-".join(each.values()))
def test_the_module_gives_the_scores_of_the_index(variant, by, searched):
    system = searched(**TINY, **variant, by=by)
    assert system.index is not None
    for query in QUERIES:
        scores = system.compute(system.codec.encode([query]))[system.program().outputs[0]][0]
        hits = system.index.search(system.codec.words(query), 20, by)
        found = np.array([scores[d] for d, _ in hits])
        np.testing.assert_allclose(found, [score for _, score in hits], rtol=1e-5, atol=3e-6)
        assert len(hits) == min(20, (scores > 1e-6).sum())
        assert scores.max() == pytest.approx(hits[0][1], rel=1e-5)


def test_the_scores_are_scikit_learns(searched):
    """TfidfVectorizer's defaults on our words: tf count, idf smooth, l2."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    system = searched(tf="count", idf="smooth", topics=0)
    texts = [" ".join(system.codec.words(text)) for text in system.codec.texts]
    reference = TfidfVectorizer(analyzer=str.split).fit(texts)
    for query in QUERIES:
        asked = reference.transform([" ".join(system.codec.words(query))])
        wanted = (asked @ reference.transform(texts).T).toarray()
        found = system.compute(system.codec.encode([query]))["word_scores"]
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_topics_follow_from_the_documents_of_a_small_collection(searched):
    """What a run folder leaves out, because it can be computed: the basis of the exact SVD."""
    system = searched(topics=8)
    assert "topics" not in collection.saved(system.index)
    np.testing.assert_allclose(system.parts.topics[:-1], system.index.lsa.basis, atol=2e-5)
    assert not system.parts.topics[-1].any() and not system.parts.postings[-1].any()
    weights = system.parts.postings[:-1].astype(np.float64)
    values = np.linalg.svd(weights, compute_uv=False)[:8]
    np.testing.assert_allclose(system.index.lsa.singular, values, rtol=1e-5)


def test_padding_and_company_change_nothing(trained):
    system = trained.system
    alone = system.compute(system.codec.encode(["oxygen"]))["word_scores"][0]
    together = system.compute(system.codec.encode(["oxygen", "a long query about steam engines and war"]))[
        "word_scores"
    ]
    np.testing.assert_allclose(together[0], alone, atol=1e-7)


# scores


def test_average_precision_is_scikit_learns():
    from sklearn.metrics import average_precision_score

    random = np.random.default_rng(1)
    for _ in range(20):
        right, scores = random.random(40) < 0.2, random.random(40)
        right[[3, 7]] = True
        others = np.arange(40) != 3
        wanted = average_precision_score(right[others], scores[others])
        found, at_10 = average_precision(right, scores, 3)
        assert found == pytest.approx(wanted)
        assert at_10 == right[others][np.argsort(-scores[others])[:10]].sum() / 10


def test_groups_of_one_and_documents_of_no_group_are_not_asked():
    same = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.2], [0.1, 0.2, 1.0]])
    assert group_scores(["a", "a", "b"], lambda d: same[d]) == {"mean_average_precision": 1.0, "precision_at_10": 0.1}
    assert group_scores(["", "", "b"], lambda d: same[d]) == {}


def test_known_item_scores():
    answers = [{"documents": [{"name": "a"}, {"name": "b"}]}, {"documents": [{"name": "b"}]}]
    assert known_item_scores(answers, ["b", "c"]) == {
        "reciprocal_rank": 0.25,
        "found_first": 0.0,
        "found": 0.5,
        "queries": 2.0,
    }


def test_what_the_bundled_search_reaches():
    """Questions find their paragraph, and paragraphs their article."""
    scores = api.open(api.bundled("document_search")).evaluate()
    assert scores["reciprocal_rank"] == pytest.approx(0.917, abs=0.003)
    assert scores["mean_average_precision"] == pytest.approx(0.646, abs=0.003)
    assert scores["precision_at_10"] == pytest.approx(0.300, abs=0.003)


# a training


def test_a_training_that_was_stopped_ends_with_the_same_bits(trained, tmp_path, monkeypatch):
    build = Index.build
    told = []

    def stopped(*args, progress, stop, **kwargs):
        def tell(what, share):
            told.append(what)
            progress(what, share)

        return build(*args, progress=tell, stop=lambda: len(told) >= 3, **kwargs)

    monkeypatch.setattr(Index, "build", stopped)
    with pytest.raises(Interrupted, match="nothing is lost"):
        api.train("document_search", runs=tmp_path, **TINY)
    monkeypatch.undo()
    (run,) = Run.all(tmp_path, "document_search")
    assert run.state == "interrupted" and not (run.path / "model.safetensors").exists()
    resumed = api.resume(run.path)
    assert resumed.run.state == "done"
    for name in ("model.safetensors", "codec.json"):
        assert (run.path / name).read_bytes() == (trained.path / name).read_bytes(), name


def test_a_run_is_not_resumed_on_other_documents(tmp_path, monkeypatch):
    file = tmp_path / "mine.txt"
    file.write_text("one ship\ntwo seas\nthree ports\n")
    monkeypatch.setattr(Index, "build", _interrupt)
    with pytest.raises(Interrupted):
        api.train("document_search", runs=tmp_path / "runs", data=str(file))
    monkeypatch.undo()
    (run,) = Run.all(tmp_path / "runs", "document_search")
    file.write_text("one ship\n")
    with pytest.raises(UserError, match="changed"):
        api.resume(run.path)


def _interrupt(*_, **__):
    raise Interrupted("stopped")


# collections of one's own


@pytest.fixture
def own(tmp_path) -> Path:
    folder = tmp_path / "mine"
    for group, words in {"sea": ["ship", "port", "wave"], "sky": ["sun", "cloud", "wind"]}.items():
        for i in range(4):
            file = folder / group / f"{i}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{words[i % 3]} and {words[(i + 1) % 3]} number{i} {group}\n\nsecond paragraph {words[0]}")
    return folder


def test_a_folder_is_searched_and_measured_by_its_folders(own, tmp_path):
    trained = api.train("document_search", runs=tmp_path / "runs", data=str(own), topics=2)
    answer = trained.predict("ship")
    assert len(answer["documents"]) == 4 and all(place["name"].startswith("sea/") for place in answer["documents"])
    scores = trained.evaluate()
    assert scores["mean_average_precision"] == 1.0 and scores["queries"] == 8
    assert "user's own" in trained.system.attribution()[0]


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.txt", "t.txt.gz"])
def test_tables_and_lines_are_searched(name, tmp_path):
    import gzip

    rows = [("first", "a ship on the sea"), ("second", "the sun in the sky"), ("third", "a port by the sea")]
    text = {
        "t.csv": "title,body\n" + "".join(f"{title},{body}\n" for title, body in rows),
        "t.jsonl": "".join(json.dumps({"title": title, "body": body}) + "\n" for title, body in rows),
    }.get(name, "".join(f"{body}\n" for _, body in rows))
    file = tmp_path / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    columns = {"text_column": "body", "name_column": "title"} if name in ("t.csv", "t.jsonl") else {}
    trained = api.train("document_search", runs=tmp_path / "runs", data=str(file), topics=0, **columns)
    places = trained.predict("sky")["documents"]
    assert [place["text"] for place in places] == ["the sun in the sky"]
    if columns:
        assert places[0]["name"] == "second"


def test_a_collection_that_is_too_large_for_one_module_is_asked_through_its_index(own, tmp_path, monkeypatch):
    small = api.train("document_search", runs=tmp_path / "runs", data=str(own), topics=2)
    wanted = {query: small.predict(query) for query in ("ship wind", "cloud zzz")}
    monkeypatch.setattr(collection, "CELLS", 10)
    large = api.train("document_search", runs=tmp_path / "runs", data=str(own), topics=2)
    assert large.system.model is None
    for query, answer in wanted.items():
        found = large.predict(query)
        assert found["verdict"] == answer["verdict"]
        for place, other in zip(found["documents"], answer["documents"], strict=True):
            assert place["name"] == other["name"] and place["score"] == pytest.approx(other["score"], abs=1e-6)
    assert large.evaluate() == pytest.approx(small.evaluate())
    report = large.look("ship wind").check()
    assert report.checked == report.total and report.failed == []
    with pytest.raises(UserError, match="too many to ship"):
        large.export("onnx", tmp_path / "bundle")
    with pytest.raises(UserError, match="Did you mean"):
        large.predict("clouds")


def test_documents_that_were_added_to_the_runs_index_are_found(own, tmp_path):
    trained = api.train("document_search", runs=tmp_path / "runs", data=str(own), topics=2)
    Index.open(trained.path / "index").add([("new/one", ["submarine", "sea"], "a submarine in the sea")])
    (place,) = api.open(trained.path).predict("submarine")["documents"]
    assert place["name"] == "new/one" and place["text"] == "a submarine in the sea"


def test_queries_of_ones_own_are_scored(own, tmp_path):
    trained = api.train("document_search", runs=tmp_path / "runs", data=str(own), topics=0)
    asked = tmp_path / "asked.csv"
    asked.write_text("query,document\nnumber3 sea,sea/3.txt\nnumber1 sky,sky/1.txt\n")
    assert trained.evaluate(file=asked)["found_first"] == 1.0
    asked.write_text("query,document\nnumber3 sea,sea/33.txt\n")
    with pytest.raises(UserError, match=r"line 2: no document is named 'sea/33\.txt'"):
        trained.evaluate(file=asked)


@pytest.mark.parametrize(
    ("content", "fields", "says"),
    [
        (b"", {}, "no words"),
        (b"\n \n", {}, "no words"),
        (b"the of and\n", {}, "no word"),
        (b"one ship\ntwo seas\n", {"min_documents": 2}, "no word is left"),
        (b"a,b\n1,2\n", {"suffix": ".csv"}, "text"),
        (b"\xff\xfe\xfa ship\n", {}, "encoding"),
        (b"one ship\n", {"by": "lsa", "topics": 0}, "set topics"),
    ],
)
def test_bad_documents_leave_no_run_behind(content, fields, says, tmp_path):
    file = tmp_path / f"mine{fields.pop('suffix', '.txt')}"
    file.write_bytes(content)
    with pytest.raises(UserError) as error:
        api.train("document_search", runs=tmp_path / "runs", data=str(file), **fields)
    assert "\n" not in str(error.value) and says in str(error.value)
    assert not list((tmp_path / "runs").glob("*/*/model.safetensors"))


def test_one_document_and_one_word_are_enough(tmp_path):
    file = tmp_path / "one.txt"
    file.write_text("ship\nship sea\n")
    trained = api.train("document_search", runs=tmp_path / "runs", data=str(file), topics=1)
    assert [place["text"] for place in trained.predict("sea")["documents"]] == ["ship sea"]
    file.write_text("ship\n")
    alone = api.train("document_search", runs=tmp_path / "runs", data=str(file), idf="smooth")
    assert len(alone.predict("ship")["documents"]) == 1


def test_chinese_is_searched_by_characters(tmp_path):
    file = tmp_path / "zh.txt"
    file.write_text("蒸汽機使用高壓\n氧氣由舍勒發現\n戰爭之後的條約\n")
    trained = api.train("document_search", runs=tmp_path / "runs", data=str(file), words="characters", topics=0)
    assert [place["text"] for place in trained.predict("誰發現氧氣")["documents"]] == ["氧氣由舍勒發現"]


def test_the_reading_is_that_of_the_configuration():
    reading = reading_of(DataConfig(data="built-in"))
    assert (reading.column, reading.name_column, reading.stop_words) == ("text", "name", "english")
    assert reading_of(DataConfig(data="x.txt", stop_words="none")).stop_words == ()
