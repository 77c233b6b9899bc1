"""`pellucid homework`: start, check, solutions, and grading for teachers. Loads what it needs when it is called."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pellucid import catalog
from pellucid.core.errors import UserError, closest

if TYPE_CHECKING:
    from pellucid.learn.homework import Beat
    from pellucid.learn.homework.check import Measure, Result
    from pellucid.learn.homework.progress import Progress
    from pellucid.learn.homework.sets import Homework

Language = Literal["en", "zh-TW"]
LANG = click.option("--lang", type=click.Choice(["en", "zh-TW"]), default="en", show_default=True, help="The language.")
OWN = click.option("--exercises", metavar="FOLDER", help="A teacher's own .py files with EXERCISES. Runs their code.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
SECONDS = click.option(
    "--seconds", type=click.FloatRange(min=0.1), default=10, show_default=True, help="Most time for an exercise."
)


@click.group(short_help="Exercises, checked on this machine.")
def homework() -> None:
    """Exercises of the course: start them, check them, see how they are solved. Everything stays on this machine.

    \b
    pellucid homework start day1
    pellucid homework check homework
    pellucid homework solution lstm_step
    pellucid homework grade submissions --out grades.csv
    """


def _known(own: str | None) -> dict[str, Homework]:
    """Every homework by name: the rooms', or a teacher's own."""
    from pellucid.learn.homework.sets import Homework, load_folder

    if own is not None:
        click.echo(f"running the exercises in {own}, with all rights: use only a folder that you trust", err=True)
        return {each.name: each for each in load_folder(Path(own))}
    found = {}
    for entry in catalog.CATALOG:
        if entry.built and (exercises := catalog.homework(entry.name)):
            file = catalog.folder(entry.name) / "homework.py"
            found[entry.name] = Homework(entry.name, entry.title, exercises, file)
    return found


def _chosen(name: str, known: dict[str, Homework]) -> list[Homework]:
    """`day1`, `bonus`, `all`, or one by its name."""
    if name in known:
        return [known[name]]
    if name == "all":
        return list(known.values())
    days = {entry.name: f"day{entry.day}" if entry.day != "bonus" else "bonus" for entry in catalog.CATALOG}
    if name in days.values():
        found = [homework for homework in known.values() if days.get(homework.name) == name]
        if not found:
            raise UserError(f"{name}: no homework for that day yet. There is: {', '.join(known)}")
        return found
    if name in days:
        catalog.find(name)
        raise UserError(f"{name}: has no homework yet. There is: {', '.join(known)}")
    raise UserError(
        f"{name}: no such homework{closest(name, [*known, *days.values()]) or '.'} There is: {', '.join(known)}"
    )


@homework.command("list")
@OWN
@LANG
@AS_JSON
def list_(exercises: str | None, lang: Language, as_json: bool) -> None:
    """What there is, and what of it is passed.

    \b
    pellucid homework list
    pellucid homework list --lang zh-TW
    """
    from pellucid.learn.homework.progress import Progress

    progress, known = Progress(), _known(exercises)
    rows = [
        {
            "homework": each.name, "exercise": e.name, "title": e.title, "points": e.points, "kind": type(e).__name__,
            "passed": progress.of(each.name, e.name).get("passed") is True,
        }
        for each in known.values() for e in each.exercises
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for each in known.values():
        click.echo(f"{each.name}: {each.title[lang]}, {progress.done(each.name, each.exercises)}/{len(each.exercises)}")
        for e in each.exercises:
            mark = "x" if progress.of(each.name, e.name).get("passed") is True else " "
            click.echo(f"  [{mark}] {e.name:20} {e.points:2}  {e.title[lang]}")


@homework.command(short_help="Write the files to work in.")
@click.argument("name", metavar="day1|SYSTEM")
@click.option("--into", metavar="DIR", default="homework", show_default=True, help="Where the files go.")
@click.option("--notebook", is_flag=True, help="Write notebooks instead of .py files.")
@click.option("--again", is_flag=True, help="Where a file is there already, write a new one beside it.")
@LANG
@OWN
def start(name: str, into: str, notebook: bool, again: bool, lang: Language, exercises: str | None) -> None:
    """Write the files to work in: one for each system of a day, or of one system. Overwrites nothing.

    \b
    pellucid homework start day1
    pellucid homework start spam_detector --into mine --notebook --lang zh-TW
    """
    from pellucid.learn.homework.files import write

    for file in write(_chosen(name, _known(exercises)), Path(into), lang, notebook=notebook, again=again):
        click.echo(file)
    click.echo(f"next: pellucid homework check {into}", err=True)


@homework.command(short_help="Check what was written, with a hint where it fails.")
@click.argument("path", metavar="DIR|FILE")
@click.argument("names", metavar="[EXERCISE]...", nargs=-1)
@SECONDS
@LANG
@OWN
@AS_JSON
def check(
    path: str, names: tuple[str, ...], seconds: float, lang: Language, exercises: str | None, as_json: bool
) -> None:
    """Check what was written: passed, or the first call that differs, with a hint. Exit code 0 when all passed.

    \b
    pellucid homework check homework
    pellucid homework check homework/spam_detector.py lstm_step
    pellucid homework check homework --json
    """
    from pellucid.learn.homework.progress import Progress
    from pellucid.learn.homework.sets import best, find_exercise

    known = _known(exercises)
    wanted = [(found[0].name, found[1].name) for name in names for found in [find_exercise(name, known)]]
    every, problems = _check_all(Path(path), known, wanted, seconds)
    found = best(every)
    progress = Progress()
    try:
        progress.record(found)
    except UserError as error:  # what was found is worth telling without it
        click.echo(f"pellucid: {error}", err=True)
    results = [_hinted(result, known, progress) for result in found]
    points, of = sum(r.points for r in results), sum(r.of for r in results)
    if as_json:
        plain = [result.to_json() for result in results]
        click.echo(
            json.dumps(
                {"results": plain, "points": points, "of": of, "problems": problems}, ensure_ascii=False, indent=1
            )
        )
    else:
        for line in _told(results, known, lang):
            click.echo(line)
        click.echo(f"{points}/{of} points" if lang == "en" else f"{points}/{of} 分")
    for problem in problems:
        click.echo(f"pellucid: {problem}", err=True)
    if problems or any(result.status not in ("passed", "public") for result in results):
        sys.exit(1)


def _told(results: Sequence[Result], known: dict[str, Homework], lang: Language) -> Iterator[str]:
    """Each homework's results in the order of the course; below its title, where there is more than one."""
    from pellucid.learn.homework import told

    held = {name: [result for result in results if result.homework == name] for name in known}
    several = sum(map(bool, held.values())) > 1
    for name in filter(held.get, held):
        if several:
            yield f"{name}: {known[name].title[lang]}"
        yield from told.report(held[name], lang)


