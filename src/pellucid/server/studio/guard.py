"""Who may speak to the studio: it can start programs and read the user's files, so only its own page may.

A page of another site can make a browser send requests to 127.0.0.1, and by DNS rebinding even read the answers. So
every request must name a host that is this machine (against rebinding), every change must come from this origin
(against cross-site posts), and all must carry the token: in the printed URL once, then in a cookie that other sites
cannot send (SameSite=Strict), or as `Authorization: Bearer`.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pellucid.server.studio.refused import Refused

SAFE = ("GET", "HEAD")
BODY_LIMIT = 1_000_000
UPLOAD_LIMIT = 50_000_000
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",  # a picture can be the input
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
SAME_SITE = ("same-origin", "none")  # none: typed or opened by the user


class Guard:
    """ASGI middleware before everything else.

    token: what must be shown. hosts: further host names that are this machine, beside localhost and addresses.
    """

    def __init__(self, app: ASGIApp, *, token: str, hosts: Collection[str] = ()):
        self.app, self.token = app, token
        self.hosts = {"localhost", *(host.lower() for host in hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return  # there are no web sockets here
        request = Request(scope)
        send = _with_headers(send)
        refusal = self._refusal(request)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await Body(receive, send, upload_limit(scope["path"])).hand_to(self.app, scope)

    def _refusal(self, request: Request) -> Response | None:
        """What is answered instead, or None where the request may pass."""
        if not self._is_this_machine(request.headers.get("host", "")):
            return _refused(421, "host", "this is not a name of this machine; open the URL that was printed", "host")
        if request.method not in SAFE and not self._is_own_page(request):
            return _refused(403, "origin", "refused: it did not come from the studio's own page", "origin")
        if self._knows(request):
            return None
        if request.method == "GET" and self._matches(request.query_params.get("token", "")):
            return self._let_in(request)
        message = "open the URL that `pellucid studio` printed when it started: it carries the key"
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return PlainTextResponse(f"Pellucid: {message}\nPellucid：請開啟 pellucid studio 啟動時印出的網址。\n", 401)
        return _refused(401, "token", message, "token")

    def _is_this_machine(self, host: str) -> bool:
        """Names can be made to point anywhere, addresses cannot: those are let through, and our own names."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
            urlsplit(f"//{host}").port  # noqa: B018 - raises where the port is no number
        except ValueError:
            return False
        if "@" in host or "/" in host:
            return False
        if name.lower() in self.hosts:
            return True
        try:
            ipaddress.ip_address(name.partition("%")[0])
        except ValueError:
            return False
        return True

    def _is_own_page(self, request: Request) -> bool:
        """Changes come from our page (browsers name their origin), or from a program that shows the token itself."""
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "none")
        if site not in SAME_SITE:
            return False
        if origin is None:
            return self._bears(request)
        return origin == f"{request.scope.get('scheme', 'http')}://{request.headers.get('host', '')}"

    def _knows(self, request: Request) -> bool:
        return self._bears(request) or self._matches(_cookie(request.headers, self._cookie_name(request)))

    def _bears(self, request: Request) -> bool:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self._matches(value.strip())

    def _matches(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())

    @staticmethod
    def _cookie_name(request: Request) -> str:
        """Cookies do not know ports: two studios on one machine would take each other's."""
        port = request.scope.get("server", ("", 0))[1]
        return f"pellucid_{port}"

    def _let_in(self, request: Request) -> Response:
        """To the same place without the token in its URL, which would stay in the history; the cookie has it."""
        rest = [(name, value) for name, value in parse_qsl(request.url.query, True) if name != "token"]
        path = "/" + request.url.path.lstrip("/")  # never `//other.host`
        response = RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, 303)
        response.set_cookie(self._cookie_name(request), self.token, httponly=True, samesite="strict", path="/")
        return response


def upload_limit(path: str) -> int:
    """Bytes that a body may have: small, but for files."""
    return UPLOAD_LIMIT if path.endswith(("/predict-file", "/add")) else BODY_LIMIT


class Body:
    """A request's body, counted while it arrives, whatever a header said; too much of it is answered with 413."""

    def __init__(self, receive: Receive, send: Send, limit: int):
        self._receive, self._send, self._limit, self._seen = receive, send, limit, 0

    async def hand_to(self, app: ASGIApp, scope: Scope) -> None:
        try:
            await app(scope, self._counted, self._answer)
        except OSError:
            if self._seen <= self._limit:
                raise
        if self._seen > self._limit:
            text = f"larger than {self._limit / 1e6:g} MB, which is the most"
            refused = Refused(413, "body", text, "too_large", self._limit)
            response = JSONResponse(refused.body(), 413, {"Connection": "close"})
            await response(scope, self._receive, self._send)

    async def _counted(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._limit:
            raise OSError("the body is too large")  # whoever reads it stops
        return message

    async def _answer(self, message: Message) -> None:
        """What the application says, unless it is only about the body that was cut off."""
        if self._seen <= self._limit:
            await self._send(message)


def _with_headers(send: Send) -> Send:
    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return adding


def _refused(status: int, field: str, message: str, code: str) -> Response:
    return JSONResponse(Refused(status, field, message, code).body(), status)


def _cookie(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""
