"""Which data a run was trained on: a hash of the bytes, so that a run folder can say later whether they are the same.

The name is kept without its folder: a run that is given to somebody else says nothing about its maker's disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pellucid.core.errors import UserError


def fingerprint(path: str | Path) -> dict[str, Any]:
    """{"name", "bytes", "sha256"} of a file; of a folder also "files", their number.

    A folder's hash is taken of the sorted list of its files (path within the folder, size, hash), hidden ones and those
    in sub-folders included; its own name does not count.
    """
    path = Path(path)
    name = path.name or path.resolve().name
    try:
        if path.is_file():
            return {"name": name, "bytes": path.stat().st_size, "sha256": file_sha256(path)}
        if not path.is_dir():
            raise UserError(f"{path}: there is no such file or folder")
        files = sorted((f.relative_to(path).as_posix(), f) for f in path.rglob("*") if f.is_file())
        if not files:
            raise UserError(f"{path}: is a folder without files")
        return fingerprint_of_files(name, [(inner, f.stat().st_size, file_sha256(f)) for inner, f in files])
    except OSError as e:
        raise UserError(f"{e.filename or path}: cannot be read ({e.strerror or e})") from None


def fingerprint_of_files(name: str, files: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
    """Of a folder, from its files in the order of their paths: (path within the folder, bytes, sha256)."""
    hashes = hashlib.sha256()
    for inner, size, digest in files:
        hashes.update(f"{inner}\0{size}\0{digest}\n".encode("utf-8", "surrogateescape"))
    total = sum(size for _, size, _ in files)
    return {"name": name, "files": len(files), "bytes": total, "sha256": hashes.hexdigest()}


def fingerprint_of(name: str, content: bytes) -> dict[str, Any]:
    """The same of what lies in no file: equations that were typed, points that were drawn."""
    return {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def check_unchanged(source: str, now: Mapping[str, Any], then: Mapping[str, Any]) -> None:
    """UserError where a source has another fingerprint now than then, when a run was trained on it."""
    if now["sha256"] != then["sha256"]:
        raise UserError(f"{source}: has changed since this run was trained on it; its parts are others")


def file_sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
