"""A federated person's way through a bridge, told against a script: Entra's page, the IdP's, and back by its form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs

import pytest

from hybridjoin.device.bridge.run import BridgeInterrupted, BridgeRun
from hybridjoin.device.driver import Sent
from hybridjoin.device.needs import Manner
from hybridjoin.device.recorded_hands import RecordedHands
from hybridjoin.errors import HarnessError, LabError
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Step
from hybridjoin.protocol import windows
from hybridjoin.run.flows import find_flow
from tests.checks.bridge_cases import BASE, PARTY, REDIRECT
from tests.checks.browser_cases import WCTX
from tests.device import test_bridge
from tests.device.test_bridge import CODE, PASSWORD, SECRET, page, to_the_bridge
from tests.device.test_browser import IDP, NOWHERE, SIGN_IN, Answer, form_page, html, moved, to_the_idp

MULTIPLE = "http://schemas.microsoft.com/claims/multipleauthn"
STEPS = [
    Step.OPENID, Step.KEYS, Step.SIGN_IN_PAGE, Step.SIGN_IN, Step.PASSIVE, Step.CREDENTIALS, Step.PASSIVE, Step.WRESULT,
    Step.TOKEN, Step.USERINFO,
]  # fmt: skip
AT_THE_IDP = [html(SIGN_IN.format(action="/adfs/ls/?a=b")), form_page()]


def posting(script: Federated) -> HttpReply:
    """Entra's answer to an application that wants it by a form."""
    fields = {"code": CODE, "state": script.asked()["state"]}
    inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
    return page(f'<form method="post" action="{REDIRECT}">{inputs}</form>')


@dataclass
class Federated(test_bridge.Script):
    """Answers a bridge, and the browser of a person whom Entra sends on; keeps every request in its order."""

    ways: dict[Step, list[Answer]] = field(default_factory=dict)
    sent: list[tuple[Step, HttpRequest]] = field(default_factory=list)
    by_form: bool = False
    step: Step = Step.OPENID

    def begin(self, step: Step) -> datetime:
        self.step = step
        return super().begin(step)

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        assert not as_computer
        self.sent.append((self.step, request))
        self.requests[self.step] = request
        waiting = self._waiting()
        if waiting is None:
            return super().send(request, as_computer=as_computer, manner=manner)
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(found, HarnessError):
            raise found
        return Sent(request=request, reply=found(request) if callable(found) else found)

    def _waiting(self) -> list[Answer] | None:
        if self.step is Step.WRESULT and Step.WRESULT not in self.ways:
            told = to_the_bridge(f"code={CODE}&state={self.asked()['state']}")
            return [posting(self) if self.by_form else told]
        usual: dict[Step, list[Answer]] = {
            Step.SIGN_IN: [to_the_idp()],
            Step.PASSIVE: list(AT_THE_IDP),
            Step.CREDENTIALS: [moved("/adfs/ls/?a=b")],
        }
        if self.step in usual:
            return self.ways.setdefault(self.step, usual[self.step])
        return self.ways.get(self.step)

    def bodies(self, step: Step) -> list[dict[str, list[str]]]:
        return [parse_qs(request.body.decode()) for at, request in self.sent if at is step]


def play(ways: dict[Step, list[Answer]] | None = None, *, by_form: bool = False) -> tuple[BridgeRun, Federated]:
    script = Federated(ways={step: list(answers) for step, answers in (ways or {}).items()}, by_form=by_form)
    return test_bridge.play(script)[0], script


@pytest.mark.parametrize("by_form", [False, True], ids=["redirect", "form"])
def test_a_federated_person_signs_in_by_the_page_of_her_identity_provider(by_form: bool) -> None:
    run, script = play(by_form=by_form)

    assert run.evidence is not None
    assert (run.evidence.result, run.evidence.failure) == (SignInResult.SIGNED_IN, None)
    assert [item.step for item in run.transcript.exchanges] == STEPS
    assert script.bodies(Step.WRESULT)[0]["wctx"] == [WCTX]
    assert script.bodies(Step.TOKEN)[0]["code"] == [CODE]
    assert run.evidence.response is not None
    assert run.evidence.response.target == REDIRECT


def test_the_password_leaves_for_entras_page_and_for_the_host_that_entra_named_and_is_kept_nowhere() -> None:
    run, script = play()
    got = {request.url for _, request in script.sent if PASSWORD in str(parse_qs(request.body.decode()))}

    assert got == {f"{BASE}/login", f"{IDP}?a=b"}
    kept = repr(run.transcript)
    for secret in ("horse", SECRET, CODE, "opaque-to-us"):
        assert secret not in kept


def test_the_parts_are_a_bridges_and_a_browsers_and_every_step_of_the_table_brings_its_own() -> None:
    run, _ = play()
    assert run.evidence is not None
    brought = run.evidence.parts.names - {"FlowOutcome", "Asked", "GatheredAt", "TrustedIssuer", "TrustedCertificates"}

    assert brought - BRIDGE.parts == set()
    yielded = {part for row in BRIDGE if not row.aside for part in row.yields}
    assert yielded - brought == set()
    at_entra, _ = test_bridge.play()
    assert at_entra.evidence is not None
    assert at_entra.evidence.parts.names & BRIDGE.sometimes.keys() == set()


