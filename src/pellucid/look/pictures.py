"""Pictures in a trace: which values are feature maps, by the kinds of operations, and what of the input each sees.

A convolution or a pooling says which axes are channel, row and column; what is computed from such values number by
number has them, too. No room and no module is known by name here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pellucid.look.ops.registry import per_axis
from pellucid.look.trace import Node, Trace, Value

PICTURE, CHANNEL, ROW, COLUMN, FILTER = "picture", "channel", "row", "column", "filter"
MAPS = (PICTURE, CHANNEL, ROW, COLUMN)

CONVOLUTIONS = ("convolution", "_convolution", "mkldnn_convolution")
POOLINGS = tuple(
    f"{kind}_pool2d{ending}" for kind in ("max", "avg") for ending in ("", "_with_indices")
)  # with a kernel; the adaptive ones have none
WHOLE_POOLINGS = ("adaptive_avg_pool2d", "_adaptive_avg_pool2d", "adaptive_max_pool2d")
NORMS = ("native_batch_norm", "batch_norm", "_native_batch_norm_legit_no_training", "native_group_norm")
TURNED = ("t", "transpose", "permute", "numpy_T", "mm", "bmm", "matmul", "addmm", "flip", "roll")


def argument(trace: Trace, node: Node, name: str, place: int, default: Any = None) -> Any:
    """An argument of an operation by its name or its place."""
    if name in node.kwargs:
        return node.kwargs[name]
    return node.args[place] if place < len(node.args) else default


def value_of(trace: Trace, given: Any) -> Value | None:
    """The value that an argument is; None where it is none."""
    return trace.values.get(str(given["value"])) if isinstance(given, dict) and "value" in given else None


def name_pictures(trace: Trace) -> int:
    """Name the axes of feature maps and kernels that have no names yet. Returns how many values were named."""
    found: dict[str, tuple[str, ...]] = {}

    def name(value: Value | None, axes: tuple[str, ...]) -> None:
        if value is not None and value.axes is None and len(value.shape) <= len(axes):
            found.setdefault(value.id, axes[len(axes) - len(value.shape) :])

    for node in trace.nodes:
        seen = value_of(trace, node.args[0]) if node.args else None
        if node.kind in CONVOLUTIONS and seen is not None:
            weight = value_of(trace, argument(trace, node, "weight", 1))
            if weight is None or len(weight.shape) != 4:
                continue
            transposed = node.kind == "convolution" and argument(trace, node, "transposed", 6, False)
            name(weight, (CHANNEL, FILTER, ROW, COLUMN) if transposed else (FILTER, CHANNEL, ROW, COLUMN))
            name(value_of(trace, argument(trace, node, "bias", 2)), (FILTER,))
        elif node.kind not in (*POOLINGS, *WHOLE_POOLINGS):
            continue
        for value in (seen, *(trace.values[each] for each in node.outputs)):
            name(value, MAPS if value is not None and len(value.shape) == 4 else MAPS[1:])
    if not found:
        return 0
    _spread(trace, found)
    for each, axes in found.items():
        trace.values[each].axes = axes
    return len(found)


def _spread(trace: Trace, found: dict[str, tuple[str, ...]]) -> None:
    """To what has the same number of axes and was computed number by number, forwards and then backwards."""

    def maps(each: str) -> tuple[str, ...] | None:
        axes = found.get(each) or trace.values[each].axes
        return axes if axes is not None and axes[-2:] == (ROW, COLUMN) and FILTER not in axes else None

    for forwards in (True, False):
        for node in trace.nodes if forwards else reversed(trace.nodes):
            if node.kind in TURNED:
                continue
            ins = [value.id for given in _flat(node.args) if (value := value_of(trace, given)) is not None]
            known = next(filter(None, map(maps, ins if forwards else node.outputs)), None)
            if known is None:
                continue
            for each in node.outputs if forwards else ins:
                value = trace.values[each]
                size = len(value.shape)
                spatial = size == len(known) and (forwards or _alike(trace, node, value))
                if spatial and value.kind in ("computed", "input") and value.axes is None:
                    found.setdefault(each, known)
    for node in trace.nodes:
        if node.kind in NORMS and node.outputs and maps(node.outputs[0]):
            for given in node.args[1:5]:
                value = value_of(trace, given)
                if value is not None and value.axes is None and len(value.shape) == 1:
                    found.setdefault(value.id, (CHANNEL,))


def _alike(trace: Trace, node: Node, value: Value) -> bool:
    return any(trace.values[each].shape[-2:] == value.shape[-2:] for each in node.outputs)


def _flat(arguments: Any) -> list[Any]:
    if isinstance(arguments, list):
        return [each for inner in arguments for each in _flat(inner)]
    return [arguments]


@dataclass(frozen=True)
class Field:
    """The part of a picture that a cell of a feature map depends on, in the picture's pixels; it may reach beyond."""

    row: int
    column: int
    height: int
    width: int

    def joined(self, other: Field) -> Field:
        row, column = min(self.row, other.row), min(self.column, other.column)
        foot = max(self.row + self.height, other.row + other.height)
        right = max(self.column + self.width, other.column + other.width)
        return Field(row, column, foot - row, right - column)


