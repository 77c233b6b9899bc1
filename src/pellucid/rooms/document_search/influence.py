"""Each word's part in the score of the best document: its share of the sum, and what the score loses without it."""

from __future__ import annotations

import torch

from pellucid.core.card import Words
from pellucid.core.contract import Influence
from pellucid.rooms.document_search.model import DocumentSearch
from pellucid.rooms.document_search.shown import Shown

OF_WORDS: Words = {"en": "share of the cosine", "zh-TW": "占餘弦的份量"}
OF_TOPICS: Words = {"en": "share of the cosine among the topics", "zh-TW": "占主題餘弦的份量"}


def influence(shown: Shown) -> Influence:
    """Of the query's words, for the best document; a word that the index does not hold has no part."""
    config, words = shown.config, shown.words
    model = DocumentSearch(shown.parts.of_document(shown.best), config.tf, config.normalise, config.by)
    ids, counts = shown.inputs
    n = len(words)
    without = counts.repeat(n + 1, 1)
    without[1:] *= 1 - torch.eye(n)  # each row without one word
    with torch.inference_mode():
        scores = model(ids.repeat(n + 1, 1), without)[:, 0]
        shares = model.shares(ids, counts)[0, :, 0]
    name = shown.name(shown.best)
    return Influence(
        parts=tuple(words),
        known=tuple(shown.known),
        score=float(scores[0]),
        score_name={"en": f"score of {name}", "zh-TW": f"「{name}」的分數"},
        occlusion=tuple((scores[0] - scores[1:]).tolist()),
        gradient=tuple(shares.tolist()),
        gradient_of=OF_TOPICS if config.by == "lsa" else OF_WORDS,
    )
