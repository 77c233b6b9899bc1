"""Linear equations, the homework: a gradient, a whole descent, the largest learning rate, a number, a choice."""

from __future__ import annotations

from typing import Any

from pellucid.learn.homework import Case, Choice, Exercise, Function, Quantity


def _system(rng: Any) -> tuple[list[list[float]], list[float], list[float]]:
    """More equations than unknowns, or fewer: nothing may rely on a square."""
    n, m = (int(k) for k in rng.integers(2, 6, 2))
    return rng.normal(size=(n, m)).tolist(), rng.normal(size=m).tolist(), rng.normal(size=n).tolist()


def _gradient_case(rng: Any) -> Case:
    return Case(_system(rng))


def _descent_case(rng: Any) -> Case:
    a, _, b = _system(rng)
    return Case((a, b, float(rng.uniform(0.01, 0.05)), int(rng.integers(3, 30))))


def _rate_case(rng: Any) -> Case:
    return Case((_system(rng)[0],))


GRADIENT = Function(
    name="gradient",
    title={"en": "Which way is down", "zh-TW": "哪一邊是下坡"},
    task={
        "en": "The loss of a guess $x$ is the mean squared error of all $n$ equations,"
        " $\\mathcal{L} = \\frac{1}{n} \\sum_i e_i^2$ with $e = A x - b$. Give its gradient:"
        " one slope for each unknown.",
        "zh-TW": "猜測 $x$ 的損失，是 $n$ 條方程式的均方誤差：$\\mathcal{L} = \\frac{1}{n} \\sum_i e_i^2$，"
        "其中 $e = A x - b$。請求出它的梯度：每個未知數一個斜率。",
    },
    points=2,
    hints=(
        {
            "en": "Begin with one equation and one unknown: how does the square of a x - b change with x?",
            "zh-TW": "先從一條方程式、一個未知數想起：a x - b 的平方如何隨 x 變化？",
        },
        {
            "en": "Unknown j gathers, over all equations, error times its own coefficient: that is column j of A.",
            "zh-TW": "第 j 個未知數要對所有方程式收集「誤差乘以自己的係數」：也就是 A 的第 j 行（column）。",
        },
    ),
    stub='''def gradient(a, x, b):
    """Gradient of the mean squared error of a x = b.

    a: array [n, m], the coefficients; x: array [m], the guess; b: array [n], the right sides
    -> array [m]
    """
    raise NotImplementedError
''',
    solution="""def gradient(a, x, b):
    error = a @ x - b  # [n]: left sides minus right sides
    return 2 / len(b) * a.T @ error  # the square gives the 2, the mean the n; each unknown weighs by its column
""",
    public=(
        Case(([[5.0, 2.0], [1.0, 4.0]], [0.0, 0.0], [10.0, 11.0])),
        Case(([[5.0, 2.0], [1.0, 4.0]], [1.0, 2.5], [10.0, 11.0])),
    ),
    hidden=(
        Case(([[1.5, -2.0, 0.5], [0.25, 3.0, 1.0], [2.0, 2.5, -1.5]], [0.5, -1.5, 2.0], [1.0, 0.5, -2.0])),
        Case(([[1.5, -2.5], [0.5, 3.5], [2.5, 1.0]], [0.5, -1.5], [1.5, 0.5, -2.0])),
    ),
    wrong=(
        # forgets that it is a mean: with two equations nobody notices
        "def gradient(a, x, b):\n    return a.T @ (a @ x - b)\n",
        # the sum's gradient
        "def gradient(a, x, b):\n    return 2 * a.T @ (a @ x - b)\n",
        # uphill is downhill
        "def gradient(a, x, b):\n    return 2 / len(b) * a.T @ (b - a @ x)\n",
        # rows for columns
        "def gradient(a, x, b):\n    return 2 / len(b) * a @ (a @ x - b)\n",
        # divides by the unknowns
        "def gradient(a, x, b):\n    return 2 / len(x) * a.T @ (a @ x - b)\n",
    ),
    fresh=_gradient_case,
)

