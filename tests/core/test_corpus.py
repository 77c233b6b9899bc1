"""Words and documents of a corpus, held against regular expressions and the texts that were written."""

from __future__ import annotations

import gzip
import json
import random
import re
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pellucid.core.corpus import blocks, plain, sources
from pellucid.core.corpus.numbering import Table
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.sources import Source, documents
from pellucid.core.corpus.words import words
from pellucid.core.data.lines import Damaged
from pellucid.core.errors import UserError

CHECKED_ZSTD = zstandard.ZstdCompressor(write_checksum=True)  # as the command-line tool does
CHANCE = random.Random(0)
VARIED = [" ".join(f"{CHANCE.getrandbits(40):x}" for _ in range(8)) for _ in range(30_000)]  # hardly packs
LINES = [f"line {i} has {'many ' * (i % 7)}words, {i * i * 7919 % 10007} of them" for i in range(1, 3_001)]


def found(path, **reading):
    return list(documents(path, Reading(**reading)))


def texts(path, **reading):
    return [document.text for document in found(path, **reading)]


def refusal(path, **reading) -> str:
    with pytest.raises(UserError) as error:
        found(path, **reading)
    assert "\n" not in str(error.value) and str(path) in str(error.value)
    return str(error.value)


@pytest.fixture
def file(tmp_path):
    def write(name, data):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


# words


@given(st.text(alphabet=st.sampled_from("abZ09_'’.- \n\tßéЯ中の٣²~\u2014")))
@example("''a'''b' 'tis rock''n'roll x_y")
def test_words_are_what_a_regular_expression_finds(text):
    plain = re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.replace("’", "'").lower())
    assert words(text, Reading()) == plain
    assert words(text, Reading(lowercase=False)) == re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.replace("’", "'"))


@pytest.mark.parametrize(
    ("text", "wanted", "reading"),
    [
        ("Don’t STOP, Mr. O'Neill's dogs' tails!", ["don't", "stop", "mr", "o'neill's", "dogs", "tails"], {}),
        ("cafe\u0301 café", ["café", "café"], {}),  # composed or not
        ("हिन्दी ภาษา", ["हिन्दी", "ภาษา"], {}),  # marks belong to their letters
        ("❤\ufe0f co\xadoperate 3.14 a\0b", ["cooperate", "3", "14", "a", "b"], {}),
        ("我愛T恤，カタカナ dog", ["我", "愛", "t", "恤", "カ", "タ", "カ", "ナ", "dog"], {"words": "characters"}),
        ("我愛T恤，dog", ["我愛t恤", "dog"], {}),
        ("Of all the old men I'm one", ["old", "men", "one"], {"stop_words": "english"}),
        ("All the old men", ["old"], {"stop_words": ("ALL", "the", "men")}),
        ("a be sea", ["be", "sea"], {"min_letters": 2}),
        ("'' ' _ - ", [], {}),
    ],
)  # fmt: skip
def test_words(text, wanted, reading):
    assert words(text, Reading(**reading)) == wanted


def test_jieba_cuts_what_holds_chinese_and_nothing_else():
    jieba = pytest.importorskip("jieba")
    assert words("我来到北京清华大学。Don't stop!", Reading(words="jieba")) == [
        *jieba.lcut("我来到北京清华大学"), "don't", "stop",
    ]  # fmt: skip
    assert len(jieba.lcut("我来到北京清华大学")) == 4


def test_a_reading_comes_back_from_json_and_refuses_what_it_does_not_know():
    reading = Reading(stop_words=["a", "b"], words="characters")
    assert Reading.from_json(json.loads(json.dumps(reading.as_json()))) == reading
    assert json.loads(json.dumps(reading.as_json())) == reading.as_json()
    with pytest.raises(UserError, match=r"split: 'lines' is not one of auto, line, .*Did you mean 'line'"):
        Reading(split="lines")
    with pytest.raises(UserError, match="stop_words: 'french'"):
        Reading(stop_words="french")
    with pytest.raises(UserError, match="encoding: 'utf-9'"):
        Reading(encoding="utf-9")


@settings(deadline=None)  # the first one loads the compiled code
@given(st.lists(st.text(alphabet="ab'é中\0", min_size=1, max_size=4), max_size=300), st.sampled_from([1, 2, 1 << 10]))
def test_a_table_numbers_words_as_a_dictionary_does(found, size):
    known: dict[str, int] = {}
    wanted = [known.setdefault(word, len(known)) for word in found]
    table = Table(size)
    assert table.numbers(" \n ".join(["", *found, ""]).encode()).tolist() == wanted
    assert table.words.decode() == "".join(f"{word}\n" for word in known) and len(table) == len(known)
    assert table.numbers(b"zz a  b\nzz", add=False).tolist() == [-1, known.get("a", -1), known.get("b", -1), -1]
    assert len(table) == len(known)


