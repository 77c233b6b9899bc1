"""Rows from files: what is read, at which line, and what a file that cannot be read says about itself."""

from __future__ import annotations

import csv
import gzip
import json
import tracemalloc
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.data import parsers
from pellucid.core.data.tables import read_rows
from pellucid.core.errors import UserError

SMS = Path(__file__).parents[3] / "shared" / "data" / "sms_spam" / "SMSSpamCollection"
BOTH = ("text", "label")


@pytest.fixture
def file(tmp_path):
    """Writes bytes or text to a file of this name and gives its path."""

    def write(name: str, data: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


def rows(path, columns=BOTH, **options):
    return [(row.line, *row.values.values()) for row in read_rows(path, columns, **options)]


def refusal(path, columns=BOTH, **options) -> str:
    with pytest.raises(UserError) as error:
        rows(path, columns, **options)
    text = str(error.value)
    assert "\n" not in text
    assert str(path) in text
    return text


# what is read


def test_csv_knows_the_line_where_each_row_starts(file):
    path = file("a.csv", 'text,label\r\nhi,a\r\n\r\n"two\r\nlines, ""quoted""",b\r\nlast,c\r\n\r\n,\r\n')
    assert rows(path) == [(2, "hi", "a"), (4, 'two\r\nlines, "quoted"', "b"), (6, "last", "c")]


def test_own_names_for_the_files_columns(file):
    path = file("a.csv", "id,kind,message\n7,ham,hello\n")
    (row,) = read_rows(path, {"label": "kind", "text": "message"})
    assert row.values == {"label": "ham", "text": "hello"}


def test_numbers_name_columns_where_no_header_does(file):
    path = file("a.tsv", "ham\thello\nspam\tbuy\n")
    assert rows(path, {"text": "2", "label": "1"}) == [(1, "hello", "ham"), (2, "buy", "spam")]
    assert rows(path, {"text": "2", "label": "1"}, header=True) == [(2, "buy", "spam")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5", "cp950", "utf-16", "utf-16-le", "gb18030"])
def test_encodings(file, encoding):
    path = file("a.csv", "text,label\n你好,甲\n再見,乙\n".encode(encoding))
    named = "utf-8" if encoding.startswith("utf-8") else encoding
    assert rows(path, encoding=named) == [(2, "你好", "甲"), (3, "再見", "乙")]


def test_a_quote_is_an_ordinary_character_without_quoting(file):
    path = file("a.tsv", 'ham\t"so he said\nham\twell"\n')
    assert rows(path, ("2",), quoting=False) == [(1, '"so he said'), (2, 'well"')]


def test_other_delimiter(file):
    path = file("a.csv", "text;label\nhi, you;a\n")
    assert rows(path, delimiter=";") == [(2, "hi, you", "a")]
    assert "separated by ';'" in refusal(path)


def test_json_lines_numbers_become_text(file):
    path = file("a.jsonl", '{"text":"a b","label":0}\n\n{"label":true,"text":"\\u4f60\\ud83d\\ude00"}\n')
    assert rows(path) == [(1, "a b", "0"), (3, "你😀", "true")]


def test_text_file_keeps_spaces_and_skips_blank_lines(file):
    assert rows(file("a.txt", "one\n\n  two\r\n   \nthree\n\n"), ("text",)) == [(1, "one"), (3, "  two"), (5, "three")]


def test_format_by_name_for_a_file_without_suffix(file):
    assert rows(file("data", "ham\thello\n"), ("1", "2"), format="tsv") == [(1, "ham", "hello")]


def test_gzip(file):
    path = file("a.csv.gz", gzip.compress(b"text,label\nhi,a\n"))
    assert rows(path) == [(2, "hi", "a")]


def test_parquet_in_slices(file, tmp_path, monkeypatch):
    monkeypatch.setattr(parsers, "SLICE", 4)
    path = tmp_path / "a.parquet"
    pl.DataFrame({"text": [f"t{i}" for i in range(10)], "extra": [None] * 10, "label": range(10)}).write_parquet(path)
    assert rows(path) == [(i + 1, f"t{i}", str(i)) for i in range(10)]


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=8))
def test_whatever_csv_writes_is_read_back(tmp_path_factory, pairs):
    pairs = [pair for pair in pairs if all(cell.strip() and "\0" not in cell for cell in pair)] or [("a", "b")]
    path = tmp_path_factory.mktemp("round") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as f:
        csv.writer(f, quoting=csv.QUOTE_ALL).writerows([BOTH, *pairs])
    assert [tuple(row.values.values()) for row in read_rows(path, BOTH)] == pairs


def test_memory_stays_constant_and_done_grows(file):
    path = file("a.csv", "text,label\n" + "a message of some length that goes on,ham\n" * 50_000)  # 2 MB
    tracemalloc.start()
    reader, seen = read_rows(path, BOTH), []
    for count, _ in enumerate(reader):
        if count % 12_500 == 0:
            seen.append(reader.done)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500_000
    assert seen == sorted(seen) and seen[0] < 0.05 and 0.45 < seen[2] < 0.55
    assert reader.done == 1.0


