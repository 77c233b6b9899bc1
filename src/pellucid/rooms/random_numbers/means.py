"""The central limit theorem: means of 1, 2, 4 … numbers at a time, in standard errors, as recorded operations."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.look.tape import Tape
from pellucid.look.trace import Value
from pellucid.rooms.random_numbers.captions import BELL_LABEL, GROUPS_TITLE, MEANS_LABEL
from pellucid.rooms.random_numbers.distributions import WIDE, Distribution

MODULE = "groups"
GROUPS = (1, 2, 4, 8, 16)
LEAST = 64  # numbers, so that there are some means even of sixteen
BINS = 14  # of half a standard error


def add_means(pen: Tape, distribution: Distribution, flat: Value, count: int) -> list[dict[str, Any]]:
    """Record them, and the bell to compare them with; the plot. None where there are too few numbers, where only
    one value is possible, and where single numbers are bell-shaped already."""
    if count < LEAST or not distribution.std or distribution.kind == "normal":
        return []
    edges = np.linspace(-WIDE, WIDE, BINS + 1)
    at = pen.value(edges, "group_edges", ("edge",))
    groups = pen.value([count // size for size in GROUPS], "group_counts", ("group size",))
    for step, size in enumerate(GROUPS):
        before = len(pen.record.nodes)
        _means(pen, distribution, flat, groups, size, step, at)
        for node in pen.record.nodes[before:]:
            node.module = MODULE
    pen.value(np.repeat(edges, 2), "group_x", ("corner",))
    x = pen.value(np.linspace(-WIDE, WIDE, 71), "bell_x", ("value",))
    pen("div", pen("exp", pen("mul", pen("mul", x, x), -0.5)), (2 * np.pi) ** 0.5, name="bell", axes=("value",))
    return [{
        "kind": "line", "node": f"{MODULE}.outline", "x": "group_x", "label": MEANS_LABEL, "title": GROUPS_TITLE,
        "lines": [{"node": "bell", "x": "bell_x", "label": BELL_LABEL}],
    }]  # fmt: skip


def _means(
    pen: Tape, distribution: Distribution, flat: Value, counts: Value, size: int, step: int, edges: Value
) -> None:
    many = pen("select", counts, 0, step, name="groups_here", step=step)
    groups = int(pen.array(many))
    used = pen("slice", flat, 0, 0, groups * size, step=step, axes=("number",))
    rows = pen("view", used, [groups, size], step=step, axes=("group", "number"))
    means = pen("mean", rows, [1], name="group_means", step=step, axes=("group",))
    away = pen("sub", means, float(distribution.mean), step=step, axes=("group",))
    off = pen("div", away, distribution.std / size**0.5, name="in_errors", step=step, axes=("group",))
    place = pen("bucketize", off, edges, step=step, axes=("group",))
    every = pen("bincount", place, None, BINS + 2, name="all_counts", step=step, axes=("bin or outside",))
    inside = pen("slice", every, 0, 1, BINS + 1, name="counts", step=step, axes=("errors",))
    share = pen("div", inside, many, name="share", step=step, axes=("errors",))
    density = pen("div", share, 2 * WIDE / BINS, name="density", step=step, axes=("errors",))
    twice = pen("view", pen("stack", [density, density], 1, step=step), [2 * BINS], step=step)
    pen("constant_pad_nd", twice, [1, 1], name="outline", step=step, axes=("corner",))
