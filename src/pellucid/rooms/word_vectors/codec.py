"""The codec: a query to places in the vocabulary with weights, cosines to an answer. NumPy only, as codec.js has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from pellucid.core.card import Words
from pellucid.core.contract import Answer, Arrays
from pellucid.rooms.word_vectors.query import Query, understood

Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Codec:
    """vocabulary: the words, the most frequent first. lowercase: whether all of them were made so. top: how many of the
    nearest words an answer lists."""

    vocabulary: tuple[str, ...]
    lowercase: bool = True
    top: int = 10

    @cached_property
    def index(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.vocabulary)}

    def query(self, text: str) -> Query:
        return understood(text, self.index, self.lowercase)

    def cost(self, value: str) -> int:
        return 1

    def encode(self, inputs: Sequence[str]) -> Arrays:
        """ids [N, K] and weights [N, K]; shorter queries are filled up with weight 0."""
        asked = [self.query(text) for text in inputs]
        ids = np.zeros((len(asked), max(len(query.ids) for query in asked)), dtype=np.int64)
        weights = np.zeros(ids.shape, dtype=np.float32)
        for i, query in enumerate(asked):
            ids[i, : len(query.ids)], weights[i, : len(query.ids)] = query.ids, query.weights
        return {"ids": ids, "weights": weights}

    def decode(self, outputs: Arrays, inputs: Sequence[Any] = ()) -> list[Answer]:
        """Of each row of cosines [N, V]. Without the queries the words that were asked are among those listed."""
        queries = [self.query(text) for text in inputs] or [Query("near", (), ())] * len(outputs["scores"])
        return [self.answer(query, row) for query, row in zip(queries, outputs["scores"], strict=True)]

    def answer(self, query: Query, scores: Floats) -> Answer:
        """scores [V]: the cosine of each word with the weighted sum of the query's."""
        if query.kind == "odd":
            ranked = sorted(query.ids, key=lambda i: (-scores[i], i))
        else:
            ranked = best(scores, self.top, leave_out=query.ids)
        words = [{"name": self.vocabulary[i], "score": float(scores[i]), "text": ""} for i in ranked]
        alike = None
        if query.kind == "pair":  # with the sum of both each has the cosine √((1 + c) / 2)
            first, second = (float(scores[i]) for i in query.ids)
            alike = min(1.0, 2 * first * second - 1)
        return {"verdict": self.verdict(query, words, alike), "words": words, "similarity": alike}

    def verdict(self, query: Query, words: list[dict[str, Any]], alike: float | None) -> Words:
        names = [self.vocabulary[i] for i in query.ids]
        if alike is not None:
            return {
                "en": f"{names[0]} and {names[1]}: cosine {alike:.3f}",
                "zh-TW": f"{names[0]} 與 {names[1]}：餘弦相似度 {alike:.3f}",
            }
        if not words:
            return {"en": "there is no other word", "zh-TW": "沒有別的詞了"}
        if query.kind == "odd":
            last = words[-1]
            return {
                "en": f"{last['name']} is the odd one out: cosine {last['score']:.3f} with the mean of all",
                "zh-TW": f"{last['name']} 與眾不同：它與平均的餘弦相似度是 {last['score']:.3f}",
            }
        first, asked = words[0], told(names, query.weights)
        if not asked:
            return {"en": f"nearest: {first['name']}", "zh-TW": f"最接近的是 {first['name']}"}
        return {
            "en": f"{asked}: nearest is {first['name']}, cosine {first['score']:.3f}",
            "zh-TW": f"{asked}：最接近的是 {first['name']}，餘弦相似度 {first['score']:.3f}",
        }

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def example(self) -> str:
        return EXAMPLE

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> Self:
        return cls(tuple(state["vocabulary"]), state["lowercase"], state["top"])


def best(scores: Floats, count: int, leave_out: Sequence[int] = ()) -> list[int]:
    """The places of the highest scores, the highest first, of equal ones the more frequent word first."""
    most = min(len(scores), count + len(leave_out))
    edge = np.partition(scores, -most)[-most]  # all that is above it, and of what is equal as many as there is room for
    places = np.flatnonzero(scores >= edge)
    order = places[np.argsort(-scores[places], kind="stable")]
    return [int(i) for i in order if i not in leave_out][:count]


def told(names: Sequence[str], weights: Sequence[float]) -> str:
    """`king − man + woman`."""
    text = " ".join(f"{'−' if weight < 0 else '+'} {name}" for name, weight in zip(names, weights, strict=True))
    return text.removeprefix("+ ")


# the codec once more, for the README of a bundle, without the comparisons with commas
EXAMPLE = r"""
def encode(query):
    ids, weights, sign = [], [], 1.0
    for term in query.lower().replace("+", " + ").replace("-", " - ").split():
        if term in "+-":
            sign = -1.0 if term == "-" else 1.0
        else:
            ids.append(codec["vocabulary"].index(term))
            weights.append(sign)
            sign = 1.0
    return {"ids": np.array([ids]), "weights": np.array([weights], dtype=np.float32)}

def decode(outputs):
    scores = outputs["scores"][0]
    return [(codec["vocabulary"][i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[: codec["top"]]]
"""
