"""Inside document search: the table of numbers, the named trace of one query, and its story in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len, set_cell_size

from pellucid.core.card import Words
from pellucid.core.contract import Layer, Table
from pellucid.core.progress import one_line
from pellucid.look import Trace, capture
from pellucid.rooms.document_search.captions import AXES, AXIS_TITLES, STORY, SYMBOLS, TITLES
from pellucid.rooms.document_search.explained import Document, Explained
from pellucid.rooms.document_search.shown import Shown

TOPICS, TOPIC_WORDS = 4, 8  # told in the story, and words of each
BEST = 5  # documents of which the shares are told
ROWS = 12  # words of the best document that are told


def layers(words: int, documents: int, topics: int) -> list[Table]:
    """What one module of the whole collection holds: one row of zeros stands for any word that is not in the index."""
    v, d, k = words + 1, documents, topics
    rows = [
        Layer("input", "word ids, counts", "[N, K]", 0, ""),
        Layer("idf", "rarity of each word", "[N, K]", v, f"V + 1 = {v:,}"),
        Layer("postings", "weight of each word in each document", f"[N, K, {d}]", v * d, f"(V + 1) D = {v:,} × {d:,}"),
        Layer("cosine by words", "sum over words", f"[N, {d}]", 0, "nothing to learn"),
    ]
    if k:
        rows += [
            Layer("topics", "basis of the truncated SVD", f"[N, {k}]", v * k, f"(V + 1) k = {v:,} × {k}"),
            Layer("coordinates", "documents among topics", f"[N, {d}]", d * k, f"D k = {d:,} × {k}"),
        ]
    return [Table("document_search", tuple(rows))]


# the trace


def look(shown: Shown, document: Document, themes: Sequence[Sequence[str]], *, backward: bool = False) -> Trace:
    """One query through the search, and the best document's weights from its own words; every number by name.

    themes: the words that each topic is made of most.
    """
    config = shown.config
    model = Explained(shown.parts, config.tf, config.normalise, config.by, document).eval()
    if backward:
        model.postings = _with_gradient(model.postings)
        model.topics = _with_gradient(model.topics)
    trace = capture(model, *shown.inputs, backward=backward)
    for name, axes in AXES.items():
        trace.name_axes(name, axes)
    for name, caption in STORY.items():
        trace.caption(name, caption)
    trace.storyline = [{"node": name, "caption": caption} for name, caption in STORY.items() if name in trace]
    trace.axis_labels |= {
        "word": shown.words,
        "document": shown.names,
        "its word": document.words,
        "topic": [f"{n}: {', '.join(words[:3])}" for n, words in enumerate(themes, start=1)],
    }
    trace.meta.update(
        room="document_search",
        picture="direction" if config.by == "lsa" else "shares",
        begins={"document": shown.best, "word": 0},
        titles=TITLES,
        symbols=SYMBOLS,
        axis_titles=AXIS_TITLES,
        notes=notes(shown),
        query=shown.query,
        words=shown.words,
        known=shown.known,
        counts=list(shown.counts.values()),
        by=config.by,
        kinds={"tf": config.tf, "idf": config.idf, "normalise": config.normalise},
        best=shown.best,
        documents=len(shown.codec.names),
        document={"name": document.name, "words": document.words, "length": document.length},
        themes=[list(words[:TOPIC_WORDS]) for words in themes],
    )
    return trace


def _with_gradient(table: Any) -> Any:
    return None if table is None else table.requires_grad_(True)


def notes(shown: Shown) -> list[Words]:
    """What of the query or the collection is not seen."""
    found: list[Words] = []
    unknown = [word for word, known in zip(shown.words, shown.known, strict=True) if not known]
    if unknown:
        more = " …" if len(unknown) > 8 else ""
        found.append(
            {
                "en": f"Not in the index, so of weight 0: {', '.join(unknown[:8])}{more}",
                "zh-TW": f"索引裡沒有，權重為 0：{'、'.join(unknown[:8])}{more}",
            }
        )
    if len(shown.documents) < len(shown.codec.names):
        all_of_them = len(shown.codec.names)
        found.append(
            {
                "en": f"Of {all_of_them:,} documents the {len(shown.documents)} best are shown, with the same scores.",
                "zh-TW": f"只顯示 {all_of_them:,} 份文件中最好的 {len(shown.documents)} 份；分數相同。",
            }
        )
    return found


# the story


def tell(trace: Trace) -> Iterator[str]:
    """The trace of one query in the terminal: weights, the best documents, why the best one, topics."""
    meta = trace.meta
    yield f"query        {one_line(meta['query'])}"
    yield from (f"note         {note['en']}" for note in meta["notes"])
    yield ""
    yield from _query(trace)
    yield ""
    yield from _documents(trace)
    yield ""
    yield from _document(trace)
    if "place" in trace:
        yield ""
        yield from _topics(trace)


def _query(trace: Trace) -> Iterator[str]:
    """A row a word: count, TF, IDF, product, weight."""
    meta = trace.meta
    tf, idf, product = (trace.array(name)[0] for name in ("tf", "word_idf", "tf_idf"))
    weights = trace.array("weights")[0] if "weights" in trace else product
    width = _width(meta["words"])
    yield f"{'word':{width}}  times      TF  ×     IDF  =  TF·IDF   weight"
    for i, word in enumerate(meta["words"]):
        name = set_cell_size(word if meta["known"][i] else f"{word}?", width)
        yield f"{name}  {meta['counts'][i]:5}  {tf[i]:6.4f}  × {idf[i]:7.4f}  = {product[i]:7.4f}  {weights[i]:7.4f}"
    if "length" in trace:
        length = float(trace.array("length")[0, 0])
        yield f"{'':{width}}  length of the products {length:.4f}: the weights have length 1"


def _documents(trace: Trace) -> Iterator[str]:
    """The best documents: their scores, and how much of them is each word's."""
    meta, names = trace.meta, trace.axis_labels["document"]
    by_words = trace.array("word_scores")[0] if "word_scores" in trace else None
    by_topics = trace.array("topic_scores")[0] if "topic_scores" in trace else None
    score = by_topics if meta["by"] == "lsa" else by_words
    assert score is not None
    yield "best by " + ("the cosine among the topics" if meta["by"] == "lsa" else "the cosine of words")
    for d in np.argsort(-score, kind="stable")[:BEST]:
        said = f"{score[d]:7.4f}  {one_line(names[d])}"
        if by_words is not None and by_topics is not None:
            other = f"words {by_words[d]:.4f}" if meta["by"] == "lsa" else f"topics {by_topics[d]:.4f}"
            said += f"  ({other})"
        if by_words is not None:
            shares = trace.array("shares")[0, :, d]
            parts = [f"{meta['words'][i]} {shares[i]:.4f}" for i in np.argsort(-shares, kind="stable") if shares[i] > 0]
            said += f"  = {' + '.join(parts[:4])}{' + …' if len(parts) > 4 else ''}" if parts else ""
        yield said


