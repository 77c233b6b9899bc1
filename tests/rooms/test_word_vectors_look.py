"""Inside word vectors: every number checked, the training step that of the reference, the map that of scikit-learn."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from pellucid import api
from pellucid.rooms.word_vectors import CARD, inside
from pellucid.rooms.word_vectors.codec import Codec
from pellucid.rooms.word_vectors.inside import Inner, look, tell
from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.pairs import Window
from pellucid.rooms.word_vectors.reference import loss, step

KINDS = [(a, k) for a in ("skipgram", "cbow") for k in ("negative", "hierarchical")]


def make(architecture="skipgram", kind="negative", words=60, dimensions=12) -> Inner:
    rng = np.random.default_rng(2)
    rows = words if kind == "negative" else words - 1
    return Inner(
        Options(architecture, kind, dimensions, rate=0.3, seed=4),
        Codec(tuple(f"word{i}" for i in range(words))),
        torch.from_numpy(rng.normal(size=(words, dimensions)).astype(np.float32)),
        torch.from_numpy(rng.normal(size=(rows, dimensions)).astype(np.float32)),
        np.sort(rng.integers(5, 900, words))[::-1].astype(np.int64),
    )


@pytest.mark.parametrize(("architecture", "kind"), KINDS)
@pytest.mark.parametrize("text", ["word3", "word3 - word9 + word4", "word5, word6", "word1, word2, word3, word8"])
def test_the_training_step_is_the_references(architecture, kind, text):
    inner = make(architecture, kind)
    trace = look(inner, text)
    report = trace.check()
    assert report.checked == report.total > 60 and not report.unchecked
    inputs, outputs = (table.double().numpy().copy() for table in (inner.vectors, inner.outputs))
    index = inner.codec.index
    contexts = [index[word] for word in trace.axis_labels["input"]]
    asked = inside.targets_of(inner, index[trace.meta["centre"]])
    window = Window(index[trace.meta["centre"]], contexts, asked.rows, asked.labels, asked.times, 0.0)
    before = loss(inputs, outputs, window, architecture)
    step(inputs, outputs, window, architecture, inner.options.rate)
    assert float(trace.array("pair.loss")) == pytest.approx(before, rel=1e-5)
    assert float(trace.array("pair.new_loss")) == pytest.approx(loss(inputs, outputs, window, architecture), rel=1e-5)
    np.testing.assert_allclose(trace.array("pair.new_rows"), inputs[contexts], atol=1e-5)
    np.testing.assert_allclose(trace.array("pair.new_target_rows"), outputs[asked.rows], atol=1e-5)
    assert float(trace.array("pair.new_loss")) < before
    assert len(contexts) == (1 if architecture == "skipgram" else 4)


@pytest.mark.parametrize(("architecture", "kind"), KINDS)
def test_the_gradients_written_out_are_autograds(architecture, kind):
    inner = make(architecture, kind)
    trace = look(inner, "word3, word7")
    contexts = torch.tensor([inner.codec.index[word] for word in trace.axis_labels["input"]])
    asked = inside.targets_of(inner, 3)
    rows, targets = inner.vectors[contexts].clone(), inner.outputs[asked.rows].clone()
    hidden = rows.mean(dim=0, keepdim=True).requires_grad_()
    targets.requires_grad_()
    logits = (hidden @ targets.T)[0]
    weights, labels = (torch.tensor(each, dtype=torch.float32) for each in (asked.times, asked.labels))
    torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, weights, reduction="sum").backward()
    np.testing.assert_allclose(trace.array("pair.input_gradient"), hidden.grad, atol=1e-5)
    np.testing.assert_allclose(trace.array("pair.output_gradient"), targets.grad, atol=1e-5)


def test_one_hot_times_the_table_is_the_row():
    inner = make()
    trace = look(inner, "word3, word7")
    assert trace.array("pair.one_hot").tolist() == [[float(i == 7) for i in range(60)]]
    np.testing.assert_array_equal(trace.array("pair.rows")[0], inner.vectors[7])


def test_the_targets_are_the_word_and_its_noise_or_the_turns_of_its_path():
    inner = make()
    asked = inside.targets_of(inner, 3)
    assert asked.rows[0] == 3 and asked.labels == [1] + [0] * (len(asked.rows) - 1)
    assert 3 not in asked.rows[1:] and sum(asked.times) <= 6 and asked == inside.targets_of(inner, 3)
    tree = make(kind="hierarchical")
    nodes, codes = tree.tree.path(3)
    turns = inside.targets_of(tree, 3)
    assert turns.rows == nodes.tolist() and turns.labels == (1 - codes).tolist()
    assert turns.names[0] == f"turn 1: {codes[0]}"


def test_the_map_is_principal_component_analysis():
    from sklearn.decomposition import PCA

    inner = make()
    trace = look(inner, "word3")
    places = [inner.codec.index[word] for word in trace.axis_labels["place"]]
    points = inner.vectors[places].double()
    points = (points / points.norm(dim=1, keepdim=True)).numpy()
    pca = PCA(2).fit(points)
    theirs, ours = pca.transform(points), trace.array("map.coordinates")
    for axis in range(2):
        sign = np.sign(theirs[0, axis] * ours[0, axis])
        np.testing.assert_allclose(ours[:, axis], sign * theirs[:, axis], atol=1e-5)
    np.testing.assert_allclose(trace.array("map.share"), pca.explained_variance_ratio_, rtol=1e-4)
    (drawn,) = trace.meta["plots"]
    assert [point["label"]["en"] for point in drawn["points"]] == trace.axis_labels["place"]
    assert [(point["x"], point["y"]) for point in drawn["points"]] == [tuple(map(float, row)) for row in ours]


def test_every_name_of_the_story_is_there_and_said_in_both_languages():
    trace = look(make(), "word3 + word4")
    names = {node.name for node in trace.nodes}
    assert [each["node"] for each in trace.storyline if each["node"] not in names] == []
    for value in trace.values.values():
        if value.axes:
            assert set(value.axes) <= set(trace.meta["axis_titles"]), value.name
    parts = {name.split(".")[-1].split("#")[0] for name in names}
    kinds = {node.kind for node in trace.nodes}
    assert {part for part in parts - kinds if part not in trace.meta["titles"]} <= {"output", "mul", "is_word", "total"}


def test_a_large_vocabulary_is_cut_to_what_is_asked(monkeypatch):
    inner = make(words=300)
    whole = look(inner, "word250, word3")
    monkeypatch.setattr(inside, "MOST_ROWS", 40)
    trace = look(inner, "word250, word3")
    words = trace.axis_labels["word"]
    assert 40 < len(words) < 60 and "word250" in words and words[:40] == [f"word{i}" for i in range(40)]
    assert trace.check().unchecked == [] and trace.value("pair.outputs").shape[0] <= 46
    for name in ("question", "pair.loss", "pair.new_loss", "map.coordinates"):
        np.testing.assert_allclose(trace.array(name), whole.array(name), atol=1e-6)
    at = [whole.axis_labels["word"].index(word) for word in words]
    np.testing.assert_allclose(trace.array("scores")[0], whole.array("scores")[0][at], atol=1e-6)
    assert "300" in trace.meta["notes"][-1]["en"]


def test_two_words_and_no_others():
    inner = make(words=2, dimensions=1)
    for text in ("word0", "word0, word1", "word0 - word1"):
        trace = look(inner, text)
        report = trace.check()
        assert report.checked == report.total
        assert list(tell(trace))


def test_backward_gives_the_gradient_of_the_best_score():
    trace = look(make(), "word3 - word4", backward=True)
    assert trace.gradient("vectors") is not None


def test_the_story_tells_the_query_the_step_and_the_map():
    told = "\n".join(tell(look(make(), "word3 - word4")))
    assert (
        "word3 − word4" in told
        and "(asked)" in told
        and "one training step: word4 goes in, word3 is to be told" in told
    )
    assert "after the step" in told and "two directions hold" in told


@pytest.mark.parametrize("text", CARD.input.examples)
def test_a_look_into_the_bundled_run_is_small(text, tmp_path):
    """Not a timed test of a machine: ten times what a slow one takes, so that nothing grows with the vocabulary."""
    system = api.open(api.bundled("word_vectors")).system
    system.look(text)
    began = time.process_time()
    trace = system.look(text)
    assert time.process_time() - began < 1.0
    assert trace.save(tmp_path / "trace.safetensors") < 2_500_000


def test_noise_of_a_word_never_holds_the_word():
    inner = replace(make(words=3), options=Options(negative=50, seed=1))
    for word in range(3):
        asked = inside.targets_of(inner, word)
        assert asked.rows.count(word) == 1 and asked.times[0] == 1
