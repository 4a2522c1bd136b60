"""Entra's own token service: each rule fires for its reason, and a token is traded once it was handed out."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from starlette.applications import Starlette

from hybridjoin.doubles.entra.autologon.messages import UnreadableRequest, fault, read_request, token_in
from hybridjoin.doubles.entra.autologon.rules import AUTOLOGON_RULES
from hybridjoin.doubles.kerberos.negotiate import Acceptor, AtFault, Decision, Handshake
from hybridjoin.lab.keytab import make_keytab
from hybridjoin.protocol import xml
from hybridjoin.protocol.rstr import SoapFault, TokenResponse, parse_reply
from tests.doubles.entra import forge
from tests.doubles.entra.client import Client
from tests.doubles.entra.test_rules import CLIENT
from tests.doubles.idp.test_spnego_token import ap_req

Install = Callable[..., tuple[Client, Starlette]]
Ask = Callable[..., requests.Response]
DOMAIN = {"name": "managed.test", "authentication": "Managed", "seamless": True}
CAROL = {
    "name": "carol", "upn": "carol@managed.test", "object_guid": str(forge.ALICE), "sid": forge.ALICE_SID,
    "password": "right",
}  # fmt: skip
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def asked(name: str = "carol@managed.test", password: str = "right") -> str:
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        f'xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:o="{_WSSE}"><s:Header>'
        "<a:MessageID>urn:uuid:1</a:MessageID><o:Security><o:UsernameToken>"
        f"<o:Username>{name}</o:Username><o:Password>{password}</o:Password></o:UsernameToken></o:Security></s:Header>"
        '<s:Body><t:RequestSecurityToken xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"/></s:Body></s:Envelope>'
    )


@pytest.fixture
def keytab(tmp_path: Path) -> str:
    path = tmp_path / "seamless.keytab"
    principal = "HTTP/autologon.microsoftazuread-sso.com"
    path.write_bytes(make_keytab(principals=(principal,), realm="HYBRIDJOIN.TEST", password="x", salt="y"))
    return str(path)


def told(reply: requests.Response) -> str:
    """Return the number in the words of a fault, as the device reads them."""
    assert reply.status_code == 400
    found = parse_reply(reply.content, http_status=400, content_type=reply.headers["content-type"])
    assert isinstance(found, SoapFault)
    assert found.subcode == "FailedAuthentication"
    return found.own_words.partition(":")[0]


def ticket(client: Client, shown: str | None, body: str = "") -> requests.Response:
    url = f"{client.base}/managed.test/winauth/trust/2005/windowstransport"
    headers = {"Authorization": shown} if shown else {}
    return client.session.post(url, data=body or asked(), headers=headers, timeout=20)


def password(client: Client, body: str | None = None, *, tenant: str = "managed.test") -> requests.Response:
    url = f"{client.base}/{tenant}/winauth/trust/2005/usernamemixed"
    return client.session.post(url, data=(body or asked()).encode(), timeout=20)


def negotiate(token: bytes) -> str:
    return f"Negotiate {base64.b64encode(token).decode()}"


def traded(client: Client, token: str) -> requests.Response:
    saml = "urn:oasis:names:tc:SAML:1.0:assertion"
    assertion = f'<saml:Assertion xmlns:saml="{saml}"><DesktopSsoToken>{token}</DesktopSsoToken></saml:Assertion>'
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
        "client_id": CLIENT,
        "resource": "https://graph.windows.net",
        "assertion": base64.b64encode(assertion.encode()).decode(),
    }
    return client.session.post(f"{client.base}/common/oauth2/token", data=form, timeout=20)


BREAKERS: Mapping[str, tuple[Mapping[str, object], Callable[[Client], requests.Response]]] = {
    "desktop-sso-tenant": ({}, lambda client: password(client, tenant="nowhere.test")),
    "desktop-sso-off": ({"domains": [{**DOMAIN, "seamless": False}]}, password),
    "desktop-sso-request": ({}, lambda client: password(client, "<html/>")),
    "desktop-sso-package": ({}, lambda client: ticket(client, negotiate(b"NTLMSSP\x00" + bytes(40)))),
    "desktop-sso-header": ({}, lambda client: ticket(client, "Negotiate %%%")),
    "desktop-sso-ticket": ({}, lambda client: ticket(client, negotiate(ap_req("HTTP", "x", etype=18)))),
    "desktop-sso-unknown-name": ({}, lambda client: password(client, asked("dave@managed.test"))),
    "desktop-sso-password": ({}, lambda client: password(client, asked(password="wrong"))),
    "desktop-sso-second-factor": ({"require_mfa": True}, password),
}
# A ticket that is good but for its time, or whose user is unknown, comes from a KDC; so does a disabled user.
BY_HANDSHAKE: Mapping[str, Handshake] = {
    "desktop-sso-ticket-over": Handshake(decision=Decision.REFUSED, problem="Clock skew", fault=AtFault.TIME),
    "desktop-sso-nobody": Handshake(decision=Decision.ACCEPTED, account="dave", realm="HYBRIDJOIN.TEST"),
}
ELSEWHERE = {"desktop-sso-disabled", "desktop-sso-token"}


def test_every_rule_is_tried() -> None:
    assert {*BREAKERS, *BY_HANDSHAKE, *ELSEWHERE} == set(AUTOLOGON_RULES)
    assert all(rule.source.startswith("http") and rule.trigger.endswith(".") for rule in AUTOLOGON_RULES.values())


@pytest.mark.parametrize("name", BREAKERS)
def test_a_rule_fires_for_its_reason(name: str, install: Install, keytab: str) -> None:
    changes, seen = BREAKERS[name]
    client, app = install(**{"domains": [DOMAIN], "users": [CAROL], "seamless_keytab": keytab, **changes})

    assert told(seen(client)) == f"AADSTS{AUTOLOGON_RULES[name].code}"
    assert app.state.audit.entries[-1].rule == name


@pytest.mark.parametrize("name", BY_HANDSHAKE)
def test_a_rule_fires_for_what_the_acceptor_says(
    name: str, install: Install, keytab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Acceptor, "accept", lambda *_, **__: BY_HANDSHAKE[name])
    client, _ = install(domains=[DOMAIN], users=[CAROL], seamless_keytab=keytab)

    assert told(ticket(client, "Negotiate x")) == f"AADSTS{AUTOLOGON_RULES[name].code}"


def test_who_shows_nothing_is_asked_for_a_ticket(install: Install, keytab: str) -> None:
    client, _ = install(domains=[DOMAIN], users=[CAROL], seamless_keytab=keytab)
    reply = ticket(client, None)

    assert (reply.status_code, reply.headers["WWW-Authenticate"], reply.content) == (401, "Negotiate", b"")


def test_a_password_brings_a_token_that_the_grant_takes_and_no_other_is_taken(install: Install, keytab: str) -> None:
    client, _ = install(domains=[DOMAIN], users=[CAROL], seamless_keytab=keytab)
    reply = password(client)
    found = parse_reply(reply.content, http_status=200, content_type=reply.headers["content-type"])

    assert isinstance(found, TokenResponse)
    assert found.desktop_sso
    assert found.assertion is None
    token = token_in(xml.parse(found.assertion_xml, where="the token"))
    taken, refused = traded(client, token), traded(client, f"{token}x")
    assert taken.status_code == 200
    assert taken.json()["access_token"]
    assert refused.json()["error_codes"] == [AUTOLOGON_RULES["desktop-sso-token"].code]


def test_the_token_is_traded_by_the_rules_of_every_grant(install: Install, keytab: str) -> None:
    client, _ = install(domains=[DOMAIN], users=[CAROL], seamless_keytab=keytab)
    reply = client.session.post(
        f"{client.base}/nowhere.test/oauth2/token",
        data={
            "grant_type": "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
            "assertion": base64.b64encode(
                b'<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:1.0:assertion"><DesktopSsoToken>x</DesktopSsoToken>'
                b"</a:Assertion>"
            ).decode(),
        },
        timeout=20,
    )

    assert reply.json()["error_codes"] == [90002]


@pytest.mark.parametrize("body", [b"", b"<a/>", b'<!DOCTYPE a []><a xmlns="x"/>', b"<a>"])
def test_what_is_no_request_is_not_read(body: bytes) -> None:
    with pytest.raises(UnreadableRequest):
        read_request(body)


def test_no_password_is_printed_and_words_are_escaped() -> None:
    assert "right" not in repr(read_request(asked().encode()))
    written = fault("AADSTS1: <b> & more", now=datetime(2026, 1, 2, tzinfo=UTC) + timedelta(hours=1))
    assert b"&lt;b&gt; &amp; more" in written
