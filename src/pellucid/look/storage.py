"""One trace, one safetensors file: `v12` a value, `g12` its gradient, the graph as JSON under `pellucid_trace`.

The format is described in docs/trace.md and docs/trace.schema.json. A value that is only another view of stored numbers
(a transposed weight, one slice of a sequence), or equal to them bit for bit, is not stored twice: the graph says which
tensor it is a view of, from which element on, and with which strides.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from pellucid.look.trace import Array, Node, Trace, TraceError, Value, tensors_of

KEY = "pellucid_trace"
FORMAT = 1
_PLAIN = ("path", "modules", "signatures", "inputs", "outputs", "axis_labels", "storyline", "meta")


def save(trace: Trace, path: str | os.PathLike[str]) -> int:
    """Write the file beside `path` and rename it, so that no reader ever meets half a trace."""
    path = Path(path)
    tensors, views = _dedupe(trace)
    text = json.dumps(graph(trace, views), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        save_file(tensors, beside, metadata={KEY: text})
        umask = os.umask(0)
        os.umask(umask)
        Path(beside).chmod(0o666 & ~umask)  # mkstemp's own mode is for one's own eyes only
        size = Path(beside).stat().st_size
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return size


def graph(trace: Trace, views: Mapping[str, Any]) -> dict[str, Any]:
    """Everything but the numbers, as JSON. Fields at their default are left out."""
    for entry in trace.storyline:
        if entry.get("node") not in trace:
            raise TraceError(f"the storyline names {entry.get('node')!r}, and no node has that name")
    values = []
    for value in trace.values.values():
        record = _sparse(value)
        if value.id in views:
            record["view"] = views[value.id]
        values.append(record)
    plain = {name: getattr(trace, name) for name in _PLAIN}
    return {"format": FORMAT, **plain, "nodes": [_sparse(node) for node in trace.nodes], "values": values}


_NODE = {field.name: field.default for field in fields(Node)}
_VALUE = {field.name: field.default for field in fields(Value)}


def _sparse(record: Node | Value) -> dict[str, Any]:
    defaults = _NODE if isinstance(record, Node) else _VALUE
    return {
        name: value
        for name, default in defaults.items()
        if (value := getattr(record, name)) != default and (value != {} or name != "kwargs")
    }


def _dedupe(trace: Trace) -> tuple[dict[str, Array], dict[str, dict[str, Any]]]:
    """The tensors to store, and for every other value of which of them it is a view."""
    if isinstance(trace.arrays, _File):  # what the file shares stays shared
        return {name: trace.arrays[name] for name in trace.arrays.names}, trace.arrays.views
    tensors: dict[str, Array] = {}
    views: dict[str, dict[str, Any]] = {}
    owners: dict[int, tuple[str, Array]] = {}  # address of the first element in memory → the tensor that begins there
    digests: dict[tuple[str, bytes], str] = {}
    arrays = {name: np.asarray(trace.arrays[name]) for name in _stored(trace)}
    # whole tensors first, the largest before all: what is a view of something meets it already there
    for name, array in sorted(arrays.items(), key=lambda item: (not item[1].flags.c_contiguous, -item[1].size)):
        owner = owners.get(_root_address(array))
        if owner and (view := _view(owner[0], owner[1], array)) and name[0] == "v":
            views[name] = view
            continue
        whole = np.ascontiguousarray(array).reshape(array.shape)
        digest = (whole.dtype.str, hashlib.blake2b(whole.tobytes(), digest_size=16).digest())
        twin = digests.setdefault(digest, name)
        if twin != name and name[0] == "v" and whole.size:
            views[name] = {"of": twin, "offset": 0, "strides": _strides(whole)}
            continue
        tensors[name] = whole
        if array.flags.c_contiguous and array.size:
            owners.setdefault(_root_address(array), (name, array))
    return tensors, views


def _stored(trace: Trace) -> Iterator[str]:
    for value in trace.values.values():
        if value.stored:
            yield value.id
        if (name := "g" + value.id[1:]) in trace.arrays:
            yield name


def _root_address(array: Array) -> int:
    """Where the memory starts that the array is a view of."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array.__array_interface__["data"][0]


