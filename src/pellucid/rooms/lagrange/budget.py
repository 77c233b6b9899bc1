"""Work that ends: SymPy's algorithms under a number of calls, the same on every machine, and a time for the worst."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class OutOfBudget(BaseException):
    """Not an Exception: no library may take it for one of its own."""


def within(calls: int, seconds: float, work: Callable[[], T], otherwise: T) -> T:
    """What `work` gives, or `otherwise` once it has made so many function calls or taken so long.

    Python asks a profiling function at each call of this thread, which may raise: so anything written in Python can be
    stopped, on every system and in every thread, with no process of its own. A call limit gives the same answer on
    every machine; the time is a second fence, far behind it.
    """
    if sys.getprofile() is not None:  # somebody profiles this thread: another one is free of that
        with ThreadPoolExecutor(1) as one:
            return one.submit(lambda: within(calls, seconds, work, otherwise)).result()
    left, end = calls, time.monotonic() + seconds

    def count(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal left
        if event == "call":
            left -= 1
            if left < 0 or (left % 64 == 0 and time.monotonic() > end):
                raise OutOfBudget

    sys.setprofile(count)
    try:
        return work()
    except OutOfBudget:
        return otherwise
    finally:
        sys.setprofile(None)
