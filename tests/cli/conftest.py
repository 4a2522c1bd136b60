"""A command line that runs in this process, in a state of its own."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from hybridjoin.cli.exits import run_guarded
from hybridjoin.cli.group import root


@dataclass(frozen=True)
class Done:
    """What a command printed and left with."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]
Serve = Callable[[Mapping[str, bytes]], tuple[int, Path]]


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the user's own labs and joins is seen or touched."""
    state = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("HYBRIDJOIN_STATE", str(state))
    for name in ("HYBRIDJOIN_LAB", "HYBRIDJOIN_DOMAIN", "LAB_CA_FILE", "LAB_RESOLVE_STS"):
        monkeypatch.delenv(name, raising=False)
    return state


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Carry out a command line as `main` does, without leaving."""

    def carry_out(*arguments: str | Path) -> Done:
        capfd.readouterr()
        code = run_guarded(root, [str(item) for item in arguments])
        out, err = capfd.readouterr()
        return Done(code=int(code), out=out, err=err)

    return carry_out


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serve pages by their paths as sts.hybridjoin.test; give the port, and the file of the CA to trust."""
    with ExitStack() as stack:

        def start(pages: Mapping[str, bytes]) -> tuple[int, Path]:
            authority = trustme.CA()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert("sts.hybridjoin.test").configure_cert(context)
            ca_file = tmp_path / "ca.pem"
            authority.cert_pem.write_to_path(str(ca_file))
            served = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), _handler(pages)))
            served.socket = context.wrap_socket(served.socket, server_side=True)
            thread = threading.Thread(target=served.serve_forever)
            thread.start()
            stack.callback(thread.join)
            stack.callback(served.shutdown)
            return served.server_port, ca_file

        yield start


def _handler(pages: Mapping[str, bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body or b"not here")))
            self.end_headers()
            self.wfile.write(body or b"not here")

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler
