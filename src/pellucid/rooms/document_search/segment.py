"""One part of an index: the documents that came together, by documents and by words, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pellucid.rooms.document_search.options import Doing
from pellucid.rooms.document_search.store import Strings, Writing
from pellucid.rooms.document_search.weights import Weighting, of_count, of_document

Array = NDArray[Any]
Kernel = Callable[..., None]
CHUNK = 4_000_000  # entries of the matrix a call of a kernel: about 0.1 s


class Tokens(Protocol):
    """Documents as ids, one after the other: a shard of a corpus."""

    @property
    def ids(self) -> Array: ...
    @property
    def offsets(self) -> Array: ...


@dataclass
class Segment:
    """`starts`, `ids`, `counts`: the matrix by documents. `list_…`: the same by words. `words`: each one's length.

    `scale` [D] is a document's own factor under the index's present weighting, `coordinates` [D, k] its place among
    the topics and `inverse` [D] one by its length there.
    """

    starts: Array
    ids: Array
    counts: Array
    list_starts: Array
    list_documents: Array
    list_counts: Array
    words: Array
    names: Strings
    texts: Strings
    first: int = 0  # number of its first document in the whole index
    scale: Array | None = None
    coordinates: Array | None = None
    inverse: Array | None = None

    @property
    def documents(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def most(self) -> int:
        """The largest count."""
        return int(self.counts.max()) if len(self.counts) else 0

    def row(self, d: int) -> tuple[Array, Array]:
        """Ids and counts of document d of this part."""
        here = slice(int(self.starts[d]), int(self.starts[d + 1]))
        return self.ids[here], self.counts[here]


ARRAYS = ("starts", "ids", "counts", "list_starts", "list_documents", "list_counts", "words")
STRINGS = ("names", "texts")
CHANGING = ("scale", "coordinates", "inverse")  # written anew when the whole index has changed


def opened(files: dict[str, str], arrays: dict[str, Array], first: int) -> Segment:
    """The segment whose manifest entry names these files."""
    parts: dict[str, Any] = {role: arrays[files[role]] for role in ARRAYS}
    parts |= {role: Strings(arrays[files[role]], arrays[files[f"{role}_starts"]]) for role in STRINGS}
    parts |= {role: arrays[files[role]] for role in CHANGING if role in files}
    return Segment(**parts, first=first)


def write(
    place: Writing, shards: Iterable[Tokens], mapping: Array, vocabulary: int, names: Iterable[str],
    texts: Iterable[str], doing: Doing, mark: str = "",
) -> dict[str, str]:  # fmt: skip
    """Count, invert and save; gives the files by role. `mapping[token]` is the word of this index, or -1."""
    from pellucid.rooms.document_search import sparse

    shards = list(shards)
    files = {role: place.ref(mark + role) for role in ARRAYS}
    seen = np.full(vocabulary, -1, np.int32)
    lengths, distinct = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
    for n, shard in enumerate(shards):
        for tokens, offsets in _chunks(shard):
            found = np.zeros(len(offsets) - 1, np.int64)
            sparse.count_distinct(tokens, offsets, mapping, seen, sum(map(len, lengths)), found)
            lengths.append(np.diff(offsets).astype(np.int32))
            distinct.append(found)
        doing.at("counting words", n / (2 * len(shards)))
    starts = np.concatenate([[0], np.cumsum(np.concatenate(distinct))]).astype(np.int64)
    entries = int(starts[-1])
    place.save(mark + "starts", starts)
    place.save(mark + "words", np.concatenate(lengths))
    ids = place.empty(mark + "ids", "int32", (entries,))
    counts = place.empty(mark + "counts", "int32", (entries,))
    at, d = np.full(vocabulary, -1, np.int64), 0
    for n, shard in enumerate(shards):
        for tokens, offsets in _chunks(shard):
            sparse.fill_rows(tokens, offsets, mapping, at, starts[d : d + len(offsets)], ids, counts)
            d += len(offsets) - 1
        doing.at("counting words", 0.5 + n / (2 * len(shards)))
    write_lists(place, mark, starts, ids, counts, vocabulary, doing)
    for role, strings in (("names", names), ("texts", texts)):
        renamed = place.strings(mark + role, strings)
        files[role], files[f"{role}_starts"] = renamed[mark + role], renamed[f"{mark}{role}_starts"]
    return files


def write_lists(
    place: Writing, mark: str, starts: Array, ids: Array, counts: Array, vocabulary: int, doing: Doing
) -> None:
    """The inverted index of the rows."""
    from pellucid.rooms.document_search import sparse

    held = np.zeros(vocabulary, np.int64)
    sparse.count_documents(ids, held)
    list_starts = np.concatenate([[0], np.cumsum(held)]).astype(np.int64)
    place.save(mark + "list_starts", list_starts)
    documents = place.empty(mark + "list_documents", "int32", (len(ids),))
    times = place.empty(mark + "list_counts", "int32", (len(ids),))
    ends = list_starts[:-1].copy()
    for first, last in spans(starts, CHUNK):
        sparse.invert(starts, ids, counts, first, last, ends, documents, times)
        doing.at("inverting", last / (len(starts) - 1))


def scales(segment: Segment, idf: Array, weighting: Weighting) -> Array:
    """Each document's own factor [D], float32: what TF and length 1 leave besides table[count] · idf[word]."""
    from pellucid.rooms.document_search import sparse

    if weighting.normalise == "none":
        return of_document(segment.words, weighting.tf).astype(np.float32)
    squares = np.zeros(segment.documents, np.float64)
    table = table_of(segment.most, weighting)
    for first, last in spans(segment.starts, CHUNK):
        sparse.squared_lengths(segment.starts, segment.ids, segment.counts, table, idf, first, last, squares)
    # the document's part of TF goes away with the length
    return np.divide(1, np.sqrt(squares), out=np.zeros_like(squares), where=squares > 0).astype(np.float32)


def table_of(most: int, weighting: Weighting) -> Array:
    """The count's part of TF for counts 0 … most, float32."""
    return of_count(np.arange(most + 1), weighting.tf).astype(np.float32)


def spans(starts: Array, entries: int) -> list[tuple[int, int]]:
    """Rows cut into pieces of about so many entries: [(first, last), …]."""
    rows, total = len(starts) - 1, int(starts[-1])
    if not rows:
        return []
    pieces = max(1, -(-total // entries))
    cuts = np.searchsorted(starts, np.linspace(0, total, pieces + 1)[1:-1])
    edges = sorted({0, rows, *(int(c) for c in cuts)})
    return list(pairwise(edges))


def shared_out(kernel: Kernel, args: tuple[Any, ...], out: Array, pieces: list[tuple[int, int]], threads: int) -> None:
    """`kernel(*args, first, last, out)` for every piece of rows, by threads: no two write the same row."""
    if threads == 1 or len(pieces) == 1:
        for first, last in pieces:
            kernel(*args, first, last, out)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda piece: kernel(*args, *piece, out), pieces))


def _chunks(shard: Tokens) -> Iterable[tuple[Array, Array]]:
    """A shard in pieces of whole documents: all tokens, and the offsets of the piece's documents."""
    tokens, offsets = np.asarray(shard.ids), np.asarray(shard.offsets)
    for first, last in spans(offsets, CHUNK):
        yield tokens, offsets[first : last + 1]
