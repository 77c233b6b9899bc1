"""Parts become a corpus: one vocabulary of all of theirs, and their ids in its order, joined to shards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.core.corpus import part
from pellucid.core.corpus.files import ArrayFile, StringsFile, whole_file
from pellucid.core.corpus.numbering import Table
from pellucid.core.corpus.part import Part
from pellucid.core.corpus.vocabulary import Vocabulary
from pellucid.core.errors import UserError

SHARD = 1 << 24  # word ids: a shard ends with the part that reaches this
OnProgress = Callable[[str, float], None]


def count_words(parts: list[Path], prune_above: int, report: OnProgress) -> tuple[Vocabulary, int]:
    """The vocabulary of all parts, and how many of their words were dropped for being too rare."""
    table = Table()
    counts = np.zeros((2, 0), np.int64)  # occurrences, documents
    pruned, least = 0, 1
    for number, path in enumerate(parts):
        report("counting", number / len(parts))
        found = _read(path)
        numbers = table.numbers(found.words)
        if len(table) > counts.shape[1]:
            counts = np.pad(counts, ((0, 0), (0, len(table) + len(table) // 2 - counts.shape[1])))
        counts[0, numbers] += found.counts
        counts[1, numbers] += found.documents_with
        while prune_above and len(table) > prune_above:
            least += 1
            kept = np.flatnonzero(counts[0, : len(table)] >= least)
            pruned += len(table) - len(kept)
            rare_too = table.words.split(b"\n")
            table = Table()
            table.numbers(b"\n".join([rare_too[i] for i in kept.tolist()]))
            counts = counts[:, kept]
    words = table.words.decode().split("\n")[:-1]
    counts = counts[:, : len(words)]
    del table
    by_word = np.array(sorted(range(len(words)), key=words.__getitem__), np.int64)
    order = by_word[np.argsort(-counts[0, by_word], kind="stable")]
    return Vocabulary([words[i] for i in order.tolist()], counts[0, order], counts[1, order]), pruned


def write_shards(
    parts: list[Path], vocabulary: Vocabulary, folder: Path, keep_text: bool, report: OnProgress
) -> list[dict[str, Any]]:
    """For each shard its name, files, documents and tokens."""
    shards: list[dict[str, Any]] = []
    table = Table(len(vocabulary))
    for first in range(0, len(vocabulary), 100_000):
        table.numbers("\n".join(vocabulary.words[first : first + 100_000]).encode())
    translated = ((number, _translated(_read(path), table)) for number, path in enumerate(parts))
    for at, found in translated:
        name = f"shard-{len(shards):04}"
        (folder / name).mkdir(exist_ok=True)
        with ExitStack() as stack:
            shard = _Shard(stack, folder / name, keep_text)
            shard.append(found)
            report("writing", at / len(parts))
            while shard.tokens < SHARD and (following := next(translated, None)):
                report("writing", following[0] / len(parts))
                shard.append(following[1])
            shard.close()
        shards.append({"name": name, "documents": shard.documents, "tokens": shard.tokens, "files": shard.files})
    return shards


class _Shard:
    def __init__(self, stack: ExitStack, folder: Path, keep_text: bool) -> None:
        self.files: list[str] = []

        def opened(name: str) -> Any:
            self.files.append(name)
            return stack.enter_context(whole_file(folder / name))

        self.documents, self.tokens = 0, 0
        self._ids = ArrayFile(opened("ids.npy"), np.int32)
        self._offsets = ArrayFile(opened("offsets.npy"), np.int64)
        self._offsets.append(np.zeros(1, np.int64))
        self._names = StringsFile(opened("names.utf8.npy"), opened("names.offsets.npy"))
        self._texts = StringsFile(opened("texts.utf8.npy"), opened("texts.offsets.npy")) if keep_text else None

    def append(self, found: Part) -> None:
        self._ids.append(found.ids)
        self._offsets.append(self.tokens + np.cumsum(found.lengths, dtype=np.int64))
        self._names.append(found.names)
        if self._texts:
            self._texts.append(found.texts)
        self.documents += len(found.lengths)
        self.tokens += len(found.ids)

    def close(self) -> None:
        for file in (self._ids, self._offsets, self._names, self._texts):
            if file:
                file.close()


def _translated(found: Part, table: Table) -> Part:
    """The part with the corpus's ids; words that were pruned are taken out."""
    numbers = table.numbers(found.words, add=False)
    new: NDArray[np.int32] = numbers[found.ids]
    if (gone := new < 0).any():
        ends = np.cumsum(found.lengths)
        before = np.concatenate(([0], np.cumsum(~gone)))
        lengths = np.diff(before[ends], prepend=0).astype(np.int32)
        return found._replace(ids=new[~gone], lengths=lengths)
    return found._replace(ids=new)


def _read(path: Path) -> Part:
    found = part.read(path)
    if found is None:
        raise UserError(f"{path}: damaged; run again")
    return found
