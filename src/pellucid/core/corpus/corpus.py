"""A corpus that was built: word ids in memory-mapped shards, with its vocabulary, names and, if kept, texts.

    FOLDER/
        corpus.json          what it was built from and how, its sizes, the checksums of all files
        words.txt            the vocabulary, a word a line, the most frequent first
        counts.npy documents_with.npy
        shard-0000/          ids.npy int32 [tokens], offsets.npy int64 [documents + 1]
                             names.utf8.npy names.offsets.npy, and the same of texts where they are kept

All arrays are ordinary .npy files. A folder is whole or not there: `build` makes it beside and renames it.
"""

from __future__ import annotations

import bisect
import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.core.corpus.files import Strings, mapped
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.vocabulary import Vocabulary
from pellucid.core.corpus.words import ideographic
from pellucid.core.data.download import data_home
from pellucid.core.data.fingerprint import file_sha256
from pellucid.core.errors import UserError

FORMAT = 1
MANIFEST = "corpus.json"
COMMON, UNCUT = 10_000, 0.2  # words that are looked at, and the share of them from which on phrases are too many


class Shard:
    """Neighbouring documents. Document d of the shard is `ids[offsets[d]:offsets[d + 1]]`."""

    def __init__(self, folder: Path, documents: int, tokens: int) -> None:
        self.folder, self.documents, self.tokens = folder, documents, tokens

    @cached_property
    def ids(self) -> NDArray[np.int32]:
        """[tokens], memory-mapped."""
        return mapped(self.folder / "ids.npy")

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """[documents + 1], memory-mapped."""
        return mapped(self.folder / "offsets.npy")

    @cached_property
    def names(self) -> Strings:
        return Strings(self.folder, "names")

    @cached_property
    def texts(self) -> Strings:
        return Strings(self.folder, "texts")


class Corpus:
    """`Corpus.open(folder)` costs no more than its manifest: the vocabulary and the shards are read when asked for."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder, self.manifest = folder, manifest
        self.reading = Reading.from_json(manifest["reading"])
        self.documents: int = manifest["documents"]
        self.tokens: int = manifest["tokens"]
        self.fingerprint: dict[str, Any] = manifest["source"]
        self.left_out: str = manifest["left_out"]
        """What could not be read and was left out, in one line; empty where nothing was."""
        self.shards = [Shard(folder / s["name"], s["documents"], s["tokens"]) for s in manifest["shards"]]
        self._first = np.cumsum([0, *(shard.documents for shard in self.shards)]).tolist()

    @classmethod
    def open(cls, folder: str | Path) -> Corpus:
        """Errors: UserError where the folder holds no corpus, or a file of it is missing or has another size."""
        folder = Path(folder)
        try:
            manifest = json.loads((folder / MANIFEST).read_bytes())
            if manifest["format"] != FORMAT:
                raise UserError(f"{folder}: not written by this version of Pellucid (format {FORMAT} is read)")
            corpus = cls(folder, manifest)
            sizes = {name: size for name, (size, _) in manifest["files"].items()}
        except FileNotFoundError:
            raise UserError(f"{folder}: holds no corpus (it has no {MANIFEST})") from None
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise UserError(f"{folder / MANIFEST}: damaged: {error}") from None
        for name, size in sizes.items():
            file = folder / name
            if not file.is_file() or file.stat().st_size != size:
                raise UserError(f"{file}: damaged: missing, or of another size; remove {folder} and build it again")
        return corpus

    def check(self) -> None:
        """Reads every file and compares its checksum. UserError names the first that is not what was written."""
        for name, (_, digest) in self.manifest["files"].items():
            if file_sha256(self.folder / name) != digest:
                raise UserError(f"{self.folder / name}: damaged: its checksum is wrong; remove {self.folder}")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary.read(self.folder)

    @property
    def uncut(self) -> bool:
        """Whether much of it is whole phrases instead of words: Chinese or Japanese, cut only at spaces and signs."""
        words, counts = self.vocabulary.words[:COMMON], self.vocabulary.counts[:COMMON]
        phrases = sum(int(n) for word, n in zip(words, counts, strict=True) if len(word) > 1 and ideographic(word[0]))
        return self.reading.words == "unicode" and phrases > UNCUT * int(counts.sum())

    def cut(self, min_count: int = 1, most: int = 0) -> int:
        """V': the words to keep are those with ids below it; a reader drops the others (`ids[ids < kept]`)."""
        return self.vocabulary.cut(min_count, most)

    def document(self, i: int) -> NDArray[np.int32]:
        """[words] the word ids of a document, counted from 0 through all shards."""
        shard, d = self._place(i)
        return shard.ids[shard.offsets[d] : shard.offsets[d + 1]]

    def name(self, i: int) -> str:
        shard, d = self._place(i)
        return shard.names[d]

    def text(self, i: int) -> str:
        """The document as it was read. UserError where the corpus was built without texts."""
        if not self.manifest["keep_text"]:
            raise UserError(f"{self.folder}: was built without its texts; build it with keep_text")
        shard, d = self._place(i)
        return shard.texts[d]

    def _place(self, i: int) -> tuple[Shard, int]:
        if not 0 <= i < self.documents:
            raise IndexError(f"document {i} of {self.documents}")
        s = bisect.bisect_right(self._first, i) - 1
        return self.shards[s], i - self._first[s]


def corpus_folder(source: str | Path, reading: Reading) -> Path:
    """Where the corpus of this source and reading lies in the user's cache ($PELLUCID_DATA)."""
    source = Path(source).resolve()
    key = json.dumps([str(source), reading.as_json()], sort_keys=True)
    name = "".join(c if c.isalnum() or c in "-_." else "-" for c in source.name)[:40]
    return data_home() / "corpora" / f"{name}-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:12]}"
