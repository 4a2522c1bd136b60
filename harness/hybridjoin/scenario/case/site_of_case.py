"""The site file of a case, for somebody with line of sight to the customer's own IdP and directory."""

from __future__ import annotations

import base64
import binascii
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from hybridjoin.intake.case.lab_names import device_name, domain_name, federated_domain, guid_facts, usable_host
from hybridjoin.intake.case.objects import settings_of_facts
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.intake.files.fact import Fact
from hybridjoin.scenario.case.told_yaml import ToldValue, told_yaml

SITE_NAME: Final = "case.site.yaml"
CERTIFICATE_NAME: Final = "case.signing.pem"
_URL: Final = re.compile(r"https://[!#-~]{1,400}")
_ISSUER: Final = re.compile(r"[!#-~]{1,400}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOfCase:
    """The files of a site, and what has still to be put in; without a file, what is missing for one."""

    files: dict[str, bytes]
    missing: tuple[str, ...]


def site_of_case(view: FactView) -> SiteOfCase:
    """Write a site of the domain's federation settings, where they tell enough of it."""
    settings = [item for item in settings_of_facts(view) if _ISSUER.fullmatch(item.issuer_uri)]
    tenant = list(guid_facts(view.of("tenant.id")))
    domain = domain_name(view)
    lacking = [
        *([] if settings else ["the domain's federation settings with its IssuerUri"]),
        *([] if settings and _URL.fullmatch(settings[-1].metadata_exchange_uri) else ["an https MetadataExchangeUri"]),
        *([] if tenant else ["the tenant's id"]),
        *([] if domain.because is not None and not domain.mapped else ["the Active Directory domain's name"]),
    ]
    if lacking:
        return SiteOfCase(files={}, missing=tuple(lacking))
    certificates = _certificates(settings[-1])
    missing = tuple(_to_fill_in(view, certificates))
    head = ["The customer's own identity provider and directory, for somebody with line of sight to both."]
    head += [f"to be put in: {words}" for words in missing]
    files = {SITE_NAME: told_yaml(_site(view, settings[-1], tenant[0]), head=head)}
    return SiteOfCase(files=files | ({CERTIFICATE_NAME: certificates} if certificates else {}), missing=missing)


def _site(view: FactView, settings: FederationSettings, tenant: Fact) -> dict[str, Any]:
    domain, name = domain_name(view), federated_domain(view)
    kdc = _controller(view) or f"dc.{domain.name}"
    device = device_name(view).name
    return {
        "name": ToldValue("case"),
        "idp": {
            "issuer": ToldValue(settings.issuer_uri, settings.place),
            "signing_certificate": ToldValue(CERTIFICATE_NAME, settings.place),
            "mex_url": ToldValue(settings.metadata_exchange_uri, settings.place),
        },
        "directory": {
            "domain": ToldValue(domain.name, domain.because.place if domain.because is not None else ""),
            "kdc": ToldValue(kdc, "a domain controller that can be reached from here"),
        },
        "devices": [
            {
                "name": ToldValue(device, "better a computer account made for this purpose than somebody's computer"),
                "keytab": ToldValue(f"{device.lower()}.keytab", "to be put in; or password_file"),
            }
        ],
        "entra": {
            "tenant_id": ToldValue(tenant.value.strip("{}").lower(), tenant.place),
            "tenant_name": ToldValue(name.name, name.because.place if name.because is not None else "not told"),
            "double": ToldValue({}, "nothing leaves this machine for Entra"),
        },
    }


def _to_fill_in(view: FactView, certificates: bytes) -> Iterator[str]:
    if not certificates:
        yield f"{CERTIFICATE_NAME}: the IdP's signing certificate; the settings show it cut short, or not at all"
    yield f"{device_name(view).name.lower()}.keytab: the keys of a computer account made for this purpose"
    if not _controller(view):
        yield "kdc: a domain controller's name"


def _controller(view: FactView) -> str:
    told = (fact.value.strip("\\").lower() for fact in view.of("directory.domain_controller"))
    return next((name for name in told if usable_host(name)), "")


def _certificates(settings: FederationSettings) -> bytes:
    """Return the signing certificates of the settings as PEM; one that was cut short by a document is none."""
    whole = []
    for text in (settings.signing_certificate, settings.next_signing_certificate):
        try:
            octets = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        if octets.startswith(b"\x30\x82") and len(octets) == 4 + int.from_bytes(octets[2:4], "big"):
            lines = textwrap.fill(base64.b64encode(octets).decode("ascii"), 64)
            whole.append(f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
    return whole[0].encode() if whole else b""
