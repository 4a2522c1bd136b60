"""Whose names stand in a customer's case: hosts, domains, accounts, organisations, GUIDs, SIDs and addresses.

Only what a fact or a message says is known; what else the customer wrote in a file does not come into a case.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import uuid
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from hybridjoin.bundle.names import GUID, MAIL, SID, WELL_KNOWN, Names, is_public
from hybridjoin.bundle.pseudonyms import COMMON
from hybridjoin.checks.rules import BOOK
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.case.remarks import REMARKS
from hybridjoin.intake.certificate_names import named_in
from hybridjoin.intake.files.fact import Fact
from hybridjoin.intake.files.formats import TEXT_FORMATS
from hybridjoin.model.spellings import forms

_HOST: Final = re.compile(r"(?<![\w.-])(?:[A-Za-z0-9_-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])")
_IPV4: Final = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
IPV6: Final = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_BASE64_GUID: Final = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{22}==")
_CERTIFICATE: Final = re.compile(r"MII[A-Za-z0-9+/]{200,}={0,2}")
_RDN: Final = re.compile(r"(?:^|,)(CN|OU)=([^,]+)", re.IGNORECASE)
_DC: Final = re.compile(r"DC=([^,+\"\s]+)", re.IGNORECASE)
_SHORTEST: Final = 3
# No host ends so, and no class of a program is one.
_NO_HOST: Final = frozenset(
    (
        "aspx", "bat", "cab", "cer", "cpp", "cs", "csv", "cxx", "dll", "etl", "evtx", "exe", "har", "htm", "html",
        "inf", "ini", "json", "keytab", "ldf", "ldif", "log", "md", "msc", "mta", "pcap", "pdf", "pem", "ping", "png",
        "ps", "reg", "saz", "svc", "txt", "wsdl", "xml", "xsd", "yaml", "zip",
    )
)  # fmt: skip
_PROGRAMS: Final = frozenset({"com", "java", "javax", "microsoft", "org", "system", "windows"})
# What the formats themselves say, and nobody's name: calling it otherwise would spoil what is read.
_WORDS: Final = COMMON | frozenset(
    {
        "active", "activedirectory", "azure", "azuread", "computers", "configuration", "device", "directory", "entra",
        "fed", "federation", "hybridjoin", "kerberos", "local", "mex", "microsoft", "none", "okta", "online", "ping",
        "pingone", "services", "success", "sync", "system", "tenant", "users", "windows", "yes",
    }
)  # fmt: skip
_ACCOUNTS: Final = frozenset(
    {
        "object.sam_account_name", "object.user_principal_name", "device.name", "event.computer", "ticket.client",
        "directory.domain_controller", "user.identity", "idp.audit_UserId", "status.account",
    }
)  # fmt: skip
_ORGANISATIONS: Final = ("federation.display_name", "realm.brand")
_ORGANISATION_FIELDS: Final = ("/TenantName", "/WorkplaceTenantName")
_NETBIOS: Final = ("directory.netbios",)


def names_of_case(case: CustomerCase) -> Names:
    """Return every name that a case says, its messages included."""
    texts = list(_texts(case))
    entries = {fact.of for fact in case.facts if _RDN.search(fact.of)} | {
        fact.value for fact in case.facts if _RDN.search(fact.value)
    }
    domains = frozenset(_domains(texts)) | {domain for dn in entries if (domain := _domain_of(dn))}
    netbios = {fact.value.lower() for fact in case.facts if fact.key in _NETBIOS and "." not in fact.value}
    netbios |= {fact.value.partition("\\")[0].lower() for fact in case.facts if fact.key == "status.account"}
    accounts = {*_accounts(case.facts), *_organisations(case.facts, texts)}
    accounts |= {domain.split(".")[-2] for domain in domains}
    accounts |= {found for text in texts for found in _logons(text, netbios)}
    return Names(
        domains=domains,
        accounts=frozenset(_told(accounts)) - domains,
        netbios=frozenset(name for name in netbios if name and name not in _WORDS),
        guids=frozenset(_guids(texts)) - WELL_KNOWN,
        sids=frozenset((int(a), int(b), int(c)) for text in texts for _, a, b, c in SID.findall(text)),
        addresses=frozenset(_addresses(texts)),
        places=frozenset(),
    )


def _told(names: Iterable[str]) -> Iterator[str]:
    """Yield names that are long enough to be told from other words, in lower case and without the dollar."""
    for name in names:
        plain = name.strip().rstrip("$").lower()
        known = plain in _WORDS or plain in our_words()
        if len(plain) >= _SHORTEST and not known and not plain.isdigit() and GUID.fullmatch(plain) is None:
            yield plain


@cache
def our_words() -> frozenset[str]:
    """Return the words of our own sentences: whoever is called by one of them is told from it by nothing.

    Such a name is called otherwise within a host's or an entry's name alone.
    """
    said = [row.sentence for row in REMARKS] + [item.yields for item in TEXT_FORMATS]
    said += [f"{item.sentence} {item.remedy}" for item in BOOK.select("*")]
    return frozenset(re.findall(r"[a-z0-9-]+", " ".join(said).lower()))


def _texts(case: CustomerCase) -> Iterator[str]:
    """Yield the texts of all facts, and of messages whatever they are wrapped in, as far as they are text."""
    for fact in case.facts:
        yield from (fact.value, fact.of)
    for part in case.parts:
        for form in forms(part.body, 2):
            try:
                yield form.decode("utf-8")
            except UnicodeDecodeError:
                continue


def _domains(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for found in _HOST.findall(text.replace("*.", " ")):
            labels = found.lower().split(".")
            if labels[-1] not in _NO_HOST and labels[0] not in _PROGRAMS and not is_public(found.lower()):
                yield found.lower()
                if len(labels) > 2 and len(labels[1]) > _SHORTEST and labels[1] not in _WORDS:
                    yield ".".join(labels[1:])
        yield from (domain.lower() for _, domain in MAIL.findall(text) if not is_public(domain.lower()))


def _domain_of(dn: str) -> str:
    return ".".join(_DC.findall(dn)).lower()


def _accounts(facts: Iterable[Fact]) -> Iterator[str]:
    for fact in facts:
        if fact.key in _ACCOUNTS:
            for piece in re.split(r"[,\s]+", fact.value):
                yield re.split(r"[@.]", piece.rpartition("\\")[2])[0]
        elif fact.key == "spn.owner" and (owner := _RDN.match(fact.value)) is not None:
            yield owner[2]
        yield from (local for local, _ in MAIL.findall(fact.value))


def _logons(text: str, netbios: Iterable[str]) -> Iterator[str]:
    """Yield the accounts behind a domain's short name."""
    for name in netbios:
        if name:
            yield from re.findall(rf"(?i)(?<![\w.-]){re.escape(name)}\\([\w.$-]+)", text)


def _organisations(facts: Iterable[Fact], texts: Iterable[str]) -> Iterator[str]:
    for fact in facts:
        if fact.key in _ORGANISATIONS or fact.key.endswith(_ORGANISATION_FIELDS):
            yield fact.value
    for text in texts:
        for found in _CERTIFICATE.findall(text):
            yield from (
                value for value in named_in(found) if "microsoft" not in value.lower() and not is_public(value.lower())
            )


def _guids(texts: Iterable[str]) -> Iterator[uuid.UUID]:
    for text in texts:
        yield from map(uuid.UUID, GUID.findall(text))
        for found in _BASE64_GUID.findall(text):
            try:
                yield uuid.UUID(bytes_le=base64.b64decode(found, altchars=b"-_" if set("-_") & set(found) else None))
            except (binascii.Error, ValueError):
                continue


def _addresses(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for found in (*_IPV4.findall(text), *IPV6.findall(text)):
            try:
                address = ipaddress.ip_address(found)
            except ValueError:
                continue
            if not address.is_loopback and not address.is_unspecified:
                yield found.lower()
