"""Inside word vectors: the layer table, the named trace of one query with a training step, and its story.

A look has three chapters. The answer: rows of the table, their weighted sum, its cosine with every word. A training
step: the first word of the query is the one to be told, the second, or the first one's nearest, goes in; what the
network says of the pair and of the noise words, and how the rows move. A map: where some words lie, by PCA.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pellucid.core.contract import Layer, Table
from pellucid.core.corpus.stop_words import ENGLISH
from pellucid.core.progress import one_line
from pellucid.look import Trace, capture
from pellucid.rooms.word_vectors import captions, huffman
from pellucid.rooms.word_vectors.codec import Codec, best, told
from pellucid.rooms.word_vectors.config import Config
from pellucid.rooms.word_vectors.data import prepare
from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.parts import Looked
from pellucid.rooms.word_vectors.query import Query
from pellucid.rooms.word_vectors.sampling import Noise, Stream, noise_shares

MOST_ROWS = 20_000  # of a table in a look: what is larger is cut, and a note says so
NEAR, FREQUENT = 8, 30  # words on the map: the nearest ones, and frequent ones around them
IN_CBOW = 4  # words that go in together


@dataclass(frozen=True)
class Inner:
    """What a look needs of a trained run."""

    options: Options
    codec: Codec
    vectors: Tensor
    """[V, D]"""
    outputs: Tensor
    """[V or V - 1, D]"""
    counts: np.ndarray[Any, np.dtype[np.int64]]

    @cached_property
    def noise(self) -> Noise:
        return Noise(noise_shares(self.counts, self.options.exponent))

    @cached_property
    def tree(self) -> huffman.Tree:
        return huffman.build(self.counts)

    @cached_property
    def frequent(self) -> list[int]:
        """Frequent words that mean something by themselves."""
        common = (
            i for i, word in enumerate(self.codec.vocabulary) if word not in ENGLISH and len(word) > word.isascii()
        )
        return [i for i, _ in zip(common, range(FREQUENT), strict=False)]


# the layer tables


def layers(config: Config) -> list[Table]:
    """The program's one table, and both of the network that was trained."""
    words = len(prepare(config).words) if config.data == "built-in" else config.vocabulary
    d = config.dimensions
    out, letter = (words, "V") if config.loss == "negative" else (words - 1, "(V - 1)")
    size = f"V D = {words:,} × {d}"
    return [
        Table(
            "word_vectors",
            (
                Layer("ids, weights", "words with + or -", "[N, K]", 0, ""),
                Layer("vectors", "Embedding", f"[N, K, {d}]", words * d, size),
                Layer("question", "weighted sum of unit vectors", f"[N, {d}]", 0, "nothing to learn"),
                Layer("scores", "cosines", f"[N, {words:,}]", 0, "nothing to learn"),
            ),
        ),
        Table(
            f"trained as {config.architecture}, {config.loss}",
            (
                Layer("input table", "Embedding, or one-hot times a matrix", f"[N, {d}]", words * d, size),
                Layer("output table", "one row a target", "[N, T]", out * d, f"{letter} D = {out:,} × {d}"),
            ),
        ),
    ]


# the trace


def look(inner: Inner, text: str, *, backward: bool = False) -> Trace:
    """One query answered, one training step, and a map; with `backward` the gradient of the best score."""
    query, names = inner.codec.query(text), inner.codec.vocabulary
    near = nearest(inner, query)
    centre, contexts = pair_of(inner.options, query, near)
    asked = targets_of(inner, centre)
    places = list(dict.fromkeys([*query.ids, *near, *inner.frequent]))
    shown, rows = kept(len(names), [*places, *contexts]), kept(len(inner.outputs), asked.rows)
    at = Places(shown)
    trace = capture(
        Looked(inner.vectors[shown], inner.outputs[rows], inner.options.architecture),
        torch.tensor([at(query.ids)]), torch.tensor([query.weights], dtype=torch.float32),
        torch.tensor(at(contexts)), torch.tensor(Places(rows)(asked.rows)),
        torch.tensor(asked.labels, dtype=torch.float32), torch.tensor(asked.times, dtype=torch.float32),
        torch.tensor(at(places)), directions(inner.vectors[places]), inner.options.rate,
        backward=backward, target=lambda found: found[0].max(),
    )  # fmt: skip
    for pattern, axes in captions.AXES.items():
        trace.name_axes(pattern, axes)
    for pattern, caption in captions.STORY.items():
        trace.caption(pattern, caption)
    trace.storyline = [{"node": name, "caption": caption} for name, caption in captions.STORY.items()]

    def named(ids: Sequence[int]) -> list[str]:
        return [names[i] for i in ids]

    trace.axis_labels |= {
        "term": named(query.ids), "word": named(shown), "target": asked.names, "input": named(contexts),
        "place": named(places), "direction": ["1", "2"],
    }  # fmt: skip
    trace.meta.update(
        room="word_vectors", picture="question", text=text, titles=captions.TITLES, symbols=captions.SYMBOLS,
        axis_titles=captions.AXIS_TITLES, notes=[captions.pair_note(names[centre], named(contexts), inner.options)],
        plots=[plot(trace, named(places), len(query.ids) + len(near))],
        kind=query.kind, asked=named(query.ids), weights=query.weights, centre=names[centre], rate=inner.options.rate,
    )  # fmt: skip
    if len(shown) < len(names):
        trace.meta["notes"].append(captions.cut_note(len(shown), len(names)))
    return trace


