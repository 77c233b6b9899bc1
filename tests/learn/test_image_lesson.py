"""The image classifier's lesson: what it says beyond its computed figures is true."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from conftest import expected
from pellucid import api, catalog
from pellucid.rooms.image_classifier import homework

pytestmark = pytest.mark.skipif("image_classifier" not in catalog.BUILT, reason="the room is gone")


@pytest.fixture(scope="module", params=["en", "zh-TW"])
def text(request):
    return (catalog.folder("image_classifier") / f"lesson.{request.param}.md").read_text(encoding="utf-8")


def matrices(text: str) -> list[np.ndarray]:
    found = re.findall(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", text)
    return [np.array([[float(x) for x in row.split("&")] for row in each.split("\\\\")]) for each in found]


def test_the_slides_convolution_is_computed_right(text):
    found = np.array(matrices(text))  # each channel's pixels, and its slice of the kernel
    patch, kernel = found[::2], found[1::2]
    sums = (patch * kernel).sum(axis=(1, 2))
    assert sums.tolist() == [308, -498, 164]
    total = F.conv2d(torch.tensor(patch)[None], torch.tensor(kernel)[None], torch.tensor([1.0]).double()).item()
    assert total == -25 == homework.at_the_edge(0)
    for written in ("= 308$", "= -498$", "= 164$", "308 - 498 + 164 + 1 = -25"):
        assert written in text
    for line in re.findall(r"\$(-?\d+(?: [-+] \d+)+) = (-?\d+)\$", text):
        numbers = [int(n.replace(" ", "")) for n in re.findall(r"[-+]? ?\d+", line[0])]
        assert sum(numbers) == int(line[1]), line


def test_sizes_of_outputs(text):
    picture = torch.zeros(1, 1, 28, 28)
    kernel = torch.zeros(1, 1, 3, 3)
    assert F.conv2d(picture, kernel).shape[-1] == 26 and "28 - 3 + 1 = 26" in text
    assert F.conv2d(picture, kernel, padding=1).shape[-1] == 28 and "28 + 2 - 3 + 1 = 28" in text
    assert F.conv2d(picture, kernel, padding=1, stride=2).shape[-1] == 14 and r"\lfloor 27/2 \rfloor + 1 = 14" in text
    sides = [28]
    for step in (-2, -2, 0, -2, -2, 0):
        sides.append(sides[-1] + step if step else sides[-1] // 2)
    assert " → ".join(map(str, sides)) in text


def test_counts_in_the_text(text):
    assert 25 * 64 * 16 + 16 == 25_616 and "25,616" in text
    assert api.summary("image_classifier", filters=32)[0].total == 320 + 3 * 9_248 + 15_690
    assert "320 + 3 × 9,248 + 15,690" in text
    mlp, cnn = (api.summary("image_classifier", model=model)[0].total for model in ("mlp", "cnn"))
    assert mlp == 101_770 and round(mlp / cnn) == 7  # "about a seventh"


def test_what_is_said_of_the_corner():
    """Five of nine products are with zeros that are not in the picture; the others with its upper left pixels."""
    trace = api.open(api.bundled("image_classifier")).look(catalog.card("image_classifier").input.examples[0])
    weight, pixels = trace.array("conv1.weight")[11, 0], trace.array("pixels")[0, 0]
    corner = (weight[1:, 1:] * pixels[:2, :2]).sum() + trace.array("conv1.bias")[11]
    assert trace.array("conv1.conv1")[0, 11, 0, 0] == pytest.approx(corner, abs=1e-5)


def test_the_places_that_are_pointed_at_show_what_is_said_of_them():
    """A bright pixel inside the stroke; a patch with black and white in it; a number that ReLU takes away."""
    trace = api.open(api.bundled("image_classifier")).look(catalog.card("image_classifier").input.examples[0])
    pixels, conv = trace.array("pixels")[0, 0], trace.array("conv1.conv1")[0]
    assert pixels[10, 16:19].min() > 2.7 and pixels[10, [14, 20]].max() == pixels.min()  # inside, and on both sides
    patch = pixels[9:12, 14:17]
    assert patch.min() == pixels.min() and patch.max() > 2.7 and len(np.unique(patch)) >= 5
    assert conv[11, 22, 14] < 0 == trace.array("relu1")[0, 11, 22, 14]
    other = api.open(api.bundled("image_classifier")).look(catalog.card("image_classifier").input.examples[5])
    assert other.array("relu4")[0, 11, 4, 7] > 0 < trace.array("flatten.flat")[0, 31]


def test_what_is_not_there_and_what_loses_has_no_gradient():
    trace = api.open(api.bundled("image_classifier")).look(
        catalog.card("image_classifier").input.examples[0], backward=True
    )
    assert not [node for node in trace.nodes if "dropout" in node.kind]
    before = trace.array("relu2")[0, 11, 8:10, 16:18]
    gradient = trace.gradient("relu2")[0, 11, 8:10, 16:18]
    assert trace.array(trace.value("pool1.pool1"))[0, 11, 4, 8] == before.max()
    assert sorted(before.flat)[2] == before[1, 1] > sorted(before.flat)[1] > 0, "the next one"
    assert (gradient[before < before.max()] == 0).all()


def test_a_small_mlp_without_anything_against_it_overfits(tmp_path):
    fields = {"model": "mlp", "per_class": 60, "dropout": 0, "shift": 0, "weight_decay": 0, "epochs": 40, "threads": 1}
    run = api.train("image_classifier", runs=tmp_path, **fields).run
    lines = list(run.metrics("epoch"))
    train = [line["train_loss"] for line in lines]
    name = next(key for key in lines[0] if key.startswith("validation") and "loss" in key)
    validation = [line[name] for line in lines]
    assert train[-1] < 0.05 * train[0] and validation[-1] > 4 * train[-1]
    assert validation[-1] > min(validation)  # it has turned


def test_shuffled_pixels_do_not_matter_to_an_mlp():
    """The same function exists after any shuffling of pixels, with the same weights in another order."""
    torch.manual_seed(0)
    first, order = torch.nn.Linear(9, 4), torch.randperm(9)
    other = torch.nn.Linear(9, 4)
    other.weight.data, other.bias.data = first.weight.data[:, order], first.bias.data
    x = torch.randn(5, 9)
    torch.testing.assert_close(other(x[:, order]), first(x))


def test_what_is_said_of_the_studies():
    """The bar of the homework is beyond the defaults and was reached; which study is which, and what came out."""
    accuracy = [
        {name: variant["accuracy"] for name, variant in study["variants"].items()}
        for study in expected("image_classifier")["studies"]
    ]
    cnn = accuracy[0]["model=cnn"]
    assert cnn["mean"] + cnn["spread"] < homework.BETTER.at_least <= accuracy[7]["model=resnet"]["mean"]
    assert accuracy[7]["model=mlp"]["mean"] < cnn["mean"] < accuracy[2]["model=cnn"]["mean"]
    scratch, frozen, whole = (accuracy[i] for i in (4, 5, 6))
    few = [each["per_class=10"] for each in (scratch, frozen, whole)]
    assert few[1]["mean"] == max(each["mean"] for each in few)
    assert few[1]["mean"] - few[1]["spread"] < few[0]["mean"] + few[0]["spread"]  # they overlap
    assert abs(frozen["per_class=100"]["mean"] - scratch["per_class=100"]["mean"]) < 0.01
