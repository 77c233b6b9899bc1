"""Inside the spam detector: the layer table, the named trace of one message, and its story in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from rich.cells import cell_len, set_cell_size
from torch import nn

from pellucid.core.card import Words
from pellucid.core.contract import Layer, Table
from pellucid.core.progress import one_line
from pellucid.look import Trace, capture
from pellucid.look.gradients import by_step
from pellucid.nn.recurrent import GATES, Direction
from pellucid.rooms.spam_detector.captions import AXES, AXIS_TITLES, SHORT, STORY, SYMBOLS, TITLES
from pellucid.rooms.spam_detector.data import UNKNOWN, Codec, words
from pellucid.rooms.spam_detector.model import SpamDetector

# the layer table


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def layers(model: SpamDetector, steps: int) -> list[Table]:
    """The model's layers, and the slides' comparison of a recurrent with a fully connected network."""
    recurrent, cell = model.recurrent, model.recurrent.forward_direction.cell
    gates, d, m = GATES[cell], model.embedding.embedding_dim, recurrent.forward_direction.weight_hidden.shape[1]
    twice = "2 × " if recurrent.backward_direction is not None else ""
    kind = f"{cell.upper()}, both directions, {recurrent.merge}" if twice else cell.upper()
    rows = model.embedding.num_embeddings
    table = Table(
        "spam_detector",
        (
            Layer("input", "word ids", f"[N, {steps}]", 0, ""),
            Layer(
                "embedding", "Embedding", f"[N, {steps}, {d}]", count(model.embedding),
                f"(V + 1) D = {rows:,} × {d}",
            ),
            Layer(
                "recurrent", kind, f"[N, {steps}, {recurrent.width}]", count(recurrent),
                f"{twice}{gates} (D M + M M + M) = {twice}{gates} × ({d} × {m} + {m} × {m} + {m})",
            ),
            Layer("pooling", "maximum over words", f"[N, {recurrent.width}]", 0, "nothing to learn"),
            Layer(
                "dense", "Linear, sigmoid", "[N, 1]", count(model.dense),
                f"{'2M' if recurrent.width > m else 'M'} + 1 = {recurrent.width} + 1",
            ),
        ),
    )  # fmt: skip
    return [table, *weight_sharing()]


def weight_sharing(t: int = 100, d: int = 10, m: int = 15, k: int = 1) -> list[Table]:
    """T steps of D inputs, M hidden units a step, K outputs: every step its own weights, or all the same.

    The slides give 385 for the recurrent network; 150 + 225 + 15 is 390.
    """
    dense = nn.Linear(t * d, t * m, bias=False, device="meta")
    dense_out = nn.Linear(t * m, k, bias=False, device="meta")
    with torch.device("meta"):
        cell = Direction(d, m, "rnn", bias=False)
    out = nn.Linear(m, k, bias=False, device="meta")
    sizes = f"T = {t}, D = {d}, M = {m}, K = {k}"
    return [
        Table(
            f"fully connected ({sizes}, no biases)",
            (
                Layer("hidden", "Linear", f"[N, {t * m}]", count(dense), f"T D × T M = {t * d:,} × {t * m:,}"),
                Layer("output", "Linear", f"[N, {k}]", count(dense_out), f"T M K = {t * m:,} × {k}"),
            ),
        ),
        Table(
            "recurrent: the same weights at every step",
            (
                Layer("input", "to hidden", f"[N, {t}, {m}]", cell.weight_input.numel(), f"D M = {d} × {m}"),
                Layer("hidden", "to hidden", f"[N, {t}, {m}]", cell.weight_hidden.numel(), f"M M = {m} × {m}"),
                Layer("output", "Linear", f"[N, {k}]", count(out), f"M K = {m} × {k}"),
            ),
        ),
    ]


# the trace


def look(model: SpamDetector, codec: Codec, text: str, *, backward: bool = False) -> Trace:
    """One message through the network, every step and gate by name; with `backward` the probability's gradients."""
    ids = codec.encode([text])["ids"]
    model.recurrent.use("steps")
    try:
        trace = capture(model, torch.from_numpy(ids), backward=backward)
    finally:
        model.recurrent.use("auto")
    for pattern in (name for name in STORY if "*" in name):
        trace.name_axes(pattern, ("message", "unit"))
    for pattern, axes in AXES.items():
        trace.name_axes(pattern, axes)
    for pattern, caption in STORY.items():
        trace.caption(pattern, caption)
    first = {node.caption["en"]: node.name for node in reversed(trace.nodes) if node.caption}
    trace.storyline = [{"node": first[text["en"]], "caption": text} for text in STORY.values() if text["en"] in first]
    every = words(text) or [UNKNOWN]
    read = every[: codec.length]
    trace.axis_labels["word"] = read
    trace.meta.update(
        room="spam_detector",
        picture="recurrent.forward_direction.h",
        titles=TITLES | {"recurrent": dict.fromkeys(("en", "zh-TW"), model.recurrent.forward_direction.cell.upper())},
        short=SHORT,
        symbols=SYMBOLS,
        axis_titles=AXIS_TITLES,
        steps={
            "recurrent.forward_direction": {"axis": "word", "labels": read},
            "recurrent.backward_direction": {"axis": "word", "labels": read[::-1]},
        },
        notes=notes(codec, every),
        text=text,
        words=read,
        left_out=len(every) - len(read),
        known=[word in codec.index for word in read],
        cell=model.recurrent.forward_direction.cell,
        merge=model.recurrent.merge,
        labels=list(codec.labels),
        threshold=codec.threshold,
    )
    return trace


