"""The idx format of MNIST and its relatives: a header of numbers, then the array. Plain or gzipped, checked strictly.

Header: two zero bytes, the type (8: unsigned bytes), the number of axes, each axis's size (4 bytes, big end first).
"""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.core.errors import UserError

Bytes = NDArray[np.uint8]

UNSIGNED_BYTES = 8
MOST = 2_000_000_000  # bytes that an array may have
PARTS = {"train": "train", "test": "t10k"}
SPELLINGS = ("{part}-{what}-idx{axes}-ubyte{gz}", "{part}-{what}.idx{axes}-ubyte{gz}")


def read_idx(path: Path, axes: int | None = None) -> Bytes:
    """The array of one file; UserError names the file and what is wrong with it. axes: how many are wanted."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = _unzipped(data, path)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from None
    if len(data) < 4 or data[:2] != b"\0\0":
        raise UserError(f"{path}: is no idx file (it does not begin with two zero bytes)")
    kind, found = data[2], data[3]
    if kind != UNSIGNED_BYTES:
        raise UserError(f"{path}: holds numbers of type 0x{kind:02x}, and pictures and labels are bytes (0x08)")
    if not 1 <= found <= 4 or axes not in (None, found):
        raise UserError(f"{path}: has {found} axes, and {axes or '1 to 4'} are needed")
    start = 4 + 4 * found
    if len(data) < start:
        raise UserError(f"{path}: is cut off within its header")
    shape = struct.unpack(f">{found}I", data[4:start])
    size = int(np.prod(shape, dtype=object))
    if size == 0:
        raise UserError(f"{path}: is empty: its array has the shape {list(shape)}")
    if len(data) - start != size:
        short = "cut off" if len(data) - start < size else "too long"
        raise UserError(f"{path}: is {short}: {len(data) - start:,} bytes where the shape {list(shape)} takes {size:,}")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def _unzipped(data: bytes, path: Path) -> bytes:
    """The content of a gzip file, read no further than MOST."""
    import io

    try:
        with gzip.open(io.BytesIO(data)) as stream:
            found = stream.read(MOST + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path}: is damaged: {error}") from None
    if len(found) > MOST:
        raise UserError(f"{path}: unpacks to more than {MOST:,} bytes")
    return found


def idx_files(folder: Path) -> dict[str, Path] | None:
    """The four files of a data set by `train images`, `test labels` …; None where the folder has none of them.

    UserError where some are there and others not.
    """
    found: dict[str, Path] = {}
    wanted = [(part, what) for part in PARTS for what in ("images", "labels")]
    for part, what in wanted:
        for name in _spelt(PARTS[part], what):
            if (folder / name).is_file():
                found[f"{part} {what}"] = folder / name
                break
    if found and len(found) < len(wanted):
        lost = next((part, what) for part, what in wanted if f"{part} {what}" not in found)
        name = next(iter(_spelt(PARTS[lost[0]], lost[1])))
        raise UserError(f"{folder}: {name} (or {name}.gz) is missing; {len(found)} of the 4 idx files are there")
    return found or None


def _spelt(part: str, what: str) -> list[str]:
    axes = {"images": 3, "labels": 1}[what]
    return [spelling.format(part=part, what=what, axes=axes, gz=gz) for gz in ("", ".gz") for spelling in SPELLINGS]


def read_pair(images: Path, labels: Path) -> tuple[Bytes, Bytes]:
    """Pictures [N, H, W] and their labels [N]; UserError where their numbers differ."""
    pictures, targets = read_idx(images, axes=3), read_idx(labels, axes=1)
    if len(pictures) != len(targets):
        raise UserError(f"{images}: {len(pictures):,} pictures, but {labels.name} has {len(targets):,} labels")
    return pictures, targets


def idx_bytes(array: NDArray[Any]) -> bytes:
    """An array of bytes as an idx file."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, UNSIGNED_BYTES, array.ndim, *array.shape)
    return head + np.ascontiguousarray(array, dtype=np.uint8).tobytes()
