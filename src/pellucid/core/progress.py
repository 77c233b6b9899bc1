"""What a person sees while something trains: a bar with the time left, and a line for each epoch.

Without a terminal (a log file, a notebook's cell, CI) only the lines appear. All of it goes to standard error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

_ESTIMATE_AFTER = 5  # batches: the first ones pay for warming up


class Progress:
    """Follows a run of `epochs` × `batches` steps."""

    def __init__(self, epochs: int, batches: int, *, quiet: bool = False, what: str = "batches"):
        """what: the things that an epoch is counted in."""
        self._epochs, self._batches, self._quiet, self._what = epochs, batches, quiet, what
        self._console = Console(stderr=True, quiet=quiet)
        self._bar = RichProgress(
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(bar_width=None),
            TextColumn("{task.percentage:3.0f} %"),
            TextColumn("loss {task.fields[loss]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=quiet or not self._console.is_terminal,
            refresh_per_second=8,
        )
        self._task: TaskID = self._bar.add_task("", total=epochs * batches, epoch=f"1/{epochs}", loss="…")
        self._first: tuple[float, int] | None = None
        self._estimated = False

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._bar.stop()

    def step(self, epoch: int, batch: int, loss: float) -> None:
        """`batch` batches of `epoch` (from 0) are done, with this mean loss."""
        done = epoch * self._batches + batch
        self._bar.update(self._task, completed=done, epoch=f"{epoch + 1}/{self._epochs}", loss=f"{loss:.4f}")
        if self._first is None:
            self._first = (time.perf_counter(), done)
        elif not self._estimated and done - self._first[1] >= _ESTIMATE_AFTER:
            start, before = self._first
            seconds = (time.perf_counter() - start) / (done - before) * (self._epochs * self._batches - done)
            self._estimated = True
            left = self._epochs - epoch
            self.say(f"about {duration(seconds)} for {left} epoch{'s' * (left > 1)} of {self._batches:,} {self._what}")

    def epoch(self, epoch: int, scores: dict[str, float], *, best: bool) -> None:
        """One epoch is over."""
        figures = "  ".join(f"{name} {value:.4f}" for name, value in scores.items())
        self.say(f"epoch {epoch + 1:>{len(str(self._epochs))}}/{self._epochs}  {figures}{'  best' if best else ''}")

    def say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def counting(title: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar for `total` things of one kind, each of which is told by a call. Nothing where there is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with RichProgress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(one_line(title), total=total)
        yield lambda: bar.advance(task)


@contextmanager
def telling() -> Iterator[Callable[[str, float], None]]:
    """A bar for work that tells what it does and the share that is done. Nothing where there is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:3.0f} %"))
    with RichProgress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, share: bar.update(task, completed=share, description=what)


def duration(seconds: float) -> str:
    """`42 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def one_line(text: str) -> str:
    """Somebody's text on one line, without what could steer the terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in " ".join(text.split()))
