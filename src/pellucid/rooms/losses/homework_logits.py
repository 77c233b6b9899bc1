"""Losses, the homework on logits: a loss that does not overflow, and what cross-entropy tells each logit."""

from __future__ import annotations

from typing import Any

from pellucid.learn.homework import Case, Function


def _bits_case(rng: Any) -> Case:
    n = int(rng.integers(3, 8))
    return Case((rng.integers(0, 2, n).astype(float).tolist(), (rng.normal(size=n) * 300).tolist()))


def _rows_case(rng: Any) -> Case:
    n, classes = int(rng.integers(2, 6)), int(rng.integers(3, 6))
    return Case((rng.integers(0, classes, n).tolist(), rng.normal(size=(n, classes)).tolist()), arrays=True)


STABLE = Function(
    name="bce_from_logits",
    title={"en": "A loss that does not overflow", "zh-TW": "不會溢位的損失"},
    task={
        "en": "Give the mean binary cross-entropy of labels `y` (0 or 1) and logits `z`. It must be right for"
        " $z = 800$ and $z = -800$ as well, where going by way of the probability gives inf or nan.",
        "zh-TW": "求標籤 `y`（0 或 1）與 logit `z` 的平均二元交叉熵。$z = 800$ 或 $z = -800$ 時也要正確；"
        "如果先換算成機率，這時會得到 inf 或 nan。",
    },
    points=3,
    hints=(
        {
            "en": "For y = 0 the loss is $\\ln(1 + e^{z})$. When z is large, that is nearly z itself.",
            "zh-TW": "y = 0 時，損失是 $\\ln(1 + e^{z})$。z 很大的時候，這幾乎就是 z 本身。",
        },
        {
            "en": "Take $\\max(z, 0)$ out of the logarithm: what is left inside has an exp of something negative only.",
            "zh-TW": "把 $\\max(z, 0)$ 從對數裡提出來：剩下的 exp 裡面只會有負數。",
        },
    ),
    stub='''def bce_from_logits(y, z):
    """Mean binary cross-entropy, from logits.

    y: array [n], labels 0 or 1; z: array [n], logits, of any size
    -> a float
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def bce_from_logits(y, z):
    # ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|): the exp is at most 1, whatever z is
    values = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    return values.mean()
""",
    public=(
        Case(([0.0, 1.0, 0.0, 0.0], [-18.6, 0.51, 2.94, -12.8])),
        Case(([1.0, 0.0], [800.0, 800.0])),
    ),
    hidden=(
        Case(([1.0, 0.0, 1.0], [-750.5, 45.5, 0.25])),
        Case(([0.0, 1.0, 1.0, 0.0], [-0.5, 1.5, 40.25, -900.5])),
        Case(([1.0], [-3.5])),
    ),
    wrong=(
        # by way of the probability: inf and nan
        "import numpy as np\ndef bce_from_logits(y, z):\n    p = 1 / (1 + np.exp(-z))\n"
        "    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()\n",
        # clips instead: finite, and wrong
        "import numpy as np\ndef bce_from_logits(y, z):\n    p = np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)\n"
        "    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()\n",
        # right for class 0 only
        "import numpy as np\ndef bce_from_logits(y, z):\n"
        "    return (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))).mean()\n",
        # the sum
        "import numpy as np\ndef bce_from_logits(y, z):\n"
        "    return (np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))).sum()\n",
        # forgets what is small
        "import numpy as np\ndef bce_from_logits(y, z):\n    return (np.maximum(z, 0) - y * z).mean()\n",
    ),
    fresh=_bits_case,
)

GRADIENT = Function(
    name="softmax_gradient",
    title={"en": "What cross-entropy tells each logit", "zh-TW": "交叉熵對每個 logit 說什麼"},
    task={
        "en": "The loss is the mean over examples of $-\\ln \\operatorname{softmax}(z)_y$. Give its gradient with"
        " respect to every logit.",
        "zh-TW": "損失是各樣本 $-\\ln \\operatorname{softmax}(z)_y$ 的平均。請求出它對每個 logit 的梯度。",
    },
    points=3,
    hints=(
        {
            "en": "Look at the column of slopes in the trace of sparse categorical cross-entropy, beside the"
            " probabilities and the one-hot rows.",
            "zh-TW": "在透視裡打開稀疏多類別交叉熵，把斜率、機率與 one-hot 那幾列擺在一起看。",
        },
        {
            "en": "Each row of the gradient adds up to 0: what the right class wins, the others lose.",
            "zh-TW": "梯度的每一列加起來都是 0：正確類別得到多少，其他類別就失去多少。",
        },
    ),
    stub='''def softmax_gradient(y, z):
    """Gradient of the mean cross-entropy of softmax(z) by z.

    y: array [n], each label a whole number from 0 (they may come as floats); z: array [n, classes], logits
    -> array [n, classes]
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def softmax_gradient(y, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))  # the largest becomes 1: no overflow
    p = e / e.sum(axis=1, keepdims=True)
    one_hot = np.arange(z.shape[1]) == y[:, None]
    return (p - one_hot) / len(z)  # too much probability pushes down, too little pulls up
""",
    public=(
        Case(([1.0, 2.0], [[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]])),
        Case(([0.0], [[1000.0, 0.0]])),
    ),
    hidden=(
        Case(([2.0, 0.0, 1.0], [[0.5, 1.5, -0.5], [2.5, -1.5, 0.25], [0.75, 0.5, 0.25]])),
        Case(([3.0, 3.0], [[0.5, -1.5, 900.5, 1.5], [-0.5, 2.5, 1.25, 3.5]])),
    ),
    wrong=(
        # uphill
        "import numpy as np\ndef softmax_gradient(y, z):\n    e = np.exp(z - z.max(axis=1, keepdims=True))\n"
        "    p = e / e.sum(axis=1, keepdims=True)\n"
        "    return ((np.arange(z.shape[1]) == y[:, None]) - p) / len(z)\n",
        # of the sum, not of the mean
        "import numpy as np\ndef softmax_gradient(y, z):\n    e = np.exp(z - z.max(axis=1, keepdims=True))\n"
        "    p = e / e.sum(axis=1, keepdims=True)\n    return p - (np.arange(z.shape[1]) == y[:, None])\n",
        # softmax down the columns
        "import numpy as np\ndef softmax_gradient(y, z):\n    e = np.exp(z - z.max(axis=0, keepdims=True))\n"
        "    p = e / e.sum(axis=0, keepdims=True)\n"
        "    return (p - (np.arange(z.shape[1]) == y[:, None])) / len(z)\n",
        # by the probabilities instead of the logits
        "import numpy as np\ndef softmax_gradient(y, z):\n    e = np.exp(z - z.max(axis=1, keepdims=True))\n"
        "    p = e / e.sum(axis=1, keepdims=True)\n"
        "    return -1.0 * (np.arange(z.shape[1]) == y[:, None]) / np.maximum(p, 1e-12) / len(z)\n",
        # overflows
        "import numpy as np\ndef softmax_gradient(y, z):\n    e = np.exp(z)\n    p = e / e.sum(axis=1, keepdims=True)\n"
        "    return (p - (np.arange(z.shape[1]) == y[:, None])) / len(z)\n",
    ),
    fresh=_rows_case,
)
