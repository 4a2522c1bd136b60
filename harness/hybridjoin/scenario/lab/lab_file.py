"""The lab file: a whole Active Directory domain as plain data, and how it is read from YAML."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID


class EncryptionType(StrEnum):
    """A Kerberos encryption type as Active Directory's tools name it (MS-KILE 2.2.7)."""

    AES256 = "AES256"
    AES128 = "AES128"
    RC4 = "RC4"

    @property
    def supported_bit(self) -> int:
        """The bit of msDS-SupportedEncryptionTypes."""
        return {"RC4": 0x4, "AES128": 0x8, "AES256": 0x10}[self.value]

    @property
    def number(self) -> int:
        """The encryption type's number on the wire (RFC 3962, RFC 4757)."""
        return {"AES128": 17, "AES256": 18, "RC4": 23}[self.value]


OWN_OBJECT_GUID = "objectGUID"


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainFile:
    """Names of the domain; `domain_controller` is the DC's short host name."""

    name: str
    netbios: str
    domain_controller: str

    @property
    def realm(self) -> str:
        """The Kerberos realm."""
        return self.name.upper()

    @property
    def domain_controller_host(self) -> str:
        """The DC's DNS name."""
        return f"{self.domain_controller}.{self.name}"

    @property
    def base_dn(self) -> str:
        """The domain's distinguished name."""
        return ",".join(f"DC={label}" for label in self.name.split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """The Entra tenant that the domain is federated with."""

    name: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConnectionPoint:
    """The two keywords of the device registration service connection point."""

    azure_ad_name: str
    azure_ad_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputerFile:
    """A computer account.

    `consistency_guid` is a GUID, `objectGUID` for the account's own one, or None for no value;
    `encryption_types` is what msDS-SupportedEncryptionTypes says, None for no value;
    `user_certificate` puts a self-signed certificate for the objectGUID into userCertificate, which is
    what Entra Connect looks for before it synchronizes a computer.
    """

    name: str
    enabled: bool = True
    object_guid: str | None = None
    consistency_guid: str | None = None
    user_certificate: bool = False
    encryption_types: tuple[EncryptionType, ...] | None = None
    service_principal_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFile:
    """A person's account; `consistency_guid` is a GUID, `objectGUID` for the account's own one, or None.

    `user_principal_name` is empty where the account has the everyday one, in the domain that Entra knows.
    """

    name: str
    user_principal_name: str = ""
    consistency_guid: str | None = None
    display_name: str = ""
    mail: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccountFile:
    """An account that services run as; its keytab holds keys of the types in `keytab` only."""

    name: str
    service_principal_names: tuple[str, ...] = ()
    encryption_types: tuple[EncryptionType, ...] | None = None
    keytab: tuple[EncryptionType, ...] = tuple(EncryptionType)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFile:
    """A global security group; `members` are names of accounts in the same file."""

    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabFile:
    """A lab, complete. `hosts` are the identity provider's names, the first one its everyday name.

    `lookup_account` names the service account that gateways read the directory with. `path` is where
    it was read from and no part of its identity.
    """

    path: Path
    domain: DomainFile
    tenant: Tenant
    service_connection_point: ServiceConnectionPoint | None
    computers: tuple[ComputerFile, ...]
    users: tuple[UserFile, ...]
    service_accounts: tuple[ServiceAccountFile, ...]
    groups: tuple[GroupFile, ...]
    lookup_account: str
    hosts: tuple[str, ...]
    ldif: str = ""

    def canonical(self) -> str:
        """Return the content as one canonical JSON text, the same for files that mean the same."""
        content = {key: value for key, value in asdict(self).items() if key != "path"}
        return json.dumps(content, sort_keys=True, ensure_ascii=True)

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hex."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    @property
    def everyday_device(self) -> ComputerFile:
        """The first enabled computer: whose keytab `lab env` hands out."""
        return next(computer for computer in self.computers if computer.enabled)

    @property
    def entra_domain(self) -> str:
        """The verified and federated domain in Entra: the one that computers ask for, whatever AD's own name is.

        That is azureADName of the service connection point; where there is none, the tenant's name.
        """
        point = self.service_connection_point
        return (point.azure_ad_name if point else self.tenant.name).lower()

    def user_principal_name(self, user: UserFile) -> str:
        """Return the name that a person signs in with: AD takes any suffix, Entra its own verified domains only."""
        return user.user_principal_name or f"{user.name}@{self.entra_domain}"

    def service_account_of(self, host: str) -> ServiceAccountFile | None:
        """Return the account that holds `HTTP/<host>`."""
        wanted = f"http/{host}".lower()
        return next(
            (item for item in self.service_accounts if wanted in map(str.lower, item.service_principal_names)), None
        )


def canonical_guid(text: str) -> str:
    """Return a GUID in its usual spelling; raise ValueError for anything else."""
    return str(UUID(text))
