"""Curves beside the stage, recorded as operations like everything else: what the views of plots read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.look.noted import Noted
from pellucid.rooms.losses import losses
from pellucid.rooms.losses.captions import (
    CURVE_TITLE,
    EACH,
    EACH_CLASS,
    LINK_TITLE,
    OTHER,
    SLOPE,
    SLOPE_TITLE,
    STEPS_TITLE,
    X_TITLES,
    YOUR_ONE,
    YOURS,
)
from pellucid.rooms.losses.descent import Path
from pellucid.rooms.losses.noted import Tape
from pellucid.rooms.losses.problem import Array, Problem

GRID = 121
WIDE = 24.0
MOST_CURVES = 3
MOST_NAMED = 6  # points that have a name of their own
LEAST_MEAN = 0.05  # of the curve over means of counts, which rises without bound towards 0

Plot = dict[str, Any]


@dataclass(frozen=True)
class Axis:
    """Over what the loss is drawn: the points of the grid, and the series that say where the learner's own are."""

    over: str
    grid: Array
    points: str
    heights: str
    slopes: str
    targets: tuple[float, ...]
    formula: Callable[..., losses.Both]
    """Of a target and the grid: the loss over it and its slope."""


def add_plots(pen: Tape, path: Path, shown: list[int]) -> list[Plot]:
    """The loss and its slope over the prediction, logit to probability where there is one, and the loss by step."""
    pen.prefix, pen.step = None, None
    problem = path.problem
    axis = axis_of(problem, path.predictions[shown])
    plots = _curves(pen, problem, axis)
    plots[0]["points"] = _named(pen, problem, axis) or plots[0]["points"]
    pen.step = None
    if problem.from_logits and problem.kind.takes in ("probability", "value"):
        plots.append(_link(pen, problem, path.predictions[shown]))
    pen("stack", pen.made("loss"), name="loss_curve", axes=("step",))
    pen.enter(np.array(shown, dtype=np.float64), "curve_steps", ("step",))
    plots.append({"kind": "line", "node": "loss_curve", "x": "curve_steps", "title": STEPS_TITLE})
    return plots


def axis_of(problem: Problem, places: Array) -> Axis:
    """For each loss what it is best drawn over."""
    own = "unweighted" if problem.weights is not None else "values"
    at = "spread" if problem.shared else "predictions"
    takes, formula = problem.kind.takes, problem.formula
    if takes == "vector":
        return Axis("angle", np.linspace(0, 180, GRID), "angles", own, "", (1.0,), _of_angle)
    if takes == "distribution":
        if set(np.unique(problem.one_hot)) <= {0.0, 1.0}:
            return Axis("right", _unit_grid(), "right_probabilities", own, "", (1.0,), _surprise)
        term = _kl_term if problem.kind.name == "kl_divergence" else _surprise
        return Axis("probability", _unit_grid(), "probabilities", "terms", "", _targets(problem), term)
    if problem.from_logits:
        over, far = ("log_mean", 3.0) if takes == "count" else ("logit", 6.0)
        return Axis(over, _grid(places, -far, far), at, own, "slope", _targets(problem), formula)
    if takes == "count":
        grid = _grid(places, LEAST_MEAN, 2 * float(problem.targets.max()) + 1, low=LEAST_MEAN)
        return Axis("mean", grid, at, own, "slope", _targets(problem), formula)
    if takes == "score":
        return Axis("margin", _grid(places * problem.targets, -2, 3), "margins", own, "", (1.0,), formula)
    return Axis("error", _grid(places - problem.targets, -3, 3), "errors", own, "slope", (0.0,), formula)


def _targets(problem: Problem) -> tuple[float, ...]:
    """The targets that have a curve: those above 0 first where there are classes."""
    found = sorted({float(each) for each in problem.targets.ravel()}, reverse=problem.kind.rows)
    return tuple(found[:MOST_CURVES])


