"""How each fault of the area `transport` bends the exchange: an ASGI layer around the IdP.

WHOLE takes the exchange over and sends whatever it sends; HEADERS rewrites the headers of the IdP's own answer; DEAF
names the faults under which the IdP does not even look at the client's credentials.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.serve import Application, Message, Receive, Scope, Send, hold, reset

Header = tuple[bytes, bytes]
Whole = Callable[[Misbehaviour, Scope, Receive, Send], Awaitable[None]]
Rewrite = Callable[[Misbehaviour, int, list[Header]], list[Header]]

CHUNK_BYTES = 64 * 1024
LARGE_BYTES = 1024 * 1024
FALLS_OVER = "falls-over-large-requests"
TRICKLE_PIECES = 10
_HTML = (
    b"<!DOCTYPE html>\n<html><head><title>%s</title></head>"
    b"<body><h1>%s</h1><p>Please contact your administrator.</p></body></html>\n"
)
_AUTHENTICATE = b"www-authenticate"


class FaultyTransport:
    """Puts the chosen transport faults around an application; `area_of` says whether a path is `mex` or `sts`."""

    def __init__(
        self, app: Application, faults: tuple[Misbehaviour, ...], *, area_of: Callable[[str], str | None]
    ) -> None:
        self._app = app
        self._faults = faults
        self._area_of = area_of
        self._fallen = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, faultily."""
        area = self._area_of(scope["path"]) if scope["type"] == "http" else None
        faults = [fault for fault in self._faults if area is not None and _place(fault) == area]
        self._fallen |= area == "sts" and _announced(scope) > LARGE_BYTES
        for fault in faults:
            if fault.name in WHOLE and self._concerns(fault.name, scope):
                await _read_all(receive)
                await WHOLE[fault.name](fault, scope, receive, send)
                return
        if any(fault.name in DEAF for fault in faults):
            scope["headers"] = [header for header in scope["headers"] if header[0] != b"authorization"]
        for fault in faults:
            send = _rewriting(fault, send) if fault.name in HEADERS else send
            send = _slow(fault, send) if fault.name in SLOW else send
        await self._app(scope, receive, send)

    def _concerns(self, fault: str, scope: Scope) -> bool:
        return self._fallen if fault == FALLS_OVER else CONCERNS.get(fault, _everything)(scope)


def _announced(scope: Scope) -> int:
    """Return how long a request says that its body is."""
    length = bytes(dict(scope["headers"]).get(b"content-length", b"0"))
    return int(length) if length.isdigit() else 0


def _place(fault: Misbehaviour) -> str:
    """Return where a fault applies: its own option, or the place its area implies."""
    if fault.fault.option("where") is not None:
        return fault.text("where")
    return "mex" if fault.fault.area == "mex" else "sts"


