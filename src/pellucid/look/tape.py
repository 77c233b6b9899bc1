"""A tape for algorithms that are no network: each call computes one operation and records it, in the same breath.

    tape = Tape(captions)
    w = tape.value(w, "w", axes=("unknown",), kind="input")
    error = tape("sub", tape("mv", a, w), b, name="error", step=3)
    trace = tape.trace()

Nothing is ever copied by hand, and nothing is its own witness: torch computes, in float64, and NumPy checks the trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.look.record import Recorder
from pellucid.look.trace import Array, Trace, Value


class Tape:
    """Operations by their ATen names (`mv`, `sub`, `mean` …) on values of the trace that is being written.

    captions: sentences in both languages, by the name that a node is given.
    """

    step: int | None = None
    """Where a loop stands: what `do` records belongs to it."""

    def __init__(self, captions: Mapping[str, Any] | None = None) -> None:
        self.record = Recorder()
        self._captions = captions or {}

    def value(self, array: Any, name: str, axes: Sequence[str] | None = None, kind: str = "constant") -> Value:
        """Enter a tensor that nothing here computes."""
        return self.record.value(np.asarray(array, dtype=np.float64), name, axes, kind)

    def caption(self, name: str) -> Any:
        """The sentence for nodes of that name, if there is one."""
        return self._captions.get(name)

    def array(self, value: Value) -> Array:
        return self.record.arrays[value.id]

    def __call__(self, kind: str, *args: Any, name: str | None = None, **node: Any) -> Value:
        """The operation on values, numbers and lists of these. node: `step` and `axes`, as of `Recorder.node`."""
        found: Value = self.record.node(
            kind, args, compute(kind, [self._tensors(each) for each in args]),
            name=name, caption=self.caption(name or ""), **node,
        )  # fmt: skip
        return found

    def do(self, kind: str, *args: Any, **node: Any) -> Any:
        """The same at `step`, or a number where all arguments are numbers: what `core.formula.walk` asks for."""
        if not any(isinstance(each, Value | np.ndarray) for each in _flat(args)):
            return float(compute(kind, list(args)))
        return self(kind, *args, **{"step": self.step, **node})

    def made(self, name: str) -> list[Value]:
        """What the nodes of that name gave, in order."""
        return [self.record.values[node.outputs[0]] for node in self.record.nodes if node.variable == name]

    def trace(self, **meta: Any) -> Trace:
        return self.record.trace(**meta)

    def _tensors(self, argument: Any) -> Any:
        import torch

        if isinstance(argument, Value):
            return torch.from_numpy(np.array(self.array(argument)))  # the record's own cannot be written to
        if isinstance(argument, np.ndarray):
            return torch.from_numpy(argument)
        return [self._tensors(each) for each in argument] if isinstance(argument, list | tuple) else argument


def _flat(args: Any) -> Iterator[Any]:
    for each in args:
        if isinstance(each, list | tuple):
            yield from _flat(each)
        else:
            yield each


def compute(kind: str, args: list[Any]) -> Array:
    """By torch's own operation of that name. A number that comes first is a tensor like any other there."""
    import torch

    operation: Any = getattr(torch.ops.aten, kind, None)
    if operation is None:
        raise ValueError(f"{kind}: torch has no such operation")
    if args and isinstance(args[0], int | float):
        args = [torch.tensor(float(args[0]), dtype=torch.float64), *args[1:]]
    found: Array = operation(*args).numpy()
    return found
