"""The builder of traces: capture uses it, and so do algorithms that are no network.

    record = Recorder()
    scores = record.value(scores, name="scores", axes=("box",), kind="input")
    for step in range(n):
        kept = record.node("nms_step", [scores, threshold], new_scores, name="keep", step=step)
    trace = record.trace()

Arrays are copied when they are handed in, so that what the algorithm does to them later changes nothing here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.look.trace import Array, Node, Text, Trace, Value


class Recorder:
    """Collects values and nodes; `trace()` gives every node its unique name and hands the whole over."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.values: dict[str, Value] = {}
        self.arrays: dict[str, Array] = {}

    def value(
        self,
        array: Any,
        name: str = "",
        axes: Sequence[str] | None = None,
        kind: str = "constant",
        *,
        dtype: str | None = None,
        copy: bool = True,
    ) -> Value:
        """Enter a tensor. `dtype` where it is not the array's own (bfloat16 kept as float32)."""
        array = np.array(array, order="C") if copy else array
        if axes is not None and len(axes) != array.ndim:
            raise ValueError(f"{name or 'a value'} has shape {array.shape}, but {len(axes)} axis names: {tuple(axes)}")
        value = self.unstored(name, kind, array.shape, dtype or array.dtype.name)
        value.axes, value.stored = tuple(axes) if axes else None, True
        array.flags.writeable = False
        self.arrays[value.id] = array
        return value

    def unstored(self, name: str, kind: str, shape: tuple[int, ...], dtype: str) -> Value:
        """Enter a tensor whose numbers cannot be kept."""
        value = Value(f"v{len(self.values)}", name, kind, tuple(shape), dtype, stored=False)
        self.values[value.id] = value
        return value

    def node(
        self,
        kind: str,
        args: Sequence[Any] = (),
        outputs: Any = (),
        *,
        name: str | None = None,
        step: int | None = None,
        caption: Text | None = None,
        kwargs: Mapping[str, Any] | None = None,
        axes: Sequence[str] | None = None,
    ) -> Any:
        """Enter one step of an algorithm. Returns its output as a Value, or a tuple of them where `outputs` is a tuple.

        `args` and `kwargs` are Values (tensors entered before), arrays (entered as constants), numbers, text and lists
        of these. `outputs` is an array or a tuple of arrays; `axes` names the axes of each output of that rank.
        """
        several = outputs if isinstance(outputs, tuple) else (outputs,)
        values = tuple(each if isinstance(each, Value) else self.value(each, kind="computed") for each in several)
        for value in values:
            if axes is not None and len(axes) == len(value.shape):
                value.axes = tuple(axes)
        self.add(
            Node(
                id="",
                kind=kind,
                variable=name,
                step=step,
                args=[self._argument(each) for each in args],
                kwargs={key: self._argument(each) for key, each in (kwargs or {}).items()},
                outputs=[value.id for value in values],
                caption=caption,
            )
        )
        return values if isinstance(outputs, tuple) else values[0]

    def add(self, node: Node) -> Node:
        """Enter a node that is already made; it gets its id and becomes the producer of its outputs."""
        node.id = f"n{len(self.nodes)}"
        for each in node.outputs:
            self.values[each].producer = node.id
        self.nodes.append(node)
        return node

    def _argument(self, argument: Any) -> Any:
        if isinstance(argument, np.ndarray):
            argument = self.value(argument)
        if isinstance(argument, Value):
            return {"value": argument.id}
        if isinstance(argument, np.generic):
            argument = argument.item()
        if isinstance(argument, list | tuple):
            return [self._argument(each) for each in argument]
        return plain(argument)

    def trace(self, **meta: Any) -> Trace:
        """The trace of everything entered so far; keywords become `trace.meta`."""
        _name_nodes(self.nodes, self.values)
        trace = Trace(self.nodes, self.values, self.arrays)
        trace.inputs = {value.name: value.id for value in self.values.values() if value.kind == "input"}
        trace.meta = meta
        return trace


def plain(scalar: Any) -> Any:
    """A scalar as JSON can hold it: what is neither finite nor JSON's own becomes {"float": "inf"} and the like."""
    if scalar is None or isinstance(scalar, bool | int | str):
        return scalar
    if isinstance(scalar, float):
        return scalar if math.isfinite(scalar) else {"float": str(scalar)}
    if isinstance(scalar, complex):
        return {"complex": [plain(scalar.real), plain(scalar.imag)]}
    raise TypeError(f"{type(scalar).__name__} is no argument that a trace can hold: {str(scalar)[:80]}")


def _name_nodes(nodes: list[Node], values: dict[str, Value]) -> None:
    """`<module path>.<variable or kind>`, `[step]` in a loop, `#2` and on for what would still share a name."""
    used: Counter[str] = Counter()
    for value in values.values():  # inputs, weights … come first: no node may take their names
        if value.producer is None:
            stem = value.name or "constant"
            used[stem] += 1
            value.name = stem if used[stem] == 1 else f"{stem}#{used[stem]}"
    taken = set(used)
    for node in nodes:
        stem = ".".join(part for part in (node.module, node.variable or node.kind) if part)
        stem += "" if node.step is None else f"[{node.step}]"
        if stem in taken and used[stem] == 0:
            used[stem] = 1
        used[stem] += 1
        node.name = stem if used[stem] == 1 else f"{stem}#{used[stem]}"
        names = [values[each] for each in node.outputs]
        for place, value in enumerate(names):
            if not value.name:
                value.name = node.name if len(names) == 1 else f"{node.name}:{place}"
