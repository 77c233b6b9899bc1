"""Long work for a client who may go away: it is told, and may stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

T = TypeVar("T")
LOOK = 0.2  # seconds between two looks whether the client is still there


async def while_there(request: Request, work: Callable[[threading.Event], T]) -> T:
    """What `work` gives, done in a thread; the event is set once the client is gone. The body must have been read."""
    gone = threading.Event()
    working = asyncio.ensure_future(run_in_threadpool(partial(work, gone)))
    while not (await asyncio.wait([working], timeout=LOOK))[0]:
        if await request.is_disconnected():
            gone.set()
    return working.result()
