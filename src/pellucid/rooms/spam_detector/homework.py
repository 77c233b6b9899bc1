"""Spam detector, the homework: a stable sigmoid, an LSTM's step, a maximum that leaves padding out, a choice, a run."""

from __future__ import annotations

from typing import Any

from pellucid.learn.homework import Beat, Case, Choice, Exercise, Function


def _step(rng: Any) -> Case:
    """An LSTM step of any sizes."""
    d, m = (int(n) for n in rng.integers(2, 5, 2))
    shapes: tuple[tuple[int, ...], ...] = ((d,), (m,), (m,), (4 * m, d), (4 * m, m), (4 * m,))
    return Case(tuple(rng.normal(size=shape).tolist() for shape in shapes))


def _pool(rng: Any) -> Case:
    n, t, m = (int(k) for k in rng.integers(2, 6, 3))
    states = rng.normal(size=(n, t, m)) - 1.5  # mostly below zero: the padding's zeros would win
    lengths = rng.integers(1, t + 1, n)
    return Case((states.tolist(), lengths.tolist()))


SIGMOID = Function(
    name="stable_sigmoid",
    title={"en": "A sigmoid that never overflows", "zh-TW": "不會溢位的 sigmoid"},
    task={
        "en": "The detector ends with $\\sigma(z) = 1 / (1 + e^{-z})$. Written like this, $e^{-z}$ overflows at"
        " $z = -1000$. Write it so that no exponential ever gets a positive argument: for $z \\ge 0$ the formula as it"
        " stands, for $z < 0$ the same number as $e^{z} / (1 + e^{z})$.",
        "zh-TW": "偵測器的最後一步是 $\\sigma(z) = 1 / (1 + e^{-z})$。直接這樣寫，$z = -1000$ 時 $e^{-z}$ 會溢位。"
        "請改寫，讓指數函數永遠拿不到正的引數：$z \\ge 0$ 時照原式，$z < 0$ 時改用相等的 $e^{z} / (1 + e^{z})$。",
    },
    points=2,
    hints=(
        {
            "en": "Both forms use the exponential of a number that is not positive: minus the absolute value of z.",
            "zh-TW": "兩種寫法用到的都是「不為正的數」的指數：z 的絕對值再加負號。",
        },
        {
            "en": "Only the numerator differs between the two signs; numpy.where chooses between two arrays.",
            "zh-TW": "兩種正負號只差在分子；numpy.where 可以在兩個陣列之間選擇。",
        },
    ),
    stub='''def stable_sigmoid(z):
    """Sigmoid of each element, without overflow and without warnings.

    z: array [N], any real numbers -> array [N], between 0 and 1
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def stable_sigmoid(z):
    small = np.exp(-np.abs(z))  # never above 1
    return np.where(z >= 0, 1.0, small) / (1.0 + small)
""",
    public=(Case(([0.0, 2.0, -2.0],)), Case(([-1000.0, 1000.0],))),
    hidden=(
        Case(([-745.5, -30.25, -1.5, 0.0, 1.5, 30.25, 745.5],), rtol=1e-9, atol=0.0),
        Case(([-40.5, -50.5, -700.5],), rtol=1e-9, atol=0.0),
    ),
    wrong=(
        # the sign is lost
        "import numpy as np\ndef stable_sigmoid(z):\n    e = np.exp(-np.abs(z))\n    return 1 / (1 + e)\n",
        # overflows: nan
        "import numpy as np\ndef stable_sigmoid(z):\n    return np.exp(z) / (1 + np.exp(z))\n",
        # clipping: tiny probabilities all become one
        "import numpy as np\ndef stable_sigmoid(z):\n    return 1 / (1 + np.exp(-np.clip(z, -20, 20)))\n",
        # the tanh form: 0 where a tiny number should be
        "import numpy as np\ndef stable_sigmoid(z):\n    return 0.5 * (np.tanh(0.5 * z) + 1)\n",
        # forgets to return
        "import numpy as np\ndef stable_sigmoid(z):\n    s = 1 / (1 + np.exp(-z))\n",
    ),
)

LSTM = Function(
    name="lstm_step",
    title={"en": "One step of an LSTM", "zh-TW": "LSTM 的一步"},
    task={
        "en": "From the word's vector $x$, the memory $h$ and the cell state $c$ before it, compute both afterwards."
        " The four parts lie one below the other, in the order input gate, forget gate, candidate, output gate:"
        " $z = W_x x + W_h h + b$, then $i, f, o$ by sigmoid and $g$ by tanh,"
        " $c' = f \\odot c + i \\odot g$, $h' = o \\odot \\tanh(c')$.",
        "zh-TW": "由詞向量 $x$、前一步的記憶 $h$ 與細胞狀態 $c$，算出這一步之後的兩者。四個部分由上而下依序是輸入閘、"
        "遺忘閘、候選值、輸出閘：$z = W_x x + W_h h + b$，其中 $i, f, o$ 用 sigmoid，$g$ 用 tanh，"
        "$c' = f \\odot c + i \\odot g$，$h' = o \\odot \\tanh(c')$。",
    },
    points=4,
    hints=(
        {
            "en": "z has 4M numbers: the first M belong to the input gate, the next M to the forget gate, and so on.",
            "zh-TW": "z 有 4M 個數字：前 M 個屬於輸入閘，接著 M 個屬於遺忘閘，依此類推。",
        },
        {
            "en": "The new memory looks at the new cell state, not at the old one. And only the candidate uses tanh"
            " where the gates use sigmoid.",
            "zh-TW": "新的記憶看的是新的細胞狀態，不是舊的；四個之中只有候選值用 tanh，其餘用 sigmoid。",
        },
    ),
    stub='''def lstm_step(x, h, c, w_x, w_h, b):
    """One step of an LSTM: the memory and the cell state after reading x.

    x: array [D], h and c: arrays [M]
    w_x: array [4M, D], w_h: array [4M, M], b: array [4M]; gates in the order input, forget, candidate, output
    -> (h, c) afterwards: two arrays [M]
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def lstm_step(x, h, c, w_x, w_h, b):
    z_i, z_f, z_g, z_o = np.split(w_x @ x + w_h @ h + b, 4)

    def sigmoid(z):
        return 1.0 / (1.0 + np.exp(-z))

    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_g)  # keep some of the old, add some of the new
    h = sigmoid(z_o) * np.tanh(c)
    return h, c
""",
    public=(
        Case(
            (
                [1.0, -1.0],
                [0.5],
                [0.25],
                [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [1.0, 1.0]],
                [[0.5], [1.0], [-1.0], [0.0]],
                [0.0, 1.0, 0.5, -0.5],
            )
        ),
    ),
    hidden=(
        Case(
            (
                [0.3, -0.7, 1.2],
                [0.1, -0.4],
                [0.9, -1.1],
                [
                    [0.2, -0.1, 0.4],
                    [0.6, 0.3, -0.5],
                    [-0.3, 0.8, 0.1],
                    [0.7, -0.2, 0.9],
                    [0.5, 0.5, -0.6],
                    [-0.8, 0.1, 0.2],
                    [0.4, -0.9, 0.3],
                    [0.1, 0.6, -0.7],
                ],
                [[0.3, -0.2], [0.1, 0.7], [-0.5, 0.4], [0.2, 0.6], [0.9, -0.3], [0.8, 0.1], [-0.1, 0.5], [0.4, -0.6]],
                [0.1, -0.1, 0.8, 1.2, -0.3, 0.2, 0.6, -0.4],
            )
        ),
    ),
    fresh=_step,
    wrong=(
        # forget and input gate in the other order
        "import numpy as np\ndef lstm_step(x, h, c, w_x, w_h, b):\n    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    f, i, g, o = np.split(w_x @ x + w_h @ h + b, 4)\n    c = s(f) * c + s(i) * np.tanh(g)\n"
        "    return s(o) * np.tanh(c), c\n",
        # the candidate through a sigmoid
        "import numpy as np\ndef lstm_step(x, h, c, w_x, w_h, b):\n    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    i, f, g, o = np.split(s(w_x @ x + w_h @ h + b), 4)\n    c = f * c + i * g\n"
        "    return o * np.tanh(c), c\n",
        # the memory from the old cell state
        "import numpy as np\ndef lstm_step(x, h, c, w_x, w_h, b):\n    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    i, f, g, o = np.split(w_x @ x + w_h @ h + b, 4)\n    new = s(f) * c + s(i) * np.tanh(g)\n"
        "    return s(o) * np.tanh(c), new\n",
        # without the bias
        "import numpy as np\ndef lstm_step(x, h, c, w_x, w_h, b):\n    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    i, f, g, o = np.split(w_x @ x + w_h @ h, 4)\n    c = s(f) * c + s(i) * np.tanh(g)\n"
        "    return s(o) * np.tanh(c), c\n",
        # returned the other way round
        "import numpy as np\ndef lstm_step(x, h, c, w_x, w_h, b):\n    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    i, f, g, o = np.split(w_x @ x + w_h @ h + b, 4)\n    c = s(f) * c + s(i) * np.tanh(g)\n"
        "    return c, s(o) * np.tanh(c)\n",
    ),
)

