"""Document search, the homework: TF-IDF by hand, its variants, an index, cosine search, topics, average precision."""

from __future__ import annotations

from typing import Any

from pellucid.learn.homework import Case, Exercise, Function, Quantity

SEA = "the ship sails the sea".split()
SKY = "the sun in the sky".split()
PORT = "a ship in a port".split()


def _texts(random: Any) -> list[list[str]]:
    words = ["sea", "ship", "sun", "sky", "port", "wind"]
    return [random.choice(words, int(random.integers(1, 8))).tolist() for _ in range(int(random.integers(3, 6)))]


def _tf_idf_case(random: Any) -> Case:
    return Case((_texts(random),), arrays=False)


def _idf_case(random: Any) -> Case:
    n = int(random.integers(20, 200))
    return Case((n, random.integers(1, n + 1, 6).tolist(), str(random.choice(["plain", "smooth", "probabilistic"]))))


def _cosine_case(random: Any) -> Case:
    """No two rows point the same way: rounding must not decide the order. Some rows are zeros."""
    matrix = random.uniform(0.1, 2, (8, 5)) * (random.uniform(0, 1, (8, 1)) > 0.2)
    return Case((random.uniform(0.1, 1, 5).tolist(), matrix.tolist(), int(random.integers(2, 6))))


def _index_case(random: Any) -> Case:
    return Case((_texts(random),), arrays=False)


def _topics_case(random: Any) -> Case:
    return Case((random.uniform(0, 1, (6, 5)).tolist(), random.uniform(0, 1, 5).tolist(), int(random.integers(1, 4))))


_TF_IDF = """import numpy as np


def tf_idf(documents):
    words = sorted({word for document in documents for word in document})
    place = {word: i for i, word in enumerate(words)}
    counts = np.zeros((len(documents), len(words)))
    for row, document in zip(counts, documents):
        for word in document:
            row[place[word]] += 1
    tf = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))  # an empty document stays a row of zeros
    idf = np.log(len(documents) / (counts > 0).sum(axis=0))
    return words, tf * idf
"""

TF_IDF = Function(
    name="tf_idf",
    title={"en": "TF-IDF by hand", "zh-TW": "親手算 TF-IDF"},
    task={
        "en": "Turn documents into rows of numbers. TF is how often the word occurs in the document, divided by the"
        " document's number of words; IDF is $\\ln(N / df)$, where $N$ is the number of documents and $df$ the number"
        " of those in which the word occurs. Give the words in alphabetical order and the products TF · IDF.",
        "zh-TW": "把文件變成一列一列的數字。TF 是詞在文件中出現的次數，除以文件的總詞數；IDF 是 $\\ln(N / df)$，"
        "$N$ 是文件數，$df$ 是其中出現這個詞的文件數。請給出依字母排序的詞，以及乘積 TF · IDF。",
    },
    points=3,
    hints=(
        {
            "en": "Make a table of counts first, a row a document and a column a word. Both factors come from it.",
            "zh-TW": "先做一張次數表，一列一份文件，一行一個詞。兩個因子都從這裡來。",
        },
        {
            "en": "df counts documents, not occurrences: a word that occurs twice in one document counts once.",
            "zh-TW": "df 數的是文件，不是次數：一個詞在同一份文件裡出現兩次，只算一次。",
        },
        {"en": "A document may be empty. What is 0 / 0?", "zh-TW": "文件可能是空的。0 / 0 是什麼？"},
    ),
    stub='''def tf_idf(documents):
    """The table of TF-IDF values.

    documents: list of N lists of str, some may be empty
    -> (list of V str: all words in alphabetical order, array [N, V]); an empty document is a row of zeros
    """
    raise NotImplementedError
''',
    solution=_TF_IDF,
    public=(Case(([SEA, SKY, PORT],), arrays=False), Case(([["red", "red", "sun"], ["sun"]],), arrays=False)),
    hidden=(
        Case(([["sea", "sea", "sea", "sky"], ["sky", "port"], [], ["wind", "sea"]],), arrays=False),
        Case(([SEA, SEA, PORT, SKY + SKY],), arrays=False),
    ),
    wrong=(
        # counts where shares are meant
        _TF_IDF.replace("tf = counts /", "tf = counts + 0 *"),
        # a word that occurs twice in a document counts twice
        _TF_IDF.replace("(counts > 0).sum(axis=0)", "counts.sum(axis=0)"),
        # the prose of the slide: without the logarithm
        _TF_IDF.replace("np.log(len", "(len"),
        # base 10
        _TF_IDF.replace("np.log(", "np.log10("),
        # divides by the occurrences in all documents
        _TF_IDF.replace("counts.sum(axis=1, keepdims=True)", "counts.sum(axis=0, keepdims=True)"),
    ),
    fresh=_tf_idf_case,
)

