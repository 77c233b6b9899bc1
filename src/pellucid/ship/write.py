"""Writing a bundle: everything in a folder beside, renamed when whole. A failure leaves what was there before."""

from __future__ import annotations

import json
import os
import platform
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pellucid.core.card import Card
from pellucid.core.contract import System, codec_module
from pellucid.core.errors import UserError
from pellucid.ship.bundle import FORMAT, MODEL_FILES, Bundle, sha256
from pellucid.ship.parity import TOLERANCE, Parity, Scores
from pellucid.ship.readme import BROWSER, parity_text, readme
from pellucid.ship.runtimes import Port


@contextmanager
def folder_for(target: Path) -> Iterator[Path]:
    """A folder to write into; it takes the place of `target` when the block ends well, and vanishes when it does not.

    UserError where `target` holds something that is no bundle, or cannot be written.
    """
    target = target.expanduser().absolute()
    if target.exists() and not target.is_dir():
        raise UserError(f"{target}: is a file; choose another folder")
    if target.is_dir() and any(target.iterdir()) and not (target / "bundle.json").exists():
        raise UserError(f"{target}: holds other files and no bundle; choose another folder")
    beside = target.with_name(f".{target.name}.{os.getpid()}.writing")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    new_parents = [parent for parent in target.parents if not parent.exists()]
    done = False
    try:
        beside.mkdir(parents=True)
        yield beside
        if target.is_dir():
            target.replace(old)
        try:
            beside.replace(target)
        except OSError:
            if old.is_dir():
                old.replace(target)
            raise
        done = True
    except OSError as error:
        raise UserError(f"{target}: cannot be written: {error.strerror or error}; choose another folder") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        for parent in () if done else new_parents:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()


def complete(
    folder: Path,
    system: System[Any],
    card: Card,
    *,
    runtime: str,
    quantized: str | None,
    ports: tuple[list[Port], list[Port]],
    parity: Parity,
    trained: Scores,
    shipped: Scores,
    packages: tuple[str, ...],
    source: str,
) -> None:
    """Everything beside the model file, which is in the folder already."""
    model = folder / MODEL_FILES[runtime]
    outputs = {output.name: output.schema() for output in card.outputs}
    info: dict[str, Any] = {
        "format": FORMAT,
        "room": card.name,
        "title": card.title["en"],
        "summary": card.summary["en"],
        "source": source,
        "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "versions": versions("pellucid", "torch", "numpy", *packages),
        "runtime": runtime,
        "quantized": quantized,
        "bytes": model.stat().st_size,
        "sha256": sha256(model),
        "inputs": ports[0],
        "outputs": ports[1],
        "input": {"name": card.input.name, "schema": card.input.schema()},
        "output": {"type": "object", "properties": outputs, "required": list(outputs)},
        "codec": system.codec.to_json(),
        "parity": parity.to_json() | {"tolerance": None if quantized else TOLERANCE},
        "scores": {"split": "test", "trained": trained, "shipped": shipped},
        "data": list(system.attribution()),
    }
    _write(folder / "bundle.json", json.dumps(info, ensure_ascii=False, indent=1))
    _write(folder / "PARITY.txt", parity_text(info, parity))
    module = codec_module(type(system.codec)) if runtime in BROWSER else None
    if module:
        _write(folder / "codec.js", module.read_text(encoding="utf-8"))
    _write(folder / "README.md", readme(info, system.codec, card, browser=module is not None))
    Bundle.open(folder)  # what cannot be opened is not left there


def versions(*names: str) -> dict[str, str]:
    """Versions of these packages and of Python; "unknown" for one that is used without having been installed."""
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
