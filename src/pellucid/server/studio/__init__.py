"""The studio over HTTP: rooms, lessons, runs, traces, answers, bundles. Knows no room by name."""

from __future__ import annotations

from pathlib import Path


def serve_studio(
    runs: Path, *, host: str = "127.0.0.1", port: int = 8601, token: str = "", workers: int = 1, browser: bool = True
) -> None:
    """Serve the studio until Ctrl-C. See `app.serve`."""
    from pellucid.server.studio.app import serve

    serve(runs, host=host, port=port, token=token, workers=workers, browser=browser)
