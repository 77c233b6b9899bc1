"""How much one client may ask: a token bucket each, in a table of bounded size."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable


class RateLimit:
    """`rate` requests a second for each client, `burst` at once. 0: no limit.

    The table keeps the clients seen last. One that falls out starts anew with a full bucket; with 10,000 places and
    the default rate, that takes more clients than one machine could answer anyway.
    """

    def __init__(
        self, rate: float, burst: float | None = None, *, places: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ):  # fmt: skip
        self.rate = rate
        self.burst = max(1.0, 2 * rate if burst is None else burst)
        self._places, self._clock = places, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = (
            OrderedDict()
        )  # client: tokens, and when there were so many

    def wait(self, client: str) -> float:
        """Take a token: 0 where there was one, else the seconds until there will be."""
        if self.rate <= 0:
            return 0.0
        key, now = network(client), self._clock()
        tokens, then = self._buckets.pop(key, (self.burst, now))
        tokens = min(self.burst, tokens + (now - then) * self.rate)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - allowed, now)
        if len(self._buckets) > self._places:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self.rate

    def __len__(self) -> int:
        return len(self._buckets)


def network(client: str) -> str:
    """Who is counted as one: an IPv4 address, or the /64 that an IPv6 user has to himself."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return client
