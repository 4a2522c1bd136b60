"""What a tenant holds where there is no directory to sync from, as data; and certificates as Graph has them."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass, field

from cryptography import x509

from hybridjoin.doubles.settings import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceData:
    """A computer given as data where there is no directory to sync from."""

    name: str
    object_guid: uuid.UUID
    sid: str
    consistency_guid: uuid.UUID | None = None
    user_certificates: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserData:
    """A user given as data where there is no directory to sync from; the synced hash would be of `password`."""

    name: str
    upn: str
    object_guid: uuid.UUID
    sid: str
    consistency_guid: uuid.UUID | None = None
    display_name: str = ""
    mail: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupData:
    """A security group given as data; `members` are names of users and of other groups."""

    name: str
    object_guid: uuid.UUID
    members: tuple[str, ...] = ()


def read_device(reader: Reader) -> DeviceData:
    """Read a computer; its mistakes are noted by the reader."""
    return DeviceData(
        name=reader.text("name"),
        object_guid=reader.uuid("object_guid"),
        sid=reader.text("sid"),
        consistency_guid=_optional_guid(reader),
        user_certificates=_certificates(reader, "user_certificates"),
    )


def read_user(reader: Reader) -> UserData:
    """Read a user; the mistakes are noted by the reader."""
    return UserData(
        name=reader.text("name"),
        upn=reader.text("upn"),
        object_guid=reader.uuid("object_guid"),
        sid=reader.text("sid"),
        consistency_guid=_optional_guid(reader),
        display_name=reader.text("display_name", default=""),
        mail=reader.text("mail", default=""),
        password=reader.text("password", default=""),
    )


def read_group(reader: Reader) -> GroupData:
    """Read a group; its mistakes are noted by the reader."""
    return GroupData(
        name=reader.text("name"), object_guid=reader.uuid("object_guid"), members=reader.texts("members", default=())
    )


def _optional_guid(reader: Reader) -> uuid.UUID | None:
    return reader.uuid("consistency_guid") if reader.text("consistency_guid", default="") else None


def _certificates(reader: Reader, key: str) -> tuple[bytes, ...]:
    """Return an optional list of certificates as DER."""
    read = (_der(reader, f"{key}[{at}]", value) for at, value in enumerate(reader.texts(key, default=())))
    return tuple(item for item in read if item is not None)


def read_certificate(reader: Reader, key: str) -> bytes | None:
    """Return an optional certificate as DER, read from base64 as Microsoft Graph holds it."""
    value = reader.text(key, default="")
    return _der(reader, key, value) if value else None


def _der(reader: Reader, key: str, value: str) -> bytes | None:
    try:
        der = base64.b64decode("".join(value.split()), validate=True)
        x509.load_der_x509_certificate(der)
    except (binascii.Error, ValueError, x509.InvalidVersion):
        reader.mistake(key, "expected an X.509 certificate as base64 of its DER, found something else")
        return None
    return der
