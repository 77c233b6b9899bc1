"""Random numbers, the homework: scaling, Box and Muller, standard errors, first weights, streams."""

from __future__ import annotations

from typing import Any

from pellucid.learn.homework import Case, Choice, Exercise, Function, Quantity


def _scaled_case(random: Any) -> Case:
    low = float(random.uniform(-9, 9))
    return Case((random.uniform(0, 1, 7).tolist(), low, low + float(random.uniform(0.5, 9))))


def _die_case(random: Any) -> Case:
    low = int(random.integers(-20, 20))
    return Case((random.uniform(0, 1, 9).tolist(), low, low + int(random.integers(2, 30))))


def _muller_case(random: Any) -> Case:
    return Case((random.uniform(0.01, 0.99, 6).tolist(), random.uniform(0, 1, 6).tolist(), 2.5, 1.5))


def _weights_case(random: Any) -> Case:
    sizes = [int(each) for each in random.integers(3, 90, 2)]
    return Case((random.normal(0, 1, (4, 6)).tolist(), sizes[0], sizes[1]))


UNIFORM = Function(
    name="uniform",
    title={"en": "From a to b", "zh-TW": "從 a 到 b"},
    task={
        "en": "You have uniform numbers from $[0, 1)$. Make them uniform in $[a, b)$, without drawing again.",
        "zh-TW": "手上有 $[0, 1)$ 的均勻亂數。不再抽數，把它們變成 $[a, b)$ 的均勻亂數。",
    },
    points=1,
    hints=(
        {"en": "First the width, then the place.", "zh-TW": "先調整寬度，再調整位置。"},
        {
            "en": "What must come out for 0, and what for almost 1?",
            "zh-TW": "0 應該變成什麼？幾乎是 1 的數又該變成什麼？",
        },
    ),
    stub='''def uniform(u, a, b):
    """Uniform numbers from [a, b).

    u: array [n], uniform numbers from [0, 1); a, b: floats, a < b
    -> array [n], the first made of the first of u, and so on
    """
    raise NotImplementedError
''',
    solution="""def uniform(u, a, b):
    return a + (b - a) * u  # 0 becomes a; what is just below 1 becomes just below b
""",
    public=(Case(([0.0, 0.5, 0.75], -1.0, 1.0)), Case(([0.25, 0.5], 10.0, 14.0))),
    hidden=(Case(([0.125, 0.875, 0.0], 2.5, 3.5)), Case(([0.3, 0.6, 0.9], -7.25, -2.75))),
    wrong=(
        # b is not the width
        "def uniform(u, a, b):\n    return a + b * u\n",
        # the other way round
        "def uniform(u, a, b):\n    return b - (b - a) * u\n",
        # the width only
        "def uniform(u, a, b):\n    return (b - a) * u\n",
        # draws again
        "import numpy as np\ndef uniform(u, a, b):\n    return np.random.default_rng(0).uniform(a, b, len(u))\n",
    ),
    fresh=_scaled_case,
)

