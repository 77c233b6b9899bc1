"""What the word vectors' codec.js must do, written down by the real codec: `python tests/studio/test_word_codec.py`
writes word_codec.golden.json, and word_codec.test.mjs holds the JavaScript to it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.core.errors import UserError
from pellucid.rooms.word_vectors import CARD
from pellucid.rooms.word_vectors.codec import Codec

FILE = Path(__file__).with_name("word_codec.golden.json")
WORDS = (
    "the", "king", "queen", "man", "woman", "brother", "sister", "father", "mother", "horse", "don't", "café",
    "σς", "東", "京", "東京", "i̇stanbul", "ﬁne", "x", "42",
)  # fmt: skip
ODD = (
    "", " ", ",", ", ,", "king,", " KING ", "king king", "king, king", "king, KING, queen", "king - king",
    "king + queen", "king-man+woman", "king − man + woman", "king － man ＋ woman", "king – man", "- king",
    "king - - man", "king + + man", "king -", "+", "東京、東", "東，京；東京", "東 京", "東京 - 京 + 東", "don’t",
    "'don't'", "''king''", "'", "cafe\u0301", "CAFE\u0301", "caf\u00e9, king", "k\u00ading", "İstanbul", "ﬁne",
    "fine", "ΣΣ", "quen", "kin g", "king\u00a0queen", "king\u3000queen", "king\x1cqueen", "king\u200bqueen",
    "king\n+\tqueen", "king; queen; horse", "king - man, queen", "x 42", "42 - x",
    " ".join(["king", "queen", "man", "woman"] * 4), " ".join(WORDS), ", ".join(WORDS), "king*queen",
)  # fmt: skip


def cases() -> list[dict[str, Any]]:
    """Queries with their feed and answer, or what is said against them, by codecs with and without capitals."""
    rng, found = random.Random(6), []
    mixed = [
        rng.choice((" + ", " - ", ", ", " ", "、", "−")).join(rng.choices([*WORDS, *WORDS, "King", "nobody"], k=k))
        for k in (1, 2, 2, 2, 3, 3, 4, 5) * 15
    ]
    for number, text in enumerate([*CARD.input.examples, *ODD, *mixed]):
        codec = codecs()["small" if number % 4 else "capitals"]
        try:
            feed = codec.encode([text])
        except UserError as error:
            found.append({"text": text, "lowercase": codec.lowercase, "error": str(error).split(". Did you mean")[0]})
            continue
        scores = np.round(np.random.default_rng(number).uniform(0.1, 0.99, len(WORDS)), 1 + number % 3).astype(
            np.float32
        )
        (answer,) = codec.decode({"scores": scores[None]}, [text])
        found.append(
            {
                "text": text, "lowercase": codec.lowercase, "ids": feed["ids"][0].tolist(),
                "weights": feed["weights"][0].tolist(), "scores": scores.tolist(), "answer": answer,
            }
        )  # fmt: skip
    return found


def codecs() -> dict[str, Codec]:
    small = Codec(WORDS, top=4)
    return {"small": small, "capitals": replace(small, vocabulary=(*WORDS[:-1], "King"), lowercase=False)}


def golden() -> dict[str, Any]:
    return {"codecs": {name: codec.to_json() for name, codec in codecs().items()}, "cases": cases()}


def test_the_golden_file_is_what_the_codec_does():
    assert json.loads(FILE.read_text(encoding="utf-8")) == json.loads(json.dumps(golden()))


def test_the_golden_file_puts_the_codec_to_the_test():
    found = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
    answered = [case for case in found if "answer" in case]
    assert len(answered) > 80 and len(found) - len(answered) > 15
    assert sum(case["answer"]["similarity"] is not None for case in answered) > 10
    assert sum(len(set(case["scores"])) < len(case["scores"]) for case in answered) > 20  # ties
    assert {len(case["ids"]) for case in answered} >= {1, 2, 3, 4, 5}


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden(), ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")
