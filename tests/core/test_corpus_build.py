"""Corpora on disk: held against a Counter, killed, run out of disk, damaged, and built again."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from pellucid.core.corpus import blocks, part, plain, sources
from pellucid.core.corpus import build as building
from pellucid.core.corpus.build import build
from pellucid.core.corpus.corpus import Corpus, corpus_folder
from pellucid.core.corpus.reading import Reading
from pellucid.core.errors import Interrupted, UserError

CHANCE = random.Random(1)
VOCABULARY = [f"{a}{b}'s" if a == "q" else a + b for a in "abcdefghqé中" for b in ("x", "yz", "'t", "9", "Ü")]
LINES = [
    "  ".join(CHANCE.choices(VOCABULARY, [1 / (i + 1) for i in range(len(VOCABULARY))], k=CHANCE.randrange(1, 30)))
    for _ in range(2_000)
]
LINES[700] = "--- ..."  # a document without words

SMALL_BLOCKS = """
import os, signal, sys
from pellucid.core.corpus import blocks, plain
blocks.BLOCK = plain.BLOCK = 5_000; plain.CHUNK = 2_000
from pellucid.core.corpus import build as building
from pellucid.core.corpus.reading import Reading
source, folder, when, at, workers = sys.argv[1:]
from pellucid.core.corpus import pool
pool.IN_PROCESSES = ("unicode",) if int(workers) == 2 else ()
seen = 0
def progress(what, share):
    global seen
    seen += what == when
    if what == when and seen == int(at):
        os.kill(os.getpid(), signal.SIGKILL)
building.build(source, Reading(), folder, workers=int(workers), progress=progress, keep_text=True)
"""


def plain_words(text):
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower())


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("\n".join(LINES), "utf-8")
    return path


@pytest.fixture
def small_blocks(monkeypatch):
    for module in (blocks, plain, sources, building):
        monkeypatch.setattr(module, "BLOCK", 5_000)
    monkeypatch.setattr(plain, "CHUNK", 2_000)


def contents(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def beside(folder: Path) -> list[str]:
    """What lies beside a corpus's folder and its source."""
    return sorted(path.name for path in folder.parent.iterdir() if path.suffix not in (".txt", ".lock"))


