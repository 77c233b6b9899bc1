"""How results look in a terminal, and as JSON. Results go to standard output, everything else to standard error."""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import tee
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table as RichTable

from pellucid.answerlines import heading, lines_of
from pellucid.core.answering import line_of
from pellucid.core.process import quoted
from pellucid.core.progress import duration, one_line, sharing

if TYPE_CHECKING:
    from pellucid.api import Trained, Variant
    from pellucid.core.answering import Answered
    from pellucid.core.card import Card
    from pellucid.core.contract import Table


def trained(run: Trained) -> None:
    """What a training ends with: where the run lies, and what to do with it."""
    if int(os.environ.get("RANK", 0)):
        return  # one process speaks for all
    info = run.run.info
    done = info["training"]
    click.echo(f"trained {info['room']} in {duration(done['seconds'])} ({done['examples_per_second']:,.0f} examples/s)")
    click.echo(f"best {done['monitor']} {done['best']:.4f} in epoch {done['best_epoch']} of {done['epochs']}\n")
    scores(run.evaluate(), as_json=False)
    path = quoted(run.path)
    click.echo(f"\nrun   {path}\nnext: pellucid look {path} {run.input.kind.upper()}")
    click.echo(f"      pellucid export {path}\n      tensorboard --logdir {path}")


def scores(found: dict[str, Any], *, as_json: bool) -> None:
    """Metrics, one a line, and the confusion matrix where there is one."""
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        if not isinstance(value, list):
            click.echo(f"{name:10} {value:,}" if isinstance(value, int) else f"{name:10} {value:.4f}")
    if "labels" in found:
        _confusion(found["labels"], found["confusion"])
    elif "confusion" in found:
        (tn, fp), (fn, tp) = found["confusion"]
        click.echo(f"{'confusion':10} {tp} found, {fn} missed, {fp} false alarms, {tn} rightly left alone")


def _confusion(labels: Sequence[str], matrix: Sequence[Sequence[int]], most: int = 12) -> None:
    """A row a true class, a column an answer; of many classes only what they are mistaken for most."""
    click.echo("\nconfusion: rows are the truth, columns the answer")
    if len(labels) > most:
        places = ((i, j) for i, j in itertools.permutations(range(len(labels)), 2) if matrix[i][j])
        for i, j in sorted(places, key=lambda place: -matrix[place[0]][place[1]])[:most]:
            click.echo(f"{matrix[i][j]:6,}  {labels[i]} taken for {labels[j]}")
        return
    width = max(len(f"{max(map(max, matrix)):,}"), *map(len, labels))
    click.echo("  ".join(f"{name:>{width}}" for name in ("", *labels)))
    for label, row in zip(labels, matrix, strict=True):
        click.echo("  ".join([f"{label:>{width}}", *(f"{n:>{width},}" if n else f"{'·':>{width}}" for n in row)]))


def layers(table: Table) -> None:
    """`pellucid summary`: one row a layer."""
    view = RichTable(title=table.title, title_justify="left", box=None, padding=(0, 3, 0, 0))
    for name, justify in (("layer", "left"), ("kind", "left"), ("output", "left"), ("parameters", "right")):
        view.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    view.add_column("formula", no_wrap=True)
    for layer in table.layers:
        view.add_row(layer.name, layer.kind, layer.shape, f"{layer.parameters:,}", layer.formula)
    view.add_row("total", "", "", f"{table.total:,}", "", style="bold")
    _print(view)
    click.echo()


def comparison(variants: Sequence[Variant], *, as_json: bool) -> None:
    """`pellucid compare`: mean ± spread over the seeds, one row a figure, one column a variant."""
    if as_json:
        click.echo(json.dumps([{"fields": v.fields, "figures": v.figures} for v in variants]))
        return
    view = RichTable(box=None, padding=(0, 3, 0, 0))
    seeds = len(next(iter(variants[0].figures.values())))
    view.add_column(f"mean ± spread of {seeds} seeds" if seeds > 1 else "one training each", no_wrap=True)
    for variant in variants:
        view.add_column(" ".join(f"{k}={v}" for k, v in variant.fields.items()), justify="right", no_wrap=True)
    for name in variants[0].figures:
        counts = all(value.is_integer() and value > 1 for v in variants for value in map(float, v.figures[name]))
        digits = 0 if counts or name == "examples_per_second" else 2 if name == "seconds" else 4
        cells = ([_rounded(v.mean(name), digits)] + [_rounded(v.spread(name), digits)] * (seeds > 1) for v in variants)
        view.add_row(name.replace("_", " "), *map(" ± ".join, cells))
    _print(view)


def _rounded(value: float, digits: int) -> str:
    """What these digits would make 0 is written with its power of ten."""
    return f"{value:.2e}" if 0 < abs(value) < 0.5 * 10**-digits else f"{value:,.{digits}f}"


def predictions(values: Iterable[tuple[str, Any]], run: Trained, *, as_json: bool) -> None:
    """Answers as they come. Each value comes with the words in which it was asked for."""
    asked, told = tee(values)
    found = zip(told, run.stream(value for _, value in asked), strict=False)
    if as_json:
        lines = (_json({run.input.name: shown} | answer) for (shown, _), answer in found)
    else:
        lines = (line for (shown, _), answer in found for line in lines_of(shown, answer, run.card))
    _echo(lines, "" if as_json else heading(run.card))


def answered(found: Iterable[Answered], card: Card, *, as_json: bool, reasons: bool) -> Iterator[str]:
    """The lines of a file that is answered. reasons: whether its rows have a column for what is wrong with them."""
    for one in found:
        if as_json:
            yield _json(line_of(one, card, reasons=reasons))
        elif one.answer is None:
            yield f"error: {one_line(one.wrong)}  {one_line(one.question.shown)}".rstrip()
        else:
            yield from lines_of(one.question.shown, one.answer, card)


def write(lines: Iterable[str], done: Callable[[], float], *, title: str, at_once: bool) -> None:
    """Lines as they come, or only once all are there, so that an error leaves nothing half-written."""
    if at_once:
        _echo(lines, title)
        return
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace", newline="\n") as kept:
        with sharing() as tell:
            for line in lines:
                kept.write(f"{line}\n")
                tell("answering", done())
        kept.seek(0)
        _echo((line.rstrip("\n") for line in kept), title)


def _echo(lines: Iterable[str], title: str) -> None:
    """The title stands above the first answer, beside the answers themselves, and above no error."""
    for line in lines:
        if title:
            click.echo(title, err=True)
            title = ""
        click.echo(line)


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, default=str)


def trace_json(trace: Any, report: Any) -> None:
    """`pellucid look --json`: the graph with each node's check, without the tensors."""
    json.dump({"graph": trace.to_json(), "check": report.to_json()}, sys.stdout, ensure_ascii=False)
    click.echo()


def _print(table: RichTable) -> None:
    """As wide as it needs to be: nothing is cut off, in a narrow window its lines wrap."""
    wide = Console(highlight=False, width=1000)
    Console(highlight=False, width=wide.measure(table).maximum, soft_wrap=True).print(table)