AWAY = html(SIGN_IN.format(action="https://collector.example/"))
AGAIN = html(SIGN_IN.format(action="/adfs/ls/") + "<p>Incorrect user ID or password.</p>")
SENT_BACK = to_the_idp(wauth=MULTIPLE)
ENDS: dict[str, tuple[dict[Step, list[Answer]], Step, str]] = {
    **{
        name: told
        for name, told in NOWHERE.items()
        if name not in {"declined", "bounce"} and set(told[0]) <= {Step.PASSIVE, Step.WRESULT}
    },
    "a wrong password": ({Step.CREDENTIALS: [AGAIN]}, Step.CREDENTIALS, "Incorrect user ID or password"),
    "another host": ({Step.PASSIVE: [AWAY]}, Step.PASSIVE, "it was not typed"),
    "told": (
        {Step.WRESULT: [to_the_bridge("error=access_denied&error_description=AADSTS90094%3A+No.")]},
        Step.WRESULT,
        "AADSTS90094",
    ),
    "another state": ({Step.WRESULT: [to_the_bridge(f"code={CODE}&state=x")]}, Step.WRESULT, "another request"),
    "bounce": ({Step.WRESULT: [SENT_BACK], Step.PASSIVE: [form_page()]}, Step.WRESULT, "3 times"),
    "entra's own factor": (
        {Step.WRESULT: [html("<title>Verify your identity</title>")]}, Step.WRESULT, "('Verify your identity')",
    ),
    "saml 2.0": ({Step.SIGN_IN: [moved("https://sts.x/saml2?SAMLRequest=f")]}, Step.SIGN_IN, "user on to sts.x"),
    "saml 2.0 at once": (
        {Step.SIGN_IN_PAGE: [moved("https://sts.x/saml2?SAMLRequest=f")]}, Step.SIGN_IN_PAGE, "user on to sts.x",
    ),
    "in the clear at once": (
        {Step.SIGN_IN_PAGE: [moved("http://sts.x/?wa=wsignin1.0")]}, Step.SIGN_IN_PAGE, "no https address",
    ),
    "in the clear": (
        {Step.SIGN_IN: [moved("http://sts.contoso.example/?wa=wsignin1.0")]}, Step.SIGN_IN, "no https address",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
def test_each_way_that_comes_to_no_code_says_where_it_ended_without_a_code_of_windows(name: str) -> None:
    changes, step, words = ENDS[name]
    run, script = play(changes)

    assert run.evidence is not None
    assert run.evidence.result is SignInResult.NOT_SIGNED_IN
    found = run.evidence.failure
    assert found is not None
    assert (found.step, found.cause, found.wrapper) == (step, windows.UNKNOWN, None)
    assert words in found.reason
    assert Step.TOKEN not in {at for at, _ in script.sent}


def test_whom_a_policy_sends_on_at_once_entra_shows_no_page_and_has_no_password() -> None:
    run, script = play({Step.SIGN_IN_PAGE: [to_the_idp()]})

    assert run.evidence is not None
    assert (run.evidence.result, run.evidence.failure) == (SignInResult.SIGNED_IN, None)
    assert [item.step for item in run.transcript.exchanges] == [step for step in STEPS if step is not Step.SIGN_IN]
    got = {request.url for _, request in script.sent if PASSWORD in str(parse_qs(request.body.decode()))}
    assert got == {f"{IDP}?a=b"}


def test_a_second_factor_is_asked_for_in_a_second_round_with_the_same_wctx() -> None:
    run, script = play({Step.WRESULT: [SENT_BACK, to_the_bridge(f"code={CODE}&state={SECOND_ID}")]})

    assert run.evidence is not None
    assert run.evidence.failure is None
    assert [item["wctx"] for item in script.bodies(Step.WRESULT)] == [[WCTX], [WCTX]]
    assert run.evidence.browser is not None
    assert run.evidence.browser.visit is not None
    assert run.evidence.browser.visit.rounds == 2


SECOND_ID = "00000000-0000-4000-8000-000000000002"


def test_surroundings_that_fail_at_the_identity_provider_leave_what_was_done() -> None:
    with pytest.raises(BridgeInterrupted) as caught:
        play({Step.CREDENTIALS: [LabError("gone")]})

    evidence = caught.value.run.evidence
    assert evidence is not None
    assert evidence.browser is not None
    assert evidence.browser.request is not None
    assert [item.step for item in caught.value.run.transcript.exchanges] == STEPS[:6]


def test_the_way_is_gone_through_again_from_its_record() -> None:
    run, _ = play()
    told, again = run.transcript.circumstances, find_flow(BRIDGE.name).again
    assert told is not None
    assert again is not None
    assert told.relying_party == PARTY
    hands = RecordedHands(run.transcript)
    repeated = again(hands, told)

    assert hands.unheard == ()
    assert repeated.evidence is not None
    assert run.evidence is not None
    assert repeated.evidence.result is run.evidence.result
    assert repeated.evidence.parts.names == run.evidence.parts.names
