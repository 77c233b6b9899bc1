"""What is asked: one word, a sum of words, two words to compare, or several of which one does not belong. No torch.

queen                             the words nearest to it
king - man + woman                the words nearest to this sum: an analogy
brother, sister                   how alike two words are
breakfast, dinner, tea, horse     the odd one out
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pellucid.core.errors import UserError

MOST_TERMS = 12
"""Words of one query."""
COMMAS, SIGNS = r"[,，、;；]", r"([+＋\-−－–])"
MINUS = "-−－–"
NEAR_ENOUGH, SEARCHED = 0.6, 50_000  # of difflib, and how many of the most frequent words are looked through

Kind = Literal["near", "sum", "pair", "odd"]


@dataclass(frozen=True)
class Query:
    """Places of the words in the vocabulary, each once, with its weight in the sum that is looked up."""

    kind: Kind
    ids: tuple[int, ...]
    weights: tuple[float, ...]


def understood(text: str, index: Mapping[str, int], lowercase: bool = True) -> Query:
    """The query; UserError for a word that is not known, with near spellings, and for what cannot be asked."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'").replace("\xad", "")
    parts = [part.strip() for part in re.split(COMMAS, plain) if part.strip()]
    if not parts:
        raise UserError("query: has no word; write one, such as queen")
    if len(parts) > 1:
        ids = tuple(dict.fromkeys(known(part, index, lowercase) for part in parts))
        limit(len(ids))
        kind: Kind = "near" if len(ids) == 1 else "pair" if len(ids) == 2 else "odd"
        return Query(kind, ids, (1 / len(ids),) * len(ids))
    total: dict[int, float] = {}
    sign = 1.0
    for term in (term for piece in re.split(SIGNS, parts[0]) for term in piece.split()):
        if re.fullmatch(SIGNS, term):
            sign = -1.0 if term in MINUS else 1.0
            continue
        place = known(term, index, lowercase)
        total[place] = total.get(place, 0.0) + sign
        sign = 1.0
    left = {place: weight for place, weight in total.items() if weight}
    limit(len(left))
    if not left:
        raise UserError(f"query: {text!r} takes away all that it adds; leave something to look up")
    kind = "near" if list(left.values()) == [1.0] else "sum"
    return Query(kind, tuple(left), tuple(left.values()))


def known(term: str, index: Mapping[str, int], lowercase: bool) -> int:
    """The place of a word, spelt as the words of a corpus are (core/corpus/words.py)."""
    word = (term.lower() if lowercase else term).strip("'") or term
    if word in index:
        return index[word]
    raise UserError(f"query: {word!r} is not one of the {len(index):,} words that this run knows{near(word, index)}")


def near(word: str, index: Mapping[str, int]) -> str:
    """A hint with up to three known words that are spelt alike, looked for among the most frequent."""
    size = len(word)
    alike = [other for other, place in index.items() if place < SEARCHED and abs(len(other) - size) <= 2]
    found = difflib.get_close_matches(word, alike, n=3, cutoff=NEAR_ENOUGH)
    return f". Did you mean {' or '.join(map(repr, found))}?" if found else ""


def limit(count: int) -> None:
    if count > MOST_TERMS:
        raise UserError(f"query: has {count} words; ask of at most {MOST_TERMS} at once")
