"""What document_search's codec.js must do, written down by the real codec: `python tests/studio/test_search_codec.py`.

search_codec.test.mjs holds the JavaScript to search_codec.golden.json. Characters are those of Unicode 3.2, about which
all newer editions agree.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.core.corpus.reading import Reading
from pellucid.core.corpus.words import words
from pellucid.core.errors import UserError
from pellucid.rooms.document_search import CARD
from pellucid.rooms.document_search.codec import Codec
from pellucid.rooms.document_search.data import built_in

FILE = Path(__file__).with_name("search_codec.golden.json")
STOP = tuple(sorted(Reading(stop_words="english").left_out))
READINGS = {
    "plain": Reading(stop_words=STOP),
    "case": Reading(lowercase=False, min_letters=2),
    "characters": Reading(words="characters"),
}
PARTS = (
    "don't", "rock'n'roll", "'quoted'", "it''s", "'''", "o’clock", "steam-engine", "a_b",
    "1,000.50", "x\u00ady", "İstanbul", "ΟΔΥΣΣΕΥΣ", "cafe\u0301", "恭喜你中獎", "中a文", "ひらがな", "がカ",
    "𠀀𠀁", "हिन्दी", "한국어", "👩‍👩‍👧", "ﬁne", "Ⅳ", "½", "٣٤", "a\x00b", "\u2028", "The", "AND",
    "steam", "Steam", "oxygen", "treaty", "war",
)  # fmt: skip


def queries() -> list[str]:
    rng = random.Random(5)
    mixed = [" ".join(rng.choices(PARTS, k=rng.randrange(1, 7))) for _ in range(120)]
    questions = [question for line in built_in()[::20] for question in line["questions"]]
    return [*CARD.input.examples, *PARTS, *mixed, *questions, " ".join(line["text"] for line in built_in()[:4])]


def characters() -> list[int]:
    return [i for i in range(0x110000) if unicodedata.ucd_3_2_0.category(chr(i)) not in ("Cn", "Cs", "Co")]


def ranges(numbers: list[int]) -> list[tuple[int, int]]:
    runs = (list(run) for _, run in itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]))
    return [(run[0][1], run[-1][1]) for run in runs]


def blocks(reading: Reading) -> dict[str, str]:
    """Each 256 characters in a row, in company that shows what they are to a word; a hash of the words found."""
    found = {}
    for number, block in itertools.groupby(map(chr, characters()), key=lambda c: ord(c) // 256):
        text = " ".join(f"{c} a{c}b {c}{c} '{c}'" for c in block)
        found[f"{number:x}"] = hashlib.sha256("\0".join(words(text, reading)).encode()).hexdigest()[:12]
    return found


def fed(codec: Codec, query: str) -> dict[str, Any]:
    try:
        arrays = codec.encode([query])
    except UserError:
        return {"query": query, "refused": True}
    return {"query": query, "ids": arrays["ids"][0].tolist(), "counts": arrays["counts"][0].tolist()}


def golden() -> dict[str, Any]:
    lines = built_in()[::6]
    held = {word for line in lines for word in words(line["text"], READINGS["plain"])}
    known = [*sorted(held - {"war"}), "恭", "中"]
    codec = Codec(
        tuple(known), tuple(line["name"] for line in lines), tuple(line["text"] for line in lines), READINGS["plain"], 4
    )
    asked = queries()
    rng = np.random.default_rng(3)
    answered = []
    for query in [*asked[:3], *asked[-30:-1:3], ""]:
        scores = np.round(rng.normal(0, 0.3, len(lines)), 2).astype(np.float32)  # with ties
        (answer,) = codec.decode({"scores": scores[None]}, [query])
        answered.append({"query": query, "scores": [float(score) for score in scores], "answer": answer})
    (nothing,) = codec.decode({"scores": -np.ones((1, len(lines)), np.float32)}, ["steam zzz"])
    answered.append({"query": "steam zzz", "scores": [-1.0] * len(lines), "answer": nothing})
    return {
        "codec": codec.to_json(),
        "feeds": {
            name: [fed(replace(codec, reading=reading), query) for query in asked] for name, reading in READINGS.items()
        },
        "readings": {name: replace(codec, reading=reading).to_json()["reading"] for name, reading in READINGS.items()},
        "characters": ranges(characters()),
        "blocks": {name: blocks(reading) for name, reading in READINGS.items()},
        "answers": answered,
    }


def test_the_golden_file_is_what_the_codec_does():
    assert json.loads(FILE.read_text(encoding="utf-8")) == json.loads(json.dumps(golden()))


def test_the_golden_file_puts_the_codec_to_the_test():
    found = json.loads(FILE.read_text(encoding="utf-8"))
    unknown = len(found["codec"]["vocabulary"])
    fed_ids = [case["ids"] for case in found["feeds"]["plain"] if "ids" in case]
    assert len(fed_ids) > 80 and sum(unknown in ids for ids in fed_ids) > 30 and max(map(len, fed_ids)) > 150
    assert sum("refused" in case for case in found["feeds"]["plain"]) > 5
    answers = [case["answer"] for case in found["answers"]]
    assert any("Not in the index" in answer["verdict"]["en"] for answer in answers)
    assert any("…" in place["text"] for answer in answers for place in answer["documents"])
    assert answers[-1]["documents"] == []


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden(), ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")
