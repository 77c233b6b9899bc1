"""Inside the image classifier: the layer table, the named trace of one picture, and its story in the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from pellucid.core.card import Words
from pellucid.core.contract import Layer, Table
from pellucid.look import Node, Trace, capture
from pellucid.look.pictures import CONVOLUTIONS, MAPS, NORMS, POOLINGS, value_of
from pellucid.rooms.image_classifier.captions import (
    AXIS_TITLES,
    KERNELS,
    SCALE,
    SHIFT,
    SYMBOLS,
    TITLES,
    block_titles,
    told,
)  # fmt: skip
from pellucid.rooms.image_classifier.codec import Codec
from pellucid.rooms.image_classifier.influence import log_odds
from pellucid.rooms.image_classifier.model import Classifier

# the layer table


def layers(model: nn.Module, channels: int, size: int) -> list[Table]:
    """The model's layers in the order in which they run, with the shapes that they really give. The model may be on
    the meta device."""
    rows = [Layer("pixels", "picture", f"[N, {channels}, {size}, {size}]", 0, "")]
    hooks = []
    names = {module: name for name, module in model.named_modules()}

    def run(module: nn.Module, inputs: Any, output: Tensor) -> None:
        count = sum(parameter.numel() for parameter in module.parameters())
        shape = ", ".join(map(str, output.shape[1:]))
        rows.append(Layer(names[module], kind(module), f"[N, {shape}]", count, formula(module)))

    for module in names:
        if not list(module.children()):
            hooks.append(module.register_forward_hook(run))
    training = model.training
    try:
        device = next(model.parameters()).device
        with torch.no_grad():
            model.eval()(torch.zeros(1, channels, size, size, device=device))
    finally:
        model.train(training)
        for hook in hooks:
            hook.remove()
    return [Table("image_classifier", tuple(rows))]


def kind(module: nn.Module) -> str:
    """What a layer is, with what is worth knowing of it."""
    match module:
        case nn.Conv2d():
            height, width = module.kernel_size
            more = f", stride {module.stride[0]}" if module.stride[0] > 1 else ""
            edge = "" if height == 1 else ", same" if any(map(int, module.padding)) else ", valid"
            return f"Conv2d {height} × {width}{more}{edge}"
        case nn.MaxPool2d() | nn.AvgPool2d():
            return f"{type(module).__name__} {module.kernel_size} × {module.kernel_size}"
        case nn.Dropout():
            return f"Dropout {module.p:g}"
    return type(module).__name__


def formula(module: nn.Module) -> str:
    """How the count of a layer's parameters comes about."""
    match module:
        case nn.Conv2d():
            height, width = module.kernel_size
            bias, plus = (f" + {module.out_channels}", " + C_out") if module.bias is not None else ("", "")
            if height == width == 1:
                return f"C_in C_out{plus} = {module.in_channels} × {module.out_channels}{bias}"
            sides = f"{height} × {width} × {module.in_channels} × {module.out_channels}"
            return f"K K C_in C_out{plus} = {sides}{bias}"
        case nn.Linear():
            return f"D M + M = {module.in_features} × {module.out_features} + {module.out_features}"
        case nn.BatchNorm2d():
            return f"2 C = 2 × {module.num_features} (γ and β; running mean and variance are not learned)"
    return "nothing to learn"


# the trace


def look(model: Classifier, codec: Codec, url: str, *, backward: bool = False) -> Trace:
    """One picture through the network; with `backward` the gradients of its likeliest class's log-odds (its probability
    hardly moves any more where the network is sure)."""
    pixels = torch.from_numpy(codec.encode([url])["pixels"])
    logits: list[Tensor] = []
    hook = model.dense.register_forward_hook(lambda layer, inputs, output: logits.append(output))
    try:
        trace = capture(model, pixels, backward=backward, target=lambda _: log_odds(logits[0][0]))
    finally:
        hook.remove()
    name(trace)
    trace.axis_labels["class"] = list(codec.labels)
    told_of = told(trace)
    for each in told_of:
        each.node.caption = {"en": each.caption["en"], "zh-TW": each.caption["zh-TW"]}
    trace.storyline = [{"node": each.node.name, "caption": each.caption} for each in told_of]
    named = {each.node.name: each.title for each in told_of}
    layer = {each.node.module: each.title for each in told_of if each.node.module}
    trace.meta.update(
        room="image_classifier",
        picture=stands_for_it(trace),
        titles=TITLES | weight_titles(trace) | layer | block_titles(trace) | named,
        short={},
        symbols=SYMBOLS,
        axis_titles=AXIS_TITLES,
        labels=list(codec.labels),
    )
    return trace


def name(trace: Trace) -> None:
    """The axes of what the pictures of `look.pictures` leave out: the picture itself, rows of numbers, classes."""
    trace.name_axes("pixels", MAPS)
    for node in trace.nodes:
        for value in (trace.values[each] for each in node.outputs):
            if value.axes is None and len(value.shape) == 2 and value.shape[0] == 1:
                last = "class" if node.variable in ("logits", "probabilities") else UNITS.get(node.kind, "unit")
                value.axes = ("picture", last)
    trace.name_axes("dense.weight", ("class", "number"))
    trace.name_axes("dense.bias", ("class",))


UNITS = {"view": "number", "mean": "channel"}


def weight_titles(trace: Trace) -> dict[str, Words]:
    """A weight is a kernel in one layer and a scale in another."""
    found: dict[str, Words] = {}
    for node in trace.nodes:
        given = [value_of(trace, argument) for argument in node.args[1:3]]
        own = (KERNELS, TITLES["bias"]) if node.kind in CONVOLUTIONS else (SCALE, SHIFT)
        if node.kind in CONVOLUTIONS or node.kind in NORMS:
            found |= {value.name: title for value, title in zip(given, own, strict=False) if value is not None}
    return found


