"""Lagrange multipliers, the homework: a multiplier, a tangent part, a walk, a verdict, a price, and a tip."""

from __future__ import annotations

from typing import Any

from pellucid.learn.homework import Case, Choice, Exercise, Function, Quantity


def _vectors(rng: Any) -> Case:
    n = int(rng.integers(2, 5))
    return Case((rng.normal(size=n).round(3).tolist(), rng.normal(size=n).round(3).tolist()))


def _several(rng: Any) -> Case:
    n = int(rng.integers(3, 6))
    return Case((rng.normal(size=n).round(3).tolist(), rng.normal(size=(2, n)).round(3).tolist()))


def _climb_case(rng: Any) -> Case:
    a, x = rng.normal(size=(2, 3))
    return Case((a.tolist(), (x / (x @ x) ** 0.5).tolist(), float(rng.uniform(0.05, 0.4)), int(rng.integers(2, 9))))


def _kind_case(rng: Any) -> Case:
    root = rng.normal(size=(3, 3))
    return Case(((root + root.T).round(3).tolist(), rng.normal(size=3).round(3).tolist()))


MULTIPLIER = Function(
    name="multiplier",
    title={"en": "The nearest λ", "zh-TW": "最接近的 λ"},
    task={
        "en": "At a point of the constraint, $\\nabla f$ and $\\nabla g$ are given. Which $\\lambda$ makes"
        " $\\nabla f - \\lambda \\nabla g$ shortest? (Then it is at a right angle to $\\nabla g$.)",
        "zh-TW": "在限制式的某一點上，已知 $\\nabla f$ 與 $\\nabla g$。哪個 $\\lambda$ 會讓"
        " $\\nabla f - \\lambda \\nabla g$ 最短？（這時它與 $\\nabla g$ 垂直。）",
    },
    points=2,
    hints=(
        {"en": "A right angle means: a dot product is 0.", "zh-TW": "垂直的意思是：內積等於 0。"},
        {
            "en": "Write down that dot product with λ in it, and solve for λ.",
            "zh-TW": "把含有 λ 的那個內積寫出來，再解出 λ。",
        },
    ),
    stub='''def multiplier(df, dg):
    """The multiplier that comes nearest to df = multiplier * dg.

    df: array [n], the gradient of f; dg: array [n], the gradient of g, not 0
    -> a float
    """
    raise NotImplementedError
''',
    solution="""def multiplier(df, dg):
    return df @ dg / (dg @ dg)  # (df - k dg) @ dg = 0, solved for k
""",
    public=(Case(([1.0, 1.0], [11.2, -1.6])), Case(([1.0, 1.0], [8.0, 8.0]))),
    hidden=(Case(([1.5, -2.5, 0.5], [0.25, 3.5, -1.5])), Case(([2.5, 1.5], [-1.5, 0.5]))),
    wrong=(
        # the other way round: how much of dg lies along df
        "def multiplier(df, dg):\n    return df @ dg / (df @ df)\n",
        # the ratio of the lengths has lost the sign
        "def multiplier(df, dg):\n    return (df @ df) ** 0.5 / (dg @ dg) ** 0.5\n",
        # no length of dg
        "def multiplier(df, dg):\n    return df @ dg\n",
        # a mean of quotients, right only where they agree
        "def multiplier(df, dg):\n    return (df / dg).mean()\n",
        # the cosine
        "def multiplier(df, dg):\n    return df @ dg / ((df @ df) * (dg @ dg)) ** 0.5\n",
    ),
    fresh=_vectors,
)

