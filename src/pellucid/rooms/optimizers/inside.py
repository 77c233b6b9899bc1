"""Inside a descent: its trace, every operation of every step recorded, and its story in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pellucid.core.formula import walk
from pellucid.core.progress import one_line
from pellucid.core.steps import evenly
from pellucid.look import Trace
from pellucid.look.noted import Noted, NotedTape
from pellucid.rooms.optimizers.captions import AXIS_TITLES, OPTIMIZER_TITLES, SHORT, STORY, SYMBOLS, TITLES
from pellucid.rooms.optimizers.convexity import GRID, Box, convexity
from pellucid.rooms.optimizers.convexity import words as convexity_words
from pellucid.rooms.optimizers.descent import judge, path, race
from pellucid.rooms.optimizers.descent import words as verdict_words
from pellucid.rooms.optimizers.problem import Problem
from pellucid.rooms.optimizers.steps import State
from pellucid.rooms.optimizers.surfaces import SURFACES

Array = np.ndarray[Any, Any]
MOST_NODES, MOST_RECORDED = 880, 60
NAMED = {name: name for name in STORY} | {"x": "point"}
"""What a state's entries are called in the trace."""


def shown_box(points: Array, problem: Problem) -> Box:
    """A square around the path, and around the minima where they are known."""
    near = np.abs(points - problem.point).max(axis=-1) <= 4 * (1 + np.abs(problem.point).max())
    seen = [points[near & np.isfinite(points).all(axis=-1)], problem.point[None]]
    for known in SURFACES.values():
        if known.formula == problem.surface.formula.text:
            seen.append(np.array(known.minima))
    every = np.concatenate(seen)
    low, high = every.min(axis=0), every.max(axis=0)
    middle, half = (low + high) / 2, max(1.0, float((high - low).max()) * 0.6)
    return Box((float(middle[0] - half), float(middle[1] - half)), (float(middle[0] + half), float(middle[1] + half)))


def look(problem: Problem) -> Trace:
    """The descent, step by step."""
    tape, points = NotedTape(STORY), path(problem)
    outcome, box = judge(problem, points), shown_box(points, problem)
    start = tape.enter(problem.point, "start", ("coordinate",), "input")
    chosen, noted = _steps(tape, problem, start, outcome.steps)
    whole = tape.do("stack", noted, 0, axes=("step", "coordinate"))
    tape.name(whole, "path")
    losses = _value(tape, problem, tape.do("select", whole, 1, 0), tape.do("select", whole, 1, 1))
    tape.name(losses, "losses", ("step",))
    _grid(tape, problem, box)
    tape.enter(np.array([0, *chosen], float), "steps", ("step",))
    others = _others(tape, problem, chosen, box)

    trace = tape.trace()
    trace.axis_labels = {"coordinate": ["x", "y"], "step": [str(each) for each in (0, *chosen)]}
    trace.tell(STORY)
    found = convexity(problem.surface, box)
    trace.meta.update(
        room="optimizers",
        picture="point",
        titles=TITLES,
        short=SHORT,
        symbols=SYMBOLS,
        axis_titles=AXIS_TITLES,
        steps={"": {"axis": "step", "labels": [str(each) for each in (0, *chosen)]}},
        plots=[_plane(problem, others, box), _curve()],
        formula=problem.surface.formula.text,
        tex=problem.surface.formula.tex(),
        optimizer=problem.name,
        rate=problem.settings.rate,
        taken=outcome.steps,
        verdict=verdict_words(outcome),
        convexity=convexity_words(found, box),
    )
    return trace


