"""Recompute every node from its recorded inputs, in NumPy float64, and compare. No torch here.

The difference of a node is the largest |recorded - reference| over its outputs. It is measured against the largest
|reference|; for sums of products against the same sum over absolute values, since terms that cancel leave their
rounding behind (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1).
A node without a reference is *unchecked* and counted as such, never hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from pellucid.look.ops import REFERENCES, Reference
from pellucid.look.trace import Array, Node, Trace, Value, tensors_of

TOLERANCE = {"float32": 1e-5, "float64": 1e-11, "bfloat16": 2e-2, "float16": 2e-3}
_LARGEST = {
    "float32": 3.4028235678e38,
    "float16": 65520.0,
    "bfloat16": 3.396e38,
}  # what still rounds to a finite number


@dataclass(frozen=True, slots=True)
class NodeCheck:
    """What came of one node. `absolute` and `relative` are None where nothing was compared."""

    status: Literal["checked", "failed", "unchecked"]
    absolute: float | None = None
    relative: float | None = None
    message: str = ""


@dataclass
class Report:
    """What came of all nodes; `str()` is the badge."""

    nodes: dict[str, NodeCheck] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.nodes)

    @property
    def checked(self) -> int:
        """How many nodes were recomputed and agreed."""
        return sum(each.status == "checked" for each in self.nodes.values())

    @property
    def largest(self) -> float:
        """The largest relative difference over the nodes that were recomputed, failed ones included."""
        return max((each.relative for each in self.nodes.values() if each.relative is not None), default=0.0)

    @property
    def largest_absolute(self) -> float:
        return max((each.absolute for each in self.nodes.values() if each.absolute is not None), default=0.0)

    @property
    def failed(self) -> list[str]:
        return [name for name, each in self.nodes.items() if each.status == "failed"]

    @property
    def unchecked(self) -> list[str]:
        return [name for name, each in self.nodes.items() if each.status == "unchecked"]

    def to_json(self) -> dict[str, Any]:
        """Counts, the largest differences, and what came of each node."""
        return {
            "total": self.total,
            "checked": self.checked,
            "largest": self.largest,
            "largest_absolute": self.largest_absolute,
            "nodes": {name: asdict(each) for name, each in self.nodes.items()},
        }

    def summary(self) -> dict[str, Any]:
        """What a page shows of it: the counts, each node's relative difference in order, and the nodes not plainly
        right. Infinities, which JSON has not, are None (−1 for the largest)."""
        odd = {name: node for name, node in self.nodes.items() if node.status != "checked"}
        return {
            "total": self.total,
            "checked": self.checked,
            "largest": _finite(self.largest, -1.0),
            "relative": [_finite(node.relative) for node in self.nodes.values()],
            "nodes": {
                name: {"status": node.status, "relative": _finite(node.relative), "message": node.message}
                for name, node in odd.items()
            },
        }

    def __str__(self) -> str:
        return f"checked {self.checked} of {self.total} nodes, largest difference {self.largest:.1e}"


def _finite(value: float | None, otherwise: float | None = None) -> float | None:
    return value if value is not None and np.isfinite(value) else otherwise


def check(trace: Trace, extra: Mapping[str, Reference], tolerance: Mapping[str, float]) -> Report:
    """Check every node of the trace; `extra` references go before the built-in ones of the same kind."""
    references = {**REFERENCES, "view_write": Reference(view_write, exact=True), **extra}
    tolerances = {**TOLERANCE, **tolerance}
    return Report({node.name: _check_node(trace, node, references.get(node.kind), tolerances) for node in trace.nodes})


def _check_node(trace: Trace, node: Node, reference: Reference | None, tolerance: Mapping[str, float]) -> NodeCheck:
    if reference is None:
        return NodeCheck("unchecked", message=f"no reference for {node.kind}")
    used = [trace.values[each] for each in (*tensors_of(node.args), *tensors_of(node.kwargs), *node.outputs)]
    if any(not value.stored for value in used):
        return NodeCheck("unchecked", message="its numbers were not recorded")
    args, kwargs = arguments(trace, node)
    try:
        expected = reference.compute(*args, **kwargs)
        if expected is None:  # memory as it was found: whatever is in it is right
            return NodeCheck("checked", 0.0, 0.0, "nothing to compare: its content is not defined")
        bound = _bound(reference, args, kwargs)
        if not node.outputs:
            return _compare_result(node, expected)
        outputs = expected if isinstance(expected, tuple | list) else (expected,)
        if len(outputs) != len(node.outputs):
            return NodeCheck("failed", message=f"{len(node.outputs)} outputs, the reference has {len(outputs)}")
        values = [trace.values[each] for each in node.outputs]
        recorded = [trace.array(value) for value in values]
        return _compare(values, recorded, outputs, bound, reference.exact, tolerance)
    except NotImplementedError as error:
        return NodeCheck("unchecked", message=str(error) or "beyond its reference")
    except Exception as error:
        return NodeCheck("failed", message=f"{type(error).__name__}: {error}")


def arguments(trace: Trace, node: Node) -> tuple[list[Any], dict[str, Any]]:
    """The node's arguments as a reference takes them: arrays, floating ones as float64, and plain Python."""

    def read(argument: Any) -> Any:
        match argument:
            case {"value": str(name)}:
                array = trace.array(name)
                return array.astype(np.float64) if array.dtype.kind == "f" else array
            case {"float": str(text)}:
                return float(text)
            case {"complex": [real, imaginary]}:
                return complex(read(real), read(imaginary))
            case list():
                return [read(each) for each in argument]
            case dict():
                return {key: read(each) for key, each in argument.items()}
        return argument

    return [read(each) for each in node.args], {key: read(each) for key, each in node.kwargs.items()}