DESCENT = Function(
    name="descend",
    title={"en": "Walk down", "zh-TW": "往下走"},
    task={
        "en": "Start with all unknowns 0, and take `steps` steps of gradient descent on the mean squared error,"
        " $x \\leftarrow x - \\eta\\, g$. Give where you are afterwards.",
        "zh-TW": "所有未知數從 0 開始，對均方誤差做 `steps` 步梯度下降：$x \\leftarrow x - \\eta\\, g$。"
        "請傳回最後的位置。",
    },
    points=3,
    hints=(
        {
            "en": "Each step needs the gradient where you are now, not where you began.",
            "zh-TW": "每一步要用的是現在所在位置的梯度，不是起點的梯度。",
        },
        {"en": "How many unknowns are there? Ask the shape of a.", "zh-TW": "有幾個未知數？看看 a 的形狀。"},
    ),
    stub='''def descend(a, b, rate, steps):
    """Where gradient descent on the mean squared error of a x = b is after some steps from zeros.

    a: array [n, m]; b: array [n]; rate: the learning rate, a float; steps: how many, an int
    -> array [m]
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def descend(a, b, rate, steps):
    x = np.zeros(a.shape[1])  # one for each unknown
    for _ in range(steps):
        error = a @ x - b  # anew at each step: x has moved
        x = x - rate * 2 / len(b) * a.T @ error
    return x
""",
    public=(
        Case(([[5.0, 2.0], [1.0, 4.0]], [10.0, 11.0], 0.03, 1)),
        Case(([[5.0, 2.0], [1.0, 4.0]], [10.0, 11.0], 0.03, 100)),
    ),
    hidden=(
        Case(([[1.5, -2.0, 0.5], [0.25, 3.0, 1.0], [2.0, 2.5, -1.5]], [1.0, 0.5, -2.0], 0.05, 7)),
        Case(([[1.5, -2.5], [0.5, 3.5], [2.5, 1.0]], [1.5, 0.5, -2.0], 0.02, 12)),
        Case(([[1.5, -2.5], [0.5, 3.5]], [1.5, 0.5], 0.02, 0)),
    ),
    wrong=(
        # climbs
        "import numpy as np\ndef descend(a, b, rate, steps):\n    x = np.zeros(a.shape[1])\n"
        "    for _ in range(steps):\n        x = x + rate * 2 / len(b) * a.T @ (a @ x - b)\n    return x\n",
        # the gradient of the start, all the way
        "import numpy as np\ndef descend(a, b, rate, steps):\n    x = np.zeros(a.shape[1])\n"
        "    g = 2 / len(b) * a.T @ (a @ x - b)\n    for _ in range(steps):\n        x = x - rate * g\n    return x\n",
        # one step too few
        "import numpy as np\ndef descend(a, b, rate, steps):\n    x = np.zeros(a.shape[1])\n"
        "    for _ in range(1, steps):\n        x = x - rate * 2 / len(b) * a.T @ (a @ x - b)\n    return x\n",
        # solves it: right in the end, wrong on the way
        "import numpy as np\ndef descend(a, b, rate, steps):\n    return np.linalg.lstsq(a, b, rcond=None)[0]\n",
        # one unknown for each equation
        "import numpy as np\ndef descend(a, b, rate, steps):\n    x = np.zeros(len(b))\n"
        "    for _ in range(steps):\n        x = x - rate * 2 / len(b) * a.T @ (a @ x - b)\n    return x\n",
    ),
    fresh=_descent_case,
)

LARGEST = Function(
    name="largest_rate",
    title={"en": "As far as one may go", "zh-TW": "最遠能走多遠"},
    task={
        "en": "Above which learning rate does gradient descent on the mean squared error of $A x = b$ diverge?"
        " It is $2 / L$, where $L$ is the largest eigenvalue of the second derivatives $\\frac{2}{n} A^\\top A$.",
        "zh-TW": "對 $A x = b$ 的均方誤差做梯度下降，學習率超過多少就會發散？答案是 $2 / L$，"
        "其中 $L$ 是二階導數 $\\frac{2}{n} A^\\top A$ 的最大特徵值。",
    },
    points=2,
    hints=(
        {
            "en": "The matrix of second derivatives is symmetric: numpy.linalg.eigvalsh is made for those.",
            "zh-TW": "二階導數的矩陣是對稱的：numpy.linalg.eigvalsh 就是為這種矩陣準備的。",
        },
        {
            "en": "Mind the order in which eigenvalues come, and that n counts equations.",
            "zh-TW": "注意特徵值的排列順序，以及 n 是方程式的數目。",
        },
    ),
    stub='''def largest_rate(a):
    """The learning rate above which descent on the mean squared error of a x = b diverges.

    a: array [n, m], the coefficients
    -> a float
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def largest_rate(a):
    curvature = 2 / len(a) * a.T @ a  # second derivatives; b has no part in them
    return 2 / np.linalg.eigvalsh(curvature)[-1]  # in ascending order: the last is the largest
""",
    public=(Case(([[5.0, 2.0], [1.0, 4.0]],)), Case(([[1.0, 0.0], [0.0, 1.0]],))),
    hidden=(
        Case(([[1.5, -2.0, 0.5], [0.25, 3.0, 1.0], [2.0, 2.5, -1.5]],)),
        Case(([[1.5, -2.5], [0.5, 3.5], [2.5, 1.0]],)),
    ),
    wrong=(
        # the rate that never overshoots: half of it
        "import numpy as np\ndef largest_rate(a):\n    return 1 / np.linalg.eigvalsh(2 / len(a) * a.T @ a)[-1]\n",
        # the smallest curvature
        "import numpy as np\ndef largest_rate(a):\n    return 2 / np.linalg.eigvalsh(2 / len(a) * a.T @ a)[0]\n",
        # no mean: right for two equations only
        "import numpy as np\ndef largest_rate(a):\n    return 2 / np.linalg.eigvalsh(a.T @ a)[-1]\n",
        # eigenvalues of A itself
        "import numpy as np\ndef largest_rate(a):\n    return 2 / max(abs(np.linalg.eigvals(a)))\n",
        # the sum of all curvatures for the largest
        "import numpy as np\ndef largest_rate(a):\n    return 2 / np.trace(2 / len(a) * a.T @ a)\n",
    ),
    fresh=_rate_case,
)

