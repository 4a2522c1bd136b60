"""What OpenID Connect clients ask of Entra before they sign anybody in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from starlette.applications import Starlette

from hybridjoin.doubles.entra.authority import process_authority
from tests.doubles.entra import forge
from tests.doubles.entra.client import Client

Install = Callable[..., tuple[Client, Starlette]]


@pytest.mark.parametrize(
    ("path", "issuer", "token"),
    [
        ("v2.0/", f"https://login.microsoftonline.com/{forge.TENANT_ID}/v2.0", "/oauth2/v2.0/token"),
        ("", f"https://sts.windows.net/{forge.TENANT_ID}/", "/oauth2/token"),
    ],
    ids=["v2.0", "v1"],
)
def test_a_tenant_is_described_at_both_endpoints(install: Install, path: str, issuer: str, token: str) -> None:
    client, _ = install()

    found = client.get(f"/hybridjoin.test/{path}.well-known/openid-configuration").json()

    assert found["issuer"] == issuer
    assert found["token_endpoint"].endswith(f"/{forge.TENANT_ID}{token}")


def test_another_tenant_is_not_found(install: Install) -> None:
    client, _ = install()

    reply = client.get("/contoso.test/v2.0/.well-known/openid-configuration")

    assert reply.status_code == 400
    assert "AADSTS90002" in reply.text


def test_the_keys_are_those_that_tokens_are_signed_with(install: Install) -> None:
    client, _ = install()

    key = client.get("/common/discovery/v2.0/keys").json()["keys"][0]

    numbers = RSAPublicNumbers(n=_number(key["n"]), e=_number(key["e"]))
    assert numbers == process_authority().token_key.public_key().public_numbers()
    assert key["kid"] == process_authority().token_key_id


def test_a_keys_thumbprint_is_that_of_its_certificate(install: Install) -> None:
    """RFC 7517, 4.8; whoever reads keys with go-jose takes none whose x5t is another."""
    client, _ = install()

    key = client.get("/common/discovery/v2.0/keys").json()["keys"][0]

    certificate = hashlib.sha1(base64.b64decode(key["x5c"][0]), usedforsecurity=False).digest()
    assert base64.urlsafe_b64decode(f"{key['x5t']}=") == certificate
    assert key["kid"] == key["x5t"]


def test_a_signing_certificate_made_twice_is_the_same() -> None:
    authority = process_authority()

    assert replace(authority).token_certificate == authority.token_certificate


def test_the_cloud_says_which_names_it_goes_by(install: Install) -> None:
    client, _ = install()

    found = client.get(
        "/common/discovery/instance",
        authorization_endpoint="https://login.microsoftonline.com/hybridjoin.test/oauth2/v2.0/authorize",
    ).json()

    assert found["tenant_discovery_endpoint"] == (
        "https://login.microsoftonline.com/hybridjoin.test/v2.0/.well-known/openid-configuration"
    )
    assert "login.windows.net" in found["metadata"][0]["aliases"]


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
