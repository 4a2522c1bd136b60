"""A person's token, asked for at both endpoints: what stands in the answer, and what in the token."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
import requests
from starlette.applications import Starlette

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.resources import DEVICE_CLIENTS
from hybridjoin.doubles.entra.tokens import verify
from hybridjoin.protocol.names import DRS_RESOURCE
from tests.doubles.entra import forge
from tests.doubles.entra.bench import GRANT
from tests.doubles.entra.client import Client, current
from tests.doubles.entra.test_rules import CLIENT, PERSON

Install = Callable[..., tuple[Client, Starlette]]


def asked(client: Client, path: str, **form: str) -> requests.Response:
    whole = {"grant_type": GRANT["grant_type"], "client_id": CLIENT, "assertion": current(PERSON).encoded(), **form}
    return client.session.post(f"{client.base}/{forge.TENANT_ID}/{path}", data=whole, timeout=20)


def test_v2_answers_with_numbers_an_id_token_and_no_refresh_token(install: Install) -> None:
    client, _ = install()

    found = asked(
        client,
        "oauth2/v2.0/token",
        scope="openid offline_access https://graph.microsoft.com/User.Read",
        client_info="1",
    ).json()

    assert found["scope"] == "openid https://graph.microsoft.com/User.Read"
    assert isinstance(found["expires_in"], int)
    assert "refresh_token" not in found
    identity = verify(found["id_token"], process_authority().token_key.public_key())
    info = json.loads(base64.urlsafe_b64decode(found["client_info"] + "=="))
    assert identity["aud"] == CLIENT
    assert identity["iss"] == f"https://login.microsoftonline.com/{forge.TENANT_ID}/v2.0"
    assert (info["uid"], info["utid"]) == (identity["oid"], forge.TENANT_ID)


def test_v1_answers_with_texts_and_names_the_resource_again(install: Install) -> None:
    client, _ = install()

    found = asked(client, "oauth2/token", resource="https://graph.windows.net").json()

    claims = verify(found["access_token"], process_authority().token_key.public_key())
    assert found["resource"] == "https://graph.windows.net"
    assert isinstance(found["expires_in"], str)
    assert "id_token" not in found
    assert claims["aud"] == "https://graph.windows.net"
    assert (claims["upn"], claims["scp"]) == ("alice@hybridjoin.test", "user_impersonation")
    assert "account_type" not in claims


@pytest.mark.parametrize("client_id", DEVICE_CLIENTS)
def test_a_token_of_the_registration_service_names_it_as_it_was_asked_for(install: Install, client_id: str) -> None:
    client, _ = install()

    token = asked(client, "oauth2/token", resource=DRS_RESOURCE, client_id=client_id).json()["access_token"]

    claims = verify(token, process_authority().token_key.public_key())
    assert (claims["aud"], claims["appid"]) == (DRS_RESOURCE, client_id)
    assert claims["upn"] == "alice@hybridjoin.test"


def test_a_persons_token_registers_no_device(install: Install) -> None:
    client, _ = install()
    token = asked(client, "oauth2/token", resource="https://graph.windows.net").json()["access_token"]

    reply = client.join(token)

    assert reply.status_code >= 400
    assert "Certificate" not in reply.json()


def test_a_refusal_has_the_token_endpoints_own_form(install: Install) -> None:
    client, app = install()

    reply = asked(client, "oauth2/v2.0/token", scope="openid", grant_type="password", username="x", password="secret")

    assert reply.status_code == 400
    assert reply.json()["error_codes"] == [50126]
    assert "secret" not in reply.text + repr(app.state.audit.entries)
