"""Inside a loss: the trace of every operation, of the naive way and the stable one, and of each step of the descent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pellucid.core.contract import Layer, Table
from pellucid.core.steps import early_ones
from pellucid.look import Trace
from pellucid.look.noted import Noted
from pellucid.rooms.losses import losses
from pellucid.rooms.losses.captions import AXIS_TITLES, MOVED, SHORT, STORY, SYMBOLS, TITLES
from pellucid.rooms.losses.descent import Path, floor
from pellucid.rooms.losses.noted import Tape, note
from pellucid.rooms.losses.plots import add_plots
from pellucid.rooms.losses.problem import NEAREST, Array, Problem, Result, compute
from pellucid.rooms.losses.verdict import Outcome, figure, verdict

MOST_SHOWN = 30  # places of a descent


def layers(problem: Problem) -> list[Table]:
    """There is no network: the predictions themselves are what is moved."""
    shape, count = list(problem.predictions.shape), problem.predictions.size
    what = "one for all examples" if problem.shared else " x ".join(map(str, shape))
    return [Table("losses", (Layer("predictions", problem.kind.name, str(shape), count, what),))]


def look(outcome: Outcome) -> Trace:
    """What was typed, then the descent (of a long one ever fewer places), then the naive way."""
    problem, path = outcome.problem, outcome.path
    pen = Tape(STORY)
    axes = axes_of(problem)
    y = pen.enter(problem.targets, "targets", ("example", *axes[1:])[: problem.targets.ndim], "input")
    typed = pen.enter(problem.predictions, "as_typed", axes, "input")
    w = None if problem.weights is None else pen.enter(problem.weights, "weights", ("example",), "input")
    if problem.kind.name == "categorical_crossentropy":
        pen.name(pen.do("argmax", y, 1), "labels", ("example",))
    start = _given(pen, problem, path.problem, y, typed, w)
    shown = early_ones(path.steps + 1, MOST_SHOWN)
    _descent(pen, path, y, start, w, shown)
    if problem.has_naive:
        pen.prefix = "naive_"
        if problem.kind.rows:
            losses.naive_rows(pen.enter(problem.one_hot, "targets_one_hot", axes) if problem.kind.labels else y, typed)
        else:
            losses.naive_binary(y, _spread(pen, problem, typed))
        pen.prefix = ""
    plots = add_plots(pen, path, shown)
    trace = pen.trace(
        room="losses",
        picture="predictions",
        titles=TITLES if path.problem is problem else TITLES | {"predictions": MOVED},
        short=SHORT,
        symbols=SYMBOLS | ({} if path.problem.from_logits else {"predictions": "p"}),
        axis_titles=AXIS_TITLES,
        steps={"": {"axis": "step", "labels": [str(step) for step in shown]}},
        plots=plots,
        notes=[dict.fromkeys(("en", "zh-TW"), problem.kind.written[problem.from_logits])],
        kind=problem.kind.name,
        from_logits=problem.from_logits,
        given="" if path.problem is problem else "given_",
        rate=problem.rate,
        verdict=verdict(outcome),
    )
    trace.axis_labels = {"example": [str(i + 1) for i in range(problem.examples)]}
    trace.tell(STORY)
    return trace


def axes_of(problem: Problem) -> tuple[str, ...]:
    """Of the predictions."""
    if problem.shared:
        return ("for all",)
    return ("example", "component" if problem.kind.takes == "vector" else "class")[: problem.predictions.ndim]


def _given(pen: Tape, problem: Problem, moved: Problem, y: Noted, typed: Noted, w: Noted | None) -> Noted:
    """What the descent starts from. Probabilities are judged as they are, then become the logits that are moved."""
    if moved is problem:
        return typed
    pen.prefix = "given_"
    compute(problem, y, _spread(pen, problem, typed), w)
    pen.prefix = ""
    inside = note("clipped", pen.do("clamp", typed, NEAREST, 1 - NEAREST))
    return note("logits", np.log(inside) if problem.kind.rows else losses.logit(inside))


def _spread(pen: Tape, problem: Problem, predictions: Noted) -> Noted:
    return pen.do("expand", predictions, [problem.examples]) if problem.shared else predictions


def _descent(pen: Tape, path: Path, y: Noted, start: Noted, w: Noted | None, shown: list[int]) -> None:
    """Each place that is shown: loss, gradient, and the move to the next place if that is shown as well."""
    problem, least = path.problem, floor(path.problem)
    at = start
    for n, place in enumerate(shown):
        if n and place != shown[n - 1] + 1:  # some were left out
            pen.step = None
            at = pen.enter(path.predictions[place], "later", axes_of(problem))
        pen.step = n
        at = pen.name(pen.do("clone", at), "predictions", start.value.axes)
        spread = note("spread", _spread(pen, problem, at)) if problem.shared else at
        found = compute(problem, y, spread, w)
        _also(pen, problem, found)
        if n + 1 < len(shown) and shown[n + 1] == place + 1:
            gradient = (
                note("whole_gradient", pen.do("sum", found.gradient, [0], True)) if problem.shared else found.gradient
            )
            at = at - note("move", gradient * problem.rate)
            at = at if least is None else pen.do("clamp_min", at, least)
    pen.step = None


def _also(pen: Tape, problem: Problem, found: Result) -> None:
    """What the curves have along their axis, where the formula has no name for it."""
    if problem.kind.takes == "vector":
        cosine = Noted(pen, pen.made("cosine")[-1])
        angle = pen.do("acos", pen.do("clamp", cosine, -1.0, 1.0)) * (180 / np.pi)
        note("angles", pen.do("squeeze", angle, 1))
    elif problem.kind.takes == "distribution" and set(np.unique(problem.one_hot)) <= {0.0, 1.0}:
        values = found.values if problem.weights is None else Noted(pen, pen.made("unweighted")[-1])
        note("right_probabilities", pen.do("exp", -values))


# the story

TOLD = 8  # places in a row before some are left out


def tell(trace: Trace) -> Iterator[str]:
    """The loss in the terminal: each example, then some places of the descent, then the verdict."""
    meta = trace.meta
    y, typed = trace.array("targets"), trace.array("as_typed")
    first = meta["given"]
    values = trace.array("given_values") if first else trace.series("values")[0]
    gradient = trace.array("given_gradient") if first else trace.series("gradient")[0]
    yield f"{'loss':12}{meta['kind']}{' from logits' if meta['from_logits'] else ''}"
    yield ""
    yield f"{'example':>8}  {'target':>16}  {'prediction':>26}  {'loss':>11}  gradient"
    for i in range(len(y)):
        own = typed[i if len(typed) > 1 else 0]
        yield f"{i + 1:>8}  {_told(y[i]):>16}  {_told(own):>26}  {values[i]:>11.6g}  {_told(gradient[i])}"
    if "naive_values" in trace:
        yield f"{'naive':>8}  {_told(trace.array('naive_values'))}"
    yield ""
    yield f"{'step':>8}  {'loss':>12}  {'logits, which are what moves' if first else 'predictions'}"
    labels, losses_, places = meta["steps"][""]["labels"], trace.series("loss"), trace.series("predictions")
    for n in sorted({*range(min(TOLD, len(labels))), *range(TOLD, len(labels), 6), len(labels) - 1}):
        yield f"{labels[n]:>8}  {losses_[n]:12.6g}  {_told(places[n])}"
    yield ""
    yield f"{'verdict':12}{meta['verdict']['en']}"


def _told(values: Any) -> str:
    """A few numbers in a line; of many the first ones."""
    flat: Array = np.atleast_1d(values).ravel()
    return " ".join(figure(float(each)) for each in flat[:6]) + (" …" if flat.size > 6 else "")
