"""What a running domain holds and serves, asked with the tools an administrator has."""

from __future__ import annotations

import base64
import re
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

from hybridjoin.errors import LabError
from hybridjoin.lab.alive import need_answer
from hybridjoin.lab.domain import DOMAIN_FILE, Domain, read_domain, tail
from hybridjoin.scenario.lab.lab_file import LabFile

pytestmark = pytest.mark.lab
Tool = Callable[..., subprocess.CompletedProcess[str]]
Search = Callable[..., dict[str, list[bytes]]]


@pytest.fixture
def search(domain: Domain, tool: Tool) -> Search:
    """Search as the lookup account does: by simple bind over LDAPS, verified against the lab's CA."""

    def run(expression: str, *attributes: str, base: str = domain.directory.base_dn) -> dict[str, list[bytes]]:
        bind = ("-x", "-D", domain.lookup.dn, "-y", domain.lookup.password_file, "-H", domain.ldaps_url)
        done = tool("ldapsearch", *bind, "-LLL", "-o", "ldif-wrap=no", "-b", base, expression, *attributes)
        assert done.returncode == 0, done.stderr
        found: dict[str, list[bytes]] = {}
        for name, colons, value in re.findall(r"^([\w-]+)(::?) (.*)$", done.stdout, re.MULTILINE):
            found.setdefault(name, []).append(base64.b64decode(value) if colons == "::" else value.encode())
        return found

    return run


@pytest.fixture
def as_ws01(domain: Domain, tool: Tool) -> Tool:
    """The same tools with WS01's ticket."""
    done = tool("kinit", "-k", "-t", domain.keytabs["WS01$"], "WS01$")
    assert done.returncode == 0, done.stderr
    return tool


@pytest.mark.parametrize(
    ("spn", "ticket"),
    [
        pytest.param("HTTP/sts.hybridjoin.test", "aes256-cts-hmac-sha1-96", id="AES 256 where it was ticked"),
        pytest.param("host/sts.hybridjoin.test", "aes256-cts-hmac-sha1-96", id="the AD FS spelling"),
        pytest.param("HTTP/sts-rc4.hybridjoin.test", "arcfour-hmac", id="RC4 where nothing was"),
    ],
)
def test_the_kdc_issues_the_ticket_type_that_the_account_supports(as_ws01: Tool, spn: str, ticket: str) -> None:
    assert as_ws01("kvno", spn).returncode == 0

    listed = as_ws01("klist", "-e").stdout
    assert re.search(rf"{re.escape(spn)}@.*?\(skey, tkt\): \S+, (DEPRECATED:)?{ticket} ", listed, re.DOTALL), listed


def test_a_host_without_spn_is_unknown_to_the_kdc(as_ws01: Tool) -> None:
    assert "Server not found in Kerberos database" in as_ws01("kvno", "HTTP/sts-nospn.hybridjoin.test").stderr


@pytest.mark.parametrize(
    ("account", "spn", "accepted"),
    [
        pytest.param("svc-idp", "HTTP/sts.hybridjoin.test", True, id="AES ticket and AES keytab"),
        pytest.param("svc-idp-rc4", "HTTP/sts-rc4.hybridjoin.test", False, id="RC4 ticket and AES keytab"),
    ],
)
def test_a_keytab_opens_only_the_tickets_it_has_the_key_type_for(
    domain: Domain, as_ws01: Tool, account: str, spn: str, accepted: bool
) -> None:
    done = as_ws01("kvno", "-k", domain.keytabs[account], spn)

    assert (done.returncode == 0) is accepted, done.stdout + done.stderr


def test_a_disabled_computer_gets_no_ticket(domain: Domain, tool: Tool) -> None:
    assert "revoked" in tool("kinit", "-k", "-t", domain.keytabs["WS03$"], "WS03$").stderr


@pytest.mark.parametrize("account", ["WS02$", "WS04$", "WS05$", "alice", "svc-lookup", "svc-idp"])
def test_every_other_keytab_is_good_for_a_ticket(domain: Domain, tool: Tool, account: str) -> None:
    assert tool("kinit", "-k", "-t", domain.keytabs[account], account).returncode == 0


def test_a_computer_reads_the_service_connection_point_over_a_sealed_connection(domain: Domain, as_ws01: Tool) -> None:
    base = f"CN=Services,CN=Configuration,{domain.directory.base_dn}"
    bind = ("-Y", "GSSAPI", "-Q", "-O", "minssf=56", "-H", domain.directory.ldap_url)
    done = as_ws01(
        "ldapsearch",
        *bind,
        "-LLL",
        "-o",
        "ldif-wrap=no",
        "-b",
        base,
        "(cn=62a0ff2e-97b9-4513-943f-0d221bd30080)",
        "keywords",
    )

    assert done.returncode == 0, done.stderr
    assert "CN=Device Registration Configuration,CN=Services" in done.stdout
    assert re.findall(r"^keywords: (.*)$", done.stdout, re.MULTILINE) == [
        "azureADName:hybridjoin.test",
        "azureADId:6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f",
    ]


