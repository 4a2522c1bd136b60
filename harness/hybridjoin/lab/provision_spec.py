"""The lab file told to provision.py: plain JSON, the same for every backend."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from hybridjoin.lab.user_certificate import UserCertificate, make_user_certificate
from hybridjoin.scenario.lab.lab_file import (
    OWN_OBJECT_GUID,
    ComputerFile,
    EncryptionType,
    LabFile,
    ServiceAccountFile,
    UserFile,
)

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionSpec:
    """What provision.py is given, and the private keys that stay on this side of it (by computer name)."""

    document: Json
    private_keys: tuple[tuple[str, bytes], ...]

    def write(self, spec_file: Path, certificates: Path) -> None:
        """Write the document, and each computer's private key as `<name>.key.pem`."""
        spec_file.write_text(json.dumps(self.document, indent=1), "utf-8")
        certificates.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, key in self.private_keys:
            key_file = certificates / f"{name}.key.pem"
            key_file.touch(mode=0o600)
            key_file.write_bytes(key)


def make_spec(lab_file: LabFile, *, dialled_hosts: Iterable[str]) -> ProvisionSpec:
    """Decide everything that the lab file leaves open; `dialled_hosts` are the names the DC is reached by."""
    guids = {item.name: UUID(item.object_guid) if item.object_guid else uuid4() for item in lab_file.computers}
    certificates = {
        item.name: make_user_certificate(guids[item.name]) for item in lab_file.computers if item.user_certificate
    }
    domain, point = lab_file.domain, lab_file.service_connection_point
    accounts = [
        *(_computer(item, guids[item.name], certificates.get(item.name), lab_file) for item in lab_file.computers),
        *(_user(item, lab_file) for item in lab_file.users),
        *(_service(item, lab_file) for item in lab_file.service_accounts),
    ]
    document = {
        "realm": domain.realm,
        "netbios": domain.netbios.upper(),
        "domain_controller": domain.domain_controller,
        "dialled_hosts": sorted({domain.domain_controller_host, *dialled_hosts}),
        "service_connection_point": [f"azureADName:{point.azure_ad_name}", f"azureADId:{point.azure_ad_id}"]
        if point
        else [],
        "accounts": accounts,
        "groups": [
            {"name": group.name, "sAMAccountName": group.name, "members": list(group.members)}
            for group in lab_file.groups
        ],
        "ldif": lab_file.ldif,
    }
    keys = tuple((name, certificate.private_key) for name, certificate in certificates.items())
    return ProvisionSpec(document=document, private_keys=keys)


def _account(
    name: str,
    sam_account_name: str,
    kind: str,
    *,
    enabled: bool = True,
    object_guid: UUID | None = None,
    attributes: Mapping[str, Iterable[bytes | str]],
    keytab: Iterable[EncryptionType] = tuple(EncryptionType),
    keytab_names: Iterable[str] = (),
) -> Json:
    """Write one account; attribute values travel in base64, those without any are left out."""
    encoded = {
        attribute: [_base64(value) for value in values]
        for attribute, values in ((key, [item for item in found if item]) for key, found in attributes.items())
        if values
    }
    return {
        "name": name,
        "sAMAccountName": sam_account_name,
        "kind": kind,
        "enabled": enabled,
        "objectGUID": _base64(object_guid.bytes_le) if object_guid else "",
        "attributes": encoded,
        "keytab": [item.number for item in keytab],
        "keytab_names": list(keytab_names),
    }


def _base64(value: bytes | str) -> str:
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode("ascii")


def _supported(types: tuple[EncryptionType, ...] | None) -> list[str]:
    return [] if types is None else [str(sum(item.supported_bit for item in types))]


def _computer(item: ComputerFile, guid: UUID, certificate: UserCertificate | None, lab_file: LabFile) -> Json:
    host = f"{item.name.lower()}.{lab_file.domain.name}"
    names = [f"{service}/{name}" for service in ("HOST", "RestrictedKrbHost") for name in (item.name, host)]
    return _account(
        item.name,
        f"{item.name}$",
        "computer",
        enabled=item.enabled,
        object_guid=guid,
        attributes={
            "dNSHostName": [host],
            "operatingSystem": ["Windows 10 Enterprise"],
            "operatingSystemVersion": ["10.0 (19045)"],
            "servicePrincipalName": [*names, *item.service_principal_names],
            "msDS-SupportedEncryptionTypes": _supported(item.encryption_types),
            "mS-DS-ConsistencyGuid": _anchor(item.consistency_guid, guid),
            "userCertificate": [certificate.certificate] if certificate else [],
        },
    )


def _anchor(consistency_guid: str | None, own: UUID) -> list[bytes]:
    """Return the values of mS-DS-ConsistencyGuid: one, in the order of bytes that Windows writes, or none."""
    if consistency_guid is None:
        return []
    return [own.bytes_le if consistency_guid == OWN_OBJECT_GUID else UUID(consistency_guid).bytes_le]


def _user(item: UserFile, lab_file: LabFile) -> Json:
    guid = uuid4()
    return _account(
        item.name,
        item.name,
        "user",
        enabled=item.enabled,
        object_guid=guid,
        attributes={
            "mS-DS-ConsistencyGuid": _anchor(item.consistency_guid, guid),
            "displayName": [item.display_name],
            "mail": [item.mail],
            "userPrincipalName": [lab_file.user_principal_name(item)],
        },
    )


def _service(item: ServiceAccountFile, lab_file: LabFile) -> Json:
    return _account(
        item.name,
        item.name,
        "service",
        attributes={
            "userPrincipalName": [f"{item.name}@{lab_file.domain.name}"],
            "servicePrincipalName": item.service_principal_names,
            "msDS-SupportedEncryptionTypes": _supported(item.encryption_types),
        },
        keytab=item.keytab,
        keytab_names=item.service_principal_names,
    )
