"""The token endpoint's good answers: v1's and v2.0's document, for a device and for a person."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.documents import Document
from hybridjoin.doubles.entra.judge import DeviceSubject, UserSubject
from hybridjoin.doubles.entra.openid import issuer
from hybridjoin.doubles.entra.resources import is_registration
from hybridjoin.doubles.entra.tenant import SyncedUser
from hybridjoin.doubles.entra.tokens import LIFETIME_S, Claims, device_claims, sign, user_claims

_DEVICE_SCOPE = "policy_management"


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A token endpoint's good answer, and the device that it is about, empty for a person."""

    document: Document
    device_id: str = ""


def grant(case: Case, subject: DeviceSubject | UserSubject, authority: Authority) -> Granted:
    """Return the answer for whom the request may act for.

    There is no refresh token in it: nothing here would redeem one.
    """
    tenant_id = str(case.config.tenant_id)
    if isinstance(subject, DeviceSubject):
        claims = device_claims(subject, tenant_id=tenant_id, now=case.now)
        document = _document(case, _signed(claims, authority), scope=_DEVICE_SCOPE)
        return Granted(document=document, device_id=str(subject.object_guid))
    scope = _scope(case)
    claims = user_claims(
        subject, tenant_id=tenant_id, object_id=_object_id(case, subject.user), scope=scope, now=case.now
    )
    document = _document(case, _signed(claims, authority), scope=scope)
    if "openid" in case.parameter("scope").split():
        document["id_token"] = _signed(_id_claims(case, subject), authority)
    if case.parameter("client_info") == "1":
        document["client_info"] = _client_info(case, subject.user)
    return Granted(document=document)


def _document(case: Case, access_token: str, *, scope: str) -> Document:
    """Write v2.0's numbers as numbers and v1's as text, with the times and the resource that v1 repeats."""
    if case.v2:
        return {
            "token_type": "Bearer",
            "scope": scope,
            "expires_in": LIFETIME_S,
            "ext_expires_in": LIFETIME_S,
            "access_token": access_token,
        }
    moment = int(case.now.timestamp())
    return {
        "token_type": "Bearer",
        "scope": scope,
        "expires_in": str(LIFETIME_S),
        "ext_expires_in": str(LIFETIME_S),
        "expires_on": str(moment + LIFETIME_S),
        "not_before": str(moment),
        "resource": case.parameter("resource"),
        "access_token": access_token,
    }


def _scope(case: Case) -> str:
    """Return what a person's token permits: the scopes asked for, without the one for a refresh token."""
    if not case.v2:
        return _DEVICE_SCOPE if is_registration(case.parameter("resource")) else "user_impersonation"
    asked = (item for item in case.parameter("scope").split() if item.lower() != "offline_access")
    return " ".join(dict.fromkeys(asked))


def _id_claims(case: Case, subject: UserSubject) -> Claims:
    """Return who signed in, for the program that asked (OpenID Connect core, 2)."""
    tenant_id, moment = str(case.config.tenant_id), int(case.now.timestamp())
    object_id = _object_id(case, subject.user)
    pairwise = hashlib.sha256(f"{object_id} {subject.client_id}".encode()).digest()
    return {
        "aud": subject.client_id,
        "iss": issuer(case.config, v2=case.v2),
        "iat": moment,
        "nbf": moment,
        "exp": moment + LIFETIME_S,
        "name": subject.user.name,
        "oid": object_id,
        "preferred_username": subject.user.upn,
        "sub": base64.urlsafe_b64encode(pairwise).rstrip(b"=").decode("ascii"),
        "tid": tenant_id,
        "ver": "2.0" if case.v2 else "1.0",
    }


def _client_info(case: Case, user: SyncedUser) -> str:
    info = {"uid": _object_id(case, user), "utid": str(case.config.tenant_id)}
    return base64.urlsafe_b64encode(json.dumps(info).encode()).rstrip(b"=").decode("ascii")


def _object_id(case: Case, user: SyncedUser) -> str:
    """Return a synced user's id in the cloud: the same at every sign-in, and not the directory's."""
    return case.tenant.cloud_id(user.object_guid)


def _signed(claims: Claims, authority: Authority) -> str:
    return sign(claims, authority.token_key, key_id=authority.token_key_id)
