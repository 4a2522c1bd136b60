"""The reference IdP before a real KDC: which tickets it takes, and how it proves whom the caller talks to."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from pathlib import Path

import gssapi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from gssapi.raw.misc import GSSError

from hybridjoin.doubles.serve import Server
from tests.doubles.idp.caller import ADFS, PINGONE, STS, Place, claims_of, fault_of, rst, token_of
from tests.doubles.idp.der import OID_KERBEROS, OID_KERBEROS_OF_MICROSOFT, OID_NTLM, later_leg, spnego

pytestmark = pytest.mark.lab

WS01_OBJECT_GUID = base64.b64encode(uuid.UUID("0f3e9c51-7d24-4b86-a1c9-5e2f8b6d4a10").bytes_le).decode()


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
    assert claims["accounttype"] == ("DJ",)
    assert claims["onpremobjectguid"] == claims["ImmutableID"] == (WS01_OBJECT_GUID,)
    assert claims["primarysid"][0].startswith("S-1-5-21-")
    assert claims.get("UPN") == (("WS01$@hybridjoin.test",) if profile == "adfs" else None)
    assert idp.audit()[0] == (
        "Kerberos Check Succeeded: WS01$@HYBRIDJOIN.TEST HTTP/sts.hybridjoin.test (aes256-cts-hmac-sha1-96, kvno 1)"
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


@pytest.fixture
def certificate(server: tuple[Server, Path]) -> x509.Certificate:
    return x509.load_pem_x509_certificate((server[1].parent / "sts.pem").read_bytes())


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


OTHER_CHANNEL = b"tls-server-end-point:" + bytes(32)


@pytest.mark.parametrize(
    ("faults", "own", "other", "none"),
    [((), 200, 401, 200), (("ignores-channel-binding",), 200, 200, 200), (("behind-tls-inspection",), 401, 200, 200)],
    ids=["healthy", "ignores", "inspected"],
)
def test_a_ticket_may_be_bound_to_the_channel_it_comes_on(
    place: Place, certificate: x509.Certificate, faults: tuple[str, ...], own: int, other: int, none: int
) -> None:
    idp = place.idp(faults=[{"name": name} for name in faults])
    caller = place.caller(idp)
    seen = b"tls-server-end-point:" + certificate.fingerprint(hashes.SHA256())

    answers = [
        caller.post(idp.url + PINGONE, caller.context(STS, channel=channel).step() or b"").status_code
        for channel in (seen, OTHER_CHANNEL, None)
    ]

    assert answers == [own, other, none]
    refused = [line for line in idp.audit() if line.startswith("Kerberos Check Failed")]
    assert len(refused) == answers.count(401)
    assert all("channel bindings" in line for line in refused)


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
