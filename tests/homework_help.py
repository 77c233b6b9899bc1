"""One small exercise, and what the tests of the checker share."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from unittest import mock

from pellucid.learn.homework import Case, Function
from pellucid.learn.homework import check as checker
from pellucid.learn.homework.check import Result
from pellucid.learn.homework.process import Limits, Said
from pellucid.learn.homework.source import Source
from pellucid.learn.homework.wire import encode

SECRET = "2.0 * x + 0.125"  # the solution's heart, which no learner's process may come to know

DOUBLE = Function(
    name="twice",
    title={"en": "Twice", "zh-TW": "兩倍"},
    task={"en": "Twice each element and an eighth.", "zh-TW": "每個元素的兩倍再加八分之一。"},
    points=2,
    hints=(
        {"en": "First hint.", "zh-TW": "第一個提示。"},
        {"en": "Second hint.", "zh-TW": "第二個提示。"},
    ),
    stub='def twice(x):\n    """x: array [N] -> array [N]"""\n    raise NotImplementedError\n',
    solution=f"def twice(x):\n    return {SECRET}\n",
    public=(Case(([1.0, 2.0, 3.0],)),),
    hidden=(Case(([0.25, -7.5],)), Case(([[1.5, 2.5], [3.5, 4.5]],))),
)


def solve(functions, asked) -> Said:
    """In place of the process of the worked solutions, which are ours here: a test then starts one less."""
    said = Said()
    for exercise in functions:
        space: dict = {}
        exec(exercise.solution, space)
        said.jobs[exercise.name] = {"loaded": True}
        for call in asked[exercise.name]:
            args, kwargs = call.arguments
            said.calls[call.id] = {"value": encode(space[exercise.name](*args, **kwargs))}
    return said


def run(text: str, exercise: Function = DOUBLE, *, limits: Limits | None = None, **more) -> Result:
    """The result of a learner's file with this text."""
    fast = mock.patch.object(checker, "_solve", solve) if exercise is DOUBLE else nullcontext()
    with fast:
        source = Source(Path("mine.py"), text)
        (result,) = checker.check(source, "own", [exercise], limits=limits or Limits(seconds=3), **more)
    return result
