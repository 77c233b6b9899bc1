"""Who tokenises: threads, as most of it is compiled and runs beside others; processes where it is Python (jieba).

The processes are fresh interpreters that import this package and nothing of the caller's (not `multiprocessing`, whose
spawn runs the caller's script once more: a learner's ten lines have no `if __name__ == "__main__"`). One that loses its
caller, however that ended, reads the end of its pipe and is gone.
"""

from __future__ import annotations

import pickle
import queue
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from pellucid.core.corpus import part
from pellucid.core.corpus.blocks import Block
from pellucid.core.corpus.reading import Reading
from pellucid.core.errors import UserError

IN_PROCESSES = ("jieba",)  # values of `Reading.words`
SOURCE = Path(__file__).parents[3]
START = "import sys; sys.path.insert(0, sys.argv[1]); from pellucid.core.corpus.pool import serve; serve()"


class Tokenisers:
    """`put` hands a batch on and waits where all are busy; what went wrong in one is raised by the next call."""

    def __init__(self, count: int, reading: Reading, keep_text: bool) -> None:
        self._count, self._settings = count, (reading, keep_text)
        processes = count if count > 1 and reading.words in IN_PROCESSES else 0
        self._idle: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        self._all = [_start(self._settings) for _ in range(processes)]
        for process in self._all:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(count)
        self._busy: set[Future[None]] = set()
        self.documents: list[int] = []
        """Of each batch that is done."""

    def put(self, batch: list[Block], path: Path) -> None:
        if self._count == 1:
            self._tokenise(batch, path)
            return
        while len(self._busy) > self._count:
            self._collect(FIRST_COMPLETED)
        self._busy.add(self._threads.submit(self._ask if self._all else self._tokenise, batch, path))

    def _tokenise(self, batch: list[Block], path: Path) -> None:
        self.documents.append(_written(batch, path, self._settings))

    def finish(self) -> None:
        while self._busy:
            self._collect(FIRST_COMPLETED)

    def _collect(self, when: str) -> None:
        done, self._busy = wait(self._busy, return_when=when)
        for future in done:
            future.result()

    def _ask(self, batch: list[Block], path: Path) -> None:
        process = self._idle.get()
        try:
            assert process.stdin and process.stdout
            pickle.dump((batch, path), process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            told = pickle.load(process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise UserError(
                "a process that cuts text into words ended unexpectedly (is the memory full?); run again, "
                "with fewer workers: what is done is kept"
            ) from None
        finally:
            self._idle.put(process)
        if isinstance(told, Exception):
            raise told
        self.documents.append(told)

    def end(self) -> None:
        for process in self._all:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._all:
            process.communicate()


@contextmanager
def tokenisers(count: int, reading: Reading, keep_text: bool) -> Iterator[Tokenisers]:
    """`count` threads or processes; with one, everything happens here."""
    with ExitStack() as stack:
        pool = Tokenisers(count, reading, keep_text)
        stack.callback(pool.end)
        yield pool


def _start(settings: Any) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(SOURCE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    pickle.dump(settings, process.stdin)
    process.stdin.flush()
    return process


def serve() -> None:
    """What such a process does until its pipe ends. Ctrl-C is for the caller."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints shall not print into the answers
    try:
        settings = pickle.load(asked)
        while True:
            batch, path = pickle.load(asked)
            _answer(answers, _tokenised(batch, path, settings))
    except (EOFError, BrokenPipeError):
        return


def _written(batch: list[Block], path: Path, settings: tuple[Reading, bool]) -> int:
    """A batch's part, written; the number of its documents."""
    made = part.tokenise(batch, *settings)
    part.write(made, path)
    return len(made.lengths)


def _tokenised(batch: list[Block], path: Path, settings: tuple[Reading, bool]) -> Exception | int:
    try:
        return _written(batch, path, settings)
    except UserError as error:
        return error
    except Exception as error:
        return RuntimeError(f"{type(error).__name__}: {error}")


def _answer(answers: IO[bytes], told: Exception | int) -> None:
    pickle.dump(told, answers)
    answers.flush()
