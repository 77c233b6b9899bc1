"""What the studio says in English when something is wrong, it says in Traditional Chinese: taken out of the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pellucid import catalog
from pellucid.core import zh
from pellucid.core.errors import UserError
from pellucid.core.phrases import Phrases
from pellucid.core.run import Run
from pellucid.server.studio.zh import PHRASES, in_chinese

SOURCE = Path(catalog.__file__).parent
SHOWN = (  # whose sentences a page can show
    "core/card.py", "core/config.py", "core/fit.py", "core/formula.py", "core/formula_parser.py", "core/run.py",
    "core/world.py", "core/data/lines.py", "core/data/parsers.py", "core/data/tables.py", "core/data/fingerprint.py",
    "core/data/split.py", "core/data/pictures.py", "core/data/idx.py", "core/data/folders.py", "core/data/inputs.py",
    "core/corpus/reading.py", "core/corpus/words.py", "core/corpus/sources.py", "core/corpus/plain.py",
    "core/corpus/pool.py", "core/corpus/files.py", "core/corpus/vocabulary.py", "core/corpus/corpus.py",
    "core/corpus/joining.py", "core/corpus/build.py", "nn/pictures.py",
)  # fmt: skip
OF_ROOMS = {"homework.py", "inside.py", "captions.py", "zh.py"}
SAYS = {
    "UserError", "ValueError", "BadRow", "Refused", "wrong", "fail", "Damaged", "missing", "stuck", "unknown", "need",
}  # fmt: skip
PROGRAMMING = (  # said to a programmer: no page can bring them about
    "columns: give", "on_bad:", "fractions:", "keys:", " keys for ", "delimiter:", "no gradient reaches", "no index of",
)  # fmt: skip
CHANGING = "Q"  # stands for what is filled in
ANYTHING = ("{place}: {message~}", "{place}：{message~}")  # would take every sentence with a colon for known here
COMMON = tuple(pair for pair in zh.PHRASES if pair != ANYTHING)
BOOK = Phrases(PHRASES, *catalog.phrases(), COMMON, ((CHANGING, CHANGING),))


def sentences(file: Path) -> Iterator[str]:
    """What is said in a file, with Q wherever something is filled in."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in SAYS:
            for argument in node.args:
                for text in rendered(argument):
                    if (
                        " " in text
                        and text.strip(f"{CHANGING} :,;.()")
                        and not any(part in text for part in PROGRAMMING)
                    ):
                        yield text


def rendered(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            text = ""
            for value in values:
                optional = text[-1:].isalnum() or text.endswith(
                    (")", "=")
                )  # what follows without a space: a hint, a plural
                text += value.value if isinstance(value, ast.Constant) else "" if optional else CHANGING
            yield text
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            for first in rendered(left):
                yield from (first + last for last in rendered(right))
        case ast.IfExp(body=body, orelse=orelse):
            yield from rendered(body)
            yield from rendered(orelse)
        case _:
            yield CHANGING


def files() -> list[Path]:
    rooms = [file for room in catalog.BUILT for file in sorted(catalog.folder(room).glob("*.py"))]
    own = [file for file in sorted((SOURCE / "server/studio").glob("*.py")) if file.name != "messages.py"]
    return [*(SOURCE / name for name in SHOWN), *own, *(file for file in rooms if file.name not in OF_ROOMS)]


def test_there_is_something_to_look_up():
    assert sum(1 for file in files() for _ in sentences(file)) > 150


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(SOURCE)))
def test_every_sentence_of_a_file_is_in_a_phrase_book(file):
    assert [text for text in sentences(file) if BOOK.translate(text) is None] == []


@pytest.mark.parametrize("pair", [pair for book in (PHRASES, *catalog.phrases(), zh.PHRASES) for pair in book])
def test_a_phrase_is_whole(pair):
    english, chinese = pair
    places = [set(re.findall(r"\{(\w+)~?\}", text)) for text in pair]
    assert places[1] <= places[0], pair
    assert not re.search("[\u4e00-\u9fff]", english) and not re.search("[\u4e00-\u9fff] [\u4e00-\u9fff]", chinese)
    if re.search("[a-z]{2,} [a-z]{2,}", re.sub(r"\{\w+~?\}", "", english)):
        assert re.search("[\u4e00-\u9fff]", chinese), pair


WRONG = [
    ("linear_equations", "x + y = 2; x ^ 2 = 3", "方程式第 1 行第 14 個字：'^'：次方不是線性的"),
    ("linear_equations", "x + y = 2", "方程式：1 個方程式，卻有 2 個未知數（x, y）；方程式與未知數要一樣多"),
    ("linear_equations", "x + = 2", "方程式第 1 行第 5 個字：'=' 前面少了數字或未知數"),
    ("optimizers", "f = x^2 + zig(y)", "第 1 行第 11 個字：看不懂 zig。變數：x, y。"),
    ("optimizers", "f = ravine; start = 1", "第 1 行第 21 個字：'1' 不是一個點；請寫兩個數字，例如 4, 2"),
    ("optimizers", "f = ravine; rates = 1", "第 1 行第 13 個字：'rates' 不是 f, start, optimizer"),
    ("linear_regression", "size = 12O, rooms = 3", "第 1 行：size: '12O' 不是數字；需要數字，例如 12.5"),
    ("linear_regression", "size = 120", "少了 rooms, age, door；請寫成 size = 120, rooms = …, age = …, door = …"),
    ("document_search", "oxigen", "查詢：沒有文件含有 oxigen。你是指 'oxygen' 嗎？"),
]


@pytest.mark.parametrize(("room", "value", "says"), [case for case in WRONG if case[0] in catalog.BUILT])
def test_what_a_learner_gets_wrong_is_said_in_chinese(room, value, says):
    from pellucid import api

    with pytest.raises(UserError) as refused:
        api.open(api.bundled(room)).predict(value)
    assert says in in_chinese(str(refused.value)), (str(refused.value), in_chinese(str(refused.value)))


def test_what_no_book_has_stays_english_and_costs_no_time():
    assert in_chinese("a sentence of nobody: at all") == ""
    assert in_chinese(": ".join(["word"] * 400)) == ""
    assert in_chinese("x" * 100_000) == ""


def test_a_refusal_carries_both_languages(client):
    config = {"data": "/nowhere/own.csv"}
    (found,) = client.post("/api/rooms/spam_detector/runs", json={"config": config}).json()["detail"]
    assert found["message"] == "/nowhere/own.csv: there is no folder /nowhere"
    assert found["zh"] == "/nowhere/own.csv：沒有 /nowhere 這個資料夾"


def test_a_failed_run_tells_why_in_both_languages(client, studio):
    run = Run.create(studio.runs, "spam_detector", {}, "pellucid train spam_detector", "failed")
    (run.path / "train.log").write_text(
        "pellucid: own.csv: 3 different labels ('a', 'b', 'c'), but two are needed; is label_column right?\n"
    )
    found = client.get(f"/api/rooms/spam_detector/runs/{run.path.name}").json()
    assert found["error"].startswith("own.csv: 3 different labels")
    assert found["error_zh"] == "own.csv：有 3 種標籤（'a', 'b', 'c'），需要恰好兩種；label_column 對嗎？"
