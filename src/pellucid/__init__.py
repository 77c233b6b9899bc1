"""Pellucid: every system of a five-day deep-learning course. Learn it, run it, look inside it, ship it.

import pellucid
run = pellucid.train("spam_detector", cell="gru")
run.evaluate(); run.predict(["Claim your prize"]); run.look("Claim your prize"); run.export("onnx")
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["compare", "open", "resume", "summary", "train"]


def __getattr__(name: str) -> Any:
    """`pellucid.train` and its like; torch loads when the first of them is called for, not before."""
    if name in __all__:
        from pellucid import api

        return getattr(api, name)
    raise AttributeError(f"module 'pellucid' has no attribute {name!r}")
