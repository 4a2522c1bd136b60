"""What `hybridjoin federation --emit` does: the commands that federate a domain, from a site file or from settings."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.errors import PeerError, UsageError
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.federation_writer import Direction, powershell, requests
from hybridjoin.intake.handed_out import read_handed_out
from hybridjoin.protocol.mex import Credential, choose, parse_mex
from hybridjoin.scenario.site.site_file import SiteFile, read_site_file

_LATER = ("metadata_exchange_uri", "active_sign_in_uri", "passive_sign_in_uri", "sign_out_uri")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmitRequest:
    """What the command line named: settings or a site file, the metadata's octets, the form and the step."""

    body: bytes | None
    source: str
    site_file: Path | None
    mex: bytes | None
    form: str
    direction: Direction


def carry_out(given: EmitRequest) -> ExitCode:
    """Write the commands to standard output, and what they leave out to standard error."""
    found = _settings(given)
    if given.mex is not None and not found.active_sign_in_uri:
        found = replace(found, active_sign_in_uri=_active(given.mex))
    text = powershell(found, given.direction) if given.form == "powershell" else requests(found, given.direction)
    left_out = [name for name, value in found.members if name.lower() in _NAMES and not value]
    if left_out and given.direction is Direction.CREATE:
        told = ", ".join(left_out)
        click.echo(
            f"hybridjoin: not known, and left out: {told}; `hybridjoin federation` says whom that hurts", err=True
        )
    click.echo(text, nl=False)
    return ExitCode.AS_EXPECTED


_NAMES = frozenset(name.replace("_", "") for name in _LATER)


def _settings(given: EmitRequest) -> FederationSettings:
    if given.site_file is not None:
        return settings_of_site(_site_file(given.site_file))
    handed = read_handed_out(given.body or b"", place=given.source)
    if len(handed.domains) != 1:
        raise mistake(given.source, f"expected the settings of one domain, found those of {len(handed.domains)}")
    return handed.domains[0][0]


def _site_file(path: Path) -> SiteFile:
    """Return a site file; that its secrets are not here is nothing to this."""
    read = read_site_file(path)
    if read.found is None:
        raise UsageError(*(read.mistakes or read.absent))
    return read.found


def settings_of_site(file: SiteFile) -> FederationSettings:
    """Return a site's federation settings: those that its file names, else what it says of the identity provider.

    The answer to who may answer for multifactor authentication is Entra's own default, which Graph wants to be told.
    """
    domain = file.domains[0] if file.domains else ""
    if file.federation is not None:
        return replace(file.federation, domain=file.federation.domain or domain)
    told = _told(file)
    idp = file.site.idp
    texts = [base64.b64encode(der).decode("ascii") for der in idp.signing_certificates]
    return FederationSettings(
        place=str(file.path),
        domain=told.get("name", domain),
        display_name=file.site.name,
        issuer_uri=idp.issuer,
        metadata_exchange_uri=told.get("metadata_exchange_uri") or idp.mex_url or "",
        active_sign_in_uri=told.get("active_sign_in_uri", ""),
        passive_sign_in_uri=told.get("passive_sign_in_uri", ""),
        signing_certificate=texts[0],
        next_signing_certificate=told.get("next_signing_certificate") or (texts[1] if len(texts) > 1 else ""),
        preferred_authentication_protocol="wsFed",
        federated_idp_mfa_behavior="acceptIfMfaDoneByFederatedIdp",
    )


def _told(file: SiteFile) -> dict[str, str]:
    """Return what the file tells a double of the domain."""
    domains = dict(file.double or ()).get("domains")
    first = domains[0] if isinstance(domains, list) and domains else {}
    return {name: str(value) for name, value in first.items()}


def _active(body: bytes) -> str:
    """Return the address for people's names and passwords, which is what ActiveSignInUri means to clients."""
    try:
        endpoint = choose(parse_mex(body), Credential.USERNAME)
    except PeerError as error:
        raise mistake("--mex", error.problem, "hybridjoin mex says more about it") from error
    return endpoint.url if endpoint is not None else ""
