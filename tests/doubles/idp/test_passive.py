"""The reference IdP's passive door: who is asked for what, what is refused on a page, and what leaves in the form."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import lxml.html
import pytest
import requests
from lxml import etree

from tests.doubles.idp.caller import APPLICATION_ID, STS, Place

Serve = Callable[..., Any]
REALM = "urn:federation:MicrosoftOnline"
WCTX = "LoginOptions=3&estsredirect=2&estsrequest=rQQIAR-_x"
PATHS = {"pingone": f"/wsf/{APPLICATION_ID}", "adfs": "/adfs/ls/", "jumpcloud": f"/wsfed/{APPLICATION_ID}"}
ISSUERS = {
    "pingone": f"https://sts.hybridjoin.test/applications/{APPLICATION_ID}",
    "adfs": "http://sts.hybridjoin.test/adfs/services/trust",
    "jumpcloud": "hybridjoin.test",
}
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/142.0.0.0"
MULTIPLE = "http://schemas.microsoft.com/claims/multipleauthn"


def asked(idp: Any, profile: str = "adfs", agent: str = EDGE, **changes: str) -> requests.Response:  # noqa: ANN401
    query = {"wa": "wsignin1.0", "wtrealm": REALM, "wctx": WCTX, **changes}
    url = f"{idp.url}{PATHS[profile]}?{urlencode(query)}"
    client: requests.Session = idp.client
    return client.get(url, headers={"User-Agent": agent}, allow_redirects=False, timeout=20)


def form_of(reply: requests.Response) -> dict[str, str]:
    (form,) = lxml.html.document_fromstring(reply.text).forms
    return {"": form.action or "", **{item.name: str(item.value or "") for item in form.inputs if item.name}}


def assertion_of(reply: requests.Response) -> etree._Element:
    root = etree.fromstring(form_of(reply)["wresult"].encode())
    return next(root.iter("{urn:oasis:names:tc:SAML:1.0:assertion}Assertion"))


@pytest.mark.parametrize("profile", PATHS)
def test_a_browser_is_asked_for_a_ticket_and_shown_the_page_beside(serve: Serve, profile: str) -> None:
    reply = asked(serve(profile=profile), profile, username="carol@hybridjoin.test")

    assert (reply.status_code, reply.headers["WWW-Authenticate"]) == (401, "Negotiate")
    assert form_of(reply)["UserName"] == "carol@hybridjoin.test"
    assert "wctx=" in form_of(reply)[""], "the question is kept in the page's own address"


def test_the_page_can_be_told_to_send_the_password_elsewhere(serve: Serve) -> None:
    reply = asked(serve(profile="adfs", faults=[{"name": "passive-password-elsewhere"}]))

    assert form_of(reply)[""].startswith("https://collector.hybridjoin.test/adfs/ls/?wa=wsignin1.0&")


@pytest.mark.parametrize(
    ("settings", "changes", "status", "challenged"),
    [
        ({"door": "form"}, {}, 200, False),
        ({"door": "integrated"}, {}, 401, True),
        ({"agents": ["Trident/7.0"]}, {}, 200, False),
        ({}, {"wauth": "urn:oasis:names:tc:SAML:1.0:am:password"}, 200, False),
        ({}, {"prompt": "login"}, 200, False),
        ({"door": "form"}, {"wauth": "urn:federation:authentication:windows"}, 401, True),
    ],
)
def test_what_is_asked_for_follows_from_settings_and_request(
    serve: Serve, settings: dict[str, object], changes: dict[str, str], status: int, challenged: bool
) -> None:
    reply = asked(serve(profile="adfs", passive=settings), **changes)

    assert reply.status_code == status
    assert ("WWW-Authenticate" in reply.headers) is challenged


@pytest.mark.parametrize(
    ("changes", "faults", "status", "words"),
    [
        ({"wtrealm": "urn:another"}, [], 500, "MSIS3020"),
        ({"wauth": "urn:unknown"}, [], 500, "MSIS7102"),
        ({"wauth": "urn:oasis:names:tc:SAML:1.0:am:password"}, ["passive-without-method"], 500, "MSIS7102"),
        ({"wa": "wattr1.0"}, [], 400, "MSIS7000"),
        ({"wctx": "x" * 2000}, ["passive-long-url"], 414, "too long"),
    ],
)
def test_what_cannot_be_answered_ends_on_a_page(
    serve: Serve, changes: dict[str, str], faults: list[str], status: int, words: str
) -> None:
    reply = asked(serve(profile="adfs", faults=[{"name": name} for name in faults]), **changes)

    assert reply.status_code == status
    assert words in reply.text
    assert reply.headers["Content-Type"].startswith("text/html")


def test_signing_out_ends_the_session_and_lets_entra_clean_up(serve: Serve) -> None:
    idp = serve(profile="adfs")
    reply = asked(idp, wa="wsignout1.0")
    (frame,) = lxml.html.document_fromstring(reply.text).xpath("//iframe/@src")

    assert reply.status_code == 200
    assert frame == "https://login.microsoftonline.com/login.srf?wa=wsignoutcleanup1.0"
    assert "Max-Age=0" in reply.headers["Set-Cookie"]
    assert idp.audit() == ["Signed Out: nobody"]


@pytest.mark.lab
@pytest.mark.parametrize("profile", PATHS)
def test_a_password_brings_a_session_and_the_form(place: Place, verify: Callable[..., None], profile: str) -> None:
    idp = place.idp(profile=profile, passive={"door": "form"})
    page = form_of(asked(idp, profile))
    password = place.domain.passwords["carol"].read_text("utf-8").strip()
    typed = {"UserName": "carol@hybridjoin.test", "Password": password, "AuthMethod": page["AuthMethod"]}
    sent = idp.client.post(f"{idp.url}{page['']}", data=typed, allow_redirects=False, timeout=20)
    reply = idp.client.get(f"{idp.url}{sent.headers['Location']}", timeout=20)

    assert (sent.status_code, reply.status_code) == (302, 200)
    assert "Secure" in sent.headers["Set-Cookie"]
    assert "HttpOnly" in sent.headers["Set-Cookie"]
    found = form_of(reply)
    assert found[""] == "https://login.microsoftonline.com/login.srf"
    assert (found["wa"], found["wctx"]) == ("wsignin1.0", WCTX)
    assertion = assertion_of(reply)
    verify(assertion)
    method = assertion.find("{*}AuthenticationStatement")
    assert method is not None
    assert method.get("AuthenticationMethod") == "urn:oasis:names:tc:SAML:1.0:am:password"
    assert password not in "\n".join(idp.audit())


@pytest.mark.lab
def test_a_wrong_password_brings_the_page_again_and_no_session(place: Place) -> None:
    idp = place.idp(profile="adfs", passive={"door": "form"})
    page = form_of(asked(idp))
    typed = {"UserName": "carol", "Password": "wrong"}
    reply = idp.client.post(f"{idp.url}{page['']}", data=typed, allow_redirects=False, timeout=20)

    assert reply.status_code == 200
    assert "Incorrect user ID or password" in reply.text
    assert "Set-Cookie" not in reply.headers


@pytest.mark.lab
@pytest.mark.parametrize(("factors", "told"), [("none", False), ("claim", True), ("method", True)])
def test_a_ticket_brings_the_form_at_once_and_a_second_factor_is_told_as_set(
    place: Place, factors: str, told: bool
) -> None:
    idp = place.idp(profile="adfs", passive={"factors": factors})
    caller = place.caller(idp)
    query = urlencode({"wa": "wsignin1.0", "wtrealm": REALM, "wctx": WCTX, "wauth": MULTIPLE})
    token = caller.context(STS).step() or b""
    headers = {"User-Agent": EDGE, "Authorization": f"Negotiate {base64.b64encode(token).decode()}"}
    reply = idp.client.get(f"{idp.url}/adfs/ls/?{query}", headers=headers, timeout=20)

    assert reply.status_code == 200
    assert reply.headers["WWW-Authenticate"].startswith("Negotiate ")
    assert (MULTIPLE in etree.tostring(assertion_of(reply)).decode()) is told


def test_the_command_that_federates_names_the_addresses_and_the_domain(serve: Serve) -> None:
    idp = serve(profile="jumpcloud")
    text = idp.client.get(f"{idp.url}/wsfed/{APPLICATION_ID}/commands", timeout=20).text

    assert "New-MgDomainFederationConfiguration" in text
    assert '-IssuerUri "hybridjoin.test"' in text
    assert f'-PassiveSignInUri "{idp.url}/wsfed/{APPLICATION_ID}"' in text
    assert '-PreferredAuthenticationProtocol "wsFed"' in text


@pytest.mark.parametrize("profile", PATHS)
def test_the_federation_metadata_is_signed_and_names_key_issuer_and_addresses(
    serve: Serve, verify: Callable[..., None], profile: str
) -> None:
    idp = serve(profile=profile)
    reply = idp.client.get(f"{idp.url}/FederationMetadata/2007-06/FederationMetadata.xml", timeout=20)
    root = etree.fromstring(reply.content)
    role = root.find("{*}RoleDescriptor")

    verify(root, id_attribute="ID")
    assert role is not None
    assert role.get("{http://www.w3.org/2001/XMLSchema-instance}type") == "fed:SecurityTokenServiceType"
    assert role.nsmap["fed"] == "http://docs.oasis-open.org/wsfed/federation/200706"
    assert role.findtext("{*}PassiveRequestorEndpoint//{*}Address") == f"{idp.url}{PATHS[profile]}"
    assert root.get("entityID") == ISSUERS[profile]
    assert len({item.text for item in root.iter("{*}X509Certificate")}) == 1
