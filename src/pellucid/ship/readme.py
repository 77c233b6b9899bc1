"""The texts of a bundle: its README with an example that needs neither torch nor Pellucid, and its parity report."""

from __future__ import annotations

import json
from typing import Any

from pellucid.core.card import Card
from pellucid.core.contract import Codec
from pellucid.ship.parity import Parity

RUN = {
    "onnx": """\
import onnxruntime
session = onnxruntime.InferenceSession("model.onnx")
names = [port["name"] for port in bundle["outputs"]]
outputs = dict(zip(names, session.run(names, encode(value))))""",
    "litert": """\
from ai_edge_litert.interpreter import Interpreter
runner = Interpreter("model.tflite").get_signature_runner()
feed = encode(value)
for port in bundle["inputs"]:  # fixed shapes: fill up with 0
    full = np.zeros(port["shape"], port["dtype"])
    full[tuple(slice(size) for size in feed[port["name"]].shape)] = feed[port["name"]]
    feed[port["name"]] = full
outputs = {port["name"]: runner(**feed)[f"output_{i}"] for i, port in enumerate(bundle["outputs"])}""",
}
PACKAGES = {"onnx": "onnxruntime", "litert": "ai-edge-litert"}
READERS = {"text": (), "picture": ("pillow",)}  # what the example reads an input with
BROWSER = ("onnx",)  # the run times that a bundle's `codec.js` feeds


def readme(info: dict[str, Any], codec: Codec, card: Card, *, browser: bool = False) -> str:
    """`README.md`. The room-specific lines come from its codec. browser: there is a `codec.js` beside it."""
    kind = {"onnx": "ONNX", "litert": "LiteRT"}[info["runtime"]] + (" (8-bit weights)" if info["quantized"] else "")
    return f"""# {info["title"]}: {kind} bundle

{info["summary"]}. Made by Pellucid on {info["created"][:10]} from a trained `{info["room"]}`.

## Use it from Python, without torch and without Pellucid

    pip install {" ".join(("numpy", *READERS[card.input.kind], PACKAGES[info["runtime"]]))}

Run this in the bundle's folder:

```python
{python_example(info["runtime"], codec, card)}
```

Serve it over HTTP: `pellucid serve <this folder>`

{_in_the_browser(card) if browser else ""}## What is known about it

{_parity_line(info)}

| on the {info["scores"]["split"]} data | as trained | in this bundle |
|---|---|---|
{_score_rows(info)}

The model file has {info["bytes"]:,} bytes. Exact figures, input and output shapes, versions: `bundle.json`.

## Data it was made with

{_attribution(info)}
"""


def python_example(runtime: str, codec: Codec, card: Card) -> str:
    """One input answered in the bundle's folder, by NumPy and the run time alone."""
    return f"""import json
import numpy as np

bundle = json.load(open("bundle.json", encoding="utf-8"))
codec = bundle["codec"]
value = {_example_of(card)!r}

{codec.example().strip()}

{RUN[runtime]}
print(decode(outputs))"""


def browser_example(card: Card) -> str:
    """One input answered in a page beside the bundle's files, by onnxruntime-web and `codec.js`."""
    return f"""import * as ort from "onnxruntime-web";
import {{ decode, encode }} from "./codec.js";

const bundle = await (await fetch("bundle.json")).json();
const session = await ort.InferenceSession.create("model.onnx");
const value = {json.dumps(_example_of(card), ensure_ascii=False)};

const feed = {{}};
for (const [name, {{ data, dims }}] of Object.entries(await encode(bundle.codec, value)))
  feed[name] = new ort.Tensor(data, dims);
console.log(decode(bundle.codec, await session.run(feed), value));"""


def _in_the_browser(card: Card) -> str:
    return f"""## In the browser

`npm install onnxruntime-web`, serve this folder, and:

```js
{browser_example(card)}
```

"""


def _example_of(card: Card) -> Any:
    return card.input.examples[0] if card.input.examples else "…"


def parity_text(info: dict[str, Any], parity: Parity) -> str:
    """`PARITY.txt`: the comparison in a few lines."""
    scores = info["scores"]
    rows = "\n".join(
        f"{name:10} {before:.4f} as trained, {scores['shipped'][name]:.4f} in this bundle"
        for name, before in scores["trained"].items()
        if isinstance(before, float)
    )
    return f"{_parity_line(info)}\nworst: {parity.largest}\n{rows}\n"


def _parity_line(info: dict[str, Any]) -> str:
    parity = info["parity"]
    limit = "" if parity["tolerance"] is None else f" (at most {parity['tolerance']:g} is allowed)"
    relative = f", {parity['relative_to_spread']:.2%} of the output's spread" if parity["tolerance"] is None else ""
    return (
        f"Compared with the trained model on {parity['inputs']} real inputs: "
        f"largest difference {parity['largest_difference']:.2e}{relative}{limit}."
    )


def _score_rows(info: dict[str, Any]) -> str:
    trained, shipped = info["scores"]["trained"], info["scores"]["shipped"]
    return "\n".join(
        f"| {name} | {value:.4f} | {shipped[name]:.4f} |" for name, value in trained.items() if isinstance(value, float)
    )


def _attribution(info: dict[str, Any]) -> str:
    return "\n".join(f"- {line}" for line in info["data"]) or "- the data of this run (see its `run.json`)"
