"""From a source to a corpus: tokenised once, in three passes. The first, the long one, goes on where a kill left it.

1. Batches of text become parts, one file each with a vocabulary of its own (`part.py`), several at a time.
2. The parts' vocabularies become one; its words get their ids in falling order of their counts.
3. The parts' ids are translated into these and joined to shards.

Memory: a few batches of text, one part, and the vocabulary (about 200 bytes a word, with every word that occurs; see
`prune_above`). Disk: about twice the finished corpus while it is made. The result does not depend on the number of
workers.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pellucid.core.corpus.blocks import BLOCK
from pellucid.core.corpus.corpus import FORMAT, MANIFEST, Corpus
from pellucid.core.corpus.files import cannot_write, write_json
from pellucid.core.corpus.joining import count_words, write_shards
from pellucid.core.corpus.numbering import compile_now
from pellucid.core.corpus.part import read
from pellucid.core.corpus.pool import tokenisers
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.sources import Source, files_below
from pellucid.core.data.fingerprint import file_sha256, fingerprint
from pellucid.core.errors import Interrupted, UserError

SMALL = 2 * BLOCK  # bytes of a source that one process has done before others have started
MOST_WORKERS = 16
OnProgress = Callable[[str, float], None]  # what is done now, the share of it that is done


def build(
    source: str | Path,
    reading: Reading,
    folder: str | Path,
    *,
    keep_text: bool = False,
    workers: int = 0,
    progress: bool | OnProgress = False,
    stop: Callable[[], bool] | None = None,
    counted: Callable[[int], None] | None = None,
    prune_above: int = 0,
) -> Corpus:
    """The corpus of a source, made in `folder`, or opened where that holds it already.

    keep_text:   whether `Corpus.text` can give the documents back.
    workers:     threads or processes that cut text into words; 0: one a processor, one where the source is small.
    progress:    True draws a bar where the output is a terminal; a function is called with (what, share done).
    stop:        asked now and then; where it says True, Interrupted is raised.
    counted:     told now and then how many documents are cut into words.
    prune_above: where more different words than this are found, the rarest are dropped, text and all; 0: never.

    What was interrupted, killed or ran out of disk lies in `FOLDER.part`, and the next call goes on from it.
    Errors: UserError.
    """
    source, folder = Path(source), Path(folder)
    wanted = {
        "format": FORMAT, "block": BLOCK, "stamp": _stamp(source), "reading": reading.as_json(),
        "keep_text": keep_text, "prune_above": prune_above,
    }  # fmt: skip
    with _alone(folder):
        if corpus := _ready(folder, wanted):
            return corpus
        work = folder.with_name(f"{folder.name}.part")
        try:
            _begin(work, wanted)
            with _reporting(progress, source.name, stop or (lambda: False), work) as report:
                return _build(source, reading, folder, work, wanted, workers or _workers(source), report, counted)
        except OSError as error:  # what is read tells its own errors: this is the folder
            raise cannot_write(work, error) from None


def _build(
    source: Path, reading: Reading, folder: Path, work: Path, wanted: dict[str, Any], workers: int, report: OnProgress,
    counted: Callable[[int], None] | None,
) -> Corpus:  # fmt: skip
    of_source = _beside(lambda: fingerprint(source))
    report("compiling", 0.0)
    compile_now()
    opened = Source(source, reading)
    parts = []
    with tokenisers(workers, reading, wanted["keep_text"]) as pool:
        for number, batch in enumerate(opened.batches()):
            report("reading", opened.done)
            parts.append(work / f"part-{number:06}")
            if (found := read(parts[-1])) is None:
                pool.put(batch, parts[-1])
            else:
                pool.documents.append(len(found.lengths))
            if counted:
                counted(sum(pool.documents))
        pool.finish()
    print_of_source = of_source.result()
    if _stamp(source) != wanted["stamp"]:
        shutil.rmtree(work)
        raise UserError(f"{source}: changed while it was read; run again")
    vocabulary, pruned = count_words(parts, wanted["prune_above"], report)
    if not len(vocabulary):
        shutil.rmtree(work)
        raise UserError(f"{source}: holds no words" + (f": {opened.report()}" if opened.bad_count else ""))
    new = work / "corpus"
    shutil.rmtree(new, ignore_errors=True)  # what a kill left
    new.mkdir()
    vocabulary.write(new)
    shards = write_shards(parts, vocabulary, new, wanted["keep_text"], report)
    names = ["words.txt", "counts.npy", "documents_with.npy"]
    names += [f"{shard['name']}/{name}" for shard in shards for name in shard.pop("files")]
    manifest = wanted | {
        "source": print_of_source, "left_out": opened.report(), "left_out_count": opened.bad_count,
        "documents": sum(shard["documents"] for shard in shards), "tokens": sum(shard["tokens"] for shard in shards),
        "words": len(vocabulary), "pruned": pruned, "shards": shards,
        "files": {name: [(new / name).stat().st_size, file_sha256(new / name)] for name in names},
    }  # fmt: skip
    write_json(new / MANIFEST, manifest)
    _put_in_place(new, folder)
    shutil.rmtree(work)
    return Corpus.open(folder)


def _beside(work: Callable[[], Any]) -> Future[Any]:
    """The result of what another thread does, which ends with the program wherever it is."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


def _ready(folder: Path, wanted: dict[str, Any]) -> Corpus | None:
    """The corpus in the folder, if it is the wanted one; one with texts serves who wants none."""
    try:
        corpus = Corpus.open(folder)
    except UserError:
        return None
    kept = corpus.manifest["keep_text"]
    same = all(corpus.manifest.get(key) == value for key, value in wanted.items() if key != "keep_text")
    return corpus if same and kept >= wanted["keep_text"] else None


def _begin(work: Path, wanted: dict[str, Any]) -> None:
    """The folder of unfinished work, empty unless it is work on the same."""
    try:
        if json.loads((work / "work.json").read_bytes()) == wanted:
            return
    except (OSError, ValueError):
        pass
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    write_json(work / "work.json", wanted)


def _put_in_place(new: Path, folder: Path) -> None:
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _stamp(source: Path) -> str:
    """Changes where a file of the source does: its names, sizes and times."""
    try:
        stats = [(file.relative_to(source).as_posix(), file.stat()) for file in files_below(source)]
    except OSError as error:
        raise UserError(f"{source}: cannot be read ({error.strerror or error})") from None
    listed = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    return hashlib.sha256(repr(listed).encode("utf-8", "surrogateescape")).hexdigest()


def _workers(source: Path) -> int:
    packed = 4 if source.suffix in (".gz", ".zst") else 1
    if packed * sum(file.stat().st_size for file in files_below(source)) < SMALL:
        return 1
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(here, MOST_WORKERS)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else builds in this folder meanwhile; who comes second waits, and finds it built."""
    from filelock import FileLock

    lock = FileLock(folder.with_name(f"{folder.name}.lock"))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise cannot_write(folder, error) from None
    with lock:
        lock.release()  # `with` took it a second time
        yield


@contextmanager
def _reporting(progress: bool | OnProgress, title: str, stop: Callable[[], bool], work: Path) -> Iterator[OnProgress]:
    from pellucid.core.progress import sharing

    with sharing(drawn=progress is True) as draw:

        def report(what: str, share: float) -> None:
            if stop():
                raise Interrupted(f"stopped; what is done is kept in {work}, and the same command goes on")
            if callable(progress):
                progress(what, share)
            draw(f"{what} {title}", share)

        yield report
