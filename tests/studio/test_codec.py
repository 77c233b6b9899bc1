"""What codec.js must do, written down by the real codec: `python tests/studio/test_codec.py` writes codec.golden.json.

codec.test.mjs holds the JavaScript to it. Characters are those of Unicode 3.2, about which all newer editions agree.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.rooms.spam_detector import CARD
from pellucid.rooms.spam_detector.data import BUILT_IN, Codec, words

FILE = Path(__file__).with_name("codec.golden.json")
THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 1 / 3, 0.3446355611085892)

PARTS = (
    "WINNER!!", "don't", "rock'n'roll", "'quoted'", "it''s", "’typographic’", "£1,000.50", "09061701461", "5pm",
    "a_b", "__init__", "_", "?!?!", "...", "……", "snake_case", "a'", "'a", "a'b'c", "A'１", "'", "''", "`", "ʼn", "ʼ",
    "恭喜你中獎", "請回覆「是」", "中a文", "㐀鿿", "豈", "𠀀", "한국어", "ひらがな", "が", "か\u3099", "・", "·", "·a·",
    "😀😀", "👩‍👩‍👧", "❤️", "🇹🇼", "cafe\u0301", "e\u0301\u0301", "café", "\u0345", "\u0301", "a\u0327\u0301",
    "Å", "ﬁne", "Ⅳ", "½", "²", "٣٤", "०१", "๕", "𝟘𝟙", "٫", "①", "㎏", "℡", "™", "€",
    "Ｆｕｌｌ", "１２３！", "ＡＢＣ'ｄ", "İstanbul", "ẞtraße", "ΣΑΣ", "Σ", "ΟΔΥΣΣΕΥΣ'Σ", "ǅ", "ŉ", "\u00aa\u00ba",
    "a\u00adb", "x\u200by", "\ufeff", "\u200d", "a\x00b", "\x1c\x1d", "\x85", "\u2028", "\u3000", "\u00a0", "\u180e",
    "हिन्दी", "ไทย", "עִבְרִית", "عربى",
)  # fmt: skip


def texts() -> list[str]:
    """Messages of the data set, odd parts alone, and odd parts put together in every way."""
    messages = BUILT_IN.read_text(encoding="utf-8").splitlines()[::60]
    rng = random.Random(4)
    mixed = [
        rng.choice(("", " ", "  ", "\t", "\n")).join(rng.choices(PARTS, k=rng.randrange(2, 9))) for _ in range(300)
    ]
    long = [" ".join(f"word{chr(97 + i % 26)} free" for i in range(30)), "a" * 300, "!" * 300, "字" * 60]
    return ["", " ", "\n\t", *CARD.input.examples, *PARTS, *mixed, *long, *(line.split("\t")[1] for line in messages)]


def characters() -> list[int]:
    """Those that have a meaning."""
    return [i for i in range(0x110000) if unicodedata.ucd_3_2_0.category(chr(i)) not in ("Cn", "Cs", "Co")]


def ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of numbers without a gap."""
    runs = (list(run) for _, run in itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]))
    return [(run[0][1], run[-1][1]) for run in runs]


def blocks() -> dict[str, str]:
    """Each 256 characters in a row, in company that shows what they are to a word; a hash of the words found."""
    found = {}
    for number, block in itertools.groupby(map(chr, characters()), key=lambda c: ord(c) // 256):
        text = " ".join(f"{c} a{c}b {c}{c} Σ{c}'{c}" for c in block)
        found[f"{number:x}"] = hashlib.sha256("\0".join(words(text)).encode()).hexdigest()[:12]
    return found


def golden() -> dict[str, Any]:
    asked = texts()
    codec = Codec.learn(asked, most=700, min_count=2, length=40, labels=("ham", "spam"))
    probabilities = sorted({p for t in THRESHOLDS for p in (t, np.nextafter(t, 0), np.nextafter(t, 1))} | {0.0, 1.0})
    return {
        "codec": codec.to_json(),
        "texts": [{"text": text, "words": words(text), "ids": codec.ids(text)} for text in asked],
        "characters": ranges(characters()),
        "blocks": blocks(),
        "answers": [
            {
                "threshold": threshold,
                "probability": probability,
                "label": Codec(("", ""), 1, ("ham", "spam"), threshold).decode(
                    {"probability": np.array([probability], dtype=np.float32)}
                )[0]["label"],
            }
            for threshold in THRESHOLDS
            for probability in map(float, probabilities)
        ],
    }


def test_the_golden_file_is_what_the_codec_does():
    assert json.loads(FILE.read_text(encoding="utf-8")) == json.loads(json.dumps(golden()))


def test_the_golden_file_puts_the_codec_to_the_test():
    found = json.loads(FILE.read_text(encoding="utf-8"))
    lengths = {len(case["ids"]) for case in found["texts"]}
    assert len(found["texts"]) > 450 and {1, 40} <= lengths
    assert {answer["label"] for answer in found["answers"]} == {"ham", "spam"}
    assert len(found["blocks"]) > 250
    assert 0.2 < np.mean([1 in case["ids"] for case in found["texts"]]) < 0.9


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden(), ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")
