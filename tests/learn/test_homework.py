"""The checker: what it says of right answers, wrong ones, and of all that is no answer at all."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from homework_help import DOUBLE, run
from pellucid.core.errors import UserError
from pellucid.learn.homework import Beat, Case, Choice, Quantity
from pellucid.learn.homework.cases import fresh
from pellucid.learn.homework.check import check
from pellucid.learn.homework.compare import difference, show
from pellucid.learn.homework.process import Limits
from pellucid.learn.homework.source import Source, read
from pellucid.learn.homework.wire import Unknown, as_arrays, decode, encode

GOOD = "def twice(x):\n    return 2.0 * x + 0.125\n"


def test_a_right_answer_passes_public_hidden_and_fresh_cases():
    result = run(GOOD)
    assert result.status == "passed" and result.points == 2
    assert result.message["en"] == "passed: 5 checks"  # 1 public, 2 hidden, 2 of which fractions could be moved


def test_the_first_difference_is_told_with_its_place():
    result = run("def twice(x):\n    y = 2.0 * x + 0.125\n    y[2] += 1\n    return y\n")
    assert (result.status, result.points, result.index) == ("failed", 0, (2,))
    assert (result.expected, result.got) == ("6.125", "7.125")
    assert result.call["en"] == "twice(np.array([1.0, 2.0, 3.0]))"
    assert "1/3" in result.message["en"] and "1/3" in result.message["zh-TW"]


def test_a_table_of_the_public_answers_fails_a_hidden_case_whose_arguments_are_not_shown():
    result = run("import numpy as np\ndef twice(x):\n    return np.array([2.125, 4.125, 6.125])\n")
    assert result.status == "failed"
    assert result.call["en"].startswith("hidden call 1: twice(array of shape (2,), float64")
    assert "0.25" not in str(result.to_json()["call"])


def test_a_table_of_all_listed_answers_fails_the_fresh_ones():
    table = "{(1., 2., 3.): [2.125, 4.125, 6.125], (.25, -7.5): [.625, -14.875]}"
    two = "[[3.125, 5.125], [7.125, 9.125]]"
    text = f"import numpy as np\ndef twice(x):\n    if x.ndim == 2:\n        return np.array({two})\n"
    text += f"    return np.array({table}.get(tuple(x), [0., 0.]))\n"
    result = run(text)
    assert result.status == "failed" and result.call["en"].startswith("hidden call 3")


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (DOUBLE.stub, "open", "not written yet"),
        ("", "failed", "twice is not there"),
        ("twice = 3\n", "failed", "no function any more"),
        ("def twice(x):\n    retrun x\n", "unread", "line 2"),
        ("def twice(x)\n    return x\n", "unread", "expected ':'"),
        ("def twice(x):\n    return y\n", "failed", "NameError, line 2: name 'y' is not defined"),
        ("1 / 0\n", "unread", "ZeroDivisionError while the file was read, line 1"),
        ("import torch\n", "unread", "torch is not there in homework"),
        ("def twice(x):\n    2 * x\n", "failed", "returns nothing"),
        ("def twice(x):\n    return float(x[0])\n", "failed", "another type"),
        ("def twice(x):\n    return [0.0]\n", "failed", "another type"),
        ("def twice(x):\n    return twice\n", "failed", "another type"),
        ("def twice(x):\n    return (2 * x + 0.125)[None]\n", "failed", "shape differs"),
        ("def twice(x):\n    return x > 0\n", "failed", "elements differs"),
        ("def twice(x):\n    return x * complex(2)\n", "failed", "elements differs"),
        ("def twice(x):\n    return x * float('nan')\n", "failed", "nan, which is no number"),
        ("def twice(x):\n    x *= 2\n    x += 0.125\n    return x\n", "failed", "changes its arguments"),
        ("def twice(x):\n    return twice(x)\n", "failed", "calls itself without end"),
        ("def twice(x):\n    return [0] * 10**11\n", "failed", "more memory than the 4 GB"),
        ("import numpy as np\ndef twice(x):\n    return np.ones(10**12)\n", "failed", "more memory"),
        ("def twice(x):\n    return 10**100000\n", "failed", "another type"),
        ("def twice(x):\n    l = []\n    l.append(l)\n    return l\n", "failed", "another type"),
        ("def twice(x):\n    raise ValueError('\\x1b[31m' + 'a' * 10**6)\n", "failed", "line 2: \\x1b[31ma"),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_each_way_to_be_wrong_has_a_clear_result(text, status, said):
    result = run(text)
    assert (result.status, result.points) == (status, 0)
    assert said in result.message["en"] and len(result.message["en"]) < 500
    assert any("\u4e00" <= c <= "\u9fff" for c in result.message["zh-TW"])


def test_a_loop_without_end_is_stopped_and_the_call_named():
    result = run("def twice(x):\n    while True: pass\n", limits=Limits(seconds=0.5))
    assert result.message["en"].startswith("no answer after 0.5 s") and "twice(" in result.call["en"]
    assert run("while True: pass\n", limits=Limits(seconds=0.5)).message["en"].startswith("no answer after 0.5 s")


def test_printing_is_shown_and_does_no_harm_but_a_flood_is_stopped():
    result = run('print("here")\n' + GOOD.replace("    return", '    print("x", x.shape)\n    return'))
    assert result.status == "passed" and "here" in result.printed and "x (3,)" in result.printed
    flood = run("def twice(x):\n    while True: print('y' * 1000)\n", limits=Limits(seconds=20, printed=1 << 20))
    assert "prints or returns too much" in flood.message["en"] and len(flood.printed) <= 2000
    big = run("import numpy as np\ndef twice(x):\n    return np.ones(10**6)\n", limits=Limits(replies=1 << 20))
    assert "too much" in big.message["en"]


def test_an_exception_that_the_solution_raises_is_what_is_asked_for():
    exercise = replace(
        DOUBLE, solution="def twice(x):\n    if x.min() < 0: raise ValueError('below zero')\n    return x\n"
    )
    assert run("def twice(x):\n    if (x < 0).any(): raise ValueError\n    return x\n", exercise).status == "passed"
    result = run("def twice(x):\n    return x\n", exercise)
    assert result.message["en"] == "it should raise ValueError here"


def test_a_broken_exercise_says_so_instead_of_blaming_the_learner():
    for solution in ("def twice(x)", "def other(x): pass", "while True: pass"):
        if "while" not in solution:
            assert run(GOOD, replace(DOUBLE, solution=solution)).status == "broken"


def test_without_hidden_cases_the_public_ones_are_said_to_be_all():
    result = run(GOOD, replace(DOUBLE, hidden=(), elsewhere=7))
    assert (result.status, result.points) == ("public", 0)
    assert result.message["en"] == "public checks passed, 7 hidden ones not run here"


# numbers, choices, runs

WORDS = {"en": "words", "zh-TW": "文字"}
BASE = {"title": WORDS, "task": WORDS, "points": 1, "hints": ()}
NUMBER = Quantity(name="q", **BASE, answer=12.5, reasoning=WORDS)
CHOICE = Choice(name="c", **BASE, options=(WORDS,) * 3, answer=1, why=(WORDS,) * 3)
BEAT = Beat(name="b", **BASE, room="spam_detector", metric="f1", at_least=0.9)


@pytest.mark.parametrize(
    ("exercise", "value", "status"),
    [
        (NUMBER, "25 / 2", "passed"),
        (NUMBER, "12.505", "passed"),  # within one part in a thousand
        (NUMBER, "12.52", "failed"),
        (NUMBER, "'12.5'", "failed"),
        (NUMBER, "True", "failed"),
        (NUMBER, "float('nan')", "failed"),
        (NUMBER, "type('X', (float,), {'__eq__': lambda a, b: True})(3)", "failed"),
        (NUMBER, "None", "open"),
        (CHOICE, "'B'", "passed"),
        (CHOICE, "' b '", "passed"),
        (CHOICE, "'A'", "failed"),
        (CHOICE, "'AB'", "failed"),
        (CHOICE, "'D'", "failed"),
        (CHOICE, "1", "failed"),
        (CHOICE, "['A', 'B']", "failed"),
        (BEAT, "3", "failed"),
        (BEAT, "'good'", "passed"),
        (BEAT, "'weak'", "failed"),
        (BEAT, "'gone'", "failed"),
    ],
)
def test_answers_that_are_no_functions(exercise, value, status, tmp_path):
    def measure(asked, run, folder):
        assert asked is BEAT and folder == tmp_path
        if run == "gone":
            raise UserError("gone: no such run")
        return {"good": 0.9, "weak": 0.89999}[run]

    source = Source(tmp_path / "x.py", f"ANSWER_{exercise.name} = {value}\n")
    (result,) = check(source, "own", [exercise], measure=measure)
    assert result.status == status, result


# files as people have them


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(),
        ("# 作業\n" + GOOD).encode("utf-16"),
        ("# -*- coding: big5 -*-\n# 作業\n" + GOOD).encode("big5"),
        GOOD.replace("\n", "\r").encode(),
    ],
    ids=["CRLF", "BOM", "UTF-16", "Big5", "CR"],
)
def test_files_in_any_usual_shape_are_read(content, tmp_path):
    file = tmp_path / "own.py"
    file.write_bytes(content)
    (result,) = check(read(file), "own", [DOUBLE])
    assert result.status == "passed"


@pytest.mark.parametrize("content", [b"\xff\xfe\xff", b"x = '\x80'", b"\0", b"x" * 5_000_000])
def test_files_that_are_no_code_are_refused_in_one_line(content, tmp_path):
    file = tmp_path / "own.py"
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"own\.py"):
        read(file)


def test_a_notebooks_code_cells_are_run_and_its_lines_named_by_cell(tmp_path):
    import json

    cells = [
        {"cell_type": "markdown", "source": ["# not code"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip install x"]},
        {"cell_type": "code", "source": GOOD},
    ]
    file = tmp_path / "own.ipynb"
    file.write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    assert check(read(file), "own", [DOUBLE])[0].status == "passed"
    cells[2]["source"] = "def twice(x):\n    return y\n"
    file.write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    assert "code cell 2, line 2" in check(read(file), "own", [DOUBLE])[0].message["en"]
    for content in ("{}", "[]", "[" * 100_000, '{"cells": [{"cell_type": "code"}]}', "not json"):
        file.write_text(content)
        with pytest.raises(UserError, match="no notebook"):
            read(file)


# values and their comparison


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -(10**40), 0.1, float("inf"), 1 + 2j, "作業\n", [], (1, [2.5, "a"]), {"a": 1, 2: (None,)},
        np.arange(6.0).reshape(2, 3), np.array([True, False]), np.zeros((0, 3)), np.array([[1, 2]], dtype=np.int8),
    ],
    ids=repr,
)  # fmt: skip
def test_values_survive_the_way_between_processes(value):
    import json

    back = decode(json.loads(json.dumps(encode(value))))
    assert type(back) is type(value) and difference(value, back, 0, 0) is None
    if isinstance(value, np.ndarray):
        assert back.dtype == value.dtype and back.shape == value.shape and back.flags.writeable


@pytest.mark.parametrize("coded", [None, [], ["array", "O", [1], ""], ["array", "<f8", [10**12], ""], ["x"], {"a": 1}])
def test_what_is_no_coded_value_is_refused(coded):
    with pytest.raises(ValueError):
        decode(coded)


def test_nan_equals_nan_and_only_that():
    assert difference(math.nan, math.nan, 1e-6, 0) is None
    assert difference(math.nan, 0.0, 1e-6, 0) and difference(0.0, math.nan, 1e-6, 0).key == "nan"
    assert difference(math.inf, -math.inf, 1e-6, 0)
    assert difference(2**53, 2**53 + 1, 1e-6, 0)  # integers are equal or they are not
    assert difference(True, 1, 1e-6, 0).key == "type"
    assert difference([1, (2.0, 3.0)], [1, (2.0, 4.0)], 1e-6, 0).index == (1, 1)
    assert difference({"a": 1.0}, {"b": 1.0}, 1e-6, 0).key == "keys"
    assert difference(Unknown("f", "f"), Unknown("f", "f"), 1e-6, 0)


def test_lists_of_numbers_become_arrays_and_other_lists_stay():
    assert as_arrays([[1, 2], [3, 4]]).dtype == np.float64
    assert as_arrays(["a", "b"]) == ["a", "b"]
    assert [len(row) for row in as_arrays([[1], [2, 3]])] == [1, 2]
    assert as_arrays(3) == 3


def test_fresh_cases_move_fractions_and_leave_labels_alone():
    exercise = replace(DOUBLE, hidden=(Case(([0.5, 1.0, 3.0, 0.0], 2)), Case(([1, 0],))), public=())
    (case,) = fresh(exercise, seed=1)
    moved, label = case.args
    assert moved[1:] == [1.0, 3.0, 0.0] and label == 2 and 0.485 <= moved[0] < 0.5
    assert fresh(exercise)[0] != fresh(exercise)[0]
    made = replace(exercise, fresh=lambda rng: Case((rng.random(),)))
    assert len({case.args for case in fresh(made)}) == 3


def test_what_is_shown_is_short_and_on_one_line():
    assert show(np.arange(3.0)) == "[0.0, 1.0, 2.0]"
    assert len(show(list(range(10**5)))) <= 160 and len(show(10**100000)) < 60
    assert show("a\x1b[31m\nb") == r"'a\x1b[31m\nb'"
