"""A spam detector with its first, random weights: parity needs real inputs and real shapes, not a good score."""

from __future__ import annotations

from functools import cache

import pytest
import torch

from pellucid import catalog
from pellucid.rooms.spam_detector.data import Codec, prepare
from pellucid.rooms.spam_detector.system import Config, System, build


@cache
def dataset():
    return prepare(Config())


class Untrained(System):
    """The room's own system on the first 128 test messages, read once."""

    def examples(self, split="test", file=None):
        part = dataset().parts[split]
        return part.texts[:128], part.targets[:128].tolist()


@pytest.fixture(scope="session")
def make_system():
    """A function: fields of the room's Config -> a system, always the same for the same fields."""

    def make(**fields) -> Untrained:
        config = Config(**fields)
        codec = Codec.learn(
            dataset().parts["train"].texts, most=300, min_count=2, length=config.length, labels=("ham", "spam")
        )
        torch.manual_seed(0)
        model = build(config, len(codec.vocabulary) - 1)
        with torch.no_grad():  # vectors of a size that training gives, so that outputs are not all near one half
            model.embedding.weight.normal_(std=0.5)
            model.dense.weight.mul_(3)
        return Untrained(config, codec, model.state_dict(), dataset().about["fingerprint"])

    return make


@pytest.fixture(scope="session")
def card():
    return catalog.card("spam_detector")


@pytest.fixture(scope="session")
def exported(make_system, card, tmp_path_factory):
    """An ONNX bundle and the system that it was made from."""
    from pellucid.ship import onnx

    system = make_system()
    return system, onnx.export(system, tmp_path_factory.mktemp("onnx") / "bundle", card=card)