def receptive_field(trace: Trace, node: Node | str, row: int, column: int) -> Field:
    """What a cell of a node sees of the trace's first picture (an input with rows and columns), by the geometry of all
    operations between them. Padding counts as if the picture went on there."""
    start = trace.value(node)
    picture = next(v for v in map(trace.values.get, trace.inputs.values()) if v is not None and _is_maps(v))
    whole = Field(0, 0, *picture.shape[-2:])
    by_id = {each.id: each for each in trace.nodes}
    known: dict[tuple[str, Field], Field | None] = {}

    def behind(value: Value, seen: Field) -> Field | None:
        """Of the picture, what a part of a value depends on; None: nothing."""
        key = (value.id, seen)
        if key not in known:
            known[key] = _behind(value, seen)
        return known[key]

    def _behind(value: Value, seen: Field) -> Field | None:
        if value.id == picture.id:
            return seen
        maker = by_id.get(value.producer or "")
        if maker is None:
            return None
        joined: Field | None = None
        for given in _flat(maker.args):
            source = value_of(trace, given)
            if source is None:
                continue
            wider = _wider(trace, maker, value, source, seen)
            found = behind(source, wider) if wider is not None else _any(source)
            if found is not None:
                joined = found if joined is None else joined.joined(found)
        return joined

    def _any(source: Value) -> Field | None:
        """All of the picture, where the source depends on it at all."""
        todo, met = [source.id], set()
        while todo:
            each = todo.pop()
            if each == picture.id:
                return whole
            maker = by_id.get(trace.values[each].producer or "")
            if maker is not None and each not in met:
                met.add(each)
                todo += [v.id for given in _flat(maker.args) if (v := value_of(trace, given)) is not None]
        return None

    return behind(start, Field(row, column, 1, 1)) or whole


def _is_maps(value: Value) -> bool:
    return len(value.shape) >= 2 and value.axes is not None and value.axes[-2:] == (ROW, COLUMN)


def _wider(trace: Trace, node: Node, value: Value, source: Value, seen: Field) -> Field | None:
    """What a part of an operation's result takes of one of its arguments; None: that is not known by place."""
    if not (_is_maps(value) and _is_maps(source)):
        return None
    if node.kind in CONVOLUTIONS or node.kind in POOLINGS:
        kernel, stride, padding, dilation = window(trace, node)
        if node.kind in CONVOLUTIONS and source.id == (value_of(trace, node.args[1]) or source).id:
            return None
        return Field(
            seen.row * stride[0] - padding[0],
            seen.column * stride[1] - padding[1],
            (seen.height - 1) * stride[0] + dilation[0] * (kernel[0] - 1) + 1,
            (seen.width - 1) * stride[1] + dilation[1] * (kernel[1] - 1) + 1,
        )
    return seen if source.shape[-2:] == value.shape[-2:] and node.kind not in TURNED else None


def window(trace: Trace, node: Node) -> tuple[tuple[int, ...], ...]:
    """Kernel, stride, padding and dilation of a convolution or a pooling, for rows and columns."""
    if node.kind in CONVOLUTIONS:
        weight = value_of(trace, node.args[1])
        assert weight is not None
        order = (4, 3, 5) if node.kind == "mkldnn_convolution" else (3, 4, 5)
        stride, padding, dilation = (per_axis(node.args[i], 2) for i in order)
        return weight.shape[-2:], stride, padding, dilation
    kernel = per_axis(argument(trace, node, "kernel_size", 1), 2)
    steps = argument(trace, node, "stride", 2) or kernel
    gaps = argument(trace, node, "dilation", 4, 1) if node.kind.startswith("max") else 1
    return kernel, per_axis(steps, 2), per_axis(argument(trace, node, "padding", 3, 0), 2), per_axis(gaps, 2)
