"""What is seen in the first 2, 4, 8 … numbers, as recorded operations: mean, spread, histogram, goodness of fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.look.tape import Tape
from pellucid.look.trace import Value
from pellucid.rooms.random_numbers.captions import (
    BAND_LABELS,
    DRAWN_LABEL,
    EXPECTED_LABEL,
    HISTOGRAM_TITLE,
    MEAN_TITLE,
)
from pellucid.rooms.random_numbers.distributions import Array, Distribution
from pellucid.rooms.random_numbers.fit import LEAST, groups
from pellucid.rooms.random_numbers.law import sizes

GRID = 97  # points of a density curve


@dataclass(frozen=True)
class _Known:
    """What is expected of the numbers, and where a histogram counts them: values of the trace."""

    edges: Value
    shares: Value
    mean: Value
    std: Value
    sizes: Value
    width: float
    """Of each bin."""


def add_batches(pen: Tape, distribution: Distribution, flat: Value, count: int) -> list[dict[str, Any]]:
    """Record them; the plots that show them. None of a single number."""
    if count < 2:
        return []
    edges, at = distribution.edges(count), sizes(count)
    known = _Known(
        pen.value(edges, "edges", ("edge",)),
        pen.value(np.diff(distribution.below(edges)), "expected_share", ("bin",)),
        pen.value(distribution.mean, "true_mean"),
        pen.value(distribution.std, "true_std"),
        pen.value(at, "sizes", ("batch",)),
        float(edges[1] - edges[0]),
    )
    for step, size in enumerate(map(int, at)):
        drawn = pen("slice", flat, 0, 0, size, name="drawn", step=step, axes=("number",))
        _batch(pen, drawn, step, known)
    _fit(pen, distribution, flat, count)
    return [_histogram(pen, distribution, edges), _means(pen, distribution, count)]


def _batch(pen: Tape, drawn: Value, step: int, known: _Known) -> None:
    size = pen("select", known.sizes, 0, step, name="size", step=step)
    found = pen("mean", drawn, name="mean", step=step)
    pen("std", drawn, name="std", step=step)
    error = pen("sub", found, known.mean, name="error", step=step)
    typical = pen("div", known.std, pen("sqrt", size, step=step), name="standard_error", step=step)
    if pen.array(known.std) > 0:
        pen("div", error, typical, name="off", step=step)
    else:
        pen("mul", error, 1.0, name="off", step=step)
    bins = len(pen.array(known.shares))
    place = pen("bucketize", drawn, known.edges, name="place", step=step, axes=("number",))
    all_counts = pen("bincount", place, None, bins + 2, name="all_counts", step=step, axes=("bin or outside",))
    counts = pen("slice", all_counts, 0, 1, bins + 1, name="counts", step=step, axes=("bin",))
    share = pen("div", counts, size, name="share", step=step, axes=("bin",))
    density = pen("div", share, known.width, name="density", step=step, axes=("bin",))
    gaps = pen("abs", pen("sub", share, known.shares, step=step, axes=("bin",)), step=step, axes=("bin",))
    pen("mul", pen("sum", gaps, step=step), 0.5, name="distance", step=step)
    twice = pen("view", pen("stack", [density, density], 1, step=step), [2 * bins], step=step)
    pen("constant_pad_nd", twice, [1, 1], name="outline", step=step, axes=("corner",))


def _histogram(pen: Tape, distribution: Distribution, edges: Array) -> dict[str, Any]:
    """The outline of the bins, and the density over it."""
    pen.value(np.repeat(edges, 2), "outline_x", ("corner",))
    if distribution.kind == "normal":
        grid = pen.value(np.linspace(edges[0], edges[-1], GRID), "density_x", ("value",))
        away = pen("div", pen("sub", grid, distribution.a), float(distribution.b))
        bell = pen("exp", pen("mul", pen("mul", away, away), -0.5))
        pen("div", bell, float(distribution.b * (2 * np.pi) ** 0.5), name="density_curve", axes=("value",))
    else:
        low = distribution.a - (0.5 if distribution.kind == "integers" else 0.0)
        width = float(distribution.b - distribution.a)
        pen.value([low, low, low + width, low + width], "density_x", ("value",))
        pen("div", pen.value([0, 1, 1, 0], "inside", ("value",)), width, name="density_curve", axes=("value",))
    return {
        "kind": "line", "node": "outline", "x": "outline_x", "label": DRAWN_LABEL, "title": HISTOGRAM_TITLE,
        "lines": [{"node": "density_curve", "x": "density_x", "label": EXPECTED_LABEL}],
    }  # fmt: skip


def _means(pen: Tape, distribution: Distribution, count: int) -> dict[str, Any]:
    """The mean of each batch between two standard errors above and below the true one."""
    pen("stack", pen.made("mean"), name="mean_curve", axes=("batch",))
    pen.value(np.log2(sizes(count)), "doublings", ("doubling",))
    typical = pen("stack", pen.made("standard_error"), axes=("batch",))
    lines = []
    for name, many, label in (("mean_above", 2.0, BAND_LABELS[0]), ("mean_below", -2.0, BAND_LABELS[1])):
        pen("add", pen("mul", typical, many), float(distribution.mean), name=name, axes=("batch",))
        lines.append({"node": name, "label": label})
    return {"kind": "line", "node": "mean_curve", "x": "doublings", "lines": lines, "title": MEAN_TITLE}


def _fit(pen: Tape, distribution: Distribution, flat: Value, count: int) -> None:
    """The statistic of the test: of the numbers that are looked into."""
    if distribution.kind == "integers":
        if (bounds := groups(distribution, count)) is not None:
            _chi_square(pen, flat, count, bounds)
    elif count >= LEAST:
        _largest_gap(pen, distribution, flat, count)


def _chi_square(pen: Tape, flat: Value, count: int, bounds: Array) -> None:
    place = pen("bucketize", flat, pen.value(bounds, "bounds", ("edge",)), axes=("number",))
    found = pen(
        "slice", pen("bincount", place, None, len(bounds) + 1), 0, 1, len(bounds), name="found", axes=("group",)
    )
    wanted = pen.value(count * np.diff(bounds) / (bounds[-1] - bounds[0]), "wanted", ("group",))
    surprise = pen("sub", found, wanted, name="surprise", axes=("group",))
    pen("sum", pen("div", pen("mul", surprise, surprise), wanted), name="chi_square")


def _largest_gap(pen: Tape, distribution: Distribution, flat: Value, count: int) -> None:
    import torch

    order = torch.sort(torch.from_numpy(np.array(pen.array(flat))), stable=True)
    ranked, _ = pen.record.node("sort", [flat], (order.values.numpy(), order.indices.numpy()), axes=("number",))
    if distribution.kind == "normal":
        away = pen("div", pen("sub", ranked, distribution.a), float(distribution.b * 2**0.5))
        below = pen("add", pen("mul", pen("erf", away), 0.5), 0.5, name="expected_below", axes=("number",))
    else:
        width = float(distribution.b - distribution.a)
        below = pen("div", pen("sub", ranked, distribution.a), width, name="expected_below", axes=("number",))
    rank = pen.value(np.arange(1, count + 1) / count, "rank", ("number",))
    above = pen("sub", rank, below)
    under = pen("sub", pen("add", below, 1 / count), rank)
    pen("amax", pen("maximum", above, under), name="largest_gap")
