"""The index: what it finds is what the plain definition finds, before and after documents are added."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from pellucid.core.errors import Interrupted, UserError
from pellucid.rooms.document_search.index import Index
from pellucid.rooms.document_search.options import Options
from pellucid.rooms.document_search.search import Best
from pellucid.rooms.document_search.weights import (
    GENSIM,
    SCIKIT_LEARN,
    Weighting,
    inverse_document_frequency,
    weigh,
)
from search_help import corpus_of, counted, texts

DOCUMENTS = texts(250, seed=1)
QUERY = [*DOCUMENTS[17][:6], "never-seen"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return corpus_of(DOCUMENTS, tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def index(corpus, tmp_path_factory):
    return Index.build(corpus, Options(topics=12), tmp_path_factory.mktemp("index"), keep_text=True)


def expected_scores(index: Index, documents: list[list[str]], query: list[str]) -> np.ndarray:
    """Every document's score by the dense definition."""
    weighting = index.options.weighting
    counts = counted([*documents, query], index.ids)
    lengths = np.array([len(words) for words in [*documents, query]])
    held = (counts[:-1] > 0).sum(axis=0)
    weights = weigh(counts, lengths, inverse_document_frequency(held, len(documents), weighting.idf), weighting)
    return weights[:-1] @ weights[-1]


def check(index: Index, documents: list[list[str]], query: list[str]) -> None:
    scores = expected_scores(index, documents, query)
    found = index.search(query, top=len(documents))
    assert len(found) == int((scores > 0).sum())
    np.testing.assert_allclose([score for _, score in found], np.sort(scores)[::-1][: len(found)], rtol=2e-5, atol=1e-7)
    np.testing.assert_allclose([score for _, score in found], scores[[d for d, _ in found]], rtol=2e-5, atol=1e-7)


@pytest.mark.parametrize(
    "weighting",
    [
        Weighting(),
        SCIKIT_LEARN,
        GENSIM,
        Weighting("log", "probabilistic"),
        Weighting("binary", "plus_one", "none"),
        Weighting("share", "plain", "none"),
    ],
)
def test_scores_are_the_definition_s(corpus, tmp_path, weighting):
    check(Index.build(corpus, Options(weighting=weighting, topics=0), tmp_path), DOCUMENTS, QUERY)


def test_a_document_finds_itself_first(index):
    for d in range(0, 250, 25):
        for by in ("tfidf", "lsa"):
            found, score = index.search(DOCUMENTS[d], top=1, by=by)[0]
            assert found == d and score == pytest.approx(1, abs=1e-5)
    assert index.name(3).endswith("4") and index.text(3) == " ".join(DOCUMENTS[3])


def test_scores_among_the_topics_are_cosines_of_coordinates(index):
    place = index.place(QUERY)
    coordinates = np.stack([index.coordinates(d) for d in range(250)]).astype(np.float64)
    cosines = coordinates @ place / np.linalg.norm(coordinates, axis=1) / np.linalg.norm(place)
    found = index.search(QUERY, top=8, by="lsa")
    np.testing.assert_allclose([score for _, score in found], np.sort(cosines)[::-1][:8], atol=1e-5)


def test_what_a_query_weighs(index):
    ids, tf, idf, product = index.weigh(["a1", "a1", "w2", "never-seen"])
    assert [index.words[i] for i in ids] == ["a1", "w2"]
    np.testing.assert_allclose(tf, [0.5, 0.25])  # the unknown word counts as one of four
    np.testing.assert_allclose(idf, np.log(250 / index.documents_with[ids]))
    np.testing.assert_allclose(product, tf * idf / np.linalg.norm(tf * idf))


def test_a_query_of_unknown_words_finds_nothing(index):
    assert index.search(["never-seen"]) == index.search([]) == index.search(["never-seen"], by="lsa") == []
    assert index.search(QUERY, top=0) == []


def test_topics_say_their_words(index):
    topics = index.topics(3, words=4)
    assert len(topics) == 3 and all(len(words) == 4 for _, words in topics)
    for topic, (value, words) in enumerate(topics):
        assert value == index.lsa.singular[topic]
        assert [abs(weight) for _, weight in words] == sorted((abs(weight) for _, weight in words), reverse=True)
        assert words[0][1] == index.lsa.basis[:, topic].max() > 0


def test_only_words_within_the_limits_are_kept(corpus, tmp_path):
    options = Options(min_documents=3, max_share=0.5, most=40, topics=0)
    index = Index.build(corpus, options, tmp_path)
    held = {word: sum(word in words for words in DOCUMENTS) for word in corpus.vocabulary.words}
    allowed = [word for word in corpus.vocabulary.words if 3 <= held[word] <= 125]
    assert index.words.every() == allowed[:40] and list(index.documents_with) == [held[w] for w in allowed[:40]]
    check(index, DOCUMENTS, QUERY)


