"""Random numbers: the generator and its distributions, against others' bits and others' statistics."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch

from pellucid.rooms.random_numbers.config import Config
from pellucid.rooms.random_numbers.depth import changed_bits, sizes_by_layer
from pellucid.rooms.random_numbers.distributions import Distribution
from pellucid.rooms.random_numbers.fit import Fit, chi_square_tail, fit, groups, kolmogorov
from pellucid.rooms.random_numbers.inside import look
from pellucid.rooms.random_numbers.law import law, sizes, slope
from pellucid.rooms.random_numbers.philox import box_muller, counters, in_order, key, philox, uniforms

MASK = 0xFFFFFFFF
DIE, FLAT, BELL = Distribution("integers", 1, 7), Distribution("uniform", 0, 1), Distribution("normal", 0, 1)


# the generator


def by_big_integers(counter, key, bits, multipliers, bumps, rounds=10):
    """Philox of four words, of any width, with Python's own integers: as the paper has it."""
    x0, x1, x2, x3 = counter
    k0, k1 = key
    mask = (1 << bits) - 1
    for _ in range(rounds):
        p0, p1 = multipliers[0] * x0, multipliers[1] * x2
        x0, x1, x2, x3 = (p1 >> bits) ^ x1 ^ k0, p1 & mask, (p0 >> bits) ^ x3 ^ k1, p0 & mask
        k0, k1 = (k0 + bumps[0]) & mask, (k1 + bumps[1]) & mask
    return [x0, x1, x2, x3]


WIDE = (64, (0xD2E7470EE14C6C93, 0xCA5A826395121157), (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B))
NARROW = (32, (0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85))


def test_the_textbook_version_is_numpys_where_words_have_64_bits():
    """So that it may be trusted with 32."""
    theirs = np.random.Philox(key=[5, 6], counter=[9, 2, 3, 4])  # it counts before it draws
    assert by_big_integers((10, 2, 3, 4), (5, 6), *WIDE) == theirs.random_raw(4).tolist()


@pytest.mark.parametrize("rounds", [1, 2, 7, 10])
def test_our_bits_are_those_of_the_textbook(rounds):
    random = np.random.default_rng(rounds)
    words, keys = (random.integers(0, 2**32, shape, dtype=np.uint64) for shape in ((4, 50), (2,)))
    ours = philox(words, keys, rounds)
    for block in range(50):
        expected = by_big_integers(words[:, block].tolist(), keys.tolist(), *NARROW, rounds)
        assert ours[:, block].tolist() == expected


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_known_answers_of_random123(counter, key, words):
    counter, key, words = ([int(each, 16) for each in part.split()] for part in (counter, key, words))
    found = philox(np.array(counter, dtype=np.uint64)[:, None], np.array(key, dtype=np.uint64))
    assert found[:, 0].tolist() == words


FROM_TENSORFLOW = {
    (7, 0): [4099963437, 3221879260, 490388034, 367897730, 1747881627, 3415718931, 737869675, 4113952422],
    (2024 + (5 << 32), 3): [225327685, 2461945951, 3557755856, 2737317500, 955189346, 3483696500, 1364479633,
                            2158528954],
}  # fmt: skip
"""(seed, stream) → what TensorFlow 2.21 gave for Generator.from_state([0, stream, seed], "philox")."""


@pytest.mark.parametrize(("seed", "stream"), FROM_TENSORFLOW)
def test_our_bits_are_tensorflows(seed, stream):
    ours = philox(counters(2, stream), key(seed)).T.reshape(-1).tolist()
    assert ours == FROM_TENSORFLOW[seed, stream]


@pytest.mark.parametrize(("seed", "stream"), FROM_TENSORFLOW)
def test_they_are_those_of_the_tensorflow_that_is_installed(seed, stream):
    tf = pytest.importorskip("tensorflow")
    state = np.array([0, stream, seed], dtype=np.int64)
    theirs = tf.random.Generator.from_state(state, alg="philox").uniform_full_int([8], tf.uint32)
    assert theirs.numpy().tolist() == FROM_TENSORFLOW[seed, stream]


