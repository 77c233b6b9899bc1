"""The run folder: the whole truth about one training run, on disk, readable without Pellucid.

    runs/<room>/<time>-<word>/
        run.json             resolved config, data fingerprint, versions, seed, state, host
        stop                 there while somebody asks the training process to stop
        metrics.jsonl        one JSON object a line, append-only; a step that was logged twice counts once
        events.out.tfevents* TensorBoard
        model.safetensors    best weights so far; last.safetensors: those of the last step
        codec.json           vocabulary, labels, threshold: whatever the room's codec needs
        checkpoint/step-N/   everything needed to go on (core/checkpoint.py)
        train.log            what it said, where the studio's queue started it
        exports/ traces/

Every file is written beside and renamed: a reader, or a kill, never meets half of one. Nothing is ever unpickled.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import random
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core import journal
from pellucid.core.errors import UserError
from pellucid.core.process import alive, process

if TYPE_CHECKING:
    import torch

    from pellucid.core.world import World

FORMAT = 1
WORDS = (
    "amber azure birch bright brook calm cedar clear cobalt coral crane dawn delta ember fern finch fjord glass "
    "grove harbor hazel heron indigo iris ivory jade juniper kite lake lark laurel lilac linen lotus maple meadow "
    "mist moss ocean olive onyx opal orchid otter pearl pebble pine plum quartz rain raven reed river robin sage "
    "sand sierra silver slate snow spruce stone swift teal thyme tide topaz umber velvet violet willow wren zephyr"
).split()


class Run:
    """A handle on one run folder. `Run.create` starts one, `Run.open` finds one; both are cheap."""

    def __init__(self, path: Path):
        self.path = path

    # finding and making

    @classmethod
    def create(
        cls, root: Path, room: str, config: Mapping[str, Any], command: str = "", state: str = "training", **more: Any
    ) -> Run:
        """A new folder `<root>/<room>/<time>-<word>` with its `run.json`; UserError where that cannot be written.

        state: `queued` for one that somebody else will train. more: further fields of `run.json`.
        """
        stamp = time.strftime("%Y%m%d-%H%M%S")
        for word in random.SystemRandom().sample(WORDS, len(WORDS)):
            path = root / room / f"{stamp}-{word}"
            try:
                path.mkdir(parents=True)
            except FileExistsError:
                continue
            except OSError as error:
                raise UserError(f"{path}: cannot be made: {error.strerror}; choose another --runs") from None
            run = cls(path)
            run.write_json(
                "run.json",
                {
                    "format": FORMAT,
                    "room": room,
                    "state": state,
                    "command": command,
                    "config": dict(config),
                    "seed": config.get("seed"),
                    "started": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
                    "versions": {name: version(name) for name in ("pellucid", "torch", "numpy")}
                    | {"python": platform.python_version()},
                    **process(),
                    **more,
                },
            )
            return run
        raise UserError(f"{root / room}: no free name for another run in this second; try again")

    @classmethod
    def open(cls, path: Path) -> Run:
        """The run in that folder; UserError where there is none or it is damaged."""
        run = cls(path)
        if not (path / "run.json").is_file():
            raise UserError(f"{path}: not a run folder (it has no run.json)")
        info = run.info
        if info.get("format") != FORMAT or not {"room", "config", "state"} <= info.keys():
            raise UserError(f"{path / 'run.json'}: not written by this version of Pellucid (format {FORMAT} is read)")
        return run

    @classmethod
    def all(cls, root: Path, room: str) -> list[Run]:
        """Every run of a room, oldest first."""
        return [cls(file.parent) for file in sorted((root / room).glob("*/run.json"))]

    # what it says and is told

    @property
    def info(self) -> dict[str, Any]:
        return self.read_json("run.json")

    @property
    def room(self) -> str:
        return str(self.info["room"])

    @property
    def state(self) -> str:
        """queued, training, done, interrupted, failed; `died` where a training process is gone without a word."""
        info = self.info
        gone = info["state"] == "training" and alive(info["host"]["name"], info["pid"]) is False
        return "died" if gone else str(info["state"])

    def update(self, **changes: Any) -> None:
        """Change fields of `run.json`."""
        self.write_json("run.json", self.info | changes)

    def trained(
        self, world: World, *, epochs: int, steps: int, seconds: float, examples: float, monitor: str, best: float,
        best_epoch: int,
    ) -> None:  # fmt: skip
        """What there is to say of a training once it is over: the terminal, a comparison and the studio tell it.

        epochs: lines of that kind in the log; best_epoch: which of them, from 1; examples: worked through in all.
        """
        self.update(
            training={
                "epochs": epochs,
                "steps": steps,
                "seconds": round(seconds, 6),
                "examples_per_second": round(examples / seconds, 1),
                "best_epoch": best_epoch,
                "monitor": monitor,
                "best": best,
                **world.told(),
            }
        )

    def set_data(self, about: Mapping[str, Any]) -> None:
        """Record what is trained on, its `fingerprint` among it. UserError where a resumed run finds other data."""
        before = self.info.get("data", {}).get("fingerprint", {}).get("sha256")
        if before not in (None, about["fingerprint"]["sha256"]):
            raise UserError(f"{about['source']}: has changed since {self.path} was started; start a new run on it")
        self.update(data=about)

    # asked to stop by somebody who need not be its parent, nor share its terminal

    def ask_to_stop(self) -> None:
        """Have whoever trains this save all and stop after the batch, as Ctrl-C does."""
        try:
            (self.path / "stop").touch()
        except OSError as error:
            raise UserError(f"{self.path / 'stop'}: cannot be written: {error.strerror}") from None

    @property
    def asked_to_stop(self) -> bool:
        return (self.path / "stop").exists()

    def forget_stop(self) -> None:
        """It was honoured, or is left from before."""
        with contextlib.suppress(OSError):
            (self.path / "stop").unlink()

    # files

    def read_json(self, name: str) -> dict[str, Any]:
        file = self.path / name
        try:
            value = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UserError(f"{file}: missing; this run has not got so far, or the file was removed") from None
        except (ValueError, RecursionError) as error:
            raise UserError(f"{file}: damaged: {error}") from None
        except OSError as error:
            raise UserError(f"{file}: cannot be read: {error.strerror}") from None
        if not isinstance(value, dict):
            raise UserError(f"{file}: damaged: not a JSON object")
        return value

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        write_beside(self.path / name, json.dumps(value, ensure_ascii=False, indent=1).encode())

    def save_weights(self, name: str, state: Mapping[str, torch.Tensor]) -> None:
        """Write `<name>.safetensors`."""
        from safetensors.torch import save

        write_beside(self.path / f"{name}.safetensors", save({key: plain(value) for key, value in state.items()}))

    def load_weights(self, name: str = "model") -> dict[str, torch.Tensor]:
        from safetensors import SafetensorError
        from safetensors.torch import load

        file = self.path / f"{name}.safetensors"
        try:
            return load(file.read_bytes())
        except FileNotFoundError:
            raise UserError(f"{file}: no weights yet; train this run to its first validation") from None
        except SafetensorError as error:
            raise UserError(f"{file}: damaged: {error}") from None
        except OSError as error:
            raise UserError(f"{file}: cannot be read: {error.strerror}") from None

    @contextlib.contextmanager
    def fitting(self) -> Iterator[None]:
        """Within, a system is made of this run's files. UserError where they do not fit together: a field is not
        there, weights have another shape."""
        try:
            yield
        except (LookupError, TypeError, ValueError, RuntimeError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise UserError(f"{self.path}: damaged: its files do not fit together ({reason})") from None

    # metrics

    def log(self, step: int, **values: Any) -> None:
        """Append one line to `metrics.jsonl`; it replaces those of its `kind` with this step or a later one: a run
        that was killed goes on from before what it had logged."""
        journal.append(self.path / "metrics.jsonl", {"step": step, **values})

    def metrics(self, kind: str | None = None) -> Iterator[dict[str, Any]]:
        """What was logged, in order of steps; a line torn by a kill is passed over."""
        return journal.read(self.path / "metrics.jsonl", kind)

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r})"


def plain(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor as safetensors wants it: on the CPU, contiguous, sharing no memory."""
    return tensor.detach().cpu().contiguous().clone()


def write_beside(file: Path, content: bytes) -> None:
    """Write a file so that a reader, a kill or a full disk leaves the old one or the new one, never half of one."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.writing")
    try:
        write_synced(beside, content)
        _replace(beside, file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UserError(f"{file}: cannot be written: {error.strerror}; make room or choose another place") from None


def write_synced(file: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk: what is renamed after that is whole, even if the power fails."""
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _replace(beside: Path, file: Path) -> None:
    for _ in range(50 if os.name == "nt" else 0):  # Windows refuses while somebody reads the old one
        with contextlib.suppress(PermissionError):
            beside.replace(file)
            return
        time.sleep(0.02)
    beside.replace(file)
