"""What goes in: any text, as a streamed corpus. No torch, and nothing is read before it is asked for.

Built in: two novels by W. M. Thackeray, half a million words (SOURCE.txt). The end of each shard is kept from training:
its pairs tell how well the vectors predict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pellucid.core.config import setting
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.settings import CorpusConfig
from pellucid.core.corpus.words import UNCUT_ADVICE
from pellucid.core.errors import UserError
from pellucid.rooms.word_vectors.codec import Codec

if TYPE_CHECKING:
    from pellucid.core.corpus.corpus import Corpus

__all__ = ["BUILT_IN", "Codec", "DataConfig", "Dataset", "Part", "peek", "prepare"]

BUILT_IN = Path(__file__).parent / "novels"

Ids = np.ndarray[Any, np.dtype[np.int32]]
Offsets = np.ndarray[Any, np.dtype[np.int64]]


class DataConfig(CorpusConfig):
    """Which text to learn from, how to read it, and which of its words get a vector."""

    built_in = BUILT_IN

    split: Literal["auto", "line", "paragraph", "file"] = setting(
        "auto",
        "what one text is: windows do not reach over its ends (auto: a line; in a folder, a file)",
        "一篇文字的範圍，視窗不會跨出去（auto：一行；資料夾中則是一個檔案）",
    )
    min_count: int = setting(5, "words that occur less often get no vector", "出現次數更少的詞沒有向量", ge=1)
    vocabulary: int = setting(
        1_000_000,
        "most words that get a vector (V), the most frequent",
        "最多幾個詞有向量（V），取最常見的",
        ge=2,
        le=100_000_000,
    )
    held_out: float = setting(
        0.02, "share of the text that is kept for evaluation", "留作評估、不用來訓練的比例", ge=0, le=0.5
    )

    def reading(self) -> Reading:
        found = super().reading()
        return replace(found, split="line") if self.data == "built-in" else found


@dataclass(frozen=True)
class Part:
    """A piece of a shard: word ids [tokens] and where its documents begin, with the end [documents + 1]."""

    ids: Ids
    offsets: Offsets


@dataclass(frozen=True)
class Dataset:
    """The words that get a vector with their counts [V], the parts to train and to evaluate on, and what to record."""

    words: list[str]
    counts: Offsets
    train: list[Part]
    test: list[Part]
    about: dict[str, Any]

    def remark(self) -> str:
        """What a person should know before training on it."""
        about = self.about
        remark = (
            f"{about['tokens']:,} words in {about['documents']:,} texts; {len(self.words):,} of "
            f"{about['different']:,} different ones get a vector, which is {about['covered']:.1%} of the text"
        )
        return "\n".join(filter(None, (remark, about["skipped"], UNCUT_ADVICE if about["uncut"] else "")))


def prepare(config: DataConfig) -> Dataset:
    """The corpus, built if it is not there yet, cut to the words that get a vector and into parts."""
    from pellucid.core.corpus.build import build
    from pellucid.core.corpus.corpus import corpus_folder

    reading = config.reading()
    corpus = build(config.source, reading, corpus_folder(config.source, reading), progress=True)
    size = kept(corpus, config)
    parts = [cut(shard.ids, shard.offsets, config.held_out) for shard in corpus.shards]
    if all(np.diff(part.offsets).max(initial=0) < 2 for part, _ in parts):
        raise UserError(f"{config.data}: has no two words beside each other to learn from; take more text")
    counts = np.array(corpus.vocabulary.counts[:size])
    about = {
        "source": "built-in" if config.data == "built-in" else config.data,
        "fingerprint": corpus.fingerprint,
        "documents": corpus.documents,
        "tokens": corpus.tokens,
        "different": len(corpus.vocabulary.words),
        "words": size,
        "covered": float(counts.sum() / corpus.tokens),
        "skipped": corpus.left_out,
        "uncut": corpus.uncut,
    }
    if config.data != "built-in":  # the card's examples may not be among these words
        about["examples"] = examples(corpus.vocabulary.words[:size])
    return Dataset(corpus.vocabulary.words[:size], counts, [a for a, _ in parts], [b for _, b in parts], about)


def examples(words: Sequence[str]) -> list[str]:
    """Queries of words that are frequent, and yet not so frequent that they mean nothing."""
    a, b = (words[min(place, int(share * len(words)))] for place, share in ((100, 0.25), (150, 0.75)))
    return [a, b, f"{a}, {b}"]


def kept(corpus: Corpus, config: DataConfig) -> int:
    """How many words get a vector; UserError where they are too few to learn from."""
    size = corpus.cut(config.min_count, config.vocabulary)
    if size < 2:
        raise UserError(
            f"{config.data}: has {size} word{'s' * (size != 1)} to learn from, and two are needed; "
            f"take more text, or lower min_count ({config.min_count})"
        )
    return size


def cut(ids: Ids, offsets: Offsets, share: float) -> tuple[Part, Part]:
    """The first part of a shard and its end, which has that share of the tokens. A text that lies across is divided."""
    end = len(ids)
    at = end - int(share * end)
    first = offsets[: np.searchsorted(offsets, at)]
    behind = offsets[np.searchsorted(offsets, at, side="right") :] - at if at < end else np.zeros(1, np.int64)
    return Part(ids[:at], np.append(first, at)), Part(ids[at:], np.insert(behind, 0, 0) if at < end else behind)


def peek(config: DataConfig) -> None:
    """UserError where the text is not there, or its first one cannot be read: known before a run begins."""
    from pellucid.core.corpus.sources import documents

    if config.data != "built-in":
        next(documents(config.source, config.reading()), None)