def test_a_seed_fills_both_words_of_the_key():
    assert key(7).tolist() == [7, 0] and key((5 << 32) + 3).tolist() == [3, 5]
    assert len({tuple(BELL.draw(seed, 4)) for seed in (0, 1, 2**32, 2**32 + 1, 2**53 - 1)}) == 5


def test_53_bits_are_made_of_two_words_as_numpy_makes_them():
    """MT19937's doubles: the same shifts on its words."""
    raw = np.random.RandomState(7).randint(0, 2**32, 20, dtype=np.uint32).astype(np.uint64)
    theirs = np.random.RandomState(7).random_sample(10)
    assert (((raw[0::2] >> 5) * 2.0**26 + (raw[1::2] >> 6)) / 2.0**53).tolist() == theirs.tolist()
    words = philox(counters(5), key(7)).tolist()
    pairs = [(words[0], words[1]), (words[2], words[3])]
    ours = [[((a >> 5 << 26) + (b >> 6)) / 2**53 for a, b in zip(*pair, strict=True)] for pair in pairs]
    assert uniforms(7, 10).tolist() == ours


def test_uniform_numbers_reach_0_and_stay_below_1():
    for words, value in (([0, 0], 0.0), ([MASK, MASK], 1 - 2.0**-53), ([32, 0], 2.0**-27), ([0, 64], 2.0**-53)):
        a, b = np.array(words, dtype=np.uint64)
        assert ((a >> np.uint64(5)) * 2.0**26 + (b >> np.uint64(6))) / 2.0**53 == value
    assert np.isfinite(box_muller(np.array([[0.0, 1 - 2.0**-53], [0.0, 1 - 2.0**-53]]))).all()


def test_more_numbers_begin_with_the_same_ones_and_streams_are_others():
    for each in (DIE, FLAT, BELL):
        assert each.draw(3, 101)[:7].tolist() == each.draw(3, 7).tolist()
        streams = each.draws(3, 64, range(4))
        assert streams[0].tolist() == each.draw(3, 64).tolist()
        assert streams[2].tolist() == each.draws(3, 64, (2,))[0].tolist()
    rows = BELL.draws(3, 4_000, range(8))
    seeds = np.array([BELL.draw(seed, 4_000) for seed in range(8)])
    for each in (rows, seeds):
        assert np.abs(np.corrcoef(each) - np.eye(8)).max() < 5 / 4_000**0.5


def test_box_muller_is_the_formula():
    u = uniforms(1, 100)
    expected = [f for a, b in u.T.tolist() for r in [math.sqrt(-2 * math.log(1 - a))]
                for f in (r * math.cos(2 * math.pi * b), r * math.sin(2 * math.pi * b))]  # fmt: skip
    np.testing.assert_allclose(in_order(box_muller(u)), expected, rtol=1e-12, atol=1e-14)


# distributions and tests of them


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (FLAT, scipy.stats.uniform(0, 1)),
        (Distribution("uniform", -3, 5), scipy.stats.uniform(-3, 8)),
        (Distribution("normal", 5, 2), scipy.stats.norm(5, 2)),
        (DIE, scipy.stats.randint(1, 7)),
        (Distribution("integers", -4, 100), scipy.stats.randint(-4, 100)),
    ],
)
def test_what_is_expected_is_scipys(ours, theirs):
    assert ours.mean == pytest.approx(theirs.mean()) and ours.std == pytest.approx(theirs.std())
    assert ours.fourth == pytest.approx(float(theirs.stats("k")) + 3)
    x = np.linspace(ours.mean - 3 * ours.std, ours.mean + 3 * ours.std, 50) + 1e-6
    np.testing.assert_allclose(ours.below(x), theirs.cdf(x), atol=1e-12)
    density = theirs.pmf(np.round(x)) if ours.kind == "integers" else theirs.pdf(x)
    np.testing.assert_allclose(ours.density(x), density, atol=1e-12)


