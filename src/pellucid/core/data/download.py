"""Named downloads: several mirrors, a checksum, and a partial file that is resumed.

pooch keeps the cache folder and moves a file into place only when its checksum is right. It neither resumes (that is
`resume.py`) nor knows several mirrors (that is here). Nothing is downloaded unless `fetch` is called.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from pellucid.core.data.resume import MirrorError, Resuming, held
from pellucid.core.errors import Interrupted, UserError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

OnProgress = Callable[[int, int], None]  # bytes here so far, bytes in all


@dataclass(frozen=True)
class RemoteFile:
    """One file to download. `checksum` is "sha256:<hex>" or "md5:<hex>", `size` its exact number of bytes."""

    mirrors: tuple[str, ...]
    checksum: str
    size: int
    filename: str

    def __post_init__(self) -> None:
        _check_inside(self.filename)
        if not re.fullmatch("sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", self.checksum):
            raise UserError(f"{self.filename}: checksum {self.checksum!r} is neither sha256:<64 hex> nor md5:<32 hex>")
        for url in self.mirrors:
            if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
                raise UserError(f"{self.filename}: {url!r} is not an http or https address")
        if not self.mirrors:
            raise UserError(f"{self.filename}: has no address to download from")


@dataclass(frozen=True)
class Remote:
    """A data set that can be downloaded. `name` is its folder in the cache."""

    name: str
    files: tuple[RemoteFile, ...]
    licence: str
    title: str
    about: str

    def __post_init__(self) -> None:
        _check_inside(self.name)


def data_home() -> Path:
    """Where downloads are kept: $PELLUCID_DATA, or the platform's cache folder for this user."""
    import pooch

    given = os.environ.get("PELLUCID_DATA")
    return Path(given).expanduser() if given else Path(pooch.os_cache("pellucid"))


def local_copy(remote: Remote, folder: str | Path | None = None) -> Path | None:
    """The folder that holds all files of `remote` with the right checksums, or None. Never downloads."""
    home = Path(folder) if folder else data_home() / remote.name
    return home if all(_is_whole(home / file.filename, file) for file in remote.files) else None


def fetch(remote: Remote, *, folder: str | Path | None = None, progress: bool | OnProgress = True) -> Path:
    """Downloads what is missing and returns the folder that holds the files. Call it only where the user asked for it.

    folder:   where the files are looked for and put. Files there with the right checksum are used; one with another
              checksum is the user's own and is never overwritten. None: a folder of the cache.
    progress: True draws a bar where the output is a terminal; a function is called with (bytes so far, bytes in all).

    Errors: UserError that names the mirrors tried and what to do. Ctrl-C raises Interrupted and keeps what is there in
    `<file>.part`; the next call goes on from it.
    """
    home = Path(folder) if folder else data_home() / remote.name
    missing = [file for file in remote.files if not _is_whole(home / file.filename, file)]
    for file in missing:
        if folder and (home / file.filename).exists():
            raise UserError(
                f"{home / file.filename}: is not the file of {remote.title} ({file.size:,} bytes, {file.checksum}); "
                "move it away or give another folder"
            )
    if not missing:
        return home
    total = sum(file.size for file in remote.files)
    done = total - sum(file.size for file in missing)
    with _reporting(progress, remote.title) as report:
        for file in missing:
            _download(file, home / file.filename, _after(done, total, report))
            done += file.size
    return home


def _after(before: int, total: int, report: OnProgress) -> Callable[[int], None]:
    return lambda here: report(before + here, total)


def _download(file: RemoteFile, target: Path, report: Callable[[int], None]) -> None:
    """Tries the mirrors in turn until one gives the file with the right checksum."""
    import pooch

    pooch.get_logger().setLevel("WARNING")  # otherwise it prints a line for each file
    part = target.with_name(target.name + ".part")
    tried = []
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _check_room(file, part)
        resuming = Resuming(part, file.size, report)
        for url in file.mirrors:
            for _ in range(2):
                try:
                    pooch.retrieve(url, file.checksum, target.name, target.parent, downloader=resuming)
                    return
                except MirrorError as e:
                    tried.append(f"{url} ({e})")
                    break
                except ValueError:  # pooch: the wrong checksum. What was resumed may be another mirror's: once more
                    if not resuming.resumed:
                        tried.append(f"{url} (wrong checksum)")
                        break
            else:
                tried.append(f"{url} (wrong checksum)")
    except KeyboardInterrupt:
        raise Interrupted(f"stopped; run the same command again to go on with {part}") from None
    except OSError as e:
        if e.errno in NO_ROOM:
            raise _no_room(file, part) from None
        reason = f"cannot be written ({e.strerror or e}); give another folder, or set PELLUCID_DATA"
        raise UserError(f"{e.filename or target}: {reason}") from None
    raise UserError(
        f"{target.name}: could not be downloaded from {', '.join(tried)}; "
        f"check the network and try again, or download {file.mirrors[0]} by hand and place it at {target}"
    )


def _is_whole(path: Path, file: RemoteFile) -> bool:
    import pooch

    algorithm, _, digest = file.checksum.partition(":")
    return path.is_file() and held(path) == file.size and pooch.file_hash(str(path), alg=algorithm) == digest


def _check_inside(name: str) -> None:
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/") or set(name) & set("\\:\0"):
        raise UserError(f"{name!r} is not a file name inside the data folder")


def _check_room(file: RemoteFile, part: Path) -> None:
    if shutil.disk_usage(part.parent).free < file.size - held(part):
        raise _no_room(file, part)


def _no_room(file: RemoteFile, part: Path) -> UserError:
    needed = max(0, file.size - held(part))
    return UserError(
        f"{part.parent}: the disk is full, {needed / 1e6:,.1f} MB are still needed for {file.filename}; "
        "make room or set PELLUCID_DATA to a folder on another disk, then run again (the download goes on where it was)"
    )


@contextmanager
def _reporting(progress: bool | OnProgress, title: str) -> Iterator[OnProgress]:
    if callable(progress):
        yield progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not (progress and console.is_terminal)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda here, total: bar.update(task, completed=here, total=total)
