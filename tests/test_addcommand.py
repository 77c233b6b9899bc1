"""`pellucid add` and files with bad rows, as typed: what is told, where, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pellucid import api
from pellucid.cli import main


@pytest.fixture(scope="module")
def search(tmp_path_factory) -> api.Trained:
    folder = tmp_path_factory.mktemp("search")
    (folder / "first.txt").write_text("a ship in the port\na baker bakes bread\n")
    return api.train("document_search", runs=folder / "runs", data=str(folder / "first.txt"))


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return stop.value.code, out, err

    return call


def test_documents_are_added_and_found(run, search):
    Path("more").mkdir()
    Path("more/deep.txt").write_text("a submarine in the port")
    code, out, err = run("add", search.path, "more")
    assert code == 0, err
    assert out == "documents added: 1; the run holds 3 now\n"
    code, out, err = run("search", search.path, "submarine", "--top", "1", "--json")
    assert json.loads(out)["documents"][0]["name"] == "deep.txt"


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["document_search", "more.txt"], ["bundled", "train"]),
        (["spam_detector", "more.txt"], ["spam_detector", "nothing can be added"]),
        (["{run}", "none.txt"], ["none.txt", "no such file"]),
        (["{run}", "empty.txt"], ["empty.txt", "holds no words"]),
        (["{run}", "more.csv"], ["more.csv", "no column 'text'"]),
        (["{run}", "broken.txt.gz"], ["broken.txt.gz"]),
    ],
)
def test_what_cannot_be_added_is_one_line(run, search, arguments, parts):
    Path("more.txt").write_text("one more\n")
    Path("empty.txt").write_text("")
    Path("more.csv").write_text("body\none more\n")
    Path("broken.txt.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    before = search.path.joinpath("codec.json").read_bytes()
    code, out, err = run("add", *(word.format(run=search.path) for word in arguments))
    told = [line for line in err.splitlines() if not line.startswith("no run of yours")]
    assert code == 2 and not out and len(told) == 1, err
    assert all(part in err for part in parts), err
    assert search.path.joinpath("codec.json").read_bytes() == before


def test_one_bad_row_stops_a_file_unless_it_is_to_be_skipped(run):
    Path("asked.csv").write_text("query,who\nqueen,a\nqueenx,b\n,c\nking,d\n")
    code, out, err = run("predict", "word_vectors", "--file", "asked.csv", "--json")
    assert code == 2 and not out and "asked.csv, line 3" in err and "queenx" in err
    code, out, err = run("predict", "word_vectors", "--file", "asked.csv", "--json", "--on-bad", "skip")
    assert code == 0 and "not answered: 2 of 4" in err
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["who"] for row in rows] == ["a", "b", "c", "d"]
    assert [bool(row["error"]) for row in rows] == [False, True, True, False]
    assert rows[3]["words"] and rows[1]["words"] is None and "queenx" in rows[1]["error"]
