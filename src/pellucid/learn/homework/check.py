"""Check what a learner wrote. Their code runs first and is gone before the worked solution is asked for its values."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pellucid.core.card import Words
from pellucid.core.errors import UserError
from pellucid.learn.homework import process
from pellucid.learn.homework.cases import Call, calls, report_order
from pellucid.learn.homework.compare import Difference, difference, show
from pellucid.learn.homework.exercise import Beat, Choice, Exercise, Function, Quantity
from pellucid.learn.homework.process import Limits, Said
from pellucid.learn.homework.source import Source, answer_name, function_name
from pellucid.learn.homework.texts import joined, say
from pellucid.learn.homework.wire import decode

Status = Literal["passed", "public", "failed", "open", "broken", "unread"]
"""open: not begun. broken: the exercise itself is at fault. unread: the file does not get as far as any exercise."""
Measure = Callable[[Beat, str, Path], float]
"""(exercise, the run's folder as the learner wrote it, the folder it is meant from) -> the metric; or UserError."""
Reply = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """How one exercise went. call, expected, got: of the first check that failed; of: the points there are."""

    homework: str
    exercise: str
    title: Words
    status: Status
    points: int
    of: int
    message: Words
    call: Words | None = None
    expected: str = ""
    got: str = ""
    index: tuple[int | str, ...] = ()
    printed: str = ""
    hint: Words | None = field(default=None)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def check(
    source: Source,
    homework: str,
    exercises: Sequence[Exercise],
    *,
    measure: Measure | None = None,
    limits: Limits | None = None,
    forbidden: Sequence[Path] = (),
) -> list[Result]:
    """A result for each exercise, in their order. forbidden: files that the learner's code is refused to read."""
    limits = limits or Limits()
    asked = {e.name: calls(e) for e in exercises if isinstance(e, Function)}
    said: dict[str, Said] = {}
    hangs: Said | None = None
    for exercise in exercises:
        job = _job(exercise, source.text, asked.get(exercise.name, []))
        one = hangs or process.run([job], limits, forbidden=forbidden)
        said[exercise.name] = one
        if one.ended == "time" and not one.jobs:
            hangs = one  # already while the file is read: it would for each exercise
    expected = _solve([e for e in exercises if isinstance(e, Function)], asked)
    results = []
    for exercise in exercises:
        judge = _Judge(source, homework, exercise, said[exercise.name], limits)
        if isinstance(exercise, Function):
            results.append(judge.function(exercise, asked[exercise.name], expected))
        else:
            results.append(judge.answer(exercise, measure))
    return results


def _job(exercise: Exercise, text: str, asked: Sequence[Call]) -> dict[str, Any]:
    name = answer_name(exercise)
    return {"id": exercise.name, "source": text, "name": name, "calls": [call.request() for call in asked]}


def _solve(functions: Sequence[Function], asked: Mapping[str, Sequence[Call]]) -> Said:
    """What the worked solutions give, in a process of their own."""
    jobs = [_job(e, e.solution, asked[e.name]) for e in functions]
    return process.run(jobs, Limits(seconds=120), guarded=False) if jobs else Said()


def worked(exercise: Function, cases: Sequence[Call]) -> list[Reply]:
    """What the worked solution gives for these calls: `{"value": …}` or `{"failed": …}` each."""
    said = _solve([exercise], {exercise.name: cases})
    return [said.calls.get(call.id, {"failed": {"type": "nothing", "message": ""}}) for call in cases]


class _Judge:
    """One exercise of one file."""

    def __init__(self, source: Source, homework: str, exercise: Exercise, said: Said, limits: Limits):
        self.source, self.homework, self.exercise, self.said, self.limits = source, homework, exercise, said, limits

    def result(self, status: Status, message: Words, **more: Any) -> Result:
        of = self.exercise.points
        points = of if status == "passed" else 0
        printed = self.said.printed[:2000]
        name, title = self.exercise.name, self.exercise.title
        return Result(self.homework, name, title, status, points, of, message, printed=printed, **more)

    # functions

    def function(self, exercise: Function, asked: Sequence[Call], expected: Said) -> Result:
        solved = expected.jobs.get(exercise.name, {})
        if not solved.get("loaded"):
            return self.result("broken", say("broken", why=str(solved.get("failed", expected.ended))))
        ours = {call.id: expected.calls[call.id] for call in asked if call.id in expected.calls}
        counted = [call for call in asked if call.origin != "fresh" or "value" in ours.get(call.id, {})]
        if unsolved := [call for call in counted if call.id not in ours]:
            return self.result("broken", say("broken", why=expected.ended), call=self._call(unsolved[0]))
        if found := self._not_loaded():
            return found
        answered = sorted((call for call in counted if call.id in self.said.calls), key=report_order)
        for call in answered:
            if wrong := self._wrong(call, ours[call.id], self.said.calls[call.id]):
                return wrong
        if silent := [call for call in counted if call.id not in self.said.calls]:
            return self.result("failed", self._ended(), call=self._call(silent[0]))
        if exercise.elsewhere:
            return self.result("public", say("public", n=exercise.elsewhere))
        return self.result("passed", say("passed", n=len(answered)))

    def _not_loaded(self) -> Result | None:
        loaded = self.said.jobs.get(self.exercise.name)
        if loaded is None:
            return self.result("unread", self._ended())
        failed = loaded.get("failed")
        if failed is None:
            return None
        name = answer_name(self.exercise)
        kind = _text(failed, "type")
        if kind in ("Missing", "NotCallable"):
            return self.result("failed", say("missing" if kind == "Missing" else "not_callable", name=name))
        if "source" in failed:
            message = say("syntax", where=self._where(failed), message=_text(failed, "message"))
            return self.result("unread", message, got=_text(failed, "source").strip()[:200])
        return self.result("unread", self._error(failed, "top"))

    def _wrong(self, call: Call, ours: Reply, theirs: Reply) -> Result | None:
        where = self._call(call)
        failed = theirs.get("failed")
        if "value" not in ours:  # the solution raises here, and that is what is asked for
            wanted = str(ours["failed"]["type"])
            if isinstance(failed, dict) and failed.get("type") == wanted:
                return None
            message = say("should_raise", type=wanted)
            return self.result("failed", message, call=where, got="" if failed is None else self._error(failed)["en"])
        if isinstance(failed, dict):
            if failed.get("type") == "NotImplementedError":
                return self.result("open", say("open"))
            return self.result("failed", self._error(failed), call=where)
        wanted_value = decode(ours["value"])
        try:
            got = decode(theirs.get("value"))
            found = difference(wanted_value, got, call.case.rtol, call.case.atol)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return self.result("failed", say("garbled"), call=where)
        if found is not None:
            return self._different(found, got, where)
        if theirs.get("changed"):
            return self.result("failed", say("changed"), call=where)
        return None

    def _different(self, found: Difference, got: Any, where: Words) -> Result:
        message = say("nothing" if got is None else found.key)
        if found.values.get("total", 0) > 1:
            count = "{wrong}/{total}".format(**found.values)
            message = joined(message, {"en": f"({count} elements)", "zh-TW": f"（{count} 個元素）"})
        return self.result("failed", message, call=where, expected=found.expected, got=found.got, index=found.index)

    def _call(self, call: Call) -> Words:
        assert isinstance(self.exercise, Function)
        text = call.text(function_name(self.exercise))
        return {"en": text["en"], "zh-TW": text["zh-TW"]}

    # what went wrong, in words

    def _where(self, failed: Reply) -> Words:
        line, name = failed.get("line"), self.source.path.name
        known = isinstance(line, int) and 0 < line < 1_000_000
        return self.source.where(int(line or 0)) if known else {"en": name, "zh-TW": name}

    def _error(self, failed: Reply, key: str = "error") -> Words:
        kind = _text(failed, "type") or "Error"
        if kind == "RecursionError":
            return say("recursion", where=self._where(failed))
        if kind in ("MemoryError", "_ArrayMemoryError"):
            return say("memory", n=self.limits.memory >> 30)
        return say(key, type=kind, where=self._where(failed), message=_text(failed, "message"))

    def _ended(self) -> Words:
        """Why there is no reply."""
        said = self.said
        if said.ended == "time":
            return say("time", n=self.limits.seconds)
        if said.ended != "done":
            return say(said.ended.replace(" ", "_"))
        if said.code == -getattr(signal, "SIGXCPU", 0) and said.code:
            return say("time", n=self.limits.seconds)
        return say("crash", n=-said.code) if said.code < 0 else say("exit", n=said.code)

    # numbers, choices, runs

    def answer(self, exercise: Exercise, measure: Measure | None) -> Result:
        if found := self._not_loaded():
            return found
        try:
            got = decode(self.said.jobs[exercise.name].get("value"))
        except ValueError:
            return self.result("failed", say("garbled"))
        if got is None or got == "":
            return self.result("open", say("open"))
        if isinstance(exercise, Quantity):
            return self._quantity(exercise, got)
        if isinstance(exercise, Choice):
            return self._choice(exercise, got)
        assert isinstance(exercise, Beat)
        return self._beat(exercise, got, measure)

    def _quantity(self, exercise: Quantity, got: Any) -> Result:
        if isinstance(got, bool) or not isinstance(got, int | float):
            return self.result("failed", say("no_number"), got=show(got))
        if difference(float(exercise.answer), got, exercise.rtol, 1e-12):
            return self.result("failed", say("quantity"), got=show(got))
        return self.result("passed", joined(say("passed_answer"), _more(exercise.reasoning)))

    def _choice(self, exercise: Choice, got: Any) -> Result:
        letters = "ABCDEFGHIJ"[: len(exercise.options)]
        letter = got.strip().upper() if isinstance(got, str) else ""
        if len(letter) != 1 or letter not in letters:
            return self.result("failed", say("no_option", letters=", ".join(letters)), got=show(got))
        chosen = letters.index(letter)
        why = exercise.why[chosen]
        if chosen != exercise.answer:
            return self.result("failed", why, got=letter)
        return self.result("passed", joined(say("passed_answer"), _more(why)))

    def _beat(self, exercise: Beat, got: Any, measure: Measure | None) -> Result:
        if not isinstance(got, str):
            return self.result("failed", say("no_run"), got=show(got))
        try:
            if measure is None:
                raise UserError("runs cannot be measured here")
            reached = measure(exercise, got, self.source.path.absolute().parent)
        except UserError as error:
            return self.result("failed", say("run", why=error), got=show(got))
        if reached >= exercise.at_least:
            return self.result("passed", say("beaten", metric=exercise.metric, got=reached))
        wanted = f"{exercise.metric} ≥ {exercise.at_least}"
        return self.result("failed", say("not_beaten", metric=exercise.metric), expected=wanted, got=f"{reached:.4f}")


def _text(failed: Reply, name: str) -> str:
    """On one line and short: it was written by somebody's code."""
    text = " ".join(str(failed.get(name) or "").split())
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)[:300]


def _more(words: Words) -> Words:
    return {"en": f"— {words['en']}", "zh-TW": f"：{words['zh-TW']}"}
