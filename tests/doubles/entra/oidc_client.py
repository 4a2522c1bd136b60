"""An application's side of a sign-in by OpenID Connect, told with requests and the page's own form."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.doubles.entra import forge
from tests.doubles.entra.client import Client

APP = "8f0b7a52-6a1c-4f4e-9d7b-0c2f5be4d811"
SECRET_ID = "b0a5a1d7-52a4-4c9b-9d5c-6d6f1a1b2c3d"
SECRET = "Q~8x-not-a-real-secret-value"
REDIRECT = "https://bridge.test/cb/4f2a9c?pod=1"
PASSWORD = "Correct-Horse-1"
ALICE = "alice@hybridjoin.test"
STAFF, NESTED = "0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000002"


def application(**changes: object) -> dict[str, object]:
    return {
        "client_id": APP,
        "redirect_uris": [REDIRECT],
        "secrets": [{"id": SECRET_ID, "value": SECRET}],
        "group_membership_claims": "SecurityGroup",
        **changes,
    }


def tenant(app: dict[str, object] | None = None, **changes: object) -> dict[str, object]:
    alice = {
        "name": "alice",
        "upn": ALICE,
        "object_guid": str(forge.ALICE),
        "sid": forge.ALICE_SID,
        "display_name": "Alice Example",
        "mail": ALICE,
        "password": PASSWORD,
    }
    groups = [
        {"name": "Staff", "object_guid": STAFF, "members": ["Nested"]},
        {"name": "Nested", "object_guid": NESTED, "members": ["alice"]},
        {"name": "Others", "object_guid": "0a1b2c3d-0000-4000-8000-000000000003", "members": []},
    ]
    return {"users": [alice], "groups": groups, "applications": [app or application()], **changes}


def authorize(
    client: Client,
    *,
    tenant_name: str = "hybridjoin.test",
    v2: bool = True,
    **changes: Any,  # noqa: ANN401 - parameters of any kind
) -> requests.Response:
    asked = {
        "client_id": APP,
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid profile email",
        "state": "s-1",
        "nonce": "n-1",
        **changes,
    }
    path = f"/{tenant_name}/oauth2/{'v2.0/' if v2 else ''}authorize"
    asked = {name: value for name, value in asked.items() if value}
    return client.session.get(client.base + path, params=asked, timeout=20, allow_redirects=False)


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {unescape(name): unescape(value) for name, value in found}


def sign_in(client: Client, page: str, *, name: str = ALICE, password: str = PASSWORD) -> requests.Response:
    form = {**fields(page), "login": name, "passwd": password}
    path = f"{client.base}/hybridjoin.test/login"
    return client.session.post(path, data=form, timeout=20, allow_redirects=False)


def answered(reply: requests.Response) -> dict[str, str]:
    """What came back to the application by query or fragment."""
    assert reply.status_code == 302, reply.text
    target = urlsplit(reply.headers["Location"])
    return {name: values[0] for name, values in parse_qs(target.fragment or target.query).items()}


def code(client: Client, **changes: Any) -> str:  # noqa: ANN401 - parameters of any kind
    return answered(sign_in(client, authorize(client, **changes).text))["code"]


def redeem(client: Client, issued: str, *, v2: bool = True, **changes: Any) -> requests.Response:  # noqa: ANN401 - parameters of any kind
    form = {
        "grant_type": "authorization_code",
        "client_id": APP,
        "client_secret": SECRET,
        "code": issued,
        "redirect_uri": REDIRECT,
        **changes,
    }
    path = f"{client.base}/hybridjoin.test/oauth2/{'v2.0/' if v2 else ''}token"
    return client.session.post(path, data={name: value for name, value in form.items() if value}, timeout=20)


def tokens(client: Client, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - parameters of any kind
    reply = redeem(client, code(client, **changes))
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def graph(client: Client, token: str, path: str, body: object = None) -> requests.Response:
    method = "GET" if body is None else "POST"
    headers = {"Authorization": f"Bearer {token}"}
    return client.session.request(method, client.base + path, json=body, headers=headers, timeout=20)
