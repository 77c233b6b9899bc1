"""When a line inside an epoch is due in a run's log: the longer the run, the rarer, so that no file grows large."""

from __future__ import annotations

FIRST, SHARE = 0.2, 0.005  # seconds between two lines, and the share of the time spent that they are apart


class Pulse:
    """Asked with the seconds spent so far; `seconds`: those of earlier attempts."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._next = seconds + FIRST

    def due(self, seconds: float) -> bool:
        if seconds < self._next:
            return False
        self._next = seconds + max(FIRST, SHARE * seconds)
        return True