def _bound(reference: Reference, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """For a sum of products: the same sum over absolute values, which its rounding is proportional to."""
    if not reference.multilinear:
        return ()

    def magnitude(argument: Any) -> Any:
        if isinstance(argument, list):
            return [magnitude(each) if isinstance(each, np.ndarray) else each for each in argument]
        if isinstance(argument, np.ndarray) and argument.dtype.kind == "f":
            return np.abs(argument)
        return argument

    scalars = {key: abs(kwargs[key]) for key in ("alpha", "beta") if key in kwargs}
    result = reference.compute(
        *map(magnitude, args), **{key: magnitude(each) for key, each in kwargs.items()} | scalars
    )
    return result if isinstance(result, tuple | list) else (result,)


def _compare_result(node: Node, expected: Any) -> NodeCheck:
    """An operation that left a Python number: what `.item()` read must be what was there."""
    wanted = float(np.asarray(expected))
    found = float(node.result["float"] if isinstance(node.result, dict) else node.result)
    same = found == wanted or (np.isnan(found) and np.isnan(wanted))
    difference = 0.0 if same else abs(found - wanted)
    return NodeCheck("checked" if same else "failed", difference, difference, "" if same else f"{found}, not {wanted}")


def _compare(
    values: list[Value],
    recorded: list[Array],
    outputs: Any,
    bound: Any,
    exact: bool,
    tolerance: Mapping[str, float],
) -> NodeCheck:
    compared = [
        (value, array, np.asarray(output))
        for value, array, output in zip(values, recorded, outputs, strict=True)
        if output is not None  # None: the operation leaves this output undefined
    ]
    if not compared:
        return NodeCheck("unchecked", message="chance decides it")
    difference = 0.0
    scale = max((_largest(np.asarray(each)) for each in bound if each is not None), default=0.0)
    for value, array, output in compared:
        if array.shape != output.shape:
            return NodeCheck("failed", message=f"{value.name} has shape {array.shape}, the reference {output.shape}")
        scale = max(scale, _largest(output))
        apart = _difference(array, output, value.dtype, exact)
        if apart is None:
            return NodeCheck("failed", float("inf"), float("inf"), f"{value.name}: infinities or NaN in other places")
        must_be_equal = exact or array.dtype.kind != "f"
        if must_be_equal and apart > 0:
            return NodeCheck("failed", apart, apart / scale if scale else float("inf"), f"{value.name} must be equal")
        difference = max(difference, apart)
    relative = 0.0 if difference == 0 else difference / scale if scale else float("inf")
    limit = max((tolerance.get(value.dtype, 0.0) for value, _, _ in compared))
    if relative > limit:
        return NodeCheck("failed", difference, relative, f"{relative:.1e} apart, at most {limit:.0e} allowed")
    return NodeCheck("checked", difference, relative)


def _difference(array: Array, output: Array, dtype: str, exact: bool) -> float | None:
    """The largest |array - output|; None where infinities or NaN do not match in place."""
    if not array.size:
        return 0.0
    if array.dtype.kind != "f":
        if array.dtype == output.dtype and np.array_equal(array, output):
            return 0.0
        return float(np.max(np.abs(array.astype(np.float64) - output.astype(np.float64)))) or float(
            not np.array_equal(array, output)
        )
    if exact and dtype in ("float32", "float16"):
        output = output.astype(dtype)  # the same numbers, in the precision that they were recorded in
    wanted = output.astype(np.float64)
    if dtype in _LARGEST:  # beyond what the dtype can hold there is only infinity
        wanted = np.where(np.abs(wanted) > _LARGEST[dtype], np.copysign(np.inf, wanted), wanted)
    found = array.astype(np.float64)
    finite = np.isfinite(wanted)
    if not finite.all():
        if not np.array_equal(finite, np.isfinite(found)) or not np.array_equal(
            wanted[~finite], found[~finite], equal_nan=True
        ):
            return None
        wanted, found = wanted[finite], found[finite]
    elif not np.isfinite(found).all():
        return None
    return float(np.max(np.abs(found - wanted), initial=0.0))


def _largest(array: Array) -> float:
    """The largest finite magnitude."""
    if array.dtype.kind not in "fiub":
        return 0.0
    magnitude = np.abs(array.astype(np.float64))
    return float(np.max(magnitude, initial=0.0, where=np.isfinite(magnitude)))


def view_write(old: Array, *written: Array, target: dict[str, Any], writes: list[dict[str, Any]]) -> Array:
    """What a tensor holds after parts of its memory were written through other views of it, in this order.

    `target` and each of `writes` say how a tensor lies in the shared memory: {"offset": ..., "strides": [...]}, counted
    in elements. Both are laid out in one flat array, as `torch.as_strided` would.
    """
    wheres = (target, *writes)
    places = [
        elements(array.shape, where["offset"], where["strides"])
        for array, where in zip((old, *written), wheres, strict=True)
    ]
    first = min(int(place.min()) for place in places)
    memory = np.zeros(max(int(place.max()) for place in places) - first + 1, dtype=old.dtype)
    for array, place in zip((old, *written), places, strict=True):
        memory[place - first] = array
    return memory[places[0] - first]


def elements(shape: Sequence[int], offset: int, strides: Sequence[int]) -> Array:
    """The place in memory of every element of a strided tensor."""
    place = np.full(shape, offset, dtype=np.int64)
    for axis, (size, stride) in enumerate(zip(shape, strides, strict=True)):
        place += (np.arange(size) * stride).reshape(-1, *(1,) * (len(shape) - axis - 1))
    return place
