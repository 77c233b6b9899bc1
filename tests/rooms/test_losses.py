"""Losses: every formula and slope against torch and autograd, Keras where it is installed, and the course's figures."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from pellucid.rooms.losses import losses
from pellucid.rooms.losses.kinds import KINDS
from pellucid.rooms.losses.measure import FILE, studies
from pellucid.rooms.losses.problem import evaluate
from pellucid.rooms.losses.reader import read

pytestmark = pytest.mark.filterwarnings("ignore:divide by zero encountered in log")  # ln 0 is floored, on purpose

SLIDE = "binary_crossentropy from logits; y = 0 1 0 0; p = -18.6 0.51 2.94 -12.8"
SLIDE_ROWS = "p = 0.05 0.95 0 | 0.1 0.8 0.1"
RANDOM = np.random.default_rng(7)
BITS, SCORES = RANDOM.integers(0, 2, 12).astype(float), RANDOM.normal(0, 4, 12)
VALUES, TARGETS, COUNTS = RANDOM.normal(0, 3, 12), RANDOM.normal(0, 3, 12), RANDOM.poisson(3, 12).astype(float)
PARTS, ROWS = RANDOM.uniform(0.01, 0.99, 12), RANDOM.normal(0, 3, (6, 4))
SHARES, LABELS = RANDOM.dirichlet(np.ones(4), (2, 6)), RANDOM.integers(0, 4, 6)
SHARES[0][0, 1] = 0.0  # a class that never is
SHARES[0][0] /= SHARES[0][0].sum()


def tensors(*arrays):
    return [torch.tensor(each) for each in arrays]


def mean_of_rows(value):
    return value.sum(-1).mean()


# name of the formula, targets, predictions, the mean loss by torch's own function
BY_TORCH = {
    "binary_crossentropy": (BITS, PARTS, lambda y, p: F.binary_cross_entropy(p, y)),
    "binary_crossentropy_from_logits": (BITS, SCORES, lambda y, z: F.binary_cross_entropy_with_logits(z, y)),
    "categorical_crossentropy": (SHARES[0], SHARES[1], lambda y, p: mean_of_rows(-y * torch.log(p))),
    "categorical_crossentropy_from_logits": (SHARES[0], ROWS, lambda y, z: F.cross_entropy(z, y)),
    "sparse_categorical_crossentropy": (LABELS, SHARES[1], lambda y, p: F.nll_loss(torch.log(p), y)),
    "sparse_categorical_crossentropy_from_logits": (LABELS, ROWS, lambda y, z: F.cross_entropy(z, y)),
    "kl_divergence": (SHARES[0], SHARES[1], lambda y, p: F.kl_div(torch.log(p), y, reduction="batchmean")),
    "kl_divergence_from_logits": (
        SHARES[0], ROWS, lambda y, z: F.kl_div(F.log_softmax(z, 1), y, reduction="batchmean")
    ),
    "poisson": (COUNTS, PARTS * 5, lambda y, p: F.poisson_nll_loss(p, y, log_input=False)),
    "poisson_from_logits": (COUNTS, SCORES / 4, lambda y, z: F.poisson_nll_loss(z, y)),
    "mse": (TARGETS, VALUES, lambda y, p: F.mse_loss(p, y)),
    "mse_from_logits": (BITS, SCORES, lambda y, z: F.mse_loss(torch.sigmoid(z), y)),
    "mae": (TARGETS, VALUES, lambda y, p: F.l1_loss(p, y)),
    "mae_from_logits": (BITS, SCORES, lambda y, z: F.l1_loss(torch.sigmoid(z), y)),
    "huber": (TARGETS, VALUES, lambda y, p: F.huber_loss(p, y)),
    "cosine_similarity": (SHARES[0], ROWS, lambda y, p: -F.cosine_similarity(p, y).mean()),
    "hinge": (BITS * 2 - 1, VALUES, lambda y, p: F.hinge_embedding_loss(y * p, -torch.ones_like(y))),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_TORCH)
def test_a_loss_and_its_slope_are_those_of_torch_and_autograd(name):
    y, p, by_torch = BY_TORCH[name]
    values, slope = getattr(losses, name)(y, p)
    target, prediction = tensors(y, p)
    prediction.requires_grad_()
    loss = by_torch(target, prediction)
    loss.backward()
    assert values.mean() == pytest.approx(loss.item(), abs=1e-9)
    np.testing.assert_allclose(slope / len(y), prediction.grad.numpy(), atol=1e-9)


def test_every_formula_is_compared():
    formulas = {each.__name__ for kind in KINDS.values() for each in (kind.formula, kind.logits) if each}
    assert formulas == set(BY_TORCH) and len(KINDS) == 10


@pytest.mark.parametrize("delta", [0.3, 1.0, 2.5])
def test_huber_has_torchs_delta(delta):
    values, slope = losses.huber(TARGETS, VALUES, delta)
    y, p = tensors(TARGETS, VALUES)
    p.requires_grad_()
    F.huber_loss(p, y, reduction="sum", delta=delta).backward()
    np.testing.assert_allclose(values, F.huber_loss(p, y, reduction="none", delta=delta).detach(), atol=1e-12)
    np.testing.assert_allclose(slope, p.grad, atol=1e-12)


def test_predictions_of_0_and_1_are_judged_as_torch_judges_them():
    y, p = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 1.0, 1.0, 0.0])
    target, prediction = tensors(y, p)
    prediction.requires_grad_()
    F.binary_cross_entropy(prediction, target, reduction="sum").backward()
    with np.errstate(all="ignore"):
        values, slope = losses.binary_crossentropy(y, p)
    np.testing.assert_allclose(values, [100, 100, 0, 0])
    np.testing.assert_allclose(slope, prediction.grad)


@pytest.mark.parametrize("z", [-1e9, -800.0, -40.0, -18.6, 0.0, 18.6, 40.0, 710.0, 800.0, 1e9])
@pytest.mark.parametrize("y", [0.0, 1.0, 0.3])
def test_the_stable_form_holds_where_numbers_are_large(y, z):
    with np.errstate(over="ignore"):  # exp(800) on the way to 1 / (1 + inf), which is 0
        values, slope = losses.binary_crossentropy_from_logits(np.array([y]), np.array([z]))
    expected = F.binary_cross_entropy_with_logits(*torch.tensor([[z], [y]], dtype=torch.float64))
    assert np.isfinite(values).all() and np.isfinite(slope).all()
    assert values[0] == pytest.approx(expected.item(), rel=1e-12)
    rows, _ = losses.sparse_categorical_crossentropy_from_logits(np.array([1]), np.array([[z, 0.0]]))
    assert rows[0] == pytest.approx(max(z, 0) + math.log1p(math.exp(-abs(z))), rel=1e-12)


# the figures of the course


def test_the_slides_binary_crossentropy_is_0_865():
    found = evaluate(read(SLIDE))
    assert found.loss == pytest.approx(0.865, abs=5e-4)
    assert found.loss == pytest.approx(F.binary_cross_entropy_with_logits(
        torch.tensor([-18.6, 0.51, 2.94, -12.8], dtype=torch.float64), torch.tensor([0.0, 1, 0, 0], dtype=torch.float64)
    ).item(), abs=1e-12)  # fmt: skip


def test_the_slides_sparse_and_categorical_crossentropy_are_1_177():
    sparse = evaluate(read(f"sparse_categorical_crossentropy; y = 1 2; {SLIDE_ROWS}"))
    rows = evaluate(read(f"categorical_crossentropy; y = 0 1 0 | 0 0 1; {SLIDE_ROWS}"))
    for found in (sparse, rows):
        assert found.loss == pytest.approx(1.177, abs=5e-4)
        np.testing.assert_allclose(found.values, [0.0513, 2.303], atol=5e-4)
    assert sparse.loss == rows.loss and (sparse.gradient == rows.gradient).all()


def test_the_logit_of_one_half_is_0_and_sigmoid_is_the_way_back():
    assert losses.logit(0.5) == 0
    assert losses.odds(0.8) == pytest.approx(4) and losses.logit(0.8) == pytest.approx(math.log(4))
    np.testing.assert_allclose(losses.sigmoid(losses.logit(PARTS)), PARTS, rtol=1e-12)
    np.testing.assert_allclose(losses.logit(PARTS), torch.logit(torch.tensor(PARTS)), rtol=1e-12)


def test_kl_is_crossentropy_less_the_targets_own_entropy():
    y, p = SHARES
    entropy = losses.categorical_crossentropy(y, y)[0]
    np.testing.assert_allclose(losses.kl_divergence(y, p)[0], losses.categorical_crossentropy(y, p)[0] - entropy)
    np.testing.assert_allclose(losses.kl_divergence(y, y)[0], 0, atol=1e-12)


# weights and reductions


def test_class_weights_by_their_sum_are_torchs_crossentropy_by_the_count_keras_way():
    text = "scce from logits; y = 0 2 1; p = 1 2 3 | 0 1 0 | -1 2 0.5; class weights = 1 5 0.5; reduction = "
    z, y = torch.tensor([[1.0, 2, 3], [0, 1, 0], [-1, 2, 0.5]], dtype=torch.float64), torch.tensor([0, 2, 1])
    weights = torch.tensor([1, 5, 0.5], dtype=torch.float64)
    each = F.cross_entropy(z, y, weight=weights, reduction="none")
    assert evaluate(read(text + "weighted mean")).loss == pytest.approx(F.cross_entropy(z, y, weight=weights).item())
    assert evaluate(read(text + "mean")).loss == pytest.approx(each.mean().item())
    assert evaluate(read(text + "sum")).loss == pytest.approx(each.sum().item())
    np.testing.assert_allclose(evaluate(read(text + "none")).values, each)


def test_sample_and_positive_weights_are_torchs():
    y, z, w = tensors(BITS, SCORES, PARTS * 3)
    text = f"bce from logits; y = {' '.join(map(str, BITS))}; p = {' '.join(map(repr, SCORES.tolist()))}; "
    sample = evaluate(read(text + f"sample weights = {' '.join(map(repr, (PARTS * 3).tolist()))}"))
    assert sample.loss == pytest.approx(F.binary_cross_entropy_with_logits(z, y, weight=w).item())
    positive = evaluate(read(text + "pos_weight = 3"))
    expected = F.binary_cross_entropy_with_logits(z, y, pos_weight=torch.tensor(3.0))
    assert positive.loss == pytest.approx(expected.item())
    assert evaluate(read(text + "class weights = 1 3")).loss == positive.loss


@pytest.mark.parametrize("text", [
    "bce from logits; y = 0 1 1 0.3; p = 0.7; reduction = sum",
    "mse; y = 1 2 4; p = 3; sample weights = 1 2 0.5; reduction = weighted mean",
    "scce; y = 1 0; p = .2 .8 | .6 .4; class weights = 2 1",
    "kl from logits; y = .2 .8; p = 1 2",
    "cosine; y = 1 2 | 3 1; p = 0 1 | 2 2; reduction = sum",
    "hinge; y = 0 1 1; p = 0.2 0.7 -2",
    "poisson from log; y = 1 4; p = 0 1",
])  # fmt: skip
def test_the_gradient_of_the_whole_loss_is_what_finite_differences_say(text):
    problem = read(text)
    found, h = evaluate(problem).gradient, 1e-6
    for index in np.ndindex(problem.predictions.shape):
        moved = [problem.predictions.copy() for _ in range(2)]
        moved[0][index] += h
        moved[1][index] -= h
        slope = (evaluate(problem, moved[0]).loss - evaluate(problem, moved[1]).loss) / (2 * h)
        assert found[index] == pytest.approx(slope, abs=1e-7)


# Keras


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras", exc_type=ImportError)


BY_KERAS = {
    "binary_crossentropy": ("BinaryCrossentropy", {}),
    "binary_crossentropy_from_logits": ("BinaryCrossentropy", {"from_logits": True}),
    "categorical_crossentropy": ("CategoricalCrossentropy", {}),
    "categorical_crossentropy_from_logits": ("CategoricalCrossentropy", {"from_logits": True}),
    "sparse_categorical_crossentropy": ("SparseCategoricalCrossentropy", {}),
    "sparse_categorical_crossentropy_from_logits": ("SparseCategoricalCrossentropy", {"from_logits": True}),
    "kl_divergence": ("KLDivergence", {}),
    "poisson": ("Poisson", {}),
    "mse": ("MeanSquaredError", {}),
    "mae": ("MeanAbsoluteError", {}),
    "huber": ("Huber", {}),
    "cosine_similarity": ("CosineSimilarity", {}),
    "hinge": ("Hinge", {}),
}


@pytest.mark.parametrize("name", BY_KERAS)
def test_a_loss_is_that_of_keras_to_1e_6(keras, name):
    y, p, _ = BY_TORCH[name]
    wanted, options = BY_KERAS[name]
    loss = getattr(keras.losses, wanted)(**options, dtype="float64")
    assert getattr(losses, name)(y, p)[0].mean() == pytest.approx(float(loss(y, p)), abs=1e-6)


def test_where_keras_differs_it_differs_as_the_lesson_says(keras):
    """Clipping at 1e-7, as much added for Poisson; rows divided by their sum; 0 and 1 of hinge; weights by count."""
    sure = keras.losses.BinaryCrossentropy(dtype="float64")(np.array([[1.0]]), np.array([[0.0]]))
    assert float(sure) == pytest.approx(-math.log(1e-7), abs=1e-6)
    few = keras.losses.Poisson(dtype="float64")(np.array([[2.0]]), np.array([[1e-6]]))
    assert float(few) == pytest.approx(1e-6 - 2 * math.log(1e-6 + 1e-7))
    half = np.array([[0.2, 0.3]])  # adds up to 1/2
    rows = keras.losses.CategoricalCrossentropy(dtype="float64")(np.array([[0.0, 1.0]]), half)
    assert float(rows) == pytest.approx(-math.log(0.6))
    ints = keras.losses.SparseCategoricalCrossentropy(dtype="float64")(np.array([1]), half)
    assert float(ints) == pytest.approx(-math.log(0.6))  # by way of a softmax of logarithms
    hinge = keras.losses.Hinge(dtype="float64")
    problem = read("hinge; y = 0 1 1; p = 0.2 0.7 -2")
    assert float(hinge(np.array([[0.0, 1, 1]]), np.array([[0.2, 0.7, -2]]))) == pytest.approx(evaluate(problem).loss)
    z, y, weights = np.array([[1.0, 2], [0, 1]]), np.array([0, 1]), np.array([1.0, 3])
    weighted = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")(
        y, z, sample_weight=weights
    )
    text = "scce from logits; y = 0 1; p = 1 2 | 0 1; class weights = 1 3"
    assert float(weighted) == pytest.approx(evaluate(read(text)).loss)


def test_what_torch_and_the_room_differ_in_is_what_the_lesson_says():
    """KL's mean, cosine's sign, Poisson's default."""
    y, p = tensors(*SHARES)
    classes = y.shape[1]
    with pytest.warns(UserWarning, match="batchmean"):
        divided_twice = F.kl_div(torch.log(p), y, reduction="mean").item()
    assert divided_twice * classes == pytest.approx(losses.kl_divergence(*SHARES)[0].mean())
    embedding = F.cosine_embedding_loss(p, y, torch.ones(len(y)))
    assert embedding.item() - 1 == pytest.approx(losses.cosine_similarity(*SHARES)[0].mean())
    counts, logs = tensors(COUNTS, SCORES / 4)
    values, _ = losses.poisson_from_logits(COUNTS, SCORES / 4)
    assert F.poisson_nll_loss(logs, counts).item() == pytest.approx(values.mean())


def test_the_measured_figures_come_out_again():
    written = json.loads(FILE.read_text(encoding="utf-8"))["studies"]
    for mine, theirs in zip(studies(), written, strict=True):
        assert mine["command"] == theirs["command"] and mine["variants"].keys() == theirs["variants"].keys()
        for name, figures in mine["variants"].items():
            for figure, value in figures.items():
                other = theirs["variants"][name][figure]["mean"]
                assert value["mean"] == pytest.approx(other, rel=1e-4, abs=1e-9), (name, figure)
