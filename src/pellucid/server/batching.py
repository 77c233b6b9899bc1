"""Micro-batches: what is asked while one batch computes is computed together next. Idle, nothing waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from pellucid.core.contract import Answer

Predict = Callable[[Sequence[Any]], list[Answer]]


class OverloadError(Exception):
    """More inputs wait than are let in."""


@dataclass(eq=False)
class Job:
    """One request's inputs. They may be spread over several batches; its future is set when the last is done."""

    values: Sequence[Any]
    future: asyncio.Future[list[Answer]]
    answers: dict[int, Answer] = field(default_factory=dict)

    def keep(self, place: int, answer: Answer) -> None:
        self.answers[place] = answer
        if len(self.answers) == len(self.values) and not self.future.done():
            self.future.set_result([self.answers[i] for i in range(len(self.values))])

    def fail(self, error: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Batcher:
    """Answers requests through `predict`, which runs in one thread of its own, at most `most` inputs at a time.

    `waiting`: inputs that may wait before `ask` raises OverloadError. `seen` is told the size of each batch.
    """

    def __init__(
        self, predict: Predict, *, most: int = 64, waiting: int = 4096, seen: Callable[[int], None] = lambda size: None
    ):
        self._predict, self._most, self._waiting, self._seen = predict, most, waiting, seen
        self._queue: deque[tuple[Job, int]] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="predict")
        self._worker: asyncio.Task[None] | None = None

    async def ask(self, values: Sequence[Any]) -> list[Answer]:
        """An answer for each value. Raises what `predict` raises on them."""
        if len(self._queue) + len(values) > self._waiting:
            raise OverloadError
        job = Job(values, asyncio.get_running_loop().create_future())
        self._queue.extend((job, i) for i in range(len(values)))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await job.future

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _work(self) -> None:
        """Batch after batch until nothing waits."""
        while self._queue:
            batch: list[tuple[Job, int]] = []
            while self._queue and len(batch) < self._most:
                job, place = self._queue.popleft()
                if not job.future.done():  # its client is gone, or an earlier part of it failed
                    batch.append((job, place))
            if batch:
                await self._compute(batch)

    async def _compute(self, batch: list[tuple[Job, int]]) -> None:
        """One batch. Where it fails, each request by itself, so that only those at fault hear of it."""
        self._seen(len(batch))
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._thread, self._predict, [job.values[i] for job, i in batch])
            if len(found) != len(batch):
                raise RuntimeError(f"{len(batch)} inputs gave {len(found)} answers")
        except Exception as error:
            jobs = list(dict.fromkeys(job for job, _ in batch))
            if len(jobs) == 1:
                jobs[0].fail(error)
                return
            for alone in jobs:
                await self._compute([(job, i) for job, i in batch if job is alone])
            return
        for (job, i), answer in zip(batch, found, strict=True):
            job.keep(i, answer)
