"""CLI commands that have one sub-command a room, with the room's configuration as flags.

@main.group(cls=PerRoom, common=[options every room's command has])
def train(): …

@train.body
def train_room(room, fields, …): …
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from pellucid import catalog

COMMANDS = ("train", "compare")  # those that a room's studies are measured with

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class PerRoom(click.Group):
    """`pellucid train` and its like: a sub-command for each built room.

    common: options that all of them have; rooms: those that its help names, all that are built unless given.
    """

    def __init__(
        self, *args: Any, common: Sequence[Decorator], rooms: Callable[[], Sequence[str]] | None = None, **kwargs: Any
    ):
        super().__init__(*args, **({"subcommand_metavar": "SYSTEM [OPTIONS]"} | kwargs))
        self._common, self._rooms = common, rooms
        self.body: Callable[..., None] | None = None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._rooms() if self._rooms else catalog.BUILT)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Systems"):
            formatter.write_dl([(name, catalog.card(name).summary["en"]) for name in self.list_commands(ctx)])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        catalog.find(name)  # a one-line error with the nearest name
        body = self.body

        def call(**given: Any) -> None:
            assert body is not None
            options = {k: v for k, v in given.items() if k in own}
            body(name, {k: v for k, v in given.items() if k not in own and v is not None}, **options)

        for decorate in self._common:
            call = decorate(call)
        params = list(reversed(getattr(call, "__click_params__", [])))
        own = {param.name for param in params}
        card = catalog.card(name)
        return RoomCommand(
            name,
            callback=call,
            params=params,
            help=f"{card.title['en']}: {card.summary['en']}.",
            short_help=card.summary["en"],
            context_settings={"token_normalize_func": lambda flag: flag.replace("_", "-")},
        )


def body_of(group: click.Group) -> Decorator:
    """Decorator: what the group's sub-commands do, called with the room's name, the fields given, and the options."""
    assert isinstance(group, PerRoom)

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        group.body = function
        return function

    return keep


class RoomCommand(click.Command):
    """`pellucid train ROOM`. The room's configuration is loaded only when its flags are needed."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples: what the room's own studies run, and with them the scores in expected.json."""
        parent = ctx.parent.info_name if ctx.parent else ""
        plain = f"pellucid {parent} {self.name}"
        file = catalog.folder(self.name or "") / "expected.json"
        studies = json.loads(file.read_text(encoding="utf-8")).get("studies", []) if parent in COMMANDS else []
        found = dict.fromkeys(each["command"] for each in studies if each["command"].startswith(f"{plain} "))
        examples = [each for each in found if len(each) <= 100 and ".csv" not in each][:3]
        if parent == "train":
            own = [f"{plain} --data YOURS"] if any(each.name == "data" for each in self._fields) else []
            examples = [plain, *own, *examples]
        if examples:
            with formatter.section("Examples"):
                for example in examples:
                    formatter.write(f"{' ' * formatter.current_indent}{example}\n")

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*self._fields, *super().get_params(ctx)]

    @cached_property
    def _fields(self) -> list[click.Parameter]:
        from pellucid.core.config import own_first

        config = catalog.config(self.name or "")
        return [option(name, config.model_fields[name]) for name in own_first(config)]


def option(name: str, field: FieldInfo, default: str = "") -> click.Option:
    """A flag whose value pydantic will check; here only its name and help. default: in words, if not the field's."""
    flag = name.replace("_", "-")
    standard = default or ("empty" if field.default == "" else field.default)
    text = f"{field.description} [{_bounds(field)}default: {standard}]"
    if field.annotation is bool:
        return click.Option([f"--{flag}/--no-{flag}", name], default=None, help=text)
    choices = getattr(field.annotation, "__args__", ())
    metavar = "|".join(map(str, choices)) or getattr(field.annotation, "__name__", "text").upper()
    extra = field.json_schema_extra
    flags = [f"--{extra['flag']}"] if isinstance(extra, dict) and "flag" in extra else []
    return click.Option([f"--{flag}", *flags, name], metavar=metavar.replace("STR", "TEXT"), help=text)


def _bounds(field: FieldInfo) -> str:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    found = [f"{sign} {getattr(m, key):,}" for m in field.metadata for key, sign in signs.items() if hasattr(m, key)]
    return ", ".join(found) + "; " if found else ""
