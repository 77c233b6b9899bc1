"""Pictures to the network's numbers, and its probabilities to answers. No torch: a shipped bundle uses it."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from pellucid.core.contract import Answer, Arrays
from pellucid.core.data.pictures import decode
from pellucid.rooms.image_classifier import raster
from pellucid.rooms.image_classifier.raster import Array


@dataclass(frozen=True)
class Codec:
    """labels: the classes in their order. size: the side of what the network reads. channels: 1 gray, 3 colour.
    mean, deviation: of each channel over the training pictures, in parts of 1. centre: as MNIST was made."""

    labels: tuple[str, ...]
    size: int
    channels: int
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    centre: bool = False

    def cost(self, value: str) -> int:
        return 1  # all become the same size

    def encode(self, inputs: Sequence[str]) -> Arrays:
        """Data URLs to {"pixels": [N, C, H, W]}, normalised."""
        planes = [raster.raster(decode(url), self.size, self.channels, self.centre) for url in inputs]
        return {"pixels": self.normalise(np.stack(planes))}

    @property
    def black(self) -> list[float]:
        """What the network reads where a picture is black, of each channel."""
        return [-mean / deviation for mean, deviation in zip(self.mean, self.deviation, strict=True)]

    def normalise(self, planes: Array) -> Array:
        """[N, C, H, W] from 0 to 255 as the network reads it: about 0 in the mean, deviating by about 1."""
        mean, deviation = (np.array(each).reshape(-1, 1, 1) for each in (self.mean, self.deviation))
        return ((planes / 255 - mean) / deviation).astype(np.float32)

    def denormalise(self, planes: Array) -> Array:
        """Back to bytes, [N, H, W, C]."""
        mean, deviation = (np.array(each).reshape(-1, 1, 1) for each in (self.mean, self.deviation))
        full = np.clip(np.floor((planes * deviation + mean) * 255 + 0.5), 0, 255)
        return np.moveaxis(full, -3, -1).astype(np.uint8)

    def decode(self, outputs: Arrays, inputs: Sequence[Any] = ()) -> list[Answer]:
        answers = []
        for row in outputs["probabilities"]:
            best = int(np.argmax(row))
            shares = dict(zip(self.labels, map(float, row), strict=True))
            answers.append({"label": self.labels[best], "probability": float(row[best]), "probabilities": shares})
        return answers

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def example(self) -> str:
        centring = ("centred", "bright_on_dark") if self.centre else ()
        steps = ("raster", "gray", "middle", "resized", "along", *centring)
        return EXAMPLE.replace(
            "STEPS", "\n\n".join(inspect.getsource(getattr(raster, step)).rstrip() for step in steps)
        )

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> Self:
        labels, mean, deviation = (tuple(state[name]) for name in ("labels", "mean", "deviation"))
        return cls(labels, state["size"], state["channels"], mean, deviation, state["centre"])


# the codec once more, for the README of a bundle; tests/ship holds both equal
EXAMPLE = """
import base64, io
from PIL import Image

Array = np.ndarray

STEPS

def encode(url):
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB"))
    planes = raster(pixels, codec["size"], codec["channels"], codec["centre"])
    mean, deviation = (np.array(codec[name]).reshape(-1, 1, 1) for name in ("mean", "deviation"))
    return {"pixels": ((planes[None] / 255 - mean) / deviation).astype(np.float32)}

def decode(outputs):
    shares = dict(zip(codec["labels"], map(float, outputs["probabilities"][0])))
    best = max(shares, key=shares.get)
    return {"label": best, "probability": shares[best], "probabilities": shares}
"""
