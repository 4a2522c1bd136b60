"""The sign-in by name and password, told against a script: what is asked in which order, and how each step ends."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree

from hybridjoin.device.driver import Changed, Sent
from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Manner, Read
from hybridjoin.device.readings import read
from hybridjoin.device.signin.run import SignInInterrupted, SignInRun, sign_in_with
from hybridjoin.device.signin.username import Credentials
from hybridjoin.errors import Breakage, HarnessError, LabError, PeerUnreachable, UsageError
from hybridjoin.model.exchange import (
    HttpReply,
    HttpRequest,
    ModifyRequest,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.flows import SIGN_IN_USERNAME
from hybridjoin.model.reading import Reading
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol.mex import Trust
from hybridjoin.protocol.oauth import EntraError
from tests.device import documents
from tests.device.script import SITE

NAME = "carol@contoso.example"
PASSWORD = "correct <horse> & 'battery'"
TRUST_2005 = "http://schemas.xmlsoap.org/ws/2005/02/trust"
STEPS = [Step.REALM, Step.MEX, Step.RST, Step.TOKEN]
NEGOTIATE = '<http:NegotiateAuthentication xmlns:http="http://schemas.microsoft.com/ws/06/2004/policy/http"/>'
USERNAME = "<sp:SignedSupportingTokens><wsp:Policy><sp:UsernameToken/></wsp:Policy></sp:SignedSupportingTokens>"
Answers = Mapping[Step, HttpReply | HarnessError]


def metadata(*, trust: str = documents.TRUST_13, url: str = documents.STS_URL) -> HttpReply:
    """The metadata of an IdP whose one endpoint takes a name and a password."""
    text = documents.mex(url).body.decode().replace(NEGOTIATE, USERNAME).replace(documents.TRUST_13, trust)
    return documents.answer(text, kind="text/xml; charset=utf-8")


def in_2005(reply: HttpReply) -> HttpReply:
    return dataclasses.replace(reply, body=reply.body.replace(documents.TRUST_13.encode(), TRUST_2005.encode()))


SUCCESS: Answers = {
    Step.REALM: documents.realm(),
    Step.MEX: metadata(),
    Step.RST: documents.rstr(),
    Step.TOKEN: documents.token(),
}


@dataclass
class Script:
    """Answers a program that signs a user in; keeps what was asked."""

    answers: Answers
    requests: dict[Step, HttpRequest] = field(default_factory=dict)

    def now(self) -> datetime:
        return documents.NOON

    def begin(self, step: Step) -> datetime:
        return documents.NOON

    def new_id(self) -> UUID:
        return UUID(int=0xAAAABBBBCCCC4DDD8EEE000000000001)

    def new_key(self) -> RSAPrivateKey:
        raise AssertionError("nobody who signs in makes a key")

    def ticket(self, request: TicketRequest) -> TicketReply:
        raise AssertionError("nobody who signs in by password asks for a ticket")

    def search(self, request: SearchRequest) -> SearchReply:
        raise AssertionError("nobody who signs in searches the directory")

    def machine_key(self) -> RSAPrivateKey:
        raise AssertionError("nobody who signs in has a computer's key")

    def modify(self, request: ModifyRequest) -> Changed:
        raise AssertionError("nobody who signs in changes the directory")

    def read(self, need: Read) -> Reading:
        return read(need)

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        assert not as_computer
        step = next(step for part, step in PLACES.items() if part in request.url)
        self.requests[step] = request
        found = self.answers[step]
        if isinstance(found, HarnessError):
            raise found
        return Sent(request=request, reply=found)


PLACES = {"/userrealm/": Step.REALM, "/oauth2/": Step.TOKEN, "/mex": Step.MEX, "": Step.RST}


def play(changes: Answers | None = None, *, trust: Trust | None = None) -> tuple[SignInRun, Script]:
    script = Script({**SUCCESS, **(changes or {})})
    credentials = Credentials(name=NAME, password=PASSWORD)
    return sign_in_with(script, SITE, credentials, Habits(trust=trust)), script


def broken(breakage: Breakage) -> PeerUnreachable:
    return PeerUnreachable("no answer", breakage=breakage, where="there")


@pytest.mark.parametrize("trust", Trust)
def test_a_user_is_signed_in_in_both_versions_of_ws_trust(trust: Trust) -> None:
    answers = {Step.MEX: metadata(trust=trust.namespace)}
    if trust is Trust.FEB2005:
        answers[Step.RST] = in_2005(documents.rstr())
    run, script = play(answers)

    assert run.evidence is not None
    assert run.evidence.failure is None
    assert run.evidence.result is SignInResult.SIGNED_IN
    assert [item.step for item in run.transcript.exchanges] == STEPS
    assert run.evidence.endpoint is not None
    assert run.evidence.endpoint.trust is trust
    assert dict(script.requests[Step.RST].headers)["SOAPAction"] == f"{trust.namespace}/RST/Issue"
    assert run.evidence.signature is not None
    assert (run.evidence.signature.valid, run.evidence.signature.trusted) == (True, True)


def test_the_password_goes_out_in_one_request_as_the_user_typed_it() -> None:
    _, script = play()
    root = etree.fromstring(script.requests[Step.RST].body)
    token = next(root.iter("{*}UsernameToken"))
    stamp = next(root.iter("{*}Timestamp"))

    assert [item.text for item in token] == [NAME, PASSWORD]
    assert [item.text for item in stamp] == ["2026-03-04T12:00:00Z", "2026-03-04T12:10:00Z"]
    header = [etree.QName(item).localname for item in root[0]]
    assert header == ["Action", "MessageID", "ReplyTo", "To", "Security"], "as MSAL orders them"
    others = [request.url.encode() + request.body for step, request in script.requests.items() if step is not Step.RST]
    assert not any(b"horse" in text for text in others)


def test_the_realm_is_asked_for_the_user_and_the_token_at_the_endpoint_of_scopes() -> None:
    _, script = play()
    form = parse_qs(script.requests[Step.TOKEN].body.decode())

    assert script.requests[Step.REALM].url == f"{documents.LOGIN}/common/userrealm/{NAME}?api-version=1.0"
    assert script.requests[Step.TOKEN].url.endswith("/oauth2/v2.0/token")
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:saml1_1-bearer"]
    assert "resource" not in form
    assert "https://graph.microsoft.com/User.Read" in form["scope"][0]


FAILURES: dict[str, tuple[Answers, Step, int]] = {
    "realm: HTTP 500": ({Step.REALM: documents.answer({}, 500)}, Step.REALM, 0xCAA90018),
    "realm: not JSON": ({Step.REALM: documents.answer("nope")}, Step.REALM, 0xCAA90018),
    "realm: managed": ({Step.REALM: documents.realm("Managed")}, Step.REALM, 0),
    "realm: unreachable": ({Step.REALM: broken(Breakage.REFUSED)}, Step.REALM, 0xCAA82EFD),
    "mex: no URL": ({Step.REALM: documents.realm(metadata="")}, Step.MEX, 0xCAA9001A),
    "mex: HTML": ({Step.MEX: documents.answer("<!doctype html><p>hi")}, Step.MEX, 0xCAA9002C),
    "mex: only windowstransport": ({Step.MEX: documents.mex()}, Step.MEX, 0xCAA90023),
    "mex: endpoint over http": ({Step.MEX: metadata(url="http://sts/x")}, Step.MEX, 0xCAA90023),
    "rst: wrong password": ({Step.RST: documents.fault()}, Step.RST, 0xCAA90014),
    "rst: reset": ({Step.RST: broken(Breakage.RESET)}, Step.RST, 0xCAA82EFE),
    "rst: page": ({Step.RST: documents.answer("<p>hi", 200, "text/html")}, Step.RST, 0xCAA90013),
    "rst: no assertion": ({Step.RST: documents.rstr(token="")}, Step.RST, 0xCAA90002),
    "token: refused": ({Step.TOKEN: documents.refusal("x")}, Step.TOKEN, 0xCAA20003),
    "token: not OAuth": ({Step.TOKEN: documents.answer("<html>")}, Step.TOKEN, 0xCAA90015),
}


@pytest.mark.parametrize(("changes", "step", "code"), FAILURES.values(), ids=FAILURES)
def test_each_step_ends_the_sign_in_in_the_words_of_its_row(changes: Answers, step: Step, code: int) -> None:
    run, _ = play(changes)

    assert run.evidence is not None
    failure = run.evidence.failure
    assert failure is not None
    assert (failure.step, failure.phase) == (step, Phase.AUTH)
    assert failure.cause.code == code
    assert failure.remedy or isinstance(failure.server, EntraError), "what mends a refusal depends on all the verdicts"
    assert run.evidence.result is SignInResult.NOT_SIGNED_IN
    asked = [item.step for item in run.transcript.exchanges]
    assert asked == STEPS[: len(asked)], "nothing is asked twice, or out of its order"


def test_every_step_of_the_table_was_seen_to_fail() -> None:
    assert set(SIGN_IN_USERNAME.steps) - {step for _, step, _ in FAILURES.values()} == set()
    assert list(SIGN_IN_USERNAME.steps) == STEPS


def test_every_part_of_the_evidence_comes_from_a_row() -> None:
    known = {
        "SignInResult",
        "SignedInUser",
        "ShownPassword",
        "FlowOutcome",
        "Asked",
        "GatheredAt",
        "TrustedIssuer",
        "TrustedCertificates",
    }
    run, _ = play()
    assert run.evidence is not None

    yielded = {part for row in SIGN_IN_USERNAME for part in row.yields}
    assert (run.evidence.parts.names - known) ^ yielded == set()


def test_a_version_can_be_asked_for_and_is_named_where_it_is_missing() -> None:
    run, _ = play(trust=Trust.FEB2005)

    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert "for WS-Trust 2005" in run.evidence.failure.reason


ECHOES: dict[str, Answers] = {
    "in the fault": {Step.RST: documents.fault(reason="no: correct &lt;horse&gt; &amp; 'battery'")},
    "in a page": {Step.RST: documents.answer(f"<p>{PASSWORD}", 500, "text/html")},
    "in Entra's refusal": {
        Step.TOKEN: documents.answer({"error": "invalid_grant", "error_description": PASSWORD}, 400)
    },
    "nowhere": {},
}


@pytest.mark.parametrize("answers", ECHOES.values(), ids=ECHOES)
def test_the_password_is_in_nothing_that_is_kept_even_where_a_peer_repeats_it(answers: Answers) -> None:
    run, script = play(answers)

    kept = repr((run.evidence, run.transcript))
    assert b"horse" in script.requests[Step.RST].body, "it really went out"
    for spelling in ("horse", "correct &lt;", "battery"):
        assert spelling not in kept
    assert "masked" in kept


def test_the_surroundings_interrupt_a_sign_in_and_what_was_reached_is_left() -> None:
    with pytest.raises(SignInInterrupted) as caught:
        play({Step.MEX: LabError("the lab is gone", remedy="start it")})

    assert caught.value.run.evidence is not None
    assert caught.value.run.evidence.realm is not None
    assert [item.step for item in caught.value.run.transcript.exchanges] == [Step.REALM, Step.MEX]


@pytest.mark.parametrize(
    ("name", "password", "place"),
    [("carol", "secret", "user"), ("a@b@c", "secret", "user"), (NAME, "", "password"), (NAME, "a\x00b", "password")],
)
def test_a_name_or_password_that_cannot_be_sent_is_the_users_mistake(name: str, password: str, place: str) -> None:
    with pytest.raises(UsageError) as caught:
        Credentials(name=name, password=password)

    assert [item.place for item in caught.value.mistakes] == [place]
    assert password not in str(caught.value) or not password


def test_credentials_do_not_print_their_password() -> None:
    assert "horse" not in repr(Credentials(name=NAME, password=PASSWORD))
