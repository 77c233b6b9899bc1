"""Every reference against torch: the table in test_ops_table.txt, one ATen call a line."""

import ast
import copy
import math
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

from pellucid.look.ops import REFERENCES
from pellucid.look.ops.registry import cast, reference

torch.set_num_threads(1)

LINES = Path(__file__).with_name("test_ops_table.txt").read_text(encoding="utf-8").splitlines()
TABLE = [line for line in LINES if line and not line.startswith("#")]

# --- reading a line ---------------------------------------------------------------------------------------------------


class Call:
    """An ATen operation by name; calling it gives (kind, torch's own callable, arguments)."""

    def __init__(self, name: str, overload: str = "default") -> None:
        self.name, self.overload = name, overload

    def __getattr__(self, overload: str) -> "Call":
        return Call(self.name, overload)

    def __call__(self, *args: Any, **kwargs: Any) -> tuple[str, Callable[..., Any], Any, Any]:
        name = self.name
        kind = name.removesuffix("_") if not name.endswith("__") else name
        return kind, getattr(getattr(torch.ops.aten, name), self.overload), args, kwargs


def words(seed: int) -> dict[str, Any]:
    """What a line of the table may say, besides the names of operations."""
    rng = torch.Generator().manual_seed(seed)

    def x(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=rng, dtype=torch.float64)

    def weights(
        gates: int, layers: int = 1, directions: int = 1, biases: bool = True, projection: int = 0
    ) -> list[torch.Tensor]:
        out = projection or 4
        shapes: list[tuple[int, ...]] = []
        for layer in range(layers):
            for _ in range(directions):
                shapes += [(gates * 4, 3 if layer == 0 else out * directions), (gates * 4, out)]
                shapes += [(gates * 4,), (gates * 4,)] * biases + [(projection, 4)] * bool(projection)
        return [x(*shape) for shape in shapes]

    dtypes = "bool uint8 int64 float16 bfloat16 float32 float64"
    return {
        "x": x,
        "x32": lambda *shape: x(*shape).float(),
        "y": lambda *shape: x(*shape[:-1], 2 * shape[-1])[..., ::2],
        "u": lambda *shape: torch.rand(shape, generator=rng, dtype=torch.float64) * 0.9 + 0.05,
        "i": lambda low, high, *shape: torch.randint(low, high, shape, generator=rng),
        "b": lambda *shape: torch.rand(shape, generator=rng) < 0.5,
        "weights": weights,
        "inf": math.inf,
        "nan": math.nan,
        **{name: getattr(torch, name) for name in dtypes.split()},
    }


class Names(dict[str, Any]):
    def __missing__(self, name: str) -> Call:
        return Call(name)


def literal(values: Any, dtype: torch.dtype | None = None) -> torch.Tensor:
    tensor = torch.tensor(values, dtype=dtype)
    return tensor.double() if dtype is None and tensor.is_floating_point() else tensor


def read(line: str) -> tuple[str, Callable[..., Any], Any, Any]:
    """`t` and `full` are operations where the line starts and tensors inside it."""
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    inside = Names(words(zlib.crc32(line.encode())), t=literal, full=lambda s, v: torch.full(s, v, dtype=torch.float64))

    def value(node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), line, "eval"), {}, inside)

    args: list[Any] = []
    for node in call.args:
        args += value(node.value) if isinstance(node, ast.Starred) else [value(node)]
    operation = eval(compile(ast.Expression(call.func), line, "eval"), {}, Names())
    return operation(*args, **{str(k.arg): value(k.value) for k in call.keywords})


# --- comparing --------------------------------------------------------------------------------------------------------


def array(tensor: torch.Tensor) -> np.ndarray:
    """A tensor as the references take it: any floating dtype as float64."""
    tensor = tensor.detach()
    return (tensor.double() if tensor.is_floating_point() else tensor).numpy().copy()


