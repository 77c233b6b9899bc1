"""TensorBoard: what a training run shows in its tabs (scalars, graph, distributions, histograms, images, text)."""

from __future__ import annotations

import contextlib
import logging
import warnings
from typing import TYPE_CHECKING, Any

from pellucid.core.run import Run

if TYPE_CHECKING:
    import torch
    from torch import nn


class Board:
    """Writes event files into the run folder. `purge` drops what an earlier attempt logged after that step."""

    def __init__(self, run: Run, purge: int | None = None):
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(run.path), purge_step=purge, flush_secs=10)

    def scalars(self, step: int, values: dict[str, float]) -> None:
        for name, value in values.items():
            self._writer.add_scalar(name, value, step)

    def weights(self, step: int, module: nn.Module) -> None:
        """Histograms (and with them distributions) of each weight and its last gradient."""
        for name, parameter in module.named_parameters():
            if not parameter.numel():
                continue  # an index may hold nothing
            self._writer.add_histogram(f"weights/{name}", parameter.detach().float(), step)
            if parameter.grad is not None:
                self._writer.add_histogram(f"gradients/{name}", parameter.grad.detach().float(), step)

    def graph(self, module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        """The graph of one forward pass."""
        import torch

        jit = logging.getLogger("torch.jit")
        with torch.no_grad(), warnings.catch_warnings(), _quiet(jit):
            warnings.simplefilter("ignore")  # tracing warns of every shape that it fixes; a picture may fix them
            # by itself, `add_graph` traces three times to compare, and loads SymPy for that: a second instead of 0.1 s
            self._writer.add_graph(torch.jit.trace(module, inputs, check_trace=False), inputs)

    def text(self, step: int, name: str, markdown: str) -> None:
        self._writer.add_text(name, markdown, step)

    def image(self, step: int, name: str, pixels: Any) -> None:
        """`pixels`: height × width × channels, 0 to 1."""
        self._writer.add_image(name, pixels, step, dataformats="HWC")

    def close(self) -> None:
        self._writer.close()


@contextlib.contextmanager
def _quiet(logger: logging.Logger) -> Any:
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
