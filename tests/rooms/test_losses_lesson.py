"""Losses: what the lesson says in plain words and numbers, computed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pellucid import catalog
from pellucid.rooms.losses import losses
from pellucid.rooms.losses.descent import descend
from pellucid.rooms.losses.problem import evaluate
from pellucid.rooms.losses.reader import read

LESSON = (catalog.folder("losses") / "lesson.en.md").read_text(encoding="utf-8")
SLIDE = read("bce from logits; y = 0 1 0 0; p = -18.6 0.51 2.94 -12.8")


def says(text: str) -> bool:
    return text in " ".join(LESSON.split())


def test_the_first_page():
    values = evaluate(SLIDE).values
    assert says("the third example alone makes 86 % of it") and round(100 * values[2] / values.sum()) == 86
    assert says("costs $\\ln 2$ = 0.693") and round(math.log(2), 3) == 0.693
    better = SLIDE.predictions.copy()
    better[2] = 2.5
    assert says("Move 2.94 to 2.5") and ((better > 0) == (SLIDE.predictions > 0)).all()
    assert evaluate(SLIDE, better).loss < evaluate(SLIDE).loss


def test_odds_and_logits():
    assert says("0.2 has the logit −1.386") and round(losses.logit(0.2), 3) == -1.386
    assert says("multiplies the odds by $e$ = 2.718")
    for z in (-3.0, 0.0, 4.0):
        assert losses.odds(losses.sigmoid(z + 1)) / losses.odds(losses.sigmoid(z)) == pytest.approx(2.718, abs=5e-4)


def test_the_stable_form_is_the_same_formula():
    z = np.linspace(-20, 20, 81)
    np.testing.assert_allclose(
        losses.binary_crossentropy_from_logits(0.0, z)[0], -np.log(1 - losses.sigmoid(z)), rtol=1e-6
    )
    rows = z.reshape(27, 3)
    np.testing.assert_allclose(losses.log_softmax(rows), losses.log_softmax(rows + 5.5), atol=1e-12)


def test_entropy_and_kl():
    y, p = np.array([[0.5, 0.3, 0.2]]), np.array([[0.2, 0.2, 0.6]])
    cross, entropy = (losses.categorical_crossentropy(y, each)[0][0] for each in (p, y))
    assert says("1.3897 − 1.0297") and (round(cross, 4), round(entropy, 4)) == (1.3897, 1.0297)
    assert losses.kl_divergence(y, p)[0][0] == pytest.approx(cross - entropy)
    np.testing.assert_array_equal(losses.kl_divergence(y, p)[1], losses.categorical_crossentropy(y, p)[1])


def test_a_descent_on_absolute_errors_does_not_rest():
    path = descend(read("mae; y = 1 2 2.5 4 100; p = 0; rate = 0.05; steps = 500")).predictions[-20:, 0]
    assert np.abs(np.diff(path)).min() > 0.009 and np.abs(path - 2.5).max() < 0.05


def test_weights_divided_by_their_sum():
    weighted = "bce from logits; y = 0 0 0 0 1; p = 0; class weights = 1 16; reduction = weighted mean"
    assert says("which gives 0.693") and round(float(evaluate(read(weighted)).loss), 3) == 0.693
    twice = [evaluate(read(f"mse; y = {y}; p = {y.replace('1', '3')}; reduction = sum")) for y in ("1 1", "1 1 1 1")]
    shared = [evaluate(read(f"mse; y = {y}; p = 3; reduction = sum")).gradient for y in ("1 1", "1 1 1 1")]
    assert twice[1].loss == 2 * twice[0].loss and shared[1] == 2 * shared[0]


def test_the_exercises():
    values = [evaluate(SLIDE, each).values[2] for each in descend(SLIDE).predictions]
    assert says("After ten") and values[9] >= 2 > values[10]

    def end(text: str) -> float:
        return float(descend(read(text)).predictions[-1, 0])

    wrong = "mse from logits; y = 1; p = -8; rate = "
    assert says("with 15 it is still at −3.93") and round(end(wrong + "15"), 2) == -3.93
    assert says("with 16 it is at 3.29") and round(end(wrong + "16"), 2) == 3.29
    assert says("About 15.5") and end(wrong + "15.5") > 0 and end(wrong + "15.4") < 0.4254278
    assert says("leap by 4.6 in a single step")
    assert round(end("mse from logits; y = 1; p = -1; rate = 16; steps = 1") + 1, 1) == 4.6
    assert says("thirty times") and end("bce from logits; y = 1; p = -8; rate = 0.5") > 3
    huber = "huber; y = 1 2 2.5 4 100; p = 0; rate = 0.05; steps = 2000; delta = "
    assert says("With 10 at 4.875") and end(huber + "10") == pytest.approx(4.875)
    assert says("ends at the mean, 21.9") and end(huber + "1000") == pytest.approx(21.9)
    half = [losses.binary_crossentropy(0.5, p)[0] for p in np.linspace(0.01, 0.99, 99)]
    assert min(half) == half[49] == pytest.approx(math.log(2))