def test_a_table_grows_to_many_words():
    words_ = [f"w{i * 7919 % 100_003}" for i in range(200_000)]
    known: dict[str, int] = {}
    wanted = [known.setdefault(word, len(known)) for word in words_]
    table = Table()
    got = [table.numbers(" ".join(words_[i : i + 999]).encode()) for i in range(0, len(words_), 999)]
    assert np.concatenate(got).tolist() == wanted and len(table) == 100_003


# documents


def test_a_line_is_a_document_and_knows_its_number(file):
    path = file("a.txt", "one\r\n\r\n  \ntwo\rthree")
    assert found(path) == [("a.txt:1", "one", "line 1"), ("a.txt:4", "two", "line 4"), ("a.txt:5", "three", "line 5")]


def test_a_paragraph_ends_at_a_blank_line(file):
    path = file("a.txt", "\n\none\nmore\n \n\n\ntwo\n\nthree\n")
    wanted = [("a.txt:3", "one\nmore"), ("a.txt:8", "two"), ("a.txt:10", "three")]
    assert [(d.name, d.text) for d in found(path, split="paragraph")] == wanted


def test_a_folder_gives_a_document_a_file_in_the_order_of_names(file, tmp_path):
    for name, text in {"b/2.txt": "two", "b/1": "one\nline", "c.csv": "text\nthree\nfour\n", ".hidden": "no"}.items():
        file(f"all/{name}", text)
    file("all/empty.txt", "")
    wanted = [("b/1", "one\nline"), ("b/2.txt", "two"), ("c.csv:2", "three"), ("c.csv:3", "four")]
    assert [(d.name, d.text) for d in found(tmp_path / "all")] == wanted
    assert len(found(tmp_path / "all", split="line")) == 5


def test_columns_of_tables(file, tmp_path):
    rows = [("x", "First text"), ("y", "second, text")]
    file("a.csv", 'id,body\nx,First text\ny,"second, text"\n')
    file("a.jsonl.zst", zstandard.compress("".join(json.dumps({"id": i, "body": t}) + "\n" for i, t in rows).encode()))
    pl.DataFrame({"id": ["x", "y"], "body": [t for _, t in rows]}).write_parquet(tmp_path / "a.parquet")
    for name in ("a.csv", "a.jsonl.zst", "a.parquet"):
        assert [(d.name, d.text) for d in found(tmp_path / name, column="body", name_column="id")] == rows
    assert [d.name for d in found(tmp_path / "a.csv", column="body")] == ["a.csv:2", "a.csv:3"]
    assert "no column 'text' among 'id', 'body'" in refusal(tmp_path / "a.parquet")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_encodings_and_packing(file, encoding, pack):
    suffix = {bytes: "", gzip.compress: ".gz"}.get(pack, ".zst")
    lines = ["第一行有字", "second line"] * 40_000
    path = file(f"a.txt{suffix}", pack("\n".join(lines).encode(encoding)))
    assert texts(path, encoding=encoding.removesuffix("-sig")) == lines


def test_members_that_follow_each_other_in_one_packed_file(file):
    both = [gzip.compress(b"one\ntw") + gzip.compress(b"o\nthree\n") + b"\0" * 500]
    both.append(zstandard.compress(b"one\ntw") + zstandard.compress(b"o\nthree\n"))
    for name, data in zip(("a.txt.gz", "a.txt.zst"), both, strict=True):
        assert texts(file(name, data)) == ["one", "two", "three"]


def test_blocks_cut_nothing(file, monkeypatch):
    for module in (blocks, plain, sources):
        monkeypatch.setattr(module, "BLOCK", 1_000)
    monkeypatch.setattr(plain, "CHUNK", 700)
    path = file("a.txt", "\n".join(LINES))
    assert texts(path) == LINES
    assert [d.where for d in found(path)] == [f"line {i}" for i in range(1, 3_001)]
    batches = list(Source(path, Reading()).batches())
    assert len(batches) > 100 and max(sum(block.size for block in batch) for batch in batches) < 3_000
    spaced = file("b.txt", "\n\n".join(f"{a}\n{b}" for a, b in zip(LINES[::2], LINES[1::2], strict=True)))
    assert texts(spaced, split="paragraph") == [f"{a}\n{b}" for a, b in zip(LINES[::2], LINES[1::2], strict=True)]


