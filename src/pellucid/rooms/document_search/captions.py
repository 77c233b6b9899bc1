"""Names of what is inside, for people: captions, titles, symbols and axes, in both languages."""

from __future__ import annotations

from pellucid.core.card import Words

# what the names in model.py and explained.py mean, in the order of the story
STORY: dict[str, dict[str, str]] = {
    "tf": {"en": "TF: how much of the query a word is", "zh-TW": "TF：一個詞占查詢多少"},
    "word_idf": {"en": "IDF: how rare the word is among the documents", "zh-TW": "IDF：這個詞在文件之間有多少見"},
    "tf_idf": {"en": "the product: often here, and rare elsewhere", "zh-TW": "乘積：這裡常見、別處少見"},
    "length": {"en": "the length of the query's row of weights", "zh-TW": "查詢那一列權重的長度"},
    "weights": {"en": "brought to length 1: a direction", "zh-TW": "長度變成 1，只剩方向"},
    "in_documents": {
        "en": "each word's weight in each document, looked up",
        "zh-TW": "查出每個詞在每份文件裡的權重",
    },
    "shares": {"en": "each word's share of the cosine with each document", "zh-TW": "每個詞在與各文件的餘弦中占的份量"},
    "word_scores": {"en": "the shares add up to the cosine", "zh-TW": "份量相加就是餘弦"},
    "word_topics": {"en": "what each word says about each topic", "zh-TW": "每個詞與各主題的關係"},
    "place": {"en": "the query's coordinates among the topics", "zh-TW": "查詢在各主題上的座標"},
    "direction": {"en": "the same, brought to length 1", "zh-TW": "同樣的座標，長度變成 1"},
    "topic_scores": {"en": "the cosine with each document among the topics", "zh-TW": "在主題空間裡與各文件的餘弦"},
    "document_tf": {"en": "the best document: TF of its own words", "zh-TW": "最佳文件：自己每個詞的 TF"},
    "document_tf_idf": {"en": "the best document: TF · IDF", "zh-TW": "最佳文件：TF · IDF"},
    "document_size": {"en": "the length of the best document's row", "zh-TW": "最佳文件那一列的長度"},
    "document_weights": {
        "en": "the best document's weights: where the query's words meet them",
        "zh-TW": "最佳文件的權重：查詢的詞在這裡與它相遇",
    },
    "document_place": {"en": "the best document's coordinates among the topics", "zh-TW": "最佳文件在各主題上的座標"},
    "document_direction": {"en": "the same, brought to length 1", "zh-TW": "同樣的座標，長度變成 1"},
}

AXES: dict[str, tuple[str, ...]] = {
    "ids": ("query", "word"),
    "counts": ("query", "word"),
    "tf": ("query", "word"),
    "idf": ("word",),
    "word_idf": ("query", "word"),
    "tf_idf": ("query", "word"),
    "weights": ("query", "word"),
    "in_documents": ("query", "word", "document"),
    "shares": ("query", "word", "document"),
    "word_scores": ("query", "document"),
    "word_topics": ("query", "word", "topic"),
    "place": ("query", "topic"),
    "direction": ("query", "topic"),
    "topic_scores": ("query", "document"),
    "postings": ("word", "document"),
    "topics": ("word", "topic"),
    "coordinates": ("document", "topic"),
    "document_counts": ("its word",),
    "document_idf": ("its word",),
    "document_topics": ("its word", "topic"),
    "document_tf": ("its word",),
    "document_tf_idf": ("its word",),
    "document_weights": ("its word",),
    "document_place": ("topic",),
    "document_direction": ("topic",),
}

# what a view calls a name of the model (its last part)
TITLES: dict[str, Words] = {
    "ids": {"en": "Words", "zh-TW": "詞"},
    "counts": {"en": "Counts", "zh-TW": "次數"},
    "tf": {"en": "TF", "zh-TW": "TF"},
    "idf": {"en": "IDF", "zh-TW": "IDF"},
    "word_idf": {"en": "IDF", "zh-TW": "IDF"},
    "tf_idf": {"en": "TF · IDF", "zh-TW": "TF · IDF"},
    "length": {"en": "Length", "zh-TW": "長度"},
    "weights": {"en": "Query's weights", "zh-TW": "查詢的權重"},
    "postings": {"en": "Weights in documents", "zh-TW": "文件裡的權重"},
    "in_documents": {"en": "Weights in documents", "zh-TW": "文件裡的權重"},
    "shares": {"en": "Shares of the cosine", "zh-TW": "占餘弦的份量"},
    "word_scores": {"en": "Cosine by words", "zh-TW": "詞的餘弦"},
    "topics": {"en": "Topics", "zh-TW": "主題"},
    "word_topics": {"en": "Words among topics", "zh-TW": "詞與主題"},
    "place": {"en": "Query among topics", "zh-TW": "查詢的主題座標"},
    "distance": {"en": "Length", "zh-TW": "長度"},
    "direction": {"en": "Query's direction", "zh-TW": "查詢的方向"},
    "coordinates": {"en": "Documents among topics", "zh-TW": "文件的主題座標"},
    "topic_scores": {"en": "Cosine by topics", "zh-TW": "主題的餘弦"},
    "document_counts": {"en": "Best document: counts", "zh-TW": "最佳文件：次數"},
    "document_idf": {"en": "Best document: IDF", "zh-TW": "最佳文件：IDF"},
    "document_topics": {"en": "Best document: its words' topics", "zh-TW": "最佳文件：各詞的主題"},
    "document_tf": {"en": "Best document: TF", "zh-TW": "最佳文件：TF"},
    "document_tf_idf": {"en": "Best document: TF · IDF", "zh-TW": "最佳文件：TF · IDF"},
    "document_size": {"en": "Best document: length", "zh-TW": "最佳文件：長度"},
    "document_weights": {"en": "Best document: weights", "zh-TW": "最佳文件：權重"},
    "document_place": {"en": "Best document among topics", "zh-TW": "最佳文件的主題座標"},
    "document_direction": {"en": "Best document's direction", "zh-TW": "最佳文件的方向"},
}

# TeX of a name in a formula; q the query, d a document, t a word
SYMBOLS = {
    "tf": r"\mathrm{tf}_{t}",
    "word_idf": r"\mathrm{idf}_{t}",
    "tf_idf": r"\mathrm{tf}_{t} \cdot \mathrm{idf}_{t}",
    "weights": r"q_{t}",
    "in_documents": r"d_{t}",
    "shares": r"q_{t} d_{t}",
    "word_scores": r"\cos(q, d)",
    "place": r"B^\top q",
    "topic_scores": r"\cos(B^\top q, B^\top d)",
}

AXIS_TITLES: dict[str, Words] = {
    "query": {"en": "query", "zh-TW": "查詢"},
    "word": {"en": "word", "zh-TW": "詞"},
    "document": {"en": "document", "zh-TW": "文件"},
    "topic": {"en": "topic", "zh-TW": "主題"},
    "its word": {"en": "word of the document", "zh-TW": "文件裡的詞"},
}
