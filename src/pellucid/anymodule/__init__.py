"""A network from a user's own file: run the file, feed its module, tell what came of it.

    my_file.py:build    build() returns an nn.Module, or (module, example inputs)

This runs the file, as `python my_file.py` would: it can do whatever its user can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from pellucid.core.errors import UserError

if TYPE_CHECKING:
    from pellucid.look import Trace

FUNCTION = "build"  # where none is named


def is_file(name: str) -> bool:
    """Whether this names a file of the user's and no run."""
    return name.partition(":")[0].endswith(".py")


def look(name: str, given: Sequence[str], *, backward: bool = False) -> Trace:
    """The trace of a file's module on inputs from files (`picture.png`, `x.npy`, `name=x.npy`, `all.npz`), or on the
    example inputs that come with it."""
    file, _, function = name.partition(":")
    from pellucid.anymodule.file import built, importing, told, where
    from pellucid.anymodule.inputs import read_all
    from pellucid.anymodule.layers import following
    from pellucid.look import TraceError, capture

    with importing(Path(file).absolute().parent):
        module, examples = built(Path(file), function or FUNCTION)
        args, kwargs = read_all(given, module) if given else examples
        if not args and not kwargs:
            raise UserError(f"{name}: what should go in? Name a file with --input, or return (module, example inputs)")
        with told(Path(file)), following(module) as layers:
            try:
                trace = capture(module, *args, backward=backward, **kwargs)
            except TraceError as error:
                raise UserError(f"{name}: {error}") from None
            except Exception as error:
                if found := layers.misfit():
                    place = where(error, Path(file))
                    raise UserError(f"{name}: {found}{'' if place == file else f' ({place})'}") from None
                raise
    trace.meta["text"] = f"{type(module).__name__} · {name}"
    return trace


def tell(trace: Trace) -> Iterator[str]:
    """A short summary: what went in, the parts that it went through, what came out."""
    weights = [value for value in trace.values.values() if value.kind == "weight"]
    count = sum(prod(value.shape) for value in weights)
    yield f"{trace.meta['text']}: {len(trace)} operations, {count:,} parameters"
    for name, each in trace.inputs.items():
        yield f"in   {name} {_told(trace, each)}"
    for path, kind in trace.modules.items():
        if not path or "." in path:
            continue
        last = [node for node in trace.nodes if f"{node.module}.".startswith(f"{path}.") and node.outputs][-1:]
        shape = list(trace.value(last[0]).shape) if last else ""
        own = sum(prod(value.shape) for value in weights if value.name.startswith(f"{path}."))
        yield f"     {path:16} {kind:18} {shape!s:20} {f'{own:,}' if own else ''}".rstrip()
    for name, each in trace.outputs.items():
        yield f"out  {name} {_told(trace, each)}{_largest(trace, each)}"


def _told(trace: Trace, each: str) -> str:
    import numpy as np

    value = trace.values[each]
    if not value.stored or not prod(value.shape):
        return f"{list(value.shape)} {value.dtype}"
    array = np.asarray(trace.array(value))
    return f"{list(value.shape)} {value.dtype}, {array.min():.4g} to {array.max():.4g}"


def _largest(trace: Trace, each: str) -> str:
    """Where a row of scores is largest."""
    shape = trace.values[each].shape
    row = trace.values[each].stored and bool(shape) and 1 < shape[-1] == prod(shape)
    return f", the largest at {int(trace.array(each).argmax())}" if row else ""
