"""Training a search is computing its index: documents to words, words to weights, weights to topics; then measured."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch

from pellucid.core.board import Board
from pellucid.core.corpus.build import build as build_corpus
from pellucid.core.corpus.corpus import Corpus, corpus_folder
from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.words import UNCUT_ADVICE
from pellucid.core.run import Run
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World
from pellucid.rooms.document_search import collection
from pellucid.rooms.document_search.build import kept_words
from pellucid.rooms.document_search.config import Config
from pellucid.rooms.document_search.data import reading_of
from pellucid.rooms.document_search.index import Index
from pellucid.rooms.document_search.lsa import Matrix
from pellucid.rooms.document_search.options import Options, Report
from pellucid.rooms.document_search.telling import PARTS, told_to
from pellucid.rooms.document_search.weights import Weighting

if TYPE_CHECKING:
    from pellucid.rooms.document_search.system import System


def train(config: Config, run: Run, world: World, system: type[System]) -> None:
    """Index the configured documents into the run folder. Interrupted, it begins the stage again that it was in: what
    was read is kept, and nothing is left to chance but the topics, which follow from the seed."""
    begun = time.perf_counter()
    with asked_to_stop(run, world) as stop, told_to(run) as progress:
        corpus = corpus_of(config, progress, stop, progress.counted)
        progress.counted(corpus.documents)
        run.set_data(about(config, corpus))
        options = options_of(config, corpus.documents)
        index = Index.build(
            corpus, options, run.path / "index", keep_text=True, progress=progress, stop=stop,
            measured=lambda kept: progress.measured(topics_keep=kept),
        )  # fmt: skip
    seconds = max(time.perf_counter() - begun, 1e-6)
    save(run, reading_of(config), index)
    trained = system.load(run)
    print(*remarks(corpus, index), sep="\n", file=sys.stderr)
    _record(run, world, trained, index, seconds)


def corpus_of(
    config: Config, progress: Report | None = None, stop: Callable[[], bool] | None = None,
    counted: Callable[[int], None] | None = None,
) -> Corpus:  # fmt: skip
    """The documents as word ids; read once, and found again in the user's cache."""
    source, reading = config.source, reading_of(config)
    folder = corpus_folder(source, reading)
    return build_corpus(source, reading, folder, keep_text=True, progress=progress or False, stop=stop, counted=counted)


def options_of(config: Config, documents: int) -> Options:
    """As the engine wants them; the SVD of a small collection is exact."""
    return Options(
        weighting=Weighting(config.tf, config.idf, config.normalise),
        topics=config.topics,
        min_documents=config.min_documents,
        max_share=config.max_share,
        most=config.vocabulary,
        oversample=collection.EXACT if documents <= collection.EXACT else 10,
        seed=config.seed,
        threads=config.threads,
    )


def about(config: Config, corpus: Corpus) -> dict[str, Any]:
    """What is recorded about the documents."""
    found = {
        "source": "built-in" if config.data == "built-in" else config.data,
        "fingerprint": corpus.fingerprint,
        "documents": corpus.documents,
        "tokens": corpus.tokens,
        "words_found": len(corpus.vocabulary),
        "skipped": corpus.left_out,
    }
    if config.data != "built-in":
        openings = (" ".join(corpus.text(i).split()[:8])[:80] for i in range(min(3, corpus.documents)))
        found["examples"] = [opening for opening in openings if opening]
    return found


def remarks(corpus: Corpus, index: Index) -> list[str]:
    """What a person should know of what was read."""
    said = f"{corpus.documents:,} documents, {corpus.tokens:,} words, {len(index.words):,} different ones in the index"
    rest = len(corpus.vocabulary) - len(index.words)
    said += f" ({rest:,} left out: min_documents, max_share, vocabulary)" if rest else ""
    return [said, *filter(None, (corpus.left_out, UNCUT_ADVICE if corpus.uncut else ""))]


def sizes(config: Config) -> tuple[int, int, int]:
    """Words known, documents and topics that this configuration comes to; the documents are read for that."""
    corpus = corpus_of(config)
    words = len(kept_words(corpus.vocabulary, corpus.documents, options_of(config, corpus.documents)))
    return words, corpus.documents, min(config.topics, words, corpus.documents)


def save(run: Run, reading: Reading, index: Index) -> None:
    """model.safetensors and codec.json, from the index. In this order: a codec that does not fit the index tells
    whoever reads between the two that the index alone counts."""
    codec = collection.codec_of(index, reading)
    run.save_weights("model", {name: torch.from_numpy(array) for name, array in collection.saved(index).items()})
    run.write_json("codec.json", (codec if collection.fits(index) else codec.without_documents()).to_json())


def _record(run: Run, world: World, trained: System, index: Index, seconds: float) -> None:
    """What there is to say of it: sizes, scores, the log's one line, TensorBoard."""
    queries, targets = trained.examples()
    scores = {name: float(value) for name, value in trained.score(list(trained.predict(queries)), targets).items()}
    kept = {"topics_keep": explained(index)} if index.lsa else {}
    run.update(parameters=trained.parameters)
    run.log(PARTS, kind="epoch", epoch=1, epochs=1, seconds=round(seconds, 3), **scores, **kept)
    run.trained(
        world, epochs=1, steps=1, seconds=seconds, examples=index.documents, monitor="reciprocal_rank",
        best=scores["reciprocal_rank"], best_epoch=1,
    )  # fmt: skip
    board = Board(run)
    try:
        board.scalars(1, scores | kept)
        if trained.model is not None:
            board.weights(1, trained.model)
            board.graph(trained.model, tuple(trained.program().inputs.values()))
    finally:
        board.close()
    print("  ".join(f"{name} {value:.4f}" for name, value in (scores | kept).items()), file=sys.stderr)


def explained(index: Index) -> float:
    """The share of the documents' squared lengths that the topics keep."""
    assert index.lsa is not None
    scale = [segment.scale for segment in index.segments if segment.scale is not None]
    matrix = Matrix(index.segments, index.idf, scale, index.options.weighting)
    return float((index.lsa.singular**2).sum() / max(matrix.energy(), 1e-300))
