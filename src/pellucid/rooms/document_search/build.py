"""How an index comes to be and grows: each time a new generation in its folder."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pellucid.core.errors import UserError
from pellucid.rooms.document_search import lsa, segment, store
from pellucid.rooms.document_search.index import Index, saved
from pellucid.rooms.document_search.lsa import Matrix, Topics
from pellucid.rooms.document_search.options import Doing, Measured, Options, Report, threads_of
from pellucid.rooms.document_search.segment import Segment
from pellucid.rooms.document_search.weights import inverse_document_frequency

Array = NDArray[Any]
MOST_PARTS = 16  # beyond, additions are joined to one part


def build(
    corpus: Any, options: Options, folder: Path, keep_text: bool, progress: Report | None,
    stop: Callable[[], bool] | None, measured: Measured | None = None,
) -> None:  # fmt: skip
    """Index every document of a corpus; what was in the folder counts until the new index is whole."""
    doing = Doing(progress, stop, threads_of(options.threads), measured)
    kept = kept_words(corpus.vocabulary, corpus.documents, options)
    mapping = np.full(len(corpus.vocabulary.words), -1, np.int32)
    mapping[kept] = np.arange(len(kept), dtype=np.int32)
    documents_with = np.asarray(corpus.vocabulary.documents_with)[kept].astype(np.int64)
    with store.writing(folder) as place:
        doing.at("preparing", 0.0)  # the first time, some seconds of compiling
        names = (corpus.name(i) for i in range(corpus.documents))
        texts = (corpus.text(i) if keep_text else "" for i in range(corpus.documents))
        files = segment.write(place, corpus.shards, mapping, len(kept), names, texts, doing)
        words = (corpus.vocabulary.words[i] for i in kept.tolist())
        whole = _save_words(place, words, documents_with)
        part = _reopened(place, files, 0)
        idf = _idf(documents_with, part.documents, options)
        scale = segment.scales(part, idf, options.weighting)
        files["scale"] = place.save("scale", scale)
        if options.topics:
            matrix = Matrix([part], idf, [scale], options.weighting)
            with lsa.calm():
                basis, singular = lsa.truncated_svd(
                    matrix, options.topics, options.oversample, options.passes, options.seed, doing
                )
            found = Topics(basis, singular, idf)
            whole |= _save_topics(place, found)
            _save_coordinates(place, files, matrix.times(basis, doing), "")
        doing.at("saving", 1.0)
        place.commit({"options": saved(options), "trained": part.documents, "whole": whole, "segments": [files]})


def add(
    folder: Path, documents: Iterable[Sequence[Any]], topics: Literal["update", "fold"], progress: Report | None,
    stop: Callable[[], bool] | None,
) -> None:  # fmt: skip
    """One more segment; IDF and lengths of all documents follow, and the topics as asked."""
    with store.writing(folder) as place:
        index = Index.open(folder)
        options = index.options
        doing = Doing(progress, stop, threads_of(options.threads))
        shard, names, texts, words = _encoded(documents, index)
        if not names:
            raise UserError(f"{folder}: there is no document to add")
        mapping = np.arange(len(words), dtype=np.int32)
        files = segment.write(place, [shard], mapping, len(words), names, texts, doing, mark="new-")
        part = _reopened(place, files, index.documents)
        held = np.diff(part.list_starts)
        held[: len(index.words)] += index.documents_with
        whole = _save_words(place, words, held)
        segments = [*index.segments, part]
        idf = _idf(held, index.documents + part.documents, options)
        entries = [*(dict(entry) for entry in index.manifest["segments"]), files]
        for n, (one, entry) in enumerate(zip(segments, entries, strict=True)):
            entry["scale"] = place.save(f"scale-{n}", segment.scales(one, idf, options.weighting))
        if index.lsa is not None:
            whole |= _add_topics(place, index, index.lsa, part, idf, entries, topics, doing)
        doing.at("saving", 1.0)
        place.commit({"options": saved(options), "trained": index.trained, "whole": whole, "segments": entries})
    if len(entries) > MOST_PARTS:
        compact(folder)


def compact(folder: Path) -> None:
    """All parts as one: the same answers, found without going from part to part."""
    with store.writing(folder) as place:
        index = Index.open(folder)
        doing = Doing()
        parts = index.segments
        ends = np.cumsum([0, *(int(part.starts[-1]) for part in parts)])
        starts = np.concatenate([[0], *(part.starts[1:] + end for part, end in zip(parts, ends, strict=False))])
        joined = {"starts": starts.astype(np.int64)}
        for role in ("ids", "counts", "words", "scale", "coordinates", "inverse"):
            arrays = [getattr(part, role) for part in parts]
            if arrays[0] is not None:
                joined[role] = np.concatenate(arrays)
        files = {role: place.save(role, array) for role, array in joined.items()}
        segment.write_lists(place, "", joined["starts"], joined["ids"], joined["counts"], len(index.words), doing)
        files |= {role: place.ref(role) for role in ("list_starts", "list_documents", "list_counts")}
        files |= place.strings("names", (index.name(i) for i in range(index.documents)))
        files |= place.strings("texts", (index.text(i) for i in range(index.documents)))
        whole = index.manifest["whole"]
        place.commit({"options": saved(index.options), "trained": index.trained, "whole": whole, "segments": [files]})


def _add_topics(
    place: store.Writing, index: Index, known: Topics, part: Segment, idf: Array, entries: list[dict[str, str]],
    how: Literal["update", "fold"], doing: Doing,
) -> dict[str, str]:  # fmt: skip
    """The topics with the new documents among them. Old words keep the IDF that they had; new words bring theirs."""
    options = index.options
    grown = len(idf) - len(known.idf)
    known = Topics(
        np.pad(known.basis, ((0, grown), (0, 0))), known.singular, np.append(known.idf, idf[-grown:][:grown])
    )
    matrix = Matrix([part], known.idf, [segment.scales(part, known.idf, options.weighting)], options.weighting)
    if how == "fold":
        _save_coordinates(place, entries[-1], lsa.fold_in(matrix, known, doing), f"-{len(entries)}")
        return _save_topics(place, known)
    old = np.concatenate([s.coordinates for s in index.segments if s.coordinates is not None])
    with lsa.calm():
        found, old, new = lsa.update(
            known, old, matrix, options.topics, options.oversample, options.passes, options.seed, doing
        )
    for n, one in enumerate(index.segments):
        _save_coordinates(place, entries[n], old[one.first : one.first + one.documents], f"-{n}")
    _save_coordinates(place, entries[-1], new, f"-{len(entries)}")
    return _save_topics(place, found)


@dataclass
class _Shard:
    ids: Array
    offsets: Array


def _encoded(documents: Iterable[Sequence[Any]], index: Index) -> tuple[_Shard, list[str], list[str], list[str]]:
    """New documents as ids, their names and texts, and all words: the known ones, then the new ones by appearance."""
    ids = dict(index.ids)
    names, texts, tokens, offsets = [], [], array("i"), [0]
    for name, words, *text in documents:
        names.append(name)
        texts.append(text[0] if text else "")
        tokens.extend([ids.setdefault(word, len(ids)) for word in words])
        offsets.append(len(tokens))
    return _Shard(np.array(tokens, np.int32), np.array(offsets, np.int64)), names, texts, list(ids)


def kept_words(vocabulary: Any, documents: int, options: Options) -> Array:
    """Which words of a corpus count, in their order (falling count)."""
    if not documents:
        raise UserError("the corpus holds no documents; give one with at least one")
    held = np.asarray(vocabulary.documents_with)
    kept = np.flatnonzero((held >= options.min_documents) & (held <= options.max_share * documents))
    if not len(kept):
        raise UserError(
            f"no word is left: none of {len(held)} is in at least {options.min_documents} documents and in at most "
            f"{options.max_share:.0%} of all {documents}; lower --min-documents or raise --max-share"
        )
    return kept[: options.most] if options.most else kept


def _idf(documents_with: Array, documents: int, options: Options) -> Array:
    return inverse_document_frequency(documents_with, documents, options.weighting.idf).astype(np.float32)


def _reopened(place: store.Writing, files: dict[str, str], first: int) -> Segment:
    return segment.opened(files, {ref: store.mapped(place.root / ref) for ref in files.values()}, first)


def _save_words(place: store.Writing, words: Iterable[str], documents_with: Array) -> dict[str, str]:
    return place.strings("vocabulary", words) | {"documents_with": place.save("documents_with", documents_with)}


def _save_topics(place: store.Writing, topics: Topics) -> dict[str, str]:
    roles = {"basis": topics.basis, "singular": topics.singular, "topic_idf": topics.idf}
    return {role: place.save(role, array) for role, array in roles.items()}


def _save_coordinates(place: store.Writing, files: dict[str, str], coordinates: Array, mark: str) -> None:
    """Coordinates [n, k] and one by their lengths [n] (0 for a document of no weight)."""
    lengths = np.linalg.norm(coordinates, axis=1)
    inverse = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0).astype(np.float32)
    files["coordinates"] = place.save(f"coordinates{mark}", np.ascontiguousarray(coordinates, np.float32))
    files["inverse"] = place.save(f"inverse{mark}", inverse)