def test_a_corpus_is_what_a_counter_counts(source, tmp_path, small_blocks, monkeypatch):
    monkeypatch.setattr("pellucid.core.corpus.joining.SHARD", 9_000)
    corpus = build(source, Reading(), tmp_path / "out", keep_text=True)
    tokens = [plain_words(line) for line in LINES]
    counts = Counter(word for line in tokens for word in line)
    holding = Counter(word for line in tokens for word in set(line))
    vocabulary = corpus.vocabulary
    assert vocabulary.words == sorted(counts, key=lambda word: (-counts[word], word))
    assert vocabulary.counts.tolist() == [counts[word] for word in vocabulary.words]
    assert vocabulary.documents_with.tolist() == [holding[word] for word in vocabulary.words]
    assert len(corpus.shards) > 2 and corpus.documents == len(LINES) and corpus.tokens == counts.total()
    for i, line in enumerate(tokens):
        assert [vocabulary.words[w] for w in corpus.document(i)] == line
    assert [corpus.text(i) for i in (0, 999, 1_999)] == [LINES[0], LINES[999], LINES[1_999]]
    assert corpus.name(1_234) == "own.txt:1235"
    shard = corpus.shards[1]
    assert isinstance(shard.ids, np.memmap) and shard.ids.dtype == np.int32 and shard.offsets.dtype == np.int64
    assert shard.offsets[0] == 0 and shard.offsets[-1] == len(shard.ids) == shard.tokens
    assert np.array_equal(np.load(shard.folder / "ids.npy"), shard.ids)
    assert corpus.fingerprint["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert beside(tmp_path / "out") == ["out"]
    corpus.check()
    with pytest.raises(IndexError):
        corpus.document(len(LINES))


def test_neither_threads_nor_processes_change_anything(source, tmp_path, small_blocks, monkeypatch):
    for workers, processes in ((1, ()), (3, ()), (2, ("unicode",))):
        monkeypatch.setattr("pellucid.core.corpus.pool.IN_PROCESSES", processes)
        build(source, Reading(), tmp_path / str(workers), workers=workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "2") == contents(tmp_path / "3")


def test_left_out_words_leave_no_gaps(source, tmp_path, small_blocks):
    reading = Reading(stop_words=("ax", "éyz"), min_letters=3, lowercase=False)
    corpus = build(source, reading, tmp_path / "out")
    wanted = [
        [word for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", line) if len(word) >= 3 and word not in ("ax", "éyz")]
        for line in LINES
    ]
    for i, line in enumerate(wanted):
        assert [corpus.vocabulary.words[w] for w in corpus.document(i)] == line


def test_rare_words_are_pruned_where_the_vocabulary_grows_too_large(source, tmp_path, small_blocks):
    corpus = build(source, Reading(), tmp_path / "out", prune_above=20)
    kept = set(corpus.vocabulary.words)
    assert 5 < len(kept) <= 20 and corpus.manifest["pruned"] > 0
    counts = Counter(word for line in LINES for word in plain_words(line))
    assert set(corpus.vocabulary.words[:5]) == {word for word, _ in counts.most_common(5)}
    for i in range(0, len(LINES), 50):
        assert [corpus.vocabulary.words[w] for w in corpus.document(i)] == [
            word for word in plain_words(LINES[i]) if word in kept
        ]
    assert corpus.tokens == sum(word in kept for line in LINES for word in plain_words(line))


def test_cut(source, tmp_path):
    corpus = build(source, Reading(), tmp_path / "out")
    counts = corpus.vocabulary.counts
    assert corpus.cut() == len(counts) and corpus.cut(most=7) == 7
    assert corpus.cut(300) == sum(counts >= 300) and counts[corpus.cut(300) - 1] >= 300 > counts[corpus.cut(300)]
    with pytest.raises(UserError, match=r"min_count: no word occurs 100,000 times; the most frequent, 'ax', occurs"):
        corpus.cut(100_000)


# again


def test_what_is_built_is_opened_at_once_unless_it_would_be_another(source, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    build(source, Reading(), folder, keep_text=True)
    first = contents(folder)
    with monkeypatch.context() as here:
        here.setattr(building, "Source", None)
        build(source, Reading(), folder)  # without texts is less than with them
        with pytest.raises(TypeError):
            build(source, Reading(lowercase=False), folder)
    assert contents(folder) == first
    source.write_text("entirely other", "utf-8")
    corpus = build(source, Reading(), folder)
    assert corpus.vocabulary.words == ["entirely", "other"] and beside(folder) == ["out"]
    with pytest.raises(UserError, match="built without its texts"):
        corpus.text(0)


def test_every_reading_has_its_folder(source, tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    folder = corpus_folder(source, Reading())
    assert folder.parent == tmp_path / "cache" / "corpora" and folder == corpus_folder(str(source), Reading())
    others = {corpus_folder(source, Reading(lowercase=False)), corpus_folder(tmp_path / "x" / "own.txt", Reading())}
    assert len(others | {folder}) == 3


@pytest.mark.parametrize(
    ("when", "at", "workers"),
    [("reading", 4, 1), ("reading", 6, 2), ("reading", 9, 3), ("counting", 3, 1), ("writing", 2, 1)],
)
def test_a_killed_build_goes_on_and_gives_the_same(source, tmp_path, small_blocks, monkeypatch, when, at, workers):
    calls: list[int] = []
    tokenise = part.tokenise
    monkeypatch.setattr(part, "tokenise", lambda *a: calls.append(1) or tokenise(*a))
    whole = contents(build(source, Reading(), tmp_path / "whole", keep_text=True).folder)
    parts = len(calls)
    folder = tmp_path / "out"
    killed = subprocess.run([sys.executable, "-c", SMALL_BLOCKS, source, folder, when, str(at), str(workers)])
    assert killed.returncode == -signal.SIGKILL and not folder.exists()
    done = len(list((tmp_path / "out.part").glob("part-??????")))
    assert at - 2 - workers <= done < parts if when == "reading" else done == parts
    build(source, Reading(), folder, keep_text=True)
    assert 2 * parts - done - workers <= len(calls) <= 2 * parts - done  # its processes end with what they are at
    assert contents(folder) == whole and beside(folder) == ["out", "whole"]


def test_the_processes_end_with_a_killed_caller(source, tmp_path):
    code = SMALL_BLOCKS.replace(
        "os.kill(os.getpid(), signal.SIGKILL)",
        "print(*[p.name for p in os.scandir('/proc') if p.name.isdigit() and parent(p.name)]); sys.stdout.flush(); "
        "os.kill(os.getpid(), signal.SIGKILL)",
    ).replace("seen = 0", "def parent(n):\n    try: return open(f'/proc/{n}/stat').read().rpartition(')')[2].split()[1]"
              " == str(os.getpid())\n    except OSError: return False\nseen = 0")  # fmt: skip
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    command = [sys.executable, "-c", code, source, tmp_path / "out", "reading", "3", "2"]
    children = subprocess.run(command, capture_output=True, text=True).stdout.split()
    assert len(children) == 2
    deadline = time.monotonic() + 30
    while any(_lives(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(_lives(child) for child in children)


def _lives(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_damaged_or_foreign_part_is_made_again(source, tmp_path, small_blocks):
    whole = contents(build(source, Reading(), tmp_path / "whole", keep_text=True).folder)
    folder, work = tmp_path / "out", tmp_path / "out.part"
    subprocess.run([sys.executable, "-c", SMALL_BLOCKS, source, folder, "counting", "1", "1"])
    third = work / "part-000003"
    data = bytearray(third.read_bytes())
    data[len(data) // 2] ^= 1
    third.write_bytes(data)
    (work / "part-000005").write_bytes(b"")
    build(source, Reading(), folder, keep_text=True)
    assert contents(folder) == whole


def test_two_who_build_the_same_at_once_do_it_once(source, tmp_path, small_blocks, monkeypatch):
    calls: list[int] = []
    tokenise = part.tokenise
    monkeypatch.setattr(part, "tokenise", lambda *a: calls.append(1) or tokenise(*a))
    build(source, Reading(), tmp_path / "alone")
    alone = len(calls)
    with ThreadPoolExecutor(3) as threads:
        corpora = list(threads.map(lambda _: build(source, Reading(), tmp_path / "out"), range(3)))
    assert len(calls) == 2 * alone and {corpus.tokens for corpus in corpora} == {corpora[0].tokens}


def test_asked_to_stop(source, tmp_path, small_blocks):
    asked = iter([False] * 5 + [True])
    with pytest.raises(Interrupted, match=r"out\.part, and the same command goes on"):
        build(source, Reading(), tmp_path / "out", stop=lambda: next(asked))
    assert not (tmp_path / "out").exists()
    assert build(source, Reading(), tmp_path / "out").documents == len(LINES)


def test_progress_goes_from_0_to_1_in_each_of_three_passes(source, tmp_path, small_blocks):
    told: list[tuple[str, float]] = []
    build(source, Reading(), tmp_path / "out", progress=lambda *what: told.append(what))
    assert list(dict.fromkeys(what for what, _ in told)) == ["compiling", "reading", "counting", "writing"]
    for name in ("reading", "counting", "writing"):
        shares = [share for what, share in told if what == name]
        assert shares == sorted(shares) and 0 <= shares[0] < 0.2 and 0.7 < shares[-1] <= 1


# what goes wrong


class FullDisk:
    """Files below a folder take so many bytes in all, and then none."""

    def __init__(self, room: int) -> None:
        self.room, self.open = room, Path.open

    def opened(self, path: Path, mode: str = "r", *more, **options):
        file = self.open(path, mode, *more, **options)
        if "w" in mode:
            write = file.write

            def limited(data):
                self.room -= memoryview(data).nbytes
                if self.room < 0:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return write(data)

            return _Proxy(file, limited)
        return file


class _Proxy:
    def __init__(self, file, write) -> None:
        self.file, self.write = file, write

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()

    def __getattr__(self, name):
        return getattr(self.file, name)


@pytest.mark.parametrize("room", [100, 20_000, 150_000, 450_000])
def test_a_full_disk_leaves_nothing_half_written(source, tmp_path, small_blocks, monkeypatch, room):
    whole = contents(build(source, Reading(), tmp_path / "whole", keep_text=True).folder)
    disk = FullDisk(room)
    with monkeypatch.context() as here:
        here.setattr(Path, "open", lambda *a, **k: disk.opened(*a, **k))
        with pytest.raises(UserError) as full:
            build(source, Reading(), tmp_path / "out", keep_text=True)
    assert "the disk is full; make room or choose a folder on another disk" in str(full.value)
    assert not (tmp_path / "out").exists() and not list(tmp_path.rglob("*.tmp"))
    for file in (tmp_path / "out.part").glob("part-*"):
        assert part.read(file) is not None
    assert contents(build(source, Reading(), tmp_path / "out", keep_text=True).folder) == whole


def test_a_file_that_may_not_grow_in_a_process_of_its_own(source, tmp_path):
    resource = pytest.importorskip("resource")
    code = SMALL_BLOCKS.replace("blocks.BLOCK = plain.BLOCK = 5_000; plain.CHUNK = 2_000", "")
    run = subprocess.run(
        [sys.executable, "-c", code, source, tmp_path / "out", "never", "0", "2"],
        capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )  # fmt: skip
    assert "UserError" in run.stderr and "part-000000: cannot be written: File too large" in run.stderr
    assert not (tmp_path / "out").exists() and not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize("text", ["", "\n\n", "... --- !\n?\n"])
def test_no_words(tmp_path, text):
    source = tmp_path / "none.txt"
    source.write_text(text)
    with pytest.raises(UserError, match=r"none\.txt: holds no words$"):
        build(source, Reading(), tmp_path / "out")
    assert beside(tmp_path / "out") == []


def test_what_was_left_out_is_remembered(tmp_path):
    source = tmp_path / "some.txt"
    source.write_bytes(b"one\nt\0wo\nthree\n")
    with pytest.raises(UserError, match=r"some\.txt, line 2: a NUL character"):
        build(source, Reading(), tmp_path / "out")
    corpus = build(source, Reading(on_bad="skip"), tmp_path / "out")
    assert corpus.documents == 2 and "1 part was left out, the first: " in corpus.left_out
    assert Corpus.open(tmp_path / "out").left_out == corpus.left_out


def test_a_damaged_corpus_says_so_and_is_built_again(source, tmp_path):
    folder = tmp_path / "out"
    corpus = build(source, Reading(), folder)
    file = folder / "shard-0000" / "ids.npy"
    data = bytearray(file.read_bytes())
    data[-5] ^= 1
    file.write_bytes(data)
    with pytest.raises(UserError, match=r"ids\.npy: damaged: its checksum is wrong"):
        corpus.check()
    file.write_bytes(data[:-4])
    with pytest.raises(UserError, match=r"ids\.npy: damaged: missing, or of another size"):
        Corpus.open(folder)
    build(source, Reading(), folder).check()
    for text, said in (
        ("{}", "damaged: 'format'"),
        ("[", "damaged"),
        ('{"format": 99}', "not written by this version"),
    ):
        (folder / "corpus.json").write_text(text)
        with pytest.raises(UserError, match=said):
            Corpus.open(folder)
    with pytest.raises(UserError, match=r"holds no corpus \(it has no corpus\.json\)"):
        Corpus.open(tmp_path / "nowhere")


def test_a_source_that_changes_while_it_is_read(source, tmp_path, small_blocks):
    def progress(what, share):
        if what == "reading" and share > 0.5:
            with source.open("a") as file:
                file.write("more")

    with pytest.raises(UserError, match="changed while it was read"):
        build(source, Reading(), tmp_path / "out", progress=progress)
    assert beside(tmp_path / "out") == []


def test_the_manifest_says_what_is_there_and_nothing_of_the_disk(source, tmp_path):
    corpus = build(source, Reading(), tmp_path / "out")
    manifest = json.loads((corpus.folder / "corpus.json").read_text("utf-8"))
    assert manifest["words"] == len(corpus.vocabulary) and manifest["documents"] == len(LINES)
    assert set(contents(corpus.folder)) == {*manifest["files"], "corpus.json"}
    assert str(tmp_path) not in json.dumps(manifest)


@pytest.mark.parametrize(
    ("text", "words", "uncut"),
    [
        ("深度學習是機器學習的分支，以神經網路為架構。\n" * 3, "unicode", True),
        ("深度學習是機器學習的分支，以神經網路為架構。\n" * 3, "characters", False),
        ("深度 學習 是 a b c d e f g h i j k\n", "unicode", False),  # two phrases of fourteen words
        ("the cat sat on the mat\n", "unicode", False),
    ],
)
def test_phrases_that_count_as_words_are_noticed(tmp_path, text, words, uncut):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert build(tmp_path / "a.txt", Reading(words=words), tmp_path / "corpus").uncut is uncut
