"""The bytes of a file as they were before gzip or zstd packed them, and where packed data are damaged.

Everything that came before the damage is handed out first: whoever reads may keep what is whole.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

PACKED = {".gz": "gzip", ".zst": "zstd"}
MAGIC = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}  # how they begin
CHUNK = 4096  # packed bytes taken at a time: what comes out of a damaged chunk is lost


class BrokenData(OSError):
    """Packed data that are not what they should be.

    byte: where in the file, counted from 0, to a chunk. early: they end too early. foreign: they never were packed.
    """

    def __init__(self, kind: str, reason: str, byte: int, *, early: bool = False, foreign: bool = False) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.byte, self.early, self.foreign = kind, reason, byte, early, foreign


def unpacked(path: Path, raw: IO[bytes]) -> io.RawIOBase | IO[bytes]:
    """The content of an open file, unpacked where its suffix says so. Reading it may raise BrokenData."""
    kind = PACKED.get(path.suffix.lower())
    return Unpacked(raw, kind) if kind else raw


def bare(path: Path) -> Path:
    """The path without the suffix of its packing."""
    return path.with_suffix("") if path.suffix.lower() in PACKED else path


class Unpacked(io.RawIOBase):
    """A stream of what a gzip or zstd file holds; several packed files one after the other count as one."""

    def __init__(self, raw: IO[bytes], kind: str) -> None:
        self._raw, self._kind = raw, kind
        self._new, self._wrong = _decoders(kind)
        self._restart()

    def _restart(self) -> None:
        self._decoder: Any = None
        self._chunk, self._ready, self._byte, self._members = b"", b"", 0, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            if not self._more():
                return 0
        n = min(len(buffer), len(self._ready))
        buffer[:n], self._ready = self._ready[:n], self._ready[n:]
        return n

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        if offset or whence:
            raise io.UnsupportedOperation("packed data can only be read again from the beginning")
        self._raw.seek(0)
        self._restart()
        return 0

    def _more(self) -> bool:
        """One more chunk unpacked; False at the end of the file."""
        if not self._chunk:
            self._chunk = self._raw.read(CHUNK)
            self._byte += len(self._chunk)
            if not self._chunk:
                if self._decoder is not None or not self._members:
                    raise BrokenData(self._kind, "they end too early", self._byte, early=True)
                return False
        if self._decoder is None:
            if self._members and not self._chunk.strip(b"\0"):  # padding after the end
                self._chunk = b""
                return True
            self._decoder = self._new()
        try:
            self._ready = self._decoder.decompress(self._chunk)
        except self._wrong as error:
            byte = self._byte - len(self._chunk)
            foreign = byte == 0 and not self._chunk.startswith(MAGIC[self._kind])
            raise BrokenData(self._kind, _plain(str(error)), byte, foreign=foreign) from None
        self._chunk = b""
        if self._decoder.eof:
            self._chunk = self._decoder.unused_data
            self._decoder, self._members = None, self._members + 1
        return True


def _decoders(kind: str) -> tuple[Callable[[], Any], type[Exception]]:
    if kind == "gzip":
        return lambda: zlib.decompressobj(wbits=31), zlib.error
    import zstandard

    return lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError


def _plain(reason: str) -> str:
    """`invalid distance`, of `Error -3 while decompressing data: invalid distance` or `zstd decompressor error: …`."""
    return reason.rpartition(": ")[2]
