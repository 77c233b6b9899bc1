"""The OpenAPI description of /predict, made from the bundle and its room's card."""

from __future__ import annotations

from typing import Any

from pellucid.core.card import Card
from pellucid.server.body import MOST_INPUTS

Schema = dict[str, Any]

ERRORS: dict[int, str] = {
    400: "The body is no JSON.",
    408: "The body came too slowly.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "A field is missing or wrong; `detail` names it.",
    429: "Too many requests; `Retry-After` says when to try again.",
}
ERROR: Schema = {
    "type": "object",
    "properties": {
        "detail": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                "required": ["field", "message"],
            },
        }
    },
    "required": ["detail"],
}


def request_body(card: Card) -> Schema:
    """`{"input": …}` or `{"inputs": […]}`, with an example of each."""
    value: Schema = card.input.schema()
    if value.get("type") == "string":
        value = value | {"not": {"pattern": "\\x00"}}  # NUL
    examples = list(card.input.examples)
    one: Schema = {
        "type": "object",
        "title": "One",
        "properties": {"input": value},
        "required": ["input"],
        "additionalProperties": False,
    }
    many: Schema = {
        "type": "object",
        "title": "Several",
        "properties": {"inputs": {"type": "array", "items": value, "minItems": 1, "maxItems": MOST_INPUTS}},
        "required": ["inputs"],
        "additionalProperties": False,
    }
    shown: Schema = {}
    if examples:
        shown["one"] = {"value": {"input": examples[0]}}
        shown["several"] = {"value": {"inputs": examples}}
    return {
        "required": True,
        "content": {"application/json": {"schema": {"oneOf": [one, many]}, **({"examples": shown} if shown else {})}},
    }


def responses(output: Schema) -> dict[int | str, Schema]:
    """What /predict answers, by status. `output`: the schema of one answer."""
    ok: Schema = {
        "oneOf": [
            {"type": "object", "properties": {"output": output}, "required": ["output"]},
            {
                "type": "object",
                "properties": {"outputs": {"type": "array", "items": output}},
                "required": ["outputs"],
            },
        ]
    }
    found: dict[int | str, Schema] = {
        200: {
            "description": "The answers, in the order of the inputs.",
            "content": {"application/json": {"schema": ok}},
        }
    }
    for status, text in ERRORS.items():
        found[status] = {"description": text, "content": {"application/json": {"schema": ERROR}}}
    return found
