"""A room's card and its typed inputs and outputs. No torch, no pydantic: the catalog and the CLI's help read it.

The types choose the view in the studio, the body of the server's requests and the check of a user's input.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal

from typing_extensions import TypedDict  # pydantic reads no other below Python 3.12

from pellucid.core.errors import UserError

Words = TypedDict("Words", {"en": str, "zh-TW": str})
"""One sentence in both languages."""

Day = Literal[1, 2, 3, 4, 5, "bonus"]


@dataclass(frozen=True)
class Named:
    """What every input and output has."""

    name: str
    """Its key in answers and requests."""
    title: Words


@dataclass(frozen=True)
class Text(Named):
    """A piece of text that a person writes."""

    kind: ClassVar[Literal["text"]] = "text"
    max_length: int = 10_000
    examples: tuple[str, ...] = ()
    lines: int = 1
    """How many lines a person writes: a message is one, equations are several."""

    def schema(self) -> dict[str, Any]:
        """JSON schema of one such value."""
        return {
            "type": "string",
            "title": self.title["en"],
            "minLength": 1,
            "maxLength": self.max_length,
            "pattern": r"\S",
            "examples": list(self.examples),
            "lines": self.lines,
        }

    def check(self, value: object) -> str:
        """The value, or UserError: it must be text with something in it."""
        if not isinstance(value, str):
            raise UserError(f"{self.name}: {value!r} is not text")
        if "\0" in value or (not value.isprintable() and any(0xD800 <= ord(c) < 0xE000 for c in value)):
            raise UserError(f"{self.name}: holds a NUL character or half a surrogate pair, which no text has")
        if not value.strip():
            raise UserError(f"{self.name}: the text is empty; write at least one word")
        if len(value) > self.max_length:
            raise UserError(f"{self.name}: {len(value):,} characters are more than the {self.max_length:,} allowed")
        return value

    def read(self, value: object) -> str:
        """What a program or a person at the command line may give."""
        return self.check(value)

    def of_file(self, file: str) -> str:
        """All of a file of text as one value; UserError where it cannot be read."""
        try:
            return self.check(Path(file).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise UserError(f"{file}: cannot be read: {reason}") from None


@dataclass(frozen=True)
class Picture(Named):
    """A picture that a person draws, takes or chooses. Its value is text everywhere: a data URL."""

    kind: ClassVar[Literal["picture"]] = "picture"
    examples: tuple[str, ...] = ()
    max_length: int = 2_000_000
    side: int = 96
    """The longest side in pixels that a page sends; what is larger is made smaller in the browser."""

    def schema(self) -> dict[str, Any]:
        """JSON schema of one such value."""
        return {
            "type": "string",
            "title": self.title["en"],
            "minLength": 1,
            "maxLength": self.max_length,
            "pattern": r"^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*$",
            "examples": list(self.examples),
            "side": self.side,
        }

    def check(self, value: object) -> str:
        """The value, or UserError: it must be the data URL of a picture that can be decoded."""
        from pellucid.core.data.pictures import decode

        if not isinstance(value, str):
            raise UserError(f"{self.name}: {_short(value)} is not text; send the picture as a data URL")
        if len(value) > self.max_length:
            raise UserError(f"{self.name}: {len(value):,} characters are more than the {self.max_length:,} allowed")
        try:
            decode(value)
        except UserError as error:
            raise UserError(f"{self.name}: {error}") from None
        return value

    def of_file(self, file: str) -> str:
        """A file as a value; UserError where it holds no picture."""
        return self.read(Path(file))

    def read(self, value: object) -> str:
        """What a program or a person at the command line may give as well: a file's path, its bytes, an array, a PIL
        image. A picture that is too large to send is made smaller."""
        from pellucid.core.data.pictures import data_url

        if isinstance(value, str) and value.startswith("data:"):
            return self.check(value)
        try:
            return data_url(value, most=self.max_length)
        except UserError as error:
            raise UserError(f"{self.name}: {error}") from None


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:60]}…"


@dataclass(frozen=True)
class Label(Named):
    """One of a few classes. `labels` may be empty where the training data decides."""

    kind: ClassVar[Literal["label"]] = "label"
    labels: tuple[str, ...] = ()
    called: tuple[Words, ...] = ()
    """What people read for each of `labels`; where there is none, the label itself."""

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "title": self.title["en"], **({"enum": list(self.labels)} if self.labels else {})}


@dataclass(frozen=True)
class Probability(Named):
    """A number from 0 to 1."""

    kind: ClassVar[Literal["probability"]] = "probability"

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "title": self.title["en"], "minimum": 0, "maximum": 1}


@dataclass(frozen=True)
class Distribution(Named):
    """A probability for each class by its name, in the order of the classes; together 1."""

    kind: ClassVar[Literal["distribution"]] = "distribution"

    def schema(self) -> dict[str, Any]:
        shares = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1}}
        return shares | {"title": self.title["en"]}


@dataclass(frozen=True)
class Number(Named):
    """Any real number; None where there is none to give."""

    kind: ClassVar[Literal["number"]] = "number"

    def schema(self) -> dict[str, Any]:
        return {"type": ["number", "null"], "title": self.title["en"]}


@dataclass(frozen=True)
class Numbers(Named):
    """Real numbers by name, in order: the unknowns of a system of equations. None where there are none to give."""

    kind: ClassVar[Literal["numbers"]] = "numbers"

    def schema(self) -> dict[str, Any]:
        numbers = {"type": ["object", "null"], "additionalProperties": {"type": ["number", "null"]}}
        return numbers | {"title": self.title["en"]}


@dataclass(frozen=True)
class Sentence(Named):
    """What there is to say of the answer, as `{"en": …, "zh-TW": …}`."""

    kind: ClassVar[Literal["sentence"]] = "sentence"

    def schema(self) -> dict[str, Any]:
        words = {name: {"type": "string"} for name in ("en", "zh-TW")}
        return {"type": "object", "properties": words, "required": list(words), "title": self.title["en"]}


class Ranked(TypedDict):
    """One place of a ranking. `text` shows more of it, where there is more to show than its name."""

    name: str
    score: float
    text: str


@dataclass(frozen=True)
class Ranking(Named):
    """The best of many, the best first, each with its score: a list of `Ranked`."""

    kind: ClassVar[Literal["ranking"]] = "ranking"

    def schema(self) -> dict[str, Any]:
        fields = {"name": {"type": "string"}, "score": {"type": "number"}, "text": {"type": "string"}}
        place = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
        return {"type": "array", "items": place, "title": self.title["en"]}


@dataclass(frozen=True)
class Additions:
    """What a trained run takes in later, without being trained anew (`System.add`)."""

    what: Words
    """One word for them in the plural: documents."""
    read: tuple[str, ...]
    """The fields of the configuration that say how a file of them is read."""


Input = Text | Picture
Output = Label | Probability | Distribution | Number | Numbers | Sentence | Ranking


@dataclass(frozen=True)
class Card:
    """What a room says of itself before anything is loaded."""

    name: str
    day: Day
    title: Words
    summary: Words
    input: Input
    outputs: tuple[Output, ...]
    data: tuple[str, ...] = field(default=())
    """Attribution of the built-in data, one line each."""
    ships_nothing: Words | None = None
    """Why there is nothing to export, for a room that teaches an algorithm: it trains no model for others to run."""
    adds: Additions | None = None
    """What can be added to a trained run; None where a run is what its training made of it."""