POOLING = Function(
    name="masked_max",
    title={"en": "A maximum that leaves padding out", "zh-TW": "不看填充的最大值"},
    task={
        "en": "Messages of a batch have different lengths; the shorter ones are filled up. Take each unit's largest"
        " state over the real words only. The padding holds zeros here, which are larger than many a real state.",
        "zh-TW": "同一批簡訊長短不一，短的以填充補齊。請只在真正的詞上，取每個單元最大的狀態。"
        "這裡填充處是零，比許多真正的狀態都大。",
    },
    points=3,
    hints=(
        {
            "en": "Which number can never be the largest? Put it where the padding is, in a copy.",
            "zh-TW": "哪個數字永遠不可能是最大的？在副本裡把它放到填充的位置。",
        },
        {
            "en": "Comparing the step numbers 0 to T-1 with each message's length gives a mask [N, T]; it needs one"
            " more axis to meet the states.",
            "zh-TW": "把步數 0 到 T-1 與每則簡訊的長度相比，得到遮罩 [N, T]；再加一個軸才能與狀態對上。",
        },
    ),
    stub='''def masked_max(states, lengths):
    """Each unit's largest state over the real words of each message.

    states: array [N, T, M]; from step lengths[n] on, message n is padding. lengths: array [N], from 1 to T, float64
    -> array [N, M]; states itself stays as it is
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def masked_max(states, lengths):
    steps = np.arange(states.shape[1])
    real = steps[None, :] < lengths[:, None]  # [N, T]
    words_only = np.where(real[:, :, None], states, -np.inf)
    return words_only.max(axis=1)
""",
    public=(Case(([[[-1.0, 2.0], [-3.0, 1.0], [0.0, 0.0]]], [2])),),
    hidden=(
        Case(([[[-0.5, -0.2], [-0.9, -0.1], [0.0, 0.0]], [[-2.5, 0.3], [-1.5, -0.3], [-0.7, 0.1]]], [2, 3])),
        Case(([[[-4.5], [0.0], [0.0]], [[-0.1], [-0.3], [0.0]]], [1, 2])),
    ),
    fresh=_pool,
    wrong=(
        # padding wins
        "import numpy as np\ndef masked_max(states, lengths):\n    return states.max(axis=1)\n",
        # multiplied away: zero still wins over what is below zero
        "import numpy as np\ndef masked_max(states, lengths):\n"
        "    real = np.arange(states.shape[1])[None, :] < lengths[:, None]\n"
        "    return (states * real[:, :, None]).max(axis=1)\n",
        # one word too many
        "import numpy as np\ndef masked_max(states, lengths):\n"
        "    real = np.arange(states.shape[1])[None, :] <= lengths[:, None]\n"
        "    return np.where(real[:, :, None], states, -np.inf).max(axis=1)\n",
        # the last word instead of the largest
        "import numpy as np\ndef masked_max(states, lengths):\n"
        "    return states[np.arange(len(states)), lengths.astype(int) - 1]\n",
        # changes what it was given
        "import numpy as np\ndef masked_max(states, lengths):\n"
        "    for n, length in enumerate(lengths):\n        states[n, int(length):] = -np.inf\n"
        "    return states.max(axis=1)\n",
    ),
)

VANISHING = Choice(
    name="vanishing",
    title={"en": "Why an LSTM's gradient lasts", "zh-TW": "LSTM 的梯度為何不易消失"},
    task={
        "en": "Back through 100 steps, the gradient of a plain RNN is nearly zero and that of an LSTM may still be"
        " large. Which property of the LSTM is the reason?",
        "zh-TW": "往回傳 100 步之後，一般 RNN 的梯度幾乎是零，LSTM 的卻可能仍然很大。原因是 LSTM 的哪個性質？",
    },
    points=1,
    hints=(
        {
            "en": "Write down what multiplies the gradient when it goes from one cell state to the one before it.",
            "zh-TW": "寫下梯度從一個細胞狀態傳回前一個時，被乘上了什麼。",
        },
    ),
    options=(
        {"en": "It has four times as many weights.", "zh-TW": "它的權重是四倍之多。"},
        {"en": "Its sigmoids have larger slopes than tanh.", "zh-TW": "它的 sigmoid 斜率比 tanh 大。"},
        {
            "en": "From cell state to cell state, only the forget gate multiplies, and it can stay near 1.",
            "zh-TW": "從細胞狀態到細胞狀態，只會乘上遺忘閘，而它可以一直接近 1。",
        },
        {"en": "Its gradients are clipped at every step.", "zh-TW": "它在每一步都裁剪梯度。"},
    ),
    answer=2,
    why=(
        {
            "en": "More weights do not change what multiplies the gradient at each step.",
            "zh-TW": "權重再多，也不會改變每一步乘上梯度的那個數。",
        },
        {
            "en": "The other way round: a sigmoid's slope is at most 1/4, that of tanh at most 1.",
            "zh-TW": "正好相反：sigmoid 的斜率最多 1/4，tanh 最多 1。",
        },
        {
            "en": "The path along the cell state has the derivative f, without a weight matrix and without a tanh.",
            "zh-TW": "沿著細胞狀態的這條路，導數就是 f，沒有權重矩陣，也沒有 tanh。",
        },
        {
            "en": "Clipping shortens what is too long; it makes nothing small last.",
            "zh-TW": "裁剪只會縮短太長的梯度，不會讓小的留下來。",
        },
    ),
)

BETTER = Beat(
    name="better_f1",
    title={"en": "A detector of your own", "zh-TW": "你自己的偵測器"},
    task={
        "en": "Train a spam detector on the built-in data that reaches an F1 of at least 0.95 on the test messages."
        " Choose by the validation score; the test is for the end.",
        "zh-TW": "用內建資料訓練一個垃圾簡訊偵測器，在測試簡訊上 F1 至少 0.95。請依驗證分數挑選，測試資料留到最後。",
    },
    points=3,
    hints=(
        {
            "en": "Compare the cells first: pellucid compare spam_detector --vary cell=rnn,lstm,gru",
            "zh-TW": "先比較各種 cell：pellucid compare spam_detector --vary cell=rnn,lstm,gru",
        },
        {
            "en": "Another seed alone moves the F1 by about a hundredth: compare means of seeds, not single runs.",
            "zh-TW": "光是換一個亂數種子，F1 就會變動約百分之一：請比較多個種子的平均，不要只看單次結果。",
        },
    ),
    room="spam_detector",
    metric="f1",
    at_least=0.95,
)

EXERCISES: tuple[Exercise, ...] = (SIGMOID, LSTM, POOLING, VANISHING, BETTER)
