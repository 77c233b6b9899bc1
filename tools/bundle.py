"""Make the tiny trained run that comes with a room: `python tools/bundle.py spam_detector`.

Trains with the defaults, or with the `fields` that `bundled` in its expected.json names, and keeps what answering and
looking need; with `half` there, the weights as 16-bit floats. What is too large does not replace what is there.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile

from pellucid import api, catalog

KEPT = ("run.json", "metrics.jsonl", "model.safetensors", "codec.json")
MOST = 500_000  # bytes


def main(room: str) -> None:
    target = api.bundled(room)
    expected = json.loads((catalog.folder(room) / "expected.json").read_text(encoding="utf-8")).get("bundled", {})
    with tempfile.TemporaryDirectory() as folder:
        trained = api.train(room, runs=folder, **expected.get("fields", {}))
        info = trained.run.info
        # nobody needs to know whose machine it was
        trained.run.update(host={"name": "bundled", "system": "Linux", "cpus": info["host"]["cpus"]}, pid=0)
        if expected.get("half"):
            weights = trained.run.load_weights().items()
            halved = {name: value.half() if value.is_floating_point() else value for name, value in weights}
            trained.run.save_weights("model", halved)
        kept = [name for name in KEPT if (trained.path / name).is_file()]  # an algorithm has no codec
        size = sum((trained.path / name).stat().st_size for name in kept)
        if size > MOST:
            sys.exit(
                f"{size:,} bytes, more than {MOST:,}: give the configuration smaller defaults; {target} is as it was"
            )
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for name in kept:
            shutil.copy(trained.path / name, target / name)
    print(f"{target}: {size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
