"""Every leniency lets one thing pass, and that alone; what concerns tickets is seen over a real connection."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from hybridjoin.doubles.idp.faults import FAULTS
from hybridjoin.doubles.idp.issue import Answer
from hybridjoin.doubles.idp.leniency import issued, refusal, sent_away, vouched
from hybridjoin.doubles.idp.mapping import DEVICES, USERS
from hybridjoin.doubles.idp.rst import LENIENT, SOAP_12, Rst, RstRefused, check_rst, read_rst
from hybridjoin.doubles.idp.token import Token
from hybridjoin.doubles.kerberos.negotiate import Decision, Handshake
from tests.doubles.idp.test_rst import MICROSOFT_ONLINE, NOW, TRUST_13, WSSE, WSU, envelope, request
from tests.doubles.idp.test_spnego_token import ap_req
from tests.doubles.idp.test_transport_faults import asked, faulty

Serve = Callable[..., Any]
GOOD = envelope(request())
EXPIRED = (
    f'<o:Security xmlns:o="{WSSE}"><u:Timestamp xmlns:u="{WSU}"><u:Expires>2020-01-01T00:00:00Z</u:Expires>'
    "</u:Timestamp></o:Security>"
)
WRONG = {
    "accepts-any-applies-to": envelope(request(audience="urn:nobody")),
    "accepts-any-request-type": envelope(request(request_type="urn:nothing")),
    "accepts-any-action": envelope(request(), header=f"<a:Action>{TRUST_13}/RST/Renew</a:Action>"),
    "accepts-any-token-type": envelope(request(more=f'<t:TokenType xmlns:t="{TRUST_13}">urn:none</t:TokenType>')),
    "ignores-must-understand": envelope(request(), header='<x xmlns="urn:x" s:mustUnderstand="1"/>'),
    "accepts-any-envelope": envelope(request(), soap="urn:soap-of-nobody"),
    "accepts-malformed-xml": GOOD.replace(b"</s:Body>", b""),
    "accepts-dtd": b'<!DOCTYPE s [<!ENTITY realm "urn:federation:MicrosoftOnline">]>'
    + GOOD.replace(MICROSOFT_ONLINE.encode(), b"&realm;"),
    "accepts-stale-timestamp": envelope(request(), header=EXPIRED),
}
NTLM = base64.b64encode(b"NTLMSSP\x00\x01\x00\x00\x00" + bytes(24)).decode()
NOISE = base64.b64encode(b"no token at all").decode()
TICKETLESS = Handshake(decision=Decision.REFUSED, problem="it cannot be read")


def judge(body: bytes, *lenient: str) -> None:
    chosen = frozenset(lenient)
    rst = read_rst(body, fallback_trust="1.3", lenient=chosen)
    check_rst(rst, audience=MICROSOFT_ONLINE, trust_versions=("1.3",), now=NOW, lenient=chosen)


def test_there_is_a_wrong_request_for_every_leniency_of_the_reader() -> None:
    assert sorted(WRONG) == sorted(LENIENT)
    judge(GOOD)


@pytest.mark.parametrize("name", WRONG)
def test_a_leniency_lets_its_own_mistake_pass_and_no_other(name: str) -> None:
    judge(WRONG[name], name)

    others = [item for item in LENIENT if item != name]
    with pytest.raises(RstRefused):
        judge(WRONG[name], *others)


@pytest.mark.parametrize(
    ("name", "shown", "taken"),
    [
        ("accepts-anonymous", None, True),
        ("accepts-anonymous", f"Negotiate {NOISE}", False),
        ("accepts-any-token", None, False),
        ("accepts-any-token", f"Negotiate {NOISE}", True),
        ("accepts-any-token", f"Negotiate {NTLM}", True),
        ("accepts-replays", None, False),
    ],
)
def test_who_shows_nothing_or_noise_is_taken_for_an_account_only_where_a_fault_says_so(
    name: str, shown: str | None, taken: bool
) -> None:
    fault = FAULTS[name].chosen(**({"account": "PC7$"} if "replays" not in name else {}))

    found = vouched(TICKETLESS, shown, (fault,), "LAB.TEST")

    assert (found.decision is Decision.ACCEPTED, found.account) == ((True, "PC7$") if taken else (False, ""))


def test_ntlm_is_offered_and_taken_up(serve: Serve) -> None:
    idp = faulty(serve, "takes-up-ntlm")

    first = asked(idp, "sts")
    second = asked(idp, "sts", headers={"Authorization": f"Negotiate {NTLM}"})
    third = asked(idp, "sts", headers={"Authorization": f"Negotiate {NOISE}"})

    assert first.raw.headers.getlist("WWW-Authenticate") == ["Negotiate", "NTLM"]
    challenge = base64.b64decode(second.headers["WWW-Authenticate"].removeprefix("Negotiate "))
    assert (second.status_code, challenge[:12]) == (401, b"NTLMSSP\x00\x02\x00\x00\x00")
    assert third.raw.headers.getlist("WWW-Authenticate") == ["Negotiate", "NTLM"]


def test_the_insides_are_shown_for_a_token_that_cannot_be_read(serve: Serve) -> None:
    idp = faulty(serve, "stack-trace")

    shown = asked(idp, "sts", headers={"Authorization": f"Negotiate {NOISE}"})

    assert shown.status_code == 500
    assert "Traceback (most recent call last)" in shown.text
    assert "ValueError" in shown.text
    assert asked(idp, "sts").status_code == 401


def test_a_refusal_can_be_a_page_or_say_nothing() -> None:
    rst = Rst(trust="1.3", soap=SOAP_12, message_id="urn:uuid:7")
    refused = RstRefused("InvalidScope", "No such party.", rst=rst)

    def told(*faults: str) -> Answer:
        chosen = tuple(FAULTS[name].chosen() for name in faults)
        return refusal(refused, chosen, now=NOW)

    plain, page, vague = told(), told("refusals-as-html"), told("vague-refusals")
    bare = told("refusals-without-subcode")

    assert (plain.status, b"InvalidScope" in plain.body, b"urn:uuid:7" in plain.body) == (500, True, True)
    assert (page.status, page.content_type, b"Fault" in page.body) == (500, "text/html; charset=utf-8", False)
    assert (vague.status, b"RequestFailed" in vague.body, b":Receiver<" in vague.body) == (200, True, True)
    assert (bare.status, b"Subcode" in bare.body, b":Receiver<" in bare.body) == (500, False, True)
    assert b"No such party" in bare.body
    assert not any(word in vague.body for word in (b"InvalidScope", b"No such party", b"urn:uuid:7", b"Sender"))


def test_a_ticket_of_another_realm_is_taken_for_its_caller_and_one_of_the_own_realm_is_not() -> None:
    foreign = (FAULTS["takes-foreign-tickets"].chosen(),)
    shown = f"Negotiate {base64.b64encode(ap_req('HTTP', 'sts', etype=18)).decode()}"  # its realm is HYBRIDJOIN.TEST

    assert vouched(TICKETLESS, shown, foreign, "OTHER.TEST").decision is Decision.ACCEPTED
    assert vouched(TICKETLESS, shown, foreign, "HYBRIDJOIN.TEST") == TICKETLESS
    assert vouched(TICKETLESS, f"Negotiate {NOISE}", foreign, "OTHER.TEST") == TICKETLESS
    assert vouched(TICKETLESS, None, foreign, "OTHER.TEST") == TICKETLESS


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://elsewhere.test/", 202),
        ("http://www.w3.org/2005/08/addressing/anonymous", None),
        ("", None),
    ],
)
def test_a_reply_is_sent_away_only_where_another_host_is_named(address: str, status: int | None) -> None:
    header = f"<a:ReplyTo><a:Address>{address}</a:Address></a:ReplyTo>" if address else ""
    rst = read_rst(envelope(request(), header=header), fallback_trust="1.3")

    answer = sent_away(rst, (FAULTS["replies-elsewhere"].chosen(),))

    assert (answer.status if answer is not None else None) == status
    assert sent_away(rst, ()) is None


def new_token(**changes: object) -> Token:
    plain = dict.fromkeys(("issuer", "audience", "subject", "subject_format", "authentication_method"), "x")
    times = dict.fromkeys(("issue_instant", "not_before", "not_on_or_after", "authentication_instant"), NOW)
    return Token(**{"assertion_id": "_1", "claims": (), **plain, **times, **changes})  # type: ignore[arg-type]  # its fields


def test_one_message_id_brings_one_assertion_id() -> None:
    fault = FAULTS["repeats-assertion-id"].chosen()

    first, again, other = (issued(new_token(), name, DEVICES, (fault,)).assertion_id for name in ("a", "a", "b"))

    assert first == again != other
    assert first.startswith("_")


def test_only_users_are_taken_for_computers() -> None:
    fault = FAULTS["takes-users-for-computers"].chosen()

    user, device = (issued(new_token(), "a", kind, (fault,)) for kind in (USERS, DEVICES))

    assert [(claim.name, claim.values) for claim in user.claims] == [("accounttype", ("DJ",))]
    assert device.claims == ()