_IDF = """import numpy as np


def idf(n, df, kind):
    if kind == "smooth":  # as if one more document held every word once
        return np.log((1 + n) / (1 + df)) + 1
    if kind == "probabilistic":  # the log-odds that a document does not have the word, and never below 0
        return np.log(np.maximum(1, (n - df) / df))
    return np.log(n / df)
"""

IDF = Function(
    name="idf",
    title={"en": "Three programs, three IDFs", "zh-TW": "三種程式，三種 IDF"},
    task={
        "en": "Libraries mean different things by IDF. Write three: `plain` $\\ln(N / df)$; `smooth`"
        " $\\ln\\frac{1 + N}{1 + df} + 1$, scikit-learn's default; `probabilistic`"
        " $\\max\\left(0, \\ln\\frac{N - df}{df}\\right)$.",
        "zh-TW": "各個函式庫說的 IDF 並不是同一回事。請寫出三種：`plain` 是 $\\ln(N / df)$；`smooth` 是"
        " $\\ln\\frac{1 + N}{1 + df} + 1$，也就是 scikit-learn 的預設；`probabilistic` 是"
        " $\\max\\left(0, \\ln\\frac{N - df}{df}\\right)$。",
    },
    points=2,
    hints=(
        {
            "en": "The + 1 of smooth stands outside the logarithm, too: a word that is everywhere still weighs 1.",
            "zh-TW": "smooth 在對數外面也有一個 + 1：到處都有的詞，權重仍然是 1。",
        },
        {
            "en": "A word in all documents: what is the logarithm of 0, and what does the maximum make of it?",
            "zh-TW": "如果所有文件都有這個詞：0 的對數是什麼？取最大值之後又是什麼？",
        },
    ),
    stub='''def idf(n, df, kind):
    """Inverse document frequency.

    n: int, number of documents; df: array [V], in how many of them each word occurs, 1 to n
    kind: "plain", "smooth" or "probabilistic"
    -> array [V]
    """
    raise NotImplementedError
''',
    solution=_IDF,
    public=(
        Case((8, [1, 2, 4, 8], "plain")),
        Case((8, [1, 2, 4, 8], "smooth")),
        Case((8, [1, 2, 4, 8], "probabilistic")),
    ),
    hidden=(
        Case((240, [1, 17, 120, 239, 240], "probabilistic")),
        Case((240, [3, 60, 240], "smooth")),
        Case((18846, [1, 500, 18846], "plain")),
    ),
    wrong=(
        # smooth inside the fraction only
        _IDF.replace("np.log((1 + n) / (1 + df)) + 1", "np.log((1 + n) / (1 + df))"),
        # the 1 slipped into the logarithm
        _IDF.replace("np.log((1 + n) / (1 + df)) + 1", "np.log((1 + n) / (1 + df) + 1)"),
        # smooth only below the line, as scikit-learn without smoothing nearly has it
        _IDF.replace("np.log((1 + n) / (1 + df)) + 1", "np.log(n / (1 + df)) + 1"),
        # below zero for words in more than half of the documents
        _IDF.replace("np.maximum(1, (n - df) / df)", "np.maximum(1e-12, (n - df) / df)"),
        # the other way round
        _IDF.replace("np.log(n / df)", "np.log(df / n)"),
    ),
    fresh=_idf_case,
)

_INDEX = """def inverted_index(documents):
    index = {}
    for number, document in enumerate(documents):
        for word in sorted(set(document)):
            index.setdefault(word, []).append((number, document.count(word)))
    return index
"""

