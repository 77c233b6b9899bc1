"""How a corpus is read: which column, in which encoding, what one document is and what one word is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from pellucid.core.corpus.stop_words import ENGLISH
from pellucid.core.data.lines import text_encoding
from pellucid.core.errors import UserError, closest

CHOICES = {
    "on_bad": ("refuse", "skip"),
    "split": ("auto", "line", "file", "paragraph"),
    "words": ("unicode", "characters", "jieba"),
}


@dataclass(frozen=True)
class Reading:
    """Plain values only: a reading is written into the corpus's manifest and decides whether one can be used again."""

    column: str = "text"
    """The column of a table (CSV, TSV, JSON Lines, Parquet) that holds the text."""
    encoding: str = "utf-8"
    on_bad: Literal["refuse", "skip"] = "refuse"
    """What becomes of a document that cannot be read: it stops everything, or is left out and counted."""
    split: Literal["auto", "line", "file", "paragraph"] = "auto"
    """What one document is in plain text. auto: a line of a file; in a folder, a file."""
    lowercase: bool = True
    words: Literal["unicode", "characters", "jieba"] = "unicode"
    """unicode: runs of letters, digits and apostrophes. characters: the same, but each Chinese or Japanese character
    is a word. jieba: runs that hold Chinese are cut by jieba."""
    stop_words: tuple[str, ...] | Literal["english"] = ()
    """Words that are left out."""
    min_letters: int = 1
    """Words with fewer characters are left out."""
    name_column: str = ""
    """The column of a table that holds a document's name; empty: it is named after its line."""

    def __post_init__(self) -> None:
        for field, known in CHOICES.items():
            value = getattr(self, field)
            if value not in known:
                raise UserError(f"{field}: {value!r} is not one of {', '.join(known)}{closest(str(value), known)}")
        text_encoding(self.encoding)
        if isinstance(self.stop_words, str) and self.stop_words != "english":
            raise UserError(f"stop_words: {self.stop_words!r} is neither 'english' nor a list of words")
        if not isinstance(self.stop_words, str):
            object.__setattr__(self, "stop_words", tuple(self.stop_words))
        if self.min_letters < 1:
            raise UserError(f"min_letters: {self.min_letters} is less than 1")

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """What JSON gives back as it is: `Reading.from_json(reading.as_json()) == reading`."""
        chosen = self.stop_words if isinstance(self.stop_words, str) else list(self.stop_words)
        return dataclasses.asdict(self) | {"stop_words": chosen}

    @property
    def left_out(self) -> frozenset[str]:
        """The stop words, spelt as the words of the text will be."""
        listed = ENGLISH if self.stop_words == "english" else self.stop_words
        return frozenset(word.lower() if self.lowercase else word for word in listed)
