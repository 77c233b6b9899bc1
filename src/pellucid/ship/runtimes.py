"""Model files as functions from arrays to arrays, by ONNX Runtime or LiteRT. No torch.

Both take the arrays that a codec makes: the runtime's own integer width, and LiteRT's fixed shapes, are met here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from pellucid.core.contract import Arrays
from pellucid.core.errors import UserError

Compute = Callable[[Arrays], Arrays]

INSTALL_LITERT = 'LiteRT is not installed: pip install "pellucid[litert]"'


class Port(TypedDict):
    """An input or output of a model file. A size that may change has a name instead of a number."""

    name: str
    dtype: str
    shape: list[int | str]


def onnx_session(model: Path, outputs: Sequence[str], *, threads: int = 1) -> Compute:
    """Any batch size, any length. One thread is the fastest for the small models of the course."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3  # errors only
    session = onnxruntime.InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_inputs()]

    def compute(arrays: Arrays) -> Arrays:
        found = session.run(list(outputs), {name: arrays[name] for name in names})
        return dict(zip(outputs, found, strict=True))

    return compute


def onnx_ports(model: Path) -> tuple[list[Port], list[Port]]:
    """The inputs and outputs that an ONNX file declares."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])
    dtypes = {"tensor(float)": "float32", "tensor(double)": "float64", "tensor(bool)": "bool"}

    def ports(values: Any) -> list[Port]:
        return [
            {"name": v.name, "dtype": dtypes.get(v.type, v.type[7:-1]), "shape": [s or "any" for s in v.shape]}
            for v in values
        ]

    return ports(session.get_inputs()), ports(session.get_outputs())


def litert_session(model: Path, inputs: Sequence[Port], outputs: Sequence[str], *, threads: int = 1) -> Compute:
    """Row by row: the batch is 1 and every length fixed. Shorter inputs are filled up with 0, longer ones cut."""
    runner = _litert_runner(model, threads)
    keys = _in_order(runner.get_output_details())

    def compute(arrays: Arrays) -> Arrays:
        rows: list[list[np.ndarray[Any, Any]]] = [[] for _ in outputs]
        for i in range(len(arrays[inputs[0]["name"]])):
            found = runner(**{port["name"]: fitted(arrays[port["name"]][i : i + 1], port) for port in inputs})
            for row, key in zip(rows, keys, strict=True):
                row.append(found[key])
        return {name: np.concatenate(row) for name, row in zip(outputs, rows, strict=True)}

    return compute


def litert_ports(model: Path, outputs: Sequence[str]) -> tuple[list[Port], list[Port]]:
    """The inputs of a LiteRT file, and its outputs under the program's own names."""
    runner = _litert_runner(model, 1)

    def port(name: str, details: dict[str, Any]) -> Port:
        return {"name": name, "dtype": np.dtype(details["dtype"]).name, "shape": details["shape"].tolist()}

    found = runner.get_output_details()
    return (
        [port(name, details) for name, details in runner.get_input_details().items()],
        [port(name, found[key]) for name, key in zip(outputs, _in_order(found), strict=True)],
    )


def fitted(array: np.ndarray[Any, Any], port: Port) -> np.ndarray[Any, Any]:
    """An array in the fixed shape and the integer width of that input."""
    full = np.zeros([int(size) for size in port["shape"]], port["dtype"])
    part = array[tuple(slice(size) for size in full.shape)]
    full[tuple(slice(size) for size in part.shape)] = part
    return full


def _litert_runner(model: Path, threads: int) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        raise UserError(INSTALL_LITERT) from None
    interpreter = Interpreter(model_content=model.read_bytes(), num_threads=threads)
    runner = interpreter.get_signature_runner()
    runner.keeps = interpreter  # the runner holds no reference of its own to what it runs on
    return runner


def _in_order(outputs: Sequence[str] | dict[str, Any]) -> list[str]:
    """LiteRT calls the outputs output_0, output_1 …, and lists them by their letters."""
    return sorted(outputs, key=lambda key: int(key.rpartition("_")[2]))
