"""Formulas on numbers that write down what is done with them: the same values, and a trace that can be checked."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid.look.noted import Noted, NotedTape

P = np.array([[0.25, 0.5], [2.0, -3.0]])
FORMULAS = [
    lambda p: p / (1 - p) + p**2,
    lambda p: -np.exp(p) * np.log(np.abs(p)) - np.log1p(p * p),
    lambda p: np.maximum(p, 0) + np.minimum(p, 1) - np.sign(p) * np.sqrt(np.abs(p)),
    lambda p: np.cos(p).sum(1, keepdims=True) * (p - p.max(1, keepdims=True)),
    lambda p: (p < 0.3) * p.sum(),
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_gives_what_it_gives_on_arrays(formula):
    tape = NotedTape()
    found = formula(tape.enter(P, "p", kind="input"))
    np.testing.assert_allclose(found.array, formula(P), rtol=1e-12)
    trace = tape.trace()
    assert len(trace) > 1 and trace.check().checked == len(trace)


def test_names_captions_axes_and_steps():
    tape = NotedTape({"odds": {"en": "the odds", "zh-TW": "勝算"}})
    tape.step = 3
    p = tape.enter([0.5, 0.75], "p", ("example",), "input")
    odds = tape.name(p / (1 - p), "odds", ("example",))
    node = tape.node(odds)
    assert (node.kind, node.step, node.variable, node.caption["en"]) == ("div", 3, "odds", "the odds")
    assert odds.value.axes == ("example",) and p.value.axes == ("example",)
    again = tape.name(odds, "twice_named")
    assert tape.node(again).kind == "clone" and tape.node(odds).variable == "odds"
    entered = tape.name(p, "p_as_it_is")
    assert tape.node(entered).kind == "clone" and p.value.producer is None


def test_numbers_alone_stay_a_number_and_are_not_recorded():
    tape = NotedTape()
    assert tape.do("mul", 3.0, 2.0) == 6.0 and not tape.record.nodes
    assert isinstance(tape.do("mul", tape.enter([1.0], "x"), 2.0), Noted) and len(tape.record.nodes) == 1


def test_whole_numbers_stay_whole():
    assert NotedTape().enter([1, 0], "labels").array.dtype == np.int64


def test_what_is_not_known_is_refused():
    with pytest.raises(TypeError):
        np.sin(NotedTape().enter([1.0], "x"))
