"""What `pellucid look` does: a trace of a run or of a user's own module, checked, saved, shown, told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pellucid import anymodule
from pellucid.core.errors import UserError

if TYPE_CHECKING:
    from pellucid.api import Trained
    from pellucid.look import Trace


def looked(
    name: str, value: str | None, inputs: Sequence[str], find: Callable[[], Trained], *, backward: bool
) -> tuple[Trace, Iterable[str]]:
    """The trace, and its story line by line."""
    if anymodule.is_file(name):
        if value is not None:
            raise UserError(f"{value!r}: a module's inputs are files: write --input {value}")
        trace = anymodule.look(name, inputs, backward=backward)
        return trace, anymodule.tell(trace)
    if (value is None) == (not inputs) or len(inputs) > 1:
        raise UserError("look needs one input: write it behind the run, or behind --input")
    run = find()
    trace = run.look(inputs[0] if value is None else value, backward=backward)
    return trace, run.system.story(trace)


def check_places(out: str | None, page: str | None) -> None:
    """Before anything is computed: can these files be written?"""
    for option, file in (("--out", out), ("--html", page)):
        if file and (Path(file).is_dir() or not Path(file).absolute().parent.is_dir()):
            raise UserError(f"{option}: {file!r} is a folder, or lies in one that is not there; name a file")


def show(trace: Trace, story: Iterable[str], title: str, *, out: str | None, page: str | None, as_json: bool) -> None:
    """Save it where that was asked for, tell it, and say what the check found. Exit code 1 where a number is wrong."""
    from safetensors import SafetensorError

    from pellucid import terminal
    from pellucid.core.run import write_beside
    from pellucid.look import TraceError

    report = trace.check()
    if out:
        try:
            trace.save(Path(out))
        except (OSError, SafetensorError) as error:
            raise UserError(f"--out: {out!r} cannot be written: {getattr(error, 'strerror', None) or error}") from None
    if page:
        try:
            write_beside(Path(page), trace.to_html(title=title).encode())
        except TraceError as error:
            raise UserError(f"--html: {error}") from None
    if as_json:
        terminal.trace_json(trace, report)
    else:
        for line in story:
            click.echo(line)
        for name in report.unchecked:
            click.echo(f"not checked: {name}")
        for name in report.failed:
            click.echo(f"DIFFERS: {name}")
        if out:
            click.echo(f"trace saved: {out}")
        if page:
            click.echo(f"page saved: {page}")
        click.echo(str(report))
    if report.failed:
        sys.exit(1)
