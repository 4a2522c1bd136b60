"""The directory of a site file: what is derived from the domain's name, and where its names are really dialled.

A ticket for LDAP is for `ldap/<name>`, the domain controller's own. An address has no such name, and to ask whoever
answers there for it (rootDSE's dnsHostName) would let him choose the ticket that he gets: the file names it instead.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from hybridjoin.model.site import Connect, Directory
from hybridjoin.scenario.site.site_files import SiteFiles
from hybridjoin.scenario.site.site_schema import DirectorySite, SiteModel

LDAP_PORT, LDAPS_PORT, KDC_PORT = 389, 636, 88

AddressBook = Mapping[tuple[str, int], tuple[str, int]]


def read_directory(model: DirectorySite, files: SiteFiles) -> Directory:
    """Return the directory; its URL names the domain controller, wherever that is dialled."""
    domain = model.domain.lower()
    host = model.domain_controller or (_host_and_port(model.kdc[0])[0] if model.kdc else domain)
    config = files.optional(model.krb5_config, ("directory", "krb5_config"))
    return Directory(
        realm=model.realm or domain.upper(),
        domain=domain,
        netbios=model.netbios or domain.split(".")[0].upper()[:15],
        forest=model.forest or domain,
        domain_controller=host,
        krb5_config=config or Path("krb5.conf"),
        ldap_url=_by_name(model, model.ldap_url or f"ldap://{host}", files),
        base_dn=model.base_dn or ",".join(f"DC={label}" for label in domain.split(".")),
        ca_file=files.optional(model.ca_file, ("directory", "ca_file")),
    )


def read_connects(model: SiteModel, directory: Directory, files: SiteFiles) -> tuple[Connect, ...]:
    """Return where names are dialled: as the file says, and a domain controller that was given by its address there."""
    told = tuple(_connects(model))
    for index, item in enumerate(told):
        reason = _undialled(item, model, directory)
        if reason:
            files.refuse(("connect", index, "host"), reason)
    given, name = _parts(model.directory.ldap_url or ""), _parts(directory.ldap_url)
    if given is None or name is None or not _is_address(given.hostname) or _is_address(name.hostname):
        return told
    address, to_port = _book(told).get(_place(given), _place(given))
    host, port = _place(name)
    return (*told, Connect(host=host, port=port, address=address, to_port=to_port))


def read_kdcs(model: SiteModel) -> tuple[str, ...]:
    """Return the addresses of the KDCs, those that `connect` leads elsewhere as it says."""
    book = _book(_connects(model))
    return tuple(_dialled(kdc, book) for kdc in model.directory.kdc or ())


def _by_name(model: DirectorySite, url: str, files: SiteFiles) -> str:
    """Return the LDAP URL with the domain controller's name in the place of an address."""
    place = ("directory", "ldap_url") if model.ldap_url else ("directory", "kdc", 0)
    parts = _parts(url)
    if parts is None:
        files.refuse(place, f"expected ldap://NAME or ldap://NAME:PORT, found '{url}'")
        return url
    if not _is_address(parts.hostname):
        return url
    named = model.domain_controller is not None and not _is_address(model.domain_controller)
    if not named or parts.scheme == "ldaps":
        problem = (
            f"expected the domain controller's name, found the address {parts.hostname}: a ticket is for "
            f"ldap/<name>{' and a certificate for the name' if parts.scheme == 'ldaps' else ''}, never for an address"
        )
        plain = f"ldap://[{parts.hostname}]" if ":" in str(parts.hostname) else f"ldap://{parts.hostname}"
        ask = f"`ldapsearch -x -H {plain} -s base -b '' dnsHostName` tells it"
        files.refuse(place, problem, f"write {plain} and domain_controller: NAME; {ask}")
        return url
    return f"ldap://{model.domain_controller}:{parts.port or LDAP_PORT}"


def _undialled(item: Connect, model: SiteModel, directory: Directory) -> str:
    """Say why a name cannot be led elsewhere; empty where it can."""
    double = model.entra.double
    urls = [directory.ldap_url, *([double.connect.url] if double and double.connect else [])]
    for parts in map(_parts, urls):
        if parts is not None and parts.scheme == "ldaps" and (item.host, item.port) == _place(parts):
            return (
                f"ldaps://{item.host}:{item.port} is dialled by its name and cannot be led elsewhere: "
                "use ldap:// (Kerberos seals it), or give the machine's resolver the name"
            )
    if item.port == KDC_PORT and model.directory.krb5_config is not None:
        return "where the KDC is, krb5_config says: write the address there, or 'kdc' in its place"
    return ""


def _connects(model: SiteModel) -> Iterator[Connect]:
    for item in model.connect:
        (host, port), (address, to_port) = item.host.rsplit(":", 1), item.to.rsplit(":", 1)
        yield Connect(host=host.lower(), port=int(port), address=address, to_port=int(to_port))


def _book(connects: Iterable[Connect]) -> AddressBook:
    return {(item.host, item.port): (item.address, item.to_port) for item in connects}


def _dialled(kdc: str, book: AddressBook) -> str:
    host, port = _host_and_port(kdc)
    found = book.get((host.lower(), port or KDC_PORT))
    return f"{found[0]}:{found[1]}" if found else kdc


def _host_and_port(address: str) -> tuple[str, int | None]:
    host, _, port = address.rpartition(":") if address.count(":") == 1 else (address, "", "")
    return host, int(port) if port.isdecimal() else None


def _parts(url: str) -> SplitResult | None:
    """Return a URL's parts, or None where it has no host, or a port that is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None


def _place(parts: SplitResult) -> tuple[str, int]:
    return parts.hostname or "", parts.port or (LDAPS_PORT if parts.scheme == "ldaps" else LDAP_PORT)


def _is_address(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True
