"""The join, played from scripts: what it asks, what it keeps, how each way of ending is told."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from hybridjoin.device.habits import Habits, RstShape, WindowsBuild
from hybridjoin.device.join.run import JoinInterrupted, find_account
from hybridjoin.errors import Breakage, HarnessError, KerberosError, LabError, PeerUnreachable, UsageError
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import Breakdown, HttpReply, SearchReply
from hybridjoin.model.flows import HYBRID_JOIN, MANAGED_JOIN
from hybridjoin.model.reading import AccessTokenReading, DeviceKeyReading, SignatureReading
from hybridjoin.model.record import JoinResult
from hybridjoin.model.steps import Party, Phase, Step
from hybridjoin.model.verdict import Certainty
from hybridjoin.protocol import windows, xml
from hybridjoin.protocol.mex import Trust
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.protocol.saml11 import parse_assertion
from tests.device import documents
from tests.device.script import SITE, SUCCESS, Answers, Reply, Script, play, refused

NO_FALLBACK = Habits(fallback_to_sync_join=False)
FEDERATED_STEPS = [
    Step.COMPUTER,
    Step.SCP,
    Step.DISCOVER,
    Step.REALM,
    Step.MEX,
    Step.TICKET,
    Step.RST,
    Step.TOKEN,
    Step.JOIN,
]


def _up_to(step: Step) -> list[Step]:
    return FEDERATED_STEPS[: FEDERATED_STEPS.index(step) + 1]


def evidence_of(changes: Answers | None = None, habits: Habits = NO_FALLBACK) -> JoinEvidence:
    run, _ = play(changes, habits)
    assert run.evidence is not None
    return run.evidence


def failure_of(changes: Answers, habits: Habits = NO_FALLBACK) -> Failure:
    failure = evidence_of(changes, habits).failure
    assert failure is not None
    return failure


def broken(kind: Breakage) -> PeerUnreachable:
    return PeerUnreachable(f"it broke: {kind.value}", where="GET https://peer", breakage=kind)


def no_ticket() -> KerberosError:
    return KerberosError("KDC_ERR_S_PRINCIPAL_UNKNOWN", "no account has this name", remedy="register the SPN")


def test_a_healthy_join_asks_in_windows_order_and_keeps_everything() -> None:
    run, script = play()
    assert script.steps == FEDERATED_STEPS
    evidence = run.evidence
    assert evidence is not None
    assert evidence.result is JoinResult.FEDERATED
    assert evidence.failure is None
    assert evidence.unreadable == ()
    assert evidence.registration_problems == ()
    kept = (evidence.computer, evidence.scp, evidence.discovery, evidence.realm, evidence.mex, evidence.endpoint)
    assert all(item is not None for item in (*kept, evidence.ticket, evidence.response, evidence.token))
    assert evidence.signature is not None
    assert (evidence.signature.valid, evidence.signature.trusted) == (True, True)
    assert evidence.sid_owner is None


def test_the_join_is_authorised_by_the_token_and_by_nothing_else() -> None:
    run, script = play()
    assert run.evidence is not None
    assert run.evidence.token is not None
    for step in FEDERATED_STEPS:
        if HYBRID_JOIN.row(step).party is Party.DIRECTORY:
            continue
        headers = {name.lower(): value for name, value in script.request(step).headers}
        expected = f"Bearer {run.evidence.token.access_token}" if step is Step.JOIN else None
        assert headers.get("authorization") == expected


def test_every_request_to_entra_carries_the_client_request_id() -> None:
    run, script = play()
    assert run.evidence is not None
    for step in (Step.DISCOVER, Step.REALM, Step.TOKEN, Step.JOIN):
        assert dict(script.request(step).headers)["client-request-id"] == run.evidence.client_request_id


def test_the_assertion_is_traded_as_it_was_cut_out() -> None:
    run, script = play()
    assert run.evidence is not None
    assert run.evidence.response is not None
    form = parse_qs(script.request(Step.TOKEN).body.decode())
    traded = base64.b64decode(form["assertion"][0])
    assert traded == run.evidence.response.assertion_xml
    # What is judged, what is verified and what is sent on: the same octets.
    assert run.evidence.response.assertion == parse_assertion(xml.parse(traded, where="traded"))
    readings = {item.about: item.reading for item in run.transcript.readings}
    assert readings[hashlib.sha256(traded).hexdigest()] == run.evidence.signature


@pytest.mark.parametrize(("shape", "has_action"), [(RstShape.WINDOWS, False), (RstShape.MSAL, True)])
def test_only_msals_shape_adds_a_soap_action(shape: RstShape, has_action: bool) -> None:
    _, script = play(habits=Habits(rst_shape=shape))
    names = {name for name, _ in script.request(Step.RST).headers}
    assert ("SOAPAction" in names) == has_action


def test_the_registry_wins_over_the_directory() -> None:
    run, script = play(habits=Habits(client_side_scp=(documents.TENANT_NAME, documents.TENANT_ID)))
    assert Step.SCP not in script.steps
    assert run.evidence is not None
    assert run.evidence.scp is not None
    assert run.evidence.scp.client_side
    assert run.evidence.result is JoinResult.FEDERATED


def test_with_a_client_side_scp_a_refused_ticket_is_met_where_the_ticket_is_needed() -> None:
    habits = Habits(client_side_scp=(documents.TENANT_NAME, documents.TENANT_ID))
    run, script = play({Step.COMPUTER: no_ticket(), Step.TICKET: no_ticket()}, habits)
    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert run.evidence.failure.step is Step.TICKET
    assert run.evidence.computer is None
    assert Step.SYNC_JOIN not in script.steps
    assert run.evidence.unreadable[0][0] is Step.COMPUTER


def test_a_mex_url_of_the_site_wins_over_the_realms() -> None:
    url = "https://sts.contoso.example/other/mex"
    site = replace(SITE, idp=replace(SITE.idp, mex_url=url))
    _, script = play(site=site)
    assert script.request(Step.MEX).url == url


# What Windows reports of a search for the tenant, round the error of its own.
SEARCHES = {Step.COMPUTER: 0x801C001D, Step.SCP: 0x801C001D, Step.DISCOVER: 0x801C0021, Step.REALM: 0x801C003D}
FAILURES: dict[str, tuple[Answers, Phase, Step, int]] = {
    "computer: disabled": ({Step.COMPUTER: no_ticket()}, Phase.DISCOVER, Step.COMPUTER, 0x801C001D),
    "scp: missing": ({Step.SCP: SearchReply(entries=())}, Phase.DISCOVER, Step.SCP, 0x80070002),
    "scp: without a tenant": (
        {Step.SCP: SearchReply(entries=(documents.scp_entry("enterpriseDrsName:x"),))},
        Phase.DISCOVER,
        Step.SCP,
        0x801C001D,
    ),
    "discover: time-out": ({Step.DISCOVER: broken(Breakage.TIMEOUT)}, Phase.DISCOVER, Step.DISCOVER, 0x80072EE2),
    "discover: unknown tenant": (
        {Step.DISCOVER: documents.answer({}, 400)},
        Phase.DISCOVER,
        Step.DISCOVER,
        0x801C003A,
    ),
    "discover: too often": ({Step.DISCOVER: documents.answer({}, 429)}, Phase.DISCOVER, Step.DISCOVER, 0x801C0025),
    "discover: busy": ({Step.DISCOVER: documents.answer({}, 503)}, Phase.DISCOVER, Step.DISCOVER, 0x801C0025),
    "discover: error": ({Step.DISCOVER: documents.answer({}, 500)}, Phase.DISCOVER, Step.DISCOVER, 0x801C0021),
    "discover: a proxy's page": (
        {Step.DISCOVER: documents.answer("<html>hello</html>", kind="text/html")},
        Phase.DISCOVER,
        Step.DISCOVER,
        0x8007000D,
    ),
    "realm: HTTP 500": ({Step.REALM: documents.answer({}, 500)}, Phase.DISCOVER, Step.REALM, 0x801C003D),
    "realm: not JSON": ({Step.REALM: documents.answer("nope")}, Phase.DISCOVER, Step.REALM, 0x801C003D),
    "realm: unknown": ({Step.REALM: documents.realm("Unknown")}, Phase.DISCOVER, Step.REALM, 0x801C003D),
    "realm: unreachable": ({Step.REALM: broken(Breakage.REFUSED)}, Phase.DISCOVER, Step.REALM, 0x80072EFD),
    "mex: no URL": ({Step.REALM: documents.realm(metadata="")}, Phase.AUTH, Step.MEX, 0xCAA9001A),
    "mex: http": ({Step.REALM: documents.realm(metadata="http://sts/mex")}, Phase.AUTH, Step.MEX, 0xCAA90020),
    "mex: HTTP 404": ({Step.MEX: documents.answer("gone", 404)}, Phase.AUTH, Step.MEX, 0xCAA30194),
    "mex: HTML": ({Step.MEX: documents.answer("<!doctype html><p>hi")}, Phase.AUTH, Step.MEX, 0xCAA9002C),
    "mex: no endpoint": ({Step.MEX: documents.mex(negotiate=False)}, Phase.AUTH, Step.MEX, 0xCAA90022),
    "mex: endpoint over http": ({Step.MEX: documents.mex("http://sts/x")}, Phase.AUTH, Step.MEX, 0xCAA90022),
    "mex: bad certificate": ({Step.MEX: broken(Breakage.TLS)}, Phase.AUTH, Step.MEX, 0xCAA82F8F),
    "mex: no such name": ({Step.MEX: broken(Breakage.NAME_NOT_RESOLVED)}, Phase.AUTH, Step.MEX, 0xCAA82EE7),
    "ticket: no SPN": ({Step.TICKET: no_ticket()}, Phase.AUTH, Step.TICKET, 0xCAA30191),
    "rst: reset": ({Step.RST: broken(Breakage.RESET)}, Phase.AUTH, Step.RST, 0xCAA82EFE),
    "rst: 50 MB": ({Step.RST: broken(Breakage.TOO_LARGE)}, Phase.AUTH, Step.RST, 0xCAA10024),
    "rst: redirect": ({Step.RST: broken(Breakage.REDIRECT)}, Phase.AUTH, Step.RST, 0xCAA82F7C),
    "rst: 401": ({Step.RST: documents.answer("", 401)}, Phase.AUTH, Step.RST, 0xCAA30191),
    "rst: 503 page": ({Step.RST: documents.answer("<p>busy", 503, "text/html")}, Phase.AUTH, Step.RST, 0xCAA301F7),
    "rst: 200 page": ({Step.RST: documents.answer("<p>hi", 200, "text/html")}, Phase.AUTH, Step.RST, 0xCAA90013),
    "rst: fault": ({Step.RST: documents.fault()}, Phase.AUTH, Step.RST, 0xCAA90014),
    "rst: no assertion": ({Step.RST: documents.rstr(token="")}, Phase.AUTH, Step.RST, 0xCAA90002),
    "token: invalid_grant": ({Step.TOKEN: refused}, Phase.AUTH, Step.TOKEN, 0xCAA20003),
    "token: other error": (
        {Step.TOKEN: documents.refusal("x", 700016, "unauthorized_client")},
        Phase.AUTH,
        Step.TOKEN,
        0xCAA20001,
    ),
    "token: not OAuth": ({Step.TOKEN: documents.answer("<html>")}, Phase.AUTH, Step.TOKEN, 0xCAA90015),
    "token: HTTP 502": ({Step.TOKEN: documents.answer("<html>", 502)}, Phase.AUTH, Step.TOKEN, 0xCAA301F6),
    "join: refused": ({Step.JOIN: documents.directory_error()}, Phase.JOIN, Step.JOIN, 0x801C03F2),
    "join: reset": ({Step.JOIN: broken(Breakage.RESET)}, Phase.JOIN, Step.JOIN, 0x80072EFE),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_has_its_phase_step_code_and_remedy(name: str) -> None:
    changes, phase, step, code = FAILURES[name]
    failure = failure_of(changes)
    assert (failure.phase, failure.step, str(failure.cause)) == (phase, step, f"0x{code:08x}")
    assert failure.reason
    assert failure.remedy or isinstance(failure.server, EntraError), "what mends a refusal depends on all the verdicts"
    round_it = {Phase.AUTH: 0xCAA1000E, Phase.JOIN: code}.get(phase, SEARCHES.get(step, code))
    assert failure.wrapper == (windows.code(round_it) if round_it != code else None)


@pytest.mark.parametrize("name", FAILURES)
def test_what_was_reached_before_a_failure_is_kept(name: str) -> None:
    changes, _, step, _ = FAILURES[name]
    evidence = evidence_of(changes)
    before = _up_to(step)[:-1]
    missing = {part for done in before for part in HYBRID_JOIN.row(done).yields} - evidence.parts.names
    assert missing == set()
    assert evidence.result is JoinResult.FAILED


@pytest.mark.parametrize("name", FAILURES)
def test_the_fallback_hides_failures_of_the_authentication_phase_and_no_others(name: str) -> None:
    changes, phase, step, _ = FAILURES[name]
    evidence = evidence_of(changes, Habits())
    hides = step in {Step.MEX, Step.TICKET, Step.RST, Step.TOKEN}
    assert hides == (phase is Phase.AUTH)
    assert evidence.result is (JoinResult.SYNCHRONIZED if hides else JoinResult.FAILED)
    assert evidence.failure is not None
    assert evidence.failure.phase is phase


@pytest.mark.parametrize("name", [name for name, (_, _, step, _) in FAILURES.items() if step is Step.MEX])
def test_what_cannot_be_read_is_named_where_it_cannot_be_read(name: str) -> None:
    evidence = evidence_of(FAILURES[name][0])
    unreadable = [step for step, _ in evidence.unreadable]
    assert unreadable == ([Step.MEX] if name == "mex: HTML" else [])


def test_who_has_to_mend_a_redirect_depends_on_who_was_asked() -> None:
    """An IdP's metadata may have moved; Entra does not redirect a device, whoever does stands between."""
    assert "configure the URL" in failure_of({Step.MEX: broken(Breakage.REDIRECT)}).remedy
    for step in (Step.DISCOVER, Step.TOKEN, Step.JOIN):
        assert "proxy" in failure_of({step: broken(Breakage.REDIRECT)}).remedy


