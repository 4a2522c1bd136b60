"""A site whose tenant is a real one: what was said of it on the command line, and the refusal where nothing was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.scenario.site.site_file import SiteFile
from hybridjoin.shipped import portable


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What somebody said of Microsoft's own services.

    `allowed` is their leave, `answered` the answer to the question before anything is sent, given beforehand. `ca_file`
    is a PEM file of the authority that vouches for them here, as that of a proxy that looks into TLS. `keep` is the
    folder in which the key and certificate of what is registered are kept.
    """

    allowed: bool = False
    answered: bool = False
    ca_file: Path | None = None
    keep: Path | None = None

    def admitted(self, site_file: SiteFile) -> SiteFile:
        """Return a site file as it was meant.

        Raises:
            UsageError: its tenant is a real one, and nobody allowed that.
        """
        if site_file.live_hosts and not self.allowed:
            raise UsageError(not_allowed(site_file, "what is sent there changes that tenant"))
        site = site_file.site
        if self.ca_file is not None:
            site = replace(site, entra=replace(site.entra, ca_file=self.ca_file))
        if self.keep is not None:
            site = replace(site, devices=tuple(replace(item, kept_in=self.keep) for item in site.devices))
        return replace(site_file, site=replace(site, live=bool(site_file.live_hosts)))


NOT_LIVE: Final = Live()


def not_allowed(site_file: SiteFile, what: str) -> Mistake:
    """Say that a site leads to Microsoft's own services without leave; `what` is what that would come to."""
    hosts, entra = " and ".join(site_file.live_hosts), site_file.site.entra
    problem = f"its tenant {entra.tenant_name} ({entra.tenant_id}) is a real one, at {hosts}, and nobody allowed it: "
    hint = "--live allows it; `double: {}` below `entra` lets a double answer in its stead"
    return Mistake(place=portable(site_file.path), problem=problem + what, hint=hint)
