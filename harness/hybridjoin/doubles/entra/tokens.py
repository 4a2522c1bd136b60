"""Access tokens: a compact RS256 JWS (RFC 7515, RFC 7518 section 3.3) of our own, and the claims Entra puts in.

Debian has a JWT library, but one function to sign and one to verify need none.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from hybridjoin.doubles.entra.judge import DeviceSubject, UserSubject
from hybridjoin.doubles.entra.resources import DRS_APPLICATION

LIFETIME_S = 3900  # what v1 tokens for this resource were seen with
Claims = Mapping[str, object]


class BadToken(Exception):
    """The token is none of ours, or no longer good; the text says why and never holds the token."""


def sign(claims: Claims, key: RSAPrivateKey, *, key_id: str, extra: Mapping[str, str] | None = None) -> str:
    """Return a compact JWS over the claims; `extra` are further members of its header."""
    header = {"typ": "JWT", **(extra or {}), "alg": "RS256", "x5t": key_id, "kid": key_id}
    signed = f"{segment(header)}.{segment(claims)}"
    signature = key.sign(signed.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{encode(signature)}"


def verify(token: str, key: RSAPublicKey) -> Claims:
    """Return the claims of a token that this key signed.

    Raises:
        BadToken: it is no JWS, names another algorithm, or its signature is wrong.
    """
    try:
        header, payload, signature = token.split(".")
        # The algorithm is ours to choose, not the header's (RFC 8725, 3.1).
        if json.loads(decode(header)).get("alg") != "RS256":
            raise BadToken("it is not signed with RS256")
        key.verify(decode(signature), f"{header}.{payload}".encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
        claims = json.loads(decode(payload))
    except InvalidSignature:
        raise BadToken("its signature does not verify") from None
    except (ValueError, AttributeError, RecursionError):
        raise BadToken("it is no JSON Web Token") from None
    if not isinstance(claims, dict):
        raise BadToken("its claims are no JSON object")
    return claims


def device_claims(subject: DeviceSubject, *, tenant_id: str, now: datetime) -> Claims:
    """Return a device token's claims: the GUID as text, the SID as it was claimed."""
    return {
        **_common(tenant_id, subject.realm, subject.client_id, now),
        "aud": DRS_APPLICATION,
        "amr": ["wia"],
        "scp": "policy_management",
        "account_type": "DJ",
        "in_corp": "true" if subject.in_corp else "false",
        "on_prem_id": str(subject.object_guid),
        "primary_sid": subject.sid,
        "unique_name": f"{subject.realm}#",
    }


def user_claims(subject: UserSubject, *, tenant_id: str, object_id: str, scope: str, now: datetime) -> Claims:
    """Return a user token's claims; nothing in them speaks of a device."""
    user = subject.user
    return {
        **_common(tenant_id, subject.realm, subject.client_id, now),
        "aud": subject.audience,
        "amr": ["pwd" if subject.by_password else "wia"],
        "scp": scope,
        "oid": object_id,
        "onprem_sid": user.sid,
        "unique_name": user.upn,
        "upn": user.upn,
    }


def check_times(claims: Claims, *, now: datetime) -> None:
    """Hold now against the token's nbf and exp.

    Raises:
        BadToken: now does not lie between them.
    """
    start, end = claims.get("nbf"), claims.get("exp")
    if not isinstance(start, int) or not isinstance(end, int):
        raise BadToken("it says not when it is valid")
    if not start <= now.timestamp() < end:
        raise BadToken("it is not valid at this time")


def _common(tenant_id: str, realm: str, client_id: str, now: datetime) -> Claims:
    moment = int(now.timestamp())
    return {
        "iss": f"https://sts.windows.net/{tenant_id}/",
        "iat": moment,
        "nbf": moment,
        "exp": moment + LIFETIME_S,
        "acr": "1",
        "appid": client_id,
        "appidacr": "0",
        "idp": realm,
        "tid": tenant_id,
        "uti": secrets.token_urlsafe(16),
        "ver": "1.0",
    }


def segment(part: Mapping[str, object]) -> str:
    """Write a part of a JWT: JSON in base64url (RFC 7515, 7.1)."""
    return encode(json.dumps(part, separators=(",", ":")).encode())


def encode(raw: bytes) -> str:
    """Write octets in base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read base64url without padding.

    Raises:
        ValueError: it is none.
    """
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as failure:
        raise ValueError(str(failure)) from None
