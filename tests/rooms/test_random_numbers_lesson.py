"""Random numbers: what the lesson says of other libraries and of its own figures."""

from __future__ import annotations

import importlib
import math
import pickle
import random
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from conftest import expected
from pellucid import catalog
from pellucid.rooms.random_numbers.call import read
from pellucid.rooms.random_numbers.config import Config
from pellucid.rooms.random_numbers.distributions import Distribution
from pellucid.rooms.random_numbers.fit import fit
from pellucid.rooms.random_numbers.functions import ROWS
from pellucid.rooms.random_numbers.measure import STUDIES
from pellucid.rooms.random_numbers.system import System

ROOM = "random_numbers"


def call_elsewhere(row):
    """The call with the real library; None where it is not installed."""
    names = {"np": np, "random": random, "torch": torch}
    if row.library == "tensorflow":
        try:
            names |= {"tf": importlib.import_module("tensorflow"), "keras": importlib.import_module("keras")}
        except ImportError:
            return None
    return eval(row.call, names)


@pytest.mark.parametrize("row", ROWS, ids=[row.call for row in ROWS])
def test_each_line_of_the_comparison_is_true(row):
    draws = [call_elsewhere(row) for _ in range(60)]
    if draws[0] is None:
        pytest.skip("TensorFlow is not installed")
    name = type(draws[0]).__name__ if row.library == "python" else str(draws[0].dtype)
    assert re.sub(r".*[.']([a-z]+\d*)'?>?$", r"\1", name) == row.dtype
    numbers = np.array([np.asarray(each) for each in draws])
    assert numbers.shape[1:] == row.shape
    if row.draws == "[0, 1)":
        assert 0 <= numbers.min() < 0.4 and 0.6 < numbers.max() < 1
    elif row.draws == "1 … 6":
        seeded = "default_rng(7)" in row.call
        assert set(numbers.reshape(-1).tolist()) <= set(range(1, 7))
        assert seeded or set(numbers.reshape(-1).tolist()) == set(range(1, 7))
    else:
        mean, std = (0, 1) if row.draws == "N(0, 1)" else (5, 2)
        wide = 2 if "default_rng(7)" in row.call else 0.5  # a seed gives the same six numbers each time
        assert abs(numbers.mean() - mean) < wide * std and 0.3 * std < numbers.std() < 1.7 * std


def test_our_reader_reads_the_calls_of_the_comparison():
    for row in ROWS:
        if row.library != "python" and "int32" not in row.call:
            assert (read(row.call).distribution.told, read(row.call).shape) == (row.draws, row.shape)


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_the_lessons_table_is_the_one_that_is_tested(language):
    text = (Path(catalog.folder(ROOM)) / f"lesson.{language}.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([a-z]+\d*) \|$", text, re.MULTILINE)
    assert rows == [(row.call, row.draws, row.dtype) for row in ROWS]


def test_which_generator_is_behind_which_name():
    np.random.seed(7)
    assert np.random.get_state()[0] == "MT19937"
    assert type(np.random.default_rng(7).bit_generator).__name__ == "PCG64"
    raw = np.random.RandomState(7).randint(0, 2**32, 4, dtype=np.uint32)
    torch.manual_seed(7)
    assert torch.rand(4).tolist() == ((raw & 0xFFFFFF) / np.float32(2**24)).tolist()
    assert np.random.default_rng(7).random() != np.random.RandomState(7).random_sample()


def test_traps_are_traps():
    np.random.seed(7)
    plain = np.random.rand(3)
    np.random.seed(7)
    np.random.rand()  # somebody else's
    assert not np.isin(np.random.rand(3), plain[:1]).any()
    rng = np.random.default_rng(7)
    twins = [pickle.loads(pickle.dumps(rng)).random(4).tolist() for _ in range(4)]
    assert all(each == twins[0] for each in twins)
    children = [np.random.default_rng(each).random(4).tolist() for each in np.random.SeedSequence(7).spawn(4)]
    assert len({tuple(each) for each in children}) == 4
    pair = [1.0, 2.0]
    assert torch.tensor(pair).std().item() == pytest.approx(np.std(pair) * 2**0.5)
    assert {np.random.randint(1, 6) for _ in range(300)} == {1, 2, 3, 4, 5}
    assert {random.randint(1, 6) for _ in range(300)} == {1, 2, 3, 4, 5, 6}


def test_the_exercise_on_sixty_throws_has_the_figures_of_its_answer():
    die = Distribution("integers", 1, 7)
    throws = [die.draw(seed, 60) for seed in range(300)]
    counts = [np.bincount(each.astype(int), minlength=7)[1:] for each in throws]
    assert sum(each.max() > 15 for each in counts) == 54
    assert sum(fit(die, each).p < 0.01 for each in throws) == 3
    worst = [np.abs(np.bincount(die.draw(seed, 6_000).astype(int))[1:] / 1_000 - 1).max() for seed in range(300)]
    assert np.mean(worst) == pytest.approx(0.05, abs=0.005)


def test_figures_in_the_lessons_sentences():
    trace = System(Config()).look("normal(5, 2, size=1000)")
    assert np.degrees(trace.array("angle")[0]) == pytest.approx(41, abs=0.5)
    assert Distribution("integers", 1, 7).std == pytest.approx(1.708, abs=5e-4)
    assert pytest.approx(0.0027, abs=5e-5) == 1.708 / 409_600**0.5
    within = [math.erf(many / 2**0.5) for many in (1, 2)]
    assert within == pytest.approx([0.683, 0.954], abs=6e-4)
    first = System(Config()).look("rand(4, seed=7)").array("bits")
    assert not first[0].any() and np.flatnonzero(first[1]).tolist() == [29, 30, 31]


@pytest.mark.parametrize("place", range(len(STUDIES)))
def test_what_was_measured_comes_out_again(place):
    written, (about, measure) = expected(ROOM)["studies"][place], STUDIES[place]
    assert written["about"] == about
    anew = measure()
    assert anew.keys() == written["variants"].keys()
    for variant, scores in anew.items():
        for name, score in scores.items():
            known = written["variants"][variant][name]
            assert score == pytest.approx(known, rel=1e-3, abs=1e-30), (variant, name)
