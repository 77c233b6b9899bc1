"""`pellucid add`: more data into a run that is trained, where its system takes any."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cached_property
from typing import Any

import click

from pellucid import catalog
from pellucid.options import AS_JSON, RUNS, find
from pellucid.roomcommand import option


class Adding(click.Command):
    """The flags that say how the file is read are fields of the rooms' configurations; loaded only when needed."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*self._read, *super().get_params(ctx)]

    @cached_property
    def _read(self) -> list[click.Parameter]:
        found: dict[str, click.Parameter] = {}
        for room in catalog.BUILT:
            if adds := catalog.card(room).adds:
                fields = catalog.config(room).model_fields
                found |= {name: option(name, fields[name], "the run's own") for name in adds.read}
        return list(found.values())


@click.command(cls=Adding, context_settings={"token_normalize_func": lambda flag: flag.replace("_", "-")})
@click.argument("run")
@click.argument("file")
@RUNS
@AS_JSON
def add(run: str, file: str, runs: str | None, as_json: bool, **read: Any) -> None:
    """Add what a FILE or folder holds to a trained search.

    It is read as the run's own data were, unless a flag says otherwise. Stopped, or refused, it leaves the run as it
    was; whoever asks the run meanwhile is answered by the old one or by the new one.

    \b
    pellucid add document_search more/
    pellucid add document_search new.csv.gz --text-column body --name-column title --on-bad skip
    """
    from pellucid.core.progress import sharing

    found = find(run, runs)
    with sharing() as progress:
        added = found.add(file, progress=progress, **{name: value for name, value in read.items() if value is not None})
    if as_json:
        click.echo(json.dumps(asdict(added), ensure_ascii=False))
        return
    what = found.card.adds.what["en"] if found.card.adds else ""
    click.echo(f"{what} added: {added.count:,}; the run holds {added.total:,} now")
    for line in filter(None, (added.skipped, added.advice and added.advice["en"])):
        click.echo(line, err=True)
