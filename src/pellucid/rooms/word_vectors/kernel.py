"""The compiled engine: one piece of the corpus, both tables changed in place, without locks (Recht et al. 2011).

Computes what reference.py defines, window by window. Why it is fast, beside word2vec.c and gensim, which take three
passes over a row for every single pair of context and target:
- The noise words of a centre are shared by its contexts (Ji et al. 2016). A window of N contexts and T targets then is
  three products of small matrices (kernel_block.py) whose rows stay in the first cache.
- The rows of a window are asked for a few centres before they are needed, so that the second or third cache answers in
  time. The contexts' rows stay in the cache while the window slides over them (FULL-W2V: Randall et al. 2021).
- No call leaves the compiled code, and Python's lock is not held.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.nn.lanes import compiled, filled, load, store
from pellucid.nn.recurrent.functions import sigmoid
from pellucid.rooms.word_vectors.kernel_block import errors, scores, update
from pellucid.rooms.word_vectors.kernel_draw import STEP, ask, below, keep, mixed, noise
from pellucid.rooms.word_vectors.kernel_rows import address, get, put

Array = Any  # of compiled code: flat, contiguous
AHEAD = 2  # centres between asking for rows and using them
RING = 4  # windows that are held: more than AHEAD, a power of 2
EXCHANGE = 256  # centres between two exchanges of the rows that a thread has for itself
LOSS_EVERY = 64  # the loss is taken from every so many centres


@compiled
def width(most: int) -> int:
    """The length of a row of scores: targets, filled up to tiles of three and to lanes of sixteen."""
    return (most + 2 + 15) // 16 * 16


def room_for(most: int, window: int, d: int, own: int) -> int:
    """How many floats `run` needs to work in."""
    return 2 * RING * width(most) + 2 * window * (width(most) + d) + (3 + 2 * own) * d


@compiled
def turns(
    centre: int, tree: Any, outputs: int, own: int, apart: int, d: int, rows: Array, weights: int, labels: int, at: int
) -> int:
    """Targets by hierarchical softmax: the addresses of the inner nodes' rows, from rows[at]. Returns how many.

    Nodes from number `apart` on are this thread's own, at the address `own`.
    """
    nodes, codes, starts = tree
    first = starts[centre]
    count = starts[centre + 1] - first
    for j in range(count):
        node = nodes[first + j]
        if node < apart:
            rows[at + j] = outputs + 4 * d * node
            ask(rows[at + j], d)
        else:
            rows[at + j] = own + 4 * d * (node - apart)
        put(labels, j, np.float32(1 - codes[first + j]))
        put(weights, j, np.float32(1))
    return count


@compiled
def measure(s: int, n: int, stride: int, t: int, labels: int, weights: int) -> float:
    """The loss of one window from its scores [n, stride]."""
    loss = 0.0
    for i in range(n):
        for j in range(t):
            score = get(s, i * stride + j)
            loss += get(weights, j) * np.log1p(np.exp(score if get(labels, j) < 0.5 else -score))
    return loss


@compiled
def steps(s: int, n: int, stride: int, t: int, labels: int, weights: int, rate: float) -> None:
    """In place, scores to steps: rate · weight · (label - σ(score))."""
    for k in range(0, t, 16):
        label, weight = load(labels, k), rate * load(weights, k)
        for i in range(k, n * stride, stride):
            store(s, i, weight * (label - sigmoid(load(s, i))))


@compiled
def average(h: Array, n: int, d: int, into: int) -> None:
    """The mean of the n rows at the addresses h."""
    share = 1.0 / n
    for k in range(0, d, 16):
        row = load(h[0], k)
        for i in range(1, n):
            row = row + load(h[i], k)
        store(into, k, share * row)


@compiled
def give(h: Array, n: int, d: int, e: int, apart: int) -> None:
    """The row at h[i] += e[i], one by one: a word may stand twice in a window. apart = 0: all get the first."""
    for i in range(n):
        row = h[i]
        for k in range(0, d, 16):
            store(row, k, load(row, k) + load(e, i * apart + k))


@compiled
def exchange(shared: int, own: int, before: int, size: int) -> None:
    """Give to the shared rows what changed in this thread's own since `before`, and take over what they are then."""
    for k in range(0, size, 16):
        row = load(shared, k) + (load(own, k) - load(before, k))
        store(shared, k, row)
        store(own, k, row)
        store(before, k, row)


