"""What each pixel has to do with the answer, in three ways, each of the likeliest class.

Occlusion (Zeiler & Fergus 2014, "Visualizing and Understanding Convolutional Networks"): how far the log-odds fall with
a square of the picture hidden under the mean colour. True for this one change, and for every network; but the square
hides several things at once, and its edge is something new to see.

Saliency (Simonyan, Vedaldi & Zisserman 2014, "Deep Inside Convolutional Networks"): how steeply the logit changes with
each pixel. One backward pass; but what a slope says of a small change need not hold for a large one.

Grad-CAM (Selvaraju et al. 2017, "Grad-CAM: Visual Explanations from Deep Networks"): the last feature maps, each
weighted by its mean slope, summed, and what is negative left out. It says where, only as finely as those maps are; a
network without feature maps has none.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from pellucid.core.card import Words
from pellucid.core.contract import HeatMap, Maps, in_batches
from pellucid.core.data.pictures import png_url
from pellucid.rooms.image_classifier.codec import Codec
from pellucid.rooms.image_classifier.model import Classifier

PARTS = 7  # a hidden square has a seventh of the side
MOST_PIXELS = 2**21  # in one batch of pictures with something hidden


def influence(model: Classifier, codec: Codec, url: str) -> Maps:
    """Of each pixel of a picture, as the network sees it."""
    pixels = torch.from_numpy(codec.encode([url])["pixels"])
    with torch.inference_mode():
        logits = model.logits(pixels)[0]
    best = int(logits.argmax())
    label = codec.labels[best]
    maps = [
        heat_map("occlusion", label, occlusion(model, pixels, best), signed=True),
        heat_map("saliency", label, saliency(model, pixels, best, codec.deviation)),
    ]
    if (found := grad_cam(model, pixels, best)) is not None:
        maps.append(heat_map("grad_cam", label, found))
    score_name: Words = {"en": f"log-odds of {label}", "zh-TW": f"「{label}」的對數勝算"}
    height, width = pixels.shape[-2:]
    seen = png_url(codec.denormalise(pixels.numpy())[0])
    return Maps(height, width, float(log_odds(logits, best)), score_name, tuple(maps), seen)


def log_odds(logits: Tensor, best: int | None = None) -> Tensor:
    """Of a class, from logits [..., K]: z − ln Σ exp of the others. [...] Left out: of one row's likeliest."""
    best = int(logits.argmax()) if best is None else best
    others = torch.cat([logits[..., :best], logits[..., best + 1 :]], dim=-1).double()
    return logits[..., best].double() - others.logsumexp(dim=-1)


def squares(size: int) -> tuple[int, list[int]]:
    """The side of a hidden square, and where it begins along one side of the picture: half of it further each time,
    the last one ending where the picture ends."""
    side = max(2, round(size / PARTS))
    places = list(range(0, size - side + 1, max(1, side // 2)))
    return side, places if places[-1] == size - side else [*places, size - side]


def occlusion(model: Classifier, pixels: Tensor, best: int) -> Tensor:
    """Pixels [1, C, H, W] -> [H, W]: how far the log-odds fall with a square hidden, in the mean of those over a pixel.

    Hidden is what has the mean colour of the training pictures: 0, as the network reads it.
    """
    height, width = pixels.shape[-2:]
    (tall, rows), (wide, columns) = squares(height), squares(width)
    places = [(row, column) for row in rows for column in columns]
    fallen, count = torch.zeros(height, width, dtype=torch.float64), torch.zeros(height, width, dtype=torch.float64)
    with torch.inference_mode():
        whole = log_odds(model.logits(pixels)[0], best)
        for part in in_batches(places, max(1, MOST_PIXELS // pixels.numel())):
            hidden = pixels.repeat(len(part), 1, 1, 1)
            for each, (row, column) in zip(hidden, part, strict=True):
                each[:, row : row + tall, column : column + wide] = 0
            falls = whole - log_odds(model.logits(hidden), best)
            for fall, (row, column) in zip(falls, part, strict=True):
                fallen[row : row + tall, column : column + wide] += fall
                count[row : row + tall, column : column + wide] += 1
    return fallen / count


def saliency(model: Classifier, pixels: Tensor, best: int, deviation: tuple[float, ...]) -> Tensor:
    """[H, W]: how much the class's logit would change, to first order, with a pixel going from black to white; of
    several channels the one with the most."""
    given = pixels.detach().clone().requires_grad_()
    with torch.enable_grad():
        (slope,) = torch.autograd.grad(model.logits(given)[0, best], given)  # [1, C, H, W]
    return (slope[0] / torch.tensor(deviation).reshape(-1, 1, 1)).abs().amax(dim=0)


def grad_cam(model: Classifier, pixels: Tensor, best: int) -> Tensor | None:
    """[H, W]: of the last feature maps A, ReLU(Σ α A), α the mean of the slopes of the class's logit by a map; made as
    large as the picture. None: the network has no feature maps."""
    given = pixels.detach().clone().requires_grad_()
    with torch.enable_grad(), LastMaps() as last:
        logit = model.logits(given)[0, best]
    if last.maps is None:
        return None
    (slopes,) = torch.autograd.grad(logit, last.maps)  # [1, M, h, w]
    strength = (slopes.mean(dim=(2, 3), keepdim=True) * last.maps.detach()).sum(dim=1, keepdim=True).relu()
    return F.interpolate(strength, size=pixels.shape[-2:], mode="bilinear", align_corners=False)[0, 0]


class LastMaps(TorchFunctionMode):
    """Keeps the last feature maps that are computed, before they are pooled."""

    maps: Tensor | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        is_maps = isinstance(result, Tensor) and result.ndim == 4 and result.shape[-1] > 1 and result.requires_grad
        if is_maps and "pool" not in getattr(func, "__name__", ""):
            self.maps = result
        return result


def heat_map(name: str, label: str, values: Tensor, *, signed: bool = False) -> HeatMap:
    about: Words = {"en": ABOUT[name]["en"].format(label=label), "zh-TW": ABOUT[name]["zh-TW"].format(label=label)}
    return HeatMap(name, TITLES[name], about, tuple(map(tuple, values.tolist())), signed)


TITLES: dict[str, Words] = {
    "occlusion": {"en": "Occlusion", "zh-TW": "遮蔽"},
    "saliency": {"en": "Saliency", "zh-TW": "顯著性"},
    "grad_cam": {"en": "Grad-CAM", "zh-TW": "Grad-CAM"},
}
ABOUT: dict[str, Words] = {
    "occlusion": {
        "en": "How far the log-odds of {label} fall when a square around the pixel is hidden; below 0 they rise.",
        "zh-TW": "遮住像素周圍的方塊時，「{label}」的對數勝算下降多少；小於 0 表示上升。",
    },
    "saliency": {
        "en": "How much the logit of {label} would change, by its slope, if the pixel went from black to white.",
        "zh-TW": "依斜率估計，像素由黑變白時，「{label}」的 logit 會改變多少。",
    },
    "grad_cam": {
        "en": "The last feature maps, each by how much it raises the logit of {label}: where the network found it.",
        "zh-TW": "最後的特徵圖，各依它使「{label}」的 logit 提高多少來加權：網路在哪裡找到它。",
    },
}
