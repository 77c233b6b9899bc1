"""Run the studies of a room's `expected.json` again and write what came out: `python tools/measure.py spam_detector`.

Each study is a `pellucid compare` command; its scores are the mean and the spread (standard deviation) over the seeds.
Numbers after the room's name choose studies, the first is 0: `python tools/measure.py image_classifier 0 2`. A study
may have a command `before`, whose run stands as RUN in its own. Data that a study names and the package does not have
is looked for, and downloaded to, where every command does ($PELLUCID_DATA); FOLDER is what $FOLDER says.
"""

from __future__ import annotations

import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pellucid import __version__, api
from pellucid.core.expected import machine


def main(room: str, *numbers: str) -> None:
    file = Path(api.__file__).parent / "rooms" / room / "expected.json"
    studies = json.loads(file.read_text(encoding="utf-8"))["studies"]
    for number in map(int, numbers or map(str, range(len(studies)))):
        found = measured(room, studies[number])
        expected = json.loads(file.read_text(encoding="utf-8"))  # hours may have gone by
        expected["studies"][number] |= found
        file.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def measured(room: str, study: dict[str, Any]) -> dict[str, Any]:
    """What a study gives: scores by variant, and how they came about."""
    with tempfile.TemporaryDirectory() as runs:
        if "before" in study:
            pellucid([*shlex.split(study["before"]), "--runs", runs])
        made = [str(file.parent) for file in Path(runs, room).glob("*/run.json")]
        stands_for = {"RUN": made[:1], "FOLDER": [os.environ.get("FOLDER", "FOLDER")]}
        words = [text for word in shlex.split(study["command"]) for text in stands_for.get(word, [word])]
        before = cpu_seconds()
        variants = [api.Variant(**each) for each in json.loads(pellucid([*words, "--json", "--runs", runs]))]
        spent = cpu_seconds() - before
    return {
        "variants": {
            " ".join(f"{k}={v}" for k, v in variant.fields.items()): {
                name: {"mean": round(variant.mean(name), 4), "spread": round(variant.spread(name), 4)}
                for name in variant.figures
            }
            for variant in variants
        },
        "machine": machine(),
        "seeds": len(next(iter(variants[0].figures.values()))),
        "measured": {
            "on": time.strftime("%Y-%m-%d"),
            "pellucid": __version__,
            "cpu_seconds": round(spent, 1),  # of the whole study: seconds by the clock say little on a busy machine
            "load": round(os.getloadavg()[2], 1),
        },
    }


def pellucid(words: list[str]) -> bytes:
    return subprocess.run([sys.executable, "-m", *words], stdout=subprocess.PIPE, check=True).stdout


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
