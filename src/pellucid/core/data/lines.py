"""The physical lines of a text file, packed (gzip, zstd) or not, in any encoding, and where it stops being text.

Lines are read one at a time with a limit on their length, so memory stays constant whatever the file is. Python tells
the place of a decoding error only within its own buffer; `decoding_error` finds it in the file, and guesses the
encoding.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO, cast

from pellucid.core.data.unpack import BrokenData, unpacked
from pellucid.core.errors import UserError

LONGEST = 10_000_000  # characters in one line or one cell: above this the file is not what it says it is
USUAL = ("utf-8", "utf-16", "cp950", "big5", "gb18030", "shift_jis", "cp1252", "latin-1")
EAST_ASIAN = ("cp950", "gb18030", "shift_jis", "euc_kr")
FREQUENT = frozenset("的一是不了人我在有這这们們,。、のにはをが다이의는")  # tells those four encodings apart


class Damaged(UserError):
    """Packed data that are broken or end too early; what was read before is whole."""


class Lines(Iterator[str]):
    """Iterates over a file's lines, line ends kept (LF, CRLF or CR).

    `number` is the 1-based line just read; `nul` the last line that held a NUL character (0: none); `done` the share of
    the file that has been read, 0 to 1.
    """

    def __init__(self, path: Path, encoding: str = "utf-8") -> None:
        self.path = path
        self.encoding = text_encoding(encoding)
        self.number = 0
        self.nul = 0
        self._bytes = max(1, path.stat().st_size)
        self._read = 0

    def __enter__(self) -> Lines:
        self._raw = self.path.open("rb")
        self._text = io.TextIOWrapper(
            cast(IO[bytes], unpacked(self.path, self._raw)), encoding=self.encoding, newline=""
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._read = self._raw.tell()
        self._text.close()
        self._raw.close()

    def __next__(self) -> str:
        try:
            line = self._text.readline(LONGEST)
        except UnicodeError:
            raise decoding_error(self.path, self.encoding) from None
        except BrokenData as e:
            raise damaged(self.path, self.number, e) from None
        except OSError as e:
            raise UserError(f"{self.path}, line {self.number + 1}: cannot be read ({e.strerror or e})") from None
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) >= LONGEST:
            raise UserError(
                f"{self.path}, line {self.number}: longer than {LONGEST:,} characters: "
                "this is not a file with one example a line"
            )
        if "\0" in line:
            self.nul = self.number
        return line

    @property
    def done(self) -> float:
        opened = hasattr(self, "_raw") and not self._raw.closed
        return (self._raw.tell() if opened else self._read) / self._bytes


def text_encoding(name: str) -> str:
    """The codec for a user's encoding name. UTF-8 becomes utf-8-sig: a byte order mark is no part of the first cell."""
    try:
        codec = codecs.lookup(name).name
        io.TextIOWrapper(io.BytesIO(), encoding=codec)  # refuses what is a codec but no text encoding, as base64
    except (LookupError, ValueError):
        raise UserError(f"encoding: {name!r} is not a text encoding, as {', '.join(USUAL)} are") from None
    return "utf-8-sig" if codec == "utf-8" else codec


def damaged(path: Path, line: int, error: BrokenData) -> Damaged:
    """What is wrong with packed data of which so many lines were read."""
    if error.early:
        return Damaged(
            f"{path}: the {error.kind} data end too early, after line {line}: download or copy the file again"
        )
    if error.foreign:
        return Damaged(f"{path}: is not {error.kind} data: rename it without {path.suffix} if it is plain text")
    return Damaged(
        f"{path}: the {error.kind} data are damaged near line {line + 1}, byte {error.byte:,} of the file "
        f"({error.reason}): download or copy the file again"
    )


def decoding_error(path: Path, encoding: str) -> UserError:
    """Reads the file once more, to say where the first byte stands that the encoding does not know."""
    name = encoding.removesuffix("-sig")
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, line, after_cr = 0, 1, False  # where the chunk begins
    with path.open("rb") as raw:
        stream = cast(IO[bytes], unpacked(path, raw))
        while True:
            chunk = _some(stream)
            held = decoder.getstate()[0]  # the first bytes of a character that the last chunk cut in two
            try:
                try:
                    text = decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError as e:
                    break_at = len(chunk) - len(e.object) + e.start  # in the chunk; negative where it is in `held`
                    line += _line_ends(decoder.decode(chunk[: max(0, break_at)]), after_cr)  # an error leaves `held`
                    break
            except UnicodeError as e:  # UTF-16 without its byte order mark
                return UserError(
                    f"{path}: is not {name} text ({e}){_hint(_plausible_encoding(chunk[:4], chunk), name)}"
                )
            if not chunk:  # the first reading failed and this one did not
                return UserError(f"{path}: is not {name} text, or changed while it was read")
            offset += len(chunk)
            line += _line_ends(text, after_cr)
            after_cr = text.endswith("\r") if text else after_cr
        nearby = held + chunk + _some(stream)
        bad = len(held) + break_at
        stream.seek(0)
        guess = _plausible_encoding(stream.read(4), nearby[nearby.rfind(b"\n", 0, bad) + 1 :])
    wrong = f"byte 0x{nearby[bad]:02x} at offset {offset + break_at:,}"
    return UserError(f"{path}, line {line}: {wrong} is not {name} text{_hint(guess, name)}")


def _hint(guess: str, name: str) -> str:
    return f": try --encoding {guess}" if guess and guess != name else ": give the file's own with --encoding"


def _some(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(1 << 16)
    except OSError:  # damaged data a little further on
        return b""


def _line_ends(text: str, after_cr: bool) -> int:
    """Ends of line in a piece of text; a CRLF that was cut between two pieces counts once."""
    cut = after_cr and text.startswith("\n")
    return text.count("\n") + text.count("\r") - text.count("\r\n") - cut


def _plausible_encoding(start: bytes, window: bytes) -> str:
    """A guess from the file's first bytes and the bytes around the failure; an empty string where none fits."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith((b"PK\x03\x04", b"\x1f\x8b", b"PAR1", b"\x89PNG", b"%PDF")):
        return ""  # an archive, a table or a picture under a wrong name
    if _decoded(window, "utf-8-sig"):
        return "utf-8"
    pairs = sum(a >= 0x80 and b >= 0x80 for a, b in pairwise(window))
    high = sum(a >= 0x80 for a in window)
    if pairs * 3 >= high:  # two bytes a character: in Western text a high byte mostly stands alone
        texts = {name: _decoded(window, name) for name in EAST_ASIAN}
        best = max(EAST_ASIAN, key=lambda name: (sum(c in FREQUENT for c in texts[name]), bool(texts[name])))
        if texts[best]:
            return best
    return "cp1252" if _decoded(window, "cp1252") else "latin-1"


def _decoded(window: bytes, encoding: str) -> str:
    try:  # not final: the window may end within a character
        return codecs.getincrementaldecoder(encoding)().decode(window)
    except UnicodeDecodeError:
        return ""
