"""The reference IdP before a real KDC and a real directory: tickets, look-ups, and what becomes of them."""

from __future__ import annotations

import base64
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gssapi
import pytest
import requests
from gssapi.raw.misc import GSSError

from harness.lab.domain import Domain
from harness.lab.places import STATE_VARIABLE
from harness.lab.process_backend import ProcessBackend
from harness.scenario.lab_load import load_lab_file
from tests.doubles.idp.caller import Caller, claims_of, fault_of, rst, token_of
from tests.doubles.idp.der import OID_KERBEROS, OID_KERBEROS_OF_MICROSOFT, OID_NTLM, later_leg, spnego

pytestmark = pytest.mark.lab

DEFAULT_LAB = Path(__file__).parents[3] / "scenarios" / "default.lab.yaml"
APPLICATION_ID = "0d9c1f3e-5b7a-4c62-9e84-a1b2c3d4e5f6"
PINGONE = f"/wsf/sts/{APPLICATION_ID}"
ADFS = "/adfs/services/trust"
STS = "HTTP@sts.hybridjoin.test"
WS01_ANCHOR = base64.b64encode(uuid.UUID("c4a7e2b9-18f3-4d60-9b5e-73d1a6f08c2e").bytes_le).decode()
WS01_OBJECT_GUID = base64.b64encode(uuid.UUID("0f3e9c51-7d24-4b86-a1c9-5e2f8b6d4a10").bytes_le).decode()


