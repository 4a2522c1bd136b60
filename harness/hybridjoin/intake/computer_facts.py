"""What somebody knows of a computer's object: its LDIF, or the few values that claims are made from."""

from __future__ import annotations

import uuid

from hybridjoin.errors import PeerError
from hybridjoin.intake.ldif import read_entries
from hybridjoin.protocol.computer import Computer, read_computer
from hybridjoin.protocol.guid import decode_guid

_ATTRIBUTES = "dn, objectGUID, objectSid and sAMAccountName, as ldapsearch and ldifde write them"


def computer_of_ldif(body: bytes, *, where: str) -> Computer:
    """Read the one computer of an LDIF file (RFC 2849); what a tool prints after its entries is passed over.

    Raises:
        PeerError: there is no entry, more than one, or one without what Active Directory never leaves out.
    """
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        entries = read_entries(body.decode(encoding, "replace"))
    except ValueError as error:
        raise PeerError(f"expected LDIF with {_ATTRIBUTES}: {error}", where=where) from error
    if len(entries) != 1:
        raise PeerError(f"expected the LDIF of one computer, found {len(entries)} entries", where=where)
    entry = entries[0]
    try:
        return read_computer(entry)
    except ValueError as error:
        raise PeerError(f"expected {_ATTRIBUTES}: {error}", where=where) from error


def computer_of_values(*, object_guid: uuid.UUID, sid: str, anchor: uuid.UUID | None, upn: str) -> Computer:
    """Make a computer of what was told of it; where no user principal name was, UPN cannot be compared."""
    return Computer(
        dn="",
        name=upn.partition("@")[0].removesuffix("$"),
        object_guid=object_guid,
        object_sid=sid,
        sam_account_name=upn.partition("@")[0],
        dns_host_name="",
        user_principal_name=upn,
        consistency_guid=None if anchor is None else anchor.bytes_le,
    )


def read_guid(text: str) -> uuid.UUID | None:
    """Read a GUID in its usual spelling, with braces or without, or in base64 as claims have it."""
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return decode_guid(text.strip())