def _check_all(
    path: Path, known: dict[str, Homework], wanted: Sequence[tuple[str, str]], seconds: float
) -> tuple[list[Result], list[str]]:
    """The results of every file there, and what of a folder cannot be read; UserError where none is homework."""
    from pellucid.learn.homework.check import check
    from pellucid.learn.homework.process import Limits
    from pellucid.learn.homework.sets import homework_of
    from pellucid.learn.homework.source import find, read

    results: list[Result] = []
    problems: list[str] = []
    forbidden = [each.file for each in known.values() if each.file]
    checked = False
    for file in find(path):
        try:
            source = read(file)
        except UserError as error:
            problems.append(str(error))
            continue
        belongs = homework_of(source, known)
        if belongs is None:
            if path.is_file():
                raise UserError(f"{file}: answers no exercise that is known; was it written by homework start?")
            continue
        checked = True
        kept = belongs.only(wanted).exercises
        limits = Limits(seconds=seconds)
        results += check(source, belongs.name, kept, measure=measure, limits=limits, forbidden=forbidden)
    if not checked:
        raise UserError(problems[0] if problems else f"{path}: holds no homework; try: pellucid homework start day1")
    if not results:
        raise UserError(f"{path}: does not hold {', '.join(name for _, name in wanted)}; see pellucid homework list")
    return results, problems


def _hinted(result: Result, known: dict[str, Homework], progress: Progress) -> Result:
    exercise = next(e for e in known[result.homework].exercises if e.name == result.exercise)
    return replace(result, hint=progress.hint(result.homework, exercise)) if result.status == "failed" else result


