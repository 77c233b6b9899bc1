"""Whole models, recomputed operation by operation: every kind they meet has a reference, and it agrees."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from pellucid.look.ops import REFERENCES

torch.set_num_threads(1)

TOLERANCE = 1e-5  # float32 networks


def arrays(value: Any) -> Any:
    """Arguments as the references take them, as they are now: an in-place operation will change them."""
    if isinstance(value, Tensor):
        return (value.double() if value.is_floating_point() else value).numpy().copy()
    if isinstance(value, list | tuple):
        return type(value)(arrays(v) for v in value)
    if isinstance(value, dict):
        return {k: arrays(v) for k, v in value.items()}
    plain = isinstance(value, bool | int | float | str | None)
    return value if plain else str(value).removeprefix("torch.")


class Recompute(TorchDispatchMode):
    """Recomputes each operation as it happens, and keeps the largest difference of each kind."""

    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()
        self.missing: set[str] = set()
        self.largest: dict[str, float] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = func._schema.name.split("::")[1]
        kind = name if name.endswith("__") else name.removesuffix("_")
        self.count[kind] += 1
        if kind not in REFERENCES:
            self.missing.add(kind)
            return func(*args, **kwargs)
        before = arrays(list(args)), arrays(kwargs)
        result = func(*args, **kwargs)
        ours = REFERENCES[kind].compute(*before[0], **before[1])
        self.largest[kind] = max(self.largest.get(kind, 0.0), _difference(ours, result))
        return result


def _difference(ours: Any, theirs: Any) -> float:
    ours, theirs = (list(r) if isinstance(r, tuple | list) else [r] for r in (ours, theirs))
    assert len(ours) == len(theirs)
    pairs = [(a, np.asarray(arrays(b))) for a, b in zip(ours, theirs, strict=True) if a is not None]
    assert all(a.shape == b.shape for a, b in pairs)
    largest = 0.0
    for a, b in pairs:
        a, b = a.astype(np.float64), b.astype(np.float64)
        finite = np.isfinite(a)
        np.testing.assert_array_equal(a[~finite], b[~finite])
        scale = np.abs(a[finite]).max(initial=1)
        largest = max(largest, float(np.abs(a[finite] - b[finite]).max(initial=0) / scale))
    return largest


def recompute(run: Callable[[], Any]) -> Recompute:
    """As a trace is captured: no oneDNN, attention by its formula, no fused encoder layer."""
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with (
            torch.no_grad(),
            torch.backends.mkldnn.flags(enabled=False),
            torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH),
            Recompute() as mode,
        ):
            run()
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    return mode


# --- the models -------------------------------------------------------------------------------------------------------


def used(model: nn.Module) -> None:
    """As after training: in evaluation, with running statistics that are not 0 and 1."""
    for name, buffer in model.named_buffers():
        if "running" in name:
            nn.init.uniform_(buffer, 0.5, 1.5)
    model.eval()


def convolutional() -> Callable[[], Any]:
    model = nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=4), nn.GroupNorm(2, 8), nn.SiLU(), nn.Dropout(),
        nn.AvgPool2d(2, ceil_mode=True), nn.InstanceNorm2d(8, affine=True), nn.LeakyReLU(0.1),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5), nn.LogSoftmax(1),
    )  # fmt: skip
    x = torch.randn(2, 3, 27, 25)
    used(model)
    return lambda: model(x).argmax(1)


def decoder() -> Callable[[], Any]:
    model = nn.Sequential(
        nn.Linear(6, 32), nn.Unflatten(1, (8, 2, 2)), nn.ConvTranspose2d(8, 8, 3, 2, 1, output_padding=1),
        nn.BatchNorm2d(8), nn.ELU(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 16, 3, padding="same"), nn.GELU(),
        nn.PixelShuffle(2), nn.Upsample(scale_factor=1.5, mode="bilinear"), nn.ReflectionPad2d(1), nn.PReLU(4),
        nn.Conv2d(4, 1, 1), nn.Tanh(),
    )  # fmt: skip
    z = torch.randn(2, 6)
    used(model)
    return lambda: model(z)


def recurrent(kind: type[nn.RNNBase], **options: Any) -> Callable[[], Any]:
    model = kind(5, 6, 2, bidirectional=True, **options)
    x = torch.randn(3, 3, 5)
    first = bool(options.get("batch_first"))
    packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor([3, 2, 1]), batch_first=first)
    used(model)
    return lambda: (model(x), model(packed))


def cells() -> Callable[[], Any]:
    lstm, gru = nn.LSTMCell(5, 6), nn.GRUCell(5, 6)
    x = torch.randn(3, 5)
    return lambda: (lstm(x), gru(x))


def encoder(**options: Any) -> Callable[[], Any]:
    model = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, **options), 2, enable_nested_tensor=False
    )
    x, hidden = torch.randn(2, 5, 8), torch.tensor([[False] * 5, [False, False, False, True, True]])
    used(model)
    return lambda: (model(x), model(x, src_key_padding_mask=hidden))


def encoder_decoder() -> Callable[[], Any]:
    model = nn.Transformer(8, 2, 1, 1, 16, batch_first=True)
    x, y = torch.randn(2, 5, 8), torch.randn(2, 4, 8)
    used(model)
    return lambda: model(x, y, tgt_mask=nn.Transformer.generate_square_subsequent_mask(4))


def attention() -> Callable[[], Any]:
    model = nn.MultiheadAttention(8, 2, batch_first=True)
    q, k = torch.randn(2, 4, 8), torch.randn(2, 5, 8)
    heads = torch.randn(2, 2, 4, 4)
    used(model)
    return lambda: (
        model(q, k, k),
        F.scaled_dot_product_attention(heads, heads, heads, is_causal=True),
        F.scaled_dot_product_attention(heads, heads, heads, attn_mask=torch.eye(4) > 0),
    )


def bert() -> Callable[[], Any]:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=30, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=16,
    )  # fmt: skip
    model = BertModel(config)
    words = torch.randint(0, 30, (2, 7))
    mask = torch.ones(2, 7, dtype=torch.int64)
    mask[1, 4:] = 0
    used(model)
    return lambda: model(input_ids=words, attention_mask=mask)


def gpt2() -> Callable[[], Any]:
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(GPT2Config(vocab_size=30, n_positions=16, n_embd=16, n_layer=2, n_head=2))
    words = torch.randint(0, 30, (2, 7))
    used(model)
    return lambda: model(input_ids=words).logits.topk(3)


def losses() -> Callable[[], Any]:
    x, y, labels = torch.randn(6, 4), torch.rand(6, 4), torch.randint(0, 4, (6,))
    bilinear = nn.Bilinear(4, 4, 3)
    return lambda: (
        F.cross_entropy(x, labels, label_smoothing=0.1), F.mse_loss(x, y), F.l1_loss(x, y), F.smooth_l1_loss(x, y),
        F.binary_cross_entropy_with_logits(x, y), F.kl_div(x.log_softmax(1), y.softmax(1), reduction="batchmean"),
        F.cosine_similarity(x, y), F.normalize(x), F.triplet_margin_loss(x, y, -y), F.one_hot(labels, 4),
        F.embedding_bag(labels[None], x), torch.cdist(x, y), bilinear(x, y),
    )  # fmt: skip


MODELS = {
    "convolutional network": convolutional,
    "decoder": decoder,
    "LSTM": lambda: recurrent(nn.LSTM),
    "LSTM, batch first": lambda: recurrent(nn.LSTM, batch_first=True),
    "LSTM with projection": lambda: recurrent(nn.LSTM, proj_size=3),
    "GRU": lambda: recurrent(nn.GRU),
    "RNN": lambda: recurrent(nn.RNN, nonlinearity="relu"),
    "cells": cells,
    "encoder": encoder,
    "encoder, norm first": lambda: encoder(norm_first=True, activation="gelu"),
    "encoder and decoder": encoder_decoder,
    "attention": attention,
    "BERT": bert,
    "GPT-2": gpt2,
    "losses": losses,
}


@pytest.mark.parametrize("name", MODELS)
def test_every_operation_of_a_model_is_recomputed(name: str) -> None:
    torch.manual_seed(0)
    mode = recompute(MODELS[name]())
    assert mode.count.total() > 10
    assert not mode.missing
    assert {kind: d for kind, d in mode.largest.items() if not d <= TOLERANCE} == {}


def test_a_wrong_reference_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = REFERENCES["convolution"]
    swapped = type(right)(lambda x, w, *rest: right.compute(x, w[..., ::-1], *rest), right.multilinear, right.exact)
    monkeypatch.setitem(REFERENCES, "convolution", swapped)
    torch.manual_seed(0)
    mode = recompute(convolutional())
    assert [kind for kind, d in mode.largest.items() if d > TOLERANCE] == ["convolution"]


def test_an_unknown_kind_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(REFERENCES, "relu")
    assert recompute(lambda: torch.zeros(3).relu()).missing == {"relu"}
