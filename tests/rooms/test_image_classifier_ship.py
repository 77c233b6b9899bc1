"""The image classifier that comes with the package, shipped: LiteRT in floats and in 8 bits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pellucid import api
from pellucid.core.errors import UserError
from pellucid.rooms.image_classifier.config import Config
from pellucid.rooms.image_classifier.model import build
from pellucid.rooms.image_classifier.system import System
from pellucid.ship import litert, onnx
from pellucid.ship.bundle import Bundle

ROOM = "image_classifier"
needs_litert = pytest.mark.skipif(not litert.installed(), reason="needs the extra pellucid[litert]")


@pytest.fixture(scope="module")
def bundled() -> api.Trained:
    return api.open(api.bundled(ROOM))


def untrained(bundled: api.Trained, **fields) -> System:
    """A network with its first, random weights on the first 128 test pictures."""
    own = bundled.system
    config = Config(**fields)
    torch.manual_seed(0)
    model = build(config, own.codec.channels, own.codec.size, len(own.codec.labels))
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # as after some training
            module.running_mean.normal_(std=0.3)
            module.running_var.uniform_(0.5, 2)
    system = System(config, own.codec, model.state_dict(), own.fingerprint)
    inputs, targets = (some[:128] for some in own.examples("test"))
    system.examples = lambda split="test", file=None: (inputs, targets)
    return system


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "mlp"},
        {"model": "lenet", "pooling": "average"},
        {"model": "resnet", "stride": 2},
        {"model": "inception", "padding": "valid"},
    ],
)
def test_every_network_ships_as_onnx_and_answers_batches_of_any_size(bundled, tmp_path, fields):
    system = untrained(bundled, **fields)
    bundle = onnx.export(system, tmp_path / "bundle", card=bundled.card)
    assert bundle.info["parity"]["largest_difference"] <= 1e-5
    assert bundle.info["inputs"][0]["shape"] == ["batch", 1, 28, 28]
    examples = list(bundled.card.input.examples)
    for own, shipped in zip(system.predict(examples), bundle.predict(examples, system.codec), strict=True):
        assert shipped["probabilities"] == pytest.approx(own["probabilities"], abs=1e-5)


@needs_litert
def test_static_8_bit_integers_keep_the_accuracy_in_a_third_of_the_size(bundled, tmp_path):
    bundle = litert.export(bundled.system, tmp_path / "bundle", card=bundled.card, quantize="static", quiet=True)
    info = bundle.info
    assert info["quantized"] == "static"
    assert info["bytes"] < 30_000  # 14,970 weights, of which floats take 59,880
    assert info["inputs"] == [{"name": "pixels", "dtype": "float32", "shape": [1, 1, 28, 28]}]
    assert info["outputs"] == [{"name": "probabilities", "dtype": "float32", "shape": [1, 10]}]
    assert 0 < info["parity"]["relative_to_spread"] < 0.1
    assert abs(info["scores"]["shipped"]["accuracy"] - info["scores"]["trained"]["accuracy"]) <= 0.005
    assert sorted(path.suffix for path in bundle.folder.iterdir()) == [".json", ".md", ".tflite", ".txt"]
    examples = list(bundled.card.input.examples)
    own, shipped = bundled.predict(examples), Bundle.open(bundle.folder).predict(examples, bundled.system.codec)
    assert [answer["label"] for answer in shipped] == [answer["label"] for answer in own]


def test_the_ranges_of_8_bits_come_from_training_examples_of_the_files_shape(bundled):
    found = litert._calibration(bundled.system, bundled.system.program())
    assert found["pixels"].shape == (litert.CALIBRATED, 1, 1, 28, 28) and found["pixels"].dtype == np.float32
    train = bundled.system.codec.encode(bundled.system.examples("train")[0][:1])["pixels"]
    np.testing.assert_array_equal(found["pixels"][0], train)


def test_an_unknown_way_to_quantise_is_one_line(bundled, tmp_path):
    with pytest.raises(UserError, match=r"quantize: 'int4' is not one of dynamic .*, static") as error:
        litert.export(bundled.system, tmp_path / "bundle", card=bundled.card, quantize="int4")
    assert "\n" not in str(error.value)
