"""Adding documents to a trained search: read as its own were, into the next generation of its index.

The index is the truth and changes in one step; what else the run folder holds is written from it afterwards, in an
order in which a reader, or a kill, finds the old search or the new one (`training.save`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pellucid.core.card import Words
from pellucid.core.contract import Added
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.sources import Source
from pellucid.core.corpus.words import words
from pellucid.core.data.fingerprint import fingerprint
from pellucid.core.errors import UserError
from pellucid.core.run import Run
from pellucid.rooms.document_search.codec import Codec
from pellucid.rooms.document_search.config import Config
from pellucid.rooms.document_search.data import reading_of
from pellucid.rooms.document_search.index import Index
from pellucid.rooms.document_search.inside import layers
from pellucid.rooms.document_search.options import Doing
from pellucid.rooms.document_search.training import save

OFTEN = 64  # documents between two reports
WORTH_IT = 0.5  # share of added documents from which on a training is advised; up to there topics rank as well as new


def add(run: Run, file: str, read: Mapping[str, Any], doing: Doing) -> Added:
    """What a file or folder holds, into the run. UserError leaves the run as it was, and so does Interrupted."""
    from filelock import FileLock, Timeout

    folder = run.path / "index"
    own = Codec.from_json(run.read_json("codec.json")).reading  # how words are cut is the index's own
    config = Config.build(run.info["config"] | dict(read) | {"data": file})
    asked = reading_of(config)
    reading = replace(
        own, column=asked.column, name_column=asked.name_column, encoding=asked.encoding, split=asked.split,
        on_bad=asked.on_bad,
    )  # fmt: skip
    source = Source(Path(config.data), reading)
    try:
        with FileLock(folder / "adding.lock", timeout=0, thread_local=False):
            before = Index.open(folder)
            found = before.add(_read(source, reading, before, doing), progress=doing.progress, stop=doing.stop)
            save(run, own, found)
            _record(run, source, found, found.documents - before.documents)
    except Timeout:
        raise UserError(f"{folder}: another process is adding to this index; wait until it is done") from None
    except OSError as error:
        raise UserError(f"{folder}: cannot be written: {error.strerror}") from None
    return Added(found.documents - before.documents, found.documents, source.report(), advice(found, config.by))


def _read(source: Source, reading: Reading, index: Index, doing: Doing) -> Iterator[tuple[str, list[str], str]]:
    """Name, words and text of each document; what has a name that is in use is refused or left out."""
    taken = {name for segment in index.segments for name in segment.names.every()}
    documents = (document for blocks in source.batches() for block in blocks for document in block.documents())
    kept = held = 0
    for n, document in enumerate(documents):
        if n % OFTEN == 0:
            doing.at("reading documents", source.done)
        if document.name in taken:
            place = f"{source.path}, {document.where}" if document.where else str(source.path)
            if reading.on_bad == "refuse":
                raise UserError(
                    f"{place}: a document named {document.name!r} is there already; "
                    "rename the new one, or leave such out: on_bad=skip"
                )
            source.skip(f"{place}: a document named {document.name!r} is there already")
            continue
        taken.add(document.name)
        found = words(document.text, reading)
        kept, held = kept + 1, held + len(found)
        yield document.name, found, document.text
    if source.bad_count and not kept:
        raise UserError(f"{source.path}: there is no document to add: {source.report()}")
    if not held:
        raise UserError(f"{source.path}: holds no words")


def _record(run: Run, source: Source, index: Index, count: int) -> None:
    """Where the documents came from, beside what was trained on."""
    told = {
        "fingerprint": fingerprint(source.path), "documents": count, "when": time.strftime("%Y-%m-%dT%H:%M:%S%z")
    }  # fmt: skip
    data = run.info["data"]
    topics = 0 if index.lsa is None else index.lsa.basis.shape[1]
    total = layers(len(index.words), index.documents, topics)[0].total
    run.update(data=data | {"added": [*data.get("added", []), told]}, parameters=total)


def advice(index: Index, by: str) -> Words | None:
    """Ranking by words needs no training: the IDF is that of all documents. Topics do, once many were added."""
    share = 1 - index.trained / max(1, index.documents)
    if by == "tfidf" or share < WORTH_IT:
        return None
    return {
        "en": f"{share:.0%} of all documents came after the training, and its topics still weigh words as the first "
        "ones did: training anew on all of them is worth it.",
        "zh-TW": f"全部文件裡有 {share:.0%} 是訓練之後才加入的，而主題仍沿用最初文件的詞權重：值得用全部文件重新訓練。",
    }
