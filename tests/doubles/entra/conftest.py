"""One real HTTPS server for all tests of the Entra double; each installs a tenant of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from starlette.applications import Starlette

from hybridjoin.doubles.entra.app import build_entra
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.serve import Server
from tests.doubles.entra import forge
from tests.doubles.entra.client import Client


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """CA, certificate chain and key, as files."""
    place = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "login.microsoftonline.com", "enterpriseregistration.windows.net")
    authority.cert_pem.write_to_path(str(place / "ca.pem"))
    issued.private_key_and_cert_chain_pem.write_to_path(str(place / "server.pem"))
    return place / "ca.pem", place / "server.pem", place / "server.pem"


@pytest.fixture(scope="session")
def server(tls: tuple[Path, Path, Path]) -> Iterator[Server]:
    with Server() as running:
        running.start(certfile=tls[1], keyfile=tls[2])
        yield running


Install = Callable[..., tuple[Client, Starlette]]


@pytest.fixture
def install(server: Server, tls: tuple[Path, Path, Path]) -> Iterator[Install]:
    """Install a tenant and return a client of it with the application."""
    clients: list[Client] = []

    def put_in(**changes: object) -> tuple[Client, Starlette]:
        app = build_entra(EntraConfig.from_mapping(forge.mapping(**changes)))
        server.install(app)
        clients.append(Client(f"https://127.0.0.1:{server.port}", tls[0]))
        return clients[-1], app

    yield put_in
    for client in clients:
        client.session.close()
    server.install(None)
