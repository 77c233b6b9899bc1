"""The two ways in which a command ends early, and nothing else.

Exit codes: 0 done, 1 our fault (an ordinary traceback), 2 the user can mend it, 130 interrupted.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class UserError(Exception):
    """Something that the user can mend. Its text is one line: what was wrong, where, and what would do."""

    exit_code = 2


class Interrupted(Exception):
    """The user asked to stop (Ctrl-C). Everything done so far is saved; the text says how to go on."""

    exit_code = 130


def closest(word: str, known: Iterable[str]) -> str:
    """A hint for a misspelt word: `". Did you mean 'cell'?"`, or an empty string where nothing is near."""
    match = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f". Did you mean {match[0]!r}?" if match else ""


def closest_file(path: Path) -> str:
    """The same hint for a file that is not there, from the names beside it."""
    return closest(path.name, (other.name for other in path.parent.iterdir())) if path.parent.is_dir() else ""
