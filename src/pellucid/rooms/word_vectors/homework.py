"""Word vectors, the homework: training pairs, negatives, the loss and its slope, short codes, an analogy."""

from __future__ import annotations

from typing import Any

from pellucid.learn.homework import Case, Exercise, Function, Quantity

SENTENCE = "thou shalt not make a machine".split()
ROSE = "a rose is a rose is a rose".split()


def _pairs_case(random: Any) -> Case:
    words = random.choice(["red", "sun", "sea", "ship"], int(random.integers(4, 9))).tolist()
    return Case((words, int(random.integers(1, 4))), arrays=False)


def _noise_case(random: Any) -> Case:
    counts = random.integers(1, 500, 6).tolist()
    return Case((counts, random.uniform(0, 1, 40).tolist()), {"exponent": float(random.choice([0.5, 0.75]))})


def _sampling_case(random: Any) -> Case:
    d, k = int(random.integers(3, 6)), int(random.integers(2, 6))
    return Case(tuple(random.normal(0, 1, shape).tolist() for shape in (d, d, (k, d))))


def _huffman_case(random: Any) -> Case:
    return Case((random.integers(1, 60, int(random.integers(5, 10))).tolist(),), arrays=False)


def _analogy_case(random: Any) -> Case:
    words = [f"word{i}" for i in range(12)]
    a, b, c = random.choice(words, 3, replace=False).tolist()
    lengths = random.uniform(0.5, 5, (12, 1))
    return Case((a, b, c, words, (lengths * random.normal(0, 1, (12, 4))).tolist()))


PAIRS = Function(
    name="skip_gram_pairs",
    title={"en": "Pairs from a sentence", "zh-TW": "從句子取出詞對"},
    task={
        "en": "Skip-gram learns from pairs: a word (the centre) and one that stands at most `window` places to its left"
        " or right (the context). List all pairs of a text: centre by centre, and for each centre its context from left"
        " to right. The same word may stand there twice; it is the place that counts.",
        "zh-TW": "skip-gram 從詞對學習：一個詞（中心詞），以及在它左右 `window` 個位置以內的詞（上下文詞）。"
        "請列出一段文字的所有詞對：依中心詞的順序，每個中心詞的上下文再由左到右。"
        "同一個詞可能出現兩次；要看的是位置，不是詞。",
    },
    points=2,
    hints=(
        {
            "en": "Go over places, not over words. For place i, which places come first and last?",
            "zh-TW": "用位置來走，不要用詞。對位置 i 來說，最前和最後的位置各是哪裡？",
        },
        {
            "en": "At the beginning there is nothing to the left. What does Python do with words[-1]?",
            "zh-TW": "開頭的左邊什麼都沒有。Python 會怎麼處理 words[-1]？",
        },
    ),
    stub='''def skip_gram_pairs(words, window):
    """All training pairs of skip-gram.

    words: list of str; window: int, how far the context may be away
    -> list of tuples (centre, context)
    """
    raise NotImplementedError
''',
    solution="""def skip_gram_pairs(words, window):
    pairs = []
    for i, centre in enumerate(words):
        first, last = max(0, i - window), min(len(words) - 1, i + window)  # stay inside the text
        pairs += [(centre, words[j]) for j in range(first, last + 1) if j != i]
    return pairs
""",
    public=(Case((SENTENCE, 2), arrays=False), Case((["stop"], 3), arrays=False)),
    hidden=(Case((ROSE, 3), arrays=False), Case((SENTENCE, 4), arrays=False), Case(([], 2), arrays=False)),
    wrong=(
        # the last place of the window is forgotten
        "def skip_gram_pairs(w, n):\n    r = range(len(w))\n"
        "    return [(w[i], w[j]) for i in r for j in r if i - n <= j < i + n and j != i]\n",
        # only what follows
        "def skip_gram_pairs(w, n):\n"
        "    return [(w[i], w[j]) for i in range(len(w)) for j in range(i + 1, min(len(w), i + n + 1))]\n",
        # compares words where places are meant
        "def skip_gram_pairs(w, n):\n    r = range(len(w))\n"
        "    return [(w[i], w[j]) for i in r for j in r if abs(i - j) <= n and w[i] != w[j]]\n",
        # negative places count from the end
        "def skip_gram_pairs(w, n):\n    r = range(len(w))\n"
        "    return [(w[i], w[j]) for i in r for j in range(i - n, i + n + 1) if j != i and j < len(w)]\n",
        # the other way round: context first
        "def skip_gram_pairs(w, n):\n    r = range(len(w))\n"
        "    return [(w[j], w[i]) for i in r for j in r if 0 < abs(i - j) <= n]\n",
    ),
    fresh=_pairs_case,
)

