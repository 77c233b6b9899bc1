"""The functions of each library: what they draw from, how their parameters are called, and what they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["uniform", "integers", "normal"]


@dataclass(frozen=True)
class Function:
    """parameters: in their order, `*` for lengths one by one. shaped: it cannot be called without a shape."""

    kind: Kind
    parameters: tuple[str, ...]
    example: str
    shaped: bool = False


def _function(kind: Kind, parameters: str, example: str, shaped: bool = False) -> Function:
    return Function(kind, tuple(parameters.split()), example, shaped)


_NORMAL = _function("normal", "loc scale size", "normal(5, 2, size=1000)")
_UNIFORM = _function("uniform", "low high size", "uniform(-1, 1, size=100)")
_INTEGERS = _function("integers", "low high size endpoint", "integers(0, 10, size=5)")
_RANDOM = _function("uniform", "size", "random(1000)")
_STANDARD = _function("normal", "size", "standard_normal(1000)")

LEGACY = {
    "rand": _function("uniform", "*", "rand(3, 4)"),
    "randn": _function("normal", "*", "randn(3, 4)"),
    "randint": _function("integers", "low high size", "randint(0, 10, size=(2, 3))"),
    "random": _RANDOM,
    "random_sample": _function("uniform", "size", "random_sample(1000)"),
    "normal": _NORMAL,
    "uniform": _UNIFORM,
    "standard_normal": _STANDARD,
}
FUNCTIONS: dict[str, dict[str, Function]] = {
    "": LEGACY | {"integers": _INTEGERS},
    "np.random": LEGACY,
    "rng": {
        "random": _RANDOM,
        "normal": _NORMAL,
        "uniform": _UNIFORM,
        "standard_normal": _STANDARD,
        "integers": _INTEGERS,
    },
    "torch": {
        "rand": _function("uniform", "*", "rand(3, 4)"),
        "randn": _function("normal", "*", "randn(3, 4)"),
        "randint": _function("integers", "low high size", "randint(0, 10, (2, 3))", shaped=True),
        "normal": _function("normal", "mean std size", "normal(5., 2., (1000,))", shaped=True),
    },
    "tf.random": {
        "normal": _function("normal", "shape mean stddev", "normal((1000,), 5, 2)", shaped=True),
        "uniform": _function("uniform", "shape minval maxval", "uniform((100,), -1, 1)", shaped=True),
    },
    "keras.random": {
        "normal": _function("normal", "shape mean stddev", "normal((1000,), 5, 2)", shaped=True),
        "uniform": _function("uniform", "shape minval maxval", "uniform((100,), -1, 1)", shaped=True),
        "randint": _function("integers", "shape minval maxval", "randint((2, 3), 0, 10)", shaped=True),
    },
}  # fmt: skip
LIBRARIES = {
    "": "", "np.random": "np.random", "numpy.random": "np.random", "torch": "torch", "tf.random": "tf.random",
    "tensorflow.random": "tf.random", "keras.random": "keras.random", "tf.keras.random": "keras.random",
    "rng": "rng", "gen": "rng", "generator": "rng",
}  # fmt: skip
ROLES = {
    "loc": "a", "mean": "a", "mu": "a", "low": "a", "minval": "a", "size": "shape", "shape": "shape",
    "scale": "b", "std": "b", "stddev": "b", "sigma": "b", "high": "b", "maxval": "b", "endpoint": "endpoint",
}  # fmt: skip
"""What a parameter is, whatever a library calls it."""
SEEDS = ("seed", "manual_seed", "set_seed", "set_random_seed", "default_rng", "RandomState")


@dataclass(frozen=True)
class Row:
    """One line of the comparison: a call as it is written there, what it draws, and the type of its numbers."""

    library: Literal["numpy", "torch", "tensorflow", "python"]
    call: str
    draws: str
    shape: tuple[int, ...]
    dtype: str


ROWS = (
    Row("numpy", "np.random.rand(2, 3)", "[0, 1)", (2, 3), "float64"),
    Row("numpy", "np.random.random((2, 3))", "[0, 1)", (2, 3), "float64"),
    Row("numpy", "np.random.randn(2, 3)", "N(0, 1)", (2, 3), "float64"),
    Row("numpy", "np.random.normal(5, 2, (2, 3))", "N(5, 2²)", (2, 3), "float64"),
    Row("numpy", "np.random.randint(1, 7, (2, 3))", "1 … 6", (2, 3), "int64"),
    Row("numpy", "np.random.default_rng(7).random((2, 3))", "[0, 1)", (2, 3), "float64"),
    Row("numpy", "np.random.default_rng(7).normal(5, 2, (2, 3))", "N(5, 2²)", (2, 3), "float64"),
    Row("numpy", "np.random.default_rng(7).integers(1, 7, (2, 3))", "1 … 6", (2, 3), "int64"),
    Row("torch", "torch.rand(2, 3)", "[0, 1)", (2, 3), "float32"),
    Row("torch", "torch.randn(2, 3)", "N(0, 1)", (2, 3), "float32"),
    Row("torch", "torch.normal(5., 2., (2, 3))", "N(5, 2²)", (2, 3), "float32"),
    Row("torch", "torch.randint(1, 7, (2, 3))", "1 … 6", (2, 3), "int64"),
    Row("tensorflow", "tf.random.uniform((2, 3))", "[0, 1)", (2, 3), "float32"),
    Row("tensorflow", "tf.random.normal((2, 3), 5, 2)", "N(5, 2²)", (2, 3), "float32"),
    Row("tensorflow", "tf.random.uniform((2, 3), 1, 7, tf.int32)", "1 … 6", (2, 3), "int32"),
    Row("tensorflow", "keras.random.uniform((2, 3))", "[0, 1)", (2, 3), "float32"),
    Row("tensorflow", "keras.random.normal((2, 3), 5, 2)", "N(5, 2²)", (2, 3), "float32"),
    Row("tensorflow", "keras.random.randint((2, 3), 1, 7)", "1 … 6", (2, 3), "int32"),
    Row("python", "random.random()", "[0, 1)", (), "float"),
    Row("python", "random.randint(1, 6)", "1 … 6", (), "int"),
)
"""The same things in each library. Tests call every line of them, TensorFlow's where it is installed."""