@homework.command()
@click.argument("name", metavar="EXERCISE")
@click.option("--anyway", is_flag=True, help="Show it before it is passed; that is recorded.")
@LANG
@OWN
def solution(name: str, anyway: bool, lang: Language, exercises: str | None) -> None:
    """The worked solution of an exercise, once it is passed.

    \b
    pellucid homework solution lstm_step
    pellucid homework solution spam_detector/vanishing --anyway
    """
    from pellucid.learn.homework import told
    from pellucid.learn.homework.progress import Progress
    from pellucid.learn.homework.sets import find_exercise

    belongs, exercise = find_exercise(name, _known(exercises))
    progress = Progress()
    if progress.of(belongs.name, exercise.name).get("passed") is not True:
        if not anyway:
            raise UserError(f"{name}: not passed yet; pass it first, or add --anyway, which is recorded")
        progress.saw_solution(belongs.name, exercise.name)
    click.echo(told.solution(exercise, lang))


@homework.command(short_help="For teachers: a table and a page for each learner.")
@click.argument("submissions", metavar="SUBMISSIONS")
@click.option("--out", metavar="FILE", default="grades.csv", show_default=True, help="The table.")
@click.option("--reports", metavar="DIR", help="Where each learner's page goes. [default: beside the table]")
@SECONDS
@OWN
def grade(submissions: str, out: str, reports: str | None, seconds: float, exercises: str | None) -> None:
    """For teachers: grade a folder with a file or a folder for each learner. Writes a table and a page for each.

    Their code runs here, in processes with limits that refuse files, network and other programs; that is no
    sandbox (see docs/homework.md). A submission that cannot be read is a line in the table, never the end.

    \b
    pellucid homework grade submissions --out grades.csv
    pellucid homework grade submissions --exercises mine --out mine.csv
    """
    from rich.console import Console
    from rich.progress import track

    from pellucid.learn.homework.grade import grade_one, learners, page_name, write_page, write_table
    from pellucid.learn.homework.process import Limits

    known, table = _known(exercises), Path(out)
    if table.is_dir() or not table.absolute().parent.is_dir():
        raise UserError(f"--out: {out!r} is a folder, or lies in one that is not there; name a file")
    folder = Path(reports) if reports else table.with_name(f"{table.stem}-reports")
    found = learners(Path(submissions))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: cannot be made: {error.strerror}; choose another --reports") from None
    console = Console(stderr=True)
    quiet = not console.is_terminal
    graded, pages = [], []
    for number, each in enumerate(track(found, "grading", console=console, transient=True, disable=quiet), 1):
        one = grade_one(each, known, _handed_in, Limits(seconds=seconds))
        page = folder / page_name(one.learner, number)
        write_page(one, known, page)
        graded.append(one)
        pages.append(page.name)
        write_table(graded, known, table, pages)  # after each: what is done stays done
    unread = sum(bool(one.problems) for one in graded)
    click.echo(
        f"{table}: {len(graded)} learners{f', {unread} with problems' if unread else ''}\n{folder}: their reports"
    )


# runs


def measure(exercise: Beat, run: str, folder: Path) -> float:
    """The metric of a learner's run, computed anew on the test data that come with the room."""
    from pellucid import api
    from pellucid.core.config import group_of

    path = folder / run if (folder / run / "run.json").is_file() else Path(run)
    try:
        found = api.find(str(path))
        if found.bundled:
            raise UserError("it is the one that comes with Pellucid; train one of your own")
        if found.run.room != exercise.room:
            raise UserError(f"it is a run of {found.run.room}, not of {exercise.room}")
        if found.run.state != "done":
            raise UserError(f"its state is {found.run.state}, not done")
        config = catalog.config(exercise.room)
        given = config.build(found.run.info["config"])
        for name, field in config.model_fields.items():
            fixed = group_of(config, name)["en"] == "Data" and name not in exercise.free
            if fixed and getattr(given, name) != field.default:
                raise UserError(f"its {name} is not the default; train on the built-in data as it is")
        return float(found.evaluate()[exercise.metric])
    except UserError:
        raise
    except Exception as error:  # a run folder is a file that somebody handed in
        raise UserError(f"it is damaged: {type(error).__name__}: {str(error)[:200]}") from None


def _handed_in(submission: Path) -> Measure:
    """Runs inside a submission only: nobody is graded for another one's run, or for the teacher's."""

    def inside(exercise: Beat, run: str, folder: Path) -> float:
        path = (folder / run).resolve()
        if not path.is_relative_to(submission.resolve()) or not (path / "run.json").is_file():
            raise UserError("it was not handed in with this file; put the run's folder beside it")
        return measure(exercise, str(path), folder)

    return inside
