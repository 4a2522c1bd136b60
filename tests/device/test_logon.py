"""A logon with scripted answers: what is asked, signed, kept and shown, and how each step ends it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from functools import cached_property
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from hybridjoin.device.habits import Habits
from hybridjoin.device.recorded_hands import RecordedHands
from hybridjoin.device.signin.logon import JoinedDevice
from hybridjoin.device.signin.logon_run import log_on_again, log_on_with
from hybridjoin.device.signin.run import SignInRun
from hybridjoin.device.signin.username import Credentials
from hybridjoin.errors import Breakage
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.flows import PRIMARY_REFRESH_TOKEN
from hybridjoin.model.record import SignInResult
from hybridjoin.model.recorded import keep, recall
from hybridjoin.model.steps import Step
from hybridjoin.protocol import prt
from tests.device import documents, test_sign_in
from tests.device.script import SITE
from tests.device.test_sign_in import NAME, PASSWORD, Answers, Script, broken

STEPS = list(PRIMARY_REFRESH_TOKEN.steps)
DEVICE = JoinedDevice(
    device_id=str(documents.DEVICE_GUID),
    certificate=b"certificate",
    key=documents.key("device"),
    transport_key=documents.key("transport"),
)


class Logon(Script):
    """The answers of a sign-in, and those to what a logon asks at the token endpoint besides."""

    @cached_property
    def sent(self) -> list[HttpRequest]:
        return []

    def send(self, request: HttpRequest, **how: object) -> object:  # type: ignore[override] # of the same hands
        if "/oauth2/token" in request.url:
            self.sent.append(request)
            self.answers = {
                **self.answers,
                Step.TOKEN: self.answers[Step.NONCE if b"srv_challenge" in request.body else Step.PRT],
            }
        return super().send(request, **how)  # type: ignore[arg-type]


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(key: str = "transport", **changes: object) -> HttpReply:
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)  # noqa: S303 - RSA-OAEP
    wrapped = encode(documents.key(key).public_key().encrypt(bytes(32), oaep))
    header = encode(b'{"alg":"RSA-OAEP","enc":"A256GCM"}')
    said: dict[str, object] = {
        "token_type": "pop", "refresh_token": "0.secret-of-the-token", "refresh_token_expires_in": 1209600,
        "session_key_jwe": f"{header}.{wrapped}.AAAA..AAAA", "id_token": "", **changes,
    }  # fmt: skip
    return documents.answer(said)


ANSWERS: Answers = {**test_sign_in.SUCCESS, Step.NONCE: documents.answer({"Nonce": "n-1"}), Step.PRT: token()}


def play(changes: Answers | None = None) -> tuple[SignInRun, Logon]:
    script = Logon({**ANSWERS, **(changes or {})})
    credentials = Credentials(name=NAME, password=PASSWORD)
    return log_on_with(script, SITE, credentials, Habits(), DEVICE), script  # type: ignore[arg-type]


def asked() -> dict[Step, HttpRequest]:
    """What a logon asks Entra's token endpoint."""
    _, script = play()
    return {Step.NONCE: script.sent[0], Step.PRT: script.sent[1]}


def test_a_logon_asks_in_its_order_and_keeps_the_token_and_whose_key_it_is() -> None:
    run, _ = play()
    evidence = run.evidence

    assert evidence is not None
    assert (evidence.result, evidence.failure) == (SignInResult.SIGNED_IN, None)
    assert [item.step for item in run.transcript.exchanges] == STEPS
    assert evidence.session_key is not None
    assert (evidence.session_key.ours, evidence.session_key.bits) == (True, 256)
    assert (evidence.session_key.algorithm, evidence.session_key.encryption) == ("RSA-OAEP", "A256GCM")
    assert "secret-of-the-token" not in repr(evidence) + repr(run.transcript)


