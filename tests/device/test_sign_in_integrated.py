"""The sign-in by ticket, told against a script: what is asked in which order, and how each step ends."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from hybridjoin.device.driver import Sent
from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Manner
from hybridjoin.device.signin.run import SignInRun, sign_in_integrated_with
from hybridjoin.errors import HarnessError, KerberosError
from hybridjoin.model.exchange import HttpReply, HttpRequest, TicketReply, TicketRequest
from hybridjoin.model.flows import SIGN_IN_INTEGRATED
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol.mex import Credential, Trust
from hybridjoin.protocol.oauth import EntraError
from tests.device import documents
from tests.device.script import SITE
from tests.device.script import SUCCESS as OF_A_COMPUTER
from tests.device.test_sign_in import NAME, PLACES, TRUST_2005, Answers, Script, in_2005

STEPS = [Step.REALM, Step.MEX, Step.TICKET, Step.RST, Step.TOKEN]
SUCCESS: Answers = {
    Step.REALM: documents.realm(),
    Step.MEX: documents.mex(),
    Step.RST: documents.rstr(),
    Step.TOKEN: documents.token(),
}


@dataclass
class Person(Script):
    """A person who is logged on; the ticket is the scripted computer's, or the error that the KDC answers with."""

    kdc: TicketReply | KerberosError | None = None

    def ticket(self, request: TicketRequest) -> TicketReply:
        assert request.spn == "HTTP/sts.contoso.example"
        if isinstance(self.kdc, HarnessError):
            raise self.kdc
        found = OF_A_COMPUTER[Step.TICKET]
        assert isinstance(found, TicketReply)
        return found

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        step = next(step for part, step in PLACES.items() if part in request.url)
        assert as_computer is (step is Step.RST), "the ticket is shown to the IdP, and to nobody else"
        return super().send(request, as_computer=False, manner=manner)


def play(
    changes: Mapping[Step, HttpReply | HarnessError] | None = None,
    *,
    habits: Habits | None = None,
    kdc: KerberosError | None = None,
) -> tuple[SignInRun, Person]:
    script = Person({**SUCCESS, **(changes or {})}, kdc=kdc)
    return sign_in_integrated_with(script, SITE, NAME, habits or Habits()), script


@pytest.mark.parametrize("trust", Trust)
def test_a_user_is_signed_in_by_the_ticket_in_both_versions_of_ws_trust(trust: Trust) -> None:
    answers: dict[Step, HttpReply | HarnessError] = {}
    if trust is Trust.FEB2005:
        mex = documents.mex()
        answers[Step.MEX] = dataclasses.replace(
            mex, body=mex.body.replace(documents.TRUST_13.encode(), TRUST_2005.encode())
        )
        answers[Step.RST] = in_2005(documents.rstr())
    run, script = play(answers)

    assert run.evidence is not None
    assert run.evidence.failure is None
    assert run.evidence.result is SignInResult.SIGNED_IN
    assert [item.step for item in run.transcript.exchanges] == STEPS
    assert run.evidence.endpoint is not None
    assert (run.evidence.endpoint.trust, run.evidence.endpoint.credential) == (trust, Credential.WINDOWS)
    request = script.requests[Step.RST]
    assert dict(request.headers)["SOAPAction"] == f"{trust.namespace}/RST/Issue"
    assert b":Security" not in request.body, "a ticket needs no WS-Security header"
    assert NAME.encode() not in request.body, "who signs in stands in the ticket alone"


FAILURES: dict[str, tuple[Mapping[Step, HttpReply | HarnessError], Step, int]] = {
    "realm: managed": ({Step.REALM: documents.realm("Managed")}, Step.REALM, 0),
    "mex: only usernamemixed": (
        {Step.MEX: documents.answer(documents.mex().body.decode().replace("NegotiateAuthentication", "X"))},
        Step.MEX,
        0xCAA90022,
    ),
    "rst: fault": ({Step.RST: documents.fault()}, Step.RST, 0xCAA90014),
    "rst: 401": ({Step.RST: documents.answer("no", 401, "text/html")}, Step.RST, 0xCAA30191),
    "token: refused": ({Step.TOKEN: documents.refusal("x")}, Step.TOKEN, 0xCAA20003),
}


@pytest.mark.parametrize(("changes", "step", "code"), FAILURES.values(), ids=FAILURES)
def test_each_step_ends_the_sign_in_in_the_words_of_its_row(
    changes: Mapping[Step, HttpReply | HarnessError], step: Step, code: int
) -> None:
    run, _ = play(changes)

    assert run.evidence is not None
    failure = run.evidence.failure
    assert failure is not None
    assert (failure.step, failure.phase, failure.cause.code) == (step, Phase.AUTH, code)
    assert failure.remedy or isinstance(failure.server, EntraError)
    assert run.evidence.result is SignInResult.NOT_SIGNED_IN


def test_without_a_ticket_the_identity_provider_is_not_asked() -> None:
    refused = KerberosError("KDC_ERR_PREAUTH_FAILED", "the password is wrong", remedy="type the right one")
    run, script = play(kdc=refused)

    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert run.evidence.failure.step is Step.TICKET
    assert Step.RST not in script.requests


def test_every_step_of_the_table_was_seen_to_fail_and_yields_what_is_kept() -> None:
    failed = {step for _, step, _ in FAILURES.values()} | {Step.TICKET}
    assert set(SIGN_IN_INTEGRATED.steps) ^ failed == set()
    assert list(SIGN_IN_INTEGRATED.steps) == STEPS
    run, _ = play()
    assert run.evidence is not None
    yielded = {part for row in SIGN_IN_INTEGRATED for part in row.yields} - {"ServerProof"}  # a script proves nothing
    assert yielded - run.evidence.parts.names == set()


def test_a_library_names_itself_to_entra_and_to_nobody_else() -> None:
    _, script = play(habits=Habits(client_sku="MSAL.Desktop"))

    named = {step for step, request in script.requests.items() if dict(request.headers).get("x-client-SKU")}
    assert named == {Step.REALM, Step.TOKEN}
