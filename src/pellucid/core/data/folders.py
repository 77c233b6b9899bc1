"""Pictures in a folder for each class: `cats/1.jpg`, `dogs/tom/2.png`. Or such folders in `train`, `test` and, if there
is one, `validation` (also `valid`, `val`).

Below a class's folder all pictures count, however deep. Hidden files and folders are left alone, what is no PNG, JPEG
or WebP is counted. A broken picture is refused or skipped, by choice.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.data.fingerprint import fingerprint_of_files
from pellucid.core.data.pictures import SUFFIXES, open_file
from pellucid.core.errors import UserError
from pellucid.core.progress import counting

if TYPE_CHECKING:
    from pellucid.core.data.pictures import Pixels

PARTS = {"train": "train", "validation": "validation", "valid": "validation", "val": "validation", "test": "test"}
KEPT = 20  # broken files remembered by name; the rest are only counted


@dataclass(frozen=True)
class File:
    """One picture of the folder. part: empty where the folder says nothing of parts."""

    path: Path
    name: str
    label: str
    part: str = ""


@dataclass
class Folder:
    """What was read: for each picture its file, its value, its bytes' number and hash, in the order of the names."""

    path: Path
    labels: tuple[str, ...]
    files: list[File] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    hashes: list[tuple[int, str]] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    bad_count: int = 0
    other: int = 0
    """Files that are no pictures that can be read here."""
    other_name: str = ""

    def fingerprint(self) -> dict[str, Any]:
        """As `fingerprint` of a folder that holds the pictures that were read and nothing else."""
        named = zip(self.files, self.hashes, strict=True)
        return fingerprint_of_files(self.path.name, [(file.name, *of_file) for file, of_file in named])

    def report(self) -> str:
        """What was left out, in one line; empty where nothing was."""
        found = []
        if self.bad_count:
            pictures = "1 picture was" if self.bad_count == 1 else f"{self.bad_count:,} pictures were"
            found.append(f"{pictures} skipped, the first: {self.bad[0]}")
        if self.other:
            files = "1 file is" if self.other == 1 else f"{self.other:,} files are"
            found.append(f"{files} no PNG, JPEG or WebP ({self.other_name})")
        return "; ".join(found)


def read_folder(folder: Path, convert: Callable[[Pixels], Any], *, on_bad: str = "refuse") -> Folder:
    """Every picture, decoded and converted by several threads; a bar shows how far it is.

    Errors: UserError, one line: no such folder, no or one class, two that differ in case only, a class without
    pictures, a broken picture (on_bad "skip" leaves the last two out and counts them).
    """
    found, files = listed(folder, on_bad)

    def read(file: File) -> tuple[int, str, Any] | UserError:
        try:
            data, pixels = open_file(file.path)
            return len(data), hashlib.sha256(data).hexdigest(), convert(pixels)
        except UserError as error:
            return error

    workers = ThreadPoolExecutor(min(8, os.cpu_count() or 1))
    try:
        with counting(f"reading {folder.name}", len(files)) as step:
            for file, result in zip(files, workers.map(read, files), strict=True):
                step()
                if isinstance(result, UserError):
                    if on_bad == "refuse":
                        raise UserError(f"{result}; mend or remove it, or leave such files out: on_bad=skip") from None
                    found.bad_count += 1
                    found.bad += [str(result)] if len(found.bad) < KEPT else []
                    continue
                found.files.append(file)
                found.hashes.append(result[:2])
                found.values.append(result[2])
    finally:
        workers.shutdown(cancel_futures=True)
    left = {file.label for file in found.files}
    found.labels = tuple(label for label in found.labels if label in left)
    _check_classes(folder, found.labels)
    return found


def listed(folder: Path, on_bad: str = "refuse") -> tuple[Folder, list[File]]:
    """The pictures of a folder by class and part, none of them read yet."""
    if not folder.is_dir():
        raise UserError(f"{folder}: {'is a file' if folder.exists() else 'there is no such folder'}; give a folder")
    roots = _parts(folder) or {"": folder}
    found = Folder(folder, ())
    files: list[File] = []
    labels: list[str] = []
    empty: list[Path] = []
    for part, root in roots.items():
        for place in _folders(root):
            before = len(files)
            for path in _below(place):
                if path.suffix.lower() in SUFFIXES:
                    files.append(File(path, path.relative_to(folder).as_posix(), place.name, part))
                else:
                    found.other += 1
                    found.other_name = found.other_name or path.relative_to(folder).as_posix()
            if len(files) == before:
                empty.append(place)
            elif place.name not in labels:
                labels.append(place.name)
    _check_case(folder, labels)
    if empty and on_bad == "refuse" and labels:
        raise UserError(f"{empty[0]}: this class has no PNG, JPEG or WebP picture; remove its folder or fill it")
    _check_classes(folder, labels)
    found.labels = tuple(sorted(labels, key=_order(labels)))
    return found, sorted(files, key=lambda file: file.name)


def _parts(folder: Path) -> dict[str, Path] | None:
    """The folders of the parts, where the folder is divided into parts and not into classes."""
    places = {place.name.lower(): place for place in _folders(folder)}
    if not {"train", "test"} <= places.keys() <= PARTS.keys():
        return None
    found: dict[str, Path] = {}
    for name, place in places.items():
        if PARTS[name] in found:
            raise UserError(f"{folder}: {place.name} and {found[PARTS[name]].name} are the same part; keep one of them")
        found[PARTS[name]] = place
    return found if any(_folders(found["train"])) else None


def _folders(root: Path) -> list[Path]:
    try:
        return sorted(place for place in root.iterdir() if place.is_dir() and not place.name.startswith("."))
    except OSError as error:
        raise UserError(f"{root}: cannot be read ({error.strerror or error})") from None


def _below(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those in it, without hidden ones."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(root, name)


def pictures_below(folder: Path) -> list[Path]:
    """The pictures of a folder and of those in it, by name."""
    return [path for path in _below(folder) if path.suffix.lower() in SUFFIXES]


def _check_case(folder: Path, labels: list[str]) -> None:
    by_lower: dict[str, str] = {}
    for label in labels:
        other = by_lower.setdefault(label.casefold(), label)
        if other != label:
            raise UserError(f"{folder}: the classes {other!r} and {label!r} differ in case only; rename or merge them")


def _check_classes(folder: Path, labels: list[str] | tuple[str, ...]) -> None:
    if len(labels) < 2:
        what = f"one class only ({labels[0]!r})" if labels else "no folders with pictures in them"
        raise UserError(f"{folder}: has {what}; it needs a folder for each class: {folder.name}/cats/1.jpg …")


def _order(labels: list[str]) -> Callable[[str], Any]:
    """Classes that are numbers stand in the order of the numbers."""
    return (lambda label: (int(label), label)) if all(label.isdecimal() for label in labels) else (lambda label: label)
