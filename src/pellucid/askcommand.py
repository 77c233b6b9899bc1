"""Commands that ask a run: `pellucid predict`, and the verbs that some systems have of their own."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import click

from pellucid import catalog
from pellucid.core.errors import UserError
from pellucid.core.progress import one_line
from pellucid.options import AS_JSON, RUNS, find


class Asking(click.Command):
    """A command that is given inputs: `-0.5, 1` is one of them, and no option."""

    MARK = "\0"  # no argument of a program holds one

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        valued = {name for option in self.params if not getattr(option, "is_flag", True) for name in option.opts}
        marked = [
            self.MARK + arg if re.match(r"-[\d.]", arg) and before not in valued else arg
            for before, arg in zip(["", *args], args, strict=False)
        ]
        return super().parse_args(ctx, marked)

    @classmethod
    def unmarked(cls, ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(each.removeprefix(cls.MARK) for each in value)
        return value and value.removeprefix(cls.MARK)


@click.command(cls=Asking, short_help="Answers to inputs, or to each row of a file.")
@click.argument("run")
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", callback=Asking.unmarked)
@click.option(
    "--file", metavar="FILE", help="Inputs from a CSV, TSV, JSONL, Parquet or text file, or a picture folder."
)
@click.option("--column", help="The file's column that holds the input. [default: the input's own name]")
@click.option("--encoding", default="utf-8", show_default=True, help="The file's text encoding.")
@click.option("--quoting/--no-quoting", default=True, help="Whether quotes in CSV and TSV hold a cell together.")
@click.option(
    "--on-bad",
    type=click.Choice(["refuse", "skip"]),
    default="refuse",
    show_default=True,
    help="Of a file's bad row: refuse it all, or leave the row without an answer and say why.",
)
@RUNS
@AS_JSON
def predict(
    run: str,
    inputs: tuple[str, ...],
    file: str | None,
    column: str | None,
    encoding: str,
    quoting: bool,
    on_bad: Literal["refuse", "skip"],
    runs: str | None,
    as_json: bool,
) -> None:
    """Answers of a RUN to each INPUT, or to each row of a file of any length.

    An input is a text, or a picture's file; in a table, a picture's file is named from the table's own folder. With
    --json the file's other columns stand beside the answers. A bad row stops it before anything is written; with
    --on-bad skip answers come as they are found, and a bad row has its reason in the column `error`.

    \b
    pellucid predict spam_detector "Claim your prize now" "See you at five"
    pellucid predict spam_detector --file messages.csv --column body --json > answers.jsonl
    pellucid predict image_classifier digit.png other.jpg
    pellucid predict image_classifier --file folder/of/pictures
    """
    from pellucid import terminal

    if bool(inputs) == bool(file):
        has = "both are there" if inputs else "neither is there"
        raise click.UsageError(f"give either inputs or --file: {has}")
    found = find(run, runs)
    if file:
        from pellucid.answerlines import heading
        from pellucid.core.answering import Answering
        from pellucid.core.data.inputs import Inputs

        asked = Inputs(found.input, Path(file), column, encoding=encoding, quoting=quoting, parts=found.system.columns)
        answering = Answering(found.stream, asked, on_bad)
        lines = terminal.answered(answering, found.card, as_json=as_json, reasons=on_bad == "skip")
        title = "" if as_json else heading(found.card)
        terminal.write(lines, lambda: asked.done, title=title, at_once=on_bad == "skip")
        click.echo(answering.report(), err=True, nl=bool(answering.report()))
    else:
        terminal.predictions([(text, found.input.read(text)) for text in inputs], found, as_json=as_json)


def verbs() -> list[click.Command]:
    """`pellucid similar`, `pellucid search`: `predict` by the name that people know, and as many places as wanted."""
    return [_verb(entry) for entry in catalog.CATALOG if entry.built and entry.verb]


def _verb(entry: catalog.Entry) -> click.Command:
    @click.command(entry.verb, cls=Asking, short_help=f"Ask {entry.name}: the best of many, each with its score.")
    @click.argument("run")
    @click.argument("queries", nargs=-1, required=True, metavar="QUERY...", callback=Asking.unmarked)
    @click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many places.")
    @RUNS
    @AS_JSON
    def ask(run: str, queries: tuple[str, ...], top: int, runs: str | None, as_json: bool) -> None:
        from pellucid import terminal

        found = find(run, runs)
        if found.run.room != entry.name:
            raise UserError(f"{found.path}: is a run of {found.run.room}; {entry.verb} asks runs of {entry.name}")
        codec: Any = found.system.codec
        found.system.codec = replace(codec, top=top)
        terminal.predictions([(query, found.input.read(query)) for query in queries], found, as_json=as_json)

    queries = (one_line(value) for value in catalog.card(entry.name).input.examples)
    examples = (f'pellucid {entry.verb} {entry.name} "{query}"' for query in queries)
    ask.help = "\n".join([f"Ask a RUN of {entry.name}: the best of many, each with its score.", "", "\b", *examples])
    return ask