RANDINT = Function(
    name="randint",
    title={"en": "Whole numbers, end excluded", "zh-TW": "整數，不含結尾"},
    task={
        "en": "Make whole numbers $a, a + 1, \\ldots, b - 1$ of uniform numbers from $[0, 1)$, each equally likely,"
        " by $a + \\lfloor (b - a)\\, u \\rfloor$. Mind negative ends.",
        "zh-TW": "把 $[0, 1)$ 的均勻亂數變成整數 $a, a + 1, \\ldots, b - 1$，每個機會相同："
        "$a + \\lfloor (b - a)\\, u \\rfloor$。注意負的端點。",
    },
    points=2,
    hints=(
        {
            "en": "How many different numbers are there from a to b - 1?",
            "zh-TW": "從 a 到 b - 1 一共有幾個不同的數字？",
        },
        {
            "en": "astype(int) cuts towards 0, numpy.floor goes down. Where do these differ?",
            "zh-TW": "astype(int) 往 0 的方向捨去，numpy.floor 往下捨去。兩者在哪裡不同？",
        },
    ),
    stub='''def randint(u, a, b):
    """Whole numbers from a up to, and not including, b.

    u: array [n], uniform numbers from [0, 1); a, b: ints, a < b
    -> array [n] of ints
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def randint(u, a, b):
    # rounded down before a is added: all steps are equally wide, also below 0
    return a + np.floor((b - a) * u).astype(int)
""",
    public=(Case(([0.0, 0.2, 0.5, 0.999], 1, 7)), Case(([0.1, 0.6, 0.95], 0, 10))),
    hidden=(Case(([0.05, 0.35, 0.55, 0.95], -3, 3)), Case(([0.999999, 0.0, 0.45], -12, -7))),
    wrong=(
        # the end is included
        "import numpy as np\ndef randint(u, a, b):\n    return a + np.floor((b - a + 1) * u).astype(int)\n",
        # rounds to the nearest: both ends are half as likely, and b can come
        "import numpy as np\ndef randint(u, a, b):\n    return a + np.round((b - a) * u).astype(int)\n",
        # cuts towards 0 at the end
        "def randint(u, a, b):\n    return (a + (b - a) * u).astype(int)\n",
        # forgets where to begin
        "import numpy as np\ndef randint(u, a, b):\n    return np.floor((b - a) * u).astype(int)\n",
    ),
    fresh=_die_case,
)

BOX_MULLER = Function(
    name="normal",
    title={"en": "Darts: from flat to bell-shaped", "zh-TW": "射飛鏢：從平坦到鐘形"},
    task={
        "en": "Make normal numbers of two rows of uniform ones, by Box and Muller:"
        " $r = \\sqrt{-2 \\ln(1 - u_1)}$, $\\varphi = 2 \\pi u_2$, and the point's coordinates. Then give them mean"
        " $\\mu$ and standard deviation $\\sigma$. First all $r \\cos \\varphi$, then all $r \\sin \\varphi$.",
        "zh-TW": "用 Box 與 Muller 的方法，把兩列均勻亂數變成常態亂數：$r = \\sqrt{-2 \\ln(1 - u_1)}$，"
        "$\\varphi = 2 \\pi u_2$，再取這一點的座標。然後讓平均為 $\\mu$、標準差為 $\\sigma$。"
        "先放全部的 $r \\cos \\varphi$，再放全部的 $r \\sin \\varphi$。",
    },
    points=3,
    hints=(
        {
            "en": "numpy.log is the natural logarithm; angles are in radians.",
            "zh-TW": "numpy.log 是自然對數；角度用弧度。",
        },
        {
            "en": "numpy.concatenate puts one array behind the other.",
            "zh-TW": "numpy.concatenate 把兩個陣列接在一起。",
        },
    ),
    stub='''def normal(u1, u2, mu, sigma):
    """Normal numbers by the method of Box and Muller.

    u1, u2: arrays [n], uniform numbers from [0, 1); mu, sigma: floats, mean and standard deviation
    -> array [2 n]: those by the cosine, then those by the sine
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def normal(u1, u2, mu, sigma):
    radius = np.sqrt(-2 * np.log(1 - u1))  # 1 - u1 is never 0
    angle = 2 * np.pi * u2
    z = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])
    return mu + sigma * z  # stretched first, then moved
""",
    public=(Case(([0.5, 0.9], [0.0, 0.25], 0.0, 1.0)), Case(([0.5, 0.9], [0.0, 0.25], 5.0, 2.0))),
    hidden=(
        Case(([0.1, 0.35, 0.995], [0.6, 0.85, 0.15], 1.5, 0.5)),
        Case(([0.0, 0.75], [0.4, 0.7], -2.5, 3.5)),
    ),
    wrong=(
        # u1 for 1 - u1: another number, and none at all for 0
        "import numpy as np\ndef normal(u1, u2, mu, sigma):\n    r, a = np.sqrt(-2 * np.log(u1)), 2 * np.pi * u2\n"
        "    return mu + sigma * np.concatenate([r * np.cos(a), r * np.sin(a)])\n",
        # an angle up to half a turn
        "import numpy as np\ndef normal(u1, u2, mu, sigma):\n    r, a = np.sqrt(-2 * np.log(1 - u1)), np.pi * u2\n"
        "    return mu + sigma * np.concatenate([r * np.cos(a), r * np.sin(a)])\n",
        # sigma squared: the variance is not the standard deviation
        "import numpy as np\ndef normal(u1, u2, mu, sigma):\n    r, a = np.sqrt(-2 * np.log(1 - u1)), 2 * np.pi * u2\n"
        "    return mu + sigma**2 * np.concatenate([r * np.cos(a), r * np.sin(a)])\n",
        # moved first, then stretched
        "import numpy as np\ndef normal(u1, u2, mu, sigma):\n    r, a = np.sqrt(-2 * np.log(1 - u1)), 2 * np.pi * u2\n"
        "    return sigma * (mu + np.concatenate([r * np.cos(a), r * np.sin(a)]))\n",
        # pair by pair
        "import numpy as np\ndef normal(u1, u2, mu, sigma):\n    r, a = np.sqrt(-2 * np.log(1 - u1)), 2 * np.pi * u2\n"
        "    return mu + sigma * np.stack([r * np.cos(a), r * np.sin(a)], axis=1).reshape(-1)\n",
    ),
    fresh=_muller_case,
)

