"""A program that turns a captured torch program into .tflite files. `litert.py` runs it in a process of its own.

python -P litert_convert.py program.pt2 model.tflite [quantized.tflite]
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any


def main(captured: str, model: str, quantized: str | None = None) -> None:
    threading.Thread(target=end_with_parent, daemon=True).start()
    import litert_torch
    import torch

    program = torch.export.load(captured)
    _, example = program.example_inputs
    module: Any = program.module()
    module.training = False
    module.eval = lambda: module  # a captured program is in evaluation mode and refuses to be told so
    litert_torch.convert(module, sample_kwargs=example).export(model)
    if quantized:
        from ai_edge_quantizer import quantizer, recipe

        quantizer.Quantizer(model, recipe.dynamic_wi8_afp32()).quantize().export_model(quantized, overwrite=True)


def end_with_parent() -> None:
    """Standard input is a pipe that nobody writes to: it ends when the parent does."""
    os.read(0, 1)  # not sys.stdin: a thread that waits in its buffer breaks the interpreter's own end
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
