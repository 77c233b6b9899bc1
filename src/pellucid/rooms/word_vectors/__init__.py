"""Word vectors: what a word means, learned from the words around it (day 3)."""

from pellucid.core.card import Card, Number, Ranking, Sentence, Text

CARD = Card(
    name="word_vectors",
    day=3,
    title={"en": "Word vectors", "zh-TW": "詞向量"},
    summary={"en": "Words as points: near where they mean alike", "zh-TW": "把詞變成點：意思相近，位置就相近"},
    input=Text(
        name="query",
        title={"en": "A word, or words to compare", "zh-TW": "一個詞，或要比較的幾個詞"},
        max_length=1000,
        examples=(
            "queen",
            "king - man + woman",
            "brother, sister",
            "father, mother, sister, horse",
        ),
    ),
    outputs=(
        Sentence(name="verdict", title={"en": "Answer", "zh-TW": "回答"}),
        Ranking(name="words", title={"en": "Words", "zh-TW": "詞"}),
        Number(name="similarity", title={"en": "Similarity", "zh-TW": "相似度"}),
    ),
    data=(
        "The History of Henry Esmond and The Virginians, W. M. Thackeray, 1852 and 1859, "
        "https://github.com/computationalstylistics/100_english_novels, public domain",
        "questions-words, T. Mikolov et al., 2013, https://github.com/tmikolov/word2vec, Apache-2.0 (evaluation only)",
    ),
)
