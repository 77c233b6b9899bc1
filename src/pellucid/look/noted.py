"""Numbers that write down what is done with them, so that a formula, written once for arrays, is also what is recorded.

    pen = NotedTape()
    p = pen.enter([0.5], "predictions", kind="input")
    pen.name(p / (1 - p), "odds")        # two nodes of a trace; the last is called odds

On plain arrays the same formula just computes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from pellucid.look.tape import Tape
from pellucid.look.trace import Array, Node, Value

KINDS = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.true_divide: "div", np.power: "pow", np.negative: "neg",
    np.exp: "exp", np.log: "log", np.log1p: "log1p", np.sqrt: "sqrt", np.absolute: "abs", np.sign: "sign",
    np.cos: "cos", np.less: "lt", np.maximum: "maximum", np.minimum: "minimum",
}  # fmt: skip
BESIDE_NUMBER = {"maximum": "clamp_min", "minimum": "clamp_max"}


class NotedTape(Tape):
    """A tape on which NumPy's operators write: `enter` and `do` give `Noted` numbers."""

    def enter(self, array: Any, name: str, axes: Sequence[str] | None = None, kind: str = "constant") -> Noted:
        """A tensor that nothing here computes; whole numbers stay whole."""
        array = np.asarray(array)
        kept = array if array.dtype.kind == "i" else array.astype(np.float64)
        return Noted(self, self.record.value(kept, name, axes, kind))

    def do(self, kind: str, *args: Any, **node: Any) -> Any:
        found = super().do(kind, *map(_values, args), **node)
        return Noted(self, found) if isinstance(found, Value) else found

    def name(self, noted: Noted, name: str, axes: Sequence[str] | None = None) -> Noted:
        """Call what was computed last by a name. What has one already, or was entered, is copied under the new one."""
        if noted.value.producer is None or self.node(noted).variable:
            noted = self.do("clone", noted)
        node = self.node(noted)
        node.variable, node.caption = name, self.caption(name)
        if axes and len(axes) == len(noted.shape):
            noted.value.axes = tuple(axes)
        return noted

    def node(self, noted: Noted) -> Node:
        """What computed it; nothing did of what was entered."""
        producer = noted.value.producer
        assert producer, f"{noted.value.name} was entered"
        return self.record.nodes[int(producer.removeprefix("n"))]


class Noted(NDArrayOperatorsMixin):
    """A tensor of the trace that is being written."""

    def __init__(self, tape: NotedTape, value: Value):
        self.tape, self.value = tape, value

    @property
    def array(self) -> Array:
        return self.tape.array(self.value)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def __array_ufunc__(self, function: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs or function not in KINDS:
            return NotImplemented
        kind = KINDS[function]
        numbers = [each for each in args if isinstance(each, int | float)]
        if kind in BESIDE_NUMBER and numbers:
            return self.tape.do(BESIDE_NUMBER[kind], self, numbers[0])
        return self.tape.do(kind, *args)

    def sum(self, axis: int | None = None, keepdims: bool = False) -> Noted:
        found: Noted = self.tape.do("sum", self, *([] if axis is None else [[axis], keepdims]))
        return found

    def max(self, axis: int, keepdims: bool = False) -> Noted:
        found: Noted = self.tape.do("amax", self, [axis], keepdims)
        return found


def _values(argument: Any) -> Any:
    if isinstance(argument, list | tuple):
        return [_values(each) for each in argument]
    return argument.value if isinstance(argument, Noted) else argument
