"""Tensors inside of modules, arguments and results, each with the name it goes by. Imports torch."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from torch import Tensor, nn

from pellucid.look.memory import Born


def born(module: nn.Module) -> dict[int, tuple[Tensor, Born]]:
    """Weights, buffers and other tensors that the module has, by identity."""
    names: dict[int, tuple[Tensor, str, list[str]]] = {}
    listed: list[tuple[str, str, Any]] = [
        *(("weight", *each) for each in module.named_parameters(remove_duplicate=False)),
        *(("buffer", *each) for each in module.named_buffers(remove_duplicate=False)),
    ]
    for path, each in module.named_modules():
        listed += (("constant", f"{path}.{name}".lstrip("."), tensor) for name, tensor in vars(each).items())
    for kind, name, tensor in listed:
        if isinstance(tensor, Tensor):
            names.setdefault(id(tensor), (tensor, kind, []))[2].append(name)
    return {key: (tensor, Born(all_[0], kind, tuple(all_[1:]))) for key, (tensor, kind, all_) in names.items()}


def bound(module: nn.Module, inputs: Any, kwargs: Any) -> Mapping[str, Any]:
    """The inputs under the names that forward gives them."""
    try:
        return inspect.signature(module.forward).bind(*inputs, **kwargs).arguments
    except (TypeError, ValueError):  # forward will say itself what is wrong with them
        return {**{f"input{place}": each for place, each in enumerate(inputs)}, **kwargs}


def _items(tree: Any) -> list[tuple[Any, Any]] | None:
    """The parts of a container, with their keys; None for anything else."""
    if isinstance(tree, Mapping):
        return list(tree.items())
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return list(zip(tree._fields, tree, strict=True))
    if isinstance(tree, list | tuple):
        return list(enumerate(tree))
    if is_dataclass(tree) and not isinstance(tree, type):
        return [(field.name, getattr(tree, field.name)) for field in fields(tree)]
    return None


def tensors(tree: Any, path: str = "") -> Iterator[tuple[str, Tensor]]:
    """The tensors in nested tuples, lists, dicts and dataclasses, each with its path: `batch.ids`, `states.0`."""
    if isinstance(tree, Tensor):
        yield path, tree
    else:
        for key, each in _items(tree) or ():
            yield from tensors(each, f"{path}.{key}".lstrip("."))


def map_tensors(function: Callable[[Tensor], Tensor], tree: Any) -> Any:
    """The same tuples, lists and dicts, with `function` of each tensor."""
    if isinstance(tree, Tensor):
        return function(tree)
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(map_tensors(function, each) for each in tree))
    if type(tree) in (list, tuple):
        return type(tree)(map_tensors(function, each) for each in tree)
    if type(tree) is dict:
        return {key: map_tensors(function, each) for key, each in tree.items()}
    return tree
