"""Training word vectors on a corpus of word ids: pieces, threads, the falling rate, reports, stopping and going on.

The corpus is cut into pieces of 20,000 tokens. Each has its own random stream (from seed, epoch and piece) and its own
step sizes, so what a piece does is independent of when training was stopped; with one thread on the CPU the result is
the same bit for bit (on a GPU sums come in any order). Several threads take pieces in turn and change the same tables
without locks. A window ends at the end of its document and of its piece.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.sampling import first_state

if TYPE_CHECKING:
    import torch

PIECE = 20_000  # tokens
BETWEEN = 0.2  # seconds between reports, about


class Shard(Protocol):
    """A stretch of the corpus: word ids int32 [tokens], and where its documents start, int64 [documents + 1]."""

    @property
    def ids(self) -> NDArray[np.int32]: ...
    @property
    def offsets(self) -> NDArray[np.int64]: ...


class Table:
    """Rows of D floats as the kernel wants them: padded by zeros to a multiple of 16, at addresses divisible by 64."""

    def __init__(self, rows: NDArray[np.float32]):
        size, dimensions = rows.shape
        self.width = -(-dimensions // 16) * 16
        memory = np.zeros(size * self.width + 16, np.float32)
        start = (-memory.ctypes.data // 4) % 16
        self.flat = memory[start : start + size * self.width]
        self.rows = self.flat.reshape(-1, self.width)[:, :dimensions]  # a view [size, D]
        self.rows[:] = rows


class Vectors:
    """The two tables that training changes: `input` [V, D], the word vectors, and `output` [V or V - 1, D]. float32."""

    def __init__(self, input: NDArray[np.float32], output: NDArray[np.float32]):
        """Copies both."""
        self.inputs, self.outputs = Table(input), Table(output)
        self.fetch: Callable[[], None] = lambda: None  # brings them back from where they are changed

    @property
    def input(self) -> NDArray[np.float32]:
        self.fetch()
        return self.inputs.rows

    @property
    def output(self) -> NDArray[np.float32]:
        self.fetch()
        return self.outputs.rows


@dataclass(frozen=True)
class Report:
    """How far training is. `place` is where to go on: (epoch, piece)."""

    epoch: int
    place: tuple[int, int]
    words: int  # tokens read, in all epochs
    words_total: int
    loss: float  # mean over the contexts since the last report; nan where none was measured
    rate: float  # the step size now
    seconds: float  # since the call of train


def start(words: int, options: Options) -> Vectors:
    """The vectors before training: input uniform in ± 1 / D as in gensim (word2vec.c: ± 0.5 / D), output zero."""
    rng = np.random.default_rng(options.seed)
    uniform = rng.random((words, options.dimensions), dtype=np.float32)
    input = (2 * uniform - 1) / np.float32(options.dimensions)
    rows = words if options.loss == "negative" else max(words - 1, 0)
    return Vectors(input, np.zeros((rows, options.dimensions), np.float32))


@dataclass(frozen=True)
class Piece:
    """Which tokens of which shard, and how many came before in the corpus."""

    index: int
    shard: int
    low: int
    high: int
    before: int


def cut(shards: Sequence[Shard]) -> list[Piece]:
    """The corpus in pieces, in order."""
    pieces: list[Piece] = []
    before = 0
    for number, shard in enumerate(shards):
        for low in range(0, len(shard.ids), PIECE):
            high = min(low + PIECE, len(shard.ids))
            pieces.append(Piece(len(pieces), number, low, high, before))
            before += high - low
    return pieces


def read(shard: Shard, low: int, high: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The ids of a piece and where its documents start and end in it."""
    inside = shard.offsets[np.searchsorted(shard.offsets, low, side="right") : np.searchsorted(shard.offsets, high)]
    bounds = np.concatenate([[0], np.asarray(inside, np.int64) - low, [high - low]])
    return np.array(shard.ids[low:high], np.int32), bounds


class Steps(Protocol):
    """One of the two engines: what changes the tables."""

    def train(
        self, ids: NDArray[np.int32], bounds: NDArray[np.int64], rates: tuple[float, float], state: int
    ) -> tuple[float, int]:
        """One piece: word ids, where its documents start and end, the first and the last step size, the random stream.

        Returns (loss, contexts) of all windows or of a sample.
        """


class Engine:
    """One of the two with what each piece needs."""

    def __init__(
        self, counts: NDArray[np.int64], options: Options, vectors: Vectors, total: int, device: torch.device | None
    ):
        """device: None for the compiled engine, otherwise where torch computes."""
        self.options, self.total = options, total
        self.steps: Steps
        if device is None:
            from pellucid.rooms.word_vectors.compiled import Compiled

            self.steps, self.threads = Compiled(counts, options, vectors), options.threads
        else:
            from pellucid.rooms.word_vectors.batched import Batched

            self.steps, self.threads = Batched(counts, options, vectors, device), 1

    def rate(self, words: int) -> float:
        """The step size after that many tokens."""
        options = self.options
        return options.rate + (options.rate_end - options.rate) * words / max(self.total * options.epochs, 1)

    def train(self, shards: Sequence[Shard], epoch: int, piece: Piece) -> tuple[float, int]:
        """One piece; (loss, contexts) of what is measured."""
        ids, bounds = read(shards[piece.shard], piece.low, piece.high)
        done = epoch * self.total + piece.before
        rates = self.rate(done), self.rate(done + piece.high - piece.low)
        return self.steps.train(ids, bounds, rates, first_state(self.options.seed, epoch, piece.index))


def train(
    shards: Sequence[Shard],
    counts: NDArray[np.int64],
    options: Options,
    vectors: Vectors,
    place: tuple[int, int] = (0, 0),
    device: torch.device | None = None,
) -> Iterator[Report]:
    """Train from `place` to the end, in place, with a report about every 0.2 s and at the end of each epoch.

    counts [V]: how often each word of the vocabulary occurs, most frequent first; ids of V and above are left out.
    device: where the torch engine computes; None: the compiled engine (compiled.py, batched.py: what they differ in).
    Between reports the tables are at rest and may be read, saved, or left: `place` says where to go on.
    """
    pieces = cut(shards)
    total = sum(piece.high - piece.low for piece in pieces)
    engine = Engine(counts, options, vectors, total, device)
    began = time.perf_counter()
    batch = threads = engine.threads
    with ThreadPoolExecutor(threads) as pool:
        for epoch in range(place[0], options.epochs):
            at = place[1] if epoch == place[0] else 0
            while at < len(pieces):
                moment = time.perf_counter()
                some = pieces[at : at + batch]
                queue = iter(some)  # next() of a list's iterator is one step under Python's lock

                def work(epoch: int = epoch, queue: Iterator[Piece] = queue) -> list[tuple[float, int]]:
                    return [engine.train(shards, epoch, piece) for piece in queue]

                found = itertools.chain(*(future.result() for future in [pool.submit(work) for _ in range(threads)]))
                losses, contexts = map(sum, zip(*found, strict=True))
                at += len(some)
                words = epoch * total + (pieces[at].before if at < len(pieces) else total)
                where = (epoch, at) if at < len(pieces) else (epoch + 1, 0)
                now = time.perf_counter()
                loss = losses / contexts if contexts else math.nan
                yield Report(epoch, where, words, total * options.epochs, loss, engine.rate(words), now - began)
                batch = next_batch(batch, now - moment, threads)


def next_batch(pieces: int, seconds: float, threads: int) -> int:
    """How many pieces the next report waits for, so that it comes after about 0.2 s; at most twice as many as now."""
    return max(threads, min(2 * pieces, int(pieces * BETWEEN / max(seconds, 1e-6))))
