"""The numbers in a lesson that are known before the learner runs anything: looked up and written out, none is stale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pellucid.core.contract import Table
from pellucid.core.errors import UserError, closest
from pellucid.learn.directives import query
from pellucid.learn.inline import Json
from pellucid.learn.lesson import Lesson, nodes

Summary = Callable[[dict[str, str]], list[Table]]
"""Fields of a configuration, as text, to its tables of layers."""
Trace = Callable[[str, bool], Callable[[str], float]]
"""An input, and whether it is the gradients that are shown, to the bundled run's numbers by `NODE[3,5]`."""


def figures(lesson: Lesson, expected: Mapping[str, Any], summary: Summary, trace: Trace) -> dict[str, str]:
    """Key → text, of all figures but those of the learner's own run. UserError names the one that leads nowhere."""
    sources: dict[str, Callable[[Json], Any]] = {
        "expected": lambda node: follow(expected, node["ask"]),
        "summary": lambda node: counted(summary, node["ask"]),
        "trace": lambda node: trace(node["input"], node["gradient"])(node["ask"]),
    }
    found: dict[str, str] = {}
    for node in nodes(lesson["pages"]):
        if node["type"] != "figure" or node["source"] not in sources or node["key"] in found:
            continue
        try:
            found[node["key"]] = written(sources[node["source"]](node), node["format"])
        except ValueError as error:
            raise UserError(f"figure {node['key']!r}: {error}") from None
    return found


def follow(value: Any, path: str) -> Any:
    """What stands at the end of a path like `studies.0.variants.cell=lstm.f1.mean`. A key may hold dots itself."""
    parts = path.split(".")
    while parts:
        if isinstance(value, list):
            if not parts[0].isdecimal() or int(parts[0]) >= len(value):
                raise ValueError(f"{parts[0]!r} is no place in a list of {len(value)}")
            value, parts = value[int(parts[0])], parts[1:]
            continue
        keys = value if isinstance(value, Mapping) else {}
        length = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in keys), 0)
        if not length:
            raise ValueError(f"there is no {parts[0]!r}{closest(parts[0], keys)}")
        value, parts = value[".".join(parts[:length])], parts[length:]
    return value


def counted(summary: Summary, ask: str) -> int:
    """A count in the tables of layers: `FIELDS:dense.parameters`, `FIELDS:#1.total`, `FIELDS:#1.input.parameters`."""
    fields, _, place = ask.partition(":")
    tables = summary(query(fields, ask))
    number, layer = 0, place
    if place.startswith("#"):
        which, _, layer = place[1:].partition(".")
        number = int(which)
    if number >= len(tables):
        raise ValueError(f"there is no table #{number}, only {len(tables)}")
    if layer == "total":
        return tables[number].total
    name = layer.removesuffix(".parameters")
    counts = {each.name: each.parameters for each in tables[number].layers}
    if name not in counts:
        raise ValueError(f"there is no layer {name!r}{closest(name, counts)}")
    return counts[name]


def written(value: Any, form: str) -> str:
    """A number in the format of its directive; text as it is."""
    if isinstance(value, str) and not form:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"leads to {type(value).__name__}, which is no number")
    return format(value, form) if form else str(value) if isinstance(value, int) else f"{value:g}"
