"""Document search: what the lesson says in its own sentences and tables, computed; other libraries' choices, too."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from pellucid import api
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.words import words
from pellucid.rooms import document_search
from pellucid.rooms.document_search import homework
from pellucid.rooms.document_search.data import built_in, group_of
from pellucid.rooms.document_search.weights import inverse_document_frequency

FOLDER = Path(document_search.__file__).parent
THREE = [text.split() for text in ("the ship sails the sea", "the sun in the sky", "a ship in a port")]


@pytest.fixture(params=["en", "zh-TW"])
def text(request) -> str:
    return (FOLDER / f"lesson.{request.param}.md").read_text(encoding="utf-8")


def says(text: str, number: str) -> bool:
    """Whether the lesson has this number by itself, wherever its lines end."""
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?![.,]?\d)", text) is not None


@pytest.fixture(scope="module")
def trained():
    """The run that comes with Pellucid."""
    return api.open(api.bundled("document_search"))


@pytest.fixture(scope="module")
def scores(tmp_path_factory) -> dict:
    """Of that run, and of the same index ranking by topics."""
    found = {}
    for by in ("tfidf", "lsa"):
        copy = tmp_path_factory.mktemp("run") / by
        shutil.copytree(api.bundled("document_search"), copy)
        about = json.loads((copy / "run.json").read_text())
        about["config"]["by"] = by
        (copy / "run.json").write_text(json.dumps(about))
        found[by] = api.open(copy).evaluate()
    return found


@pytest.fixture(scope="module")
def paragraphs() -> list[set[str]]:
    """The different words of each built-in paragraph, stop words as well."""
    return [set(words(line["text"], Reading())) for line in built_in()]


def worked(exercise):
    """The function of a worked solution."""
    names: dict = {}
    exec(exercise.solution, names)
    return names[exercise.name]


def test_tf_idf_by_hand(text):
    known, table = worked(homework.TF_IDF)(THREE)
    tf = {word: THREE[0].count(word) / len(THREE[0]) for word in THREE[0]}
    idf = {word: np.log(3 / sum(word in each for each in THREE)) for word in THREE[0]}
    written = re.findall(r"^\|[^|]*\*(\w+)\*[^|]* \| (0\.\d) \| (\d\.\d{3}) \| (0\.\d{3}) \|$", text, re.MULTILINE)
    assert [word for word, *_ in written] == ["the", "ship", "sails"]
    for word, *numbers in written:
        product = table[0, known.index(word)]
        assert numbers == [f"{tf[word]:.1f}", f"{idf[word]:.3f}", f"{product:.3f}"]
    assert "ln(3/1) = 1.099" in text and "ln(3/2) = 0.405" in text
    for line, document in enumerate(THREE, 1):
        assert f"{line}. *{' '.join(document)}*" in text


def test_the_inverted_index_of_three_documents(text):
    written = re.findall(r"^\| \*(\w+)\* \| (\d ?[（(].*) \|$", text, re.MULTILINE)
    assert [word for word, _ in written] == ["in", "sails", "ship", "the"]
    index = worked(homework.INDEX)(THREE)
    for word, entries in written:
        found = re.findall(r"(\d) ?[（(](\d)[）)]", entries)
        assert [(int(d) - 1, int(n)) for d, n in found] == index[word]


def test_the_table_of_rarity_and_what_an_index_saves(text, paragraphs):
    df = {word: sum(word in each for each in paragraphs) for word in "engine steam pressure high with the".split()}
    assert df == {"engine": 3, "steam": 5, "pressure": 10, "high": 17, "with": 127, "the": 238}
    for word, count in df.items():
        assert re.search(rf"^\| \*{word}\* \| (?:{count}|{count} of 240|240 份中有 {count} 份) \|", text, re.MULTILINE)
    for word in ("with", "the"):
        assert f"{np.log(240 / df[word]):.3f}" in text
    asked = [df[word] for word in ("engine", "steam", "pressure", "high")]
    assert " + ".join(map(str, asked)) in text and says(text, f"{sum(asked)}") and says(text, f"{4 * len(paragraphs)}")
    assert np.log(2) == pytest.approx(0.693, abs=5e-4) and "0.693" in text


def test_the_size_of_the_table(paragraphs):
    assert len(paragraphs) == 240
    assert len({group_of(line["name"], built_in=True) for line in built_in()}) == 48
    different = len(set().union(*paragraphs))
    assert 6_900 < different < 7_100
    filled = sum(map(len, paragraphs)) / (240 * different)
    assert f"{filled:.1%}" == "1.2%"
    assert sum("teacher" in each for each in paragraphs) == 1
    assert sum(line["name"].startswith("Teacher ") for line in built_in()) == 5
    having = [line["name"] for line, each in zip(built_in(), paragraphs, strict=True) if "doctor" in each]
    assert having == [f"Doctor Who {n}" for n in range(1, 6)]


def test_what_other_libraries_compute():
    """The lesson names scikit-learn's and gensim's choices of IDF and TF."""
    feature = pytest.importorskip("sklearn.feature_extraction.text")
    counts = np.array([[3, 1, 0, 1], [0, 1, 0, 0], [1, 1, 2, 0]])
    df = (counts > 0).sum(axis=0)
    for smooth, name in ((True, "smooth"), (False, "plus_one")):
        found = feature.TfidfTransformer(smooth_idf=smooth).fit(counts).idf_
        assert found == pytest.approx(inverse_document_frequency(df, 3, name))
    assert worked(homework.IDF)(3, df, "smooth") == pytest.approx(feature.TfidfTransformer().fit(counts).idf_)
    log = feature.TfidfTransformer(norm=None, use_idf=False, sublinear_tf=True).fit_transform(counts).toarray()
    assert log[0].tolist() == pytest.approx([1 + np.log(3), 1, 0, 1])
    plain = feature.TfidfTransformer(norm=None, use_idf=False).fit_transform(counts).toarray()
    assert plain.tolist() == counts.tolist()


def test_what_gensim_computes():
    models = pytest.importorskip("gensim.models")
    texts = [[(0, 3), (1, 1)], [(1, 1)], [(0, 1), (2, 2)]]
    model = models.TfidfModel(texts, normalize=False)
    found = dict(model[texts[0]])
    assert found == pytest.approx({0: 3 * np.log2(3 / 2), 1: np.log2(3 / 2)})  # counts, and base 2


def test_the_homeworks_idf_is_the_rooms():
    df = np.array([1, 17, 120, 239, 240])
    for kind in ("plain", "smooth", "probabilistic"):
        assert worked(homework.IDF)(240, df, kind) == pytest.approx(inverse_document_frequency(df, 240, kind))


def test_the_homeworks_topics_are_a_projection():
    """With all topics, the scores are those of the words; with one, all documents on the same side score alike."""
    rng = np.random.default_rng(0)
    matrix, query = rng.uniform(0, 1, (6, 4)), rng.uniform(0, 1, 4)
    best, scores = worked(homework.COSINE)(query, matrix, 6)
    assert worked(homework.TOPICS)(matrix, query, 4)[best] == pytest.approx(scores)
    assert worked(homework.TOPICS)(matrix, query, 1) == pytest.approx(np.ones(6))


def cosine(a, b) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_what_is_said_of_words_and_topics(text, trained):
    model, known = trained.system.model, list(trained.system.codec.vocabulary)
    plague, disease = known.index("plague"), known.index("disease")
    for table in (model.postings, model.topics):
        numbers = table.detach().numpy()
        assert says(text, f"{cosine(numbers[plague], numbers[disease]):.2f}")
    trace = trained.look("steam engine with high pressure")
    assert trace.array("direction").shape[-1] == 32 and says(text, "32")
    assert np.abs(trace.array("direction")[0]).argmax() == 12
    heaviest = [word.removeprefix("-") for word in trace.meta["themes"][12][:3]]
    signs = [word.startswith("-") for word in trace.meta["themes"][12][:3]]
    assert heaviest == ["doctor", "steam", "engine"] and signs == [not signs[1], signs[1], signs[1]]


def test_what_is_said_of_the_documents_that_are_found(text, trained):
    trace = trained.look("steam engine with high pressure")
    names = trace.axis_labels["document"]
    by_words, by_topics = trace.array("word_scores")[0], trace.array("topic_scores")[0]
    assert (by_words > 0).sum() == 23 and says(text, "23")
    assert by_words.argmax() == 58 and names[58] == "Steam engine 4"
    best = np.argsort(-by_topics)[:6]
    assert {names[d] for d in best[:5]} == {f"Steam engine {n}" for n in range(1, 6)}
    assert names[57] == "Steam engine 3" and by_words[57] < 0.1 < 0.7 < by_topics[57]
    assert best[5] == 68 and names[68] == "1973 oil crisis 4" and by_words[68] == 0 < by_topics[68]
    found = [answer["documents"] for answer in trained.predict(["doctor", "teacher"])]
    assert [[each["name"].split()[0] for each in documents] for documents in found] == [["Doctor"] * 5, ["Teacher"]]


def test_what_is_said_of_asking_twice(trained):
    once, twice, thrice = (
        trained.look(query).array("word_scores")[0]
        for query in ("steam engine", "steam engine steam engine", "steam steam steam engine")
    )
    assert twice == pytest.approx(once, abs=1e-6)
    assert thrice[59] > once[59] + 0.05  # Steam engine 5, which names no engine
    assert "engine" not in words(built_in()[59]["text"], Reading())


def test_what_is_said_of_oxygen(text, trained):
    trace = trained.look("who discovered oxygen")
    assert trace.axis_labels["word"] == ["discovered", "oxygen"] and trace.axis_labels["document"][60] == "Oxygen 1"
    assert trace.array("word_scores")[0].argmax() == 60
    line = built_in()[60]["text"]
    counted = [words(line, Reading()).count(word) for word in ("discovered", "oxygen")]
    assert counted == [1, 6]
    reading = trained.system.codec.reading
    assert len(words(line, reading)) == 87 and says(text, "87")


@pytest.fixture(scope="module")
def few_topics(trained) -> dict:
    """Cosines of the steam engine with all documents by 2 and by 100 topics: exact, not by the room's own method."""
    model, known = trained.system.model, list(trained.system.codec.vocabulary)
    table = model.postings.detach().numpy()[: len(known)].T.astype(float)  # A [D, V]
    query = np.zeros(len(known))
    for word in "steam engine high pressure".split():
        query[known.index(word)] = float(model.idf[known.index(word)])
    squares, vectors = np.linalg.eigh(table @ table.T)  # A A^T = U S^2 U^T, of 240 rows instead of thousands
    found = {}
    for k in (2, 100):
        u, s = vectors[:, -k:], np.sqrt(squares[-k:])
        found[k] = np.array([cosine(row, (table @ query) @ u / s) for row in u * s])
    return found


def test_how_few_topics_blur(text, trained, few_topics):
    names = trained.system.codec.names
    assert (few_topics[2] > 0.9).sum() == 171 and says(text, "171")
    assert [names[d].split()[0] for d in np.argsort(-few_topics[2])[:2]] == ["Oxygen", "Ctenophora"]
    assert [names[d][:12] for d in np.flatnonzero(few_topics[100] > 0.9)] == ["Steam engine"] * 2


def test_how_good_it_is(text, scores):
    rows = re.findall(r"^\| [^|]+ \| (0\.\d{3}|\d\d\.\d%) \| (0\.\d{3}|\d\d\.\d%) \|$", text, re.MULTILINE)
    names = "found_first", "found", "reciprocal_rank", "precision_at_10", "mean_average_precision"
    for written, name in zip(rows, names, strict=True):
        form = ".1%" if name.startswith("found") else ".3f"
        assert written == tuple(format(scores[by][name], form) for by in ("tfidf", "lsa"))
    assert f"{scores['tfidf']['queries']:,.0f}" in text
    assert sum(len(line["questions"]) for line in built_in()) == 1190
