"""The HTTPS server of the doubles: uvicorn in a thread, with an application that can be swapped.

One server lives as long as its lab; every scenario installs a freshly configured application on it, so the port, the
certificate and the client's connections stay. It can also misbehave on purpose: `reset` tears a TCP connection down
with an RST, `drip` sends an answer piece by piece, `hold` never answers. Applications learn the certificate that
clients see, and the one that they showed, from ASGI's TLS extension (`server_cert`, `client_cert_chain`).
"""

from __future__ import annotations

import asyncio
import functools
import logging
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn

from hybridjoin.doubles.prompt_server import Connection, PromptServer

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

KEEP_ALIVE_S = 30
START_LIMIT_S = 10.0
STOP_LIMIT_S = 5.0
_RESET = "hybridjoin.reset"


class Server:
    """One HTTPS server in a thread; ready when `start()` returns, gone when `stop()` returns.

    >>> with Server() as server:  # doctest: +SKIP
    ...     server.start(certfile=Path("sts.pem"), keyfile=Path("sts.key"))
    ...     server.install(app)
    """

    def __init__(self, app: Application | None = None) -> None:
        self._app: Application = _nothing_installed if app is None else app
        self._uvicorn: PromptServer | None = None
        self._thread: threading.Thread | None = None
        self._failures: list[BaseException] = []
        self._certificate = ""
        self._asks = False
        self.port = 0

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, host: str = "127.0.0.1", port: int = 0, *, certfile: Path | str, keyfile: Path | str) -> Server:
        """Listen with TLS 1.2 or newer; port 0 takes a free one, found in `port` afterwards.

        Raises:
            OSError: the address is taken or not ours, or certificate and key cannot be used.
            RuntimeError: this server runs already, or did not come up in time.
        """
        if self._thread is not None:
            raise RuntimeError(f"this server already listens on port {self.port}; stop it before starting it again")
        config = _config(self._dispatch, certfile=certfile, keyfile=keyfile)
        self._certificate = Path(certfile).read_text("ascii")
        listener = _listen(host, port)
        self.port = listener.getsockname()[1]
        self._failures.clear()
        self._uvicorn = PromptServer(config)
        self._thread = threading.Thread(
            target=self._serve, args=(self._uvicorn, listener), name=f"double:{self.port}", daemon=True
        )
        self._thread.start()
        came_up = self._uvicorn.listening.wait(START_LIMIT_S)
        if self._failures or not came_up:
            self.stop()
            cause = self._failures[0] if self._failures else None
            raise RuntimeError(f"the server did not listen within {START_LIMIT_S:.0f} s") from cause
        return self

    def install(self, app: Application | None) -> None:
        """Answer every further request with this application; None answers 503 to all."""
        self._app = _nothing_installed if app is None else app

    def ask_clients(self, authority: str) -> None:
        """Ask further clients for a certificate of an authority (PEM), and serve whoever shows none or one of it."""
        if self._uvicorn is not None and self._uvicorn.config.ssl is not None:
            self._uvicorn.config.ssl.load_verify_locations(cadata=authority)
            self._uvicorn.config.ssl.verify_mode = ssl.CERT_OPTIONAL
            self._asks = True

    def renew(self, *, certfile: Path | str, keyfile: Path | str) -> None:
        """Show another certificate in every handshake from now on; connections that are open go on."""
        if self._uvicorn is not None and self._uvicorn.config.ssl is not None:
            self._uvicorn.config.ssl.load_cert_chain(certfile, keyfile)
            self._certificate = Path(certfile).read_text("ascii")

    def stop(self) -> None:
        """Close the port and every connection; does nothing on a server that does not run.

        Raises:
            RuntimeError: the server did not end in time.
        """
        if self._uvicorn is None or self._thread is None:
            return
        self._uvicorn.end()
        self._thread.join(STOP_LIMIT_S)
        if self._thread.is_alive():
            raise RuntimeError(f"the server on port {self.port} did not stop within {STOP_LIMIT_S:.0f} s")
        self._uvicorn = None
        self._thread = None

    def _serve(self, server: PromptServer, listener: socket.socket) -> None:
        try:
            asyncio.run(server.serve(sockets=[listener]))
        except BaseException as failure:  # noqa: BLE001 - handed to the thread that waits in start()
            self._failures.append(failure)
            logging.getLogger(__name__).warning("the server on port %d ended by itself: %r", self.port, failure)
        finally:
            listener.close()
            server.listening.set()

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        server = self._uvicorn
        scope.setdefault("extensions", {})["tls"] = {"server_cert": self._certificate}
        if server is not None and scope.get("client"):
            peer = (scope["client"][0], scope["client"][1])
            scope["extensions"][_RESET] = functools.partial(server.reset, peer)
            if self._asks:
                scope["extensions"]["tls"]["client_cert_chain"] = server.certificates_of(peer)
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if server is None or not server.should_exit:
                raise


def _config(app: Application, *, certfile: Path | str, keyfile: Path | str) -> uvicorn.Config:
    config = uvicorn.Config(
        app=app,
        interface="asgi3",
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        ssl_certfile=str(certfile),
        ssl_keyfile=str(keyfile),
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.setblocking(False)  # noqa: FBT003 - positional in the socket API
    except OSError as failure:
        listener.close()
        raise OSError(failure.errno, f"cannot listen on {host}:{port}: {failure.strerror}") from failure
    return listener


async def _nothing_installed(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's signature
    if scope["type"] == "http":
        body = b"no double is installed on this server\n"
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def reset(scope: Scope, receive: Receive) -> None:
    """Tear the connection of this request down with a TCP RST; nothing more can be sent on it."""
    scope["extensions"][_RESET]()
    await hold(receive)


async def hold(receive: Receive, *, limit_s: float = 600.0) -> None:
    """Answer nothing until the client hangs up, or the limit has passed."""
    try:
        async with asyncio.timeout(limit_s):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


async def drip(send: Send, body: bytes, *, status: int, headers: list[tuple[bytes, bytes]], pause_s: float) -> None:
    """Send an answer in ten pieces with a pause before each, the status line at once."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    size = max(1, -(-len(body) // 10))
    for start in range(0, len(body), size):
        await asyncio.sleep(pause_s)
        await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
    await send({"type": "http.response.body", "body": b""})
