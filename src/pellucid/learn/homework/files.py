"""What a learner starts from: one plain .py file a homework, or a notebook of the same, in the language chosen."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pellucid.core.errors import UserError
from pellucid.core.run import write_beside
from pellucid.learn.homework.cases import Call, written_arguments
from pellucid.learn.homework.check import worked
from pellucid.learn.homework.compare import show
from pellucid.learn.homework.exercise import Choice, Exercise, Function, Quantity
from pellucid.learn.homework.sets import Homework
from pellucid.learn.homework.source import answer_name, function_name
from pellucid.learn.homework.wire import decode

Language = Literal["en", "zh-TW"]

PIECE = re.compile(r"\s+|\$[^$]+\$[^\s\w]*|[!-~]+ *|.")

TEXT: dict[str, dict[str, str]] = {
    "head": {"en": "Homework: {title} ({points} points)", "zh-TW": "作業：{title}（{points} 分）"},
    "check": {
        "en": "Write your answers into this file, save it, then check them:",
        "zh-TW": "把答案寫進這個檔案，存檔之後檢查：",
    },
    "keep": {
        "en": "Keep the names. Python's own modules, numpy and sympy are there when it is checked.",
        "zh-TW": "名稱請保持原樣。檢查時可以使用 Python 內建模組、numpy 與 sympy。",
    },
    "points": {"en": "{n} points", "zh-TW": "{n} 分"},
    "point": {"en": "1 point", "zh-TW": "1 分"},
    "gives": {"en": "{call} gives {value}", "zh-TW": "{call} 得到 {value}"},
    "raises": {"en": "{call} raises {value}", "zh-TW": "{call} 引發 {value}"},
    "choice": {"en": "a letter in quotes", "zh-TW": "一個字母，加上引號"},
    "quantity": {"en": "a number", "zh-TW": "一個數字"},
    "unit": {"en": "a number, in {unit}", "zh-TW": "一個數字，單位 {unit}"},
    "run": {
        "en": 'the folder of your run in quotes, as "runs/{room}/…"',
        "zh-TW": '你的執行紀錄資料夾，加上引號，例如 "runs/{room}/…"',
    },
}


def write(
    homeworks: Sequence[Homework], folder: Path, language: Language, *, notebook: bool, again: bool
) -> list[Path]:
    """A file for each; nothing that is there already is overwritten. UserError before the first one is written."""
    suffix = ".ipynb" if notebook else ".py"
    files = [folder / f"{homework.name}{suffix}" for homework in homeworks]
    if there := [file for file in files if file.exists()]:
        if not again:
            raise UserError(f"{there[0]}: is there already, and stays as it is; --again writes a new one beside it")
        files = [_beside(file) for file in files]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: cannot be made: {error.strerror}; choose another --into") from None
    for homework, file in zip(homeworks, files, strict=True):
        text = (as_notebook if notebook else as_python)(homework, language, file.as_posix())
        write_beside(file, text.encode())
    return files


def _beside(file: Path) -> Path:
    number = 2
    while file.exists():
        file = file.with_name(f"{re.sub(r'-[0-9]+$', '', file.stem)}-{number}{file.suffix}")
        number += 1
    return file


def as_python(homework: Homework, language: Language, name: str) -> str:
    parts = [
        f"# pellucid homework: {homework.name}",
        *_comment(_head(homework, language, name)),
        "",
        "import numpy as np",
    ]
    for exercise in homework.exercises:
        parts += ["", "", "# " + "-" * 78, *_comment(_about(exercise, language)), ""]
        parts += _code(exercise, language)
    return "\n".join(parts) + "\n"


def as_notebook(homework: Homework, language: Language, name: str) -> str:
    """Format 4.5, by hand: it is a short piece of JSON."""
    cells = [_cell("markdown", _head(homework, language, name), 0)]
    cells.append(_cell("code", [f"# pellucid homework: {homework.name}", "import numpy as np"], 1))
    for i, exercise in enumerate(homework.exercises):
        cells.append(_cell("markdown", _about(exercise, language, heading="## "), 2 * i + 2))
        cells.append(_cell("code", _code(exercise, language), 2 * i + 3))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps(
        {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1
    )


def _cell(kind: str, lines: Sequence[str], number: int) -> dict[str, Any]:
    source = [f"{line}\n" for line in lines[:-1]] + list(lines[-1:])
    more: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": f"homework-{number}", "metadata": {}, **more, "source": source}


def _head(homework: Homework, language: Language, name: str) -> list[str]:
    points = sum(exercise.points for exercise in homework.exercises)
    title = _text("head", language, title=homework.title[language], points=points)
    command = f"    pellucid homework check {name}"
    return [title, "", _text("check", language), "", command, "", _text("keep", language)]


def _about(exercise: Exercise, language: Language, heading: str = "") -> list[str]:
    points = _text("point" if exercise.points == 1 else "points", language, n=exercise.points)
    title = f"{heading}{exercise.title[language]} ({points})"
    lines = [title, "", *exercise.task[language].splitlines()]
    if isinstance(exercise, Choice):
        lines += ["", *(f"{'ABCDEFGHIJ'[i]}. {option[language]}  " for i, option in enumerate(exercise.options))]
    return lines


def _code(exercise: Exercise, language: Language) -> list[str]:
    if isinstance(exercise, Function):
        return [*exercise.stub.strip("\n").splitlines(), "", *_examples(exercise, language)]
    if isinstance(exercise, Choice):
        about = _text("choice", language)
    elif isinstance(exercise, Quantity):
        about = _text("unit", language, unit=exercise.unit) if exercise.unit else _text("quantity", language)
    else:
        about = _text("run", language, room=getattr(exercise, "room", ""))
    return [f"{answer_name(exercise)} = None  # {about}"]


def _examples(exercise: Function, language: Language) -> list[str]:
    """The public cases with what they give, computed now."""
    cases = [Call(f"example-{i}", "public", i, case) for i, case in enumerate(exercise.public)]
    lines = []
    for call, reply in zip(cases, worked(exercise, cases), strict=True):
        args, kwargs = call.arguments
        written = f"{function_name(exercise)}({written_arguments(args, kwargs)})"
        raised = "value" not in reply
        value = reply["failed"]["type"] if raised else show(decode(reply["value"]), 400)
        lines.append(_text("raises" if raised else "gives", language, call=written, value=value))
    return _comment(lines)


def _comment(lines: Sequence[str]) -> list[str]:
    return [f"# {piece}".rstrip() for line in lines for piece in _wrapped(line)]


def _wrapped(line: str, width: int = 100) -> list[str]:
    """Lines of about this width, no formula or word broken, no line beginning with a closing mark."""
    made, room = [""], width
    for piece in PIECE.findall(line):
        wide = sum(1 + (ord(c) > 0x2E7F) for c in piece.rstrip())  # Chinese letters are twice as wide
        if wide > room and made[-1].strip() and piece not in "，。、；：？！）」":
            made.append("")
            room = width
        made[-1] += piece if made[-1] or len(made) == 1 else piece.lstrip()
        room -= wide + len(piece) - len(piece.rstrip())
    return made


def _text(key: str, language: Language, **values: Any) -> str:
    text: Mapping[str, str] = TEXT[key]
    return text[language].format(**values)
