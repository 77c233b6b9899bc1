"""The trace: what happened, in order, and every number that took part in it. No torch here, to read or to check.

A trace is a list of nodes (operations) and a table of values (tensors). The numbers may lie in memory or still in a
file; either way they are asked for one value at a time. The file format is in `look/storage.py` and `docs/trace.md`.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pellucid.look.check import Report
    from pellucid.look.ops import Reference

Array: TypeAlias = NDArray[Any]
Text: TypeAlias = dict[str, str]  # language → text: {"en": "...", "zh-TW": "..."}


class TraceError(ValueError):
    """A trace, or a file said to be one, that cannot be used; the text is one line that says why."""


@dataclass(slots=True)
class Value:
    """One tensor. Its numbers are `trace.array(value)`."""

    id: str  # "v12"
    name: str
    kind: str  # input, weight, buffer, constant, computed
    shape: tuple[int, ...]
    dtype: str  # as the network had it: float32, bfloat16, int64, bool …
    axes: tuple[str, ...] | None = None
    producer: str | None = None  # id of the node
    aliases: tuple[str, ...] = ()  # further names: tied weights
    stored: bool = True  # False where the numbers could not be recorded (complex, quantised, sparse)


@dataclass(slots=True)
class Node:
    """One operation that really happened. Tensors in `args` and `kwargs` are {"value": "v12"} (see `tensors_of`)."""

    id: str  # "n7", in the order in which they ran
    kind: str  # the ATen name without namespace and overload: addmm
    name: str = ""  # unique: <module path>.<variable or kind>[step]#k
    op: str = ""  # in full: aten.addmm.default; empty where it was not torch
    module: str = ""  # path in the module tree; the root is ""
    call: int = 0  # for which time the module ran
    step: int | None = None
    variable: str | None = None
    code: str = ""  # the expression that called it
    source: str = ""  # package/file.py:line
    args: list[Any] = field(default_factory=list)
    kwargs: dict[str, Any] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    result: Any = None  # what came out where that is no tensor: a number, a bool
    caption: Text | None = None


def tensors_of(arguments: Any) -> list[str]:
    """The ids of the values in recorded arguments, in order."""
    if isinstance(arguments, dict):
        if isinstance(found := arguments.get("value"), str):
            return [found]
        return [value for each in arguments.values() for value in tensors_of(each)]
    if isinstance(arguments, list):
        return [value for each in arguments for value in tensors_of(each)]
    return []


def without_step(name: str) -> str:
    """`cell.h[3]#2` → `cell.h#2`: one name for all steps of a loop."""
    return re.sub(r"\[\d+\]", "", name)


class Trace:
    """Nodes and values of one run; see the module's docstring.

    `inputs` and `outputs` name the values that went into and came out of the whole; `modules` gives the class of each
    module path; `signatures` the argument names of each op; `path` says which way the numbers were computed.
    """

    def __init__(self, nodes: list[Node], values: dict[str, Value], arrays: Mapping[str, Array]) -> None:
        self.nodes = nodes
        self.values = values
        self.arrays = arrays  # by id: "v12" the value, "g12" its gradient
        self.path = ""
        self.modules: dict[str, str] = {}
        self.signatures: dict[str, list[str]] = {}
        self.inputs: dict[str, str] = {}
        self.outputs: dict[str, str] = {}
        self.axis_labels: dict[str, list[str]] = {}
        self.storyline: list[dict[str, Any]] = []
        self.meta: dict[str, Any] = {}
        self._by_name = {node.name: node for node in nodes}
        self._values_by_name: dict[str, Value] = {}
        for value in values.values():
            for name in (value.name, *value.aliases):
                self._values_by_name.setdefault(name, value)

    # --- finding ------------------------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Node:
        """The node of this name. KeyError with a hint where there is none."""
        try:
            return self._by_name[name]
        except KeyError:
            raise KeyError(f"no node {name!r}{_hint(name, self._by_name)}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __len__(self) -> int:
        return len(self.nodes)

    def value(self, which: Value | Node | str) -> Value:
        """The value meant by a value, its id or name, or by a node or its name (then its first output)."""
        if isinstance(which, Value):
            return which
        if isinstance(which, str):
            if which in self.values:
                return self.values[which]
            node = self._by_name.get(which)
            if node is None:
                if which in self._values_by_name:
                    return self._values_by_name[which]
                raise KeyError(f"no value {which!r}{_hint(which, [*self._values_by_name, *self._by_name])}")
            which = node
        if not which.outputs:
            raise TraceError(f"{which.name} has no tensor among its results")
        return self.values[which.outputs[0]]

    def array(self, which: Value | Node | str) -> Array:
        """The recorded numbers. bfloat16 and float16 come as float32. TraceError where they were not recorded."""
        value = self.value(which)
        if not value.stored:
            raise TraceError(f"{value.name} ({value.dtype}) was seen, but its numbers were not recorded")
        return self.arrays[value.id]

    def gradient(self, which: Value | Node | str) -> Array | None:
        """The gradient of the target by this value; None where none was recorded, or none reached it."""
        return self.arrays.get("g" + self.value(which).id[1:])

    def steps(self, name: str) -> list[Node]:
        """The nodes of a loop's steps, in order; `name` without a step: `cell.h`.

        A node of that name outside of the loop (what h began with) counts only where no other has a step.
        """
        found = [node for node in self.nodes if without_step(node.name) == name]
        found = [node for node in found if node.step is not None] or found
        if not found:
            raise KeyError(f"no node {name!r}{_hint(name, {without_step(node.name) for node in self.nodes})}")
        return sorted(found, key=lambda node: -1 if node.step is None else node.step)

    def series(self, name: str) -> Array:
        """The first output of every step of `name`, stacked: [steps, ...]."""
        arrays = [self.array(node) for node in self.steps(name)]
        if len({array.shape for array in arrays}) > 1:
            raise TraceError(f"{name} changes its shape from step to step: " + ", ".join(str(a.shape) for a in arrays))
        return np.stack(arrays)

    # --- telling ------------------------------------------------------------------------------------------------------

    def name_axes(self, pattern: str, axes: Sequence[str]) -> int:
        """Name the axes of what matching nodes (and matching inputs, weights …) hold, where the rank fits.

        `pattern` is an fnmatch pattern on names without the step. Returns how many values were named.
        """
        values = [self.values[each] for node in self._matching(pattern) for each in node.outputs]
        values += [v for v in self.values.values() if v.producer is None and fnmatchcase(v.name, pattern)]
        fitting = [value for value in values if len(value.shape) == len(axes)]
        for value in fitting:
            value.axes = tuple(axes)
        return len(fitting)

    def caption(self, pattern: str, text: Text) -> int:
        """Give matching nodes a caption, in each language. Returns how many nodes matched."""
        nodes = list(self._matching(pattern))
        for node in nodes:
            node.caption = dict(text)
        return len(nodes)

    def tell(self, story: Mapping[str, Any]) -> None:
        """Make the storyline of these captions, by variable: each at the first captioned node of its variable, left
        out where there is none."""
        first = {node.variable: node.name for node in reversed(self.nodes) if node.caption}
        self.storyline = [{"node": first[name], "caption": text} for name, text in story.items() if name in first]

    def _matching(self, pattern: str) -> Iterable[Node]:
        return (node for node in self.nodes if fnmatchcase(without_step(node.name), pattern))

    # --- checking and keeping -----------------------------------------------------------------------------------------

    def check(
        self, extra: Mapping[str, Reference] | None = None, tolerance: Mapping[str, float] | None = None
    ) -> Report:
        """Recompute every node from its recorded inputs. `extra`: references for a room's own kinds."""
        from pellucid.look.check import check

        return check(self, extra or {}, tolerance or {})

    def to_json(self) -> dict[str, Any]:
        """The graph without the numbers, as in the file's header (docs/trace.md)."""
        from pellucid.look.storage import graph

        return graph(self, {})

    def to_html(self, *, title: str = "", language: str = "") -> str:
        """A page that shows this trace, complete in itself: it opens from disk, without a server or a network."""
        from pellucid.look.show import page

        return page(self, title=title, language=language)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows."""
        from pellucid.look.show import frame

        try:
            return {"text/html": frame(self), "text/plain": repr(self)}
        except TraceError as error:  # too large to be shown
            return {"text/plain": f"{self!r}: {error}"}

    def __repr__(self) -> str:
        return f"<Trace of {len(self.nodes)} nodes>"

    def save(self, path: str | os.PathLike[str]) -> int:
        """Write one safetensors file, beside `path` and then renamed. Returns its size in bytes."""
        from pellucid.look.storage import save

        return save(self, path)

    @staticmethod
    def open(path: str | os.PathLike[str]) -> Trace:
        """A trace whose numbers stay in the file until they are asked for. TraceError where the file is none."""
        from pellucid.look.storage import open_trace

        return open_trace(path)


def _hint(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f". Near it: {', '.join(close)}" if close else ""
