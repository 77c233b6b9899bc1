"""A homework: the exercises of one room, or of one file of a teacher's folder; and whose homework a file is."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pellucid.core.card import Words
from pellucid.core.errors import UserError, closest
from pellucid.learn.homework.check import Result
from pellucid.learn.homework.exercise import Exercise
from pellucid.learn.homework.source import Source


@dataclass(frozen=True)
class Homework:
    """file: where its answers stand, which the learner's code is refused to read."""

    name: str
    title: Words
    exercises: tuple[Exercise, ...]
    file: Path | None = None

    def only(self, names: Sequence[tuple[str, str]]) -> Homework:
        """The same with those of its exercises that are named, as (homework, exercise); all where none is."""
        kept = tuple(e for e in self.exercises if not names or (self.name, e.name) in names)
        return Homework(self.name, self.title, kept, self.file)


def load_folder(folder: Path) -> list[Homework]:
    """A teacher's own: every .py file in it with EXERCISES. Their code runs here, with all rights."""
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; name one with .py files that have EXERCISES")
    found = [homework for file in sorted(folder.glob("*.py")) if (homework := _load(file))]
    if not found:
        raise UserError(f"{folder}: no .py file in it has EXERCISES; see docs/homework.md")
    return found


def _load(file: Path) -> Homework | None:
    spec = importlib.util.spec_from_file_location(f"pellucid_exercises_{file.stem}", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UserError(f"{file}: cannot be run: {type(error).__name__}: {error}") from None
    if not hasattr(module, "EXERCISES"):
        return None
    exercises = tuple(module.EXERCISES)
    if not exercises or not all(isinstance(each, Exercise) for each in exercises):
        raise UserError(f"{file}: EXERCISES must be Function, Quantity, Choice or Beat objects; see docs/homework.md")
    names = [each.name for each in exercises]
    if twice := next((name for name in names if names.count(name) > 1 or not name.isidentifier()), None):
        raise UserError(f"{file}: {twice!r} is no identifier, or is there twice; each exercise needs a name of its own")
    plain: Words = {"en": file.stem, "zh-TW": file.stem}
    title: Words = getattr(module, "TITLE", plain)
    return Homework(file.stem, title, exercises, file.absolute())


def homework_of(source: Source, known: Mapping[str, Homework]) -> Homework | None:
    """Which homework a file is: it says so, or is named so, or answers most of its exercises; None for none."""
    for name in (source.homework, re.sub(r"-[0-9]+$", "", source.path.stem)):
        if name is not None and name in known:
            return known[name]
    answered = {name: source.defines(homework.exercises) for name, homework in known.items()}
    best = max(answered, key=lambda name: answered[name], default=None)
    return known[best] if best is not None and answered[best] else None


def find_exercise(name: str, known: Mapping[str, Homework]) -> tuple[Homework, Exercise]:
    """`exercise`, or `homework/exercise` where two have the same name."""
    place, slash, last = name.rpartition("/")
    every = [(homework, each) for homework in known.values() for each in homework.exercises]
    found = [(h, e) for h, e in every if e.name == last and (not slash or h.name == place)]
    if len(found) > 1:
        ways = ", ".join(f"{homework.name}/{exercise.name}" for homework, exercise in found)
        raise UserError(f"{name}: is not the only one of this name: write {ways}")
    if not found:
        names = [e.name for _, e in every] + [f"{h.name}/{e.name}" for h, e in every]
        raise UserError(f"{name}: no such exercise{closest(name, names) or '.'} Try: pellucid homework list")
    return found[0]


def best(results: Sequence[Result]) -> list[Result]:
    """One result an exercise, where several files answer it: the one with most points, the later one of equals."""
    kept: dict[tuple[str, str], Result] = {}
    for result in results:
        key = (result.homework, result.exercise)
        if key not in kept or result.points >= kept[key].points:
            kept[key] = result
    return list(kept.values())