def _steps(tape: NotedTape, problem: Problem, start: Noted, most: int) -> tuple[list[int], list[Noted]]:
    """Record the early steps, and of a long descent some later ones, each from the true state before it."""
    state: State = problem.optimizer.start(problem.point) | {"x": start}
    truth = problem.optimizer.start(problem.point)
    tape.step = 0
    points: list[Noted] = [tape.do("clone", start)]
    tape.name(points[0], "point", ("coordinate",))
    state["x"] = points[0]
    chosen: list[int] = []
    wanted: set[int] | None = None
    with np.errstate(all="ignore"):
        for step in range(1, max(most, 1) + 1):
            if wanted is None or step in wanted:
                if chosen and chosen[-1] != step - 1:
                    state = _carried(tape, truth)
                before = len(tape.record.nodes)
                state = _recorded(tape, problem, state, step)
                points.append(state["x"])
                chosen.append(step)
                if wanted is None:  # what one step takes is known now
                    room = max(3, min(MOST_RECORDED, MOST_NODES // (len(tape.record.nodes) - before)))
                    wanted = _thinned(most, room)
            truth = problem.optimizer(truth, problem.surface.gradient(truth["x"]), problem.settings)
    return chosen, points


def _thinned(steps: int, room: int) -> set[int]:
    """Which steps are recorded: all, or two thirds of what there is room for at the start and the rest evenly."""
    if steps <= room:
        return set(range(1, steps + 1))
    early = 2 * room // 3
    return {*range(1, early + 1), *evenly(early + 1, steps, room - early)}


def _carried(tape: NotedTape, truth: State) -> State:
    """A state between whose step and the last recorded one others were left out."""
    tape.step = None
    return {
        name: value if name == "t" else tape.enter(value, f"carried_{NAMED.get(name, name)}", axes=("coordinate",))
        for name, value in truth.items()
        if name in ("t", "x", "velocity", "sum_of_squares", "mean_square", "first_moment", "second_moment")
    }


def _recorded(tape: NotedTape, problem: Problem, state: State, step: int) -> State:
    """One step of the optimizer's own formula, on numbers that write down what is done with them.

    Its nodes belong to the point that it starts from, number step - 1; the new point is number `step`.
    """
    tape.step = step - 1
    at = {"x": tape.do("select", state["x"], 0, 0), "y": tape.do("select", state["x"], 0, 1)}
    known: dict[Any, Any] = {}
    partial = [walk(each, at, tape.do, known) for each in problem.surface.gradient_formulas]
    partial = [each if isinstance(each, Noted) else tape.do("full_like", at["x"], each) for each in partial]
    gradient = tape.do("stack", partial, 0)
    tape.name(gradient, "gradient", ("coordinate",))
    state = problem.optimizer(state, gradient, problem.settings)
    for name, value in state.items():
        if isinstance(value, Noted):
            state[name] = tape.name(value, NAMED[name], ("coordinate",))
            if name == "x":
                tape.node(state[name]).step = step
    tape.step = None
    return state


def _value(tape: NotedTape, problem: Problem, x: Noted, y: Noted) -> Noted:
    found = walk(problem.surface.formula.sympy, {"x": x, "y": y}, tape.do)
    if isinstance(found, Noted) and found.array.shape == np.broadcast_shapes(x.array.shape, y.array.shape):
        return found if found is not x and found is not y else tape.do("clone", found)
    zeros = tape.do("mul", tape.do("add", x, y), 0.0)  # f does not need both of them
    return tape.do("add", zeros, found)


def _grid(tape: NotedTape, problem: Problem, box: Box) -> None:
    x, y = box.grid()
    across, up = tape.enter(x, "grid_x", axes=("x",)), tape.enter(y, "grid_y", axes=("y",))
    heights = _value(tape, problem, tape.do("view", across, [1, GRID]), tape.do("view", up, [GRID, 1]))
    tape.name(heights, "heights", ("y", "x"))


def _until_it_leaves(points: Array, box: Box) -> Array:
    """A path [steps, 2] that ends where it first left the picture: one that diverges would cross it again and again."""
    inside = (points >= np.array(box.low)) & (points <= np.array(box.high))
    outside = ~inside.all(axis=1)  # NaN is outside, too
    first = int(outside.argmax()) if outside.any() else len(points)
    return points[np.minimum(np.arange(len(points)), first)]


def _others(tape: NotedTape, problem: Problem, chosen: list[int], box: Box) -> list[str]:
    """The paths of the other six, from the same start with the same rate, at the same steps."""
    names = []
    for name, points in race(problem).items():
        if name == problem.name:
            continue
        at = [min(step, len(points) - 1) for step in (0, *chosen)]
        tape.enter(_until_it_leaves(points[at], box), f"path_{name}", axes=("step", "coordinate"))
        names.append(name)
    return names


def _plane(problem: Problem, others: list[str], box: Box) -> dict[str, Any]:
    paths = [{"node": "path", "label": OPTIMIZER_TITLES[problem.name]}]
    paths += [{"node": f"path_{name}", "label": OPTIMIZER_TITLES[name]} for name in others]
    known = [each for each in SURFACES.values() if each.formula == problem.surface.formula.text]
    points = [{"x": x, "y": y, "label": {"en": "minimum", "zh-TW": "最小值"}} for each in known for x, y in each.minima]
    title = {"en": "The way down: contours of f and the path", "zh-TW": "下坡的路：f 的等高線與路徑"}
    return {
        "kind": "plane", "node": "heights", "x": "grid_x", "y": "grid_y", "paths": paths, "points": points,
        "title": title,
    }  # fmt: skip


def _curve() -> dict[str, Any]:
    title = {"en": "The value of f, step by step", "zh-TW": "每一步的函數值"}
    return {"kind": "line", "node": "losses", "x": "steps", "title": title}


# the story


def tell(trace: Trace) -> Iterator[str]:
    """The descent in the terminal: a row a step."""
    meta = trace.meta
    losses, points = trace.array("losses"), trace.array("path")
    yield f"f(x, y)      {one_line(meta['formula'])}"
    yield f"optimizer    {OPTIMIZER_TITLES[meta['optimizer']]['en']}, learning rate {meta['rate']:g}"
    yield ""
    yield f"{'step':>5} {'x':>12} {'y':>12} {'f':>12} {'by: gradient':>26} {'update':>26}"
    yield f"{0:>5} {points[0][0]:>12.5g} {points[0][1]:>12.5g} {losses[0]:>12.5g}"
    gradients, updates = trace.series("gradient"), trace.series("update")
    labels = meta["steps"][""]["labels"][1:]
    for row, step in enumerate(labels):
        if row >= 20 and row < len(labels) - 5:
            if row == 20:
                yield f"{'…':>5} {len(labels) - 25} more recorded"
            continue
        (x, y), g, u = points[row + 1], gradients[row], updates[row]
        two = " ".join(f"{f'{pair[0]:.5g}, {pair[1]:.5g}':>26}" for pair in (g, u))
        yield f"{step:>5} {x:>12.5g} {y:>12.5g} {losses[row + 1]:>12.5g} {two}"
    yield ""
    yield f"verdict      {meta['verdict']['en']}"
    yield f"convexity    {meta['convexity']['en']}"
