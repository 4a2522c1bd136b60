"""The service accounts of a case's lab: the evidence's own, and whoever holds the IdP's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any, Final

from hybridjoin.intake.case.lab_names import LabName
from hybridjoin.intake.case.view import FactView, is_masked
from hybridjoin.intake.files.fact import Fact
from hybridjoin.scenario.case.told_yaml import ToldValue, Tree, at
from hybridjoin.scenario.lab.defaults import IDP_ACCOUNT, LOOKUP_ACCOUNT
from hybridjoin.scenario.lab.lab_file import EncryptionType

LIMIT_ACCOUNTS: Final = 20
LIMIT_NAMES: Final = 20
"""Service principal names of one account."""
_BUILT_IN: Final = frozenset({"administrator", "guest", "krbtgt", "alice", LOOKUP_ACCOUNT})
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_SPN: Final = re.compile(r"(HTTP|host)/([A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?)", re.IGNORECASE)


@dataclass(slots=True)
class _Account:
    """An account as the evidence names it, with its names by the host that each is of."""

    name: str
    why: Fact
    names: dict[str, Fact] = field(default_factory=dict)


def service_accounts(view: FactView, host: LabName, taken: Set[str]) -> Iterator[Tree]:
    """Yield the accounts; a host belongs to the first account that has it, and none to a computer of `taken`.

    Whoever holds the IdP's host is there in any case, for it is what the computer asks a ticket for.
    """
    accounts = _accounts(view, taken)
    held = any(host.name in {_host(name) for name in item.names} for item in accounts)
    for item in accounts:
        yield _written(view, item, host)
    if not held:
        names = [f"HTTP/{host.name}", f"host/{host.name}"]
        name = IDP_ACCOUNT if IDP_ACCOUNT not in {item.name.lower() for item in accounts} else f"{IDP_ACCOUNT}-lab"
        yield {
            "name": ToldValue(
                name, "not told, or a computer's: the identity provider's account as the guides ask for it"
            ),
            "servicePrincipalName": ToldValue(names),
            "msDS-SupportedEncryptionTypes": ToldValue([EncryptionType.AES256.value]),
            "keytab": ToldValue(_keytab(view, host) or [EncryptionType.AES256.value]),
        }


def _accounts(view: FactView, taken: Set[str]) -> list[_Account]:
    """Gather who holds which name, by the directory's objects and by setspn."""
    called = {fact.of: fact for fact in view.of("object.sam_account_name")}
    found: dict[str, _Account] = {}
    owner: dict[str, str] = {}
    told = [(fact.of, fact.value, fact) for fact in view.of("object.spn")]
    told += [(fact.value, fact.of, fact) for fact in view.of("spn.owner")]
    for dn, name, fact in told:
        account = called[dn].value if dn in called else _common_name(dn)
        if not _usable(account) or not _SPN.fullmatch(name) or _host(name) in taken:
            continue
        if owner.setdefault(_host(name), account.lower()) != account.lower():
            continue  # it stands at two accounts: a lab's directory has it once, and a trial adds the other
        if len(found) >= LIMIT_ACCOUNTS and account.lower() not in found:
            continue
        item = found.setdefault(account.lower(), _Account(account, called.get(dn, fact)))
        if len(item.names) < LIMIT_NAMES:
            item.names.setdefault(_canonical(name), fact)
    return list(found.values())


def _canonical(name: str) -> str:
    """Write a name as a lab has it: the host in small letters, the service as Windows spells it."""
    service, _, host = name.partition("/")
    return f"{'HTTP' if service.upper() == 'HTTP' else 'host'}/{host.lower()}"


def _host(name: str) -> str:
    return name.partition("/")[2].lower()


def _usable(account: str) -> bool:
    return _ACCOUNT.fullmatch(account) is not None and account.lower() not in _BUILT_IN


def _common_name(dn: str) -> str:
    found = re.match(r"CN=([^,]+)", dn, re.IGNORECASE)
    return found[1].strip() if found is not None else ""


def _written(view: FactView, item: _Account, host: LabName) -> Tree:
    tree: dict[str, Any] = {
        "name": ToldValue(item.name, item.why.place),
        "servicePrincipalName": ToldValue(list(item.names), at(item.names.values())),
    }
    told = next((fact for fact in view.of("object.encryption_types") if fact.of == item.why.of), None)
    types = types_of(told)
    if types and told is not None:
        tree["msDS-SupportedEncryptionTypes"] = ToldValue(types, told.place)
    else:
        tree["msDS-SupportedEncryptionTypes"] = ToldValue(
            [EncryptionType.AES256.value], "not told: as the guides ask for it"
        )
    holds = host.name in {_host(name) for name in item.names}
    keytab = _keytab(view, host) if holds else []
    if keytab:
        tree["keytab"] = ToldValue(keytab, at(view.of("keytab.entry")))
    return tree


def _keytab(view: FactView, host: LabName) -> list[str]:
    """Return the key types of the IdP's keytab, as far as the evidence lists them."""
    listed = [fact for fact in view.of("keytab.entry") if host.told.lower() in fact.of.lower() or not host.told]
    words = " ".join(fact.value.lower() for fact in listed)
    return [item.value for item in EncryptionType if item.value.lower() in words]


def types_of(fact: Fact | None) -> list[str]:
    """Return the encryption types that an account says it supports; empty where none is told that a lab knows."""
    found = re.match(r"[0-9]{1,9}", fact.value.strip()) if fact is not None and not is_masked(fact.value) else None
    bits = int(found[0]) if found is not None else 0
    return [item.value for item in EncryptionType if bits & item.supported_bit]