def notes(codec: Codec, every: list[str]) -> list[Words]:
    """What of a message the network does not see."""
    found: list[Words] = []
    if len(every) > codec.length:
        found.append(
            {
                "en": f"The first {codec.length} of {len(every)} words are read (the setting length).",
                "zh-TW": f"只讀前 {codec.length} 個詞，全部共 {len(every)} 個（設定 length）。",
            }
        )
    unknown = list(dict.fromkeys(word for word in every[: codec.length] if word not in codec.index))
    if unknown:
        shown = unknown[:8]
        more = " …" if len(unknown) > len(shown) else ""
        found.append(
            {
                "en": f"Not in the vocabulary, so read as <unknown>: {', '.join(shown)}{more}",
                "zh-TW": f"不在詞彙表裡，讀作 <unknown>：{'、'.join(shown)}{more}",
            }
        )
    return found


# the story

BARS = " ▁▂▃▄▅▆▇█"
GATES_TOLD = {
    "rnn": ("h",),
    "lstm": ("forget_gate", "input_gate", "output_gate", "c", "h"),
    "gru": ("reset_gate", "update_gate", "candidate", "h"),
}
WEIGHTS_TOLD = {"weight_input": "W (input)", "weight_hidden": "U (hidden)", "bias": "b"}
WIDEST = 20  # cells for a word


def tell(trace: Trace) -> Iterator[str]:
    """The trace of one message in the terminal: words, gates per step, who won the pooling, the sum, the answer."""
    meta = trace.meta
    shown = [word if known else f"{word}?" for word, known in zip(meta["words"], meta["known"], strict=True)]
    width = min(WIDEST, max(7, *map(cell_len, shown)))
    shown = [set_cell_size(word, width) for word in shown]
    directions = ["forward_direction", *(["backward_direction"] if "recurrent.output" in trace else [])]
    yield f"message      {one_line(meta['text'])}"
    yield (
        f"{len(shown)} word{'s' * (len(shown) > 1)}"
        + (f" ({meta['left_out']} more are not read)" if meta["left_out"] else "")
        + ("; ? is not in the vocabulary" if not all(meta["known"]) else "")
        + f"; {trace.path}"
    )
    for direction in directions:
        yield from tell_direction(trace, direction, shown)
    yield from tell_answer(trace)
    if trace.gradient("recurrent.forward_direction.weight_hidden") is not None:
        for direction in directions:
            yield from tell_backward(trace, direction, shown)


def in_reading_order(direction: str, shown: list[str]) -> list[str]:
    return shown if direction == "forward_direction" else shown[::-1]


