"""What goes in: messages with labels, the words they are made of, and batches. No torch: a shipped bundle uses it.

Built in: the SMS Spam Collection, 5,574 messages. Messages that are the same but for case, digits and spaces are
kept once, before the split: otherwise the test would ask for messages that training has seen.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np

from pellucid.core.card import Words
from pellucid.core.config import Config, path_from_anywhere, setting
from pellucid.core.contract import Answer, Arrays
from pellucid.core.data.download import Remote, RemoteFile
from pellucid.core.data.fingerprint import fingerprint
from pellucid.core.data.page import DataPage
from pellucid.core.data.parsers import Row
from pellucid.core.data.split import deduplicate, normalise, stratified_split
from pellucid.core.data.tables import Rows, read_rows
from pellucid.core.errors import UserError, closest

BUILT_IN = Path(__file__).parent / "sms_spam" / "SMSSpamCollection"

# one CJK character, or a word with its apostrophes, or a run of the same punctuation mark
PATTERN = r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+(?:'[^\W_\u3400-\u9fff]+)*|([^\w\s]|_)\1*"
PADDING, UNKNOWN = "<padding>", "<unknown>"  # the first two ids
UNKNOWN_ID = 1
EXAMPLES, LONGEST_EXAMPLE = 3, 300  # messages of its own data that a run keeps for those who try it, and characters
YES = ("spam", "1", "true", "yes", "positive")  # labels that mean the class to be found, unless told otherwise

REMOTES = (
    Remote(
        name="sms_spam",
        title="SMS Spam Collection v.1",
        about="the file that is built in, as its authors gave it out",
        licence="CC BY 4.0",
        files=(
            RemoteFile(
                mirrors=(
                    "https://raw.githubusercontent.com/justmarkham/pycon-2016-tutorial/master/data/sms.tsv",
                    "https://raw.githubusercontent.com/SnehaKedia/sms-spam-detection-using-tensorflow-keras/"
                    "ae6d75701433e884ae62bca4bed8eb40c622c3d1/smsspamcollection/SMSSpamCollection",
                ),
                checksum="sha256:7d039a24a6083ed9ef0f806ebad56bbb976e3aeb8de05669173bfdc4996c239d",
                size=477_907,
                filename="sms.tsv",
            ),
        ),
    ),
)


class DataConfig(Config):
    """Which messages to learn from, and how to read them."""

    group: ClassVar[Words] = {"en": "Data", "zh-TW": "資料"}

    data: str = setting(
        "built-in",
        "built-in, or a CSV, TSV, JSONL, Parquet or text file of your own",
        "built-in（內建資料），或你自己的 CSV、TSV、JSONL、Parquet 或純文字檔",
    )
    text_column: str = setting(
        "text",
        "the file's column of messages: a name, or a number without header",
        "檔案中簡訊所在的欄：名稱，沒有標題列時用編號",
    )
    label_column: str = setting(
        "label", "the file's column of classes, just two different ones", "檔案中類別所在的欄，恰好有兩種不同的值"
    )
    positive_label: str = setting(
        "",
        "the class to be found; empty: spam, 1, true, yes or positive",
        "要找出的類別；留空則為 spam、1、true、yes 或 positive",
    )
    encoding: str = setting("utf-8", "the file's text encoding", "檔案的文字編碼")
    quoting: bool = setting(
        True, "whether quotes in a CSV or TSV file hold a cell together", "CSV 或 TSV 檔裡，引號是否把一格包起來"
    )
    deduplicate: bool = setting(
        True,
        "keep repeated messages once; False lets training see some of the test",
        "重複的簡訊只留一則；關閉的話，訓練會看到部分測試資料",
    )
    on_bad: Literal["refuse", "skip"] = setting(
        "refuse", "what to do with a row that cannot be read", "讀不懂的資料列怎麼辦"
    )

    _found_from_anywhere = path_from_anywhere("data", "built-in")


@dataclass(frozen=True)
class Messages:
    """Texts with their classes (True: the one to be found)."""

    texts: list[str]
    targets: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Dataset:
    """The three parts, the names of the two classes, and what is to be recorded about the data."""

    parts: dict[str, Messages]
    labels: tuple[str, str]
    about: dict[str, Any]

    def remarks(self) -> list[str]:
        """What a person should know before training on it."""
        sizes = ", ".join(f"{name} {len(part.texts):,}" for name, part in self.parts.items())
        remarks = [f"{self.about['rows']:,} messages: {sizes}"]
        if self.about["repeated"]:
            done = "left out" if self.about["repeated_removed"] else "kept: the test is easier than it should be"
            remarks[0] += f"; {self.about['repeated']:,} repeat another and are {done}"
        if self.about["label_conflicts"]:
            remarks.append(f"{self.about['label_conflicts']:,} repeat another under the other label: the first counts")
        return [*remarks, self.about["skipped"]] if self.about["skipped"] else remarks


def prepare(config: DataConfig) -> Dataset:
    """Read, de-duplicate and split. The split follows from the messages alone: no seed, and no order of rows."""
    path, rows, skipped = read_all(config)
    labels = two_labels([row.values["label"] for row in rows], config.positive_label, path)
    kept, repeated, conflicts = deduplicate(rows)
    kept = kept if config.deduplicate else rows
    texts = [row.values["text"] for row in kept]
    keys = (
        [normalise(text) for text in texts]
        if config.deduplicate
        else [f"{row.line} {row.values['text']}" for row in kept]
    )
    classes = [row.values["label"] for row in kept]
    targets = np.array([label == labels[1] for label in classes])
    places = stratified_split(keys, classes)
    parts = {name: Messages([texts[i] for i in index], targets[index]) for name, index in places.items()}
    about = {
        "source": "built-in" if path == BUILT_IN else str(path),
        "fingerprint": fingerprint(path),
        "rows": len(rows),
        "skipped": skipped,
        "repeated": repeated,
        "repeated_removed": config.deduplicate,
        "label_conflicts": len(conflicts),
        "labels": labels,
        "parts": {name: {"messages": len(p.texts), labels[1]: int(p.targets.sum())} for name, p in parts.items()},
    }
    if path != BUILT_IN:
        about["examples"] = [text for text in parts["test"].texts if len(text) <= LONGEST_EXAMPLE][:EXAMPLES]
    return Dataset(parts, labels, about)


def show(config: DataConfig, each: int) -> DataPage:
    """The page about this data, with so many messages of each class."""
    data = prepare(config)
    about, train = data.about, data.parts["train"]
    facts = {
        "source": str(about["source"]),
        "messages": f"{about['rows']:,} of 2 classes",
        "repeated": f"{about['repeated']:,}" + (", left out" if about["repeated_removed"] else ", kept"),
        "under both classes": f"{about['label_conflicts']:,}",
        "fingerprint": about["fingerprint"]["sha256"],
    }
    counts, samples = {}, {}
    for name, part in data.parts.items():
        found = np.bincount(part.targets, minlength=2)
        counts[name] = {label: int(n) for label, n in zip(data.labels, found, strict=True)}
    for place, label in enumerate(data.labels):
        samples[label] = [train.texts[i] for i in np.flatnonzero(train.targets == bool(place))[:each]]
    return DataPage("Spam detector", facts, counts, samples, "text", data.remarks()[1:])


def read_all(config: DataConfig) -> tuple[Path, list[Row], str]:
    """All rows, with the values `label` and `text`, and what had to be skipped, in words."""
    if config.data == "built-in":
        columns = {"label": "1", "text": "2"}
        return BUILT_IN, list(read_rows(BUILT_IN, columns, format="tsv", quoting=False, header=False)), ""
    rows = rows_of(config)
    return rows.path, list(rows), rows.report()


def rows_of(config: DataConfig) -> Rows:
    """The rows of a file of one's own."""
    columns = {"label": config.label_column, "text": config.text_column}
    return read_rows(config.data, columns, encoding=config.encoding, quoting=config.quoting, on_bad=config.on_bad)


