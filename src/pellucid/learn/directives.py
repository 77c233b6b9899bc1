"""The two kinds of directives of a lesson: links that do something, and figures that are looked up. The forms are in
`lesson.py`. What is wrong is a ValueError whose text says what would do; the reader adds the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from pellucid.core.errors import closest

TABS = ("learn", "train", "look", "try", "ship")
ACTIONS = ("look", "input", "try", "train", "tab", "page")
SOURCES = ("expected", "summary", "trace", "run")

PAGE_ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
NODE = r"[^\s?&#\[\]]+(?:\[\d+\])?(?:#\d+)?"
FORMAT = r"(?:,|,?\.\d+f|\+\.\d+f|\.\d+%|\.\d+e)?"
LOOK_QUERY = {
    "cell": (r"\d+(?:,\d+)*", "an index like 3,5"),
    "step": (r"\d+", "a number from 0"),
    "run": (r"[\w.-]+", "the id of a run, or bundled"),
    "input": (r"[\s\S]*\S[\s\S]*", "an input"),
    "show": (r"gradient", "gradient"),
}
ASK = {
    "expected": (r"[^.]+(?:\.[^.]+)*", "a path in expected.json, like studies.0.variants.cell=lstm.f1.mean"),
    "summary": (
        r"[^:]*:(?:[^#:]+\.parameters|#\d+\.(?:total|[^:]+\.parameters))",
        "FIELDS:LAYER.parameters or FIELDS:#1.total, like vocabulary=7297&length=162:recurrent.parameters",
    ),
    "trace": (rf"{NODE}\[\d+(?:,\d+)*\]", "NODE[3,5], a node and an index"),
    "run": (r"\w+(?:\.\w+)*", "a path in the run's summary, like training.seconds"),
}


def action(link: str) -> dict[str, Any]:
    """`look:NODE?cell=3,5` as the node of the lesson that it is, without its text. No action: ValueError."""
    if link.startswith("#"):
        link = f"page:{link[1:]}"
    does, colon, rest = link.partition(":")
    if not colon or does not in ACTIONS:
        known = "https://…, #page, " + ", ".join(f"{name}:" for name in ACTIONS)
        raise ValueError(f"link {link!r}: none of {known}{closest(does, ACTIONS)}")
    target, fields = unquote(rest), ""
    if does in ("look", "train"):
        before, _, fields = rest.partition("?")
        target = unquote(before)
    queried = query(fields, link)
    _check_target(does, target, link)
    if does == "look":
        _check_look(queried, link)
    if does == "train" and not queried:
        raise ValueError(f"link {link!r}: names no field; write train:?epochs=5")
    return {"type": "action", "does": does, "target": target, "query": queried}


def query(text: str, link: str) -> dict[str, str]:
    """`cell=gru&epochs=5` with everything decoded; a `+` stays one."""
    found: dict[str, str] = {}
    for pair in text.split("&") if text else ():
        name, equals, value = pair.partition("=")
        if not re.fullmatch(r"[a-z_]+", name) or not equals or not value:
            raise ValueError(f"link {link!r}: {pair!r} is not name=value")
        if name in found:
            raise ValueError(f"link {link!r}: {name} stands there twice")
        found[name] = unquote(value)
    return found


def _check_target(does: str, target: str, link: str) -> None:
    must: dict[str, tuple[str, str]] = {
        "look": (NODE, "look:NODE?cell=3,5, with a node of the trace"),
        "input": (r"[\s\S]*\S[\s\S]*", "input: and a text"),
        "train": (r"", "train:?field=value"),
        "tab": ("|".join(TABS), "tab: and one of " + ", ".join(TABS)),
        "page": (PAGE_ID, "page: and the id of a page"),
    }
    pattern, wanted = must.get(does, (r"[\s\S]*", ""))
    if not re.fullmatch(pattern, target):
        raise ValueError(f"link {link!r}: write {wanted}")


def _check_look(queried: dict[str, str], link: str) -> None:
    for name, value in queried.items():
        if name not in LOOK_QUERY:
            raise ValueError(f"link {link!r}: {name} is none of {_listed(LOOK_QUERY)}{closest(name, LOOK_QUERY)}")
        pattern, wanted = LOOK_QUERY[name]
        if not re.fullmatch(pattern, value):
            raise ValueError(f"link {link!r}: {name} must be {wanted}")


def figure(text: str) -> dict[str, Any]:
    """`expected:studies.0.seeds|,` (what stands between the braces) as the node of the lesson that it is."""
    directive = text.strip()
    before, bar, form = directive.rpartition("|")
    before, form = (before, form) if bar else (directive, "")
    source, _, ask = before.partition(":")
    if source not in SOURCES:
        raise ValueError(f"figure {directive!r}: {source!r} is none of {_listed(SOURCES)}{closest(source, SOURCES)}")
    pattern, wanted = ASK[source]
    if not re.fullmatch(pattern, ask):
        raise ValueError(f"figure {directive!r}: write {source}: and {wanted}")
    if not re.fullmatch(FORMAT, form):
        raise ValueError(f"figure {directive!r}: format {form!r} is none of , .2f ,.2f +.2f .2% .2e")
    return {"type": "figure", "source": source, "ask": ask, "format": form, "key": directive}


def _listed(names: Sequence[str] | dict[str, Any]) -> str:
    return ", ".join(names)
