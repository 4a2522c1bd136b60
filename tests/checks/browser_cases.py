"""Evidence of sign-ins by browser: a healthy one, and for each PASSIVE requirement one that breaks it."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from hybridjoin.errors import PeerError
from hybridjoin.evidence.browser import (
    AuthorizationCode,
    BrowserEvidence,
    PassiveResponse,
    PassiveVisit,
    PublishedMetadata,
)
from hybridjoin.evidence.outcome import Failure
from hybridjoin.evidence.sign_in import SignedInUser
from hybridjoin.model.record import SignInResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol import passive, rstr, signature, windows
from hybridjoin.protocol.mex import Credential
from hybridjoin.protocol.page import read_page
from hybridjoin.protocol.realm import parse_sign_in_realm
from tests.checks import fedmeta_cases
from tests.checks.evidence_factory import token_evidence
from tests.checks.messages import kept
from tests.checks.sign_in_cases import IMMUTABLE_ID, NAME, PASSWORD_METHOD, UPN, assertion
from tests.protocol.documents import ISSUER, NOW, REALM, T13, T2005, ReplyText, sign, signer

PASSIVE_URL = "https://sts.hybridjoin.test/adfs/ls/"
LOGIN = "https://login.microsoftonline.com/login.srf"
WCTX = "LoginOptions=3&estsredirect=2&estsrequest=rQQIAR-_x"
MULTIPLE = "http://schemas.microsoft.com/claims/multipleauthn"
REALM_ANSWER = (
    b'{"NameSpaceType":"Federated","Login":"carol@hybridjoin.test","DomainName":"hybridjoin.test",'
    b'"federation_protocol":"WSTrust","AuthURL":"https://sts.hybridjoin.test/adfs/ls/"}'
)
NO_KEY = "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"
Case = Callable[[], BrowserEvidence]


def wresult(text: str | None = None, **changes: Any) -> str:  # noqa: ANN401 the fields of ReplyText
    """The response alone, as it stands in wresult; `text` is what stands where the assertion should."""
    given = {"tokens": (text or sign(str(assertion())),), "trust": T2005, "key_type": NO_KEY, **changes}
    whole = bytes(ReplyText(**given)).decode()
    body = whole[whole.index("<e:Body>") + 8 : whole.index("</e:Body>")]
    return body.replace("<w:EndpointReference>", '<w:EndpointReference xmlns:w="http://www.w3.org/2005/08/addressing">')


def page(*, method: str = "POST", action: str = LOGIN, button: bool = True, **fields: str | None) -> bytes:
    """A page with a form that submits itself; None leaves a field out."""
    given = {"wa": "wsignin1.0", "wresult": wresult(), "wctx": WCTX, **fields}
    controls = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
        for name, value in given.items()
        if value is not None
    )
    pressed = '<noscript>Go on: <input type="submit" value="Submit"></noscript>' if button else ""
    return (
        f'<html><head><title>Working...</title></head><body><form method="{method}" action="{action}">{controls}'
        f"{pressed}</form><script>document.forms[0].submit()</script></body></html>"
    ).encode()


def formed(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 as page takes
    """The evidence that a page brings."""
    read = read_page(page(**changes), content_type="text/html; charset=utf-8", url=PASSIVE_URL)
    found = passive.answering_form(read)
    assert found is not None
    form = passive.read_form(found, read, url=PASSIVE_URL, status=200, content_type="text/html", meant_for=LOGIN)
    text = (form.wresult or "").encode()
    return {"form": kept(form, text), **answered(text)}


def answered(text: bytes) -> dict[str, Any]:
    try:
        response = rstr.parse_reply(text, http_status=200, content_type="wresult")
    except PeerError as error:
        return {"answer": PassiveResponse(response=None, problem=error.problem), "signature": None}
    assert isinstance(response, rstr.TokenResponse)
    reading = None
    if response.assertion is not None:
        reading = signature.read_signature(
            response.assertion_xml,
            assertion_id=response.assertion.assertion_id,
            trusted_certificates=(signer().certificate,),
            issued_at=response.assertion.issue_instant,
        )
    return {"answer": PassiveResponse(response=response), "signature": reading}


def asked(**more: str) -> dict[str, Any]:
    parameters = {"username": NAME, "wa": "wsignin1.0", "wtrealm": REALM, "wctx": WCTX, **more}
    url = f"{PASSIVE_URL}?{urlencode(parameters)}"
    return {"request": kept(passive.read_request(url), url.encode())}


def browsed(**changes: Any) -> BrowserEvidence:  # noqa: ANN401 the fields of BrowserEvidence
    """A sign-in in which every sentence that can be tested holds, with some of its evidence replaced."""
    healthy = BrowserEvidence(
        result=SignInResult.SIGNED_IN,
        user=SignedInUser(name=NAME, client_id="04b07795-8ddb-461a-bbee-02f9e1bf7b46", scope="openid"),
        credential=Credential.USERNAME,
        client_request_id="5d0c7f2e-8a41-4f5b-9d3e-77c1b2a90e14",
        started_at=NOW - timedelta(seconds=1),
        applies_to=REALM,
        issuer=ISSUER,
        signing_certificates=(signer().certificate,),
        realm=kept(parse_sign_in_realm(REALM_ANSWER), REALM_ANSWER),
        visit=PassiveVisit(pages=2, redirects=1, asked_to_type=True),
        form_received_at=NOW + timedelta(seconds=1),
        published=fedmeta_cases.published(),
        code=kept(AuthorizationCode(state_returned=True), b""),
        **asked(),
        **formed(),
        **token_evidence(),
    )
    return replace(healthy, **changes)


def said(**changes: object) -> Case:
    """Bend the assertion."""
    return lambda: browsed(**formed(wresult=wresult(sign(str(assertion(**changes))))))


def responded(**changes: Any) -> Case:  # noqa: ANN401 as wresult takes
    """Bend the response."""
    return lambda: browsed(**formed(wresult=wresult(**changes)))


def posted(**changes: Any) -> Case:  # noqa: ANN401 as page takes
    """Bend the form."""
    return lambda: browsed(**formed(**changes))


def publishing(case: Callable[[], PublishedMetadata]) -> Case:
    """Bend what the IdP publishes of itself."""
    return lambda: browsed(published=case())


def formless() -> BrowserEvidence:
    failure = Failure(
        phase=Phase.AUTH, step=Step.PASSIVE, reason="the page is written by a script", cause=windows.UNKNOWN
    )
    nothing = {"form": None, "answer": None, "signature": None, "form_received_at": None, "code": None, "token": None}
    return browsed(**nothing, failure=failure)


def broken_lines() -> BrowserEvidence:
    body = page().replace(b"ds:SignatureValue&gt;", b"ds:SignatureValue&gt;\r\n")
    read = read_page(body, content_type="text/html", url=PASSIVE_URL)
    found = passive.answering_form(read)
    assert found is not None
    form = passive.read_form(found, read, url=PASSIVE_URL, status=200, content_type="text/html", meant_for=LOGIN)
    return browsed(form=kept(form, (form.wresult or "").encode()))


SAML_20 = '<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0"/>'
FACTOR = ("http://schemas.microsoft.com/claims", "authnmethodsreferences", (MULTIPLE,))

PASSIVE_BREAKING: dict[str, Case] = {
    "PASSIVE-01": formless,
    "PASSIVE-02": posted(method="GET"),
    "PASSIVE-03": posted(action="https://elsewhere.hybridjoin.test/login.srf"),
    "PASSIVE-04": posted(wa=None),
    "PASSIVE-05": posted(wresult=None),
    "PASSIVE-06": posted(wctx=WCTX.replace("=", "%3D")),
    "PASSIVE-07": broken_lines,
    "PASSIVE-08": posted(button=False),
    "PASSIVE-09": posted(wresult=html.escape(wresult())),
    "PASSIVE-10": responded(trust=T13, key_type=f"{T13}/Bearer"),
    "PASSIVE-11": responded(trust=T13, collection=False, key_type=f"{T13}/Bearer"),
    "PASSIVE-12": responded(text=SAML_20),
    "PASSIVE-13": responded(applies_to="urn:federation:another"),
    "PASSIVE-14": responded(token_type="urn:another"),
    "PASSIVE-15": responded(key_type=f"{T2005}/SymmetricKey"),
    "PASSIVE-16": lambda: browsed(
        **formed(wresult=wresult(tokens=(sign(str(assertion())), sign(str(assertion(assertion_id="_2"))))))
    ),
    "PASSIVE-17": lambda: browsed(
        request=kept(passive.read_request("http://sts.hybridjoin.test/adfs/ls/?wa=wsignin1.0"), b"")
    ),
    "PASSIVE-18": lambda: browsed(credential=Credential.WINDOWS),
    "PASSIVE-19": said(method="urn:federation:authentication:windows"),
    "PASSIVE-20": lambda: browsed(**asked(wauth=MULTIPLE)),
    "PASSIVE-21": lambda: browsed(**asked(wfresh="0"), visit=PassiveVisit(pages=1)),
    **{name: publishing(case) for name, case in fedmeta_cases.BREAKING.items()},
}
PASSIVE_PASSING: dict[str, Case] = {
    **dict.fromkeys(PASSIVE_BREAKING, browsed),
    "PASSIVE-18": lambda: browsed(credential=Credential.WINDOWS, visit=PassiveVisit(pages=1, challenged=True)),
    "PASSIVE-20": lambda: browsed(
        **asked(wauth=MULTIPLE),
        **formed(wresult=wresult(sign(str(assertion(claims=(UPN, IMMUTABLE_ID, FACTOR), method=PASSWORD_METHOD))))),
    ),
    "PASSIVE-21": lambda: browsed(**asked(wfresh="0")),
    **{name: publishing(case) for name, case in fedmeta_cases.PASSING.items()},
}
PASSIVE_PLACES = {
    **dict.fromkeys(PASSIVE_BREAKING, "passive: message"),
    "PASSIVE-10": "passive: element wst:RequestSecurityTokenResponseCollection",
    "PASSIVE-11": "passive: element wst:RequestSecurityTokenResponse",
    "PASSIVE-12": "passive: element wst:RequestedSecurityToken",
    "PASSIVE-13": "passive: element wsp:AppliesTo",
    "PASSIVE-14": "passive: element wst:TokenType",
    "PASSIVE-15": "passive: element wst:KeyType",
    "PASSIVE-16": "passive: element wst:RequestedSecurityToken",
    "PASSIVE-17": "authorize: message",
    "PASSIVE-19": "passive: element saml:AuthenticationStatement",
    "PASSIVE-20": "passive: element saml:AuthenticationStatement",
    **fedmeta_cases.PLACES,
}
