"""Documents added to a trained search: found as if they had been there, refused or stopped without a trace."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from pellucid import api
from pellucid.core.errors import Interrupted, UserError
from pellucid.rooms.document_search import adding, build
from pellucid.rooms.document_search.index import Index

QUERIES = ("ship wind", "submarine", "cloud number2", "port sea")
FIRST = {
    f"{group}/{i}.txt": f"{words[i % 3]} and {words[(i + 1) % 3]} number{i} {group}\n\nsecond paragraph {words[0]}"
    for group, words in {"sea": ["ship", "port", "wave"], "sky": ["sun", "cloud", "wind"]}.items()
    for i in range(4)
}
MORE = {"sea/9.txt": "a submarine below the wave, a ship above", "fog.txt": "cloud upon the port, cloud and sea"}


def folder(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    return path


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> api.Trained:
    place = tmp_path_factory.mktemp("first")
    return api.train("document_search", runs=place / "runs", data=str(folder(place / "mine", FIRST)), topics=3)


@pytest.fixture
def run(first, tmp_path) -> api.Trained:
    """A run of its own for each test."""
    return api.open(shutil.copytree(first.path, tmp_path / "run"))


@pytest.fixture
def more(tmp_path) -> Path:
    return folder(tmp_path / "more", MORE)


def content(path: Path) -> dict[str, str]:
    files = (file for file in path.rglob("*") if file.is_file() and not file.name.endswith("lock"))
    return {str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def places(trained: api.Trained, query: str) -> dict[str, float]:
    return {place["name"]: place["score"] for place in trained.predict(query)["documents"]}


def test_words_rank_as_if_all_documents_had_been_there(run, more, tmp_path):
    added = run.add(more)
    assert (added.count, added.total, added.skipped, added.advice) == (2, 10, "", None)
    at_once = api.train(
        "document_search", runs=tmp_path / "runs", data=str(folder(tmp_path / "all", FIRST | MORE)), topics=3
    )
    for query in QUERIES:
        assert places(run, query) == pytest.approx(places(at_once, query), abs=1e-6), query
    assert places(run, "submarine").keys() == {"sea/9.txt"}
    assert run.run.info["parameters"] == run.system.parameters
    (told,) = run.run.info["data"]["added"]
    assert told["documents"] == 2 and told["fingerprint"]["files"] == 2 and str(tmp_path) not in json.dumps(told)


@pytest.mark.parametrize("parts", [16, 1])
def test_topics_rank_as_the_index_does(run, more, monkeypatch, parts):
    """The module multiplies with the new IDF, the topics were found with the old: both must point the same way. Also
    once all parts are one again (`MOST_PARTS`)."""
    monkeypatch.setattr(build, "MOST_PARTS", parts)
    run.run.update(config=run.run.info["config"] | {"by": "lsa"})
    before = run.predict("ship wind")
    run.add(more)
    system = run.system
    assert len(system.index.segments) == (2 if parts > 1 else 1)
    assert run.predict("ship wind") != before
    for query in QUERIES:
        hits = system.index.search(system.codec.words(query), 10, "lsa")
        wanted = {system.index.name(d): score for d, score in hits}
        assert places(run, query) == pytest.approx(wanted, abs=1e-5), query
    report = run.look("submarine port").check()
    assert report.checked == report.total and report.failed == []


def test_a_run_that_was_added_to_is_exported_anew(run, more, tmp_path):
    before = run.fingerprint
    run.add(more)
    assert run.fingerprint != before
    bundle = run.export("onnx", tmp_path / "bundle")
    assert "fog.txt" in json.loads((bundle / "bundle.json").read_text())["codec"]["names"]


@pytest.mark.parametrize("calls", [0, 1, 2, 3])
def test_a_stop_leaves_the_run_as_it_was(run, more, calls):
    before, told = content(run.path), []

    def stop() -> bool:
        told.append(1)
        return len(told) > calls

    with pytest.raises(Interrupted, match="nothing was changed"):
        run.add(more, stop=stop)
    assert content(run.path) == before


def test_a_kill_after_the_index_leaves_the_new_search(run, more, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    weights = (run.path / "model.safetensors").read_bytes()
    monkeypatch.setattr(adding, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        run.add(more)
    assert (run.path / "model.safetensors").read_bytes() == weights
    assert places(api.open(run.path), "submarine").keys() == {"sea/9.txt"}
    monkeypatch.undo()
    late = folder(run.path.parent / "late", {"late.txt": "a late ship"})
    assert run.add(late).total == 11
    assert places(api.open(run.path), "late").keys() == {"late.txt"}


def test_who_has_opened_the_run_keeps_the_old_search(run, more):
    reader = api.open(run.path)
    before = reader.predict("ship")
    run.add(more)
    assert reader.predict("ship") == before
    assert "sea/9.txt" in places(run, "ship")


def test_a_name_in_use_is_refused_or_left_out(run, tmp_path):
    again = folder(tmp_path / "again", {"sea/0.txt": "another text", "new.txt": "new words"})
    before = content(run.path)
    with pytest.raises(UserError, match=r"a document named 'sea/0\.txt' is there already; rename .*on_bad=skip"):
        run.add(again)
    assert content(run.path) == before
    added = run.add(again, on_bad="skip")
    assert added.count == 1 and "1 part was left out" in added.skipped
    with pytest.raises(UserError, match="there is no document to add: 2 parts were left out"):
        run.add(again, on_bad="skip")
    twice = tmp_path / "twice.csv"
    twice.write_text("text,name\nfirst text,a\nsecond text,a\n")
    with pytest.raises(UserError, match=r"twice\.csv, line 3: a document named 'a' is there already"):
        run.add(twice, name_column="name")


def test_a_packed_table_in_another_encoding(run, tmp_path):
    file = tmp_path / "表.csv.gz"
    file.write_bytes(gzip.compress("標題,內文\n渦輪,燃氣渦輪 turbine\n".encode("cp950")))
    assert run.add(file, text_column="內文", name_column="標題", encoding="cp950").count == 1
    assert places(run, "turbine").keys() == {"渦輪"}


@pytest.mark.parametrize(
    ("name", "text", "read", "says"),
    [
        ("a.txt", "the of and\n", {}, "holds no words"),
        ("a.txt", "\n \n", {}, "holds no words"),
        ("a.csv", "body\nship\n", {}, "no column 'text' among 'body'"),
        ("a.txt", "ship\n", {"split": "lines"}, "split: 'lines' is not one of auto, line, paragraph, file"),
        ("a.txt", "ship\n", {"lowercase": False}, "lowercase: cannot differ from the run's own"),
        ("a.txt", None, {}, "there is no such file or folder"),
    ],
)
def test_what_cannot_be_added_leaves_the_run_as_it_was(run, tmp_path, name, text, read, says):
    if text is not None:
        (tmp_path / name).write_text(text)
    before = content(run.path)
    with pytest.raises(UserError) as error:
        run.add(tmp_path / name, **read)
    assert says in str(error.value) and "\n" not in str(error.value)
    assert content(run.path) == before


def test_only_one_adds_at_a_time(run, more, monkeypatch):
    def meanwhile(*_):
        with pytest.raises(UserError, match="another process is adding to this index"):
            api.open(run.path).add(more)

    monkeypatch.setattr(adding, "save", meanwhile)
    run.add(more)


def test_a_run_that_is_not_done_takes_nothing(run, more):
    run.run.update(state="interrupted")
    with pytest.raises(UserError, match=r"its training is not done \(interrupted\)"):
        run.add(more)


def test_training_anew_is_advised_once_half_of_all_was_added(run, tmp_path):
    index = Index.open(run.path / "index").add([(f"new {i}", ["ship"]) for i in range(7)])
    assert (index.trained, index.documents) == (8, 15) and adding.advice(index, "lsa") is None
    index = index.add([("one more", ["wave"])])
    assert adding.advice(index, "lsa")["en"].startswith("50% of all documents")
    assert adding.advice(index, "tfidf") is None