@compiled
def run(
    ids: Array,
    offsets: Array,
    inputs: Array,
    outputs: Array,
    d: int,
    cbow: bool,
    window: int,
    shrink: bool,
    negative: int,
    keeps: Array,
    chance: Array,
    tree: Any,
    most: int,
    apart: int,
    rates: tuple[float, float],
    state: Any,
    room: Array,
) -> tuple[float, int]:
    """One piece: word ids, where its documents start and end, the two tables with rows of d floats.

    negative: noise words a centre, 0 for hierarchical softmax; keeps: keep_thresholds; chance: Noise.packed; tree:
    (nodes, codes, starts); most: targets of a centre at the most; apart: inner nodes from this one on, the tree's top,
    which every centre passes, are changed in a copy, so that threads do not take these rows from one another at every
    step; room: as many zeros as room_for says, of each thread its own. Returns (loss, contexts) of a sample.
    """
    kept, ends = np.empty(len(ids), np.int32), np.empty(len(ids), np.int32)
    length, state = keep(ids, offsets, keeps, state, kept, ends)
    stride = width(most)
    reaches, counts = np.empty(RING, np.int64), np.empty(RING, np.int64)
    rows = np.empty(RING * stride, np.int64)
    h, o = np.empty(2 * window, np.int64), np.empty(stride, np.int64)
    # the room is the caller's: an array made here would be freed after its last visible use, which is this
    marks = address(room)  # weights and labels of the windows that are held
    s = marks + 8 * RING * stride  # scores
    e = s + 8 * window * stride  # errors
    mean = np.array([e + 8 * window * d])  # CBOW's one hidden row
    x, y = address(inputs), address(outputs)
    spare = mean[0] + 4 * d  # two rows that stay zero
    own = spare + 8 * d
    size = len(outputs) - apart * d  # of the rows that this thread has for itself
    top, before = y + 4 * apart * d, own + 4 * size
    nothing = filled(np.float32(0))
    first, loss, contexts = 0, 0.0, 0
    for ahead in range(length + AHEAD):
        if ahead < length:
            slot = ahead & (RING - 1)
            at = slot * stride
            weights = marks + 8 * at
            labels = weights + 4 * stride
            for k in range(0, stride, 16):
                store(weights, k, nothing)
            reaches[slot] = window
            if shrink:
                state += STEP
                reaches[slot] = window - below(mixed(state), window)
            if negative > 0:
                put(labels, 0, np.float32(1))
                t = noise(kept[ahead], negative, chance, state, y, d, rows, weights, at)
                state += np.uint64(negative) * STEP
            else:
                t = turns(kept[ahead], tree, y, own, apart, d, rows, weights, labels, at)
            counts[slot] = t
            while t % 3:  # a tile takes three; rows to spare have weight 0
                rows[at + t] = spare + 4 * d * (t % 3 - 1)
                t += 1
            ask(x + 4 * d * kept[min(ahead + window, length - 1)], d)
        place = ahead - AHEAD
        if place < 0:
            continue
        if place % EXCHANGE == 0:
            exchange(top, own, before, size)
        if place > 0 and ends[place] != ends[place - 1]:
            first = place
        slot = place & (RING - 1)
        at, t = slot * stride, (counts[slot] + 2) // 3 * 3
        weights = marks + 8 * at
        labels = weights + 4 * stride
        n = 0
        for i in range(max(first, place - reaches[slot]), min(ends[place], place + reaches[slot] + 1)):
            h[n] = x + 4 * d * kept[i]
            n += int(i != place)
        if n == 0 or t == 0:
            continue
        for j in range(t):
            o[j] = rows[at + j]
        hidden, m = h, n
        if cbow:
            average(h, n, d, mean[0])
            hidden, m = mean, 1
        scores(hidden, m, o, t, d, s, stride)
        if place % LOSS_EVERY == 0:
            loss += measure(s, m, stride, counts[slot], labels, weights)
            contexts += m
        steps(s, m, stride, t, labels, weights, rates[0] + (rates[1] - rates[0]) * place / length)
        errors(s, stride, m, o, t, d, e)
        update(s, stride, hidden, m, o, t, d)
        give(h, n, d, e, 0 if cbow else d)
    exchange(top, own, before, size)
    return loss, contexts