WEIGHTS = Function(
    name="he_or_glorot",
    title={"en": "Weights that neither explode nor vanish", "zh-TW": "不爆炸也不消失的權重"},
    task={
        "en": "Scale standard normal numbers to first weights: for a layer behind which a ReLU stands, to He's spread"
        " $\\sqrt{2 / n_{in}}$; else to Glorot's, $\\sqrt{2 / (n_{in} + n_{out})}$.",
        "zh-TW": "把標準常態的數字縮放成最初的權重：後面接 ReLU 的層用 He 的離散程度 $\\sqrt{2 / n_{in}}$；"
        "其他的用 Glorot 的 $\\sqrt{2 / (n_{in} + n_{out})}$。",
    },
    points=2,
    hints=(
        {"en": "Both are standard deviations, not variances.", "zh-TW": "兩者都是標準差，不是變異數。"},
        {"en": "He's rule does not ask how many units come out.", "zh-TW": "He 的規則不管輸出有幾個單元。"},
    ),
    stub='''def he_or_glorot(z, n_in, n_out, relu=True):
    """First weights of a layer.

    z: array of any shape, standard normal numbers; n_in, n_out: ints, units before and behind the layer
    relu: whether a ReLU stands behind it
    -> array of the shape of z
    """
    raise NotImplementedError
''',
    solution="""def he_or_glorot(z, n_in, n_out, relu=True):
    # a ReLU cuts away half of the square, so that twice the variance keeps the size
    variance = 2 / n_in if relu else 2 / (n_in + n_out)
    return z * variance**0.5
""",
    public=(
        Case(([[1.0, -1.0], [0.5, 2.0]], 8, 2)),
        Case(([[1.0, -1.0], [0.5, 2.0]], 8, 10), {"relu": False}),
    ),
    hidden=(
        Case(([0.5, -1.5, 2.5], 50, 13)),
        Case(([[0.5, -1.5, 2.5]], 18, 32), {"relu": False}),
        Case(([[0.25], [1.75]], 3, 5), {"relu": True}),
    ),
    wrong=(
        # the variance for the standard deviation
        "def he_or_glorot(z, n_in, n_out, relu=True):\n    return z * (2 / n_in if relu else 2 / (n_in + n_out))\n",
        # without the 2
        "def he_or_glorot(z, n_in, n_out, relu=True):\n"
        "    v = 1 / n_in if relu else 1 / (n_in + n_out)\n    return z * v**0.5\n",
        # ReLU or not, the same
        "def he_or_glorot(z, n_in, n_out, relu=True):\n    return z * (2 / n_in) ** 0.5\n",
        # the units behind
        "def he_or_glorot(z, n_in, n_out, relu=True):\n"
        "    v = 2 / n_out if relu else 2 / (n_in + n_out)\n    return z * v**0.5\n",
    ),
    fresh=_weights_case,
)

