"""Entra Connect's double against a live Active Directory domain: what it exports, and what a device can do with it."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.doubles.entra.app import build_entra
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.connect import SyncError
from hybridjoin.doubles.entra.tenant import JoinKind, SyncedComputer
from hybridjoin.doubles.serve import Server
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.places import STATE_VARIABLE
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.scenario.lab.load import load_lab_file
from tests.doubles.entra import forge
from tests.doubles.entra.client import Client, extension, issued, sync_body

pytestmark = pytest.mark.lab

DEFAULT_LAB = Path(__file__).parent.parent.parent.parent / "scenarios" / "default.lab.yaml"
WS01 = uuid.UUID("0f3e9c51-7d24-4b86-a1c9-5e2f8b6d4a10")
WS05_ANCHOR = uuid.UUID("c4a7e2b9-18f3-4d60-9b5e-73d1a6f08c2e")
WS02 = uuid.UUID("7b1d4f86-e9a2-4c35-8f70-2d6c9b03e5a4")
WS04 = uuid.UUID("93f6b0d8-5c1e-4a72-9e4b-c8072fd1a56e")


@pytest.fixture(scope="module")
def domain() -> Iterator[Domain]:
    """A domain of this module's own: one test writes into it."""
    folder, before = Path(tempfile.mkdtemp(prefix="hj-")), os.environ.get(STATE_VARIABLE)
    os.environ[STATE_VARIABLE] = str(folder)
    with ProcessBackend().start(load_lab_file(DEFAULT_LAB)) as running:
        yield running
    os.environ.pop(STATE_VARIABLE)
    if before is not None:
        os.environ[STATE_VARIABLE] = before
    shutil.rmtree(folder, ignore_errors=True)


def config(domain: Domain, **changes: object) -> EntraConfig:
    connect = {
        "url": domain.ldaps_url,
        "ca_file": str(domain.ca_file),
        "bind_dn": domain.lookup.dn,
        "password_file": str(domain.lookup.password_file),
        "base_dn": domain.directory.base_dn,
        **changes,
    }
    return EntraConfig.from_mapping(forge.mapping(devices=[], users=[], connect=connect))


def computers(domain: Domain, **changes: object) -> dict[str, SyncedComputer]:
    tenant = build_entra(config(domain, **changes)).state.tenant
    return {device.display_name: device.synced for device in tenant.devices}


def test_computers_with_a_certificate_are_exported_with_their_anchor(domain: Domain) -> None:
    found = computers(domain)

    assert set(found) == {"WS01", "WS02", "WS03", "WS05"}
    assert found["WS01"].object_guid == WS01
    assert found["WS01"].source_anchor == forge.guid64(WS01)
    assert found["WS05"].source_anchor == forge.guid64(WS05_ANCHOR)
    assert found["WS02"].source_anchor == forge.guid64(WS02)
    assert found["WS01"].sid.startswith("S-1-5-21-")
    assert len({item.sid for item in found.values()}) == 4
    names = [x509.load_der_x509_certificate(item.user_certificates[0]).subject for item in found.values()]
    assert [name.rfc4514_string() for name in names] == [f"CN={item.object_guid}" for item in found.values()]


def test_users_are_exported_but_not_what_the_system_needs(domain: Domain) -> None:
    tenant = build_entra(config(domain)).state.tenant

    names = {user.name for user in tenant.users}

    assert {"alice", "svc-idp", "svc-lookup"} <= names
    assert not {"Administrator", "krbtgt", "Guest", "WS01$"} & names


def test_excluded_objects_stay_behind(domain: Domain) -> None:
    assert set(computers(domain, exclude=["ws01$", "WS02"])) == {"WS03", "WS05"}


def test_whom_the_first_cycle_passes_over_the_second_brings_and_who_is_deleted_comes_back(domain: Domain) -> None:
    tenant = build_entra(config(domain, late=["WS01"], deleted=["WS02"])).state.tenant
    assert {device.display_name for device in tenant.devices} == {"WS03", "WS05"}

    tenant.sync()

    assert {"WS01", "WS02"} <= {device.display_name for device in tenant.devices}


def test_a_wrong_password_is_the_directorys_own_error(domain: Domain, tmp_path: Path) -> None:
    wrong = tmp_path / "password"
    wrong.write_text("no such password")

    with pytest.raises(SyncError, match="Invalid credentials") as caught:
        computers(domain, password_file=str(wrong))

    assert "no such password" not in str(caught.value)


def test_a_certificate_of_another_authority_is_not_believed(domain: Domain, tls: tuple[Path, Path, Path]) -> None:
    with pytest.raises(SyncError, match=r"cannot bind to ldaps://"):
        computers(domain, ca_file=str(tls[0]))


def test_a_base_that_is_not_there_is_named(domain: Domain) -> None:
    with pytest.raises(SyncError, match=r"below 'DC=nowhere,DC=test' failed"):
        computers(domain, base_dn="DC=nowhere,DC=test")


def test_a_synced_computer_joins_with_the_key_of_its_certificate(
    domain: Domain, server: Server, tls: tuple[Path, Path, Path]
) -> None:
    app = build_entra(config(domain))
    server.install(app)
    client = Client(f"https://127.0.0.1:{server.port}", tls[0])
    account = next(item for item in domain.devices if item.name == "WS01")
    assert account.user_certificate_key is not None
    key = serialization.load_pem_private_key(account.user_certificate_key.read_bytes(), password=None)
    assert isinstance(key, RSAPrivateKey)
    sid = app.state.tenant.device(WS01).sid
    text = f"{sid}.2026-03-14 12:00:00Z"
    blob = base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    identity = {"Type": "sha256signed", "Sid": text, "SignedBlob": blob}

    reply = client.sync_join(WS01, sync_body(ClientIdentity=identity))
    stranger = client.sync_join(WS04, sync_body(ClientIdentity=identity))
    client.session.close()

    assert extension(issued(reply), 2) == WS01.bytes_le
    assert app.state.tenant.device(WS01).joined_by is JoinKind.SYNCHRONIZED
    assert stranger.json()["Message"] == f"The device object by the given id ({WS04}) is not found."


def test_a_computer_that_writes_its_certificate_is_there_after_the_next_cycle(domain: Domain, tmp_path: Path) -> None:
    tenant = build_entra(config(domain)).state.tenant
    assert tenant.device(WS04) is None
    write_own_certificate(domain, "WS04", tmp_path)

    tenant.sync()

    device = tenant.device(WS04)
    assert device.synced.user_certificates == (forge.certificate("WS04"),)
    assert not device.registered


def write_own_certificate(domain: Domain, name: str, folder: Path) -> None:
    """Do what a computer does before a synchronized join: write userCertificate with its own credentials."""
    environment = {
        **os.environ,
        "KRB5_CONFIG": str(domain.directory.krb5_config),
        "KRB5CCNAME": f"FILE:{folder / 'ccache'}",
        "LDAPSASL_NOCANON": "on",
    }
    account = next(item for item in domain.devices if item.name == name)
    commands = (
        ["kinit", "-k", "-t", str(account.keytab), account.sam_account_name],
        ["ldapmodify", "-Q", "-Y", "GSSAPI", "-H", domain.directory.ldap_url],
    )
    dn = f"CN={name},CN=Computers,{domain.directory.base_dn}"
    value = base64.b64encode(forge.certificate(name)).decode()
    change = f"dn: {dn}\nchangetype: modify\nadd: userCertificate\nuserCertificate:: {value}\n"
    for command in commands:
        subprocess.run(command, env=environment, input=change, text=True, capture_output=True, check=True, timeout=30)
