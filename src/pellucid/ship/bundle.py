"""A bundle: the folder that answers without torch. `Bundle.open` reads and checks one.

model.onnx or model.tflite
bundle.json     what is in it: room, inputs and outputs, the codec's state, parity figures, scores, attribution
codec.js        the codec for browsers, where the model runs there and the room has one
PARITY.txt      the comparison with the trained model, for people
README.md       how to use it from Python without Pellucid
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pellucid.core.contract import Answer, Codec, answers
from pellucid.core.errors import UserError
from pellucid.ship.runtimes import Compute, litert_session, onnx_session

FORMAT = "pellucid-bundle/1"
MODEL_FILES = {"onnx": "model.onnx", "litert": "model.tflite"}
FILES = ("README.md", "PARITY.txt", "bundle.json", "codec.js", *MODEL_FILES.values())
FIELDS: dict[str, type] = {
    "room": str, "runtime": str, "inputs": list, "outputs": list, "output": dict, "codec": dict,
    "title": str, "sha256": str,
}  # fmt: skip


@dataclass(frozen=True)
class Bundle:
    """A bundle that was found whole."""

    folder: Path
    info: dict[str, Any]
    """What `bundle.json` says."""

    @classmethod
    def open(cls, folder: Path) -> Bundle:
        """The bundle in that folder; UserError where there is none, or it is damaged or of another format."""
        file = folder / "bundle.json"
        try:
            info = json.loads(file.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise UserError(f"{folder}: not a bundle (it has no bundle.json); make one: pellucid export RUN") from None
        except (ValueError, RecursionError) as error:
            raise UserError(f"{file}: damaged: {error}") from None
        if not isinstance(info, dict) or info.get("format") != FORMAT:
            raise UserError(f"{file}: not written by this version of Pellucid ({FORMAT} is read); export it again")
        for name, kind in FIELDS.items():
            if not isinstance(info.get(name), kind):
                raise UserError(f"{file}: damaged: {name!r} is missing or no {kind.__name__}; export it again")
        if info["runtime"] not in MODEL_FILES:
            raise UserError(f"{file}: run time {info['runtime']!r} is not one of {', '.join(MODEL_FILES)}")
        _check_ports(file, info)
        bundle = cls(folder, info)
        if not bundle.model.is_file():
            raise UserError(f"{bundle.model}: missing; export it again")
        if sha256(bundle.model) != info["sha256"]:
            raise UserError(f"{bundle.model}: damaged: its checksum is not the one in bundle.json; export it again")
        return bundle

    @property
    def room(self) -> str:
        return str(self.info["room"])

    @property
    def runtime(self) -> str:
        return str(self.info["runtime"])

    @property
    def codec(self) -> dict[str, Any]:
        """The state that the room's codec is made from."""
        state: dict[str, Any] = self.info["codec"]
        return state

    @property
    def model(self) -> Path:
        return self.folder / MODEL_FILES[self.runtime]

    @property
    def files(self) -> list[str]:
        """Names of the files that belong to it."""
        return [name for name in FILES if (self.folder / name).is_file()]

    def session(self, *, threads: int = 1) -> Compute:
        """The model, ready: arrays in, arrays out. Not for several threads at once where the run time is LiteRT."""
        outputs = [port["name"] for port in self.info["outputs"]]
        if self.runtime == "onnx":
            return onnx_session(self.model, outputs, threads=threads)
        return litert_session(self.model, self.info["inputs"], outputs, threads=threads)

    @cached_property
    def _own_session(self) -> Compute:
        return self.session()

    def predict(self, inputs: Iterable[Any], codec: Codec, *, batch_size: int = 256) -> Iterator[Answer]:
        """An answer for each raw input, in their order, as `System.predict` gives it."""
        return answers(codec, self._own_session, inputs, batch_size)


def made_from(folder: Path) -> str | None:
    """The fingerprint of the run that a bundle was made from; None where there is none to be read."""
    try:
        return str(json.loads((folder / "bundle.json").read_text(encoding="utf-8"))["source"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _check_ports(file: Path, info: dict[str, Any]) -> None:
    for side in ("inputs", "outputs"):
        for port in info[side]:
            if not isinstance(port, dict) or not {"name", "dtype", "shape"} <= port.keys():
                raise UserError(f"{file}: damaged: {side} without name, dtype and shape; export it again")
