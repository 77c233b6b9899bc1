"""Queries to word ids, and scores to the best documents with the part of each that answers. No torch: bundles use it.

codec.js does the same in the browser; a bundle's README shows a shorter one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from pellucid.core.card import Words
from pellucid.core.contract import Answer, Arrays
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.words import words
from pellucid.core.errors import UserError, closest
from pellucid.rooms.document_search.excerpt import excerpt

TERMS = 256  # different words of a query that are read: the first ones
NAMED = 12  # words that a sentence names


@dataclass(frozen=True)
class Codec:
    """vocabulary: the word of each id; one more id, their number, stands for any word that is not in the index.

    names, texts: of each document. reading: how a text is taken apart. top: how many documents an answer names.
    """

    vocabulary: Sequence[str]
    names: Sequence[str]
    texts: Sequence[str]
    reading: Reading
    top: int = 10

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {word: i for i, word in enumerate(self.vocabulary)}

    def words(self, query: str) -> list[str]:
        return words(query, self.reading)

    def counts(self, query: str) -> Counter[str]:
        """The different words of a query in their order, at most TERMS. UserError where the index knows none."""
        found = self.words(query)
        counts = Counter(found)
        if not any(word in self.index for word in counts):
            raise UserError(self._nothing(list(counts)))
        return Counter(dict(list(counts.items())[:TERMS]))

    def _nothing(self, asked: list[str]) -> str:
        if not asked:
            return "query: holds no word to look for (stop words and marks do not count)"
        hints = [closest(word, self.index) for word in asked[:3]]
        hint = next((hint for hint in hints if hint), "")
        return f"query: no document has {named(asked)[0]}{hint or '; try other words'}"

    def unknown(self, counts: Mapping[str, int]) -> list[str]:
        """Those that the index does not hold."""
        return [word for word in counts if word not in self.index]

    def cost(self, value: str) -> int:
        return len(value)  # in characters: near enough

    def encode(self, inputs: Sequence[str]) -> Arrays:
        """ids [N, K] and counts [N, K]; shorter queries are filled up with count 0."""
        asked = [self.counts(value) for value in inputs]
        shape = len(asked), max(map(len, asked))
        ids, counts = np.full(shape, len(self.vocabulary), np.int64), np.zeros(shape, np.float32)
        for row, found in enumerate(asked):
            ids[row, : len(found)] = [self.index.get(word, len(self.vocabulary)) for word in found]
            counts[row, : len(found)] = list(found.values())
        return {"ids": ids, "counts": counts}

    def decode(self, outputs: Arrays, inputs: Sequence[Any] = ()) -> list[Answer]:
        """The best `top` documents of each row of scores [N, D]; only those above 0."""
        (scores,) = outputs.values()
        queries = inputs or [""] * len(scores)
        return [self.answer(ranked(row, self.top), query) for row, query in zip(scores, queries, strict=True)]

    def answer(self, hits: Sequence[tuple[int, float]], query: str) -> Answer:
        """Documents with their scores, best first, and what was looked for."""
        counts = Counter(self.words(query))
        rarity = {word: np.log(2 + self.index[word]) for word in counts if word in self.index}  # ids: commonest first
        places = [
            {"name": self.names[d], "score": score, "text": excerpt(self.texts[d], rarity, self.reading.words)}
            for d, score in hits
        ]
        return {"documents": places, "verdict": verdict(list(rarity), self.unknown(counts), len(places))}

    def without_documents(self) -> Self:
        """What is kept beside an index that holds words, names and texts itself."""
        return replace(self, vocabulary=(), names=(), texts=())

    def to_json(self) -> dict[str, Any]:
        return {
            "vocabulary": list(self.vocabulary),
            "names": list(self.names),
            "texts": list(self.texts),
            "reading": self.reading.as_json() | {"stop_words": sorted(self.reading.left_out)},
            "top": self.top,
        }

    def example(self) -> str:
        return EXAMPLE

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> Self:
        reading = Reading.from_json(state["reading"])
        return cls(tuple(state["vocabulary"]), tuple(state["names"]), tuple(state["texts"]), reading, state["top"])


def ranked(scores: np.ndarray[Any, Any], top: int) -> list[tuple[int, float]]:
    """Places and values of the best scores above 0, the best first; the same to six digits: the earlier first."""
    rounded = np.floor(scores.astype(np.float64) * 1e6 + 0.5)
    best = np.argsort(-rounded, kind="stable")[:top]
    return [(int(d), float(scores[d])) for d in best if rounded[d] > 0]


def verdict(counted: Sequence[str], unknown: Sequence[str], found: int) -> Words:
    """Which words of the query counted, and which are in no document."""
    if not counted and not unknown:
        return {"en": f"The {found} nearest documents.", "zh-TW": f"最接近的 {found} 份文件。"}
    en, zh = named(counted)
    said: Words = {"en": f"Looked for: {en}.", "zh-TW": f"找的詞：{zh}。"}
    if unknown:
        en, zh = named(unknown)
        said = {
            "en": f"{said['en']} Not in the index, so without weight: {en}.",
            "zh-TW": f"{said['zh-TW']}索引裡沒有、因此沒有份量：{zh}。",
        }
    if not found:
        said = {"en": f"{said['en']} No document is near.", "zh-TW": f"{said['zh-TW']}沒有接近的文件。"}
    return said


def named(words: Sequence[str]) -> tuple[str, str]:
    """Some words in a sentence, in both languages."""
    more = " …" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more, "、".join(words[:NAMED]) + more


# the codec once more, for the README of a bundle: a test holds both to the same ids
EXAMPLE = r"""
import re, unicodedata

def words(text):
    reading = codec["reading"]
    plain = unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\xad", "")
    plain = (plain.lower() if reading["lowercase"] else plain).replace("''", "  ")
    letter = lambda c: unicodedata.category(c)[0] in "LNM" or c in "'\u200c\u200d"
    runs = "".join(c if letter(c) else " " for c in plain).split()
    found = [run.strip("'") for run in runs]
    found = [word for word in found if any(map(str.isalnum, word)) and len(word) >= reading["min_letters"]]
    return [word for word in found if word not in reading["stop_words"]]

def encode(query):
    index = {word: i for i, word in enumerate(codec["vocabulary"])}
    counts = {}
    for word in words(query):
        counts[word] = counts.get(word, 0) + 1
    ids = [index.get(word, len(index)) for word in counts]
    return {"ids": np.array([ids]), "counts": np.array([list(counts.values())], dtype=np.float32)}

def decode(outputs):
    (scores,) = outputs.values() if isinstance(outputs, dict) else outputs
    best = np.argsort(-scores[0], kind="stable")[: codec["top"]]
    return [(codec["names"][d], float(scores[0][d])) for d in best if scores[0][d] > 0]
"""
