"""Access tokens signed with the server's own key, and one that is not."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.judge import DeviceSubject, UserSubject
from hybridjoin.doubles.entra.resources import DRS_APPLICATION
from hybridjoin.doubles.entra.tenant import SyncedUser
from hybridjoin.doubles.entra.tokens import device_claims, sign, user_claims
from tests.doubles.entra import forge

SUBJECT = DeviceSubject(
    object_guid=forge.WS01, sid=forge.WS01_SID, realm=forge.ISSUER, in_corp=True, client_id="dd762716"
)


def minted(*, tenant_id: str = forge.TENANT_ID, age_s: int = 0, **claims: object) -> str:
    """Sign a device token with the server's own key, bent as asked."""
    authority = process_authority()
    made = device_claims(SUBJECT, tenant_id=tenant_id, now=datetime.now(UTC) - timedelta(seconds=age_s))
    return sign({**made, **claims}, authority.token_key, key_id=authority.token_key_id)


def a_users_token() -> str:
    authority = process_authority()
    alice = SyncedUser(
        name="alice", upn="alice@hybridjoin.test", object_guid=forge.ALICE, sid=forge.ALICE_SID, source_anchor=""
    )
    subject = UserSubject(user=alice, realm=forge.ISSUER, client_id="dd762716", audience=DRS_APPLICATION)
    made = user_claims(
        subject, tenant_id=forge.TENANT_ID, object_id="", scope="policy_management", now=datetime.now(UTC)
    )
    return sign(made, authority.token_key, key_id=authority.token_key_id)


def forged_token() -> str:
    head, payload, _ = minted().split(".")
    signature = forge.key("stranger").sign(f"{head}.{payload}".encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{head}.{payload}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
