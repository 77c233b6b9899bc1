"""The homework of every room: its solutions pass, its typical wrong answers fail, it speaks both languages."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from pellucid import api, catalog
from pellucid.learn.homework import Beat, Choice, Exercise, Function, Quantity
from pellucid.learn.homework.cases import calls
from pellucid.learn.homework.check import _Judge, check
from pellucid.learn.homework.process import Limits, Said, run
from pellucid.learn.homework.source import Source, answer_name, function_name

ROOMS = [room for room in catalog.BUILT if catalog.homework(room)]
EVERY = [(room, exercise) for room in ROOMS for exercise in catalog.homework(room)]
FUNCTIONS = [(room, exercise) for room, exercise in EVERY if isinstance(exercise, Function)]
LIMITS = Limits(seconds=60)


def named(pairs):
    return [f"{room}-{exercise.name}" for room, exercise in pairs]


def words(exercise: Exercise):
    yield from (exercise.title, exercise.task, *exercise.hints)
    if isinstance(exercise, Choice):
        yield from (*exercise.options, *exercise.why)
    if isinstance(exercise, Quantity):
        yield exercise.reasoning


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_homework_is_at_least_three_exercises_with_names_of_their_own(room):
    exercises = catalog.homework(room)
    names = [exercise.name for exercise in exercises]
    answers = [answer_name(exercise) for exercise in exercises]
    assert len(exercises) >= 3 and len(set(names)) == len(set(answers)) == len(names)
    assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize(("room", "exercise"), EVERY, ids=named(EVERY))
def test_an_exercise_is_whole_and_speaks_both_languages(room, exercise):
    assert exercise.points > 0 and exercise.hints
    for each in words(exercise):
        assert each["en"].strip() and not re.search("[\u4e00-\u9fff]", each["en"]), each
        math_free = re.sub(r"\$[^$]*\$|[\d\W]", "", each["zh-TW"])
        assert re.search("[\u4e00-\u9fff]", each["zh-TW"]) or not math_free, each
    if isinstance(exercise, Choice):
        assert len(exercise.options) == len(exercise.why) >= 2 and 0 <= exercise.answer < len(exercise.options)
    if isinstance(exercise, Beat):
        assert exercise.room in catalog.BUILT
        assert exercise.metric in api.open(api.bundled(exercise.room)).system.headline


@pytest.mark.parametrize(("room", "exercise"), FUNCTIONS, ids=named(FUNCTIONS))
def test_a_stub_says_what_it_wants_and_solves_nothing(room, exercise):
    body = ast.parse(exercise.stub).body
    name = function_name(exercise)
    (function,) = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name]
    assert ast.get_docstring(function) and "NotImplementedError" in exercise.stub
    assert exercise.public and exercise.hidden and len(exercise.wrong) >= 3


@pytest.mark.parametrize(("room", "exercise"), FUNCTIONS, ids=named(FUNCTIONS))
def test_no_hint_and_no_stub_holds_a_line_of_the_solution(room, exercise):
    given = {" ".join(line.split()) for line in exercise.stub.splitlines()}
    for line in exercise.solution.splitlines():
        plain = " ".join(line.split("#")[0].split())
        if len(plain) < 12 or plain in given or plain.startswith(("import ", "from ", "def ", '"""')):
            continue
        result = plain.removeprefix("return ").strip()
        for hint in exercise.hints:
            for text in hint.values():
                assert result not in " ".join(text.split()), (line, text)


@cache
def judged() -> dict[tuple[str, str, int], tuple[str, str]]:
    """(room, exercise, which source) -> status and message. All solutions run in one process, all wrong answers, which
    are ours as well, in another: a process for each of hundreds would take minutes."""
    jobs, solutions, asked = [], [], {}
    for room, exercise in FUNCTIONS:
        made = calls(exercise)
        asked[room, exercise.name] = made
        name = function_name(exercise)
        solutions.append(
            {
                "id": f"{room}/{exercise.name}",
                "source": exercise.solution,
                "name": name,
                "calls": [c.request() for c in made],
            }
        )
        for i, source in enumerate((exercise.solution, *exercise.wrong)):
            # nonces of its own: replies are sorted by them
            requests = [c.request() | {"id": f"{c.id}-{i}"} for c in made]
            jobs.append({"id": f"{room}/{exercise.name}/{i}", "source": source, "name": name, "calls": requests})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = run(solutions, LIMITS, guarded=False)
        got = run(jobs, LIMITS)
    found = {}
    for room, exercise in FUNCTIONS:
        made = asked[room, exercise.name]
        ours = Said(jobs={exercise.name: expected.jobs[f"{room}/{exercise.name}"]}, calls=expected.calls)
        for i in range(len(exercise.wrong) + 1):
            job = got.jobs.get(f"{room}/{exercise.name}/{i}")
            said = replace(got, jobs={exercise.name: job} if job else {})
            said.calls = {c.id: got.calls[f"{c.id}-{i}"] for c in made if f"{c.id}-{i}" in got.calls}
            result = _Judge(Source(Path("x.py"), ""), room, exercise, said, LIMITS).function(exercise, made, ours)
            found[room, exercise.name, i] = (result.status, result.message["en"])
    return found


@pytest.mark.parametrize(("room", "exercise"), FUNCTIONS, ids=named(FUNCTIONS))
def test_the_worked_solution_passes(room, exercise):
    status, message = judged()[room, exercise.name, 0]
    assert status == "passed", message


@pytest.mark.parametrize(("room", "exercise"), FUNCTIONS, ids=named(FUNCTIONS))
def test_every_typical_wrong_answer_fails_for_what_is_wrong_with_it(room, exercise):
    """And not because its own source is broken."""
    for i in range(1, len(exercise.wrong) + 1):
        status, message = judged()[room, exercise.name, i]
        assert status == "failed", (i, message)
        assert not message.startswith(("NameError", "Python cannot read", "ImportError", "no answer", "the code")), (
            i,
            message,
        )


@pytest.mark.parametrize("room", ROOMS)
def test_numbers_and_choices_pass_with_their_answers_and_fail_with_others(room):
    exercises = [e for e in catalog.homework(room) if isinstance(e, Quantity | Choice)]
    lines, wrong = [], []
    for exercise in exercises:
        if isinstance(exercise, Choice):
            lines.append(f"ANSWER_{exercise.name} = {'ABCDEFGHIJ'[exercise.answer]!r}")
            wrong.append(f"ANSWER_{exercise.name} = {'BA'[exercise.answer == 1]!r}")
        else:
            assert len(exercise.wrong) >= 1, exercise.name
            lines.append(f"ANSWER_{exercise.name} = {float(exercise.answer)!r}")
            wrong.append(f"ANSWER_{exercise.name} = {exercise.wrong[0]!r}")
            for value in exercise.wrong:
                assert abs(value - exercise.answer) > exercise.rtol * abs(exercise.answer), (exercise.name, value)
    for text, status in ((lines, "passed"), (wrong, "failed")):
        results = check(Source(Path("x.py"), "\n".join(text)), room, exercises)
        assert [result.status for result in results] == [status] * len(exercises), results
