"""The lessons of all rooms: both languages alike, and every directive leads somewhere real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from pellucid import api, catalog
from pellucid.learn.lesson import LANGUAGES, Lesson, Page, languages, nodes, read_file
from pellucid.server.studio import course
from pellucid.server.studio.state import Studio

HAN = r"\u2e80-\u2fff\u3400-\u9fff\uf900-\ufaff"
FULL = "，。、：；！？（）「」"
NOT_CHINESE = (
    rf"[{HAN}] ?[,.:;!?()]|[,.:;!?()] ?[{HAN}]",  # half-width punctuation
    rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]",  # no space between the scripts
    rf"[{HAN}]\s[{HAN}]|[{FULL}]\s|\s[{FULL}]",  # a space inside Chinese
    r"[*`$]|\{|\}",  # marks that were not understood
)
TAUGHT = [room for room in catalog.BUILT if languages(catalog.folder(room))]


@pytest.fixture(scope="module", params=TAUGHT)
def taught(request) -> str:
    """Each room that has a lesson, in turn."""
    return request.param


@pytest.fixture(scope="module")
def look(taught):
    """A function: input -> what the bundled run computes for it, with gradients."""
    trained = api.open(api.bundled(taught))
    made: dict[str, Any] = {}

    def get(value: str) -> Any:
        if value not in made:
            made[value] = trained.look(value, backward=True)
        return made[value]

    return get


@pytest.fixture(scope="module")
def course_server(tmp_path_factory):
    """A client of the course's routes, on an empty folder of runs."""
    studio, app = Studio(tmp_path_factory.mktemp("runs")), FastAPI()
    app.include_router(course.router(studio, {}))
    yield TestClient(app)
    studio.close()


def lesson(room: str, language: str = "en") -> Lesson:
    return read_file(catalog.folder(room), language, catalog.card(room).input.examples)


def actions(part: Any) -> list[dict[str, Any]]:
    return [node for node in nodes(part) if node["type"] == "action"]


def shown(pages: list[Page]) -> Iterator[tuple[Page, dict[str, Any], str]]:
    """Each action that opens a node, with the input that is on screen if all before it on its page were followed."""
    for page in pages:
        value = ""
        for each in actions(page["blocks"]):
            value = each["target"] if each["does"] == "input" else each["query"].get("input", value)
            if each["does"] == "look":
                yield page, each, value


def number(trace: Any, ask: str, gradient: bool = False) -> float:
    """`NODE[3,5]` as `learn/lesson.py` says it."""
    name, written = re.fullmatch(r"(.+)\[([\d,]+)\]", ask).groups()
    node, index = at(trace, name, written)
    array = trace.gradient(node) if gradient else trace.array(node)
    return array[(..., *index)].item()  # ValueError where there is more than one


def at(trace: Any, name: str, written: str) -> tuple[str, tuple[int, ...]]:
    """What an index is of, and the index without the step."""
    index = tuple(int(each) for each in written.split(","))
    if f"{name}[0]" in trace and name not in trace:
        return f"{name}[{index[0]}]", index[1:]
    return name, index


def shown_text(part: Any) -> str:
    """What a reader sees, a line for each paragraph and cell: figures as 0, formulas and code as x."""
    if isinstance(part, list):
        inline = not any(isinstance(each, list) for each in part)
        return ("" if inline else "\n").join(shown_text(each) for each in part)
    match part["type"]:
        case "text":
            return str(part["text"])
        case "figure":
            return "0"
        case "math" | "code":
            return "x"
        case "strong" | "em" | "action" | "link":
            return shown_text(part["of"])
        case _:
            held = [part[key] for key in ("of", "title", "items", "head", "rows") if key in part]
            return "\n".join(["", *map(shown_text, held), ""])


def skeleton(part: Lesson) -> list[Any]:
    """What must not differ between languages, in order."""
    out: list[Any] = []
    for page in part["pages"]:
        out.append(page["id"])
        for node in nodes(page["blocks"]):
            match node["type"]:
                case "action":
                    out.append((node["does"], node["target"], node["query"]))
                case "figure":
                    out.append(node["key"])
                case "exercise":
                    out.append((node["id"], node["does"]))
                case "table":
                    out.append((node["align"], len(node["rows"])))
                case "math":
                    out.append(node["tex"])
                case "code" if "language" in node:
                    out.append(node["text"])
                case "hint" | "answer" | "list" | "heading":
                    out.append(node["type"])
    return out


def test_a_lesson_is_there():
    assert "spam_detector" in TAUGHT


