"""Word vectors: chance is what the papers say, and the compiled kernel draws the same."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.pairs import neighbours, pairs, windows
from pellucid.rooms.word_vectors.sampling import (
    Noise,
    Stream,
    first_state,
    keep_shares,
    keep_thresholds,
    noise_shares,
)

COUNTS = np.sort(np.random.default_rng(0).zipf(1.3, 1000).clip(max=10**7))[::-1].astype(np.int64)


def test_splitmix():
    """The first numbers of splitmix64 from the state 1234567, as published with its source."""
    stream = Stream(0)
    stream.state = 1234567
    assert [stream.bits() for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_streams_differ():
    states = {first_state(seed, epoch, piece) for seed in range(5) for epoch in range(5) for piece in range(200)}
    assert len(states) == 5 * 5 * 200


@pytest.mark.parametrize("exponent", [0.75, 1.0, 0.0])
def test_the_noise_table_holds_the_powers_of_the_counts(exponent):
    shares = noise_shares(COUNTS, exponent)
    assert shares == pytest.approx([count**exponent / sum(int(c) ** exponent for c in COUNTS) for count in COUNTS])
    assert np.abs(Noise(shares).shares() - shares).max() < 1e-9  # 32-bit thresholds


def test_noise_is_drawn_so():
    noise, stream = Noise(noise_shares(COUNTS)), Stream(4)
    drawn = Counter(noise.draw(stream) for _ in range(40_000))
    for word in range(10):
        share = noise.shares()[word]
        assert drawn[word] / 40_000 == pytest.approx(share, abs=4 * np.sqrt(share / 40_000))


def test_frequent_words_are_thinned_as_in_gensim():
    word2vec = pytest.importorskip("gensim.models.word2vec")
    model = word2vec.Word2Vec(vector_size=2, min_count=1, sample=1e-3)
    model.build_vocab_from_freq({f"w{i}": int(count) for i, count in enumerate(COUNTS)})
    theirs = [model.wv.get_vecattr(f"w{i}", "sample_int") for i in range(len(COUNTS))]
    # gensim keeps a word where sample_int >= 32 random bits
    np.testing.assert_allclose(keep_thresholds(COUNTS, 1e-3), theirs, atol=2**12)
    assert keep_shares(COUNTS, 1e-3)[0] < 0.2
    assert (keep_shares(COUNTS, 0) == 1).all()


def test_the_pairs_of_the_slides():
    """Slides, day 3: with a window of 2, "make" goes with shalt, not, a and machine."""
    sentence = "thou shalt not make a machine in the likeness of a human mind".split()
    assert [b for a, b in pairs(sentence, 2) if a == "make"] == ["shalt", "not", "a", "machine"]
    assert list(pairs(sentence, 2))[:2] == [("thou", "shalt"), ("thou", "not")]
    assert neighbours(0, 1, 5) == []


def test_windows_of_a_text_without_chance():
    options = Options(window=2, shrink=False, sample=0, negative=5)
    ids = np.array([0, 1, 9, 2, 3, 0], np.int32)  # 9 is outside the vocabulary; a new document starts at the 3
    found = list(windows(ids, np.array([0, 4, 6]), np.array([4, 3, 2, 1]), options, Stream(0)))
    assert [(w.centre, w.contexts) for w in found] == [(0, [1, 2]), (1, [0, 2]), (2, [0, 1]), (3, [0]), (0, [3])]
    for window in found:
        assert window.targets[0] == window.centre
        assert window.labels == [1] + [0] * (len(window.targets) - 1)
        assert len(set(window.targets)) == len(window.targets)
        assert sum(window.weights) <= 6


def test_windows_shrink_evenly():
    options = Options(window=5, sample=0, negative=1)
    ids = np.zeros(4000, np.int32)
    sizes = Counter(len(w.contexts) for w in windows(ids, np.array([0, 4000]), np.array([1, 1]), options, Stream(1)))
    assert set(sizes) >= {2, 4, 6, 8, 10}
    assert all(sizes[n] == pytest.approx(800, abs=110) for n in (2, 4, 6, 8, 10))
