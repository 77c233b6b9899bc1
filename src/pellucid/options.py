"""What commands have in common: the options for runs and JSON, and the run that a name stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pellucid.api import Trained

RUNS = click.option("--runs", metavar="DIR", help="Where runs lie. [default: $PELLUCID_RUNS, else ./runs]")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def find(run: str, runs: str | None) -> Trained:
    """The run, said aloud on standard error where it was not named exactly."""
    from pellucid import api

    found = api.find(run, runs)
    if found.bundled:
        click.echo(f"no run of yours yet: using the one bundled with {run}", err=True)
    elif not Path(run).is_dir():
        click.echo(f"run {found.path}", err=True)
    return found
