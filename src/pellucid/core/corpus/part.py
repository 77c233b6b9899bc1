"""What tokenising makes of a batch of text: a part, one file with its own vocabulary, whole or not there at all."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pellucid.core.corpus.blocks import Block
from pellucid.core.corpus.files import whole_file
from pellucid.core.corpus.numbering import Table
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.words import END, spaced, speller

PIECE = 1 << 18  # characters tokenised at a time
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


class Part(NamedTuple):
    """Word ids count within the part: from 0, in the order of `words`."""

    words: bytes
    """A newline behind each."""
    counts: Longs
    documents_with: Longs
    ids: Ints
    lengths: Ints
    """Words of each document."""
    names: bytes
    """An END behind each."""
    texts: bytes
    """The same; empty where texts are not kept."""


def tokenise(batch: list[Block], reading: Reading, keep_text: bool) -> Part:
    names: list[str] = []
    texts: list[str] = []
    for block in batch:
        some = block.named()
        names += some[0]
        texts += some[1]
    table = Table()
    table.numbers(END.encode())  # its number is 0
    raw = [table.numbers(spaced(piece, reading)) for piece in _pieces(texts)]
    words, places = _spelt(table.words, reading)
    runs = np.concatenate([np.zeros(0, np.int32), *raw])
    ends = np.flatnonzero(runs == 0)
    ids = places[runs]
    kept = ids >= 0
    ids = ids[kept]
    lengths = np.diff(np.cumsum(kept)[ends], prepend=0).astype(np.int32)
    count = len(places) - 1 if words is None else len(words)
    data = table.words.partition(b"\n")[2] if words is None else _joined(words, "\n")
    counts = np.bincount(ids, minlength=count)
    together = _joined(texts, END) if keep_text else b""
    return Part(data, counts, _documents_with(ids, lengths, count), ids, lengths, _joined(names, END), together)


def _pieces(texts: list[str]) -> Iterator[str]:
    """The texts, an END behind each, joined to pieces that the processor's cache holds; a long text gives several."""
    group: list[str] = []
    held = 0
    for text in texts:
        while len(text) > 2 * PIECE and (space := text.find(" ", PIECE, 2 * PIECE)) > 0:
            yield from (f" {END} ".join([*group, text[:space]]),)
            group, held, text = [], 0, text[space:]
        group.append(text)
        held += len(text)
        if held >= PIECE:
            yield f" {END} ".join([*group, ""])
            group, held = [], 0
    if group:
        yield f" {END} ".join([*group, ""])


def _spelt(words: bytes, reading: Reading) -> tuple[list[str] | None, Ints]:
    """The words that a table's runs count as (None: each as itself), and for each run the place of its word, or -1.

    The first run is END, which is none.
    """
    found = words.decode().split("\n")[1:-1]
    spell = speller(reading)
    plain = not reading.left_out and reading.min_letters == 1  # then most runs are words as they are
    spelt = [run if plain and run.isalnum() else spell(run) for run in found]
    if spelt == found:
        return None, np.arange(-1, len(found), dtype=np.int32)
    places: dict[str, int] = {}
    numbers = [places.setdefault(word, len(places)) if word else -1 for word in spelt]
    return list(places), np.array([-1, *numbers], np.int32)


def _documents_with(ids: Ints, lengths: Ints, words: int) -> Longs:
    """[words] in how many documents each word stands."""
    if len(lengths) == 1:
        return np.bincount(ids, minlength=words).clip(max=1)
    pairs = ids.astype(np.int64) * len(lengths) + np.repeat(np.arange(len(lengths)), lengths)
    pairs.sort()
    first = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
    return np.bincount(pairs[first] // max(1, len(lengths)), minlength=words)


# a part on disk: arrays one after the other, then a checksum of all that


def write(part: Part, path: Path) -> None:
    buffer = io.BytesIO()
    for field in part:
        np.save(buffer, np.frombuffer(field, np.uint8) if isinstance(field, bytes) else field)
    with whole_file(path) as file:
        file.write(buffer.getbuffer())
        file.write(zlib.crc32(buffer.getbuffer()).to_bytes(4, "little"))


def read(path: Path) -> Part | None:
    """A part; None where there is none or it is damaged."""
    if not path.is_file():
        return None
    data = memoryview(path.read_bytes())
    if len(data) < 4 or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        return None
    buffer = io.BytesIO(data[:-4])
    words, counts, documents_with, ids, lengths, names, texts = (np.load(buffer) for _ in Part._fields)
    return Part(words.tobytes(), counts, documents_with, ids, lengths, names.tobytes(), texts.tobytes())


def _joined(texts: list[str], behind: str) -> bytes:
    return "".join([behind.join(texts), behind] if texts else []).encode()
