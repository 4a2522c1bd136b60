"""Suspects among what the dial bends: accounts, names and keys of the directory, the KDC, the network, TLS.

Change, sentence, code and remedy are the dial's own; here stands what of the evidence speaks for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.case.view import FactView
from hybridjoin.knowledge.dial import MENDING
from hybridjoin.knowledge.suspect_row import (
    NO_SIGNS,
    Finder,
    Found,
    Signs,
    SuspectRow,
    either,
    key,
    together,
    value,
)
from hybridjoin.model.dial.row import DialRow
from hybridjoin.model.dial.table import DIAL
from hybridjoin.model.steps import Phase

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "service account": "etype",
        "device": "etype",
        "service principal name": "SPN",
        "keytab": "keytab",
        "computer": "computer",
        "ticket": "ticket",
        "kept ticket": "ticket",
        "outage": "outage",
        "controller": "outage",
        "service connection point": "SCP",
        "network": "network",
        "TLS": "certificate",
        "domains": "issuer",
    }
)
# What Windows tells beside the code that the row predicts, nearer to the fault.
_ALSO: Final[Mapping[str, str]] = MappingProxyType(
    {"scp-missing": "0x80070002", "two-domains-wrong-issuerid": "AADSTS50107"}
)
_NO_CONTROLLER: Final = ("0x8007054b", Phase.PRE_CHECK.value)
_AES: Final = 0x8 | 0x10
# Rows that no evidence of one device's join can speak of, or that need more than one change.
_LEFT_OUT: Final = frozenset({"account-locked", "ticket-granting-ticket-expired", "seamless-account"})


def _ticket(pattern: str) -> Finder:
    """Find the computer's ticket for the IdP by its encryption type; a user's tickets prove nothing of it."""
    return lambda view: tuple(
        fact
        for fact in view.matching("ticket.etype", pattern)
        if fact.of.upper().startswith("HTTP/") and view.matching("tickets.logon", "^0x3e7$")
    )


def _owners(view: FactView) -> dict[str, dict[str, Found]]:
    """Return who holds each HTTP name, by setspn and by the directory."""
    found: dict[str, dict[str, Found]] = {}
    told = [(fact.of, fact.value, fact) for fact in view.of("spn.owner")]
    told += [(fact.value, fact.of, fact) for fact in view.of("object.spn")]
    for name, owner, fact in told:
        if name.upper().startswith("HTTP/"):
            found.setdefault(name.lower(), {}).setdefault(owner.lower(), (fact,))
    return found


def _one_owner(view: FactView) -> Found:
    return next((next(iter(each.values())) for each in _owners(view).values() if len(each) == 1), ())


def _two_owners(view: FactView) -> Found:
    each = next((each for each in _owners(view).values() if len(each) > 1), {})
    return tuple(fact for facts in each.values() for fact in facts)


def _holder_types(view: FactView, *, aes: bool) -> Found:
    """Find what the account with the HTTP name says of its encryption types."""
    holders = {owner for each in _owners(view).values() for owner in each}
    said = (fact for fact in view.of("object.encryption_types") if fact.of.lower() in holders)
    return tuple(fact for fact in said if (bool(_number(fact.value) & _AES)) is aes)


def _number(text: str) -> int:
    digits = text.strip().split()[0] if text.strip() else ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else _AES


def _unset(view: FactView) -> Found:
    """Find the account with the HTTP name where the directory tells its object whole, without encryption types."""
    holders = {fact.of: fact for fact in view.of("object.spn") if fact.value.upper().startswith("HTTP/")}
    told = {fact.of for fact in view.of("object.encryption_types")}
    return tuple(fact for of, fact in holders.items() if of not in told)


def _keytab_lacks(kind: str) -> Finder:
    return lambda view: () if view.matching("keytab.entry", kind) else view.of("keytab.entry")[:1]


def _different(view: FactView, name: str) -> Found:
    by_value = {fact.value.lower(): fact for fact in view.of(name)}
    return tuple(by_value.values()) if len(by_value) > 1 else ()


def _issuer_id(view: FactView) -> Found:
    """Find an issuerid that is none of the domains' issuers."""
    known = {fact.value for fact in view.of("federation.issuer_uri")}
    said = [fact for fact in view.all if fact.about == "claim" and fact.name.endswith("/issuerid")]
    return tuple(fact for fact in said if known and fact.value not in known)


_AES_TICKET: Final = _ticket("^aes")
_ANY_TICKET: Final = _ticket(".")
_LOCATED: Final = either(key("attempt.dc_found"), value("directory.dc_reachable", "^YES$"))
_RC4_THOUGH_TICKED: Final = Signs(
    supported=together(_ticket("^rc4"), lambda view: _holder_types(view, aes=True)),
    excluded=either(_AES_TICKET, lambda view: _holder_types(view, aes=False)),
)
_GSS: Final = "idp.kerberos_error"
_POINT_READ: Final = either(key("scp.name", "scp.id"), key("realm.type"))
_COMPUTER_ON: Final = value("object.enabled", "^True$")