def test_a_code_without_a_public_mapping_says_so() -> None:
    failure = failure_of({Step.RST: broken(Breakage.MUTUAL_AUTHENTICATION)})
    assert (failure.cause.symbol, failure.cause.certainty) == ("unknown", Certainty.ASSUMED)


def test_an_inferred_code_is_marked_as_assumed() -> None:
    failure = failure_of({Step.TICKET: no_ticket()})
    assert failure.cause.certainty is Certainty.ASSUMED
    assert "register the SPN" in failure.remedy


@pytest.mark.parametrize(
    ("header", "words"),
    [("Negotiate", "refused it"), ("NTLM", "offers NTLM"), ("", "no scheme at all")],
    ids=["ticket refused", "NTLM only", "nothing"],
)
def test_a_401_says_what_the_idp_offers(header: str, words: str) -> None:
    headers = (("WWW-Authenticate", header),) if header else ()
    failure = failure_of({Step.RST: HttpReply(status=401, headers=headers)})
    assert words in failure.reason


def test_a_claimed_sid_of_somebody_else_is_looked_up() -> None:
    owner = documents.computer_entry()
    owner = replace(owner, attributes=(("objectClass", (b"top", b"user")), ("sAMAccountName", (b"alice",))))
    reply = documents.rstr(documents.assertion(sid=documents.OTHER_SID))
    evidence = evidence_of({Step.RST: reply, Step.SID_OWNER: SearchReply(entries=(owner,))})
    assert evidence.sid_owner is not None
    assert (evidence.sid_owner.kind, evidence.sid_owner.sam_account_name) == ("user", "alice")
    assert evidence.result is JoinResult.FEDERATED, "Windows forwards the assertion unread"


