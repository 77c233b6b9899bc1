"""The gate by itself, on numbers with a known difference."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid.ship.parity import ParityError, compare, held_out, metric_to_keep, require_same, require_score


class Echo:
    """A system whose only output is its input, and whose splits have as many inputs as one likes."""

    headline = ("loss",)

    def __init__(self, **sizes: int):
        self.sizes = {"test": 100, "validation": 0, "train": 0} | sizes
        self.codec = self

    def examples(self, split="test", file=None):
        start = {"test": 0, "validation": 1000, "train": 2000}[split]
        return list(range(start, start + self.sizes[split])), []

    def encode(self, inputs):
        return {"x": np.array(inputs, dtype=np.float32)}

    def compute(self, arrays):
        return {"y": arrays["x"]}


def shipped(change):
    return lambda arrays: {"y": change(arrays["x"].copy())}


def test_the_largest_difference_is_found_with_its_input_and_both_values():
    def change(x):
        x[x == 70] += 0.25
        x[x == 71] -= 0.5
        return x

    parity = compare(Echo(), shipped(change))
    assert parity.inputs == 100
    assert parity.spread == 99
    assert (parity.largest.size, parity.largest.value) == (0.5, 71)
    assert (parity.largest.trained, parity.largest.shipped) == (71, 70.5)
    assert parity.relative == pytest.approx(0.5 / 99)


@pytest.mark.parametrize(("off", "passes"), [(0.9e-5, True), (1.1e-5, False), (np.nan, False), (np.inf, False)])
def test_the_tolerance_is_1e_5_and_a_nan_is_never_within_it(off, passes):
    def change(x):
        y = x.astype(np.float64)
        y[x == 50] += off  # not in the first batch
        return y

    parity = compare(Echo(), shipped(change))
    if passes:
        require_same(parity)
    else:
        with pytest.raises(ParityError, match=r"more than the 1e-05 allowed; nothing was written"):
            require_same(parity)


def test_a_nan_that_the_trained_model_gives_too_is_no_difference():
    system = Echo()
    system.compute = shipped(lambda x: np.where(x == 5, np.nan, x))
    assert compare(system, system.compute).largest.size == 0


def test_an_output_of_another_shape_does_not_pass():
    with pytest.raises(ParityError, match="shape"):
        compare(Echo(), shipped(lambda x: x[:1] if len(x) > 1 else x))


def test_single_inputs_are_compared_as_well_as_batches():
    sizes = []
    compare(Echo(), lambda arrays: sizes.append(len(arrays["x"])) or {"y": arrays["x"]})
    assert sizes == [1] * 8 + [32, 32, 28]


def test_at_least_64_inputs_where_the_data_has_them_and_the_test_split_first():
    assert len(held_out(Echo(test=5000))) == 256
    assert held_out(Echo(test=5000))[-1] == 4999
    few = held_out(Echo(test=10, validation=20, train=500))
    assert few[:10] == list(range(10))
    assert len(few) == 64
    assert len(held_out(Echo(test=3, validation=2, train=4))) == 9


def test_a_quantised_score_may_move_by_half_a_hundredth():
    require_score({"accuracy": 0.950}, {"accuracy": 0.9451}, "accuracy")
    with pytest.raises(ParityError, match=r"0\.9440 when quantised and 0\.9500 as trained"):
        require_score({"accuracy": 0.950}, {"accuracy": 0.944}, "accuracy")
    with pytest.raises(ParityError):
        require_score({"accuracy": 0.950}, {"accuracy": float("nan")}, "accuracy")


def test_accuracy_is_kept_where_there_is_one():
    assert metric_to_keep(Echo(), {"loss": 1.0, "accuracy": 0.5}) == "accuracy"
    assert metric_to_keep(Echo(), {"loss": 1.0}) == "loss"