INDEX = Function(
    name="inverted_index",
    title={"en": "The index at the back of a book", "zh-TW": "書末的索引"},
    task={
        "en": "Whoever asks for *ship* wants only the documents with this word. So turn the table round: for each word"
        " the list of documents that contain it, each as (number, count), in rising order of the numbers.",
        "zh-TW": "要找 *ship* 的人，只想看有這個詞的文件。所以把表反過來：每個詞對應一份清單，列出含有它的文件，"
        "每項是（編號, 次數），依編號由小到大。",
    },
    points=2,
    hints=(
        {
            "en": "A dictionary; its setdefault makes the list on first use.",
            "zh-TW": "用字典；setdefault 會在第一次用到時建立清單。",
        },
        {
            "en": "How do you keep a word that occurs twice in a document from being listed twice?",
            "zh-TW": "一個詞在同一份文件出現兩次，要怎麼避免列兩次？",
        },
    ),
    stub='''def inverted_index(documents):
    """Where each word occurs.

    documents: list of lists of str; the first has number 0
    -> dict: word -> list of tuples (document's number, how often the word occurs there)
    """
    raise NotImplementedError
''',
    solution=_INDEX,
    public=(Case(([SEA, SKY, PORT],), arrays=False),),
    hidden=(
        Case(([["b", "a", "b"], [], ["a"], ["c", "b", "c", "c"]],), arrays=False),
        Case(([[], []],), arrays=False),
    ),
    wrong=(
        # an entry an occurrence
        _INDEX.replace("sorted(set(document))", "document"),
        # without the counts
        _INDEX.replace("(number, document.count(word))", "number"),
        # numbers from 1
        _INDEX.replace("enumerate(documents)", "enumerate(documents, 1)"),
        # only the last document is kept
        _INDEX.replace(
            "index.setdefault(word, []).append((number, document.count(word)))",
            "index[word] = [(number, document.count(word))]",
        ),
        # how often in all documents
        _INDEX.replace("document.count(word)", "sum(each.count(word) for each in documents)"),
    ),
    fresh=_index_case,
)

_COSINE = """import numpy as np


def cosine_search(query, documents, top):
    lengths = np.linalg.norm(documents, axis=1) * np.linalg.norm(query)
    scores = documents @ query / np.where(lengths > 0, lengths, 1)  # no direction: score 0
    best = np.argsort(-scores, kind="stable")[:top]  # stable: of equal scores the earlier document first
    return best, scores[best]
"""

COSINE = Function(
    name="cosine_search",
    title={"en": "The nearest documents", "zh-TW": "最接近的文件"},
    task={
        "en": "Give the `top` documents with the highest cosine to the query, best first. A row of zeros has the score"
        " 0; of equal scores the document with the smaller number comes first.",
        "zh-TW": "請給出與查詢餘弦最高的 `top` 份文件，最好的排最前面。全是零的列，分數是 0；"
        "分數相同時，編號小的排前面。",
    },
    points=2,
    hints=(
        {
            "en": "The cosine is the product of the vectors divided by the product of their lengths.",
            "zh-TW": "餘弦是兩個向量的內積，除以兩者長度的乘積。",
        },
        {
            "en": "numpy.argsort sorts upward. Turning the result round also turns the ties round.",
            "zh-TW": "numpy.argsort 由小到大排。把結果倒過來，分數相同的順序也會跟著倒過來。",
        },
    ),
    stub='''def cosine_search(query, documents, top):
    """The best documents.

    query: array [V], not all zeros; documents: array [N, V], a row may be all zeros; top: int, at most N
    -> (integer array [top] of document numbers, array [top] of their cosines)
    """
    raise NotImplementedError
''',
    solution=_COSINE,
    public=(
        Case(([1.0, 0.0, 1.0], [[3.0, 0.0, 4.0], [0.0, 2.0, 0.0], [1.0, 0.0, 1.0]], 2)),
        Case(([1.0, 1.0], [[0.0, 0.0], [5.0, 0.0], [2.0, 2.0]], 3)),
    ),
    hidden=(
        Case(([0.2, 0.0, 0.7], [[9.0, 9.0, 1.0], [0.1, 0.0, 0.3], [0.0, 0.0, 0.0], [0.5, 0.4, 0.2]], 3)),
        Case(([1.0, 0.5], [[2.0, 0.0], [4.0, 0.0], [0.0, 1.5], [1.0, 0.0]], 4)),
    ),
    wrong=(
        # long documents win
        _COSINE.replace("documents @ query / np.where(lengths > 0, lengths, 1)", "documents @ query"),
        # the worst first
        _COSINE.replace("np.argsort(-scores", "np.argsort(scores"),
        # no number for a row of zeros
        _COSINE.replace("np.where(lengths > 0, lengths, 1)", "lengths"),
        # ties the other way round
        _COSINE.replace('np.argsort(-scores, kind="stable")[:top]', 'np.argsort(scores, kind="stable")[::-1][:top]'),
        # divided by the documents' lengths only: the order is right, the scores are not
        _COSINE.replace(" * np.linalg.norm(query)", ""),
    ),
    fresh=_cosine_case,
)

_TOPICS = """import numpy as np


def topic_scores(matrix, query, k):
    _, _, topics = np.linalg.svd(matrix, full_matrices=False)
    topics = topics[:k]  # [k, V]: each row a topic, as a mixture of words
    documents, asked = matrix @ topics.T, topics @ query  # coordinates: [N, k] and [k]
    return documents @ asked / (np.linalg.norm(documents, axis=1) * np.linalg.norm(asked))
"""

