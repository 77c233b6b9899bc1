"""What a channel of the network responds to most: the nine pictures of the data in which it is strongest, and where.

All channels of all feature maps are found out in one pass over the pictures (Zeiler & Fergus 2014, figure 2, show such
patches), and kept in memory; which part of a picture a cell sees follows from the kernels between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from pellucid.core.contract import Patch
from pellucid.core.data.pictures import png_url
from pellucid.look import Trace, capture
from pellucid.look.pictures import MAPS, receptive_field
from pellucid.look.trace import without_step
from pellucid.rooms.image_classifier.codec import Codec
from pellucid.rooms.image_classifier.model import Classifier

COUNT = 9
MOST_PIXELS = 1000 * 28 * 28  # that are looked at: larger pictures take longer, so there are fewer
LEAST = 100  # pictures, however large
BATCH = 100


@dataclass(frozen=True)
class Best:
    """Of one node: each channel's largest response in each picture, and in which cell."""

    values: NDArray[np.float32]  # [N, C]
    cells: NDArray[np.int64]  # [N, C], row by row
    shape: tuple[int, ...]  # of one map; () where the node has one number a channel


class Responses:
    """To the first of these pictures [N, H, W, C] of bytes, already of the network's size, of every channel."""

    def __init__(
        self,
        model: Classifier,
        codec: Codec,
        pixels: NDArray[np.uint8],
        targets: Sequence[str],
        names: Sequence[str],
    ):
        most = max(LEAST, MOST_PIXELS // (pixels.shape[1] * pixels.shape[2]))
        self.pixels, self.targets, self.names = pixels[:most], targets, names
        self.nodes: dict[str, Best] = {}
        parts = range(0, len(self.pixels), BATCH)
        planes = [np.moveaxis(self.pixels[at : at + BATCH], -1, -3).astype(np.float64) for at in parts]
        read = [torch.from_numpy(codec.normalise(each)) for each in planes]
        self.trace = capture(model, read[0][:1])
        self.trace.name_axes("pixels", MAPS)
        found = []
        for batch in read:
            with torch.no_grad(), Strongest(self.trace) as strongest:
                model(batch)
            found.append(strongest.found)
        for name, (_, _, shape) in found[0].items():
            values, cells = (torch.cat([each[name][i] for each in found]).numpy() for i in (0, 1))
            self.nodes[name] = Best(values, cells, shape)

    def patches(self, node: str, channel: int) -> list[Patch] | None:
        """The strongest first, of each picture one place; None where the node has no such channel."""
        best = self.nodes.get(without_step(node))
        if best is None or channel >= best.values.shape[1]:
            return None
        order = np.argsort(-best.values[:, channel], kind="stable")[:COUNT]
        return [self._patch(node, best, int(at), channel) for at in order]

    def _patch(self, node: str, best: Best, at: int, channel: int) -> Patch:
        row, column = map(int, np.unravel_index(best.cells[at, channel], best.shape)) if best.shape else (0, 0)
        field = receptive_field(self.trace, node, row, column)
        return Patch(
            picture=png_url(self.pixels[at]),
            name=self.names[at],
            target=self.targets[at],
            row=field.row,
            column=field.column,
            height=field.height,
            width=field.width,
            value=float(best.values[at, channel]),
        )


class Strongest(TorchDispatchMode):
    """Keeps of every operation of a trace, while it runs again on many pictures, each channel's largest numbers [N, C],
    the cells they are in [N, C], and the shape of a map."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # without this PyTorch wraps the handler, and imports all of torch.compile to do so

    def __init__(self, trace: Trace):
        super().__init__()
        self.left = iter(trace.nodes)
        self.trace = trace
        self.found: dict[str, tuple[Tensor, Tensor, tuple[int, ...]]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        node = next(self.left)
        if node.op != str(func):
            raise RuntimeError(f"{node.name}: {func} ran in place of {node.op}")
        value = self.trace.value(node) if node.outputs else None
        if value is not None and value.shape[:1] == (1,) and node.kind != "view":
            maps = result[0] if isinstance(result, tuple) else result
            if value.axes == MAPS:
                self.found[node.name] = (*maps.flatten(2).max(dim=2), tuple(maps.shape[2:]))
            elif maps.ndim == 2:
                self.found[node.name] = (maps, torch.zeros(maps.shape, dtype=torch.int64), ())
        return result