def _grid(places: Array, low_at_most: float, high_at_least: float, low: float | None = None) -> Array:
    least, most = float(np.min(places)), float(np.max(places))
    room = 0.05 * (most - least)
    begin, end = min(low_at_most, least - room) if low is None else low, max(high_at_least, most + room)
    grid = np.linspace(begin, end, GRID)
    if end - begin <= WIDE:
        return grid
    near = np.linspace(-WIDE / 4, WIDE / 4, GRID // 2)  # where a wide picture would have corners
    return np.unique(np.concatenate([grid, near[(near > begin) & (near < end)]]))


def _unit_grid() -> Array:
    """Between 0 and 1, denser at the ends, where the logarithm is steep."""
    return losses.sigmoid(np.linspace(-7, 7, GRID))


def _of_angle(_y: float, degrees: Any) -> losses.Both:
    cosine = np.cos(degrees * (np.pi / 180))
    return -cosine, None


def _surprise(y: float, p: Any) -> losses.Both:
    return -(y * np.log(p)), -y / p


def _kl_term(y: float, p: Any) -> losses.Both:
    return y * (float(losses.floored_log(np.float64(y))) - np.log(p)), -y / p


def _curves(pen: Tape, problem: Problem, axis: Axis) -> list[Plot]:
    over = f"over_{axis.over}"
    grid = pen.enter(axis.grid, over, ("point",))
    names: dict[str, list[Plot]] = {"loss": [], "slope": []}
    for n, y in enumerate(axis.targets, 1):
        label = {"en": f"y = {y:g}", "zh-TW": f"y = {y:g}"} if len(axis.targets) > 1 else problem.kind.title
        for what, curve in zip(names, axis.formula(y, grid), strict=True):
            if isinstance(curve, Noted):
                pen.name(curve, f"{what}_over_{axis.over}_{n}", ("point",))
                own = SLOPE if what == "slope" and len(axis.targets) == 1 and axis.over != "logit" else label
                names[what].append({"node": f"{what}_over_{axis.over}_{n}", "label": own})
    other = {"binary_crossentropy": "mse", "mse": "binary_crossentropy"}.get(problem.kind.name)
    if other and axis.over == "logit":
        formula = losses.mse_from_logits if other == "mse" else losses.binary_crossentropy_from_logits
        pen.name(formula(1.0, grid)[1], "other_slope", ("point",))
        names["slope"].append({"node": "other_slope", "label": OTHER[other]})
    plots = []
    for what, title, heights in (("loss", CURVE_TITLE, axis.heights), ("slope", SLOPE_TITLE, axis.slopes)):
        if not names[what] or (what == "slope" and axis.over in ("right", "probability")):
            continue
        first, *more = names[what]
        points = (
            [{"x": axis.points, "y": heights, "label": YOURS if problem.examples > 1 else YOUR_ONE}] if heights else []
        )
        plots.append({"kind": "line", **first, "x": over, "lines": more, "points": points, "title": title})
    return plots


def _named(pen: Tape, problem: Problem, axis: Axis) -> list[Plot]:
    """Each of a few points by its name, so that one sees which example is which."""
    places, heights = pen.made(axis.points), pen.made(axis.heights)
    rows = axis.over == "probability"
    count = int(np.prod(places[0].shape))
    if count > MOST_NAMED or (rows and problem.examples > 1):
        return []
    for pen.step, pair in enumerate(zip(places, heights, strict=True)):
        flat = [pen("view", each, [count], step=pen.step) if rows else each for each in pair]
        both = pen("stack", flat, 1, step=pen.step)
        for i in range(count):
            pen("select", both, 0, i, name=f"point_{i + 1}", step=pen.step)
    each = EACH_CLASS if rows else EACH
    labels = [
        {"en": f"{each['en']} {i + (not rows)}", "zh-TW": f"{each['zh-TW']} {i + (not rows)}"} for i in range(count)
    ]
    return [{"node": f"point_{i}", "label": label} for i, label in enumerate(labels, 1)]


def _link(pen: Tape, problem: Problem, places: Array) -> Plot:
    grid = pen.enter(_grid(places, -6, 6), "over_all_logits", ("point",))
    pen.name(losses.sigmoid(grid), "probability_over_logit", ("point",))
    points = [
        {
            "x": "spread" if problem.shared else "predictions",
            "y": "probabilities",
            "label": YOURS if problem.examples > 1 else YOUR_ONE,
        }
    ]
    curve = {"node": "probability_over_logit", "x": "over_all_logits", "label": X_TITLES["probability"]}
    return {"kind": "line", **curve, "points": points, "title": LINK_TITLE}
