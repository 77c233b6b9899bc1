"""The files of the studio: a path for each, and one hash of all of them, which is part of every URL."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

FOLDER = Path(__file__).parent
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
PREACT = "vendor/preact/preact.mjs"  # hooks.mjs imports it by its bare name


class Assets:
    """What the browser may ask for. `rooms`: folders of rooms that bring modules of their own, by the room's name."""

    def __init__(self, rooms: Mapping[str, Path] | None = None):
        self.files = {
            path.relative_to(FOLDER).as_posix(): path
            for path in sorted(FOLDER.rglob("*"))
            if path.suffix in TYPES and path.is_file()
        }
        for name, folder in (rooms or {}).items():
            self.files |= {f"rooms/{name}/{path.name}": path for path in sorted(folder.glob("*.js"))}

    @cached_property
    def version(self) -> str:
        """A hash of all contents: another one as soon as anything changes."""
        whole = hashlib.sha256()
        for name, path in self.files.items():
            whole.update(f"{name}\0{path.stat().st_size}\0".encode())
            whole.update(path.read_bytes())
        return whole.hexdigest()[:12]

    def url(self, name: str) -> str:
        return f"/assets/{self.version}/{name}"

    @property
    def modules(self) -> list[str]:
        return [name for name in self.files if name.endswith((".js", ".mjs"))]

    @property
    def styles(self) -> list[str]:
        """Tokens and elements first, then each part's own; those of third parties before all."""
        first = ["vendor/uplot/uPlot.min.css", "vendor/katex/katex.min.css", "style/tokens.css", "style/base.css"]
        return first + [name for name in self.files if name.startswith("style/") and name not in first]

    def imports(self) -> dict[str, str]:
        """The import map of a page served by the studio."""
        return {"preact": self.url(PREACT)} | {f"#studio/{name}": self.url(name) for name in self.modules}
