"""The lab file as pydantic sees it: the keys, their types and their sentences; nothing else knows pydantic here."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hybridjoin.scenario.lab.lab_file import OWN_OBJECT_GUID, canonical_guid

_DNS_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
_NETBIOS_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,13}[A-Za-z0-9])?")
_ACCOUNT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_GROUP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
_UPN = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_SPN = re.compile(r"[A-Za-z][A-Za-z0-9-]*/[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(/[A-Za-z0-9.-]+)?")


def _matching(pattern: re.Pattern[str], expected: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"expected {expected}, found {text!r}")
        return text

    return AfterValidator(check)


def _guid(text: str) -> str:
    try:
        return canonical_guid(text)
    except ValueError:
        raise ValueError(f"expected a GUID like 6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f, found {text!r}") from None


def _guid_or_own(text: str) -> str:
    return text if text == OWN_OBJECT_GUID else _guid(text)


DnsName = Annotated[str, _matching(_DNS_NAME, "a lower-case DNS name with a dot in it")]
NetbiosName = Annotated[str, _matching(_NETBIOS_NAME, "a NetBIOS name: at most 15 letters, digits and hyphens")]
AccountName = Annotated[str, _matching(_ACCOUNT_NAME, "an account name: at most 20 letters, digits, dots and hyphens")]
GroupName = Annotated[str, _matching(_GROUP_NAME, "a group name: at most 64 letters, digits, spaces and hyphens")]
Spn = Annotated[str, _matching(_SPN, "a service principal name like HTTP/sts.example.test")]
Upn = Annotated[str, _matching(_UPN, "a user principal name like alice@example.test")]
Guid = Annotated[str, AfterValidator(_guid)]
GuidOrOwn = Annotated[str, AfterValidator(_guid_or_own)]
EncryptionTypeName = Literal["AES256", "AES128", "RC4"]
EVERY_TYPE: list[EncryptionTypeName] = ["AES256", "AES128", "RC4"]


class LabFileModel(BaseModel):
    """What all parts have in common: unknown keys refused, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=False)


class DomainDocument(LabFileModel):
    """The domain's names."""

    name: DnsName = Field(description="The domain's DNS name; the realm is the same in capitals.")
    netbios: NetbiosName | None = Field(
        default=None, description="The domain's NetBIOS name; the first label of its DNS name where it is left out."
    )
    domain_controller: NetbiosName = Field(default="dc1", description="The DC's short host name.")


class TenantDocument(LabFileModel):
    """The Entra tenant."""

    name: DnsName | None = Field(
        default=None,
        description="A verified domain of the tenant, federated where the service connection point names no other; the "
        "domain's own name where it is left out.",
    )
    id: Guid | None = Field(default=None, description="The tenant's id; made of its name where it is left out.")


class ServiceConnectionPointDocument(LabFileModel):
    """The keywords of the service connection point."""

    azure_ad_name: str | None = Field(
        default=None,
        alias="azureADName",
        min_length=1,
        description="The keyword azureADName: Entra's name of the domain, which is verified and federated there; the "
        "tenant's name where it is left out.",
    )
    azure_ad_id: str | None = Field(
        default=None, alias="azureADId", description="The keyword azureADId; the tenant's id where it is left out."
    )


class ComputerDocument(LabFileModel):
    """A computer account."""

    name: NetbiosName = Field(description="The computer's name, without the dollar at its end.")
    enabled: bool = Field(default=True, description="Whether the account may be used.")
    object_guid: Guid | None = Field(default=None, alias="objectGUID", description="Random where it is left out.")
    consistency_guid: GuidOrOwn | None = Field(
        default=None,
        alias="mS-DS-ConsistencyGuid",
        description="A GUID, or the word objectGUID for the account's own; no value where it is left out.",
    )
    user_certificate: Literal["self-signed"] | None = Field(
        default=None, alias="userCertificate", description="Without it Entra Connect does not synchronize the computer."
    )
    encryption_types: list[EncryptionTypeName] | None = Field(
        default=EVERY_TYPE,
        alias="msDS-SupportedEncryptionTypes",
        description="The encryption types that the account says it knows; null for no value.",
    )
    service_principal_names: list[Spn] = Field(
        default=[],
        alias="servicePrincipalName",
        description="Names besides the HOST/ and RestrictedKrbHost/ of its own.",
    )


class UserDocument(LabFileModel):
    """A person's account."""

    name: AccountName = Field(description="The account's name.")
    consistency_guid: GuidOrOwn | None = Field(
        default=None,
        alias="mS-DS-ConsistencyGuid",
        description="A GUID, or the word objectGUID for the account's own; no value where it is left out.",
    )
    user_principal_name: Upn | None = Field(
        default=None,
        alias="userPrincipalName",
        description="What the person signs in with; the name in Entra's domain where it is left out.",
    )
    display_name: str = Field(default="", alias="displayName", description="What the person is called.")
    mail: str = Field(default="", description="The person's mail address.")
    enabled: bool = Field(default=True, description="Whether the account may be used.")


class ServiceAccountDocument(LabFileModel):
    """An account that services run as."""

    name: AccountName = Field(description="The account's name.")
    service_principal_names: list[Spn] = Field(
        default=[], alias="servicePrincipalName", description="The services that run as it, as HTTP/sts.example.test."
    )
    encryption_types: list[EncryptionTypeName] | None = Field(
        default=None,
        alias="msDS-SupportedEncryptionTypes",
        description="No value where it is left out; Samba 4.17 then issues RC4 service tickets.",
    )
    keytab: list[EncryptionTypeName] = Field(
        default=EVERY_TYPE, min_length=1, description="The key types that the keytab holds."
    )


class GroupDocument(LabFileModel):
    """A global security group."""

    name: GroupName = Field(description="The group's name.")
    members: list[str] = Field(
        default=[], description="Its members: names of accounts in this file, a computer's with its dollar."
    )


class LabDocument(LabFileModel):
    """A lab: one Active Directory domain and what surrounds it."""

    extends: str | None = Field(
        default=None,
        description="Another lab file, or `default` for the one that comes along: mappings are merged, lists and "
        "everything else replaced.",
    )
    domain: DomainDocument = Field(description="The Active Directory domain's names.")
    tenant: TenantDocument = Field(
        default=TenantDocument(), description="The Entra tenant that the domain is federated with."
    )
    service_connection_point: ServiceConnectionPointDocument | None = Field(
        default=None,
        description="What the forest names as its tenant; the tenant itself where it is left out, nothing for null.",
    )
    computers: list[ComputerDocument] = Field(min_length=1, description="The computer accounts.")
    users: list[UserDocument] = Field(default=[], description="The people's accounts.")
    service_accounts: list[ServiceAccountDocument] | None = Field(
        default=None,
        min_length=1,
        description="The accounts that services run as; svc-idp with the service principal names of all hosts where "
        "they are left out.",
    )
    groups: list[GroupDocument] = Field(default=[], description="Global security groups.")
    lookup_account: AccountName | None = Field(
        default=None,
        description="The service account that gateways read the directory with; svc-lookup where it is left out, which "
        "is made where no service account is called so.",
    )
    hosts: list[DnsName] | None = Field(
        default=None,
        min_length=1,
        description="The identity provider's names, its everyday name first; sts. before the domain's name where they "
        "are left out.",
    )
    ldif: str = Field(default="", description="LDIF added last; ${BASE_DN} stands for the domain's DN.")
