"""Write the types that the browser shares with the server: `studio/types.d.ts` from `server/studio/messages.py`.

python tools/browser_types.py            write the file
python tools/browser_types.py --check    fail where the committed one differs
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from pellucid.core.card import Day, Words
from pellucid.server.studio import messages

FILE = Path(__file__).parents[1] / "src/pellucid/studio/types.d.ts"
HEAD = "// Written by `python tools/browser_types.py` from server/studio/messages.py. Do not edit.\n"
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null", Any: "any"}
NAMED = {Words: "Words", Day: "Day", messages.State: "State"}


def main() -> None:
    text = written()
    if sys.argv[1:] == ["--check"]:
        same = FILE.read_text(encoding="utf-8") == text
        sys.exit(0 if same else f"{FILE} is out of date: run python tools/browser_types.py")
    FILE.write_text(text, encoding="utf-8")


def written() -> str:
    parts = [
        HEAD,
        'export type Words = { en: string; "zh-TW": string };',
        f"export type Day = {literal(Day)};",
        f"export type State = {literal(messages.State)};",
    ]
    for model in vars(messages).values():
        if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == messages.__name__:
            parts.append(interface(model))
    return "\n\n".join(parts) + "\n"


def interface(model: type[BaseModel]) -> str:
    about = inspect.cleandoc(model.__doc__ or "") if model.__doc__ != messages.Message.__doc__ else ""
    hints = get_type_hints(model, include_extras=False)
    lines = [f"  {name}{optional(field)}: {typescript(hints[name])};" for name, field in model.model_fields.items()]
    if model.model_config.get("extra") == "allow":
        lines.append("  [more: string]: any;")
    head = f"/** {about} */\n" if about else ""
    return f"{head}export interface {model.__name__} {{\n" + "\n".join(lines) + "\n}"


def optional(field: Any) -> str:
    """A field with a default need not be sent."""
    return "" if field.is_required() else "?"


def typescript(annotation: Any) -> str:
    if annotation in NAMED:
        return NAMED[annotation]
    if annotation in PLAIN:
        return PLAIN[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return literal(annotation)
    if origin in (Union, UnionType):
        return " | ".join(typescript(each) for each in arguments)
    if origin is list:
        inner = typescript(arguments[0])
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if origin is dict:
        return f"Record<{typescript(arguments[0])}, {typescript(arguments[1])}>"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__
    raise TypeError(f"no TypeScript for {annotation!r}")


def literal(annotation: Any) -> str:
    return " | ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in get_args(annotation))


if __name__ == "__main__":
    main()
