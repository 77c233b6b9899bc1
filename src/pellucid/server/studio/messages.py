"""What the studio's server and its pages say to each other: every request and answer, one model each.

`python tools/browser_types.py` writes `studio/types.d.ts` from these, and a test holds both equal.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pellucid.core.card import Day, Words

State = Literal["queued", "training", "done", "interrupted", "failed", "died"]
"""Of a run. died: its process is gone without a word."""


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(Message):
    """One thing that was wrong with a request. Errors are `{"detail": [Problem, …]}` with a status of 4xx."""

    field: str
    """What was wrong: a field of the request, or `config.<name>`."""
    message: str
    """In English, as the command line says it."""
    zh: str = ""
    """The same in Traditional Chinese; empty where no phrase book has it."""
    code: str = ""
    """Which sentence it is, for translation: a pydantic error type such as `greater_than_equal`, or one of ours."""
    limit: Any = None
    """The bound or the choices that the sentence names."""


class Problems(Message):
    detail: list[Problem]


# the course


class LessonState(Message):
    """How far the reader got."""

    pages: list[str]
    """Ids of all pages, in order."""
    read: list[str]


class HomeworkState(Message):
    """How many of a room's exercises are passed."""

    done: int
    total: int


class RoomState(Message):
    lesson: LessonState | None
    """None: this room has no lesson yet."""
    runs: int
    """The user's own; the bundled one does not count."""
    homework: HomeworkState | None
    """None: this room has no homework yet."""


class Place(Message):
    """A system on the map of the course."""

    name: str
    day: Day
    title: Words
    built: bool
    summary: Words | None
    state: RoomState | None


class Course(Message):
    version: str
    runs: str
    """The folder in which runs lie."""
    places: list[Place]


class InputField(Message):
    """What goes into a system. `kind` chooses how it is entered; `schema` is its JSON schema."""

    kind: Literal["text", "picture"]
    name: str
    title: Words
    examples: list[Any]
    json_schema: dict[str, Any]


class OutputField(Message):
    kind: Literal["label", "probability", "distribution", "number", "numbers", "sentence", "ranking"]
    name: str
    title: Words
    called: dict[str, Words]
    """What people read for a label, where the room has words for it."""


class ConfigField(Message):
    """One field of a configuration. Its bounds are in `json_schema`, as JSON Schema writes them."""

    name: str
    about: Words
    default: Any
    group: Words
    """Under which heading it stands: the model, its data, its training."""
    json_schema: dict[str, Any]


class AddsField(Message):
    """What a trained run takes in later."""

    what: Words
    read: list[str]
    """The settings that say how a file of them is read."""


class Room(Message):
    """All that its pages need to know of a built room."""

    name: str
    day: Day
    title: Words
    summary: Words
    input: InputField
    outputs: list[OutputField]
    data: list[str]
    """Attribution of the built-in data."""
    fields: list[ConfigField]
    codec: str | None
    """URL of the room's codec as a module of JavaScript; None where it has none."""
    languages: list[str]
    """In which its lesson is written."""
    ships_nothing: Words | None
    """Why there is nothing to export; None where there is."""
    adds: AddsField | None
    """What can be added to a trained run; None where nothing can."""


class Picture(Message):
    """What the bundled run really computed, small: rows of numbers for the card on the map."""

    name: str
    rows: list[list[float]]
    signed: bool


class LessonPage(Message):
    id: str
    title: str
    blocks: list[dict[str, Any]]
    """What `learn.lesson` made of the Markdown: see there."""


class Lesson(Message):
    room: str
    language: str
    title: str
    pages: list[LessonPage]


class Figures(Message):
    """The numbers that a lesson's directives ask for, written out: key → text."""

    figures: dict[str, str]


class Read(Message):
    """A page of a lesson was read."""

    page: str = Field(min_length=1, max_length=200)


# runs


class RunSummary(Message):
    """One run of a room. `id` is its folder's name, or `bundled`."""

    room: str
    id: str
    bundled: bool
    state: State
    started: str | None
    config: dict[str, Any]
    changed: dict[str, Any]
    """The fields that are not at their default."""
    parameters: int | None
    training: dict[str, Any] | None
    """Epochs, steps, seconds, examples/s … once it is done."""
    scores: dict[str, float]
    """Of the weights that answer: the best epoch's once it is done, until then the newest epoch's."""
    epoch: int | None
    """The newest that is over, from 1; None before the first."""
    place: int | None
    """Place in the queue, from 1; None where it does not wait."""
    stopping: bool
    """Trains, and was asked to stop."""
    answers: bool
    """Has weights, so it can be asked and looked into."""
    examples: list[Any] | None
    """Inputs from the data it was trained on, to try; None where those of the room's card will do."""
    error: str | None
    """Last line of the log of a run that failed or died."""
    error_zh: str
    """The same in Traditional Chinese; empty where no phrase book has it."""
    command: str


class Runs(Message):
    runs: list[RunSummary]
    """Newest first; the bundled one last."""
    deleted: list[str]
    """Ids in the trash, newest first."""


