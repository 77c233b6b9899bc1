"""The course: its map, what a room is, its lesson and its layers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from pellucid import __version__, api, catalog
from pellucid.core.card import Label, Output
from pellucid.core.config import Config, group_of, own_first
from pellucid.core.run import Run
from pellucid.learn import lesson as lessons
from pellucid.learn.figures import figures
from pellucid.learn.homework.progress import Progress
from pellucid.server.studio.looking import checked_input
from pellucid.server.studio.messages import (
    AddsField,
    ConfigField,
    Course,
    Figures,
    HomeworkState,
    InputField,
    Layer,
    Lesson,
    LessonPage,
    LessonState,
    OutputField,
    Place,
    Read,
    Room,
    RoomState,
    Summary,
    Table,
)  # fmt: skip
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import BUNDLED, Studio

if TYPE_CHECKING:
    from pellucid.look import Trace, Value


def router(studio: Studio, room_modules: Mapping[str, str]) -> APIRouter:
    """room_modules: the URL of each JavaScript module that a room brings, by `rooms/<room>/<file>`."""
    routes = APIRouter()

    @routes.get("/api/course")
    def course() -> Course:
        return Course(version=__version__, runs=str(studio.runs), places=[place(entry) for entry in catalog.CATALOG])

    def place(entry: catalog.Entry) -> Place:
        about = catalog.card(entry.name).summary if entry.built else None
        state = room_state(entry.name) if entry.built else None
        return Place(name=entry.name, day=entry.day, title=entry.title, built=entry.built, summary=about, state=state)

    def room_state(room: str) -> RoomState:
        languages = lesson_languages(room)
        pages = [page["id"] for page in read_lesson(room, languages[0])["pages"]] if languages else []
        read = [page for page in studio.read_pages(room) if page in pages]
        lesson = LessonState(pages=pages, read=read) if pages else None
        return RoomState(lesson=lesson, runs=len(Run.all(studio.runs, room)), homework=homework_state(room))

    def homework_state(room: str) -> HomeworkState | None:
        exercises = catalog.homework(room)
        return HomeworkState(done=Progress().done(room, exercises), total=len(exercises)) if exercises else None

    @routes.get("/api/rooms/{room}")
    def about(room: str) -> Room:
        known = catalog.card(studio.room(room))
        return Room(
            name=known.name, day=known.day, title=known.title, summary=known.summary,
            input=InputField(
                kind=known.input.kind, name=known.input.name, title=known.input.title,
                examples=list(known.input.examples), json_schema=known.input.schema(),
            ),
            outputs=[output_field(out) for out in known.outputs],
            data=list(known.data),
            fields=config_fields(catalog.config(room)),
            codec=room_modules.get(f"rooms/{room}/codec.js"),
            languages=lesson_languages(room),
            ships_nothing=known.ships_nothing,
            adds=AddsField(what=known.adds.what, read=list(known.adds.read)) if known.adds else None,
        )  # fmt: skip

    @routes.get("/api/rooms/{room}/lesson")
    def lesson(room: str, lang: str = "en") -> Lesson:
        read = read_lesson(*lesson_of(room, lang))
        return Lesson(
            room=room, language=lang, title=read["title"], pages=[LessonPage(**page) for page in read["pages"]]
        )

    @routes.get("/api/rooms/{room}/lesson/figures")
    def lesson_figures(room: str, lang: str = "en") -> Figures:
        """The first call loads torch: the layers are counted on the room's real modules, the bundled run looks."""
        return Figures(figures=written_figures(*lesson_of(room, lang)))

    @cache
    def written_figures(room: str, language: str) -> dict[str, str]:
        @cache
        def trace(value: str, gradient: bool) -> Callable[[str], float]:
            with studio.system(room, BUNDLED) as system:
                made = system.look(checked_input(room, value), backward=gradient)
            return lambda ask: number_at(made, ask, gradient)

        expected = json.loads((catalog.folder(room) / "expected.json").read_text(encoding="utf-8"))
        return figures(read_lesson(room, language), expected, lambda fields: api.summary(room, **fields), trace)

    @routes.post("/api/rooms/{room}/lesson/read", status_code=204)
    def read(room: str, page: Read) -> None:
        languages = lesson_languages(studio.room(room))
        known = [each["id"] for each in read_lesson(room, languages[0])["pages"]] if languages else []
        if page.page not in known:
            raise Refused(404, "page", f"{page.page!r}: no such page of the lesson", "no_page")
        studio.mark_read(room, page.page)

    @routes.get("/api/rooms/{room}/runs/{run}/summary")
    def layers(room: str, run: str) -> Summary:
        config = catalog.config(room).build(studio.find(room, run).run.info["config"])
        return Summary(tables=[_table(table) for table in catalog.load(room).summary(config)])

    def lesson_of(room: str, language: str) -> tuple[str, str]:
        if language not in lesson_languages(studio.room(room)):
            raise Refused(404, "lang", f"{room} has no lesson in {language[:20]!r}", "no_lesson")
        return room, language

    return routes


# lessons: files of the package, which do not change while it runs


@cache
def lesson_languages(room: str) -> list[str]:
    return lessons.languages(catalog.folder(room))


@cache
def read_lesson(room: str, language: str) -> lessons.Lesson:
    return lessons.read_file(catalog.folder(room), language, catalog.card(room).input.examples)


def number_at(trace: Trace, ask: str, gradient: bool = False) -> float:
    """A number of a trace, or of its gradients, by `NODE[3,5]` (see learn/lesson.py). ValueError: it leads nowhere."""
    name, _, written = ask.removesuffix("]").rpartition("[")
    index = tuple(int(each) for each in written.split(","))
    try:
        value, index = _valued(trace, name, index)
        array = trace.gradient(value) if gradient else trace.array(value)
        if array is None:
            raise ValueError("no gradient reaches it")
        axes = array.ndim - len(index)
        if axes < 0 or any(size > 1 for size in array.shape[:axes]):
            raise ValueError(f"no index of {value.name}, which is {list(array.shape)}")
        return float(array[(0,) * axes + index])
    except (KeyError, IndexError) as error:
        raise ValueError(str(error.args[0])) from None


def _valued(trace: Trace, name: str, index: tuple[int, ...]) -> tuple[Value, tuple[int, ...]]:
    """What an index is of: a node, a step of a series (then without the step), or a weight."""
    if name not in trace:
        with suppress(KeyError):
            return trace.value(trace.steps(name)[index[0]]), index[1:]
    return trace.value(name), index


# configurations


def output_field(output: Output) -> OutputField:
    called = dict(zip(output.labels, output.called, strict=False)) if isinstance(output, Label) else {}
    return OutputField(kind=output.kind, name=output.name, title=output.title, called=called)


@cache
def config_fields(config: type[Config]) -> list[ConfigField]:
    schema = config.model_json_schema()["properties"]
    fields = []
    for name in own_first(config):
        about = schema[name]
        fields.append(
            ConfigField(
                name=name,
                about={"en": about["description"], "zh-TW": about.get("zh-TW", about["description"])},
                default=config.model_fields[name].default,
                group=group_of(config, name),
                json_schema={key: value for key, value in about.items() if key not in ("description", "zh-TW")},
            )
        )
    return fields


def _table(table: Any) -> Table:
    return Table(title=table.title, total=table.total, layers=[Layer(**vars(layer)) for layer in table.layers])
