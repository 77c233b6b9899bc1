"""A sweep of 50 learning rates x 7 optimizers, on a surface and on the small network; what an answer and a look cost.

    python benchmarks/optimizers.py

CPU time of the process, so that other work on the machine counts little. Medians of the rounds, lowest and highest in
brackets. The first round, in which SymPy derives and compiles, is told by itself.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable

import numpy as np

from pellucid import api
from pellucid.rooms.optimizers.descent import sweep
from pellucid.rooms.optimizers.network import Network
from pellucid.rooms.optimizers.steps import Settings
from pellucid.rooms.optimizers.surfaces import surface
from pellucid.rooms.optimizers.system import RATES

ROUNDS, STEPS = 7, 200


def timed(title: str, work: Callable[[], object]) -> None:
    seconds = []
    for _ in range(ROUNDS + 1):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    first, *rest = (1000 * each for each in seconds)
    print(f"| {title} | {first:.0f} | {statistics.median(rest):.0f} ({min(rest):.0f} to {max(rest):.0f}) |")


def main() -> None:
    trained = api.train("optimizers", runs=tempfile.mkdtemp())
    rosenbrock, network = surface("rosenbrock"), Network()
    print(f"| {len(RATES)} rates x 7 optimizers, {STEPS} steps each | first, CPU ms | CPU ms |\n|---|--:|--:|")
    start = np.array([-1.5, 1.0])
    timed("Rosenbrock", lambda: sweep(rosenbrock.value, rosenbrock.gradient, start, Settings(), RATES, STEPS))
    timed(
        "network of 33 weights, 80 points",
        lambda: sweep(network.value, network.gradient, network.start(), Settings(), RATES, STEPS),
    )
    text = "f = himmelblau\nstart = 0, 0\noptimizer = adam\nrate = 0.1"
    print("\n| one input | first, CPU ms | CPU ms |\n|---|--:|--:|")
    timed("answer, 60 steps of Adam", lambda: trained.predict(text))
    timed("answer, 1,000 steps of Adam", lambda: trained.predict(text + "\nsteps = 1000"))
    timed("look, 60 steps of Adam", lambda: trained.look(text))


if __name__ == "__main__":
    main()
