"""A tape that knows the problem: gradients and Hessians walked operation by operation, small systems eliminated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pellucid.core.formula import walk
from pellucid.look.tape import Tape
from pellucid.look.trace import Value


class Pen(Tape):
    """Records at one `step` of the walk, or beside it (None)."""

    def walked(self, expressions: Sequence[Any], values: Mapping[str, Value], like: Value) -> list[Value]:
        """Each expression on these values, as tensors of the shape of `like`; what they share is done once."""
        known: dict[Any, Any] = {}
        return [self.full(walk(each, values, self.do, known), like) for each in expressions]

    def full(self, found: Any, like: Value) -> Value:
        """A number, or a tensor that broadcasts, in the shape of `like`."""
        if not isinstance(found, Value):
            return self.do("full_like", like, float(found))
        if found.shape != like.shape:
            found = self.do("add", self.do("mul", like, 0.0), found)
        return found

    def solved(self, matrix: Value, right: Value, name: str | None = None, axes: Sequence[str] | None = None) -> Value:
        """The solution of a small system with a positive definite matrix: Gauss-Jordan, without exchanging rows."""
        size = matrix.shape[0]
        if size == 1:
            flat = self.do("view", matrix, [1])
            return self.do("div", right, flat, name=name, axes=axes)
        rows = self.do("cat", [matrix, self.do("unsqueeze", right, 1)], 1)
        for k in range(size):
            pivot = self.do("select", self.do("select", rows, 0, k), 0, k)
            row = self.do("div", self.do("select", rows, 0, k), pivot)
            unit = self.record.value([float(i == k) for i in range(size)], "unit")
            column = self.do("sub", self.do("select", rows, 1, k), unit)
            rows = self.do("sub", rows, self.do("outer", column, row))
        return self.do("select", rows, 1, size, name=name, axes=axes)
