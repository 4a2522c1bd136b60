"""Whose names stand in a record: domains and hosts, accounts, GUIDs and SIDs, wherever it says them."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Final

from hybridjoin.bundle.pseudonyms import COMMON
from hybridjoin.model.circumstances import SiteFacts
from hybridjoin.model.kept_body import octets
from hybridjoin.model.record import JoinRecord, ProbeRow, RunRecord
from hybridjoin.model.recorded import EntryRecord, SearchReplyRecord

ESCAPED: Final = r"(?<=%[0-9A-Fa-f][0-9A-Fa-f])"
"""Behind an octet that an address or a form writes in percent: its last digit is no letter of a name."""
GUID: Final = re.compile(
    rf"(?:(?<![0-9A-Fa-f-])|{ESCAPED})[0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}(?![0-9A-Fa-f-])"
)
GUID_WITHIN: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
SID: Final = re.compile(r"([Ss]-1-5-21)-(\d{1,10})-(\d{1,10})-(\d{1,10})(?!\d)")
_HOST: Final = re.compile(r"https?://(?:[^/\s\"'<>@]*@)?([A-Za-z0-9.-]+)")
# From the beginning of a run on: a body that is one run would else be read from each of its characters.
MAIL: Final = re.compile(r"(?<![\w.+$-])([\w.+$-]++)@((?:[A-Za-z0-9-]+\.)+[A-Za-z]+)")
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# Names that everybody has: of Microsoft's services, of standards' namespaces.
_PUBLIC: Final = (
    "microsoftonline.com", "microsoft.com", "windows.net", "xmlsoap.org", "oasis-open.org", "w3.org", "ietf.org",
    "onmicrosoft.com", "windowsazure.com", "microsoftonline-p.com", "microsoftazuread-sso.com", "office.com",
)  # fmt: skip
# Constants of the protocols, which say nothing of a place.
WELL_KNOWN: Final = frozenset(
    map(
        uuid.UUID,
        (
            "00000002-0000-0000-c000-000000000000", "00000003-0000-0000-c000-000000000000",
            "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9", "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            "1b730954-1685-4b74-9bfd-dac224a7b894", "23b8d46b-67dd-40a3-b636-d43e50552c6d",
            "29d9ed98-a469-4536-ade2-f981bc1d605e", "38aa3b87-a06d-4817-b275-7a316988d93b",
            "4de9bc9c-b27a-43c9-8994-0915f1a5e24f",
            "62a0ff2e-97b9-4513-943f-0d221bd30080", "7e980ad9-b86d-4306-9425-9ac066fb014a",
            "d3590ed6-52b3-4102-aeff-aad2292ab01c", "dd762716-544d-4aeb-a526-687b73838a22",
        ),
    )
)  # fmt: skip
_ACCOUNT_ATTRIBUTES: Final = ("samaccountname", "cn", "name", "displayname")
_GUID_ATTRIBUTES: Final = ("objectguid", "ms-ds-consistencyguid")
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What is to be called otherwise; words in lower case. `places` are names of sites, `sids` numbers of domains."""

    domains: frozenset[str]
    accounts: frozenset[str]
    netbios: frozenset[str]
    guids: frozenset[uuid.UUID]
    sids: frozenset[tuple[int, int, int]]
    addresses: frozenset[str]
    places: frozenset[str]


