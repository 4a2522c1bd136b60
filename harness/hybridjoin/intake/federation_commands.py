"""The commands that federate a domain, as a vendor's console hands them out: PowerShell text, read as data.

Microsoft Graph's cmdlets and those of the retired MSOnline module come to the same settings. What a command sets by an
expression is unread, with its line, and is never taken for missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.federation import NOT_GRAPHS, FederationSettings, UnreadSetting, field_of, setting_of
from hybridjoin.intake.powershell.nouns import Command, Expression, HashTable, Literal, Value
from hybridjoin.intake.powershell.script import read_commands


class Action(StrEnum):
    """What a command does to a domain."""

    CREATE = "federates it"
    UPDATE = "changes its federation"
    BACK = "makes it managed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainCommand:
    """A command that sets a domain's federation; `certificate` is SigningCertificate letter by letter as it came.

    `given` are the parameters' names as written. `retired` says that its module is gone, `conditional` that it stands
    within braces, where nobody can tell whether it would be carried out.
    """

    name: str
    action: Action
    place: str
    domain: str
    given: tuple[str, ...] = ()
    certificate: str = ""
    retired: bool = False
    conditional: bool = False

    def gives(self, name: str) -> bool:
        """Tell whether the command has a parameter of that name, by Graph's or the older module's word for it."""
        wanted = field_of(name) or name.lower()
        return any((field_of(item) or item.lower()) == wanted for item in self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandsRead:
    """What a text of commands came to: the settings that each sets, and each command beside its settings.

    `unread` are the values of these commands that only PowerShell could work out, whatever they were meant for.
    """

    pairs: tuple[tuple[DomainCommand, FederationSettings], ...] = ()
    back: tuple[DomainCommand, ...] = ()
    unread: tuple[UnreadSetting, ...] = ()


_CREATE, _UPDATE = Action.CREATE, Action.UPDATE
_CMDLETS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "new-mgdomainfederationconfiguration": _CREATE,
        "new-mgbetadomainfederationconfiguration": _CREATE,
        "update-mgdomainfederationconfiguration": _UPDATE,
        "update-mgbetadomainfederationconfiguration": _UPDATE,
        "remove-mgdomainfederationconfiguration": Action.BACK,
        "remove-mgbetadomainfederationconfiguration": Action.BACK,
        "update-mgdomain": Action.BACK,
        "update-mgbetadomain": Action.BACK,
        "set-entradomainfederationsettings": _UPDATE,
        "set-msoldomainauthentication": _CREATE,
        "set-msoldomainfederationsettings": _UPDATE,
        "convert-msoldomaintostandard": Action.BACK,
    }
)
_DOMAIN: Final = frozenset({"domainid", "domainname"})
_AUTHENTICATION: Final = frozenset({"authentication", "authenticationtype"})
_BODIES: Final = frozenset({"bodyparameter", "additionalproperties"})
# PowerShell takes a parameter by any beginning of its name that is no other parameter's beginning too.
_BOTH: Final = (
    *("IssuerUri", "MetadataExchangeUri", "NextSigningCertificate", "PreferredAuthenticationProtocol"),
    *("PromptLoginBehavior", "SigningCertificate", "SigningCertificateUpdateStatus"),
)
_GRAPH: Final = (
    *(*_BOTH, "ActiveSignInUri", "AdditionalProperties", "BodyParameter", "DisplayName", "DomainId"),
    *("FederatedIdpMfaBehavior", "Id", "InternalDomainFederationId", "IsSignedAuthenticationRequestRequired"),
    *("PassiveSignInUri", "PasswordResetUri", "SignOutUri", "AuthenticationType"),
)
_MSONLINE: Final = (
    *(*_BOTH, "ActiveLogOnUri", "Authentication", "DomainName", "FederationBrandName", "LogOffUri"),
    *("PassiveLogOnUri", "SupportsMfa", "DefaultInteractiveAuthenticationMethod", "OpenIdConnectDiscoveryEndpoint"),
)
_RETIRED: Final = re.compile(r"-Msol", re.IGNORECASE)
_NAMED: Final = re.compile("|".join(_CMDLETS).replace("-", "[-\u2013\u2014\u2015]"), re.IGNORECASE)


def names_commands(text: str) -> bool:
    """Tell whether a text names a command that sets a domain's federation."""
    return _NAMED.search(text) is not None


