"""Inside a call: from the seed through the rounds of the generator to numbers, batch by batch; tables and story."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from pellucid.core.card import Words
from pellucid.core.contract import Layer, Table
from pellucid.look import Trace
from pellucid.look.tape import Tape
from pellucid.look.trace import Value
from pellucid.rooms.random_numbers import means
from pellucid.rooms.random_numbers.batches import add_batches
from pellucid.rooms.random_numbers.call import Call
from pellucid.rooms.random_numbers.captions import AXIS_TITLES, SHORT, STORY, SYMBOLS, TITLES
from pellucid.rooms.random_numbers.distributions import Array, Distribution
from pellucid.rooms.random_numbers.functions import ROWS
from pellucid.rooms.random_numbers.law import sizes
from pellucid.rooms.random_numbers.means import add_means
from pellucid.rooms.random_numbers.philox import ROUNDS
from pellucid.rooms.random_numbers.rounds import MODULE, philox, seed_key
from pellucid.rooms.random_numbers.verdict import drawn, shape_text, verdict

MOST = 1_024  # numbers of one look


def look(call: Call, seed: int) -> Trace:
    """Every operation behind a call, for its first 1,024 numbers."""
    sample = drawn(call, seed)
    count = min(call.count, MOST)
    shape = call.shape if count == call.count else (count,)
    pen = Tape(STORY)
    key = seed_key(pen, sample.seed)
    even, odd = philox(pen, key, (count + 1) // 2)
    uniform = _uniform(pen, even, odd)
    flat = _shaped(pen, call.distribution, uniform, count)
    axes = {0: (), 1: ("number",), 2: ("row", "column")}.get(len(shape))
    pen("view", flat, list(shape), name="numbers", axes=axes)
    plots = add_batches(pen, call.distribution, flat, count) + add_means(pen, call.distribution, flat, count)
    labels = [str(each) for each in sizes(count)] if count > 1 else []
    trace = pen.trace(
        room="random_numbers",
        picture="density" if count > 1 else "bits",
        titles=TITLES,
        short=SHORT,
        symbols=SYMBOLS,
        axis_titles=AXIS_TITLES,
        steps={
            "": {"axis": "batch", "labels": labels},
            MODULE: {"axis": "round", "labels": [str(each + 1) for each in range(ROUNDS)]},
            means.MODULE: {"axis": "group size", "labels": [str(each) for each in means.GROUPS]},
        },
        plots=plots,
        notes=[] if count == call.count else [_cut(call.count)],
        call=call.function,
        seed=sample.seed,
        told=call.distribution.told,
        shape=shape_text(call.shape),
        verdict=verdict(sample),
    )
    trace.modules |= {MODULE: "Philox 4x32-10", means.MODULE: "means of groups"}
    edges = trace.array("edges") if count > 1 else np.zeros(0)
    if len(edges) > 1:
        trace.axis_labels = {"bin": _bin_names(call.distribution, edges)}
    if means.MODULE in {node.module for node in trace.nodes}:
        trace.axis_labels["errors"] = [f"{low:g} … {high:g}" for low, high in pairwise(trace.array("group_edges"))]
    trace.tell(STORY)
    return trace


def _cut(count: int) -> Words:
    return {
        "en": f"Of {count:,} numbers the first {MOST:,} are looked into; the verdict is about all of them.",
        "zh-TW": f"共 {count:,} 個數字，這裡看的是最前面的 {MOST:,} 個；結論則涵蓋全部。",
    }


def _bin_names(distribution: Distribution, edges: Array) -> list[str]:
    """6 for a bin of one whole number, else from … to."""
    if distribution.kind == "integers":
        lows, highs = edges[:-1] + 0.5, np.minimum(edges[1:] - 0.5, distribution.b - 1)
        return [f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}" for low, high in zip(lows, highs, strict=True)]
    return [f"{low:.3g} … {high:.3g}" for low, high in pairwise(edges)]


def _uniform(pen: Tape, even: Value, odd: Value) -> Value:
    """[2, block] in [0, 1): a pair of words for each number."""
    upper = pen("bitwise_left_shift", pen("bitwise_right_shift", even, 5), 26)
    whole = pen("add", upper, pen("bitwise_right_shift", odd, 6), name="whole", axes=("word", "block"))
    return pen("div", whole, np.array(2.0**53), name="uniform", axes=("word", "block"))


def _shaped(pen: Tape, distribution: Distribution, uniform: Value, count: int) -> Value:
    """[number], of the distribution, in order."""
    if distribution.kind == "normal":
        rest = pen("rsub", pen("select", uniform, 0, 0), 1.0)
        radius = pen("sqrt", pen("mul", pen("log", rest), -2.0), name="radius", axes=("block",))
        angle = pen("mul", pen("select", uniform, 0, 1), 2 * np.pi, name="angle", axes=("block",))
        across, up = pen("mul", radius, pen("cos", angle)), pen("mul", radius, pen("sin", angle))
        values = pen("stack", [across, up], name="normal", axes=("coordinate", "block"))
        values = pen("mul", values, float(distribution.b), name="scaled", axes=("coordinate", "block"))
    else:
        width = float(distribution.b - distribution.a)
        values = pen("mul", uniform, width, name="scaled", axes=("word", "block"))
        if distribution.kind == "integers":
            values = pen("floor", values, name="whole_steps", axes=("word", "block"))
    ordered = pen("slice", pen("reshape", pen("t", values), [-1]), 0, 0, count)
    return pen("add", ordered, float(distribution.a), name="flat", axes=("number",))


# tables and story


def tables(distribution: Distribution) -> list[Table]:
    """What comes out of what; then the same functions in every library."""
    two = "mean and standard deviation" if distribution.kind == "normal" else "from where to where"
    rows = (
        Layer("seed", "key of 2 words", "[2]", 0, "64 bits"),
        Layer("words", f"Philox 4x32, {ROUNDS} rounds", "[4, blocks]", 0, "128 bits a block"),
        Layer("uniform", "53 bits / 2^53", "[2, blocks]", 0, "two numbers a block"),
        Layer("numbers", distribution.told, "n", 2, two),
    )
    functions = tuple(Layer(row.call, row.draws, str(row.shape), 0, row.dtype) for row in ROWS)
    return [Table("random_numbers", rows), Table("what each library gives", functions)]


def tell(trace: Trace) -> Iterator[str]:
    """Seed, bits, batches and the verdict, in the terminal."""
    meta = trace.meta
    yield f"{'call':10}{meta['call']}: {meta['told']}, shape {meta['shape']}, seed {meta['seed']}"
    yield ""
    for step, row in enumerate(trace.array("bits")):
        words = ["".join("█" if bit else "·" for bit in word) for word in row.reshape(4, 32)]
        yield f"{f'round {step}' if step else 'counter':10}{' '.join(words[:2])}"
    yield ""
    flat = trace.array("flat")
    yield f"{'uniform':10}{_listed(trace.array('uniform').T.reshape(-1)[: len(flat)])}"
    yield f"{'numbers':10}{_listed(flat)}"
    labels = meta["steps"][""]["labels"]
    if labels:
        yield ""
        yield f"{'drawn':>8}  {'mean':>10}  {'std':>10}  {'off':>6}  {'distance':>8}"
        columns = [trace.series(name) for name in ("mean", "std", "off", "distance")]
        for label, mean, std, off, distance in zip(labels, *columns, strict=True):
            yield f"{label:>8}  {mean:10.4g}  {std:10.4g}  {off:6.2f}  {distance:8.3f}"
    yield ""
    yield f"{'verdict':10}{meta['verdict']['en']}"


def _listed(numbers: Array) -> str:
    return "  ".join(f"{each:.4g}" for each in numbers[:6]) + ("  …" if len(numbers) > 6 else "")
