"""Scores on a file of one's own: analogies, pairs of words with people's marks, or any text.

Which of them a file is, is seen at its first lines: `: family` or four words a line, as in questions-words.txt; two
words and a number, as in WordSim-353; anything else is text, of which the loss is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pellucid.core.corpus.sources import documents
from pellucid.core.corpus.words import words
from pellucid.core.errors import UserError
from pellucid.rooms.word_vectors import evaluation
from pellucid.rooms.word_vectors.config import Config
from pellucid.rooms.word_vectors.data import Part
from pellucid.rooms.word_vectors.evaluation import HeldOut

if TYPE_CHECKING:
    from pellucid.rooms.word_vectors.system import System

LOOKED_AT = 4096  # bytes


def scores(system: System, file: str, read: Mapping[str, Any]) -> dict[str, Any]:
    """Analogies, correlation or loss, whatever the file asks."""
    config = system.config.changed(read, data=file)
    path = Path(config.data)
    index = system.codec.index
    kind = kind_of(path)
    if kind == "analogies":
        asked = evaluation.questions(index, path, config.lowercase)
        if not asked:
            raise UserError(f"{path}: has no question whose four words this run knows")
        return evaluation.analogy_scores(system.units, asked)
    if kind == "similarity":
        return evaluation.similarity_scores(system.units, index, marked(path, config.lowercase))
    held = HeldOut([part_of(path, config, index)], system.counts, config.options())
    if not held.predictions:
        raise UserError(f"{path}: has no two words beside each other that this run knows")
    return system.losses(held)


def kind_of(path: Path) -> Literal["analogies", "similarity", "text"]:
    """What a file asks, by its second line: the first may be a heading."""
    if not path.is_file():
        return "text"
    with path.open("rb") as stream:
        lines = [line for line in stream.read(LOOKED_AT).decode("utf-8", errors="replace").splitlines() if line.strip()]
    if len(lines) < 2:
        return "text"
    second = fields(lines[1])
    if len(second) == 4 and (lines[0].startswith(":") or len(fields(lines[0])) == 4):
        return "analogies"
    return "similarity" if len(second) == 3 and is_number(second[2]) else "text"


def marked(path: Path, lowercase: bool) -> Iterator[tuple[str, str, float]]:
    """Pairs of words with a mark; the first line may be a heading."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        parts = fields(line.lower() if lowercase else line)
        if not parts or (number == 1 and not is_number(parts[-1])) or line.startswith("#"):
            continue
        if len(parts) != 3 or not is_number(parts[2]):
            raise UserError(f"{path}, line {number}: is not two words and a number")
        yield parts[0], parts[1], float(parts[2])


def fields(line: str) -> list[str]:
    return [part for part in re.split(r"[,;\t ]+", line.strip()) if part]


def is_number(text: str) -> bool:
    try:
        return np.isfinite(float(text))
    except ValueError:
        return False


def part_of(path: Path, config: Config, index: Mapping[str, int]) -> Part:
    """As much of a text as is predicted, in this run's ids; an unknown word has one that is left out."""
    reading = config.reading()
    ids: list[int] = []
    offsets = [0]
    for document in documents(path, reading):
        ids += [index.get(word, len(index)) for word in words(document.text, reading)]
        offsets.append(len(ids))
        if len(ids) >= evaluation.MOST_TOKENS:
            break
    return Part(np.array(ids, dtype=np.int32), np.array(offsets, dtype=np.int64))