TOPICS = Function(
    name="topic_scores",
    title={"en": "Search by topics", "zh-TW": "依主題搜尋"},
    task={
        "en": "Latent semantic analysis with `numpy.linalg.svd`: keep the first $k$ topics, project the documents and"
        " the query onto them, and give the cosine of the query with every document in this space of $k$ dimensions.",
        "zh-TW": "用 `numpy.linalg.svd` 做潛在語意分析：保留前 $k$ 個主題，把文件與查詢都投影上去，"
        "再給出查詢與每份文件在這個 $k$ 維空間裡的餘弦。",
    },
    points=3,
    hints=(
        {
            "en": "NumPy gives U, the singular values, and V already transposed: its rows are the topics.",
            "zh-TW": "NumPy 給的是 U、奇異值，以及已經轉置的 V：它的每一列就是一個主題。",
        },
        {
            "en": "A document's coordinate for a topic is the product of its row with the topic. The query is treated"
            " just the same.",
            "zh-TW": "文件在一個主題上的座標，是它那一列與主題的內積。查詢也用完全一樣的做法。",
        },
    ),
    stub='''def topic_scores(matrix, query, k):
    """Cosines of a query with all documents, in the space of the k strongest topics.

    matrix: array [N, V], a row a document; query: array [V]; k: int, at most min(N, V)
    -> array [N]
    """
    raise NotImplementedError
''',
    solution=_TOPICS,
    public=(
        Case(
            (
                [[1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0], [0.0, 0.5, 0.0, 2.0]],
                [1.0, 0.0, 0.0, 0.0],
                2,
            )
        ),
    ),
    hidden=(
        Case(
            (
                [[0.9, 0.1, 0.4], [0.3, 0.8, 0.2], [0.6, 0.5, 0.7], [0.2, 0.3, 0.95]],
                [0.5, 0.1, 0.25],
                2,
            )
        ),
        Case(([[0.9, 0.1, 0.4, 0.3], [0.3, 0.8, 0.2, 0.6], [0.6, 0.5, 0.7, 0.1]], [0.15, 0.5, 0.1, 0.7], 3)),
    ),
    wrong=(
        # the documents without their singular values, the query with
        _TOPICS.replace("_, _, topics =", "u, _, topics =").replace("matrix @ topics.T", "u[:, :k]"),
        # the query is not projected, but cut off
        _TOPICS.replace("topics @ query", "query[:k]"),
        # all topics: nothing is gained over the words
        _TOPICS.replace("topics[:k]", "topics"),
        # the weakest topics
        _TOPICS.replace("topics[:k]", "topics[-k:]"),
        # products where cosines are meant
        _TOPICS.replace("documents @ asked /", "documents @ asked + 0 *"),
    ),
    fresh=_topics_case,
)

PRECISION = Quantity(
    name="average_precision",
    title={"en": "How good is a list of hits?", "zh-TW": "搜尋結果有多好？"},
    task={
        "en": "A query has four relevant documents. A search brings them at ranks 1, 3, 4 and 8. For the average"
        " precision, note at each relevant document which share of the list so far is relevant, and take the mean of"
        " these four numbers.",
        "zh-TW": "某個查詢有四份相關的文件，搜尋把它們排在第 1、3、4、8 名。"
        "計算平均精確率（average precision）時，在每份相關文件的名次，記下到此為止的清單有多大比例是相關的，"
        "再把這四個數字平均。",
    },
    points=1,
    hints=(
        {"en": "At rank 3, two of three are relevant.", "zh-TW": "到第 3 名為止，三份裡有兩份相關。"},
        {
            "en": "Ranks without a relevant document add nothing, and the mean is over four, not over eight.",
            "zh-TW": "不相關的名次不用計；平均是除以四，不是除以八。",
        },
    ),
    answer=(1 / 1 + 2 / 3 + 3 / 4 + 4 / 8) / 4,
    reasoning={
        "en": "1/1, 2/3, 3/4 and 4/8 are 1, 0.667, 0.75 and 0.5; their mean is 0.729. Over many queries, the mean of"
        " this is the mean average precision.",
        "zh-TW": "1/1、2/3、3/4、4/8 分別是 1、0.667、0.75、0.5，平均是 0.729。"
        "許多查詢的平均，就是平均精確率均值（mean average precision）。",
    },
    wrong=(0.5, 1.0, 0.4271, 0.3646, 2.9167),
)

EXERCISES: tuple[Exercise, ...] = (TF_IDF, IDF, INDEX, COSINE, TOPICS, PRECISION)
