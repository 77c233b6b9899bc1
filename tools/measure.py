"""Run the studies of a room's `expected.json` again and write what came out: `python tools/measure.py spam_detector`.

Each study is a `pellucid compare` command; its scores are the mean and the spread (standard deviation) over the seeds.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pellucid import __version__, api


def main(room: str) -> None:
    file = Path(api.__file__).parent / "rooms" / room / "expected.json"
    expected = json.loads(file.read_text(encoding="utf-8"))
    for study in expected["studies"]:
        with tempfile.TemporaryDirectory() as runs:
            command = [sys.executable, "-m", *shlex.split(study["command"]), "--json", "--runs", runs]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        variants = [api.Variant(**variant) for variant in json.loads(done.stdout)]
        study["variants"] = {
            " ".join(f"{k}={v}" for k, v in variant.fields.items()): {
                name: {"mean": round(variant.mean(name), 4), "spread": round(variant.spread(name), 4)}
                for name in variant.figures
            }
            for variant in variants
        }
        study["machine"] = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        study["seeds"] = len(next(iter(variants[0].figures.values())))
        study["measured"] = {"on": time.strftime("%Y-%m-%d"), "pellucid": __version__}
    file.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