LEFT = Quantity(
    name="left_after_ten",
    title={"en": "What is left after ten steps", "zh-TW": "十步之後還剩多少"},
    task={
        "en": "A loss has the curvatures 4 and 1 along its two main directions. You descend with the learning rate"
        " $1/L$. Which share of the error along the gentle direction is left after ten steps?",
        "zh-TW": "某個損失在兩個主要方向上的曲率是 4 和 1。用學習率 $1/L$ 做梯度下降，"
        "十步之後，緩的方向上還剩下多少比例的誤差？",
    },
    points=1,
    hints=(
        {
            "en": "Each step multiplies what is left by one minus learning rate times curvature.",
            "zh-TW": "每一步都把剩下的誤差乘以「1 減去學習率乘以曲率」。",
        },
    ),
    answer=(1 - 1 / 4) ** 10,
    reasoning={
        "en": "$L = 4$, so the learning rate is 1/4. Along the gentle direction the factor of a step is"
        " 1 - 1/4 · 1 = 0.75, and ten steps give $0.75^{10}$ = 0.0563. (Along the steep one it is 0 at once.)",
        "zh-TW": "$L = 4$，所以學習率是 1/4。緩的方向上，每一步的倍數是 1 - 1/4 · 1 = 0.75，"
        "十步就是 $0.75^{10}$ = 0.0563。（陡的方向一步就變成 0。）",
    },
    rtol=0.01,
    wrong=(0.25**10, 0.75, 1 - 0.75**10, 1 - 10 / 4, 0.0),
)

STUCK = Choice(
    name="stuck",
    title={"en": "The loss stays at 0.25", "zh-TW": "損失停在 0.25"},
    task={
        "en": "On $x + y = 2$ and $x + y = 3$ the loss falls to 0.25 and stays there. What helps?",
        "zh-TW": "對 $x + y = 2$ 與 $x + y = 3$，損失降到 0.25 之後就不動了。怎麼辦才有用？",
    },
    points=1,
    hints=({"en": "Is there a point at which the loss would be lower?", "zh-TW": "有哪一點的損失會更低嗎？"},),
    options=(
        {"en": "A smaller learning rate", "zh-TW": "較小的學習率"},
        {"en": "More steps", "zh-TW": "更多步"},
        {"en": "Momentum", "zh-TW": "動量"},
        {"en": "Nothing: it is the least there is", "zh-TW": "都沒有用：這已經是最小值"},
    ),
    answer=3,
    why=(
        {
            "en": "It would walk to the same place, only later.",
            "zh-TW": "走到的還是同一個地方，只是比較晚。",
        },
        {
            "en": "The gradient is 0 there: any further step leads nowhere.",
            "zh-TW": "那裡的梯度是 0：再走也不會動。",
        },
        {
            "en": "It helps along a valley, but this descent has arrived.",
            "zh-TW": "動量能加快沿著山谷前進，但這裡已經到了。",
        },
        {
            "en": "Right. The equations contradict each other: whatever x + y is, the mean of both squares is at least"
            " 0.25.",
            "zh-TW": "對。方程式互相矛盾：不管 x + y 是多少，兩個平方的平均至少是 0.25。",
        },
    ),
)

EXERCISES: tuple[Exercise, ...] = (GRADIENT, DESCENT, LARGEST, LEFT, STUCK)
