"""A saved index on the disk: files that never change, and one manifest that says which of them count.

    manifest.json            the present generation: options, numbers, every file with its bytes and sha256
    000001/ids.npy …         what that generation wrote; NumPy's own format, read by memory mapping

A writer holds a lock, writes new files into a folder of its own, syncs them, and then replaces the manifest in one
step: a kill at any moment leaves either the old index or the new one. A reader maps every file when it opens and keeps
its view: what a writer removes later stays readable to it (POSIX keeps a mapped file until it is let go; Windows
refuses the removal, and the next writer tries again).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.core.corpus.files import ArrayFile, cannot_write
from pellucid.core.data.fingerprint import file_sha256
from pellucid.core.errors import UserError

Array = NDArray[Any]
MANIFEST, FORMAT = "manifest.json", 1


class Strings:
    """Names, texts or words of an index, mapped: uint8 in UTF-8, and int64 [n + 1] where each starts."""

    def __init__(self, data: Array, starts: Array) -> None:
        self._data, self._starts = data, starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, i: int) -> str:
        if not 0 <= i < len(self):
            raise IndexError(i)
        return self._data[self._starts[i] : self._starts[i + 1]].tobytes().decode()

    def every(self) -> list[str]:
        """All of them, read at once."""
        data = self._data.tobytes()
        return [data[first:last].decode() for first, last in pairwise(self._starts.tolist())]


class Writing:
    """One generation while it is written: new files go in, `commit` makes them count."""

    def __init__(self, folder: Path, number: int) -> None:
        self.root, self.number = folder, number
        self.name = f"{number:06d}"
        self.folder = folder / self.name
        shutil.rmtree(self.folder, ignore_errors=True)  # a writer was killed here before
        self.folder.mkdir(parents=True)

    def empty(self, role: str, dtype: str, shape: tuple[int, ...]) -> Array:
        """A zeroed array on the disk, to be filled; `role` is its file's name without `.npy`.

        Its room is claimed at once: a full disk is an error here, and not a fault in the middle of a kernel.
        """
        if 0 in shape:
            np.save(self.path(role), np.empty(shape, dtype))
            return np.empty(shape, dtype)
        array = np.lib.format.open_memmap(self.path(role), "w+", np.dtype(dtype), shape)
        if hasattr(os, "posix_fallocate"):
            with self.path(role).open("rb+") as f:
                os.posix_fallocate(f.fileno(), 0, self.path(role).stat().st_size)
        return np.asarray(array)

    def save(self, role: str, array: Array) -> str:
        np.save(self.path(role), array)
        return self.ref(role)

    def strings(self, role: str, strings: Iterable[str]) -> dict[str, str]:
        """Save texts as they come, a few at a time: the two files of `Strings`."""
        waiting = iter(strings)
        with self.path(role).open("wb") as data, self.path(f"{role}_starts").open("wb") as starts:
            text, ends = ArrayFile(data, np.uint8), ArrayFile(starts, np.int64)
            ends.append(np.zeros(1, np.int64))
            while batch := [string.encode("utf-8", "replace") for string in islice(waiting, 1000)]:
                ends.append(text.length + np.cumsum([len(one) for one in batch]))
                text.append(np.frombuffer(b"".join(batch), np.uint8))
            text.close()
            ends.close()
        return {role: self.ref(role), f"{role}_starts": self.ref(f"{role}_starts")}

    def path(self, role: str) -> Path:
        return self.folder / f"{role}.npy"

    def ref(self, role: str) -> str:
        return f"{self.name}/{role}.npy"

    def commit(self, body: dict[str, Any]) -> dict[str, Any]:
        """Sync and sum the files of `body` that are new, keep what is known of the others, replace the manifest."""
        before = _read(self.root)["files"] if (self.root / MANIFEST).exists() else {}
        files = {ref: before[ref] if ref in before else _described(self.root / ref) for ref in sorted(_refs(body))}
        manifest = {"format": FORMAT, "generation": self.number, **body, "files": files}
        _sync_folder(self.folder)
        beside = self.root / f"{MANIFEST}.writing"
        with beside.open("w", encoding="utf-8") as f:
            json.dump(manifest, f, ensure_ascii=False, indent=1)
            f.flush()
            os.fsync(f.fileno())
        beside.replace(self.root / MANIFEST)
        _sync_folder(self.root)
        _sweep(self.root, files)
        return manifest


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[Writing]:
    """The next generation of the index in `folder`, alone: a second writer is refused."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=0, thread_local=False):
            made = Writing(folder, generation(folder) + 1)
            try:
                yield made
            except BaseException:
                if generation(folder) != made.number:
                    shutil.rmtree(made.folder, ignore_errors=True)
                raise
    except Timeout:
        raise UserError(f"{folder}: another process is adding to this index; wait until it is done") from None
    except OSError as error:
        raise cannot_write(folder, error) from None


def generation(folder: Path) -> int:
    """The number of the present generation; 0 where there is no index."""
    return int(_read(folder)["generation"]) if (folder / MANIFEST).exists() else 0


def read(folder: Path, check: bool = False) -> tuple[dict[str, Any], dict[str, Array]]:
    """The manifest and all of its files, mapped. Sizes are always held against the manifest, sums where asked.

    A writer may replace the manifest while files are being opened: then the newer one is read.
    """
    for _ in range(10):
        manifest = _read(folder)
        try:
            return manifest, {ref: _mapped(folder / ref, told, check) for ref, told in manifest["files"].items()}
        except FileNotFoundError as error:
            missing = error.filename
            if generation(folder) == manifest["generation"]:
                break
    raise UserError(f"{missing}: is missing from the index; build the index again")


def _read(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise UserError(f"{folder}: is an index of format {manifest['format']}; this version reads {FORMAT}")
        manifest["files"].items()
        return manifest
    except FileNotFoundError:
        raise UserError(f"{folder}: holds no index ({MANIFEST} is missing)") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(f"{folder / MANIFEST}: is damaged; build the index again") from None


def _mapped(path: Path, told: dict[str, Any], check: bool) -> Array:
    if path.stat().st_size != told["bytes"] or (check and file_sha256(path) != told["sha256"]):
        raise UserError(f"{path}: is damaged; build the index again")
    return mapped(path)


def mapped(path: Path) -> Array:
    """The array in a file. Copy on write: the kernels meet one kind of array, and nothing can reach the disk."""
    try:
        return np.asarray(np.load(path, mmap_mode="c"))
    except ValueError:  # an empty array cannot be mapped
        return np.asarray(np.load(path))


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb+") as f:
        os.fsync(f.fileno())
    return {"bytes": path.stat().st_size, "sha256": file_sha256(path)}


def _refs(body: Any) -> set[str]:
    """Every file that is named anywhere in the manifest's body."""
    if isinstance(body, dict):
        return set().union(*(_refs(value) for value in body.values())) if body else set()
    if isinstance(body, list):
        return set().union(*(_refs(value) for value in body)) if body else set()
    return {body} if isinstance(body, str) and body.endswith(".npy") else set()


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows cannot open a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(root: Path, files: dict[str, Any]) -> None:
    """Remove what no longer counts; what cannot be removed now is tried again by the next writer."""
    for folder in root.iterdir():
        if not (folder.is_dir() and folder.name.isdigit()):
            continue
        for path in folder.iterdir():
            if f"{folder.name}/{path.name}" not in files:
                with contextlib.suppress(OSError):
                    path.unlink()
        with contextlib.suppress(OSError):
            folder.rmdir()
