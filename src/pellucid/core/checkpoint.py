"""Everything needed to go on training, written so that a kill at any moment leaves a whole one.

A checkpoint is a folder `checkpoint/step-N` with `tensors.safetensors` and `state.json`. It is written under another
name, synced, and renamed: a folder with that name is complete. The one before it is removed afterwards.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from typing import TYPE_CHECKING, Any

from pellucid.core.errors import UserError
from pellucid.core.run import Run, plain, write_synced

if TYPE_CHECKING:
    import torch


def save(run: Run, step: int, tensors: dict[str, torch.Tensor], state: dict[str, Any]) -> None:
    """Write the checkpoint of `step` and remove older ones."""
    from safetensors.torch import save as to_bytes

    folder = run.path / "checkpoint"
    writing, final = folder / ".writing", folder / _name(step)
    if final.exists():  # stopped again right after a resume: training is deterministic, so it is the same
        return
    try:
        shutil.rmtree(writing, ignore_errors=True)
        writing.mkdir(parents=True)
        write_synced(writing / "tensors.safetensors", to_bytes({name: plain(value) for name, value in tensors.items()}))
        write_synced(writing / "state.json", json.dumps({"step": step, **state}).encode())
        writing.rename(final)
    except OSError as error:
        shutil.rmtree(writing, ignore_errors=True)
        raise UserError(f"{folder}: the checkpoint cannot be written: {error.strerror}; free some space") from None
    for other in folder.glob("step-*"):
        if other != final:
            shutil.rmtree(other, ignore_errors=True)


def load(run: Run) -> tuple[dict[str, torch.Tensor], dict[str, Any]] | None:
    """Tensors and state of the newest checkpoint, or None where there is none."""
    from safetensors.torch import load as from_bytes

    for folder in sorted((run.path / "checkpoint").glob("step-*"), reverse=True):
        # a removal that was cut short leaves a folder without its files: the next older one is whole
        with contextlib.suppress(FileNotFoundError):
            state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
            return from_bytes((folder / "tensors.safetensors").read_bytes()), state
    return None


def pack_optimizer(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """Its tensors by name; the hyper-parameters are in the config already."""
    return {
        f"optimizer.{index}.{name}": value
        for index, slots in optimizer.state_dict()["state"].items()
        for name, value in slots.items()
    }


def unpack_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    """Put back what `pack_optimizer` took, each tensor in the layout of its parameter: a fused step relies on that."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    slots: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimizer."):
            _, index, name = key.split(".", 2)
            slots.setdefault(int(index), {})[name] = _laid_out_like(parameters[int(index)], value)
    optimizer.load_state_dict({"state": slots, "param_groups": optimizer.state_dict()["param_groups"]})


def _laid_out_like(parameter: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    if value.shape != parameter.shape:  # a count of steps
        return value
    return value.new_empty_strided(parameter.shape, parameter.stride()).copy_(value)


def _name(step: int) -> str:
    return f"step-{step:012d}"  # so that the order of names is the order of steps