def peek(config: DataConfig) -> None:
    """UserError where the file is not there, or has no such column: known before a run begins."""
    if config.data != "built-in":
        with contextlib.closing(rows_of(config)) as rows:
            next(rows, None)


def two_labels(labels: Sequence[str], positive: str, path: Path) -> tuple[str, str]:
    """The two classes, the one to be found last; UserError where there are not two or it is not clear which."""
    found = sorted(set(labels))
    if len(found) != 2:
        some = ", ".join(map(repr, found[:5])) + (" …" if len(found) > 5 else "")
        raise UserError(f"{path}: {len(found)} different labels ({some}), but two are needed; is label_column right?")
    if positive and positive not in found:
        raise UserError(f"positive_label: {positive!r} is not in {path}{closest(positive, found)} It has {found}")
    wanted = [positive] if positive else [label for label in found if label.lower() in YES]
    if len(wanted) != 1:
        raise UserError(f"{path}: labels {found[0]!r} and {found[1]!r}: which is to be found? Set positive_label")
    return next(label for label in found if label != wanted[0]), wanted[0]


def words(text: str) -> list[str]:
    """The words of a message: lower case, each digit as 0 (a phone number is known by its length, not its digits)."""
    plain = re.sub(r"\d", "0", unicodedata.normalize("NFKC", text).lower())
    return [match.group() for match in re.finditer(PATTERN, plain)]