def as_arrays(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return array(value)
    if isinstance(value, list | tuple):
        return type(value)(as_arrays(v) for v in value)
    if isinstance(value, dict):
        return {k: as_arrays(v) for k, v in value.items()}
    return str(value).removeprefix("torch.") if isinstance(value, torch.dtype) else value


def outputs(result: Any) -> list[Any]:
    return list(result) if isinstance(result, tuple | list) else [result]


def differences(kind: str, expected: Any, args: Any, kwargs: Any, in_place: bool = False) -> Iterator[str]:
    """In what the reference, given these arrays, differs from torch's result."""
    before = copy.deepcopy((args, kwargs))
    got = outputs(REFERENCES[kind].compute(*args, **kwargs))
    np.testing.assert_equal((args, kwargs), before, err_msg="the reference changed its inputs")
    expected = outputs(expected)
    if len(got) != len(expected):
        yield f"{len(got)} outputs, torch gives {len(expected)}"
    for n, (ours, theirs) in enumerate(zip(got, expected, strict=False)):
        if ours is None:
            continue
        theirs = theirs if isinstance(theirs, torch.Tensor) else literal(theirs)
        dtype = str(theirs.dtype).removeprefix("torch.")
        exact = REFERENCES[kind].exact
        theirs = array(theirs)
        if in_place and ours.dtype.kind == "b":
            ours = ours.astype(theirs.dtype)  # x.gt_(0) leaves 0.0 and 1.0 in x
        ours = cast(ours, dtype) if exact and ours.dtype.kind == "f" == theirs.dtype.kind else ours
        tolerance = 0 if exact or theirs.dtype.kind != "f" else 1e-10 if dtype == "float64" else 1e-5
        if ours.shape != theirs.shape:
            yield f"output {n} has shape {ours.shape}, torch's has {theirs.shape}"
        elif ours.dtype.kind != theirs.dtype.kind:
            yield f"output {n} is {ours.dtype}, torch's is {theirs.dtype}"
        elif not np.allclose(ours, theirs, tolerance, tolerance, equal_nan=True):
            yield f"output {n} is\n{ours}\ntorch's is\n{theirs}"


@pytest.mark.parametrize("line", TABLE)
def test_reference_agrees_with_torch(line: str) -> None:
    kind, operation, args, kwargs = read(line)
    arrays = as_arrays(args), as_arrays(kwargs)
    in_place = line.split("(")[0].split(".")[0] == f"{kind}_"
    assert not list(differences(kind, operation(*args, **kwargs), *arrays, in_place))


@pytest.mark.parametrize("line", [line for line in TABLE if (r := REFERENCES.get(read(line)[0])) and r.multilinear])
def test_absolute_values_bound_what_is_multilinear(line: str) -> None:
    kind, _, args, kwargs = read(line)

    def size(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(size(v) for v in value)
        return abs(value) if isinstance(value, torch.Tensor) and value.is_floating_point() else value

    compute = REFERENCES[kind].compute
    scalars = {k: abs(v) if k in ("alpha", "beta", "value") else v for k, v in kwargs.items()}
    result = outputs(compute(*as_arrays(args), **as_arrays(kwargs)))[0]
    bound = outputs(compute(*as_arrays(size(args)), **as_arrays(scalars)))[0]
    if result.dtype.kind != "f":
        return  # integers are not rounded
    assert np.all((np.abs(result) <= bound * (1 + 1e-12)) | np.isnan(result))


def test_every_reference_is_in_the_table() -> None:
    assert set(REFERENCES) - {read(line)[0] for line in TABLE} == set()


def test_the_table_has_no_line_twice() -> None:
    assert len(TABLE) == len(set(TABLE))


# --- the comparison can fail ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("addmm(x(4), x(2, 3), x(3, 4))", lambda bias, a, b: a @ b),
        ("relu(x(2, 3))", lambda x: np.maximum(x, 0) + 1e-12),
        ("unbind.int(x(2, 3))", lambda x: list(x)[:1]),
        ("sum(x(2, 3))", lambda x: x.sum(keepdims=True)),
        ("argmax(x(2, 3))", lambda x: x.argmax().astype(np.float64)),
        ("neg(x(3))", lambda x: np.negative(x, out=x)),
    ],
)
def test_a_wrong_reference_is_found(line: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    kind, operation, args, kwargs = read(line)
    right = REFERENCES.pop(kind)
    try:
        reference(kind, exact=right.exact)(wrong)
        with pytest.raises(AssertionError):
            assert not list(differences(kind, operation(*args, **kwargs), as_arrays(args), as_arrays(kwargs)))
    finally:
        REFERENCES[kind] = right


def test_a_kind_has_one_reference() -> None:
    with pytest.raises(ValueError, match="relu already has a reference"):
        reference("relu")(abs)


def test_what_cannot_be_known_is_refused() -> None:
    for kind, args in {
        "view": (np.zeros(2), "int32"),
        "as_strided": (np.zeros(4), [2, 2], [4, 1]),
        "nan_to_num": (np.array([np.inf]),),
    }.items():
        with pytest.raises(NotImplementedError):
            REFERENCES[kind].compute(*args)


def test_references_stand_alone() -> None:
    """NumPy and the standard library only."""
    import pellucid.look.ops as ops

    for file in Path(ops.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not {n.split(".")[0] for n in names} & {"torch", "scipy"}, file
            assert all(n.startswith("pellucid.look.ops") for n in names if n.startswith("pellucid")), file


# --- shapes that nobody thought of ------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(mutually_broadcastable_shapes(num_shapes=3, max_dims=4, max_side=4), st.integers(0, 99))
def test_any_shapes_that_broadcast(shapes: Any, seed: int) -> None:
    rng = torch.Generator().manual_seed(seed)
    a, b, c = (torch.randn(shape, generator=rng, dtype=torch.float64) for shape in shapes.input_shapes)
    for kind, expected, args in [
        ("add", a + b, (a, b)),
        ("where", torch.where(a > 0, b, c), (a > 0, b, c)),
        ("addcmul", torch.addcmul(a, b, c), (a, b, c)),
        ("maximum", torch.maximum(a, b), (a, b)),
    ]:
        assert not list(differences(kind, expected, as_arrays(args), {}))


@settings(max_examples=100, deadline=None)
@given(array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=6), st.data())
def test_any_slice(shape: tuple[int, ...], data: Any) -> None:
    x = torch.arange(math.prod(shape), dtype=torch.float64).reshape(shape)
    bound = st.none() | st.integers(-9, 9) | st.just(2**63 - 1)
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    args = (x, dim, data.draw(bound), data.draw(bound), data.draw(st.integers(1, 4)))
    assert not list(differences("slice", torch.ops.aten.slice.Tensor(*args), as_arrays(args), {}))


@settings(max_examples=60, deadline=None)
@given(array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4), st.data())
def test_any_reduction(shape: tuple[int, ...], data: Any) -> None:
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    dims = data.draw(st.lists(st.integers(0, len(shape) - 1), unique=True))
    dims = [d - len(shape) * data.draw(st.integers(0, 1)) for d in dims]
    keepdim = data.draw(st.booleans())
    for kind, operation in [
        ("sum", torch.ops.aten.sum.dim_IntList),
        ("amax", torch.ops.aten.amax.default),
        ("mean", torch.ops.aten.mean.dim),
        ("linalg_vector_norm", lambda x, *rest: torch.ops.aten.linalg_vector_norm.default(x, 2, *rest)),
    ]:
        args = (array(x), 2, dims, keepdim) if kind == "linalg_vector_norm" else (array(x), dims, keepdim)
        assert not list(differences(kind, operation(x, dims, keepdim), args, {}))
