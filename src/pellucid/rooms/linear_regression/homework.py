"""Linear regression, the homework: a gradient, ridge in closed form, soft threshold, scaling without a leak, a run."""

from __future__ import annotations

from typing import Any

from pellucid.learn.homework import Beat, Case, Exercise, Function


def _rows(rng: Any) -> Case:
    """A table of any size, a target and coefficients."""
    n, d = int(rng.integers(3, 8)), int(rng.integers(1, 4))
    return Case(
        (
            rng.normal(size=(n, d)).tolist(),
            rng.normal(size=n).tolist(),
            rng.normal(size=d).tolist(),
            float(rng.normal()),
        )
    )


def _ridge(rng: Any) -> Case:
    n, d = int(rng.integers(4, 9)), int(rng.integers(1, 4))
    x, y = rng.normal(2.0, 3.0, size=(n, d)), rng.normal(5.0, 2.0, size=n)
    return Case((x.tolist(), y.tolist(), float(rng.uniform(0.1, 2.0))))


def _soft(rng: Any) -> Case:
    return Case((rng.normal(size=int(rng.integers(4, 9))).tolist(), float(rng.uniform(0.2, 1.0))))


def _tables(rng: Any) -> Case:
    d = int(rng.integers(1, 4))
    return Case(tuple(rng.normal(3.0, 2.0, size=(int(rng.integers(3, 7)), d)).tolist() for _ in range(2)))