@pytest.mark.parametrize("value", ["*", "S-1-5-21-1)(cn=*", "", "S-1-" + "9" * 40])
def test_a_claimed_sid_that_is_none_reaches_no_filter(value: str) -> None:
    _, script = play({Step.RST: documents.rstr(documents.assertion(sid=value))}, NO_FALLBACK)
    assert Step.SID_OWNER not in script.steps


def test_a_tampered_assertion_is_forwarded_and_its_signature_judged() -> None:
    tampered = documents.assertion().replace(b">DJ<", b">User<")
    run, script = play({Step.RST: documents.rstr(tampered)})
    assert Step.TOKEN in script.steps
    assert run.evidence is not None
    assert run.evidence.signature is not None
    assert not run.evidence.signature.valid


def test_the_synchronized_join_is_signed_and_carries_no_token() -> None:
    run, script = play({Step.TOKEN: refused})
    request = script.request(Step.SYNC_JOIN)
    headers = {name.lower(): value for name, value in request.headers}
    body = json.loads(request.body)
    assert request.method == "PUT"
    assert "authorization" not in headers
    assert body["ServerAdJoinData"]["ClientIdentity"]["Sid"].startswith(documents.DEVICE_SID)
    assert run.evidence is not None
    assert headers["client-request-id"] != run.evidence.client_request_id
    assert run.evidence.result is JoinResult.SYNCHRONIZED


