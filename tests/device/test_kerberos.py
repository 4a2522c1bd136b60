"""The computer's tickets, from a real KDC."""

from __future__ import annotations

import os
import socket
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import gssapi
import pytest

from hybridjoin.device.adapters import spnego
from hybridjoin.device.adapters.apart import Apart, Late
from hybridjoin.device.adapters.directory import DirectoryClient
from hybridjoin.device.adapters.kerberos import Kerberos
from hybridjoin.device.adapters.krb5_environment import configuration, kerberos_environment
from hybridjoin.device.adapters.krb5_errors import explain
from hybridjoin.errors import KerberosError, LabError
from hybridjoin.lab.dial.admin import administrator
from hybridjoin.lab.domain import Domain
from hybridjoin.lab.process.backend import ProcessBackend
from hybridjoin.model.exchange import ModifyRequest, SearchRequest, TicketRequest
from hybridjoin.model.site import DeviceAccount, Directory
from hybridjoin.scenario.lab.load import load_lab_file
from tests.device.conftest import DEFAULT_LAB

HEALTHY = "WS01"
OWN = SearchRequest(base="DC=hybridjoin,DC=test", filter="(sAMAccountName=WS01$)", attributes=("objectGUID",))
NAMES, CERTIFICATE = ("WS01", "WS02"), "userCertificate"
STS = TicketRequest(service="HTTP", host="sts.hybridjoin.test")


def account(domain: Domain, name: str) -> DeviceAccount:
    return next(item for item in domain.devices if item.name == name)


def dialled(domain: Domain) -> tuple[str, int]:
    """Where the domain controller's LDAP really is."""
    parts = urlsplit(domain.directory.ldap_url)
    return str(parts.hostname), parts.port or 389


@contextmanager
def computer(
    domain: Domain, device: DeviceAccount | None = None, *, directory: Directory | None = None
) -> Iterator[Kerberos]:
    used = device or account(domain, HEALTHY)
    with Kerberos(used, directory or domain.directory, time_sync=False) as kerberos:
        yield kerberos


def refusal(kerberos: Kerberos, request: TicketRequest = STS) -> KerberosError:
    with pytest.raises(KerberosError) as caught:
        kerberos.ticket(request)
    return caught.value


