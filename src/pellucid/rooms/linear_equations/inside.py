"""Inside the descent: the layer table, the named trace of every step, and its story in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from pellucid.core.contract import Layer, Table
from pellucid.core.steps import early_ones
from pellucid.look import Trace
from pellucid.look.tape import Tape
from pellucid.look.trace import Value
from pellucid.rooms.linear_equations.captions import AROUND, AXIS_TITLES, SHORT, STORY, SYMBOLS, TITLES
from pellucid.rooms.linear_equations.equations import Problem
from pellucid.rooms.linear_equations.plots import add_plots
from pellucid.rooms.linear_equations.verdict import Outcome, figure, verdict

MOST_SHOWN = 60  # steps of the descent


def layers(problem: Problem) -> list[Table]:
    """The one layer, from a real module."""
    n = len(problem.names)
    with torch.device("meta"):
        module = nn.Linear(n, 1, bias=False)
    count = sum(parameter.numel() for parameter in module.parameters())
    return [
        Table(
            "linear_equations",
            (
                Layer("equations", "coefficients", f"[{n}, {n}]", 0, "an equation is an example"),
                Layer("unknowns", "Linear, no bias", f"[{n}, 1]", count, f"n = {n}"),
            ),
        )
    ]


def look(outcome: Outcome) -> Trace:
    """Every operation of the descent; of a long one the first thirty steps and ever fewer after them."""
    problem, exact, path = outcome.problem, outcome.exact, outcome.path
    pen = Tape(STORY | AROUND)
    record = pen.record
    n = len(problem.names)
    a = record.value(problem.coefficients, "coefficients", ("equation", "unknown"), "input")
    b = record.value(problem.right_sides, "right_sides", ("equation",), "input")
    across = pen("t", a, name="across", axes=("unknown", "equation"))
    product = pen("mm", across, a, axes=("unknown", "other unknown"))
    pen("mul", product, 2 / n, name="curvature", axes=("unknown", "other unknown"))
    x = record.value(path.unknowns[0], "start", ("unknown",))
    velocity = None
    shown = early_ones(max(path.steps, 1), MOST_SHOWN)
    for index, step in enumerate(shown):
        if index and step != shown[index - 1] + 1:  # some steps were left out
            x = record.value(path.unknowns[step], "unknowns_before", ("unknown",))
            velocity = (
                record.value(path.velocities[step], "velocity_before", ("unknown",)) if outcome.momentum else None
            )
        x, velocity = _step(pen, a, across, b, x, velocity, outcome, index)
    end = pen("mv", a, x, name="left_sides_at_end", axes=("equation",))
    errors = pen("sub", end, b, name="errors_at_end", axes=("equation",))
    pen("mean", pen("mul", errors, errors), name="loss_at_end")
    pen("linalg_vector_norm", errors, name="residual")
    best = record.value(exact.values, "exact", ("unknown",))
    pen("sub", x, best, name="distance", axes=("unknown",))
    plots = add_plots(pen, outcome, a, b, shown)
    trace = record.trace(
        room="linear_equations",
        picture="unknowns",
        titles=TITLES,
        short=SHORT,
        symbols=SYMBOLS,
        axis_titles=AXIS_TITLES,
        steps={"": {"axis": "step", "labels": [str(step + 1) for step in shown]}},
        plots=plots,
        equations=list(problem.lines),
        names=list(problem.names),
        kind=exact.kind,
        rank=exact.rank,
        condition=exact.condition,
        learning_rate=outcome.rate,
        bound=outcome.bound if np.isfinite(outcome.bound) else None,
        momentum=outcome.momentum,
        total_steps=path.steps,
        verdict=verdict(outcome),
    )
    trace.axis_labels = {"unknown": list(problem.names), "other unknown": list(problem.names)}
    trace.axis_labels["equation"] = list(problem.lines)
    trace.tell(STORY | AROUND)
    return trace


def _step(
    pen: Tape, a: Value, across: Value, b: Value, x: Value, velocity: Value | None, outcome: Outcome, index: int
) -> tuple[Value, Value | None]:
    """One step of the descent: where it leads, and the velocity that momentum keeps."""
    by_equation, by_unknown = {"step": index, "axes": ("equation",)}, {"step": index, "axes": ("unknown",)}
    left = pen("mv", a, x, name="left_sides", **by_equation)
    errors = pen("sub", left, b, name="errors", **by_equation)
    squares = pen("mul", errors, errors, name="squared_errors", **by_equation)
    pen("mean", squares, name="loss", step=index)
    blame = pen("mv", across, errors, name="blame", **by_unknown)
    gradient = pen("mul", blame, 2 / len(outcome.problem.names), name="gradient", **by_unknown)
    direction = gradient
    if outcome.momentum:
        if velocity is None:
            velocity = pen.record.value(outcome.path.velocities[0], "velocity_before", ("unknown",))
        slower = pen("mul", velocity, outcome.momentum, name="kept_velocity", **by_unknown)
        direction = velocity = pen("add", slower, gradient, name="velocity", **by_unknown)
    move = pen("mul", direction, outcome.rate, name="move", **by_unknown)
    return pen("sub", x, move, name="unknowns", **by_unknown), velocity


# the story

TOLD = 8  # steps in a row before some are left out


def tell(trace: Trace) -> Iterator[str]:
    """The descent in the terminal: the equations, some of its steps, where it ended, and the verdict."""
    meta, names = trace.meta, trace.meta["names"]
    for i, line in enumerate(meta["equations"]):
        yield f"{'' if i else 'equations':14}{line}"
    bound = "" if meta["bound"] is None else f" (it diverges from {figure(meta['bound'])} on)"
    yield f"{'learning rate':14}{figure(meta['learning_rate'])}{bound}"
    if meta["condition"] is not None:
        yield f"{'condition':14}{figure(meta['condition'])}"
    yield ""
    yield "  ".join([f"{'step':>7}", f"{'loss before':>12}", *(f"{name:>12}" for name in names)])
    labels = meta["steps"][""]["labels"]
    losses, unknowns = trace.series("loss"), trace.series("unknowns")
    told = sorted({*range(min(TOLD, len(labels))), *range(TOLD, len(labels), 6), len(labels) - 1})
    for i in told:
        yield "  ".join([f"{labels[i]:>7}", f"{losses[i]:12.4e}", *(f"{each:12.6g}" for each in unknowns[i])])
    yield ""
    yield f"{'residual':14}{figure(float(trace.array('residual')))}"
    yield f"{'verdict':14}{meta['verdict']['en']}"