TANGENT = Function(
    name="tangent_part",
    title={"en": "What the constraints allow", "zh-TW": "限制式允許的方向"},
    task={
        "en": "Now there are several constraints. Give the part of $\\nabla f$ that is at a right angle to"
        " the gradient of *every* one: $d = \\nabla f - \\sum_i \\lambda_i \\nabla g_i$ with the right $\\lambda_i$.",
        "zh-TW": "現在有好幾個限制式。請求出 $\\nabla f$ 之中與*每一個*限制式的梯度都垂直的部分："
        "$d = \\nabla f - \\sum_i \\lambda_i \\nabla g_i$，其中 $\\lambda_i$ 要取對。",
    },
    points=3,
    hints=(
        {
            "en": "The gradients of the constraints need not be at right angles to each other.",
            "zh-TW": "各個限制式的梯度不一定互相垂直。",
        },
        {
            "en": "All right angles together are a system of equations for all multipliers: the normal equations.",
            "zh-TW": "把所有的垂直條件放在一起，就是所有乘數的聯立方程式：正規方程式。",
        },
    ),
    stub='''def tangent_part(df, dg):
    """The part of df that is orthogonal to every row of dg.

    df: array [n], the gradient of f; dg: array [m, n], a row for each constraint, none a mixture of the others
    -> array [n]
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def tangent_part(df, dg):
    multipliers = np.linalg.solve(dg @ dg.T, dg @ df)  # the normal equations, [m]
    return df - dg.T @ multipliers
""",
    public=(
        Case(([1.0, 1.0, 1.0], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])),
        Case(([1.0, 2.0, 3.0], [[1.0, 1.0, 1.0], [2.0, 0.0, 0.0]])),
    ),
    hidden=(
        Case(([1.5, -2.5, 0.5, 1.0], [[0.5, 1.5, -1.0, 2.0], [2.5, 0.5, 1.0, -0.5]])),
        Case(([0.5, 1.5, -2.5], [[1.0, 2.0, 0.5]])),
    ),
    wrong=(
        # takes off each projection by itself: right only if the rows are at right angles
        "def tangent_part(df, dg):\n    return df - sum((df @ g) / (g @ g) * g for g in dg)\n",
        # forgets to solve
        "def tangent_part(df, dg):\n    return df - dg.T @ (dg @ df)\n",
        # the other part
        "import numpy as np\ndef tangent_part(df, dg):\n    return dg.T @ np.linalg.solve(dg @ dg.T, dg @ df)\n",
        # only the first constraint
        "def tangent_part(df, dg):\n    g = dg[0]\n    return df - (df @ g) / (g @ g) * g\n",
    ),
    fresh=_several,
)

CLIMB = Function(
    name="climb",
    title={"en": "Climb on a sphere", "zh-TW": "在球面上往上爬"},
    task={
        "en": "Maximise $a \\cdot x$ on the sphere $x \\cdot x = 1$ by projected gradient ascent. Each step:"
        " take the part of the"
        " gradient along the sphere, move by `rate` times that, and come back by dividing by the length. Give"
        " the point after"
        " `steps` steps.",
        "zh-TW": "用投影梯度上升，在球面 $x \\cdot x = 1$ 上最大化 $a \\cdot x$。每一步：取梯度沿球面的部分，"
        "移動 `rate` 倍，再除以長度回到球面。請傳回 `steps` 步之後的點。",
    },
    points=3,
    hints=(
        {"en": "Which way does the sphere's gradient point, at x?", "zh-TW": "在 x 這一點，球面的梯度指向哪裡？"},
        {
            "en": "On the sphere x has length 1, which makes the projection short to write.",
            "zh-TW": "在球面上 x 的長度是 1，所以投影可以寫得很短。",
        },
    ),
    stub='''def climb(a, x, rate, steps):
    """Where projected gradient ascent on a @ x leads, on the sphere of radius 1.

    a: array [n]; x: array [n], the start, of length 1; rate: a float; steps: an int
    -> array [n]
    """
    raise NotImplementedError
''',
    solution="""def climb(a, x, rate, steps):
    for _ in range(steps):
        tangent = a - (a @ x) * x  # x is the normal, and has length 1
        x = x + rate * tangent
        x = x / (x @ x) ** 0.5  # back onto the sphere
    return x
""",
    public=(Case(([3.0, 4.0], [1.0, 0.0], 0.1, 1)), Case(([1.0, 2.0, 2.0], [1.0, 0.0, 0.0], 0.25, 3))),
    hidden=(Case(([0.5, -1.5, 2.5], [0.6, 0.0, 0.8], 0.15, 5)), Case(([1.5, 0.5], [0.0, 1.0], 0.3, 2))),
    wrong=(
        # the whole gradient: after division it is another step
        "def climb(a, x, rate, steps):\n    for _ in range(steps):\n        x = x + rate * a\n"
        "        x = x / (x @ x) ** 0.5\n    return x\n",
        # never comes back
        "def climb(a, x, rate, steps):\n    for _ in range(steps):\n        x = x + rate * (a - (a @ x) * x)\n "
        "   return x\n",
        # comes back at the end only
        "def climb(a, x, rate, steps):\n    for _ in range(steps):\n        x = x + rate * (a - (a @ x) * x)\n"
        "    return x / (x @ x) ** 0.5\n",
        # descends
        "def climb(a, x, rate, steps):\n    for _ in range(steps):\n        x = x - rate * (a - (a @ x) * x)\n"
        "        x = x / (x @ x) ** 0.5\n    return x\n",
        # the answer itself, not the way
        "def climb(a, x, rate, steps):\n    return a / (a @ a) ** 0.5\n",
    ),
    fresh=_climb_case,
)

KIND = Function(
    name="kind",
    title={"en": "Maximum, minimum or saddle", "zh-TW": "最大、最小還是鞍點"},
    task={
        "en": "At a stationary point the Hessian of the Lagrangian and the one $\\nabla g$ are given. Say what"
        " the point is:"
        ' `"maximum"`, `"minimum"` or `"saddle"`. Only directions along the constraint count. (None of the'
        " curvatures is 0.)",
        "zh-TW": "在某個駐點上，已知拉格朗日函數的 Hessian 和唯一的 $\\nabla g$。請說出這一點是"
        ' `"maximum"`（最大）、`"minimum"`（最小）還是 `"saddle"`（鞍點）。只有沿著限制式的方向才算。'
        "（沒有曲率是 0。）",
    },
    points=4,
    hints=(
        {
            "en": "Which directions are at a right angle to ∇g? numpy.linalg.svd of the row ∇g gives a basis of them.",
            "zh-TW": "哪些方向與 ∇g 垂直？對 ∇g 這一列做 numpy.linalg.svd，就能得到它們的一組基底。",
        },
        {
            "en": "With these directions as rows of T, look at the eigenvalues of T H Tᵀ.",
            "zh-TW": "把這些方向當成 T 的各列，再看 T H Tᵀ 的特徵值。",
        },
    ),
    stub='''def kind(hessian, dg):
    """What a stationary point is: "maximum", "minimum" or "saddle", along the constraint.

    hessian: array [n, n], of the Lagrangian; dg: array [n], the gradient of the constraint, not 0
    -> a str
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def kind(hessian, dg):
    turned = np.linalg.svd(dg[None])[2]  # [n, n]: the first row lies along dg
    tangents = turned[1:]
    curvatures = np.linalg.eigvalsh(tangents @ hessian @ tangents.T)
    if (curvatures < 0).all():
        return "maximum"
    return "minimum" if (curvatures > 0).all() else "saddle"
""",
    public=(
        Case(([[-0.25, 0.0], [0.0, -0.25]], [8.0, 8.0])),
        Case(([[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 2.0]], [1.0, 0.0, 0.0])),
    ),
    hidden=(
        Case(([[0.0, 1.0], [1.0, 0.0]], [2.0, 2.0])),
        Case(([[0.0, 1.0], [1.0, 0.0]], [2.0, -2.0])),
        Case(([[-5.0, 0.0, 0.0], [0.0, 1.5, 0.5], [0.0, 0.5, 2.5]], [1.5, 0.0, 0.0])),
        Case(([[4.0, 0.0, 0.0], [0.0, -1.5, 0.5], [0.0, 0.5, -2.5]], [1.5, 0.0, 0.0])),
    ),
    wrong=(
        # as if there were no constraint
        'import numpy as np\ndef kind(hessian, dg):\n    c = np.linalg.eigvalsh(hessian)\n    return "maximum"'
        " if (c < 0).all()"
        ' else "minimum" if (c > 0).all() else "saddle"\n',
        # the curvature across the constraint
        'def kind(hessian, dg):\n    return "maximum" if dg @ hessian @ dg < 0 else "minimum"\n',
        # signs swapped
        "import numpy as np\ndef kind(hessian, dg):\n    t = np.linalg.svd(dg[None])[2][1:]\n"
        '    c = np.linalg.eigvalsh(t @ hessian @ t.T)\n    return "minimum" if (c < 0).all()'
        ' else "maximum" if (c > 0).all() else "saddle"\n',
        # only one of the directions
        "import numpy as np\ndef kind(hessian, dg):\n    t = np.linalg.svd(dg[None])[2][1]\n"
        '    return "maximum" if t @ hessian @ t < 0 else "minimum"\n',
    ),
    fresh=_kind_case,
)