def test_the_request_is_signed_by_the_device_and_names_nonce_grant_and_key_derivation() -> None:
    body = prt.build_prt_request(
        certificate=b"certificate", key=DEVICE.key, nonce="n-1", assertion_xml=b"<a/>", os_version="10.0.1"
    )
    form = parse_qs(body.decode())
    head, payload, signature = form["request"][0].split(".")
    said = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, payload)]

    DEVICE.key.public_key().verify(
        base64.urlsafe_b64decode(signature + "=="), f"{head}.{payload}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert (said[0]["alg"], said[0]["kdf_ver"], base64.b64decode(said[0]["x5c"])) == ("RS256", 2, b"certificate")
    assert (said[1]["request_nonce"], base64.b64decode(said[1]["assertion"])) == ("n-1", b"<a/>")
    assert said[1]["grant_type"] == "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
    assert (form["windows_api_version"], form["tgt"]) == (["2.2"], ["true"])


PAGE = "<!DOCTYPE html><html><p>hi</p></html>"
FAILURES: dict[str, tuple[Answers, Step, int]] = {
    "realm: managed": ({Step.REALM: documents.realm("Managed")}, Step.REALM, 0),
    "nonce: page": ({Step.NONCE: documents.answer("<html>")}, Step.NONCE, 0),
    "nonce: refused": ({Step.NONCE: documents.refusal("x")}, Step.NONCE, 0xC000006D),
    "mex: no password address": ({Step.MEX: documents.mex()}, Step.MEX, 0xC004848B),
    "mex: DTD": ({Step.MEX: documents.answer(PAGE)}, Step.MEX, 0xC00CEE4F),
    "rst: a page of a proxy": ({Step.RST: documents.answer(PAGE, kind="application/soap+xml")}, Step.RST, 0xC00CEE4F),
    "rst: fault": ({Step.RST: documents.fault()}, Step.RST, 0xC00484C1),
    "rst: reset": ({Step.RST: broken(Breakage.RESET)}, Step.RST, 0xC000023C),
    "prt: refused": ({Step.PRT: documents.refusal("x")}, Step.PRT, 0xC000006D),
    "prt: page": ({Step.PRT: documents.answer("<html>")}, Step.PRT, 0),
}


@pytest.mark.parametrize(("changes", "step", "code"), FAILURES.values(), ids=FAILURES)
def test_each_step_ends_the_logon_with_the_code_that_windows_shows(changes: Answers, step: Step, code: int) -> None:
    run, _ = play(changes)

    assert run.evidence is not None
    assert run.evidence.failure is not None
    assert (run.evidence.failure.step, run.evidence.failure.cause.code) == (step, code)
    assert run.evidence.result is SignInResult.NOT_SIGNED_IN


def test_the_screen_tells_the_token_or_the_last_attempt() -> None:
    good, _ = play()
    bad, _ = play({Step.PRT: documents.refusal("x")})
    told = [line.strip() for line in bad.status_screen]

    assert "AzureAdPrt : YES" in [line.strip() for line in good.status_screen]
    assert {"AzureAdPrt : NO", "AcquirePrtDiagnostics : PRESENT", "Attempt Status : 0xc000006d"} <= set(told)
    assert {f"User Identity : {NAME}", "Credential Type : Password", "HTTP status : 400"} <= set(told)
    assert any(line.startswith("Server Error Description : AADSTS") for line in told)


@pytest.mark.parametrize("key", ["transport", "stranger"])
def test_it_is_gone_through_again_from_its_record_with_any_key(key: str) -> None:
    run, _ = play({Step.PRT: token(key)})
    assert run.evidence is not None
    kept = tuple(recall(keep(item)) for item in run.transcript.exchanges)
    hands = RecordedHands(replace(run.transcript, exchanges=kept))
    replayed = log_on_again(hands, SITE, NAME, Habits(), mistyped=False).evidence

    assert replayed is not None
    assert replayed.session_key == run.evidence.session_key
    assert replayed.session_key is not None
    assert replayed.session_key.ours is (key == "transport")
    assert replayed.result is run.evidence.result