@pytest.mark.skipif(not SMS.exists(), reason="the SMS data are not here")
def test_sms_spam_collection():
    labels = Counter(
        row.values["label"] for row in read_rows(SMS, {"label": "1", "text": "2"}, format="tsv", quoting=False)
    )
    assert labels == {"ham": 4827, "spam": 747}


# what is refused: the whole file


def test_missing_file_suggests_its_neighbour(file, tmp_path):
    file("messages.csv", "text\na\n")
    assert refusal(tmp_path / "mesages.csv").endswith("Did you mean 'messages.csv'?")
    assert "no folder" in refusal(tmp_path / "none" / "a.csv")
    assert "is a folder" in refusal(tmp_path)


def test_unknown_suffix_lists_the_known(file):
    assert ".csv .tsv .jsonl .ndjson .txt .parquet" in refusal(file("a.dat", "x"))
    assert "spreadsheet" in refusal(file("a.xlsx", "x"))


@pytest.mark.parametrize(("data", "said"), [("", "is empty"), ("text,label\n", "no row"), ("\n\n", "no row")])
def test_nothing_in_it(file, data, said):
    assert said in refusal(file("a.csv", data))


def test_missing_column_lists_those_there(file):
    text = refusal(file("a.csv", "txet,label\nhi,a\n"))
    assert "no column 'text' among 'txet', 'label'. Did you mean 'txet'?" in text
    assert "by number" in refusal(file("b.csv", "Go until jurong point,ham\nOk,ham\n"))
    assert "a number from 1 to 2, not '3'" in refusal(file("b.csv", "a,b\n"), {"text": "3"}, header=False)
    assert "2 times" in refusal(file("c.csv", "text,text,label\na,b,c\n"))


def test_unclosed_quote_says_where_it_opens(file):
    path = file("a.csv", 'text,label\nhi,a\n"b\nc","d\n' + "x,y\n" * 50)
    assert f"{path}, line 4: the quote that opens here is never closed" in refusal(path)
    assert "line 4" in refusal(path, on_bad="skip")


def test_quote_swallowing_too_much_or_a_huge_line(file, monkeypatch):
    path = file("a.csv", 'text,label\nhi,a\n"b,c\n' + "x,y\n" * 1_000)
    monkeypatch.setattr(parsers, "LONGEST", 1_000)
    before = csv.field_size_limit(1_000)
    try:
        assert "line 3: the quote that opens here is not closed within 1,000 characters" in refusal(path)
    finally:
        csv.field_size_limit(before)
    monkeypatch.setattr("pellucid.core.data.lines.LONGEST", 1_000)
    assert "line 2: longer than 1,000 characters" in refusal(file("a.txt", "a\n" + "x" * 1_001 + "\n"), ("text",))


def test_a_cell_of_nine_million_characters_is_read(file):
    path = file("a.csv", f'text,label\n"{"x" * 9_000_000}",a\n')
    assert [len(text) for _, text, _ in rows(path)] == [9_000_000]


WRONG = [
    ("text,label\nplain,a\n今天天氣很好，我們去玩,b\n", "big5", "cp950", 3),
    ("text,label\nplain,a\n今天天气很好，我们去玩,b\n", "gb18030", "gb18030", 3),
    ("text,label\nplain,a\n今日はいい天気ですね,b\n", "shift_jis", "shift_jis", 3),
    ("text,label\r\n" + "plain,a\r\n" * 30_000 + "le café fermé,b\r\n", "latin-1", "cp1252", 30_002),
    ("text,label\nhi,a\n", "utf-16", "utf-16", 1),
]


@pytest.mark.parametrize(("text", "actual", "suggested", "line"), WRONG)
def test_wrong_encoding_says_line_offset_and_a_plausible_one(file, text, actual, suggested, line):
    data = text.encode(actual)
    offset = next(i for i, byte in enumerate(data) if byte >= 0x80)
    said = refusal(file("a.csv", data))
    assert f", line {line}: byte 0x{data[offset]:02x} at offset {offset:,} is not utf-8 text" in said
    assert said.endswith(f"try --encoding {suggested}")
    assert rows(file("a.csv", data), encoding=suggested)[-1][1] == text.splitlines()[-1].split(",")[0]


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "utf-16"])
@pytest.mark.parametrize("pad", range(6))
def test_decoding_error_after_a_cut_character_or_line_end(file, encoding, pad):
    """Wherever the 64 KiB that are read at once end, the offset and the line are right."""
    good = (" " * pad + "你好\r\n" * 30_000).encode(encoding)
    wrong = b"\x00\xdc" if encoding == "utf-16" else b"\xff"
    said = refusal(file("a.txt", good + wrong + b" x"), ("text",), encoding=encoding)
    assert f", line 30001: byte 0x{wrong[0]:02x} at offset {len(good):,} " in said


def test_decoding_error_after_a_byte_order_mark(file):
    assert "line 2: byte 0xff at offset 9 " in refusal(file("a.csv", "\ufefftext,\n".encode() + b"\xff"), ("text",))


