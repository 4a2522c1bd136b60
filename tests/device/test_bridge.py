"""The sign-in through a bridge, told against a script: what is asked in which order, and how each step ends."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.run import BridgeInterrupted, BridgeRun, cross_bridge_with
from hybridjoin.device.driver import Changed, Sent
from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Manner, Read
from hybridjoin.device.readings import read
from hybridjoin.device.signin.username import Credentials
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
from hybridjoin.model.relying_party import GroupsFrom, RelyingParty
from hybridjoin.model.steps import Step
from tests.checks.bridge_cases import BASE, CLIENT, CONFIGURATION, DENIED, PARTY, REDIRECT
from tests.device import documents
from tests.device.script import SITE

PASSWORD, SECRET, CODE = "correct <horse>", "abc8Q~never-seen-before-value-0123456789", f"1.A{'c' * 60}"
STEPS = [Step.OPENID, Step.KEYS, Step.SIGN_IN_PAGE, Step.SIGN_IN, Step.TOKEN, Step.USERINFO]
KEY = documents.key("openid")
Answer = HttpReply | HarnessError
PLACES = {
    "/.well-known/": Step.OPENID, "/keys": Step.KEYS, "/authorize": Step.SIGN_IN_PAGE, f"{BASE}/login": Step.SIGN_IN,
    "/token": Step.TOKEN, "/userinfo": Step.USERINFO, "/v1.0/": Step.GROUPS,
}  # fmt: skip


def as_json(document: object, status: int = 200) -> HttpReply:
    headers = (("content-type", "application/json"),)
    return HttpReply(status=status, reason="", headers=headers, body=json.dumps(document).encode())


def page(body: str) -> HttpReply:
    headers = (("content-type", "text/html; charset=utf-8"),)
    return HttpReply(status=200, reason="OK", headers=headers, body=f"<html><body>{body}</body></html>".encode())


def key_set() -> HttpReply:
    numbers = KEY.public_key().public_numbers()

    def number(value: int) -> str:
        return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()

    key = {"kty": "RSA", "use": "sig", "kid": "k-1", "n": number(numbers.n), "e": number(numbers.e)}
    return as_json({"keys": [key]})


FORM = (
    f'<form method="post" action="{BASE}/login"><input type="hidden" name="ctx" value="c">'
    '<input type="email" name="login"><input type="password" name="passwd"></form>'
)


@dataclass
class Script:
    """Answers a bridge and its user's browser; keeps what was asked."""

    answers: Mapping[Step, Answer] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    requests: dict[Step, HttpRequest] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1))

    def now(self) -> datetime:
        return documents.NOON

    def begin(self, step: Step) -> datetime:
        return documents.NOON

    def new_id(self) -> UUID:
        return UUID(int=next(self.numbers), version=4)

    def new_key(self) -> RSAPrivateKey:
        raise AssertionError("a bridge makes no key")

    def ticket(self, request: TicketRequest) -> TicketReply:
        raise AssertionError("a bridge asks for no ticket")

    def search(self, request: SearchRequest) -> SearchReply:
        raise AssertionError("a bridge searches no directory")

    def machine_key(self) -> RSAPrivateKey:
        raise AssertionError("a bridge is no computer")

    def modify(self, request: ModifyRequest) -> Changed:
        raise AssertionError("a bridge writes to no directory")

    def read(self, need: Read) -> Reading:
        return read(need)

    def asked(self) -> dict[str, str]:
        query = urlsplit(self.requests[Step.SIGN_IN_PAGE].url).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    def token(self) -> HttpReply:
        moment = int(documents.NOON.timestamp())
        claims = {
            "iss": f"{BASE}/v2.0", "aud": CLIENT, "sub": "who", "nonce": self.asked()["nonce"], "exp": moment + 600,
            "email": "carol@contoso.example", "groups": ["g-1"], "oid": "o-1", **self.claims,
        }  # fmt: skip
        signed = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "k-1"})
        return as_json({"token_type": "Bearer", "access_token": "opaque-to-us", "id_token": signed, "scope": "openid"})

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        assert not as_computer
        step = next(step for part, step in PLACES.items() if part in request.url)
        self.requests[step] = request
        found = self.answers.get(step) or self.healthy(step)
        if isinstance(found, HarnessError):
            raise found
        return Sent(request=request, reply=found)

    def healthy(self, step: Step) -> HttpReply:
        if step is Step.SIGN_IN:
            target = f"{REDIRECT}&code={CODE}&state={self.asked()['state']}"
            return HttpReply(status=302, reason="Found", headers=(("location", target),), body=b"")
        answers: dict[Step, Callable[[], HttpReply]] = {
            Step.OPENID: lambda: as_json(CONFIGURATION),
            Step.KEYS: key_set,
            Step.SIGN_IN_PAGE: lambda: page(FORM),
            Step.TOKEN: self.token,
            Step.USERINFO: lambda: as_json({"sub": "who"}),
            Step.GROUPS: lambda: as_json({"value": ["g-1"]}),
        }
        return answers[step]()


def play(script: Script | None = None, party: RelyingParty = PARTY) -> tuple[BridgeRun, Script]:
    script = script or Script()
    credentials = Credentials(name="carol@contoso.example", password=PASSWORD)
    console = Console(relying_party=party, secret=SECRET, credentials=credentials)
    return cross_bridge_with(script, SITE, console, Habits()), script


def test_a_user_signs_in_and_nothing_secret_is_kept() -> None:
    run, script = play()

    assert run.evidence is not None
    assert (run.evidence.result, run.evidence.failure) == (SignInResult.SIGNED_IN, None)
    assert [item.step for item in run.transcript.exchanges] == STEPS
    assert run.evidence.id_token is not None
    assert (run.evidence.id_token.valid, run.evidence.id_token.groups) == (True, ("g-1",))
    kept = repr(run.transcript)
    for secret in (PASSWORD, SECRET, CODE, "opaque-to-us"):
        assert secret not in kept
    assert SECRET.encode() in script.requests[Step.TOKEN].body.replace(b"%7E", b"~")


