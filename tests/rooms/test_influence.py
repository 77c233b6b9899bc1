"""The influence of each word, both ways, held against independent computation."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch

from pellucid.rooms.spam_detector import influence as module
from pellucid.rooms.spam_detector.data import UNKNOWN_ID, Codec, words
from pellucid.rooms.spam_detector.influence import gradient_times_input, influence, logits_without
from pellucid.rooms.spam_detector.system import Config, System, build

KINDS = [
    ("rnn", None), ("lstm", None), ("gru", None),
    ("rnn", "concat"), ("lstm", "sum"), ("lstm", "ave"), ("gru", "mul"),
]  # fmt: skip
TEXT = "WINNER!! Claim your free prize now, free call 0906 qwertz"
KNOWN = "winner !! claim your free prize now , call 0000"


@pytest.fixture(params=KINDS, ids=str)
def system(request):
    cell, merge = request.param
    config = Config(cell=cell, embedding=6, hidden=5, **({"bidirectional": True, "merge": merge} if merge else {}))
    codec = Codec.learn([KNOWN], most=100, min_count=1, length=50, labels=("ham", "spam"))
    torch.manual_seed(1)
    model = build(config, len(codec.vocabulary) - 1)
    with torch.no_grad():
        model.embedding.weight.normal_()
        model.embedding.weight[0] = 0
        model.dense.weight.mul_(2)
    return System(config, codec, model.state_dict(), {})


def test_its_parts_are_the_words_that_are_read(system):
    found = system.influence(TEXT)
    assert list(found.parts) == words(TEXT)
    assert found.known == (*[True] * 11, False)
    assert len(found.parts) == len(found.known) == len(found.occlusion) == len(found.gradient) == 12


def log_odds(answer):
    return math.log(answer["probability"] / (1 - answer["probability"]))


def test_occlusion_is_what_predict_says_without_the_word(system):
    """Each word in turn becomes one that is not in the vocabulary, and the whole system is asked again."""
    found = system.influence(TEXT)
    read = words(TEXT)
    (whole,) = system.predict([TEXT])
    odds = log_odds(whole)
    assert found.score == pytest.approx(odds, abs=1e-4)
    for i, occlusion in enumerate(found.occlusion):
        hidden = " ".join([*read[:i], "zzz", *read[i + 1 :]])
        (without,) = system.predict([hidden])
        assert occlusion == pytest.approx(odds - log_odds(without), abs=1e-4)
    assert found.occlusion[-1] == pytest.approx(0, abs=1e-6)  # it was unknown already
    assert max(map(abs, found.occlusion)) > 1e-3


def test_gradient_is_the_slope_of_the_logit_along_the_words_vector(system):
    """Central differences in float64: the word's vector a little longer and a little shorter."""
    model = copy.deepcopy(system.model).double()
    ids = torch.from_numpy(system.codec.encode([TEXT])["ids"])
    slopes, step = [], 1e-5
    for place in range(ids.shape[1]):
        ends = []
        for sign in (1, -1):

            def stretch(layer, inputs, output, place=place, sign=sign):
                factor = torch.ones(ids.shape[1], 1, dtype=torch.float64)
                factor[place] += sign * step
                return output * factor

            hook = model.embedding.register_forward_hook(stretch)
            with torch.no_grad():
                ends.append(float(model.logit(ids)))
            hook.remove()
        slopes.append((ends[0] - ends[1]) / (2 * step))
    np.testing.assert_allclose(gradient_times_input(model, ids), slopes, atol=1e-8)
    np.testing.assert_allclose(system.influence(TEXT).gradient, slopes, atol=1e-5)
    assert np.abs(slopes).max() > 1e-2


def test_asking_leaves_no_trace_on_the_model(system):
    before = list(system.predict([TEXT]))
    system.influence(TEXT)
    assert not system.model.embedding._forward_hooks
    assert all(parameter.grad is None for parameter in system.model.parameters())
    assert list(system.predict([TEXT])) == before


def test_a_long_message_is_hidden_a_few_words_at_a_time(system, monkeypatch):
    ids = torch.from_numpy(system.codec.encode([TEXT])["ids"])
    whole, hidden = logits_without(system.model, ids)
    monkeypatch.setattr(module, "MOST_CELLS", 25)
    sizes = []
    hook = system.model.dense.register_forward_hook(lambda layer, inputs, output: sizes.append(len(output)))
    again, in_parts = logits_without(system.model, ids)
    hook.remove()
    assert sizes == [2] * 6 + [1]
    assert float(again) == pytest.approx(float(whole), abs=1e-6)
    np.testing.assert_allclose(in_parts, hidden, atol=1e-6)


def test_a_message_without_words_is_one_unknown_word(system):
    found = influence(system.model, system.codec, "\u200b")
    assert (found.parts, found.known) == (("\u200b",), (False,))
    found = influence(system.model, system.codec, "\u3000")
    assert (found.parts, found.known, found.occlusion) == (("<unknown>",), (True,), (0.0,))


def test_words_beyond_the_length_have_no_part(system):
    found = system.influence("free " * 60)
    assert len(found.parts) == 50
    assert system.codec.ids("zzz") == [UNKNOWN_ID]