def test_other_decoding_errors(file):
    assert "'utf-9' is not a text encoding" in _message(file("a.csv", "text\nx\n"), encoding="utf-9")
    assert "try --encoding utf-8" in refusal(file("a.csv", "text,label\nhi,a\n"), encoding="utf-16")  # no mark
    assert "is not utf-16 text" in refusal(file("b.csv", b"\x00\xdc,\x00" * 9), encoding="utf-16")  # nor UTF-16 at all
    assert "not a text encoding" in _message(file("a.csv", "text\nx\n"), encoding="base64")
    assert "try --encoding utf-8" in refusal(
        file("a.csv", "text\n你好嗎，朋友\n".encode()), ("text",), encoding="ascii"
    )


def _message(path, **options) -> str:
    with pytest.raises(UserError) as error:
        rows(path, **options)
    return str(error.value)


def test_broken_gzip(file):
    whole = gzip.compress("".join(f"row {i * i * 7919 % 10007},x\n" for i in range(5_000)).encode())
    assert "end too early, after line" in refusal(file("a.csv.gz", whole[: len(whole) // 2]), ("1", "2"))
    assert "damaged" in refusal(file("a.csv.gz", whole[:2_000] + b"??????" + whole[2_006:]), ("1", "2"))
    assert "is not gzip data" in refusal(file("a.csv.gz", b"text,label\nhi,a\n"))


def test_broken_parquet(file, tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"text": ["a", "b"], "label": [0, 1]}).write_parquet(path)
    whole = path.read_bytes()
    assert "Did you mean 'text'?" in refusal(path, ("txet",))
    assert f"end too early, at byte {len(whole) - 9:,}" in refusal(file("b.parquet", whole[:-9]))
    assert "damaged after row 0" in refusal(file("b.parquet", b"PAR1" + whole[4:60] + b"PAR1"))
    assert "is not Parquet data" in refusal(file("b.parquet", "text,label\n"))


# what is refused or skipped: one row


BAD_CSV = [
    ("one cell", "1 cell where the header has 2"),
    ("a,b,c", "3 cells where the header has 2"),
    ('"a" b,c', "a quote that opens at line 3 closes in the same line"),
    ("h\0i,a", "a NUL character"),
    ("  ,a", "'text' is empty"),
]
BAD_JSON = [
    ('{"text": "a"', "not valid JSON: Expecting ',' delimiter at column 13"),
    ("[1, 2]", "a list, not an object"),
    ('{"text": null, "label": 1}', "'text' is null, not text"),
    ('{"text": NaN, "label": 1}', "'text' is NaN, not text"),
    ('{"text": 1.5, "label": 1}', "'text' is the number 1.5, not text"),
    ('{"text": {}, "label": 1}', "'text' is an object, not text"),
    ('{"text": "", "label": 1}', "'text' is empty"),
    ('{"text": "a", "lable": 1}', "no 'label' among 'text', 'lable'. Did you mean 'lable'?"),
    ('{"text": "\\ud800", "label": 1}', "'text' holds half a surrogate pair"),
    ("[" * 100_000, "JSON with lists or objects nested too deeply"),
    ('{"text": ' + "9" * 5_000 + "}", "JSON with a number of too many digits"),
]


@pytest.mark.parametrize(
    ("name", "good", "bad", "said"),
    [("a.csv", "good,a", *case) for case in BAD_CSV]
    + [("a.jsonl", json.dumps({"text": "good", "label": "a"}), *case) for case in BAD_JSON],
)
def test_bad_row(file, name, good, bad, said):
    head = ["text,label"] if name == "a.csv" else [good]
    path = file(name, "\n".join([*head, good, bad, good]) + "\n")
    assert f"{path}, line 3: {said}" in refusal(path)
    reader = read_rows(path, BOTH, on_bad="skip")
    assert [row.line for row in reader][-2:] == [2, 4]
    assert reader.bad_count == 1 and reader.bad[0].line == 3
    assert reader.report().startswith(f"1 row was skipped, the first at line 3: {said}")


def test_an_empty_quoted_cell_is_a_row_and_a_blank_line_is_none(file):
    assert "line 4: 'text' is empty" in refusal(file("a.csv", 'text\na\n\n""\n'), ("text",))


def test_bad_parquet_rows(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"text": ["a", None, "c"], "label": [0.5, 1.0, float("nan")]}).write_parquet(path)
    assert f"{path}, row 2: 'text' is null" in refusal(path, ("text",))
    assert "'label' is the number 0.5" in refusal(path)


def test_bad_rows_are_counted_but_not_all_kept(file):
    path = file("a.csv", "text,label\n" + "only one\n" * 1_000 + "a,b\n")
    reader = read_rows(path, BOTH, on_bad="skip")
    assert [row.line for row in reader] == [1_002]
    assert (reader.bad_count, len(reader.bad)) == (1_000, 100)
    assert "no row that can be used: 3 rows were skipped" in refusal(
        file("b.csv", "a,b\n" + "x\n" * 3), ("a",), on_bad="skip"
    )
