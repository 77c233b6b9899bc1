"""How much each word of a message speaks for spam, asked in two ways that need not agree.

Occlusion (Zeiler & Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2): the log-odds fall
by so much when the word is hidden. Here a hidden word reads as <unknown>, which training has taught the network to
expect. True for this one change, but blind to two words that can stand in for each other.

Gradient · input (Simonyan et al. 2014, "Deep Inside Convolutional Networks"; Shrikumar et al. 2016, "Not Just a Black
Box"): the gradient of the log-odds by the word's vector, times that vector, summed: to first order what the vector adds
to the log-odds. One backward pass for all words, but a straight line through a curve.

Both speak of the log-odds and not of the probability, which hardly moves any more where the network is sure.
"""

from __future__ import annotations

import torch
from torch import Tensor

from pellucid.core.card import Words
from pellucid.core.contract import Influence, in_batches
from pellucid.rooms.spam_detector.data import UNKNOWN, UNKNOWN_ID, Codec, words
from pellucid.rooms.spam_detector.model import SpamDetector

LOG_ODDS: Words = {"en": "log-odds of spam", "zh-TW": "垃圾簡訊的對數勝算"}
MOST_CELLS = 2**20  # word ids in one batch: a message of thousands of words is hidden a few words at a time


def influence(model: SpamDetector, codec: Codec, text: str) -> Influence:
    """Of each word of a message that is read, in its order."""
    read = words(text)[: codec.length] or [UNKNOWN]
    ids = torch.from_numpy(codec.encode([text])["ids"])  # [1, T]
    whole, hidden = logits_without(model, ids)
    return Influence(
        parts=tuple(read),
        known=tuple(word in codec.index for word in read),
        score=float(whole),
        score_name=LOG_ODDS,
        occlusion=tuple((whole - hidden).tolist()),
        gradient=tuple(gradient_times_input(model, ids).tolist()),
        gradient_of=LOG_ODDS,
    )


def logits_without(model: SpamDetector, ids: Tensor) -> tuple[Tensor, Tensor]:
    """The log-odds of a message, ids [1, T], and those with each of its words hidden in turn [T]."""
    length = ids.shape[1]
    found = []
    with torch.inference_mode():
        for places in in_batches(range(-1, length), max(1, MOST_CELLS // length)):  # -1: nothing is hidden
            place = torch.tensor(places).unsqueeze(1)
            found.append(model.logit(torch.where(torch.arange(length) == place, UNKNOWN_ID, ids)))
    logits = torch.cat(found).double()
    return logits[0], logits[1:]


def gradient_times_input(model: SpamDetector, ids: Tensor) -> Tensor:
    """Of the log-odds by each word's vector, ids [1, T] -> [T]."""
    vectors: list[Tensor] = []
    hook = model.embedding.register_forward_hook(lambda module, inputs, output: vectors.append(output))
    try:
        with torch.enable_grad():
            (gradient,) = torch.autograd.grad(model.logit(ids).sum(), vectors)  # [1, T, D]
    finally:
        hook.remove()
    products = gradient * vectors[0].detach()
    return products.sum(dim=-1).squeeze(0).double()
