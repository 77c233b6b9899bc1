"""LiteRT: the program of a system as one .tflite file of fixed shapes, in floats or in 8-bit integers.

Recurrent layers are unrolled, which takes a while: conversion runs in a process of its own, with its progress shown,
and Ctrl-C ends it. The program reaches it as torch.export's own file; it needs nothing of Pellucid.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pellucid.core.card import Card
from pellucid.core.contract import Arrays, Program, System
from pellucid.core.errors import UserError
from pellucid.core.progress import duration
from pellucid.ship.bundle import MODEL_FILES, Bundle
from pellucid.ship.parity import compare, metric_to_keep, require_same, require_score
from pellucid.ship.runtimes import INSTALL_LITERT, Port, fitted, litert_ports, litert_session
from pellucid.ship.write import complete, folder_for

CONVERTER = Path(__file__).with_name("litert_convert.py")
CALIBRATED = 256  # training examples whose numbers give the ranges of 8 bits


def export(
    system: System[Any], folder: Path, *, card: Card, quantize: str | None = None, quiet: bool = False, source: str = ""
) -> Bundle:
    """A bundle for LiteRT. `quantize="dynamic"`: weights as 8-bit integers, computed with in floats. `"static"`: all
    numbers in between as well, their ranges taken from training examples; for convolutions (unrolled recurrent layers
    become larger by it).

    The float model goes through the gate in either case, so that a fault of the conversion is not taken for the
    price of quantising. ParityError, UserError and what they leave behind: as for ONNX.
    """
    if quantize not in (None, "dynamic", "static"):
        raise UserError(
            f"quantize: {quantize!r} is not one of dynamic (weights as 8-bit integers), static (all numbers) or nothing"
        )
    if not installed():
        raise UserError(INSTALL_LITERT)
    program = system.program()
    with folder_for(folder) as beside:
        model = beside / MODEL_FILES["litert"]
        small = beside / "quantized.tflite"
        ranges = _calibration(system, program) if quantize == "static" else None
        convert(program, model, small if quantize else None, ranges, quiet=quiet)
        ports = litert_ports(model, program.outputs)
        parity = compare(system, litert_session(model, ports[0], program.outputs))
        require_same(parity)
        inputs, targets = system.examples("test")
        trained = system.score(list(system.predict(inputs)), targets)
        if quantize:
            model.write_bytes(small.read_bytes())
            small.unlink()
            parity = compare(system, litert_session(model, ports[0], program.outputs))
        draft = Bundle(beside, {"runtime": "litert", "inputs": ports[0], "outputs": ports[1]})
        shipped = system.score(list(draft.predict(inputs, system.codec)), targets)
        if quantize:
            require_score(trained, shipped, metric_to_keep(system, trained))
        complete(
            beside, system, card, source=source,
            runtime="litert", quantized=quantize, ports=ports, parity=parity, trained=trained, shipped=shipped,
            packages=("litert-torch", "ai-edge-litert", "ai-edge-quantizer"),
        )  # fmt: skip
    return Bundle.open(folder)


def installed() -> bool:
    return all(importlib.util.find_spec(name) for name in ("litert_torch", "ai_edge_litert", "ai_edge_quantizer"))


def convert(
    program: Program,
    model: Path,
    quantized: Path | None = None,
    calibration: Arrays | None = None,
    *,
    quiet: bool = False,
) -> None:
    """Write the program's .tflite file, and its quantised twin where asked for: with a calibration, inputs of the fixed
    shapes [M, …], a static one. Removes what it needed on the way."""
    captured, given, log = (model.with_name(name) for name in ("program.pt2", "calibration.npz", "convert.log"))
    _save(program, captured)
    # -P: this folder has an onnx.py of its own, which must not stand before the package of that name
    command = [sys.executable, "-P", str(CONVERTER), str(captured), str(model)]
    command += [str(quantized)] if quantized else []
    if calibration is not None:
        np.savez(given, **calibration)  # type: ignore[arg-type]
        command.append(str(given))
    try:
        _run(command, log, quiet=quiet)
    finally:
        for file in (captured, given, log):
            file.unlink(missing_ok=True)


def _calibration(system: System[Any], program: Program) -> Arrays:
    """Training examples, evenly from all of them, each in the shape and type of the model file: [M, 1, …]."""
    inputs = system.examples("train")[0]
    places = np.linspace(0, len(inputs) - 1, min(len(inputs), CALIBRATED)).astype(int)
    arrays = system.codec.encode([inputs[i] for i in places])
    found = {}
    for name, array in arrays.items():
        dtype = "int32" if array.dtype == np.int64 else array.dtype.name
        port: Port = {"name": name, "dtype": dtype, "shape": [*_fixed_shape(program, name)]}
        found[name] = np.stack([fitted(array[i : i + 1], port) for i in range(len(array))])
    return found


def _save(program: Program, file: Path) -> None:
    """The captured program with its fixed shapes; inputs by name, so that they keep their names in LiteRT."""
    import torch

    sizes = {name: _fixed_shape(program, name) for name in program.inputs}
    example = {name: torch.zeros(sizes[name], dtype=value.dtype) for name, value in program.inputs.items()}
    with torch.no_grad():
        torch.export.save(torch.export.export(program.module.eval(), (), kwargs=example), file)


def _fixed_shape(program: Program, name: str) -> list[int]:
    """An input's shape, its named axes as `program.fixed` sets them."""
    axes = program.dynamic.get(name, {})
    return [program.fixed[axes[i]] if i in axes else int(size) for i, size in enumerate(program.inputs[name].shape)]


def _run(command: list[str], log: Path, *, quiet: bool) -> None:
    """The converter, until it is done. Whatever ends this process, or this wait, ends it too."""
    with log.open("wb") as stream:
        # in a session of its own: Ctrl-C reaches us, and we end it; the pipe tells it when we are gone
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            with _elapsed("converting to LiteRT", quiet=quiet):
                while process.poll() is None:
                    time.sleep(0.05)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdin:
                process.stdin.close()
    if process.returncode:
        last = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()][-1:]
        raise UserError(f"LiteRT cannot convert this model: {' '.join(last) or f'exit code {process.returncode}'}")


@contextmanager
def _elapsed(what: str, *, quiet: bool) -> Iterator[None]:
    """A spinner with the time gone by; two lines where there is no terminal."""
    console = Console(stderr=True, quiet=quiet)
    if console.is_terminal:
        columns = (SpinnerColumn(), TextColumn(what), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
            progress.add_task(what, total=None)
            yield
        return
    start = time.perf_counter()
    console.print(f"{what} … (recurrent layers take about 0.1 s a step)", highlight=False)
    yield
    console.print(f"{what}: {duration(time.perf_counter() - start)}", highlight=False)
