"""The page at `/`: what is served, how to ask with curl, and a form to try it. One file, nothing from other hosts."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from pathlib import Path
from typing import Any

from pellucid.core.card import Card, Input
from pellucid.ship.bundle import Bundle

HERE = Path(__file__).parent


def page(bundle: Bundle, card: Card, url: str = "") -> tuple[str, str]:
    """The page and its Content-Security-Policy: its own style and script by their hashes, nothing else."""
    style, script = ((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    title = html.escape(card.title["en"])
    kind = {"onnx": "ONNX", "litert": "LiteRT"}[bundle.runtime] + (", 8-bit" if bundle.info.get("quantized") else "")
    scores = bundle.info.get("scores", {}).get("shipped", {})
    figures = " · ".join(f"{name} {value:.3f}" for name, value in scores.items() if name in ("accuracy", "f1", "auc"))
    text = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
<main>
<h1>{title}</h1>
<p class="quiet">{html.escape(card.summary["en"])}</p>
<form id="try">
<label for="{"file" if card.input.kind == "picture" else "input"}">{html.escape(card.input.title["en"])}</label>
{entry(card.input)}
<button type="submit">Predict</button>
<div id="answer" role="status" aria-live="polite"></div>
</form>
<h2>From a program</h2>
<pre><code>{html.escape(curl(card, url or "http://127.0.0.1:8600"))}</code></pre>
<p>One input as <code>{{"input": …}}</code>, up to 256 as <code>{{"inputs": […]}}</code>.
<a href="openapi.json">OpenAPI</a> · <a href="health">health</a> · <a href="metrics">metrics</a></p>
<p class="quiet">{kind} · {bundle.info.get("bytes", 0):,} bytes{f" · {figures}" if figures else ""}</p>
{"".join(f'<p class="quiet">{html.escape(line)}</p>' for line in bundle.info.get("data", []))}
</main>
<script>{script}</script>
</html>
"""
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return text, policy


def entry(field: Input) -> str:
    """Where a person writes or chooses the input; #input holds what is sent."""
    example = html.escape(field.examples[0] if field.examples else "")
    if field.kind == "text":
        return f'<textarea id="input" rows="3" maxlength="{field.max_length}" required>{example}</textarea>'
    shown = f'<img id="shown" alt="The picture that is sent" src="{example}">' if example else ""
    return f"""{shown or '<img id="shown" alt="" hidden>'}
<input id="file" type="file" accept="image/png,image/jpeg,image/webp">
<input id="input" type="hidden" value="{example}" data-side="{field.side}">"""


def curl(card: Card, url: str) -> str:
    """A request for a POSIX shell."""
    body: dict[str, Any] = {"input": card.input.examples[0] if card.input.examples else "…"}
    sent = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
    return f"curl {url}/predict -H 'Content-Type: application/json' -d '{sent}'"


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
