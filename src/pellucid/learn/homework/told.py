"""A result as lines of text for a terminal, and an exercise's worked solution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pellucid.core.progress import one_line
from pellucid.learn.homework.check import Result
from pellucid.learn.homework.exercise import Choice, Exercise, Function, Quantity

Language = Literal["en", "zh-TW"]
MARKS = {"passed": "✓", "public": "✓", "failed": "✗", "open": "·", "broken": "!", "unread": "!"}
LABELS = {"call": "呼叫", "at": "位置", "expected": "預期", "got": "得到", "printed": "印出", "hint": "提示"}
LETTERS = "ABCDEFGHIJ"


def report(results: Sequence[Result], language: Language) -> Iterator[str]:
    """Every result; what keeps a file from being read at all is told once, not for each of its exercises."""
    waiting: dict[str, list[Result]] = {}
    for result in results:
        if result.status == "unread":
            waiting.setdefault(result.message[language], []).append(result)
        else:
            yield from lines(result, language)
    for message, held in waiting.items():
        yield f"{MARKS['unread']} {message}"
        if held[0].got:
            yield f"    {held[0].got}"
        names = ", ".join(result.exercise for result in held)
        yield f"    not checked: {names}" if language == "en" else f"    尚未檢查：{names}"


def lines(result: Result, language: Language) -> Iterator[str]:
    yield f"{MARKS[result.status]} {result.exercise}  {result.points}/{result.of}  {result.message[language]}"
    printed = " | ".join(one_line(line)[:200] for line in result.printed.splitlines()[:5])
    rows = {
        "call": result.call[language] if result.call else "",
        "at": f"[{', '.join(map(str, result.index))}]" if result.index else "",
        "expected": result.expected,
        "got": result.got,
        "printed": printed if result.status == "failed" else "",
        "hint": result.hint[language] if result.hint else "",
    }
    for name, value in rows.items():
        if value:
            label = f"{name:9}" if language == "en" else LABELS[name].ljust(4, "\u3000")  # a space as wide as a letter
            yield f"    {label} {value}"


def solution(exercise: Exercise, language: Language) -> str:
    if isinstance(exercise, Function):
        return exercise.solution.strip("\n")
    if isinstance(exercise, Quantity):
        return f"{exercise.answer:.10g} {exercise.unit}".strip() + f"\n{exercise.reasoning[language]}"
    if isinstance(exercise, Choice):
        option, why = exercise.options[exercise.answer][language], exercise.why[exercise.answer][language]
        return f"{LETTERS[exercise.answer]}. {option}\n{why}"
    return "\n".join(hint[language] for hint in exercise.hints)  # a run of one's own has no other
