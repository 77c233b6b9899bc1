"""Files that are whole or not there: written beside and renamed, and what is said where that cannot be done."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from pellucid.core.data.download import NO_ROOM
from pellucid.core.errors import UserError


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, in place under its name once everything is in it; removed where that fails."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")  # a killed caller's process may still be at the same
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise cannot_write(path, error) from None
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def cannot_write(path: Path, error: OSError) -> UserError:
    if error.errno in NO_ROOM:
        return UserError(
            f"{path.parent}: the disk is full; make room or choose a folder on another disk (PELLUCID_DATA), then run "
            "again: what is done is kept"
        )
    why = error.strerror or error
    return UserError(f"{path}: cannot be written: {why}; choose another place (PELLUCID_DATA, --runs)")


def write_json(path: Path, values: Any) -> None:
    with whole_file(path) as file:
        file.write(json.dumps(values, ensure_ascii=False, indent=1).encode())


class ArrayFile:
    """A one-dimensional .npy file that grows: arrays are appended, `close` writes their number into its head.

    Not written through a memory map: on a full disk that would kill the process.
    """

    def __init__(self, file: IO[bytes], kind: type[np.generic]) -> None:
        self._file, self._kind, self.length = file, np.dtype(kind), 0
        self._head()

    def _head(self) -> None:
        head = {"descr": np.lib.format.dtype_to_descr(self._kind), "fortran_order": False, "shape": (self.length,)}
        np.lib.format.write_array_header_1_0(self._file, head)  # its size leaves room for every number

    def append(self, values: NDArray[Any]) -> None:
        self._file.write(np.ascontiguousarray(values, self._kind).data)
        self.length += len(values)

    def close(self) -> None:
        self._file.seek(0)
        self._head()


class Strings:
    """Texts in one memory-mapped file, a NUL behind each, found by number through a second file of offsets."""

    def __init__(self, folder: Path, name: str) -> None:
        self._data = mapped(folder / f"{name}.utf8.npy")
        self._offsets = mapped(folder / f"{name}.offsets.npy")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, at: int) -> str:
        first, last = int(self._offsets[at]), int(self._offsets[at + 1])
        return bytes(self._data[first : last - 1]).decode()


class StringsFile:
    """Writes what `Strings` reads."""

    def __init__(self, data: IO[bytes], offsets: IO[bytes]) -> None:
        self._data, self._offsets = ArrayFile(data, np.uint8), ArrayFile(offsets, np.int64)
        self._offsets.append(np.zeros(1, np.int64))

    def append(self, texts: bytes) -> None:
        """texts: in UTF-8, a NUL behind each."""
        data = np.frombuffer(texts, np.uint8)
        self._offsets.append(self._data.length + 1 + np.flatnonzero(data == 0))
        self._data.append(data)

    def close(self) -> None:
        self._data.close()
        self._offsets.close()


def mapped(path: Path) -> NDArray[Any]:
    """A .npy file as a read-only memory map."""
    try:
        return np.load(path, mmap_mode="r")
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: damaged: {str(error).splitlines()[0]}") from None
