"""What a lab file may leave out: names that follow from the domain's, and the accounts that every lab needs."""

from __future__ import annotations

import uuid
from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from hybridjoin.scenario.lab.lab_schema import (
    ComputerDocument,
    DomainDocument,
    GroupDocument,
    LabDocument,
    ServiceAccountDocument,
    ServiceConnectionPointDocument,
    TenantDocument,
    UserDocument,
)

IDP_ACCOUNT: Final = "svc-idp"
LOOKUP_ACCOUNT: Final = "svc-lookup"
_NETBIOS_LENGTH: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class LabParts:
    """A lab file's document with nothing left open; the forest names no tenant where there is no connection point."""

    domain: DomainDocument
    tenant: TenantDocument
    service_connection_point: ServiceConnectionPointDocument | None
    computers: list[ComputerDocument]
    users: list[UserDocument]
    service_accounts: list[ServiceAccountDocument]
    groups: list[GroupDocument]
    lookup_account: str
    hosts: list[str]
    ldif: str


def filled_in(document: LabDocument, *, inherited: Set[str] = frozenset()) -> LabParts:
    """Return a lab with everything said that its file left out, each by the rule in its key's description.

    Of the keys that are `inherited`, names may lead to what the file has replaced: a group keeps the members that there
    are, and the look-up account is made anew.
    """
    name = document.domain.name
    netbios = document.domain.netbios or name.split(".")[0][:_NETBIOS_LENGTH].rstrip("-").upper()
    tenant_name = document.tenant.name or name
    tenant_id = document.tenant.id or str(uuid.uuid5(uuid.NAMESPACE_DNS, tenant_name))  # the same on every machine
    hosts = document.hosts or [f"sts.{name}"]
    services = _service_accounts(document, hosts, lookup_told="lookup_account" not in inherited)
    members = {*(f"{item.name}$" for item in document.computers)}
    members |= {item.name for items in (document.users, services, document.groups) for item in items}
    return LabParts(
        domain=document.domain.model_copy(update={"netbios": netbios}),
        tenant=document.tenant.model_copy(update={"name": tenant_name, "id": tenant_id}),
        service_connection_point=_point(document, tenant_name, tenant_id),
        computers=document.computers,
        users=document.users,
        service_accounts=services,
        groups=[_with(item, members) for item in document.groups] if "groups" in inherited else document.groups,
        lookup_account=document.lookup_account or LOOKUP_ACCOUNT,
        hosts=hosts,
        ldif=document.ldif,
    )


def _point(document: LabDocument, tenant_name: str, tenant_id: str) -> ServiceConnectionPointDocument | None:
    """Return the tenant's own service connection point where the file says nothing, and none where it says null."""
    told = document.service_connection_point
    if told is None and "service_connection_point" in document.model_fields_set:
        return None
    told = told or ServiceConnectionPointDocument()
    return told.model_copy(
        update={"azure_ad_name": told.azure_ad_name or tenant_name, "azure_ad_id": told.azure_ad_id or tenant_id}
    )


def _with(group: GroupDocument, known: Set[str]) -> GroupDocument:
    return group.model_copy(update={"members": [name for name in group.members if name in known]})


def _service_accounts(document: LabDocument, hosts: list[str], *, lookup_told: bool) -> list[ServiceAccountDocument]:
    """Return the accounts that are told, or the IdP's, and the look-up account where nobody named one of them."""
    accounts = document.service_accounts or [_idp_account(hosts)]
    lookup = document.lookup_account or LOOKUP_ACCOUNT
    both_told = document.service_accounts is not None and document.lookup_account is not None
    if (both_told and lookup_told) or lookup in {item.name for item in accounts}:
        return accounts
    types = {"msDS-SupportedEncryptionTypes": ["AES256", "AES128"]}
    return [*accounts, ServiceAccountDocument.model_validate({"name": lookup, **types})]


def _idp_account(hosts: list[str]) -> ServiceAccountDocument:
    """Return the IdP's account as a vendor's guide asks for it: AES 256, and both names of each host."""
    return ServiceAccountDocument.model_validate(
        {
            "name": IDP_ACCOUNT,
            "servicePrincipalName": [f"{service}/{host}" for host in hosts for service in ("HTTP", "host")],
            "msDS-SupportedEncryptionTypes": ["AES256"],
            "keytab": ["AES256"],
        }
    )
