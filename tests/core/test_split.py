"""Splits that do not move, and fingerprints."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pellucid.core.data.fingerprint import check_unchanged, fingerprint, fingerprint_of
from pellucid.core.data.split import deduplicate, normalise, stratified_split
from pellucid.core.data.tables import Row, read_rows
from pellucid.core.errors import UserError

SMS = Path(__file__).parents[3] / "shared" / "data" / "sms_spam" / "SMSSpamCollection"
THREE = {"train": 0.7, "validation": 0.1, "test": 0.2}


def row(line: int, text: str, label: str) -> Row:
    return Row(line, {"text": text, "label": label})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Call 0800 NOW!", "call  0123\nnow!"),
        ("ＦＲＥＥ １２", "free 34"),
        ("ﬁn", "FIN"),
        ("𝐅𝐑𝐄𝐄", "free"),
        ("J\u030c", "\u01f0"),
        ("٣ items", "7 items"),
    ],
)
def test_the_same_message(one, other):
    assert normalise(one) == normalise(other)


def test_not_the_same_message():
    assert len({normalise(text) for text in ("call 12", "call 123", "call me", "callme", "call-me")}) == 5


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_deduplicate_keeps_the_first_and_lists_conflicts():
    data = [row(1, "Win 10", "spam"), row(2, "hello", "ham"), row(5, "win 99", "ham"), row(6, "WIN 55", "spam")]
    kept, removed, conflicts = deduplicate(data)
    assert [r.line for r in kept] == [1, 2]
    assert removed == 2
    (conflict,) = conflicts
    assert (conflict.line, conflict.label, conflict.other_line, conflict.other_label) == (1, "spam", 5, "ham")
    assert deduplicate([Row(1, {"text": "a"}), Row(2, {"text": "A"})], label=None).removed == 1


def keyed(parts, keys):
    return {part: [keys[i] for i in rows] for part, rows in parts.items()}


def test_parts_have_the_asked_shares_of_each_class():
    keys = [f"message {i}" for i in range(1_000)]
    labels = ["spam" if i % 5 == 0 else "ham" for i in range(1_000)]
    parts = stratified_split(keys, labels, THREE)
    spam = {part: sum(labels[i] == "spam" for i in rows) for part, rows in parts.items()}
    assert {part: len(rows) for part, rows in parts.items()} == {"train": 700, "validation": 100, "test": 200}
    assert spam == {"train": 140, "validation": 20, "test": 40}
    assert sorted(np.concatenate(list(parts.values()))) == list(range(1_000))


@given(st.lists(st.text(), unique=True, min_size=6, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(keys, random):
    labels = {key: "ab"[i % 2] for i, key in enumerate(keys)}
    shuffled = random.sample(keys, len(keys))
    one = stratified_split(keys, [labels[k] for k in keys], THREE)
    other = stratified_split(shuffled, [labels[k] for k in shuffled], THREE)
    assert keyed(one, keys) == keyed(other, shuffled)  # the same texts, and in the same order


@given(st.sets(st.integers(0, 10_000), min_size=6, max_size=60), st.integers(0, 10_000))
def test_one_more_row_moves_at_most_one_row_across_each_cut(numbers, new):
    assume(new not in numbers)
    keys = ["other 1", "other 2", "other 3", *map(str, sorted(numbers))]
    labels = ["b"] * 3 + ["a"] * len(numbers)
    before = keyed(stratified_split(keys, labels, THREE), keys)
    after = keyed(stratified_split([*keys, str(new)], [*labels, "a"], THREE), [*keys, str(new)])
    moved = sum(len(set(before[part]) - set(after[part])) for part in before)
    assert moved <= 2


def test_every_part_gets_each_class_from_three_examples_on():
    for n in range(3, 40):
        keys = [f"{label}{i}" for label in "ab" for i in range(n)]
        parts = stratified_split(keys, [key[0] for key in keys], THREE)
        assert all({keys[i][0] for i in rows} == {"a", "b"} for rows in parts.values()), n


def test_the_split_of_today_is_the_split_of_tomorrow():
    """A changed hash or cut would put yesterday's test rows into training without a word."""
    keys = [f"message {i}" for i in range(20)]
    parts = stratified_split(keys, ["a", "b"] * 10, THREE)
    assert parts["test"].tolist() == [18, 8, 11, 13]
    assert parts["test"].dtype == np.int64


