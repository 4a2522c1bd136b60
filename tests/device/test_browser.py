"""The sign-in by browser, told against a script: where each thing leaves for, and how pages that lead nowhere end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.browser.run import BrowserInterrupted, BrowserRun, browse_with
from hybridjoin.device.driver import Changed, Sent
from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Manner, Read
from hybridjoin.device.readings import read
from hybridjoin.device.signin.username import NOT_KEPT
from hybridjoin.errors import Breakage, HarnessError, LabError, PeerUnreachable
from hybridjoin.model.exchange import (
    HttpReply,
    HttpRequest,
    ModifyRequest,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.reading import Reading
from hybridjoin.model.record import SignInResult
from hybridjoin.model.site import SignInPage, Site
from hybridjoin.model.steps import Step
from hybridjoin.model.vault import VAULT
from tests.checks import fedmeta_cases
from tests.checks.browser_cases import WCTX, page
from tests.device import documents
from tests.device.script import SITE

NAME = "carol@contoso.example"
PASSWORD = "correct <horse> & 'battery'"
IDP = "https://sts.contoso.example/adfs/ls/"
CODE = "1.AAAA-bbbb_cccc.dddd-eeee_ffff"
STEPS = [
    Step.REALM, Step.AUTHORIZE, Step.FEDERATION_METADATA, Step.PASSIVE, Step.CREDENTIALS, Step.PASSIVE, Step.WRESULT,
    Step.TOKEN,
]  # fmt: skip
REALM = '{"NameSpaceType":"Federated","Login":"carol","DomainName":"contoso.example","AuthURL":"' + IDP + '"}'
SIGN_IN = (
    '<form method="post" action="{action}"><input name="UserName"><input type="password" name="Password">'
    '<input type="hidden" name="AuthMethod" value="FormsAuthentication"><input type="checkbox" name="Kmsi" value="1">'
    '<input type="submit" name="go" value="Sign in"></form>'
)


def html(body: str | bytes, *, status: int = 200, kind: str = "text/html; charset=utf-8") -> HttpReply:
    octets = body if isinstance(body, bytes) else body.encode()
    return HttpReply(status=status, headers=(("Content-Type", kind),), body=octets)


def moved(location: str) -> HttpReply:
    return HttpReply(status=302, headers=(("Location", location),))


def to_the_idp(**more: str) -> HttpReply:
    asked = {"wa": "wsignin1.0", "wtrealm": "urn:federation:MicrosoftOnline", "wctx": WCTX, "username": NAME, **more}
    return moved(f"{IDP}?{urlencode(asked)}")


def form_page(**changes: str) -> HttpReply:
    login = f"{documents.LOGIN}/login.srf"
    return html(page(**{"action": login, **changes}))  # type: ignore[arg-type]


Answer = HttpReply | HarnessError | Callable[[HttpRequest], HttpReply]


def with_code(request: HttpRequest) -> HttpReply:
    del request
    return moved(f"http://localhost?{urlencode({'code': CODE, 'state': str(UUID(int=7))})}")


@dataclass
class Script:
    """Answers a browser; keeps what was asked, and where a ticket would have been shown."""

    answers: dict[Step, list[Answer]]
    requests: list[tuple[Step, HttpRequest]] = field(default_factory=list)
    shown_to: list[str] = field(default_factory=list)
    step: Step = Step.REALM

    def now(self) -> datetime:
        return documents.NOON

    def begin(self, step: Step) -> datetime:
        self.step = step
        return documents.NOON

    def new_id(self) -> UUID:
        return UUID(int=7)

    def new_key(self) -> RSAPrivateKey:
        raise AssertionError("a browser makes no key")

    def machine_key(self) -> RSAPrivateKey:
        raise AssertionError("a browser has no computer's key")

    def modify(self, request: ModifyRequest) -> Changed:
        raise AssertionError("a browser changes no directory")

    def ticket(self, request: TicketRequest) -> TicketReply:
        raise AssertionError("a browser gets its tickets by itself")

    def search(self, request: SearchRequest) -> SearchReply:
        raise AssertionError("a browser searches no directory")

    def read(self, need: Read) -> Reading:
        return read(need)

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        self.requests.append((self.step, request))
        if as_computer:
            self.shown_to.append(urlsplit(request.url).hostname or "")
        waiting = self.answers[self.step]
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(found, HarnessError):
            raise found
        return Sent(request=request, reply=found(request) if callable(found) else found)

    def bodies(self, step: Step) -> list[dict[str, list[str]]]:
        return [parse_qs(request.body.decode()) for at, request in self.requests if at is step]


def success() -> dict[Step, list[Answer]]:
    return {
        Step.REALM: [documents.answer(REALM, kind="application/json")],
        Step.AUTHORIZE: [to_the_idp()],
        Step.FEDERATION_METADATA: [HttpReply(status=404)],
        Step.PASSIVE: [html(SIGN_IN.format(action="/adfs/ls/?a=b")), form_page()],
        Step.CREDENTIALS: [moved("/adfs/ls/?a=b")],
        Step.WRESULT: [with_code],
        Step.TOKEN: [documents.token()],
    }


def play(
    changes: dict[Step, list[Answer]] | None = None, *, password: str | None = PASSWORD, site: Site = SITE
) -> tuple[BrowserRun, Script]:
    script = Script({**success(), **(changes or {})})
    VAULT.learn(PASSWORD, "a password")
    return browse_with(script, site, NAME, password=password, prompt="", habits=Habits()), script


def ended(changes: dict[Step, list[Answer]], **how: str | Site | None) -> tuple[Step, str]:
    run, _ = play(changes, **how)  # type: ignore[arg-type]
    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert run.evidence.result is SignInResult.NOT_SIGNED_IN
    return run.evidence.failure.step, run.evidence.failure.reason


def test_a_user_is_signed_in_by_the_page() -> None:
    run, script = play()

    assert run.evidence is not None
    assert run.evidence.failure is None
    assert run.evidence.result is SignInResult.SIGNED_IN
    assert [item.step for item in run.transcript.exchanges] == STEPS
    assert script.bodies(Step.CREDENTIALS) == [
        {"UserName": [NAME], "Password": [PASSWORD], "AuthMethod": ["FormsAuthentication"], "go": ["Sign in"]}
    ], "what a browser sends: an unticked box is not in it"
    assert script.bodies(Step.WRESULT)[0]["wctx"] == [WCTX]
    assert script.bodies(Step.TOKEN)[0]["code"] == [CODE]
    assert script.shown_to == []


def test_the_program_asks_for_a_code_with_the_home_realm_in_its_question() -> None:
    _, script = play()
    asked = parse_qs(urlsplit(next(request.url for step, request in script.requests if step is Step.AUTHORIZE)).query)

    assert asked["domain_hint"] == ["contoso.example"]
    assert asked["login_hint"] == [NAME]
    assert (asked["response_type"], asked["redirect_uri"]) == (["code"], ["http://localhost"])


def test_neither_password_nor_code_nor_signature_is_in_what_is_kept() -> None:
    run, _ = play()
    kept = repr(run.transcript)

    assert "horse" not in kept
    assert CODE not in kept
    assert "[masked" in kept


def test_a_ticket_is_shown_to_the_host_alone_that_entra_named() -> None:
    elsewhere = moved("https://cdn.contoso.example/adfs/ls/")
    run, script = play({Step.PASSIVE: [elsewhere, moved(IDP), form_page()]}, password=None)

    assert run.evidence is not None
    assert run.evidence.result is SignInResult.SIGNED_IN
    assert set(script.shown_to) == {"sts.contoso.example"}


def test_a_password_is_typed_once_and_for_that_host_alone() -> None:
    again = html(SIGN_IN.format(action="/adfs/ls/") + "<p>Incorrect user ID or password.</p>")
    step, reason = ended({Step.CREDENTIALS: [again]})
    assert (step, "Incorrect user ID or password" in reason) == (Step.CREDENTIALS, True)

    away = html(SIGN_IN.format(action="https://collector.example/"))
    run, script = play({Step.PASSIVE: [away]})
    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert "it was not typed" in run.evidence.failure.reason
    assert script.bodies(Step.CREDENTIALS) == []


def test_the_site_file_may_name_another_host_and_the_fields() -> None:
    form = '<form method="post" action="https://login.contoso.example/"><input name="a"><input name="b"></form>'
    named = SignInPage(user_field="a", password_field="b", hosts=("login.contoso.example",))
    site = dataclasses.replace(SITE, idp=dataclasses.replace(SITE.idp, sign_in_page=named))
    run, script = play({Step.PASSIVE: [html(form)], Step.CREDENTIALS: [form_page()]}, site=site)

    assert run.evidence is not None
    assert run.evidence.result is SignInResult.SIGNED_IN
    assert script.bodies(Step.CREDENTIALS) == [{"a": [NAME], "b": [PASSWORD]}]


def test_who_asks_for_the_name_first_is_given_it_first() -> None:
    first = html('<form method="post"><input name="username"><button name="next" value="1">Next</button></form>')
    second = html(SIGN_IN.format(action=IDP))
    run, script = play({Step.PASSIVE: [first], Step.CREDENTIALS: [second, form_page()]})

    assert run.evidence is not None
    assert run.evidence.result is SignInResult.SIGNED_IN
    assert [sorted(body) for body in script.bodies(Step.CREDENTIALS)] == [
        ["next", "username"], ["AuthMethod", "Password", "UserName", "go"]
    ]  # fmt: skip


NOWHERE: dict[str, tuple[dict[Step, list[Answer]], Step, str]] = {
    "script": ({Step.PASSIVE: [html("<noscript>Enable it</noscript><script></script>")]}, Step.PASSIVE, "by a script"),
    "nothing": ({Step.PASSIVE: [html("<p>Hello</p>")]}, Step.PASSIVE, "neither a form for Entra nor fields"),
    "no page": ({Step.PASSIVE: [html(b"{}", kind="application/json")]}, Step.PASSIVE, "with no page"),
    "error": ({Step.PASSIVE: [html("<h1>MSIS7102</h1>", status=500)]}, Step.PASSIVE, "HTTP 500; it says: MSIS7102"),
    "loop": ({Step.PASSIVE: [moved(IDP)]}, Step.PASSIVE, "round and round"),
    "no address": ({Step.PASSIVE: [moved("https://[sts.contoso.example/")]}, Step.PASSIVE, "no https address"),
    "no form's address": (
        {Step.PASSIVE: [html(SIGN_IN.format(action="https://[sts.contoso.example/"))]}, Step.PASSIVE, "was not typed",
    ),
    "in the clear": ({Step.PASSIVE: [moved("http://sts.contoso.example/")]}, Step.PASSIVE, "no https address"),
    "401": ({Step.PASSIVE: [html("<p>no</p>", status=401)]}, Step.PASSIVE, "no page for name and password"),
    "mute": (
        {Step.PASSIVE: [PeerUnreachable("nothing", where="there", breakage=Breakage.TIMEOUT)]}, Step.PASSIVE, "nothing",
    ),
    "elsewhere": ({Step.PASSIVE: [form_page(action="https://evil.example/login.srf")]}, Step.PASSIVE, "refused"),
    "get": ({Step.PASSIVE: [form_page(method="GET")]}, Step.PASSIVE, "POST alone"),
    "managed": (
        {Step.REALM: [documents.answer('{"NameSpaceType":"Managed"}', kind="application/json")]}, Step.REALM, "no IdP",
    ),
    "entra's own page": ({Step.AUTHORIZE: [html("<title>Sign in</title>")]}, Step.AUTHORIZE, "a page of its own"),
    "passive in the clear": (
        {Step.AUTHORIZE: [moved("http://sts.contoso.example/?wa=wsignin1.0")]}, Step.AUTHORIZE, "no https address",
    ),
    "refused": ({Step.WRESULT: [html("<p>AADSTS50107: no such realm</p>")]}, Step.WRESULT, "AADSTS50107"),
    "portal": ({Step.WRESULT: [moved("https://www.office.com/")]}, Step.WRESULT, "instead of back to the program"),
    "declined": (
        {Step.WRESULT: [moved("http://localhost?error=access_denied&error_description=AADSTS65004%3A+no")]},
        Step.WRESULT,
        "Entra gave no code: access_denied",
    ),
    "bounce": ({Step.WRESULT: [to_the_idp()]}, Step.WRESULT, "3 times"),
    "no token": ({Step.TOKEN: [html("<p>proxy</p>")]}, Step.TOKEN, "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOWHERE)
def test_a_sign_in_that_leads_nowhere_says_where_it_ended_and_why(name: str) -> None:
    changes, step, words = NOWHERE[name]
    if name == "bounce":
        changes = {**changes, Step.PASSIVE: [form_page()]}

    found, reason = ended(changes)

    assert found is step
    assert words in reason


def test_a_page_where_a_ticket_could_have_been_shown_names_the_browser() -> None:
    run, _ = play({Step.PASSIVE: [html(SIGN_IN.format(action="/adfs/ls/"))]}, password=None)

    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert "Edg/" in run.evidence.failure.remedy
    assert "WIASupportedUserAgents" in run.evidence.failure.remedy


def test_a_ticket_that_is_refused_is_the_acceptors_affair() -> None:
    refused = HttpReply(
        status=401, headers=(("Content-Type", "text/html"), ("WWW-Authenticate", "Negotiate")), body=b"<p>no</p>"
    )

    assert "its Kerberos acceptor refused it" in ended({Step.PASSIVE: [refused]}, password=None)[1]


def test_surroundings_that_fail_leave_what_had_been_done() -> None:
    with pytest.raises(BrowserInterrupted) as caught:
        play({Step.PASSIVE: [LabError("the machine is full", remedy="make room")]})

    assert [item.step for item in caught.value.run.transcript.exchanges] == STEPS[:4]


def test_a_sign_in_without_a_kept_password_learns_none() -> None:
    run, _ = play(password=NOT_KEPT)

    assert run.evidence is not None
    assert run.evidence.result is SignInResult.SIGNED_IN


def test_what_an_unreadable_publication_says_names_no_place_that_masking_moves() -> None:
    cut = fedmeta_cases.signed(fedmeta_cases.entity())[:-40]
    run, _ = play({Step.FEDERATION_METADATA: [HttpReply(status=200, body=cut)]})
    assert run.evidence is not None
    assert run.evidence.published is not None

    (kept,) = (item.reply for item in run.transcript.exchanges if item.step is Step.FEDERATION_METADATA)
    assert isinstance(kept, HttpReply)
    assert kept.body != cut, "a certificate's signature is masked in it"
    assert run.evidence.published.problem
    assert "column" not in run.evidence.published.problem
    again, _ = play({Step.FEDERATION_METADATA: [kept]})
    assert again.evidence is not None
    assert again.evidence.published is not None
    assert again.evidence.published.problem == run.evidence.published.problem
