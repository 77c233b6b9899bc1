"""Our metrics against scikit-learn's, and a threshold that does not follow luck."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from pellucid.core.metrics import auc, best_threshold, binary_scores, log_loss

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