class NewRun(Message):
    """Fields of the configuration, as JSON or as text; those left out have their default."""

    config: dict[str, Any]


class Line(Message):
    """One line of `metrics.jsonl`. kind `epoch`: an epoch is over, with its scores. kind `pulse`: inside an epoch.

    It replaces those of its kind with its step or a later one: a killed run goes on from before what it had told.
    """

    model_config = ConfigDict(extra="allow")

    step: int
    kind: str = ""


class Layer(Message):
    name: str
    kind: str
    shape: str
    parameters: int
    formula: str


class Table(Message):
    title: str
    layers: list[Layer]
    total: int


class Summary(Message):
    tables: list[Table]


class Board(Message):
    """Where TensorBoard answers."""

    url: str


# look and try


class Input(Message):
    """One raw input, of the type that the room's card says."""

    input: Any


class LookRequest(Input):
    backward: bool = False


class CheckedNode(Message):
    status: Literal["checked", "failed", "unchecked"]
    relative: float | None
    message: str


class Check(Message):
    """What came of recomputing a trace. `nodes` holds only those that are not plainly right, by name."""

    total: int
    checked: int
    largest: float
    """Relative; −1 where it is infinite."""
    relative: list[float | None]
    """Of each node, in the trace's order."""
    nodes: dict[str, CheckedNode]


class Looked(Message):
    """A trace of one input, ready to be read by ranges of bytes."""

    url: str
    bytes: int
    check: Check
    answer: dict[str, Any]
    milliseconds: float


class Inputs(Message):
    inputs: list[Any] = Field(min_length=1, max_length=256)


class Answers(Message):
    answers: list[dict[str, Any]]
    threshold: float | None = None
    """The probability from which on the label is another; None where no such number decides."""


class Influence(Message):
    """How much each part of an input (a word) speaks for the answer. All lists are as long as `parts`."""

    kind: Literal["parts"] = "parts"
    parts: list[str]
    known: list[bool]
    score: float
    """The answer's score with the whole input."""
    score_name: Words
    occlusion: list[float]
    """score − the score without this part."""
    gradient: list[float]
    """gradient · input of this part, to first order what it adds to `gradient_of`."""
    gradient_of: Words


class HeatMap(Message):
    """One map of a picture: a number for each of its pixels."""

    name: str
    title: Words
    about: Words
    values: list[list[float]]
    signed: bool
    """False: no number is below 0."""


class Maps(Message):
    """What each pixel of a picture has to do with the answer."""

    kind: Literal["maps"] = "maps"
    height: int
    width: int
    score: float
    """The answer's score with the whole picture."""
    score_name: Words
    maps: list[HeatMap]
    picture: str = ""
    """As the network sees it, a data URL; empty: just as it was sent."""


class Patch(Message):
    """One place of the data that a channel of the network responds to strongly."""

    picture: str
    """The whole picture as a data URL, of the network's size."""
    name: str
    target: str
    row: int
    """The first of the part that the channel sees there, in pixels; below 0 where that begins in the padding."""
    column: int
    height: int
    width: int
    value: float


class Patches(Message):
    """None: this node has no channels that see a part of a picture."""

    patches: list[Patch] | None


class Sample(Message):
    """One example of a run's data."""

    place: int
    """In its split, from 0."""
    input: Any
    target: str
    answer: str | None
    """The run's; None where its answers are no classes."""


class Samples(Message):
    """A page of the data of a run."""

    total: int
    """How many there are of those that were asked for, on all pages."""
    targets: list[str]
    """The names of all classes, in the model's order."""
    samples: list[Sample]


class Added(Message):
    """What came of adding to a run."""

    count: int
    total: int
    """How many the run holds now."""
    skipped: str
    skipped_zh: str
    """What was left out; empty where nothing was."""
    advice: Words | None
    """Why training anew is worth it by now."""


class Evaluation(Message):
    split: str
    scores: dict[str, Any]
    labels: list[str]
    """The names of the classes, in the order of the confusion matrix; empty where there are none."""


# ship


class Runtime(Message):
    """A target that can be exported to, and whether what it takes is installed."""

    name: Literal["onnx", "litert", "litert-dynamic", "litert-static"]
    title: str
    available: bool
    why_not: str


class Export(Message):
    """A bundle of a run, or one that is being made."""

    name: str
    state: Literal["working", "done", "failed", "outdated"]
    """outdated: made from other weights than the run has now."""
    log: list[str]
    bytes: int | None
    files: list[str]
    info: dict[str, Any] | None
    """`bundle.json`, without vocabulary and codec."""
    parity: str | None
    """The parity report, as text."""
    folder: str
    """Where the bundle lies, for `pellucid serve`."""
    snippets: dict[str, str]
    """How to use it, by language: curl, python, javascript. Empty until there is a bundle."""


class Exports(Message):
    runtimes: list[Runtime]
    exports: list[Export]


class NewExport(Message):
    name: Literal["onnx", "litert", "litert-dynamic", "litert-static"]
