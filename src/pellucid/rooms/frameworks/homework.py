"""Homework of the frameworks: an iterator, a saver, what backward() changes; and two graphs, in homework_graph.py."""

from __future__ import annotations

import numpy as np

from pellucid.learn.homework import Case, Choice, Function
from pellucid.rooms.frameworks.homework_graph import GRADIENTS, SESSION


def _batches_case(rng: np.random.Generator) -> Case:
    return Case(([int(each) for each in rng.integers(0, 99, int(rng.integers(5, 14)))], int(rng.integers(2, 5))))


def _restore_case(rng: np.random.Generator) -> Case:
    weights = {"w": [0.0, 0.0], "b": [0.0]}
    return Case((weights, {"w": [round(float(each), 3) for each in rng.normal(size=2)], "old": [1.0]}), arrays=False)


BATCHES = Function(
    name="batches",
    title={"en": "An iterator that loses nothing", "zh-TW": "一個樣本都不漏的 Iterator"},
    task={
        "en": "Hand out the examples in batches of `size`, in their order. The last batch may be smaller, but never "
        "empty, and no example may be lost or come twice. Return the list of batches.",
        "zh-TW": "把樣本依序分成大小為 `size` 的批次。最後一批可以比較小，但不能是空的；樣本不可以遺漏，也不可以重複。"
        "傳回各批次的 list。",
    },
    points=1,
    hints=(
        {"en": "At which positions does a batch begin?", "zh-TW": "每一批從哪些位置開始？"},
        {"en": "A slice that goes beyond the end is cut off there by Python itself.",
         "zh-TW": "切片超出結尾時，Python 會自己截斷。"},
    ),
    stub='''def batches(examples, size):
    """The examples in batches.

    examples: array of shape [n], n may be 0
    size: examples of a batch, a whole number from 1
    Returns a list of arrays: all of shape [size], but the last, which has what is left.
    """
    raise NotImplementedError
''',
    solution='''def batches(examples, size):
    starts = range(0, len(examples), size)  # 0, size, 2 size, … and none at or beyond the end
    return [examples[start : start + size] for start in starts]
''',
    public=(Case(([1, 2, 3, 4, 5], 2)), Case(([1, 2, 3, 4], 2))),
    hidden=(Case(([7, 8, 9], 5)), Case(([5], 1)), Case(([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], 4)), Case(([], 3))),
    fresh=_batches_case,
    wrong=(
        # the rest is lost
        "def batches(examples, size):\n"
        "    return [examples[i * size : (i + 1) * size] for i in range(len(examples) // size)]\n",
        # an empty one at the end
        "def batches(examples, size):\n"
        "    return [examples[i * size : (i + 1) * size] for i in range(len(examples) // size + 1)]\n",
        # they overlap
        "def batches(examples, size):\n"
        "    return [examples[i : i + size] for i in range(0, len(examples), size - 1 or 1)]\n",
        # one too many in each
        "def batches(examples, size):\n"
        "    return [examples[i : i + size + 1] for i in range(0, len(examples), size)]\n",
    ),
)  # fmt: skip

