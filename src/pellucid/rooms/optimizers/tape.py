"""Numbers that write down what is done with them: NumPy's operators on a `Noted` enter a node of a trace.

So an optimizer's formula, written once for arrays, is also what is recorded.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from pellucid.look import tape
from pellucid.look.record import Recorder
from pellucid.look.trace import Node, Value

KINDS = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.true_divide: "div", np.power: "pow",
    np.negative: "neg", np.sqrt: "sqrt",
}  # fmt: skip


class Tape:
    """`look.tape` with a place in the loop: all that is noted belongs to `step`."""

    def __init__(self) -> None:
        self._tape = tape.Tape()
        self.step: int | None = None

    @property
    def record(self) -> Recorder:
        return self._tape.record

    def enter(self, array: Any, name: str, kind: str = "constant", axes: tuple[str, ...] | None = None) -> Noted:
        """A tensor that nothing here computes."""
        return Noted(self, self._tape.value(array, name, axes, kind))

    def do(self, kind: str, *args: Any, axes: tuple[str, ...] | None = None) -> Any:
        """One operation of `pellucid.look`; a number if all its arguments are numbers."""
        if not any(isinstance(each, Noted) for each in _flat(args)):
            return float(tape.compute(kind, list(args)))
        return Noted(self, self._tape(kind, *map(_values, args), step=self.step, axes=axes))

    def name(self, noted: Noted, name: str, axes: tuple[str, ...] | None = None) -> Node:
        """Call what was noted by a name; its node."""
        node = self.record.nodes[int(str(noted.value.producer)[1:])]
        node.variable = name
        if axes:
            noted.value.axes = axes
        return node


class Noted(NDArrayOperatorsMixin):
    """A tensor of the trace that is being written."""

    def __init__(self, tape: Tape, value: Value):
        self.tape, self.value = tape, value

    @property
    def array(self) -> np.ndarray[Any, Any]:
        found: np.ndarray[Any, Any] = self.tape.record.arrays[self.value.id]
        return found

    def __array_ufunc__(self, function: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs or function not in KINDS:
            return NotImplemented
        return self.tape.do(KINDS[function], *args)


def _flat(args: Any) -> Any:
    for each in args:
        if isinstance(each, list | tuple):
            yield from _flat(each)
        else:
            yield each


def _values(argument: Any) -> Any:
    if isinstance(argument, list | tuple):
        return [_values(each) for each in argument]
    return argument.value if isinstance(argument, Noted) else argument