NOISE = Function(
    name="noise",
    title={"en": "Which words are drawn as negatives?", "zh-TW": "負樣本抽到哪些詞？"},
    task={
        "en": "Negatives are drawn with probability $p_i = n_i^{0.75} / \\sum_j n_j^{0.75}$, where $n_i$ is how often"
        " word $i$ occurs. Give the probabilities, and the words that the uniform numbers `u` choose: put the"
        " probabilities end to end on a line from 0 to 1; a number chooses the word on whose piece it falls.",
        "zh-TW": "負樣本的抽樣機率是 $p_i = n_i^{0.75} / \\sum_j n_j^{0.75}$，$n_i$ 是第 $i$ 個詞出現的次數。"
        "請算出這些機率，以及均勻亂數 `u` 選中哪些詞：把機率一段接一段排在 0 到 1 的線上，"
        "亂數落在哪一段，就選中哪個詞。",
    },
    points=2,
    hints=(
        {"en": "First the power, then the division.", "zh-TW": "先取次方，再做除法。"},
        {
            "en": "numpy.cumsum gives the ends of the pieces, numpy.searchsorted finds a number among them.",
            "zh-TW": "numpy.cumsum 給出每一段的終點，numpy.searchsorted 可以在其中找出一個數的位置。",
        },
    ),
    stub='''def noise(counts, u, exponent=0.75):
    """The distribution of negatives, and some drawn from it.

    counts: array [V], how often each word occurs; u: array [n], uniform numbers from [0, 1)
    exponent: float, 1 for the words' own shares
    -> (array [V] of probabilities, integer array [n] of word numbers)
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def noise(counts, u, exponent=0.75):
    share = counts**exponent
    share = share / share.sum()
    ends = np.cumsum(share)  # word i owns the numbers from ends[i - 1] up to, and not including, ends[i]
    return share, np.searchsorted(ends[:-1], u, side="right")  # beyond the last end but one: the last word
""",
    public=(
        Case(([16.0, 1.0, 81.0], [0.0, 0.2, 0.23, 0.9])),
        Case(([1.0, 1.0, 2.0], [0.1, 0.3, 0.6]), {"exponent": 1.0}),
    ),
    hidden=(
        Case(([900.0, 60.0, 30.0, 5.0, 5.0], [0.05, 0.35, 0.55, 0.75, 0.85, 0.9, 0.95, 0.99])),
        Case(([2.0, 2.0, 4.0], [0.0, 0.25, 0.5, 0.75]), {"exponent": 1.0}),
        Case(([8.0, 1.0, 3.0], [0.2, 0.5, 0.7, 0.8]), {"exponent": 0.0}),
    ),
    wrong=(
        # powers of shares, which no longer add up to 1
        "import numpy as np\ndef noise(counts, u, exponent=0.75):\n    p = (counts / counts.sum()) ** exponent\n"
        "    return p, np.searchsorted(np.cumsum(p)[:-1], u, side='right')\n",
        # the words' own shares
        "import numpy as np\ndef noise(counts, u, exponent=0.75):\n    p = counts / counts.sum()\n"
        "    return p, np.searchsorted(np.cumsum(p)[:-1], u, side='right')\n",
        # a softmax
        "import numpy as np\ndef noise(counts, u, exponent=0.75):\n    p = np.exp(exponent * (counts - counts.max()))\n"
        "    p = p / p.sum()\n    return p, np.searchsorted(np.cumsum(p)[:-1], u, side='right')\n",
        # counts the words from 1
        "import numpy as np\ndef noise(counts, u, exponent=0.75):\n    p = counts**exponent\n    p = p / p.sum()\n"
        "    return p, np.searchsorted(np.cumsum(p)[:-1], u, side='right') + 1\n",
        # a number on the border goes to the piece that ends there
        "import numpy as np\ndef noise(counts, u, exponent=0.75):\n    p = counts**exponent\n    p = p / p.sum()\n"
        "    return p, np.searchsorted(np.cumsum(p)[:-1], u, side='left')\n",
    ),
    fresh=_noise_case,
)

_SAMPLING = """import numpy as np


def negative_sampling(centre, context, negatives):
    def sigmoid(x):
        return np.exp(-np.logaddexp(0, -x))

    good, bad = context @ centre, negatives @ centre  # scores: a number, [K]
    loss = np.logaddexp(0, -good) + np.logaddexp(0, bad).sum()  # -log sigmoid(x) = log(1 + e^-x)
    # what the sigmoid gives minus what it should: 1 for the true word, 0 for each negative
    d_good, d_bad = sigmoid(good) - 1, sigmoid(bad)
    return loss, d_good * context + d_bad @ negatives, d_good * centre, np.outer(d_bad, centre)
"""

SAMPLING = Function(
    name="negative_sampling",
    title={"en": "One true word, some false ones", "zh-TW": "一個真的，幾個假的"},
    task={
        "en": "With $v$ the centre's vector, $u$ that of the true context word and $n_1 \\ldots n_K$ those of the"
        " negatives, the loss is $-\\ln \\sigma(u \\cdot v) - \\sum_k \\ln \\sigma(-n_k \\cdot v)$. Give the loss and"
        " its gradient for each of the vectors. Scores may be as large as 800, and the loss is still a finite number.",
        "zh-TW": "$v$ 是中心詞的向量，$u$ 是真正的上下文詞的向量，$n_1 \\ldots n_K$ 是負樣本的向量，損失是"
        " $-\\ln \\sigma(u \\cdot v) - \\sum_k \\ln \\sigma(-n_k \\cdot v)$。請算出損失，以及損失對每個向量的梯度。"
        "分數可能大到 800，這時損失仍然要是有限的數字。",
    },
    points=4,
    hints=(
        {
            "en": "The derivative of -ln σ(x) is σ(x) - 1. What is that of -ln σ(-x)?",
            "zh-TW": "-ln σ(x) 的導數是 σ(x) - 1。那麼 -ln σ(-x) 的呢？",
        },
        {
            "en": "The centre takes part in every product, so its gradient is a sum over all of them.",
            "zh-TW": "每個內積都有中心詞參與，所以它的梯度是所有項的總和。",
        },
        {
            "en": "-ln σ(x) = ln(1 + e^-x): numpy.logaddexp(0, …) computes this without overflow.",
            "zh-TW": "-ln σ(x) = ln(1 + e^-x)：用 numpy.logaddexp(0, …) 計算就不會溢位。",
        },
    ),
    stub='''def negative_sampling(centre, context, negatives):
    """Loss of one training pair, and its gradients.

    centre, context: arrays [D]; negatives: array [K, D]
    -> (loss, gradient for centre [D], for context [D], for negatives [K, D])
    """
    raise NotImplementedError
''',
    solution=_SAMPLING,
    public=(
        Case(([1.0, 0.0], [0.0, 1.0], [[0.0, 2.0], [0.0, 1.0]])),
        Case(([0.5, -0.2, 0.1], [0.4, 0.3, -0.6], [[-0.3, 0.2, 0.5], [0.7, 0.1, 0.2]])),
    ),
    hidden=(
        Case(([1.2, -0.7], [0.3, 0.9], [[0.8, 0.4], [-1.1, 0.6], [0.25, -1.5]])),
        Case(([20.0, 20.0], [-20.0, -20.0], [[20.0, 20.0], [0.5, -0.25]])),
    ),
    wrong=(
        # the slope has the wrong sign: training would go uphill
        _SAMPLING.replace("sigmoid(good) - 1, sigmoid(bad)", "1 - sigmoid(good), -sigmoid(bad)"),
        # pulls the negatives as well
        _SAMPLING.replace("sigmoid(good) - 1, sigmoid(bad)", "sigmoid(good) - 1, sigmoid(bad) - 1"),
        # the negatives' mean
        _SAMPLING.replace("np.logaddexp(0, bad).sum()", "np.logaddexp(0, bad).mean()"),
        # the centre hears only of the true word
        _SAMPLING.replace("d_good * context + d_bad @ negatives", "d_good * context"),
        # overflows: the logarithm of a sigmoid that has become 0
        _SAMPLING.replace("np.logaddexp(0, -good) +", "-np.log(1 / (1 + np.exp(-good))) +"),
    ),
    fresh=_sampling_case,
)

_HUFFMAN = """import heapq


def huffman(counts):
    waiting = [(count, number, [number]) for number, count in enumerate(counts)]
    heapq.heapify(waiting)  # by count, then by number
    codes = [""] * len(counts)
    while len(waiting) > 1:
        low, high = heapq.heappop(waiting), heapq.heappop(waiting)
        for bit, (_, _, words) in (("0", low), ("1", high)):
            for word in words:
                codes[word] = bit + codes[word]  # later joins are nearer to the root: their bit comes first
        waiting.append((low[0] + high[0], 2 * len(counts) - len(waiting), low[2] + high[2]))
        heapq.heapify(waiting)
    return codes
"""

HUFFMAN = Function(
    name="huffman",
    title={"en": "Short codes for frequent words", "zh-TW": "常見的詞用短碼"},
    task={
        "en": "Build the Huffman tree of hierarchical softmax. Again and again, join the two nodes with the smallest"
        " counts to one whose count is their sum; the smaller one is reached by bit 0, the other by bit 1. Of equal"
        " counts, the older node is the smaller (words in their order, then joined nodes in the order of joining). A"
        " word's code is the bits from the root down to it.",
        "zh-TW": "請建立階層式 softmax 的霍夫曼樹。反覆把次數最小的兩個節點合併成一個，它的次數是兩者之和；"
        "較小的那個走位元 0，另一個走位元 1。次數相同時，較早的節點算較小"
        "（先依詞的順序，再依合併的先後）。一個詞的碼，就是從樹根往下走到它的位元。",
    },
    points=3,
    hints=(
        {
            "en": "heapq gives the smallest tuple; a tuple (count, age, …) settles ties as well.",
            "zh-TW": "heapq 會給出最小的 tuple；用 (次數, 先後, …) 就連同次數相同的情況也解決了。",
        },
        {
            "en": "When two nodes are joined, all words below them get one bit more. At which end is it added?",
            "zh-TW": "兩個節點合併時，它們底下所有的詞都多一個位元。要加在碼的哪一端？",
        },
    ),
    stub='''def huffman(counts):
    """The Huffman code of every word.

    counts: list of ints, at least two -> list of str of the digits 0 and 1
    """
    raise NotImplementedError
''',
    solution=_HUFFMAN,
    public=(Case(([5, 2, 1, 1],), arrays=False), Case(([3, 9],), arrays=False)),
    hidden=(
        Case(([40, 30, 12, 9, 5, 4],), arrays=False),
        Case(([1, 1, 1, 1, 1],), arrays=False),
        Case(([2, 3, 5, 8, 13, 21, 34],), arrays=False),
    ),
    wrong=(
        # from the leaf up to the root
        _HUFFMAN.replace("bit + codes[word]", "codes[word] + bit"),
        # 0 and 1 the other way round
        _HUFFMAN.replace('(("0", low), ("1", high))', '(("1", low), ("0", high))'),
        # the joined node does not get the sum
        _HUFFMAN.replace("low[0] + high[0]", "max(low[0], high[0])"),
        # all codes equally long
        "def huffman(counts):\n    n = max(1, (len(counts) - 1).bit_length())\n"
        "    return [format(i, f'0{n}b') for i in range(len(counts))]\n",
        # never looks at joined nodes again: the rarest word is joined to everything, one by one
        "def huffman(counts):\n    order = sorted(range(len(counts)), key=lambda i: -counts[i])\n"
        "    codes = {w: '1' * k + '0' for k, w in enumerate(order)}\n    codes[order[-1]] = '1' * (len(order) - 1)\n"
        "    return [codes[i] for i in range(len(counts))]\n",
    ),
    fresh=_huffman_case,
)

_ANALOGY = """import numpy as np


def analogy(a, b, c, words, vectors):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    i, j, k = (words.index(word) for word in (a, b, c))
    wanted = unit[j] - unit[i] + unit[k]
    cosines = unit @ wanted / np.linalg.norm(wanted)
    cosines[[i, j, k]] = -np.inf  # nearly always nearest to their own sum
    best = int(cosines.argmax())
    return words[best], cosines[best]
"""

ANALOGY = Function(
    name="analogy",
    title={"en": "man is to king as woman is to …", "zh-TW": "man 之於 king，就像 woman 之於……"},
    task={
        "en": "Find the word that is to `c` what `b` is to `a`. Scale every vector to length 1, compute $b - a + c$,"
        " and take the word with the highest cosine to it; the three words of the question do not count.",
        "zh-TW": "`b` 之於 `a`，就像哪個詞之於 `c`？先把所有向量的長度都變成 1，算出 $b - a + c$，"
        "再取與它餘弦最高的詞；題目裡的三個詞不算。",
    },
    points=3,
    hints=(
        {
            "en": "numpy.linalg.norm with axis=1 gives the length of every row; keepdims=True lets you divide by it.",
            "zh-TW": "numpy.linalg.norm 加上 axis=1 會給出每一列的長度；加上 keepdims=True 就能直接拿來除。",
        },
        {
            "en": "The sum of three vectors of length 1 is itself not of length 1.",
            "zh-TW": "三個長度為 1 的向量加減之後，長度就不再是 1 了。",
        },
    ),
    stub='''def analogy(a, b, c, words, vectors):
    """The word that completes "a is to b as c is to …".

    a, b, c: str, different words of the list; words: list of V str; vectors: array [V, D], a row a word
    -> (the word, its cosine with b - a + c)
    """
    raise NotImplementedError
''',
    solution=_ANALOGY,
    public=(
        Case(
            (
                "man",
                "king",
                "woman",
                ["man", "king", "woman", "queen", "cat"],
                [[1.0, 0.2, 0.0], [1.0, 0.2, 2.0], [0.9, 0.5, 0.1], [0.2, 2.5, 3.0], [0.5, -2.0, 0.5]],
            )
        ),
    ),
    hidden=(
        Case(
            (
                "go",
                "went",
                "see",
                ["see", "ship", "saw", "went", "go", "seen"],
                [
                    [2.0, 0.5, 0.1],
                    [0.3, -1.5, 0.8],
                    [0.9, 0.3, 1.1],
                    [0.1, 1.2, 1.5],
                    [0.4, 1.1, -0.2],
                    [9.0, 1.0, 2.5],
                ],
            )
        ),
        Case(
            (
                "a",
                "b",
                "c",
                ["a", "b", "c", "d", "e"],
                [[0.0, 3.0], [0.5, 0.5], [4.0, -0.5], [-0.25, -1.5], [2.5, -2.0]],
            )
        ),
    ),
    wrong=(
        # the words of the question stay in
        _ANALOGY.replace("cosines[[i, j, k]] = -np.inf", "pass"),
        # a - b + c
        _ANALOGY.replace("unit[j] - unit[i] + unit[k]", "unit[i] - unit[j] + unit[k]"),
        # long vectors count more
        _ANALOGY.replace("unit[j] - unit[i] + unit[k]", "vectors[j] - vectors[i] + vectors[k]"),
        # products where cosines are meant
        _ANALOGY.replace("unit @ wanted / np.linalg.norm(wanted)", "unit @ wanted"),
        # the nearest by distance from the end of the long vectors
        _ANALOGY.replace("unit @ wanted / np.linalg.norm(wanted)", "-np.linalg.norm(vectors - wanted, axis=1)"),
    ),
    fresh=_analogy_case,
)

WEIGHTS = Quantity(
    name="weights_moved",
    title={"en": "How many weights does a pair move?", "zh-TW": "一個詞對會動到幾個權重？"},
    task={
        "en": "Skip-gram with 100,000 words and vectors of 100 numbers: two tables, one for centres and one for"
        " contexts, 20 million weights in all. A full softmax moves the centre's row and every row of the second table."
        " How many times fewer weights does a pair move with 5 negatives (all different)?",
        "zh-TW": "skip-gram 有 100,000 個詞，每個向量 100 個數字：兩張表，一張給中心詞，一張給上下文詞，一共 2,000"
        " 萬個權重。完整的 softmax 會動到中心詞那一列，以及第二張表的每一列。"
        "如果用 5 個負樣本（都不相同），一個詞對動到的權重會少到幾分之一？",
    },
    points=1,
    hints=(
        {
            "en": "Count rows: all of them have 100 numbers.",
            "zh-TW": "數列數就好：每一列都是 100 個數字。",
        },
        {
            "en": "With negatives: the centre, the true word, and then?",
            "zh-TW": "用負樣本時：中心詞、真正的上下文詞，還有呢？",
        },
    ),
    answer=100_001 / 7,
    reasoning={
        "en": "The full softmax moves 1 + 100,000 rows, negative sampling 1 + 1 + 5 = 7 rows, or 700 weights:"
        " about 14,286 times fewer.",
        "zh-TW": "完整的 softmax 動到 1 + 100,000 列，負採樣只動到 1 + 1 + 5 = 7 列，也就是 700 個權重："
        "大約是 14,286 分之一。",
    },
    wrong=(20_000.0, 100_001 / 6, 28_571.0, 142.86, 700.0),
)

EXERCISES: tuple[Exercise, ...] = (PAIRS, NOISE, SAMPLING, HUFFMAN, ANALOGY, WEIGHTS)
