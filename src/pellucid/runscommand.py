"""`pellucid runs`: the runs that there are, what came of each, and how it was trained. Loads no torch."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

import click

from pellucid import catalog
from pellucid.core.errors import UserError
from pellucid.options import AS_JSON, RUNS


@click.command(short_help="The runs that there are, and what came of each.")
@click.argument("system", required=False)
@RUNS
@AS_JSON
def runs(system: str | None, runs: str | None, as_json: bool) -> None:
    """The runs that there are, of all systems or of one: state, best score, and the flags it was trained with.

    The first word of a line is the run's name: other commands take it, its folder, or the system for the newest.

    \b
    pellucid runs
    pellucid runs spam_detector
    pellucid runs --json
    """
    from pellucid import api

    room = catalog.find(system).name if system else None
    found = [_told(run) for run in api.all_runs(runs, room)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for each in found:
        click.echo(_line(each))
    if not found:
        of = f" of {room}" if room else ""
        example = room or catalog.BUILT[-1]
        click.echo(f"no runs{of} in {api.runs_folder(runs)} yet; start one: pellucid train {example}", err=True)


def _told(run: Any) -> dict[str, Any]:
    """What there is to say of a run. One that is damaged is a line as well, never the end."""
    named = {"run": run.path.name, "folder": str(run.path), "system": run.path.parent.name}
    try:
        info = type(run).open(run.path).info
        done = info.get("training") or {}
        return named | {
            "state": run.state,
            "started": info.get("started"),
            "seconds": done.get("seconds"),
            "score": done.get("monitor"),
            "best": done.get("best"),
            "command": info.get("command", ""),
        }
    except (UserError, LookupError, TypeError, AttributeError) as error:
        return named | {"state": "damaged", "problem": str(error)}


def _line(told: Mapping[str, Any]) -> str:
    best = f"{told['score']} {told['best']:.4f}" if isinstance(told.get("best"), int | float) else ""
    flags = shlex.join(shlex.split(told.get("command") or "")[3:])  # behind `pellucid train SYSTEM`
    rest = flags or told.get("problem", "")
    return f"{told['run']:23} {told['system']:18} {told['state']:11} {best:28} {rest}".rstrip()