def kept(size: int, needed: Sequence[int]) -> list[int]:
    """The rows of a table that are looked at: all, or of a large one the first and those needed."""
    return [*range(min(size, MOST_ROWS)), *sorted({i for i in needed if i >= MOST_ROWS})]


class Places:
    """Where the kept rows are now."""

    def __init__(self, rows: Sequence[int]):
        self.now = {row: i for i, row in enumerate(rows)}

    def __call__(self, rows: Sequence[int]) -> list[int]:
        return [self.now[row] for row in rows]


def nearest(inner: Inner, query: Query) -> list[int]:
    """The words nearest to the query, without its own."""
    units = inner.vectors[list(query.ids)]
    units = units / units.norm(dim=1, keepdim=True).clamp_min(1e-12)
    question = torch.tensor(query.weights) @ units
    scores = inner.vectors @ question / inner.vectors.norm(dim=1).clamp_min(1e-12)
    return best(scores.numpy(), NEAR, leave_out=query.ids)


def pair_of(options: Options, query: Query, near: list[int]) -> tuple[int, list[int]]:
    """The word to be told, and what goes in: the next word of the query or the nearest (CBOW: up to four of them)."""
    others = list(dict.fromkeys([*query.ids[1:], *near])) or [query.ids[0]]
    return query.ids[0], others[: IN_CBOW if options.architecture == "cbow" else 1]


@dataclass(frozen=True)
class Targets:
    """What the input shall predict: rows of the second table, 1 or 0, how often each was drawn, and their names."""

    rows: list[int]
    labels: list[int]
    times: list[int]
    names: list[str]


def targets_of(inner: Inner, centre: int) -> Targets:
    """The word with noise words, always the same ones for it; or the turns on its path, the root's first."""
    names = inner.codec.vocabulary
    if inner.options.loss == "hierarchical":
        nodes, codes = inner.tree.path(centre)
        turns = [f"turn {i}: {code}" for i, code in enumerate(codes, 1)]
        return Targets(nodes.tolist(), [1 - int(code) for code in codes], [1] * len(nodes), turns)
    stream = Stream(inner.options.seed, piece=centre)
    drawn = Counter(inner.noise.draw(stream) for _ in range(inner.options.negative))
    del drawn[centre]  # as in training: a draw of the word itself is dropped
    rows = [centre, *drawn]
    return Targets(rows, [1] + [0] * len(drawn), [1, *drawn.values()], [names[row] for row in rows])


def directions(vectors: Tensor) -> Tensor:
    """The two eigenvectors of the covariance of these unit vectors with the largest eigenvalues [D, 2]."""
    points = vectors.double() / vectors.double().norm(dim=1, keepdim=True).clamp_min(1e-12)
    _, axes = torch.linalg.eigh(torch.cov(points.T, correction=0).reshape(points.shape[1], -1))
    two = axes[:, -2:].flip(1)
    strongest = two.gather(0, two.abs().argmax(dim=0, keepdim=True))  # a direction has no sign: its strongest part is +
    two = two * strongest.sign()
    return torch.nn.functional.pad(two, (0, 2 - two.shape[1])).float()


def plot(trace: Trace, names: list[str], named: int) -> dict[str, Any]:
    """The map as a drawing: the words of the query and around it first, frequent ones after."""
    coordinates = trace.array("map.coordinates")
    points: list[dict[str, Any]] = [
        {"x": float(x), "y": float(y), "label": captions.both(name)}
        for (x, y), name in zip(coordinates, names, strict=True)
    ]
    return {
        "kind": "plane", "x": "map.wide", "y": "map.tall", "title": captions.MAP_TITLE, "points": points,
        "named": named,
    }  # fmt: skip


# the story

BARS = 24  # cells of a bar


def tell(trace: Trace) -> Iterator[str]:
    """The trace of one query in the terminal: the sum, the nearest words, the training step, the map."""
    meta = trace.meta
    yield f"query        {one_line(meta['text'])}"
    yield f"{'asked':12} {told(meta['asked'], meta['weights'])}"
    words, scores = trace.axis_labels["word"], trace.array("scores")[0]
    yield ""
    yield "cosine with every word, the highest"
    for i in best(scores, NEAR + len(meta["asked"])):
        mark = "  (asked)" if words[i] in meta["asked"] else ""
        yield f"  {scores[i]:+.4f}  {'█' * round(BARS * max(0.0, float(scores[i]))):{BARS}}  {words[i]}{mark}"
    yield from tell_step(trace)
    share = trace.array("map.share")
    yield ""
    places = trace.axis_labels["place"]
    yield f"map          {len(places)} words; the two directions hold {share.sum():.0%} of their spread"


def tell_step(trace: Trace) -> Iterator[str]:
    """Probabilities before and after one step."""
    meta, targets = trace.meta, trace.axis_labels["target"]
    scores, after = trace.array("pair.scores")[0], trace.array("pair.new_scores")[0]
    labels = trace.array("labels")
    width = max(len(name) for name in [*targets, "target"])
    yield ""
    yield f"one training step: {', '.join(trace.axis_labels['input'])} goes in, {meta['centre']} is to be told"
    yield f"  {'target':{width}}  label    score  probability  after a step of {meta['rate']:g}"
    for name, label, score, new in zip(targets, labels, scores, after, strict=True):
        yield f"  {name:{width}}  {label:5.0f}  {score:+7.4f}  {sigmoid(score):11.4f}  {sigmoid(new):.4f}"
    losses = (float(trace.array(name)) for name in ("pair.loss", "pair.new_loss"))
    yield "loss         {:.4f}, after the step {:.4f}".format(*losses)


def sigmoid(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))