GRADIENT = Function(
    name="mse_gradient",
    title={"en": "The gradient of the mean squared error", "zh-TW": "均方誤差的梯度"},
    task={
        "en": "A weighted sum predicts $\\hat{y} = X w + b$. Its loss is half the mean squared error,"
        " $J = \\frac{1}{2n} \\sum_i (\\hat{y}_i - y_i)^2$. Give its partial derivatives with respect to each $w_j$"
        " and to $b$.",
        "zh-TW": "加權總和的預測是 $\\hat{y} = X w + b$，損失取均方誤差的一半："
        "$J = \\frac{1}{2n} \\sum_i (\\hat{y}_i - y_i)^2$。請算出 $J$ 對每個 $w_j$ 以及對 $b$ 的偏導數。",
    },
    points=2,
    hints=(
        {
            "en": "Begin with the error of each row. By the chain rule its square gives a factor 2; the half eats it.",
            "zh-TW": "先算每一列的誤差。連鎖律讓平方多出因子 2，正好和前面的一半抵銷。",
        },
        {
            "en": "Along w_j, a row's prediction has the slope x_j of that row; along b it is 1. Then take the mean.",
            "zh-TW": "一列的預測對 w_j 的導數，就是那一列的第 j 個特徵；對 b 的導數是 1。最後取平均。",
        },
    ),
    stub='''def mse_gradient(x, y, w, b):
    """Partial derivatives of 1/(2n) * sum((x @ w + b - y)**2).

    x: array [N, D]; y: array [N]; w: array [D]; b: number -> array [D + 1]: by each w, then by b
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def mse_gradient(x, y, w, b):
    error = x @ w + b - y  # prediction minus truth, one a row
    return np.append(x.T @ error / len(y), error.mean())  # each row's error, weighted by its feature; and by 1
""",
    public=(
        Case(([[1.0], [2.0], [3.0]], [2.0, 4.0, 6.0], [0.0], 0.0)),
        Case(([[1.0, 2.0], [3.0, -1.0]], [1.0, 0.5], [0.5, -0.5], 1.0)),
    ),
    hidden=(
        Case(([[2.5, 0.5], [-1.5, 3.5], [0.25, -2.0], [4.0, 1.0]], [1.5, -2.0, 0.75, 3.0], [1.25, -0.75], -0.5)),
        Case(([[10.5], [20.25]], [3.5, -4.5], [0.125], 2.5)),
    ),
    wrong=(
        # truth minus prediction: uphill
        "import numpy as np\ndef mse_gradient(x, y, w, b):\n    e = y - x @ w - b\n"
        "    return np.append(x.T @ e / len(y), e.mean())\n",
        # the factor 2 of the whole mean squared error
        "import numpy as np\ndef mse_gradient(x, y, w, b):\n    e = x @ w + b - y\n"
        "    return 2 * np.append(x.T @ e / len(y), e.mean())\n",
        # the sum, not the mean
        "import numpy as np\ndef mse_gradient(x, y, w, b):\n    e = x @ w + b - y\n"
        "    return np.append(x.T @ e, e.sum())\n",
        # forgets the intercept in the prediction
        "import numpy as np\ndef mse_gradient(x, y, w, b):\n    e = x @ w - y\n"
        "    return np.append(x.T @ e / len(y), e.mean())\n",
        # b first
        "import numpy as np\ndef mse_gradient(x, y, w, b):\n    e = x @ w + b - y\n"
        "    return np.append(e.mean(), x.T @ e / len(y))\n",
    ),
    fresh=_rows,
)

RIDGE = Function(
    name="ridge",
    title={"en": "Ridge regression in closed form", "zh-TW": "脊迴歸的封閉解"},
    task={
        "en": "Find the $w$ and $b$ at which"
        " $\\frac{1}{2n} \\sum_i (x_i w + b - y_i)^2 + \\frac{\\alpha}{2} \\sum_j w_j^2$ is least. The intercept costs"
        " nothing. Solve one linear system; do not iterate.",
        "zh-TW": "找出使 $\\frac{1}{2n} \\sum_i (x_i w + b - y_i)^2 + \\frac{\\alpha}{2} \\sum_j w_j^2$"
        " 最小的 $w$ 與 $b$。截距不受懲罰。請解一個線性方程組，不要迭代。",
    },
    points=3,
    hints=(
        {
            "en": "Take the mean off each column of x and off y first: then the best intercept of what is left is 0.",
            "zh-TW": "先把 x 的每一欄與 y 各自減去平均：剩下的部分，最好的截距就是 0。",
        },
        {
            "en": "Set the gradient to zero. Loss and penalty each give a term with w; collect them on one side.",
            "zh-TW": "令梯度為零。損失與懲罰各給出一個含 w 的項，把它們移到同一邊。",
        },
        {
            "en": "The loss is a mean: mind where the number of rows goes. In the end the line runs through the means.",
            "zh-TW": "損失是平均：注意列數 n 該放在哪裡。最後，直線一定通過平均點。",
        },
    ),
    stub='''def ridge(x, y, alpha):
    """The minimum of 1/(2n) * sum((x @ w + b - y)**2) + alpha/2 * sum(w**2).

    x: array [N, D]; y: array [N]; alpha: number above 0 -> array [D + 1]: w, then b
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def ridge(x, y, alpha):
    mean, middle = x.mean(axis=0), y.mean()
    z, t = x - mean, y - middle  # centred: the intercept is out of the way
    n, d = x.shape
    w = np.linalg.solve(z.T @ z / n + alpha * np.eye(d), z.T @ t / n)
    return np.append(w, middle - mean @ w)  # back to features that are not centred
""",
    public=(
        Case(([[1.0], [2.0], [3.0]], [2.0, 4.0, 6.0], 0.5)),
        Case(([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0], [2.0, 4.0]], [1.0, 2.5, 3.0, 7.0], 0.25)),
    ),
    hidden=(
        Case(([[100.5, 3.0], [80.25, 2.0], [150.0, 4.0], [60.0, 1.0], [95.5, 3.0]],
              [900.0, 700.5, 1400.0, 520.0, 830.0], 0.75)),
        Case(([[1.5, 1.5], [2.5, 2.5], [3.5, 3.5]], [1.0, 2.0, 4.0], 0.5)),  # dependent columns: still one answer
    ),
    wrong=(
        # scikit-learn's weight: beside the sum, not the mean
        "import numpy as np\ndef ridge(x, y, alpha):\n    m, t = x.mean(axis=0), y.mean()\n    z = x - m\n"
        "    w = np.linalg.solve(z.T @ z + alpha * np.eye(len(m)), z.T @ (y - t))\n"
        "    return np.append(w, t - m @ w)\n",
        # the intercept is penalised too
        "import numpy as np\ndef ridge(x, y, alpha):\n    n = len(y)\n    a = np.column_stack([x, np.ones(n)])\n"
        "    return np.linalg.solve(a.T @ a / n + alpha * np.eye(a.shape[1]), a.T @ y / n)\n",
        # no penalty at all
        "import numpy as np\ndef ridge(x, y, alpha):\n    a = np.column_stack([x, np.ones(len(y))])\n"
        "    return np.linalg.lstsq(a, y, rcond=None)[0]\n",
        # alpha on every element of the matrix, not on its diagonal
        "import numpy as np\ndef ridge(x, y, alpha):\n    m, t = x.mean(axis=0), y.mean()\n    z, n = x - m, len(y)\n"
        "    g = z.T @ z / n + 2 * alpha * np.ones((len(m), len(m)))\n"
        "    w = np.linalg.lstsq(g, z.T @ (y - t) / n, rcond=None)[0]\n"
        "    return np.append(w, t - m @ w)\n",
    ),
    fresh=_ridge,
)  # fmt: skip