RESTORE = Function(
    name="restore",
    title={"en": "A saver that does not guess", "zh-TW": "不亂猜的 Saver"},
    task={
        "en": "Put saved weights back into a model, by name. A name that the model does not have is left out, and a "
        "weight that was not saved, or has another length, stays as it is. Return the new weights and the sorted "
        "list of the names that were *not* restored. Change neither argument.",
        "zh-TW": "依名稱把存下的權重放回模型。模型裡沒有的名稱略過；沒有存下、或長度不同的權重保持原狀。"
        "傳回新的權重，以及*沒有*還原的名稱（排序過的 list）。兩個引數都不可以改動。",
    },
    points=2,
    hints=(
        {"en": "Go through the model's names, not through the file's.", "zh-TW": "要走過的是模型的名稱，不是檔案的。"},
        {"en": "The order of a dictionary says nothing: weights belong together by name.",
         "zh-TW": "字典的順序沒有意義，權重要靠名稱對應。"},
    ),
    stub='''def restore(weights, saved):
    """Saved weights, put into a model.

    weights: the model's weights, {name: list of numbers}
    saved: what a file holds, {name: list of numbers}
    Returns (new weights with the names of `weights`, sorted names that were not restored).
    """
    raise NotImplementedError
''',
    solution='''def restore(weights, saved):
    fits = {name for name in weights if name in saved and len(saved[name]) == len(weights[name])}
    new = {name: list(saved[name] if name in fits else weights[name]) for name in weights}
    return new, sorted(set(weights) - fits)
''',
    public=(
        Case(({"w": [0.0, 0.0], "b": [0.0]}, {"w": [1.5, -2.0], "b": [0.5]}), arrays=False),
        Case(({"w": [0.0, 0.0], "b": [0.0]}, {"w": [1.5, -2.0], "old": [9.0]}), arrays=False),
    ),
    hidden=(
        Case(({"w": [1.0, 2.0], "b": [3.0]}, {"b": [0.5], "w": [7.0, 8.0, 9.0]}), arrays=False),
        Case(({"w": [1.0], "b": [3.0]}, {"b": [0.25], "w": [0.75]}), arrays=False),
        Case(({"w": [1.0]}, {}), arrays=False),
    ),
    fresh=_restore_case,
    wrong=(
        # by place
        "def restore(weights, saved):\n"
        "    new = dict(weights) | dict(zip(weights, saved.values()))\n"
        "    return new, sorted(set(weights) - set(saved))\n",
        # takes in what the model does not have
        "def restore(weights, saved):\n    return {**weights, **saved}, sorted(set(weights) - set(saved))\n",
        # lengths are not compared
        "def restore(weights, saved):\n"
        "    return {n: saved.get(n, w) for n, w in weights.items()}, sorted(set(weights) - set(saved))\n",
        # says which names were left out of the file, not which weights were not restored
        "def restore(weights, saved):\n"
        "    fits = {n for n in weights if n in saved and len(saved[n]) == len(weights[n])}\n"
        "    return {n: saved[n] if n in fits else weights[n] for n in weights}, sorted(set(saved) - fits)\n",
    ),
)  # fmt: skip

BACKWARD = Choice(
    name="what_backward_changes",
    title={"en": "What does backward() change?", "zh-TW": "backward() 改變了什麼？"},
    task={
        "en": "In PyTorch, `loss.backward()` is called twice for the same batch (two forward passes), with no "
        "`zero_grad()` and no `step()` in between, and all gradients were 0 before. What is there afterwards?",
        "zh-TW": "在 PyTorch 對同一批資料做兩次前向計算，各呼叫一次 `loss.backward()`，中間沒有 `zero_grad()`，"
        "也沒有 `step()`，而開始前所有梯度都是 0。之後會是什麼情形？",
    },
    points=1,
    hints=({"en": "Who writes to weight.grad, and does it write or add?",
            "zh-TW": "誰寫入 weight.grad？是覆寫還是累加？"},),
    options=(
        {"en": "the weights have moved twice", "zh-TW": "權重走了兩步"},
        {"en": "each weight's grad is the gradient", "zh-TW": "每個權重的 grad 就是梯度"},
        {"en": "each weight's grad is twice the gradient", "zh-TW": "每個權重的 grad 是梯度的兩倍"},
        {"en": "an error: a graph is used only once", "zh-TW": "出現錯誤：一張圖只能用一次"},
    ),
    answer=2,
    why=(
        {"en": "backward() changes no weight; only step() does.",
         "zh-TW": "backward() 不改變任何權重，只有 step() 會。"},
        {"en": "That would need zero_grad() in between: backward() adds.",
         "zh-TW": "那需要中間有 zero_grad()：backward() 是累加的。"},
        {"en": "Right: it adds to what is there, and no weight has changed between the two.",
         "zh-TW": "對：它會加到原有的值上，而兩次之間權重沒有變。"},
        {"en": "Each forward pass makes a graph of its own, so each is used once.",
         "zh-TW": "每次前向計算都產生自己的圖，所以每張圖都只用了一次。"},
    ),
)  # fmt: skip

EXERCISES = (BATCHES, SESSION, GRADIENTS, RESTORE, BACKWARD)
