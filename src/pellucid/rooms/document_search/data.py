"""What goes in: documents to search, how they are read, and questions whose right document is known. No torch.

Built in: the English paragraphs of XQuAD, five of each of 48 Wikipedia articles, and the questions that they answer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from pellucid.core.config import setting
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.settings import CorpusConfig
from pellucid.core.corpus.sources import documents
from pellucid.core.data.tables import read_rows
from pellucid.core.errors import UserError
from pellucid.rooms.document_search.codec import EXAMPLE, Codec

__all__ = ["BUILT_IN", "EXAMPLE", "Codec", "DataConfig", "Questions", "group_of", "peek", "questions_of", "reading_of"]

BUILT_IN = Path(__file__).parent / "xquad" / "documents.jsonl"


class DataConfig(CorpusConfig):
    """Which documents to search, and how to take them apart."""

    built_in = BUILT_IN

    name_column: str = setting(
        "", "the table's column of names; empty: the number of the line", "表格中名稱所在的欄；留空則用行號"
    )
    stop_words: Literal["english", "none"] = setting(
        "english", "leave out words that say nothing alone: the, of …", "不計單獨沒有意義的詞：the、of …"
    )
    min_letters: int = setting(1, "shorter words are left out", "更短的詞不計", ge=1, le=100)


def reading_of(config: DataConfig) -> Reading:
    """How the configured documents are read."""
    named = "name" if config.data == "built-in" else config.name_column
    return replace(config.reading(), name_column=named, min_letters=config.min_letters)


def peek(config: DataConfig) -> None:
    """UserError where there is nothing to read, or no such column: known before a run begins."""
    if config.data != "built-in":
        next(documents(config.source, reading_of(config)), None)


# what belongs together


@lru_cache(maxsize=1)
def built_in() -> list[dict[str, Any]]:
    """The built-in documents: name, text, questions."""
    return [json.loads(line) for line in BUILT_IN.read_text(encoding="utf-8").splitlines()]


def group_of(name: str, built_in: bool = False) -> str:
    """What a document belongs to: its article (built in), the folder of its file; empty where nothing says it."""
    return name.rpartition(" ")[0] if built_in else name.rpartition("/")[0]


@dataclass(frozen=True)
class Questions:
    """Queries, and the name of the document that each should find."""

    queries: Sequence[str]
    targets: Sequence[str]


MOST, OPENING = 256, 12  # queries made of a collection's own documents, and words of each


def questions_of(config: DataConfig, names: Sequence[str], texts: Sequence[str]) -> Questions:
    """The built-in questions; of a collection of one's own, the opening words of up to MOST documents."""
    if config.data == "built-in":
        pairs = [(question, line["name"]) for line in built_in() for question in line["questions"]]
    else:
        step = max(1, -(-len(names) // MOST))
        openings = ((" ".join(texts[i].split()[:OPENING])[:200], names[i]) for i in range(0, len(names), step))
        pairs = [(opening, name) for opening, name in openings if opening]
    return Questions([query for query, _ in pairs], [name for _, name in pairs])


def questions_in(file: str, config: DataConfig, names: Sequence[str]) -> Questions:
    """Of a file of one's own with the columns `query` and `document`, the name of the document to be found."""
    known = set(names)
    rows = list(read_rows(file, ["query", "document"], encoding=config.encoding, on_bad=config.on_bad))
    for row in rows:
        if row.values["document"] not in known:
            some = ", ".join(map(repr, islice(names, 3)))
            raise UserError(f"{file}, line {row.line}: no document is named {row.values['document']!r}; some: {some}")
    return Questions([row.values["query"] for row in rows], [row.values["document"] for row in rows])
