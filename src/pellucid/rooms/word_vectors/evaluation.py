"""How good vectors are: how well they predict text that training did not see, analogies, and what people find alike.

Analogies (Mikolov et al. 2013): a is to b as c is to ?, answered by the word nearest to b - a + c, these three left
out. Only questions whose four words are known and frequent count. Similarity: Spearman's correlation of
cosines with people's marks.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pellucid.core.contract import in_batches
from pellucid.core.errors import UserError
from pellucid.rooms.word_vectors import pairs
from pellucid.rooms.word_vectors.data import Part
from pellucid.rooms.word_vectors.model import Batch, Prediction
from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.sampling import Stream

Floats = np.ndarray[Any, Any]

QUESTIONS = Path(__file__).parent / "questions-words.txt.gz"
MOST_TOKENS = 10_000  # of a part that are predicted: the spread over seeds is larger than what more would tell
FREQUENT = 30_000  # words that analogies are asked of, and answered with: as in word2vec's own tool
WINDOWS, ASKED = 256, 1024  # computed at once


@dataclass(frozen=True)
class Question:
    """a is to b as c is to d, as places in the vocabulary."""

    family: str
    a: int
    b: int
    c: int
    d: int


class HeldOut:
    """The windows of some text, with their noise words drawn once and for all, the same for all vectors."""

    def __init__(self, parts: Sequence[Part], counts: Floats, options: Options, most: int = MOST_TOKENS):
        self.parts, self.counts, self.options, self.most = parts, counts, options, most

    @cached_property
    def windows(self) -> list[pairs.Window]:
        found: list[pairs.Window] = []
        left = self.most
        for part in self.parts:
            if left <= 0:
                break
            ids = np.asarray(part.ids[:left])
            left -= len(ids)
            offsets = np.minimum(part.offsets, len(ids))
            found += pairs.windows(ids, offsets, self.counts, self.options, Stream(0))
        return [window for window in found if window.contexts]

    @cached_property
    def batches(self) -> list[Batch]:
        return [Batch.of(some) for some in in_batches(self.windows, WINDOWS)]

    @property
    def predictions(self) -> int:
        """Pairs of words; CBOW: windows."""
        one = self.options.architecture == "cbow"
        return sum(1 if one else len(window.contexts) for window in self.windows)

    def loss(self, inputs: Floats, outputs: Floats) -> float:
        """Mean over the predictions, of the sum over the true word and its noise (or over the turns of its path)."""
        model = Prediction(torch.from_numpy(inputs), torch.from_numpy(outputs), self.options.architecture)
        with torch.inference_mode():
            total = sum(float(model.loss(batch)) for batch in self.batches)
        return total / max(1, self.predictions)


def questions(index: Mapping[str, int], file: Path = QUESTIONS, lowercase: bool = True) -> list[Question]:
    """The questions of a file of the form of questions-words.txt whose words are all known."""
    found, family = [], ""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            words = (line.lower() if lowercase else line).split()
            if words[:1] == [":"]:
                family = " ".join(line.split()[1:])
            elif len(words) == 4:
                places = [index.get(word, FREQUENT) for word in words]
                if max(places) < FREQUENT:
                    found.append(Question(family, *places))
            elif words:
                raise UserError(f"{file}, line {number}: has {len(words)} words; a question has four")
    return found


def answered(units: Floats, asked: Sequence[Question]) -> list[bool]:
    """Whether the nearest word to b - a + c is d. units [V, D]: vectors of length 1."""
    right: list[bool] = []
    units = units[:FREQUENT]
    for some in in_batches(asked, max(1, ASKED * 10_000 // len(units))):
        a, b, c, d = (np.array([getattr(question, name) for question in some]) for name in "abcd")
        scores = (units[b] - units[a] + units[c]) @ units.T  # [Q, V]; the length of a question changes no order
        rows = np.arange(len(some))
        for place in (a, b, c):
            scores[rows, place] = -np.inf
        right += (scores.argmax(axis=1) == d).tolist()
    return right


def analogy_scores(units: Floats, asked: Sequence[Question]) -> dict[str, float]:
    """The share that is right, of all and of each family that has some. 0 questions: 0."""
    right = answered(units, asked) if asked else []
    scores: dict[str, float] = {"analogies": float(np.mean(right)) if right else 0.0, "questions": len(asked)}
    for family in dict.fromkeys(question.family for question in asked):
        of_family = [ok for ok, question in zip(right, asked, strict=True) if question.family == family]
        scores[f"analogies_{family}"] = float(np.mean(of_family))
    return scores


def similarity_scores(
    units: Floats, index: Mapping[str, int], marked: Iterable[tuple[str, str, float]]
) -> dict[str, float]:
    """Spearman's correlation of cosines with marks, over the pairs whose words are both known."""
    rows = [(index[a], index[b], mark) for a, b, mark in marked if a in index and b in index]
    if len(rows) < 2:
        raise UserError(f"similarity: {len(rows)} of its pairs have two words that this run knows; two are needed")
    cosines = [float(units[a] @ units[b]) for a, b, _ in rows]
    return {"spearman": spearman(cosines, [mark for *_, mark in rows]), "pairs": len(rows)}


def spearman(x: Sequence[float], y: Sequence[float]) -> float:
    """The correlation of ranks; equal values share the mean of theirs."""
    found = np.corrcoef(ranks(x), ranks(y))[0, 1]
    return float(np.nan_to_num(found))


def ranks(values: Sequence[float]) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def unit(vectors: Floats) -> Floats:
    """Each row divided by its length [V, D]."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