def test_a_line_longer_than_a_block_becomes_several_documents(file):
    line = " ".join(f"word{i % 1000}" for i in range(1_500_000))
    assert len(line) > 2 * blocks.BLOCK
    parts = found(file("text8", f"first\n{line}\nlast\n"))
    assert len(parts) >= 4 and max(len(d.text) for d in parts) < 2.5 * blocks.BLOCK
    assert "".join(d.text for d in parts[1:-1]) == line
    assert [d.name for d in parts[:3]] == ["text8:1", "text8:2", "text8:2 (2)"] and parts[-1].name == "text8:3"


# what cannot be read


@pytest.mark.parametrize(("kind", "pack"), [("gz", gzip.compress), ("zst", CHECKED_ZSTD.compress)])
@pytest.mark.parametrize("damage", ["cut", "broken"])
@pytest.mark.parametrize("table", ["txt", "jsonl"])
def test_broken_packed_data_say_where_and_keep_what_is_whole_only_if_asked(file, kind, pack, damage, table):
    lines = [json.dumps({"text": line}) for line in VARIED] if table == "jsonl" else VARIED
    data = pack("\n".join(lines).encode())
    half = len(data) // 2
    path = file(f"a.{table}.{kind}", data[:half] if damage == "cut" else data[:half] + b"?" * 64 + data[half + 64 :])
    kept = texts(path, on_bad="skip")
    right = next((i for i, (line, wanted) in enumerate(zip(kept, VARIED, strict=False)) if line != wanted), len(kept))
    assert 0.4 * len(lines) < right < 0.55 * len(lines)
    said = refusal(path)
    if (damage, table) != ("broken", "jsonl"):  # there a row is no JSON before the end of the packed data tells
        end = r"after line (\d+)" if damage == "cut" else r"near line (\d+), byte [\d,]+ of the file"
        place = re.search(rf"the {'gzip' if kind == 'gz' else 'zstd'} data (?:end too early|are damaged),? {end}", said)
        assert place and said.endswith(", or keep what is whole: on_bad=skip")
        assert 0 <= int(place[1]) - right < 100 or damage == "broken"
    if damage == "cut":
        assert len(kept) == right
    source = Source(path, Reading(on_bad="skip"))
    list(source.batches())
    assert source.bad_count >= 1 and "left out, the first: " + str(path) in source.report()


def test_what_was_cut_off_within_a_document_is_not_kept(file):
    data = gzip.compress("\n\n".join(LINES).encode())
    path = file("a.txt.gz", data[: len(data) // 2])
    for split in ("line", "paragraph"):
        kept = texts(path, on_bad="skip", split=split)
        assert len(kept) > 500 and kept == LINES[: len(kept)]
    assert texts(path, on_bad="skip", split="file") == []


def test_not_packed_at_all(file):
    assert "is not gzip data: rename it without .gz" in refusal(file("a.txt.gz", b"plain text"))
    assert "is not zstd data: rename it without .zst" in refusal(file("a.txt.zst", b"plain text"))
    assert "end too early, after line 0" in refusal(file("b.txt.gz", b""))


def test_a_nul_and_bytes_of_another_encoding(file, tmp_path):
    path = file("a.txt", b"good\nba\0d\n" + "naïve\n".encode("latin-1") + b"last\n")
    assert "line 3: byte 0xef at offset 12 is not utf-8 text: try --encoding" in refusal(path)
    assert texts(path, on_bad="skip") == ["good", "last"]
    assert texts(path, on_bad="skip", encoding="latin-1") == ["good", "naïve", "last"]
    assert "a.txt, line 2: a NUL character" in refusal(path, encoding="latin-1")
    file("all/1.txt", "one")
    file("all/2.bin", bytes(range(256)) * 10)
    file("all/3.txt.gz", gzip.compress(b"three" * 1000)[:20])
    assert [d.name for d in found(tmp_path / "all", on_bad="skip")] == ["1.txt"]
    source = Source(tmp_path / "all", Reading(on_bad="skip"))
    list(source.batches())
    assert source.bad_count == 2 and source.done == 1


def test_no_such_source(tmp_path, file):
    file("novel.txt", "x")
    assert "there is no such file or folder. Did you mean 'novel.txt'?" in refusal(tmp_path / "novl.txt")
    (tmp_path / "empty").mkdir()
    assert "is a folder without files" in refusal(tmp_path / "empty")
    assert found(file("blank.txt", "\n \n")) == []


def test_damaged_is_a_user_error():
    assert issubclass(Damaged, UserError)


def test_nothing_heavy_is_loaded():
    code = (
        "import sys; import pellucid.core.corpus.build; "
        "print([m for m in ('torch', 'numba', 'polars', 'jieba', 'zstandard', 'scipy') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
