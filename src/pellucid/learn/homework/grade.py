"""Grade the submissions of many learners: a table, and a page for each. A broken one is a line in it, never the end."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pellucid.core.card import Words
from pellucid.core.errors import UserError
from pellucid.core.run import write_beside
from pellucid.learn.homework.check import Measure, Result, check
from pellucid.learn.homework.process import Limits
from pellucid.learn.homework.sets import Homework, best, homework_of
from pellucid.learn.homework.source import SUFFIXES, find, read


@dataclass(frozen=True)
class Graded:
    """One learner. problems: what of the submission could not be read."""

    learner: str
    results: list[Result]
    problems: list[str]

    @property
    def points(self) -> int:
        return sum(result.points for result in self.results)


def learners(folder: Path) -> list[Path]:
    """The submissions: a folder or a file each."""
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; name one with a folder or a file for each learner")
    found = [p for p in sorted(folder.iterdir()) if not p.name.startswith(".") and not p.is_symlink()]
    found = [p for p in found if p.is_dir() or p.suffix in SUFFIXES]
    if not found:
        raise UserError(f"{folder}: holds no submission: a folder, a .py or an .ipynb file for each learner")
    return found


def grade_one(
    submission: Path,
    known: Mapping[str, Homework],
    measure: Callable[[Path], Measure],
    limits: Limits | None = None,
) -> Graded:
    """measure: for the folder of a submission, how runs handed in with it are measured."""
    learner = submission.stem if submission.is_file() else submission.name
    results: list[Result] = []
    problems: list[str] = []
    try:
        files = find(submission)
    except (UserError, OSError) as error:
        return Graded(learner, [], [str(error)])
    forbidden = [homework.file for homework in known.values() if homework.file]
    for file in files:
        try:
            source = read(file)
            homework = homework_of(source, known)
            if homework is None:
                problems.append(f"{file.name}: answers no exercise that is known")
                continue
            inside = submission if submission.is_dir() else submission.parent
            found = check(
                source, homework.name, homework.exercises, measure=measure(inside), limits=limits, forbidden=forbidden
            )
            results += [_with_hint(result, homework) for result in found]
            unread = dict.fromkeys(result.message["en"] for result in found if result.status == "unread")
            problems += [f"{file.name}: {message}" for message in unread]
        except UserError as error:
            problems.append(str(error))
        except Exception as error:  # one learner's odd file must not cost all others their grade
            problems.append(f"{file.name}: {type(error).__name__}: {error}")
    return Graded(learner, best(results), problems or ([] if files else ["no .py or .ipynb file"]))


def _with_hint(result: Result, homework: Homework) -> Result:
    hints = next(exercise.hints for exercise in homework.exercises if exercise.name == result.exercise)
    return replace(result, hint=hints[0]) if result.status == "failed" and hints else result


def write_table(graded: Sequence[Graded], known: Mapping[str, Homework], out: Path, pages: Sequence[str]) -> None:
    """CSV: a row a learner, a column an exercise that anybody answered."""
    answered = {(result.homework, result.exercise) for one in graded for result in one.results}
    columns = [(h.name, e.name) for h in known.values() for e in h.exercises if (h.name, e.name) in answered]
    of = {(h.name, e.name): e.points for h in known.values() for e in h.exercises}
    stream = io.StringIO()
    table = csv.writer(stream)
    table.writerow(["learner", "points", "of", *(f"{h}/{e}" for h, e in columns), "problems", "report"])
    for one, page in zip(graded, pages, strict=True):
        points = {(r.homework, r.exercise): r.points for r in one.results}
        row: list[object] = [harmless(one.learner), one.points, sum(of[c] for c in columns)]
        row += [points.get(column, "") for column in columns]
        table.writerow([*row, harmless("; ".join(one.problems)), harmless(page)])
    write_beside(out, b"\xef\xbb\xbf" + stream.getvalue().encode())  # the mark tells Excel that this is UTF-8


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, on one line."""
    line = " ".join(text.encode("utf-8", "replace").decode().split())
    return f"'{line}" if line.startswith(("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")) else line


def page_name(learner: str, number: int) -> str:
    return f"{number:03}-{re.sub(r'[^A-Za-z0-9_-]+', '_', learner)[:60] or 'learner'}.html"


def write_page(one: Graded, known: Mapping[str, Homework], file: Path) -> None:
    """A learner's report in both languages; everything in it that they wrote is escaped."""
    of = sum(result.of for result in one.results)
    rows = "".join(_row(result) for result in one.results)
    problems = "".join(f"<li>{_escape(problem)}</li>" for problem in one.problems)
    text = PAGE.format(
        learner=_escape(one.learner),
        points=one.points,
        of=of,
        rows=rows,
        problems=f"<ul>{problems}</ul>" if problems else "",
    )
    write_beside(file, text.encode())


def _row(result: Result) -> str:
    details = [("", result.message)]
    if result.call:
        details.append(("call · 呼叫", result.call))
    for label, value in (("expected · 預期", result.expected), ("got · 得到", result.got)):
        if value:
            details.append((label, {"en": value, "zh-TW": value}))
    if result.index:
        at = "[" + ", ".join(map(str, result.index)) + "]"
        details.append(("at · 位置", {"en": at, "zh-TW": at}))
    if result.hint:
        details.append(("hint · 提示", result.hint))
    if result.printed.strip():
        details.append(("printed · 印出", {"en": result.printed, "zh-TW": result.printed}))
    told = "".join(f"<dt>{label}</dt><dd>{_both(words)}</dd>" for label, words in details)
    return (
        f'<section class="{result.status}"><h2>{_both(result.title)} <small>{_escape(result.homework)}/'
        f"{_escape(result.exercise)}</small> <b>{result.points} / {result.of}</b></h2><dl>{told}</dl></section>\n"
    )


def _both(words: Words) -> str:
    en, zh = _escape(words["en"]), _escape(words["zh-TW"])
    return f"<pre>{en}</pre>" if en == zh else f'{en}<br><span lang="zh-TW">{zh}</span>'


def _escape(text: str) -> str:
    """For HTML, and without letters that would turn the direction of what follows or steer a terminal."""
    clean = "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text.encode("utf-8", "replace").decode())
    return html.escape(clean)


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{learner}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #222; }}
section {{ border-left: 4px solid #b3261e; padding-left: 1rem; margin: 1.5rem 0; }}
section.passed, section.public {{ border-color: #1b7f4d; }} section.open {{ border-color: #888; }}
h2 {{ font-size: 1.1rem; }} h2 b {{ float: right; }} small {{ font-weight: normal; color: #666; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }} dt {{ color: #666; }} dd {{ margin: 0 0 .5rem; }}
</style></head><body>
<h1>{learner}: {points} / {of}</h1>
{problems}
{rows}</body></html>
"""