def test_nothing_left_is_said(corpus, tmp_path):
    with pytest.raises(UserError, match=r"no word is left: none of .* in at least 999 documents"):
        Index.build(corpus, Options(min_documents=999), tmp_path)
    assert not (tmp_path / "manifest.json").exists()


def test_without_topics_they_cannot_be_asked(corpus, tmp_path):
    index = Index.build(corpus, Options(topics=0), tmp_path)
    with pytest.raises(UserError, match="has no topics"):
        index.search(QUERY, by="lsa")


@pytest.mark.parametrize("how", ["update", "fold"])
def test_after_adding_it_answers_as_if_built_at_once(tmp_path, how):
    first = Index.build(corpus_of(DOCUMENTS[:100], tmp_path), Options(topics=8), tmp_path / "index")
    grown = first.add([(f"n{d}", DOCUMENTS[d], "text") for d in range(100, 180)], topics=how)
    grown = grown.add([(f"n{d}", DOCUMENTS[d]) for d in range(180, 250)], topics=how)
    check(grown, DOCUMENTS, QUERY)
    assert grown.name(180) == "n180" and grown.text(120) == "text" and grown.text(200) == ""
    assert grown.search(DOCUMENTS[201], top=1, by="lsa")[0][0] == 201
    check(first, DOCUMENTS[:100], QUERY)  # the older view answers as before
    ids, _, _, weights = grown.document(201)
    assert {grown.words[i] for i in ids} == set(DOCUMENTS[201]) and np.linalg.norm(weights) == pytest.approx(1)


def test_many_additions_become_one_part_with_the_same_answers(tmp_path, monkeypatch):
    from pellucid.rooms.document_search import build

    grown = Index.build(corpus_of(DOCUMENTS[:100], tmp_path), Options(topics=8), tmp_path / "index", keep_text=True)
    for d in range(100, 104):
        grown = grown.add([(f"n{d}", DOCUMENTS[d], f"text {d}")], topics="fold")
    assert len(grown.segments) == 5
    monkeypatch.setattr(build, "MOST_PARTS", 4)
    build.compact(grown.folder)
    one = Index.open(grown.folder, check=True)
    assert len(one.segments) == 1 and one.documents == 104
    check(one, DOCUMENTS[:104], QUERY)
    for d in range(0, 104, 3):
        assert (one.name(d), one.text(d)) == (grown.name(d), grown.text(d))
        for by in ("tfidf", "lsa"):
            assert one.search(DOCUMENTS[d], by=by) == grown.search(DOCUMENTS[d], by=by)
    for d in range(104, 108):
        one = one.add([(f"n{d}", DOCUMENTS[d])])
    assert len(one.segments) == 1 and one.documents == 108
    check(one, DOCUMENTS[:108], QUERY)


@pytest.mark.parametrize("documents", [[["alone"]], [["a", "b"]], [["same", "words"]] * 3])
def test_words_that_every_document_holds_weigh_nothing_and_nothing_breaks(tmp_path, documents):
    index = Index.build(corpus_of(documents, tmp_path), Options(topics=5), tmp_path / "index")
    assert index.search(documents[0]) == index.search(documents[0], by="lsa") == []
    assert index.topics(5) == [] and index.coordinates(0).shape == (0,)
    for how in ("update", "fold"):
        index = index.add([("new", ["other", "words"]), ("none", [])], topics=how)
    last = len(documents)
    assert [d for d, _ in index.search(["other"])] == [last, last + 2]
    assert index.search(["other"], by="lsa", top=1)[0][0] == last


def test_many_threads_get_the_same_answers(index):
    alone = [index.search(words, top=5) for words in DOCUMENTS[:40]]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda words: index.search(words, top=5), DOCUMENTS[:40])) == alone


def test_a_stop_leaves_the_index_that_was_there(corpus, tmp_path):
    Index.build(corpus, Options(topics=0), tmp_path)
    told = []
    with pytest.raises(Interrupted, match="nothing was changed"):
        Index.build(
            corpus, Options(topics=5), tmp_path, progress=lambda what, share: told.append((what, share)),
            stop=lambda: told[-1][0] == "finding topics",
        )  # fmt: skip
    assert Index.open(tmp_path).lsa is None and not (tmp_path / "000002").exists()
    assert all(0 <= share <= 1 for _, share in told)


def test_the_best_of_blocks_are_the_best_of_all_and_ties_keep_their_order():
    chance = np.random.default_rng(0)
    scores = np.round(chance.standard_normal(1000), 1).astype(np.float32)
    best = Best(25)
    for first in range(0, 1000, 77):
        best.take(scores[first : first + 77], first)
    order = np.argsort(-scores, kind="stable")[:25]
    assert best.found() == [(int(d), float(scores[d])) for d in order]
