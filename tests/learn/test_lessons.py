"""The lessons of all rooms: both languages alike, and every directive leads somewhere real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from conftest import expected
from pellucid import api, catalog
from pellucid.learn.figures import figures
from pellucid.learn.lesson import LANGUAGES, Lesson, Page, languages, nodes, read_file

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


def lesson(room: str, language: str = "en") -> Lesson:
    return read_file(catalog.folder(room), language)


def actions(part: Any) -> list[dict[str, Any]]:
    return [node for node in nodes(part) if node["type"] == "action"]


def first_input(pages: list[Page]) -> str:
    """What the lesson begins with."""
    return next(each["query"]["input"] for each in actions(pages) if "input" in each["query"])


def shown(pages: list[Page]) -> Iterator[tuple[Page, dict[str, Any], str]]:
    """Each action that opens a node, with the input that is on screen if all before it on its page were followed."""
    for page in pages:
        value = first_input(pages)
        for each in actions(page["blocks"]):
            value = each["target"] if each["does"] == "input" else each["query"].get("input", value)
            if each["does"] == "look":
                yield page, each, value


def number(trace: Any, ask: str) -> float:
    """`NODE[3,5]` as `learn/lesson.py` says it."""
    name, written = re.fullmatch(r"(.+)\[([\d,]+)\]", ask).groups()
    array, index = at(trace, name, written)
    assert all(size == 1 for size in array.shape[: array.ndim - len(index)]), f"{ask}: more than one number"
    return float(array[(0,) * (array.ndim - len(index)) + index])


def at(trace: Any, name: str, written: str) -> tuple[np.ndarray, tuple[int, ...]]:
    """The array that an index is of, and the index without the step."""
    index = tuple(int(each) for each in written.split(","))
    if f"{name}[0]" in trace and name not in trace:
        return trace.array(f"{name}[{index[0]}]"), index[1:]
    return trace.array(name), index


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
                    out.append(node["directive"])
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
def test_every_figure_is_in_expected_json_or_in_the_layers(taught, language):
    part = lesson(taught, language)
    found = figures(part, expected(taught), lambda fields: api.summary(taught, **fields))
    asked = [each for each in nodes(part) if each["type"] == "figure" and each["source"] in ("expected", "summary")]
    assert asked and {each["directive"] for each in asked} == found.keys()
    assert all(found.values())


def test_every_page_drives_the_picture(taught):
    for page in lesson(taught)["pages"]:
        assert {each["does"] for each in actions(page["blocks"])} & {"look", "input"}, page["id"]


def test_every_node_that_is_opened_exists_and_holds_the_cell(taught, look):
    for page, each, value in shown(lesson(taught)["pages"]):
        trace, name = look(value), each["target"]
        assert name in trace or trace.steps(name), (page["id"], name)
        if cell := each["query"].get("cell"):
            array, index = at(trace, name, cell)
            assert array[(..., *index)].size == 1, (page["id"], name, cell)  # IndexError where it is outside
        if each["query"].get("show") == "gradient":
            names = [name] if name in trace else [node.name for node in trace.steps(name)]
            assert any(trace.gradient(each) is not None for each in names), (page["id"], name)


def test_a_page_that_shows_numbers_of_a_trace_opens_that_trace(taught, look):
    pages = lesson(taught)["pages"]
    for page in pages:
        asked = [
            each["ask"] for each in nodes(page["blocks"]) if each["type"] == "figure" and each["source"] == "trace"
        ]
        if asked:
            first = next(each for each in actions(page["blocks"]) if each["does"] == "look")
            assert first["query"]["run"] == "bundled", page["id"]
            for ask in asked:
                assert np.isfinite(number(look(first["query"]["input"]), ask)), (page["id"], ask)


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
