"""Names of the evidence as a lab can have them: what cannot be used gets a reserved name in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from hybridjoin.intake.case.view import FactView, is_masked
from hybridjoin.intake.files.fact import Fact

EVERYDAY_DEVICE: Final = "WS01"
EVERYDAY_DOMAIN: Final = "hybridjoin.test"
CONTROLLER: Final = "dc1"
LIMIT_DOMAIN: Final = 64
"""Characters of an Active Directory domain's DNS name (Microsoft: naming conventions in Active Directory)."""
_NETBIOS: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?")
_DNS: Final = re.compile(
    r"(?=.{1,200}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
# Names that the lab's own Entra answers under, and addresses that are no names.
_TAKEN: Final = re.compile(
    r"(?:.*\.)?(?:microsoftonline\.com|windows\.net|microsoft\.com|microsoftonline-p\.com|localhost)|[0-9.]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabName:
    """A name that a lab can have, what the evidence calls it, and the fact that says so; no fact, no evidence."""

    name: str
    told: str = ""
    because: Fact | None = None

    @property
    def mapped(self) -> bool:
        """Tell whether the evidence has another name for it."""
        return self.because is not None and self.name.lower() != self.told.lower()


def lab_device(view: FactView) -> str:
    """Return the name of the computer that joins, as the lab calls it."""
    return device_name(view).name


def device_name(view: FactView) -> LabName:
    """Return the computer's name: the directory's where there is one computer, else what screens and events say."""
    computers = {fact.value.lower(): fact for fact in view.matching("object.sam_account_name", r"\$$")}
    told = list(view.of("device.name", "event.computer"))
    named = {fact.value.partition(".")[0].lower() for fact in told}
    ours = [fact for name, fact in computers.items() if name.rstrip("$") in named or len(computers) == 1]
    return _first((*ours, *told), EVERYDAY_DEVICE, lambda text: text.partition(".")[0].rstrip("$"), usable_computer)


def usable_computer(name: str) -> bool:
    """Tell whether a lab's computer may be called so."""
    return _NETBIOS.fullmatch(name) is not None and name.lower() != CONTROLLER and not name.isdecimal()


def domain_name(view: FactView) -> LabName:
    """Return the Active Directory domain's DNS name."""
    told = view.of("directory.domain", "directory.forest")
    from_dn = [fact for fact in view.of("object.object_guid", "object.sam_account_name") if domain_of_dn(fact.of)]
    facts = [(fact, fact.value) for fact in told] + [(fact, domain_of_dn(fact.of)) for fact in from_dn]
    for fact, text in facts:
        if usable_host(text.lower().rstrip(".")) and len(text) <= LIMIT_DOMAIN:
            return LabName(name=text.lower().rstrip("."), told=text.rstrip("."), because=fact)
    return LabName(name=EVERYDAY_DOMAIN, told=facts[0][1] if facts else "", because=facts[0][0] if facts else None)


def domain_of_dn(dn: str) -> str:
    """Return the DNS name that a distinguished name ends in."""
    return ".".join(re.findall(r"(?:^|,)\s*DC=([^,]+)", dn, re.IGNORECASE))


def federated_domain(view: FactView) -> LabName:
    """Return the domain's name in Entra, which is federated there."""
    settings = [fact for fact in view.of("federation.domain") if fact.value]
    return _first(
        (*view.of("scp.name", "tenant.name"), *settings), domain_name(view).name, lambda text: text.lower(), usable_host
    )


def idp_host(view: FactView) -> LabName:
    """Return the host of the identity provider's addresses."""
    told = view.of("federation.metadata_exchange_uri", "federation.active_sign_in_uri", "mex.chosen", "ticket.server")
    return _first(told, f"sts.{domain_name(view).name}", host_of, usable_host)


def host_of(url: str) -> str:
    """Return the host of an address or of an HTTP service's name, in lower case; empty where it has none."""
    service = re.fullmatch(r"HTTP/([A-Za-z0-9.-]+)(?:@.*)?", url.strip(), re.IGNORECASE)
    if service is not None:
        return service[1].lower()
    try:
        return (urlsplit(url.strip()).hostname or "").lower()
    except ValueError:
        return ""


def usable_host(name: str) -> bool:
    """Tell whether a host or domain of a lab may be called so."""
    return _DNS.fullmatch(name) is not None and _TAKEN.fullmatch(name) is None


def guid_facts(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield the facts whose value is a GUID in full."""
    for fact in facts:
        if re.fullmatch(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?", fact.value.strip()):
            yield fact


def _first(
    facts: Iterable[Fact], otherwise: str, plain: Callable[[str], str], usable: Callable[[str], bool]
) -> LabName:
    """Return the first usable name; the reserved one where none is, with what could not be used."""
    held = [fact for fact in facts if fact.value and not is_masked(fact.value)]
    for fact in held:
        name = plain(fact.value)
        if usable(name):
            return LabName(name=name, told=name, because=fact)
    first = held[0] if held else None
    return LabName(name=otherwise, told=plain(first.value) if first else "", because=first)