def tell_direction(trace: Trace, direction: str, shown: list[str]) -> Iterator[str]:
    """Gates and states of one direction: a row a word, in the order in which it read them."""
    cell, names = trace.meta["cell"], GATES_TOLD[trace.meta["cell"]]
    series = {name: trace.series(f"recurrent.{direction}.{name}")[:, 0] for name in names}  # [T, M] each
    units = series["h"].shape[1]
    columns = {name: max(units, len(name)) for name in names}
    yield ""
    yield f"{cell.upper()} reading {direction.removesuffix('_direction')}, a bar for each of {units} units"
    yield "  ".join([" " * cell_len(shown[0]), *(f"{name.replace('_', ' '):{columns[name]}}" for name in names)])
    for step, word in enumerate(in_reading_order(direction, shown)):
        told = []
        for name in names:
            most = 1.0 if name.endswith("_gate") else max(1.0, float(np.abs(series[name]).max()))
            low = 0.0 if name.endswith("_gate") else -most
            told.append(f"{bars(series[name][step], low, most):{columns[name]}}")
        yield "  ".join([word, *told])
    yield "gates run from 0 (blank) to 1 (full); in states 0 is half full"


def bars(values: np.ndarray[Any, Any], low: float, high: float) -> str:
    """One character a number, from low (blank) to high (full)."""
    level = np.clip((values - low) / (high - low) * (len(BARS) - 1), 0, len(BARS) - 1).round().astype(int)
    return "".join(BARS[i] for i in level)


def tell_answer(trace: Trace) -> Iterator[str]:
    """Pooling, dense, logit, probability."""
    pooled = trace.array("pooled")[0]
    winners = Counter(trace.meta["words"][i] for i in trace.array("words_only")[0].argmax(axis=0))
    yield ""
    yield "max pooling  " + "  ".join(f"{one_line(word)} wins {n}" for word, n in winners.most_common())
    weight, bias = trace.array("dense.weight")[0], float(trace.array("dense.bias")[0])
    products = weight * pooled
    strongest = np.argsort(-np.abs(products))[:4]
    for i, u in enumerate(strongest):
        yield f"{'' if i else 'dense':12} unit {u:<3} {weight[u]:+.3f} × {pooled[u]:+.3f} = {products[u]:+.3f}"
    if rest := len(products) - len(strongest):
        yield f"{'':12} {rest} more {'':15} = {products.sum() - products[strongest].sum():+.3f}"
    logit, probability = float(trace.array("logit")[0]), float(trace.array("probability")[0])
    yield f"logit        {products.sum():+.4f} {bias:+.4f} (bias) = {logit:+.4f}"
    negative, positive = trace.meta["labels"]
    threshold = trace.meta["threshold"]
    label = positive if probability >= threshold else negative
    yield f"probability  1 / (1 + exp({-logit:+.4f})) = {probability:.6f} of {positive}"
    yield f"answer       {label} (threshold {threshold:.3f})"


def tell_backward(trace: Trace, direction: str, shown: list[str]) -> Iterator[str]:
    """Back-propagation through time: each step's part in the gradient of each weight, and that the parts add up."""
    parts = {name: by_step(trace, f"recurrent.{direction}.{name}") for name in WEIGHTS_TOLD}
    norms = {name: {step: float(np.linalg.norm(part)) for step, part in found.items()} for name, found in parts.items()}
    yield ""
    yield f"back-propagation through time, {direction.removesuffix('_direction')}: each step's part in the"
    yield "gradient of the probability by each weight (its norm)"
    yield "  ".join([" " * cell_len(shown[0]), *(f"{title:24}" for title in WEIGHTS_TOLD.values())])
    for step, word in enumerate(in_reading_order(direction, shown)):
        told = []
        for found in norms.values():
            share = found.get(step, 0.0) / (max(found.values()) or 1.0)
            told.append(f"{'█' * round(12 * share):12} {found.get(step, 0.0):<11.3e}")
        yield "  ".join([word, *told])
    differences = []
    for name, steps in parts.items():
        whole = trace.gradient(f"recurrent.{direction}.{name}")
        assert whole is not None
        differences.append(float(np.abs(sum(steps.values()) - whole).max()))
    yield f"the steps add up to autograd's whole gradients: largest difference {max(differences):.1e}"
