"""Ship: a trained system as a bundle that runs without torch, held against the trained model before it is left there.

onnx.py, litert.py      the program of a system -> a model file
parity.py               the gate: the same numbers as the trained model, on real held-out inputs
write.py, readme.py     the folder: written beside and renamed
bundle.py, runtimes.py  reading it again, without torch
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pellucid.core.card import Card
from pellucid.core.contract import System
from pellucid.core.errors import UserError


def export(
    system: System[Any],
    folder: Path,
    *,
    card: Card,
    to: str = "onnx",
    quantize: str | None = None,
    quiet: bool = False,
    source: str = "",
) -> Path:
    """A bundle of a trained system for ONNX Runtime (`to="onnx"`) or LiteRT (`to="litert"`); its folder. `source`:
    a fingerprint of what was learned, kept in `bundle.json`, by which an out-of-date bundle is known.

    Raises ParityError where the exported model does not compute what the trained one does, UserError for what the
    user can mend. Either way nothing is left behind, and a bundle that was there before stays.
    """
    if to == "onnx":
        if quantize is not None:
            raise UserError(f"quantize: {quantize!r} is for LiteRT only; leave it out, or export to litert")
        from pellucid.ship import onnx

        return onnx.export(system, folder, card=card, source=source).folder
    if to == "litert":
        from pellucid.ship import litert

        return litert.export(system, folder, card=card, quantize=quantize, quiet=quiet, source=source).folder
    raise UserError(f"to: {to!r} is not one of onnx, litert")
