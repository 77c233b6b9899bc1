"""Plain text, packed or not, in blocks of whole documents; and which documents of a block are no text."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pellucid.core.corpus.blocks import BLANK, BLOCK, Block, Document, Rows, Text
from pellucid.core.corpus.reading import Reading
from pellucid.core.data.lines import Damaged, damaged, decoding_error, text_encoding
from pellucid.core.data.unpack import BrokenData, unpacked
from pellucid.core.errors import UserError

CHUNK = 1 << 18  # bytes read at a time

Skip = Callable[[str], None]


def plain_blocks(path: Path, name: str, split: str, reading: Reading, skip: Skip) -> Iterator[tuple[Block, float]]:
    """The blocks of a text file, each with the share of the file that is read by then. `skip` hears what is left out.

    A document of more than BLOCK characters is cut at a space into several.
    """
    with path.open("rb") as raw:
        size = max(1, path.stat().st_size)
        line, part, held, broken = 1, 1, "", None
        try:
            for text in _texts(path, raw, reading):
                held += text
                while len(held) >= BLOCK:
                    cut, within = _cut(held, split)
                    block = Text(name, held[:cut], split, line, part)
                    yield _checked(path, block, reading, skip), raw.tell() / size
                    line += block.text.count("\n")
                    alone = split != "paragraph" or not BLANK.search(block.text)
                    part = 1 if not within else part + 1 if alone else 2
                    held = held[cut:]
        except Damaged as error:
            broken = error
            held = held[: _whole(held, split)]
        if held:
            yield _checked(path, Text(name, held, split, line, part), reading, skip), 1.0
        if broken:
            raise broken


def _texts(path: Path, raw: Any, reading: Reading) -> Iterator[str]:
    """The file's text, about a block at a time, with "\\n" at the end of every line."""
    encoding = text_encoding(reading.encoding)
    errors = "strict" if reading.on_bad == "refuse" else "surrogateescape"
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
    stream = unpacked(path, raw)
    ready: list[str] = []
    held, lines = 0, 0
    try:
        while chunk := stream.read(CHUNK):
            ready.append(decoder.decode(chunk))
            held += len(ready[-1])
            if held >= BLOCK:
                text = "".join(ready)
                lines += text.count("\n")
                yield text
                ready, held = [], 0
        ready.append(decoder.decode(b"", final=True))
    except UnicodeError:
        raise decoding_error(path, encoding) from None
    except BrokenData as error:
        text = "".join(ready)
        yield text
        raise damaged(path, lines + text.count("\n"), error) from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from None
    yield "".join(ready)


def _cut(text: str, split: str) -> tuple[int, bool]:
    """Where a block ends, and whether that is within a document."""
    if end := _whole(text, split):
        return end, False
    space = max(text.rfind(" ", BLOCK // 2, BLOCK), text.rfind("\n", BLOCK // 2, BLOCK))
    return (space + 1 if space >= 0 else BLOCK), True


def _whole(text: str, split: str) -> int:
    """Where the last document of a text ends that is sure to be whole; 0 where none is."""
    if split == "line":
        return text.rfind("\n") + 1
    return max((gap.end() for gap in BLANK.finditer(text)), default=0) if split == "paragraph" else 0


def _checked(path: Path, block: Text, reading: Reading, skip: Skip) -> Block:
    """The block, without the documents that are no text."""
    if "\0" not in block.text and _decoded(block.text):
        return block
    good: list[Document] = []
    for document in block.documents():
        place = f"{path}, {document.where}" if document.where else str(path)
        if "\0" in document.text:
            reason = "a NUL character; a binary file, or UTF-16 text (then use --encoding utf-16-le)"
        elif not _decoded(document.text):
            reason = f"bytes that are not {reading.encoding} text"
        else:
            good.append(document)
            continue
        if reading.on_bad == "refuse":
            raise UserError(f"{place}: {reason}")
        skip(f"{place}: {reason}")
    return Rows(good)


def _decoded(text: str) -> bool:
    """Is there none of the half characters that stand for bytes that could not be decoded?"""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
