"""Make the tiny trained run that comes with a room: `python tools/bundle.py spam_detector`.

Trains with the defaults and keeps what answering and looking need. What is too large does not replace what is there.
"""

from __future__ import annotations

import shutil
import sys
import tempfile

from pellucid import api

KEPT = ("run.json", "metrics.jsonl", "model.safetensors", "codec.json")
MOST = 500_000  # bytes


def main(room: str) -> None:
    target = api.bundled(room)
    with tempfile.TemporaryDirectory() as folder:
        trained = api.train(room, runs=folder)
        info = trained.run.info
        # nobody needs to know whose machine it was
        trained.run.update(host={"name": "bundled", "system": "Linux", "cpus": info["host"]["cpus"]}, pid=0)
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
