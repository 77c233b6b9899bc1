"""Homework of the frameworks, on graphs: a session that runs one, and the way back through one."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.learn.homework import Case, Function


def _formula(rng: np.random.Generator) -> list[Any]:
    """A small graph over a, b, c whose values are used more than once, each from those before it."""
    known, operations = ["a", "b", "c"], []
    for i in range(int(rng.integers(4, 7))):
        kind = ("add", "mul", "tanh")[int(rng.integers(3))]
        inputs = [known[int(rng.integers(len(known)))] for _ in range(1 if kind == "tanh" else 2)]
        operations.append([f"v{i}", kind, inputs])
        known.append(f"v{i}")
    return operations


def _numbers(rng: np.random.Generator) -> dict[str, float]:
    return {name: round(float(rng.uniform(-1.5, 1.5)), 3) for name in "abc"}


def _run_case(rng: np.random.Generator) -> Case:
    operations = _formula(rng)
    order = [int(i) for i in rng.permutation(len(operations))]
    return Case(([operations[i] for i in order], _numbers(rng), operations[-1][0]), arrays=False)


def _gradients_case(rng: np.random.Generator) -> Case:
    return Case((_formula(rng), _numbers(rng)), arrays=False)


SUM_OF_PRODUCTS = [["p", "mul", ["a", "b"]], ["s", "add", ["p", "a"]], ["t", "tanh", ["s"]]]
SHUFFLED = [["t", "tanh", ["s"]], ["s", "add", ["p", "a"]], ["unused", "mul", ["s", "s"]], ["p", "mul", ["a", "b"]]]
TWICE = [["square", "mul", ["a", "a"]], ["both", "add", ["square", "a"]]]
DIAMOND = [["u", "tanh", ["a"]], ["v", "mul", ["u", "b"]], ["w", "mul", ["v", "u"]], ["y", "add", ["w", "v"]]]

SESSION = Function(
    name="run_session",
    title={"en": "A session of your own", "zh-TW": "自己寫一個 Session"},
    task={
        "en": "A static graph is a list of operations `[name, kind, inputs]`, in any order. Compute the value called "
        "`wanted`, as TensorFlow's `session.run` did: run only what it needs, and each operation once. Return the "
        "value and the names of the operations that ran, sorted by the alphabet. Kinds: `add`, `mul` (two inputs), "
        "`tanh` (one).",
        "zh-TW": "靜態圖是運算 `[name, kind, inputs]` 的 list，順序不拘。像 TensorFlow 的 `session.run` 那樣，"
        "算出名為 `wanted` 的值：只執行需要的運算，每個只執行一次。傳回那個值，以及執行過的運算名稱（依字母排序）。"
        "運算有 `add`、`mul`（兩個輸入）與 `tanh`（一個輸入）。",
    },
    points=3,
    hints=(
        {"en": "To know a value, first know its inputs. What is in feed is known already.",
         "zh-TW": "要知道一個值，先要知道它的輸入。feed 裡的已經知道了。"},
        {"en": "A function that calls itself for each input walks the graph from the wanted value backward.",
         "zh-TW": "寫一個對每個輸入呼叫自己的函式，就會從想要的值往回走完整張圖。"},
    ),
    stub='''def run_session(operations, feed, wanted):
    """Run a part of a static graph.

    operations: list of [name, kind, inputs]; inputs are names of operations or of placeholders
    feed: the placeholders' numbers by name
    wanted: the name of an operation or of a placeholder
    Returns (the value, the sorted list of the names of all operations that ran).
    """
    raise NotImplementedError
''',
    solution='''import math


def run_session(operations, feed, wanted):
    by_name = {name: (kind, inputs) for name, kind, inputs in operations}
    known = dict(feed)

    def value(name):
        if name not in known:  # else it has run already, or was fed
            kind, inputs = by_name[name]
            numbers = [value(each) for each in inputs]
            known[name] = (
                math.tanh(numbers[0]) if kind == "tanh"
                else numbers[0] + numbers[1] if kind == "add"
                else numbers[0] * numbers[1]
            )
        return known[name]

    found = value(wanted)
    return found, sorted(name for name in known if name not in feed)
''',
    public=(
        Case((SHUFFLED, {"a": 0.5, "b": -1.0}, "t"), arrays=False),
        Case((SHUFFLED, {"a": 0.5, "b": -1.0}, "p"), arrays=False),
    ),
    hidden=(
        Case((SHUFFLED, {"a": 2.0, "b": 0.25}, "unused"), arrays=False),
        Case((DIAMOND[::-1], {"a": 0.3, "b": 1.5}, "y"), arrays=False),
        Case((DIAMOND[::-1], {"a": 0.3, "b": 1.5}, "b"), arrays=False),
    ),
    fresh=_run_case,
    wrong=(
        # all of the graph, whether wanted or not
        "import math\n"
        "def run_session(operations, feed, wanted):\n"
        "    known = dict(feed)\n"
        "    while len(known) < len(feed) + len(operations):\n"
        "        for name, kind, inputs in operations:\n"
        "            if name not in known and all(each in known for each in inputs):\n"
        "                x = [known[each] for each in inputs]\n"
        "                known[name] = math.tanh(x[0]) if kind == 'tanh' else x[0] + x[1]\n"
        "                if kind == 'mul':\n"
        "                    known[name] = x[0] * x[1]\n"
        "    return known[wanted], sorted(name for name, _, _ in operations)\n",
        # in the order of the list
        "import math\n"
        "def run_session(operations, feed, wanted):\n"
        "    known, ran = dict(feed), []\n"
        "    for name, kind, inputs in operations:\n"
        "        x = [known[each] for each in inputs]\n"
        "        known[name] = math.tanh(x[0]) if kind == 'tanh' else x[0] + x[1] if kind == 'add' else x[0] * x[1]\n"
        "        ran.append(name)\n"
        "    return known[wanted], sorted(ran)\n",
        # what is used twice runs twice
        "import math\n"
        "def run_session(operations, feed, wanted):\n"
        "    by_name, ran = {name: (kind, inputs) for name, kind, inputs in operations}, []\n"
        "    def value(name):\n"
        "        if name in feed:\n"
        "            return feed[name]\n"
        "        ran.append(name)\n"
        "        kind, inputs = by_name[name]\n"
        "        x = [value(each) for each in inputs]\n"
        "        return math.tanh(x[0]) if kind == 'tanh' else x[0] + x[1] if kind == 'add' else x[0] * x[1]\n"
        "    return value(wanted), sorted(ran)\n",
    ),
)  # fmt: skip

GRADIENTS = Function(
    name="gradients",
    title={"en": "The way back", "zh-TW": "往回走"},
    task={
        "en": "Differentiate a graph by yourself. The operations are listed in the order in which they ran; the last "
        "one is the output. Return its derivative with respect to each number in `feed`, 0 where it does not depend on "
        "it.",
        "zh-TW": "自己替一張圖微分。運算依執行的順序列出，最後一個是輸出。"
        "傳回輸出對 `feed` 裡每個數的導數；沒有關係的就是 0。",
    },
    points=4,
    hints=(
        {"en": "First forward: keep every value. Then back through the list, from the output, whose derivative with "
         "respect to itself is 1.",
         "zh-TW": "先往前算，保留每個值；再倒著走一遍：輸出對自己的導數是 1。"},
        {"en": "A value that is used twice has two ways to the output. What happens to their shares?",
         "zh-TW": "被用到兩次的值，有兩條路通往輸出。兩條路的份要怎麼處理？"},
        {"en": "The derivative of tanh is 1 minus the square of its result.",
         "zh-TW": "tanh 的導數是 1 減去結果的平方。"},
    ),
    stub='''def gradients(operations, feed):
    """The derivative of the last operation with respect to each number of feed.

    operations: list of [name, kind, inputs] in the order in which they ran; kinds: add, mul (two inputs), tanh (one)
    feed: numbers by name
    Returns {name: derivative} for the names in feed.
    """
    raise NotImplementedError
''',
    solution='''import math


def gradients(operations, feed):
    value = dict(feed)
    for name, kind, inputs in operations:  # forward
        x = [value[each] for each in inputs]
        value[name] = math.tanh(x[0]) if kind == "tanh" else x[0] + x[1] if kind == "add" else x[0] * x[1]
    slope = dict.fromkeys(value, 0.0)
    slope[operations[-1][0]] = 1.0
    for name, kind, inputs in reversed(operations):  # backward
        if kind == "tanh":
            slope[inputs[0]] += slope[name] * (1 - value[name] ** 2)
        else:
            first, second = inputs
            slope[first] += slope[name] * (1 if kind == "add" else value[second])
            slope[second] += slope[name] * (1 if kind == "add" else value[first])  # +=: the shares of all ways add up
    return {name: slope[name] for name in feed}
''',
    public=(
        Case((SUM_OF_PRODUCTS, {"a": 0.5, "b": -1.0}), arrays=False),
        Case((TWICE, {"a": 3.0, "b": 7.0}), arrays=False),
    ),
    hidden=(
        Case((DIAMOND, {"a": 0.3, "b": 1.5}), arrays=False),
        Case((DIAMOND, {"a": -0.8, "b": 0.25}), arrays=False),
        Case((SUM_OF_PRODUCTS, {"a": -1.25, "b": 0.75}), arrays=False),
    ),
    fresh=_gradients_case,
    wrong=tuple(
        "import math\n"
        "def gradients(operations, feed):\n"
        "    value = dict(feed)\n"
        "    for name, kind, inputs in operations:\n"
        "        x = [value[each] for each in inputs]\n"
        "        value[name] = math.tanh(x[0]) if kind == 'tanh' else x[0] + x[1] if kind == 'add' else x[0] * x[1]\n"
        "    slope = dict.fromkeys(value, 0.0)\n"
        "    slope[operations[-1][0]] = 1.0\n"
        f"    for name, kind, inputs in {order}:\n"
        "        if kind == 'tanh':\n"
        f"            slope[inputs[0]] {sets} slope[name] * (1 - {squared} ** 2)\n"
        "        else:\n"
        "            first, second = inputs\n"
        f"            slope[first] {sets} slope[name] * (1 if kind == 'add' else value[{factor}])\n"
        f"            slope[second] {sets} slope[name] * (1 if kind == 'add' else value[first])\n"
        "    return {name: slope[name] for name in feed}\n"
        for order, sets, squared, factor in (
            ("reversed(operations)", "=", "value[name]", "second"),  # one way overwrites the other
            ("operations", "+=", "value[name]", "second"),  # from the front
            ("reversed(operations)", "+=", "value[inputs[0]]", "second"),  # tanh's argument for its result
            ("reversed(operations)", "+=", "value[name]", "first"),  # the wrong factor
        )
    ),
)  # fmt: skip
