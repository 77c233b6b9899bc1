"""Document search: TF-IDF and latent semantic analysis find the documents nearest to a query, and say why (day 3)."""

from pellucid.core.card import Additions, Card, Ranking, Sentence, Text

CARD = Card(
    name="document_search",
    day=3,
    title={"en": "Document search", "zh-TW": "文件搜尋"},
    summary={
        "en": "TF-IDF, latent topics, cosine: which document is nearest",
        "zh-TW": "TF-IDF、潛在主題、餘弦：哪一份文件最接近",
    },
    input=Text(
        name="query",
        title={"en": "Query", "zh-TW": "查詢"},
        examples=(
            "steam engine with high pressure",
            "who discovered oxygen",
            "treaty between France and Britain after the war",
        ),
        lines=2,
    ),
    outputs=(
        Ranking(name="documents", title={"en": "Nearest documents", "zh-TW": "最接近的文件"}),
        Sentence(name="verdict", title={"en": "Which words count", "zh-TW": "哪些詞算數"}),
    ),
    data=(
        "XQuAD, English (240 paragraphs of Wikipedia, 1,190 questions), Artetxe, Ruder and Yogatama, 2020, "
        "https://github.com/google-deepmind/xquad, CC BY-SA 4.0",
    ),
    adds=Additions(
        what={"en": "documents", "zh-TW": "文件"},
        read=("text_column", "name_column", "encoding", "split", "on_bad"),
    ),
)
