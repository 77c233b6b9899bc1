"""Numbers that write down what is done with them, so that a formula, written once for arrays, is also what is recorded.

    p = Noted(tape, tape.value([0.5], "predictions"))
    note("odds", p / (1 - p))        # two nodes of a trace; the last is called odds

On plain arrays the same lines just compute.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from pellucid.look import tape
from pellucid.look.trace import Value

KINDS = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.true_divide: "div", np.negative: "neg",
    np.exp: "exp", np.log: "log", np.log1p: "log1p", np.sqrt: "sqrt", np.absolute: "abs", np.sign: "sign",
    np.cos: "cos", np.less: "lt", np.maximum: "maximum", np.minimum: "minimum",
}  # fmt: skip
BESIDE_NUMBER = {"maximum": "clamp_min", "minimum": "clamp_max"}


class Tape(tape.Tape):
    """`look.tape` with a place in the loop: what is noted belongs to `step`."""

    step: int | None = None
    prefix: str | None = ""
    """Before the names that formulas give; None: they give none (curves, which compute the same once more)."""

    def enter(self, array: Any, name: str, axes: tuple[str, ...] | None = None, kind: str = "constant") -> Noted:
        """A tensor that nothing here computes; whole numbers stay whole."""
        array = np.asarray(array)
        kept = array if array.dtype.kind == "i" else array.astype(np.float64)
        return Noted(self, self.record.value(kept, name, axes, kind))

    def do(self, kind: str, *args: Any) -> Noted:
        return Noted(self, self(kind, *map(_value, args), step=self.step))

    def name(self, noted: Noted, name: str, axes: tuple[str, ...] | None = None) -> Noted:
        """Call what was computed last by a name. What has one already, or was entered, is copied under the new one."""
        producer = noted.value.producer
        node = self.record.nodes[int(producer[1:])] if producer else None
        if node is None or node.variable:
            noted = self.do("clone", noted)
            node = self.record.nodes[-1]
        base = name.removeprefix(self.prefix or "")
        node.variable, node.caption = (
            name,
            self._captions.get(name) or (self.prefix and self._captions.get(base)) or None,
        )
        noted.value.axes = axes if axes and len(axes) == noted.array.ndim else noted.value.axes
        return noted


class Noted(NDArrayOperatorsMixin):
    """A tensor of the trace that is being written."""

    def __init__(self, pen: Tape, value: Value):
        self.pen, self.value = pen, value

    @property
    def array(self) -> np.ndarray[Any, Any]:
        return self.pen.array(self.value)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def __array_ufunc__(self, function: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs or function not in KINDS:
            return NotImplemented
        kind = KINDS[function]
        numbers = [each for each in args if isinstance(each, int | float)]
        if kind in BESIDE_NUMBER and numbers:
            return self.pen.do(BESIDE_NUMBER[kind], self, numbers[0])
        return self.pen.do(kind, *args)

    def sum(self, axis: int | None = None, keepdims: bool = False) -> Noted:
        return self.pen.do("sum", self) if axis is None else self.pen.do("sum", self, [axis], keepdims)

    def max(self, axis: int, keepdims: bool = False) -> Noted:
        return self.pen.do("amax", self, [axis], keepdims)


def note(name: str, value: Any) -> Any:
    """Call a number of a trace by its name; an array stays what it is."""
    if not isinstance(value, Noted) or value.pen.prefix is None:
        return value
    axes = ("example", "class") if len(value.shape) == 2 else ("example",)
    return value.pen.name(value, value.pen.prefix + name, axes[: len(value.shape)])


def pick(rows: Any, labels: Any) -> Any:
    """Of each row the entry that its label names."""
    if isinstance(rows, Noted):
        pen = rows.pen
        return pen.do("squeeze", pen.do("gather", rows, 1, pen.do("unsqueeze", labels, 1)), 1)
    return np.take_along_axis(rows, labels[:, None], 1)[:, 0]


def one_hot(labels: Any, classes: int) -> Any:
    """A row for each label: 1 in its place, 0 elsewhere."""
    if isinstance(labels, Noted):
        pen = labels.pen
        return pen.do("mul", pen.do("eq", pen.do("unsqueeze", labels, 1), np.arange(classes)), 1.0)
    return np.equal(labels[:, None], np.arange(classes)) * 1.0


def _value(argument: Any) -> Any:
    return argument.value if isinstance(argument, Noted) else argument
