"""The command that federates a domain: what it must name, or the domain comes out of it half federated."""

from __future__ import annotations

import re

from hybridjoin.checks.places import in_settings
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.checks.silence import judged_elsewhere
from hybridjoin.intake.federation import DOMAIN, FederationSettings
from hybridjoin.intake.federation_commands import Action, DomainCommand
from hybridjoin.model.verdict import Level

_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_NO_NEW = "the command changes a domain that is federated already"
_RETIRED = "the command is one of the retired module, which had rules of its own"


@requirement(
    "FED-23",
    Level.SHOULD,
    "MS-FEDERATION signingCertificate",
    remedy="Write the certificate as base64 of its DER in one line: no BEGIN and END lines, no blanks, no line breaks.",
)
def certificate_is_bare_base64(settings: FederationSettings, command: DomainCommand) -> Finding:
    """The command writes SigningCertificate as base64 alone, without PEM lines, blanks or line breaks."""
    where, text = in_settings(settings, "SigningCertificate"), command.certificate
    if not text:
        raise judged_elsewhere("FED-09", "the command gives no SigningCertificate")
    odd = "PEM lines" if "-----" in text else "blanks or line breaks" if any(map(str.isspace, text)) else ""
    found = odd or ("base64" if _BASE64.fullmatch(text) else "letters that are no base64")
    return expect(found == "base64", expected="base64 in one line", found=found, where=where)


@requirement(
    "FED-24",
    Level.MUST,
    "GRAPH-PS Pull request: Update example cmdlet in New-MgDomainFederationConfiguration",
    remedy="Add -PreferredAuthenticationProtocol wsFed to the command.",
    verified=True,
)
def command_names_the_protocol(settings: FederationSettings, command: DomainCommand) -> Finding:
    """A command that federates a domain names PreferredAuthenticationProtocol, which a proper federation requires."""
    if command.action is not Action.CREATE or command.retired:
        return not_applicable(_RETIRED if command.retired else _NO_NEW)
    where, found = in_settings(settings, "PreferredAuthenticationProtocol"), settings.preferred_authentication_protocol
    return expect(found, expected="wsFed", found=found or "nothing", where=where)


@requirement(
    "FED-25",
    Level.MAY,
    "MS-FEDERATION federatedIdpMfaBehavior values",
    remedy="Add -FederatedIdpMfaBehavior acceptIfMfaDoneByFederatedIdp to the command, or the one that is meant.",
    verified=True,
)
def command_names_the_multifactor_behaviour(settings: FederationSettings, command: DomainCommand) -> Finding:
    """A command of Graph that federates a domain names FederatedIdpMfaBehavior, or Entra takes its default."""
    if command.action is not Action.CREATE or command.retired:
        return not_applicable(_RETIRED if command.retired else _NO_NEW)
    where, found = in_settings(settings, "FederatedIdpMfaBehavior"), settings.federated_idp_mfa_behavior
    return expect(found, expected="acceptIfMfaDoneByFederatedIdp", found=found or "nothing", where=where)


@requirement(
    "FED-27",
    Level.SHOULD,
    "MS-POWERSHELL Important",
    remedy="Use New-MgDomainFederationConfiguration, or Update-MgDomainFederationConfiguration for a federated domain.",
    verified=True,
)
def command_is_not_retired(settings: FederationSettings, command: DomainCommand) -> Finding:
    """The command is Microsoft Graph's: those of the MSOnline module ended with March 2025."""
    where = in_settings(settings, DOMAIN)
    return expect(not command.retired, expected="a command of Microsoft Graph", found=command.name, where=where)


@requirement(
    "FED-28",
    Level.MUST,
    "MS-FEDERATION signingCertificate",
    remedy="Add -SigningCertificate <base64 of the DER certificate>. Where it has happened: the domain has to be "
    "removed from the tenant and added again.",
)
def command_gives_the_certificate(settings: FederationSettings, command: DomainCommand) -> Finding:
    """A command that federates a domain gives SigningCertificate; without it the domain is out of hand."""
    if command.action is not Action.CREATE or command.retired:
        return not_applicable(_RETIRED if command.retired else _NO_NEW)
    where, there = in_settings(settings, "SigningCertificate"), settings.signing_certificate
    return expect(there, expected="a certificate", found="one" if there else "nothing", where=where)
