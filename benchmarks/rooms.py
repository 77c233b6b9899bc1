"""How long each room takes to answer a changed input in the studio: predicted, looked into, checked, saved.

    pip install -c constraints.txt -e ".[test]"
    python benchmarks/rooms.py --rounds 7

A studio of its own, over HTTP, after each example was asked once (SymPy derives a typed formula the first time that it
sees it; "first" is that time). Every example of a card in turn, by the bundled run; medians over all of them and over
the rounds, the slowest example's median behind it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from pellucid import catalog
from studio import studio


def ask(url: str, token: str, room: str, what: str, body: dict[str, Any]) -> tuple[float, Any]:
    """Milliseconds until the answer is there, and the answer."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    address = f"{url}/api/rooms/{room}/runs/bundled/{what}"
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    start = time.perf_counter()
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    return 1000 * (time.perf_counter() - start), answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    columns = ("room", "nodes", "answer, ms", "look, ms", "slowest example, ms", "first look, slowest, ms")
    print(f"| {' | '.join(columns)} |\n|---{'|--:' * (len(columns) - 1)}|")
    with tempfile.TemporaryDirectory() as runs, studio(Path(runs)) as (url, token, _, _):
        for room in catalog.BUILT:
            examples = catalog.card(room).input.examples
            first = [ask(url, token, room, "look", {"input": each}) for each in examples]
            nodes = [answer["check"]["checked"] for _, answer in first]
            looks: list[list[float]] = [[] for _ in examples]
            answers: list[float] = []
            for _ in range(rounds):
                for example, times in zip(examples, looks, strict=True):
                    answers.append(ask(url, token, room, "predict", {"inputs": [example]})[0])
                    times.append(ask(url, token, room, "look", {"input": example})[0])
            medians = [statistics.median(times) for times in looks]
            cells = [
                f"{min(nodes):,} to {max(nodes):,}", f"{statistics.median(answers):.0f}",
                f"{statistics.median(medians):.0f}", f"{max(medians):.0f}", f"{max(ms for ms, _ in first[1:]):.0f}",
            ]  # fmt: skip
            print(f"| {room} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
