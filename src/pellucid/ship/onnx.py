"""ONNX: the program of a system as one file, any batch size and length, recurrent layers as the native operators.

torch's exporter (2.13) knows LSTM and GRU; for torch.rnn_tanh, which it would unroll to the length of the example, a
translation to ONNX's RNN stands here.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from pellucid.core.card import Card
from pellucid.core.contract import Program, System
from pellucid.ship.bundle import MODEL_FILES, Bundle
from pellucid.ship.parity import compare, require_same
from pellucid.ship.runtimes import onnx_ports, onnx_session
from pellucid.ship.write import complete, folder_for


def export(system: System[Any], folder: Path, *, card: Card, source: str = "") -> Bundle:
    """A bundle for ONNX Runtime. ParityError where it does not compute what the trained model does."""
    program = system.program()
    with folder_for(folder) as beside:
        model = beside / MODEL_FILES["onnx"]
        model.write_bytes(convert(program))
        parity = compare(system, onnx_session(model, program.outputs))
        require_same(parity)
        inputs, targets = system.examples("test")
        shipped = Bundle(beside, {"runtime": "onnx", "outputs": [{"name": name} for name in program.outputs]})
        complete(
            beside, system, card, source=source,
            runtime="onnx", quantized=None, ports=onnx_ports(model), parity=parity,
            trained=system.score(list(system.predict(inputs)), targets),
            shipped=system.score(list(shipped.predict(inputs, system.codec)), targets),
            packages=("onnx", "onnxruntime"),
        )  # fmt: skip
    return Bundle.open(folder)


def convert(program: Program) -> bytes:
    """The ONNX file of a program."""
    import torch

    shapes = tuple(program.dynamic.get(name) for name in program.inputs)
    with _quiet(), _recurrent_stays_whole() as translations, torch.no_grad():
        found = torch.onnx.export(
            program.module.eval(),
            tuple(program.inputs.values()),
            dynamo=True,
            input_names=list(program.inputs),
            output_names=list(program.outputs),
            dynamic_shapes=shapes if any(shapes) else None,
            custom_translation_table=translations,
            verbose=False,
        )
    assert found is not None  # dynamo=True always gives a program
    model = found.model_proto
    for part in (*model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output):
        del part.metadata_props[:]  # names of our source files and lines; as large as many a small model
    for function in model.functions:
        for node in function.node:
            del node.metadata_props[:]
    content: bytes = model.SerializeToString()
    return content


@contextmanager
def _recurrent_stays_whole() -> Iterator[dict[Callable[..., Any], Callable[..., Any]]]:
    """torch.lstm, gru and rnn_tanh as one operator each while a program is captured; gives what ONNX makes of rnn_tanh.

    Capturing works out the shapes by running each operator's Python kernel, and that of rnn_tanh loops over the steps:
    it would fix the length. Only the shapes are needed there. For lstm and gru torch itself sets other kernels, but
    looks them up in a cache of the last export (torch 2.13): without emptying it, the second LSTM of a process fails.
    """
    import torch

    operators = [torch.ops.aten.lstm.input, torch.ops.aten.gru.input, torch.ops.aten.rnn_tanh.input]
    rnn = operators[-1]
    key = torch._C.DispatchKey.CompositeImplicitAutograd
    kernel = rnn.py_kernels.get(key)
    rnn.py_kernels[key] = _rnn_shapes
    for operator in operators:
        operator._dispatch_cache.clear()
    try:
        yield {rnn: _rnn_to_onnx}
    finally:
        if kernel is None:
            del rnn.py_kernels[key]
        else:
            rnn.py_kernels[key] = kernel
        for operator in operators:
            operator._dispatch_cache.clear()


def _rnn_shapes(
    x: Any, h: Any, weights: Any, biases: bool, layers: int, dropout: float, train: bool, both: bool, batch_first: bool
) -> tuple[Any, Any]:
    """What torch.rnn_tanh returns, without its numbers: states [N, T, M] and the last one [1, N, M]."""
    return x.new_empty(x.shape[0], x.shape[1], h.shape[2]), h.clone()


def _rnn_to_onnx(
    x: Any, h: Any, weights: Any, biases: bool, layers: int, dropout: float, train: bool, both: bool, batch_first: bool
) -> tuple[Any, Any]:
    """One layer, one direction: what `pellucid.nn` asks of torch.rnn_tanh."""
    from onnxscript import opset20

    op: Any = opset20  # its stubs ask for tensors where plain numbers do
    if layers != 1 or both or not biases or not batch_first:
        raise NotImplementedError("torch.rnn_tanh is exported with one layer, one direction, biases, batch first")
    w_x, w_h, b_x, b_h = weights
    states, last = op.RNN(
        op.Transpose(x, perm=[1, 0, 2]),  # ONNX wants [T, N, D]
        op.Unsqueeze(w_x, [0]),
        op.Unsqueeze(w_h, [0]),
        op.Unsqueeze(op.Concat(b_x, b_h, axis=0), [0]),
        None,
        h,
        activations=["Tanh"],
        hidden_size=w_h.shape[0],
    )
    return op.Transpose(op.Squeeze(states, [1]), perm=[1, 0, 2]), last  # [T, 1, N, M] -> [N, T, M]


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter speaks of its own steps and of packages it would like to see; none of that is for our user."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