PRICE = Quantity(
    name="price",
    title={"en": "One more", "zh-TW": "再多一點"},
    task={
        "en": "The largest value of $3x + 4y$ on $x^2 + y^2 = 25$ is 25, at $(3, 4)$. To first order, by how"
        " much does it grow if"
        " the 25 on the right side becomes 27?",
        "zh-TW": "$3x + 4y$ 在 $x^2 + y^2 = 25$ 上的最大值是 25，在 $(3, 4)$。如果右邊的 25 變成 27，"
        "到一階近似，最大值會增加多少？",
    },
    points=1,
    hints=(
        {
            "en": "Which λ belongs to (3, 4)? And how many units are added?",
            "zh-TW": "(3, 4) 的 λ 是多少？又加了幾個單位？",
        },
    ),
    answer=2 * (3 / 6),
    reasoning={
        "en": "$\\nabla f = (3, 4)$ and $\\nabla g = (6, 8)$, so $\\lambda = 1/2$. Two more units on the right"
        " side bring about"
        " 2 · 1/2 = 1. (Exactly: $5\\sqrt{27} - 25$ = 0.981.)",
        "zh-TW": "$\\nabla f = (3, 4)$，$\\nabla g = (6, 8)$，所以 $\\lambda = 1/2$。右邊多兩個單位，"
        "大約多 2 · 1/2 = 1。（精確值：$5\\sqrt{27} - 25$ = 0.981。）",
    },
    rtol=0.005,
    wrong=(0.5, 2.0, 5 * 27**0.5 - 25, 0.25),
)

