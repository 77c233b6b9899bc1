"""Serving a bundle over HTTP. Never loads torch."""

from __future__ import annotations

from pathlib import Path


def serve_bundle(folder: Path, *, host: str = "127.0.0.1", port: int = 8600, rate: float = 100.0) -> None:
    """Serve the bundle in a folder until Ctrl-C. See `app.serve`."""
    from pellucid.server.app import serve

    serve(folder, host=host, port=port, rate=rate)
