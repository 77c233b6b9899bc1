"""Train, validation and test parts that stay the same: de-duplicated, stratified, and without a seed.

A random split with a seed changes altogether when one row is added or the file is sorted. Here a row's place follows
from a hash of its own text: within each class the rows are ranked by hash and cut by rank. The same data in any order
give the same parts, and one more row moves at most one other row across each cut. Rows with the same text must not end
on both sides of a cut, or the test measures memory: so they are removed first.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pellucid.core.data.parsers import Row
from pellucid.core.errors import UserError

FRACTIONS = {"train": 0.7, "validation": 0.1, "test": 0.2}


class Conflict(NamedTuple):
    """The same text under two labels. The row at `line` is kept, the one at `other_line` is not."""

    text: str
    line: int
    label: str
    other_line: int
    other_label: str


class Deduplicated(NamedTuple):
    rows: list[Row]
    removed: int
    conflicts: list[Conflict]


def normalise(text: str) -> str:
    """What makes two messages the same: width and compatibility forms (NFKC), case, digits and spacing do not count."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return " ".join(re.sub(r"\d", "0", folded).split())


def deduplicate(
    rows: Iterable[Row], text: str = "text", label: str | None = "label", key: Callable[[str], str] = normalise
) -> Deduplicated:
    """Keeps the first of the rows whose texts have the same key. `label` None: rows without labels, so no conflicts."""
    first: dict[str, Row] = {}
    removed = 0
    conflicts = []
    for row in rows:
        kept = first.setdefault(key(row.values[text]), row)
        if kept is row:
            continue
        removed += 1
        if label is not None and kept.values[label] != row.values[label]:
            conflicts.append(Conflict(row.values[text], kept.line, kept.values[label], row.line, row.values[label]))
    return Deduplicated(list(first.values()), removed, conflicts)


def stratified_split(
    keys: Sequence[str], labels: Sequence[str], fractions: Mapping[str, float] = FRACTIONS
) -> dict[str, NDArray[np.int64]]:
    """Cuts rows into parts with the same share of each class in each part.

    keys:      what the hash is taken of, one a row, all different (`normalise`d texts after `deduplicate`).
    labels:    the class of each row.
    fractions: share of each part, adding up to 1. Each part gets at least one row of each class.

    Returns {part: row numbers}, in the order of the hash: also the order in which the parts are read does not depend on
    the order of the file.

    Errors: UserError where there is one class only, or a class with fewer rows than there are parts.
    """
    if len(keys) != len(labels):
        raise ValueError(f"{len(keys)} keys for {len(labels)} labels")
    if len(set(keys)) < len(keys):
        raise ValueError("keys: two rows have the same key; deduplicate first")
    if not fractions or min(fractions.values()) <= 0 or abs(math.fsum(fractions.values()) - 1) > 1e-9:
        raise UserError(f"fractions: {dict(fractions)} are not shares above 0 that add up to 1")
    by_hash = sorted(range(len(keys)), key=lambda row: (_hash(keys[row]), keys[row]))
    classes: dict[str, list[int]] = {}
    for row in by_hash:
        classes.setdefault(labels[row], []).append(row)
    if len(classes) < 2:
        raise UserError(f"labels: at least 2 classes are needed, and all {len(keys):,} rows have {list(classes)}")
    part_of: dict[int, str] = {}
    for label, members in sorted(classes.items()):
        if len(members) < len(fractions):
            raise UserError(
                f"labels: class {label!r} has {len(members)} different examples; at least {len(fractions)} are needed, "
                f"one each for {', '.join(fractions)}"
            )
        cuts = _cuts(len(members), list(fractions.values()))
        for part, start, end in zip(fractions, [0, *cuts], cuts, strict=False):
            part_of.update(dict.fromkeys(members[start:end], part))
    return {part: np.array([row for row in by_hash if part_of[row] == part], dtype=np.int64) for part in fractions}


def _hash(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _cuts(n: int, shares: list[float]) -> list[int]:
    """Where each part ends among n ranks: rounded, then pushed apart so that no part is empty."""
    parts = len(shares)
    cuts: list[int] = []
    for part, share in enumerate(accumulate(shares), start=1):
        rounded = math.floor(share * n + 0.5 + 1e-9)
        cuts.append(min(max(rounded, cuts[-1] + 1 if cuts else 1), n - (parts - part)))
    return cuts