@dataclass(frozen=True)
class Codec:
    """Messages to word ids, and probabilities to answers.

    vocabulary: word of each id; 0 is padding, 1 is any word not listed. length: words of a message that are read.
    labels: the class below and the class at or above the threshold.
    """

    vocabulary: tuple[str, ...]
    length: int
    labels: tuple[str, str] = ("ham", "spam")
    threshold: float = 0.5

    @classmethod
    def learn(cls, texts: Sequence[str], *, most: int, min_count: int, length: int, labels: tuple[str, str]) -> Self:
        """The `most` most frequent words (with <unknown>) that occur `min_count` times; ties in alphabetical order."""
        counts = Counter(word for text in texts for word in words(text)[:length])
        kept = sorted((word for word in counts if counts[word] >= min_count), key=lambda w: (-counts[w], w))
        return cls((PADDING, UNKNOWN, *kept[: most - 1]), length, labels)

    @cached_property
    def index(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.vocabulary)}

    def ids(self, text: str) -> list[int]:
        """Word ids, at most `length`; a message without a word or a mark reads as one unknown word."""
        return [self.index.get(word, UNKNOWN_ID) for word in words(text)[: self.length]] or [UNKNOWN_ID]

    def cost(self, value: str) -> int:
        return len(value)  # in characters: near enough, and no message is taken apart twice

    def encode(self, inputs: Sequence[str]) -> Arrays:
        return {"ids": padded([self.ids(text) for text in inputs])}

    def decode(self, outputs: Arrays, inputs: Sequence[Any] = ()) -> list[Answer]:
        return [
            {"label": self.labels[int(probability >= self.threshold)], "probability": float(probability)}
            for probability in outputs["probability"]
        ]

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"pattern": PATTERN}  # the pattern: for those who write their own reader

    def example(self) -> str:
        return EXAMPLE

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> Self:
        return cls(tuple(state["vocabulary"]), state["length"], tuple(state["labels"]), state["threshold"])


# the codec once more, for the README of a bundle; tests/ship holds both equal
EXAMPLE = r"""
import re, unicodedata

def encode(text):
    plain = re.sub(r"\d", "0", unicodedata.normalize("NFKC", text).lower())
    words = [match.group() for match in re.finditer(codec["pattern"], plain)][: codec["length"]]
    index = {word: i for i, word in enumerate(codec["vocabulary"])}
    return {"ids": np.array([[index.get(word, 1) for word in words] or [1]])}

def decode(outputs):
    probability = outputs["probability"][0]
    return {"label": codec["labels"][int(probability >= codec["threshold"])], "probability": float(probability)}
"""


def padded(rows: Sequence[Sequence[int]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Rows of different lengths as one array [N, T], filled up with 0 (padding)."""
    out = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out
