"""Steps of a descent that is over in a moment: which of many are shown, and the log of them, written afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pellucid.core.board import Board
from pellucid.core.run import Run

LINES = 200  # of a training's log, at most


def evenly(first: int, last: int, most: int) -> list[int]:
    """Whole numbers from `first` to `last`, both among them: all where they are at most `most`, else evenly chosen."""
    chosen = np.linspace(first, last, min(most, last - first + 1)).round().astype(int)
    return np.unique(chosen).tolist()


def early_ones(count: int, most: int) -> list[int]:
    """Of 0 to `count` - 1 at most `most`: all of the first half of `most`, then ever fewer, and the last one."""
    if count <= most:
        return list(range(count))
    early = most // 2
    late = np.geomspace(early, count - 1, most - early).round().astype(int)
    return sorted({*range(early), *late.tolist()})


def log_steps(run: Run, lines: Sequence[tuple[int, Mapping[str, float]]], seconds: float) -> None:
    """Log (step, scores) of steps in order, the last step among them, to the run folder and to TensorBoard.

    seconds: what all took; each step is said to have taken its share.
    """
    last = max(lines[-1][0], 1)
    board = Board(run)
    for line, (step, scores) in enumerate(lines, start=1):
        spent = round(seconds * step / last, 6)
        run.log(step, kind="epoch", epoch=line, epochs=len(lines), seconds=spent, **scores)
        board.scalars(step, dict(scores))
    board.close()