TIP = Choice(
    name="tip",
    title={"en": "A minimum without a multiplier", "zh-TW": "沒有乘數的最小值"},
    task={
        "en": "Which of these has a minimum at which $\\nabla f = \\lambda \\nabla g$ has no solution?",
        "zh-TW": "下列哪一題有最小值，但在那一點上 $\\nabla f = \\lambda \\nabla g$ 無解？",
    },
    points=1,
    hints=(
        {
            "en": "What could make the equation fail? Look for a point where ∇g = 0.",
            "zh-TW": "什麼會讓等式不成立？找找 ∇g = 0 的點。",
        },
    ),
    options=(
        {"en": "$x^2 + y^2$ on $x y = 4$", "zh-TW": "$x^2 + y^2$，限制式 $x y = 4$"},
        {"en": "$x$ on $y^2 = x^3$", "zh-TW": "$x$，限制式 $y^2 = x^3$"},
        {"en": "$x + y$ on $x - y = 0$", "zh-TW": "$x + y$，限制式 $x - y = 0$"},
        {"en": "$x$ on $x^2 + y^2 = 1$", "zh-TW": "$x$，限制式 $x^2 + y^2 = 1$"},
    ),
    answer=1,
    why=(
        {
            "en": "Its minima are (2, 2) and (-2, -2), both with the multiplier 2.",
            "zh-TW": "它的最小值在 (2, 2) 與 (-2, -2)，乘數都是 2。",
        },
        {
            "en": "Right. At the tip (0, 0) of the curve ∇g is 0, and no multiple of that is ∇f = (1, 0).",
            "zh-TW": "對。在曲線的尖端 (0, 0)，∇g 是 0，它的任何倍數都不是 ∇f = (1, 0)。",
        },
        {"en": "It has no minimum: it falls without end.", "zh-TW": "它沒有最小值：會一直下降。"},
        {
            "en": "The minimum is (-1, 0), where ∇g = (-2, 0), with the multiplier -1/2.",
            "zh-TW": "最小值在 (-1, 0)，那裡 ∇g = (-2, 0)，乘數是 -1/2。",
        },
    ),
)

EXERCISES: tuple[Exercise, ...] = (MULTIPLIER, TANGENT, CLIMB, KIND, PRICE, TIP)
