"""Names of what is inside, for people: captions, titles, symbols and axes, in both languages.

They go by the kind of an operation and not by the name of a layer: the same words fit all five networks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pellucid.core.card import Words
from pellucid.look import Node, Trace
from pellucid.look.pictures import CONVOLUTIONS, POOLINGS, value_of, window

KINDS: dict[str, tuple[Words, Words]] = {
    "native_batch_norm": (
        {"en": "Batch norm", "zh-TW": "批次正規化"},
        {
            "en": "each channel less the mean and divided by the spread that training met, then scaled and shifted",
            "zh-TW": "每個通道減去訓練時的平均、除以訓練時的標準差，再縮放與平移",
        },
    ),
    "relu": ({"en": "ReLU", "zh-TW": "ReLU"}, {"en": "what is negative becomes 0", "zh-TW": "負數變成 0"}),
    "tanh": (
        {"en": "tanh", "zh-TW": "tanh"},
        {"en": "every number is pressed between −1 and 1", "zh-TW": "每個數字壓到 −1 與 1 之間"},
    ),
    "max_pool2d_with_indices": (
        {"en": "Max pooling", "zh-TW": "最大池化"},
        {"en": "of each {window}, the largest number goes on", "zh-TW": "每個 {window} 的方格只留最大的數字"},
    ),
    "avg_pool2d": (
        {"en": "Average pooling", "zh-TW": "平均池化"},
        {"en": "of each {window}, the mean goes on", "zh-TW": "每個 {window} 的方格取平均"},
    ),
    "add": (
        {"en": "Shortcut added", "zh-TW": "加上捷徑"},
        {"en": "what came in is added to what the block made of it", "zh-TW": "把輸入加到這個區塊的結果上（捷徑）"},
    ),
    "cat": (
        {"en": "Side by side", "zh-TW": "並排"},
        {"en": "the maps of all branches, one after the other", "zh-TW": "把各分支的特徵圖依序排在一起"},
    ),
    "mean": (
        {"en": "Mean of each map", "zh-TW": "每張圖的平均"},
        {"en": "one number a map: how much of its feature there is", "zh-TW": "每張特徵圖化為一個數字：這個特徵有多少"},
    ),
    "view": (
        {"en": "Flatten", "zh-TW": "攤平"},
        {"en": "all pixels of all maps in one row; no number changes", "zh-TW": "把所有圖的像素排成一列，數字不變"},
    ),
    "addmm": (
        {"en": "Dense", "zh-TW": "全連接層"},
        {
            "en": "each unit: a weighted sum of all numbers, and a bias",
            "zh-TW": "每個單元：所有數字的加權總和，再加偏差值",
        },
    ),
    "_softmax": (
        {"en": "Softmax", "zh-TW": "Softmax"},
        {
            "en": "exponentials, each divided by the sum of all: probabilities",
            "zh-TW": "取指數，再各除以總和，成為機率",
        },
    ),
}
LOGITS: tuple[Words, Words] = (
    {"en": "Logits", "zh-TW": "Logit"},
    {
        "en": "one score a class: a weighted sum of all numbers, and a bias",
        "zh-TW": "每個類別一個分數：加權總和加偏差值",
    },
)
CONVOLUTION: tuple[Words, Words] = (
    {"en": "Convolution", "zh-TW": "卷積"},
    {
        "en": "{filters} kernels of {window} slide over {channels}; a sum of products at every place{border}",
        "zh-TW": "{filters} 個 {window} 的卷積核在{channels}上滑動，每個位置是一個乘積的總和{border}",
    },
)
ONE_BY_ONE: Words = {
    "en": "each pixel's {inputs} channels are mixed into {filters}; no neighbour takes part",
    "zh-TW": "每個像素的 {inputs} 個通道混合成 {filters} 個，不看相鄰的像素",
}
BORDERS: dict[str, Words] = {
    "same": {"en": "; zeros around keep its size (same)", "zh-TW": "；四周補零，大小不變（same）"},
    "valid": {"en": "; without zeros around (valid)", "zh-TW": "；四周不補零（valid）"},
    "padded": {"en": "; with zeros around", "zh-TW": "；四周補零"},
}
BLOCKS: dict[str, Words] = {
    "Residual": {"en": "Residual block", "zh-TW": "殘差區塊"},
    "Inception": {"en": "Inception module", "zh-TW": "Inception 模組"},
}

# what a view calls the last part of a name
TITLES: dict[str, Words] = {
    "pixels": {"en": "Pixels", "zh-TW": "像素"},
    "weight": {"en": "Weights", "zh-TW": "權重"},
    "bias": {"en": "Bias", "zh-TW": "偏差值"},
    "running_mean": {"en": "Running mean μ", "zh-TW": "移動平均 μ"},
    "running_var": {"en": "Running variance σ²", "zh-TW": "移動變異數 σ²"},
}
KERNELS: Words = {"en": "Kernels", "zh-TW": "卷積核"}
SCALE: Words = {"en": "Scale γ", "zh-TW": "縮放 γ"}
SHIFT: Words = {"en": "Shift β", "zh-TW": "平移 β"}

# TeX of a name in formulas
SYMBOLS = {"pixels": "x", "weight": "w", "bias": "b", "logits": "z", "probabilities": "p"}

AXIS_TITLES: dict[str, Words] = {
    "picture": {"en": "picture", "zh-TW": "圖片"},
    "channel": {"en": "channel", "zh-TW": "通道"},
    "row": {"en": "row", "zh-TW": "列"},
    "column": {"en": "column", "zh-TW": "行"},
    "filter": {"en": "filter", "zh-TW": "卷積核"},
    "number": {"en": "number", "zh-TW": "編號"},
    "unit": {"en": "unit", "zh-TW": "單元"},
    "class": {"en": "class", "zh-TW": "類別"},
}


@dataclass(frozen=True)
class Told:
    """A node that is worth telling of."""

    node: Node
    title: Words
    caption: Words


def told(trace: Trace) -> list[Told]:
    """In the order in which they ran. Where a part of the network has several of a kind their titles are numbered."""
    nodes = [node for node in trace.nodes if node.kind in KINDS or node.kind in CONVOLUTIONS]
    places = [part_of(trace, node) for node in nodes]
    titles = numbered(places, [title_of(trace, node, nodes) for node in nodes])
    return [Told(node, title, caption_of(trace, node)) for node, title in zip(nodes, titles, strict=True)]


def block_titles(trace: Trace) -> dict[str, Words]:
    """Of the parts of the network that are made of layers, by their paths."""
    found = {path: BLOCKS[kind] for path, kind in trace.modules.items() if kind in BLOCKS}
    return dict(zip(found, numbered([""] * len(found), list(found.values())), strict=True))


def numbered(places: list[str], titles: list[Words]) -> list[Words]:
    """Titles with a number behind those that a place has more than once."""
    keys = [(place, title["en"]) for place, title in zip(places, titles, strict=True)]
    total, so_far = Counter(keys), Counter[tuple[str, str]]()
    found: list[Words] = []
    for key, title in zip(keys, titles, strict=True):
        so_far[key] += 1
        n = f" {so_far[key]}" if total[key] > 1 else ""
        found.append({"en": title["en"] + n, "zh-TW": title["zh-TW"] + n})
    return found


def part_of(trace: Trace, node: Node) -> str:
    """The path of the block that a node is in; outside of all blocks, none."""
    path = node.module
    while path and trace.modules.get(path) not in BLOCKS:
        path = path.rpartition(".")[0]
    return path


def title_of(trace: Trace, node: Node, among: list[Node]) -> Words:
    """Kernels of several sizes in one block are told apart by their size."""
    if node.kind not in CONVOLUTIONS:
        return LOGITS[0] if node.variable == "logits" else KINDS[node.kind][0]
    place = part_of(trace, node)
    convolutions = [each for each in among if each.kind in CONVOLUTIONS and part_of(trace, each) == place]
    size, title = kernel(trace, node), CONVOLUTION[0]
    if size != "1 × 1" and len({kernel(trace, each) for each in convolutions} - {"1 × 1"}) == 1:
        return title
    return {"en": f"{size} {title['en'].lower()}", "zh-TW": f"{size} {title['zh-TW']}"}


def kernel(trace: Trace, node: Node) -> str:
    height, width = window(trace, node)[0]
    return f"{height} × {width}"


def caption_of(trace: Trace, node: Node) -> Words:
    if node.variable == "logits":
        return LOGITS[1]
    if node.kind not in CONVOLUTIONS:
        _, caption = KINDS[node.kind]
        size = kernel(trace, node) if node.kind in POOLINGS else ""
        return {"en": caption["en"].format(window=size), "zh-TW": caption["zh-TW"].format(window=size)}
    weight = value_of(trace, node.args[1])
    assert weight is not None
    filters, inputs = weight.shape[:2]
    size, words = kernel(trace, node), BORDERS[border(trace, node)]
    if size == "1 × 1":
        return {
            "en": ONE_BY_ONE["en"].format(inputs=inputs, filters=filters),
            "zh-TW": ONE_BY_ONE["zh-TW"].format(inputs=inputs, filters=filters),
        }
    en, zh = ("the picture", "圖片") if inputs == 1 else (f"{inputs} channels", f" {inputs} 個通道")
    return {
        "en": CONVOLUTION[1]["en"].format(filters=filters, window=size, channels=en, border=words["en"]),
        "zh-TW": CONVOLUTION[1]["zh-TW"].format(filters=filters, window=size, channels=zh, border=words["zh-TW"]),
    }


def border(trace: Trace, node: Node) -> str:
    """What a convolution does at the edge: same, valid, or some other number of zeros."""
    size, stride, padding, dilation = window(trace, node)
    if not any(padding):
        return "valid"
    keeps = all(2 * p == d * (k - 1) for k, p, d in zip(size, padding, dilation, strict=True))
    return "same" if keeps and set(stride) == {1} else "padded"
