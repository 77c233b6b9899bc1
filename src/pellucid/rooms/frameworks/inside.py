"""Inside the model: the layer table, the named trace of learning one point, and its story in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from pellucid.core.contract import Layer, Table
from pellucid.look import Trace, capture
from pellucid.look.trace import tensors_of, without_step
from pellucid.rooms.frameworks import LABELS
from pellucid.rooms.frameworks.captions import (
    AXES,
    AXIS_TITLES,
    CURVE_TITLE,
    PLAIN_STEPS,
    PLANE_TITLE,
    POINT_LABEL,
    SHORT,
    STORY,
    SYMBOLS,
    TITLES,
)
from pellucid.rooms.frameworks.config import Config
from pellucid.rooms.frameworks.graphs import of_trace
from pellucid.rooms.frameworks.in_torch import Net
from pellucid.rooms.frameworks.one_point import MOST_STEPS, SIDE, OnePoint
from pellucid.rooms.frameworks.points import EDGE, Array, different

CHANGE, GRADIENT = "_change", "_gradient"
BACK = {
    "softplus_backward": "against_gradient",
    "mul": "error",
    "mm": "activated_gradient",
    "tanh_backward": "sum_gradient",
}
"""What autograd's own operations compute, by the first of each kind: no line of the program names their results."""


def layers(hidden: int) -> list[Table]:
    """The two layers, from the real module."""
    with torch.device("meta"):
        model = Net(hidden)
    count = {name: sum(each.numel() for each in part.parameters()) for name, part in model.named_children()}
    return [
        Table(
            "frameworks",
            (
                Layer("input", "two numbers", "[N, 2]", 0, ""),
                Layer("hidden", "Linear, tanh", f"[N, {hidden}]", count["hidden"], f"2 × {hidden} + {hidden}"),
                Layer("output", "Linear, sigmoid", "[N]", count["output"], f"{hidden} + 1"),
            ),
        )
    ]


def look(model: Net, config: Config, x: Array, graphs: dict[str, list[str]]) -> Trace:
    """One point [1, 2], learned step by step: forward, backward, update. The model stays as it is."""
    edge = max(1.25 * EDGE, 1.25 * float(np.abs(x).max()))
    axis = np.linspace(-edge, edge, SIDE, dtype=np.float32)
    made = capture(OnePoint(model, config.learning_rate), *map(torch.from_numpy, (x, different(x), axis, axis.copy())))
    trace = _named(made)
    for name, axes in AXES.items():
        trace.name_axes(name, axes)
    for name, caption in STORY.items():
        trace.caption(name, {"en": caption["en"], "zh-TW": caption["zh-TW"]})
    first = {without_step(node.name): node.name for node in reversed(trace.nodes) if node.caption}
    trace.storyline = [{"node": first[name], "caption": STORY[name]} for name in STORY if name in first]
    taken = len(trace.array("loss_curve"))
    labels = [str(step) for step in range(taken)]  # as many steps have been taken before
    trace.axis_labels = {"number": ["x1", "x2"], "step": labels}
    trace.meta.update(
        room="frameworks",
        picture="model.activated",
        titles=TITLES,
        short=SHORT,
        symbols=SYMBOLS,
        axis_titles=AXIS_TITLES,
        steps={path: {"axis": "step", "labels": labels} for path in ("", "model", "model.hidden", "model.output")},
        notes=[PLAIN_STEPS] if config.optimizer != "sgd" else [],
        plots=_plots(x),
        point=[float(each) for each in x[0]],
        truth=LABELS[int(different(x)[0])],
        rate=config.learning_rate,
        static=graphs,
    )
    return trace


def _named(trace: Trace) -> Trace:
    """The same trace with names for what autograd computed: they follow from what is done with it."""
    for node in trace.nodes:
        if node.variable and node.variable.endswith(CHANGE):
            (gradient,) = tensors_of(node.args)
            _name(trace, trace.values[gradient].producer, node.variable.removesuffix(CHANGE) + GRADIENT)
    for step in range(MOST_STEPS):
        for kind, name in BACK.items():
            found = (node for node in trace.nodes if node.step == step and node.kind == kind and not node.module)
            if first := next((node for node in found if not node.variable), None):
                _name(trace, first.id, name)
    again = Trace(trace.nodes, trace.values, trace.arrays)  # finds them by their new names
    for name in ("path", "modules", "signatures", "inputs", "outputs", "meta"):
        setattr(again, name, getattr(trace, name))
    return again


def _name(trace: Trace, node: str | None, variable: str) -> None:
    found = next(each for each in trace.nodes if each.id == node)
    found.variable, found.name = variable, f"{variable}[{found.step}]"
    trace.values[found.outputs[0]].name = found.name


def _plots(x: Array) -> list[dict[str, Any]]:
    point = {"x": float(x[0, 0]), "y": float(x[0, 1]), "label": POINT_LABEL}
    return [
        {"kind": "plane", "node": "map.plane", "x": "x1", "y": "x2", "points": [point], "title": PLANE_TITLE},
        {"kind": "line", "node": "loss_curve", "x": "passes", "title": CURVE_TITLE},
    ]


# the story


def tell(trace: Trace) -> Iterator[str]:
    """The graph in the terminal: its operations, the numbers of each step, and the static graphs beside it."""
    meta = trace.meta
    yield f"point        {meta['point'][0]:g}, {meta['point'][1]:g}; the truth: {meta['truth']}"
    taken = len(trace.array("loss_curve"))
    yield f"graph        {len(trace.nodes)} operations, {taken} times through the loop; {trace.path}"
    yield ""
    yield "forward pass, as it ran (dynamic) and as it was captured when the model was trained (static)"
    for name, operations in {"this trace": of_trace(trace), **meta["static"]}.items():
        yield f"  {name:13} {' → '.join(operations)}"
    yield ""
    yield "learning this one point (the run's own weights stay as they are)"
    yield f"{'step':>6} {'logit':>10} {'probability':>12} {'loss':>10} {'error':>10} {'largest change':>15}"
    series = {name: trace.series(name) for name in ("model.logit", "probability", "loss", "error")}
    changes = {node.step: np.abs(trace.array(node)).max() for node in trace.steps("hidden_weight_change")}
    for node in trace.steps("output_weight_change"):
        changes[node.step] = max(changes[node.step], np.abs(trace.array(node)).max())
    for step in range(taken):
        values = [float(series[name].reshape(len(series[name]), -1)[step, 0]) for name in list(series)[:3]]
        told = f"{step:>6} {values[0]:>+10.4f} {values[1]:>12.4f} {values[2]:>10.4f}"
        if step in changes:
            told += f" {float(series['error'][step, 0]):>+10.4f} {changes[step]:>15.4f}"
        yield told
    answer = trace.array("probability[0]")[0]
    yield ""
    yield f"answer       {LABELS[int(answer >= 0.5)]} (probability of different {answer:.4f}, before any step)"
