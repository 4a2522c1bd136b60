"""Facts that cannot both be true: told side by side, each with its line; neither is preferred.

Two tenants, domains or computers in one folder are mostly two customers' files, mixed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.case.view import FactView, is_masked
from hybridjoin.intake.files.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Values of one thing that exclude each other; `facts` has one of each. `mixed` hints at two customers' files."""

    key: str
    of: str
    facts: tuple[Fact, ...]
    mixed: bool = False


def _plain(value: str) -> str:
    return value.strip().strip("{}").lower()


def _host(value: str) -> str:
    return _plain(value).partition(".")[0].rstrip("$")


def _address(value: str) -> str:
    return _plain(value).rstrip("/")


# What there is one of in a case, and how two spellings of it are compared.
_ONE: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "tenant.id": _plain,
        "directory.domain": _plain,
        "directory.forest": _plain,
        "directory.netbios": _plain,
        "device.name": _host,
        "device.id": _plain,
        "client.fallback": _plain,
    }
)
# What there is one of in each object, domain or attempt.
_ONE_EACH: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        **{
            f"federation.{name}": _address
            for name in (
                "issuer_uri", "metadata_exchange_uri", "active_sign_in_uri", "passive_sign_in_uri",
                "signing_certificate", "preferred_authentication_protocol",
            )
        },
        "object.object_guid": _plain,
        "object.object_sid": _plain,
        "domain.authentication": _plain,
        "attempt.inner_code": _plain,
    }
)  # fmt: skip
_CUSTOMERS: Final = frozenset({"tenant.id", "directory.domain", "directory.forest", "directory.netbios"})


def contradictions(view: FactView) -> Iterator[Contradiction]:
    """Yield what contradicts itself, the tenant first."""
    for key, plain in _ONE.items():
        yield from _between(view.of(key), key, "", plain)
    yield from _tenant_names(view)
    for key, plain in _ONE_EACH.items():
        found = view.of(key)
        for of in dict.fromkeys(fact.of for fact in found):
            yield from _between([fact for fact in found if fact.of == of], key, of, plain)
    yield from _identity(view)


def _between(facts: object, key: str, of: str, plain: Callable[[str], str]) -> Iterator[Contradiction]:
    first: dict[str, Fact] = {}
    for fact in facts if isinstance(facts, (list, tuple)) else ():
        if not is_masked(fact.value):
            first.setdefault(plain(fact.value), fact)
    if len(first) > 1:
        yield Contradiction(key=key, of=of, facts=tuple(first.values()), mixed=key in _CUSTOMERS)


def _tenant_names(view: FactView) -> Iterator[Contradiction]:
    """Compare the SCP's name with what a client discovered; an on-premises service is named by its host instead."""
    enterprise = {fact.of for fact in view.matching("attempt.token_for", "enterprise")}
    yield from _between(
        [fact for fact in view.of("tenant.name") if fact.of not in enterprise], "tenant.name", "", _plain
    )


def _identity(view: FactView) -> Iterator[Contradiction]:
    """Compare the joined device's id with the objectGUID of the computer's object, which it has to be."""
    computers = {fact.of for fact in view.matching("object.class", "^computer$")}
    computers |= {fact.of for fact in view.matching("object.sam_account_name", r"\$$")}
    guids = [fact for fact in view.of("object.object_guid") if fact.of in computers]
    ids = [fact for fact in view.of("device.id") if re.fullmatch(r"[0-9a-fA-F-]{36}", fact.value)]
    if len({_plain(fact.value) for fact in guids}) == 1 and ids:
        yield from _between([ids[0], guids[0]], "device.id = object.object_guid", guids[0].of, _plain)