def test_both_languages_have_the_same_pages_actions_figures_and_exercises(taught):
    assert languages(catalog.folder(taught)) == list(LANGUAGES)
    one, other = (skeleton(lesson(taught, language)) for language in LANGUAGES)
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        assert left == right, f"entry {place}, after {one[max(0, place - 2) : place]}"
    assert len(one) == len(other) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_server_writes_every_figure_out(taught, language, look, course_server):
    found = course_server.get(f"/api/rooms/{taught}/lesson/figures?lang={language}").json()["figures"]
    asked = [each for each in nodes(lesson(taught, language)) if each["type"] == "figure" and each["source"] != "run"]
    assert asked and {each["key"] for each in asked} == found.keys()
    assert all(found.values())
    for each in asked:
        if each["source"] == "trace":
            value = number(look(each["input"]), each["ask"], each["gradient"])
            assert found[each["key"]] == format(value, each["format"]), each["key"]


def test_the_places_of_a_trace(taught, look):
    trace = look(catalog.card(taught).input.examples[0])
    name = trace.meta["picture"]
    series, steps = trace.series(name), trace.steps(name)
    if len(steps) == 1:
        pytest.skip("what stands for this room has no steps")
    last = tuple(size - 1 for size in series.shape[1:])
    place = ",".join(map(str, (1, *(i for i, size in zip(last, series.shape[1:], strict=True) if size > 1))))
    written = place.split(",")
    assert course.number_at(trace, f"{name}[{place}]") == series[(1, *last)]
    assert course.number_at(trace, f"{name}[1][{','.join(written[1:])}]") == series[(1, *last)]
    if (gradient := trace.gradient(steps[1])) is not None:
        assert course.number_at(trace, f"{name}[{place}]", gradient=True) == gradient[last] != 0
    for wrong, said in {
        f"{name}[{len(series)},{','.join(written[1:])}]": "out of range",
        f"{name}[1,{','.join(map(str, series.shape[1:]))},0]": "no index of",
        f"{name}[1]": "no index of",
        f"{name}[1,{series.shape[-1]}]": "out of bounds",
        f"{name}x[1,0]": "no value",
    }.items():
        with pytest.raises(ValueError, match=said):
            course.number_at(trace, wrong)


def test_pages_can_be_read_in_any_order(taught):
    """The first link to the picture says all of what is on screen; after another input, the next link does."""
    for page in lesson(taught)["pages"]:
        first, changed = True, False
        for each in actions(page["blocks"]):
            if each["does"] == "input":
                assert not first, f"{page['id']}: the first link to the picture must be a look:"
                changed = True
            elif each["does"] == "look":
                assert not first or each["query"].get("run") == "bundled", (page["id"], each["target"])
                assert not (first or changed) or "input" in each["query"], (page["id"], each["target"])
                first, changed = False, False
        assert not first, f"{page['id']}: does not drive the picture"


def test_chinese_is_set_as_chinese(taught):
    """Full-width punctuation, and a space between Chinese and Latin letters or digits."""
    for page in lesson(taught, "zh-TW")["pages"]:
        for line in (page["title"], *shown_text(page["blocks"]).splitlines()):
            for wrong in NOT_CHINESE:
                assert not (found := re.search(f".{{0,12}}(?:{wrong}).{{0,12}}", line)), (page["id"], found[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_is_understood_as_one(taught, language):
    """A target with spaces needs <…>: without, the brackets are read as text, and what follows is of another input."""
    for page in lesson(taught, language)["pages"]:
        assert "](" not in shown_text(page["blocks"]), page["id"]


def test_every_node_that_is_opened_exists_and_holds_the_cell(taught, look):
    for page, each, value in shown(lesson(taught)["pages"]):
        trace, name = look(value), each["target"]
        assert name in trace or trace.steps(name), (page["id"], name)
        if cell := each["query"].get("cell"):
            node, index = at(trace, name, cell)
            held = trace.array(node)[(..., *index)]  # IndexError where it is outside
            assert held.size == 1, (page["id"], name, cell)
        if each["query"].get("show") == "gradient":
            names = [name] if name in trace else [node.name for node in trace.steps(name)]
            assert any(trace.gradient(each) is not None for each in names), (page["id"], name)


def test_every_training_that_is_started_has_a_valid_configuration(taught):
    trained = [each["query"] for each in actions(lesson(taught)) if each["does"] == "train"]
    assert trained
    for query in trained:
        config = catalog.config(taught).build(query)
        changed = {name for name in query if getattr(config, name) != catalog.config(taught).model_fields[name].default}
        assert changed or set(query) <= {"epochs", "cell"}, query


def test_exercises_are_graded_and_answered(taught):
    exercises = [node for node in nodes(lesson(taught)) if node["type"] == "exercise"]
    grades = [("look", "predict", "change").index(each["does"]) for each in exercises]
    assert grades == sorted(grades) and set(grades) == {0, 1, 2}
    for each in exercises:
        assert [block["type"] for block in each["of"]][-2:] == ["hint", "answer"], each["id"]