def test_a_failed_fallback_keeps_both_failures() -> None:
    evidence = evidence_of({Step.TOKEN: refused, Step.SYNC_JOIN: documents.directory_error()}, Habits())
    assert evidence.failure is not None
    assert evidence.fallback_failure is not None
    assert (evidence.failure.step, evidence.fallback_failure.step) == (Step.TOKEN, Step.SYNC_JOIN)
    assert str(evidence.fallback_failure.cause) == "0x801c03f2"


def test_a_managed_domain_is_joined_synchronized_whatever_the_habit() -> None:
    evidence = evidence_of({Step.REALM: documents.realm("Managed")})
    assert evidence.result is JoinResult.SYNCHRONIZED
    assert evidence.failure is not None
    assert "managed" in evidence.failure.reason


def test_a_trust_version_that_the_metadata_lacks_is_no_endpoint() -> None:
    failure = failure_of({}, Habits(trust=Trust.FEB2005, fallback_to_sync_join=False))
    assert str(failure.cause) == "0xcaa90022"


# What makes the device ask where a step only explains; an empty row for one that every join asks.
ASIDE: dict[Step, Answers] = {
    Step.SID_OWNER: {Step.RST: documents.rstr(documents.assertion(sid=documents.OTHER_SID))},
}


def test_every_step_that_only_explains_is_tried() -> None:
    assert {row.step for row in HYBRID_JOIN.rows if row.aside} - set(ASIDE) == set(), "a row in ASIDE is missing"