_SIGNS: Final[Mapping[str, Signs]] = MappingProxyType(
    {
        "service-rc4-only": Signs(
            proven=together(_ticket("^rc4"), lambda view: _holder_types(view, aes=False)),
            supported=either(lambda view: _holder_types(view, aes=False), _ticket("^rc4"),
                             value(_GSS, "not supported/enabled|Cannot find key")),
            excluded=either(_AES_TICKET, _unset, lambda view: _holder_types(view, aes=True)),
        ),
        "service-etypes-unset": Signs(
            proven=together(_unset, _ticket("^rc4"), _keytab_lacks("rc4")),
            supported=_unset, excluded=either(
                _AES_TICKET, *(lambda view, aes=aes: _holder_types(view, aes=aes) for aes in (True, False))),
        ),
        "service-without-aes-keys": _RC4_THOUGH_TICKED,
        "ticket-from-before-aes": _RC4_THOUGH_TICKED,
        "ticket-from-before-reset": Signs(
            supported=value(_GSS, "Specified version"), excluded=key("spn.missing")),
        "device-aes-only": Signs(excluded=_ANY_TICKET),
        "device-rc4-only": Signs(excluded=_ANY_TICKET),
        "spn-missing": Signs(
            proven=key("spn.missing"), supported=value("tickets.error", "0xc000018b|0x80090303"),
            excluded=either(_ANY_TICKET, _one_owner, _two_owners),
        ),
        "spn-duplicate": Signs(
            proven=_two_owners, supported=value("spn.duplicate_groups", "^[1-9]"),
            excluded=either(_ANY_TICKET, key("spn.missing"), value("spn.duplicate_groups", "^0$"),
                            lambda view: () if _two_owners(view) else _one_owner(view)),
        ),
        "spn-wrong-account": Signs(
            supported=value(_GSS, "Checksum failed"), excluded=either(key("spn.missing"), _two_owners)),
        "keytab-stale": Signs(
            supported=value(_GSS, "Checksum failed|Specified version"), excluded=key("spn.missing")),
        "keytab-of-another-account": Signs(
            supported=value(_GSS, "Checksum failed"), excluded=key("spn.missing")),
        "keytab-without-aes256": Signs(
            proven=together(_ticket("^aes256"), _keytab_lacks("aes256")),
            supported=either(_keytab_lacks("aes256"), value(_GSS, "not supported/enabled|Cannot find key")),
            excluded=either(key("spn.missing"), _ticket("^rc4"), value("keytab.entry", "aes256")),
        ),
        "ticket-for-another-service": Signs(excluded=key("spn.missing")),
        "ticket-of-a-user": Signs(
            supported=either(value("attempt.as_system", "^NO$"), value("idp.subject", r"^[^$]+$")),
            excluded=value("attempt.as_system", "^YES$"),
        ),
        "computer-disabled": Signs(proven=value("object.enabled", "^False$"), excluded=_COMPUTER_ON),
        "kdc-down": Signs(supported=value("directory.dc_reachable", "^NO$")),
        "ldap-down": Signs(
            supported=either(key("attempt.dc_code"), value("attempt.dc_available", "^NO$"),
                             value("directory.dc_reachable", "^NO$")), excluded=_LOCATED),
        "srv-record-missing": Signs(
            supported=either(key("attempt.dc_code"), value("attempt.dc_available", "^NO$")), excluded=_LOCATED),
        "scp-missing": Signs(
            proven=key("scp.missing"),
            supported=either(key("attempt.scp_code"), value("status.ad_configuration", "FAIL")), excluded=_POINT_READ),
        "scp-empty": Signs(excluded=_POINT_READ),
        "scp-of-two-tenants": Signs(
            proven=lambda view: _different(view, "scp.id"),
            excluded=lambda view: () if _different(view, "scp.id") else view.of("scp.id")[:1]),
        "scp-of-another-tenant": Signs(supported=value("status.drs_discovery", "FAIL")),
        "two-domains-wrong-issuerid": Signs(supported=_issuer_id),
    }
)  # fmt: skip


def _explains(row: DialRow) -> frozenset[str]:
    if row.shown.phase is Phase.PRE_CHECK:
        return frozenset(_NO_CONTROLLER)
    phase = row.shown.phase.value if row.shown.phase is not None else ""
    return frozenset({row.shown.code, phase, *_ALSO.get(row.name, "").split()})


def _with_error(signs: Signs, error: str) -> Signs:
    """Let the Kerberos error that the row brings about speak for it, where the client's own log tells it."""
    if not error:
        return signs
    return replace(signs, supported=either(signs.supported, value("kerberos.error", rf"\b{error}\b")))


def _rows() -> Iterator[SuspectRow]:
    for name, row in DIAL.items():
        if row.shown.phase is None or name in _LEFT_OUT:
            continue
        yield SuspectRow(
            id=name, kind=_KINDS.get(row.area, row.area), sentence=row.sentence, change={"dial": [name]},
            cause=MENDING[name], explains=_explains(row), signs=_with_error(_SIGNS.get(name, NO_SIGNS), row.error),
        )  # fmt: skip


DIAL_SUSPECTS: Final[tuple[SuspectRow, ...]] = tuple(_rows())
