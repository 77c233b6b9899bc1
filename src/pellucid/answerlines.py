"""An answer as people read it in a terminal: one line where it is a class, else the question and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pellucid.core.card import Card, Ranked
from pellucid.core.progress import one_line

ON_ONE_LINE = {"label", "probability", "distribution"}


def heading(card: Card) -> str:
    """What the columns of `lines_of` are; empty where each figure comes with its name."""
    if not _is_class(card):
        return ""
    titles = [output.title["en"] for output in card.outputs if output.kind != "distribution"]
    return " · ".join([*titles, card.input.title["en"]])


def lines_of(shown: str, answer: Mapping[str, Any], card: Card) -> Iterator[str]:
    """The answer to what was asked for in the words `shown`."""
    given = [(output, answer[output.name]) for output in card.outputs if answer.get(output.name) is not None]
    if _is_class(card):
        yield "  ".join([*(figure(output.kind, value) for output, value in given), one_line(shown)])
        return
    yield one_line(shown)
    yield from (f"  {value['en']}" for output, value in given if output.kind == "sentence")
    named = [(output, value) for output, value in given if output.kind not in ("sentence", "ranking")]
    width = max((len(output.title["en"]) for output, _ in named), default=0)
    yield from (f"  {output.title['en']:{width}}  {figure(output.kind, value)}" for output, value in named)
    for places in (value for output, value in given if output.kind == "ranking"):
        yield from _ranking(places)


def _is_class(card: Card) -> bool:
    return all(output.kind in ON_ONE_LINE for output in card.outputs)


def _ranking(places: Sequence[Ranked]) -> Iterator[str]:
    """A line for each place, best first; behind it what it is an extract of."""
    width = max((len(place["name"]) for place in places), default=0)
    for place in places:
        yield f"  {place['score']:7.4f}  {place['name']:{min(width, 40)}}  {one_line(place['text'])}".rstrip()


def figure(kind: str, value: Any) -> str:
    """One output's value."""
    if kind == "distribution":  # the likeliest after the answer itself
        others = sorted(value, key=lambda name: -value[name])[1:3]
        return "(" + ", ".join(f"{name} {value[name]:.4f}" for name in others) + ")"
    if kind == "numbers" and value:
        return ", ".join(f"{name} = {'none' if number is None else f'{number:.6g}'}" for name, number in value.items())
    return f"{value:.4f}" if isinstance(value, float) else f"{value}"
