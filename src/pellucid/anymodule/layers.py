"""Where a run of a module ended: the layer that it was in, what came into it, and what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn


@dataclass
class Layers:
    """The layers that were entered, innermost last, and what came into each."""

    open: list[tuple[str, nn.Module, Any]]

    def misfit(self) -> str:
        """The layer in which it ended, where what came is not what it takes; else nothing."""
        name, module, came = self.open[-1] if self.open else ("", None, None)
        wanted = wants(module)
        if came is None or not wanted or fits(module, came):
            return ""
        kind = type(module).__name__
        layer = f"layer {name} ({kind})" if name else kind
        return f"{layer} wants {wanted}, and {list(came.shape)} {str(came.dtype).removeprefix('torch.')} came"


@contextmanager
def following(module: nn.Module) -> Iterator[Layers]:
    """Which layers of a module are entered and left."""
    layers = Layers([])
    names = {each: name for name, each in module.named_modules()}

    def enter(each: nn.Module, inputs: Any) -> None:
        came = next((value for value in inputs if isinstance(value, torch.Tensor)), None)
        layers.open.append((names[each], each, came))

    def leave(each: nn.Module, inputs: Any, output: Any) -> None:
        layers.open.pop()

    with ExitStack() as stack:
        for each in names:
            stack.callback(each.register_forward_pre_hook(enter).remove)
            stack.callback(each.register_forward_hook(leave).remove)
        yield layers


def wants(module: nn.Module | None) -> str:
    """The shape that a layer takes, where it is one of those that say so."""
    match module:
        case nn.Conv1d():
            return f"[N, {module.in_channels}, T]"
        case nn.Conv2d():
            return f"[N, {module.in_channels}, H, W]"
        case nn.Conv3d():
            return f"[N, {module.in_channels}, D, H, W]"
        case nn.Linear():
            return f"[…, {module.in_features}]"
        case nn.BatchNorm2d():
            return f"[N, {module.num_features}, H, W]"
        case nn.Embedding():
            return f"whole numbers from 0 to {module.num_embeddings - 1}"
        case nn.RNNBase():
            return f"[…, {module.input_size}]"
    return ""


def fits(module: nn.Module | None, came: torch.Tensor) -> bool:
    match module:
        case nn.Conv1d() | nn.Conv2d() | nn.Conv3d():
            n = len(module.kernel_size)
            return came.is_floating_point() and came.ndim in (n + 1, n + 2) and came.shape[-n - 1] == module.in_channels
        case nn.Linear():
            return came.is_floating_point() and came.ndim > 0 and came.shape[-1] == module.in_features
        case nn.BatchNorm2d():
            return came.ndim == 4 and came.shape[1] == module.num_features
        case nn.Embedding():
            whole = not came.is_floating_point()
            return bool(whole and (not came.numel() or (came.min() >= 0 and came.max() < module.num_embeddings)))
        case nn.RNNBase():
            return came.is_floating_point() and came.ndim in (2, 3) and came.shape[-1] == module.input_size
    return True