def names_in(record: RunRecord) -> Names:
    """Return every name that a record says."""
    joins = [item.join for item in record.scenarios if item.join is not None]
    probes = record.certification.probes if record.certification is not None else ()
    spoken: list[JoinRecord | ProbeRow] = [*joins, *probes]
    exchanges = [exchange for item in spoken for exchange in item.exchanges]
    texts = [text for item in (*exchanges, *(join.circumstances for join in joins)) for text in texts_of(item)]
    sites = [join.circumstances.site for join in joins if join.circumstances is not None]
    hosts = {host.lower().strip(".") for text in texts for host in _HOST.findall(text)}
    mail = [found for text in texts for found in MAIL.findall(text)]
    hosts |= {value.decode("utf-8", "replace").lower() for value in _values(_entries(joins), ("dnshostname",))}
    hosts |= {domain.lower() for _, domain in mail} | {name.lower() for site in sites for name in _domains(site)}
    domains = frozenset(host for host in hosts if "." in host and not _ADDRESS.fullmatch(host) and not is_public(host))
    entries = list(_entries(joins))
    made = {identifier for item in spoken for identifier in item.identifiers}
    accounts = {name.rstrip("$").lower() for name in _accounts(joins, entries)}
    return Names(
        domains=domains,
        accounts=frozenset(name for name in accounts if len(name) >= _SHORTEST and name not in COMMON),
        netbios=frozenset(site.netbios.lower() for site in sites if site.netbios),
        guids=frozenset(_guids(texts, joins, entries)) - WELL_KNOWN - made,
        sids=frozenset(_sids(texts, entries)),
        addresses=frozenset(host for host in hosts if _ADDRESS.fullmatch(host) and not host.startswith("127.")),
        places=frozenset(_places(record, sites)) - COMMON - domains,
    )


def is_public(host: str) -> bool:
    """Tell whether a host's name is everybody's; a tenant's own below `onmicrosoft.com` is not."""
    return any(host == name or (host.endswith(f".{name}") and name != "onmicrosoft.com") for name in _PUBLIC)


def texts_of(value: object) -> Iterator[str]:
    """Yield every text of a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            yield from texts_of(getattr(value, item.name))


def guid_of_base64(text: str) -> uuid.UUID | None:
    """Return the GUID that base64 holds as Active Directory writes its sixteen octets; None where it is no such."""
    if len(text) != 24 or not text.endswith("=="):
        return None
    try:
        return uuid.UUID(bytes_le=base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return None


def _places(record: RunRecord, sites: Iterable[SiteFacts]) -> Iterator[str]:
    """Yield what the place is called, in the site file and by the file's own name."""
    named = [record.site, *(site.name for site in sites)]
    if record.place is not None and record.place.file.endswith(".site.yaml"):
        named.append(record.place.file.rpartition("/")[2].removesuffix(".site.yaml"))
    yield from (name.lower() for name in named if len(name) > _SHORTEST)


def _domains(site: SiteFacts) -> Iterator[str]:
    yield from (site.domain, site.forest, site.realm, site.domain_controller, site.tenant_name)


def _entries(joins: Iterable[JoinRecord]) -> Iterator[EntryRecord]:
    for join in joins:
        for exchange in join.exchanges:
            if isinstance(exchange.reply, SearchReplyRecord):
                yield from exchange.reply.entries


def _values(entries: Iterable[EntryRecord], names: tuple[str, ...]) -> Iterator[bytes]:
    for entry in entries:
        for name, values in entry.attributes:
            if name.lower() in names:
                yield from map(octets, values)


def _accounts(joins: Iterable[JoinRecord], entries: Iterable[EntryRecord]) -> Iterator[str]:
    for join in joins:
        yield join.device.partition("@")[0]
        if join.circumstances is not None and join.circumstances.account is not None:
            yield join.circumstances.account.computer
    for value in _values(entries, _ACCOUNT_ATTRIBUTES):
        name = value.decode("utf-8", "replace")
        if GUID.fullmatch(name) is None and " " not in name:
            yield name


def _guids(texts: Iterable[str], joins: Iterable[JoinRecord], entries: Iterable[EntryRecord]) -> Iterator[uuid.UUID]:
    for text in texts:
        yield from map(uuid.UUID, GUID.findall(text))
    for value in _values(entries, _GUID_ATTRIBUTES):
        if len(value) == 16:
            yield uuid.UUID(bytes_le=value)
    for join in joins:
        for row in join.claims:
            for claimed in (*row.expected, *row.found):
                if (found := guid_of_base64(claimed.strip())) is not None:
                    yield found


def _sids(texts: Iterable[str], entries: Iterable[EntryRecord]) -> Iterator[tuple[int, int, int]]:
    for text in texts:
        yield from ((int(first), int(second), int(third)) for _, first, second, third in SID.findall(text))
    for value in _values(entries, ("objectsid",)):
        if value[8:12] == b"\x15\0\0\0":
            first, second, third = (int.from_bytes(value[at : at + 4], "little") for at in (12, 16, 20))
            yield first, second, third
