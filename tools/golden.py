"""Golden vectors for the studio's arithmetic: `python tools/golden.py` writes tests/studio/golden/*.json.

Calls come from tests/look/test_ops_table.txt (one ATen call a line, checked there against torch) and from
tests/studio/golden/calls.txt (the same notation, what else the studio should be asked). Their tensors are filled by a
seed that is the line itself; the numbers that should come out are those of `pellucid.look.ops`. One file a family, one
case a line: {"call", "kind", "args", "kwargs", "outputs"}, for tests/studio/arithmetic.test.mjs.
A tensor is {"shape", "dtype", "values"}, an output {"shape", "values"} and, where not all cells were kept, "places".
kinds.json lists every kind that has a reference.

`--check` changes nothing and fails where the files are not what this would write, up to the last digits of a result:
another machine adds in another order.
"""

from __future__ import annotations

import ast
import json
import math
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.look.check import view_write
from pellucid.look.ops import REFERENCES, Reference

ROOT = Path(__file__).parents[1]
TABLES = (ROOT / "tests/look/test_ops_table.txt", ROOT / "tests/studio/golden/calls.txt")
GOLDEN = ROOT / "tests/studio/golden"
CELLS = 48  # of one output, where it has more
KINDS = {**REFERENCES, "view_write": Reference(view_write)}


def main(check: bool) -> None:
    files = {GOLDEN / f"{family}.json": cases for family, cases in golden().items()}
    files[GOLDEN / "kinds.json"] = sorted(KINDS)
    if not check:
        for file, cases in files.items():
            lines = (json.dumps(case, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for case in cases)
            file.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
        return
    there = {file: json.loads(file.read_text(encoding="utf-8")) for file in GOLDEN.glob("*.json")}
    wrong = [file.name for file in sorted(files.keys() | there.keys()) if not same(files.get(file), there.get(file))]
    if wrong:
        sys.exit(f"not what the references say: {', '.join(wrong)}; run python tools/golden.py")


def golden() -> dict[str, list[dict[str, Any]]]:
    """The cases by family: the first word of the table's section."""
    families: dict[str, list[dict[str, Any]]] = {}
    for table in TABLES:
        family = ""
        for line in table.read_text(encoding="utf-8").splitlines():
            if line.startswith("# --- "):
                family = line.split()[2].rstrip(":")
            elif line and not line.startswith("#"):
                families.setdefault(family, []).append(case(line))
    return families


def case(line: str) -> dict[str, Any]:
    """One call with its arguments and what comes out."""
    kind, args, kwargs = read(line)
    outputs = KINDS[kind].compute(*plain(args), **plain(kwargs))
    outputs = outputs if isinstance(outputs, tuple | list) else (outputs,)
    return {
        "call": line,
        "kind": kind,
        "args": encoded(args),
        "kwargs": encoded(kwargs),
        "outputs": [None if each is None else sampled(np.asarray(each), line) for each in outputs],
    }


# --- reading a line ---------------------------------------------------------------------------------------------------


class Tensor(np.ndarray):
    """An array as the references take it (any floating dtype as float64) that says which dtype it stands for."""

    dtype_name: str

    def double(self) -> Tensor:
        return tensor(self, "float64")

    def to(self, dtype: str) -> Tensor:
        return tensor(self, dtype)


def tensor(values: Any, dtype: str | None = None) -> Tensor:
    array = np.asarray(values)
    dtype = dtype or str(array.dtype)
    made = array.astype(np.float64 if "float" in dtype else dtype).view(Tensor)
    made.dtype_name = dtype
    return made


def words(line: str) -> dict[str, Any]:
    """What a line may say inside its brackets; tests/look/test_ops_table.txt explains them."""
    rng = np.random.RandomState(zlib.crc32(line.encode()))  # its numbers stay the same in every NumPy

    def x(*shape: int) -> Tensor:
        return tensor(np.round(rng.standard_normal(shape), 3) + 0.0)  # never -0.0

    def weights(
        gates: int, layers: int = 1, directions: int = 1, biases: bool = True, projection: int = 0
    ) -> list[Tensor]:
        out = projection or 4
        shapes: list[tuple[int, ...]] = []
        for layer in range(layers):
            for _ in range(directions):
                shapes += [(gates * 4, 3 if layer == 0 else out * directions), (gates * 4, out)]
                shapes += [(gates * 4,), (gates * 4,)] * biases + [(projection, 4)] * bool(projection)
        return [x(*shape) for shape in shapes]

    return {
        "x": x,
        "y": x,
        "x32": lambda *shape: tensor(np.round(rng.standard_normal(shape) * 64) / 64, "float32"),
        "u": lambda *shape: tensor(np.round(rng.uniform(0.05, 0.95, shape), 3)),
        "i": lambda low, high, *shape: tensor(rng.randint(low, high, shape, dtype=np.int64)),
        "b": lambda *shape: tensor(rng.uniform(size=shape) < 0.5),
        "t": tensor,
        "full": lambda shape, value: tensor(np.full(shape, value)),
        "weights": weights,
        "inf": math.inf,
        "nan": math.nan,
        **{dtype: dtype for dtype in "bool uint8 int8 int64 float16 bfloat16 float32 float64".split()},
    }


def read(line: str) -> tuple[str, list[Any], dict[str, Any]]:
    """`add_.Tensor(x(3), x(3), alpha=2)` → the kind `add`, its arguments."""
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    name = ast.unparse(call.func).split(".")[0]
    inside = words(line)
    evaluate: Callable[[ast.expr], Any] = lambda node: eval(ast.unparse(node), {}, inside)  # noqa: E731
    args: list[Any] = []
    for node in call.args:
        args += evaluate(node.value) if isinstance(node, ast.Starred) else [evaluate(node)]
    kwargs = {str(keyword.arg): evaluate(keyword.value) for keyword in call.keywords}
    return name if name.endswith("__") else name.removesuffix("_"), args, kwargs


def plain(value: Any) -> Any:
    """Without our subclass of arrays."""
    match value:
        case np.ndarray():
            return np.asarray(value)
        case list():
            return [plain(each) for each in value]
        case dict():
            return {key: plain(each) for key, each in value.items()}
    return value


# --- writing and comparing --------------------------------------------------------------------------------------------


def encoded(value: Any) -> Any:
    match value:
        case Tensor():
            values = [number(each) for each in value.reshape(-1).tolist()]
            return {"shape": list(value.shape), "dtype": value.dtype_name, "values": values}
        case list():
            return [encoded(each) for each in value]
        case dict():
            return {key: encoded(each) for key, each in value.items()}
        case float():
            return number(value)
    return value


def number(value: Any) -> Any:
    """As JSON has it: 15 digits, NaN and infinities by name, bools as 0 and 1."""
    if isinstance(value, float):
        return float(f"{value:.15g}") if math.isfinite(value) else {"float": str(value)}
    return int(value)


def sampled(array: np.ndarray, line: str) -> dict[str, Any]:
    """An output: all of it, or some cells spread over it."""
    flat = array.reshape(-1).tolist()
    if len(flat) <= CELLS:
        return {"shape": list(array.shape), "values": [number(each) for each in flat]}
    places = np.random.RandomState(zlib.crc32(line.encode())).permutation(len(flat))[:CELLS]
    kept = sorted(places.tolist())
    return {"shape": list(array.shape), "places": kept, "values": [number(flat[place]) for place in kept]}


def same(a: Any, b: Any) -> bool:
    """Equal, numbers up to their last digits."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-11, abs_tol=1e-13)
    return type(a) is type(b) and bool(a == b)


if __name__ == "__main__":
    main("--check" in sys.argv[1:])
