"""The computer's own object in the live directory (MS-ADTS), and whoever owns a SID."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from hybridjoin.model.exchange import Entry

ATTRIBUTES = (
    "objectGUID",
    "objectSid",
    "sAMAccountName",
    "userPrincipalName",
    "dNSHostName",
    "mS-DS-ConsistencyGuid",
    "userCertificate",
    "userAccountControl",
    "primaryGroupID",
    "msDS-SupportedEncryptionTypes",
    "distinguishedName",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Computer:
    """The attributes that claims are made from; `consistency_guid` is the raw value, often absent."""

    dn: str
    name: str
    object_guid: uuid.UUID
    object_sid: str
    sam_account_name: str
    dns_host_name: str
    user_principal_name: str = ""
    consistency_guid: bytes | None = None
    user_certificates: tuple[bytes, ...] = ()
    primary_group_id: int = 515


@dataclass(frozen=True, slots=True, kw_only=True)
class SidOwner:
    """Who in the directory owns a SID that was claimed: `kind` is user, computer, group or other."""

    sid: str
    kind: str
    sam_account_name: str


def read_sid(raw: bytes) -> str:
    """Write a binary SID as `S-1-…` (MS-DTYP 2.4.2.2).

    Raises:
        ValueError: its length is not the one that it says.
    """
    if len(raw) < 8 or len(raw) != 8 + 4 * raw[1]:
        raise ValueError(f"a SID of {raw[1] if len(raw) > 1 else 0} sub-authorities in {len(raw)} bytes")
    authority = int.from_bytes(raw[2:8], "big")
    tail = (str(int.from_bytes(raw[at : at + 4], "little")) for at in range(8, len(raw), 4))
    return "-".join((f"S-{raw[0]}", str(authority), *tail))


def read_computer(entry: Entry) -> Computer:
    """Read the computer's entry.

    Raises:
        ValueError: an attribute is missing that AD would never leave out.
    """
    guid, sid = entry.values("objectGUID"), entry.values("objectSid")
    name = entry.text("sAMAccountName")
    if not guid or not sid or not name:
        raise ValueError(f"{entry.dn} lacks objectGUID, objectSid or sAMAccountName")
    consistency = entry.values("mS-DS-ConsistencyGuid")
    return Computer(
        dn=entry.dn,
        name=name.removesuffix("$"),
        object_guid=uuid.UUID(bytes_le=guid[0]),
        object_sid=read_sid(sid[0]),
        sam_account_name=name,
        dns_host_name=entry.text("dNSHostName") or "",
        user_principal_name=entry.text("userPrincipalName") or "",
        consistency_guid=consistency[0] if consistency else None,
        user_certificates=entry.values("userCertificate"),
        primary_group_id=int(entry.text("primaryGroupID") or 515),
    )


def read_sid_owner(sid: str, entry: Entry) -> SidOwner:
    """Say who an entry is, from its objectClass."""
    classes = {value.decode("utf-8", "replace").lower() for value in entry.values("objectClass")}
    kind = next((kind for kind in ("computer", "group", "user") if kind in classes), "other")
    return SidOwner(sid=sid, kind=kind, sam_account_name=entry.text("sAMAccountName") or entry.dn)
