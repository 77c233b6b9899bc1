"""Transfer learning: start from the layers that another run has learned, all but the last, whose classes are others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pellucid.core.batches import Tensors
from pellucid.core.errors import UserError
from pellucid.core.run import Run
from pellucid.rooms.image_classifier import CARD
from pellucid.rooms.image_classifier.config import Config
from pellucid.rooms.image_classifier.data import Codec
from pellucid.rooms.image_classifier.model import Classifier

SHAPE = ("model", "padding", "stride", "pooling", "filters", "hidden")  # fields that decide about the layers


@dataclass(frozen=True)
class Start:
    """The run to start from."""

    run: Run
    codec: Codec
    weights: Tensors


def check_start(config: Config) -> Start | None:
    """The run that `start_from` names, or None; UserError where there is none or its layers are others."""
    if not config.start_from:
        return None
    folder = Path(__file__).parent / "bundled" if config.start_from == "bundled" else Path(config.start_from)
    try:
        run = Run.open(folder)
        if run.room != CARD.name:
            raise UserError(f"{folder}: is a run of {run.room}, not of {CARD.name}")
        codec = Codec.from_json(run.read_json("codec.json"))
        weights = run.load_weights()
    except (KeyError, TypeError) as error:
        raise UserError(f"start_from: {folder}: damaged: its codec.json has no proper {error}") from None
    except UserError as error:
        raise UserError(f"start_from: {error}") from None
    theirs = Config.build(run.info["config"])
    needed = {name: getattr(theirs, name) for name in SHAPE if getattr(theirs, name) != getattr(config, name)}
    if needed:
        raise UserError(f"start_from: {folder} has other layers; set {_told(needed)}")
    return Start(run, codec, weights)


def take_backbone(model: Classifier, codec: Codec, start: Start) -> Codec:
    """Put the run's weights into all layers but the last. Returns the codec with the mean and deviation that those
    layers learned with."""
    needed: dict[str, Any] = {}
    if codec.size != start.codec.size:
        needed["size"] = start.codec.size
    if codec.channels != start.codec.channels:
        needed["colour"] = "gray" if start.codec.channels == 1 else "colour"
    if needed:
        raise UserError(f"start_from: {start.run.path} has learned from other pictures; set {_told(needed)}")
    own = model.state_dict()
    taken = {name: value for name, value in start.weights.items() if not name.startswith("dense.")}
    if {name: value.shape for name, value in taken.items()} != {
        name: value.shape for name, value in own.items() if not name.startswith("dense.")
    }:
        raise UserError(f"start_from: {start.run.path}: damaged: its weights are not those of its configuration")
    model.load_state_dict(own | taken)
    return replace(codec, mean=start.codec.mean, deviation=start.codec.deviation)


def _told(fields: dict[str, Any]) -> str:
    return " ".join(f"--{name} {value}" for name, value in fields.items())
