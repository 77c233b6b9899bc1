"""The five networks: shapes and counts by formula in every variant, refused combinations, one forward by hand."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
import torch
from torch import nn

from pellucid.core.errors import UserError
from pellucid.nn.pictures import Inception, Residual
from pellucid.rooms.image_classifier.config import Config
from pellucid.rooms.image_classifier.model import build
from pellucid.rooms.image_classifier.system import System

MODELS = ("mlp", "cnn", "lenet", "resnet", "inception")
VARIANTS = list(itertools.product(MODELS, ("same", "valid"), (1, 2), ("max", "average")))
BOTH = list(itertools.product(MODELS, ("same", "valid")))
PICTURES = ((1, 28, 10), (3, 33, 4), (1, 40, 2))  # channels, side, classes


def make(channels=1, size=28, classes=10, **fields):
    torch.manual_seed(3)
    return build(Config(**fields), channels, size, classes).eval()


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


# counts


def test_the_counts_that_are_known_from_elsewhere():
    assert count(make(model="mlp")) == 101_770  # TensorFlow's quickstart for beginners
    assert count(make(model="lenet")) == 61_706  # what LeNet-5 has with a full table of connections in c3
    assert count(make(model="cnn")) == 14_970 < 25_000


def left(side: int, *layers: tuple[int, int, int]) -> int:
    """What (kernel, stride, border) leave of a side, by the textbook's formula; 0 where a kernel does not fit."""
    for kernel, stride, border in layers:
        side = max(0, (side + 2 * border - kernel) // stride + 1)
        if not side:
            return 0
    return side


def conv(inputs: int, outputs: int, kernel: int, bias: bool = True) -> int:
    return kernel * kernel * inputs * outputs + (outputs if bias else 0)


def counted(model: str, c: int, side: int, k: int, padding: str, stride: int) -> int | None:
    """Parameters by hand, for F = 16 filters and 128 hidden units; None where a kernel does not fit."""
    if model == "mlp":
        return (c * side * side + 1) * 128 + 129 * k
    p3, p5 = (1, 2) if padding == "same" else (0, 0)
    plain, halved = (3, 1, p3), (2, 2, 0)
    if model == "cnn":
        side = left(side, (3, stride, p3), plain, halved, plain, plain, halved)
        return conv(c, 16, 3) + 3 * conv(16, 16, 3) + (16 * side * side + 1) * k if side else None
    if model == "lenet":
        side = left(side, (5, stride, p5), halved, (5, 1, 0), halved)
        rest = (16 * side * side + 1) * 120 + 121 * 84 + 85 * k
        return conv(c, 6, 5) + conv(6, 16, 5) + rest if side else None
    if model == "resnet":
        total = conv(c, 16, 3, bias=False) + 2 * 16
        for inputs, outputs in ((16, 16), (16, 32), (32, 64)):
            total += conv(inputs, outputs, 3, bias=False) + conv(outputs, outputs, 3, bias=False) + 2 * 2 * outputs
            total += conv(inputs, outputs, 1) if inputs != outputs else 0
        return total + 65 * k
    total = conv(c, 16, 3)
    for inputs in (16, 64):
        total += 3 * conv(inputs, 16, 1) + conv(16, 16, 3) + conv(inputs, 8, 1) + conv(8, 16, 5)
    return total + 65 * k


@pytest.mark.parametrize(("model", "padding", "stride", "pooling"), VARIANTS)
@pytest.mark.parametrize(("channels", "size", "classes"), PICTURES)
def test_shapes_and_counts_of_every_variant(model, padding, stride, pooling, channels, size, classes):
    fields = {"model": model, "padding": padding, "stride": stride, "pooling": pooling}
    expected = counted(model, channels, size, classes, padding, stride)
    if expected is None:
        with pytest.raises(UserError, match=r"^stride: layer .* there; choose stride 1 or a larger size$"):
            make(channels, size, classes, **fields)
        return
    network = make(channels, size, classes, **fields)
    assert count(network) == expected
    with torch.no_grad():
        found = network(torch.randn(3, channels, size, size))
    assert found.shape == (3, classes)
    torch.testing.assert_close(found.sum(dim=1), torch.ones(3))


def test_what_does_not_fit_is_the_exception():
    some = [counted(m, c, side, k, padding, stride) for m, padding, stride, _ in VARIANTS for c, side, k in PICTURES]
    assert some.count(None) == 2  # cnn, valid, stride 2, of 28 pixels, with either pooling


def test_a_classes_answer_does_not_depend_on_the_batch():
    for model in MODELS:
        network, pixels = make(model=model), torch.randn(4, 1, 28, 28)
        with torch.no_grad():
            torch.testing.assert_close(network(pixels)[2:3], network(pixels[2:3]), atol=1e-6, rtol=1e-5)


# what cannot be


@pytest.mark.parametrize(
    ("fields", "size", "says"),
    [
        ({"model": "cnn", "padding": "valid"}, 8, "padding: layer conv3 has a 3 × 3 kernel, but .* 2 × 2 there"),
        ({"model": "lenet", "padding": "valid"}, 10, "padding: layer c3 has a 5 × 5 kernel, but .* 3 × 3 there"),
        ({"model": "lenet"}, 8, "size: layer c3 has a 5 × 5 kernel, but .* 4 × 4 there"),
        ({"model": "lenet", "stride": 4}, 28, "stride: layer c3 .* choose stride 1 or a larger size"),
        ({"model": "cnn", "stride": 4}, 8, "stride: layer pool2 has a 2 × 2 kernel, but .* 1 × 1 there"),
        ({"model": "mlp"}, 7, "size: pictures of 7 × 7 pixels"),
    ],
)
def test_a_kernel_that_does_not_fit_is_one_line_that_names_the_field(fields, size, says):
    with pytest.raises(UserError, match=f"^{says}") as error:
        make(1, size, **fields)
    assert "\n" not in str(error.value)


def test_the_smallest_pictures_fit_wherever_the_defaults_let_them():
    for model in ("mlp", "cnn", "resnet", "inception"):
        assert make(3, 8, 2, model=model)(torch.zeros(1, 3, 8, 8)).shape == (1, 2)
    assert make(3, 12, 2, model="lenet")(torch.zeros(1, 3, 12, 12)).shape == (1, 2)


# by hand, in float64


def convolve(x, weight, bias, border):
    """[C, H, W] -> [C', H', W'], the sum that the lesson writes down."""
    x = np.pad(x, ((0, 0), (border, border), (border, border)))
    k = weight.shape[-1]
    out = np.zeros((len(weight), x.shape[1] - k + 1, x.shape[2] - k + 1))
    for row in range(out.shape[1]):
        for column in range(out.shape[2]):
            out[:, row, column] = np.tensordot(weight, x[:, row : row + k, column : column + k], axes=3) + bias
    return out


def pool(x, reduce):
    c, h, w = x.shape
    return reduce(x[:, : h // 2 * 2, : w // 2 * 2].reshape(c, h // 2, 2, w // 2, 2), axis=(2, 4))


@pytest.mark.parametrize(("padding", "pooling"), list(itertools.product(("same", "valid"), ("max", "average"))))
def test_the_cnn_computes_what_the_formulas_say(padding, pooling):
    network = make(model="cnn", padding=padding, pooling=pooling, filters=5)
    weights = {name: value.numpy().astype(np.float64) for name, value in network.state_dict().items()}
    for name in weights:  # biases start from 0, where none could be missed
        if name.endswith("bias"):
            weights[name] = np.random.default_rng(len(name)).normal(size=weights[name].shape)
    network.load_state_dict({name: torch.from_numpy(value).float() for name, value in weights.items()})
    pixels = np.random.default_rng(1).normal(size=(1, 28, 28))
    border, reduce = (1 if padding == "same" else 0), (np.max if pooling == "max" else np.mean)
    x = pixels
    for layer in ("conv1", "conv2", "pool", "conv3", "conv4", "pool"):
        if layer == "pool":
            x = pool(x, reduce)
        else:
            x = np.maximum(convolve(x, weights[f"{layer}.weight"], weights[f"{layer}.bias"], border), 0)
    z = weights["dense.weight"] @ x.reshape(-1) + weights["dense.bias"]
    expected = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    with torch.no_grad():
        given = torch.from_numpy(pixels[None]).float()
        np.testing.assert_allclose(network.logits(given)[0].numpy(), z, atol=1e-5)
        np.testing.assert_allclose(network(given)[0].numpy(), expected, atol=1e-5)


def test_a_residual_block_that_has_learned_nothing_hands_on_what_came_in():
    block = Residual(4, 4).eval()
    nn.init.zeros_(block.norm2.weight)
    x = torch.rand(2, 4, 7, 7)
    torch.testing.assert_close(block(x), x)


def test_a_block_with_more_channels_adds_to_a_1_by_1_convolution_of_what_came_in():
    block = Residual(2, 5, stride=2).eval()
    nn.init.zeros_(block.norm2.weight)
    x = torch.rand(1, 2, 7, 7)
    sums = torch.einsum("oi,nihw->nohw", block.match.weight[:, :, 0, 0], x[:, :, ::2, ::2])
    torch.testing.assert_close(block(x), torch.relu(sums + block.match.bias[:, None, None]))


def test_inception_reduces_first_and_puts_four_branches_side_by_side():
    block = Inception(6, 8)
    x = torch.randn(2, 6, 9, 9)
    assert block(x).shape == (2, 32, 9, 9)
    assert (block.reduce5.out_channels, block.five.in_channels) == (4, 4)
    torch.testing.assert_close(block(x)[:, :8], torch.relu(block.one(x)))
    pooled = nn.functional.max_pool2d(x, 3, 1, 1)
    torch.testing.assert_close(block(x)[:, 24:], torch.relu(block.project(pooled)))


# the table


@pytest.mark.parametrize(("model", "padding"), BOTH)
def test_the_formulas_of_the_summary_give_its_counts(model, padding):
    (table,) = System.summary(Config(model=model, padding=padding, size=32, colour="colour"))
    assert table.total == counted(model, 3, 32, 10, padding, 1)
    for layer in table.layers:
        if layer.parameters:
            figures = re.sub(r"\(.*\)", "", layer.formula.split("=")[-1]).replace(",", "")
            products = [np.prod([int(n) for n in part.split("×")]) for part in figures.split("+")]
            assert sum(products) == layer.parameters, layer


# freezing


def test_a_frozen_backbone_stays_as_it_is_and_keeps_its_running_figures():
    network = make(model="resnet")
    network.freeze()
    network.train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.1, weight_decay=0.1)
    network.logits(torch.randn(8, 1, 28, 28)).square().mean().backward()
    optimizer.step()
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"dense.weight", "dense.bias"}