def _document(trace: Trace) -> Iterator[str]:
    """The best document's own weights: those of the query's words first."""
    meta = trace.meta
    words = meta["document"]["words"]
    tf, product = trace.array("document_tf"), trace.array("document_tf_idf")
    idf = trace.array("document_idf")
    weights = trace.array("document_weights") if "document_weights" in trace else product
    asked = set(meta["words"])
    order = sorted(range(len(words)), key=lambda i: (words[i] not in asked, -weights[i]))[:ROWS]
    width = _width([words[i] for i in order])
    yield f"why {one_line(meta['document']['name'])}: {meta['document']['length']} words, its weights (* asked for)"
    yield f"{'word':{width}}       TF  ×     IDF  =  TF·IDF   weight"
    for i in order:
        mark = "*" if words[i] in asked else " "
        name = set_cell_size(words[i], width)
        yield f"{name} {mark} {tf[i]:6.4f}  × {idf[i]:7.4f}  = {product[i]:7.4f}  {weights[i]:7.4f}"
    if "document_size" in trace:
        yield f"{'':{width}}   length of all its products {float(trace.array('document_size')):.4f}"


def _topics(trace: Trace) -> Iterator[str]:
    """The topics on which the query lies furthest out, with their words, and where the best document lies there."""
    place, other = trace.array("direction")[0], trace.array("document_direction")
    yield "topics       query  best document"
    for k in np.argsort(-np.abs(place), kind="stable")[:TOPICS]:
        words = ", ".join(trace.meta["themes"][k])
        yield f"topic {k + 1:<4} {place[k]:+7.4f}  {other[k]:+7.4f}  {words}"


def _width(words: Sequence[str]) -> int:
    return min(24, max(8, *(cell_len(word) + 1 for word in words)))


def themes(topics: NDArray[Any], vocabulary: Sequence[str], most: int = TOPIC_WORDS) -> list[list[str]]:
    """The words that each topic [V, k] is made of most, with - where they speak against it."""
    found = []
    for column in np.asarray(topics).T:
        order = np.argsort(-np.abs(column), kind="stable")[:most]
        found.append([("" if column[i] > 0 else "-") + vocabulary[i] for i in order])
    return found