def read_federation_commands(text: str, *, place: str) -> CommandsRead:
    """Read every command of a text that sets a domain's federation, or takes it back."""
    pairs: list[tuple[DomainCommand, FederationSettings]] = []
    back: list[DomainCommand] = []
    unread: list[UnreadSetting] = []
    for command in read_commands(text):
        action = _CMDLETS.get(command.name.lower())
        if action is None:
            continue
        values = dict(_flat(tuple((_whole(name, command.name), value) for name, value in command.parameters)))
        action = _meant(action, values)
        found = _domain_command(command, action, values, place)
        mine = tuple(UnreadSetting(name=key, line=item.line, text=item.text) for key, item in values.items()
                     if isinstance(item, Expression))  # fmt: skip
        unread += mine
        if action is Action.BACK:
            back.append(found)
        else:
            _lay(pairs, found, _settings(found, command.line, values, mine, place))
    return CommandsRead(pairs=tuple(pairs), back=tuple(back), unread=tuple(unread))


def _lay(
    pairs: list[tuple[DomainCommand, FederationSettings]], command: DomainCommand, settings: FederationSettings
) -> None:
    """Keep settings; what changes a domain that the same text federates is laid over what it was federated with."""
    for at, (first, earlier) in enumerate(pairs):
        if command.action is _UPDATE and command.domain and first.domain.lower() == command.domain.lower():
            changed = {name: value for name in earlier.__slots__ if name not in NOT_GRAPHS
                       if (value := getattr(settings, name))}  # fmt: skip
            known = {field_of(item.name) for item in settings.unread} | set(changed)
            unread = tuple(item for item in earlier.unread if field_of(item.name) not in known)
            gone = {name: "" for item in settings.unread if (name := field_of(item.name)) is not None}
            pairs[at] = (first, replace(earlier, unread=(*unread, *settings.unread), **{**gone, **changed}))
            return
    pairs.append((command, settings))


def _whole(name: str, command: str) -> str:
    """Return the parameter that a name is the beginning of; the name itself where it is none's, or several's."""
    known = _GRAPH if "-mg" in command.lower() else _MSONLINE
    fitting = [item for item in known if item.lower().startswith(name.lower())]
    return fitting[0] if len(fitting) == 1 else name


def _flat(
    parameters: tuple[tuple[str, Value], ...], *, deep: int = len(_BODIES)
) -> Iterator[tuple[str, Literal | Expression]]:
    """Yield parameters with what they hold; a body's members stand beside them, as Graph takes them.

    One body may hold the other and no more: a table that holds itself twice in each line would never come to an end.
    """
    for name, value in parameters:
        if isinstance(value, HashTable):
            if name.lower() in _BODIES and deep:
                yield from _flat(value.pairs, deep=deep - 1)
        else:
            yield name, value


def _meant(action: Action, values: Mapping[str, Literal | Expression]) -> Action:
    """Return what a command of both directions does: federates a domain, or makes it managed."""
    if action is not _CREATE:
        return action
    said = next((item for name, item in values.items() if name.lower() in _AUTHENTICATION), None)
    managed = isinstance(said, Literal) and said.text.lower() in {"managed", "standard"}
    return Action.BACK if managed else action


def _domain_command(
    command: Command, action: Action, values: Mapping[str, Literal | Expression], place: str
) -> DomainCommand:
    literals = {name.lower(): item.text for name, item in values.items() if isinstance(item, Literal)}
    return DomainCommand(
        name=command.name,
        action=action,
        place=f"{place}:{command.line}",
        domain=next((text for name, text in literals.items() if name in _DOMAIN), ""),
        given=tuple(values),
        certificate=literals.get("signingcertificate", ""),
        retired=_RETIRED.search(command.name) is not None,
        conditional=command.conditional,
    )


def _settings(
    command: DomainCommand,
    line: int,
    values: Mapping[str, Literal | Expression],
    unread: tuple[UnreadSetting, ...],
    place: str,
) -> FederationSettings:
    pairs = tuple((name, item.text) for name, item in values.items() if isinstance(item, Literal))
    partial = command.action is _UPDATE
    return setting_of(pairs, domain=command.domain, place=f"{place}:{line}", unread=unread, partial=partial)
