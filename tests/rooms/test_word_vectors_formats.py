"""Files of vectors that other tools open: equal to what gensim writes and reads, and broken ones are named."""

from __future__ import annotations

import gzip
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import api
from pellucid.core.errors import UserError
from pellucid.rooms.word_vectors import formats

WORDS = ["the", "don't", "café", "東京", "x-1", "_"]
VECTORS = (np.random.default_rng(5).normal(size=(6, 7)) * 10.0 ** np.arange(-3, 4)).astype(np.float32)
WRITE = {False: formats.write_text, True: formats.write_binary}
KINDS = pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])


@KINDS
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize("told", [False, True], ids=["guessed", "told"])
def test_what_is_written_is_read_again_bit_for_bit(binary, packed, told, tmp_path):
    file = tmp_path / "vectors"
    WRITE[binary](file, WORDS, VECTORS)
    if packed:
        file.write_bytes(gzip.compress(file.read_bytes()))
    words, vectors = formats.read(file, binary if told else None)
    assert words == WORDS and vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors, VECTORS)


@KINDS
def test_gensim_reads_and_writes_the_same(binary, tmp_path):
    gensim = pytest.importorskip("gensim.models")
    file, theirs = tmp_path / "ours", tmp_path / "theirs"
    WRITE[binary](file, WORDS, VECTORS)
    read = gensim.KeyedVectors.load_word2vec_format(str(file), binary=binary)
    assert read.index_to_key == WORDS
    np.testing.assert_array_equal(read.vectors, VECTORS)
    read.save_word2vec_format(str(theirs), binary=binary)
    assert theirs.read_bytes() == file.read_bytes()
    words, vectors = formats.read(theirs)
    assert words == WORDS
    np.testing.assert_array_equal(vectors, VECTORS)


def test_the_line_ends_of_word2vec_itself_are_read(tmp_path):
    file = tmp_path / "vectors.bin"
    rows = b"".join(word.encode() + b" " + row.tobytes() + b"\n" for word, row in zip(WORDS, VECTORS, strict=True))
    file.write_bytes(b"6 7\n" + rows)
    words, vectors = formats.read(file)
    assert words == WORDS
    np.testing.assert_array_equal(vectors, VECTORS)


def test_a_word_with_spaces_gets_none_and_one_that_comes_twice_counts_once(tmp_path):
    file = tmp_path / "vectors.txt"
    formats.write_text(file, ["new  york", "a", "a"], VECTORS[:3])
    words, vectors = formats.read(file)
    assert words == ["new_york", "a"]
    np.testing.assert_array_equal(vectors, VECTORS[:2])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 6).flatmap(
        lambda d: st.lists(
            st.lists(st.floats(width=32, allow_nan=False), min_size=d, max_size=d), min_size=1, max_size=5
        )
    )
)
def test_any_number_survives_both_formats(tmp_path_factory, rows):
    vectors = np.array(rows, dtype=np.float32)
    words = [f"w{i}" for i in range(len(rows))]
    for binary in (False, True):
        file = tmp_path_factory.mktemp("any") / "vectors"
        WRITE[binary](file, words, vectors)
        np.testing.assert_array_equal(formats.read(file, binary)[1], vectors)


def whole(binary: bool, folder) -> bytes:
    WRITE[binary](folder / "whole", WORDS, VECTORS)
    return (folder / "whole").read_bytes()


@KINDS
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_ends_early_says_where(binary, share, tmp_path):
    file = tmp_path / "vectors"
    content = whole(binary, tmp_path)
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(
        UserError, match=f"^{re.escape(str(file))}.*(ends after . of 6 words|has . numbers|not a number)"
    ):
        formats.read(file, binary)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "first line is not"),
        (b"the cat sat\n", "first line is not"),
        (b"0 5\n", "says that it holds 0 words"),
        (b"99999999 99999999\n", "which cannot be"),
        (b"2 3\na 1 2 3\nb 1 2\n", r"line 3: has 2 numbers; the first line says 3"),
        (b"2 3\na 1 2 3\nb 1 2 x\n", r"line 3: holds something that is not a number"),
        (b"\x1f\x8b\x08\x00broken", "cannot be read"),
    ],
)
def test_a_file_of_another_kind_is_named_in_one_line(content, says, tmp_path):
    file = tmp_path / "vectors.txt"
    file.write_bytes(content)
    with pytest.raises(UserError, match=f"vectors.txt.*{says}") as error:
        formats.read(file)
    assert "\n" not in str(error.value)
    with pytest.raises(UserError, match="nowhere"):
        formats.read(tmp_path / "nowhere.bin")


@pytest.mark.parametrize(("to", "name"), [("word2vec", "vectors.txt"), ("word2vec-binary", "vectors.bin")])
def test_a_run_exports_its_vectors(to, name, tmp_path):
    run = api.open(api.bundled("word_vectors"))
    for _ in range(2):  # a second time over the first
        assert run.export(to, tmp_path / "out") == tmp_path / "out"
    words, vectors = formats.read(tmp_path / "out" / name)
    assert tuple(words) == run.system.codec.vocabulary
    np.testing.assert_array_equal(vectors, run.system.vectors)
    assert [file.name for file in (tmp_path / "out").iterdir()] == [name]


def test_the_projectors_files(tmp_path):
    run = api.open(api.bundled("word_vectors"))
    folder = run.export("projector", tmp_path / "out")
    rows = (folder / "vectors.tsv").read_text().splitlines()
    names = (folder / "words.tsv").read_text().splitlines()
    assert len(rows) == len(names) - 1 == len(run.system.codec.vocabulary)
    assert names[1] == f"the\t{run.system.counts[0]}"
    lines = (folder / "projector_config.pbtxt").read_text().splitlines()[1:4]
    assert [line.split(": ")[1] for line in lines] == ['"words"', '"vectors.tsv"', '"words.tsv"']


def test_what_a_room_does_not_have_is_not_exported(tmp_path):
    with pytest.raises(UserError, match="'word2vek' is not one of"):
        api.open(api.bundled("word_vectors")).export("word2vek", tmp_path / "out")
    with pytest.raises(UserError, match="'word2vec' is not one of"):
        api.open(api.bundled("spam_detector")).export("word2vec", tmp_path / "out")
    assert not (tmp_path / "out").exists()
