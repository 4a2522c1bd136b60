"""A joined device's logon at the Entra double, told with requests: real keys, a real certificate, a real assertion."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import requests
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

from tests.doubles.entra import forge
from tests.doubles.entra.client import Client, current, issued
from tests.doubles.entra.test_rules import PERSON

SAML = "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
BROKER = "38aa3b87-a06d-4817-b275-7a316988d93b"


def segment(part: Mapping[str, object]) -> str:
    return encode(json.dumps(part).encode())


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def nonce(client: Client) -> str:
    return str(post(client, {"grant_type": "srv_challenge"}).json()["Nonce"])


def post(client: Client, form: Mapping[str, str]) -> requests.Response:
    return client.session.post(f"{client.base}/common/oauth2/token", data=form, timeout=20)


def joined_certificate(client: Client) -> str:
    return base64.b64encode(issued(client.sync_join(forge.WS01)).public_bytes(Encoding.DER)).decode()


def signed_request(header: Mapping[str, object], payload: Mapping[str, object], *, key: str = "device") -> str:
    signed = f"{segment(header)}.{segment(payload)}"
    signature = forge.key(key).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{encode(signature)}"


def log_on(
    client: Client,
    *,
    key: str = "device",
    header: Mapping[str, object] | None = None,
    payload: Mapping[str, object] | None = None,
) -> requests.Response:
    """Join, ask for a nonce, and for the primary refresh token; some of the request may be replaced."""
    whole: dict[str, Any] = {"alg": "RS256", "typ": "JWT", "x5c": joined_certificate(client), "kdf_ver": 2}
    said: dict[str, Any] = {
        "client_id": BROKER, "request_nonce": nonce(client), "scope": "openid aza ugs", "grant_type": SAML,
        "assertion": current(PERSON).encoded(),
    }  # fmt: skip
    request = signed_request({**whole, **(header or {})}, {**said, **(payload or {})}, key=key)
    return post(client, {"grant_type": JWT, "request": request, "windows_api_version": "2.2"})


def opens(reply: requests.Response, key: str = "transport") -> bool:
    """Tell whether the session key is for a transport key, and 256 bits long."""
    wrapped = decode(reply.json()["session_key_jwe"].split(".")[1])
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)  # noqa: S303 - RSA-OAEP
    try:
        return len(forge.key(key).decrypt(wrapped, oaep)) == 32
    except (ValueError, InvalidKey):
        return False
