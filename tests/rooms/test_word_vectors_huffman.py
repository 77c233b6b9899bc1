"""Word vectors: Huffman's tree is a shortest prefix code."""

from __future__ import annotations

import heapq
import itertools

import numpy as np
import pytest

from pellucid.rooms.word_vectors.huffman import build


def falling(counts) -> np.ndarray:
    return np.sort(np.asarray(counts, np.int64))[::-1]


def shortest_by_heap(counts) -> int:
    """Bits of the whole corpus in a best code, by the textbook's heap: the sum of all weights that are ever joined."""
    heap = [int(count) for count in counts]
    heapq.heapify(heap)
    bits = 0
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        bits += joined
        heapq.heappush(heap, joined)
    return bits


@pytest.mark.parametrize("seed", range(5))
def test_no_code_is_shorter(seed):
    counts = falling(np.random.default_rng(seed).zipf(1.4, 300).clip(max=10**6))
    tree = build(counts)
    assert (np.diff(tree.starts) * counts).sum() == shortest_by_heap(counts)


def test_prefix_free_and_complete():
    counts = falling(np.random.default_rng(9).integers(1, 1000, 200))
    tree = build(counts)
    codes = sorted(tree.code(word) for word in range(200))
    assert not any(b.startswith(a) for a, b in itertools.pairwise(codes))  # sorted: a prefix stands right before
    assert sum(2.0 ** -len(code) for code in codes) == 1  # Kraft: no turn leads nowhere


def test_the_nodes_are_the_prefixes():
    """Two words pass the same inner node just where their codes so far are the same."""
    tree = build(falling(np.random.default_rng(2).integers(1, 50, 40)))
    node_of = {}
    for word in range(40):
        nodes, codes = tree.path(word)
        assert nodes[0] == 38  # the root
        for depth, node in enumerate(nodes):
            assert node_of.setdefault(tuple(codes[:depth]), node) == node
    assert sorted(node_of.values()) == list(range(39))


def test_by_hand():
    """5, 2, 1, 1: the two ones join (2), they and the 2 (4), they and the 5."""
    tree = build(np.array([5, 2, 1, 1]))
    assert [len(tree.code(word)) for word in range(4)] == [1, 2, 3, 3]
    assert tree.longest == 3


def test_equal_to_gensims():
    gensim = pytest.importorskip("gensim.models.word2vec")
    words = {f"w{i}": int(count) for i, count in enumerate(falling(np.random.default_rng(4).zipf(1.5, 500)))}
    model = gensim.Word2Vec(vector_size=2, hs=1, negative=0, min_count=1, sample=0)
    model.build_vocab_from_freq(words)
    model.prepare_weights()
    tree = build(np.array(list(words.values())))
    theirs = [len(model.wv.get_vecattr(word, "code")) for word in words]
    counts = np.array(list(words.values()))
    assert (np.diff(tree.starts) * counts).sum() == (theirs * counts).sum()


def test_one_word_has_an_empty_path():
    tree = build(np.array([7]))
    assert tree.code(0) == ""
    assert tree.longest == 0
