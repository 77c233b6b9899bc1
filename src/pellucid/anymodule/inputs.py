"""Inputs from files, as a module takes them: pictures, and arrays that NumPy has saved."""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import torch
from torch import Tensor, nn

from pellucid.anymodule.file import line_of
from pellucid.core.data.pictures import open_file
from pellucid.core.errors import UserError, closest

PICTURES = (".png", ".jpg", ".jpeg", ".webp")


def read_all(given: Sequence[str], module: nn.Module) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Inputs from files: in their order, or by the names of `forward`'s arguments."""
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for each in given:
        name, equals, path = each.partition("=")
        found = read(Path(path if equals and not Path(each).exists() else each), module)
        if equals and not Path(each).exists():
            if isinstance(found, dict):
                raise UserError(f"{path}: has names of its own for what is in it; leave out {name}=")
            kwargs[name] = found
        elif isinstance(found, dict) and len(found) > 1:
            kwargs |= found
        else:
            args.append(next(iter(found.values())) if isinstance(found, dict) else found)
    _check_names(module, kwargs)
    return tuple(args), kwargs


def _check_names(module: nn.Module, kwargs: dict[str, Any]) -> None:
    parameters = inspect.signature(module.forward).parameters
    if any(each.kind is each.VAR_KEYWORD for each in parameters.values()):
        return
    for name in kwargs:
        if name not in parameters:
            raise UserError(
                f"{name}: {type(module).__name__}.forward takes no such input{closest(name, parameters) or ';'} "
                f"It takes {', '.join(parameters)}"
            )


def read(path: Path, module: nn.Module) -> Tensor | dict[str, Tensor]:
    """A picture as [1, C, H, W] from 0 to 1; the array of an .npy file; those of an .npz file by name."""
    if not path.is_file():
        raise UserError(f"--input: {path}: there is no such file")
    if path.suffix.lower() in PICTURES:
        pixels = open_file(path)[1]
        planes = pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
        return torch.from_numpy(_channels(planes.astype(np.float32) / 255, module))[None]
    if path.suffix.lower() not in (".npy", ".npz"):
        raise UserError(f"--input: {path}: give a picture ({', '.join(PICTURES)}), an .npy or an .npz file")
    try:
        found = np.load(path, allow_pickle=False)
        arrays = {name: found[name] for name in found.files} if path.suffix.lower() == ".npz" else {"": found}
    except (ValueError, OSError, EOFError, BadZipFile, zlib.error) as error:
        raise UserError(f"--input: {path}: cannot be read as NumPy's arrays ({line_of(error)})") from None
    tensors = {name: _tensor(each, path, name) for name, each in arrays.items()}
    if not tensors:
        raise UserError(f"--input: {path}: holds no array")
    return tensors if path.suffix.lower() == ".npz" else tensors[""]


def _tensor(array: Any, path: Path, name: str) -> Tensor:
    if array.dtype.kind not in "biuf":
        raise UserError(f"--input: {path}{f', {name}' if name else ''}: holds {array.dtype}, and no numbers")
    return torch.from_numpy(np.ascontiguousarray(array, np.float32 if array.dtype.kind == "f" else None))


def _channels(planes: Any, module: nn.Module) -> Any:
    """Gray or in colour, as the first convolution wants it."""
    first = next((each for each in module.modules() if isinstance(each, nn.Conv2d)), None)
    if first is None or first.in_channels == len(planes):
        return planes
    if first.in_channels == 3:
        return planes.repeat(3, axis=0)
    if first.in_channels == 1:  # the weights of ITU-R BT.601
        return (planes * [[[0.299]], [[0.587]], [[0.114]]]).sum(axis=0, keepdims=True).astype(planes.dtype)
    return planes
