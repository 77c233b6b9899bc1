"""What a client sent, taken apart and checked; and the one shape in which it is refused.

The body is read here and not by the framework: a limit on bytes holds while they arrive, whatever a header said, and
each kind of wrong input has one status and one line that names the field.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.requests import ClientDisconnect

from pellucid.core.card import Card
from pellucid.core.errors import UserError

MOST_INPUTS = 256
MOST_MESSAGE = 200  # characters of an error's text


class RefusedError(Exception):
    """A request that is not answered: its status, the field at fault, and what would do."""

    def __init__(self, status: int, field: str, message: str, headers: dict[str, str] | None = None):
        super().__init__(message)
        self.status, self.field, self.headers = status, field, headers or {}
        # what was sent may be quoted in the middle; what is wrong with it stands at the end
        self.message = message if len(message) <= MOST_MESSAGE else f"{message[:120]} … {message[-60:]}"

    def body(self) -> dict[str, Any]:
        return {"detail": [{"field": self.field, "message": self.message}]}


@dataclass(frozen=True)
class Asked:
    """A checked request: its inputs, and whether it was one alone or a list."""

    values: list[Any]
    single: bool

    def answer(self, answers: list[Any]) -> dict[str, Any]:
        """The response that fits the request."""
        return {"output": answers[0]} if self.single else {"outputs": answers}


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """The body, at most `limit` bytes, within so many seconds. Refused: 408, 413, 415."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedError(415, "body", f"the content type is {kind or 'not given'}; send application/json")
    too_large = RefusedError(413, "body", f"the body is larger than {limit:,} bytes; send fewer inputs at a time")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise RefusedError(408, "body", f"the body did not arrive within {seconds:g} s") from None
    except ClientDisconnect:
        raise RefusedError(400, "body", "the connection closed before all of the body was there") from None
    return bytes(body)


def understand(body: bytes, card: Card) -> Asked:
    """The inputs of `{"input": …}` or `{"inputs": […]}`. Refused: 400 for what is no JSON, else 422."""
    if not body.strip():
        raise RefusedError(400, "body", 'the body is empty; send {"input": …} or {"inputs": […]}')
    try:
        sent = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise RefusedError(400, "body", f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise RefusedError(400, "body", f"not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise RefusedError(400, "body", "nested too deeply") from None
    except ValueError as error:  # NaN, Infinity, an integer of thousands of digits
        raise RefusedError(400, "body", f"not JSON: {error}") from None
    if not isinstance(sent, dict) or len(sent) != 1 or not sent.keys() <= {"input", "inputs"}:
        raise RefusedError(422, "body", 'send an object with just one field: {"input": …} or {"inputs": […]}')
    if "input" in sent:
        return Asked([_checked(sent["input"], "input", card)], single=True)
    values = sent["inputs"]
    if not isinstance(values, list):
        raise RefusedError(422, "inputs", "must be a list")
    if not 1 <= len(values) <= MOST_INPUTS:
        raise RefusedError(422, "inputs", f"has {len(values):,} values; send 1 to {MOST_INPUTS}")
    return Asked([_checked(value, f"inputs[{i}]", card) for i, value in enumerate(values)], single=False)


def _checked(value: Any, field: str, card: Card) -> Any:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedError(422, field, "holds half of a surrogate pair, which is no character") from None
    except RecursionError:
        raise RefusedError(422, field, "nested too deeply") from None
    if isinstance(value, str) and "\0" in value:
        raise RefusedError(422, field, "holds a NUL character")
    try:
        return card.input.check(value)
    except UserError as error:
        raise RefusedError(422, field, str(error).removeprefix(f"{card.input.name}: ")) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
