"""The id_token: what it says, and whether a key of the provider signed it; and what a client secret looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import jwt

from hybridjoin.errors import PeerError
from hybridjoin.model.reading import ClientSecretReading, IdTokenReading
from hybridjoin.protocol import json_text, limits

ALGORITHM = "RS256"
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WHERE = "id_token"


def read_id_token(token: str, *, keys: bytes) -> IdTokenReading:
    """Read an id_token and verify its signature alone: what its claims are worth, others judge.

    Raises:
        PeerError: it is no JSON Web Token.
    """
    limits.JSON_BYTES.hold(len(token), where=_WHERE)
    header = _header(token)
    algorithm, key_id = json_text.text(header, "alg"), json_text.text(header, "kid")
    claims = _claims(token)
    key = _key(keys, key_id)
    problem = "" if key is not None else "the key set holds no key of that id"
    if key is not None:
        problem = _problem(token, key)
    return IdTokenReading(
        claims=tuple((name, json_text.text(claims, name)) for name, value in claims.items() if not _nested(value)),
        algorithm=algorithm,
        key_id=key_id,
        key_known=key is not None,
        valid=not problem,
        problem=problem,
        groups=_groups(claims),
        overage=json_text.member(claims, "_claim_names", "groups") is not None
        or json_text.text(claims, "hasgroups") == "true",
    )


def _header(token: str) -> Mapping[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise PeerError(f"expected a JSON Web Token, found something else: {error}", where=_WHERE) from error


def _claims(token: str) -> Mapping[str, Any]:
    try:
        found = jwt.api_jws.decode_complete(token, options={"verify_signature": False})["payload"]
    except jwt.InvalidTokenError as error:
        raise PeerError(f"expected a JSON Web Token, found something else: {error}", where=_WHERE) from error
    return json_text.read_object(found, where=_WHERE)


def _key(keys: bytes, key_id: str) -> jwt.PyJWK | None:
    """Return the key of an id from a JWK set; the algorithm is ours to choose, not the header's (RFC 8725, 3.1)."""
    entries = json_text.member(json_text.read_object(keys, where="key set"), "keys")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and key_id and entry.get("kid") == key_id:
            try:
                return jwt.PyJWK(entry, algorithm=ALGORITHM)
            except (jwt.PyJWTError, ValueError):
                return None
    return None


def _problem(token: str, key: jwt.PyJWK) -> str:
    try:
        jwt.api_jws.decode_complete(token, key.key, algorithms=[ALGORITHM])
    except jwt.InvalidTokenError as error:
        return str(error) or type(error).__name__
    return ""


def _groups(claims: Mapping[str, Any]) -> tuple[str, ...] | None:
    found = json_text.member(claims, "groups")
    if isinstance(found, str):
        return (json_text.writable(found),)
    return (
        tuple(json_text.writable(item) for item in found if isinstance(item, str)) if isinstance(found, list) else None
    )


def _nested(value: object) -> bool:
    return isinstance(value, dict | list)


def read_client_secret(secret: str, *, client_id: str) -> ClientSecretReading:
    """Say what a secret looks like: its value in Entra is forty characters with a tilde, and never a GUID."""
    return ClientSecretReading(
        is_client_id=secret.strip().lower() == client_id.lower(), is_guid=_GUID.fullmatch(secret.strip()) is not None
    )
