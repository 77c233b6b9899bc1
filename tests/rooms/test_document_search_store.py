"""The saved index: whole or not there, whatever happens to the writer; a reader keeps its view."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pellucid.core.errors import UserError
from pellucid.rooms.document_search import store
from pellucid.rooms.document_search.index import Index
from pellucid.rooms.document_search.options import Options
from search_help import corpus_of, texts

DOCUMENTS = texts(80, seed=2)


@pytest.fixture
def index(tmp_path):
    return Index.build(corpus_of(DOCUMENTS, tmp_path), Options(topics=6), tmp_path / "index")


WRITER = """
import sys
from pathlib import Path
from pellucid.rooms.document_search.index import Index
index = Index.open(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    index = index.add([(f"added {index.documents}", ["killed", f"while{index.documents}", "w1"])])
    print(index.documents, flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_index(index):
    """kill -9 at random moments of a process that adds without pause: what opens has all of some additions, no part."""
    chance = np.random.default_rng(0)
    before = index.documents
    for _ in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(index.folder)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout.readline() == "ready\n"
        told = int(writer.stdout.readline())
        time.sleep(chance.uniform(0, 0.1))
        os.kill(writer.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        rest, _ = writer.communicate()
        told = max([told, *map(int, rest.split())])
        found = Index.open(index.folder, check=True)
        assert found.documents in (told, told + 1) and found.documents > before
        assert len(found.search(["killed"], top=10_000)) == found.documents - 80
        before = found.documents
    after = found.add([("after", ["killed"])])
    assert after.documents == before + 1
    left = {path.relative_to(after.folder).as_posix() for path in after.folder.rglob("*.npy")}
    assert left == set(after.manifest["files"])  # what the killed ones left is gone, and what does not count any more


def test_a_reader_keeps_its_view_while_a_writer_adds(index):
    answers = [index.search(words, top=5, by=by) for words in DOCUMENTS[:10] for by in ("tfidf", "lsa")]
    newer = index
    for n in range(3):
        newer = newer.add([(f"new {n}", DOCUMENTS[n])])
    assert newer.documents == 83 and index.documents == 80
    assert [index.search(words, top=5, by=by) for words in DOCUMENTS[:10] for by in ("tfidf", "lsa")] == answers
    assert {d for d, _ in newer.search(DOCUMENTS[1], top=2)} == {1, 81}


def test_a_second_writer_is_refused(index):
    with store.writing(index.folder), pytest.raises(UserError, match="another process is adding to this index"):
        index.add([("a", ["w1"])])


@pytest.mark.parametrize("damage", ["shorter", "changed"])
def test_damage_is_found(index, damage):
    ref = index.manifest["segments"][0]["list_counts"]
    file = index.folder / ref
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content[: -4 if damage == "shorter" else None])
    with pytest.raises(UserError, match=r"list_counts.npy: is damaged"):
        Index.open(index.folder, check=damage == "changed")


def test_a_missing_file_a_broken_manifest_and_no_index_are_said(index, tmp_path):
    (index.folder / index.manifest["whole"]["basis"]).unlink()
    with pytest.raises(UserError, match=r"basis.npy: is missing"):
        Index.open(index.folder)
    (index.folder / "manifest.json").write_text('{"format": 1, "gen')
    with pytest.raises(UserError, match=r"manifest.json: is damaged"):
        Index.open(index.folder)
    (index.folder / "manifest.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(UserError, match="format 99"):
        Index.open(index.folder)
    with pytest.raises(UserError, match="holds no index"):
        Index.open(tmp_path)


def test_a_full_disk_leaves_the_index_that_was_there(index, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(p.relative_to(index.folder) for p in index.folder.rglob("*"))
    monkeypatch.setattr(store.os, "posix_fallocate", full, raising=False)
    with pytest.raises(UserError, match="the disk is full"):
        index.add([("a", ["w1", "w2"])])
    assert sorted(p.relative_to(index.folder) for p in index.folder.rglob("*")) == before
    assert Index.open(index.folder, check=True).documents == 80


def test_nothing_to_add_is_said(index):
    with pytest.raises(UserError, match="no document to add"):
        index.add([])


def test_the_files_are_numpy_s_own(index):
    ids = np.load(index.folder / index.manifest["segments"][0]["ids"])
    starts = np.load(index.folder / index.manifest["segments"][0]["starts"])
    words = {index.words[i] for i in ids[starts[4] : starts[5]]}
    assert words == set(DOCUMENTS[4]) and ids.dtype == np.int32


def test_nothing_of_the_folder_s_place_is_written(index):
    assert str(Path.home()) not in (index.folder / "manifest.json").read_text()
    assert str(index.folder) not in (index.folder / "manifest.json").read_text()