async def _read_all(receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            return


async def _answer(send: Send, status: int, headers: list[Header], body: bytes = b"") -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def _page(status: int, title: bytes) -> Whole:
    async def answer(_fault: Misbehaviour, _scope: Scope, _receive: Receive, send: Send) -> None:
        await _answer(send, status, [(b"content-type", b"text/html; charset=utf-8")], _HTML % (title, title))

    return answer


async def _status(fault: Misbehaviour, _scope: Scope, _receive: Receive, send: Send) -> None:
    await _answer(send, fault.integer("status"), [])


async def _never(_fault: Misbehaviour, _scope: Scope, receive: Receive, _send: Send) -> None:
    await hold(receive)


async def _reset(_fault: Misbehaviour, scope: Scope, receive: Receive, _send: Send) -> None:
    await reset(scope, receive)


async def _redirect(fault: Misbehaviour, scope: Scope, _receive: Receive, send: Send) -> None:
    target = f"https://{fault.text('host')}{scope['path']}"
    await _answer(send, fault.integer("status"), [(b"location", target.encode("ascii", "replace"))])


async def _huge(fault: Misbehaviour, _scope: Scope, _receive: Receive, send: Send) -> None:
    """Stream a well-formed document of comments; nobody, the sender included, ever holds it whole."""
    headers = [(b"content-type", b"text/xml; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    comment = b"<!--" + b"x" * (CHUNK_BYTES - 7) + b"-->"
    await _piece(send, b'<?xml version="1.0"?><wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">')
    for _ in range(fault.integer("megabytes") * 1024 * 1024 // CHUNK_BYTES):
        await _piece(send, comment)
    await send({"type": "http.response.body", "body": b"</wsdl:definitions>"})


async def _piece(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


def _everything(_scope: Scope) -> bool:
    return True


def _from_windows(scope: Scope) -> bool:
    agent = dict(scope["headers"]).get(b"user-agent", b"")
    return bytes(agent).startswith(b"Windows-AzureAD-Authentication-Provider")


def _to_usernames(scope: Scope) -> bool:
    return str(scope["path"]).endswith("/usernamemixed")


def _to_a_folder(scope: Scope) -> bool:
    return str(scope["path"]).endswith("/")


CONCERNS: Mapping[str, Callable[[Scope], bool]] = {
    "refuses-windows-agent": _from_windows,
    "username-port-is-dead": _to_usernames,
    "directory-listing": _to_a_folder,
}
"""The requests that a fault takes over, where those are not all."""

WHOLE: Mapping[str, Whole] = {
    "refuses-windows-agent": _page(403, b"Forbidden"),
    "username-port-is-dead": _page(404, b"Not Found"),
    "directory-listing": _page(200, b"Index of /"),
    FALLS_OVER: _page(503, b"Service Unavailable"),
    "html-with-200": _page(200, b"Sign in"),
    "http-500-html": _page(500, b"Internal Server Error"),
    "http-status": _status,
    "never-answers": _never,
    "connection-reset": _reset,
    "redirect-to-other-host": _redirect,
    "mex-huge": _huge,
}


def _rewriting(fault: Misbehaviour, send: Send) -> Send:
    async def rewritten(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = HEADERS[fault.name](fault, message["status"], list(message.get("headers", [])))
            message = {**message, "headers": headers}
        await send(message)

    return rewritten


def _without(headers: list[Header], name: bytes) -> list[Header]:
    return [header for header in headers if header[0].lower() != name]


def _no_negotiate(fault: Misbehaviour, status: int, headers: list[Header]) -> list[Header]:
    offered = [(_AUTHENTICATE, b'Basic realm="sts"')] if fault.text("scheme") == "basic" else []
    return [*_without(headers, _AUTHENTICATE), *offered] if status == 401 else headers


def _ntlm(_fault: Misbehaviour, status: int, headers: list[Header]) -> list[Header]:
    return [*_without(headers, _AUTHENTICATE), (_AUTHENTICATE, b"NTLM")] if status == 401 else headers


def _no_mutual(_fault: Misbehaviour, status: int, headers: list[Header]) -> list[Header]:
    return headers if status == 401 else _without(headers, _AUTHENTICATE)


def _wrong_mutual(_fault: Misbehaviour, status: int, headers: list[Header]) -> list[Header]:
    return headers if status == 401 else [(name, _damaged(value)) if name == _AUTHENTICATE else (name, value)
                                          for name, value in headers]  # fmt: skip


def _damaged(challenge: bytes) -> bytes:
    scheme, _, token = challenge.partition(b" ")
    raw = bytearray(base64.b64decode(token))
    raw[-1] ^= 0xFF  # the last byte of the encrypted part, so that its checksum fails
    return scheme + b" " + base64.b64encode(bytes(raw))


def _content_type(fault: Misbehaviour, _status: int, headers: list[Header]) -> list[Header]:
    value = fault.text("content_type").encode("latin-1", "replace")
    return [*_without(headers, b"content-type"), (b"content-type", value)]


def _banner(_fault: Misbehaviour, _status: int, headers: list[Header]) -> list[Header]:
    others = [header for header in headers if header[0].lower() != b"server"]
    return [*others, (b"server", b"Apache/2.4.57 (Debian)"), (b"x-powered-by", b"PHP/8.2.7")]


HEADERS: Mapping[str, Rewrite] = {
    "401-without-negotiate": _no_negotiate,
    "ntlm-only": _ntlm,
    "no-mutual-authentication": _no_mutual,
    "wrong-mutual-authentication": _wrong_mutual,
    "wrong-content-type": _content_type,
    "version-banner": _banner,
}

DEAF = frozenset({"401-without-negotiate", "ntlm-only"})
SLOW = frozenset({"slow-answer"})


def _slow(fault: Misbehaviour, send: Send) -> Send:
    seconds = fault.number("seconds")
    late = fault.text("manner") == "late"

    async def slowly(message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(seconds if late else 0)
        body = message.get("body", b"")
        if late or not body:
            await send(message)
            return
        size = -(-len(body) // TRICKLE_PIECES)
        for start in range(0, len(body), size):
            await asyncio.sleep(seconds / TRICKLE_PIECES)
            more = start + size < len(body) or bool(message.get("more_body"))
            await send({**message, "body": body[start : start + size], "more_body": more})

    return slowly
