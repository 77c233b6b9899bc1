"""Which recorded value is this tensor? Answers for every tensor that an operation reads or writes. Imports torch.

Tensors share memory: a slice, a transpose and `x.data` are other views of the numbers of x, and an operation that works
in place changes all of them. So values are found by the tensor object, else by where it lies (storage, offset, size,
strides, dtype), and each storage keeps a log of the writes made to it. A tensor that was written through another view
since it was last seen gets a node of its own, `view_write`, which says of what it is now made.
Everything seen is held, so that no address can be used twice during a capture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from pellucid.look.check import elements
from pellucid.look.record import Recorder
from pellucid.look.trace import Array, Value

_WIDENED = (torch.bfloat16, torch.float16)  # kept as float32, which holds them exactly


class Geometry(NamedTuple):
    """How a tensor lies in its storage, in elements."""

    offset: int
    size: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: torch.dtype


class Born(NamedTuple):
    """What is known beforehand of a weight, a buffer, an input or a tensor kept as an attribute."""

    name: str
    kind: str
    aliases: tuple[str, ...] = ()


@dataclass(slots=True)
class _Known:
    value: Value
    geometry: Geometry
    writes: int  # how many writes to the storage it has in it


@dataclass(slots=True)
class _Storage:
    log: list[tuple[Geometry, Value]] = field(default_factory=list)
    known: dict[Geometry, _Known] = field(default_factory=dict)
    # a copy of a run of its elements, which further views of the same numbers are cut from
    copy: Array | None = None
    copy_offset: int = 0
    copy_writes: int = 0


class Memory:
    """All tensors of one run. `explain` is called with each `view_write` to record."""

    def __init__(
        self,
        recorder: Recorder,
        born: Mapping[int, tuple[Tensor, Born]],
        explain: Callable[[list[Value], dict[str, Any], Value], None],
    ) -> None:
        self.recorder = recorder
        self.explain = explain
        self.edges: dict[str, Tensor | GradientEdge] = {}  # by value id: what to differentiate by
        self._held: dict[int, tuple[Tensor, _Known]] = {}
        self._storages: dict[int, _Storage] = {}
        self._born = dict(born)
        self._born_at = {
            (_address(tensor), _geometry(tensor)): what for tensor, what in born.values() if _plain(tensor)
        }

    def read(self, tensor: Tensor) -> Value:
        """The value that the tensor holds now."""
        if not _plain(tensor):
            return self._opaque(tensor)
        storage, geometry = self._storage(tensor), _geometry(tensor)
        known = self._find(tensor, storage, geometry)
        value = self._begin(tensor, storage, geometry) if known is None else self._now(tensor, storage, known)
        # Here the tensor still has the autograd node that made this value: the one that in-place operations replace.
        if tensor.requires_grad and value.id not in self.edges:
            fn = tensor.grad_fn
            self.edges[value.id] = tensor if fn is None else GradientEdge(fn, tensor.output_nr)
        return value

    def made(self, tensor: Tensor) -> Value:
        """The new value of a tensor that an operation returned: new memory, or another view of known memory."""
        if not _plain(tensor):
            return self._opaque(tensor, new=True)
        storage, geometry = self._storage(tensor), _geometry(tensor)
        return self._enter(tensor, storage, geometry, "", "computed")

    def wrote(self, tensor: Tensor, returned: bool = True) -> Value:
        """The new value of a tensor that an operation wrote to; one that it does not return keeps its name and kind."""
        if not _plain(tensor):
            return self._opaque(tensor, new=True)
        storage, geometry = self._storage(tensor), _geometry(tensor)
        before = self._find(tensor, storage, geometry)
        storage.log.append((geometry, Value("", "", "", (), "")))  # from here on the copy is out of date
        if returned or before is None:
            value = self._enter(tensor, storage, geometry, "", "computed")
        else:
            value = self._enter(tensor, storage, geometry, before.value.name, before.value.kind)
        storage.log[-1] = (geometry, value)
        return value

    def forget(self) -> None:
        """Let go of all tensors; the recorded copies stay."""
        self._held.clear()
        self._storages.clear()
        self._born.clear()
        self.edges.clear()

    def _storage(self, tensor: Tensor) -> _Storage:
        return self._storages.setdefault(_address(tensor), _Storage())

    def _find(self, tensor: Tensor, storage: _Storage, geometry: Geometry) -> _Known | None:
        _, own = self._held.get(id(tensor), (None, None))
        there = storage.known.get(geometry) if tensor.numel() else None  # empty tensors all lie in the same place
        if own is not None and own.geometry == geometry and (there is None or own.writes >= there.writes):
            return own
        return there

    def _begin(self, tensor: Tensor, storage: _Storage, geometry: Geometry) -> Value:
        """A tensor from before the run, or from where no operation could be seen."""
        _, born = self._born.get(id(tensor), (None, None))
        if born is None and tensor.numel():
            born = self._born_at.get((_address(tensor), geometry))
        born = born or Born("", "constant")
        value = self._enter(tensor, storage, geometry, born.name, born.kind)
        value.aliases = born.aliases
        return value

    def _now(self, tensor: Tensor, storage: _Storage, known: _Known) -> Value:
        pending = [write for write in storage.log[known.writes :] if _overlap(known.geometry, write[0])]
        known.writes = len(storage.log)
        if pending and all(where.dtype == known.geometry.dtype for where, _ in pending):
            old = known.value
            value = self._enter(tensor, storage, known.geometry, "", "computed")
            layout = {"target": _layout(known.geometry), "writes": [_layout(where) for where, _ in pending]}
            self.explain([old, *(written for _, written in pending)], layout, value)
            return value
        if pending or not _same(self.recorder.arrays[known.value.id], _numpy(tensor)):
            # written where no operation could be seen (through NumPy, say): its origin is unknown
            kind = "constant" if known.value.kind == "computed" else known.value.kind
            storage.copy = None
            return self._enter(tensor, storage, known.geometry, known.value.name, kind)
        self._held.setdefault(id(tensor), (tensor, known))
        return known.value

    def _enter(self, tensor: Tensor, storage: _Storage, geometry: Geometry, name: str, kind: str) -> Value:
        array = self._copy(tensor, storage, geometry)
        value = self.recorder.value(array, name, None, kind, dtype=str(tensor.dtype)[6:], copy=False)
        known = _Known(value, geometry, len(storage.log))
        self._held[id(tensor)] = (tensor, known)
        storage.known[geometry] = known
        return value

    def _copy(self, tensor: Tensor, storage: _Storage, geometry: Geometry) -> Array:
        """The numbers of the tensor: cut from the storage's copy where that is up to date and has them all."""
        if storage.copy is not None and storage.copy_writes == len(storage.log):
            owner = storage.copy
            start = geometry.offset - storage.copy_offset
            itemsize = owner.itemsize
            if start >= 0 and owner.dtype == _numpy_dtype(geometry.dtype):
                strides = tuple(stride * itemsize for stride in geometry.strides)
                try:  # NumPy checks that the view stays inside
                    return np.ndarray(geometry.size, owner.dtype, owner, start * itemsize, strides)
                except (ValueError, TypeError):
                    pass
        array = np.array(_numpy(tensor), order="C")
        if tensor.is_contiguous() and array.size:
            array.flags.writeable = False
            storage.copy, storage.copy_offset = array.reshape(-1), geometry.offset
            storage.copy_writes = len(storage.log)
        return array

    def _opaque(self, tensor: Tensor, new: bool = False) -> Value:
        """Complex, quantised, sparse …: seen, but not recorded."""
        _, known = self._held.get(id(tensor), (None, None))
        if known is not None and not new:
            return known.value
        _, born = self._born.get(id(tensor), (None, Born("", "computed" if new else "constant")))
        value = self.recorder.unstored(born.name, born.kind, tuple(tensor.shape), str(tensor.dtype)[6:])
        self._held[id(tensor)] = (tensor, _Known(value, Geometry(0, (), (), tensor.dtype), 0))
        return value


