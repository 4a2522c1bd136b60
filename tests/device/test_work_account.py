"""A registration by a person, told against a script: what is asked, what is kept, and how each step ends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.account.run import AccountInterrupted, AccountRun, register_with
from hybridjoin.device.events import windows_events
from hybridjoin.device.habits import USER_AGENT, Habits
from hybridjoin.device.needs import Manner, Read
from hybridjoin.device.recorded_hands import RecordedHands
from hybridjoin.errors import HarnessError, LabError
from hybridjoin.evidence.work_account import FirstLogon, RegistrationRequest
from hybridjoin.knowledge.windows_causes import CAUSES
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.flows import WORK_ACCOUNT
from hybridjoin.model.reading import Reading
from hybridjoin.model.record import RegistrationResult, ScenarioRecord
from hybridjoin.model.recorded import keep, recall
from hybridjoin.model.steps import Step
from hybridjoin.protocol.enrolment import JoinType
from hybridjoin.protocol.oauth import EntraError
from hybridjoin.run.collect import collect_registration
from hybridjoin.run.flows import find_flow
from tests.checks.account_cases import ENDPOINTS
from tests.device import documents, test_browser, test_logon, test_sign_in
from tests.device.events import scenario_of
from tests.device.script import SITE
from tests.device.test_browser import NAME, PASSWORD, Answer, moved

OUT_OF_BOX = RegistrationRequest(join_type=JoinType.JOINED, computer="LAPTOP-01", first_logon=True)
BESIDE = RegistrationRequest(join_type=JoinType.REGISTERED, computer="LAPTOP-01")
# Nobody who registers a device looks up what the IdP publishes of itself.
BY_BROWSER = [step for step in test_browser.STEPS if step is not Step.FEDERATION_METADATA]
STEPS = [
    Step.OPENID, *BY_BROWSER, Step.DISCOVER, Step.JOIN,
    Step.LOGON_REALM, Step.NONCE, Step.MEX, Step.RST, Step.PRT,
]  # fmt: skip


class Script(test_browser.Script):
    """The answers to a browser, to the registration and to the logon; it makes the keys that are asked for."""

    @cached_property
    def keys(self) -> list[RSAPrivateKey]:
        return [documents.key("device"), documents.key("transport")]

    def new_key(self) -> RSAPrivateKey:
        return self.keys.pop(0)

    def asked(self, step: Step) -> HttpRequest:
        return next(request for at, request in self.requests if at is step)


def with_code(request: HttpRequest) -> HttpReply:
    del request
    return moved(
        f"ms-appx-web://Microsoft.AAD.BrokerPlugin/dd762716-544d-4aeb-a526-687b73838a22?code={test_browser.CODE}"
    )


def success() -> dict[Step, list[Answer]]:
    return {
        **test_browser.success(),
        Step.OPENID: [documents.answer(ENDPOINTS.decode())],
        Step.WRESULT: [with_code],
        Step.DISCOVER: [documents.discovery()],
        Step.JOIN: [documents.joined(documents.key("device"))],
        Step.LOGON_REALM: [documents.realm()],
        Step.NONCE: [documents.answer({"Nonce": "n-1"})],
        Step.MEX: [logon_answer(Step.MEX)],
        Step.RST: [logon_answer(Step.RST)],
        Step.PRT: [test_logon.token()],
    }


def logon_answer(step: Step) -> Answer:
    found = test_sign_in.SUCCESS[step]
    assert isinstance(found, HttpReply | HarnessError)
    return found


def play(
    changes: dict[Step, list[Answer]] | None = None, asked: RegistrationRequest = OUT_OF_BOX
) -> tuple[AccountRun, Script]:
    script = Script({**success(), **(changes or {})})
    return register_with(script, SITE, NAME, asked, password=PASSWORD, habits=Habits()), script


def test_out_of_the_box_the_device_is_registered_and_its_owner_logged_on() -> None:
    run, script = play()
    evidence = run.evidence

    assert evidence is not None
    assert (evidence.result, evidence.failure) == (RegistrationResult.REGISTERED, None)
    assert [item.step for item in run.transcript.exchanges] == STEPS
    assert evidence.registration is not None
    assert evidence.logon is not None
    assert evidence.logon.device is not None
    assert evidence.logon.device.device_id == evidence.registration.device_id
    assert evidence.logon.session_key is not None
    assert evidence.logon.session_key.ours
    assert PASSWORD not in repr(evidence) + repr(run.transcript) + repr(run.status_screen)
    assert "secret-of-the-token" not in repr(evidence) + repr(run.transcript)
    assert script.keys == []


def test_every_part_of_its_evidence_is_in_the_table_and_every_step_brings_one() -> None:
    run, _ = play()
    assert run.evidence is not None
    common = {"FlowOutcome", "Asked", "GatheredAt", "TrustedIssuer", "TrustedCertificates"}
    brought = run.evidence.parts.names - common

    assert brought - WORK_ACCOUNT.parts == set()
    assert {part for row in WORK_ACCOUNT for part in row.yields} - brought == set()


def test_a_work_account_is_registered_beside_and_nobody_logs_on() -> None:
    run, script = play(asked=BESIDE)
    body = json.loads(script.asked(Step.JOIN).body)

    assert run.evidence is not None
    assert run.evidence.result is RegistrationResult.REGISTERED
    assert [item.step for item in run.transcript.exchanges] == STEPS[:-5]
    assert (body["JoinType"], body["Attributes"]) == (4, {"ReuseDevice": "true"})
    assert FirstLogon not in run.evidence.parts


def test_who_administers_the_device_is_asked_for_where_it_is_joined() -> None:
    _, script = play()
    body = json.loads(script.asked(Step.JOIN).body)

    assert (body["JoinType"], body["Attributes"]["ReturnClientSid"]) == (0, "true")
    assert (body["TargetDomain"], body["DeviceDisplayName"]) == (NAME.partition("@")[2], "LAPTOP-01")
    assert dict(script.asked(Step.JOIN).headers)["Authorization"].startswith("Bearer ")


def test_the_web_view_asks_with_the_client_of_device_registration_and_the_logon_has_no_web_view() -> None:
    _, script = play()
    asked = parse_qs(urlsplit(script.asked(Step.AUTHORIZE).url).query)
    (traded,) = script.bodies(Step.TOKEN)

    assert asked["client_id"] == traded["client_id"] == ["dd762716-544d-4aeb-a526-687b73838a22"]
    assert asked["resource"] == traded["resource"] == ["urn:ms-drs:enterpriseregistration.windows.net"]
    assert "scope" not in asked | traded
    assert "WebView" in dict(script.asked(Step.PASSIVE).headers)["User-Agent"]
    assert dict(script.asked(Step.PRT).headers)["User-Agent"] == USER_AGENT


DRS_REFUSAL: dict[str, object] = {
    "ErrorType": "AuthorizationError", "Message": "Administrator policy does not allow user carol to device join.",
    "TraceId": "1", "Time": "2",
}  # fmt: skip
FAILURES: dict[str, tuple[dict[Step, list[Answer]], Step, int, RegistrationResult]] = {
    "openid: a page": ({Step.OPENID: [documents.answer("<html>")]}, Step.OPENID, 0, RegistrationResult.NOT_REGISTERED),
    "openid: no addresses": (
        {Step.OPENID: [documents.answer({"issuer": "https://x"})]}, Step.OPENID, 0, RegistrationResult.NOT_REGISTERED,
    ),
    "openid: down": ({Step.OPENID: [documents.answer("", 503)]}, Step.OPENID, 0, RegistrationResult.NOT_REGISTERED),
    "token: refused": (
        {Step.TOKEN: [documents.refusal("x")]}, Step.TOKEN, 0xCAA20003, RegistrationResult.NOT_REGISTERED,
    ),
    "discover: unknown": (
        {Step.DISCOVER: [documents.answer("", 404)]}, Step.DISCOVER, 0x801C003A, RegistrationResult.NOT_REGISTERED,
    ),
    "join: refused": (
        {Step.JOIN: [documents.answer(DRS_REFUSAL, 400)]}, Step.JOIN, 0x801C0003, RegistrationResult.NOT_REGISTERED,
    ),
    "first logon: no password address": (
        {Step.MEX: [documents.mex()]}, Step.MEX, 0xC004848B, RegistrationResult.NO_FIRST_LOGON,
    ),
    "first logon: managed": (
        {Step.LOGON_REALM: [documents.realm("Managed")]}, Step.LOGON_REALM, 0, RegistrationResult.NO_FIRST_LOGON,
    ),
    "first logon: fault": ({Step.RST: [documents.fault()]}, Step.RST, 0xC00484C1, RegistrationResult.NO_FIRST_LOGON),
    "first logon: refused": (
        {Step.PRT: [documents.refusal("x")]}, Step.PRT, 0xC000006D, RegistrationResult.NO_FIRST_LOGON,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "step", "code", "result"), FAILURES.values(), ids=FAILURES)
def test_each_step_ends_it_with_its_code_and_a_failed_logon_leaves_the_device_registered(
    changes: dict[Step, list[Answer]], step: Step, code: int, result: RegistrationResult
) -> None:
    run, _ = play(changes)
    evidence = run.evidence

    assert evidence is not None
    assert evidence.failure is not None
    assert (evidence.failure.step, evidence.failure.cause.code, evidence.result) == (step, code, result)
    assert (evidence.registration is not None) is (result is RegistrationResult.NO_FIRST_LOGON)


def test_an_error_of_entras_is_said_of_the_request_that_it_answered() -> None:
    """The logon has an identifier of its own, by which its error is found again."""
    run, _ = play({Step.PRT: [documents.refusal("x")]})
    assert run.evidence is not None
    parts = run.evidence.parts

    assert parts.get(EntraError) is not None
    assert WORK_ACCOUNT.row(Step.PRT).refused_with == "EntraError"


Screen = Callable[[], AccountRun]
SCREENS: dict[str, tuple[Screen, set[str], set[str]]] = {
    "joined": (
        lambda: play()[0],
        {"AzureAdJoined : YES", "DomainJoined : NO", "WorkplaceJoined : NO", "AzureAdPrt : YES"},
        {"| Work Account 1"},
    ),
    "registered": (
        lambda: play(asked=BESIDE)[0],
        {"AzureAdJoined : NO", "WorkplaceJoined : YES", "WorkAccountCount : 1", "AzureAdPrt : NO"},
        {"| Device Details"},
    ),
    "refused": (
        lambda: play({Step.JOIN: [documents.answer(DRS_REFUSAL, 400)]})[0],
        {"AzureAdJoined : NO", "WorkplaceJoined : NO", "AzureAdPrt : NO"},
        {"| Device Details", "| Work Account 1"},
    ),
    "no first logon": (
        lambda: play({Step.PRT: [documents.refusal("x")]})[0],
        {"AzureAdJoined : YES", "AzureAdPrt : NO", "AcquirePrtDiagnostics : PRESENT", "Attempt Status : 0xc000006d"},
        set(),
    ),
}


@pytest.mark.parametrize(("ran", "there", "missing"), SCREENS.values(), ids=SCREENS)
def test_the_screen_says_what_the_device_is_and_who_has_a_token(
    ran: Screen, there: set[str], missing: set[str]
) -> None:
    lines = {line.strip().rstrip("| ") for line in ran().status_screen}

    assert there - lines == set()
    assert missing & lines == set()


@pytest.mark.parametrize("asked", [OUT_OF_BOX, BESIDE], ids=["joined", "registered"])
def test_it_is_gone_through_again_from_its_record(asked: RegistrationRequest) -> None:
    run, _ = play(asked=asked)
    kept = tuple(recall(keep(item)) for item in run.transcript.exchanges)
    hands = RecordedHands(replace(run.transcript, exchanges=kept))
    told, again = run.transcript.circumstances, find_flow(WORK_ACCOUNT.name).again
    assert told is not None
    assert again is not None
    replayed = again(hands, told)

    assert replayed.status_screen == run.status_screen
    assert hands.unheard == ()
    with pytest.raises(ValueError, match="does not say what the device was registered as"):
        again(hands, replace(told, account=None))


class Down(Script):
    """The machine fails while the certificate is read."""

    def read(self, need: Read) -> Reading:
        if self.step is Step.JOIN:
            raise LabError("no more memory", remedy="get some")
        return super().read(need)

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> object:  # type: ignore[override]
        return super().send(request, as_computer=as_computer, manner=manner)


def test_surroundings_that_fail_leave_what_was_reached() -> None:
    with pytest.raises(AccountInterrupted) as interrupted:
        register_with(Down(success()), SITE, NAME, OUT_OF_BOX, password=PASSWORD, habits=Habits())  # type: ignore[arg-type]
    found = interrupted.value.run.evidence

    assert found is not None
    assert found.browser is not None
    assert found.browser.token is not None
    assert found.result is RegistrationResult.NOT_REGISTERED


def recorded(run: AccountRun) -> ScenarioRecord:
    assert run.evidence is not None
    join = collect_registration(device=NAME, evidence=run.evidence, run=run, verdicts=(), claims=())
    return scenario_of(join)


EVENTS: dict[str, tuple[dict[Step, list[Answer]], RegistrationRequest, list[int]]] = {
    "joined": ({}, OUT_OF_BOX, [100, 101, 102, 103, 104, 105, 106]),
    "refused": ({Step.JOIN: [documents.answer(DRS_REFUSAL, 400)]}, OUT_OF_BOX, [100, 101, 102, 103, 204]),
    "first logon: fault": (
        {Step.RST: [documents.fault()]}, OUT_OF_BOX, [100, 101, 102, 103, 104, 105, 106, 1088],
    ),
    "no service": ({Step.DISCOVER: [documents.answer("", 404)]}, OUT_OF_BOX, [100, 201, 309]),
    "registered": ({}, BESIDE, []),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "asked", "numbers"), EVENTS.values(), ids=EVENTS)
def test_the_log_tells_of_a_join_by_a_person_as_of_a_computers_own(
    changes: dict[Step, list[Answer]], asked: RegistrationRequest, numbers: list[int]
) -> None:
    run, _ = play(changes, asked)
    found = windows_events(recorded(run))

    assert [event.id for event in found] == numbers
    assert {event.computer for event in found if event.id < 1000} <= {"LAPTOP-01"}
    started = [dict(event.data) for event in found if event.id == 102]
    assert [(data["JoinRequestType"], data["Domain"]) for data in started] == [("0", NAME.partition("@")[2])] * len(
        started
    )
    assert "eyJ" not in repr([event.data for event in found if event.id == 103])


def test_a_refusal_by_the_tenants_settings_is_explained_by_them() -> None:
    (first, *_) = CAUSES[0x801C0003]

    assert "may not join" in first.sentence
