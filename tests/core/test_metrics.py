"""Our metrics against scikit-learn's, and a threshold that does not follow luck."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from pellucid.core.metrics import auc, best_threshold, binary_scores, class_scores, log_loss

few = st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=60)


@settings(deadline=None)
@given(few, st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_equal_to_scikit_learn(rows, threshold):
    y = np.array([a for a, _ in rows])
    p = np.array([b / 20 for _, b in rows])  # many ties
    ours, said = binary_scores(y, p, threshold), p >= threshold
    kind = {"zero_division": 0.0}
    assert ours["accuracy"] == pytest.approx(reference.accuracy_score(y, said))
    assert ours["precision"] == pytest.approx(reference.precision_score(y, said, **kind))
    assert ours["recall"] == pytest.approx(reference.recall_score(y, said, **kind))
    assert ours["f1"] == pytest.approx(reference.f1_score(y, said, **kind))
    assert ours["confusion"] == reference.confusion_matrix(y, said, labels=[False, True]).tolist()
    if 0 < y.sum() < len(y):
        assert auc(y, p) == pytest.approx(reference.roc_auc_score(y, p))
    edge = np.finfo(np.float32).eps
    assert log_loss(y, p) == pytest.approx(reference.log_loss(y, np.clip(p, edge, 1 - edge), labels=[False, True]))


def test_one_class_only_says_nothing_about_ranking():
    assert auc(np.array([True, True]), np.array([0.1, 0.9])) == 0.5


def test_threshold_parts_the_classes_where_it_can():
    y, p = np.array([False, False, True, True]), np.array([0.1, 0.2, 0.3, 0.4])
    assert binary_scores(y, p, best_threshold(y, p))["f1"] == 1
    assert 0.2 < best_threshold(y, p) <= 0.3


@given(few)
@settings(deadline=None)
def test_threshold_is_within_one_mistake_of_the_best_and_not_further_off_than_it(rows):
    y, p = np.array([a for a, _ in rows]), np.array([b / 20 for _, b in rows])
    if not y.any():
        assert best_threshold(y, p) == 0.5
        return
    f1 = {t: binary_scores(y, p, t)["f1"] for t in (np.unique(p) + np.append(0, np.unique(p)[:-1])) / 2}
    threshold = best_threshold(y, p)
    assert binary_scores(y, p, threshold)["f1"] >= max(f1.values(), default=0) - 1 / (2 * y.sum()) - 1e-12
    best = max(f1, key=lambda t: f1[t], default=0.0)
    assert abs(threshold - 0.5) <= abs(best - 0.5) + 1e-12


several = st.integers(2, 6).flatmap(
    lambda k: st.tuples(
        st.just(k), st.lists(st.tuples(st.integers(0, k - 1), st.lists(st.integers(1, 9), min_size=k, max_size=k)))
    )
)


@settings(deadline=None)
@given(several.filter(lambda given: given[1]))
def test_several_classes_equal_to_scikit_learn(given):
    classes, rows = given
    y = np.array([target for target, _ in rows])
    p = np.array([weights for _, weights in rows], dtype=np.float64)
    p /= p.sum(axis=1, keepdims=True)
    said, names = p.argmax(axis=1), [f"class {i}" for i in range(classes)]
    ours = class_scores(y, p, names)
    everything = list(range(classes))
    kind = {"labels": everything, "average": "macro", "zero_division": 0.0}
    assert ours["accuracy"] == pytest.approx(reference.accuracy_score(y, said))
    assert ours["macro_f1"] == pytest.approx(reference.f1_score(y, said, **kind))
    assert ours["log_loss"] == pytest.approx(reference.log_loss(y, p, labels=everything))
    assert ours["confusion"] == reference.confusion_matrix(y, said, labels=everything).tolist()
    assert ours["labels"] == names and ours["examples"] == len(rows)


def test_a_class_that_is_certainly_wrong_costs_much_but_not_infinitely():
    found = class_scores(np.array([1]), np.array([[1.0, 0.0]], dtype=np.float32), ["a", "b"])
    assert found["log_loss"] == pytest.approx(-np.log(np.finfo(np.float32).eps))
    assert (found["accuracy"], found["macro_f1"]) == (0, 0)