def to_numpy(tensor: Tensor) -> Array:
    """A copy of the numbers, bfloat16 and float16 as float32."""
    return np.array(_numpy(tensor), order="C")


def _numpy(tensor: Tensor) -> Array:
    tensor = tensor.detach()
    array: Array = (tensor.float() if tensor.dtype in _WIDENED else tensor).numpy(force=True)
    return array


_DTYPES: dict[torch.dtype, Any] = {}


def _numpy_dtype(dtype: torch.dtype) -> Any:
    if dtype not in _DTYPES:
        _DTYPES[dtype] = np.dtype(np.float32) if dtype in _WIDENED else torch.empty(0, dtype=dtype).numpy().dtype
    return _DTYPES[dtype]


def _plain(tensor: Tensor) -> bool:
    """Whether the tensor is made of numbers that NumPy and safetensors have, strided in memory of its own."""
    if type(tensor) not in (Tensor, torch.nn.Parameter) and hasattr(type(tensor), "__torch_dispatch__"):
        kind = type(tensor).__torch_dispatch__
        if kind is not Tensor.__torch_dispatch__:
            return False
    dtype = tensor.dtype
    if tensor.layout is not torch.strided or dtype.is_complex or tensor.is_quantized or tensor.is_meta:
        return False
    return dtype in _WIDENED or not (dtype.is_floating_point and dtype.itemsize < 4)


def _address(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _geometry(tensor: Tensor) -> Geometry:
    return Geometry(int(tensor.storage_offset()), tuple(tensor.size()), tensor.stride(), tensor.dtype)


def _layout(where: Geometry) -> dict[str, Any]:
    return {"offset": where.offset, "strides": list(where.strides)}


def _overlap(a: Geometry, b: Geometry) -> bool:
    """Whether two tensors of one storage have an element in common."""
    if a.dtype != b.dtype:
        return True  # they count in different units: be careful
    if 0 in a.size or 0 in b.size:
        return False
    if a.offset > _end(b) or b.offset > _end(a):
        return False
    if a == b:
        return True
    here, there = (elements(each.size, each.offset, each.strides) for each in (a, b))
    return bool(np.isin(here, there).any())


def _end(where: Geometry) -> int:
    return where.offset + sum((size - 1) * stride for size, stride in zip(where.size, where.strides, strict=True))


def _same(a: Array, b: Array) -> bool:
    """Equal bit for bit, NaN and the sign of zero included."""
    bits = f"i{a.itemsize}"
    return a.shape == b.shape and np.array_equal(a.view(bits), b.view(bits))