@pytest.mark.lab
class TestTickets:
    """What a healthy computer gets."""

    def test_a_ticket_says_whose_it_is_for_whom_how_encrypted_and_how_long(self, domain: Domain) -> None:
        with computer(domain) as kerberos:
            reply = kerberos.ticket(STS)
        assert reply.client == "WS01$@HYBRIDJOIN.TEST"
        assert reply.server == "HTTP/sts.hybridjoin.test@HYBRIDJOIN.TEST"
        assert (reply.ticket_etype, reply.session_etype) == ("aes256-cts-hmac-sha1-96",) * 2
        assert reply.ticket_kvno == 1
        assert reply.starts_at <= datetime.now(UTC) < reply.ends_at

    def test_an_account_without_aes_gets_rc4_tickets(self, domain: Domain) -> None:
        with computer(domain) as kerberos:
            reply = kerberos.ticket(TicketRequest(service="HTTP", host="sts-rc4.hybridjoin.test"))
        assert reply.ticket_etype == "arcfour-hmac"

    def test_nothing_of_it_is_left_in_the_environment(self, domain: Domain) -> None:
        before = dict(os.environ)
        with computer(domain) as kerberos:
            kerberos.ticket(STS)
            refusal(kerberos, TicketRequest(service="HTTP", host="nobody.hybridjoin.test"))
        assert dict(os.environ) == before

    def test_nothing_reaches_the_disk(self, domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        with Kerberos(account(domain, HEALTHY), domain.directory, time_sync=True) as kerberos:
            kerberos.ticket(STS)
            assert list(tmp_path.iterdir()) == []
        assert list(tmp_path.iterdir()) == []

    def test_tickets_that_are_kept_are_shown_again_until_they_are_purged(self, domain: Domain) -> None:
        device = replace(account(domain, HEALTHY), tickets=f"test-{uuid.uuid4()}")
        with computer(domain, device) as first:
            before = first.ticket(STS)
        time.sleep(1.1)  # a ticket's times are whole seconds
        with computer(domain, device) as second:
            assert second.ticket(STS) == before
            second.purge()
            assert second.ticket(STS).starts_at > before.starts_at
            second.purge()

    def test_two_computers_do_not_share_tickets(self, domain: Domain) -> None:
        with (
            computer(domain) as one,
            computer(domain, account(domain, "WS02")) as two,
        ):
            assert one.ticket(STS).client != two.ticket(STS).client
            assert one.ticket(STS).client == "WS01$@HYBRIDJOIN.TEST"


@pytest.mark.lab
class TestRefusals:
    """What the KDC says no to, in words."""

    def test_a_disabled_computer(self, domain: Domain) -> None:
        with computer(domain, account(domain, "WS03")) as kerberos:
            error = refusal(kerberos)
        assert error.code == "KDC_ERR_CLIENT_REVOKED"
        assert "disabled" in error.words
        assert error.remedy

    def test_an_unknown_service(self, domain: Domain) -> None:
        with computer(domain) as kerberos:
            error = refusal(kerberos, TicketRequest(service="HTTP", host="sts-nospn.hybridjoin.test"))
        assert error.code == "KDC_ERR_S_PRINCIPAL_UNKNOWN"
        assert "setspn" in error.remedy

    def test_a_directory_dialled_by_what_is_not_its_name_is_nobodys_verdict(self, domain: Domain) -> None:
        """A computer finds its controller's name by itself: that the file has another one is no fault of the IdP's."""
        told = {}
        for host in ("alias.hybridjoin.test", "127.0.0.1"):
            directory = replace(domain.directory, ldap_url=f"ldap://{host}:389")
            behind = {(host, 389): dialled(domain)}
            with (
                computer(domain) as kerberos,
                DirectoryClient(directory, kerberos, limit_s=5, dialled=behind) as client,
                pytest.raises(LabError) as caught,
            ):
                client.search(OWN)
            told[host] = str(caught.value)
        assert "no account has the service principal name ldap/alias.hybridjoin.test" in told["alias.hybridjoin.test"]
        assert "ldap/127.0.0.1" in told["127.0.0.1"]
        assert "an address stands where a name has to" in told["127.0.0.1"]
        assert all("directory.ldap_url in the site file" in words for words in told.values())
        assert not any(word in words for words in told.values() for word in ("HTTP", "IdP", "setspn", "401"))

    def test_another_computers_keytab(self, domain: Domain) -> None:
        wrong = replace(account(domain, HEALTHY), keytab=domain.keytabs["WS02$"])
        with computer(domain, wrong) as kerberos:
            assert refusal(kerberos).code == "KRB5_KT_NOTFOUND"

    def test_a_keytab_with_the_wrong_key(self, domain: Domain, tmp_path: Path) -> None:
        keytab = tmp_path / "stale.keytab"
        whole = bytearray(domain.keytabs["WS01$"].read_bytes())
        keytab.write_bytes(bytes(_with_other_keys(whole)))
        with computer(domain, replace(account(domain, HEALTHY), keytab=keytab)) as kerberos:
            assert refusal(kerberos).code == "KDC_ERR_PREAUTH_FAILED"

    def test_an_unknown_computer(self, domain: Domain, tmp_path: Path) -> None:
        keytab = tmp_path / "nobody.keytab"
        keytab.write_bytes(domain.keytabs["WS01$"].read_bytes().replace(b"WS01$", b"WS99$"))
        with computer(domain, DeviceAccount(name="WS99", keytab=keytab)) as kerberos:
            assert refusal(kerberos).code == "KDC_ERR_C_PRINCIPAL_UNKNOWN"

    def test_a_missing_keytab_is_nobodys_verdict(self, domain: Domain, tmp_path: Path) -> None:
        gone = replace(account(domain, HEALTHY), keytab=tmp_path / "gone.keytab")
        with computer(domain, gone) as kerberos, pytest.raises(LabError, match="no keytab"):
            kerberos.ticket(STS)

    def test_a_kdc_that_is_gone_is_nobodys_verdict(self, domain: Domain, tmp_path: Path) -> None:
        config = tmp_path / "dead.conf"
        config.write_text("[libdefaults]\n[realms]\nHYBRIDJOIN.TEST = {\n kdc = 127.0.0.1:9\n}\n")
        directory = replace(domain.directory, krb5_config=config)
        with computer(domain, directory=directory) as kerberos, pytest.raises(LabError, match="no KDC"):
            kerberos.ticket(STS)


@pytest.mark.lab
@pytest.mark.parametrize(("offset_s", "works"), [(-240, True), (-360, False), (-4200, False)])
def test_only_a_computer_that_follows_the_kdc_survives_a_wrong_clock(lab: object, offset_s: int, works: bool) -> None:
    assert lab is not None, "the state directory is the lab's"
    with ProcessBackend().start(load_lab_file(DEFAULT_LAB), clock_offset_s=offset_s) as domain:
        device = account(domain, HEALTHY)
        with Kerberos(device, domain.directory, time_sync=False) as stubborn:
            if works:
                assert stubborn.ticket(STS).client
            else:
                assert refusal(stubborn).code == "KRB_AP_ERR_SKEW"
        with (
            Kerberos(device, domain.directory, time_sync=True) as following,
            DirectoryClient(domain.directory, following, limit_s=5) as client,
        ):
            assert following.ticket(STS).client
            assert client.search(OWN).entries


@pytest.mark.lab
class TestDirectory:
    """LDAP as the computer."""

    def test_the_computer_reads_its_own_object(self, domain: Domain) -> None:
        with (
            computer(domain) as kerberos,
            DirectoryClient(domain.directory, kerberos, limit_s=5) as client,
        ):
            reply = client.search(OWN)
            assert len(reply.entries[0].values("objectGUID")[0]) == 16
            nowhere = SearchRequest(base="CN=nowhere," + domain.directory.base_dn, filter="(cn=*)", attributes=())
            assert client.search(nowhere).entries == ()

    def test_a_name_is_led_to_an_address_and_the_ticket_is_for_the_name(self, domain: Domain) -> None:
        named = replace(domain.directory, ldap_url="ldap://DC1.hybridjoin.test:3890")
        behind = {("dc1.hybridjoin.test", 3890): dialled(domain)}
        with (
            computer(domain) as kerberos,
            DirectoryClient(named, kerberos, limit_s=5, dialled=behind) as client,
        ):
            assert client.search(OWN).entries

    def test_the_computer_adds_to_its_own_object_and_to_no_other(self, domain: Domain) -> None:
        base = f"CN=Computers,{domain.directory.base_dn}"
        own, another = (ModifyRequest(dn=f"CN={name},{base}", attribute=CERTIFICATE, values=(b"x",)) for name in NAMES)
        with administrator(domain) as admin:
            before = admin.read(own.dn, CERTIFICATE)
            assert before is not None
            try:
                with computer(domain) as kerberos, DirectoryClient(domain.directory, kerberos, limit_s=5) as client:
                    assert client.modify(own).done
                    assert set(admin.read(own.dn, CERTIFICATE) or ()) == {*before, b"x"}
                    assert client.modify(own).result == "attributeOrValueExists"
                    refused = client.modify(another)
                    assert client.modify(replace(own, dn=f"CN=nobody,{base}")).result == "noSuchObject"
            finally:
                admin.write(own.dn, {CERTIFICATE: before})
        assert (refused.done, refused.result) == (False, "insufficientAccessRights")
        assert refused.words

    def test_the_limit_is_counted_here_and_not_in_the_directorys_whole_seconds(self, domain: Domain) -> None:
        """Samba lets a limit of one second end with its clock's present second, which may be over."""
        everything = SearchRequest(base=domain.directory.base_dn, filter="(objectClass=*)", attributes=("*",))
        with (
            computer(domain) as kerberos,
            DirectoryClient(domain.directory, kerberos, limit_s=1) as client,
        ):
            assert client.search(OWN).entries
            for _ in range(3):
                time.sleep((0.999 - time.time()) % 1)  # the clock's second ends in a millisecond
                assert client.search(everything).entries

    def test_a_directory_that_is_mute_is_given_up(self, domain: Domain) -> None:
        """A connection of our own obeys the same limit as one that libldap opens."""
        with (
            socket.create_server(("127.0.0.1", 0)) as mute,
            computer(domain) as kerberos,
            DirectoryClient(
                replace(domain.directory, ldap_url="ldap://dc1.hybridjoin.test"),
                kerberos,
                limit_s=1,
                dialled={("dc1.hybridjoin.test", 389): mute.getsockname()},
            ) as client,
            pytest.raises(LabError, match="does not answer"),
        ):
            client.search(OWN)

    def test_a_directory_that_is_mute_before_its_tls_lets_everybody_else_run(self, domain: Domain) -> None:
        """libldap knows no limit there; whoever waits for it must at least be able to give it up."""
        apart = Apart("a mute directory")
        with computer(domain) as kerberos, socket.create_server(("127.0.0.1", 0)) as mute:
            named = replace(domain.directory, ldap_url=f"ldaps://localhost:{mute.getsockname()[1]}")
            client = DirectoryClient(named, kerberos, limit_s=1)
            with pytest.raises((Late, LabError)):
                apart.call(lambda: client.search(OWN), limit_s=2)
            apart.close(lambda: client.__exit__(None, None, None))

    def test_an_address_where_nobody_is_is_named(self, domain: Domain) -> None:
        named = replace(domain.directory, ldap_url="ldap://dc1.hybridjoin.test")
        behind = {("dc1.hybridjoin.test", 389): ("127.0.0.1", 9)}
        with (
            computer(domain) as kerberos,
            DirectoryClient(named, kerberos, limit_s=5, dialled=behind) as client,
            pytest.raises(LabError, match=r"ldap://dc1\.hybridjoin\.test, dialled at 127\.0\.0\.1:9, does not answer"),
        ):
            client.search(OWN)

    def test_a_disabled_computer_is_told_by_its_kerberos_error(self, domain: Domain) -> None:
        with (
            computer(domain, account(domain, "WS03")) as kerberos,
            DirectoryClient(domain.directory, kerberos, limit_s=5) as client,
            pytest.raises(KerberosError, match="KDC_ERR_CLIENT_REVOKED"),
        ):
            client.search(OWN)

    def test_a_directory_that_is_gone_is_nobodys_verdict(self, domain: Domain) -> None:
        host = domain.directory.ldap_url.partition("://")[2].partition(":")[0]
        dead = replace(domain.directory, ldap_url=f"ldap://{host}:9")
        with (
            computer(domain) as kerberos,
            DirectoryClient(dead, kerberos, limit_s=5) as client,
            pytest.raises(LabError, match="does not answer"),
        ):
            client.search(OWN)

    def test_a_filter_that_is_none_is_nobodys_verdict(self, domain: Domain) -> None:
        with (
            computer(domain) as kerberos,
            DirectoryClient(domain.directory, kerberos, limit_s=5) as client,
            pytest.raises(LabError, match="refused"),
        ):
            client.search(replace(OWN, filter="(("))


@pytest.mark.lab
def test_an_acceptor_finds_windows_mechanisms_and_proves_itself(domain: Domain) -> None:
    with computer(domain) as kerberos:
        context, token = kerberos.start_context(STS, channel_bindings=b"tls-server-end-point:x")
        with kerberos_environment(config=str(domain.directory.krb5_config), ccache="MEMORY:none"):
            keys = gssapi.Credentials(usage="accept", store={"keytab": str(domain.keytabs["svc-idp"])})
            acceptor = gssapi.SecurityContext(creds=keys, usage="accept")
            answer = spnego.unwrap(acceptor.step(spnego.wrap(token)))
        assert str(acceptor.initiator_name) == "WS01$@HYBRIDJOIN.TEST"
        assert answer.mech == spnego.MS_KERBEROS
        kerberos.finish_context(context, answer.token)
        assert context.complete


@pytest.mark.parametrize("code", [-1765328378, 2**32 - 1765328378])
def test_a_code_is_read_signed_or_not(code: int) -> None:
    error = explain(code, "text", about="x")
    assert isinstance(error, KerberosError)
    assert error.code == "KDC_ERR_C_PRINCIPAL_UNKNOWN"


@pytest.mark.parametrize(("code", "name"), [(12, "KDC_ERR_POLICY"), (14, "KDC_ERR_ETYPE_NOSUPP")])
def test_what_windows_shows_of_a_refused_ticket_is_said_of_the_idps_alone(code: int, name: str) -> None:
    number = code - 1765328384
    idps = explain(number, "text", about="x", ticket=STS)
    directorys = explain(number, "text", about="x", ticket=TicketRequest(service="ldap", host="dc1.hybridjoin.test"))
    assert isinstance(idps, KerberosError)
    assert isinstance(directorys, KerberosError)
    assert (idps.code, directorys.code) == (name, name)
    assert "the IdP answers 401" in idps.words
    assert directorys.words == idps.words.partition("; Windows")[0]
    assert "IdP" not in directorys.remedy


def test_an_unlisted_code_keeps_its_number_and_the_librarys_words() -> None:
    error = explain(-1765328300, "something odd", about="x")
    assert isinstance(error, KerberosError)
    assert error.code == "KRB5 -1765328300"
    assert "something odd" in error.words


@pytest.mark.parametrize(
    ("base", "time_sync", "as_it_is"),
    [
        ("[libdefaults]\n kdc_timesync = 0\n", False, True),
        ("[libdefaults]\n kdc_timesync = false\n", False, True),
        ("[libdefaults]\n kdc_timesync = 0\n", True, False),
        ("[libdefaults]\n kdc_timesync=1\n", True, True),
        ("[libdefaults]\n# kdc_timesync = 1\n", True, False),
        ("[libdefaults]\n", False, False),
    ],
)
def test_the_sites_configuration_is_used_as_it_is_where_it_fits(
    tmp_path: Path, base: str, time_sync: bool, as_it_is: bool
) -> None:
    path = tmp_path / "krb5.conf"
    path.write_text(base)
    with configuration(path, time_sync=time_sync) as found:
        assert (found == str(path)) == as_it_is
        assert found.endswith(str(path)), "libkrb5 takes the first value that it finds"
    assert path.read_text() == base


def test_a_configuration_that_is_not_there_is_nobodys_verdict(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="cannot be read"), configuration(tmp_path / "gone", time_sync=True):
        pass


@pytest.mark.parametrize("before", [None, "elsewhere"])
def test_the_environment_is_put_back_after_an_error(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    monkeypatch.delenv("KRB5_CONFIG", raising=False)
    if before is not None:
        monkeypatch.setenv("KRB5_CONFIG", before)
    seen = []

    def fail() -> None:
        with kerberos_environment(config="here", ccache="MEMORY:x"):
            seen.append(os.environ["KRB5_CONFIG"])
            raise LabError("x")

    with pytest.raises(LabError):
        fail()
    assert seen == ["here"]
    assert os.environ.get("KRB5_CONFIG") == before


@pytest.mark.parametrize(
    "token", [b"", b"\xa1", b"\xa1\x05\x30", b"\x04\x02ab", b"NTLMSSP\0", b"\xa1\x84\xff\xff\xff\xff"]
)
def test_a_negotiate_token_that_is_none_is_refused(token: bytes) -> None:
    with pytest.raises(ValueError, match="token"):
        spnego.unwrap(token)


def test_a_bare_kerberos_token_is_taken_as_it_is() -> None:
    assert spnego.unwrap(b"\x60\x03abc").token == b"\x60\x03abc"


def test_object_identifiers_are_spelled_in_dots() -> None:
    assert spnego.spell(spnego.MS_KERBEROS) == "1.2.840.48018.1.2.2"
    assert spnego.spell(spnego.KERBEROS) == "1.2.840.113554.1.2.2"


def _with_other_keys(keytab: bytearray) -> bytearray:
    """Flip a bit in each key of a keytab (format 0x0502), leaving all names alone."""
    at = 2
    while at + 4 <= len(keytab):
        size = int.from_bytes(keytab[at : at + 4], "big", signed=True)
        at += 4
        if size > 0:
            field = at + 2
            for _ in range(int.from_bytes(keytab[at : at + 2], "big") + 1):
                field += 2 + int.from_bytes(keytab[field : field + 2], "big")
            field += 4 + 4 + 1 + 2  # name type, time, version, encryption type
            keytab[field + 2] ^= 0xFF
        at += abs(size)
    return keytab
