"""What an index is built with."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from pellucid.core.errors import Interrupted
from pellucid.rooms.document_search.weights import Weighting

Report = Callable[[str, float], None]  # what is being done, and how much of it is (0 to 1)
Measured = Callable[[float], None]  # the share of all squared weights that the topics keep so far


@dataclass(frozen=True)
class Options:
    """Which words count, how they weigh, and how many topics are sought (0: TF-IDF only).

    A word counts that at least `min_documents` documents and at most the share `max_share` of them hold; of these, the
    `most` commonest (0: all).
    `oversample` and `passes` are p and q of Halko, Martinsson & Tropp (2011): columns beyond the topics, and power
    iterations. `threads` 0: as many as there are processors for this process.
    """

    weighting: Weighting = field(default_factory=Weighting)
    topics: int = 100
    min_documents: int = 1
    max_share: float = 1.0
    most: int = 0
    oversample: int = 10
    passes: int = 3
    seed: int = 1
    threads: int = 0


@dataclass(frozen=True)
class Doing:
    """How long work tells where it is, and hears that it shall stop: between two chunks of at most some 0.3 s."""

    progress: Report | None = None
    stop: Callable[[], bool] | None = None
    threads: int = 1
    measured: Measured | None = None

    def at(self, what: str, share: float) -> None:
        """Tell the place; raises Interrupted where a stop was asked for. Nothing of the new generation counts then."""
        if self.progress:
            self.progress(what, share)
        if self.stop and self.stop():
            raise Interrupted(f"stopped while {what}; nothing was changed. The same command does it again")


def threads_of(asked: int) -> int:
    if asked:
        return asked
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