def _strides(array: Array) -> list[int]:
    return [stride // array.itemsize for stride in array.strides]


def _view(name: str, owner: Array, array: Array) -> dict[str, Any] | None:
    """How `array` lies in the memory of `owner`, in elements; None where it does not."""
    if array.dtype != owner.dtype or not array.size:
        return None
    offset = array.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    reach = sum((size - 1) * stride for size, stride in zip(array.shape, array.strides, strict=True))
    if offset % owner.itemsize or offset < 0 or min(array.strides, default=0) < 0 or offset + reach >= owner.nbytes:
        return None
    return {"of": name, "offset": offset // owner.itemsize, "strides": _strides(array)}


class _File(Mapping[str, Array]):
    """The tensors of a file by id; each is read when it is asked for, and only its own bytes."""

    def __init__(self, path: str, file: Any, views: dict[str, dict[str, Any]], values: dict[str, Value]) -> None:
        self.path, self.file, self.views = path, file, views
        self.shapes = {name: value.shape for name, value in values.items()}
        self.names = set(file.keys())

    def __getitem__(self, name: str) -> Array:
        view = self.views.get(name)
        stored = name if view is None else view["of"]
        if stored not in self.names:
            raise KeyError(name)
        array: Array = self.file.get_tensor(stored)
        shape = self.shapes["v" + name[1:]]
        if view is not None:
            strides = tuple(stride * array.itemsize for stride in view["strides"])
            try:  # NumPy checks that the view stays inside
                array = np.ndarray(shape, array.dtype, array, view["offset"] * array.itemsize, strides)
            except (ValueError, TypeError) as error:
                raise TraceError(f"{self.path}: {name} reaches outside of {stored}, which it is a view of") from error
        if array.shape != shape:
            raise TraceError(f"{self.path}: {name} has shape {array.shape} in the file, {shape} in its graph")
        array.flags.writeable = False
        return array

    def __contains__(self, name: object) -> bool:
        return name in self.names or name in self.views

    def __iter__(self) -> Iterator[str]:
        yield from (*self.names, *self.views)

    def __len__(self) -> int:
        return len(self.names) + len(self.views)


def open_trace(path: str | os.PathLike[str]) -> Trace:
    """Read the graph; the numbers stay in the file. TraceError, in one line, where this is no trace."""
    name = os.fspath(path)
    if not Path(name).exists():
        raise FileNotFoundError(f"no trace at {name}")
    try:
        file = safe_open(name, framework="numpy")
        metadata = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise TraceError(f"{name} is no whole safetensors file: {error}") from error
    if KEY not in metadata:
        raise TraceError(f"{name} is a safetensors file, but no trace: its header has no {KEY!r}")
    try:
        record = json.loads(metadata[KEY])
        if record.get("format") != FORMAT:
            raise TraceError(f"{name} has trace format {record.get('format')!r}; this version reads {FORMAT}")
        views = {each["id"]: each.pop("view") for each in record["values"] if "view" in each}
        values = {each["id"]: _value(each) for each in record["values"]}
        nodes = [Node(**each) for each in record["nodes"]]
        for node in nodes:
            for each in (*tensors_of(node.args), *tensors_of(node.kwargs), *node.outputs):
                if each not in values:
                    raise TraceError(f"{name}: {node.name} uses {each}, which the trace does not have")
        trace = Trace(nodes, values, _File(name, file, views, values))
        for field in _PLAIN:
            setattr(trace, field, record[field])
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise TraceError(f"{name}: its graph cannot be read ({type(error).__name__}: {error})") from error
    missing = [value.id for value in values.values() if value.stored and value.id not in trace.arrays]
    if missing:
        raise TraceError(f"{name}: {len(missing)} tensors are missing, among them {missing[0]}")
    return trace


def _value(record: dict[str, Any]) -> Value:
    axes = record.pop("axes", None)
    shape, aliases = tuple(record.pop("shape")), tuple(record.pop("aliases", ()))
    return Value(shape=shape, axes=tuple(axes) if axes else None, aliases=aliases, **record)