SOFT = Function(
    name="soft_threshold",
    title={"en": "Why lasso gives zeros", "zh-TW": "Lasso 為什麼會得到零"},
    task={
        "en": "After each step downhill, lasso moves every number towards zero by $t$, and what would cross zero stays"
        " there: $S_t(x) = \\mathrm{sign}(x) \\max(|x| - t, 0)$.",
        "zh-TW": "每次往下坡走一步之後，Lasso 都把每個數往零移動 $t$；會越過零的就停在零："
        "$S_t(x) = \\mathrm{sign}(x) \\max(|x| - t, 0)$。",
    },
    points=1,
    hints=(
        {"en": "Work with the size and the sign apart.", "zh-TW": "把大小與正負號分開處理。"},
        {
            "en": "numpy.maximum compares element by element; numpy.max gives a single number.",
            "zh-TW": "numpy.maximum 是逐元素比較；numpy.max 只給出一個數。",
        },
    ),
    stub='''def soft_threshold(x, t):
    """Each element nearer to zero by t; zero where it would cross it.

    x: array [N]; t: number, 0 or more -> array [N]
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def soft_threshold(x, t):
    return np.sign(x) * np.maximum(np.abs(x) - t, 0.0)
""",
    public=(Case(([3.0, -3.0, 0.5, -0.5, 0.0], 1.0)), Case(([2.0, -1.0], 0.0))),
    hidden=(Case(([5.5, -0.25, 0.75, -2.25, 1.0, -1.0], 0.75)), Case(([-10.5, 10.5, 0.125], 10.25))),
    wrong=(
        # hard: cuts, but does not shrink
        "import numpy as np\ndef soft_threshold(x, t):\n    return np.where(np.abs(x) > t, x, 0.0)\n",
        # right for positive numbers only
        "import numpy as np\ndef soft_threshold(x, t):\n    return np.maximum(x - t, 0.0)\n",
        # shrinks across zero
        "import numpy as np\ndef soft_threshold(x, t):\n    return x - t * np.sign(x)\n",
        # ridge's shrinking: never zero
        "import numpy as np\ndef soft_threshold(x, t):\n    return x / (1 + t)\n",
    ),
    fresh=_soft,
)

SCALE = Function(
    name="standardize",
    title={"en": "Standardise without a leak", "zh-TW": "標準化而不洩漏"},
    task={
        "en": "Scale the test rows so that they fit a model of the *scaled training rows*: subtract a mean, divide by a"
        " standard deviation (with $n$, not $n - 1$), feature by feature. The test must have no say in either.",
        "zh-TW": "把測試資料縮放成能餵給模型的樣子，而模型是用**縮放過的訓練資料**學的：逐個特徵減去平均、"
        "除以標準差（除以 $n$，不是 $n - 1$）。這兩個數都不能讓測試資料參與決定。",
    },
    points=2,
    hints=(
        {
            "en": "When a single new flat comes in, what would its own mean be? And what then is left of it?",
            "zh-TW": "如果只來了一間新公寓，它自己的平均會是多少？減掉之後還剩下什麼？",
        },
        {"en": "Both numbers are taken along the rows: axis 0.", "zh-TW": "兩個數都是沿著列的方向算：axis 0。"},
    ),
    stub='''def standardize(train, test):
    """The test rows, scaled as a model that learned from scaled training rows needs them.

    train: array [N, D]; test: array [M, D] -> array [M, D]
    """
    raise NotImplementedError
''',
    solution="""def standardize(train, test):
    return (test - train.mean(axis=0)) / train.std(axis=0)  # both numbers from training rows alone
""",
    public=(
        Case(([[1.0, 10.0], [3.0, 30.0]], [[2.0, 20.0]])),
        Case(([[0.0], [2.0], [4.0]], [[2.0], [8.0]])),
    ),
    hidden=(
        Case(([[100.5, 3.0], [80.0, 2.0], [150.25, 5.0]], [[120.0, 3.0], [60.5, 1.0]])),
        Case(([[1.5], [2.5], [6.5], [0.5]], [[-4.5], [4.5], [3.25]])),
    ),
    wrong=(
        # the test scales itself
        "def standardize(train, test):\n    return (test - test.mean(axis=0)) / (test.std(axis=0) + 1e-12)\n",
        # all rows together: a leak
        "import numpy as np\ndef standardize(train, test):\n    a = np.vstack([train, test])\n"
        "    return (test - a.mean(axis=0)) / a.std(axis=0)\n",
        # one mean for all features
        "def standardize(train, test):\n    return (test - train.mean()) / train.std()\n",
        # n - 1
        "def standardize(train, test):\n    return (test - train.mean(axis=0)) / train.std(axis=0, ddof=1)\n",
        # only centred
        "def standardize(train, test):\n    return test - train.mean(axis=0)\n",
    ),
    fresh=_tables,
)

BETTER = Beat(
    name="better_prices",
    title={"en": "Predict prices better", "zh-TW": "把房價預測得更好"},
    task={
        "en": "With its defaults this room reaches an $R^2$ of about 0.92 on the built-in test rows. Train a run that"
        " reaches 0.93 on them.",
        "zh-TW": "用預設值訓練，在內建的測試資料上 $R^2$ 大約是 0.92。請訓練出一個達到 0.93 的模型。",
    },
    points=2,
    hints=(
        {
            "en": "More steps do not help: descent has reached the exact solution. What does the model not know?",
            "zh-TW": "多走幾步沒有用：下降早已到達精確解。模型還不知道的是什麼？",
        },
        {
            "en": "Read the first line of houses.csv and compare it with the features that are used.",
            "zh-TW": "讀一讀 houses.csv 的第一行，和現在用到的特徵比較。",
        },
    ),
    room="linear_regression",
    metric="r2",
    at_least=0.93,
    free=("features",),
)

EXERCISES: tuple[Exercise, ...] = (GRADIENT, RIDGE, SOFT, SCALE, BETTER)