@pytest.mark.parametrize("step", ASIDE)
def test_what_only_explains_ends_nothing(step: Step) -> None:
    run, script = play({**ASIDE[step], step: no_ticket()})

    assert step in script.steps
    assert run.evidence is not None
    assert run.evidence.result is JoinResult.FEDERATED
    assert step in {at for at, _ in run.evidence.unreadable}


def test_surroundings_that_fail_leave_what_had_been_done() -> None:
    down: Reply = LabError("the directory does not answer", remedy="look at it")
    reply = documents.rstr(documents.assertion(sid=documents.OTHER_SID))
    with pytest.raises(JoinInterrupted) as caught:
        play({Step.RST: reply, Step.SID_OWNER: down})
    run = caught.value.run
    assert run.evidence is not None
    assert run.evidence.response is not None
    assert [item.step for item in run.transcript.exchanges] == [*_up_to(Step.RST), Step.SID_OWNER]
    last = run.transcript.exchanges[-1].reply
    assert isinstance(last, Breakdown)
    assert caught.value.remedy == "look at it"


def test_a_computer_that_the_directory_does_not_hold_is_nobodys_verdict() -> None:
    with pytest.raises(JoinInterrupted, match="no computer PC7"):
        play({Step.COMPUTER: SearchReply(entries=())})


def test_the_transcript_holds_every_exchange_and_no_secret() -> None:
    run, _ = play({Step.TOKEN: documents.token()})
    assert run.evidence is not None
    assert run.evidence.token is not None
    assert run.evidence.response is not None
    assert [item.step for item in run.transcript.exchanges] == FEDERATED_STEPS
    kept = repr(run.transcript)
    signature_value = run.evidence.response.assertion_xml.partition(b"SignatureValue>")[2].partition(b"<")[0]
    for secret in (run.evidence.token.access_token, signature_value.decode().strip()[:40]):
        assert secret not in kept
    assert "accounttype" in kept, "the assertion stays readable"