EXAMPLES = Quantity(
    name="test_examples",
    title={"en": "How many test examples?", "zh-TW": "要幾個測試樣本？"},
    task={
        "en": "A network is right in 90 % of all cases. How many test examples make the standard error of"
        " the measured accuracy 0.01? (A single example is 1 or 0, with standard deviation $\\sqrt{p (1 - p)}$.)",
        "zh-TW": "某個網路的正確率是 90 %。要用幾個測試樣本，量出來的準確率標準誤才會是 0.01？"
        "（單一樣本是 1 或 0，標準差為 $\\sqrt{p (1 - p)}$。）",
    },
    points=1,
    hints=({"en": "The standard error is σ / √n.", "zh-TW": "標準誤是 σ / √n。"},),
    answer=0.9 * 0.1 / 0.01**2,
    reasoning={
        "en": "The standard deviation of one is √(0.9 · 0.1) = 0.3. From 0.3 / √n = 0.01 follows √n = 30, so n = 900.",
        "zh-TW": "單一樣本的標準差是 √(0.9 · 0.1) = 0.3。由 0.3 / √n = 0.01 得 √n = 30，所以 n = 900。",
    },
    wrong=(30.0, 90.0, 9.0, 10_000.0, 2_500.0),
)

TWINS = Choice(
    name="twins",
    title={"en": "Four workers, one picture", "zh-TW": "四個行程，同一張圖"},
    task={
        "en": "`rng = np.random.default_rng(7)` is made once. Each of four worker processes gets a copy of it to cut"
        " out random parts of pictures. What happens, and what helps?",
        "zh-TW": "`rng = np.random.default_rng(7)` 只建立一次，四個行程各拿到一份複本，用來隨機裁切圖片。"
        "會發生什麼事？怎麼辦？",
    },
    points=1,
    hints=({"en": "What does a copy of a counter count?", "zh-TW": "計數器的複本會怎麼數？"},),
    options=(
        {"en": "Nothing bad: each process has its own chance", "zh-TW": "沒事：每個行程有自己的機運"},
        {
            "en": "All four cut alike; give each a child of SeedSequence(7).spawn(4)",
            "zh-TW": "四個裁得一模一樣；用 SeedSequence(7).spawn(4) 給每個行程一個",
        },
        {
            "en": "All four cut alike; call np.random.seed(7) in each of them",
            "zh-TW": "四個裁得一模一樣；在每個行程裡呼叫 np.random.seed(7)",
        },
        {"en": "They take numbers from each other; use a lock", "zh-TW": "它們會互搶數字；要加鎖"},
    ),
    answer=1,
    why=(
        {
            "en": "A generator is computed, not thrown: the same state gives the same numbers, in every process.",
            "zh-TW": "產生器是算出來的，不是擲出來的：狀態相同，在哪個行程都給同樣的數字。",
        },
        {
            "en": "Right. The children of one seed are different streams, and all of it can still be repeated.",
            "zh-TW": "對。同一個種子的子種子是不同的亂數流，而且整個過程仍然可以重來。",
        },
        {
            "en": "That makes twins once more: the same seed in each. And rng does not listen to np.random.seed.",
            "zh-TW": "這樣又成了雙胞胎：每個行程的種子都相同。而且 rng 也不受 np.random.seed 影響。",
        },
        {
            "en": "Copies share nothing. That is why they agree.",
            "zh-TW": "複本之間什麼都沒有共用，所以才會一樣。",
        },
    ),
)

EXERCISES: tuple[Exercise, ...] = (UNIFORM, RANDINT, BOX_MULLER, WEIGHTS, EXAMPLES, TWINS)
