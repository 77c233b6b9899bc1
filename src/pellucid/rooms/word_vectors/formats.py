"""Vectors as files that other tools open: word2vec's text and binary formats, and TensorBoard's projector.

Both formats of word2vec.c (Mikolov et al. 2013) begin with the line `words dimensions`. In the text format a line is a
word and its numbers; in the binary one a word, a space and its float32 numbers, little-endian. gensim and most
libraries of word vectors read and write both. A word with a space in it would break either, so its spaces are written
as `_`, as is the custom.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from pellucid.core.errors import UserError
from pellucid.core.run import write_beside

Floats = np.ndarray[Any, np.dtype[np.float32]]

LONGEST_WORD = 10_000  # bytes: further on no space will come, so the file is another kind of file
MOST_NUMBERS = 2**33  # of a header that is believed


def write_text(file: Path, words: Sequence[str], vectors: Floats) -> None:
    """Each number as the shortest text that gives the same float32 again."""
    lines = [f"{len(words)} {vectors.shape[1]}"]
    lines += [f"{one_word(word)} {' '.join(map(str, row))}" for word, row in zip(words, vectors, strict=True)]
    write_beside(file, ("\n".join(lines) + "\n").encode())


def write_binary(file: Path, words: Sequence[str], vectors: Floats) -> None:
    rows = vectors.astype("<f4")
    parts = [f"{len(words)} {vectors.shape[1]}\n".encode()]
    for word, row in zip(words, rows, strict=True):
        parts += [f"{one_word(word)} ".encode(), row.tobytes()]
    write_beside(file, b"".join(parts))


def write_projector(folder: Path, words: Sequence[str], vectors: Floats, counts: Sequence[int]) -> None:
    """TensorBoard's projector tab: a table of numbers, one of names, and which belongs to which."""
    write_beside(folder / "vectors.tsv", "".join("\t".join(map(str, row)) + "\n" for row in vectors).encode())
    rows = "".join(f"{one_word(word)}\t{count}\n" for word, count in zip(words, counts, strict=True))
    write_beside(folder / "words.tsv", f"word\tcount\n{rows}".encode())
    config = 'embeddings {\n  tensor_name: "words"\n  tensor_path: "vectors.tsv"\n  metadata_path: "words.tsv"\n}\n'
    write_beside(folder / "projector_config.pbtxt", config.encode())


def one_word(word: str) -> str:
    return "_".join(word.split()) or "_"


def read(file: str | Path, binary: bool | None = None) -> tuple[list[str], Floats]:
    """Words and vectors [V, D] of a file in either format, gzipped or not; of a word that comes twice the first counts.

    binary: None looks at the file. UserError where it is neither, or ends early.
    """
    path = Path(file)
    with opened(path) as stream:
        count, size = header(path, stream)
        if binary is None:
            binary = looks_binary(path, size)
        rows = binary_rows(path, stream, count, size) if binary else text_rows(path, stream, count, size)
        found: dict[str, Floats] = {}
        for word, row in rows:
            found.setdefault(word, row)
    if not found:
        raise UserError(f"{path}: holds no vectors")
    return list(found), np.stack(list(found.values())).astype(np.float32)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked; UserError where it cannot be read."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as stream:
            yield stream  # type: ignore[misc]
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def header(path: Path, stream: IO[bytes]) -> tuple[int, int]:
    """Words and dimensions, as the first line says."""
    parts = stream.readline(LONGEST_WORD).split()
    if len(parts) != 2 or not all(part.isdigit() for part in parts):
        raise UserError(f"{path}: its first line is not `words dimensions`: no vectors in word2vec's format")
    count, size = map(int, parts)
    if not count or not size or count * size > MOST_NUMBERS:
        raise UserError(f"{path}: says that it holds {count:,} words of {size:,} numbers, which cannot be")
    return count, size


def looks_binary(path: Path, size: int) -> bool:
    """Whether the first vector is not written in digits."""
    with opened(path) as stream:
        stream.readline()
        line = stream.read(LONGEST_WORD + 32 * size).split(b"\n")[0].split()
    try:
        return len([float(part) for part in line[1:]]) != size
    except ValueError:
        return True


def text_rows(path: Path, stream: IO[bytes], count: int, size: int) -> Iterator[tuple[str, Floats]]:
    for number in range(2, count + 2):
        parts = stream.readline().rstrip().split(b" ")
        if len(parts) < 2:
            raise UserError(f"{path}, line {number}: ends after {number - 2:,} of {count:,} words")
        try:
            row = np.array([float(part) for part in parts[1:]], dtype=np.float32)
        except ValueError:
            raise UserError(f"{path}, line {number}: holds something that is not a number") from None
        if len(row) != size:
            raise UserError(f"{path}, line {number}: has {len(row):,} numbers; the first line says {size:,}")
        yield parts[0].decode(errors="replace"), row


def binary_rows(path: Path, stream: IO[bytes], count: int, size: int) -> Iterator[tuple[str, Floats]]:
    for number in range(count):
        word = bytearray()
        while (byte := stream.read(1)) != b" ":
            if not byte or len(word) > LONGEST_WORD:
                raise UserError(f"{path}: ends after {number:,} of {count:,} words")
            if byte != b"\n":  # word2vec.c ends each vector with one; gensim, as we do, does not
                word += byte
        row = stream.read(4 * size)
        if len(row) != 4 * size:
            raise UserError(f"{path}: ends after {number:,} of {count:,} words")
        yield word.decode(errors="replace"), np.frombuffer(row, dtype="<f4")
