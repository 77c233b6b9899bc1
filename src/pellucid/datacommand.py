"""`pellucid data`: what is built in, what can be downloaded by name, and what a system would learn from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from pellucid import catalog
from pellucid.core.errors import UserError
from pellucid.options import AS_JSON
from pellucid.roomcommand import PerRoom, body_of


@click.group(short_help="Data sets: built in, by name, and your own.")
def data() -> None:
    """Data sets: those built in, those to be had by name, and what a system makes of your own.

    \b
    pellucid data list
    pellucid data show image_classifier --data folder/of/classes
    pellucid data get fashion_mnist
    """


@data.command("list")
def data_list() -> None:
    """What is built in, with its licence, and what can be downloaded.

    \b
    pellucid data list
    """
    for room in catalog.BUILT:
        for line in catalog.card(room).data:
            click.echo(f"{room}: built in: {line}")
        for remote in catalog.remotes(room):
            size = sum(file.size or 0 for file in remote.files)
            click.echo(f"{room}: by name: {remote.name} ({size / 1e6:.1f} MB), {remote.about}, {remote.licence}")


@data.group(
    "show",
    cls=PerRoom,
    rooms=catalog.shown,
    short_help="Classes, parts, repeats and samples.",
    common=[
        click.option("--html", "page", metavar="FILE", help="Save a page with more samples; it opens from disk."),
        click.option("--each", type=click.IntRange(1, 1000), default=20, show_default=True, help="Samples of a class."),
        AS_JSON,
    ],
)
def data_show() -> None:
    """The data that a system would learn from: classes, parts, repeats, samples.

    \b
    pellucid data show image_classifier
    pellucid data show image_classifier --data folder/of/classes --html page.html
    """


@body_of(data_show)
def data_show_room(room: str, fields: dict[str, Any], page: str | None, each: int, as_json: bool) -> None:
    if room not in catalog.shown():
        raise UserError(f"{room}: has no data set of classes to show; these have: {', '.join(catalog.shown())}")
    found = catalog.data_page(room, catalog.config(room).build(fields), each)
    if page:
        from pellucid.core.run import write_beside

        if Path(page).is_dir() or not Path(page).absolute().parent.is_dir():
            raise UserError(f"--html: {page!r} is a folder, or lies in one that is not there; name a file")
        write_beside(Path(page), found.to_html().encode())
    for line in [json.dumps(found.to_json(), ensure_ascii=False)] if as_json else found.lines():
        click.echo(line)
    if page:
        click.echo(f"page saved: {page}", err=True)


@data.command("get", short_help="Download a data set by name.")
@click.argument("name")
@click.option("--into", metavar="DIR", help="Where to. [default: $PELLUCID_DATA, else the user's cache]")
def data_get(name: str, into: str | None) -> None:
    """Download a data set by name: several mirrors, resumed, its checksum verified.

    \b
    pellucid data get fashion_mnist
    pellucid train image_classifier --data fashion_mnist
    """
    from pellucid.core.data.download import fetch
    from pellucid.core.errors import closest

    known = {remote.name: remote for room in catalog.BUILT for remote in catalog.remotes(room)}
    if name not in known:
        raise UserError(f"{name}: no such data set{closest(name, known) or '.'} Known: {', '.join(known)}")
    click.echo(fetch(known[name], folder=None if into is None else Path(into)))
