"""What is seen inside a search: the weights of query and document, the shares, the topics; all of it checked."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import api
from pellucid.rooms.document_search import CARD
from pellucid.rooms.document_search.config import Config
from pellucid.rooms.document_search.inside import layers, themes
from pellucid.rooms.document_search.system import System
from pellucid.rooms.document_search.weights import inverse_document_frequency, weigh

QUERY = "steam engine with high pressure zzz"


@pytest.fixture(scope="module")
def bundled() -> api.Trained:
    return api.open(api.bundled("document_search"))


@pytest.fixture(scope="module")
def trace(bundled):
    return bundled.look(QUERY)


def with_settings(bundled: api.Trained, **fields) -> System:
    """The bundled documents ranked in another way."""
    arrays = {name: value.numpy() for name, value in bundled.run.load_weights().items()}
    config = Config.build({**bundled.run.info["config"], **fields})
    return System(config, bundled.system.codec, arrays, bundled.run.info["data"], None)


def test_every_number_is_checked(bundled, trace):
    report = trace.check()
    assert report.checked == report.total > 30 and not report.failed and not report.unchecked
    backward = bundled.look(QUERY, backward=True)
    assert backward.check().failed == []
    assert backward.gradient("in_documents") is not None


def test_looking_begins_at_the_best_document(trace):
    best = trace.meta["begins"]["document"]
    assert best == int(trace.array("shares")[0].sum(axis=0).argmax()) != (240 - 1) // 2
    assert trace.axis_labels["document"][best] == "Steam engine 4"


def test_the_querys_weights_are_the_definition(bundled, trace):
    """TF = count / words, IDF = ln(N / df), length 1: from the documents' texts alone."""
    codec = bundled.system.codec
    held = [set(codec.words(text)) for text in codec.texts]
    words = trace.axis_labels["word"]
    assert words == ["steam", "engine", "high", "pressure", "zzz"]
    df = np.array([sum(word in document for document in held) for word in words])
    idf = inverse_document_frequency(df, 240)
    np.testing.assert_allclose(trace.array("word_idf")[0], idf, atol=1e-6)
    np.testing.assert_allclose(trace.array("tf")[0], 0.2, atol=1e-7)
    wanted = weigh(np.array([[1, 1, 1, 1, 1]]), np.array([5]), idf, bundled.system.model and _weighting())
    np.testing.assert_allclose(trace.array("weights"), wanted, atol=1e-6)


def _weighting():
    from pellucid.rooms.document_search.weights import Weighting

    return Weighting()


def test_the_shares_add_up_to_the_cosine_that_is_answered(bundled, trace):
    answer = bundled.predict(QUERY)
    scores = trace.array("word_scores")[0]
    np.testing.assert_allclose(trace.array("shares").sum(axis=1)[0], scores, atol=1e-6)
    best = answer["documents"][0]
    assert trace.axis_labels["document"][scores.argmax()] == best["name"] == trace.meta["document"]["name"]
    assert scores.max() == pytest.approx(best["score"], abs=1e-6)


def test_the_best_documents_own_weights_are_those_that_the_query_met(trace):
    best = trace.meta["best"]
    own = dict(zip(trace.axis_labels["its word"], trace.array("document_weights"), strict=True))
    for i, word in enumerate(trace.axis_labels["word"]):
        assert trace.array("in_documents")[0, i, best] == pytest.approx(own.get(word, 0.0), abs=1e-6)
    assert np.linalg.norm(trace.array("document_weights")) == pytest.approx(1, abs=1e-6)


def test_the_best_document_lies_where_the_topics_say(trace):
    best = trace.meta["best"]
    np.testing.assert_allclose(trace.array("document_direction"), trace.array("coordinates")[best], atol=1e-5)
    cosine = trace.array("direction")[0] @ trace.array("document_direction")
    assert cosine == pytest.approx(trace.array("topic_scores")[0, best], abs=1e-5)


def test_the_topics_have_their_words(bundled, trace):
    topics = bundled.system.parts.topics[:-1]
    vocabulary = bundled.system.codec.vocabulary
    assert len(trace.meta["themes"]) == topics.shape[1] == len(trace.axis_labels["topic"]) == 32
    for k in (0, 7, 31):
        strongest = np.abs(topics[:, k]).argmax()
        sign = "" if topics[strongest, k] > 0 else "-"
        assert trace.meta["themes"][k][0] == sign + vocabulary[strongest]
    assert themes(np.array([[0.1, -2], [3, 1]]), ["a", "b"], 1) == [["b"], ["-a"]]


def test_a_trace_holds_the_querys_words_alone(trace, tmp_path):
    """And not every word in every document."""
    assert trace.array("postings").shape == (5, 240)
    assert trace.save(tmp_path / "trace.safetensors") < 200_000


def test_the_story_tells_why(bundled, trace):
    told = list(bundled.system.story(trace))
    text = "\n".join(told)
    assert "note         Not in the index, so of weight 0: zzz" in told
    row = next(line for line in told if line.startswith("steam "))
    tf, idf, product = float(row.split()[2]), float(row.split()[4]), float(row.split()[6])
    assert product == pytest.approx(tf * idf, abs=1e-4)
    assert "why Steam engine 4" in text and "topics       query  best document" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("fields", [{"by": "lsa"}, {"tf": "log", "normalise": "none"}, {"tf": "binary", "by": "lsa"}])
def test_every_setting_can_be_looked_at(bundled, fields):
    system = with_settings(bundled, **fields)
    for query in (QUERY, *CARD.input.examples):
        trace = system.look(query)
        assert trace.check().failed == []
        name = system.program().outputs[0]
        wanted = system.compute(system.codec.encode([query]))[name]
        np.testing.assert_allclose(trace.array(name), wanted, rtol=1e-5, atol=1e-6)
        assert list(system.story(trace))
        assert trace.meta["picture"] in trace


@pytest.mark.parametrize("by", ["tfidf", "lsa"])
def test_influence_is_each_words_share(bundled, by):
    system = with_settings(bundled, by=by)
    found = system.influence(QUERY)
    assert found.parts == ("steam", "engine", "high", "pressure", "zzz")
    assert found.known == (True, True, True, True, False)
    assert sum(found.gradient) == pytest.approx(found.score, abs=1e-5)
    assert found.occlusion[-1] == pytest.approx(0, abs=1e-6) and found.gradient[-1] == 0
    (alone,) = [i for i, word in enumerate(found.parts) if word == "engine"]
    answers = system.predict(["steam high pressure zzz"])
    name = found.score_name["en"].removeprefix("score of ")
    without = {place["name"]: place["score"] for place in next(answers)["documents"]}
    assert found.occlusion[alone] == pytest.approx(found.score - without[name], abs=1e-5)


def test_the_table_of_layers_counts_the_words_the_documents_and_the_topics():
    (table,) = layers(6875, 240, 32)
    assert table.total == 6876 * (1 + 240 + 32) + 240 * 32
    (without,) = layers(10, 4, 0)
    assert without.total == 11 * 5
