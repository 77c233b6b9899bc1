"""Losses: what is typed is read as it is meant, or refused in one line that says where and what would do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.core.errors import UserError
from pellucid.rooms.losses import CARD
from pellucid.rooms.losses.config import Config
from pellucid.rooms.losses.problem import evaluate
from pellucid.rooms.losses.reader import read

SLIDE = read("binary_crossentropy from logits; y = 0 1 0 0; p = -18.6 0.51 2.94 -12.8")
ROWS = read("categorical_crossentropy; y = 0 1 0 | 0 0 1; p = 0.05 0.95 0 | 0.1 0.8 0.1")
LABELS = read("sparse_categorical_crossentropy; y = 1 2; p = 0.05 0.95 0 | 0.1 0.8 0.1")


@pytest.mark.parametrize(("text", "meant"), [
    ("bce from logits\ny = 0, 1, 0, 0\np = -18.6, 0.51, 2.94, -12.8", SLIDE),
    ("BinaryCrossentropy(from_logits=True)\ny_true = [0,1,0,0]  # labels\ny_pred = [-18.6, 0.51, 2.94, -12.8]", SLIDE),
    ("torch.nn.BCEWithLogitsLoss()\ntarget: 0 1 0 0\nprediction: −18.6 0.51 2.94 −12.8", SLIDE),
    ("log loss; ŷ = -18.6 .51 2.94 -12.8; from_logits = true; y = 0 1 0 0", SLIDE),
    ("binary cross-entropy with logits; logits = -18.6 .51 2.94 -12.8; labels = 0 1 0 0", SLIDE),
    ("ＢＣＥ；ｙ＝０　１　０　０；ｚ＝－18.6　0.51　2.94　－12.8", SLIDE),
    ("二元交叉熵; 目標 = 0 1 0 0; logit = -18.6、0.51、2.94、-12.8", SLIDE),
    ("cce; y = [[0,1,0],[0,0,1]]; p = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]", ROWS),
    ("cce; y = 0 1 0; 0 0 1; p = .05 .95 0; .1 .8 .1", ROWS),
    ("cce\ny =\n0 1 0\n0 0 1\np = [[0.05 0.95 0.  ]\n [0.1  0.8  0.1 ]]", ROWS),
    ("loss = cross entropy\ny = 0 1 0 | 0 0 1\np = 1/20 19/20 0 | 1/10 8/10 1/10", ROWS),
    ("scce; y = np.array([1, 2]); p = np.array([[.05, .95, 0], [.1, .8, .1]])", LABELS),
    ("cross_entropy; y = 1 2; p = .05 .95 0 | .1 .8 .1", LABELS),
])  # fmt: skip
def test_what_is_typed_is_read(text, meant):
    found = read(text)
    assert (found.kind, found.from_logits, found.reduction) == (meant.kind, meant.from_logits, "mean")
    np.testing.assert_allclose(found.targets, meant.targets)
    np.testing.assert_allclose(found.predictions, meant.predictions)


@pytest.mark.parametrize(("text", "field", "value"), [
    ("huber delta=2; y = 1; p = 2", "delta", 2),
    ("keras.losses.Huber(delta=1.5, reduction=sum); y = 1; p = 2", "delta", 1.5),
    ("huber\ndelta = 0.5\ny = 1\np = 2", "delta", 0.5),
    ("mse reduction=sum; y = 1; p = 2", "reduction", "sum"),
    ("mse; y = 1; p = 2; reduction = sum_over_batch_size", "reduction", "mean"),
    ("mse; y = 1; p = 2; reduction = weighted mean", "reduction", "weighted_mean"),
    ("mse; y = 1; p = 2; lr = 0.125; steps = 7", "rate", 0.125),
    ("mse; y = 1; p = 2; lr = 0.125; steps = 7", "steps", 7),
    ("mse; y = 1 2 3; p = 2", "shared", True),
    ("mse; y = 1; p = 2", "shared", False),
    ("bce; y = 0 1 1; p = .1 .2 .3; weights = 1 5", "weighted_by", "class"),
    ("bce; y = 0 1 1; p = .1 .2 .3; weights = 1 5 1", "weighted_by", "sample"),
])  # fmt: skip
def test_options_are_read(text, field, value):
    assert getattr(read(text), field) == value


def test_labels_of_hinge_are_minus_one_and_one():
    assert (
        read("hinge; y = 0 1 0; p = 1 2 3").targets.tolist() == read("hinge; y = -1 1 -1; p = 1 2 3").targets.tolist()
    )
    assert read("hinge; y = 0 1 0; p = 1 2 3").targets.tolist() == [-1, 1, -1]


def test_weights_come_to_the_examples_that_they_are_of():
    text = "scce; y = 2 0; p = .1 .1 .8 | .5 .2 .3; "
    assert read(text + "class weights = 1 2 3").weights.tolist() == [3, 1]
    assert read(text + "sample weights = 4 5").weights.tolist() == [4, 5]
    assert read("bce; y = 1 0 1; p = .5; pos_weight = 3").weights.tolist() == [3, 1, 3]
    assert read("cce; y = 0 1 | 1 0; p = .5 .5 | .5 .5; class weights = 2 7").weights.tolist() == [7, 2]
    assert read("hinge; y = -1 1; p = 1 1; class weights = 2 7").weights.tolist() == [2, 7]


@pytest.mark.parametrize(("text", "says"), [
    ("hello", "line 1, column 1: 'hello' is no loss. Known: binary_crossentropy"),
    ("bcee; y = 1; p = .5", "Did you mean 'binary_crossentropy'"),
    ("y = 0 1; p = 1 2", "no loss is named; begin with one of"),
    ("bce; y = 0 1", "the predictions are missing; write a line like p ="),
    ("bce; p = 0 1", "the targets are missing; write a line like y ="),
    ("bce; y = 0 1; p = .2 .3 .4", "column 19: 2 targets, but 3 predictions; write as many, or one for all"),
    ("bce\ny = 0 2\np = .1 .2", "line 2, column 5: 2: a target is 0 or 1"),
    ("bce; y = 0 1; p = -1 2", "-1: a probability is from 0 to 1. Write 'from logits'"),
    ("bce\ny = 0 1\np = 0.5 high", "line 3, column 9: 'high' is no number; write numbers, like p = "),
    ("bce\ny = 0 1\np = [0.5,\n high]", "line 4, column 2: 'high'"),
    ("bce; y = 0 1; p = 80% 20%", "write 0.8, not 80 %"),
    ("bce; y = 0 1; p = nan 1", "'nan' is no number that can be descended on; write a finite one"),
    ("mse; y = 1 2; p = 0.1.2 3", "'0.1.2' is no number"),
    ("mse; y = 1 2 3; p = 1, 2, , 3", "column 25: a number is missing behind this comma"),
    ("mse; y = 1 2; p = 1, 2,", "a number is missing behind this comma"),
    ("bce; y = 0 1; p = [.1, .2", r"'\[' is not closed"),
    ("bce; y = 0 1; p = .1 .2]", "']' closes a bracket that was not opened"),
    ("cce; y = 0 1 0; p = .2 .2 .2", "row 1 adds up to 0.6; probabilities add up to 1. Write 'from logits'"),
    ("cce; y = .3 .3 .3; p = .2 .2 .6", "row 1 adds up to 0.9; .* shares like 1/3 2/3 0"),
    ("cce; y = 1 2; p = .1 .9 | .2 .8", "1 row of 2, the predictions 2 rows of 2; .* take sparse_categorical"),
    ("cce; y = 0 1 | 1 0; p = .2 .8 | .3", "row 2 has 1 numbers, but row 1 has 2"),
    ("scce; y = 0 1 0 | 0 0 1; p = .1 .1 .8 | .1 .1 .8", "these are one-hot rows; write the number of each class"),
    ("scce; y = 1 3; p = .1 .1 .8 | .1 .1 .8", "3 is no class: with 3 predictions a row they are 0 to 2"),
    ("scce; y = 1.5 1; p = .1 .1 .8 | .1 .1 .8", "1.5 is no class"),
    ("scce; y = 1; p = 0.3", "rows of at least two numbers"),
    ("mse; y = 1 2; p = 1 2 | 3 4", "mse takes one number an example, not rows"),
    ("hinge; y = 0 2; p = 1 1", "a label of hinge is -1 or 1"),
    ("hinge; y = 0 -1; p = 1 1", "-1 and 0 are mixed"),
    ("hinge from logits; y = 1; p = 1", "hinge has no logits; leave out 'from logits'"),
    ("cosine; y = 0 0; p = 1 1", "row 1 is all zeros, which points nowhere"),
    ("poisson; y = -1; p = 1", "-1: a count is 0 or above"),
    ("poisson; y = 1; p = 0", "a mean of 0 allows no count but 0"),
    ("poisson from log; y = 1; p = 800", "at most 50"),
    ("mse; y = 1; p = 1e12", "beyond 1,000,000,000"),
    ("mse; y = 1; p = 1/0", "divided by 0"),
    ("mse; y = 1; p = 2; y = 3", "column 24: y stands there twice"),
    ("mse; y = 1; p = 2; hinge", "hinge is a second loss"),
    ("mse; y = 1; p = 2; wieght = 3", "'wieght = 3' is not understood. Did you mean 'weight'"),
    ("mse y = 1 p = 2", "'y' stands in the line of the loss; write a ; or a new line before it"),
    ("bce foo=3; y = 1; p = .5", "'foo' is no option of a loss"),
    ("mse; y = 1; p = 2; delta = 2", "delta belongs to huber"),
    ("huber delta=-1; y = 1; p = 2", "delta = -1: it should be a number from"),
    ("mse; y = 1; p = 2; reduction = max", "'max' is no reduction; write mean, sum, none or weighted mean"),
    ("mse; y = 1; p = 2; steps = 1e9", "a whole number from 1 to 2,000"),
    ("mse; y = 1; p = 2; rate = 0", "rate = 0: it should be"),
    ("bce; y = 0 1; p = .1 .2; weights = 1 2", "weights of what"),
    ("bce; y = 0 1; p = .1 .2; class weights = 1 2 3", "3 class weights; write 2, one for each class"),
    ("bce; y = 0 1; p = .1 .2; sample weights = 0 0", "all weights are 0"),
    ("mse; y = 1 2; p = 1 2; class weights = 1 2", "mse has no classes; write sample weights"),
    ("bce; y = 0.5 1; p = .1 .2; class weights = 1 2", "class weights need targets of 0 and 1"),
    ("cross entropy; y = 0 1; p = .1 .2", "of which sort"),
    ("bce; y = 0 1; p = __import__('os')", "'__import__' is no number"),
    ("mse; y = " + "1 " * 500 + "; p = 1", "500 numbers are more than 200"),
])  # fmt: skip
def test_what_cannot_be_read_is_one_line_that_says_where(text, says):
    with pytest.raises(UserError, match=says) as error:
        read(text)
    assert len(str(error.value).splitlines()) == 1 and str(error.value).startswith("problem")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["bce", "cce from logits", "scce", "poisson", "kl", "mse", "mae", "huber", "cosine", "hinge"]),
    st.text("01259.-+e,;| \n[]/=yp#", max_size=30), st.text("01259.-+e,;| \n[]/", max_size=30),
)  # fmt: skip
def test_any_text_is_a_problem_that_can_be_computed_or_one_clear_line(loss, y, p):
    try:
        problem = read(f"{loss}\ny = {y}\np = {p}")
    except UserError as error:
        assert str(error).startswith("problem") and len(str(error).splitlines()) == 1
    else:
        found = evaluate(problem)
        assert np.isfinite(found.loss) and np.isfinite(found.gradient).all()


def test_a_wrong_problem_of_a_configuration_is_refused_in_its_field():
    with pytest.raises(UserError, match=r"problem: .*line 1, column 1: 'hello' is no loss"):
        Config.build({"problem": "hello"})
    assert all(read(example) for example in CARD.input.examples)
