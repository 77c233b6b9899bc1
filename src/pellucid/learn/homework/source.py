"""What a learner hands in, as text to run: a .py file or the code cells of a notebook, in whatever shape they are."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pellucid.core.card import Words
from pellucid.core.errors import UserError
from pellucid.learn.homework.exercise import Exercise, Function

MARK = re.compile(r"^\s*#?\s*pellucid homework: ([\w-]+)", re.M)
LARGEST = 4_000_000
SUFFIXES = (".py", ".ipynb")


@dataclass(frozen=True)
class Source:
    """path: where it came from. cells: of a notebook, the line before each code cell's first."""

    path: Path
    text: str
    cells: tuple[int, ...] = field(default=())

    def where(self, line: int) -> Words:
        """A line as its writer knows it: `line 7`, or `code cell 3, line 2`."""
        if not self.cells:
            return {"en": f"line {line}", "zh-TW": f"第 {line} 行"}
        cell = max((i for i, before in enumerate(self.cells) if before < line), default=0)
        inside = line - self.cells[cell]
        return {
            "en": f"code cell {cell + 1}, line {inside}",
            "zh-TW": f"第 {cell + 1} 個程式儲存格第 {inside} 行",
        }

    @property
    def homework(self) -> str | None:
        """Which homework it says it is."""
        found = MARK.search(self.text[:2000])
        return found.group(1) if found else None

    def defines(self, exercises: Iterable[Exercise]) -> int:
        """How many of these exercises it has an answer to."""
        names = {answer_name(exercise) for exercise in exercises}
        return sum(bool(re.search(rf"^(def\s+{name}\s*\(|{name}\s*=)", self.text, re.M)) for name in names)


def read(path: Path) -> Source:
    """The file's code; UserError where there is none to read."""
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(f"{path}: {path.stat().st_size:,} bytes are no homework; hand in code only")
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    text = _decoded(path, content)
    return _notebook(path, text) if path.suffix == ".ipynb" else Source(path, text)


def _decoded(path: Path, content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):  # as Windows' Notepad may save it
        if content.startswith(mark):
            try:
                return content.decode(encoding).replace("\r\n", "\n")
            except UnicodeDecodeError:
                raise UserError(f"{path}: is not text; save it as UTF-8") from None
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
        text = content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        raise UserError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    if "\0" in text:
        raise UserError(f"{path}: holds NUL characters, which no Python file has")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _notebook(path: Path, text: str) -> Source:
    try:
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UserError(f"{path}: is no notebook of format 4; save it again from Jupyter") from None
    lines: list[str] = []
    starts = []
    for source in sources:
        starts.append(len(lines))
        lines += [_plain(line) for line in source.splitlines()] if not source.startswith("%%") else []
    return Source(path, "\n".join(lines) + "\n", tuple(starts))


def _plain(line: str) -> str:
    """Magics and shell lines mean nothing outside a notebook."""
    start = line.lstrip()
    return line[: len(line) - len(start)] + f"pass  # {start}" if start.startswith(("%", "!")) else line


def find(path: Path) -> list[Path]:
    """The files of a submission: the file itself, or those in a folder and its folders."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UserError(f"{path}: no such file or folder; start one: pellucid homework start day1")
    found = sorted(path.rglob("*"))
    files = [file for file in found if file.suffix in SUFFIXES and file.is_file() and not file.is_symlink()]
    return [file for file in files if not any(part.startswith((".", "__")) for part in file.relative_to(path).parts)]


def function_name(exercise: Function) -> str:
    """What the function is called: the exercise's name, or else the last function of its stub."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a stub's docstring may hold TeX
        body = ast.parse(exercise.stub).body
    names = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    return exercise.name if exercise.name in names or not names else names[-1]


def answer_name(exercise: Exercise) -> str:
    """The name that the learner's file must give a meaning to."""
    return function_name(exercise) if isinstance(exercise, Function) else f"ANSWER_{exercise.name}"
