"""The processes that train together, and the device of each.

One process is the usual case. Under `torchrun --nproc_per_node N` every process holds the same weights, takes its
share of each batch, and the gradients are summed: data parallelism. gloo on the CPU, NCCL on GPUs.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pellucid.core import memory
from pellucid.core.errors import UserError

if TYPE_CHECKING:
    import torch
    from torch import nn

T = TypeVar("T")


@dataclass(frozen=True)
class World:
    """This process among all that train."""

    device: torch.device
    rank: int = 0
    size: int = 1

    @property
    def main(self) -> bool:
        """Is this the one process that writes and speaks?"""
        return self.rank == 0

    def agree(self, value: T) -> T:
        """The main process's value, in every process."""
        if self.size == 1:
            return value
        import torch.distributed as dist

        box = [value]
        dist.broadcast_object_list(box, src=0)
        return box[0]

    def any(self, flag: bool) -> bool:
        """True in every process where it is true in one (a Ctrl-C reaches them at different times)."""
        if self.size == 1:
            return flag
        import torch
        import torch.distributed as dist

        votes = torch.tensor(float(flag), device=self.device)
        dist.all_reduce(votes)
        return bool(votes.item())

    def share_weights(self, module: nn.Module) -> None:
        """Give every process the main one's weights."""
        if self.size > 1:
            import torch.distributed as dist

            for tensor in module.state_dict().values():
                dist.broadcast(tensor, src=0)

    def sum_gradients(self, module: nn.Module) -> None:
        """Add up the gradients of all processes, in one message."""
        if self.size > 1:
            import torch
            import torch.distributed as dist

            parameters = [p for p in module.parameters() if p.requires_grad]
            # a process whose share of the batch was empty has none, and still takes part
            flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).reshape(-1) for p in parameters])
            dist.all_reduce(flat)
            for parameter, gradient in zip(parameters, flat.split([p.numel() for p in parameters]), strict=True):
                parameter.grad = torch.empty_like(parameter).copy_(gradient.view_as(parameter))  # in its layout

    def told(self) -> dict[str, Any]:
        """Where a training ran, for its record."""
        import torch

        return {"device": str(self.device), "processes": self.size, "threads": torch.get_num_threads()}

    def total(self, value: torch.Tensor) -> torch.Tensor:
        """The sum of a scalar over the processes."""
        if self.size > 1:
            import torch.distributed as dist

            dist.all_reduce(value)
        return value


def here() -> World:
    """One process on the CPU: what needs no others and no accelerator."""
    import torch

    return World(torch.device("cpu"))


@contextlib.contextmanager
def join(device: str = "auto", threads: int = 0) -> Iterator[World]:
    """Enter the world that `torchrun` set up, or a world of one. UserError where the device is not there."""
    import torch

    size, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    chosen = _device(device, int(os.environ.get("LOCAL_RANK", 0)))
    before = torch.get_num_threads(), torch.get_rng_state()
    if threads:
        torch.set_num_threads(threads)
    try:
        with memory.kept(), _group(chosen) if size > 1 else contextlib.nullcontext():
            yield World(chosen, rank, size)
    finally:  # the caller's program goes on as it was
        torch.set_num_threads(before[0])
        torch.set_rng_state(before[1])


@contextlib.contextmanager
def _group(device: torch.device) -> Iterator[None]:
    import torch
    import torch.distributed as dist

    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


def _device(name: str, local_rank: int) -> torch.device:
    import torch

    if name == "auto":
        if torch.cuda.device_count() > local_rank:
            return torch.device("cuda", local_rank)
        if torch.cuda.is_available():
            raise UserError(f"{torch.cuda.device_count()} GPUs are too few for process {local_rank + 1} of this host")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    kind, _, number = name.partition(":")
    if kind == "cuda":
        number = number or str(local_rank)
        if not torch.cuda.is_available() or int(number) >= torch.cuda.device_count():
            raise UserError(f"device: '{name}' is not here ({torch.cuda.device_count()} CUDA devices found); try auto")
        return torch.device("cuda", int(number))
    if kind == "mps" and not torch.backends.mps.is_available():
        raise UserError("device: 'mps' is not here; try auto")
    return torch.device(kind)