def test_impossible_splits():
    with pytest.raises(UserError, match=r"at least 2 classes .* all 3 rows have \['a'\]"):
        stratified_split(["x", "y", "z"], ["a"] * 3)
    with pytest.raises(UserError, match="class 'b' has 2 different examples; at least 3 are needed"):
        stratified_split(list("uvwxyz"), list("aaaabb"))
    with pytest.raises(UserError, match="add up to 1"):
        stratified_split(list("uvwxyz"), list("aaabbb"), {"train": 0.7, "test": 0.2})
    with pytest.raises(ValueError, match="deduplicate first"):
        stratified_split(["x", "x", "y", "z"], list("abab"))


@pytest.mark.skipif(not SMS.exists(), reason="the SMS data are not here")
def test_sms_spam_collection():
    read = read_rows(SMS, {"label": "1", "text": "2"}, format="tsv", quoting=False)
    kept, removed, conflicts = deduplicate(read)
    assert (len(kept), removed, len(conflicts)) == (5140, 434, 0)
    keys = [normalise(r.values["text"]) for r in kept]
    labels = [r.values["label"] for r in kept]
    shares = {
        part: np.mean([labels[i] == "spam" for i in rows]) for part, rows in stratified_split(keys, labels).items()
    }
    assert max(shares.values()) - min(shares.values()) < 0.002


def test_fingerprint_of_a_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"text\nhi\n" * 100_000)
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    assert fingerprint(path) == {"name": "a.csv", "bytes": 800_000, "sha256": expected}


def test_fingerprint_of_what_is_no_file_is_that_of_a_file_with_it(tmp_path):
    (tmp_path / "points").write_bytes(b"1 2 3")
    assert fingerprint_of("points", b"1 2 3") == fingerprint(tmp_path / "points")


def test_a_source_that_changed_is_named():
    then = fingerprint_of("equations", b"x = 1")
    check_unchanged("mine.txt", fingerprint_of("another name", b"x = 1"), then)
    with pytest.raises(UserError, match=r"^mine.txt: has changed since this run was trained on it"):
        check_unchanged("mine.txt", fingerprint_of("equations", b"x = 2"), then)


def test_fingerprint_of_a_folder_depends_on_contents_and_inner_names_only(tmp_path):
    def folder(name: str, files: dict[str, str]) -> dict:
        for inner, text in files.items():
            path = tmp_path / name / inner
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return fingerprint(tmp_path / name)

    one = folder("one", {"b.txt": "2", "in/a.txt": "11"})
    assert (one["name"], one["files"], one["bytes"]) == ("one", 2, 3)
    assert folder("two", {"in/a.txt": "11", "b.txt": "2"})["sha256"] == one["sha256"]
    others = [{"b.txt": "3", "in/a.txt": "11"}, {"c.txt": "2", "in/a.txt": "11"}, {"b.txt": "2", "a.txt": "11"}]
    assert len({one["sha256"], *(folder(f"x{i}", files)["sha256"] for i, files in enumerate(others))}) == 4


def test_fingerprint_of_a_folder_does_not_depend_on_how_the_disk_lists_it(tmp_path, monkeypatch):
    for name in "abc":
        (tmp_path / name).write_text(name)
    listed = sorted(tmp_path.rglob("*"))
    prints = []
    for order in (listed, listed[::-1]):
        monkeypatch.setattr(Path, "rglob", lambda self, pattern, order=order: iter(order))
        prints.append(fingerprint(tmp_path))
    assert prints[0] == prints[1]


def test_fingerprint_of_nothing(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        fingerprint(tmp_path / "none")
    with pytest.raises(UserError, match="folder without files"):
        fingerprint(tmp_path)