@pytest.mark.parametrize("ours", [FLAT, BELL, DIE, Distribution("uniform", -3, 5), Distribution("integers", 0, 10**6)])
def test_many_numbers_pass_every_test_that_scipy_has_for_them(ours):
    numbers = ours.draw(11, 50_000)
    if ours.kind == "integers":
        width = int(ours.b - ours.a)
        found = np.bincount(((numbers - ours.a) * min(width, 50) // width).astype(int))
        p = scipy.stats.chisquare(found).pvalue
    else:
        p = scipy.stats.kstest(numbers, "norm" if ours.kind == "normal" else "uniform",
                               () if ours.kind == "normal" else (ours.a, ours.b - ours.a)).pvalue  # fmt: skip
    assert p > 1e-4
    neighbours = np.corrcoef(numbers[:-1], numbers[1:])[0, 1]
    assert abs(neighbours) < 4.5 / 50_000**0.5
    assert abs(numbers.mean() - ours.mean) < 4.5 * ours.std / 50_000**0.5


@pytest.mark.parametrize("count", [5, 8, 20, 100, 3_000])
def test_kolmogorov_and_smirnov_is_scipys(count):
    numbers = np.random.default_rng(count).normal(0, 1, count)
    ours, theirs = fit(BELL, numbers), scipy.stats.kstest(numbers, "norm")
    assert ours.statistic == pytest.approx(theirs.statistic, abs=1e-12)
    assert ours.p == pytest.approx(theirs.pvalue, abs=0.02)


def test_the_tail_of_kolmogorov_is_scipys():
    for x in (0.1, 0.25, 0.5, 1.0, 1.63, 3.0):
        assert kolmogorov(x) == pytest.approx(scipy.special.kolmogorov(x), abs=1e-9)


def test_chi_square_is_scipys():
    numbers = DIE.draw(5, 600)
    theirs = scipy.stats.chisquare(np.bincount(numbers.astype(int))[1:])
    assert fit(DIE, numbers) == Fit("χ²", pytest.approx(theirs.statistic), pytest.approx(theirs.pvalue))
    for freedom in (1, 5, 99):
        assert chi_square_tail(7.5, freedom) == pytest.approx(scipy.stats.chi2.sf(7.5, freedom))


@pytest.mark.parametrize(("width", "count"), [(2, 10), (6, 59), (7, 40), (1_000, 600), (3, 16), (2, 9), (1, 50)])
def test_groups_are_whole_and_have_five_to_be_expected(width, count):
    bounds = groups(Distribution("integers", -3, width - 3), count)
    if width == 1 or count < 10:
        assert bounds is None
        return
    assert bounds[0] == -3.5 and bounds[-1] == width - 3.5 and ((bounds - 0.5) % 1 == 0).all()
    assert (np.diff(bounds) * count / width >= 5).all() and len(bounds) > 2


def test_a_wrong_distribution_is_found_out():
    numbers = BELL.draw(1, 2_000)
    assert fit(Distribution("normal", 0.2, 1), numbers).p < 1e-6 < fit(BELL, numbers).p
    assert fit(Distribution("integers", 1, 8), DIE.draw(1, 700)).p < 1e-6
    assert fit(BELL, numbers[:4]) is None


def test_p_values_are_what_they_say():
    """Of 400 true samples, about a tenth has p below 0.1: binomial, with four standard deviations of room."""
    for each in (FLAT, BELL, DIE):
        small = sum(fit(each, row).p < 0.1 for row in each.draws(2, 200, range(400)))
        assert abs(small - 40) < 4 * 6.0 + 2


# the law of large numbers


def margin(at: np.ndarray, repeats: int) -> float:
    """The standard deviation of the fitted slope: a log of a root mean square over r repeats strays by sqrt(1/2r), and
    those of m and n numbers, of which the m are the first of the n, are correlated by m/n."""
    x = np.log(at) - np.log(at).mean()
    weights = x / (x**2).sum()
    ratio = np.minimum.outer(at, at) / np.maximum.outer(at, at)
    return float((weights @ (ratio / (2 * repeats)) @ weights) ** 0.5)


@pytest.mark.parametrize("each", [DIE, FLAT, BELL, Distribution("normal", 5, 2)])
def test_the_error_falls_like_one_over_the_root(each):
    seen = law(each, 3, 2_048, range(200))
    room = margin(seen.sizes, 200)
    assert 0.005 < room < 0.02
    assert abs(slope(seen.sizes, seen.errors) + 0.5) < 4.5 * room
    np.testing.assert_allclose(seen.errors, each.std / seen.sizes**0.5, rtol=4.5 / 400**0.5)
    np.testing.assert_allclose(seen.within(1)[-4:], 0.683, atol=4.5 * (0.683 * 0.317 / 200) ** 0.5)
    np.testing.assert_allclose(seen.within(2)[-4:], 0.954, atol=4.5 * (0.954 * 0.046 / 200) ** 0.5)
    assert seen.distances.mean(axis=0)[-1] < seen.distances.mean(axis=0)[2] / 8


def test_the_law_is_of_the_numbers_that_are_drawn():
    seen = law(DIE, 3, 100, range(2, 5))
    assert seen.sizes.tolist() == [2, 4, 8, 16, 32, 64, 100] and seen.means.shape == (3, 7)
    numbers = DIE.draws(3, 100, (4,))[0]
    assert seen.means[2, 3] == numbers[:16].mean() and seen.stds[2, 6] == pytest.approx(numbers.std(ddof=1))
    shares = np.bincount(numbers[:16].astype(int), minlength=7)[1:] / 16
    assert seen.distances[2, 3] == pytest.approx(np.abs(shares - 1 / 6).sum() / 2)
    assert sizes(8).tolist() == [2, 4, 8] and sizes(9).tolist() == [2, 4, 8, 9]


def test_a_stop_keeps_the_streams_that_are_done(monkeypatch):
    monkeypatch.setattr("pellucid.rooms.random_numbers.law.AT_ONCE", 64)
    assert len(law(DIE, 3, 64, range(10), stop=lambda: True).means) == 1


# depth and bits


def test_first_weights_spread_as_torch_spreads_them():
    torch.manual_seed(0)
    he, glorot = torch.empty(400, 400), torch.empty(400, 300)
    torch.nn.init.kaiming_normal_(he, nonlinearity="relu")
    torch.nn.init.xavier_normal_(glorot)
    assert he.std().item() == pytest.approx((2 / 400) ** 0.5, rel=0.02)
    assert glorot.std().item() == pytest.approx((2 / 700) ** 0.5, rel=0.02)


def test_each_layer_multiplies_the_size_by_what_the_lesson_says():
    """Spread s behind n units and a ReLU: s · √(n/2); that He's rule makes 1."""
    found = sizes_by_layer(1.0, seed=4)
    assert (found[-1] / found[0]) ** (1 / 19) == pytest.approx((128 / 2) ** 0.5, rel=0.05)
    scaled = sizes_by_layer(0.5, seed=4)
    np.testing.assert_allclose(scaled, found * 0.5 ** np.arange(1, 21), rtol=1e-9)


def test_with_tanh_nine_of_ten_units_are_at_its_ends():
    x = BELL.draws(4, 128 * 32, (0,)).reshape(128, 32)
    for weights in BELL.draws(4, 128 * 128, range(1, 11)).reshape(10, 128, 128):
        x = np.tanh(weights @ x)
    assert np.mean(np.abs(x) > 0.9) == pytest.approx(0.9, abs=0.03)
    assert sizes_by_layer(1.0, 4, relu=False)[9] == pytest.approx(np.sqrt((x**2).mean()))


def test_bits_that_change():
    assert (changed_bits(0) == 1).all()
    assert changed_bits(1).max() < 64
    full = changed_bits(10)
    assert abs(full.mean() - 64) < 4.5 * 32**0.5 / full.size**0.5
    assert full.std() == pytest.approx(32**0.5, rel=0.05)


def test_the_bits_of_a_look_are_the_generators(tmp_path):
    from pellucid.rooms.random_numbers.call import read

    trace = look(read("rand(100)"), 7)
    for rounds in range(11):
        words = philox(counters(1), key(7), rounds)[:, 0]
        assert trace.array("first_block")[rounds].tolist() == words.tolist()
        written = "".join(f"{int(word):032b}" for word in words)
        assert "".join(map(str, trace.array("bits")[rounds])) == written
    assert trace.array("uniform").tolist() == uniforms(7, 100).tolist()
    assert Config().seed == 7
