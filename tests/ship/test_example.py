"""The codec once more in a bundle's README, for people without Pellucid: it must do what the codec does."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.rooms.spam_detector.data import EXAMPLE, Codec

TEXTS = [
    "WINNER!! Don't miss: call 09061701461 or £1,000... ok?!",
    "snake_case :-) it's 5pm; CAFÉ cafe\u0301 naïve",
    "恭喜你中獎 123，請回覆「是」",
    "😀😀 👩‍👩‍👧 ok ❤️",
    "Ｆｕｌｌ　ｗｉｄｔｈ　１２３！",
    "٣ ² Ⅳ ½ ﬁne İstanbul",
    " ".join(f"word{chr(97 + i % 26)} free" for i in range(150)),  # 300 words, more than are read
    "   \n\t ",
    "\u200b\u200d\ufeff",
    "a\x00b\x07c\x1b[0m\x7f\u0085d\u2028e",
    "",
]


@pytest.fixture(scope="module")
def both():
    """The codec, and what the README's code defines beside `np` and the codec's JSON."""
    codec = Codec.learn(TEXTS, most=1000, min_count=1, length=200, labels=("ham", "spam"))
    names = {"np": np, "codec": json.loads(json.dumps(codec.to_json()))}
    exec(EXAMPLE, names)
    return codec, names


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_ids(both, text):
    codec, names = both
    own, shown = codec.encode([text]), names["encode"](text)
    assert own.keys() == shown.keys()
    np.testing.assert_array_equal(shown["ids"], own["ids"], strict=True)


def test_these_texts_put_it_to_the_test(both):
    codec, _ = both
    rows = [codec.ids(text) for text in TEXTS]
    assert max(map(len, rows)) == 200
    assert rows[7] == rows[10] == [1]
    assert len(codec.vocabulary) > 60 and all(max(row) > 1 for row in rows[:7])


@given(text=st.text())
@settings(max_examples=200, deadline=None)
def test_the_same_ids_for_any_text(both, text):
    codec, names = both
    np.testing.assert_array_equal(names["encode"](text)["ids"], codec.encode([text])["ids"])


@pytest.mark.parametrize("probability", [0.0, 0.3, 0.49999997, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7])
def test_the_same_answer(probability, threshold):
    codec = Codec(("", "", "a"), 5, ("mail", "junk"), threshold)
    names = {"np": np, "codec": json.loads(json.dumps(codec.to_json()))}
    exec(EXAMPLE, names)
    outputs = {"probability": np.array([probability], dtype=np.float32)}
    assert [names["decode"](outputs)] == codec.decode(outputs)
