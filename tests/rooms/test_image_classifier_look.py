"""The image classifier from the inside: every model's trace, its words and its story; influence; patches."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from pellucid.core.data.pictures import png_url
from pellucid.look import capture
from pellucid.look.pictures import MAPS, receptive_field
from pellucid.rooms.image_classifier import inside
from pellucid.rooms.image_classifier.captions import told
from pellucid.rooms.image_classifier.codec import Codec
from pellucid.rooms.image_classifier.config import Config
from pellucid.rooms.image_classifier.influence import grad_cam, influence, log_odds, occlusion, saliency
from pellucid.rooms.image_classifier.model import build
from pellucid.rooms.image_classifier.patches import Responses

MODELS = ("mlp", "cnn", "lenet", "resnet", "inception")
LABELS = tuple("0123456789")
CODEC = Codec(LABELS, 28, 1, (0.13,), (0.31,))
COLOUR = Codec(("cat", "dog", "tree"), 32, 3, (0.5, 0.4, 0.3), (0.2, 0.25, 0.3))


def a_model(kind: str, codec: Codec = CODEC, **fields):
    torch.manual_seed(3)
    model = build(Config(model=kind, **fields), codec.channels, codec.size, len(codec.labels)).eval()
    for module in model.modules():  # figures that a training could have left
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
    return model


def a_picture(codec: Codec = CODEC, seed: int = 0) -> str:
    shape = (codec.size, codec.size, codec.channels)[: 3 if codec.channels > 1 else 2]
    picture = np.zeros(shape, np.uint8)
    picture[6:22, 12:16] = 255
    picture[18:22, 6:22] = 200
    noise = np.random.default_rng(seed).integers(0, 40, shape)
    return png_url(np.clip(picture + noise, 0, 255).astype(np.uint8))


# the trace


@pytest.mark.parametrize("kind", MODELS)
def test_every_node_is_checked_and_told_of_in_both_languages(kind):
    trace = inside.look(a_model(kind), CODEC, a_picture())
    report = trace.check()
    assert report.checked == len(trace) and not report.failed and not report.unchecked
    assert report.largest < 1e-5
    assert trace.value("pixels").axes == MAPS
    assert trace.value("probabilities").axes == ("picture", "class")
    assert trace.axis_labels["class"] == list(LABELS)
    captioned = [node.name for node in trace.nodes if node.caption]
    assert captioned == [step["node"] for step in trace.storyline]
    assert captioned[-2:] == ["dense.logits", "probabilities"]
    moved = {"t", "empty"}  # a transposed weight; the reserve of batch norm
    assert {node.kind for node in trace.nodes if not node.caption} <= moved
    for step in trace.storyline:
        assert step["caption"]["en"] and step["caption"]["zh-TW"]
        assert "{" not in step["caption"]["en"] + step["caption"]["zh-TW"]
        assert trace.value(step["node"]).axes is not None
        assert trace.meta["titles"][step["node"]]["zh-TW"]
    assert trace.meta["picture"] in trace


@pytest.mark.parametrize("kind", ["cnn", "resnet"])
def test_pictures_in_colour_are_checked_too(kind):
    trace = inside.look(a_model(kind, COLOUR), COLOUR, a_picture(COLOUR))
    assert trace.check().checked == len(trace)
    assert trace.value("pixels").shape == (1, 3, 32, 32)


def test_titles_count_what_there_are_several_of():
    trace = inside.look(a_model("cnn"), CODEC, a_picture())
    titles = [each.title["en"] for each in told(trace)]
    assert titles[:5] == ["Convolution 1", "ReLU 1", "Convolution 2", "ReLU 2", "Max pooling 1"]
    assert titles[-3:] == ["Flatten", "Logits", "Softmax"]
    trace = inside.look(a_model("inception"), CODEC, a_picture())
    found = trace.meta["titles"]
    assert found["inception1"]["en"] == "Inception module 1" and found["inception2"]["zh-TW"] == "Inception 模組 2"
    assert found["inception1.three.sums3"]["en"] == "3 × 3 convolution"
    assert found["inception1.reduce5.reduced5"]["zh-TW"] == "1 × 1 卷積 3"


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_captions_say_what_padding_does(padding):
    trace = inside.look(a_model("cnn", padding=padding), CODEC, a_picture())
    caption = trace["conv1.conv1"].caption
    assert f"({padding})" in caption["en"] and f"（{padding}）" in caption["zh-TW"]
    assert trace.value("conv1.conv1").shape[-1] == (28 if padding == "same" else 26)


def test_gradients_are_of_the_log_odds_of_the_likeliest_class():
    model, url = a_model("cnn"), a_picture()
    trace = inside.look(model, CODEC, url, backward=True)
    best = int(trace.array("probabilities")[0].argmax())
    pixels = torch.from_numpy(CODEC.encode([url])["pixels"]).requires_grad_()
    (expected,) = torch.autograd.grad(log_odds(model.logits(pixels)[0], best), pixels)
    assert np.allclose(trace.gradient("pixels"), expected, rtol=1e-4, atol=1e-6)
    assert np.abs(trace.gradient("conv1.weight")).max() > 0


def test_gradients_survive_an_answer_of_all_but_certainty():
    model = a_model("cnn")
    with torch.no_grad():
        model.dense.weight *= 400
    trace = inside.look(model, CODEC, a_picture(), backward=True)
    assert trace.array("probabilities").max() == 1.0
    assert np.isfinite(trace.gradient("pixels")).all() and np.abs(trace.gradient("pixels")).max() > 0


# the layer table


@pytest.mark.parametrize(("kind", "count"), [("mlp", 101_770), ("lenet", 61_706)])
def test_the_table_adds_up_to_the_models_parameters(kind, count):
    model = a_model(kind)
    (table,) = inside.layers(model, 1, 28)
    assert table.total == count == sum(parameter.numel() for parameter in model.parameters())


def test_formulas_give_the_counts():
    for kind in MODELS:
        (table,) = inside.layers(a_model(kind), 1, 28)
        for layer in table.layers:
            if layer.parameters:
                numbers = layer.formula.split(" = ")[1].split(" (")[0].replace("×", "*").replace(",", "")
                assert eval(numbers) == layer.parameters, layer
    assert "C_in C_out + C_out = 16 × 32 + 32" in {
        each.formula for each in inside.layers(a_model("resnet"), 1, 28)[0].layers
    }


def test_the_table_comes_without_weights():
    with torch.device("meta"):
        (table,) = inside.layers(build(Config(model="resnet"), 3, 32, 5), 3, 32)
    assert table.layers[0].shape == "[N, 3, 32, 32]" and table.layers[-1].shape == "[N, 5]"


# the story


@pytest.mark.parametrize("kind", MODELS)
def test_the_story_in_the_terminal(kind):
    trace = inside.look(a_model(kind), CODEC, a_picture(), backward=True)
    lines = list(inside.tell(trace))
    drawn = [line for line in lines if set(line) & set("░▒▓█")]
    assert len(drawn) > 14 and max(map(len, drawn)) <= 90
    start = next(n for n, line in enumerate(lines) if line.startswith("class")) + 1
    found = np.array([float(line.split()[1]) for line in lines[start : start + 10]])
    assert np.allclose(found, trace.array("dense.logits")[0], atol=5e-4)
    best = int(trace.array("probabilities").argmax())
    assert f"answer       {best} (" in "\n".join(lines)


def test_block_pictures_show_light_where_the_picture_is_light():
    picture = np.zeros((28, 28))
    picture[:14, :14] = 1
    lines = list(inside.blocks([picture], side=28))
    assert lines == ["█" * 14] * 7 + [""] * 7


# influence


@torch.no_grad()
def test_occlusion_is_the_fall_of_the_log_odds():
    model, pixels = a_model("cnn"), torch.from_numpy(CODEC.encode([a_picture()])["pixels"])
    best = int(model.logits(pixels)[0].argmax())
    found = occlusion(model, pixels, best)
    row, column = 11, 16
    falls = []
    for top in range(0, 25, 2):  # every 4 × 4 square over this pixel, hidden one by one in a loop
        for left in range(0, 25, 2):
            if top <= row < top + 4 and left <= column < left + 4:
                hidden = pixels.clone()
                hidden[..., top : top + 4, left : left + 4] = 0
                p, q = (torch.softmax(model.logits(each).double(), 1)[0, best] for each in (pixels, hidden))
                falls.append(float(torch.logit(p) - torch.logit(q)))
    assert len(falls) == 4
    assert float(found[row, column]) == pytest.approx(np.mean(falls), rel=1e-4)


def test_saliency_is_the_slope_of_the_logit_by_brightness():
    model = a_model("cnn", COLOUR).double()
    pixels = torch.from_numpy(COLOUR.encode([a_picture(COLOUR)])["pixels"]).double()
    best = int(model.logits(pixels)[0].argmax())
    found = saliency(model, pixels, best, COLOUR.deviation)
    step = 1e-6
    for row, column in ((10, 14), (19, 8)):
        slopes = []
        for channel in range(3):  # a little brighter, as a part of black to white
            change = torch.zeros_like(pixels)
            change[0, channel, row, column] = step / COLOUR.deviation[channel]
            with torch.no_grad():
                ends = [float(model.logits(pixels + sign * change)[0, best]) for sign in (1, -1)]
            slopes.append(abs(ends[0] - ends[1]) / (2 * step))
        assert float(found[row, column]) == pytest.approx(max(slopes), rel=1e-4)


@pytest.mark.parametrize(("kind", "maps"), [("cnn", "relu4"), ("resnet", "block3.relu2"), ("lenet", "tanh3")])
def test_grad_cam_weighs_the_last_maps_by_their_mean_slopes(kind, maps):
    model, pixels = a_model(kind), torch.from_numpy(CODEC.encode([a_picture()])["pixels"])
    best = int(model.logits(pixels)[0].argmax())

    class Logits(torch.nn.Module):
        def forward(self, pixels):
            return model.logits(pixels)

    network = Logits()
    network.model = model
    trace = capture(network, pixels, backward=True, target=lambda logits: logits[0, best])
    name = next(node.name for node in trace.nodes if node.name.endswith(maps))
    values, slopes = trace.array(name)[0].astype(float), trace.gradient(name)[0].astype(float)
    alpha = slopes.sum(axis=(1, 2)) / slopes[0].size
    coarse = np.maximum(0, sum(a * each for a, each in zip(alpha, values, strict=True)))
    expected = F.interpolate(torch.from_numpy(coarse)[None, None], size=(28, 28), mode="bilinear")[0, 0]
    found = grad_cam(model, pixels, best)
    assert float(expected.max()) > 0
    assert np.allclose(found, expected, rtol=1e-4, atol=1e-6 * float(expected.max()))


@pytest.mark.parametrize("kind", MODELS)
def test_maps_are_as_large_as_the_picture(kind):
    url = a_picture(seed=1)
    model = a_model(kind)
    found = influence(model, CODEC, url)
    names = ["occlusion", "saliency", *(["grad_cam"] if kind != "mlp" else [])]
    assert [each.name for each in found.maps] == names
    for each in found.maps:
        values = np.array(each.values)
        assert values.shape == (found.height, found.width) == (28, 28)
        assert np.isfinite(values).all() and (each.signed or values.min() >= 0)
        assert each.about["en"] and each.about["zh-TW"]
    logits = model.logits(torch.from_numpy(CODEC.encode([url])["pixels"]))[0].double()
    p = torch.softmax(logits, 0).max()
    assert found.score == pytest.approx(float(torch.log(p / (1 - p))), rel=1e-4)


# patches


@pytest.mark.parametrize("kind", MODELS)
def test_nothing_outside_of_the_receptive_field_changes_a_cell(kind):
    model = a_model(kind)
    pixels = torch.from_numpy(CODEC.encode([a_picture()])["pixels"])
    trace = inside.look(model, CODEC, a_picture())
    random = np.random.default_rng(0)
    maps = [node.name for node in trace.nodes if node.outputs and trace.value(node).axes == MAPS]
    for name in maps[:: max(1, len(maps) // 4)]:
        tall, wide = trace.value(name).shape[-2:]
        row, column = int(random.integers(tall)), int(random.integers(wide))
        field = receptive_field(trace, name, row, column)
        seen = torch.zeros(28, 28, dtype=torch.bool)
        seen[
            max(0, field.row) : max(0, field.row + field.height), max(0, field.column) : field.column + field.width
        ] = True
        changed = torch.where(seen, pixels, torch.randn(pixels.shape))
        inner = torch.where(seen, torch.randn(pixels.shape), pixels)
        before, outside, within = capture(model, torch.cat([pixels, changed, inner])).array(name)[..., row, column]
        assert np.allclose(before, outside, rtol=0, atol=1e-6), name
        assert not np.allclose(before, within, rtol=0, atol=1e-3), name


def test_receptive_fields_of_a_cnn_are_those_of_its_kernels():
    trace = inside.look(a_model("cnn"), CODEC, a_picture())
    sizes = {name: receptive_field(trace, name, 3, 3) for name in ("relu1", "relu2", "pool1.pool1", "conv3.conv3")}
    assert [each.height for each in sizes.values()] == [3, 5, 6, 10]
    assert (sizes["relu1"].row, sizes["pool1.pool1"].row, sizes["conv3.conv3"].row) == (2, 4, 2)
    corner = receptive_field(trace, "relu2", 0, 0)
    assert (corner.row, corner.column) == (-2, -2)  # in the padding


@pytest.mark.parametrize("kind", ["mlp", "cnn", "resnet", "inception"])
def test_patches_are_where_a_channel_is_strongest(kind):
    model = a_model(kind)
    pixels = np.random.default_rng(1).integers(0, 256, (130, 28, 28, 1), np.uint8)
    names, targets = [f"picture {n}" for n in range(130)], [str(n % 10) for n in range(130)]
    responses = Responses(model, CODEC, pixels, targets, names)
    node = "relu" if kind in ("mlp", "inception", "resnet") else "relu3"
    found = responses.patches(node, 3)
    assert found is not None and len(found) == 9
    numbers = torch.from_numpy(CODEC.normalise(np.moveaxis(pixels, -1, 1).astype(float)))
    maps = capture(model, numbers).array(node)[:, 3].reshape(130, -1)
    best = sorted(maps.max(axis=1), reverse=True)[:9]
    assert np.allclose([each.value for each in found], best, rtol=1e-4)
    assert len({each.name for each in found}) == 9
    first = found[0]
    at = int(maps.max(axis=1).argmax())
    assert (first.name, first.target) == (names[at], targets[at])
    assert first.picture == png_url(pixels[at])
    if kind == "mlp":
        assert (first.row, first.column, first.height, first.width) == (0, 0, 28, 28)
    else:
        row, column = np.unravel_index(maps[at].argmax(), (14, 14) if kind == "cnn" else (28, 28))
        size = 10 if kind == "cnn" else 3
        assert (first.height, first.width) == (size, size)
        assert first.row == (2 * row - 4 if kind == "cnn" else row - 1)
        assert first.column == (2 * column - 4 if kind == "cnn" else column - 1)
    assert responses.patches("no such node", 0) is None
    assert responses.patches(node, 10_000) is None
