"""The tape: what it computes is what it records, and the trace can tell."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid.look.tape import Tape


def test_it_computes_and_records_in_one():
    tape = Tape({"error": {"en": "error", "zh-TW": "誤差"}})
    a, w, b = (
        tape.value([[5, 2], [1, 4]], "a"),
        tape.value([0, 0], "w", ("unknown",), "input"),
        tape.value([10, 11], "b"),
    )
    for step in range(3):
        error = tape("sub", tape("mv", a, w), b, name="error", step=step, axes=("equation",))
        gradient = tape("mv", tape("t", a), error, step=step)
        w = tape("sub", w, tape("mul", gradient, 0.02), name="w_next", step=step)
    trace = tape.trace(room="x")
    assert trace.check().checked == len(trace) == 18
    expected = np.zeros(2)
    for step in range(3):
        difference = np.array([[5, 2], [1, 4]]) @ expected - [10, 11]
        np.testing.assert_allclose(trace.series("error")[step], difference)
        expected = expected - 0.02 * (np.array([[5, 2], [1, 4]]).T @ difference)
    np.testing.assert_allclose(tape.array(w), expected)
    assert trace["error[1]"].caption == {"en": "error", "zh-TW": "誤差"}
    assert len(tape.made("w_next")) == 3
    assert trace.inputs.keys() == {"w"}


@pytest.mark.parametrize(
    ("kind", "args", "wanted"),
    [("stack", ([[1.0, 2.0], [3.0, 4.0]],), [[1, 2], [3, 4]]), ("softplus", (0.0,), np.log(2)),
     ("view", ([1.0, 2.0], [2, 1]), [[1], [2]]),
     ("linalg_vector_norm", ([3.0, 4.0],), 5), ("select", ([[1.0, 2.0], [3.0, 4.0]], 1, 0), [1, 3])],
)  # fmt: skip
def test_operations_of_every_home(kind, args, wanted):
    tape = Tape()
    first = args[0]
    if kind == "stack":
        values = [[tape.value(each, f"v{i}") for i, each in enumerate(first)]]
    else:
        values = [tape.value(first, "v"), *args[1:]]
    np.testing.assert_allclose(tape.array(tape(kind, *values)), wanted)
    assert tape.trace().check().failed == []


def test_an_operation_that_is_none_is_refused():
    with pytest.raises(ValueError, match="frobnicate"):
        Tape()("frobnicate", 1.0)


def test_a_story_is_told_at_the_first_captioned_node_of_each_name():
    words = {name: {"en": name, "zh-TW": name} for name in ("moved", "never", "error")}
    tape = Tape(words)
    w = tape.value([1.0], "w")
    for step in range(2):
        error = tape("neg", w, name="error", step=step)
        w = tape("add", w, error, name="moved", step=step)
    trace = tape.trace()
    trace.tell(words)
    assert trace.storyline == [
        {"node": "moved[0]", "caption": words["moved"]},
        {"node": "error[0]", "caption": words["error"]},
    ]
