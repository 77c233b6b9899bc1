"""How a training hears that it shall stop: Ctrl-C, a polite kill, or a file in its run folder."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

from pellucid.core.run import Run
from pellucid.core.world import World

_LOOK = 0.1  # seconds between two looks into the run folder


@contextlib.contextmanager
def asked_to_stop(run: Run, world: World) -> Iterator[Callable[[], bool]]:
    """A function that tells whether a signal or `Run.ask_to_stop` came; to be asked after every step.

    The next signal interrupts at once. Where it ends, the run's request counts as honoured and is removed.
    """
    asked: list[Any] = []
    looked = 0.0

    def remember(number: int, _frame: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    def tell() -> bool:
        nonlocal looked
        if world.main and not asked and time.perf_counter() - looked > _LOOK:
            looked = time.perf_counter()
            if run.asked_to_stop:
                asked.append("stop")
        return bool(asked)

    try:
        before = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # not the main thread: somebody else handles signals there
        before = {}
    try:
        yield tell
    finally:
        if world.main:
            run.forget_stop()
        for number, handler in before.items():
            signal.signal(number, handler)