def stands_for_it(trace: Trace) -> str:
    """The first feature maps; of a network without any, the first layer of units."""
    maps = [node for node in trace.nodes if node.outputs and trace.value(node).axes == MAPS]
    found = next((node for node in maps if node.kind in ("relu", "tanh")), None)
    return (found or next(node for node in trace.nodes if node.kind in ("relu", "tanh", "_softmax"))).name


# the story

SHADES = " ░▒▓█"
BARS = " ▁▂▃▄▅▆▇█"
FAINT = 0.06  # of the brightest: less is drawn as nothing
WIDE = 78  # characters of the terminal that are used
MOST_UNITS = 64  # of a row of numbers


def tell(trace: Trace) -> Iterator[str]:
    """The trace of one picture in the terminal: the pixels, the maps of each layer, the logits, each exponential."""
    pixels = trace.array("pixels")[0]
    yield f"picture      {pixels.shape[0]} × {pixels.shape[1]} × {pixels.shape[2]} (channels × rows × columns)"
    yield from blocks([pixels.mean(axis=0)], side=28)
    for each in told(trace):
        yield ""
        yield from tell_node(trace, each.node, each.title["en"], each.caption["en"])
    yield ""
    yield from tell_answer(trace)
    if any(name.startswith("g") for name in trace.arrays):
        yield ""
        yield from tell_backward(trace)


def tell_node(trace: Trace, node: Node, title: str, caption: str) -> Iterator[str]:
    value = trace.value(node)
    shape = " × ".join(map(str, value.shape[1:]))
    yield f"{title}: {caption}"
    yield f"{shape}  {node.name}"
    array = trace.array(value)[0].astype(float)
    if array.ndim == 3 and (node.kind in ("relu", "tanh", "cat") or node.kind in POOLINGS):
        yield from blocks(list(array), side=14)
    elif array.ndim == 1 and node.kind in ("relu", "tanh", "mean"):
        most = max(float(np.abs(array).max()), 1e-12)
        low = 0.0 if array.min() >= 0 else -most
        more = f" … {len(array) - MOST_UNITS} more" if len(array) > MOST_UNITS else ""
        yield bars(array[:MOST_UNITS], low, most) + more


def blocks(maps: list[np.ndarray[Any, Any]], side: int) -> Iterator[str]:
    """Small pictures beside each other, dark to bright on one scale, each of at most `side` characters by half as many
    lines: a character is about twice as high as wide."""
    maps = [np.abs(each) if each.min() >= 0 else each - min(0.0, float(each.min())) for each in maps]
    width = min(side, maps[0].shape[1])
    height = max(1, round(maps[0].shape[0] * width / maps[0].shape[1] / 2))
    count = max(1, min(len(maps), (WIDE + 2) // (width + 2)))
    strongest = sorted(sorted(range(len(maps)), key=lambda channel: -maps[channel].sum())[:count])
    drawn = [shrunk(maps[channel], height, width) for channel in strongest]
    most = max(float(each.max()) for each in drawn) or 1.0
    for row in range(height):
        yield "  ".join(
            "".join(SHADES[math.ceil(max(0.0, share / most - FAINT) * (len(SHADES) - 1))] for share in each[row])
            for each in drawn
        ).rstrip()
    if len(maps) > count:
        yield f"the strongest {count} of {len(maps)} maps: channels {', '.join(map(str, strongest))}"


def shrunk(picture: np.ndarray[Any, Any], height: int, width: int) -> np.ndarray[Any, Any]:
    """The mean of the pixels behind each character."""
    rows = np.linspace(0, picture.shape[0], height + 1).astype(int)
    columns = np.linspace(0, picture.shape[1], width + 1).astype(int)
    down, across = pairwise(rows), list(pairwise(columns))
    return np.array([[picture[top:foot, left:right].mean() for left, right in across] for top, foot in down])


def bars(values: np.ndarray[Any, Any], low: float, high: float) -> str:
    """One character a number, from low (blank) to high (full)."""
    level = np.clip((values - low) / (high - low) * (len(BARS) - 1), 0, len(BARS) - 1).round().astype(int)
    return "".join(BARS[i] for i in level)


def tell_answer(trace: Trace) -> Iterator[str]:
    """The logits, their exponentials, the probabilities."""
    logits = trace.array("dense.logits")[0].astype(float)
    probabilities = trace.array("probabilities")[0].astype(float)
    powers = np.exp(logits - logits.max())
    width = max(5, *map(len, trace.meta["labels"]))
    yield f"{'class':{width}}  {'logit z':>9}  {'exp(z - max)':>12}  probability"
    for label, z, power, p in zip(trace.meta["labels"], logits, powers, probabilities, strict=True):
        yield f"{label:{width}}  {z:9.3f}  {power:12.3e}  {p:.6f} {'█' * round(20 * p)}".rstrip()
    yield f"{'sum':{width}}  {'':9}  {powers.sum():12.3e}  {probabilities.sum():.6f}"
    best = int(probabilities.argmax())
    yield f"answer       {trace.meta['labels'][best]} ({probabilities[best]:.4f})"


def tell_backward(trace: Trace) -> Iterator[str]:
    """How much the log-odds would change with each pixel."""
    gradient = trace.gradient("pixels")
    assert gradient is not None
    yield "gradient of the answer's log-odds by each pixel (how far from 0)"
    yield from blocks([np.abs(gradient[0]).sum(axis=0)], side=28)
