"""Homework of the optimizers: steps to write, a bound to work out, a surface to recognise."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.learn.homework import Case, Choice, Function, Quantity


def _some(rng: np.random.Generator, count: int = 3) -> list[float]:
    return [float(each) for each in rng.normal(size=count).round(3)]


def _momentum_case(rng: np.random.Generator) -> Case:
    return Case((_some(rng), _some(rng), _some(rng), float(rng.uniform(0.01, 0.5)), float(rng.uniform(0.1, 0.9))))


def _adam_case(rng: np.random.Generator) -> Case:
    squares = [each * each for each in _some(rng)]
    return Case((_some(rng), _some(rng), squares, _some(rng), int(rng.integers(1, 30)), float(rng.uniform(0.01, 0.5))))


def _bound_case(rng: np.random.Generator) -> Case:
    """A symmetric positive definite matrix."""
    root = rng.normal(size=(3, 3))
    matrix: Any = (root @ root.T + np.eye(3)).round(3)
    return Case((matrix.tolist(),))


MOMENTUM = Function(
    name="momentum_step",
    title={"en": "One step of momentum", "zh-TW": "動量法的一步"},
    task={
        "en": "Write one step of momentum: the velocity becomes $\\mu v + g$, and the point moves downhill by the rate "
        "times the *new* velocity. Return the new point and the new velocity.",
        "zh-TW": "寫出動量法的一步：速度變成 $\\mu v + g$，點再依「新的」速度乘上學習率往下坡走。"
        "傳回新的點與新的速度。",
    },
    points=2,
    hints=(
        {"en": "There are two lines: first the velocity, then the point.", "zh-TW": "只有兩行：先算速度，再算點。"},
        {"en": "Downhill means: subtract. The rate belongs to the move, not to the velocity.",
         "zh-TW": "往下坡就是減。學習率乘在移動上，不乘在速度裡。"},
    ),
    stub='''def momentum_step(x, v, g, rate, mu):
    """One step of momentum.

    x: the point, array of shape [n]
    v: the velocity, shape [n]
    g: the gradient at x, shape [n]
    rate: learning rate, a number above 0
    mu: share of the velocity that is kept, from 0 to 1
    Returns (new point, new velocity), each of shape [n]. Leave x and v as they are.
    """
    raise NotImplementedError
''',
    solution='''def momentum_step(x, v, g, rate, mu):
    v = mu * v + g  # what is left of the old velocity, and the slope here
    return x - rate * v, v  # downhill, by the new velocity
''',
    public=(
        Case(([4.0, 1.0], [0.0, 0.0], [4.0, 100.0], 0.01, 0.9)),
        Case(([1.0, -2.0], [3.0, 1.0], [2.0, 0.0], 0.1, 0.5)),
    ),
    hidden=(
        Case(([0.5, 0.25, -1.0], [-1.0, 2.0, 4.0], [0.3, -0.7, 1.1], 0.2, 0.8)),
        Case(([2.0], [10.0], [-1.0], 0.05, 0.99)),
        Case(([1.0, 1.0], [1.0, 1.0], [1.0, 2.0], 0.3, 0.0)),
    ),
    fresh=_momentum_case,
    wrong=(
        "def momentum_step(x, v, g, rate, mu):\n    new = mu * v + g\n    return x - rate * v, new\n",
        "def momentum_step(x, v, g, rate, mu):\n    v = mu * v + g\n    return x + rate * v, v\n",
        "def momentum_step(x, v, g, rate, mu):\n    v = mu * v + (1 - mu) * g\n    return x - rate * v, v\n",
        "def momentum_step(x, v, g, rate, mu):\n    v = v + g\n    return x - rate * v, v\n",
        "def momentum_step(x, v, g, rate, mu):\n    return x - rate * g, mu * v + g\n",
    ),
)  # fmt: skip

ADAM = Function(
    name="adam_step",
    title={"en": "Adam, with its bias correction", "zh-TW": "Adam 與偏差修正"},
    task={
        "en": "Write one step of Adam with $\\beta_1 = 0.9$, $\\beta_2 = 0.999$, $\\varepsilon = 10^{-8}$. `t` is the "
        "number of this step; the first one is 1. Return the new point and both moments (uncorrected: they are what "
        "the next step starts from).",
        "zh-TW": "寫出 Adam 的一步，$\\beta_1 = 0.9$、$\\beta_2 = 0.999$、$\\varepsilon = 10^{-8}$。"
        "`t` 是這一步的編號，第一步是 1。傳回新的點與兩個動差（未修正的：下一步要從它們接著算）。",
    },
    points=4,
    hints=(
        {"en": "Both moments are running means: of g, and of g squared.",
         "zh-TW": "兩個動差都是移動平均：g 的，以及 g 平方的。"},
        {"en": "They start at 0, so early means are too small. By what factor, after t steps of a constant gradient?",
         "zh-TW": "它們從 0 開始，所以前期的平均太小。若梯度不變，走 t 步後小了幾倍？"},
        {"en": "Epsilon is added after the root.", "zh-TW": "epsilon 加在開根號之後。"},
    ),
    stub='''def adam_step(x, m, v, g, t, rate):
    """One step of Adam (beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8).

    x: the point, array of shape [n]
    m, v: first and second moment before this step, each of shape [n]
    g: the gradient at x, shape [n]
    t: the number of this step, from 1
    rate: learning rate
    Returns (new point, new m, new v).
    """
    raise NotImplementedError
''',
    solution='''def adam_step(x, m, v, g, t, rate):
    m = 0.9 * m + 0.1 * g  # running mean of the gradients
    v = 0.999 * v + 0.001 * g * g  # and of their squares
    m_hat = m / (1 - 0.9**t)  # both started at 0 and are too small by this factor
    v_hat = v / (1 - 0.999**t)
    return x - rate * m_hat / (v_hat**0.5 + 1e-8), m, v
''',
    public=(
        Case(([4.0, 1.0], [0.0, 0.0], [0.0, 0.0], [4.0, 100.0], 1, 0.1)),
        Case(([1.0], [0.5], [0.2], [-2.0], 3, 0.01)),
    ),
    hidden=(
        Case(([0.3, -0.2], [0.1, 0.4], [0.05, 0.9], [1.5, -0.5], 2, 0.2)),
        Case(([2.0, 2.0, 2.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [1e-6, 1.0, 1e6], 1, 0.5)),
        Case(([0.0], [1.0], [4.0], [0.0], 1000, 0.1)),
        Case(([1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1e-8, 1.0], 1, 0.1)),
    ),
    fresh=_adam_case,
    wrong=(
        # no correction
        "def adam_step(x, m, v, g, t, rate):\n    m = 0.9 * m + 0.1 * g\n    v = 0.999 * v + 0.001 * g * g\n"
        "    return x - rate * m / (v**0.5 + 1e-8), m, v\n",
        # the corrected moments are handed on
        "def adam_step(x, m, v, g, t, rate):\n    m = (0.9 * m + 0.1 * g) / (1 - 0.9**t)\n"
        "    v = (0.999 * v + 0.001 * g * g) / (1 - 0.999**t)\n    return x - rate * m / (v**0.5 + 1e-8), m, v\n",
        # counted from 0
        "def adam_step(x, m, v, g, t, rate):\n    m = 0.9 * m + 0.1 * g\n    v = 0.999 * v + 0.001 * g * g\n"
        "    a, b = m / (1 - 0.9**(t + 1)), v / (1 - 0.999**(t + 1))\n"
        "    return x - rate * a / (b**0.5 + 1e-8), m, v\n",
        # epsilon under the root
        "def adam_step(x, m, v, g, t, rate):\n    m = 0.9 * m + 0.1 * g\n    v = 0.999 * v + 0.001 * g * g\n"
        "    a, b = m / (1 - 0.9**t), v / (1 - 0.999**t)\n    return x - rate * a / (b + 1e-8)**0.5, m, v\n",
        # the betas exchanged
        "def adam_step(x, m, v, g, t, rate):\n    m = 0.999 * m + 0.001 * g\n    v = 0.9 * v + 0.1 * g * g\n"
        "    a, b = m / (1 - 0.999**t), v / (1 - 0.9**t)\n    return x - rate * a / (b**0.5 + 1e-8), m, v\n",
        # no root
        "def adam_step(x, m, v, g, t, rate):\n    m = 0.9 * m + 0.1 * g\n    v = 0.999 * v + 0.001 * g * g\n"
        "    a, b = m / (1 - 0.9**t), v / (1 - 0.999**t)\n    return x - rate * a / (b + 1e-8), m, v\n",
    ),
)  # fmt: skip

BOUND = Function(
    name="rate_bound",
    title={"en": "How large may the learning rate be?", "zh-TW": "學習率最大可以多大？"},
    task={
        "en": "For $f(x) = \\frac{1}{2} x^\\top A x$ with a symmetric positive definite $A$, gradient descent "
        "converges from every start exactly if the learning rate is below a bound. Return the bound.",
        "zh-TW": "設 $f(x) = \\frac{1}{2} x^\\top A x$，$A$ 對稱且正定。"
        "學習率小於某個上限時，梯度下降從任何起點都會收斂，否則就不一定。傳回這個上限。",
    },
    points=3,
    hints=(
        {"en": "The gradient is A x. What does one step multiply x by?",
         "zh-TW": "梯度是 A x。走一步相當於把 x 乘上什麼？"},
        {"en": "Along an eigenvector that is a number: when is it between -1 and 1?",
         "zh-TW": "沿著特徵向量，那只是一個數：什麼時候它介於 -1 與 1 之間？"},
        {"en": "numpy.linalg.eigvalsh gives the eigenvalues of a symmetric matrix.",
         "zh-TW": "numpy.linalg.eigvalsh 會給出對稱矩陣的特徵值。"},
    ),
    stub='''import numpy as np


def rate_bound(a):
    """The bound of the learning rate of gradient descent on f(x) = x A x / 2.

    a: A, a symmetric positive definite array of shape [n, n]
    Returns a number: every smaller rate above 0 converges, no larger one does from every start.
    """
    raise NotImplementedError
''',
    solution='''import numpy as np


def rate_bound(a):
    # one step multiplies the part along an eigenvector by 1 - rate * eigenvalue;
    # the largest eigenvalue is the first whose factor falls below -1
    return 2 / np.linalg.eigvalsh(a).max()
''',
    public=(Case(([[2.0, 0.0], [0.0, 20.0]],)), Case(([[4.0]],))),
    hidden=(
        Case(([[2.0, 1.0], [1.0, 2.0]],)),
        Case(([[1.0, 0.0, 0.0], [0.0, 5.0, 2.0], [0.0, 2.0, 5.0]],)),
        Case(([[100.0, 0.0], [0.0, 1.0]],)),
    ),
    fresh=_bound_case,
    wrong=(
        "import numpy as np\ndef rate_bound(a):\n    return 1 / np.linalg.eigvalsh(a).max()\n",
        "import numpy as np\ndef rate_bound(a):\n    return 2 / np.linalg.eigvalsh(a).min()\n",
        "import numpy as np\ndef rate_bound(a):\n    return 2 / np.diag(a).max()\n",
        "import numpy as np\ndef rate_bound(a):\n    return 2 / np.trace(a)\n",
    ),
)  # fmt: skip

FIRST_STEP = Quantity(
    name="adams_first_step",
    title={"en": "How far does Adam go at first?", "zh-TW": "Adam 的第一步走多遠？"},
    task={
        "en": "Adam starts with a learning rate of 0.001 where the gradient of one coordinate is 250. How far does "
        "that coordinate move in the first step?",
        "zh-TW": "Adam 的學習率為 0.001，某個座標的梯度是 250。第一步這個座標移動多少？",
    },
    points=1,
    hints=({"en": "Work out both corrected moments for t = 1.", "zh-TW": "先算出 t = 1 時兩個修正後的動差。"},),
    answer=0.001,
    reasoning={
        "en": "At t = 1 the corrected moments are the gradient and its square. 250 / √(250²) is 1: the "
        "first step is as long as the rate, whatever the slope.",
        "zh-TW": "t = 1 時，修正後的動差就是梯度與梯度的平方，250 / √(250²) = 1："
        "不論斜率多大，第一步的長度就是學習率。",
    },
    rtol=1e-3,
    wrong=(0.25, 0.0001, 250.0),
)

SADDLE = Choice(
    name="level_place",
    title={"en": "A level place", "zh-TW": "平坦的地方"},
    task={
        "en": "At a point the gradient is 0 and the Hessian has the eigenvalues 3 and −1. What is it?",
        "zh-TW": "在某一點梯度為 0，Hessian 矩陣的特徵值是 3 與 −1。這是什麼點？",
    },
    points=1,
    hints=({"en": "An eigenvalue is the curvature along its eigenvector.", "zh-TW": "特徵值就是沿著特徵向量的曲率。"},),
    options=(
        {"en": "a local minimum", "zh-TW": "局部最小值"},
        {"en": "a saddle point", "zh-TW": "鞍點"},
        {"en": "a local maximum", "zh-TW": "局部最大值"},
        {"en": "nothing can be said", "zh-TW": "無法判斷"},
    ),
    answer=1,
    why=(
        {"en": "Along one direction the curve bends downward: one step that way and f is lower.",
         "zh-TW": "有一個方向向下彎：往那裡走一步，f 就更低。"},
        {"en": "Right: up along one eigenvector, down along the other.",
         "zh-TW": "對：沿一個特徵向量向上，沿另一個向下。"},
        {"en": "Along one direction the curve bends upward.", "zh-TW": "有一個方向向上彎。"},
        {"en": "It could not, if an eigenvalue were 0. Here both have a sign.",
         "zh-TW": "若有特徵值為 0 才無法判斷；這裡兩個都有正負號。"},
    ),
)  # fmt: skip

EXERCISES = (MOMENTUM, ADAM, BOUND, FIRST_STEP, SADDLE)
