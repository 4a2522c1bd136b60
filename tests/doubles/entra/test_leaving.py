"""A device is removed by the certificate that it was issued, shown in a real TLS handshake; by nothing else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette

from hybridjoin.doubles.entra.app import build_entra
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.leaving import LEAVE_RULES
from hybridjoin.doubles.entra.rule import Certainty
from hybridjoin.doubles.serve import Server
from tests.doubles.entra import forge
from tests.doubles.entra.client import Client, csr, join_body
from tests.doubles.entra.mint import minted


class Tenant:
    """A tenant whose server asks for certificates, and the devices that have joined it."""

    def __init__(self, client: Client, app: Starlette, folder: Path) -> None:
        self.client, self.app, self._folder = client, app, folder

    def join(self, guid: UUID, sid: str, key: RSAPrivateKey) -> Path:
        """Join a computer; return the file of its certificate and key."""
        request = {"Type": "pkcs10", "Data": csr(key)}
        token = minted(on_prem_id=str(guid), primary_sid=sid)
        reply = self.client.join(token, join_body(CertificateRequest=request))
        assert reply.status_code == 200, reply.text
        return self.write(base64.b64decode(reply.json()["Certificate"]["RawBody"]), key)

    def write(self, der: bytes, key: RSAPrivateKey) -> Path:
        path = self._folder / f"{len(list(self._folder.iterdir()))}.pem"
        pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + pem)
        return path

    def leave(self, guid: object, shown: Path | None, query: str = "?api-version=1.0") -> requests.Response:
        """Ask for a removal, on a connection of its own."""
        with requests.Session() as session:
            session.trust_env = False
            session.verify, session.cert = self.client.session.verify, str(shown) if shown else None
            return session.delete(f"{self.client.base}/EnrollmentServer/device/{guid}{query}", timeout=10)

    @property
    def ids(self) -> set[UUID]:
        return {item.device_id for item in self.app.state.tenant.devices}


@contextmanager
def serving(tls: tuple[Path, Path, Path], folder: Path) -> Iterator[Tenant]:
    app = build_entra(EntraConfig.from_mapping(forge.mapping()))
    with Server(app) as server:
        server.start(certfile=tls[1], keyfile=tls[2])
        server.ask_clients(app.state.client_authority)
        client = Client(f"https://127.0.0.1:{server.port}", tls[0])
        yield Tenant(client, app, folder)
        client.session.close()


@pytest.fixture
def tenant(tls: tuple[Path, Path, Path], tmp_path: Path) -> Iterator[Tenant]:
    with serving(tls, tmp_path) as made:
        yield made


def test_a_device_leaves_by_its_certificate_and_a_second_time_it_is_unknown(tenant: Tenant) -> None:
    shown = tenant.join(forge.WS04, forge.WS04_SID, forge.key("device"))
    assert forge.WS04 in tenant.ids

    first = tenant.leave(forge.WS04, shown)
    assert (first.status_code, first.content) == (200, b"")
    assert forge.WS04 not in tenant.ids
    assert tenant.app.state.audit.entries[-1].device_id == str(forge.WS04)

    second = tenant.leave(forge.WS04, shown)
    assert second.status_code == 401
    assert second.json()["ErrorType"] == "AuthenticationError"
    assert tenant.app.state.audit.entries[-1].rule == "leave-unknown-certificate"


def test_the_query_needs_no_version_as_tools_that_work_send_none(tenant: Tenant) -> None:
    shown = tenant.join(forge.WS04, forge.WS04_SID, forge.key("device"))
    assert tenant.leave(forge.WS04, shown, query="").status_code == 200


def test_what_is_synchronized_comes_back_with_the_next_cycle_and_is_not_registered(tenant: Tenant) -> None:
    shown = tenant.join(forge.WS01, forge.WS01_SID, forge.key("device"))
    assert tenant.leave(forge.WS01, shown).status_code == 200
    assert forge.WS01 not in tenant.ids

    tenant.app.state.tenant.sync()
    device = tenant.app.state.tenant.device(forge.WS01)
    assert device is not None
    assert not device.registered
    assert tenant.leave(forge.WS01, shown).status_code == 401


Refused = Callable[[Tenant], requests.Response]


def _anothers(tenant: Tenant) -> requests.Response:
    tenant.join(forge.WS01, forge.WS01_SID, forge.key("device"))
    return tenant.leave(forge.WS01, tenant.join(forge.WS04, forge.WS04_SID, forge.key("WS04")))


def _earlier(tenant: Tenant) -> requests.Response:
    earlier = tenant.join(forge.WS04, forge.WS04_SID, forge.key("device"))
    tenant.join(forge.WS04, forge.WS04_SID, forge.key("WS04"))
    return tenant.leave(forge.WS04, earlier)


def _without(tenant: Tenant) -> requests.Response:
    tenant.join(forge.WS04, forge.WS04_SID, forge.key("device"))
    return tenant.leave(forge.WS04, None)


REFUSED: dict[str, tuple[str, Refused]] = {
    "no certificate": ("leave-no-certificate", _without),
    "an earlier registration's": ("leave-unknown-certificate", _earlier),
    "another device's": ("leave-of-another-device", _anothers),
}


@pytest.mark.parametrize("name", REFUSED)
def test_whoever_is_not_the_device_removes_nothing(tenant: Tenant, name: str) -> None:
    rule_id, ask = REFUSED[name]
    reply = ask(tenant)

    assert reply.status_code == 401
    assert reply.json()["ErrorType"] == "AuthenticationError"
    assert tenant.app.state.audit.entries[-1].rule == rule_id
    assert tenant.ids >= {forge.WS01, forge.WS04} if rule_id == "leave-of-another-device" else forge.WS04 in tenant.ids


def test_a_certificate_that_the_tenant_did_not_issue_ends_the_handshake(tenant: Tenant) -> None:
    tenant.join(forge.WS04, forge.WS04_SID, forge.key("device"))
    key, now = forge.key("device"), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(forge.WS04))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    )
    forged = tenant.write(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER), key)

    with pytest.raises((requests.exceptions.SSLError, requests.exceptions.ConnectionError)):
        tenant.leave(forge.WS04, forged)
    assert forge.WS04 in tenant.ids


def test_every_rule_of_leaving_has_a_breaking_input_and_a_source() -> None:
    assert {rule.id for rule in LEAVE_RULES} == {rule for rule, _ in REFUSED.values()}
    assert all(rule.source and rule.trigger.endswith(".") for rule in LEAVE_RULES)
    assert all(rule.reasoning for rule in LEAVE_RULES if rule.certainty is Certainty.ASSUMED)
