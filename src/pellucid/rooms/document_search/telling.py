"""What a long indexing tells while it runs: lines for the studio's page, and a bar in a terminal.

The whole is one epoch of PARTS parts; each stage takes the share of them that it takes of the time, roughly.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pellucid.core.card import Words
from pellucid.core.progress import sharing
from pellucid.core.pulse import Pulse
from pellucid.core.run import Run

PARTS = 10_000
STAGES: dict[str, tuple[float, Words]] = {  # where it begins, and what people read; as core/corpus and the index say
    "compiling": (0.0, {"en": "compiling, once on this machine", "zh-TW": "編譯中（這台機器只需一次）"}),
    "reading": (0.02, {"en": "reading documents", "zh-TW": "讀取文件"}),
    "counting": (0.5, {"en": "counting words", "zh-TW": "計算詞數"}),
    "writing": (0.53, {"en": "writing word numbers", "zh-TW": "寫出詞的編號"}),
    "preparing": (0.6, {"en": "preparing the index", "zh-TW": "準備索引"}),
    "counting words": (0.62, {"en": "counting words by document", "zh-TW": "計算每份文件的詞數"}),
    "inverting": (0.7, {"en": "inverting: documents by word", "zh-TW": "反轉成詞到文件的索引"}),
    "finding topics": (0.75, {"en": "finding topics (SVD)", "zh-TW": "尋找主題（SVD）"}),
    "saving": (0.97, {"en": "saving", "zh-TW": "儲存"}),
}


class Telling:
    """Called with a stage and the share of it that is done, as `Report` wants."""

    def __init__(self, run: Run, bar: Callable[[str, float], None]) -> None:
        self._run, self._bar, self._begun, self._pulse = run, bar, time.perf_counter(), Pulse()
        self._last, self._documents = 0, 0
        self._stage, self._share = "compiling", 0.0

    def __call__(self, what: str, share: float) -> None:
        self._stage, self._share = what, share
        self._bar(what, share)
        if self._pulse.due(self.seconds):
            self._log()

    def counted(self, documents: int) -> None:
        """So many documents are cut into words."""
        self._documents = documents

    def measured(self, **values: float) -> None:
        """Something that is known now: a point of a curve, however soon it comes."""
        self._log(**values)

    @property
    def seconds(self) -> float:
        return max(time.perf_counter() - self._begun, 1e-6)

    def _log(self, **values: float) -> None:
        begin, said = STAGES[self._stage]
        end = min((first for first, _ in STAGES.values() if first > begin), default=1.0)
        self._last = max(self._last + 1, round(PARTS * (begin + self._share * (end - begin))))
        told: dict[str, Any] = {"batch": min(self._last, PARTS), "batches": PARTS, "doing": said, **values}
        if self._documents:
            told |= {"examples": self._documents}
            if self._stage == "reading":
                told |= {"examples_per_second": round(self._documents / self.seconds, 1)}
        self._run.log(min(self._last, PARTS), kind="pulse", epoch=1, epochs=1, seconds=round(self.seconds, 3), **told)


@contextmanager
def told_to(run: Run) -> Iterator[Telling]:
    with sharing() as bar:
        yield Telling(run, bar)
