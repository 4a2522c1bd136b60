"""The commands that federate a domain, written as a vendor's console hands them out; `handed_out` reads them back.

Every value stands between single quotation marks of which each of PowerShell's own kinds is doubled, so that no value
ends its text and begins a command; what holds a control letter is not written at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.intake.federation import DOMAIN, FederationSettings
from hybridjoin.intake.powershell.letters import quoted

SCOPES: Final = ("Domain.ReadWrite.All", "Directory.AccessAsUser.All")
_DOMAIN: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_FLAG: Final = "IsSignedAuthenticationRequestRequired"
_TYPE: Final = "#microsoft.graph.internalDomainFederation"


class Direction(StrEnum):
    """Which way a domain is to go: managed to federated, from one federation to another, and back to managed."""

    CREATE = "create"
    UPDATE = "update"
    BACK = "back"


def powershell(settings: FederationSettings, direction: Direction) -> str:
    """Write a step as PowerShell for Microsoft Graph's module, between two looks at the domain.

    Raises:
        UsageError: a value cannot be written safely, or what the step needs is not known.
    """
    domain = quoted(_domain(settings))
    look = f"Get-MgDomain -DomainId {domain} | Select-Object Id, AuthenticationType"
    scopes = ", ".join(map(quoted, SCOPES))
    lines = (f"Connect-MgGraph -Scopes {scopes} -NoWelcome", look, *_STEPS[direction](settings, domain), look)
    return "\n".join(lines) + "\n"


def _create(settings: FederationSettings, domain: str) -> Iterator[str]:
    yield from _table(settings, domain)
    yield "New-MgDomainFederationConfiguration @federation"


def _update(settings: FederationSettings, domain: str) -> Iterator[str]:
    yield from _table(settings, domain)
    if settings.id:
        yield f"Update-MgDomainFederationConfiguration -InternalDomainFederationId {quoted(_id(settings))} @federation"
        return
    yield f"$present = Get-MgDomainFederationConfiguration -DomainId {domain}"
    yield "Update-MgDomainFederationConfiguration -InternalDomainFederationId $present.Id @federation"


def _back(_: FederationSettings, domain: str) -> Iterator[str]:
    yield f"Update-MgDomain -DomainId {domain} -AuthenticationType 'Managed'"


_STEPS: Final = {Direction.CREATE: _create, Direction.UPDATE: _update, Direction.BACK: _back}


def _table(settings: FederationSettings, domain: str) -> Iterator[str]:
    """Write the parameters as a hash table, which no blank at the end of a line can tear apart."""
    pairs = tuple(_values(settings))
    width = max(len(name) for name in ("DomainId", *(name for name, _ in pairs)))
    yield "$federation = @{"
    yield f"    {'DomainId':<{width}} = {domain}"
    for name, value in pairs:
        written = f"${value.lower()}" if name == _FLAG else _quoted(name, value)
        yield f"    {name:<{width}} = {written}"
    yield "}"


def _quoted(name: str, value: str) -> str:
    try:
        return quoted(value)
    except ValueError as error:
        raise UsageError(Mistake(place=name, problem=str(error))) from error


def _values(settings: FederationSettings) -> Iterator[tuple[str, str]]:
    """Yield what is set, but for the id; what is an expression or no certificate is refused.

    Raises:
        UsageError: a setting is not known, the certificate is missing, or a yes-or-no is neither.
    """
    if settings.unread:
        rows = (Mistake(place=item.name, problem=f"expected a value, found an expression in line {item.line}: "
                        f"{item.text}") for item in settings.unread)  # fmt: skip
        raise UsageError(*rows)
    if not settings.signing_certificate and not settings.partial:
        problem = "expected a certificate, found none: Graph may federate a domain without one and lose hold of it"
        raise UsageError(Mistake(place="SigningCertificate", problem=problem))
    for name, value in settings.members:
        if not value or name in {"Id", DOMAIN}:
            continue
        if name == _FLAG and value.lower() not in {"true", "false"}:
            raise UsageError(Mistake(place=name, problem=f"expected true or false, found {value!r}"))
        yield name, value


def requests(settings: FederationSettings, direction: Direction) -> str:
    """Write a step as JSON: a batch of one request that Microsoft Graph takes at `/v1.0/$batch`.

    Raises:
        UsageError: as `powershell`; for a change the id of the present configuration has to be known.
    """
    domain = _domain(settings)
    row: dict[str, Any] = {"id": "1", "headers": {"Content-Type": "application/json"}}
    if direction is Direction.BACK:
        row |= {"method": "PATCH", "url": f"/domains/{domain}", "body": {"authenticationType": "Managed"}}
    else:
        body: dict[str, Any] = {
            name[0].lower() + name[1:]: value for name, value in _values(settings) if _quoted(name, value)
        }
        if _FLAG[0].lower() + _FLAG[1:] in body:
            body[_FLAG[0].lower() + _FLAG[1:]] = settings.is_signed_authentication_request_required.lower() == "true"
        address = f"/domains/{domain}/federationConfiguration"
        method, url = ("POST", address) if direction is Direction.CREATE else ("PATCH", f"{address}/{_id(settings)}")
        row |= {"method": method, "url": url, "body": {"@odata.type": _TYPE, **body}}
    return json.dumps({"requests": [row]}, indent=2, ensure_ascii=False) + "\n"


def _domain(settings: FederationSettings) -> str:
    if _DOMAIN.fullmatch(settings.domain) is None:
        raise UsageError(Mistake(place="domain", problem=f"expected a domain's name, found {settings.domain!r}"))
    return settings.domain


def _id(settings: FederationSettings) -> str:
    if _ID.fullmatch(settings.id) is None:
        hint = "Get-MgDomainFederationConfiguration tells it; `--emit powershell` asks for it by itself"
        problem = f"expected the id of the domain's present configuration, found {settings.id or 'none'!r}"
        raise UsageError(Mistake(place="Id", problem=problem, hint=hint))
    return settings.id
