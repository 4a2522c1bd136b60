"""Key material and a complete configuration for the reference IdP, without any directory or KDC."""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from starlette.applications import Starlette

from hybridjoin.doubles.idp.app import build_idp
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.faults import FAULTS
from hybridjoin.doubles.idp.issue import Answer, issue
from hybridjoin.doubles.idp.mapping import Claim
from hybridjoin.doubles.idp.rst import SOAP_12, Rst
from hybridjoin.doubles.idp.signing import SigningIdentity
from hybridjoin.doubles.idp.token import Token, new_token
from hybridjoin.doubles.serve import Server
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.places import STATE_VARIABLE
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.scenario.lab.load import load_lab_file
from tests.doubles.idp.caller import APPLICATION_ID, Place

DEFAULT_LAB = Path(__file__).parents[3] / "scenarios" / "default.lab.yaml"
ConfigMaker = Callable[..., IdpConfig]
Issuer = Callable[..., Answer]
Verifier = Callable[..., None]
NOW = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)
CLAIMS = (
    Claim(name="accounttype", namespace="http://schemas.microsoft.com/ws/2012/01", values=("DJ",)),
    Claim(name="primarysid", namespace="http://schemas.microsoft.com/ws/2008/06/identity/claims", values=("S-1-5-9",)),
    Claim(name="two", namespace="urn:n", values=("a", "b"), original_issuer="CLIENT CONTEXT"),
)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with all the files that a configuration names."""
    folder = tmp_path_factory.mktemp("idp")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Token signing")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "signing.key").write_bytes(pem)
    (folder / "signing.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "lookup.password").write_text("not a secret\n")
    (folder / "service.keytab").write_bytes(keytab("HTTP", "sts.hybridjoin.test", realm="HYBRIDJOIN.TEST"))
    return folder


def keytab(*components: str, realm: str) -> bytes:
    """Return a keytab (MIT format 2) with one AES256 key of zeros."""

    def counted(data: bytes) -> bytes:
        return struct.pack(">H", len(data)) + data

    names = b"".join(counted(part.encode()) for part in components)
    principal = struct.pack(">H", len(components)) + counted(realm.encode()) + names + struct.pack(">I", 1)
    entry = principal + struct.pack(">IBH", 0, 1, 18) + counted(bytes(32))
    return b"\x05\x02" + struct.pack(">i", len(entry)) + entry


@pytest.fixture(scope="session")
def plain(keys: Path) -> dict[str, Any]:
    """The plain data of a PingOne-like IdP."""
    return {
        "profile": "pingone",
        "application_id": APPLICATION_ID,
        "service_host": "sts.hybridjoin.test",
        "keytab": str(keys / "service.keytab"),
        "mutations": "hybridjoin.mutations.entry",
        "signing_key": str(keys / "signing.key"),
        "signing_certificate": str(keys / "signing.pem"),
        "ldap": {
            "url": "ldaps://127.0.0.1:1",
            "ca_file": str(keys / "ca.pem"),
            "bind_dn": "CN=svc-lookup,CN=Users,DC=hybridjoin,DC=test",
            "password_file": str(keys / "lookup.password"),
            "base_dn": "DC=hybridjoin,DC=test",
        },
    }


@pytest.fixture(scope="session")
def make_config(plain: dict[str, Any]) -> ConfigMaker:
    def make(**changes: object) -> IdpConfig:
        return IdpConfig.from_mapping({**plain, **changes})

    return make


@pytest.fixture(scope="session")
def identity(keys: Path) -> SigningIdentity:
    return SigningIdentity.read(keys / "signing.key", keys / "signing.pem")


@pytest.fixture
def answer(make_config: ConfigMaker, identity: SigningIdentity) -> Issuer:
    """Issue the same token again and again, with the faults asked for: names, or pairs of name and options."""
    kept: dict[str, Token] = {}

    def issued(
        *faults: str | tuple[str, dict[str, object]],
        profile: str = "pingone",
        trust: str = "1.3",
        claims: tuple[Claim, ...] = CLAIMS,
    ) -> Answer:
        config = make_config(profile=profile)
        known = {**FAULTS, **config.handed_over.faults}
        if profile not in kept or claims is not CLAIMS:
            kept[profile] = new_token(config, subject="bxFP8oBuXUKCNgmAPaffvg==", claims=claims, now=NOW)
        named = [(fault, {}) if isinstance(fault, str) else fault for fault in faults]
        assert not [problem for name, options in named for problem in known[name].problems(options)]
        chosen = tuple(known[name].chosen(**options) for name, options in named)
        rst = Rst(trust=trust, soap=SOAP_12, message_id="urn:uuid:1", applies_to="urn:federation:MicrosoftOnline")
        return issue(rst, kept[profile], identity, profile=profile, faults=chosen, handed_over=config.handed_over)

    return issued


@pytest.fixture(scope="session")
def verify(keys: Path) -> Verifier:
    """Verify an assertion's signature with xmlsec; raises xmlsec.Error."""

    def verified(
        assertion: etree._Element, *, certificate: Path | None = None, id_attribute: str = "AssertionID"
    ) -> None:
        context = xmlsec.SignatureContext()
        file = certificate or keys / "signing.pem"
        context.key = xmlsec.Key.from_file(str(file), xmlsec.constants.KeyDataFormatCertPem)
        context.register_id(assertion, id_attribute)
        signature = assertion.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
        assert signature is not None
        context.verify(signature)

    return verified


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A reference IdP that answers on a port of this machine, and a client that trusts it."""

    app: Starlette
    url: str
    client: requests.Session

    def audit(self) -> list[str]:
        return [f"{event.event}: {event.detail}" for event in self.app.state.audit]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "sts.pem")
    certificate.private_key_pem.write_to_path(folder / "sts.key")
    with Server() as running:
        yield running.start(certfile=folder / "sts.pem", keyfile=folder / "sts.key"), folder / "ca.pem"


@pytest.fixture
def serve(server: tuple[Server, Path], make_config: ConfigMaker) -> Iterator[Callable[..., Served]]:
    """Serve an IdP with this configuration."""
    running, ca_file = server
    with requests.Session() as client:
        client.verify = str(ca_file)
        client.trust_env = False  # or REQUESTS_CA_BUNDLE would win over our own CA

        def served(config: IdpConfig | None = None, **changes: object) -> Served:
            app = build_idp(config or make_config(**changes))
            running.install(app)
            return Served(app=app, url=f"https://localhost:{running.port}", client=client)

        yield served
        running.install(None)


@pytest.fixture(scope="session")
def domain() -> Iterator[Domain]:
    """A domain of this room's own."""
    folder = Path(tempfile.mkdtemp(prefix="hj-"))  # short: samba's sockets live below it
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE_VARIABLE, str(folder))
        with ProcessBackend().start(load_lab_file(DEFAULT_LAB)) as running:
            patch.setenv("KRB5_CONFIG", str(running.directory.krb5_config))
            yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def place(domain: Domain, serve: Callable[..., Served], plain: dict[str, Any]) -> Place:
    return Place(domain=domain, serve=serve, plain=plain)
