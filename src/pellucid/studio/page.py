"""The two pages: the studio's one page, and a page that is one file and opens from disk."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from typing import Any

from pellucid.studio.assets import PREACT, TYPES, Assets

START = 'import "#studio/app.js";'
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {hashes}; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

STATIC_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; font-src data:; "
    "img-src data: blob:"
)


def index(assets: Assets) -> tuple[str, str]:
    """The studio's page and its Content-Security-Policy: just these two inline scripts, by their hashes."""
    imports = _script_json({"imports": assets.imports()})
    own = [name for name in assets.modules if not name.startswith(("vendor/", "rooms/"))]
    first = [*own, PREACT, "vendor/preact/hooks.mjs", "vendor/htm/htm.mjs"]
    text = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Pellucid</title>
<link rel="icon" href="{ICON}">
{"".join(f'<link rel="stylesheet" href="{assets.url(name)}">' for name in assets.styles)}
<script type="importmap">{imports}</script>
{"".join(f'<link rel="modulepreload" href="{assets.url(name)}">' for name in first)}
<body>
<div id="app"></div>
<noscript>Pellucid's studio is made of JavaScript modules; please allow them. 請允許 JavaScript。</noscript>
<script type="module">{START}</script>
"""
    return text, POLICY.format(hashes=f"{_hash(imports)} {_hash(START)}")


def self_contained(trace: bytes, report: dict[str, Any], *, title: str = "", language: str = "") -> str:
    """A page with a trace in it and everything that shows it: it opens from disk, without a server or a network.

    trace: a whole trace file (docs/trace.md). report: what the studio calls a `Check`, as JSON.
    language: `en` or `zh-TW`; empty: the reader's.
    """
    assets = Assets()
    needed = _reached("look/static.js", assets)
    modules = {f"#studio/{name}": _data(name, _read(assets, name)) for name in needed}
    imports = _script_json({"imports": {"preact": modules.pop(f"#studio/{PREACT}")} | modules})
    used = [name for name in assets.styles if "uplot" not in name]
    styles = "\n".join(_inline_fonts(_read(assets, name), name, assets) for name in used)
    data = {"report": report, "language": language, "trace": base64.b64encode(trace).decode()}
    return f"""<!doctype html>
<html lang="{html.escape(language or "en")}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{STATIC_POLICY}">
<title>{html.escape(title or "Pellucid")}</title>
<link rel="icon" href="{ICON}">
<style>{styles}</style>
<script type="importmap">{imports}</script>
<body>
<div id="app"></div>
<script type="application/json" id="looked">{_script_json(data)}</script>
<script type="module">import "#studio/look/static.js";</script>
"""


ICON = "data:image/svg+xml," + (
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Ccircle cx='8' cy='8' r='6' fill='none' stroke='%231f5fae' stroke-width='2.4'/%3E%3C/svg%3E"
)

# statements at the beginning of a line, and `await import(…)`; types in comments are not followed
IMPORT = re.compile(
    r"""^(?:(?:import|export)\b[^"';]*|.*\bawait import\()["'](?:#studio/([^"']+)|(preact))["']""", re.MULTILINE
)


def _reached(start: str, assets: Assets) -> list[str]:
    """The modules that a module imports, and those that they import, and so on."""
    found: list[str] = []
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.append(name)
        for own, bare in IMPORT.findall(_read(assets, name)):
            waiting.append(PREACT if bare else own)
    return found


def _read(assets: Assets, name: str) -> str:
    return assets.files[name].read_text(encoding="utf-8")


def _data(name: str, text: str) -> str:
    kind = TYPES[f".{name.rsplit('.', 1)[1]}"].partition(";")[0]
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


def _inline_fonts(css: str, name: str, assets: Assets) -> str:
    """A style sheet whose fonts are in it."""
    folder = name.rsplit("/", 1)[0]

    def inline(match: re.Match[str]) -> str:
        content = assets.files[f"{folder}/{match.group(1)}"].read_bytes()
        return f"url(data:font/woff2;base64,{base64.b64encode(content).decode()})"

    return re.sub(r"url\(([\w-]+\.woff2)\)", inline, css)


def _script_json(value: Any) -> str:
    """JSON that cannot end the script element that it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