@pytest.mark.parametrize("name", ["WS01", "WS02", "WS03", "WS04", "WS05"])
def test_a_computer_is_what_the_lab_file_says(lab_file: LabFile, search: Search, name: str) -> None:
    wanted = next(computer for computer in lab_file.computers if computer.name == name)
    found = search(f"(sAMAccountName={name}$)")
    own = uuid.UUID(wanted.object_guid)
    anchor = own if wanted.consistency_guid == "objectGUID" else wanted.consistency_guid

    assert found["objectGUID"] == [own.bytes_le]
    assert found.get("mS-DS-ConsistencyGuid") == ([uuid.UUID(str(anchor)).bytes_le] if anchor else None)
    assert ("userCertificate" in found) is wanted.user_certificate
    assert found["dNSHostName"] == [f"{name.lower()}.hybridjoin.test".encode()]
    assert found["msDS-SupportedEncryptionTypes"] == [b"28"]
    assert found["primaryGroupID"] == [b"515"]


def test_a_user_certificate_names_the_computer_and_its_key_is_kept(domain: Domain, search: Search) -> None:
    found = search("(sAMAccountName=WS01$)", "objectGUID", "userCertificate")
    certificate = x509.load_der_x509_certificate(found["userCertificate"][0])
    device = next(device for device in domain.devices if device.name == "WS01")
    assert device.user_certificate_key is not None
    key = load_pem_private_key(device.user_certificate_key.read_bytes(), None)

    subject = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert subject == str(uuid.UUID(bytes_le=found["objectGUID"][0]))
    assert certificate.public_key() == key.public_key()


def test_a_device_without_certificate_has_no_key(domain: Domain) -> None:
    assert {device.name for device in domain.devices if device.user_certificate_key is None} == {"WS04"}


def test_the_group_has_its_members(search: Search) -> None:
    members = search("(sAMAccountName=Hybrid Devices)", "member")["member"]

    assert sorted(member.split(b",")[0] for member in members) == [b"CN=WS01", b"CN=WS02", b"CN=WS05"]


def test_the_lookup_account_may_not_write(domain: Domain, tool: Tool, tmp_path: Path) -> None:
    change = tmp_path / "change.ldif"
    dn = f"CN=WS01,CN=Computers,{domain.directory.base_dn}"
    change.write_text(f"dn: {dn}\nchangetype: modify\nreplace: description\ndescription: mine\n")
    bind = ("-x", "-D", domain.lookup.dn, "-y", domain.lookup.password_file, "-H", domain.ldaps_url)

    assert "Insufficient access" in tool("ldapmodify", *bind, "-f", change).stderr


def test_a_simple_bind_in_the_clear_is_refused(domain: Domain, tool: Tool) -> None:
    bind = ("-x", "-D", domain.lookup.dn, "-y", domain.lookup.password_file, "-H", domain.directory.ldap_url)

    assert "Strong(er) authentication required" in tool("ldapsearch", *bind, "-b", "", "-s", "base").stderr


def test_the_facts_survive_being_written_and_read(domain: Domain) -> None:
    assert read_domain(domain.state_dir / DOMAIN_FILE) == domain


def test_facts_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "domain.json").write_text('{"backend": "process"}')

    with pytest.raises(LabError, match="does not describe a running domain"):
        read_domain(tmp_path / "domain.json")


def test_a_domain_that_serves_passes_the_question_whether_it_does(domain: Domain) -> None:
    need_answer(domain)

    assert "started" in domain.log_tail()


def test_no_secret_is_readable_by_others(domain: Domain) -> None:
    private = [domain.state_dir, domain.lookup.password_file, *domain.keytabs.values(), *domain.passwords.values()]
    private += [certificate.private_key for certificate in domain.certificates.values()]
    private += [device.user_certificate_key for device in domain.devices if device.user_certificate_key]

    assert [path for path in private if path.stat().st_mode & 0o077] == []


def test_a_tail_leaves_out_what_is_said_of_each_exchange(tmp_path: Path) -> None:
    log = tmp_path / "samba.log"
    log.write_text(
        "samba version 4.17 started.\nKerberos: Probing for AS-REQ\nAuth: fine\n"
        "[2026/11/28 12:33:43.000001,  0] ../../source4/samba/server.c:1(binary_smbd_main)\n"
        "  the disk is full\n"
        + "[2026/11/28 12:33:44.152984,  3] ../../source4/auth/kerberos/krb5_init_context.c:90(wrapper)\n"
        "  Kerberos: AS-REQ SUCCESS\n"
        * 30
        + "[2026/11/28 12:33:45.152984,  2] ../../auth/auth_log.c:647(log)\n  Auth: fine\nPANIC\n",
        "utf-8",
    )

    told = tail(log)

    assert "the disk is full" in told
    assert told.splitlines()[-1] == "PANIC"
    assert "Kerberos" not in told
    assert "Auth" not in told
