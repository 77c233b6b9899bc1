"""Word vectors: how far the kernel is from what arithmetic and memory allow, one thread, skip-gram with 5 noise words.

    python benchmarks/word_vectors_limit.py NOVELS.tar.gz

whole     a piece of the corpus through the kernel
products  its three products of small matrices alone, at the corpus's mean window, all rows in the first cache
traffic   its rows drawn, asked for, read, changed and written back, and nothing else
peak      the same number of multiply-adds, but ten independent ones at a time that never leave the registers
Least of 30 times, in CPU time of the thread.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numba import njit
from word_vectors import MIN_COUNT, prepare

from pellucid.nn.lanes import filled, fma, load, store, total
from pellucid.rooms.word_vectors import kernel_block as block
from pellucid.rooms.word_vectors import kernel_draw as draw
from pellucid.rooms.word_vectors.kernel_rows import address
from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.pairs import windows
from pellucid.rooms.word_vectors.sampling import Noise, Stream, noise_shares
from pellucid.rooms.word_vectors.train import PIECE, Engine, cut, read, start

NEGATIVE, TARGETS = 5, 6


@njit(nogil=True)
def products(repeats, n, d, rows, room):
    """The arithmetic of `repeats` windows of n contexts."""
    h = np.arange(n) * 4 * d + address(rows)
    o = np.arange(n, n + TARGETS) * 4 * d + address(rows)
    s, e = address(room), address(room) + 4 * 16 * n
    for _ in range(repeats):
        block.scores(h, n, o, TARGETS, d, s, 16)
        block.errors(s, 16, n, o, TARGETS, d, e)
        block.update(s, 16, h, n, o, TARGETS, d)


@njit(nogil=True)
def traffic(centres, noise, outputs, inputs, d):
    """The rows of all centres: a new context, the centre and the noise words of each."""
    rows, counts, weights = np.zeros((3, 8), np.int64), np.zeros(3, np.int64), np.zeros(8, np.float32)
    state, little = np.uint64(1), filled(np.float32(1e-9))
    for place in range(len(centres)):
        slot, centre = place % 3, centres[place]
        count = draw.noise(centre, NEGATIVE, noise, state, address(outputs), d, rows[slot], address(weights), 0)
        rows[slot, count] = address(inputs) + 4 * d * centre
        draw.ask(rows[slot, count], d)
        counts[slot] = count + 1
        state += np.uint64(NEGATIVE) * draw.STEP
        used = (place + 1) % 3  # asked for two centres ago
        for j in range(counts[used]):
            for k in range(0, d, 16):
                store(rows[used, j], k, load(rows[used, j], k) + little)


@njit(nogil=True)
def peak(repeats, numbers):
    """Ten multiply-adds of sixteen floats, `repeats` times."""
    x, y = load(address(numbers), 0), load(address(numbers), 16)
    a = b = c = d = e = f = g = h = i = j = y
    for _ in range(repeats):
        a, b, c, d = fma(x, a, y), fma(x, b, y), fma(x, c, y), fma(x, d, y)
        e, f, g, h = fma(x, e, y), fma(x, f, y), fma(x, g, y), fma(x, h, y)
        i, j = fma(x, i, y), fma(x, j, y)
    return total(a + b + c + d + e + f + g + h + i + j)


def nanoseconds(function, times: int) -> float:
    """Of one of the `times` that a call does."""
    function()
    found = []
    for _ in range(30):
        begin = time.thread_time()
        function()
        found.append(time.thread_time() - begin)
    return min(found) / times * 1e9


def main() -> None:
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    if not (folder / "tokens.npz").exists():
        prepare(Path(sys.argv[1]), folder)
    data = dict(np.load(folder / "tokens.npz"))
    counts, options = data["counts"][data["counts"] >= MIN_COUNT], Options()
    shard = SimpleNamespace(ids=data["ids"], offsets=data["offsets"])
    sample = list(windows(*read(shard, 0, PIECE), counts, options, Stream(1)))
    n = float(np.mean([len(window.contexts) for window in sample]))
    centres = np.array([window.centre for window in sample])
    vectors = start(len(counts), options)
    d = vectors.inputs.width
    engine, piece = Engine(counts, options, vectors, PIECE, None), cut([shard])[0]
    noise = Noise(noise_shares(counts)).packed
    rows, room = np.zeros(40 * d, np.float32), np.zeros(40 * d, np.float32)

    whole = nanoseconds(lambda: engine.train([shard], 0, piece), len(centres))
    low, high = (nanoseconds(lambda m=m: products(2000, m, d, rows, room), 2000) for m in (int(n), int(n) + 1))
    arithmetic = low + (high - low) * (n - int(n))
    moved = nanoseconds(lambda: traffic(centres, noise, vectors.outputs.flat, vectors.inputs.flat, d), len(centres))
    flop, size = 3 * 2 * n * TARGETS * d, 2 * 4 * d * (TARGETS + 1)
    numbers = np.linspace(0.1, 0.9, 32, dtype=np.float32)
    best = 10 * 16 * 2 / nanoseconds(lambda: peak(100_000, numbers), 100_000)  # GFLOP/s
    print(f"{n:.2f} contexts a centre, {len(centres) / PIECE:.2f} centres a word, rows of {d} floats\n")
    print("| one centre, one thread | ns | rate |\n|---|--:|--:|")
    print(f"| whole | {whole:.0f} | {1e3 / whole * PIECE / len(centres):.2f} M words/s |")
    print(f"| products | {arithmetic:.0f} | {flop / arithmetic:.0f} GFLOP/s |")
    print(f"| peak | {flop / best:.0f} | {best:.0f} GFLOP/s |")
    print(f"| traffic | {moved:.0f} | {size / moved:.0f} GB/s |")


if __name__ == "__main__":
    main()
