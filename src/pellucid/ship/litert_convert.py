"""A program that turns a captured torch program into .tflite files. `litert.py` runs it in a process of its own.

python -P litert_convert.py program.pt2 model.tflite [quantized.tflite [calibration.npz]]
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any


def main(captured: str, model: str, quantized: str | None = None, calibration: str | None = None) -> None:
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
        quantise(model, quantized, calibration)


def quantise(model: str, quantized: str, calibration: str | None) -> None:
    """Write the 8-bit twin of a model file: of its weights, or, with a calibration, of all but what goes in and out."""
    from ai_edge_quantizer import quantizer, recipe, recipe_manager
    from ai_edge_quantizer.algorithm_manager import AlgorithmName
    from ai_edge_quantizer.qtyping import TFLOperationName

    if not calibration:
        quantizer.Quantizer(model, recipe.dynamic_wi8_afp32()).quantize().export_model(quantized, overwrite=True)
        return
    manager = recipe_manager.RecipeManager()
    manager.load_quantization_recipe(recipe.static_wi8_ai8())
    for end in (TFLOperationName.INPUT, TFLOperationName.OUTPUT):
        manager.add_quantization_config(".*", end, algorithm_key=AlgorithmName.NO_QUANTIZE)
    ranges = calibrated(model, manager, calibration)
    result = quantizer.Quantizer(model, manager.get_quantization_recipe()).quantize(ranges)
    result.export_model(quantized, overwrite=True)


def calibrated(model: str, manager: Any, calibration: str) -> Any:
    """The true smallest and largest number of every tensor over these inputs. (By default the quantizer takes a moving
    average, which cuts off what is rare.)"""
    import numpy as np
    from ai_edge_quantizer import calibrator
    from ai_edge_quantizer.utils import qsv_utils

    with np.load(calibration) as arrays:
        inputs = [dict(zip(arrays, rows, strict=True)) for rows in zip(*arrays.values(), strict=True)]
    found = calibrator.Calibrator(model, qsv_update_func=qsv_utils.min_max_update)
    found.calibrate({"serving_default": inputs}, manager)
    return found.get_model_qsvs()


def end_with_parent() -> None:
    """Standard input is a pipe that nobody writes to: it ends when the parent does."""
    os.read(0, 1)  # not sys.stdin: a thread that waits in its buffer breaks the interpreter's own end
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
