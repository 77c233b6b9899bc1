"""How much each use of a weight contributes to its gradient, from recorded numbers alone. NumPy only.

A weight that is used several times (at every step of a loop, in tied layers) has the sum of its uses as its gradient:
for a loop that sum is back-propagation through time (Werbos 1990, Proc. IEEE 78:10). A use is an operation f(…, w, …);
its part is the vector-Jacobian product of the recorded gradient of its output. The products are in one table by kind.
Between weight and use there may be views (a transpose, one gate's slice): these are followed by sending the *places* of
the weight's numbers, 1, 2, 3 …, through the same references that check the views.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pellucid.look.check import arguments
from pellucid.look.ops import REFERENCES
from pellucid.look.products import PRODUCTS
from pellucid.look.trace import Array, Node, Trace, TraceError, tensors_of

# They only move numbers: followed. `detach` is not among them: no gradient passes it.
_MOVES = {
    *("t", "transpose", "permute", "movedim", "view", "_unsafe_view", "reshape", "_reshape_alias", "flatten"),
    *("unflatten", "slice", "select", "narrow", "split", "split_with_sizes", "unsafe_split", "chunk", "unsafe_chunk"),
    *("unbind", "unsqueeze", "squeeze", "expand", "alias", "clone", "contiguous", "diagonal", "flip", "roll"),
    *("repeat", "tril", "triu", "lift_fresh", "_to_copy"),
}
# They pick numbers, and picking is the use itself: a row of an embedding.
_PICKS = {"embedding", "index", "index_select", "gather", "take", "cat", "stack"}


def weight_contributions(trace: Trace, weight: str) -> list[tuple[Node, Array]]:
    """Every use of the weight that a gradient reached, with its part of the gradient (shaped like the weight).

    TraceError where no gradient of it was recorded, where a use has no vector-Jacobian product, and where the parts do
    not add up to the recorded gradient.
    """
    value = trace.value(weight)
    total = trace.gradient(value)
    if total is None:
        raise TraceError(f"no gradient of {weight} was recorded: capture with backward=True")
    size = int(np.prod(value.shape, dtype=int))
    # for each value made only of the weight's numbers: which of them, counted from 1; 0 is a number from elsewhere
    places: dict[str, Array] = {value.id: np.arange(1, size + 1).reshape(value.shape)}
    found: list[tuple[Node, Array]] = []
    largest = 0.0  # of all terms that went into the sums: what their rounding is proportional to
    for node in trace.nodes:
        used = [each for each in (*tensors_of(node.args), *tensors_of(node.kwargs)) if each in places]
        if not used:
            continue
        if node.kind in _MOVES:
            moved = _places_after(trace, node, places)
            places.update(zip(node.outputs, moved, strict=True))
            continue
        gradients = [trace.gradient(trace.values[each]) for each in node.outputs]
        if all(each is None for each in gradients):
            continue
        flat = np.zeros(size + 1)
        for place, part, magnitude in _parts(trace, node, places, gradients):
            np.add.at(flat, place.ravel(), np.asarray(part, dtype=np.float64).ravel())
            largest = max(largest, float(np.max(magnitude, initial=0.0)))
        found.append((node, flat[1:].reshape(value.shape)))
    _must_add_up(weight, found, total, largest)
    return found


def by_step(trace: Trace, weight: str) -> dict[int, Array]:
    """The contributions added up for each step of the loop, in order.

    Where no use is in a loop that the trace could see (`nn.LSTM` loops in C++), the uses are counted in the order in
    which they ran. Uses outside of the loop are step -1.
    """
    uses = weight_contributions(trace, weight)
    unseen = all(node.step is None for node, _ in uses)
    steps: dict[int, Array] = {}
    for order, (node, part) in enumerate(uses):
        step = order if unseen else -1 if node.step is None else node.step
        steps[step] = steps[step] + part if step in steps else part
    return dict(sorted(steps.items()))


def _must_add_up(weight: str, found: list[tuple[Node, Array]], total: Array, largest: float) -> None:
    apart = np.abs(sum((part for _, part in found), np.zeros(total.shape)) - total).max(initial=0.0)
    if apart > 1e-3 * max(largest, np.abs(total).max(initial=0.0)):
        raise TraceError(f"the uses of {weight} in this trace leave {apart:.1e} of its gradient unexplained")


def _places_after(trace: Trace, node: Node, places: dict[str, Array]) -> tuple[Array, ...]:
    """Where the weight's numbers are after an operation that moves or picks numbers."""
    args, kwargs = _with_places(trace, node, places)
    if node.kind in ("_to_copy", "clone", "lift_fresh"):
        return (args[0],)
    moved = REFERENCES[node.kind].compute(*args, **kwargs)
    return tuple(moved) if isinstance(moved, tuple | list) else (moved,)


def _with_places(trace: Trace, node: Node, places: dict[str, Array]) -> tuple[list[Any], dict[str, Any]]:
    """The node's arguments, with the weight's numbers replaced by their places, and other floats by 0."""

    def replace(recorded: Any, argument: Any) -> Any:
        if isinstance(recorded, list):
            return [replace(*each) for each in zip(recorded, argument, strict=True)]
        if isinstance(argument, np.ndarray):
            if recorded["value"] in places:
                return places[recorded["value"]]
            return np.zeros(argument.shape, dtype=np.int64) if argument.dtype.kind == "f" else argument
        return argument

    args, kwargs = arguments(trace, node)
    return replace(node.args, args), {name: replace(node.kwargs[name], each) for name, each in kwargs.items()}


def _parts(
    trace: Trace, node: Node, places: dict[str, Array], gradients: list[Array | None]
) -> Iterator[tuple[Array, Array, Array]]:
    """For every argument that holds numbers of the weight: their places, the gradient that arrives there, and the same
    with all terms positive, where it is a sum."""
    gradient = gradients[0]
    if node.kind in _PICKS:
        args, _ = arguments(trace, node)
        picked = _places_after(trace, node, places)[0]
        if node.kind == "embedding" and len(args) > 2 and args[2] >= 0:  # the row for padding does not learn
            picked = np.where((args[1] == args[2])[..., None], 0, picked)
        assert gradient is not None
        yield picked, gradient, np.abs(gradient)
        return
    product = PRODUCTS.get(node.kind)
    if product is None or gradient is None:
        raise TraceError(f"{node.name}: no vector-Jacobian product for {node.kind}")
    args, kwargs = arguments(trace, node)
    for index, recorded in enumerate(node.args):
        inside = [each for each in tensors_of(recorded) if each in places]
        if inside:
            part = product(args, kwargs, index, gradient.astype(np.float64))
            if part is None:
                raise TraceError(f"{node.name}: no vector-Jacobian product for argument {index} of {node.kind}")
            magnitude: Array | None = np.abs(part)
            if REFERENCES[node.kind].multilinear:
                positive = [np.abs(each) if isinstance(each, np.ndarray) else each for each in args]
                magnitude = product(positive, kwargs, index, np.abs(gradient.astype(np.float64)))
            assert magnitude is not None
            place = places[inside[0]]
            yield place, _sum_to(part, place.shape), _sum_to(magnitude, place.shape)


def _sum_to(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Undo broadcasting: what was used several times gets the sum."""
    gradient = np.asarray(gradient)
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    repeated = tuple(axis for axis, size in enumerate(shape) if size == 1 and gradient.shape[axis] != 1)
    return gradient.sum(axis=repeated, keepdims=True) if repeated else gradient