@pytest.fixture(scope="module")
def domain() -> Iterator[Domain]:
    folder = Path(tempfile.mkdtemp(prefix="hj-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE_VARIABLE, str(folder))
        with ProcessBackend().start(load_lab_file(DEFAULT_LAB)) as running:
            patch.setenv("KRB5_CONFIG", str(running.directory.krb5_config))
            yield running
    shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An IdP in the domain, and the callers it may meet."""

    domain: Domain
    serve: Callable[..., Any]
    plain: dict[str, Any]

    def idp(self, service: str = "svc-idp", **changes: object) -> Any:  # noqa: ANN401 - a fixture's type
        ldap = {
            "url": self.domain.ldaps_url,
            "ca_file": str(self.domain.ca_file),
            "bind_dn": self.domain.lookup.dn,
            "password_file": str(self.domain.lookup.password_file),
            "base_dn": self.domain.directory.base_dn,
        }
        return self.serve(**{"ldap": ldap, "keytab": str(self.domain.keytabs[service]), **changes})

    def caller(self, idp: Any, account: str = "WS01$") -> Caller:  # noqa: ANN401 - a fixture's type
        principal = f"{account}@{self.domain.directory.realm}"
        return Caller(principal=principal, keytab=self.domain.keytabs[account], client=idp.client)

    def answer(
        self,
        idp: Any,  # noqa: ANN401 - a fixture's type
        path: str = PINGONE,
        *,
        account: str = "WS01$",
        trust: str = "1.3",
        **options: Any,  # noqa: ANN401
    ) -> requests.Response:
        caller = self.caller(idp, account)
        return caller.post(idp.url + path, caller.context(STS).step() or b"", trust=trust, **options)


@pytest.fixture
def place(domain: Domain, serve: Callable[..., Any], plain: dict[str, Any]) -> Place:
    return Place(domain=domain, serve=serve, plain=plain)


@pytest.mark.parametrize(
    ("profile", "path", "trust"),
    [
        ("pingone", PINGONE, "1.3"),
        ("pingone", PINGONE, "2005"),
        ("adfs", f"{ADFS}/13/windowstransport", "1.3"),
        ("adfs", f"{ADFS}/2005/windowstransport", "2005"),
    ],
)
def test_a_computer_gets_a_token_and_the_proof_whom_it_talked_to(
    place: Place, verify: Callable[..., None], profile: str, path: str, trust: str
) -> None:
    idp = place.idp(profile=profile)
    caller = place.caller(idp)
    context = caller.context(STS)
    reply = caller.post(idp.url + path, context.step() or b"", trust=trust)
    context.step(token_of(reply))

    assert context.complete
    assert reply.status_code == 200
    claims = claims_of(reply)
    anchor = WS01_OBJECT_GUID if profile == "adfs" else WS01_ANCHOR
    assert claims["accounttype"] == ("DJ",)
    assert claims["onpremobjectguid"] == claims["ImmutableID"] == (anchor,)
    assert claims["primarysid"][0].startswith("S-1-5-21-")
    assert claims.get("UPN") == (("WS01$@hybridjoin.test",) if profile == "adfs" else None)
    assert idp.audit()[0] == (
        "Kerberos Check Succeeded: WS01$@HYBRIDJOIN.TEST HTTP/sts.hybridjoin.test (aes256-cts-hmac-sha1-96)"
    )


def test_microsofts_mechanism_is_answered_with_itself(place: Place) -> None:
    idp = place.idp()
    caller = place.caller(idp)
    context = caller.context(STS, gssapi.MechType.kerberos)
    offered = (OID_KERBEROS_OF_MICROSOFT, OID_KERBEROS, OID_NTLM)
    reply = caller.post(idp.url + PINGONE, spnego(context.step() or b"", *offered))

    assert reply.status_code == 200
    assert OID_KERBEROS_OF_MICROSOFT in token_of(reply)[:32], "supportedMech of the NegTokenResp (MS-SPNG)"


def test_a_ticket_without_negotiation_is_taken(place: Place) -> None:
    idp = place.idp()
    caller = place.caller(idp)
    context = caller.context(STS, gssapi.MechType.kerberos)
    reply = caller.post(idp.url + PINGONE, context.step() or b"")
    context.step(token_of(reply))

    assert (reply.status_code, context.complete) == (200, True)


def test_a_negotiation_of_two_legs_is_followed_on_its_connection(place: Place) -> None:
    idp = place.idp()
    caller = place.caller(idp)
    context = caller.context(STS, gssapi.MechType.kerberos)
    first = caller.post(idp.url + PINGONE, spnego(b"", OID_KERBEROS))
    second = caller.post(idp.url + PINGONE, later_leg(context.step() or b""))

    assert (first.status_code, second.status_code) == (401, 200)
    assert token_of(first)
    assert idp.audit()[0].startswith("Kerberos Check Succeeded")


def test_a_replayed_token_is_refused(place: Place) -> None:
    idp = place.idp()
    caller = place.caller(idp)
    token = caller.context(STS).step() or b""
    statuses = [caller.post(idp.url + PINGONE, token).status_code for _ in range(2)]

    assert statuses == [200, 401]
    assert "its authenticator is a replay" in idp.audit()[-1]


def test_a_replay_is_recognised_in_another_wrapping_too(place: Place) -> None:
    idp = place.idp()
    caller = place.caller(idp)
    ap_req = caller.context(STS, gssapi.MechType.kerberos).step() or b""
    wrappings = (spnego(ap_req, OID_KERBEROS), ap_req, spnego(ap_req, OID_KERBEROS_OF_MICROSOFT, OID_KERBEROS))

    assert [caller.post(idp.url + PINGONE, token).status_code for token in wrappings] == [200, 401, 401]


def test_a_ticket_of_another_service_is_refused(place: Place) -> None:
    idp = place.idp()
    caller = place.caller(idp)
    token = caller.context(f"ldap@{place.domain.directory.domain_controller}").step() or b""
    reply = caller.post(idp.url + PINGONE, token)

    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Negotiate")
    assert idp.audit()[0].startswith("Kerberos Check Failed: the ticket for ldap/")


@pytest.mark.parametrize(
    ("accept_rc4", "reason"),
    [(False, "is encrypted with arcfour-hmac, not with aes256"), (True, "the ticket for HTTP/sts-rc4.hybridjoin.test")],
    ids=["by policy", "for want of a key"],
)
def test_an_rc4_ticket_is_refused(place: Place, *, accept_rc4: bool, reason: str) -> None:
    idp = place.idp("svc-idp-rc4", accept_rc4=accept_rc4)
    caller = place.caller(idp)
    reply = caller.post(idp.url + PINGONE, caller.context("HTTP@sts-rc4.hybridjoin.test").step() or b"")

    assert reply.status_code == 401
    assert reason in idp.audit()[0]


def accepted(context: gssapi.SecurityContext, token: bytes) -> bool:
    try:
        context.step(token)
        return bool(context.complete)  # python-gssapi raises here what step() kept back
    except GSSError:
        return False


def test_the_proof_can_be_withheld_or_damaged(place: Place) -> None:
    withheld = place.answer(place.idp(faults=[{"name": "no-mutual-authentication"}]))
    idp = place.idp(faults=[{"name": "wrong-mutual-authentication"}])
    caller = place.caller(idp)
    context = caller.context(STS)
    damaged = caller.post(idp.url + PINGONE, context.step() or b"")

    assert (withheld.status_code, "www-authenticate" in withheld.headers) == (200, False)
    assert damaged.status_code == 200
    assert not accepted(context, token_of(damaged))


def test_an_ordered_soap_fault_comes_after_authentication_and_with_its_proof(place: Place) -> None:
    idp = place.idp(faults=[{"name": "soap-fault", "options": {"name": "ExpiredData"}}])
    unauthenticated = idp.client.post(idp.url + PINGONE, data=rst("1.3"))
    reply = place.answer(idp)

    assert unauthenticated.status_code == 401
    assert (reply.status_code, fault_of(reply)) == (500, "ExpiredData")
    assert token_of(reply)


def test_an_authenticated_request_with_an_empty_body_is_an_invalid_request(place: Place) -> None:
    reply = place.answer(place.idp(), body=b"")

    assert (reply.status_code, fault_of(reply)) == (500, "InvalidRequest")


def test_a_computer_without_a_source_anchor_has_no_subject_until_the_mapping_is_mended(place: Place) -> None:
    refused = place.answer(place.idp(), account="WS02$")
    idp = place.idp(external_id="objectGUID")
    issued = place.answer(idp, account="WS02$")
    anchor = base64.b64encode(uuid.UUID("7b1d4f86-e9a2-4c35-8f70-2d6c9b03e5a4").bytes_le).decode()

    assert (refused.status_code, fault_of(refused)) == (500, "RequestFailed")
    assert claims_of(issued)["onpremobjectguid"] == (anchor,)


def test_a_filter_for_people_that_finds_computers_makes_users_of_them(place: Place) -> None:
    types = [
        {
            "name": "users",
            "filter": "(&(objectClass=user)(sAMAccountName=${identifier}))",
            "profile": {"username": "sAMAccountName", "externalId": "mS-DS-ConsistencyGuid"},
        }
    ]
    claims = claims_of(place.answer(place.idp(user_types=types)))

    assert "primarysid" not in claims
    assert claims["onpremobjectguid"] == (WS01_ANCHOR,)


def test_a_person_is_not_called_a_device_by_adfs(place: Place) -> None:
    claims = claims_of(place.answer(place.idp(profile="adfs"), f"{ADFS}/13/windowstransport", account="alice"))

    assert claims["accounttype"] == ("User",)
    assert claims["UPN"] == ("alice@hybridjoin.test",)


def test_other_accounts_are_looked_up_live(place: Place) -> None:
    own = claims_of(place.answer(place.idp()))["primarysid"][0]
    mappings = [
        {"name": name, "namespace": "urn:n", "value": value}
        for name, value in {
            "group": '#lab.sidOf("Domain Computers")',
            "made": '#lab.domainSid(user.objectSid) + "-515"',
            "user": '#lab.sidOf("alice")',
            "guid": '#string.uuidAsBase64Guid(#lab.objectGuidOf("WS01$"),null)',
            "nobody": '#lab.sidOf("nobody")',
            "wild": '#lab.sidOf("WS0*")',
        }.items()
    ]
    claims = claims_of(place.answer(place.idp(mappings=mappings)))

    assert claims["group"] == claims["made"]
    assert claims["user"] != (own,)
    assert claims["guid"] == (WS01_OBJECT_GUID,)
    assert "nobody" not in claims
    assert "wild" not in claims


WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def with_password(name: str, password: str) -> bytes:
    token = f"<o:UsernameToken><o:Username>{name}</o:Username><o:Password>{password}</o:Password></o:UsernameToken>"
    return rst("1.3", header=f'<o:Security xmlns:o="{WSSE}">{token}</o:Security>')


@pytest.mark.parametrize("name", ["alice", "alice@hybridjoin.test", "HYBRIDJOIN\\alice"])
def test_a_password_is_checked_against_the_directory(place: Place, name: str) -> None:
    idp = place.idp(profile="adfs")
    password = place.domain.passwords["alice"].read_text().strip()
    url = f"{idp.url}{ADFS}/13/usernamemixed"
    right = idp.client.post(url, data=with_password(name, password))
    wrong = idp.client.post(url, data=with_password(name, password + "x"))

    assert right.status_code == 200
    assert b"urn:oasis:names:tc:SAML:1.0:am:password" in right.content
    assert fault_of(wrong) == "FailedAuthentication"
    assert password not in "".join(idp.audit())


@pytest.mark.parametrize(
    ("name", "password"),
    [("alice", ""), ("*", "x"), ("a*", "x"), ("alice)(objectClass=*", "x"), ("nobody", "x")],
    ids=["no password", "everybody", "a wildcard", "another filter", "nobody"],
)
def test_a_name_is_never_a_filter_and_an_empty_password_never_binds(place: Place, name: str, password: str) -> None:
    idp = place.idp(profile="adfs")
    reply = idp.client.post(f"{idp.url}{ADFS}/13/usernamemixed", data=with_password(name, password))

    assert fault_of(reply) == "FailedAuthentication"


def test_a_wrong_lookup_password_is_the_idps_trouble_and_noted(place: Place, keys: Path) -> None:
    idp = place.idp(ldap={**place.plain["ldap"], "url": place.domain.ldaps_url, "ca_file": str(place.domain.ca_file)})
    reply = place.answer(idp)

    assert fault_of(reply) == "RequestFailed"
    assert "Invalid credentials" in idp.audit()[-2]
    assert "not a secret" not in "".join(idp.audit())


def test_a_directory_whose_certificate_is_not_trusted_is_not_asked(place: Place, keys: Path) -> None:
    ldap = {**place.plain["ldap"], "url": place.domain.ldaps_url, "ca_file": str(keys / "ca.pem")}
    reply = place.answer(place.idp(ldap=ldap))

    assert fault_of(reply) == "RequestFailed"