def test_an_unknown_device_is_the_users_mistake() -> None:
    with pytest.raises(UsageError, match="it has PC7"):
        find_account(SITE, "PC8")


def test_the_script_answers_every_step() -> None:
    assert {*HYBRID_JOIN.steps, *MANAGED_JOIN.steps} ^ set(SUCCESS) == set()
    assert not any(isinstance(answer, HarnessError) for answer in SUCCESS.values())


def test_what_the_flow_was_told_is_kept_beside_the_exchanges() -> None:
    run, script = play()
    kept = run.transcript

    assert kept.moments
    assert len(kept.identifiers) == script.ids
    assert [type(item.reading) for item in kept.readings] == [SignatureReading, AccessTokenReading, DeviceKeyReading]
    assert run.evidence is not None
    assert run.evidence.response is not None
    assert kept.readings[0].about == hashlib.sha256(run.evidence.response.assertion_xml).hexdigest()
    assert kept.readings[0].reading == run.evidence.signature


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({Step.REALM: documents.realm(metadata="https://[sts.example/mex")}, "is not https"),
        ({Step.MEX: documents.mex("https://[sts.example/sts")}, "offers no https endpoint"),
    ],
    ids=["of the metadata", "of the endpoint"],
)
def test_an_address_that_cannot_be_taken_apart_ends_the_join_in_words(changes: Answers, words: str) -> None:
    failure = failure_of(changes)

    assert failure.step is Step.MEX
    assert words in failure.reason


AGENT = "Windows-AzureAD-Authentication-Provider/1.0"
TOKEN_CLIENT = (Step.REALM, Step.MEX, Step.RST, Step.TOKEN)


def agents(script: Script) -> dict[Step, str | None]:
    return {step: dict(script.request(step).headers).get("User-Agent") for step in (*TOKEN_CLIENT, Step.JOIN)}


def test_the_token_client_names_itself_to_the_idp_and_to_entras_login_and_the_registration_has_another_name() -> None:
    _, script = play()
    said = agents(script)
    assert {said[step] for step in TOKEN_CLIENT} == {AGENT}
    assert said[Step.JOIN] == "Dsreg/10.0 (Windows 10.0.19045.4046)"


@pytest.mark.parametrize(("told", "said"), [("Somebody/2.0", "Somebody/2.0"), ("", None)])
def test_the_token_client_can_be_told_another_name_or_to_say_none(told: str, said: str | None) -> None:
    _, script = play(habits=Habits(user_agent=told))
    assert {agents(script)[step] for step in TOKEN_CLIENT} == {said}


def test_what_the_site_says_of_a_computer_holds_until_a_scenario_says_otherwise() -> None:
    site = replace(SITE, devices=(replace(SITE.devices[0], user_agent="Site/1.0"),))
    _, at_the_site = play(site=site)
    _, bent = play(site=site, habits=Habits(user_agent="Scenario/1.0"))
    assert agents(at_the_site)[Step.RST] == "Site/1.0"
    assert agents(bent)[Step.RST] == "Scenario/1.0"


def test_windows_11_tells_the_registration_service_its_own_version() -> None:
    newer = WindowsBuild.WINDOWS_11_24H2
    _, script = play(habits=Habits(build=newer, os_version=newer.os_version))
    assert agents(script)[Step.JOIN] == f"Dsreg/10.0 (Windows {newer.os_version})"
    assert json.loads(script.request(Step.JOIN).body)["OSVersion"] == newer.os_version


def test_a_throttled_join_ends_as_microsoft_says_and_tells_to_wait() -> None:
    failure = failure_of({Step.JOIN: documents.throttled()})
    assert (failure.phase, str(failure.cause)) == (Phase.JOIN, "0x801c03f2")
    assert "wait" in failure.remedy


def test_an_authentication_error_about_an_unknown_device_has_no_known_code() -> None:
    details = {"ErrorType": "AuthenticationError", "ErrorSubCode": "DeviceNotFound", "Message": "no such device"}
    failure = failure_of({Step.JOIN: documents.answer({"ErrorDetails": details}, 400)})
    assert (failure.cause.symbol, failure.cause.certainty) == ("unknown", Certainty.ASSUMED)
