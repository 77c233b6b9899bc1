"""A trace as a page: one file that opens from disk, and what a notebook shows. Both are the studio's modules."""

from __future__ import annotations

import html
import tempfile
from pathlib import Path

from pellucid.look.storage import save
from pellucid.look.trace import Trace, TraceError
from pellucid.studio import self_contained

HEIGHT = 860  # pixels of the frame in a notebook
MOST = 100_000_000  # bytes of a page: a larger one browsers open slowly, and far larger ones not at all


def page(trace: Trace, *, title: str = "", language: str = "") -> str:
    """A whole HTML page with the trace in it, checked. language: `en` or `zh-TW`; empty: the reader's. TraceError: the
    page would be too large."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trace.safetensors"
        size = save(trace, file) * 4 // 3  # as text
        if size > MOST:
            raise TraceError(
                f"a page with this trace in it would have {size / 1e6:,.0f} MB, more than browsers open well "
                f"({MOST / 1e6:.0f} MB); save the trace as a file, or look at it in the studio, which reads it by parts"
            )
        return self_contained(file.read_bytes(), trace.check().summary(), title=title, language=language)


def frame(trace: Trace) -> str:
    """The same in a frame of its own, so that neither a notebook's style nor its scripts reach into it."""
    content = html.escape(page(trace), quote=True)
    return (
        f'<iframe sandbox="allow-scripts" style="width: 100%; height: {HEIGHT}px; border: 0" '
        f'title="Pellucid trace" srcdoc="{content}"></iframe>'
    )