def test_the_secret_may_stand_in_a_header_and_a_verifier_is_shown() -> None:
    run, script = play(party=replace(PARTY, secret_by="basic", pkce=True))

    assert run.evidence is not None
    assert run.evidence.result is SignInResult.SIGNED_IN
    headers = dict(script.requests[Step.TOKEN].headers)
    assert headers["Authorization"].startswith("Basic ")
    assert b"code_verifier=" in script.requests[Step.TOKEN].body
    assert script.asked()["code_challenge_method"] == "S256"
    assert SECRET not in repr(run.transcript)


def refusal(code: int, status: int = 401) -> HttpReply:
    words = f"AADSTS{code}: No.\r\nTrace ID: t\r\nCorrelation ID: c\r\nTimestamp: 2026-11-28 12:00:00Z"
    return as_json({"error": "invalid_client", "error_description": words, "error_codes": [code]}, status)


def to_the_bridge(query: str) -> HttpReply:
    return HttpReply(status=302, reason="", headers=(("location", f"{REDIRECT}&{query}"),), body=b"")


FAILURES: dict[str, tuple[Script, Step, str]] = {
    "no document": (Script({Step.OPENID: as_json({}, 404)}), Step.OPENID, "answered HTTP 404"),
    "a page": (Script({Step.OPENID: page("Sign in to the network")}), Step.OPENID, "cannot be read"),
    "no endpoint": (Script({Step.OPENID: as_json({"issuer": "https://x/"})}), Step.OPENID, "no https address for"),
    "no keys": (Script({Step.KEYS: as_json({"keys": 1})}), Step.KEYS, "expected a JWK set"),
    "a script": (Script({Step.SIGN_IN_PAGE: page("<script>1</script>")}), Step.SIGN_IN_PAGE, "asks for no name"),
    "another host": (
        Script({Step.SIGN_IN_PAGE: page(FORM.replace("login.microsoftonline.com", "evil.example"))}),
        Step.SIGN_IN_PAGE,
        "goes to another host: evil.example",
    ),
    "shown": (Script({Step.SIGN_IN_PAGE: page("<p>AADSTS50011: The redirect URI.</p>")}), Step.SIGN_IN_PAGE, "50011"),
    "told": (
        Script({Step.SIGN_IN: to_the_bridge("error=access_denied&error_description=AADSTS90094%3A+No.")}),
        Step.SIGN_IN,
        "AADSTS90094",
    ),
    "another state": (Script({Step.SIGN_IN: to_the_bridge(f"code={CODE}&state=x")}), Step.SIGN_IN, "another request"),
    "led elsewhere": (
        Script({Step.SIGN_IN: HttpReply(status=302, reason="", headers=(("location", "https://sts.x/ls"),), body=b"")}),
        Step.SIGN_IN,
        "sends the user on to sts.x",
    ),
    "neither": (Script({Step.SIGN_IN: page("<p>Hello</p>")}), Step.SIGN_IN, "neither a code nor a refusal came"),
    "secret": (Script({Step.TOKEN: refusal(7000222)}), Step.TOKEN, "AADSTS7000222"),
    "no id_token": (Script({Step.TOKEN: as_json({"access_token": "a"})}), Step.TOKEN, "no id_token came"),
    "issuer": (Script(claims={"iss": "https://sts.windows.net/x/"}), Step.TOKEN, "it is of https://sts.windows.net/x/"),
    "audience": (Script(claims={"aud": "another"}), Step.TOKEN, "it is for another"),
    "over": (Script(claims={"exp": 1}), Step.TOKEN, "not valid at this time"),
    "nonce": (Script(claims={"nonce": "n"}), Step.TOKEN, "its nonce"),
    "userinfo": (Script({Step.USERINFO: as_json({"error": {"code": "X"}}, 401)}), Step.USERINFO, "HTTP 401: X"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_step_ends_in_words_of_its_own(name: str) -> None:
    script, step, words = FAILURES[name]
    run, _ = play(script)

    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert run.evidence.result is SignInResult.NOT_SIGNED_IN
    assert run.evidence.failure.step is step
    assert words in run.evidence.failure.reason
    assert run.evidence.failure.remedy or run.evidence.entra_error is not None


@pytest.mark.parametrize("step", [*STEPS])
def test_an_exchange_that_breaks_ends_the_sign_in_there(step: Step) -> None:
    broken = PeerUnreachable("no answer", breakage=Breakage.TIMEOUT, where="there")
    run, _ = play(Script({step: broken}))

    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert (run.evidence.failure.step, run.evidence.failure.breakage) == (step, Breakage.TIMEOUT)


def test_groups_that_graph_refuses_end_nothing() -> None:
    run, script = play(Script({Step.GROUPS: as_json(DENIED, 403)}), replace(PARTY, groups_from=GroupsFrom.GRAPH_USER))

    assert run.evidence is not None
    assert run.evidence.result is SignInResult.SIGNED_IN
    assert run.evidence.groups is not None
    assert run.evidence.groups.refusal == "Authorization_RequestDenied"
    assert script.requests[Step.GROUPS].url == "https://graph.microsoft.com/v1.0/users/o-1/getMemberObjects"


def test_surroundings_that_fail_leave_what_was_done() -> None:
    with pytest.raises(BridgeInterrupted) as caught:
        play(Script({Step.TOKEN: LabError("gone")}))

    assert [item.step for item in caught.value.run.transcript.exchanges] == STEPS[:5]
