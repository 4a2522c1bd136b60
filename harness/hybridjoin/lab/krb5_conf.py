"""The krb5.conf of a lab: nothing is asked of DNS, nothing goes by UDP, and names stay as they were spelled."""

from __future__ import annotations

from collections.abc import Iterable

from hybridjoin.lab.backend import Addresses
from hybridjoin.scenario.lab.lab_file import DomainFile


def render_krb5_conf(domain: DomainFile, addresses: Addresses, *, kdc_timesync: bool = False) -> str:
    """Return the configuration; with `kdc_timesync` the client follows the KDC's clock as Windows does."""
    realm = domain.realm
    return f"""\
[libdefaults]
    default_realm = {realm}
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    rdns = false
    udp_preference_limit = 1
    kdc_timesync = {int(kdc_timesync)}

[realms]
    {realm} = {{
        kdc = {addresses.kdc}
        kpasswd_server = {addresses.kpasswd}
    }}

[domain_realm]
    .{domain.name} = {realm}
    {domain.name} = {realm}
"""


def render_external_krb5_conf(realm: str, domain: str, kdcs: Iterable[str]) -> str:
    """Return the configuration for a domain that is already there; only the KDCs named are ever asked."""
    addresses = "\n".join(f"        kdc = {kdc}" for kdc in kdcs)
    return f"""\
[libdefaults]
    default_realm = {realm}
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    rdns = false
    udp_preference_limit = 1

[realms]
    {realm} = {{
{addresses}
    }}

[domain_realm]
    .{domain} = {realm}
    {domain} = {realm}
"""
